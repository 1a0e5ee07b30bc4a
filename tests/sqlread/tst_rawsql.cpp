#include "tests/sqlread/tst_rawsql.h"

#include "core/sqlread/createtable.h"
#include "core/sqlread/rawsql.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// Tables with their columns ("t(a INT!,b)"), counts of constraints and indexes, then the objects.
QString described(const Schema &schema)
{
    QStringList parts;
    for (const Table &table : schema.tables) {
        QStringList columns;
        for (const Column &c : table.columns)
            columns.append(c.name + (c.type ? u' ' + c.type->name : QString())
                           + (c.isNullable() ? QString() : u"!"_s)
                           + (c.serverDefault ? u"="_s : QString())
                           + (c.hasComment ? u"#"_s : QString()));
        QString text = table.name.text() + u'(' + columns.join(u',') + u')';
        if (!table.constraints.isEmpty())
            text += u" c%1"_s.arg(table.constraints.size());
        for (const Index &index : table.indexes) {
            const DialectOption prefix = index.options.value(u"mysql_prefix"_s, QString());
            text += u' ' + std::get<QString>(prefix) + index.name.text;
            for (const ExprPtr &element : index.elements)
                text += element->kind == Expr::Kind::Unary ? u"-"_s : QString();
        }
        parts.append(text + (table.isOpaque ? u"?"_s : QString())
                     + (table.hasComment ? u"#"_s : QString()));
    }
    for (const NamedObject &object : schema.objects)
        parts.append(
            object.name.text() + (object.table.isEmpty() ? QString() : u" on "_s + object.table)
            + (object.labels.isEmpty() ? QString() : u" ["_s + object.labels.join(u',') + u']'));
    return parts.join(u"; "_s);
}

const QString base = u"CREATE TABLE Users (id INTEGER PRIMARY KEY, email TEXT);"
                     "CREATE INDEX ix ON users (email);"
                     "CREATE VIEW v AS SELECT 1;"
                     "CREATE TRIGGER tr AFTER INSERT ON users BEGIN SELECT 1; END;"_s;
const QString whole = u"Users(id INTEGER,email TEXT) c1 ix; v; tr on Users"_s;

} // namespace

void tst_RawSql::effects_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QString &sql, const QString &expected, bool understood = true) {
        QTest::newRow(qPrintable(sql.left(70))) << sql << understood << expected;
    };
    const QString rest = u" c1 ix; v; tr on Users"_s;
    row({}, whole);
    row(u"INSERT INTO users VALUES (1, 'DROP TABLE users;'); UPDATE users SET id = 2; DELETE FROM users"_s,
        whole);
    row(u"PRAGMA foreign_keys = OFF; BEGIN; COMMIT; VACUUM; WITH x AS (SELECT 1) DELETE FROM users"_s,
        whole);
    row(u"SELECT * INTO x FROM users"_s, whole);
    row(u"create temp table x (a); DROP TABLE if exists none"_s, whole);
    row(u"CREATE TABLE IF NOT EXISTS users (x INT)"_s, whole);
    row(u"ALTER TABLE users ADD COLUMN age INT NOT NULL DEFAULT 0"_s,
        u"Users(id INTEGER,email TEXT,age INT!=)"_s + rest);
    row(u"ALTER TABLE main.USERS ADD age INT UNIQUE CHECK (age > 0)"_s,
        u"Users(id INTEGER,email TEXT,age INT) c2 ix; v; tr on Users"_s);
    row(u"ALTER TABLE users RENAME COLUMN EMAIL TO mail"_s,
        u"Users(id INTEGER,mail TEXT)"_s + rest);
    row(u"ALTER TABLE users RENAME email TO mail"_s, u"Users(id INTEGER,mail TEXT)"_s + rest);
    row(u"ALTER TABLE users RENAME TO people"_s,
        u"people(id INTEGER,email TEXT) c1 ix; v; tr on people"_s);
    row(u"ALTER TABLE users DROP COLUMN email"_s, u"Users(id INTEGER) c1; v; tr on Users"_s);
    row(u"ALTER TABLE users FROBNICATE"_s,
        u"Users(id INTEGER,email TEXT) c1 ix?; v; tr on Users"_s);
    row(u"ALTER TABLE other ADD a"_s,
        whole.section(u"; v"_s, 0, 0) + u"; other(a)?; v; tr on Users"_s);
    row(u"DROP TABLE \"users\""_s, u"v"_s);
    row(u"DROP INDEX IF EXISTS ix; DROP VIEW v; DROP TRIGGER IF EXISTS tr"_s,
        u"Users(id INTEGER,email TEXT) c1"_s);
    row(u"CREATE UNIQUE INDEX IF NOT EXISTS i2 ON users (lower(email)) WHERE id > 1"_s,
        u"Users(id INTEGER,email TEXT) c1 ix i2; v; tr on Users"_s);
    row(u"CREATE INDEX i3 ON users (email) nonsense"_s,
        u"Users(id INTEGER,email TEXT) c1 ix?; v; tr on Users"_s);
    row(u"CREATE TABLE x AS SELECT 1 AS a"_s,
        u"Users(id INTEGER,email TEXT) c1 ix; x()?; v; tr on Users"_s);
    row(u"CREATE TABLE x (a INT,, b)"_s,
        u"Users(id INTEGER,email TEXT) c1 ix; x()?; v; tr on Users"_s);
    row(u"CREATE VIEW IF NOT EXISTS v AS SELECT 2; CREATE VIEW w (a) AS SELECT 3"_s,
        u"Users(id INTEGER,email TEXT) c1 ix; v; tr on Users; w"_s);
    row(u"UPDATE sqlite_master SET sql = ''"_s, whole, false);
    row(u"PRAGMA writable_schema = 1"_s, whole, false);
    row(u"FROBNICATE users"_s, whole, false);
    row(u"CREATE SOMETHING x"_s, whole, false);
    row(u"DROP"_s, whole, false);
}

