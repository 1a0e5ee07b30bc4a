#include "suites.h"

#include "editingdriver.h"
#include "ui/edit/historyexport.h"

#include <QAction>
#include <QDesktopServices>
#include <QDragMoveEvent>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// What stands between a command and the files: the lock, databases that have what changes, refusals.
class tst_EditGuards : public EditingDriver
{
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
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
    void aCancelledDialogChangesNothing();
    void newRevisionIsSelected();
    void anotherProjectForgetsTheSteps();
    void exportedPictures();
    void theSearchFieldIsNotCrowdedOut();
    void theScriptOpensInTheDesktopsEditor();
    void openedFile(const QUrl &url) { m_opened << url.toLocalFile(); }

private:
    QStringList m_opened{};
};

void tst_EditGuards::structureIsLocked()
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

void tst_EditGuards::dragNeedsTheLockOpen()
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
    QVERIFY(!drop({u"a"_s}, u"c"_s, Qt::LinkAction));         // c stands on a
    QVERIFY(!drop({u"b"_s}, u"a"_s, Qt::LinkAction));         // it does already
    QVERIFY(!drop({u"c"_s, u"a"_s}, u"d"_s, Qt::LinkAction)); // no straight run
    QCOMPARE(m_project->files(), before);
    QCOMPARE(m_window->editing()->steps().stack().count(), 0);
}

void tst_EditGuards::dropSaysWhatItDoes()
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
    const QPoint at =
        view()->visualRect(view()->model()->index(model()->rowOf(u"a"_s), 1)).center();
    QDragEnterEvent enter(at, Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                          Qt::NoModifier);
    QCoreApplication::sendEvent(view()->viewport(), &enter);
    QDropEvent drop(QPointF(at), Qt::LinkAction | Qt::MoveAction, data.get(), Qt::LeftButton,
                    Qt::NoModifier);
    drop.setDropAction(Qt::LinkAction);
    QCoreApplication::sendEvent(view()->viewport(), &drop);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:a"_s);
}

void tst_EditGuards::appliedRevisionsWarn()
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

void tst_EditGuards::appliedRevisionsStay()
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
    trigger(u"Undo"_s); // what comes back is what is looked at
    if (QTest::qWaitFor([this] { return question() != nullptr; }, 1000))
        answer(QMessageBox::AcceptRole);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:b"_s);
    QTRY_COMPARE(view()->selectedIds(), QStringList{u"c"_s});
}

void tst_EditGuards::propertiesSayWhereItIsApplied()
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

void tst_EditGuards::undoOfAnAppliedNewRevisionIsRefused()
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

void tst_EditGuards::aFileThatChangedMeanwhileIsRefused()
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

void tst_EditGuards::aRefusalKeepsTheDialog()
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

void tst_EditGuards::aQuestionLeavesTheDialogOpen()
{
    m_project->upgrade(u"d"_s);
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    select({u"b"_s});
    trigger(u"New revision"_s);
    field<QRadioButton>(u"between"_s)
        ->setChecked(true); // d, which local has, is to revise the new one
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

void tst_EditGuards::aCancelledDialogChangesNothing()
{
    m_project->openIn(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    select({u"c"_s});
    trigger(u"New revision"_s);
    submit();
    dialog()->reject(); // before it has been worked out
    QTRY_VERIFY(!m_window->editing()->isBusy());
    QCOMPARE(m_project->files(), before);
    // nor does one that belongs to another project
    trigger(u"New revision"_s);
    const SmallProject other;
    other.openIn(*m_window);
    QTRY_VERIFY(!dialog());
    QCOMPARE(m_project->files(), before);
}

void tst_EditGuards::newRevisionIsSelected()
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

void tst_EditGuards::anotherProjectForgetsTheSteps()
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

void tst_EditGuards::exportedPictures()
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
    QVERIFY(QFile::remove(svg));
    m_window->editing()->exportTo(svg); // on a thread of its own
    QTRY_VERIFY(notice().contains(u"The graph is in"_s));
    QCOMPARE(QFileInfo(svg).size(), drawn.size());
    m_window->editing()->exportTo(m_project->path() + u"/nowhere/x.svg"_s);
    QTRY_VERIFY(notice().contains(u"can’t be written"_s));
}

void tst_EditGuards::theSearchFieldIsNotCrowdedOut()
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

void tst_EditGuards::theScriptOpensInTheDesktopsEditor()
{
    m_project->openIn(*m_window);
    QDesktopServices::setUrlHandler(u"file"_s, this, "openedFile");
    m_opened.clear();
    select({u"c"_s});
    trigger(u"Open script"_s);
    QCOMPARE(m_opened, QStringList{m_project->script(u"c"_s)});
    select({u"c"_s, u"d"_s});
    QVERIFY(!action(u"Open script"_s)->isEnabled());
    QDesktopServices::unsetUrlHandler(u"file"_s);
}

int runEditGuards(int argc, char **argv)
{
    tst_EditGuards test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_editguards.moc"
