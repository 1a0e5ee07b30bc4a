#include "suites.h"

#include "editingdriver.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/diff/comparewindow.h"

#include <QAction>
#include <QLabel>
#include <QTest>
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

private:
    CompareWindow *compare(const QString &one, const QString &other) const;
    static QStringList lines(const CompareWindow &window);
};

CompareWindow *tst_CompareWindow::compare(const QString &one, const QString &other) const
{
    select({one, other});
    CompareWindow *window = m_window->openCompare();
    [&] { QTRY_VERIFY(!window->isLoading()); }();
    return window;
}

/// "+ table t_c, by c" for each row.
QStringList tst_CompareWindow::lines(const CompareWindow &window)
{
    QStringList lines;
    const ChangesModel *model = window.page()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        lines << index.data().toString() + u", "_s
                     + index.siblingAtColumn(ChangesModel::VerdictColumn).data().toString();
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
    QTest::newRow("upwards") << u"a"_s << u"c"_s << u"From a to c"_s << upwards;
    QTest::newRow("the other way round") << u"c"_s << u"a"_s << u"From a to c"_s << upwards;
    QTest::newRow("two branches") << u"c"_s << u"d"_s << u"c beside d"_s
                                  << QStringList{u"− table t_c, by c"_s, u"+ table t_d, by d"_s};
}

void tst_CompareWindow::showsWhatChanged()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    QFETCH(QString, title);
    QFETCH(QStringList, found);
    m_project->openIn(*m_window);
    const CompareWindow *window = compare(one, other);
    if (title == u"c beside d"_s && window->windowTitle() == u"d beside c"_s) {
        title = u"d beside c"_s; // the newer one stands higher in the list
        found = {u"+ table t_c, by c"_s, u"− table t_d, by d"_s};
    }
    QCOMPARE(window->windowTitle(), title);
    QCOMPARE(lines(*window), found);
    const ChangesModel *model = window->page()->model();
    const auto heading = [model](int column) {
        return model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    };
    QCOMPARE(heading(ChangesModel::VerdictColumn), u"Change"_s);
    QVERIFY(window->page()->view()->isColumnHidden(ChangesModel::ModelsColumn));
    QVERIFY(title.contains(heading(ChangesModel::DatabaseColumn).section(u' ', 1, 1)));
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
    QTRY_VERIFY(window->page()->findChild<InlineBanner *>()->text().contains(u"No file"_s));
}

int runCompareWindow(int argc, char **argv)
{
    tst_CompareWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_comparewindow.moc"