void tst_RawSql::effects()
{
    QFETCH(QString, sql);
    QFETCH(bool, understood);
    QFETCH(QString, expected);
    const RawSqlReader &reader = rawSqlReader(Backend::Sqlite);
    Schema schema;
    QVERIFY(reader.apply(base, schema));
    QCOMPARE(reader.apply(sql, schema), understood);
    QCOMPARE(described(schema), expected);
}

void tst_RawSql::otherDatabases_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    const auto pg = [](const QString &sql, const QString &expected) {
        QTest::newRow(qPrintable(u"pg: "_s + sql.left(60)))
            << Backend::PostgreSql << sql << expected;
    };
    const auto my = [](const QString &sql, const QString &expected) {
        QTest::newRow(qPrintable(u"my: "_s + sql.left(60))) << Backend::MySql << sql << expected;
    };
    pg(u"CREATE TABLE public.T (Id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, at "
       u"timestamp(3) with time zone DEFAULT now(), "
       "tags text[] NOT NULL, n numeric(10, 2) DEFAULT '1'::numeric)"_s,
       u"t(id bigint!,at timestamp(3) with time zone=,tags text[]!,n numeric(10, 2)=) c1"_s);
    pg(u"CREATE TABLE t (a int); ALTER TABLE ONLY t ALTER COLUMN a SET NOT NULL, ALTER a TYPE bigint USING a::bigint, ALTER a SET DEFAULT 5"_s,
       u"t(a bigint!=)"_s);
    pg(u"CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT u UNIQUE (a), ADD CHECK (a > 0), DROP b CASCADE; ALTER TABLE t DROP CONSTRAINT u"_s,
       u"t(a int) c1"_s);
    pg(u"CREATE TYPE mood AS ENUM ('a', 'c'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b' BEFORE 'c'"_s,
       u"mood [a,b,c]"_s);
    pg(u"CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a mood); ALTER TYPE mood RENAME TO old; "
       "CREATE OPERATOR = (FUNCTION = f); ALTER TYPE elsewhere ADD VALUE 'x'"_s,
       u"t(a old); old [a]"_s);
    pg(u"CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER INDEX IF EXISTS i RENAME TO j"_s,
       u"t(a int) j"_s);
    pg(u"CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'; COMMENT ON COLUMN public.t.a IS NULL"_s,
       u"t(a int)#"_s);
    pg(u"CREATE TABLE t (a int); SELECT a INTO u FROM t; CREATE INDEX CONCURRENTLY i ON t USING gin (a)"_s,
       u"t(a int) i; u()?"_s);
    pg(u"CREATE TABLE t (a int CONSTRAINT u UNIQUE); ALTER TABLE t RENAME CONSTRAINT u TO v; "
       "ALTER TABLE t DROP CONSTRAINT v; ALTER INDEX IF EXISTS none RENAME TO j; "
       "ALTER DATABASE d SET x = 1"_s,
       u"t(a int)"_s);
    const auto block = [&](const QString &body, const QString &expected) {
        pg(u"CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON t (a); "
           "DO $$ BEGIN %1; END $$"_s.arg(body),
           expected);
    };
    block(u"CREATE TYPE k AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN null"_s,
          u"t(a int) i; u(a int)"_s);
    block(u"ALTER TABLE public.u ADD b int"_s, u"t(a int) i; u(a int)?"_s);
    block(u"EXECUTE 'ALTER TABLE u ADD CONSTRAINT c CHECK (a > 0)'"_s, u"t(a int) i; u(a int)?"_s);
    block(u"DROP INDEX IF EXISTS i"_s, u"t(a int) i?; u(a int)"_s);
    block(u"EXECUTE format('CREATE USER %I', 'x')"_s, u"t(a int) i; u(a int)"_s);
    pg(u"CREATE TABLE t (a int); CREATE SEQUENCE s; ALTER SEQUENCE s OWNED BY t.a; ALTER TABLE s "
       u"OWNER TO me; "
       "ALTER SEQUENCE s RENAME TO r; ALTER SEQUENCE r INCREMENT BY 2"_s,
       u"t(a int); r on t"_s);
    pg(u"CREATE SEQUENCE s OWNED BY t.a; ALTER SEQUENCE s OWNED BY NONE; CREATE VIEW v AS SELECT "
       u"1; "
       "ALTER VIEW v RENAME TO w; ALTER VIEW w SET SCHEMA x; ALTER VIEW x.w OWNER TO me; ALTER TABLE x.w RENAME TO y"_s,
       u"s; x.y"_s);
    pg(u"CREATE TABLE t (a int); ALTER TABLE t OWNER TO me, ENABLE ROW LEVEL SECURITY, NO FORCE "
       u"ROW LEVEL SECURITY, "
       "SET (fillfactor = 70), SET TABLESPACE x, REPLICA IDENTITY FULL, ALTER a SET STATISTICS 5, CLUSTER ON i, DISABLE TRIGGER ALL"_s,
       u"t(a int)"_s);
    pg(u"CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS IDENTITY (START WITH -5 CACHE "
       u"2)); ALTER TABLE ONLY public.t ALTER COLUMN a ADD GENERATED "
       "BY DEFAULT AS IDENTITY (SEQUENCE NAME public.t_a_seq START WITH 1 INCREMENT BY 1 NO "
       "MINVALUE NO MAXVALUE CACHE 1); "
       "ALTER TABLE t ALTER a DROP IDENTITY IF EXISTS, ADD c int"_s,
       u"t(a int!,b int!,c int)"_s);
    pg(u"CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t (a)); ALTER TABLE t SET SCHEMA x; ALTER SCHEMA x RENAME TO y"_s,
       u"u(b int) c1; y.t(a int!) c1"_s);
    pg(u"CREATE SCHEMA x; CREATE TABLE x.t (a int); CREATE TYPE x.k AS ENUM ('a'); CREATE TABLE u (a int); DROP SCHEMA x CASCADE"_s,
       u"u(a int)"_s);
    pg(u"CREATE TYPE k AS ENUM ('a'); CREATE TABLE t (a k, b int); DROP TYPE k CASCADE; CREATE TYPE c AS (x int); ALTER TYPE c ADD ATTRIBUTE y int; ALTER TYPE c OWNER TO me"_s,
       u"t(b int); c"_s);
    pg(u"CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TRIGGER a ON "
       u"t RENAME TO b; ALTER TRIGGER b ON t DEPENDS ON EXTENSION e; "
       "CREATE DOMAIN d AS int; ALTER DOMAIN d SET NOT NULL; DROP FUNCTION f(int, text) CASCADE"_s,
       u"b on t; d"_s);
    pg(u"CREATE RULE r AS ON INSERT TO t DO NOTHING; CREATE COLLATION c (locale = 'x'); ALTER "
       u"LANGUAGE l OWNER TO me; "
       "CREATE FOREIGN DATA WRAPPER w; ALTER INDEX i SET (fillfactor = 5); SECURITY LABEL ON TABLE t IS 'x'; CREATE FOREIGN TABLE f (a int) SERVER s"_s,
       u"f()?"_s);
    pg(u"CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ ; $$ LANGUAGE sql; DROP MATERIALIZED VIEW m"_s,
       u"f"_s);
    my(u"CREATE TABLE `T` (id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'key', s VARCHAR(20) "
       u"CHARACTER SET utf8mb4 DEFAULT 'x', "
       "at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (id), KEY ix (s(10)), UNIQUE KEY uq (s)) ENGINE=InnoDB COMMENT='it'"_s,
       u"T(id INT UNSIGNED!#,s VARCHAR(20) CHARACTER SET utf8mb4=,at TIMESTAMP=) c2 ix#"_s);
    my(u"CREATE TABLE t (a INT, b INT); ALTER TABLE T MODIFY a BIGINT NOT NULL, CHANGE b c INT AFTER a, ADD INDEX i (c), DROP INDEX none, ADD z INT FIRST"_s,
       u"t(z INT,a BIGINT!,c INT) i?"_s);
    my(u"CREATE TABLE t (a INT, g POINT NOT NULL, s TEXT, SPATIAL KEY sp (g), FULLTEXT INDEX ft "
       u"(s) "
       "WITH PARSER ngram COMMENT 'x', KEY d (s(5), a DESC) USING BTREE, UNIQUE KEY u (a) USING "
       "HASH); ALTER TABLE t ADD SPATIAL INDEX sq (g), ADD FULLTEXT (s)"_s,
       u"t(a INT,g POINT!,s TEXT) c1 SPATIALsp FULLTEXTft d- SPATIALsq FULLTEXTs"_s);
    my(u"CREATE OR REPLACE TABLE t (a INT, b INT, UNIQUE KEY u (a, b DESC), CONSTRAINT v UNIQUE "
       u"(a), "
       "UNIQUE INDEX USING BTREE (b)); ALTER TABLE t DISABLE KEYS; ALTER TABLE t ENABLE KEYS"_s,
       u"t(a INT,b INT) c2 u-"_s);
    my(u"CREATE TABLE a (x INT); CREATE TABLE c (x INT REFERENCES a (x)); RENAME TABLE a TO b, c TO d"_s,
       u"b(x INT); d(x INT) c1"_s);
    my(u"/*!50001 DROP VIEW IF EXISTS `v`*/;\n/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 "
       "DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 AS `a` "
       "*/;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER r BEFORE INSERT ON t "
       "FOR EACH ROW SET NEW.a = 1 */;"_s,
       u"v; r on t"_s);
    my(u"CREATE TABLE t (a INT, b INT, KEY (a), UNIQUE (b), KEY (b, a)); ALTER TABLE t ADD INDEX (a, b), ADD KEY (b)"_s,
       u"t(a INT,b INT) c1 a b_2 a_2 b_3"_s);
    my(u"CREATE TABLE t (a INT PRIMARY KEY); ALTER TABLE t DROP PRIMARY KEY; ALTER TABLE t ADD UNIQUE KEY u (a); DROP INDEX u ON t"_s,
       u"t(a INT!)"_s);
}

