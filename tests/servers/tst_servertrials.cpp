#include "tests/servers/tst_servertrials.h"

#include "core/runtime/mysqltrial.h"
#include "tests/servers/balancer.h"
#include "tests/servers/lab.h"
#include "tests/servers/plainplan.h"

#include <QTest>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

QString said(const std::optional<Error> &error)
{
    return error ? error->message : QString();
}

const TriedStatement *find(const Trial &trial, const QString &begin)
{
    for (const TriedStatement &tried : trial.statements)
        if (tried.sql.startsWith(begin))
            return &tried;
    return nullptr;
}

} // namespace

void tst_ServerTrials::triesOnPostgres()
{
    const Database database(Backend::PostgreSql);
    database.exec(u"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)"_s);
    database.exec(u"INSERT INTO t SELECT g, g FROM generate_series(1, 100) g"_s);
    const QString before = database.dump();
    const Plan plan =
        planOf(Backend::PostgreSql,
               {{u"ALTER TABLE t ADD COLUMN x INTEGER"_s, u"UPDATE t SET x = n WHERE id <= 10"_s},
                {u"ALTER TABLE t ALTER COLUMN n TYPE BIGINT"_s,
                 u"CREATE INDEX CONCURRENTLY i ON t (n)"_s, u"CREATE TABLE fresh (id INTEGER)"_s}});
    const Trial trial = tryPlan(plan, database.spec(), quietly(), {}, {});
    QVERIFY2(!trial.report.error, qPrintable(said(trial.report.error)));
    QCOMPARE(database.dump(), before);
    QCOMPARE(database.position(), QStringList{u"-"_s});
    const TriedStatement *added = find(trial, u"ALTER TABLE t ADD"_s);
    QVERIFY(added);
    QVERIFY2(added->locks.contains(u"AccessExclusiveLock on t"_s),
             qPrintable(added->locks.join(u", "_s)));
    QVERIFY(added->rewritten.isEmpty());
    QCOMPARE(find(trial, u"UPDATE t"_s)->rows, 10);
    QCOMPARE(find(trial, u"ALTER TABLE t ALTER"_s)->rewritten, QStringList{u"t"_s});
    QVERIFY(!find(trial, u"CREATE INDEX"_s)->isTried);
    QVERIFY(find(trial, u"CREATE TABLE fresh"_s)->locks.isEmpty()); // nobody else can see it
    QVERIFY(trial.before && trial.after);
    QVERIFY(!trial.before->table({{}, u"fresh"_s}) && trial.after->table({{}, u"fresh"_s}));
    QVERIFY(trial.after->table({{}, u"t"_s})->column(u"x"_s));
}

void tst_ServerTrials::failsOnPostgres()
{
    const Database database(Backend::PostgreSql);
    const Plan plan = planOf(Backend::PostgreSql, {{u"CREATE TABLE t (id INTEGER)"_s},
                                                   {u"INSERT INTO nowhere VALUES (1)"_s}});
    const Trial trial = tryPlan(plan, database.spec(), quietly(), {}, {});
    QVERIFY(trial.report.error);
    QVERIFY2(trial.report.error->message.contains(u"Revision r2 failed at statement 1"_s),
             qPrintable(trial.report.error->message));
    QCOMPARE(database.dump(), QString());
    QVERIFY(!trial.after);
}

void tst_ServerTrials::asksMySql()
{
    const Database database(Backend::MariaDb);
    database.exec(u"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) ENGINE=InnoDB"_s);
    database.exec(u"INSERT INTO t VALUES (1, 1)"_s);
    const QString before = database.dump();
    const Plan plan = planOf(
        Backend::MariaDb,
        {{u"ALTER TABLE t ADD COLUMN x INTEGER"_s, u"ALTER TABLE t MODIFY n VARCHAR(20) NOT NULL"_s,
          u"CREATE INDEX i ON t (n)"_s, u"DROP TABLE t"_s, u"INSERT INTO t VALUES (2, 2)"_s}});
    const Trial trial = tryPlan(plan, database.spec(), quietly(), {}, {});
    QVERIFY2(!trial.report.error, qPrintable(said(trial.report.error)));
    QCOMPARE(database.dump(), before); // no clone is left
    QCOMPARE(trial.statements.size(), 5);
    QVERIFY2(trial.statements.at(0).remark.contains(u"ALGORITHM=INSTANT"_s),
             qPrintable(trial.statements.at(0).remark));
    QVERIFY2(trial.statements.at(1).remark.contains(u"ALGORITHM=COPY"_s),
             qPrintable(trial.statements.at(1).remark));
    QCOMPARE(trial.statements.at(1).rewritten, QStringList{u"t"_s});
    QVERIFY2(trial.statements.at(2).remark.contains(u"others can write"_s),
             qPrintable(trial.statements.at(2).remark));
    QVERIFY(trial.statements.at(3).remark.contains(u"not tried"_s));
    QVERIFY(trial.statements.at(4).remark.contains(u"not tried"_s));
    QVERIFY(!trial.notes.isEmpty());
}

