#include "tests/servers/tst_servercalls.h"

#include "core/runtime/run.h"
#include "tests/servers/failingserver.h"
#include "tests/servers/lab.h"
#include "tests/servers/plainplan.h"

#include <QTest>
#include <array>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

/// Two revisions with data and tables in turns; \a index is how the second makes its index.
QList<QStringList> shortStory(const QString &index)
{
    return {{u"CREATE TABLE runs (name VARCHAR(20) NOT NULL)"_s,
             u"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)"_s,
             u"INSERT INTO t VALUES (1, 10), (2, 20)"_s, u"INSERT INTO runs VALUES ('r1')"_s},
            {u"INSERT INTO runs VALUES ('r2 a')"_s, u"ALTER TABLE t ADD COLUMN extra INTEGER"_s,
             u"UPDATE t SET extra = n + 1"_s, index, u"INSERT INTO runs VALUES ('r2 b')"_s}};
}

/// What is left of \a plan where \a done revisions are in.
Plan remaining(Plan plan, int done)
{
    plan.startRows = done > 0 ? QStringList{plan.steps.at(done - 1).revision} : QStringList();
    plan.steps.remove(0, done);
    return plan;
}

/// What a database holds after the first statements of each revision: [revisions that are whole][statements].
QList<QStringList> dumpsOf(const QList<QStringList> &story, Backend backend)
{
    const Database database(backend);
    QList<QStringList> all;
    for (const QStringList &statements : story) {
        QStringList dumps{database.dump()};
        for (const QString &sql : statements) {
            database.exec(sql);
            dumps.append(database.dump());
        }
        all.append(dumps);
    }
    all.append(QStringList{database.dump()});
    return all;
}

void clear(const Database &database)
{
    const auto session = database.open();
    for (const QString &table : {u"t"_s, u"runs"_s, u"alembic_version"_s, u"tribikos_journal"_s})
        QVERIFY(session->execute(u"DROP TABLE IF EXISTS "_s + table));
}

/// What is in of the next revision is what the journal says; of a statement that it calls started nobody can tell yet.
void verifyHalf(const Database &database, const QStringList &dumps, const QByteArray &where)
{
    int done = 0;
    bool isUnclear = false;
    if (const auto rows = database.open()->query(u"SELECT state FROM tribikos_journal"_s)) {
        for (const Row &row : *rows) {
            const bool isDone = row.constFirst().toString() == u"done";
            done += isDone ? 1 : 0;
            isUnclear |= !isDone;
        }
    }
    const QString found = database.dump();
    QVERIFY2(found == dumps.value(done) || (isUnclear && found == dumps.value(done + 1)),
             where.constData());
}

} // namespace

void tst_ServerCalls::everyCallFailsOnce_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("index");
    QTest::addColumn<Failure>("failure");
    const QString plain = u"CREATE INDEX ix_t ON t (n)"_s;
    const QString alone = u"CREATE INDEX CONCURRENTLY ix_t ON t (n)"_s;
    for (const auto &[how, failure] :
         {std::pair("refused", Failure::Refused), std::pair("its answer is lost", Failure::Unheard),
          std::pair("connection lost", Failure::Lost),
          std::pair("out of memory", Failure::OutOfMemory)}) {
        QTest::addRow("PostgreSQL: %s", how) << Backend::PostgreSql << plain << failure;
        QTest::addRow("PostgreSQL, cut revision: %s", how)
            << Backend::PostgreSql << alone << failure;
        QTest::addRow("MariaDB: %s", how) << Backend::MariaDb << plain << failure;
    }
}