void tst_RawSql::otherDatabases()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    QFETCH(QString, expected);
    Schema schema;
    QVERIFY(rawSqlReader(backend).apply(sql, schema));
    QCOMPARE(described(schema), expected);
}

void tst_RawSql::severalDatabases_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<int>("line"); // of the USE that is said; 0: none
    QTest::newRow("one") << u"CREATE DATABASE a;\nUSE a;\nCREATE TABLE t (x INT);"_s
                         << u"t(x INT)"_s << 0;
    QTest::newRow("a second")
        << u"/*!40000 DROP DATABASE IF EXISTS a*/; CREATE DATABASE a; USE `a`;"
           "CREATE TABLE t (x INT);\nUSE b;\nCREATE TABLE u (y INT);"_s
        << u"t(x INT)"_s << 2;
    QTest::newRow("and back") << u"USE a; CREATE TABLE t (x INT);\nUSE b;\nDROP TABLE t;\nUSE a;"
                                 "CREATE TABLE u (y INT);"_s
                              << u"t(x INT); u(y INT)"_s << 2;
    QTest::newRow("after the connection's own")
        << u"CREATE TABLE t (x INT);\nUSE b;\nCREATE TABLE u (y INT);"_s << u"t(x INT)"_s << 2;
}

/// A dump of several databases: the first one counts, and the others are named.
void tst_RawSql::severalDatabases()
{
    QFETCH(QString, sql);
    QFETCH(int, line);
    for (const Backend backend : {Backend::MySql, Backend::MariaDb}) {
        Schema schema;
        QList<Error> reasons;
        QVERIFY(followRawSql(sql, backend, schema, &reasons));
        QTEST(described(schema), "expected");
        QCOMPARE(reasons.isEmpty() ? 0 : reasons.constFirst().line, line);
    }
}

