#include "core/edit/historydrop.h"
#include "core/edit/revisionedits.h"
#include "projectfolder.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// a - b - c - d (head), e (head) on b; m merges nothing; s depends on b and is a head; x stands on a missing one.
class tst_HistoryDrop : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void drops_data();
    void drops();
    void refuses_data();
    void refuses();
    void mergesAreNoMoves();
    void touchedAndDeleted();

private:
    ProjectFolder m_project{};
    RevisionGraph m_graph{};
};

void tst_HistoryDrop::initTestCase()
{
    m_project.revision(u"a"_s, u"None"_s);
    m_project.revision(u"b"_s, u"'a'"_s);
    m_project.revision(u"c"_s, u"'b'"_s);
    m_project.revision(u"d"_s, u"'c'"_s);
    m_project.revision(u"e"_s, u"'b'"_s);
    m_project.revision(u"s"_s, u"None"_s, u"depends_on = 'b'"_s);
    m_project.revision(u"x"_s, u"'gone'"_s);
    m_graph = m_project.graph();
}

using Kind = HistoryDrop::Kind;

void tst_HistoryDrop::drops_data()
{
    QTest::addColumn<QStringList>("dragged");
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("isMoving");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("ends");
    QTest::newRow("head on head") << QStringList{u"e"_s} << u"d"_s << false << Kind::Merge
                                  << u"e e"_s;
    QTest::newRow("moved head") << QStringList{u"e"_s} << u"d"_s << true << Kind::Reparent
                                << u"e e"_s;
    QTest::newRow("head on node") << QStringList{u"e"_s} << u"a"_s << false << Kind::Reparent
                                  << u"e e"_s;
    QTest::newRow("node on head") << QStringList{u"c"_s} << u"e"_s << false << Kind::Reparent
                                  << u"c c"_s;
    QTest::newRow("run") << QStringList{u"c"_s, u"d"_s} << u"e"_s << false << Kind::MoveChain
                         << u"c d"_s;
    QTest::newRow("run, other way round")
        << QStringList{u"d"_s, u"c"_s} << u"a"_s << false << Kind::MoveChain << u"c d"_s;
    QTest::newRow("base") << QStringList{u"s"_s} << u"a"_s << false << Kind::Reparent << u"s s"_s;
    QTest::newRow("run within its own line")
        << QStringList{u"b"_s, u"c"_s} << u"d"_s << false << Kind::MoveChain << u"b c"_s;
}

void tst_HistoryDrop::drops()
{
    QFETCH(QStringList, dragged);
    QFETCH(QString, target);
    QFETCH(bool, isMoving);
    QFETCH(Kind, kind);
    QFETCH(QString, ends);
    const auto drop = dropOn(m_graph, dragged, target, isMoving);
    QVERIFY2(drop, drop ? "" : qPrintable(drop.error().message));
    QCOMPARE(drop->kind, kind);
    QCOMPARE(drop->first + u' ' + drop->last, ends);
    QCOMPARE(drop->target, target);
}

void tst_HistoryDrop::refuses_data()
{
    QTest::addColumn<QStringList>("dragged");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("sentence");
    const auto crooked = u"Only one revision, or several that follow"_s;
    QTest::newRow("nothing") << QStringList() << u"a"_s << u"Drop it on another revision."_s;
    QTest::newRow("itself") << QStringList{u"b"_s} << u"b"_s << u"Drop it on another revision."_s;
    QTest::newRow("into the run") << QStringList{u"c"_s, u"d"_s} << u"d"_s
                                  << u"Drop it on another revision."_s;
    QTest::newRow("on its parent") << QStringList{u"c"_s} << u"b"_s << u"c revises b already."_s;
    QTest::newRow("on its child") << QStringList{u"b"_s} << u"d"_s << u"d stands on b"_s;
    QTest::newRow("on what depends on it") << QStringList{u"b"_s} << u"s"_s << u"s stands on b"_s;
    QTest::newRow("with a gap") << QStringList{u"b"_s, u"d"_s} << u"e"_s << crooked;
    QTest::newRow("two branches") << QStringList{u"c"_s, u"e"_s} << u"a"_s << crooked;
    QTest::newRow("unknown") << QStringList{u"zz"_s} << u"a"_s << u"No file has the revision zz."_s;
    QTest::newRow("on a missing one")
        << QStringList{u"e"_s} << u"gone"_s << u"No file has the revision gone."_s;
}

void tst_HistoryDrop::refuses()
{
    QFETCH(QStringList, dragged);
    QFETCH(QString, target);
    QFETCH(QString, sentence);
    const auto drop = dropOn(m_graph, dragged, target);
    QVERIFY(!drop);
    QVERIFY2(drop.error().message.startsWith(sentence), qPrintable(drop.error().message));
}

void tst_HistoryDrop::mergesAreNoMoves()
{
    const auto drop = dropOn(m_graph, {u"e"_s}, u"d"_s);
    QVERIFY(drop && !movedBy(m_graph, *drop));
}

void tst_HistoryDrop::touchedAndDeleted()
{
    const auto deletion = deleteRevision(m_graph, u"c"_s);
    QVERIFY(deletion);
    QCOMPARE(deletedRevisions(m_graph, *deletion), QStringList{u"c"_s});
    QCOMPARE(touchedRevisions(m_graph, *deletion), QStringList({u"d"_s, u"c"_s}));
    QVERIFY(deletedRevisions(m_graph, deletion->inverted()).isEmpty());
    const QString file = m_graph.revision(m_graph.find(u"e"_s)).file;
    const Edit creation{.changes = {{.path = file, .after = QByteArray("x")}}};
    QVERIFY(creation.revisions.isEmpty()); // nobody had it when it was made
    QCOMPARE(deletedRevisions(m_graph, creation.inverted()), QStringList{u"e"_s});
}

int runHistoryDropTest(int argc, char **argv)
{
    tst_HistoryDrop test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_historydrop.moc"
