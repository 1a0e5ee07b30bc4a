#include "tests/servers/tst_serversessions.h"

#include "core/db/sqltext.h"
#include "tests/servers/lab.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>
#include <thread>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

void addServers()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MariaDb;
}

QString sleepSql(Backend backend)
{
    return backend == Backend::PostgreSql ? u"SELECT pg_sleep(20)"_s : u"SELECT sleep(20)"_s;
}

} // namespace

void tst_ServerSessions::refusesText_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    for (const auto &[name, backend] :
         {std::pair("PostgreSQL", Backend::PostgreSql), std::pair("MariaDB", Backend::MariaDb)}) {
        const auto add = [&](const char *what, const QString &sql) {
            QTest::addRow("%s: %s", name, what) << backend << sql;
        };
        add("empty", {});
        add("comment", u"-- nothing"_s);
        add("NUL", u"CREATE TABLE a (x INTEGER)"_s + QChar(u'\0'));
        add("two statements", u"CREATE TABLE a (x INTEGER); CREATE TABLE b (x INTEGER)"_s);
        add("good; bad", u"CREATE TABLE a (x INTEGER); nonsense"_s);
        add("nonsense", u"nonsense"_s);
    }
}

void tst_ServerSessions::refusesText()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    const Database database(backend);
    const auto session = database.open();
    const auto result = session->execute(sql);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Statement);
    QVERIFY(!result.error().message.isEmpty());
    QVERIFY(!session->isLost());
    QCOMPARE(database.dump(), QString()); // nothing of it was kept
}

void tst_ServerSessions::givesValues_data()
{
    addServers();
}

void tst_ServerSessions::givesValues()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    QVERIFY(session->execute(u"CREATE TABLE a (n INTEGER, t VARCHAR(40))"_s));
    QCOMPARE(*session->execute(u"INSERT INTO a VALUES (1, 'x'), (2, NULL)"_s), 2);
    QCOMPARE(*session->execute(u"UPDATE a SET n = n + 1"_s), 2);
    QCOMPARE(*session->execute(u"DELETE FROM a WHERE n = 9"_s), 0);
    const QString odd = u"it's \"quoted\" \\ `ö` ? 😀"_s;
    QVERIFY(session->query(u"INSERT INTO a VALUES (7, ?)"_s, {odd}));
    const auto rows =
        session->query(u"SELECT n, t FROM a WHERE t = ? OR t IS NULL ORDER BY n"_s, {odd});
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message));
    QCOMPARE(rows->size(), 2);
    QCOMPARE(rows->at(0).at(0).toLongLong(), 3);
    QVERIFY(rows->at(0).at(1).isNull());
    QCOMPARE(rows->at(1).at(1).toString(), odd);
    QVERIFY(session->serverVersion().contains(u"."_s));
}

void tst_ServerSessions::exchangesSeveral_data()
{
    addServers();
}

void tst_ServerSessions::exchangesSeveral()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    QVERIFY(session->execute(u"CREATE TABLE a (n INTEGER PRIMARY KEY)"_s));
    QVERIFY(session->query(u"SELECT 1"_s));
    const Replies all =
        session->exchange({u"BEGIN"_s, u"SELECT n FROM a"_s, u"INSERT INTO a VALUES (1), (2)"_s,
                           u"UPDATE a SET n = 3 WHERE n = 9"_s, u"SELECT n FROM a ORDER BY n"_s});
    QVERIFY(!all.error);
    QCOMPARE(all.replies.size(), 5);
    QCOMPARE(all.replies.at(1).rows.size(), 0);
    QCOMPARE(all.replies.at(2).changed, 2);
    QCOMPARE(all.replies.at(3).changed, 0);
    QCOMPARE(all.replies.at(4).rows.size(), 2);
    QCOMPARE(all.replies.at(4).rows.at(1).at(0).toLongLong(), 2);
    QVERIFY(session->inTransaction());
    const Replies some =
        session->exchange({u"INSERT INTO a VALUES (4)"_s, u"INSERT INTO a VALUES (4)"_s,
                           u"INSERT INTO a VALUES (5)"_s});
    QCOMPARE(some.replies.size(), 1);
    QVERIFY(some.error);
    QVERIFY(!session->lastState().isEmpty());
    QVERIFY(session->rollback());
    QVERIFY(session->exchange({u"INSERT INTO a VALUES (6); INSERT INTO a VALUES (7)"_s}).error);
    QCOMPARE(database.rows(u"SELECT * FROM a"_s).size(), 0);
}