/// Blocks that may do anything.
void tst_RawSql::opaqueBlocks_data()
{
    QTest::addColumn<QString>("body");
    for (const QString &body :
         {u"EXECUTE statement"_s, u"EXECUTE format('%s', x)"_s, u"DROP TABLE t"_s,
          u"CREATE TABLE t (a int)"_s, u"EXECUTE 'DROP TYPE k CASCADE'"_s, u"CALL f()"_s,
          u"EXECUTE format('ALTER TABLE %I ADD b int', t)"_s, u"ALTER TYPE k RENAME TO l"_s})
        QTest::newRow(qPrintable(body)) << body;
}

void tst_RawSql::opaqueBlocks()
{
    QFETCH(QString, body);
    Schema schema;
    QVERIFY(
        !rawSqlReader(Backend::PostgreSql).apply(u"DO $$ BEGIN %1; END $$"_s.arg(body), schema));
}

/// What only concerns keys leaves the columns known.
void tst_RawSql::columnsStayKnown()
{
    Schema schema;
    const RawSqlReader &reader = rawSqlReader(Backend::PostgreSql);
    QVERIFY(reader.apply(u"CREATE TABLE t (a int); CREATE TABLE u (a int); "
                         "ALTER TABLE t DROP CONSTRAINT none; CREATE INDEX i ON t USING gin (a x); "
                         "ALTER TABLE u DROP CONSTRAINT none, FROB"_s,
                         schema));
    QVERIFY(schema.table({{}, u"t"_s})->isOpaque && !schema.table({{}, u"t"_s})->columnsOpaque);
    QVERIFY(schema.table({{}, u"u"_s})->isOpaque && schema.table({{}, u"u"_s})->columnsOpaque);
}

