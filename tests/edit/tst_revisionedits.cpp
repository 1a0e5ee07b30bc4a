#include "core/edit/revisionedits.h"
#include "projectfolder.h"

#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// a - b - c - d (head), e beside c; m merges d and e; s depends on b.
class tst_RevisionEdits : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void edits_data();
    void edits();
    void refuses_data();
    void refuses();
    void missingParentIsPointedElsewhere();
    void fileChangedMeanwhile();
    void sqlAndPythonTogether();
    void sqlTooLargeToEdit();

private:
    std::unique_ptr<ProjectFolder> m_project{};
};

using Make = std::function<Result<Edit>(const RevisionGraph &)>;
Q_DECLARE_METATYPE(Make)

void tst_RevisionEdits::init()
{
    m_project = std::make_unique<ProjectFolder>();
    m_project->revision(u"a"_s, u"None"_s);
    m_project->revision(u"b"_s, u"'a'"_s);
    m_project->revision(u"c"_s, u"'b'"_s);
    m_project->revision(u"d"_s, u"'c'"_s);
    m_project->revision(u"e"_s, u"'b'"_s, u"branch_labels = ('side',)"_s);
    m_project->revision(u"m"_s, u"('d', 'e')"_s);
    m_project->revision(u"s"_s, u"None"_s, u"depends_on = 'b'"_s);
}

/// "b:a c:b …": every revision with its parents.
static QString shape(const RevisionGraph &graph)
{
    QStringList parts;
    for (int node = 0; node < graph.revisionCount(); ++node)
        parts.append(graph.revision(node).id + u':'
                     + graph.revision(node).downRevisions.join(u','));
    return parts.join(u' ');
}

void tst_RevisionEdits::edits_data()
{
    QTest::addColumn<Make>("make");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QStringList>("touched");
    QTest::newRow("reparent") << Make([](const auto &g) { return reparent(g, u"d"_s, {u"b"_s}); })
                              << u"a: b:a c:b d:b e:b m:d,e s:"_s << QStringList{u"d"_s};
    QTest::newRow("to base") << Make([](const auto &g) { return reparent(g, u"b"_s, {}); })
                             << u"a: b: c:b d:c e:b m:d,e s:"_s << QStringList{u"b"_s};
    QTest::newRow("onto two") << Make([](const auto &g) {
        return reparent(g, u"s"_s, {u"m"_s, u"a"_s});
    }) << u"a: b:a c:b d:c e:b m:d,e s:m,a"_s
                              << QStringList{u"s"_s};
    QTest::newRow("move a run") << Make(
        [](const auto &g) { return moveChain(g, u"c"_s, u"d"_s, {u"e"_s}); })
                                << u"a: b:a c:e d:c e:b m:b,e s:"_s << QStringList{u"c"_s, u"m"_s};
    QTest::newRow("move one") << Make(
        [](const auto &g) { return moveChain(g, u"e"_s, u"e"_s, {u"c"_s}); })
                              << u"a: b:a c:b d:c e:c m:d,b s:"_s << QStringList{u"e"_s, u"m"_s};
    QTest::newRow("splice out") << Make([](const auto &g) { return spliceOut(g, u"c"_s); })
                                << u"a: b:a c:b d:b e:b m:d,e s:"_s << QStringList{u"d"_s};
    QTest::newRow("splice out a base") << Make([](const auto &g) { return spliceOut(g, u"a"_s); })
                                       << u"a: b: c:b d:c e:b m:d,e s:"_s << QStringList{u"b"_s};
    QTest::newRow("delete") << Make([](const auto &g) { return deleteRevision(g, u"d"_s); })
                            << u"a: b:a c:b e:b m:c,e s:"_s << QStringList{u"m"_s, u"d"_s};
    QTest::newRow("delete a head") << Make([](const auto &g) { return deleteRevision(g, u"m"_s); })
                                   << u"a: b:a c:b d:c e:b s:"_s << QStringList{u"m"_s};
    QTest::newRow("message") << Make(
        [](const auto &g) { return changeMessage(g, u"a"_s, u"begin"_s); })
                             << u"a: b:a c:b d:c e:b m:d,e s:"_s << QStringList{u"a"_s};
    QTest::newRow("labels") << Make(
        [](const auto &g) { return changeLabels(g, u"d"_s, {u"main"_s}); })
                            << u"a: b:a c:b d:c e:b m:d,e s:"_s << QStringList{u"d"_s};
    QTest::newRow("dependencies") << Make(
        [](const auto &g) { return changeDependencies(g, u"s"_s, {u"side"_s}); })
                                  << u"a: b:a c:b d:c e:b m:d,e s:"_s << QStringList{u"s"_s};
    QTest::newRow("properties") << Make([](const auto &g) {
        return changeProperties(g, u"d"_s,
                                {.labels = QStringList{u"main"_s},
                                 .dependsOn = QStringList{u"e"_s},
                                 .message = u"said better"_s});
    }) << u"a: b:a c:b d:c e:b m:d,e s:"_s
                                << QStringList{u"d"_s};
}

