#include "suites.h"

#include "mnemonics.h"
#include "samples.h"
#include "ui/apply/applydialog.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/inlinebanner.h"
#include "ui/sql/sqlpane.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QThread>
#include <QToolButton>
#include <algorithm>
#include <atomic>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_ApplyDialog : public QObject
{
    Q_OBJECT
private slots:
    void planFirstThenRun();
    void nothingToDo();
    void refusedPlanCanBeMadeAgain();
    void planThatIsNotWholeCannotRun();
    void protectedAsksForItsName();
    void lossStandsOnTheButtonAndNeedsMoreThanEnter();
    void theFailedStatementIsFoundByItsNumber();
    void statementsOutsideATransactionAreSaidSo();
    void escapeLeavesTheSql();
    void tabReachesEverything();
    void cancelRollsBack();
    void stopAfterStepStopsAtTheCommit();
    void closingWhileRunningIsRefused();
    void failureSaysWhereTheDatabaseStands();
    void asksAboutABrokenRun_data();
    void asksAboutABrokenRun();
};

namespace {

using Phase = ApplyDialog::Phase;

RunReport runAll(const Plan &plan, const RunProgress &progress, const std::stop_token &stop)
{
    RunReport report;
    report.positionKnown = true;
    for (int i = 0; i < plan.steps.size(); ++i) {
        if (stop.stop_requested()) {
            report.error = Error{.code = ErrorCode::Cancelled, .message = u"Cancelled."_s};
            return report;
        }
        progress({.kind = RunEvent::Kind::StepStarted, .step = i, .statements = 3});
        progress({.kind = RunEvent::Kind::StepDone, .step = i, .statements = 3});
        ++report.stepsDone;
        report.rowsAfter = {plan.steps[i].revision};
    }
    return report;
}

ApplyRequest request(int steps = 2)
{
    ApplyRequest request;
    request.environment.name = u"local"_s;
    request.environment.url = u"sqlite:///x.sqlite"_s;
    request.plan = [steps](const std::stop_token &) -> Result<Plan> {
        return samples::plan(steps);
    };
    request.run = [](const Plan &plan, const RunOptions &, const RunProgress &progress,
                     const std::stop_token &stop) { return runAll(plan, progress, stop); };
    return request;
}

/// Runs until it is asked to stop, then reports as a cancelled run does.
ApplyRequest endless(std::atomic_bool *started)
{
    ApplyRequest endless = request();
    endless.run = [started](const Plan &, const RunOptions &, const RunProgress &progress,
                            const std::stop_token &stop) {
        progress({.kind = RunEvent::Kind::StepStarted, .step = 0, .statements = 3});
        *started = true;
        while (!stop.stop_requested())
            QThread::msleep(1);
        RunReport report;
        report.positionKnown = true;
        report.error = Error{.code = ErrorCode::Cancelled, .message = u"Cancelled."_s};
        return report;
    };
    return endless;
}

QPushButton *button(const ApplyDialog &dialog, const QString &text)
{
    for (QPushButton *button : dialog.findChildren<QPushButton *>()) {
        if (button->text().remove(u'&') == text && button->isVisible())
            return button;
    }
    return nullptr;
}

QString resultOf(const ApplyDialog &dialog)
{
    return dialog.findChild<InlineBanner *>(u"result"_s)->text();
}

} // namespace

void tst_ApplyDialog::planFirstThenRun()
{
    ApplyDialog dialog(request());
    dialog.show();
    const QSignalSpy ran(&dialog, &ApplyDialog::ran);
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QCOMPARE(ran.count(), 0); // nothing runs before the button
    QCOMPARE(dialog.steps()->rowCount(), 2);
    QCOMPARE(dialog.windowTitle(), u"Upgrade local: base → r2"_s);
    QPushButton *apply = button(dialog, u"Apply 2 revisions"_s);
    QVERIFY(apply);
    QCOMPARE(mnemonicClashes(dialog).join(u'\n'), QString());
    QTest::mouseClick(apply, Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QCOMPARE(ran.count(), 1);
    QCOMPARE(dialog.steps()->stateAt(1), StepsModel::State::Done);
    QVERIFY2(resultOf(dialog).contains(u"stands at r2"_s), qPrintable(resultOf(dialog)));
    QCOMPARE(mnemonicClashes(dialog).join(u'\n'), QString());
    QVERIFY(button(dialog, u"Close"_s));
}

void tst_ApplyDialog::nothingToDo()
{
    ApplyDialog dialog(request(0));
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Refused);
    QVERIFY(resultOf(dialog).contains(u"Nothing to do"_s));
    QVERIFY(button(dialog, u"Close"_s));
}

