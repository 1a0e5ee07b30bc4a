#include "suites.h"

#include "ui/apply/applydialog.h"
#include "ui/apply/stepsmodel.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/history/detailspanel.h"
#include "ui/history/historyfacts.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/log/logpage.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/settings.h"
#include "ui/shell/welcomepage.h"
#include "ui/sql/previewwindow.h"
#include "ui/sql/sqlpane.h"

#include <QAction>
#include <QComboBox>
#include <QDirIterator>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// The whole way through the real window, on a copy of the sample project.
class tst_Flight : public QObject
{
    Q_OBJECT
private slots:
    void fromOpeningToAnAppliedUpgradeAndBack();
    void aFolderThatIsNoProject();
    void anUnreadableScriptIsNamed();
    void anotherRevisionThanAnyFileHas();
    void aBrokenScriptIsAGhostWithItsReason();
    void closingForgetsTheProject();
    void ownEnvironmentsCanBeChangedAndRemoved();
    void searchFindsColumnsAndTheKeyboardLeavesIt();

private:
    static constexpr int waitMs = 60'000;
    static QString copyOfSample(const QTemporaryDir &folder);
    void open(MainWindow &window, const QString &path);
    static void press(MainWindow &window, Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    ApplyDialog *applyDialog(MainWindow &window);
    void runThrough(ApplyDialog *dialog);
    static QAction *actionOf(const MainWindow &window, const QString &text);
    QString state(const MainWindow &window, const QString &revision);
};

QString tst_Flight::copyOfSample(const QTemporaryDir &folder)
{
    const QString source = QStringLiteral(TRIBIKOS_SOURCE_DIR "/migrations");
    const QString target = folder.filePath(u"market"_s);
    QDirIterator walk(source, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString file = walk.next();
        if (file.endsWith(u".sqlite"_s) || file.endsWith(u".db"_s))
            continue;
        const QString copy = target + file.mid(source.size());
        QDir().mkpath(QFileInfo(copy).path());
        QFile::copy(file, copy);
    }
    return target;
}

void tst_Flight::open(MainWindow &window, const QString &path)
{
    QSignalSpy opened(window.controller(), &ProjectController::opened);
    window.openProject({.path = path});
    QVERIFY(opened.wait(waitMs));
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy(), waitMs);
}

void tst_Flight::press(MainWindow &window, Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    window.activateWindow(); // shortcuts belong to the active window
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, key, modifiers);
}

ApplyDialog *tst_Flight::applyDialog(MainWindow &window)
{
    return window.findChild<ApplyDialog *>(u"applyDialog"_s);
}

void tst_Flight::runThrough(ApplyDialog *dialog)
{
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->phase() != ApplyDialog::Phase::Planning, waitMs);
    const QString refusal = dialog->findChild<InlineBanner *>(u"result"_s)->text();
    QVERIFY2(dialog->phase() == ApplyDialog::Phase::Ready, qPrintable(refusal));
    QTest::keyClick(dialog->findChild<QPushButton *>(u"apply"_s), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->phase() == ApplyDialog::Phase::Ended, waitMs);
    const QString end = dialog->findChild<InlineBanner *>(u"result"_s)->text();
    QVERIFY2(end.startsWith(u"Done: "_s), qPrintable(end));
    QTest::keyClick(dialog->findChild<QPushButton *>(u"close"_s), Qt::Key_Space);
}

QString tst_Flight::state(const MainWindow &window, const QString &revision)
{
    const HistoryModel *model = window.historyPage()->model();
    return model->index(model->rowOf(revision), HistoryModel::StateColumn).data().toString();
}

