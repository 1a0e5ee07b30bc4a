#include "suites.h"

#include "smallproject.h"
#include "ui/edit/editdialog.h"
#include "ui/edit/historyediting.h"
#include "ui/edit/historyexport.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/settings.h"

#include <QAction>
#include <QCheckBox>
#include <QDragMoveEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <functional>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// Every change of the history, through the real window, on files on disk.
class tst_Editing : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void everyEditAndItsUndo_data();
    void everyEditAndItsUndo();
    void structureIsLocked();
    void dragNeedsTheLockOpen();
    void dropSaysWhatItDoes();
    void appliedRevisionsWarn();
    void appliedRevisionsStay();
    void propertiesSayWhereItIsApplied();
    void undoOfAnAppliedNewRevisionIsRefused();
    void aFileThatChangedMeanwhileIsRefused();
    void aRefusalKeepsTheDialog();
    void aQuestionLeavesTheDialogOpen();
    void newRevisionIsSelected();
    void anotherProjectForgetsTheSteps();
    void exportedPictures();
    void theSearchFieldIsNotCrowdedOut();

public:
    HistoryView *view() const { return m_window->historyPage()->view(); }
    HistoryModel *model() const { return m_window->historyPage()->model(); }
    QAction *action(const QString &name) const;
    void trigger(const QString &name) const;
    void select(const QStringList &ids) const;
    EditDialog *dialog() const;
    template<typename Widget>
    Widget *field(const QString &name) const
    {
        return dialog() ? dialog()->findChild<Widget *>(name) : nullptr;
    }
    void submit() const;
    void answer(QMessageBox::ButtonRole role) const;
    void chooseParents(const QStringList &ids) const;
    bool drop(const QStringList &ids, const QString &target, Qt::DropAction action) const;
    QString notice() const { return m_window->historyPage()->notice()->text(); }

private:
    QMessageBox *question() const;
    std::unique_ptr<SmallProject> m_project{};
    std::unique_ptr<Settings> m_settings{};
    std::unique_ptr<MainWindow> m_window{};
};

using Act = std::function<void(const tst_Editing &)>;
Q_DECLARE_METATYPE(Act)

void tst_Editing::init()
{
    m_project = std::make_unique<SmallProject>();
    m_settings = std::make_unique<Settings>(m_project->configFolder());
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->show();
}

void tst_Editing::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_project.reset();
}

/// The one whose text, without mnemonics, begins so.
QAction *tst_Editing::action(const QString &name) const
{
    const QList<QAction *> all = m_window->actions() + view()->actions();
    for (QAction *one : all) {
        if (QString(one->text()).remove(u'&').startsWith(name))
            return one;
    }
    return nullptr;
}

void tst_Editing::trigger(const QString &name) const
{
    QAction *found = action(name);
    QVERIFY2(found, qPrintable(name));
    QVERIFY2(found->isEnabled(), qPrintable(name + u": "_s + found->toolTip()));
    found->trigger();
}

