#include "core/graph/lanelayout.h"
#include "core/graph/versionrows.h"
#include "textgraph.h"

#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

QString changesText(const RowChanges &changes)
{
    QStringList texts;
    for (const VersionChange &change : changes.changes) {
        switch (change.kind) {
        case VersionChange::Kind::Insert: texts.append(u"+"_s + change.to); break;
        case VersionChange::Kind::Delete: texts.append(u"-"_s + change.from); break;
        case VersionChange::Kind::Update: texts.append(change.from + u">"_s + change.to); break;
        }
    }
    return texts.join(u' ');
}

} // namespace

class tst_RevisionGraph : public QObject
{
    Q_OBJECT
private slots:
    void identifiers_data();
    void identifiers();
    void startingRows();
    void rowChanges_data();
    void rowChanges();
    void stamps_data();
    void stamps();
    void warnsOfSeveralRows();
    void stepTitles();
    void appliedNodes();
    void rowsAreExactIds_data();
    void rowsAreExactIds();
    void longHistories_data();
    void longHistories();
};

void tst_RevisionGraph::identifiers_data()
{
    QTest::addColumn<QString>("identifier");
    QTest::addColumn<QString>("answer"); // begins with "!" when refused
    QTest::newRow("exact") << u"ae10"_s << u"ae10"_s;
    QTest::newRow("exact wins over longer") << u"ae10ff27d7c2"_s << u"ae10ff27d7c2"_s;
    QTest::newRow("prefix of one letter") << u"2"_s << u"27c6a30d7c24"_s;
    QTest::newRow("ambiguous") << u"ae1"_s << u"!Can't locate revision identified by 'ae1'"_s;
    QTest::newRow("case counts") << u"AE10F"_s << u"!Can't locate revision identified by 'AE10F'"_s;
    QTest::newRow("label") << u"shop"_s << u"27c6a30d7c24"_s;
    QTest::newRow("prefix of a label") << u"sho"_s << u"27c6a30d7c24"_s;
    QTest::newRow("head of a label") << u"shop@head"_s << u"27c6a30d7c24"_s;
    QTest::newRow("not of that branch")
        << u"shop@ae10ff27d7c2"_s << u"!Can't locate revision identified by 'ae10ff27d7c2'"_s;
    QTest::newRow("no such label")
        << u"nope@head"_s << u"!Can't locate revision identified by 'nope'"_s;
    QTest::newRow("base") << u"base"_s << QString();
    QTest::newRow("heads") << u"heads"_s << u"ae10ff27d7c2 27c6a30d7c24"_s;
    QTest::newRow("empty") << QString() << u"!Can't locate revision identified by ''"_s;
    QTest::newRow("one below each head") << u"-1"_s << u"ae10 ae10"_s;
}

void tst_RevisionGraph::identifiers()
{
    QFETCH(QString, identifier);
    QFETCH(QString, answer);
    const RevisionGraph graph =
        graphFromText(u"ae10: | ae10ff27d7c2: ae10 | 27c6a30d7c24: ae10 #shop"_s);
    const auto nodes = graph.resolve(identifier);
    QCOMPARE(nodes ? graph.ids(*nodes).join(u' ') : u'!' + nodes.error().message, answer);
}

void tst_RevisionGraph::startingRows()
{
    const RevisionGraph graph = graphFromText(u"a1: | a2: a1"_s);
    QCOMPARE(graph.startingRows(QString()).value(), QStringList());
    QCOMPARE(graph.startingRows(u"base"_s).value(), QStringList());
    QCOMPARE(graph.startingRows(u"head"_s).value(), QStringList{u"a2"_s});
    QCOMPARE(graph.startingRows(u"zz"_s).error().code, ErrorCode::NotFound);
}

