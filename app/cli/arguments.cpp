#include "app/cli/arguments.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

const QHash<QChar, QString> globalShortNames{{u'c', u"config"_s}, {u'n', u"name"_s},
                                             {u'x', u"x"_s},      {u'q', u"quiet"_s},
                                             {u'h', u"help"_s},   {u'V', u"version"_s}};
const QStringList globalFlags{u"raiseerr"_s, u"quiet"_s, u"version"_s, u"help"_s, u"json"_s};
const QStringList globalValues{u"config"_s,   u"name"_s,    u"x"_s,           u"url"_s,
                               u"versions"_s, u"dialect"_s, u"diagnostics"_s, u"env"_s};
/// Those of ours: no verb of Alembic's has an option of that name.
const QStringList anywhere{u"json"_s, u"url"_s,         u"versions"_s, u"dialect"_s,
                           u"help"_s, u"diagnostics"_s, u"env"_s};

Error misuse(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

/// Walks over the words once; options of the verb win over global ones of the same letter.
class ArgumentParser
{
public:
    explicit ArgumentParser(const QStringList &words)
        : m_words(words)
    {}
    Result<Invocation> parse();

private:
    Status word(const QString &text);
    Status longOption(const QString &text);
    Status shortOption(const QString &text);
    Status option(const QString &name, const QString &shown, const QString &glued, bool hasGlued);
    Status global(const QString &name, const QString &value);
    Status verb(const QString &name);
    Status finish();
    bool isOfVerb(const QString &name) const;
    bool isGlobal(const QString &name) const;
    bool takesValue(const QString &name) const;
    Result<QString> nextValue(const QString &shown);

    QStringList m_words;
    qsizetype m_next = 1;
    const VerbSpec *m_verb = nullptr;
    Invocation m_invocation{};
};

bool isNumber(const QString &word)
{
    static const QRegularExpression negative(u"^-\\d+$|^-\\d*\\.\\d+$"_s);
    return negative.match(word).hasMatch();
}

bool looksLikeOption(const QString &word)
{
    return word.size() > 1 && word.startsWith(u'-') && !isNumber(word) && !word.contains(u' ');
}

bool ArgumentParser::isOfVerb(const QString &name) const
{
    return m_verb && (m_verb->flags.contains(name) || m_verb->values.contains(name));
}

bool ArgumentParser::isGlobal(const QString &name) const
{
    const bool isKnown = globalFlags.contains(name) || globalValues.contains(name);
    return isKnown && (!m_verb || anywhere.contains(name));
}

bool ArgumentParser::takesValue(const QString &name) const
{
    return isOfVerb(name) ? m_verb->values.contains(name) : globalValues.contains(name);
}

Result<QString> ArgumentParser::nextValue(const QString &shown)
{
    if (m_next >= m_words.size() || looksLikeOption(m_words[m_next]))
        return misuse(u"argument %1: expected one argument"_s.arg(shown));
    return m_words[m_next++];
}

Status ArgumentParser::global(const QString &name, const QString &value)
{
    Invocation &i = m_invocation;
    const QHash<QString, bool *> flags{{u"raiseerr"_s, &i.raisesErrors},
                                       {u"quiet"_s, &i.isQuiet},
                                       {u"version"_s, &i.wantsVersion},
                                       {u"help"_s, &i.wantsHelp},
                                       {u"json"_s, &i.isJson}};
    const QHash<QString, QString *> texts{{u"name"_s, &i.section},
                                          {u"url"_s, &i.url},
                                          {u"env"_s, &i.environment},
                                          {u"diagnostics"_s, &i.diagnosticsFile}};
    const QHash<QString, QStringList *> lists{
        {u"config"_s, &i.configFiles}, {u"x"_s, &i.xArguments}, {u"versions"_s, &i.versionFolders}};
    if (flags.contains(name))
        *flags[name] = true;
    else if (texts.contains(name))
        *texts[name] = value;
    else if (lists.contains(name))
        lists[name]->append(value);
    else if (name == u"dialect") {
        i.dialect = backendFromName(value);
        if (!i.dialect)
            return misuse(u"argument --dialect: '%1' is not one of sqlite, postgresql, mysql, "
                          "mariadb"_s.arg(value));
    }
    return done();
}

Status ArgumentParser::option(const QString &name, const QString &shown, const QString &glued,
                              bool hasGlued)
{
    QString value = glued;
    if (takesValue(name) && !hasGlued) {
        const auto next = nextValue(shown);
        if (!next)
            return next.error();
        value = *next;
    } else if (!takesValue(name) && hasGlued) {
        return misuse(u"argument %1: takes no value"_s.arg(shown));
    }
    if (!isOfVerb(name))
        return global(name, value);
    if (takesValue(name))
        m_invocation.values.insert(name, value);
    else
        m_invocation.flags.append(name);
    return done();
}

Status ArgumentParser::longOption(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    const QString name = text.mid(2, equals < 0 ? -1 : equals - 2);
    if (!isOfVerb(name) && !isGlobal(name))
        return misuse(u"unrecognized arguments: %1"_s.arg(text));
    return option(name, u"--"_s + name, equals < 0 ? QString() : text.mid(equals + 1), equals >= 0);
}

Status ArgumentParser::shortOption(const QString &text)
{
    const QString letters = text.mid(1);
    for (qsizetype i = 0; i < letters.size(); ++i) {
        QString name = m_verb ? m_verb->shortNames.value(letters[i]) : QString();
        if (name.isEmpty())
            name = globalShortNames.value(letters[i]);
        if (name.isEmpty() || (!isOfVerb(name) && !isGlobal(name)))
            return misuse(u"unrecognized arguments: %1"_s.arg(text));
        const QString shown = u"-"_s + letters[i];
        QString rest = letters.mid(i + 1);
        if (!takesValue(name)) {
            if (const Status taken = option(name, shown, {}, false); !taken)
                return taken.error();
            continue;
        }
        const bool hasGlued = !rest.isEmpty();
        if (rest.startsWith(u'='))
            rest.remove(0, 1);
        return option(name, shown, rest, hasGlued);
    }
    return done();
}

Status ArgumentParser::verb(const QString &name)
{
    for (const VerbSpec &spec : verbs()) {
        if (spec.name == name) {
            m_verb = &spec;
            m_invocation.verb = name;
            return done();
        }
    }
    QStringList names;
    for (const VerbSpec &spec : verbs())
        names.append(spec.name);
    return misuse(u"invalid choice: '%1' (choose from %2)"_s.arg(name, names.join(u", "_s)));
}

Status ArgumentParser::word(const QString &text)
{
    if (text == u"--") {
        while (m_next < m_words.size())
            m_invocation.positionals.append(m_words[m_next++]);
        return done();
    }
    if (looksLikeOption(text))
        return text.startsWith(u"--") ? longOption(text) : shortOption(text);
    if (!m_verb)
        return verb(text);
    m_invocation.positionals.append(text);
    return done();
}

Status ArgumentParser::finish()
{
    if (m_invocation.wantsVersion || m_invocation.wantsHelp)
        return done();
    if (!m_verb)
        return misuse(u"too few arguments"_s);
    const qsizetype count = m_invocation.positionals.size();
    if (count == 0 && !m_verb->positionals.isEmpty())
        return misuse(u"the following arguments are required: revision"_s);
    const qsizetype most = m_verb->positionals.isEmpty() ? 0 : 1;
    if (count > most && !m_verb->positionals.endsWith(u"..."))
        return misuse(
            u"unrecognized arguments: %1"_s.arg(m_invocation.positionals.mid(most).join(u' ')));
    return done();
}

Result<Invocation> ArgumentParser::parse()
{
    while (m_next < m_words.size()) {
        if (const Status taken = word(m_words[m_next++]); !taken)
            return taken.error();
    }
    if (const Status finished = finish(); !finished)
        return finished.error();
    return m_invocation;
}

QString optionList(const VerbSpec &spec)
{
    QString text;
    for (const QString &flag : spec.flags)
        text += u" [--%1]"_s.arg(flag);
    for (const QString &value : spec.values)
        text += u" [--%1 VALUE]"_s.arg(value);
    return text;
}

} // namespace

