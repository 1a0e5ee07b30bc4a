#include "app/cli/arguments.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

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
    Status option(const OptionSpec &option, const QString &shown, const QString &glued,
                  bool hasGlued);
    Status global(const QString &name, const QString &value);
    Status verb(const QString &name);
    Status finish();
    const OptionSpec *find(const QString &name) const;
    const OptionSpec *find(QChar letter) const;
    const OptionSpec *findShortened(const QString &start) const;
    bool isOfVerb(const OptionSpec &option) const;
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

/// The verb's options win over global ones; behind it only global ones of ours are known.
const OptionSpec *ArgumentParser::find(const QString &name) const
{
    if (m_verb) {
        if (const OptionSpec *own = m_verb->option(name))
            return own;
    }
    const OptionSpec *option = findOption(globalOptions(), name);
    return option && (!m_verb || option->isOurs) ? option : nullptr;
}

const OptionSpec *ArgumentParser::find(QChar letter) const
{
    if (m_verb) {
        if (const OptionSpec *own = m_verb->option(letter))
            return own;
    }
    const OptionSpec *option = findOption(globalOptions(), letter);
    return option && (!m_verb || option->isOurs) ? option : nullptr;
}

/// "--autogen": the only option of the verb that begins like this.
const OptionSpec *ArgumentParser::findShortened(const QString &start) const
{
    const OptionSpec *found = nullptr;
    const QList<OptionSpec> &options = m_verb ? m_verb->options : globalOptions();
    for (const OptionSpec &option : options) {
        if (start.isEmpty() || !option.name.startsWith(start) || option.name.size() == 1)
            continue;
        if (found)
            return nullptr;
        found = &option;
    }
    return found;
}

bool ArgumentParser::isOfVerb(const OptionSpec &option) const
{
    return m_verb && m_verb->option(option.name);
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
    const QHash<QString, bool *> flags{
        {u"raiseerr"_s, &i.raisesErrors}, {u"quiet"_s, &i.isQuiet},
        {u"version"_s, &i.wantsVersion},  {u"help"_s, &i.wantsHelp},
        {u"json"_s, &i.isJson},           {u"password-stdin"_s, &i.readsPassword}};
    const QHash<QString, QString *> texts{{u"name"_s, &i.section},
                                          {u"url"_s, &i.url},
                                          {u"env"_s, &i.environment},
                                          {u"password-env"_s, &i.passwordVariable},
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

Status ArgumentParser::option(const OptionSpec &option, const QString &shown, const QString &glued,
                              bool hasGlued)
{
    const bool takesValue = !option.value.isEmpty();
    QString value = glued;
    if (takesValue && !hasGlued) {
        const auto next = nextValue(shown);
        if (!next)
            return next.error();
        value = *next;
    } else if (!takesValue && hasGlued) {
        return misuse(u"argument %1: takes no value"_s.arg(shown));
    }
    if (!isOfVerb(option))
        return global(option.name, value);
    if (!takesValue)
        m_invocation.flags.append(option.name);
    else if (option.isRepeatable)
        m_invocation.lists[option.name].append(value);
    else
        m_invocation.values.insert(option.name, value);
    return done();
}

Status ArgumentParser::longOption(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    const QString name = text.mid(2, equals < 0 ? -1 : equals - 2);
    const OptionSpec *found = find(name);
    if (!found)
        found = findShortened(name);
    if (!found)
        return misuse(u"unrecognized arguments: %1"_s.arg(text));
    return option(*found, u"--"_s + found->name, equals < 0 ? QString() : text.mid(equals + 1),
                  equals >= 0);
}

Status ArgumentParser::shortOption(const QString &text)
{
    const QString letters = text.mid(1);
    for (qsizetype i = 0; i < letters.size(); ++i) {
        const OptionSpec *found = find(letters[i]);
        if (!found)
            return misuse(u"unrecognized arguments: %1"_s.arg(text));
        const QString shown = u"-"_s + letters[i];
        QString rest = letters.mid(i + 1);
        if (found->value.isEmpty()) {
            if (const Status taken = option(*found, shown, {}, false); !taken)
                return taken.error();
            continue;
        }
        const bool hasGlued = !rest.isEmpty();
        if (rest.startsWith(u'='))
            rest.remove(0, 1);
        return option(*found, shown, rest, hasGlued);
    }
    return done();
}

Status ArgumentParser::verb(const QString &name)
{
    m_verb = findVerb(name);
    m_invocation.verb = name;
    if (m_verb)
        return done();
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
    const bool isOptional = m_verb->positionals.startsWith(u'[');
    if (count == 0 && !m_verb->positionals.isEmpty() && !isOptional)
        return misuse(u"the following arguments are required: %1"_s.arg(
            m_verb->positionals.toLower().remove(u"..."_s)));
    const qsizetype most = m_verb->positionals.split(u' ', Qt::SkipEmptyParts).size();
    if (isOptional && count > 0 && count < most)
        return misuse(u"the following arguments belong together: %1"_s.arg(m_verb->positionals));
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

QString shown(const OptionSpec &option)
{
    const QString name = option.letter.isNull()    ? u"--"_s + option.name
                         : option.name.size() == 1 ? u"-"_s + option.letter
                                                   : u"-%1, --%2"_s.arg(option.letter, option.name);
    return option.value.isEmpty() ? name : name + u' ' + option.value;
}

QString optionTable(const QList<OptionSpec> &options)
{
    QString text;
    for (const OptionSpec &option : options)
        text += u"  %1 %2\n"_s.arg(shown(option), -28).arg(option.help);
    return text;
}

} // namespace

Result<Invocation> parseArguments(const QStringList &arguments)
{
    return ArgumentParser(arguments).parse();
}

QString usageText(const QString &verb)
{
    if (const VerbSpec *spec = findVerb(verb)) {
        const QString head = u"usage: tribikos-cli [OPTIONS] %1%2 %3\n  %4\n"_s.arg(
            spec->name, spec->options.isEmpty() ? QString() : u" [OPTIONS]"_s, spec->positionals,
            spec->help);
        return spec->options.isEmpty() ? head : head + u'\n' + optionTable(spec->options);
    }
    QString text = u"usage: tribikos-cli [OPTIONS] COMMAND [OPTIONS] ...\n\n"_s;
    for (const VerbSpec &spec : verbs())
        text += u"  %1 %2\n"_s.arg(spec.name, -16).arg(spec.help);
    text += u"\noptions, before the command (from --env on after it, too):\n"_s
            + optionTable(globalOptions()) + u"\nexit codes:\n"_s;
    for (const ExitMeaning &exit : exitMeanings())
        text += u"  %1 %2\n"_s.arg(exit.code).arg(exit.meaning);
    return text;
}

} // namespace tribikos::cli