void tst_Editing::select(const QStringList &ids) const
{
    view()->select(ids.constFirst());
    for (const QString &id : ids) {
        const QModelIndex row = model()->index(model()->rowOf(id), 0);
        const auto *proxy = qobject_cast<const QSortFilterProxyModel *>(view()->model());
        view()->selectionModel()->select(proxy->mapFromSource(row),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    QCOMPARE(view()->selectedIds().size(), ids.size());
}

EditDialog *tst_Editing::dialog() const
{
    return m_window->findChild<EditDialog *>(u"editDialog"_s);
}

void tst_Editing::submit() const
{
    QVERIFY(dialog());
    auto *button = dialog()->findChild<QPushButton *>(u"submit"_s);
    QVERIFY(button->isEnabled());
    button->click();
}

QMessageBox *tst_Editing::question() const
{
    return m_window->findChild<QMessageBox *>(u"editQuestion"_s);
}

void tst_Editing::answer(QMessageBox::ButtonRole role) const
{
    QTRY_VERIFY(question());
    for (QAbstractButton *button : question()->buttons()) {
        if (question()->buttonRole(button) == role)
            return button->click();
    }
    QFAIL("The question has no such button");
}

void tst_Editing::chooseParents(const QStringList &ids) const
{
    auto *list = field<QTreeView>(u"revisions"_s);
    QVERIFY(list);
    list->clearSelection();
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QModelIndex index = list->model()->index(row, HistoryModel::MessageColumn);
        if (ids.contains(index.data(HistoryModel::IdRole).toString()))
            list->selectionModel()->select(index, QItemSelectionModel::Select
                                                      | QItemSelectionModel::Rows);
    }
    submit();
}

bool tst_Editing::drop(const QStringList &ids, const QString &target, Qt::DropAction action) const
{
    QModelIndexList rows;
    for (const QString &id : ids)
        rows << model()->index(model()->rowOf(id), 0);
    const std::unique_ptr<QMimeData> data(model()->mimeData(rows));
    return model()->dropMimeData(data.get(), action, -1, -1,
                                 model()->index(model()->rowOf(target), 0));
}

void tst_Editing::everyEditAndItsUndo_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<QString>("after"); // NEW stands for the id of a new revision
    QTest::addColumn<QString>("parent"); // of one more revision, z
    const auto row = [](const char *name, const Act &act, const QString &after,
                        const QString &parent = {}) {
        QTest::newRow(name) << act << after << parent;
    };
    row("new revision", [](const tst_Editing &t) {
        t.select({u"c"_s});
        t.trigger(u"New revision"_s);
        t.field<QLineEdit>(u"message"_s)->setText(u"prices in cents"_s);
        t.submit();
    }, u"a: b:a c:b d:b NEW:c"_s);
    row("a branch", [](const tst_Editing &t) {
        t.select({u"a"_s});
        t.trigger(u"New revision"_s);
        t.field<QLineEdit>(u"labels"_s)->setText(u"side"_s);
        t.submit();
    }, u"a: b:a c:b d:b NEW:a"_s);
    row("insert between", [](const tst_Editing &t) {
        t.select({u"b"_s});
        t.trigger(u"New revision"_s);
        t.field<QRadioButton>(u"between"_s)->setChecked(true);
        t.submit();
    }, u"a: b:a c:NEW d:NEW NEW:b"_s);
    row("merge all heads", [](const tst_Editing &t) {
        t.select({u"a"_s});
        t.trigger(u"Merge heads"_s);
        t.submit();
    }, u"a: b:a c:b d:b NEW:c,d"_s);
    row("merge by drag", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        QVERIFY(t.drop({u"d"_s}, u"c"_s, Qt::LinkAction));
        t.submit();
    }, u"a: b:a c:b d:b NEW:c,d"_s);
    row("properties", [](const tst_Editing &t) {
        t.select({u"d"_s});
        t.trigger(u"Properties"_s);
        t.field<QPlainTextEdit>(u"message"_s)->setPlainText(u"prices"_s);
        t.field<QLineEdit>(u"labels"_s)->setText(u"money"_s);
        t.field<QLineEdit>(u"dependsOn"_s)->setText(u"c"_s);
        t.submit();
    }, u"a: b:a c:b d:b"_s);
    row("re-parent", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"d"_s});
        t.trigger(u"Re-parent"_s);
        t.chooseParents({u"c"_s});
    }, u"a: b:a c:b d:c"_s);
    row("to base", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"d"_s});
        t.trigger(u"Re-parent"_s);
        t.field<QCheckBox>(u"nothing"_s)->setChecked(true);
        t.submit();
    }, u"a: b:a c:b d:"_s);
    row("re-parent a run", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"z"_s, u"c"_s});
        t.trigger(u"Re-parent"_s);
        t.chooseParents({u"d"_s});
    }, u"a: b:a c:d d:b z:c"_s, u"c"_s);
    row("a run by drag", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        QVERIFY(t.drop({u"c"_s, u"z"_s}, u"a"_s, Qt::LinkAction));
    }, u"a: b:a c:a d:b z:c"_s, u"c"_s);
    row("a run that would break", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"b"_s, u"c"_s});
        t.trigger(u"Re-parent"_s);
        t.chooseParents({u"d"_s});
    }, u"the run from b to c can't stand on d"_s);
    row("re-parent by drag", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        QVERIFY(t.drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    }, u"a: b:a c:b d:a"_s);
    row("a head moved by drag", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        QVERIFY(t.drop({u"d"_s}, u"c"_s, Qt::MoveAction));
    }, u"a: b:a c:b d:c"_s);
    row("splice out", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"b"_s});
        t.trigger(u"Splice out"_s);
    }, u"a: b:a c:a d:a"_s);
    row("delete", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"b"_s});
        t.trigger(u"Delete revision"_s);
        t.answer(QMessageBox::AcceptRole);
    }, u"a: c:a d:a"_s);
    row("point elsewhere", [](const tst_Editing &t) {
        t.trigger(u"Edit graph"_s);
        t.select({u"gone"_s});
        t.trigger(u"Point elsewhere"_s);
        t.chooseParents({u"c"_s});
    }, u"a: b:a c:b d:b z:c"_s, u"gone"_s);
}

