#include "core/base/text.h"
#include "core/config/databaseurl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_DatabaseUrl : public QObject
{
    Q_OBJECT
private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void display_data();
    void display();
    void redaction_data();
    void redaction();
    void redactionOfSql_data();
    void redactionOfSql();
    void redactionOfAnswers();
    void redactionOfMistyped_data();
    void redactionOfMistyped();
    void sqliteFiles_data();
    void sqliteFiles();
};

void tst_DatabaseUrl::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<DatabaseUrl>("url");
    QTest::newRow("memory") << u"sqlite://"_s << DatabaseUrl{};
    QTest::newRow("relative") << u"sqlite:///market.sqlite"_s
                              << DatabaseUrl{.database = u"market.sqlite"_s};
    QTest::newRow("absolute, async driver")
        << u"sqlite+aiosqlite:////var/lib/a b.db"_s
        << DatabaseUrl{.driver = u"aiosqlite"_s, .database = u"/var/lib/a b.db"_s};
    QTest::newRow("all fields")
        << u"postgresql+asyncpg://app:s%40crt%2F@db.example:5433/market?sslmode=verify-full&a=b+c"_s
        << DatabaseUrl{.backend = Backend::PostgreSql,
                       .driver = u"asyncpg"_s,
                       .user = u"app"_s,
                       .password = u"s@crt/"_s,
                       .hasPassword = true,
                       .host = u"db.example"_s,
                       .port = 5433,
                       .database = u"market"_s,
                       .query = {{u"sslmode"_s, u"verify-full"_s}, {u"a"_s, u"b c"_s}}};
    QTest::newRow("IPv6") << u"mysql+pymysql://root@[::1]:3307/shop"_s
                          << DatabaseUrl{.backend = Backend::MySql,
                                         .driver = u"pymysql"_s,
                                         .user = u"root"_s,
                                         .host = u"::1"_s,
                                         .port = 3307,
                                         .database = u"shop"_s};
    QTest::newRow("colon and percent in the password") << u"mariadb://u:a:b%25@h/d"_s
                                                       << DatabaseUrl{.backend = Backend::MariaDb,
                                                                      .user = u"u"_s,
                                                                      .password = u"a:b%"_s,
                                                                      .hasPassword = true,
                                                                      .host = u"h"_s,
                                                                      .database = u"d"_s};
    QTest::newRow("dialect alone")
        << u"postgresql://"_s << DatabaseUrl{.backend = Backend::PostgreSql};
    QTest::newRow("empty password")
        << u"postgres://u:@h"_s
        << DatabaseUrl{
               .backend = Backend::PostgreSql, .user = u"u"_s, .hasPassword = true, .host = u"h"_s};
}

void tst_DatabaseUrl::parses()
{
    QFETCH(QString, text);
    QFETCH(DatabaseUrl, url);
    const auto parsed = parseDatabaseUrl(text);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().message));
    QCOMPARE(*parsed, url);
}

void tst_DatabaseUrl::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("empty") << QString() << ErrorCode::Syntax;
    QTest::newRow("no scheme") << u"market.sqlite"_s << ErrorCode::Syntax;
    QTest::newRow("other database") << u"oracle://u:secret@h/d"_s << ErrorCode::Unsupported;
    QTest::newRow("port") << u"mysql://u:secret@h:port/d"_s << ErrorCode::Syntax;
    QTest::newRow("port too large") << u"mysql://u:secret@h:70000/d"_s << ErrorCode::Syntax;
    QTest::newRow("an @ in the password") << u"mysql://u:secret@secret@h/d"_s << ErrorCode::Syntax;
    QTest::newRow("and a slash") << u"postgresql://u:secret@secret/secret@h/d"_s
                                 << ErrorCode::Syntax;
    QTest::newRow("a file's user") << u"sqlite://u@/x.db"_s << ErrorCode::Syntax;
    QTest::newRow("a file's password") << u"sqlite://u:secret@/x.db"_s << ErrorCode::Syntax;
    QTest::newRow("two slashes") << u"sqlite://market.sqlite"_s << ErrorCode::Syntax;
}

