#include "tests/servers/tst_serverfaults.h"

#include "tests/servers/lab.h"

#include <QFile>
#include <QProcess>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

constexpr int kCount = 12; // revisions
constexpr int kWaitMs = 60000;

void addServers()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MariaDb;
}

/// tribikos-cli on one project and one database.
class Command
{
public:
    Command(const Story &story, const QString &url, const QStringList &words)
    {
        m_process.setProgram(QStringLiteral(TRIBIKOS_CLI));
        m_process.setArguments(QStringList{u"--versions"_s, story.folder(), u"--url"_s, url}
                               + words);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
    }
    void start()
    {
        m_process.start();
        QVERIFY(m_process.waitForStarted());
    }
    /// Waits until it has said \a words; false: it ended without.
    bool says(const QString &words)
    {
        while (!m_said.contains(words)) {
            if (!m_process.waitForReadyRead(120000))
                return false;
            m_said += QString::fromUtf8(m_process.readAll());
        }
        return true;
    }
    int end()
    {
        if (!m_process.waitForFinished(120000))
            return -2;
        m_said += QString::fromUtf8(m_process.readAll());
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    int run()
    {
        m_process.start();
        return end();
    }
    QProcess &process() { return m_process; }
    const QString &said() const { return m_said; }

private:
    QProcess m_process;
    QString m_said{};
};

int upgraded(const Story &story, const Database &database)
{
    return Command(story, database.url(), {u"upgrade"_s, u"heads"_s}).run();
}

/// What a database holds that nothing happened to.
QString wholeDump(const Story &story, Backend backend)
{
    const Database database(backend);
    if (upgraded(story, database) != 0)
        qFatal("The undisturbed upgrade failed");
    return database.dump();
}

/// Whether a client's connection to \a port of this machine is open; the system takes it in for a server that stands still.
bool isConnectedTo(int port)
{
    QFile connections(u"/proc/net/tcp"_s);
    if (!connections.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(connections.errorString()));
    const QByteArray there =
        ':' + QByteArray::number(port, 16).toUpper().rightJustified(4, '0') + " 01 "; // established
    return connections.readAll().contains(there);
}

/// PostgreSQL: tables and rows are exactly those of the revision that the version row names.
void verifyPosition(const Database &database)
{
    const QString row = database.position().value(0);
    const int done = row.startsWith(u'r') ? row.mid(1).toInt() : 0;
    const Database expected(Backend::PostgreSql);
    for (int number = 1; number <= done; ++number)
        for (const QString &sql : Story::statements(number))
            expected.exec(sql);
    QCOMPARE(database.dump(), expected.dump());
}

/// MariaDB: what the journal calls done has run, what it doesn't know has not.
void verifyJournal(const Database &database)
{
    const QString row = database.position().value(0);
    const int next = (row.startsWith(u'r') ? row.mid(1).toInt() : 0) + 1;
    const auto session = database.open();
    const bool isKept = !session->query(u"SHOW TABLES LIKE 'tribikos_journal'"_s)->isEmpty();
    const bool hasRuns = !session->query(u"SHOW TABLES LIKE 'runs'"_s)->isEmpty();
    int done = 0;
    int started = 0;
    if (isKept) {
        const auto journal =
            session->query(u"SELECT revision, state FROM tribikos_journal ORDER BY n"_s);
        QVERIFY(journal);
        for (const Row &entry : *journal) {
            QCOMPARE(entry.value(0).toString(), Story::id(next));
            (entry.value(1).toString() == u"done" ? done : started) += 1;
        }
    }
    QCOMPARE(started, 0);
    const QString counted =
        u"SELECT count(*) FROM runs WHERE name LIKE '%1%'"_s.arg(Story::id(next));
    const int runs = hasRuns ? session->query(counted)->constFirst().constFirst().toInt() : 0;
    const int shift = next == 1 ? 1 : 0; // the first one makes the table runs
    QCOMPARE(runs, done >= 6 + shift ? 2 : done >= 3 + shift ? 1 : 0);
}

} // namespace

void tst_ServerFaults::runsAndComesBack_data()
{
    addServers();
}