/// The idiom of SQLite's manual: references by name survive it.
void tst_RawSql::rebuildByHand()
{
    Schema schema;
    QVERIFY(rawSqlReader(Backend::Sqlite)
                .apply(u"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT "
                       u"REFERENCES p (id));"
                       "CREATE TABLE new_p (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO new_p "
                       "(id) SELECT id FROM p;"
                       "DROP TABLE p; ALTER TABLE new_p RENAME TO p; PRAGMA foreign_key_check"_s,
                       schema));
    QCOMPARE(described(schema), u"c(p_id INT) c1; p(id INTEGER,x TEXT) c1"_s);
    const Table *child = schema.table({{}, u"c"_s});
    QCOMPARE(std::get<ForeignKey>(child->constraints[0]).target.name, u"p"_s);
}

void tst_RawSql::refusals_data()
{
    QTest::addColumn<QString>("sql");
    for (const QString &sql : {u""_s,
                               u"CREATE"_s,
                               u"CREATE TABLE"_s,
                               u"CREATE TABLE t"_s,
                               u"CREATE TABLE t ("_s,
                               u"CREATE TABLE t (a"_s,
                               u"CREATE TABLE t (a INT,"_s,
                               u"CREATE TABLE t (a CHECK)"_s,
                               u"CREATE TABLE t (a DEFAULT)"_s,
                               u"CREATE TABLE t (a DEFAULT ()"_s,
                               u"CREATE TABLE t (a REFERENCES)"_s,
                               u"CREATE TABLE t (a REFERENCES p ()"_s,
                               u"CREATE TABLE t (a, PRIMARY KEY)"_s,
                               u"CREATE TABLE t (a, FOREIGN KEY (a))"_s,
                               u"CREATE TABLE t (a INT) FROB"_s,
                               u"CREATE TABLE t (a INT b( c)"_s,
                               u"CREATE TABLE t (1 INT)"_s,
                               u"CREATE TABLE t (a AS b)"_s,
                               u"CREATE TABLE t (a GENERATED ALWAYS)"_s,
                               u"SELECT 1"_s})
        QTest::newRow(qPrintable(sql)) << sql;
}

void tst_RawSql::refusals()
{
    QFETCH(QString, sql);
    for (const Backend backend : {Backend::Sqlite, Backend::MySql}) {
        const Result<CreateTableText> table = parseCreateTable(sql, backend);
        QVERIFY(!table);
        QCOMPARE(table.error().code, ErrorCode::Syntax);
        QVERIFY(!parseCreateIndex(sql, backend));
    }
}