void tst_DatabaseUrl::refuses()
{
    QFETCH(QString, text);
    QFETCH(ErrorCode, code);
    const auto parsed = parseDatabaseUrl(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, code);
    QVERIFY(!parsed.error().message.contains(u"secret"));
}

void tst_DatabaseUrl::display_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("password") << u"postgresql://app:secret@h/d"_s << u"postgresql://app:***@h/d"_s;
    QTest::newRow("none") << u"postgresql://app@h/d"_s << u"postgresql://app@h/d"_s;
    QTest::newRow("in the query") << u"mysql://h/d?password=secret&charset=utf8"_s
                                  << u"mysql://h/d?password=***&charset=utf8"_s;
    QTest::newRow("file") << u"sqlite:////srv/db.sqlite3"_s << u"sqlite:////srv/db.sqlite3"_s;
}

void tst_DatabaseUrl::display()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const auto parsed = parseDatabaseUrl(text);
    QVERIFY(parsed);
    QCOMPARE(parsed->displayText(), shown);
    QVERIFY(!parsed->withoutSecrets().contains(u"secret"_s));
    QVERIFY(!parsed->withoutSecrets().contains(u"***"_s));
}

void tst_DatabaseUrl::redaction_data()
{
    QTest::addColumn<QString>("text");
    const QString url = u"postgresql://ann:s3cret@host/db"_s;
    QTest::newRow("alone") << url;
    QTest::newRow("in a sentence") << u"can't open \"%1\", sorry"_s.arg(url);
    QTest::newRow("before a long word") << url + QString(200'000, u'x');
    QTest::newRow("slash inside") << u"postgresql://ann:s3/cr@et@host/db"_s;
    QTest::newRow("parameter") << u"mysql://host/db?user=ann&password=s3cret"_s;
}

void tst_DatabaseUrl::redaction()
{
    QFETCH(QString, text);
    const QString safe = redactedText(text);
    QVERIFY(!safe.contains(u"s3"_s));
    QVERIFY(safe.contains(u"***"_s));
}

void tst_DatabaseUrl::redactionOfSql_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &sql, const QString &shown) {
        QTest::newRow(name) << sql << shown;
    };
    row("role", u"CREATE ROLE a LOGIN PASSWORD 's3''x'"_s, u"CREATE ROLE a LOGIN PASSWORD '***'"_s);
    row("escapes", u"alter role a with encrypted password E's3\\'x' LOGIN"_s,
        u"alter role a with encrypted password '***' LOGIN"_s);
    row("dollars", u"ALTER USER a PASSWORD $q$s3'$q$ LOGIN"_s,
        u"ALTER USER a PASSWORD '***' LOGIN"_s);
    row("users", u"CREATE USER a IDENTIFIED BY 's3', b@h IDENTIFIED BY \"s3\""_s,
        u"CREATE USER a IDENTIFIED BY '***', b@h IDENTIFIED BY '***'"_s);
    row("plugin", u"ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD('s3') REQUIRE SSL"_s,
        u"ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD('***') REQUIRE SSL"_s);
    row("set", u"SET PASSWORD FOR a@h = PASSWORD('s3')"_s,
        u"SET PASSWORD FOR a@h = PASSWORD('***')"_s);
    row("replica", u"CHANGE MASTER TO MASTER_PASSWORD='s3', MASTER_PORT=1"_s,
        u"CHANGE MASTER TO MASTER_PASSWORD='***', MASTER_PORT=1"_s);
    row("mapping", u"CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 's3')"_s,
        u"CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '***')"_s);
    row("connection",
        u"CREATE SUBSCRIPTION s CONNECTION 'host=h password=s3 user=u' PUBLICATION p"_s,
        u"CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** user=u' PUBLICATION p"_s);
    row("rows", u"UPDATE users SET \"password\" = 's3' WHERE id = 1"_s,
        u"UPDATE users SET \"password\" = '***' WHERE id = 1"_s);
    row("cut off", u"CREATE ROLE a PASSWORD 's3 and on"_s, u"CREATE ROLE a PASSWORD '***'"_s);
    for (const QString &harmless :
         {u"CREATE TABLE u (password VARCHAR(20) DEFAULT 'x', \"password\" TEXT)"_s,
          u"INSERT INTO kinds (name) VALUES ('reset_password', 'x')"_s,
          u"Can't locate revision identified by 'a1b2'"_s,
          u"COMMENT ON COLUMN u.password IS 'hashed'"_s, u"SELECT password FROM u WHERE a = 'b'"_s})
        row(qPrintable(harmless), harmless, harmless);
}

