#include "suites.h"

#include "ui/shell/settings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_Settings : public QObject
{
    Q_OBJECT
private slots:
    void recentProjectsAreShortAndUnique();
    void environmentsAreKeptPerProject();
    void passwordsAreNotWritten();
    void theHistorysLookIsKeptPerProject();
    void themeIsRemembered();
};

void tst_Settings::recentProjectsAreShortAndUnique()
{
    const QTemporaryDir folder;
    Settings settings(folder.path());
    for (int i = 0; i < 14; ++i)
        settings.addRecentProject(u"/p/%1"_s.arg(i));
    settings.addRecentProject(u"/p/9"_s);
    QCOMPARE(settings.recentProjects().size(), 10);
    QCOMPARE(settings.recentProjects().first(), u"/p/9"_s);
    QCOMPARE(settings.recentProjects().count(u"/p/9"_s), 1);
    settings.forgetRecentProject(u"/p/9"_s);
    QVERIFY(!settings.recentProjects().contains(u"/p/9"_s));
}

void tst_Settings::environmentsAreKeptPerProject()
{
    const QTemporaryDir folder;
    {
        Settings settings(folder.path());
        settings.setEnvironments(
            u"/a/b"_s, {{.name = u"local"_s, .url = u"sqlite:///x.sqlite"_s, .isProtected = true}});
        settings.setLastEnvironment(u"/a/b"_s, u"local"_s);
    }
    const Settings settings(folder.path());
    QCOMPARE(settings.environments(u"/a/b"_s).size(), 1);
    QCOMPARE(settings.environments(u"/a/b"_s).first().url, u"sqlite:///x.sqlite"_s);
    QVERIFY(settings.environments(u"/a/b"_s).first().isProtected);
    QCOMPARE(settings.lastEnvironment(u"/a/b"_s), u"local"_s);
    QVERIFY(settings.environments(u"/a/c"_s).isEmpty());
}

void tst_Settings::passwordsAreNotWritten()
{
    const QTemporaryDir folder;
    {
        Settings settings(folder.path());
        settings.setEnvironments(u"/a"_s,
                                 {{.name = u"production"_s,
                                   .url = u"postgresql://app:s3cr%40et@db.example:5432/market"_s,
                                   .backend = Backend::PostgreSql}});
    }
    QFile file(folder.filePath(u"tribikos.ini"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("s3cr"));
    const Settings settings(folder.path());
    QCOMPARE(settings.environments(u"/a"_s).first().url,
             u"postgresql://app@db.example:5432/market"_s);
}

void tst_Settings::theHistorysLookIsKeptPerProject()
{
    const QTemporaryDir folder;
    {
        Settings settings(folder.path());
        QVERIFY(!settings.foldsHistory(u"/a/b"_s) && !settings.mutesApplied(u"/a/b"_s));
        settings.setFoldsHistory(u"/a/b"_s, false);
        settings.setMutesApplied(u"/a/b"_s, true);
    }
    const Settings settings(folder.path());
    QCOMPARE(settings.foldsHistory(u"/a/b"_s), std::optional(false));
    QVERIFY(settings.mutesApplied(u"/a/b"_s));
    QVERIFY(!settings.foldsHistory(u"/a/c"_s) && !settings.mutesApplied(u"/a/c"_s));
}

void tst_Settings::themeIsRemembered()
{
    const QTemporaryDir folder;
    Settings settings(folder.path());
    QCOMPARE(settings.theme(), ThemeChoice::Auto);
    settings.setTheme(ThemeChoice::Dark);
    QCOMPARE(settings.theme(), ThemeChoice::Dark);
}

int runSettings(int argc, char **argv)
{
    tst_Settings test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_settings.moc"
