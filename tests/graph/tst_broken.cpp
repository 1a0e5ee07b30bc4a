#include "textgraph.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Broken histories: Alembic's refusal, our diagnostics, and a graph that answers all the same.
class tst_Broken : public QObject
{
    Q_OBJECT
private slots:
    void refusals_data();
    void refusals();
    void missingParentIsAGhost();
    void repeatedIdKeepsTheLaterFile();
    void cycleDoesNotHideTheRest();
    void orderHoldsEveryNodeOnce_data();
    void orderHoldsEveryNodeOnce();
};

void tst_Broken::refusals_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("refusal");
    QTest::addColumn<QString>("codes");
    QTest::newRow("sound") << u"a: | b: a"_s << QString() << QString();
    QTest::newRow("no revision") << QString() << QString() << QString();
    QTest::newRow("cycle of all") << u"c1: c2 | c2: c1"_s
                                  << u"Cycle is detected in revisions (c1, c2)"_s
                                  << u"revision-cycle revision-cycle"_s;
    QTest::newRow("cycle beside") << u"a: | b: a | q2: q1 | q1: q2"_s
                                  << u"Cycle is detected in revisions (q1, q2)"_s
                                  << u"revision-cycle revision-cycle"_s;
    QTest::newRow("self loop") << u"l1: | l2: l2"_s << u"Self-loop is detected in revisions (l2)"_s
                               << u"self-loop"_s;
    QTest::newRow("own dependency")
        << u"o1: | o2: o1 +o2"_s << u"Dependency self-loop is detected in revisions (o2)"_s
        << u"self-loop"_s;
    QTest::newRow("dependency cycle")
        << u"k1: | k2: k1 +n2 | n1: | n2: n1 +k2"_s
        << u"Dependency cycle is detected in revisions (k1, k2, n1, n2)"_s
        << u"revision-cycle revision-cycle"_s;
    QTest::newRow("missing parent")
        << u"f2: f1"_s << u"Revision f1 referenced from f2 is not present"_s << u"missing-parent"_s;
    QTest::newRow("missing dependency")
        << u"f2: +gone"_s << u"Revision f2 depends on 'gone', which is not present"_s
        << u"missing-dependency"_s;
    QTest::newRow("illegal id")
        << u"bad-id@x:"_s << u"Character(s) '-, @' not allowed in revision identifier 'bad-id@x'"_s
        << u"illegal-id"_s;
    QTest::newRow("label twice")
        << u"v1: #red | v2: v1 #red"_s
        << u"Branch name 'red' in revision v2 already used by revision v1"_s
        << u"duplicate-label"_s;
    QTest::newRow("label is an id")
        << u"v1: | v2: v1 #v1"_s << u"Branch name 'v1' in revision v2 already used by revision v1"_s
        << u"duplicate-label"_s;
    QTest::newRow("label as parent")
        << u"v1: #red | v2: red"_s << u"Revision red referenced from v2 is not present"_s
        << u"missing-parent"_s;
    QTest::newRow("id twice") << u"w1: | w2: w1 | w2: w1"_s << QString() << u"duplicate-revision"_s;
}

void tst_Broken::refusals()
{
    QFETCH(QString, graph);
    QFETCH(QString, refusal);
    QFETCH(QString, codes);
    Diagnostics diagnostics;
    const RevisionGraph built = graphFromText(graph, &diagnostics);
    QCOMPARE(built.refusal() ? built.refusal()->message : QString(), refusal);
    QStringList found;
    for (const Diagnostic &diagnostic : std::as_const(diagnostics)) {
        found.append(diagnostic.code);
        QVERIFY2(diagnostic.message.contains(u".py"), qPrintable(diagnostic.message));
        QVERIFY(diagnostic.file.startsWith(u"/versions/"));
    }
    QCOMPARE(found.join(u' '), codes);
}

void tst_Broken::missingParentIsAGhost()
{
    const RevisionGraph graph = graphFromText(u"b: a | c: b"_s);
    QCOMPARE(graph.revisionCount(), 2);
    QCOMPARE(graph.nodeCount(), 3);
    const int ghost = graph.find(u"a"_s);
    QVERIFY(graph.isGhost(ghost));
    QVERIFY(!graph.isBase(ghost));
    QCOMPARE(graph.ids(graph.historyOrder()), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
    QVERIFY(!graph.resolve(u"a"_s)); // known as a name, not as a revision
    QVERIFY(!graph.upgradeSteps(u"c-2"_s, {}));
}

void tst_Broken::repeatedIdKeepsTheLaterFile()
{
    QList<Revision> revisions = revisionsFromText(u"w1: | w2: w1 | w2: w1"_s);
    revisions[2].message = u"second copy"_s;
    const RevisionGraph graph = RevisionGraph::build(revisions);
    QCOMPARE(graph.revision(graph.find(u"w2"_s)).message, u"second copy"_s);
    QCOMPARE(graph.ids(graph.heads()), (QStringList{u"w2"_s, u"w2"_s}));
    QVERIFY(!graph.upgradeSteps(u"head"_s, {})); // which of the two files is not ours to choose
}

void tst_Broken::cycleDoesNotHideTheRest()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | q1: q2 | q2: q1 | c: b"_s);
    QVERIFY(graph.isInCycle(graph.find(u"q1"_s)));
    QVERIFY(!graph.isInCycle(graph.find(u"c"_s)));
    const QStringList order = graph.ids(graph.historyOrder());
    QVERIFY(order.indexOf(u"c"_s) < order.indexOf(u"b"_s));
    QVERIFY(order.indexOf(u"b"_s) < order.indexOf(u"a"_s));
}

void tst_Broken::orderHoldsEveryNodeOnce_data()
{
    QTest::addColumn<QString>("graph");
    QTest::newRow("ring of three") << u"a: c | b: a | c: b"_s;
    QTest::newRow("ring with a tail") << u"a: c | b: a | c: b | d: c | e: d"_s;
    QTest::newRow("two rings, one bridge") << u"a: b | b: a | m: b | c: m d | d: c"_s;
    QTest::newRow("ring through a dependency") << u"a: +c | b: a | c: b"_s;
    QTest::newRow("two ghosts") << u"a: x +y | b: a y"_s;
    QTest::newRow("parent named twice") << u"a: | b: a a +a"_s;
}

void tst_Broken::orderHoldsEveryNodeOnce()
{
    QFETCH(QString, graph);
    const RevisionGraph built = graphFromText(graph);
    QList<int> order = built.historyOrder();
    std::sort(order.begin(), order.end());
    QList<int> all(built.nodeCount());
    std::iota(all.begin(), all.end(), 0);
    QCOMPARE(order, all);
}

int runBrokenTest(int argc, char **argv)
{
    tst_Broken test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_broken.moc"
