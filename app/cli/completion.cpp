#include "app/cli/completion.h"

#include "app/cli/verbtable.h"
#include "core/edit/projecttemplates.h"

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

/// The ids of the project in the current folder, for every shell: one a line. A project may be
/// anybody's: ids that a shell could take for more than a word, and a refusal's sentence, are left out.
const QString revisionIds =
    u"tribikos-cli history --only-ids 2>/dev/null | LC_ALL=C grep -xE '[A-Za-z0-9_.]+'"_s;
const QString symbols = u"head heads base current"_s;

QStringList names(const OptionSpec &option)
{
    QStringList list;
    if (option.name.size() > 1)
        list.append(u"--"_s + option.name);
    if (!option.letter.isNull())
        list.append(u"-"_s + option.letter);
    return list;
}

QStringList names(const QList<OptionSpec> &options)
{
    QStringList list;
    for (const OptionSpec &option : options)
        list += names(option);
    return list;
}

QList<OptionSpec> ofOurs()
{
    QList<OptionSpec> list = globalOptions();
    list.removeIf([](const OptionSpec &option) { return !option.isOurs; });
    return list;
}

QStringList fixedWords(ArgumentKind kind)
{
    QStringList templates;
    for (const ProjectTemplate &each : projectTemplates())
        templates.append(each.name);
    switch (kind) {
    case ArgumentKind::Dialect: return {u"sqlite"_s, u"postgresql"_s, u"mysql"_s, u"mariadb"_s};
    case ArgumentKind::Template: return templates;
    case ArgumentKind::Shell: return completionForms();
    default: return {};
    }
}

// --- bash ------------------------------------------------------------------------------------

/// Foreign words go to COMPREPLY as they are: "compgen -W" and "$(...)" without quotes would expand
/// them once more, and so run what they say.
const QString bashOffers = u"_tribikos_cli_offer_revisions() {\n"
                           "    local word\n    COMPREPLY=()\n"
                           "    while IFS= read -r word; do\n"
                           "        [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
                           "    done < <(_tribikos_cli_revisions)\n}\n\n"
                           "_tribikos_cli_offer_paths() {\n"
                           "    compopt -o filenames 2>/dev/null\n"
                           "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n}\n\n"_s;

QString bashReply(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::Text: return u"COMPREPLY=()"_s;
    case ArgumentKind::Revision: return u"_tribikos_cli_offer_revisions"_s;
    case ArgumentKind::File: return u"_tribikos_cli_offer_paths -f"_s;
    case ArgumentKind::Folder: return u"_tribikos_cli_offer_paths -d"_s;
    default:
        return u"COMPREPLY=($(compgen -W \"%1\" -- \"$cur\"))"_s.arg(fixedWords(kind).join(u' '));
    }
}

/// Branches of "case $verb:$previous" for the options that take a value.
QString bashValues(const QString &verb, const QList<OptionSpec> &options)
{
    QString text;
    for (const OptionSpec &option : options) {
        if (option.value.isEmpty())
            continue;
        QStringList patterns;
        for (const QString &name : names(option))
            patterns.append(verb + u':' + name);
        text += u"        %1)\n            %2; return ;;\n"_s.arg(patterns.join(u" | "_s),
                                                                  bashReply(option.kind));
    }
    return text;
}

// --- zsh and fish ----------------------------------------------------------------------------

QString zshQuoted(QString text)
{
    return text.replace(u"'"_s, u"'\\''"_s)
        .replace(u"["_s, u"\\["_s)
        .replace(u"]"_s, u"\\]"_s)
        .replace(u":"_s, u"\\:"_s);
}

QString zshAction(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::Text: return u" "_s;
    case ArgumentKind::Revision: return u"_tribikos_cli_revisions"_s;
    case ArgumentKind::File: return u"_files"_s;
    case ArgumentKind::Folder: return u"_files -/"_s;
    default: return u'(' + fixedWords(kind).join(u' ') + u')';
    }
}

QString zshArguments(const QList<OptionSpec> &options, const QString &indent)
{
    QString text;
    for (const OptionSpec &option : options) {
        const QString value = option.value.isEmpty() ? QString()
                                                     : u":%1:%2"_s.arg(zshQuoted(option.value),
                                                                       zshAction(option.kind));
        for (const QString &name : names(option)) {
            const QString others =
                option.isRepeatable ? u"*"_s : u'(' + names(option).join(u' ') + u')';
            text +=
                u" \\\n%1'%2%3[%4]%5'"_s.arg(indent, others, name, zshQuoted(option.help), value);
        }
    }
    return text;
}

QString fishQuoted(QString text)
{
    return u'\'' + text.replace(u"\\"_s, u"\\\\"_s).replace(u"'"_s, u"\\'"_s) + u'\'';
}

QString fishArguments(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::Text: return {};
    case ArgumentKind::Revision: return u" -a '(__tribikos_cli_revisions)'"_s;
    case ArgumentKind::File: return u" -F"_s;
    case ArgumentKind::Folder: return u" -a '(__fish_complete_directories)'"_s;
    default: return u" -a "_s + fishQuoted(fixedWords(kind).join(u' '));
    }
}

QString fishOptions(const QList<OptionSpec> &options, const QString &condition)
{
    QString text;
    for (const OptionSpec &option : options) {
        text += u"complete -c tribikos-cli"_s
                + (condition.isEmpty() ? QString() : u" -n "_s + fishQuoted(condition));
        if (option.name.size() > 1)
            text += u" -l "_s + option.name;
        if (!option.letter.isNull())
            text += u" -s "_s + option.letter;
        if (!option.value.isEmpty())
            text += u" -r"_s + fishArguments(option.kind);
        text += u" -d "_s + fishQuoted(option.help) + u'\n';
    }
    return text;
}

} // namespace