void tst_RevisionGraph::rowChanges_data()
{
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("step"); // "+id" up, "-id" down
    QTest::addColumn<QString>("changes");
    QTest::newRow("first") << QString() << u"+m1"_s << u"+m1"_s;
    QTest::newRow("plain") << u"m1"_s << u"+m2"_s << u"m1>m2"_s;
    QTest::newRow("second branch") << u"m2"_s << u"+m3"_s << u"+m3"_s;
    QTest::newRow("merge") << u"m2,m3"_s << u"+m4"_s << u"-m2 m3>m4"_s;
    QTest::newRow("unmerge") << u"m4"_s << u"-m4"_s << u"+m2 m4>m3"_s;
    QTest::newRow("last of a branch") << u"m2,m3"_s << u"-m3"_s << u"-m3"_s;
    QTest::newRow("to base") << u"m1"_s << u"-m1"_s << u"-m1"_s;
    QTest::newRow("dependency is a merge") << u"d1,m1"_s << u"+d2"_s << u"-d1 m1>d2"_s;
    QTest::newRow("dependency implied by another row") << u"d1,m2"_s << u"+d2"_s << u"d1>d2"_s;
    QTest::newRow("row is not there") << u"m1"_s << u"-m2"_s << u"!"_s;
    QTest::newRow("row is there already") << u"m1"_s << u"+m1"_s << u"!"_s;
}

void tst_RevisionGraph::rowChanges()
{
    QFETCH(QString, rows);
    QFETCH(QString, step);
    QFETCH(QString, changes);
    const RevisionGraph graph =
        graphFromText(u"m1: | m2: m1 | m3: m1 | m4: m2 m3 | d1: | d2: d1 +m1"_s);
    const auto made =
        versionRowChanges(graph, rows.split(u',', Qt::SkipEmptyParts),
                          {graph.find(step.mid(1)),
                           step.startsWith(u'+') ? Direction::Upgrade : Direction::Downgrade});
    QCOMPARE(made ? changesText(*made) : u"!"_s, changes);
}

void tst_RevisionGraph::stamps_data()
{
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("steps");
    QTest::newRow("from nothing") << QString() << u"s2"_s << u"[ -> s2: +s2]"_s;
    QTest::newRow("up") << u"s1"_s << u"s3"_s << u"[s1 -> s3: s1>s3]"_s;
    QTest::newRow("down") << u"s3"_s << u"s1"_s << u"[s3 -> s1: s3>s1]"_s;
    QTest::newRow("there already") << u"s2"_s << u"s2"_s << QString();
    QTest::newRow("other branch") << u"s2"_s << u"p1"_s << u"[ -> p1: +p1]"_s;
    QTest::newRow("base") << u"s2,p1"_s << u"base"_s << u"[s2 -> : -s2][p1 -> : -p1]"_s;
    QTest::newRow("two rows to a merge") << u"s3,p1"_s << u"m"_s << u"[s3, p1 -> m: -s3 p1>m]"_s;
    QTest::newRow("several at once") << QString() << u"s3,p1"_s << u"[ -> s3: +s3][ -> p1: +p1]"_s;
    QTest::newRow("what Alembic dies of half-way") << u"m"_s << u"s3,p1"_s << u"!"_s;
    QTest::newRow("unknown") << u"s1"_s << u"zz"_s << u"!"_s;
    QTest::newRow("unknown row") << u"zz"_s << u"s1"_s << u"!"_s;
}

void tst_RevisionGraph::stamps()
{
    QFETCH(QString, rows);
    QFETCH(QString, to);
    QFETCH(QString, steps);
    const RevisionGraph graph = graphFromText(u"s1: | s2: s1 | s3: s2 | p1: | m: s3 p1"_s);
    const auto made = stampSteps(graph, to.split(u','), rows.split(u',', Qt::SkipEmptyParts));
    QString text = made ? QString() : u"!"_s;
    for (const StampStep &step : made ? *made : QList<StampStep>())
        text += u"[%1: %2]"_s.arg(step.title().mid(15), changesText(step.rows));
    QCOMPARE(text, steps);
}

void tst_RevisionGraph::warnsOfSeveralRows()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | x: | y: x"_s);
    QStringList warnings;
    const auto steps = graph.downgradeSteps(u"-1"_s, {u"y"_s, u"b"_s}, &warnings);
    QVERIFY(steps);
    QCOMPARE(steps->size(), 1);
    QCOMPARE(graph.revision(steps->constFirst().node).id, u"y"_s);
    QCOMPARE(warnings.size(), 1);
    QVERIFY(graph.downgradeSteps(u"-1"_s, {u"b"_s}, &warnings));
    QCOMPARE(warnings.size(), 1);
}

