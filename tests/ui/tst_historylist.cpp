#include "suites.h"

#include "samples.h"
#include "ui/history/historylist.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// Folding, searching and who wrote what, in the list of revisions.
class tst_HistoryList : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_page.reset(); }
    void runsAreOneLine();
    void aClickOpensAndLeftFolds();
    void keysOpenAndFold();
    void selectingOpensWhatHides();
    void searchLooksIntoFolds();
    void databasesAreNeverFolded();
    void aFoldedLineStandsForItsRevisions();
    void keysSelectApart();
    void newRowsKeepWhatIsOpen();
    void authorsAreShownAndFound();
    void mutingDrawsBackTheOtherSide();
    void otherDatabasesAreNamed();

private:
    HistoryModel *model() const { return m_page->model(); }
    HistoryView *view() const { return m_page->view(); }
    HistoryList *list() const { return view()->list(); }
    QString textOf(int line, int column = HistoryModel::MessageColumn) const
    {
        return list()->index(line, column).data().toString();
    }

    std::unique_ptr<HistoryPage> m_page{};
};

namespace {

/// r0 … r\a last in a row.
QString chainOf(int last)
{
    QString edges = u"r0:\n"_s;
    for (int i = 1; i <= last; ++i)
        edges += u"r%1: r%2\n"_s.arg(i).arg(i - 1);
    return edges;
}

} // namespace

/// r40 at the top, a fold of 28, r11, x, r10 that both revise, a fold of 9, r0.
void tst_HistoryList::init()
{
    m_page = std::make_unique<HistoryPage>();
    m_page->resize(900, 600);
    view()->setFolding(true);
    model()->setHistory(samples::history(chainOf(40) + u"x: r10"_s));
    m_page->show();
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    view()->setFocus();
}

void tst_HistoryList::runsAreOneLine()
{
    const QAbstractItemModelTester tester(list());
    QCOMPARE(list()->rowCount(), 7);
    QCOMPARE(textOf(1), u"28 revisions"_s);
    QCOMPARE(list()->index(1, 0).data(HistoryList::FoldRole).toInt(), 28);
    const QString spoken = list()->index(1, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.startsWith(u"28 revisions, folded"_s), qPrintable(spoken));
    QCOMPARE(list()->lineOf(u"r20"_s), -1);
    view()->setFolding(false);
    QCOMPARE(list()->rowCount(), 42);
}

void tst_HistoryList::aClickOpensAndLeftFolds()
{
    const QRect line = view()->visualRect(list()->index(1, HistoryModel::MessageColumn));
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, Qt::ControlModifier, line.center());
    QCOMPARE(list()->rowCount(), 7); // only selected
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, line.center());
    QCOMPARE(list()->rowCount(), 7 + 27);
    QCOMPARE(view()->selectedId(), u"r39"_s);
    QTest::keyClick(view(), Qt::Key_Left);
    QCOMPARE(list()->rowCount(), 7);
    QCOMPARE(view()->currentIndex().row(), 1);
    QVERIFY(view()->selectedId().isEmpty());
}

void tst_HistoryList::keysOpenAndFold()
{
    view()->select(u"r40"_s);
    QTest::keyClick(view(), Qt::Key_Down);
    QCOMPARE(view()->selectedIds().size(), 28);
    QTest::keyClick(view(), Qt::Key_Return);
    QCOMPARE(view()->selectedId(), u"r39"_s);
    QTest::keyClick(view(), Qt::Key_Left);
    QTest::keyClick(view(), Qt::Key_Right);
    QCOMPARE(view()->selectedId(), u"r39"_s);
    QTest::keyClick(view(), Qt::Key_Down, Qt::ControlModifier); // to the parent
    QCOMPARE(view()->selectedId(), u"r38"_s);
    QTest::keyClick(view(), Qt::Key_Left);
    QTest::keyClick(view(), Qt::Key_Up, Qt::ControlModifier); // from the fold to its child
    QCOMPARE(view()->selectedId(), u"r40"_s);
    QTest::keyClick(view(), Qt::Key_Down);
    QTest::keyClick(view(), Qt::Key_Down, Qt::ControlModifier); // and to its parent
    QCOMPARE(view()->selectedId(), u"r11"_s);
}

void tst_HistoryList::selectingOpensWhatHides()
{
    view()->select(u"r5"_s);
    QCOMPARE(view()->selectedId(), u"r5"_s);
    QCOMPARE(list()->rowCount(), 7 + 8);
    QVERIFY(view()->viewport()->rect().intersects(view()->visualRect(view()->currentIndex())));
}

void tst_HistoryList::searchLooksIntoFolds()
{
    m_page->setFilter(u"of r2"_s);
    QCOMPARE(list()->rowCount(), 11); // r2, r20 … r29
    view()->select(u"r20"_s);
    m_page->setFilter({});
    QCOMPARE(view()->selectedId(), u"r20"_s);
    QCOMPARE(list()->rowCount(), 7 + 27); // its run stays open
}