void tst_ServerFaults::runsAndComesBack()
{
    QFETCH(Backend, backend);
    const Story story(kCount);
    const Database database(backend);
    Command up(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(up.run() == 0, qPrintable(up.said()));
    QCOMPARE(database.position(), QStringList{Story::id(kCount)});
    QCOMPARE(database.rows(u"SELECT * FROM runs"_s).size(), 2 * kCount);
    QVERIFY(!database.open()->query(u"SELECT * FROM tribikos_journal"_s)); // gone with the run
    Command down(story, database.url(), {u"downgrade"_s, u"base"_s});
    QVERIFY2(down.run() == 0, qPrintable(down.said()));
    QCOMPARE(database.position(), QStringList());
    QCOMPARE(database.dump(), QString());
}

void tst_ServerFaults::failingStatement_data()
{
    addServers();
}

/// Bar R4.
void tst_ServerFaults::failingStatement()
{
    QFETCH(Backend, backend);
    const Story story(4);
    const QString whole = wholeDump(story, backend);
    QStringList statements = Story::statements(3);
    statements[3] = u"ALTER TABLE t3 ADD COLUMN extra NONSENSE(3)"_s; // no such type
    story.write(3, statements);
    const Database database(backend);
    Command failing(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QCOMPARE(failing.run(), 3);
    const QString said = failing.said();
    QVERIFY2(said.contains(u"r003.sql:"_s) && said.contains(u"statement 4 of 8"_s),
             qPrintable(said));
    QCOMPARE(database.position(), QStringList{u"r002"_s});
    if (backend == Backend::PostgreSql) {
        verifyPosition(database);
        QVERIFY2(said.contains(u"stays at r002"_s), qPrintable(said));
    } else {
        verifyJournal(database);
        QVERIFY2(said.contains(u"Statements 1–3 of the upgrade of revision r003 are in"_s),
                 qPrintable(said));
        Command where(story, database.url(), {u"current"_s});
        QCOMPARE(where.run(), 0);
        QVERIFY2(
            where.said().contains(
                u"A run broke off in the middle of the upgrade of revision r003. Statements 1–3"_s),
            qPrintable(where.said()));
        Command back(story, database.url(), {u"downgrade"_s, u"base"_s});
        QCOMPARE(back.run(), 3); // not over a revision that is half in
        QVERIFY(back.said().contains(u"broke off in the middle of the upgrade of revision r003"_s));
        QVERIFY(!back.said().contains(u"Run the same command again"_s));
    }
    story.write(3, Story::statements(3));
    Command again(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(again.run() == 0, qPrintable(again.said()));
    QCOMPARE(database.dump(), whole);
}

void tst_ServerFaults::correctedScript_data()
{
    QTest::addColumn<QStringList>("failing");
    QTest::addColumn<QStringList>("corrected");
    QTest::addColumn<QStringList>("runs");
    const QString a = u"INSERT INTO runs VALUES ('r002 a')"_s,
                  b = u"INSERT INTO runs VALUES ('r002 b')"_s,
                  c = u"INSERT INTO runs VALUES ('r002 c')"_s,
                  bad = u"ALTER TABLE none ADD x INTEGER"_s,
                  good = u"ALTER TABLE t1 ADD late INTEGER"_s;
    const QStringList ab{u"r002 a"_s, u"r002 b"_s}, abc{u"r002 a"_s, u"r002 b"_s, u"r002 c"_s};
    QTest::newRow("another change")
        << QStringList{a, b, bad, c} << QStringList{a, b, good, c} << abc;
    QTest::newRow("none any more") << QStringList{a, b, bad} << QStringList{a, b} << ab;
    QTest::newRow("data instead") << QStringList{a, bad, b, good} << QStringList{a, c, b, good}
                                  << abc;
}

/// What ran before the failure doesn't run again, whatever the rest has become.
void tst_ServerFaults::correctedScript()
{
    QFETCH(QStringList, failing);
    QFETCH(QStringList, corrected);
    QFETCH(QStringList, runs);
    const Story story(2);
    const Database database(Backend::MariaDb);
    story.write(2, failing);
    QCOMPARE(Command(story, database.url(), {u"upgrade"_s, u"heads"_s}).run(), 3);
    Command nothing(story, database.url(),
                    {u"downgrade"_s, u"r001"_s}); // it is there, but for the half
    QCOMPARE(nothing.run(), 3);
    QVERIFY2(nothing.said().contains(u"broke off"_s), qPrintable(nothing.said()));
    story.write(2, corrected);
    Command again(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(again.run() == 0, qPrintable(again.said()));
    QStringList found;
    for (const Row &row :
         database.rows(u"SELECT name FROM runs WHERE name LIKE 'r002%' ORDER BY 1"_s))
        found.append(row.value(0).toString());
    QCOMPARE(found, runs);
}

void tst_ServerFaults::waitsForLocks_data()
{
    addServers();
}

/// Another session holds a table: the wait is said, ends with 4 past its limit, and with 0 when the lock goes.
void tst_ServerFaults::waitsForLocks()
{
    QFETCH(Backend, backend);
    const Story story(2);
    const Database database(backend);
    QCOMPARE(Command(story, database.url(), {u"upgrade"_s, u"r001"_s}).run(), 0);
    story.write(2, {u"ALTER TABLE t1 ADD COLUMN late INTEGER"_s});
    const auto holder = database.open();
    QVERIFY(holder->begin());
    QVERIFY(holder->query(u"SELECT * FROM t1"_s));
    Command late(story, database.url(), {u"upgrade"_s, u"heads"_s, u"--lock-wait"_s, u"2"_s});
    QCOMPARE(late.run(), 4);
    const QString said = late.said();
    QVERIFY2(said.contains(u"let it finish, then run again"_s), qPrintable(said));
    QCOMPARE(database.position(), QStringList{u"r001"_s});
    Command patient(story, database.url(), {u"upgrade"_s, u"heads"_s});
    patient.start();
    QVERIFY2(patient.says(u"lock held by session %1"_s.arg(holder->serverId())),
             qPrintable(patient.said()));
    QCOMPARE(database.position(), QStringList{u"r001"_s});
    QVERIFY(holder->rollback());
    QVERIFY2(patient.end() == 0, qPrintable(patient.said()));
    QCOMPARE(database.position(), QStringList{u"r002"_s});
}

/// PostgreSQL: CREATE INDEX CONCURRENTLY cuts the revision; an invalid index of a broken run goes first.
void tst_ServerFaults::goesOnBehindConcurrentIndex()
{
    const Story story(2);
    const Database database(Backend::PostgreSql);
    QCOMPARE(Command(story, database.url(), {u"upgrade"_s, u"r001"_s}).run(), 0);
    database.exec(u"INSERT INTO t1 VALUES (3, 10)"_s); // a second 10: a unique index can't be made
    story.write(2, {u"INSERT INTO runs VALUES ('r002 a')"_s,
                    u"CREATE UNIQUE INDEX CONCURRENTLY one ON t1 (n)"_s,
                    u"INSERT INTO runs VALUES ('r002 b')"_s});
    Command failing(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QCOMPARE(failing.run(), 3);
    const QString said = failing.said();
    QVERIFY2(said.contains(u"Statement 1 of the upgrade of revision r002 is in"_s),
             qPrintable(said));
    QCOMPARE(database.rows(u"SELECT 1 FROM pg_class WHERE relname = 'one'"_s).size(),
             0); // the invalid one was taken away
    database.exec(u"DELETE FROM t1 WHERE id = 3"_s);
    Command again(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(again.run() == 0, qPrintable(again.said()));
    QCOMPARE(database.rows(u"SELECT indisvalid FROM pg_index WHERE indexrelid = 'one'::regclass"_s)
                 .constFirst()
                 .constFirst()
                 .toBool(),
             true);
    QCOMPARE(database.rows(u"SELECT name FROM runs WHERE name LIKE 'r002%'"_s).size(), 2);
}

void tst_ServerFaults::failsAtTheEnd_data()
{
    QTest::addColumn<QStringList>("statements");
    QTest::addColumn<QString>("said");
    const QString table = u"CREATE TABLE late (id INTEGER, t1 INTEGER REFERENCES t1 (id) "
                          "DEFERRABLE INITIALLY DEFERRED)"_s;
    QTest::newRow("last statement")
        << QStringList{table, u"ALTER TABLE none ADD x INTEGER"_s} << u"statement 2 of 3"_s;
    QTest::newRow("COMMIT") << QStringList{table, u"INSERT INTO late VALUES (1, 999)"_s}
                            << u"could not be committed"_s;
}

/// PostgreSQL gets the last statement, the version rows and what begins the next revision in few messages.
void tst_ServerFaults::failsAtTheEnd()
{
    QFETCH(QStringList, statements);
    QFETCH(QString, said);
    const Story story(3);
    const QString whole = wholeDump(story, Backend::PostgreSql);
    const Database database(Backend::PostgreSql);
    story.write(2, statements);
    Command failing(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QCOMPARE(failing.run(), 3);
    QVERIFY2(failing.said().contains(said) && failing.said().contains(u"stays at r001"_s),
             qPrintable(failing.said()));
    verifyPosition(database);
    story.write(2, Story::statements(2));
    Command again(story, database.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(again.run() == 0, qPrintable(again.said()));
    QCOMPARE(database.dump(), whole);
}

/// Who waits for the version table, as Alembic would, gets it between two revisions; the run waits for its turn.
void tst_ServerFaults::othersComeBetween()
{
    const Story story(4);
    const Database database(Backend::PostgreSql);
    QCOMPARE(Command(story, database.url(), {u"upgrade"_s, u"r001"_s}).run(), 0);
    const QString untilSomebodyWaits =
        u"DO $$BEGIN FOR i IN 1..1200 LOOP EXIT WHEN EXISTS (SELECT 1 FROM pg_locks "
        "WHERE NOT granted AND relation = 'alembic_version'::regclass); "
        "PERFORM pg_sleep(0.05); END LOOP; END$$"_s;
    story.write(2, {untilSomebodyWaits, u"CREATE TABLE late (id INTEGER)"_s});
    Command up(story, database.url(), {u"upgrade"_s, u"heads"_s});
    up.start();
    QTRY_VERIFY_WITH_TIMEOUT(
        !database
             .rows(u"SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.05)%' "
                   "AND state = 'active' AND pid <> pg_backend_pid()"_s)
             .isEmpty(),
        kWaitMs);
    const auto other = database.open();
    QVERIFY(other->begin());
    QVERIFY(other->execute(u"LOCK TABLE alembic_version IN ROW EXCLUSIVE MODE"_s));
    QCOMPARE(database.position(), QStringList{u"r002"_s});
    QVERIFY2(up.says(u"lock held by session %1"_s.arg(other->serverId())), qPrintable(up.said()));
    QCOMPARE(database.position(), QStringList{u"r002"_s});
    QVERIFY(other->rollback());
    QVERIFY2(up.end() == 0, qPrintable(up.said()));
    QCOMPARE(database.position(), QStringList{u"r004"_s});
}

void tst_ServerFaults::theSampleComesBack_data()
{
    addServers();
}

/// The sample project goes to its head and back to base, twice.
void tst_ServerFaults::theSampleComesBack()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto run = [&](const QStringList &words) {
        QProcess process;
        process.start(QStringLiteral(TRIBIKOS_CLI),
                      QStringList{u"--config"_s,
                                  QStringLiteral(TRIBIKOS_SOURCE_DIR "/migrations/alembic.ini"),
                                  u"--url"_s, database.url()}
                          + words);
        if (!process.waitForFinished(120000) || process.exitCode() != 0)
            QTest::qFail(process.readAllStandardError().constData(), __FILE__, __LINE__);
    };
    for (int time = 0; time < 2; ++time) {
        run({u"upgrade"_s, u"heads"_s});
        QCOMPARE(database.position(), QStringList{u"e91b42d7f038"_s});
        run({u"downgrade"_s, u"base"_s});
        QCOMPARE(database.dump(), QString());
    }
}

void tst_ServerFaults::stopsWhileReading_data()
{
    addServers();
}

/// A server that stands still is not waited for once somebody asks to stop.
void tst_ServerFaults::stopsWhileReading()
{
    QFETCH(Backend, backend);
    const Story story(1);
    PrivateServer server(backend);
    server.signal(SIGSTOP);
    for (const QStringList &words :
         {QStringList{u"current"_s}, QStringList{u"upgrade"_s, u"heads"_s}}) {
        Command reading(story, server.url(), words);
        reading.start();
        QTRY_VERIFY_WITH_TIMEOUT(isConnectedTo(specOf(server.url()).port), kWaitMs);
        QVERIFY(::kill(pid_t(reading.process().processId()), SIGINT) == 0);
        QVERIFY2(reading.end() == 3, qPrintable(reading.said()));
        QVERIFY2(reading.said().contains(u"was cancelled; nothing was changed"_s),
                 qPrintable(reading.said()));
    }
}

/// A server that isn't there yet is said to be, and the same command works once it is.
void tst_ServerFaults::startsUpMeanwhile()
{
    const Story story(1);
    PrivateServer server(Backend::PostgreSql);
    server.call(u"stop"_s);
    server.startUpForEver();
    for (const QStringList &words :
         {QStringList{u"current"_s}, QStringList{u"upgrade"_s, u"heads"_s}}) {
        Command early(story, server.url(), words);
        QVERIFY2(early.run() == 5, qPrintable(early.said()));
        QVERIFY2(early.said().contains(u"is starting up; try again in a moment"_s),
                 qPrintable(early.said()));
    }
    server.call(u"stop"_s);
    server.call(u"start"_s);
    Command then(story, server.url(), {u"upgrade"_s, u"heads"_s});
    QVERIFY2(then.run() == 0, qPrintable(then.said()));
}