const QList<VerbSpec> &verbs()
{
    const QHash<QChar, QString> v{{u'v', u"verbose"_s}};
    static const QList<VerbSpec> all{
        {u"branches"_s, {}, {u"verbose"_s}, {}, v, u"show the branch points"_s},
        {u"check"_s, {}, {}, {}, {}, u"do the models and the database agree?"_s},
        {u"current"_s,
         {},
         {u"verbose"_s, u"check-heads"_s},
         {},
         {{u'v', u"verbose"_s}, {u'c', u"check-heads"_s}},
         u"where the database stands"_s},
        {u"diff"_s, {}, {}, {}, {}, u"compare models, migrations and database"_s},
        {u"downgrade"_s,
         u"REV"_s,
         {u"sql"_s, u"no-backup"_s},
         {u"tag"_s, u"confirm"_s},
         {},
         u"undo down to a revision; with --sql FROM:TO"_s},
        {u"heads"_s, {}, {u"verbose"_s, u"resolve-dependencies"_s}, {}, v, u"show the heads"_s},
        {u"history"_s,
         {},
         {u"verbose"_s, u"indicate-current"_s},
         {u"rev-range"_s},
         {{u'v', u"verbose"_s}, {u'i', u"indicate-current"_s}, {u'r', u"rev-range"_s}},
         u"list the revisions, newest first"_s},
        {u"show"_s, u"REV"_s, {}, {}, {}, u"show one revision"_s},
        {u"stamp"_s,
         u"REV..."_s,
         {u"sql"_s, u"purge"_s, u"no-backup"_s},
         {u"tag"_s, u"confirm"_s},
         {},
         u"write revisions into the version table, run nothing"_s},
        {u"upgrade"_s,
         u"REV"_s,
         {u"sql"_s, u"no-backup"_s},
         {u"tag"_s, u"confirm"_s},
         {},
         u"apply revisions up to one; with --sql FROM:TO"_s}};
    return all;
}

Result<Invocation> parseArguments(const QStringList &arguments)
{
    return ArgumentParser(arguments).parse();
}

QString usageText(const QString &verb)
{
    for (const VerbSpec &spec : verbs()) {
        if (spec.name == verb)
            return u"usage: tribikos-cli [OPTIONS] %1%2 %3\n  %4\n"_s.arg(
                spec.name, optionList(spec), spec.positionals, spec.help);
    }
    QString text =
        u"usage: tribikos-cli [-h] [--version] [-c FILE] [-n SECTION] [-x KEY=VALUE] [-q]\n"
        "                    [--raiseerr] [--env NAME | --url URL] [--versions DIR]\n"
        "                    [--dialect NAME] [--json] [--diagnostics FILE|-] COMMAND …\n\n"_s;
    for (const VerbSpec &spec : verbs())
        text += u"  %1 %2\n"_s.arg(spec.name, -16).arg(spec.help);
    text += u"\nexit codes: 0 done, 1 differences, 2 usage, 3 failed, 4 busy, 5 no connection,\n"
            "            6 project refused, 7 needs a connection\n"_s;
    return text;
}

} // namespace tribikos::cli
