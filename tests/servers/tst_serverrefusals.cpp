#include "tests/servers/tst_serverrefusals.h"

#include "tests/servers/lab.h"
#include "tests/servers/plainplan.h"

#include "core/db/sqltext.h"
#include "core/runtime/runlock.h"
#include "core/runtime/trial.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

/// planOf(), with a version table of another name.
Plan planWith(Backend backend, const QString &versionTable, const QList<QStringList> &revisions)
{
    Plan plan = planOf(backend, revisions);
    const QString quoted = quotedIdentifier(versionTable, backend);
    plan.versionTable = {.schema = {}, .name = versionTable};
    plan.createVersionTable.replace(u"alembic_version"_s, quoted);
    for (PlanStep &step : plan.steps)
        for (Statement &statement : step.versionStatements)
            statement.sql.replace(u"alembic_version"_s, quoted);
    return plan;
}

struct Answer
{
    int code = -1;
    QString said{};
};

Answer told(const Story &story, const Database &database, const QStringList &words)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(TRIBIKOS_CLI),
                  QStringList{u"--versions"_s, story.folder(), u"--url"_s, database.url()} + words);
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput())};
}

/// Two revisions, of whose second a run leaves the first statement.
Story brokenStory(const Database &database)
{
    Story story(2);
    story.write(2,
                {u"CREATE TABLE half (id INTEGER)"_s, u"CREATE TABLE none_such.d (id INTEGER)"_s});
    if (told(story, database, {u"upgrade"_s, u"heads"_s}).code == 0)
        qFatal("the second revision is to fail");
    return story;
}

RunOptions oneByOne()
{
    RunOptions options = quietly();
    options.transaction = TransactionMode::None;
    return options;
}

} // namespace

void tst_ServerRefusals::tableNames_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("name");
    for (const Backend backend : {Backend::PostgreSql, Backend::MySql}) {
        const QString title = backendName(backend);
        for (const QString &name :
             {u"al'x"_s, u"a?b"_s, u"a%1b%2"_s, u"x' OR sleep(9)=0 -- "_s, u"a\\'b"_s, u"a\"`b"_s})
            QTest::addRow("%s, %s", qPrintable(title), qPrintable(name))
                << backend << name.trimmed();
    }
}

/// Whatever the version table is called is a name, for the journal beside it too.
void tst_ServerRefusals::tableNames()
{
    QFETCH(Backend, backend);
    QFETCH(QString, name);
    const Database database(backend);
    const Plan plan =
        planWith(backend, name,
                 {{u"CREATE TABLE a (id INTEGER)"_s, u"CREATE TABLE b (id INTEGER)"_s},
                  {u"CREATE TABLE c (id INTEGER)"_s, u"CREATE TABLE none_such.d (id INTEGER)"_s}});
    const RunReport report = run(plan, database.spec(), oneByOne(), {}, {});
    QVERIFY(report.error);
    QVERIFY2(report.isHalf, qPrintable(report.error->message));
    QCOMPARE(report.rowsAfter, QStringList{u"r1"_s});
    QString interrupted;
    const auto rows = currentRows(database.spec(), plan.versionTable, &interrupted);
    QVERIFY2(rows, rows ? "" : qPrintable(rows.error().message));
    QCOMPARE(*rows, QStringList{u"r1"_s});
    QVERIFY2(interrupted.contains(u"Statement 1 of the upgrade of revision r2 is in."_s),
             qPrintable(interrupted));
    QVERIFY(readDatabase(database.spec(), plan.versionTable));
}

/// A stamp to where the version table is already takes the journal away as any other.
void tst_ServerRefusals::stampsWhereItIs()
{
    for (const bool isMoved : {false, true}) {
        const Database database(Backend::MySql);
        const Story story = brokenStory(database);
        const QString place = Story::id(isMoved ? 2 : 1);
        database.exec(isMoved ? u"UPDATE alembic_version SET version_num = 'r002'"_s
                              : u"DROP TABLE half"_s);
        const Answer refused = told(story, database, {u"stamp"_s, place});
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.said.contains(u"--interrupted done"_s), qPrintable(refused.said));
        const Answer stamped =
            told(story, database, {u"stamp"_s, place, u"--interrupted"_s, u"done"_s});
        QVERIFY2(stamped.code == 0, qPrintable(stamped.said));
        QCOMPARE(database.position(), QStringList{place});
        const Answer current = told(story, database, {u"current"_s});
        QVERIFY2(!current.said.contains(u"broke off"_s), qPrintable(current.said));
        const Answer again = told(story, database, {u"upgrade"_s, place});
        QVERIFY2(again.code == 0, qPrintable(again.said));
    }
}

void tst_ServerRefusals::tellsOfTheRunAtWork_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MySql;
}

/// A journal whose run holds its lock is no broken one.
void tst_ServerRefusals::tellsOfTheRunAtWork()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const Plan plan =
        planOf(backend, {{u"CREATE TABLE a (id INTEGER)"_s, u"CREATE TABLE b (id INTEGER)"_s,
                          u"CREATE TABLE none_such.d (id INTEGER)"_s}});
    QVERIFY(run(plan, database.spec(), oneByOne(), {}, {}).isHalf);
    QString said;
    QVERIFY(currentRows(database.spec(), plan.versionTable, &said));
    QVERIFY2(said.startsWith(u"A run broke off"_s), qPrintable(said));
    QVERIFY(readDatabase(database.spec(), plan.versionTable)->half);

    const std::unique_ptr<ServerSession> worker = database.open();
    const bool isPostgres = backend == Backend::PostgreSql;
    const QString place =
        worker->query(isPostgres ? u"SELECT current_schema()"_s : u"SELECT database()"_s)
            ->constFirst()
            .value(0)
            .toString();
    QVERIFY(worker->query(
        isPostgres ? u"SELECT pg_advisory_lock(%1)"_s.arg(postgresLockKey(place, plan.versionTable))
                   : u"SELECT GET_LOCK('%1', 0)"_s.arg(mysqlLockName(place, plan.versionTable))));
    const QString session = u"A run is at work (session %1)"_s.arg(worker->serverId());
    QVERIFY(currentRows(database.spec(), plan.versionTable, &said));
    QVERIFY2(said.startsWith(session), qPrintable(said));
    const auto state = readDatabase(database.spec(), plan.versionTable);
    QVERIFY(state);
    QVERIFY2(state->interrupted.startsWith(session), qPrintable(state->interrupted));
    QVERIFY(!state->half); // nothing is to be taken back
}

