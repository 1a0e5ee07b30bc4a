#include "app/cli/completion.h"

#include "app/cli/verbtable.h"

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

/// Text as troff takes it: no escape, no hyphen where a minus is meant, no request at a line's start.
QString roff(QString text)
{
    text.replace(u"\\"_s, u"\\e"_s).replace(u"-"_s, u"\\-"_s);
    return text.startsWith(u'.') || text.startsWith(u'\'') ? u"\\&"_s + text : text;
}

QString optionEntries(const QList<OptionSpec> &options)
{
    QString text;
    for (const OptionSpec &option : options) {
        QStringList spellings;
        if (!option.letter.isNull())
            spellings.append(u"\\fB"_s + roff(u"-"_s + option.letter) + u"\\fR"_s);
        if (option.name.size() > 1)
            spellings.append(u"\\fB"_s + roff(u"--"_s + option.name) + u"\\fR"_s);
        QString head = spellings.join(u", "_s);
        if (!option.value.isEmpty())
            head += u" \\fI"_s + roff(option.value) + u"\\fR"_s;
        text += u".TP\n"_s + head + u'\n' + roff(option.help)
                + (option.isRepeatable ? u"; may be given several times.\n"_s : u".\n"_s);
    }
    return text;
}

QString verbEntries()
{
    QString text;
    for (const VerbSpec &verb : verbs()) {
        QString head = u"\\fB"_s + roff(verb.name) + u"\\fR"_s;
        if (!verb.options.isEmpty())
            head += u" [options]"_s;
        if (!verb.positionals.isEmpty())
            head += u" \\fI"_s + roff(verb.positionals) + u"\\fR"_s;
        text += u".SS "_s + head + u'\n' + roff(verb.help) + u".\n"_s + optionEntries(verb.options);
    }
    return text;
}

} // namespace

QString manPage()
{
    QString exits;
    for (const ExitMeaning &exit : exitMeanings())
        exits += u".TP\n%1\n%2.\n"_s.arg(exit.code).arg(roff(exit.meaning));
    return u".TH TRIBIKOS\\-CLI 1 \"\" \"tribikos "_s + QStringLiteral(TRIBIKOS_VERSION)
           + u"\" \"User Commands\"\n.SH NAME\ntribikos\\-cli \\- database migrations, read and "
             u"run without Python\n"
             ".SH SYNOPSIS\n.B tribikos\\-cli\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIoptions\\fR] "
             "...\n"
             ".SH DESCRIPTION\nThe commands of Alembic, with its options and its text on standard "
             "output, for "
             "Alembic's projects and for\nplain SQL scripts. Nothing of a project is executed. Log "
             "lines go to "
             "standard error.\n.SH OPTIONS\nThey stand before the command; those from "
             "\\fB\\-\\-env\\fR on may "
             "follow it.\n"_s
           + optionEntries(globalOptions())
           + u".SH COMMANDS\nREV is a revision's id or the beginning of one, a branch label, head, "
             u"heads, base, "
             "LABEL@head,\nor one of these with a number of steps: head\\-1, ID+2, \\-1.\n"_s
           + verbEntries() + u".SH EXIT STATUS\n"_s + exits
           + u".SH ENVIRONMENT\n.TP\n.B ALEMBIC_CONFIG\nThe configuration file, where "
             u"\\fB\\-\\-config\\fR names "
             "none.\n.TP\n.B EDITOR, VISUAL\nThe program that \\fBedit\\fR opens files with.\n.TP\n"
             ".B SOURCE_DATE_EPOCH\nSeconds since 1970 that stand in for the clock in new "
             "revisions.\n"
             ".SH FILES\n.TP\n.I alembic.ini, pyproject.toml, tribikos.toml\nThe project's "
             "configuration. Under [values], [environment-variables] and [offline], tribikos.toml "
             "may "
             "say what scripts ask of\nsurroundings that aren't there; a refusal names the line.\n"
             ".SH SEE ALSO\n.BR tribikos (1)\n"_s;
}

} // namespace tribikos::cli