void tst_ServerSessions::keepsTransactions_data()
{
    addServers();
}

void tst_ServerSessions::keepsTransactions()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    QVERIFY(session->execute(u"CREATE TABLE a (n INTEGER)"_s));
    QVERIFY(!session->inTransaction());
    QVERIFY(session->begin());
    QVERIFY(session->inTransaction());
    QVERIFY(!session->begin()); // a second one would end the first, or say nothing
    QVERIFY(session->execute(u"INSERT INTO a VALUES (1)"_s));
    QVERIFY(session->rollback());
    QVERIFY(!session->inTransaction());
    QCOMPARE(database.rows(u"SELECT * FROM a"_s).size(), 0);
    QVERIFY(session->begin());
    QVERIFY(session->execute(u"INSERT INTO a VALUES (1)"_s));
    QVERIFY(session->commit());
    QCOMPARE(database.rows(u"SELECT * FROM a"_s).size(), 1);
    if (backend != Backend::PostgreSql)
        return;
    QVERIFY(
        session->begin()); // a COMMIT of a failed transaction is a roll-back, and said to be one
    QVERIFY(session->execute(u"INSERT INTO a VALUES (2)"_s));
    QVERIFY(!session->execute(u"nonsense"_s));
    QVERIFY(!session->commit());
    QCOMPARE(database.rows(u"SELECT * FROM a"_s).size(), 1);
}

void tst_ServerSessions::isInterrupted_data()
{
    addServers();
}

void tst_ServerSessions::isInterrupted()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    const QString running =
        backend == Backend::PostgreSql
            ? u"SELECT 1 FROM pg_stat_activity WHERE pid = %1 AND state = 'active' "
              "AND query LIKE '%sleep%'"_s
            : u"SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = %1 "
              "AND INFO LIKE '%sleep%'"_s;
    const qint64 id = session->serverId();
    std::thread other([&] {
        const auto looking = database.open();
        for (auto rows = looking->query(running.arg(id)); rows && rows->isEmpty();
             rows = looking->query(running.arg(id)))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        session->interrupt();
    });
    QElapsedTimer timer;
    timer.start();
    const auto slept = session->execute(sleepSql(backend));
    other.join();
    QVERIFY(!timer.hasExpired(18000));    // of 20 s
    if (backend == Backend::PostgreSql) { // MariaDB's sleep() only ends early
        QVERIFY(!slept);
        QCOMPARE(slept.error().code, ErrorCode::Cancelled);
    }
    QVERIFY(!session->isLost());
    QCOMPARE(session->query(u"SELECT 1"_s)->size(), 1);
}

void tst_ServerSessions::isCutByPatience_data()
{
    addServers();
}

void tst_ServerSessions::isCutByPatience()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    int asked = 0;
    session->setPatience([&asked] { return ++asked < 5; });
    QElapsedTimer timer;
    timer.start();
    const auto slept = session->execute(sleepSql(backend));
    QVERIFY(!slept);
    QCOMPARE(slept.error().code, ErrorCode::Connection);
    QVERIFY(session->isLost());
    QVERIFY(!timer.hasExpired(18000));
    QVERIFY(!session->query(u"SELECT 1"_s));
}

void tst_ServerSessions::readsOnly_data()
{
    addServers();
}

void tst_ServerSessions::readsOnly()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    database.exec(u"CREATE TABLE a (n INTEGER)"_s);
    const auto session = openServer(database.spec(), Access::Read);
    QVERIFY(session);
    QVERIFY(!(*session)->execute(u"INSERT INTO a VALUES (1)"_s));
    QVERIFY(!(*session)->execute(u"DROP TABLE a"_s));
    QCOMPARE(database.rows(u"SELECT * FROM a"_s).size(), 0);
}

void tst_ServerSessions::saysWhatIsWrong_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("said");
    for (const auto &[name, backend] :
         {std::pair("PostgreSQL", Backend::PostgreSql), std::pair("MariaDB", Backend::MariaDb)}) {
        QTest::addRow("%s: port", name) << backend << u"port"_s << u"check that the server runs"_s;
        QTest::addRow("%s: user", name)
            << backend << u"user"_s << u"check the user and the password"_s;
        QTest::addRow("%s: database", name)
            << backend << u"database"_s << u"create it or correct the URL"_s;
    }
}

