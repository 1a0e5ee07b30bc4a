#include "tests/runtime/tst_jobs.h"

#include "core/runtime/applyjob.h"
#include "tests/runtime/sample.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <latch>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

namespace {

const QString kEndless =
    u"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"_s;

} // namespace

void tst_Jobs::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

void tst_Jobs::deliversOnTheOwnersThread()
{
    QThread *const owner = QThread::currentThread();
    QThread *worker = nullptr;
    std::optional<int> result;
    Job<int> job(
        [&](const std::stop_token &) {
            worker = QThread::currentThread();
            return 42;
        },
        [&](int value) {
            QCOMPARE(QThread::currentThread(), owner);
            result = value;
        });
    QTRY_COMPARE(result, 42);
    QVERIFY(worker != owner);
}

void tst_Jobs::destroyedBeforeItIsDone()
{
    bool isDelivered = false;
    std::latch started(1);
    {
        const Job<bool> job(
            [&](const std::stop_token &stop) {
                started.count_down();
                while (!stop.stop_requested())
                    QThread::yieldCurrentThread();
                return true;
            },
            [&](bool) { isDelivered = true; });
        started.wait();
    } // asks to stop, joins, drops the result
    QCoreApplication::processEvents();
    QVERIFY(!isDelivered);
}

void tst_Jobs::destroyedByItsOwnResult()
{
    int delivered = 0;
    std::unique_ptr<Job<QString>> job;
    job = std::make_unique<Job<QString>>([](const std::stop_token &) { return u"done"_s; },
                                         [&](const QString &) {
                                             job.reset();
                                             ++delivered;
                                         });
    QTRY_COMPARE(delivered, 1);
    QVERIFY(!job);
}

void tst_Jobs::appliesAPlan()
{
    ApplyJob job(remainingPlan(6, {}), fileSpec(path()), bareOptions());
    QSignalSpy finished(&job, &ApplyJob::finished);
    int statements = 0;
    QObject::connect(&job, &ApplyJob::progressed, this, [&](const RunEvent &event) {
        QCOMPARE(QThread::currentThread(), thread());
        QVERIFY(!job.report()); // all of the story comes before its end
        statements += event.kind == RunEvent::Kind::StatementDone ? 1 : 0;
    });
    QVERIFY(!job.isRunning());
    job.start();
    QVERIFY(job.isRunning());
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!job.isRunning());
    QVERIFY(!job.report()->error);
    QCOMPARE(statements, job.report()->statementsDone);
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 6));
}

void tst_Jobs::cancelsAPlan()
{
    QList<Revision> revisions = story(3);
    revisions[2].statements.append(kEndless);
    ApplyJob job(upgradePlan(revisions), fileSpec(path()), bareOptions());
    QSignalSpy finished(&job, &ApplyJob::finished);
    QObject::connect(&job, &ApplyJob::progressed, this, [&](const RunEvent &event) {
        if (event.kind == RunEvent::Kind::StatementStarted && event.text == kEndless)
            job.cancel();
    });
    job.start();
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(job.report()->error->code, ErrorCode::Cancelled);
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 3, 2));
}

void tst_Jobs::destroyedWhileItApplies()
{
    QList<Revision> revisions = story(2);
    revisions[1].statements.append(kEndless);
    {
        ApplyJob job(upgradePlan(revisions), fileSpec(path()), bareOptions());
        bool isInside = false;
        QObject::connect(&job, &ApplyJob::progressed, this, [&](const RunEvent &event) {
            isInside = isInside || event.text == kEndless;
        });
        job.start();
        QTRY_VERIFY(isInside);
    }
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 2, 1));
}
