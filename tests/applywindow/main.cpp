#include "tests/applywindow/loopwatch.h"
#include "tests/applywindow/tst_applyfaults.h"
#include "tests/applywindow/tst_applyflow.h"
#include "tests/applywindow/tst_loopwatch.h"
#include "ui/shell/theme.h"

#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

int main(int argc, char **argv)
{
    const QTemporaryDir state; // runs are recorded there, not in the person's own log
    qputenv("XDG_STATE_HOME", state.path().toLocal8Bit());
    qputenv("XDG_CACHE_HOME", state.path().toLocal8Bit());
    QStandardPaths::setTestModeEnabled(true);
    const tribikos::LoopWatch application(argc, argv);
    tribikos::applyTheme(*qApp, tribikos::ThemeChoice::Light);
    tst_LoopWatch watch;
    tst_ApplyFlow flow;
    tst_ApplyFaults faults;
    int failures = 0;
    for (QObject *test : std::initializer_list<QObject *>{&watch, &flow, &faults})
        failures += QTest::qExec(test, argc, argv);
    return failures;
}
