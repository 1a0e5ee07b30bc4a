#include "tests/runtime/tst_sqlitesession.h"

#include "core/db/sqlitesession.h"
#include "core/db/sqltext.h"
#include "tests/runtime/sample.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>
#include <thread>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

namespace {

std::unique_ptr<SqliteSession> opened(const QString &path, Access access = Access::Write)
{
    auto session = SqliteSession::open(fileSpec(path), access, {.limitMs = 2000});
    if (!session)
        qFatal("%s", qPrintable(session.error().message));
    return session.take();
}

} // namespace

void tst_SqliteSession::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

void tst_SqliteSession::refusesText_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("blanks") << u" \n\t "_s;
    QTest::newRow("comment") << u"-- nothing\n/* at all */"_s;
    QTest::newRow("terminator") << u";"_s;
    QTest::newRow("NUL at the end of a good one") << u"CREATE TABLE a (x)"_s + QChar(u'\0');
    QTest::newRow("NUL hides the rest") << u"CREATE TABLE a (x)"_s + QChar(u'\0') + u" nonsense"_s;
    QTest::newRow("two statements") << u"CREATE TABLE a (x); CREATE TABLE b (x)"_s;
    QTest::newRow("good; bad") << u"CREATE TABLE a (x); nonsense"_s;
    QTest::newRow("nonsense") << u"nonsense"_s;
}

void tst_SqliteSession::refusesText()
{
    QFETCH(QString, sql);
    {
        const auto session = opened(path(u"a.db"_s));
        const auto result = session->execute(sql);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Statement);
        QVERIFY(!result.error().message.isEmpty());
    }
    QCOMPARE(dump(path(u"a.db"_s)), QString()); // nothing of it was kept
}

void tst_SqliteSession::quotesIdentifiers_data()
{
    QTest::addColumn<QString>("name");
    const QStringList names{u"plain"_s,
                            u"a.b"_s,
                            u"\""_s,
                            u"\"\""_s,
                            u"`"_s,
                            u"a`b"_s,
                            u"[x]"_s,
                            u"a'b"_s,
                            u"select"_s,
                            u" lead and trail "_s,
                            u"new\nline"_s,
                            u"%1 %s {0}"_s,
                            u"<b>x</b>"_s,
                            u"таблица"_s,
                            u"\x1b[31m"_s,
                            u"\u202egnp"_s,
                            u"\U0001F600"_s,
                            u"a\\b"_s,
                            u"--"_s,
                            u"/*"_s,
                            u"\"x\" ; DROP TABLE v; --\""_s};
    for (qsizetype i = 0; i < names.size(); ++i)
        QTest::addRow("name %d", int(i)) << names.at(i);
}

void tst_SqliteSession::quotesIdentifiers()
{
    QFETCH(QString, name);
    const auto session = opened(path(u"a.db"_s));
    QVERIFY(session->execute(u"CREATE TABLE v (x)"_s));
    const QString quoted = quotedIdentifier(name, Backend::Sqlite);
    QVERIFY(session->execute(u"CREATE TABLE %1 (%1 TEXT)"_s.arg(quoted)));
    const auto found =
        session->query(u"SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'v'"_s);
    QVERIFY(found);
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().first().toString(), name);
    const auto column = session->query(u"SELECT name FROM pragma_table_info(?)"_s, {name});
    QVERIFY(column);
    QCOMPARE(column->first().first().toString(), name);
    QVERIFY(session->execute(u"DROP TABLE "_s + quoted));
    QCOMPARE(session->query(u"SELECT name FROM sqlite_master"_s)->size(), 1); // v is still there
    QCOMPARE(quotedIdentifier(u"a`b"_s, Backend::MySql), u"`a``b`"_s);
}

void tst_SqliteSession::countsRows()
{
    const auto session = opened(path(u"a.db"_s));
    QCOMPARE(session->execute(u"CREATE TABLE a (x)"_s).value(), -1);
    QCOMPARE(session->execute(u"INSERT INTO a VALUES (1), (2), (3)"_s).value(), 3);
    QCOMPARE(session->execute(u"INSERT INTO a VALUES (4) RETURNING x"_s).value(), 1);
    QCOMPARE(session->execute(u"INSERT INTO a VALUES (5), (6) RETURNING x"_s).value(), 2);
    QCOMPARE(session->execute(u"UPDATE a SET x = x WHERE x > 100"_s).value(), 0);
    QCOMPARE(session->execute(u"/* why */ DELETE FROM a WHERE x > 2"_s).value(), 4);
    QCOMPARE(session->execute(u"CREATE INDEX i ON a (x)"_s).value(), -1); // not the 4 of before
    QCOMPARE(session->execute(u"PRAGMA user_version"_s).value(), -1);
    QVERIFY(session->execute(u"DROP TABLE a"_s)); // no query was left open on it
}

void tst_SqliteSession::bindsValues()
{
    const auto session = opened(path(u"a.db"_s));
    const auto rows = session->query(u"SELECT ?, ? || ':x', typeof(?)"_s, {u"a'b"_s, u"?"_s, 5});
    QVERIFY(rows);
    QCOMPARE(rows->first(), (Row{u"a'b"_s, u"?:x"_s, u"integer"_s}));
    QVERIFY(
        session->query(u"SELECT ':name', '?'"_s)); // no placeholder is looked for without values
}

void tst_SqliteSession::guardsTransactions()
{
    const auto session = opened(path(u"a.db"_s));
    QCOMPARE(session->commit().error().code, ErrorCode::Usage);
    QVERIFY(session->begin());
    QVERIFY(session->inTransaction());
    QCOMPARE(session->begin().error().code, ErrorCode::Usage);
    QVERIFY(session->execute(u"CREATE TABLE a (x)"_s));
    QVERIFY(session->rollback());
    QVERIFY(session->rollback()); // nothing open is nothing wrong
    QVERIFY(session->query(u"SELECT name FROM sqlite_master"_s)->isEmpty());
}