QStringList completionForms()
{
    return {u"bash"_s, u"zsh"_s, u"fish"_s, u"man"_s};
}

QString completionText(const QString &form)
{
    if (form == u"bash")
        return bashCompletion();
    if (form == u"zsh")
        return zshCompletion();
    if (form == u"fish")
        return fishCompletion();
    return form == u"man" ? manPage() : QString();
}

QString bashCompletion()
{
    QStringList verbNames;
    QString values;
    QString options;
    QString positionals;
    for (const VerbSpec &verb : verbs()) {
        verbNames.append(verb.name);
        values += bashValues(verb.name, verb.options);
        options += u"            %1) words=\"%2\" ;;\n"_s.arg(
            verb.name, names(verb.options + ofOurs()).join(u' '));
        if (!verb.positionals.isEmpty())
            positionals += u"        %1) %2 ;;\n"_s.arg(verb.name, bashReply(verb.kind));
    }
    return u"# Completion of tribikos-cli for bash, made by \"tribikos-cli completion bash\".\n"
           "_tribikos_cli_revisions() {\n    printf '%s\\n' "_s
           + symbols + u"\n    "_s + revisionIds + u"\n}\n\n"_s + bashOffers
           + u"_tribikos_cli() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= "
             "words= i\n"
             "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
             "        case ${COMP_WORDS[i]} in\n"
             "            "_s
           + verbNames.join(u" | "_s)
           + u") verb=${COMP_WORDS[i]}; break ;;\n"
             "        esac\n    done\n"
             "    case $verb:$previous in\n"_s
           + values + bashValues(QString(), globalOptions()) + bashValues(u"*"_s, ofOurs())
           + u"    esac\n    if [[ $cur == -* ]]; then\n        case $verb in\n"
             "            \"\") words=\""_s
           + names(globalOptions()).join(u' ') + u"\" ;;\n"_s + options
           + u"        esac\n        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n        "
             u"return\n    fi\n"
             "    case $verb in\n        \"\") COMPREPLY=($(compgen -W \""_s
           + verbNames.join(u' ') + u"\" -- \"$cur\")) ;;\n"_s + positionals
           + u"    esac\n}\n\ncomplete -F _tribikos_cli tribikos-cli\n"_s;
}

QString zshCompletion()
{
    QString commands;
    QString cases;
    for (const VerbSpec &verb : verbs()) {
        commands += u"            '%1:%2'\n"_s.arg(verb.name, zshQuoted(verb.help));
        QString positional;
        if (!verb.positionals.isEmpty())
            positional = u" \\\n                '%1:%2:%3'"_s.arg(
                verb.positionals.endsWith(u"...") || verb.positionals.startsWith(u'[') ? u"*"_s
                                                                                       : u"1"_s,
                zshQuoted(verb.positionals.toLower().remove(u"..."_s)), zshAction(verb.kind));
        cases += u"        %1)\n            _arguments%2%3 ;;\n"_s.arg(
            verb.name, zshArguments(verb.options + ofOurs(), u"                "_s), positional);
    }
    return u"#compdef tribikos-cli\n"
           "# Completion of tribikos-cli for zsh, made by \"tribikos-cli completion zsh\".\n\n"
           "_tribikos_cli_revisions() {\n    local -a found\n    found=("_s
           + symbols + u" ${(f)\"$("_s + revisionIds
           + u")\"})\n    compadd -a found\n}\n\n"
             "_tribikos_cli() {\n    local context state state_descr line\n    typeset -A "
             "opt_args\n"
             "    _arguments -C"_s
           + zshArguments(globalOptions(), u"        "_s)
           + u" \\\n        '1: :->command' \\\n        '*:: :->argument'\n    case $state in\n    "
             u"command)\n"
             "        local -a commands\n        commands=(\n"_s
           + commands
           + u"        )\n        _describe command commands ;;\n    argument)\n        case $words[1] in\n"_s
           + cases + u"        esac ;;\n    esac\n}\n\n_tribikos_cli \"$@\"\n"_s;
}

QString fishCompletion()
{
    QString text =
        u"# Completion of tribikos-cli for fish, made by \"tribikos-cli completion fish\".\n"
        "function __tribikos_cli_revisions\n    string split ' ' '"_s
        + symbols + u"'\n    "_s + revisionIds + u"\nend\n\ncomplete -c tribikos-cli -f\n"_s;
    const QString noVerb = u"__fish_use_subcommand"_s;
    QList<OptionSpec> leading = globalOptions();
    leading.removeIf([](const OptionSpec &option) { return option.isOurs; });
    text += fishOptions(ofOurs(), {}) + fishOptions(leading, noVerb);
    for (const VerbSpec &verb : verbs()) {
        const QString seen = u"__fish_seen_subcommand_from "_s + verb.name;
        text += u"complete -c tribikos-cli -n %1 -a %2 -d %3\n"_s.arg(noVerb, verb.name,
                                                                      fishQuoted(verb.help));
        if (!verb.positionals.isEmpty() && verb.kind != ArgumentKind::Text)
            text += u"complete -c tribikos-cli -n %1%2\n"_s.arg(fishQuoted(seen),
                                                                fishArguments(verb.kind));
        text += fishOptions(verb.options, seen);
    }
    return text;
}

} // namespace tribikos::cli
