#include "tests/runtime/tst_concurrency.h"

#include "core/runtime/run.h"
#include "tests/runtime/sample.h"

#include <QTest>
#include <latch>
#include <thread>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

void tst_Concurrency::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

void tst_Concurrency::runsAtOnce_data()
{
    QTest::addColumn<int>("clients");
    QTest::addColumn<int>("from");
    QTest::addColumn<QString>("mode");
    QTest::newRow("two from nothing") << 2 << 0 << u"delete"_s;
    QTest::newRow("two from the middle") << 2 << 5 << u"delete"_s;
    QTest::newRow("eight from nothing") << 8 << 0 << u"delete"_s;
    QTest::newRow("eight, write-ahead log") << 8 << 0 << u"wal"_s;
}

/// Each revision is applied by exactly one of them (table runs would tell), and none of them fails.
void tst_Concurrency::runsAtOnce()
{
    QFETCH(int, clients);
    QFETCH(int, from);
    QFETCH(QString, mode);
    constexpr int count = 12;
    constexpr int rounds = 5;
    for (int round = 0; round < rounds; ++round) {
        const QString file = path(u"%1.db"_s.arg(round));
        RawDatabase(file).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
        Plan plan = remainingPlan(count, {});
        if (from > 0) {
            Plan first = plan;
            first.steps = plan.steps.mid(0, from);
            first.endRows = {first.steps.last().revision};
            QVERIFY(!run(first, fileSpec(file), bareOptions(), {}, {}).error);
            plan = remainingPlan(count, first.endRows);
        }
        std::latch start(clients);
        std::vector<RunReport> reports{size_t(clients)};
        std::vector<std::thread> threads;
        for (int i = 0; i < clients; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                reports[size_t(i)] = run(plan, fileSpec(file, 60000), bareOptions(), {}, {});
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        int applied = 0;
        for (const RunReport &report : reports) {
            QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
            QCOMPARE(report.rowsAfter, plan.endRows);
            applied += report.stepsDone;
        }
        QCOMPARE(applied, int(plan.steps.size()));
        QCOMPARE(dump(file), expectedDump(path(u"expected.db"_s), count, count));
    }
}

void tst_Concurrency::writerSlipsIn()
{
    QVERIFY(!run(remainingPlan(1, {}), fileSpec(path()), bareOptions(), {}, {}).error);
    RawDatabase other(path());
    int written = 0;
    // Another program writes rows between two revisions, and tries to inside of one.
    const RunReport report = run(remainingPlan(6, {u"r001"_s}), fileSpec(path()), bareOptions(),
                                 [&](const RunEvent &event) {
                                     if (event.kind == RunEvent::Kind::StepDone) {
                                         other.exec(u"INSERT INTO runs VALUES ('other')"_s);
                                         ++written;
                                     }
                                 },
                                 {});
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(
        other.rows(u"SELECT count(*) FROM runs WHERE revision = 'other'"_s).first().first().toInt(),
        written);
    QCOMPARE(written, 5);
}

void tst_Concurrency::otherToolMovesOn()
{
    // Between two revisions another tool stamps the database elsewhere: the run stops, and says
    // both.
    const RunReport report = run(
        remainingPlan(6, {}), fileSpec(path()), bareOptions(),
        [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::StepDone && event.step == 2)
                RawDatabase(path()).exec(u"UPDATE alembic_version SET version_num = 'elsewhere'"_s);
        },
        {});
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Conflict);
    QVERIFY2(report.error->message.contains(u"at r003, but"_s)
                 && report.error->message.contains(u"at elsewhere"_s),
             qPrintable(report.error->message));
    QCOMPARE(report.stepsDone, 3);
    QCOMPARE(report.rowsAfter, QStringList{u"elsewhere"_s});
}

void tst_Concurrency::structureChangedMeanwhile_data()
{
    QTest::addColumn<int>("after"); // the step behind which a column is added
    QTest::newRow("before the run") << -1;
    QTest::newRow("between two steps") << 2;
}

void tst_Concurrency::structureChangedMeanwhile()
{
    QFETCH(int, after);
    QVERIFY(!run(remainingPlan(1, {}), fileSpec(path()), bareOptions(), {}, {}).error);
    Plan plan = remainingPlan(6, {u"r001"_s});
    const auto state = readDatabase(fileSpec(path()), plan.versionTable);
    QVERIFY(state);
    QVERIFY(!state->structure.isEmpty());
    plan.structure = state->structure;
    const QString change = u"ALTER TABLE runs ADD COLUMN by_hand"_s;
    if (after < 0)
        RawDatabase(path()).exec(change);
    const RunReport report =
        run(plan, fileSpec(path()), bareOptions(),
            [&](const RunEvent &event) {
                if (event.kind == RunEvent::Kind::StepDone && event.step == after)
                    RawDatabase(path()).exec(change);
            },
            {});
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Conflict);
    QVERIFY2(report.error->message.contains(u"changed the tables"_s),
             qPrintable(report.error->message));
    QCOMPARE(report.stepsDone, after + 1);
    QCOMPARE(report.rowsAfter, QStringList{u"r%1"_s.arg(after + 2, 3, 10, QChar(u'0'))});
    QVERIFY(RawDatabase(path()).tryExec(u"SELECT by_hand FROM runs"_s));
}

/// Another run has applied a part; what is left writes down columns that nobody has read since.
void tst_Concurrency::restThatRebuildsNeedsANewPlan()
{
    Plan plan = remainingPlan(8, {});
    plan.structure = u"0"_s;
    QVERIFY(!run(remainingPlan(1, {}), fileSpec(path()), bareOptions(), {}, {}).error);
    const QString before = dump(path());
    const RunReport report = run(plan, fileSpec(path()), bareOptions(), {}, {});
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Conflict);
    QVERIFY2(report.error->message.contains(u"make a new plan"_s), qPrintable(report.error->message));
    QCOMPARE(report.stepsDone, 0);
    QCOMPARE(dump(path()), before);
}

void tst_Concurrency::readersSeeCommitsAlone()
{
    RawDatabase(path()).exec(u"PRAGMA journal_mode = wal"_s);
    const RunReport report =
        run(remainingPlan(8, {}), fileSpec(path()), bareOptions(),
            [&](const RunEvent &event) {
                if (event.kind != RunEvent::Kind::StatementDone)
                    return;
                const Result<QStringList> rows =
                    currentRows(fileSpec(path()), {{}, u"alembic_version"_s});
                QVERIFY(rows);
                const QString last = u"r%1"_s.arg(event.step, 3, 10, QChar(u'0'));
                QCOMPARE(*rows, event.step == 0 ? QStringList() : QStringList{last});
            },
            {});
    QVERIFY(!report.error);
}