void tst_ApplyDialog::refusedPlanCanBeMadeAgain()
{
    ApplyRequest failing = request();
    const auto isLocked = std::make_shared<std::atomic_bool>(true);
    failing.plan = [isLocked](const std::stop_token &) -> Result<Plan> {
        if (*isLocked)
            return Error{.code = ErrorCode::Busy,
                         .message = u"The database is locked by <b>x</b>."_s};
        return samples::plan(1);
    };
    ApplyDialog dialog(failing);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Refused);
    QVERIFY(resultOf(dialog).contains(u"locked by <b>x</b>"_s));
    *isLocked = false;
    emit dialog.findChild<InlineBanner *>(u"result"_s)->actionTriggered();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QVERIFY(button(dialog, u"Apply 1 revision"_s));
}

void tst_ApplyDialog::planThatIsNotWholeCannotRun()
{
    ApplyRequest broken = request();
    broken.plan = [](const std::stop_token &) -> Result<Plan> {
        Plan plan = samples::plan(2);
        plan.steps[1].status = StepStatus::Unsupported;
        plan.steps[1].reason = u"import of requests is not read"_s;
        plan.steps[1].file = u"/p/versions/r2_x.py"_s;
        plan.steps[1].line = 12;
        return plan;
    };
    ApplyDialog dialog(broken);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Refused);
    QVERIFY2(resultOf(dialog).contains(u"r2_x.py:12"_s), qPrintable(resultOf(dialog)));
    QVERIFY(!button(dialog, u"Apply 2 revisions"_s));
}

void tst_ApplyDialog::protectedAsksForItsName()
{
    ApplyRequest production = request(1);
    production.environment.name = u"production"_s;
    production.environment.isProtected = true;
    ApplyDialog dialog(production);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QPushButton *apply = button(dialog, u"Apply 1 revision"_s);
    QVERIFY(apply && !apply->isEnabled());
    auto *name = dialog.findChild<QLineEdit *>();
    QVERIFY(name->hasFocus() || dialog.focusWidget() == name);
    QTest::keyClicks(name, u"productio"_s);
    QVERIFY(!apply->isEnabled());
    QTest::keyClick(name, Qt::Key_N);
    QVERIFY(apply->isEnabled());
    QTest::keyClick(name, Qt::Key_Backspace);
    QVERIFY(!apply->isEnabled());
}

void tst_ApplyDialog::lossStandsOnTheButtonAndNeedsMoreThanEnter()
{
    ApplyRequest lossy = request(1);
    lossy.direction = Direction::Downgrade;
    lossy.plan = [](const std::stop_token &) -> Result<Plan> {
        Plan plan = samples::plan(1);
        plan.steps[0].losses = {{.message = u"drops table users"_s}};
        return plan;
    };
    ApplyDialog dialog(lossy);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    const QPushButton *apply = button(dialog, u"Downgrade 1 revision and lose data"_s);
    QVERIFY(apply);
    QCOMPARE(apply->property("role").toString(), u"danger"_s);
    QCOMPARE(dialog.focusWidget(), button(dialog, u"Cancel"_s));
    QTest::keyClick(dialog.focusWidget(), Qt::Key_Return);
    QVERIFY(!dialog.isVisible());
}

void tst_ApplyDialog::theFailedStatementIsFoundByItsNumber()
{
    Plan plan = samples::plan(1);
    plan.createVersionTable = u"CREATE TABLE alembic_version (\n  v TEXT\n)"_s;
    plan.steps[0].createsVersionTable = true;
    plan.steps[0].statements[1].sql = plan.steps[0].statements[0].sql; // twice the same
    const ShownStep shown = shownStep(plan, transactionMap(plan, TransactionMode::PerRevision), 0);
    const QStringList lines = shown.text.split(u'\n');
    QCOMPARE(shown.statements.size(), 3);
    QVERIFY(shown.statements[0].first < shown.statements[1].first);
    for (int i : {0, 1})
        QCOMPARE(lines[shown.statements[i].first - 1], u"CREATE TABLE t1 (id INTEGER);"_s);
    QVERIFY(lines[shown.statements[2].first - 1].startsWith(u"UPDATE alembic_version"_s));
    QCOMPARE(shown.frameLines.size(), 2);
    QCOMPARE(lines[shown.frameLines[0] - 1], u"BEGIN IMMEDIATE;"_s);
    QCOMPARE(lines[shown.frameLines[1] - 1], u"COMMIT;"_s);
}

