#include "suites.h"

#include "ui/apply/applydialog.h"
#include "ui/apply/stepsmodel.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/history/detailspanel.h"
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

#include <QDirIterator>
#include <QFile>
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

private:
    static constexpr int waitMs = 60'000;
    static QString copyOfSample(const QTemporaryDir &folder);
    void open(MainWindow &window, const QString &path);
    static void press(MainWindow &window, Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    ApplyDialog *applyDialog(MainWindow &window);
    void runThrough(ApplyDialog *dialog);
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

    // and one step back
    QVERIFY(window.openApply(Direction::Downgrade, u"-1"_s));
    runThrough(applyDialog(window));
    QTRY_COMPARE_WITH_TIMEOUT(state(window, head), u"○ pending"_s, waitMs);
    QVERIFY(window.controller()->reading().state);
    QVERIFY(!window.controller()->reading().state->atHead);

    // the log has both
    press(window, Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(window.logPage()->runCount() == 2, waitMs);
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
}

int runFlight(int argc, char **argv)
{
    tst_Flight test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_flight.moc"