void tst_ServerTrials::takesChangesApart_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("table");
    QTest::newRow("plain") << u"ALTER TABLE t ADD c INT"_s << u"t"_s;
    QTest::newRow("quoted") << u"alter table `a``b`.`t` DROP c"_s << u"`a``b`.`t`"_s;
    QTest::newRow("comment") << u"-- why\nALTER TABLE t\nADD c INT"_s << u"t"_s;
    QTest::newRow("index") << u"CREATE UNIQUE INDEX `i` ON t (a)"_s << u"t"_s;
    QTest::newRow("drop index") << u"DROP INDEX i ON t"_s << u"t"_s;
    QTest::newRow("another thing") << u"CREATE TABLE t (a INT)"_s << QString();
    QTest::newRow("data") << u"UPDATE t SET a = 'ALTER TABLE t '"_s << QString();
}

void tst_ServerTrials::takesChangesApart()
{
    QFETCH(QString, sql);
    QFETCH(QString, table);
    const TableChange change = tableChange(sql);
    QCOMPARE(change.table, table);
    if (!table.isEmpty())
        QVERIFY(sql.endsWith(change.before + table + change.after));
}

void tst_ServerTrials::knowsWhatStaysInTheTable_data()
{
    QTest::addColumn<QString>("clauses");
    QTest::addColumn<bool>("isAlone");
    for (const QString &alone :
         {u" ADD c INT"_s, u"\nADD COLUMN (a INT, b ENUM('x,y')), DROP KEY k"_s,
          u" MODIFY c DECIMAL(5, 2) COMMENT 'EXCHANGE PARTITION p'"_s, u" CHANGE a b INT"_s,
          u" ALTER COLUMN a SET DEFAULT 1"_s, u" RENAME COLUMN a TO b, RENAME INDEX i TO j"_s,
          u" COMMENT = 'UNION'"_s, u" ENGINE=InnoDB"_s, u" CONVERT TO CHARACTER SET utf8mb4"_s,
          u" DEFAULT CHARACTER SET = utf8mb4"_s})
        QTest::newRow(qPrintable(alone.simplified())) << alone << true;
    for (const QString &other : {u" EXCHANGE PARTITION p WITH TABLE real"_s,
                                 u" CONVERT TABLE real TO PARTITION p"_s,
                                 u" CONVERT PARTITION p TO TABLE real"_s,
                                 u" RENAME TO u"_s,
                                 u" RENAME AS u"_s,
                                 u" RENAME u"_s,
                                 u" RENAME = u"_s,
                                 u" ADD c INT, RENAME TO u"_s,
                                 u" ADD c INT, RENAME column"_s,
                                 u" ADD /* , */ c INT /*!, RENAME TO u */"_s,
                                 u" ENGINE=MERGE"_s,
                                 u" COMMENT='x' UNION=(real)"_s,
                                 u" UNION=(real)"_s,
                                 u" DISCARD TABLESPACE"_s,
                                 u" IMPORT TABLESPACE"_s,
                                 u" DROP PARTITION p"_s,
                                 u" ADD c INT PARTITION BY HASH (c)"_s,
                                 u" DATA DIRECTORY = '/'"_s,
                                 u" ADD c INT,"_s,
                                 u" "_s})
        QTest::newRow(qPrintable(other.simplified())) << other << false;
}

void tst_ServerTrials::knowsWhatStaysInTheTable()
{
    QFETCH(QString, clauses);
    QFETCH(bool, isAlone);
    QCOMPARE(changesTableAlone(clauses), isAlone);
}

/// Neither an empty table of the new name is left, nor do rows go with a clone.
void tst_ServerTrials::triesNoRename()
{
    const Database database(Backend::MariaDb);
    database.exec(u"CREATE TABLE t (id INTEGER PRIMARY KEY) ENGINE=InnoDB "
                  "PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10))"_s);
    database.exec(u"CREATE TABLE real_rows (id INTEGER PRIMARY KEY) ENGINE=InnoDB"_s);
    database.exec(u"INSERT INTO real_rows VALUES (1)"_s);
    const QString before = database.dump();
    const Plan plan =
        planOf(Backend::MariaDb, {{u"ALTER TABLE t RENAME TO u"_s,
                                   u"ALTER TABLE t EXCHANGE PARTITION p WITH TABLE real_rows"_s}});
    const Trial trial = tryPlan(plan, database.spec(), quietly(), {}, {});
    QVERIFY2(!trial.report.error, qPrintable(said(trial.report.error)));
    QCOMPARE(database.dump(), before);
    QCOMPARE(trial.statements.size(), 2);
    for (const TriedStatement &tried : trial.statements)
        QVERIFY2(tried.remark.startsWith(u"not tried"_s), qPrintable(tried.remark));
}

