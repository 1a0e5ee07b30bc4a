#include "app/gui/launchoptions.h"
#include "app/gui/screenshots.h"
#include "app/gui/startuptrace.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/settings.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

void nameApplication()
{
    QCoreApplication::setApplicationName(u"tribikos"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(TRIBIKOS_VERSION));
    QGuiApplication::setDesktopFileName(u"io.github.tribikos.Tribikos"_s);
}

int runWindow(QApplication &application, const LaunchOptions &options)
{
    QApplication::setWindowIcon(QIcon(u":/icons/tribikos.svg"_s));
    if (!options.configFolder.isEmpty()) { // log and cache as well: nothing of this run lies elsewhere
        const QDir folder(options.configFolder);
        qputenv("XDG_STATE_HOME", QFile::encodeName(folder.absoluteFilePath(u"state"_s)));
        qputenv("XDG_CACHE_HOME", QFile::encodeName(folder.absoluteFilePath(u"cache"_s)));
    }
    Settings settings(options.configFolder);
    applyTheme(application, options.theme.value_or(settings.theme()));
    MainWindow window(&settings);
    const bool isScreenshot = options.mode == LaunchOptions::Mode::Screenshots;
    if (isScreenshot)
        window.resize(1440, 900);
    if (isScreenshot)
        new Screenshots(&window, options.screenshotFolder);
    if (options.mode == LaunchOptions::Mode::StartupTrace)
        new StartupTrace(&window);
    if (!options.project.isEmpty())
        window.openProject({.path = options.project});
    window.show();
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    nameApplication();
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const Result<LaunchOptions> options = parseLaunchOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "tribikos: %s\n", qPrintable(options.error().message));
        return 2;
    }
    if (options->mode == LaunchOptions::Mode::Version) {
        std::puts("tribikos " TRIBIKOS_VERSION);
        return 0;
    }
    if (options->mode == LaunchOptions::Mode::Help) {
        std::fputs(qPrintable(launchHelp()), stdout);
        return 0;
    }
    QApplication application(argc, argv);
    return runWindow(application, *options);
}