void tst_DatabaseUrl::redactionOfSql()
{
    QFETCH(QString, sql);
    QFETCH(QString, shown);
    QCOMPARE(redactedText(sql), shown);
}

void tst_DatabaseUrl::redactionOfMistyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *typed, const char *said, const char *shown) {
        QTest::newRow(typed) << QString::fromLatin1(typed) << QString::fromLatin1(said)
                             << QString::fromLatin1(shown);
    };
    row("postgresql:/ann:s3cret@host/shop", "no 'postgresql:/ann:s3cret'",
        "no 'postgresql:/ann:***'");
    row("postgres//ann:s3cret@host", "no 'postgres//ann:s3cret@host'",
        "no 'postgres//ann:***@host'");
    row("postgresql;//ann:s3/c:t@host", "no 'postgresql;//ann:s3/c:t'",
        "no 'postgresql;//ann:***'");
    row("ann:s3cret@127.0.0.1", "no 'ann:s3cret'", "no 'ann:***'");
    row("ann:s3cret@host", "no 'ann:s3cret'", "no 'ann:***'");
    row("postgresql://ann:s3cret", "no 'postgresql://ann:s3cret'", "no 'postgresql://ann:***'");
    row("postgresql:/ann:s3cret", "no 'postgresql:/ann:s3cret'", "no 'postgresql:/ann:***'");
    row("postgresql://host:5432", "no 'postgresql://host:5432'", "no 'postgresql://host:5432'");
    row("base:shop@head", "no 'base:shop'", "no 'base:shop'");
    row("a1b2:shop@-1", "no 'a1b2:shop'", "no 'a1b2:shop'");
    row("a1b2:shop@0c4f9d", "no 'a1b2:shop'", "no 'a1b2:shop'");
    row("a1b2", "no 'a1b2'", "no 'a1b2'");
    row("folder/name@2:3", "no 'folder/name@2:3'", "no 'folder/name@2:3'");
}

void tst_DatabaseUrl::redactionOfMistyped()
{
    QFETCH(QString, typed);
    QFETCH(QString, said);
    QFETCH(QString, shown);
    QCOMPARE(redactedText(said, MistypedUrl{typed}), shown);
}

/// MariaDB says near what it stumbled.
void tst_DatabaseUrl::redactionOfAnswers()
{
    const QString sql = u"CREATE USER a IDENTIFIED BY 's3cret' NONSENSE"_s;
    QCOMPARE(redactedText(u"syntax error near ''s3cret' NONSENSE' at line 1"_s, sql),
             u"syntax error near ''***' NONSENSE' at line 1"_s);
    QCOMPARE(redactedText(u"no such table"_s, u"SELECT 1"_s), u"no such table"_s);
}

void tst_DatabaseUrl::sqliteFiles_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("file");
    QTest::newRow("memory") << u"sqlite://"_s << QString();
    QTest::newRow("memory by name") << u"sqlite:///:memory:"_s << QString();
    QTest::newRow("relative") << u"sqlite:///a/../b.db"_s << u"/project/b.db"_s;
    QTest::newRow("absolute") << u"sqlite:////tmp/b.db"_s << u"/tmp/b.db"_s;
    QTest::newRow("uri") << u"sqlite:///file:c.db?uri=true"_s << u"/project/c.db"_s;
}

void tst_DatabaseUrl::sqliteFiles()
{
    QFETCH(QString, text);
    QFETCH(QString, file);
    QCOMPARE(sqliteFile(*parseDatabaseUrl(text), u"/project"_s), file);
}

int runDatabaseUrlTest(int argc, char **argv)
{
    tst_DatabaseUrl test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_databaseurl.moc"
