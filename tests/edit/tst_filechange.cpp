#include "core/edit/filechange.h"
#include "projectfolder.h"

#include <QFileInfo>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_FileChange : public QObject
{
    Q_OBJECT
private slots:
    void appliesAndUndoes();
    void keepsPermissions();
    void refusesWhatChanged_data();
    void refusesWhatChanged();
    void nothingIsHalfDone();
    void followsLinks();
};

/// Everything at once, and back to the last byte.
void tst_FileChange::appliesAndUndoes()
{
    const ProjectFolder project;
    project.write(u"versions/a.py"_s, "one\r\ntwo\n");
    project.write(u"versions/b.py"_s, "gone");
    const auto before = project.files();
    const Edit edit{
        .title = u"all"_s,
        .changes = {
            FileChange::newFolder(project.path(u"versions/sub"_s)),
            {.path = project.path(u"versions/sub/c.py"_s), .after = "new"},
            {.path = project.path(u"versions/a.py"_s), .before = "one\r\ntwo\n", .after = "x"},
            {.path = project.path(u"versions/b.py"_s), .before = "gone"}}};
    const Status applied = apply(edit);
    QVERIFY2(applied, applied ? "" : qPrintable(applied.error().message));
    QCOMPARE(project.read(u"versions/sub/c.py"_s), "new");
    QCOMPARE(project.read(u"versions/a.py"_s), "x");
    QVERIFY(!QFileInfo::exists(project.path(u"versions/b.py"_s)));
    QCOMPARE(edit.inverted().inverted(), edit);
    QVERIFY(apply(edit.inverted()));
    QCOMPARE(project.files(), before); // no temporary file is left either
    QVERIFY(!QFileInfo::exists(project.path(u"versions/sub"_s)));
}

void tst_FileChange::keepsPermissions()
{
    const ProjectFolder project;
    project.write(u"versions/a.py"_s, "1");
    const QString file = project.path(u"versions/a.py"_s);
    const auto permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner
                             | QFileDevice::ExeOwner | QFileDevice::ReadUser
                             | QFileDevice::WriteUser | QFileDevice::ExeUser;
    QVERIFY(QFile::setPermissions(file, permissions));
    QVERIFY(apply({.changes = {{.path = file, .before = "1", .after = "2"}}}));
    QCOMPARE(QFile::permissions(file), permissions);
    const Edit removal{.changes = {{.path = file, .before = "2", .permissions = permissions}}};
    QVERIFY(apply(removal));
    QVERIFY(apply(removal.inverted()));
    QCOMPARE(QFile::permissions(file), permissions);
    QCOMPARE(project.read(u"versions/a.py"_s), "2");
    // A new file gets what any program's new file gets.
    const QString made = project.path(u"versions/new.py"_s);
    project.write(u"versions/other.py"_s, "");
    QVERIFY(apply({.changes = {{.path = made, .after = "x"}}}));
    QCOMPARE(QFile::permissions(made), QFile::permissions(project.path(u"versions/other.py"_s)));
}

void tst_FileChange::refusesWhatChanged_data()
{
    QTest::addColumn<QByteArray>("onDisk");
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<QString>("kind");
    QTest::newRow("edited since") << QByteArray("1 ") << true << u"modify"_s;
    QTest::newRow("deleted since") << QByteArray() << false << u"modify"_s;
    QTest::newRow("edited before a deletion") << QByteArray("2") << true << u"delete"_s;
    QTest::newRow("in the way") << QByteArray("1") << true << u"create"_s;
}

void tst_FileChange::refusesWhatChanged()
{
    QFETCH(QByteArray, onDisk);
    QFETCH(bool, isThere);
    QFETCH(QString, kind);
    const ProjectFolder project;
    if (isThere)
        project.write(u"versions/a.py"_s, onDisk);
    FileChange change{.path = project.path(u"versions/a.py"_s)};
    if (kind != u"create")
        change.before = "1";
    if (kind != u"delete")
        change.after = "9";
    const auto before = project.files();
    const Status applied = apply({.changes = {change}});
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::Conflict);
    QVERIFY2(applied.error().message.contains(u"a.py"), qPrintable(applied.error().message));
    QCOMPARE(project.files(), before);
}

/// The last change can't be made: the others are taken back.
void tst_FileChange::nothingIsHalfDone()
{
    const ProjectFolder project;
    project.write(u"versions/a.py"_s, "1");
    project.write(u"versions/b.py"_s, "1");
    const auto before = project.files();
    const Status applied =
        apply({.changes = {{.path = project.path(u"versions/a.py"_s), .before = "1", .after = "2"},
                           {.path = project.path(u"versions/new.py"_s), .after = "2"},
                           {.path = project.path(u"versions/b.py"_s), .before = "1"},
                           {.path = project.path(u"nowhere/c.py"_s), .after = "2"}}});
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::Io);
    QCOMPARE(project.files(), before);
}

void tst_FileChange::followsLinks()
{
    const ProjectFolder project;
    project.write(u"real.py"_s, "1");
    const QString link = project.path(u"versions/a.py"_s);
    QVERIFY(QFile::link(project.path(u"real.py"_s), link));
    QVERIFY(apply({.changes = {{.path = link, .before = "1", .after = "2"}}}));
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(project.read(u"real.py"_s), "2");
    QVERIFY(!apply({.changes = {{.path = link, .before = "2"}}}));
}

int runFileChangeTest(int argc, char **argv)
{
    tst_FileChange test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_filechange.moc"
