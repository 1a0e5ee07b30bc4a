#include "core/graph/lanelayout.h"
#include "textgraph.h"

#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// "id@lane" and the lines: "i0>0" in, "p1>1" pass, "o0>1" out; "~" marks a dependency.
QString rowText(const RevisionGraph &graph, const HistoryRow &row)
{
    QStringList edges;
    for (const LaneEdge &edge : row.edges) {
        const QChar part = edge.part == LaneEdge::Part::In     ? u'i'
                           : edge.part == LaneEdge::Part::Pass ? u'p'
                                                               : u'o';
        const QString kind = edge.kind == LaneEdge::Kind::DependsOn ? u"~"_s : QString();
        edges.append(kind + part + QString::number(edge.fromLane) + u'>'
                     + QString::number(edge.toLane));
    }
    return u"%1@%2 %3"_s
        .arg(graph.revision(row.node).id, QString::number(row.lane), edges.join(u' '))
        .trimmed();
}

QList<int> ends(const HistoryRow &row, bool isLower)
{
    QList<int> lanes;
    for (const LaneEdge &edge : row.edges) {
        if (isLower && edge.part != LaneEdge::Part::In)
            lanes.append(edge.toLane);
        if (!isLower && edge.part != LaneEdge::Part::Out)
            lanes.append(edge.fromLane);
    }
    std::sort(lanes.begin(), lanes.end());
    lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());
    return lanes;
}

} // namespace

class tst_Lanes : public QObject
{
    Q_OBJECT
private slots:
    void layout_data();
    void layout();
    void linesMeetBetweenRows();
    void flags();
    void rangeHidesParents();
    void manyLanesStaySmall();
};

void tst_Lanes::layout_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QStringList>("rows");
    QTest::newRow("empty") << QString() << QStringList{};
    QTest::newRow("line") << u"a: | b: a | c: b"_s
                          << QStringList{u"c@0 o0>0"_s, u"b@0 i0>0 o0>0"_s, u"a@0 i0>0"_s};
    QTest::newRow("branch") << u"a: | b: a | c: a"_s
                            << QStringList{u"b@0 o0>0"_s, u"c@1 p0>0 o1>1"_s, u"a@0 i0>0 i1>0"_s};
    QTest::newRow("merge") << u"a: | b: a | c: a | m: b c"_s
                           << QStringList{u"m@0 o0>0 o0>1"_s, u"b@0 i0>0 p1>1 o0>0"_s,
                                          u"c@1 i1>1 p0>0 o1>1"_s, u"a@0 i0>0 i1>0"_s};
    QTest::newRow("dependency") << u"a: | x: | b: a +x"_s
                                << QStringList{u"b@0 o0>0 ~o0>1"_s, u"a@0 i0>0 ~p1>1"_s,
                                               u"x@1 ~i1>1"_s};
    QTest::newRow("two roots share a lane")
        << u"a: | b: a | x: | y: x"_s
        << QStringList{u"b@0 o0>0"_s, u"a@0 i0>0"_s, u"y@0 o0>0"_s, u"x@0 i0>0"_s};
}

void tst_Lanes::layout()
{
    QFETCH(QString, graph);
    QFETCH(QStringList, rows);
    const RevisionGraph built = graphFromText(graph);
    QStringList found;
    for (const HistoryRow &row : layoutHistory(built, built.historyOrder()))
        found.append(rowText(built, row));
    QCOMPARE(found, rows);
}

void tst_Lanes::linesMeetBetweenRows()
{
    QString text = u"r0:"_s;
    for (int i = 1; i < 200; ++i) {
        text += u"| r%1: r%2"_s.arg(i).arg(i * 7 % 3 == 0 ? i / 2 : i - 1);
        if (i % 11 == 0)
            text += u" r%1"_s.arg(i / 3);
        if (i % 13 == 0)
            text += u" +r%1"_s.arg(i / 5);
    }
    const RevisionGraph graph = graphFromText(text);
    const QList<HistoryRow> rows = layoutHistory(graph, graph.historyOrder());
    QCOMPARE(rows.size(), 200);
    QVERIFY(ends(rows.constFirst(), false).isEmpty());
    QVERIFY(ends(rows.constLast(), true).isEmpty());
    for (qsizetype i = 1; i < rows.size(); ++i)
        QCOMPARE(ends(rows[i], false), ends(rows[i - 1], true));
}

void tst_Lanes::flags()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | c: a | m: b c | d: | e: +d"_s);
    QHash<QString, HistoryRow> rows;
    for (const HistoryRow &row : layoutHistory(graph, graph.historyOrder()))
        rows.insert(graph.revision(row.node).id, row);
    QVERIFY(rows[u"a"_s].isBranchPoint && rows[u"a"_s].isBase);
    QVERIFY(rows[u"m"_s].isMergePoint && rows[u"m"_s].isHead);
    QVERIFY(!rows[u"m"_s].isEffectiveHead);
    QVERIFY(rows[u"d"_s].isEffectiveHead);
    QVERIFY(!rows[u"b"_s].isHead);
}

void tst_Lanes::rangeHidesParents()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | c: b"_s);
    const auto range = graph.historyRange(u"b"_s, u"c"_s);
    QVERIFY(range);
    const QList<HistoryRow> rows = layoutHistory(graph, *range);
    QCOMPARE(rows.size(), 2);
    QVERIFY(!rows[0].hasHiddenParents);
    QVERIFY(rows[1].hasHiddenParents);
    QVERIFY(ends(rows[1], true).isEmpty());
}

void tst_Lanes::manyLanesStaySmall()
{
    QString text = u"r0:"_s;
    for (int i = 1; i < 1000; ++i)
        text += u"| r%1: r0"_s.arg(i);
    const RevisionGraph graph = graphFromText(text);
    for (const HistoryRow &row : layoutHistory(graph, graph.historyOrder())) {
        QVERIFY(row.lane <= lastLane);
        if (row.node != graph.find(u"r0"_s))
            QVERIFY(row.edges.size() <= lastLane + 3);
    }
}

int runLanesTest(int argc, char **argv)
{
    tst_Lanes test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_lanes.moc"