void tst_Flight::fromOpeningToAnAppliedUpgradeAndBack()
{
    const QTemporaryDir folder;
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, copyOfSample(folder));

    // history: every script has a row, and the rows are on the screen
    const HistoryModel *model = window.historyPage()->model();
    const auto scripts = QDir(folder.filePath(u"market/versions"_s)).entryList({u"*.py"_s});
    QCOMPARE(model->rowCount(), int(scripts.size()));
    QTRY_VERIFY(window.historyPage()->view()->viewport()->isVisible());
    const QString head = model->idAt(0);
    QCOMPARE(state(window, head), u"○ pending"_s);

    // changes: something is pending, something needs a revision
    press(window, Qt::Key_2, Qt::ControlModifier);
    QVERIFY(window.changesPage()->isVisible());
    QVERIFY2(window.changesPage()->model()->differenceCount() > 0,
             qPrintable(window.changesPage()->summary()));

    // preview: the script that leads to head
    press(window, Qt::Key_G, Qt::ControlModifier | Qt::AltModifier);
    auto *preview = window.findChild<PreviewWindow *>(u"previewWindow"_s);
    QVERIFY(preview);
    QTRY_VERIFY_WITH_TIMEOUT(!preview->isLoading(), waitMs);
    QVERIFY(preview->text().contains(u"CREATE TABLE alembic_version"_s));
    QVERIFY(preview->text().contains(head));
    preview->close();

    // apply: the plan, then the run, by its own buttons
    press(window, Qt::Key_Return, Qt::ControlModifier);
    runThrough(applyDialog(window));
    QTRY_COMPARE_WITH_TIMEOUT(state(window, head), u"◉ current"_s, waitMs);
    QVERIFY(window.controller()->reading().state);
    QVERIFY(window.controller()->reading().state->atHead);
    QTRY_VERIFY(!applyDialog(window)); // closed, and gone with it

    // what is below can be previewed as the way back
    auto *back = window.openPreview(model->idAt(model->rowCount() - 1));
    QTRY_VERIFY_WITH_TIMEOUT(!back->isLoading(), waitMs);
    QVERIFY2(back->windowTitle().startsWith(u"Downgrade SQL: "_s + head),
             qPrintable(back->windowTitle()));
    QCOMPARE(back->suggestedFile(), u"downgrade.sql"_s);
    QVERIFY(back->text().contains(u"-- Running downgrade"_s));
    back->close();

    // and one step back
    QVERIFY(window.openApply(Direction::Downgrade, u"-1"_s));
    runThrough(applyDialog(window));
    QTRY_COMPARE_WITH_TIMEOUT(state(window, head), u"○ pending"_s, waitMs);
    QVERIFY(window.controller()->reading().state);
    QVERIFY(!window.controller()->reading().state->atHead);

    // the log has both
    press(window, Qt::Key_4, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(window.logPage()->runCount() == 2, waitMs);
    auto *copy = window.logPage()->findChild<QPushButton *>(u"copyDiagnostics"_s);
    QTRY_VERIFY_WITH_TIMEOUT(copy->isEnabled(), waitMs); // the newest is selected, and read
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(copy, Qt::Key_Space);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(u"tribikos "_s) && copied.contains(u"position afterwards: "_s),
             qPrintable(copied));
}

void tst_Flight::aFolderThatIsNoProject()
{
    const QTemporaryDir folder;
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    QSignalSpy failed(window.controller(), &ProjectController::openFailed);
    window.openProject({.path = folder.filePath(u"nothing"_s)});
    QVERIFY(failed.wait(waitMs));
    auto *banner = window.findChild<WelcomePage *>()->banner();
    QVERIFY(banner->isVisible());
    QVERIFY(!banner->text().isEmpty());
}

void tst_Flight::anUnreadableScriptIsNamed()
{
    const QTemporaryDir folder;
    const QString path = copyOfSample(folder);
    QFile broken(path + u"/versions/ffffffffffff_broken.py"_s);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("revision = 'ffffffffffff'\ndown_revision = None\ndef upgrade(:\n");
    broken.close();
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, path);
    QVERIFY(window.historyPage()->model()->rowCount() >= 10); // the rest stays usable
    const Diagnostics problems = window.controller()->project()->diagnostics();
    const bool isNamed = std::any_of(problems.cbegin(), problems.cend(), [](const Diagnostic &one) {
        return one.file.endsWith(u"ffffffffffff_broken.py"_s)
               && one.span.line >= 3; // where it opens, or where the file ends
    });
    QVERIFY(isNamed);
}

void tst_Flight::anotherRevisionThanAnyFileHas()
{
    const QTemporaryDir folder;
    const QString path = copyOfSample(folder);
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, path);
    QVERIFY(window.openApply(Direction::Upgrade, u"heads"_s));
    runThrough(applyDialog(window));
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy(), waitMs);
    const QString head = window.historyPage()->model()->idAt(0);
    for (const QFileInfo &file : QDir(path + u"/versions"_s).entryInfoList({head + u"*"_s}))
        QVERIFY(QFile::remove(file.filePath()));
    QSignalSpy opened(window.controller(), &ProjectController::opened);
    press(window, Qt::Key_F5);
    QVERIFY(opened.wait(waitMs));
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy(), waitMs);
    QVERIFY2(window.historyPage()->banner()->text().contains(head),
             qPrintable(window.historyPage()->banner()->text()));
    // nothing is known of the rest, and nothing can be run
    const QString below = window.historyPage()->model()->idAt(1);
    QVERIFY(state(window, below).isEmpty());
    for (const QString &text : {u"Upgrade to head…"_s, u"Downgrade one step…"_s}) {
        const QAction *action = actionOf(window, text);
        QVERIFY(action && !action->isEnabled());
        QVERIFY2(action->toolTip().contains(head), qPrintable(action->toolTip()));
    }
}