void tst_HistoryList::databasesAreNeverFolded()
{
    model()->setStates(u"local"_s, {{u"r20"_s, RevisionState::Current}});
    QVERIFY(list()->lineOf(u"r20"_s) > 0);
    model()->setPositions({{u"r30"_s, {u"staging"_s}}});
    QVERIFY(list()->lineOf(u"r30"_s) > 0);
    view()->selectCurrentPosition();
    QCOMPARE(view()->selectedId(), u"r20"_s);
    model()->setStates({}, {});
    model()->setPositions({});
    Diagnostic error;
    error.revision = u"r5"_s;
    model()->setDiagnostics({error});
    QVERIFY(list()->lineOf(u"r20"_s) < 0 || list()->rowCount() > 7);
    QVERIFY(list()->lineOf(u"r5"_s) > 0);
}

void tst_HistoryList::aFoldedLineStandsForItsRevisions()
{
    view()->select(u"r40"_s);
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);
    QStringList ids = view()->selectedIds();
    QCOMPARE(ids.size(), 29);
    QCOMPARE(ids.constFirst(), u"r40"_s);
    QCOMPARE(ids.constLast(), u"r12"_s);
    QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 28);
    QVERIFY(!list()->flags(list()->index(1, 0)).testFlag(Qt::ItemIsDropEnabled));
}

/// Two that are no neighbours, by keyboard alone.
void tst_HistoryList::keysSelectApart()
{
    view()->select(u"r40"_s);
    const QStringList first = view()->selectedIds();
    QTest::keyClick(view(), Qt::Key_Down, Qt::AltModifier);
    QTest::keyClick(view(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(view()->selectedIds(), first);
    QTest::keyClick(view(), Qt::Key_Space, Qt::ControlModifier);
    const QStringList both = view()->selectedIds();
    QCOMPARE(both.size(), first.size() + 1);
    QCOMPARE(both.constFirst(), u"r40"_s);
    QVERIFY(list()->lineOf(both.constLast()) == list()->lineOf(u"r40"_s) + 2);
}

void tst_HistoryList::newRowsKeepWhatIsOpen()
{
    view()->select(u"r20"_s);
    view()->select(u"r0"_s);
    model()->setHistory(samples::history(chainOf(42) + u"x: r10"_s));
    QVERIFY(list()->lineOf(u"r20"_s) > 0);
    QCOMPARE(view()->selectedId(), u"r0"_s);
    QVERIFY(list()->lineOf(u"r5"_s) < 0);
}

void tst_HistoryList::authorsAreShownAndFound()
{
    HistoryData history = samples::branchedHistory();
    QList<Revision> revisions;
    for (int node = 0; node < history.graph.nodeCount(); ++node) {
        revisions << history.graph.revision(node);
        revisions.last().file = u"/versions/%1.py"_s.arg(revisions.last().id);
    }
    revisions[2].createDate.clear();
    history.graph = RevisionGraph::build(revisions);
    model()->setHistory(history);
    const int column = HistoryModel::AuthorColumn;
    QVERIFY(view()->isColumnHidden(column));
    const Authorship author{.name = u"Ada"_s,
                            .email = u"ada@example.org"_s,
                            .date = QDateTime(QDate(2021, 5, 4), QTime(12, 0)),
                            .commit = u"0123456789abcdef"_s,
                            .summary = u"<b>prices</b>"_s};
    model()->setAuthors({{u"/versions/c.py"_s, author}});
    m_page->resize(1600, 600);
    QTRY_VERIFY(!view()->isColumnHidden(column));
    const QModelIndex cell = list()->index(list()->lineOf(u"c"_s), column);
    QCOMPARE(cell.data().toString(), u"Ada"_s);
    const QString tip = cell.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(u"0123456789"_s) && !tip.contains(u"<b>"_s), qPrintable(tip));
    QCOMPARE(cell.siblingAtColumn(HistoryModel::DateColumn).data().toString(),
             shownDate(author.date, QDate::currentDate()));
    const QString spoken = cell.siblingAtColumn(0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.contains(u"by Ada"_s), qPrintable(spoken));
    model()->setAuthors({});
    QTRY_VERIFY(view()->isColumnHidden(column));
}

void tst_HistoryList::mutingDrawsBackTheOtherSide()
{
    model()->setStates(u"local"_s,
                       {{u"x"_s, RevisionState::Pending}, {u"r0"_s, RevisionState::Applied}});
    const auto isMuted = [this](const QString &id) {
        return model()->index(model()->rowOf(id), 0).data(HistoryModel::MutedRole).toBool();
    };
    QVERIFY(isMuted(u"x"_s) && !isMuted(u"r0"_s));
    model()->setAppliedMuted(true);
    QVERIFY(!isMuted(u"x"_s) && isMuted(u"r0"_s));
}

void tst_HistoryList::otherDatabasesAreNamed()
{
    model()->setStates(u"local"_s, {{u"x"_s, RevisionState::Current}});
    model()->setPositions({{u"x"_s, {u"staging"_s, u"tenant"_s}}});
    QStringList chips;
    const QVariant value = model()->index(model()->rowOf(u"x"_s), 1).data(HistoryModel::ChipsRole);
    for (const Chip &chip : value.value<QList<Chip>>())
        chips << chip.text;
    QCOMPARE(chips.mid(0, 3),
             (QStringList{u"local is here"_s, u"staging is here"_s, u"tenant is here"_s}));
    const QString spoken =
        model()->index(model()->rowOf(u"x"_s), 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.contains(u"tenant is here"_s), qPrintable(spoken));
}

int runHistoryList(int argc, char **argv)
{
    tst_HistoryList test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_historylist.moc"
