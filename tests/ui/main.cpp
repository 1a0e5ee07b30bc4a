#include "suites.h"

#include "ui/shell/theme.h"

#include <QApplication>
#include <QStandardPaths>
#include <QTemporaryDir>

int main(int argc, char **argv)
{
    const QTemporaryDir state; // runs are recorded there, not in the person's own log
    qputenv("XDG_STATE_HOME", state.path().toLocal8Bit());
    QStandardPaths::setTestModeEnabled(true);
    const QApplication application(argc, argv);
    tribikos::applyTheme(*qApp, tribikos::ThemeChoice::Light);
    int failures = 0;
    for (const auto run :
         {runTheme, runSettings, runLaunchOptions, runJobSlot, runHistoryModel, runHistoryList,
          runChangesModel, runStepsModel, runApplyDialog, runEnvironmentDialog, runEditing, runEditGuards,
          runCompareWindow, runSchemaPage, runRevisionDraft, runGitWindow, runLive, runFlight})
        failures += run(argc, argv);
    return failures;
}