/// The 1st, 2nd, … call fails until a run makes no more of them. Whatever fails is said; the database holds whole
/// revisions, or the journal says how much of the next one is in; the next run ends with what any run makes.
void tst_ServerCalls::everyCallFailsOnce()
{
    QFETCH(Backend, backend);
    QFETCH(QString, index);
    QFETCH(Failure, failure);
    const QList<QStringList> story = shortStory(index);
    const QList<QStringList> dumps = dumpsOf(story, backend);
    const Database database(backend);
    const Plan plan = planOf(database.spec().backend, story);
    int calls = 0;
    for (bool hasFailed = true; hasFailed; ++calls) {
        clear(database);
        Fault fault{.failure = failure, .left = calls + 1};
        RunOptions options = quietly();
        options.betweenServer = [&](std::unique_ptr<ServerSession> real) {
            return std::make_unique<FailingServer>(std::move(real), fault);
        };
        const RunReport report = run(plan, database.spec(), options, {}, {});
        hasFailed = fault.hasFailed;
        QStringList rows = database.position();
        rows.removeAll(u"-"_s); // no table yet
        const int done = rows.isEmpty() ? 0 : rows.constFirst().mid(1).toInt();
        const QString said = report.error.value_or(Error()).message;
        const QByteArray where =
            u"call %1: %2 (at %3)"_s.arg(QString::number(calls + 1), said, rows.join(u' '))
                .toUtf8();
        QVERIFY2(!hasFailed || report.error || done == story.size(), where.constData());
        QVERIFY2(!report.error || (said.endsWith(u'.') && said.size() > 20), where.constData());
        QVERIFY2(!report.positionKnown || report.rowsAfter == rows, where.constData());
        QVERIFY2(report.error || (report.positionKnown && done == story.size()), where.constData());
        verifyHalf(database, dumps.at(done), where);
        if (QTest::currentTestFailed())
            return;
        const RunReport next = run(remaining(plan, done), database.spec(), quietly(), {}, {});
        const QByteArray then = next.error.value_or(Error()).message.toUtf8();
        QVERIFY2(!next.error, (where + " then: " + then).constData());
        QCOMPARE(database.dump(), dumps.constLast().constFirst());
        QCOMPARE(database.position(), plan.endRows);
    }
    qInfo("%d calls", calls - 1);
    QVERIFY2(calls > 20, qPrintable(QString::number(calls)));
}

void tst_ServerCalls::versionTableIsMadeMeanwhile_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<bool>("isApplied");
    for (const auto &[name, backend] :
         {std::pair("PostgreSQL", Backend::PostgreSql), std::pair("MariaDB", Backend::MariaDb)}) {
        QTest::addRow("%s: empty", name) << backend << false;
        QTest::addRow("%s: with the first revision", name) << backend << true;
    }
}

/// By Alembic, say, which knows none of our locks: what it has done is left out, and the rest goes on.
void tst_ServerCalls::versionTableIsMadeMeanwhile()
{
    QFETCH(Backend, backend);
    QFETCH(bool, isApplied);
    const QList<QStringList> story = shortStory(u"CREATE INDEX ix_t ON t (n)"_s);
    const Database database(backend);
    const Plan plan = planOf(database.spec().backend, story);
    bool isMade = false;
    const auto other = [&](const RunEvent &event) {
        if (event.kind != RunEvent::Kind::StatementStarted || event.statement >= 0 || isMade)
            return;
        isMade = true; // ours is about to be made
        database.exec(plan.createVersionTable);
        if (!isApplied)
            return;
        for (const QString &sql : story.constFirst())
            database.exec(sql);
        database.exec(plan.steps.constFirst().versionStatements.constFirst().sql);
    };
    const RunReport report = run(plan, database.spec(), quietly(), other, {});
    QVERIFY(isMade);
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(report.notes.join(u' ').contains(u"Already applied by another run: r1."_s), isApplied);
    QCOMPARE(database.position(), plan.endRows);
    QCOMPARE(database.dump(), dumpsOf(story, backend).constLast().constFirst());
}

namespace {

/// A run on a server that has no GET_LOCK().
RunReport runWithoutLocks(const Plan &plan, const Database &database, int waitMs = 60000)
{
    Fault fault{.refuses = u"SELECT GET_LOCK"_s};
    RunOptions options = quietly();
    options.betweenServer = [&](std::unique_ptr<ServerSession> real) {
        return std::make_unique<FailingServer>(std::move(real), fault);
    };
    ConnectionSpec spec = database.spec();
    spec.lockTimeoutMs = waitMs;
    return run(plan, spec, options, {}, {});
}

} // namespace

