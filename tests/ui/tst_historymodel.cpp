#include "suites.h"

#include "samples.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/emptystate.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_HistoryModel : public QObject
{
    Q_OBJECT
private slots:
    void rowsAreNewestFirst();
    void statesArriveWithoutReset();
    void sameRowsKeepTheSelection();
    void chipsSayWhereTheDatabaseIs();
    void accessibleTextTellsTheWholeRow();
    void hostileTextIsDefused();
    void diagnosticsBecomeNotes();
    void datesForReaders_data();
    void datesForReaders();
    void filterFindsTables();
    void idsAreFoundByTheirBeginning();
    void narrowViewsKeepTheMessage();
    void keysWalkTheGraph();
    void tenThousandRowsAreUniform();
};

void tst_HistoryModel::rowsAreNewestFirst()
{
    HistoryModel model;
    const QAbstractItemModelTester tester(&model);
    model.setHistory(samples::branchedHistory());
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(model.idAt(0), u"e"_s);
    QCOMPARE(model.idAt(4), u"a"_s);
    QCOMPARE(model.rowOf(u"e"_s), 0);
    QCOMPARE(model.rowOf(u"nothing"_s), -1);
    QCOMPARE(model.idAt(99), QString());
}

void tst_HistoryModel::statesArriveWithoutReset()
{
    HistoryModel model;
    const QAbstractItemModelTester tester(&model);
    model.setHistory(samples::branchedHistory());
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setStates(u"local"_s,
                    {{u"a"_s, RevisionState::Current}, {u"b"_s, RevisionState::Pending}});
    QCOMPARE(reset.count(), 0);
    QVERIFY(changed.count() > 0);
    QCOMPARE(model.index(4, HistoryModel::StateColumn).data().toString(), u"◉ current"_s);
    QCOMPARE(model.index(0, HistoryModel::StateColumn).data().toString(), QString());
    QCOMPARE(
        model.headerData(HistoryModel::StateColumn, Qt::Horizontal, Qt::DisplayRole).toString(),
        u"local"_s);
    QCOMPARE(model.currentRows(), QList<int>{4});
}

void tst_HistoryModel::sameRowsKeepTheSelection()
{
    HistoryPage page;
    page.model()->setHistory(samples::branchedHistory());
    page.view()->select(u"c"_s);
    const QSignalSpy reset(page.model(), &QAbstractItemModel::modelReset);
    page.model()->setHistory(samples::branchedHistory());
    QCOMPARE(reset.count(), 0);
    QCOMPARE(page.view()->selectedId(), u"c"_s);
    page.model()->setHistory(samples::history(u"a:\nb: a\nc: b\nd: a\ne: c d\nf: e"_s));
    QCOMPARE(reset.count(), 1);
    QCOMPARE(page.view()->selectedId(), u"c"_s); // the same revision, one row further down
}

void tst_HistoryModel::chipsSayWhereTheDatabaseIs()
{
    HistoryModel model;
    model.setHistory(samples::branchedHistory());
    model.setStates(u"local"_s, {{u"c"_s, RevisionState::Current}});
    const auto chips = [&model](const QString &id) {
        QStringList texts;
        const QVariant value = model.index(model.rowOf(id), 1).data(HistoryModel::ChipsRole);
        for (const Chip &chip : value.value<QList<Chip>>())
            texts << chip.text;
        return texts;
    };
    QCOMPARE(chips(u"c"_s), QStringList{u"local is here"_s});
    QCOMPARE(chips(u"a"_s), QStringList{u"branchpoint"_s});
    QCOMPARE(chips(u"e"_s), (QStringList{u"head"_s, u"merge"_s}));
}