void tst_ServerRefusals::triesBehindWhatIsIn_data()
{
    tellsOfTheRunAtWork_data();
}

/// A trial after a broken run begins where the next run would.
void tst_ServerRefusals::triesBehindWhatIsIn()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const QString a = u"CREATE TABLE a (id INTEGER)"_s;
    const QString b = u"CREATE TABLE b (id INTEGER)"_s;
    const Plan broken = planOf(backend, {{a, b, u"CREATE TABLE none_such.d (id INTEGER)"_s}});
    QVERIFY(run(broken, database.spec(), oneByOne(), {}, {}).isHalf);
    const Plan mended = planOf(backend, {{a, b, u"CREATE TABLE d (id INTEGER)"_s}});
    const Trial trial = tryPlan(mended, database.spec(), oneByOne(), {}, {});
    QVERIFY2(!trial.report.error,
             qPrintable(trial.report.error ? trial.report.error->message : QString()));
    QVERIFY(trial.statements.size() >= 3);
    for (int i = 0; i < 2; ++i)
        QVERIFY2(trial.statements.at(i).remark.endsWith(u"has left it in"_s),
                 qPrintable(trial.statements.at(i).remark));
    QVERIFY(!trial.statements.at(2).remark.contains(u"left"_s));
    const Plan other = planOf(backend, {{b, a, u"CREATE TABLE d (id INTEGER)"_s}});
    const Trial refused = tryPlan(other, database.spec(), oneByOne(), {}, {});
    QVERIFY(refused.report.error);
    QVERIFY2(refused.report.error->message.contains(u"can't be tried before it is settled"_s),
             qPrintable(refused.report.error->message));
    QString said; // neither has touched what the run has left
    QVERIFY(currentRows(database.spec(), mended.versionTable, &said));
    QVERIFY2(said.contains(u"Statements 1–2 of the upgrade of revision r1 are in."_s),
             qPrintable(said));
    QVERIFY(!run(mended, database.spec(), oneByOne(), {}, {}).error);
}

void tst_ServerRefusals::saysTheRemedy_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("remedy");
    const QString room = u" Make room on the server's disk"_s;
    const QString right = u" Give the user the right to do that"_s;
    const QString stamp = u"by stamp REVISION, and run again."_s;
    const QString script = u" Correct the script or the data and run again."_s;
    const QString raise = u"DO $$ BEGIN RAISE %1; END $$"_s;
    const QString signal = u"SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = %1"_s;
    QTest::newRow("PostgreSQL, disk") << Backend::PostgreSql << raise.arg(u"disk_full"_s) << room;
    QTest::newRow("PostgreSQL, right")
        << Backend::PostgreSql << raise.arg(u"insufficient_privilege"_s) << right;
    QTest::newRow("PostgreSQL, there")
        << Backend::PostgreSql << u"CREATE TABLE old (id INTEGER)"_s << stamp;
    QTest::newRow("PostgreSQL, else") << Backend::PostgreSql << u"SELECT 1 / 0"_s << script;
    QTest::newRow("MariaDB, disk") << Backend::MySql << signal.arg(1021) << room;
    QTest::newRow("MariaDB, right") << Backend::MySql << signal.arg(1142) << right;
    QTest::newRow("MariaDB, there")
        << Backend::MySql << u"CREATE TABLE old (id INTEGER)"_s << stamp;
    QTest::newRow("MariaDB, else") << Backend::MySql << u"SELECT nothing"_s << script;
}

void tst_ServerRefusals::saysTheRemedy()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    QFETCH(QString, remedy);
    const Database database(backend);
    database.exec(u"CREATE TABLE old (id INTEGER)"_s);
    const RunReport report = run(planOf(backend, {{sql}}), database.spec(), quietly(), {}, {});
    QVERIFY(report.error);
    QVERIFY2(report.error->message.contains(remedy), qPrintable(report.error->message));
}

void tst_ServerRefusals::certificatesAskForTls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("tls");
    QTest::newRow("nothing said") << u"mysql://u@localhost/x"_s << int(Tls::Prefer);
    QTest::newRow("who may sign") << u"mysql://u@localhost/x?ssl_ca=/a"_s << int(Tls::VerifyCa);
    QTest::newRow("who asks") << u"mysql://u@127.0.0.1/x?ssl_cert=/a&ssl_key=/b"_s
                              << int(Tls::Encrypt);
    QTest::newRow("switched off") << u"mysql://u@localhost/x?ssl_ca=/a&ssl_mode=DISABLED"_s
                                  << int(Tls::Off);
    QTest::newRow("elsewhere") << u"mysql://u@db.example/x?ssl_ca=/a"_s << int(Tls::VerifyFull);
    QTest::newRow("PostgreSQL") << u"postgresql://u@localhost/x?sslrootcert=/a"_s
                                << int(Tls::Prefer);
}

void tst_ServerRefusals::certificatesAskForTls()
{
    QFETCH(QString, url);
    QFETCH(int, tls);
    QCOMPARE(int(specOf(url).effectiveTls()), tls);
}