void tst_RevisionEdits::edits()
{
    QFETCH(Make, make);
    QFETCH(QString, after);
    QFETCH(QStringList, touched);
    const auto before = m_project->files();
    const auto edit = make(m_project->graph());
    QVERIFY2(edit, edit ? "" : qPrintable(edit.error().message));
    QCOMPARE(m_project->files(), before); // computed, not yet done
    QCOMPARE(edit->revisions, touched);
    QVERIFY(!edit->title.isEmpty());
    QVERIFY(apply(*edit));
    QCOMPARE(shape(m_project->graph()), after);
    QVERIFY(!m_project->graph().refusal());
    QVERIFY(m_project->files() != before);
    QVERIFY(apply(edit->inverted()));
    QCOMPARE(m_project->files(), before);
}

void tst_RevisionEdits::refuses_data()
{
    QTest::addColumn<Make>("make");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("ring") << Make([](const auto &g) { return reparent(g, u"b"_s, {u"m"_s}); })
                          << u"That would break the history: "_s;
    QTest::newRow("itself") << Make([](const auto &g) { return reparent(g, u"b"_s, {u"b"_s}); })
                            << u"b can't revise itself."_s;
    QTest::newRow("unknown parent")
        << Make([](const auto &g) { return reparent(g, u"b"_s, {u"zz"_s}); })
        << u"No file has the revision zz."_s;
    QTest::newRow("unknown") << Make([](const auto &g) { return reparent(g, u"zz"_s, {u"a"_s}); })
                             << u"No file has the revision zz."_s;
    QTest::newRow("not a run") << Make([](const auto &g) {
        return moveChain(g, u"e"_s, u"d"_s, {u"a"_s});
    }) << u"e and d are not the ends of one straight run."_s;
    QTest::newRow("into itself") << Make([](const auto &g) {
        return moveChain(g, u"c"_s, u"d"_s, {u"c"_s});
    }) << u"c is part of what is to be moved."_s;
    QTest::newRow("a dependency") << Make([](const auto &g) { return deleteRevision(g, u"b"_s); })
                                  << u"s depends on b"_s;
    QTest::newRow("label taken") << Make([](const auto &g) {
        return changeLabels(g, u"d"_s, {u"side"_s});
    }) << u"That would break the history: "_s;
    QTest::newRow("label in use") << Make([](const auto &g) {
        return changeDependencies(g, u"s"_s, {u"nope"_s});
    }) << u"That would break the history: "_s;
    QTest::newRow("no message") << Make([](const auto &g) {
        return changeMessage(g, u"a"_s, u"  "_s);
    }) << u"A revision's message can't be empty."_s;
    QTest::newRow("two paragraphs")
        << Make([](const auto &g) { return changeMessage(g, u"a"_s, u"x\n\ny"_s); })
        << u"A revision's message ends at its first empty line"_s;
    QTest::newRow("no message among properties") << Make([](const auto &g) {
        return changeProperties(g, u"a"_s, {.labels = QStringList{u"main"_s}, .message = u" "_s});
    }) << u"A revision's message can't be empty."_s;
    QTest::newRow("not missing") << Make([](const auto &g) {
        return replaceMissing(g, u"a"_s, u"b"_s);
    }) << u"a is not missing"_s;
    QTest::newRow("a tip") << Make([](const auto &g) { return spliceOut(g, u"m"_s); })
                           << u"Nothing revises m"_s;
}