void tst_RevisionGraph::stepTitles()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | c: a | m: b c | e: +a"_s);
    QCOMPARE(graph.stepTitle({graph.find(u"a"_s), Direction::Upgrade}), u"upgrade  -> a"_s);
    QCOMPARE(graph.stepTitle({graph.find(u"m"_s), Direction::Upgrade}), u"upgrade b, c -> m"_s);
    QCOMPARE(graph.stepTitle({graph.find(u"m"_s), Direction::Downgrade}), u"downgrade m -> b, c"_s);
    QCOMPARE(graph.stepTitle({graph.find(u"e"_s), Direction::Upgrade}), u"upgrade  -> e"_s);
}

void tst_RevisionGraph::appliedNodes()
{
    const RevisionGraph graph = graphFromText(u"a: | b: a | x: | y: x +b | z: y"_s);
    QStringList unknown;
    const QBitArray applied = graph.appliedNodes({u"y"_s, u"gone"_s}, &unknown);
    QCOMPARE(applied.count(true), 4);
    QVERIFY(!applied.testBit(graph.find(u"z"_s)));
    QCOMPARE(unknown, QStringList{u"gone"_s});
}

void tst_RevisionGraph::rowsAreExactIds_data()
{
    QTest::addColumn<QString>("row");
    for (const char *row : {"head", "heads", "base", "aa1", "shop", "shop@aa11", "-1", "current", "gone"})
        QTest::newRow(row) << QString::fromLatin1(row);
}

/// What a version table says is no question to the history.
void tst_RevisionGraph::rowsAreExactIds()
{
    QFETCH(QString, row);
    const RevisionGraph graph = graphFromText(u"aa11: #shop | bb22: aa11"_s);
    QVERIFY(graph.currentNodes({u"aa11"_s}) && graph.historyRange(QStringList{u"aa11"_s}, {}));
    const auto nodes = graph.currentNodes({row});
    QVERIFY(!nodes);
    QCOMPARE(nodes.error().message, u"Can't locate revision identified by '%1'"_s.arg(row));
    QVERIFY(!graph.historyRange(QStringList{row}, u"heads"_s));
    QVERIFY(!graph.historyRange(u"base"_s, QStringList{row}));
}

void tst_RevisionGraph::longHistories_data()
{
    QTest::addColumn<int>("branches");
    QTest::newRow("straight") << 0;
    QTest::newRow("a branch and a merge now and then") << 10;
    QTest::newRow("nothing but branches and merges") << 3;
}

// 20,000 revisions: recursion on the chain's length or a set per revision would not survive this.
void tst_RevisionGraph::longHistories()
{
    QFETCH(int, branches);
    constexpr int count = 20'000;
    QList<Revision> revisions;
    for (int i = 0; i < count; ++i) {
        Revision revision{.id = u"rev%1"_s.arg(i, 6, 10, QLatin1Char('0'))};
        const bool isMerge = branches && i > 2 && i % branches == 0;
        const bool isBranch = branches && i > 2 && i % branches == branches - 1;
        if (i > 0)
            revision.downRevisions = {revisions[isBranch ? i - 2 : i - 1].id};
        if (isMerge)
            revision.downRevisions.append(revisions[i - 2].id);
        revisions.append(revision);
    }
    const RevisionGraph graph = RevisionGraph::build(revisions);
    QVERIFY(!graph.refusal());
    const QList<int> order = graph.historyOrder();
    QCOMPARE(order.size(), count);
    QList<int> position(count);
    for (int i = 0; i < count; ++i)
        position[order[i]] = i;
    for (int node = 0; node < count; ++node) {
        for (const int parent : graph.parents(node))
            QVERIFY(position[parent] > position[node]);
    }
    const auto plan = graph.upgradeSteps(u"heads"_s, {});
    QVERIFY(plan);
    QCOMPARE(plan->size(), count);
    QCOMPARE(layoutHistory(graph, order).size(), count);
}

int runRevisionGraphTest(int argc, char **argv)
{
    tst_RevisionGraph test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_revisiongraph.moc"