void tst_ApplyDialog::statementsOutsideATransactionAreSaidSo()
{
    Plan plan = samples::plan(1);
    plan.steps[0].statements[1].outsideTransaction = true;
    const auto shown = [&plan] { return shownStep(plan, transactionMap(plan, TransactionMode::PerRevision), 0); };
    const QString text = shown().text;
    QCOMPARE(text.count(u"BEGIN IMMEDIATE;"_s), 2);
    QCOMPARE(text.count(u"COMMIT;"_s), 2);
    QVERIFY(text.indexOf(u"outside of any"_s) > text.indexOf(u"COMMIT;"_s));
    QCOMPARE(shown().brackets.size(), 3);
    QVERIFY(shown().brackets[1].isOutside);
    plan.backend = Backend::PostgreSql; // there it gets a transaction of its own
    QCOMPARE(shown().text.count(u"\nBEGIN;"_s), 3);
    QCOMPARE(shown().text.count(u"COMMIT;"_s), 3);
    plan.backend = Backend::MariaDb; // DDL commits by itself, what is left is a transaction
    QCOMPARE(shown().text.count(u"START TRANSACTION;"_s), 1);
    QCOMPARE(shown().text.count(u"-- commits by itself"_s), 1);
    QCOMPARE(shown().brackets.size(), 3);
}

void tst_ApplyDialog::escapeLeavesTheSql()
{
    ApplyDialog dialog(request(1));
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    auto *sql = dialog.findChild<SqlPane *>();
    const auto hasFocus = [&] {
        sql->setFocus(); // the editor is made with the first text, and shown a moment later
        return dialog.focusWidget() && sql->isAncestorOf(dialog.focusWidget());
    };
    QTRY_VERIFY(hasFocus());
    QTest::keyClick(dialog.focusWidget(), Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());
}

void tst_ApplyDialog::tabReachesEverything()
{
    ApplyDialog dialog(request(2));
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    auto *sql = dialog.findChild<SqlPane *>();
    QTRY_VERIFY(sql->view()->focusProxy() && sql->view()->focusProxy()->isVisible()); // made with the first text
    for (const Qt::Key key : {Qt::Key_Tab, Qt::Key_Backtab}) {
        QWidgetList reached;
        for (int i = 0; i < 40 && !reached.contains(dialog.focusWidget()); ++i) {
            reached << dialog.focusWidget();
            QTest::keyClick(dialog.focusWidget(), key);
        }
        const auto has = [&reached](const QWidget *wanted) {
            return std::ranges::any_of(reached, [wanted](const QWidget *one) {
                return one == wanted || (wanted && wanted->isAncestorOf(one));
            });
        };
        QCOMPARE(dialog.focusWidget(), reached.constFirst()); // round, and nowhere caught
        const QList<QListView *> lists = dialog.findChildren<QListView *>();
        QVERIFY(std::ranges::any_of(
            lists, [&has](const QListView *list) { return list->isVisible() && has(list); }));
        QVERIFY(has(sql));
        QVERIFY(has(dialog.findChild<QTabBar *>()));
        for (const QString &text : {u"Apply 2 revisions"_s, u"Cancel"_s})
            QVERIFY2(has(button(dialog, text)), qPrintable(text));
        for (const QToolButton *tool : dialog.findChildren<QToolButton *>())
            QVERIFY2(!tool->isVisible() || !tool->isEnabled() || has(tool) || tool->text() == u"×",
                     qPrintable(tool->text()));
    }
}