/// Neither what waits for a lock nor what is cancelled meanwhile leaves a clone.
void tst_ServerTrials::trialWaitsForNobodyLong()
{
    const Database database(Backend::MariaDb);
    database.exec(u"CREATE TABLE t (id INTEGER PRIMARY KEY)"_s);
    const QString before = database.dump();
    const auto other = database.open();
    QVERIFY(other->execute(u"LOCK TABLES t WRITE"_s));
    const Plan plan = planOf(Backend::MariaDb, {{u"ALTER TABLE t ADD c INTEGER"_s}});
    ConnectionSpec spec = database.spec();
    spec.lockTimeoutMs = 1000;
    const Trial trial = tryPlan(plan, spec, quietly(), {}, {});
    QVERIFY2(!trial.report.error, qPrintable(said(trial.report.error)));
    QVERIFY2(trial.statements.constFirst().remark.contains(u"there is no clone"_s),
             qPrintable(trial.statements.constFirst().remark));
    spec.lockTimeoutMs = 60000;
    std::stop_source stop;
    const std::jthread stopping([&] {
        QThread::msleep(300);
        stop.request_stop();
    });
    const Trial cancelled = tryPlan(plan, spec, quietly(), {}, stop.get_token());
    QVERIFY(cancelled.report.error);
    QVERIFY2(!cancelled.notes.join(u' ').contains(u"may have stayed"_s),
             qPrintable(cancelled.notes.join(u' ')));
    QVERIFY(other->execute(u"UNLOCK TABLES"_s));
    QCOMPARE(database.dump(), before);
}

/// One transaction for the whole run: a failure in the last revision takes back the first.
void tst_ServerTrials::transactionOfAll()
{
    const Database database(Backend::PostgreSql);
    RunOptions options = quietly();
    options.transaction = TransactionMode::All;
    const QStringList first{u"CREATE TABLE t (id INTEGER)"_s};
    const RunReport failed =
        run(planOf(Backend::PostgreSql, {first, {u"INSERT INTO nowhere VALUES (1)"_s}}),
            database.spec(), options, {}, {});
    QVERIFY(failed.error);
    QCOMPARE(failed.stepsDone, 0);
    QCOMPARE(database.dump(), QString());
    QCOMPARE(database.position(), QStringList{u"-"_s});
    const RunReport done =
        run(planOf(Backend::PostgreSql, {first, {u"INSERT INTO t VALUES (1)"_s}}), database.spec(),
            options, {}, {});
    QVERIFY2(!done.error, qPrintable(said(done.error)));
    QCOMPARE(done.stepsDone, 2);
    QCOMPARE(database.position(), QStringList{u"r2"_s});
}

/// No transaction: what ran before the failure is in, the journal says so, and the next run goes on behind it.
void tst_ServerTrials::transactionOfNone()
{
    const Database database(Backend::PostgreSql);
    RunOptions options = quietly();
    options.transaction = TransactionMode::None;
    const QString bad = u"INSERT INTO nowhere VALUES (1)"_s;
    const QStringList both{u"CREATE TABLE t (id INTEGER)"_s, u"INSERT INTO t VALUES (1)"_s};
    const RunReport failed = run(planOf(Backend::PostgreSql, {both + QStringList{bad}}),
                                 database.spec(), options, {}, {});
    QVERIFY(failed.error);
    QVERIFY2(failed.error->message.contains(u"it goes on from there"_s),
             qPrintable(said(failed.error)));
    QCOMPARE(database.rows(u"SELECT * FROM t"_s).size(), 1);
    const RunReport done =
        run(planOf(Backend::PostgreSql, {both + QStringList{u"INSERT INTO t VALUES (2)"_s}}),
            database.spec(), options, {}, {});
    QVERIFY2(!done.error, qPrintable(said(done.error)));
    QCOMPARE(database.rows(u"SELECT * FROM t ORDER BY id"_s).size(), 2);
    QCOMPARE(database.position(), QStringList{u"r1"_s});
}

void tst_ServerTrials::unclearStatementIsOverruled_data()
{
    QTest::addColumn<RunOptions::Unclear>("unclear");
    QTest::addColumn<int>("rows");
    QTest::newRow("as the catalogue says") << RunOptions::Unclear::Ask << 1;
    QTest::newRow("it is done") << RunOptions::Unclear::IsDone << 0;
}

