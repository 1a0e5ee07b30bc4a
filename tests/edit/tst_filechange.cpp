#include "core/edit/filechange.h"
#include "projectfolder.h"

#include <QFileInfo>
#include <QRegularExpression>
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
    void changedMeanwhile();
    void whatCannotBePutBackIsNamed();
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

/// Somebody saves the second file while the first is written.
void tst_FileChange::changedMeanwhile()
{
    const ProjectFolder project;
    project.write(u"versions/a.py"_s, "1");
    project.write(u"versions/b.py"_s, "1");
    project.write(u"versions/c.py"_s, "1");
    auto before = project.files();
    const Edit edit{
        .changes = {FileChange::newFolder(project.path(u"versions/sub"_s)),
                    {.path = project.path(u"versions/sub/n.py"_s), .after = "n"},
                    {.path = project.path(u"versions/a.py"_s), .before = "1", .after = "2"},
                    {.path = project.path(u"versions/c.py"_s), .before = "1"},
                    {.path = project.path(u"versions/b.py"_s), .before = "1", .after = "2"}}};
    const Status applied = apply(edit, [&project](qsizetype change) {
        if (change == 4)
            project.write(u"versions/b.py"_s, "theirs");
    });
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::Conflict);
    before.insert(u"b.py"_s, "theirs");
    QCOMPARE(project.files(), before);
    QVERIFY(!QFileInfo::exists(project.path(u"versions/sub"_s)));
    // A file that appears where one is to be made is not written over either.
    const QString fresh = project.path(u"versions/new.py"_s);
    QVERIFY(!apply({.changes = {{.path = fresh, .after = "x"}}},
                   [&project](qsizetype) { project.write(u"versions/new.py"_s, "theirs"); }));
    QCOMPARE(project.read(u"versions/new.py"_s), "theirs");
}

/// Files that were done already are changed by others before the edit fails: theirs are kept, and ours said.
void tst_FileChange::whatCannotBePutBackIsNamed()
{
    const ProjectFolder project;
    for (const char *name : {"a", "b", "c", "d"})
        project.write(u"versions/%1.py"_s.arg(QLatin1String(name)), "1");
    const auto at = [&project](const QString &name) { return project.path(u"versions/"_s + name); };
    const Edit edit{.changes = {{.path = at(u"new.py"_s), .after = "n"},
                                {.path = at(u"a.py"_s), .before = "1", .after = "2"},
                                {.path = at(u"b.py"_s), .before = "1"},
                                {.path = at(u"c.py"_s), .before = "1", .after = "2"},
                                {.path = at(u"d.py"_s), .before = "1", .after = "2"}}};
    const Status applied = apply(edit, [&project](qsizetype change) {
        if (change != 4)
            return;
        for (const char *name : {"new", "a", "b", "d"})
            project.write(u"versions/%1.py"_s.arg(QLatin1String(name)), "theirs");
    });
    QVERIFY(!applied);
    const QString message = applied.error().message;
    QCOMPARE(applied.error().code, ErrorCode::Io);
    QVERIFY2(message.startsWith(at(u"d.py"_s) + u" is no longer the text"_s), qPrintable(message));
    const QRegularExpression left(
        u"by hand: (\\S+)/b\\.py \\(its old text is in (\\S+)\\), "
        "\\S+/a\\.py \\(its old text is in (\\S+)\\), \\S+/new\\.py\\.$"_s);
    const auto match = left.match(message);
    QVERIFY2(match.hasMatch(), qPrintable(message));
    for (const int kept : {2, 3})
        QCOMPARE(project.read(u"versions/"_s + QFileInfo(match.captured(kept)).fileName()), "1");
    QCOMPARE(project.files().size(), 7); // the five, and the two old texts
    QCOMPARE(project.read(u"versions/a.py"_s), "theirs");
    QCOMPARE(project.read(u"versions/c.py"_s), "1");
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
