#include "core/project/editreach.h"
#include "core/project/projectstamp.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <memory>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Whether a project's files are noticed to be others, and which databases a change is at odds with.
class tst_ProjectStamp : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void changesAreNoticed_data();
    void changesAreNoticed();
    void nothingElseIs();
    void newerThan();
    void pathsToListenTo();
    void missingFolderIsAwaited();
    void reach();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const;
    ProjectPtr open() const;

    std::unique_ptr<QTemporaryDir> m_folder{};
};

using Happen = std::function<void(const QString &)>;
Q_DECLARE_METATYPE(Happen)

static void writeTo(const QString &name, const QByteArray &bytes)
{
    QVERIFY(QDir().mkpath(QFileInfo(name).path()));
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void tst_ProjectStamp::write(const QString &name, const QByteArray &bytes) const
{
    writeTo(path(name), bytes);
}

void tst_ProjectStamp::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write(u"alembic.ini"_s, "[alembic]\nscript_location = %(here)s/m\n");
    write(u"m/env.py"_s, "from app import metadata\n");
    write(u"m/versions/a.py"_s, "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
}

ProjectPtr tst_ProjectStamp::open() const
{
    const auto project = Project::open({.path = m_folder->path()});
    return project ? *project : nullptr;
}

void tst_ProjectStamp::changesAreNoticed_data()
{
    QTest::addColumn<Happen>("happen");
    QTest::newRow("a revision") << Happen([](const QString &folder) {
        writeTo(folder + u"/m/versions/a.py"_s, "revision = 'b'\ndown_revision = None\n");
    });
    QTest::newRow("a new one") << Happen(
        [](const QString &folder) { writeTo(folder + u"/m/versions/c.py"_s, "revision = 'c'\n"); });
    QTest::newRow("a deleted one") << Happen(
        [](const QString &folder) { QVERIFY(QFile::remove(folder + u"/m/versions/a.py"_s)); });
    QTest::newRow("env.py") << Happen(
        [](const QString &folder) { writeTo(folder + u"/m/env.py"_s, "x = 1\n"); });
    QTest::newRow("the configuration") << Happen([](const QString &folder) {
        writeTo(folder + u"/alembic.ini"_s, "[alembic]\nscript_location = %(here)s/other\n");
    });
    QTest::newRow("a new configuration") << Happen(
        [](const QString &folder) { writeTo(folder + u"/tribikos.toml"_s, "[project]\n"); });
}

void tst_ProjectStamp::changesAreNoticed()
{
    QFETCH(Happen, happen);
    const ProjectPtr project = open();
    QVERIFY(project);
    const ProjectStamp before = projectStamp(*project);
    QCOMPARE(projectStamp(*project), before);
    happen(m_folder->path());
    QVERIFY(projectStamp(*project) != before);
}

void tst_ProjectStamp::nothingElseIs()
{
    const ProjectPtr project = open();
    const ProjectStamp before = projectStamp(*project);
    write(u"shop.sqlite-journal"_s, "x");
    write(u"m/README"_s, "x");
    write(u"m/versions/.a.py.swp"_s, "x");
    QCOMPARE(projectStamp(*project), before);
}

void tst_ProjectStamp::newerThan()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const ProjectStamp stamp = projectStamp(*open());
    constexpr qint64 minuteNs = 60'000'000'000;
    QVERIFY(stamp.isNewerThan(now - minuteNs));
    QVERIFY(!stamp.isNewerThan(now + minuteNs));
}

void tst_ProjectStamp::pathsToListenTo()
{
    const ProjectPtr project = open();
    const WatchedPaths paths = watchedPaths(*project, projectStamp(*project));
    for (const QString &folder : {m_folder->path(), path(u"m"_s), path(u"m/versions"_s)})
        QVERIFY2(paths.folders.contains(folder), qPrintable(folder));
    for (const QString &file :
         {path(u"alembic.ini"_s), path(u"m/env.py"_s), path(u"m/versions/a.py"_s)})
        QVERIFY2(paths.files.contains(file), qPrintable(file));
    QVERIFY(!paths.files.contains(path(u"tribikos.toml"_s))); // there is none
}

void tst_ProjectStamp::missingFolderIsAwaited()
{
    QVERIFY(QDir(path(u"m/versions"_s)).removeRecursively());
    const ProjectPtr project = open();
    QVERIFY(project);
    const WatchedPaths paths = watchedPaths(*project, projectStamp(*project));
    QVERIFY(paths.folders.contains(path(u"m"_s)));
    QVERIFY(!paths.folders.contains(path(u"m/versions"_s)));
}

void tst_ProjectStamp::reach()
{
    const QList<KnownStates> all{
        {u"local"_s, true, {{u"a"_s, RevisionState::Applied}, {u"b"_s, RevisionState::Current}}},
        {u"staging"_s, true, {{u"a"_s, RevisionState::Current}, {u"b"_s, RevisionState::Pending}}},
        {u"production"_s, false, {}}};
    const EditReach both = editReach({u"b"_s, u"a"_s}, all);
    QCOMPARE(both.applied.size(), 2);
    QCOMPARE(both.applied[0].environment, u"local"_s);
    QCOMPARE(both.applied[0].revisions, QStringList({u"b"_s, u"a"_s}));
    QCOMPARE(both.applied[1].revisions, QStringList{u"a"_s});
    QCOMPARE(both.unknown, QStringList{u"production"_s});
    QVERIFY(editReach({u"c"_s}, all).applied.isEmpty());
    QVERIFY(editReach({}, all).applied.isEmpty());
}

int runProjectStamp(int argc, char **argv)
{
    tst_ProjectStamp test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_projectstamp.moc"