void tst_RevisionEdits::refuses()
{
    QFETCH(Make, make);
    QFETCH(QString, sentence);
    const auto edit = make(m_project->graph());
    QVERIFY(!edit);
    QVERIFY2(edit.error().message.startsWith(sentence), qPrintable(edit.error().message));
}

void tst_RevisionEdits::missingParentIsPointedElsewhere()
{
    m_project->revision(u"x"_s, u"('gone', 'd')"_s);
    m_project->revision(u"y"_s, u"None"_s, u"depends_on = ['gone', 'a']"_s);
    QVERIFY(m_project->graph().refusal());
    const auto edit = replaceMissing(m_project->graph(), u"gone"_s, u"e"_s);
    QVERIFY2(edit, edit ? "" : qPrintable(edit.error().message));
    QVERIFY(apply(*edit));
    const RevisionGraph graph = m_project->graph();
    QVERIFY(!graph.refusal());
    QCOMPARE(graph.revision(graph.find(u"x"_s)).downRevisions, QStringList({u"e"_s, u"d"_s}));
    QCOMPARE(graph.revision(graph.find(u"y"_s)).dependsOn, QStringList({u"e"_s, u"a"_s}));
    // Nothing in its place: what is left stays.
    QVERIFY(apply(edit->inverted()));
    const auto cut = replaceMissing(m_project->graph(), u"gone"_s, {});
    QVERIFY(cut && apply(*cut));
    QVERIFY(m_project->read(u"versions/x.py"_s).contains("down_revision = 'd'\n"));
}

void tst_RevisionEdits::fileChangedMeanwhile()
{
    const RevisionGraph graph = m_project->graph();
    const auto edit = reparent(graph, u"d"_s, {u"b"_s});
    QVERIFY(edit);
    m_project->revision(u"d"_s, u"'a'"_s);
    const Status applied = apply(*edit);
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::Conflict);
    const auto again = reparent(graph, u"d"_s, {u"b"_s}); // the graph is old as well
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Conflict);
}

void tst_RevisionEdits::sqlAndPythonTogether()
{
    m_project->write(u"versions/q.sql"_s,
                     "-- revision: q\n-- revises: m\n\n-- upgrade\nSELECT 1;\n");
    m_project->revision(u"r"_s, u"'q'"_s);
    const auto edit = deleteRevision(m_project->graph(), u"m"_s);
    QVERIFY2(edit, edit ? "" : qPrintable(edit.error().message));
    QVERIFY(apply(*edit));
    QVERIFY(m_project->read(u"versions/q.sql"_s).startsWith("-- revision: q\n-- revises: d, e\n"));
}

/// Such a script is run all the same; the sentence says that it is its size that keeps it from an edit.
void tst_RevisionEdits::sqlTooLargeToEdit()
{
    const QByteArray header = "-- revision: q\n-- revises: m\n\n-- upgrade\n";
    m_project->write(u"versions/q.sql"_s, header);
    const RevisionGraph graph = m_project->graph();
    const QByteArray row = "INSERT INTO t VALUES (1);\n";
    m_project->write(u"versions/q.sql"_s, header + row.repeated((16 << 20) / row.size()));
    for (const auto &edit : {reparent(graph, u"q"_s, {u"d"_s}), deleteRevision(graph, u"q"_s)}) {
        QVERIFY(!edit);
        QCOMPARE(edit.error().code, ErrorCode::Unsupported);
        QCOMPARE(edit.error().message,
                 m_project->path(u"versions/q.sql"_s)
                     + u" is larger than 16 MiB, and SQL scripts above that can't be edited here; "
                       "change its header in a text editor."_s);
    }
}

int runRevisionEditsTest(int argc, char **argv)
{
    tst_RevisionEdits test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_revisionedits.moc"