void tst_ServerSessions::saysWhatIsWrong()
{
    QFETCH(Backend, backend);
    QFETCH(QString, what);
    QFETCH(QString, said);
    ConnectionSpec spec = specOf(serverUrl(backend));
    if (what == u"port")
        spec.port = 1;
    if (what == u"user")
        spec.user = u"nobody-here"_s;
    if (what == u"database")
        spec.database = u"none_such"_s;
    const auto session = openServer(spec, Access::Read);
    QVERIFY(!session);
    QCOMPARE(session.error().code, ErrorCode::Connection);
    QVERIFY2(session.error().message.contains(said), qPrintable(session.error().message));
    QVERIFY(!session.error().message.contains(u'\n'));
    QVERIFY2(!session.error().message.contains(u":tribikos@"_s),
             qPrintable(session.error().message));
}

void tst_ServerSessions::quotesNames_data()
{
    addServers();
}

/// Bar S4: names of all kinds survive create, look and drop.
void tst_ServerSessions::quotesNames()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    const auto session = database.open();
    QRandomGenerator random(20261123);
    const QString pool = u"ab\"'`.;%{}<>\\[]()?$#-+*/ äß漢\u202e\t"_s;
    const int most =
        backend == Backend::PostgreSql ? 15 : 48; // 63 bytes; a file name of 255, 5 for an odd one
    const bool isPostgres = backend == Backend::PostgreSql;
    for (int round = 0; round < 100; ++round) {
        QString name;
        const int length = 1 + int(random.bounded(most));
        for (int i = 0; i < length; ++i)
            name += pool.at(qsizetype(random.bounded(pool.size())));
        for (QChar &one : name)
            one = one.isSurrogate() ? QChar(u'_') : one; // half a pair is no character
        if (name.back().isSpace())                       // MariaDB refuses them
            name += u'x';
        const QString quoted = quotedIdentifier(name, backend);
        const auto made = session->execute(u"CREATE TABLE %1 (%1 INTEGER)"_s.arg(quoted));
        QVERIFY2(made, qPrintable(name + u": "_s + (made ? QString() : made.error().message)));
        const auto found = session->query(
            u"SELECT column_name FROM information_schema.columns WHERE table_schema = %1 AND table_name = ?"_s
                .arg(isPostgres ? u"current_schema()"_s : u"database()"_s),
            {name});
        QVERIFY2(found && found->size() == 1, qPrintable(name));
        QCOMPARE(found->constFirst().value(0).toString(), name);
        QVERIFY(session->execute(u"DROP TABLE "_s + quoted));
    }
    QCOMPARE(database.dump(), QString());
}

/// That a primary key's name counts for nothing is so in every table; the rest is worth saying.
void tst_ServerSessions::tellsWarnings()
{
    const Database database(Backend::MariaDb);
    const auto session = database.open();
    QVERIFY(session->execute(u"CREATE TABLE v (n VARCHAR(9) NOT NULL, CONSTRAINT v_pkc PRIMARY KEY "
                             "(n))"_s));
    QCOMPARE(session->takeNotices(), QStringList());
    QVERIFY(session->execute(u"DROP TABLE IF EXISTS nowhere"_s));
    QCOMPARE(session->takeNotices().size(), 1);
}

void tst_ServerSessions::asksForTls_data()
{
    addServers();
}

/// The private servers speak no TLS: whoever asked for it must not get a connection.
void tst_ServerSessions::asksForTls()
{
    QFETCH(Backend, backend);
    for (const Tls tls : {Tls::Encrypt, Tls::VerifyCa, Tls::VerifyFull}) {
        ConnectionSpec spec = specOf(serverUrl(backend));
        spec.tls = tls;
        const auto session = openServer(spec, Access::Read);
        QVERIFY(!session);
        QCOMPARE(session.error().code, ErrorCode::Connection);
        QVERIFY2(session.error().message.contains(u"ssl"_s, Qt::CaseInsensitive)
                     || session.error().message.contains(u"TLS"_s),
                 qPrintable(session.error().message));
    }
    for (const Tls tls : {Tls::Off, Tls::Prefer, Tls::Automatic}) {
        ConnectionSpec spec = specOf(serverUrl(backend));
        spec.tls = tls;
        QVERIFY(openServer(spec, Access::Read));
    }
}