void tst_Editing::everyEditAndItsUndo()
{
    QFETCH(Act, act);
    QFETCH(QString, after);
    QFETCH(QString, parent);
    if (!parent.isEmpty())
        m_project->addRevision(u"z"_s, u"'%1'"_s.arg(parent));
    m_project->openIn(*m_window);
    const QString shapeBefore = SmallProject::shape(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    const UndoSteps &steps = m_window->editing()->steps();
    act(*this);
    if (!after.startsWith(u"a:"_s)) { // not a change: the history would be broken
        QTRY_VERIFY(dialog() && !dialog()->problem().isEmpty());
        QCOMPARE(m_project->files(), before);
        return;
    }
    const auto shownShape = [&] {
        QString shape = SmallProject::shape(*m_window);
        for (const QString &name : m_project->files().keys()) { // new ids are twelve digits long
            if (const QString id = name.left(12); !before.contains(name))
                shape.replace(id, u"NEW"_s);
        }
        QStringList parts = shape.split(u' ');
        if (const qsizetype at = parts.indexOf(QRegularExpression(u"NEW:.*"_s)); at >= 0)
            parts.append(parts.takeAt(at));
        return parts.join(u' ');
    };
    QTRY_COMPARE(steps.stack().index(), 1);
    QTRY_COMPARE(shownShape(), after);
    QTRY_VERIFY(!dialog());
    const QMap<QString, QByteArray> changed = m_project->files();
    QVERIFY(changed != before);
    QVERIFY(action(u"Undo"_s)->text().contains(steps.stack().undoText().left(8)));

    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Undo"_s);
    QTRY_COMPARE(m_project->files(), before);
    QTRY_COMPARE(SmallProject::shape(*m_window), shapeBefore);
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Redo"_s);
    QTRY_COMPARE(m_project->files(), changed);
    QTRY_COMPARE(shownShape(), after);
    QVERIFY2(notice().isEmpty(), qPrintable(notice()));
}

void tst_Editing::structureIsLocked()
{
    m_project->openIn(*m_window);
    select({u"b"_s});
    for (const QString &name :
         {u"Re-parent"_s, u"Splice out"_s, u"Point elsewhere"_s, u"Delete revision"_s}) {
        QVERIFY2(!action(name)->isEnabled(), qPrintable(name));
        QVERIFY2(action(name)->toolTip().contains(u"Edit graph"_s), qPrintable(name));
    }
    QVERIFY(action(u"Properties"_s)->isEnabled()); // no structure
    trigger(u"Edit graph"_s);
    for (const QString &name : {u"Re-parent"_s, u"Splice out"_s, u"Delete revision"_s})
        QVERIFY2(action(name)->isEnabled(), qPrintable(name));
    QVERIFY(!action(u"Point elsewhere"_s)->isEnabled()); // nothing is missing
    trigger(u"Edit graph"_s);
    QVERIFY(!action(u"Delete revision"_s)->isEnabled());
}

void tst_Editing::dragNeedsTheLockOpen()
{
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    const QModelIndex row = model()->index(0, 0);
    QVERIFY(!model()->flags(row).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(!view()->dragEnabled());
    QVERIFY(!drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    trigger(u"Edit graph"_s);
    QVERIFY(model()->flags(row).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(view()->dragEnabled());
    QVERIFY(!drop({u"a"_s}, u"c"_s, Qt::LinkAction)); // c stands on a
    QVERIFY(!drop({u"b"_s}, u"a"_s, Qt::LinkAction)); // it does already
    QVERIFY(!drop({u"c"_s, u"a"_s}, u"d"_s, Qt::LinkAction)); // no straight run
    QCOMPARE(m_project->files(), before);
    QCOMPARE(m_window->editing()->steps().stack().count(), 0);
}

void tst_Editing::dropSaysWhatItDoes()
{
    m_project->openIn(*m_window);
    trigger(u"Edit graph"_s);
    const std::unique_ptr<QMimeData> data(
        model()->mimeData({model()->index(model()->rowOf(u"d"_s), 0)}));
    QSignalSpy hints(view(), &HistoryView::dropHinted);
    const auto hintOver = [&](const QString &id) {
        view()->select(id);
        const QPoint at = view()->visualRect(view()->currentIndex()).center();
        QDragEnterEvent enter(at, Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &enter);
        QDragMoveEvent move(at, Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                            Qt::NoModifier);
        move.setDropAction(Qt::LinkAction);
        QCoreApplication::sendEvent(view()->viewport(), &move);
        return hints.isEmpty() ? QString() : hints.last().first().toString();
    };
    QVERIFY2(hintOver(u"c"_s).startsWith(u"Merge d and c"_s), qPrintable(hintOver(u"c"_s)));
    QCOMPARE(hintOver(u"a"_s), u"Put d on a"_s);
    QCOMPARE(hintOver(u"b"_s), u"d revises b already."_s);
    QDragLeaveEvent leave; // Escape, or the mouse went away
    QCoreApplication::sendEvent(view()->viewport(), &leave);
    QCOMPARE(hints.last().first().toString(), QString());
    const QPoint at = view()->visualRect(view()->model()->index(model()->rowOf(u"a"_s), 1)).center();
    QDragEnterEvent enter(at, Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                          Qt::NoModifier);
    QCoreApplication::sendEvent(view()->viewport(), &enter);
    QDropEvent drop(QPointF(at), Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                    Qt::NoModifier);
    drop.setDropAction(Qt::LinkAction);
    QCoreApplication::sendEvent(view()->viewport(), &drop);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:a"_s);
}

void tst_Editing::appliedRevisionsWarn()
{
    m_project->upgrade(u"d"_s);
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    trigger(u"Edit graph"_s);
    QVERIFY(drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    QTRY_VERIFY(question());
    QVERIFY2(question()->informativeText().contains(u"local has d applied"_s),
             qPrintable(question()->informativeText()));
    answer(QMessageBox::RejectRole);
    QTRY_VERIFY(!question());
    QCOMPARE(m_project->files(), before);
    QVERIFY(drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    answer(QMessageBox::AcceptRole);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:a"_s);
    QTRY_VERIFY(!question());
    // what no database has is not asked about
    QTRY_VERIFY(!m_window->controller()->isBusy());
    QVERIFY(drop({u"c"_s}, u"a"_s, Qt::LinkAction));
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:a d:a"_s);
}

void tst_Editing::appliedRevisionsStay()
{
    m_project->upgrade(u"d"_s);
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    trigger(u"Edit graph"_s);
    select({u"d"_s});
    trigger(u"Delete revision"_s);
    QTRY_VERIFY(notice().contains(u"local has d applied"_s));
    QVERIFY(!question());
    QCOMPARE(m_project->files(), before);
    select({u"c"_s});
    trigger(u"Delete revision"_s);
    answer(QMessageBox::AcceptRole);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a d:b"_s);
    QVERIFY(notice().isEmpty());
}

void tst_Editing::propertiesSayWhereItIsApplied()
{
    m_project->upgrade(u"d"_s);
    m_project->openIn(*m_window);
    select({u"c"_s});
    trigger(u"Properties"_s);
    QVERIFY(dialog() && !dialog()->hasWarning());
    dialog()->reject();
    QTRY_VERIFY(!dialog());
    select({u"d"_s});
    trigger(u"Properties"_s);
    QVERIFY(dialog() && dialog()->hasWarning());
    field<QPlainTextEdit>(u"message"_s)->setPlainText(u"said better"_s);
    submit();
    QTRY_VERIFY(m_project->files()[u"d.py"_s].contains("said better"));
    QVERIFY(!question()); // it has been said
}

void tst_Editing::undoOfAnAppliedNewRevisionIsRefused()
{
    m_project->openIn(*m_window);
    select({u"c"_s});
    trigger(u"New revision"_s);
    submit();
    QTRY_COMPARE(model()->rowCount(), 5);
    const QString id = view()->selectedId();
    m_project->upgrade(id);
    trigger(u"Refresh"_s);
    QTRY_VERIFY(m_window->controller()->reading().states.value(id) == RevisionState::Current);
    QTRY_VERIFY(!m_window->controller()->isBusy());
    trigger(u"Undo"_s);
    QTRY_VERIFY(notice().contains(u"downgrade it first"_s));
    QCOMPARE(m_project->files().size(), 5);
}

void tst_Editing::aFileThatChangedMeanwhileIsRefused()
{
    m_project->openIn(*m_window);
    trigger(u"Edit graph"_s);
    QVERIFY(drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:a"_s);
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    m_project->addRevision(u"d"_s, u"'a'"_s, u"by another hand"_s);
    const QMap<QString, QByteArray> before = m_project->files();
    trigger(u"Undo"_s);
    QTRY_VERIFY2(notice().contains(u"d.py"_s), qPrintable(notice()));
    QCOMPARE(m_project->files(), before);
    QCOMPARE(m_window->editing()->steps().stack().index(), 1); // it can be tried again
}

void tst_Editing::aRefusalKeepsTheDialog()
{
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    select({u"d"_s});
    trigger(u"Properties"_s);
    field<QLineEdit>(u"dependsOn"_s)->setText(u"nobody"_s);
    submit();
    QTRY_VERIFY(!dialog()->problem().isEmpty());
    QVERIFY(dialog()->isVisible());
    QVERIFY(dialog()->findChild<QPushButton *>(u"submit"_s)->isEnabled());
    QCOMPARE(m_project->files(), before);
}

void tst_Editing::aQuestionLeavesTheDialogOpen()
{
    m_project->upgrade(u"d"_s);
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    select({u"b"_s});
    trigger(u"New revision"_s);
    field<QRadioButton>(u"between"_s)->setChecked(true); // d, which local has, is to revise the new one
    submit();
    answer(QMessageBox::RejectRole);
    QTRY_VERIFY(!question());
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(m_project->files(), before);
    submit();
    answer(QMessageBox::AcceptRole);
    QTRY_COMPARE(model()->rowCount(), 5);
    QTRY_VERIFY(!dialog());
}

void tst_Editing::newRevisionIsSelected()
{
    m_project->openIn(*m_window);
    QTest::keyClick(view(), Qt::Key_End);
    QCOMPARE(view()->selectedId(), u"a"_s);
    trigger(u"New revision"_s);
    submit();
    QTRY_COMPARE(model()->rowCount(), 5);
    const QString id = view()->selectedId();
    QCOMPARE(id.size(), 12);
    QCOMPARE(model()->idAt(model()->parentRow(model()->rowOf(id), false)), u"a"_s);
}

void tst_Editing::anotherProjectForgetsTheSteps()
{
    m_project->openIn(*m_window);
    trigger(u"Edit graph"_s);
    QVERIFY(drop({u"d"_s}, u"a"_s, Qt::LinkAction));
    QTRY_COMPARE(m_window->editing()->steps().stack().index(), 1);
    const SmallProject other;
    other.openIn(*m_window);
    QCOMPARE(m_window->editing()->steps().stack().count(), 0);
    QVERIFY(!action(u"Undo"_s)->isEnabled());
    QVERIFY(!action(u"Edit graph"_s)->isChecked()); // locked again
    QVERIFY(!view()->dragEnabled());
}

void tst_Editing::exportedPictures()
{
    m_project->openIn(*m_window);
    const QString svg = m_project->path() + u"/history.svg"_s;
    const QString png = m_project->path() + u"/history.png"_s;
    QVERIFY(exportHistory(*model(), svg, view()->font()));
    QVERIFY(exportHistory(*model(), png, view()->font()));
    QFile text(svg);
    QVERIFY(text.open(QIODevice::ReadOnly));
    const QByteArray drawn = text.readAll();
    for (const char *part : {"<svg", "message of a", "message of d"})
        QVERIFY2(drawn.contains(part), part);
    const QImage image(png);
    QCOMPARE(image.height() % 4, 0); // four rows
    QVERIFY(image.pixelColor(1, 1) == QColor(Qt::white));
    QVERIFY(!exportHistory(*model(), m_project->path() + u"/nowhere/x.svg"_s, view()->font()));
}

void tst_Editing::theSearchFieldIsNotCrowdedOut()
{
    m_project->openIn(*m_window);
    const auto *search = m_window->findChild<QWidget *>(u"search"_s);
    for (const int width : {1440, 1200, 1000}) {
        m_window->resize(width, 700);
        QTRY_COMPARE(m_window->width(), width);
        QTRY_VERIFY2(search->isVisible() && search->visibleRegion().boundingRect().width() > 80,
                     qPrintable(QString::number(width)));
    }
}

int runEditing(int argc, char **argv)
{
    tst_Editing test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_editing.moc"
