#include "core/graph/historyfolds.h"
#include "core/graph/searchindex.h"
#include "textgraph.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_HistoryFolds : public QObject
{
    Q_OBJECT
private slots:
    void straightRunsFold_data();
    void straightRunsFold();
    void linesThroughARunAreAlike();
    void keptRowsPartARun();
    void whatWasOpenedStaysOpen();
    void searchFinds_data();
    void searchFinds();
};

namespace {

struct Listed
{
    explicit Listed(const QString &text)
        : graph(graphFromText(text))
        , rows(layoutHistory(graph, graph.historyOrder()))
    {
        folds.setHistory(graph, rows);
        folds.setOn(true);
    }
    /// "r9 [7] r1": ids from above, runs by their length.
    QString shown() const
    {
        QStringList parts;
        for (const HistoryLine &line : folds.lines())
            parts << (line.count > 1 ? u"[%1]"_s.arg(line.count) : id(line.row));
        return parts.join(u' ');
    }
    QString id(int row) const { return graph.revision(rows[row].node).id; }
    int row(const QString &id) const
    {
        for (int i = 0; i < rows.size(); ++i) {
            if (this->id(i) == id)
                return i;
        }
        return -1;
    }

    RevisionGraph graph;
    QList<HistoryRow> rows;
    HistoryFolds folds{};
};

/// r0 to r\a last, each on the one before.
QString chain(int last, const QString &prefix = u"r"_s, const QString &parent = {})
{
    QString text = prefix + u"0:"_s + parent;
    for (int i = 1; i <= last; ++i)
        text += u" | %1%2: %1%3"_s.arg(prefix).arg(i).arg(i - 1);
    return text;
}

} // namespace

void tst_HistoryFolds::straightRunsFold_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("shown");
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("too short") << chain(8) << u"r8 r7 r6 r5 r4 r3 r2 r1 r0"_s;
    QTest::newRow("long enough") << chain(9) << u"r9 [8] r0"_s;
    QTest::newRow("a branch on it")
        << chain(20) + u" | x: r5"_s << u"r20 [13] r6 x r5 r4 r3 r2 r1 r0"_s;
    QTest::newRow("a label") << chain(20) + u" | r21: r20 #api | r22: r21"_s
                             << u"r22 r21 [20] r0"_s;
    QTest::newRow("a dependency on it")
        << chain(20) + u" | x: +r10"_s << u"r20 [8] r11 x r10 [9] r0"_s;
    QTest::newRow("a merge") << chain(10) + u" | "_s + chain(10, u"s"_s, u" r0"_s)
                                    + u" | m: r10 s10"_s
                             << u"m [9] r1 s10 [10] r0"_s;
    QTest::newRow("a missing parent") << chain(12, u"r"_s, u" gone"_s) << u"r12 [12] gone"_s;
}

void tst_HistoryFolds::straightRunsFold()
{
    QFETCH(QString, graph);
    QFETCH(QString, shown);
    Listed listed(graph);
    QCOMPARE(listed.shown(), shown);
    listed.folds.setOn(false);
    QCOMPARE(listed.folds.lines().size(), listed.rows.size());
    QVERIFY(!listed.folds.runAt(1));
}

void tst_HistoryFolds::linesThroughARunAreAlike()
{
    const Listed listed(chain(60) + u" | x: r30 | "_s + chain(30, u"s"_s, u" r10"_s)
                        + u" | m: r60 s30"_s);
    int folded = 0;
    for (const HistoryLine &line : listed.folds.lines()) {
        for (int row = line.row; line.count > 1 && row < line.row + line.count; ++row, ++folded) {
            QCOMPARE(listed.rows[row].lane, listed.rows[line.row].lane);
            QCOMPARE(listed.rows[row].edges, listed.rows[line.row].edges);
        }
    }
    QVERIFY(folded > 40);
}

void tst_HistoryFolds::keptRowsPartARun()
{
    Listed listed(chain(30));
    QBitArray kept(listed.rows.size());
    kept.setBit(listed.row(u"r20"_s));
    listed.folds.setKept(kept);
    QCOMPARE(listed.shown(), u"r30 [9] r20 [19] r0"_s);
}

void tst_HistoryFolds::whatWasOpenedStaysOpen()
{
    Listed listed(chain(12) + u" | x: r0"_s);
    const auto run = listed.folds.runAt(listed.row(u"r6"_s));
    QVERIFY(run && !listed.folds.isOpen(*run));
    listed.folds.open(*run);
    QCOMPARE(listed.folds.lines().size(), listed.rows.size());
    QVERIFY(listed.folds.isOpen(*listed.folds.runAt(listed.row(u"r3"_s))));

    const Listed longer(chain(14) + u" | x: r0"_s);
    listed.folds.setHistory(longer.graph, longer.rows);
    QCOMPARE(listed.folds.lines().size(), longer.rows.size());
    listed.folds.close(*listed.folds.runAt(longer.row(u"r6"_s)));
    QVERIFY(listed.folds.lines().size() < longer.rows.size());
}

void tst_HistoryFolds::searchFinds_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("found"); // ids, newest first
    QTest::newRow("nothing asked") << u"  "_s << u"34ab 12ab 0cd"_s;
    QTest::newRow("an id's beginning") << u"12"_s << u"12ab"_s;
    QTest::newRow("not its middle") << u"4ab"_s << QString();
    QTest::newRow("the message, in any case") << u"ADD user"_s << u"12ab 0cd"_s;
    QTest::newRow("words in any order") << u"table user"_s << u"0cd"_s;
    QTest::newRow("a word in each row's end") << u"sTRAß"_s << u"34ab"_s;
    QTest::newRow("a label") << u"billing"_s << u"34ab 12ab 0cd"_s;
    QTest::newRow("a name of the script") << u"invoices.tot"_s << u"34ab"_s;
    QTest::newRow("never across rows") << u"tableadd"_s << QString();
    QTest::newRow("id and text together") << u"34 invoices"_s << u"34ab"_s;
}

void tst_HistoryFolds::searchFinds()
{
    QFETCH(QString, query);
    QFETCH(QString, found);
    QList<Revision> revisions = revisionsFromText(u"0cd: #billing | 12ab: 0cd | 34ab: 12ab"_s);
    revisions[0].message = u"add user table"_s;
    revisions[1].message = u"Add a user’s name"_s;
    revisions[2].message = u"Straße"_s;
    const RevisionGraph graph = RevisionGraph::build(revisions);
    const QList<HistoryRow> rows = layoutHistory(graph, graph.historyOrder());
    const SearchIndex index =
        historyIndex(graph, rows, {{u"34ab"_s, {u"invoices.total"_s, u"invoices"_s}}});
    QStringList ids;
    for (const HistoryLine &line : linesOf(index.matching(query)))
        ids << graph.revision(rows[line.row].node).id;
    QCOMPARE(ids.join(u' '), found);
    QCOMPARE(SearchIndex().matching(query), QBitArray());
}

int runHistoryFoldsTest(int argc, char **argv)
{
    tst_HistoryFolds test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_historyfolds.moc"
