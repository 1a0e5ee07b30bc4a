#include "suites.h"

#include "samples.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/wording.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_StepsModel : public QObject
{
    Q_OBJECT
private slots:
    void eventsMoveTheSteps();
    void failureKeepsTheReason();
    void failureAfterACommitIsNotTheSteps();
    void cancelledStepIsRolledBack();
    void onlyWhatIsCommittedStaysIn();
    void eventsOfNoStepAreIgnored();
    void logHidesPasswords();
    void durations_data();
    void durations();
};

namespace {
RunEvent happened(RunEvent::Kind kind, int step, int statement = -1)
{
    RunEvent event;
    event.kind = kind;
    event.step = step;
    event.statement = statement;
    event.statements = 3;
    event.durationUs = 20'000;
    event.at = QDateTime(QDate(2025, 3, 2), QTime(11, 42, 7));
    return event;
}
void setPlan(StepsModel &model, const Plan &plan)
{
    model.setPlan(plan, transactionMap(plan, TransactionMode::PerRevision));
}
QString detail(const StepsModel &model, int row)
{
    return model.index(row).data(StepsModel::DetailRole).toString();
}
} // namespace

void tst_StepsModel::eventsMoveTheSteps()
{
    StepsModel model;
    const QAbstractItemModelTester tester(&model);
    setPlan(model, samples::plan(2));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(detail(model, 0), u"3 statements"_s);
    QCOMPARE(model.currentStep(), -1);
    model.apply(happened(RunEvent::Kind::StepStarted, 0));
    model.apply(happened(RunEvent::Kind::StatementStarted, 0, 0));
    QCOMPARE(detail(model, 0), u"statement 1 of 3 · 00:00"_s);
    model.apply(happened(RunEvent::Kind::StatementDone, 0, 0));
    QCOMPARE(detail(model, 0), u"statement 2 of 3 · 00:00"_s);
    QVERIFY(qAbs(model.index(0).data(StepsModel::FractionRole).toDouble() - 1 / 3.0) < 0.001);
    model.apply(happened(RunEvent::Kind::StepDone, 0));
    QCOMPARE(model.stateAt(0), StepsModel::State::Done);
    QVERIFY2(detail(model, 0).contains(u"committed 11:42:07"_s), qPrintable(detail(model, 0)));
    QCOMPARE(model.stateAt(1), StepsModel::State::Waiting);
    QCOMPARE(model.currentStep(), 0);
}

void tst_StepsModel::failureKeepsTheReason()
{
    StepsModel model;
    setPlan(model, samples::plan(1));
    model.apply(happened(RunEvent::Kind::StepStarted, 0));
    RunEvent failed = happened(RunEvent::Kind::Failed, 0, 1);
    failed.text = u"no such table: users"_s;
    model.apply(failed);
    RunReport report;
    report.error = Error{.code = ErrorCode::Statement, .message = failed.text};
    model.setEnded(report);
    QCOMPARE(model.stateAt(0), StepsModel::State::Failed);
    QVERIFY(detail(model, 0).contains(u"no such table: users"_s));
}

void tst_StepsModel::failureAfterACommitIsNotTheSteps()
{
    StepsModel model;
    setPlan(model, samples::plan(2));
    model.apply(happened(RunEvent::Kind::StepStarted, 0));
    model.apply(happened(RunEvent::Kind::StepDone, 0));
    model.apply(happened(RunEvent::Kind::Failed, 0));
    RunReport report;
    report.error = Error{.code = ErrorCode::Cancelled, .message = u"cancelled"_s};
    model.setEnded(report);
    QCOMPARE(model.stateAt(0), StepsModel::State::Done);
}

void tst_StepsModel::cancelledStepIsRolledBack()
{
    StepsModel model;
    setPlan(model, samples::plan(2));
    model.apply(happened(RunEvent::Kind::StepStarted, 0));
    model.apply(happened(RunEvent::Kind::StepDone, 0));
    model.apply(happened(RunEvent::Kind::StepStarted, 1));
    RunReport report;
    report.error = Error{.code = ErrorCode::Cancelled, .message = u"cancelled"_s};
    model.setEnded(report);
    QCOMPARE(model.stateAt(0), StepsModel::State::Done);
    QCOMPARE(model.stateAt(1), StepsModel::State::RolledBack);
    QVERIFY(detail(model, 1).contains(u"rolled back"_s));
}

/// MySQL: a transaction whose statements have run is in when its COMMIT has, which shows by what begins behind it.
void tst_StepsModel::onlyWhatIsCommittedStaysIn()
{
    PlanStep step{.revision = u"a1"_s};
    for (const QString &sql : {u"INSERT INTO t VALUES (1)"_s, u"UPDATE t SET n = 2"_s,
                               u"CREATE TABLE late (id INTEGER)"_s})
        step.statements.append({.sql = sql});
    StepsModel model;
    setPlan(model, {.backend = Backend::MySql, .steps = {step}});
    const RunReport cancelled{.error = Error{.code = ErrorCode::Cancelled}};
    model.apply(happened(RunEvent::Kind::StepStarted, 0));
    for (const int statement : {0, 1}) {
        model.apply(happened(RunEvent::Kind::StatementStarted, 0, statement));
        model.apply(happened(RunEvent::Kind::StatementDone, 0, statement));
    }
    model.setEnded(cancelled);
    QVERIFY2(detail(model, 0).endsWith(u"rolled back"_s), qPrintable(detail(model, 0)));
    model.apply(happened(RunEvent::Kind::StatementStarted, 0, 2));
    model.setEnded(cancelled);
    QVERIFY2(detail(model, 0).endsWith(u"its first 2 statements stay in"_s),
             qPrintable(detail(model, 0)));
}

void tst_StepsModel::eventsOfNoStepAreIgnored()
{
    StepsModel model;
    setPlan(model, samples::plan(1));
    model.apply(happened(RunEvent::Kind::StepStarted, 7));
    model.apply(happened(RunEvent::Kind::StatementDone, -1));
    QCOMPARE(model.stateAt(0), StepsModel::State::Waiting);
}

void tst_StepsModel::logHidesPasswords()
{
    RunEvent connected = happened(RunEvent::Kind::Connected, -1);
    connected.text = u"postgresql://app:secret@db/x \x1b[2J"_s;
    const QString line = logLine(connected, samples::plan(1));
    QVERIFY2(!line.contains(u"secret"_s), qPrintable(line));
    QVERIFY2(!line.contains(QChar(0x1b)), qPrintable(line));
}

void tst_StepsModel::durations_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << u"0.00 s"_s;
    QTest::newRow("short") << qint64(20'000) << u"0.02 s"_s;
    QTest::newRow("seconds") << qint64(12'440'000) << u"12.4 s"_s;
    QTest::newRow("minutes") << qint64(187'000'000) << u"3:07 min"_s;
}

void tst_StepsModel::durations()
{
    QFETCH(qint64, microseconds);
    QLocale::setDefault(QLocale::c());
    QTEST(durationText(microseconds), "text");
}

int runStepsModel(int argc, char **argv)
{
    tst_StepsModel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stepsmodel.moc"
