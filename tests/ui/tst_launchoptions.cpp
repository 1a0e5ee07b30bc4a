#include "suites.h"

#include "app/gui/launchoptions.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;
using Mode = LaunchOptions::Mode;

Q_DECLARE_METATYPE(LaunchOptions::Mode)

class tst_LaunchOptions : public QObject
{
    Q_OBJECT
private slots:
    void modes_data();
    void modes();
    void refusals_data();
    void refusals();
    void themeAndFolders();
};

void tst_LaunchOptions::modes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<QString>("project");
    QTest::newRow("nothing") << QStringList{} << Mode::Window << QString();
    QTest::newRow("project") << QStringList{u"market"_s} << Mode::Window << u"market"_s;
    QTest::newRow("version") << QStringList{u"--version"_s} << Mode::Version << QString();
    QTest::newRow("help") << QStringList{u"-h"_s} << Mode::Help << QString();
    QTest::newRow("trace") << QStringList{u"--startup-trace"_s, u"market"_s} << Mode::StartupTrace
                           << u"market"_s;
    QTest::newRow("pictures") << QStringList{u"--screenshot"_s, u"out"_s, u"market"_s}
                              << Mode::Screenshots << u"market"_s;
}

void tst_LaunchOptions::modes()
{
    QFETCH(QStringList, arguments);
    QFETCH(Mode, mode);
    QFETCH(QString, project);
    const auto options = parseLaunchOptions(QStringList{u"tribikos"_s} + arguments);
    QVERIFY(options);
    QCOMPARE(options->mode, mode);
    QCOMPARE(options->project, project);
}

void tst_LaunchOptions::refusals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown option") << QStringList{u"--frobnicate"_s};
    QTest::newRow("two projects") << QStringList{u"a"_s, u"b"_s};
    QTest::newRow("trace without project") << QStringList{u"--startup-trace"_s};
    QTest::newRow("pictures without project") << QStringList{u"--screenshot"_s, u"out"_s};
    QTest::newRow("no such theme") << QStringList{u"--theme"_s, u"mauve"_s};
}

void tst_LaunchOptions::refusals()
{
    QFETCH(QStringList, arguments);
    const auto options = parseLaunchOptions(QStringList{u"tribikos"_s} + arguments);
    QVERIFY(!options);
    QCOMPARE(options.error().code, ErrorCode::Usage);
    QVERIFY(!options.error().message.isEmpty());
}

void tst_LaunchOptions::themeAndFolders()
{
    const auto options =
        parseLaunchOptions({u"tribikos"_s, u"--theme"_s, u"dark"_s, u"--config-dir"_s, u"/c"_s});
    QVERIFY(options);
    QCOMPARE(*options->theme, ThemeChoice::Dark);
    QCOMPARE(options->configFolder, u"/c"_s);
    QVERIFY(launchHelp().contains(u"--startup-trace"_s));
}

int runLaunchOptions(int argc, char **argv)
{
    tst_LaunchOptions test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_launchoptions.moc"