void tst_ApplyDialog::cancelRollsBack()
{
    std::atomic_bool started = false;
    ApplyDialog dialog(endless(&started));
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QTest::mouseClick(button(dialog, u"Apply 2 revisions"_s), Qt::LeftButton);
    QTRY_VERIFY(started);
    QTest::mouseClick(button(dialog, u"Cancel now"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QCOMPARE(dialog.steps()->stateAt(0), StepsModel::State::RolledBack);
    QVERIFY2(resultOf(dialog).contains(u"Stopped: local stands at base"_s),
             qPrintable(resultOf(dialog)));
}

void tst_ApplyDialog::stopAfterStepStopsAtTheCommit()
{
    ApplyRequest stepwise = request(3);
    const auto mayCommit = std::make_shared<std::atomic_bool>(false);
    stepwise.run = [mayCommit](const Plan &plan, const RunOptions &, const RunProgress &progress,
                               const std::stop_token &stop) {
        while (!*mayCommit)
            QThread::msleep(1);
        return runAll(plan, progress, stop);
    };
    ApplyDialog dialog(stepwise);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QTest::mouseClick(button(dialog, u"Apply 3 revisions"_s), Qt::LeftButton);
    QTest::mouseClick(button(dialog, u"Stop after this step"_s), Qt::LeftButton);
    *mayCommit = true;
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QCOMPARE(dialog.steps()->stateAt(0), StepsModel::State::Done);
    QCOMPARE(dialog.steps()->stateAt(1), StepsModel::State::Waiting);
    QVERIFY2(resultOf(dialog).contains(u"stands at r1"_s), qPrintable(resultOf(dialog)));
}

void tst_ApplyDialog::closingWhileRunningIsRefused()
{
    std::atomic_bool started = false;
    ApplyDialog dialog(endless(&started));
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QTest::mouseClick(button(dialog, u"Apply 2 revisions"_s), Qt::LeftButton);
    QTRY_VERIFY(started);
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(dialog.isVisible());
    QVERIFY(!dialog.close());
    QVERIFY(dialog.findChild<QLabel *>(u"hint"_s)->text().contains(u"still going"_s));
    QTest::mouseClick(button(dialog, u"Cancel now"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QVERIFY(dialog.close());
}

void tst_ApplyDialog::failureSaysWhereTheDatabaseStands()
{
    ApplyRequest failing = request();
    failing.run = [](const Plan &plan, const RunOptions &, const RunProgress &progress,
                     const std::stop_token &) {
        progress({.kind = RunEvent::Kind::StepStarted, .step = 0, .statements = 3});
        progress({.kind = RunEvent::Kind::StepDone, .step = 0, .statements = 3});
        progress({.kind = RunEvent::Kind::StepStarted, .step = 1, .statements = 3});
        progress({.kind = RunEvent::Kind::Failed, .step = 1, .text = u"no such table"_s});
        RunReport report;
        report.positionKnown = true;
        report.stepsDone = 1;
        report.rowsAfter = {plan.steps[0].revision};
        report.backupFile = u"/data/x.sqlite.backup"_s;
        report.error =
            Error{.code = ErrorCode::Statement, .message = u"Statement 1 of r2 failed."_s};
        return report;
    };
    ApplyDialog dialog(failing);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QTest::mouseClick(button(dialog, u"Apply 2 revisions"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    for (const QString &part :
         {u"Statement 1 of r2 failed."_s, u"local stands at r1"_s, u"x.sqlite.backup"_s})
        QVERIFY2(resultOf(dialog).contains(part), qPrintable(resultOf(dialog)));
    QCOMPARE(dialog.steps()->stateAt(1), StepsModel::State::Failed);
}

void tst_ApplyDialog::asksAboutABrokenRun_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<RunOptions::Unclear>("expected");
    QTest::newRow("done") << u"It is done"_s << RunOptions::Unclear::IsDone;
    QTest::newRow("again") << u"Run it again"_s << RunOptions::Unclear::RunAgain;
}

void tst_ApplyDialog::asksAboutABrokenRun()
{
    QFETCH(QString, button);
    QFETCH(RunOptions::Unclear, expected);
    ApplyRequest broken = request(1);
    const auto told = std::make_shared<QList<RunOptions::Unclear>>();
    broken.run = [told](const Plan &plan, const RunOptions &options, const RunProgress &progress,
                        const std::stop_token &stop) {
        told->append(options.unclear);
        if (options.unclear != RunOptions::Unclear::Ask)
            return runAll(plan, progress, stop);
        RunReport report;
        report.positionKnown = true;
        report.isUnclear = true;
        report.error = Error{.code = ErrorCode::Conflict, .message = u"Who knows."_s};
        return report;
    };
    ApplyDialog dialog(broken);
    dialog.show();
    QTRY_COMPARE(dialog.phase(), Phase::Ready);
    QTest::mouseClick(::button(dialog, u"Apply 1 revision"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QToolButton *answer = nullptr;
    for (QToolButton *one : dialog.findChildren<QToolButton *>())
        answer = one->text().remove(u'&') == button && one->isVisible() ? one : answer;
    QVERIFY(answer);
    QTest::mouseClick(answer, Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ready); // nothing runs before its button
    QTest::mouseClick(::button(dialog, u"Apply 1 revision"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog.phase(), Phase::Ended);
    QCOMPARE(*told, (QList{RunOptions::Unclear::Ask, expected}));
}

int runApplyDialog(int argc, char **argv)
{
    tst_ApplyDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_applydialog.moc"