/// A journal's "started" of a statement of which the catalogue says that it did nothing.
void tst_ServerTrials::unclearStatementIsOverruled()
{
    QFETCH(RunOptions::Unclear, unclear);
    QFETCH(int, rows);
    const Database database(Backend::MariaDb);
    const QString sql = u"CREATE TABLE made (id INTEGER)"_s;
    const Plan broken =
        planOf(database.spec().backend, {{sql, u"ALTER TABLE nowhere ADD c INTEGER"_s}});
    const RunReport failed = run(broken, database.spec(), quietly(), {}, {});
    QVERIFY2(said(failed.error).contains(u"Statement 1 of"_s), qPrintable(said(failed.error)));
    database.exec(u"DROP TABLE made"_s); // as if the server had lost it
    database.exec(u"UPDATE tribikos_journal SET state = 'started'"_s);
    RunOptions options = quietly();
    options.unclear = unclear;
    const RunReport done = run(planOf(database.spec().backend, {{sql, u"SET @x = 1"_s}}),
                               database.spec(), options, {}, {});
    QVERIFY2(!done.error, qPrintable(said(done.error)));
    QCOMPARE(database
                 .rows(u"SELECT 1 FROM information_schema.tables WHERE table_schema = database() "
                       "AND table_name = 'made'"_s)
                 .size(),
             rows);
}

void tst_ServerTrials::watchesNoOtherServer_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MariaDb;
}

/// The watching connection ends on another server: that is said, and what it could say is not believed.
void tst_ServerTrials::watchesNoOtherServer()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const PrivateServer other(backend);
    ConnectionSpec spec = database.spec();
    const Balancer balancer(spec.port, specOf(other.url()).port);
    spec.port = balancer.port();
    const bool isPostgres = backend == Backend::PostgreSql;
    auto there = openServer(specOf(other.url()), Access::Write); // it has a database of that name
    QVERIFY(there);
    QVERIFY((*there)->execute(u"CREATE DATABASE "_s + spec.database));
    const RunReport report =
        run(planOf(spec.backend, {{isPostgres ? u"SELECT pg_sleep(8)"_s : u"SELECT sleep(8)"_s}}),
            spec, quietly(), {}, {});
    QVERIFY2(!report.error, qPrintable(said(report.error)));
    QVERIFY2(report.notes.join(u' ').contains(u"reaches another server"_s),
             qPrintable(report.notes.join(u' ')));
    QCOMPARE(database.position(), QStringList{u"r1"_s});
}

void tst_ServerTrials::refusesAPooler_data()
{
    watchesNoOtherServer_data();
}

/// Its connections' numbers are not the server's: locks of a session could be anybody's, unless somebody says otherwise.
void tst_ServerTrials::refusesAPooler()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    ConnectionSpec spec = database.spec();
    const Balancer pooler(spec.port, spec.port, backend);
    spec.port = pooler.port();
    const Plan plan = planOf(spec.backend, {{u"CREATE TABLE t (id INTEGER)"_s}});
    RunOptions options = quietly();
    const RunReport refused = run(plan, spec, options, {}, {});
    QVERIFY(refused.error);
    QVERIFY2(refused.error->message.contains(u"connection pooler"_s)
                 && refused.error->message.contains(u"--pooler session"_s),
             qPrintable(said(refused.error)));
    QCOMPARE(database.dump(), QString());
    options.allowsPooler = true;
    const RunReport done = run(plan, spec, options, {}, {});
    QVERIFY2(!done.error, qPrintable(said(done.error)));
    QCOMPARE(database.position(), QStringList{u"r1"_s});
}

void tst_ServerTrials::tellsNotices()
{
    const Database database(Backend::PostgreSql);
    QStringList notices;
    const RunReport report = run(
        planOf(Backend::PostgreSql, {{u"DO $$BEGIN RAISE NOTICE 'look here'; END$$"_s}}),
        database.spec(), quietly(), [&](const RunEvent &event) { notices += event.notices; }, {});
    QVERIFY2(!report.error, qPrintable(said(report.error)));
    QCOMPARE(notices, QStringList{u"look here"_s});
}

void tst_ServerTrials::saysTablesThatKeepWhatFails()
{
    const Database database(Backend::MariaDb);
    database.exec(u"CREATE TABLE old (id INTEGER) ENGINE=MyISAM"_s);
    database.exec(u"CREATE TABLE older (id INTEGER) ENGINE=MyISAM"_s);
    const RunReport report =
        run(planOf(database.spec().backend,
                   {{u"INSERT INTO old VALUES (1)"_s, u"INSERT INTO nowhere VALUES (1)"_s}}),
            database.spec(), quietly(), {}, {});
    QVERIFY(report.error);
    const QString notes = report.notes.join(u' ');
    QVERIFY2(notes.contains(u"The table old is kept by MyISAM"_s) && !notes.contains(u"older"_s),
             qPrintable(notes));
    QCOMPARE(database.rows(u"SELECT * FROM old"_s).size(), 1); // as was said
}