void tst_SqliteSession::readingLeavesNoTrace_data()
{
    QTest::addColumn<QString>("mode");
    QTest::newRow("rollback journal") << u"delete"_s;
    QTest::newRow("write-ahead log") << u"wal"_s;
}

void tst_SqliteSession::readingLeavesNoTrace()
{
    QFETCH(QString, mode);
    const QString file = path(u"a.db"_s);
    RawDatabase(file).exec(
        u"PRAGMA journal_mode = %1; CREATE TABLE a (x); INSERT INTO a VALUES (1)"_s.arg(mode));
    const auto content = [&] {
        QFile bytes(file);
        return bytes.open(QIODevice::ReadOnly) ? bytes.readAll() : QByteArray();
    };
    const QByteArray before = content();
    QCOMPARE(opened(file, Access::Read)->query(u"SELECT x FROM a"_s)->size(), 1);
    QCOMPARE(content(), before);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"a.db"_s});

    const auto missing = SqliteSession::open(fileSpec(path(u"none.db"_s)), Access::Read, {});
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(!QFileInfo::exists(path(u"none.db"_s)));
}

void tst_SqliteSession::readingRefusesWrites()
{
    RawDatabase(path(u"a.db"_s)).exec(u"CREATE TABLE a (x)"_s);
    const auto session = opened(path(u"a.db"_s), Access::Read);
    QVERIFY(!session->execute(u"INSERT INTO a VALUES (1)"_s));
    QVERIFY(!session->execute(u"DROP TABLE a"_s));
}

void tst_SqliteSession::distrustsTheFile_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("extension") << u"SELECT load_extension('/tmp/evil.so')"_s;
    QTest::newRow("schema by hand") << u"DELETE FROM sqlite_master"_s;
}

void tst_SqliteSession::distrustsTheFile()
{
    QFETCH(QString, sql);
    const auto session = opened(path(u"a.db"_s));
    QVERIFY(session->execute(u"PRAGMA writable_schema = ON"_s)); // taken, and without effect
    QVERIFY(!session->execute(sql));
    QCOMPARE(session->query(u"PRAGMA trusted_schema"_s)->first().first().toInt(), 0);
}

void tst_SqliteSession::interruptEndsAnEndlessQuery()
{
    const auto session = opened(path(u"a.db"_s));
    // Sticky: whether it comes before or inside the statement, the statement ends.
    std::thread other([&] { session->interrupt(); });
    const auto result = session->execute(
        u"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"_s);
    other.join();
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    session->sqlite()->resume();
    QVERIFY(session->query(u"SELECT 1"_s));
}

void tst_SqliteSession::takesNoEndlessMemory()
{
    const auto session = opened(path(u"a.db"_s));
    const QString rows = u"SELECT length(randomblob(%1))"_s;
    for (int time = 0; time < 4; ++time) // what is given back counts no more
        QCOMPARE(session->query(rows.arg(300 << 20))->constFirst().constFirst().toInt(), 300 << 20);
    const auto refused = session->query(rows.arg(600 << 20));
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(u"more than 512 MiB"_s),
             qPrintable(refused.error().message));
    // grown bit by bit
    const auto grown =
        session->query(u"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200) "
                       "SELECT length(group_concat(hex(zeroblob(2000000)))) FROM c"_s);
    QVERIFY(!grown);
    QVERIFY2(grown.error().message.contains(u"more than 512 MiB"_s),
             qPrintable(grown.error().message));
    QVERIFY(session->execute(u"CREATE TABLE t (x)"_s));
}

void tst_SqliteSession::forgetsItsConnection()
{
    QVERIFY(QSqlDatabase::connectionNames().isEmpty());
    {
        const auto one = opened(path(u"a.db"_s));
        const auto two = opened(path(u"a.db"_s));
        QCOMPARE(QSqlDatabase::connectionNames().size(), 2);
    }
    QVERIFY(QSqlDatabase::connectionNames().isEmpty());
}

void tst_SqliteSession::serverThatIsNotThere_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("url");
    QTest::newRow("postgresql") << Backend::PostgreSql
                                << u"postgresql+asyncpg://me:canary@127.0.0.1:1/shop"_s;
    QTest::newRow("mysql") << Backend::MySql << u"mysql+aiomysql://me:canary@127.0.0.1:1/shop"_s;
    QTest::newRow("mariadb") << Backend::MariaDb << u"mariadb://me:canary@127.0.0.1:1/shop"_s;
    QTest::newRow("no host") << Backend::PostgreSql << u"postgresql:///shop?password=canary"_s;
    QTest::newRow("no URL") << Backend::PostgreSql << u"canary://"_s;
}

void tst_SqliteSession::serverThatIsNotThere()
{
    QFETCH(Backend, backend);
    QFETCH(QString, url);
    const ConnectionSpec spec{.backend = backend, .url = url};
    const auto read = currentRows(spec, {{}, u"alembic_version"_s});
    QCOMPARE(read.error().code, ErrorCode::Connection);
    Plan plan = upgradePlan(story(1));
    plan.backend = backend;
    const RunReport report = run(plan, spec, bareOptions(), {}, {});
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Connection);
    for (const Error &error : {read.error(), *report.error}) {
        QVERIFY2(!error.message.contains(u"me:canary"_s) && !error.message.contains(u"=canary"_s),
                 qPrintable(error.message));
        QVERIFY(!error.message.contains(u'\n'));
    }
}
