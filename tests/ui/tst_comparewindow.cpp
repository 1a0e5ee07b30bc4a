#include "suites.h"

#include "editingdriver.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/diff/comparewindow.h"
#include "ui/diff/sourcebox.h"
#include "ui/shell/inlinebanner.h"
#include "ui/sql/sqlpane.h"

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// Two revisions' schemas, side by side. b and c, d make a table each, a another.
class tst_CompareWindow : public EditingDriver
{
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void needsTwoRevisions();
    void showsWhatChanged_data();
    void showsWhatChanged();
    void followsTheFiles();
    void comparesAnyTwo();
    void whatIsNoSchemaIsSaid();

private:
    CompareWindow *compare(const QString &one, const QString &other) const;
    static QStringList lines(const CompareWindow &window);
    static void choose(SourceBox *box, const QString &text);
    static QString statements(const CompareWindow &window);
};

CompareWindow *tst_CompareWindow::compare(const QString &one, const QString &other) const
{
    select({one, other});
    CompareWindow *window = m_window->openCompare();
    [&] { QTRY_VERIFY(!window->isLoading()); }();
    return window;
}

/// "+ table t_c, by c" for each row, what is below one of them indented.
QStringList tst_CompareWindow::lines(const CompareWindow &window)
{
    QStringList lines;
    const ChangesModel *model = window.page()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        lines << index.data().toString() + u", "_s
                     + index.siblingAtColumn(ChangesModel::VerdictColumn).data().toString();
        for (int below = 0; below < model->rowCount(index); ++below)
            lines << u"  "_s + model->index(below, 0, index).data().toString() + u", "_s;
    }
    return lines;
}

void tst_CompareWindow::needsTwoRevisions()
{
    m_project->openIn(*m_window);
    select({u"b"_s});
    QVERIFY(!action(u"Compare two"_s)->isEnabled());
    QVERIFY(action(u"Compare two"_s)->toolTip().contains(u"Select two"_s));
    QVERIFY(!m_window->openCompare());
    select({u"b"_s, u"c"_s});
    QVERIFY(action(u"Compare two"_s)->isEnabled());
    trigger(u"Compare two"_s);
    QVERIFY(m_window->findChild<CompareWindow *>());
    select({u"a"_s, u"b"_s, u"c"_s});
    QVERIFY(!action(u"Compare two"_s)->isEnabled());
}

void tst_CompareWindow::showsWhatChanged_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QStringList>("found");
    const QStringList upwards{u"+ table t_b, by b"_s, u"+ table t_c, by c"_s};
    QTest::newRow("upwards") << u"a"_s << u"c"_s << u"From revision a to revision c"_s << upwards;
    QTest::newRow("the other way round")
        << u"c"_s << u"a"_s << u"From revision a to revision c"_s << upwards;
    QTest::newRow("two branches") << u"c"_s << u"d"_s << u"From revision c to revision d"_s
                                  << QStringList{u"− table t_c, by c; is it renamed to t_d?"_s,
                                                 u"+ table t_d, by d; is it t_c, renamed?"_s};
}

void tst_CompareWindow::showsWhatChanged()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    QFETCH(QString, title);
    QFETCH(QStringList, found);
    m_project->openIn(*m_window);
    const CompareWindow *window = compare(one, other);
    const QString turned = u"From revision d to revision c"_s;
    if (title == u"From revision c to revision d"_s && window->windowTitle() == turned) {
        title = turned; // the newer one stands higher in the list
        found = {u"+ table t_c, by c; is it t_d, renamed?"_s,
                 u"− table t_d, by d; is it renamed to t_c?"_s};
    }
    QCOMPARE(window->windowTitle(), title);
    QCOMPARE(lines(*window), found);
    const ChangesModel *model = window->page()->model();
    const auto heading = [model](int column) {
        return model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    };
    QCOMPARE(heading(ChangesModel::VerdictColumn), u"Change"_s);
    QVERIFY(window->page()->view()->isColumnHidden(ChangesModel::ModelsColumn));
    QVERIFY(title.endsWith(heading(ChangesModel::DatabaseColumn)));
    QCOMPARE(window->page()->summary().contains(u"branches"_s),
             turned.size() == title.size() && one != u"a"_s && other != u"a"_s);
    const QString spoken = model->index(0, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.contains(u"— new"_s) || spoken.contains(u"— dropped"_s), qPrintable(spoken));
}

void tst_CompareWindow::followsTheFiles()
{
    m_project->openIn(*m_window);
    const CompareWindow *window = compare(u"a"_s, u"d"_s);
    QCOMPARE(lines(*window).size(), 2);
    m_project->addRevision(u"d"_s, u"'a'"_s);
    QTRY_COMPARE(lines(*window).size(), 1);
    QVERIFY(QFile::remove(m_project->script(u"d"_s)));
    QTRY_VERIFY(
        window->page()->findChild<InlineBanner *>()->text().contains(u"identified by 'd'"_s));
}

/// A schema in a file, typed into the box, beside a revision; then the other way round.
void tst_CompareWindow::comparesAnyTwo()
{
    m_project->openIn(*m_window);
    m_project->write(u"wanted.sql"_s, "CREATE TABLE t_a (id INTEGER, town VARCHAR(40));\n");
    trigger(u"Compare any"_s);
    auto *window = m_window->findChild<CompareWindow *>();
    QVERIFY(window);
    QTRY_VERIFY(!window->isLoading());
    choose(window->fromBox(), u"a"_s);
    QTRY_VERIFY(!window->isLoading());
    choose(window->toBox(), u"wanted.sql"_s);
    QTRY_COMPARE(window->windowTitle(), u"From revision a to wanted.sql"_s);
    QCOMPARE(lines(*window), (QStringList{u"t_a, "_s, u"  + column town, "_s}));
    QVERIFY2(statements(*window).startsWith(u"ALTER TABLE t_a ADD COLUMN town VARCHAR(40)"_s),
             qPrintable(statements(*window)));
    for (auto *button : window->findChildren<QToolButton *>())
        if (button->accessibleName() == u"Swap"_s)
            button->click();
    QTRY_COMPARE(window->windowTitle(), u"From wanted.sql to revision a"_s);
    QCOMPARE(lines(*window), (QStringList{u"t_a, "_s, u"  − column town, "_s}));
}

void tst_CompareWindow::whatIsNoSchemaIsSaid()
{
    m_project->openIn(*m_window);
    CompareWindow *window = compare(u"a"_s, u"b"_s);
    choose(window->toBox(), u"nowhere"_s);
    auto *banner = window->page()->findChild<InlineBanner *>();
    QTRY_VERIFY2(banner->text().contains(u"nowhere"_s), qPrintable(banner->text()));
    QCOMPARE(window->toBox()->word(), u"nowhere"_s);
}

/// Types \a text as a person does, over what stands there.
void tst_CompareWindow::choose(SourceBox *box, const QString &text)
{
    box->lineEdit()->setFocus();
    box->lineEdit()->selectAll();
    QTest::keyClicks(box->lineEdit(), text);
    QTest::keyClick(box->lineEdit(), Qt::Key_Return);
}

QString tst_CompareWindow::statements(const CompareWindow &window)
{
    for (const SqlPane *pane : window.findChildren<SqlPane *>())
        if (pane->view()->text().contains(u"ALTER"_s))
            return pane->view()->text();
    return {};
}

int runCompareWindow(int argc, char **argv)
{
    tst_CompareWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_comparewindow.moc"
