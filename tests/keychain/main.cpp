#include "tests/keychain/tst_keychain.h"

#include <QApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    // Neither the person's own keychain nor their files: a bus, a home and a desktop of the test's own.
    const QTemporaryDir home;
    for (const char *name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        qputenv(name, home.path().toLocal8Bit());
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qunsetenv("KDE_FULL_SESSION");
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    QProcess bus;
    bus.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
    if (!bus.waitForReadyRead(30000))
        qFatal("dbus-daemon: %s", qPrintable(bus.errorString()));
    qputenv("DBUS_SESSION_BUS_ADDRESS", bus.readLine().trimmed());
    int failures = 0;
    {
        const QApplication application(argc, argv);
        tst_Keychain test;
        failures = QTest::qExec(&test, argc, argv);
    }
    bus.kill();
    bus.waitForFinished();
    return failures;
}
