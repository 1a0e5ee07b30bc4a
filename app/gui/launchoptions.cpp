#include "app/gui/launchoptions.h"

#include <QCommandLineParser>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

void addOptions(QCommandLineParser &parser)
{
    parser.addOptions({
        {{u"h"_s, u"help"_s}, u"Show this help."_s},
        {{u"v"_s, u"version"_s}, u"Show the version."_s},
        {u"theme"_s, u"light, dark or auto, for this run."_s, u"THEME"_s},
        {u"config-dir"_s, u"Keep the settings and the log of runs in DIR."_s, u"DIR"_s},
        {u"startup-trace"_s, u"Open PROJECT, print the time to the first painted history, exit."_s},
        {u"screenshot"_s, u"Open PROJECT, write pictures of the window to DIR, exit."_s, u"DIR"_s},
    });
    parser.addPositionalArgument(u"PROJECT"_s, u"A folder or configuration file to open."_s,
                                 u"[PROJECT]"_s);
}

Error usage(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

} // namespace

QString launchHelp()
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Tribikos: models, migrations and database, side by side."_s);
    addOptions(parser);
    return parser.helpText();
}

Result<LaunchOptions> parseLaunchOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(arguments))
        return usage(parser.errorText());
    LaunchOptions options;
    const QStringList rest = parser.positionalArguments();
    if (rest.size() > 1)
        return usage(u"Only one project can be opened."_s);
    options.project = rest.value(0);
    options.configFolder = parser.value(u"config-dir"_s);
    if (parser.isSet(u"theme"_s)) {
        const QString name = parser.value(u"theme"_s);
        options.theme = themeChoiceFromName(name);
        if (themeChoiceName(*options.theme) != name)
            return usage(u"--theme takes light, dark or auto, not %1."_s.arg(name));
    }
    if (parser.isSet(u"version"_s))
        options.mode = LaunchOptions::Mode::Version;
    else if (parser.isSet(u"help"_s))
        options.mode = LaunchOptions::Mode::Help;
    else if (parser.isSet(u"startup-trace"_s))
        options.mode = LaunchOptions::Mode::StartupTrace;
    else if (parser.isSet(u"screenshot"_s))
        options.mode = LaunchOptions::Mode::Screenshots;
    options.screenshotFolder = parser.value(u"screenshot"_s);
    const bool needsProject = options.mode == LaunchOptions::Mode::StartupTrace
                              || options.mode == LaunchOptions::Mode::Screenshots;
    if (needsProject && options.project.isEmpty())
        return usage(u"--startup-trace and --screenshot need a project."_s);
    return options;
}

} // namespace tribikos