void tst_Flight::ownEnvironmentsCanBeChangedAndRemoved()
{
    const QTemporaryDir folder;
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, copyOfSample(folder));
    ProjectController &controller = *window.controller();
    const QString first = controller.environment()->name;
    QVERIFY(!controller.isOwnEnvironment(first));
    QVERIFY(!actionOf(window, u"Edit environment…"_s)->isEnabled());
    Environment mine;
    mine.name = u"mine"_s;
    mine.url = u"sqlite:///mine.sqlite"_s;
    controller.addEnvironment(mine);
    QCOMPARE(controller.environment()->name, u"mine"_s);
    QVERIFY(controller.databases().contains(folder.filePath(u"market/mine.sqlite"_s)));
    QVERIFY(actionOf(window, u"Edit environment…"_s)->isEnabled());
    mine.name = u"yours"_s;
    mine.isProtected = true;
    mine.url = u"sqlite:///a-name-that-is-so-long-that-no-line-of-a-window-can-hold-it-in-its-whole-"
               u"length-and-then-some.sqlite"_s;
    controller.changeEnvironment(u"mine"_s, mine);
    QCOMPARE(controller.environment()->name, u"yours"_s);
    QVERIFY(controller.environment()->isProtected);
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isBusy(), waitMs);
    QVERIFY2(window.minimumSizeHint().width() <= 1000,
             qPrintable(QString::number(window.minimumSizeHint().width())));
    controller.removeEnvironment(u"yours"_s);
    QCOMPARE(controller.environment()->name, first);
    controller.removeEnvironment(first); // the project's own stays
    QCOMPARE(controller.environment()->name, first);
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isBusy(), waitMs);
}

void tst_Flight::searchFindsColumnsAndTheKeyboardLeavesIt()
{
    const QTemporaryDir folder;
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, copyOfSample(folder));
    QVERIFY2(window.minimumSizeHint().width() <= 1000,
             qPrintable(QString::number(window.minimumSizeHint().width())));
    auto *search = window.findChild<QLineEdit *>(u"search"_s);
    HistoryView *view = window.historyPage()->view();
    search->setText(u"telegram_id"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy() && !window.facts()->isBusy(), waitMs);
    QVERIFY(view->shownRows() > 0);
    QVERIFY(view->shownRows() < window.historyPage()->model()->rowCount());
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(search, Qt::Key_Down);
    QTRY_COMPARE(QApplication::focusWidget(), view);
    search->setFocus();
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(search->text().isEmpty());
}

QAction *tst_Flight::actionOf(const MainWindow &window, const QString &text)
{
    for (QAction *action : window.findChildren<QAction *>()) {
        if (action->text().remove(u'&') == text)
            return action;
    }
    return nullptr;
}

void tst_Flight::aBrokenScriptIsAGhostWithItsReason()
{
    const QTemporaryDir folder;
    const QString path = copyOfSample(folder);
    const QString id = u"9c41e07b2d55"_s;
    const QFileInfo file = QDir(path + u"/versions"_s).entryInfoList({id + u"*"_s}).value(0);
    QFile broken(file.filePath());
    QVERIFY(broken.open(QIODevice::WriteOnly)); // without its header nobody can tell what it revises
    broken.write("op.execute(\n");
    broken.close();
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, path);
    const HistoryModel *model = window.historyPage()->model();
    const int row = model->rowOf(id);
    QVERIFY(row >= 0);
    QCOMPARE(model->index(row, HistoryModel::MessageColumn).data().toString(),
             u"could not be read"_s);
    const QString banner = window.historyPage()->banner()->text();
    QVERIFY2(banner.startsWith(u"2 problems"_s), qPrintable(banner));
    QVERIFY2(banner.contains(file.fileName()), qPrintable(banner));
    // its script is shown all the same, with the reason over it
    window.historyPage()->view()->select(id);
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy(), waitMs);
    bool isShown = false;
    for (const SqlPane *pane : window.findChildren<SqlPane *>())
        isShown = isShown || (pane->view()->text().contains(u"op.execute(\n"_s)
                              && !pane->banner()->text().isEmpty());
    QVERIFY(isShown);
}

void tst_Flight::closingForgetsTheProject()
{
    const QTemporaryDir folder;
    Settings settings(folder.filePath(u"config"_s));
    MainWindow window(&settings);
    window.show();
    open(window, copyOfSample(folder));
    auto *search = window.findChild<QLineEdit *>(u"search"_s);
    search->setText(u"users"_s);
    QVERIFY(window.openPreview(u"heads"_s));
    const auto *chooser = window.findChild<QComboBox *>(u"environment"_s);
    QVERIFY(chooser->isVisible());
    actionOf(window, u"Close project"_s)->trigger();
    QVERIFY(!window.controller()->project());
    QVERIFY(!window.controller()->isBusy());
    QTRY_VERIFY(!chooser->isVisible());
    QVERIFY(search->text().isEmpty());
    QVERIFY(!window.findChild<PreviewWindow *>() || !window.findChild<PreviewWindow *>()->isVisible());
    QCOMPARE(window.changesPage()->model()->differenceCount(), 0);
    QVERIFY(!actionOf(window, u"Upgrade to head…"_s)->isEnabled());
}

int runFlight(int argc, char **argv)
{
    tst_Flight test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_flight.moc"