void tst_HistoryModel::accessibleTextTellsTheWholeRow()
{
    HistoryModel model;
    model.setHistory(samples::branchedHistory());
    model.setStates(u"local"_s, {{u"e"_s, RevisionState::Pending}});
    const QString text = model.index(0, 0).data(Qt::AccessibleTextRole).toString();
    for (const QString &part : {u"message of e"_s, u"pending"_s, u"merge of c and d"_s, u"head"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
}

void tst_HistoryModel::hostileTextIsDefused()
{
    Revision revision;
    revision.id = u"a\x1b[31m"_s;
    revision.message = u"x\u202e<b>y</b>\nsecond"_s;
    revision.longDoc = revision.message;
    HistoryData data;
    data.graph = RevisionGraph::build({revision});
    data.rows = layoutHistory(data.graph, data.graph.historyOrder());
    HistoryModel model;
    model.setHistory(data);
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(!model.index(0, HistoryModel::RevisionColumn).data().toString().contains(QChar(0x1b)));
    QVERIFY(!model.index(0, HistoryModel::MessageColumn).data().toString().contains(QChar(0x202e)));
    const QString tip =
        model.index(0, HistoryModel::MessageColumn).data(Qt::ToolTipRole).toString();
    QVERIFY2(!tip.contains(u"<b>"_s), qPrintable(tip));
}

void tst_HistoryModel::diagnosticsBecomeNotes()
{
    HistoryModel model;
    model.setHistory(samples::branchedHistory());
    Diagnostic error;
    error.revision = u"b"_s;
    error.message = u"line 3 is no Python"_s;
    model.setDiagnostics({error});
    const auto notes = model.index(model.rowOf(u"b"_s), 0).data(HistoryModel::NotesRole);
    QCOMPARE(notes.value<QList<Chip>>().first().tone, Chip::Tone::Bad);
    QCOMPARE(model.diagnosticsOf(u"b"_s).size(), 1);
    QVERIFY(model.diagnosticsOf(u"a"_s).isEmpty());
}

void tst_HistoryModel::datesForReaders_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("shown");
    QTest::newRow("today") << u"2025-03-02 11:20:33.1"_s << u"today 11:20"_s;
    QTest::newRow("yesterday") << u"2025-03-01 23:59"_s << u"yesterday 23:59"_s;
    QTest::newRow("this year") << u"2025-01-09 08:05:00"_s << u"9 Jan 08:05"_s;
    QTest::newRow("long ago") << u"2023-12-26 13:28:01.5+00:00"_s << u"26 Dec 2023"_s;
    QTest::newRow("no date") << u"once upon a time"_s << u"once upon a time"_s;
    QTest::newRow("nothing") << QString() << QString();
}

void tst_HistoryModel::datesForReaders()
{
    QFETCH(QString, written);
    QFETCH(QString, shown);
    QLocale::setDefault(QLocale::c());
    QCOMPARE(shownDate(written, QDate(2025, 3, 2)), shown);
}

void tst_HistoryModel::filterFindsTables()
{
    HistoryPage page;
    page.model()->setHistory(samples::branchedHistory());
    page.setFilter(u"MESSAGE b"_s);
    QCOMPARE(page.view()->shownRows(), 1);
    page.setFilter(u"purchases"_s);
    QCOMPARE(page.view()->shownRows(), 0);
    QCOMPARE(page.findChild<EmptyState *>()->title(), u"No revision matches the filter"_s);
    const HistoryData &history = page.model()->history();
    page.model()->setSearchIndex(
        historyIndex(history.graph, history.rows, {{u"c"_s, {u"purchases"_s}}}));
    QCOMPARE(page.view()->shownRows(), 1);
    page.setFilter({});
    QCOMPARE(page.view()->shownRows(), 5);
}

void tst_HistoryModel::idsAreFoundByTheirBeginning()
{
    HistoryPage page;
    page.model()->setHistory(samples::history(u"12ab:\n34ab: 12ab"_s));
    page.setFilter(u"12"_s);
    QCOMPARE(page.view()->shownRows(), 1);
    page.view()->selectFirst();
    QVERIFY(!page.view()->selectedId().isEmpty());
}

void tst_HistoryModel::narrowViewsKeepTheMessage()
{
    HistoryPage page;
    page.model()->setHistory(samples::branchedHistory());
    const int em = page.view()->fontMetrics().horizontalAdvance(u'm');
    for (const int width : {1600, 900, 700, 500}) {
        page.resize(width, 600);
        page.show();
        QTRY_COMPARE(page.view()->width(), width);
        const int room = page.view()->columnWidth(HistoryModel::MessageColumn);
        QVERIFY2(room >= 20 * em || page.view()->isColumnHidden(HistoryModel::NotesColumn),
                 qPrintable(QString::number(width)));
        if (width == 1600 || width == 500)
            QCOMPARE(page.view()->isColumnHidden(HistoryModel::DateColumn), width == 500);
    }
}

void tst_HistoryModel::keysWalkTheGraph()
{
    HistoryPage page;
    page.model()->setHistory(samples::branchedHistory());
    page.resize(900, 600);
    page.show();
    page.activateWindow(); // shortcuts belong to the active window
    QVERIFY(QTest::qWaitForWindowActive(&page));
    HistoryView *view = page.view();
    view->setFocus();
    view->select(u"e"_s);
    QTest::keyClick(view, Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(view->selectedId(), u"d"_s); // the other parent of the merge
    QTest::keyClick(view, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(view->selectedId(), u"e"_s);
    QTest::keyClick(view, Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(view->selectedId(), u"c"_s);
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), u"c"_s);
}

void tst_HistoryModel::tenThousandRowsAreUniform()
{
    QString edges = u"r0:\n"_s;
    for (int i = 1; i < 10'000; ++i)
        edges += u"r%1: r%2\n"_s.arg(i).arg(i - 1);
    HistoryPage page;
    page.model()->setHistory(samples::history(edges));
    page.resize(900, 600);
    page.show();
    QCOMPARE(page.view()->shownRows(), 10'000);
    QVERIFY(page.view()->uniformRowHeights());
    page.view()->select(u"r1"_s);
    QVERIFY(page.view()->visualRect(page.view()->currentIndex()).isValid());
    QVERIFY(page.view()->viewport()->rect().intersects(
        page.view()->visualRect(page.view()->currentIndex())));
}

int runHistoryModel(int argc, char **argv)
{
    tst_HistoryModel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_historymodel.moc"