/// Several runs at once on a server that refuses locks: each revision is applied once, and the lease is renewed as long as
/// somebody is at work.
void tst_ServerCalls::leaseKeepsOthersOut()
{
    QList<QStringList> story = shortStory(u"CREATE INDEX ix_t ON t (n)"_s);
    story[1].append(u"DO SLEEP(5)"_s);
    const Database database(Backend::MariaDb);
    const Plan plan = planOf(database.spec().backend, story);
    std::array<RunReport, 3> reports;
    std::vector<std::thread> clients;
    for (RunReport &report : reports)
        clients.emplace_back([&] { report = runWithoutLocks(plan, database); });
    const auto looking = database.open();
    const auto renewed = [&] {
        const auto rows = looking->query(u"SELECT renewed FROM tribikos_lease"_s);
        return rows && !rows->isEmpty() ? rows->constFirst().constFirst().toString() : QString();
    };
    QStringList seen; // by somebody who holds it
    (void)QTest::qWaitFor(
        [&] {
            if (const QString now = renewed(); !now.isEmpty() && !seen.contains(now))
                seen.append(now);
            return seen.size() > 1;
        },
        60000);
    for (std::thread &client : clients)
        client.join();
    QVERIFY2(seen.size() > 1, qPrintable(seen.join(u' ')));
    for (const RunReport &report : reports) {
        QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
        QVERIFY2(report.notes.join(u' ').contains(u"refuses GET_LOCK()"_s),
                 qPrintable(report.notes.join(u' ')));
    }
    QCOMPARE(reports[0].stepsDone + reports[1].stepsDone + reports[2].stepsDone, int(story.size()));
    QCOMPARE(database.dump(), dumpsOf(story, Backend::MariaDb).constLast().constFirst());
    QCOMPARE(database.position(), plan.endRows);
    QVERIFY(!looking->query(u"SELECT 1 FROM tribikos_lease"_s)); // gone with the last one
}

void tst_ServerCalls::leaseOfAnother_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("lives");
    QTest::addColumn<bool>("isFree");
    QTest::newRow("its session is gone, for long") << 3600 << false << true;
    QTest::newRow("its session is gone, just now") << 5 << false << false;
    QTest::newRow("its session lives") << 3600 << true << false;
}

void tst_ServerCalls::leaseOfAnother()
{
    QFETCH(int, seconds);
    QFETCH(bool, lives);
    QFETCH(bool, isFree);
    const QList<QStringList> story = shortStory(u"CREATE INDEX ix_t ON t (n)"_s);
    const Database database(Backend::MariaDb);
    const Plan plan = planOf(database.spec().backend, story);
    const auto other = database.open();
    database.exec(u"CREATE TABLE tribikos_lease (id INTEGER NOT NULL PRIMARY KEY, "
                  "token CHAR(32) NOT NULL, session BIGINT NOT NULL, renewed DATETIME NOT NULL)"_s);
    database.exec(
        u"INSERT INTO tribikos_lease VALUES (1, 'other', %1, UTC_TIMESTAMP() - INTERVAL %2 SECOND)"_s
            .arg(lives ? other->serverId() : qint64(999999999))
            .arg(seconds));
    const RunReport report = runWithoutLocks(plan, database, isFree ? 60000 : 1500);
    QCOMPARE(!report.error, isFree);
    QCOMPARE(database.position(), isFree ? plan.endRows : QStringList{u"-"_s});
    if (isFree)
        return;
    QCOMPARE(report.error->code, ErrorCode::Busy);
    const QString said = report.error->message;
    QVERIFY2(said.contains(u"session %1"_s.arg(other->serverId())) == lives, qPrintable(said));
    QCOMPARE(database.rows(u"SELECT token FROM tribikos_lease"_s).size(), 1); // it is not ours
}
