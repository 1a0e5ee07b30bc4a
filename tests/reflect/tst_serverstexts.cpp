#include "core/diff/diff.h"
#include "core/reflect/reflect.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/splitter.h"
#include "tests/reflect/tst_serverscatalogue.h"
#include "tests/servers/lab.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

constexpr Backend pg = Backend::PostgreSql;
constexpr Backend maria = Backend::MariaDb;

void runAll(ServerSession &session, const QString &sql)
{
    for (const SqlStatement &statement : splitStatements(sql, session.backend()))
        if (const auto ran = session.execute(statement.text); !ran)
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(ran.error().message));
}

QStringList described(const QList<Difference> &differences)
{
    QStringList texts;
    for (const Difference &d : differences)
        texts.append(u"%1 %2.%3 %4: %5 | %6"_s.arg(differenceKindName(d.kind), d.table.text(),
                                                   d.name, d.aspect, d.migrations, d.database));
    return texts;
}

QStringList compared(const Schema &migrations, ServerSession &session)
{
    const auto database = reflect(session, {{}, u"alembic_version"_s});
    if (!database)
        return {database.error().message};
    return described(
        compare({.backend = session.backend(), .migrations = &migrations, .database = &*database}));
}

Schema replayed(const QString &sql, Backend backend)
{
    Schema schema;
    if (!rawSqlReader(backend).apply(sql, schema))
        qFatal("opaque: %s", qPrintable(sql + schema.opaqueReasons.join(u'\n')));
    return schema;
}

/// A table with columns of many kinds and a check for each of \a conditions.
QString checked(Backend backend, const QStringList &conditions)
{
    QString columns =
        u"a integer, b varchar(20), c numeric(10,2), d date, e timestamp NULL, f boolean"_s;
    columns += backend == pg ? u", g text, h double precision, j jsonb"_s
                             : u", g text, h double, j json"_s;
    for (qsizetype i = 0; i < conditions.size(); ++i)
        columns += u",\nCONSTRAINT ck%1 CHECK (%2)"_s.arg(QString::number(i), conditions[i]);
    return u"CREATE TABLE t (%1)"_s.arg(columns);
}

} // namespace

void tst_ServersCatalogue::textsCompareEqual_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    const auto row = [](const char *name, Backend backend, const QString &sql) {
        QTest::addRow("%s: %s", backend == pg ? "pg" : "maria", name) << backend << sql;
    };
    const auto both = [&](const char *name, const QString &sql) {
        row(name, pg, sql);
        row(name, maria, sql);
    };
    // Conditions that both know.
    const QStringList shared{u"a > 0"_s,
                             u"a >= 1 AND a <= 10"_s,
                             u"a BETWEEN 1 AND 10"_s,
                             u"a NOT BETWEEN 1 AND 10 AND b <> 'x'"_s,
                             u"b IN ('a', 'b', 'c')"_s,
                             u"b NOT IN ('a', 'b')"_s,
                             u"b IN ('a')"_s,
                             u"a IN (1, 2, 3)"_s,
                             u"b LIKE 'x%'"_s,
                             u"b NOT LIKE 'x%'"_s,
                             u"b IS NOT NULL OR a IS NULL"_s,
                             u"NOT (a = 1 AND b = 'q')"_s,
                             u"length(b) > 3"_s,
                             u"lower(b) = b"_s,
                             u"c >= 0"_s,
                             u"c > 0.50 AND c < 1000.00"_s,
                             u"a > -1"_s,
                             u"a + 1 < c * 2"_s,
                             u"(a + 1) * 2 < 10"_s,
                             u"b = 'it''s'"_s,
                             u"d > '2020-01-01'"_s,
                             u"(a IS NULL AND b IS NULL) OR (a IS NOT NULL AND b IS NOT NULL)"_s,
                             u"a != 5"_s,
                             u"coalesce(a, 0) > 0"_s,
                             u"CASE WHEN a > 0 THEN b = 'x' ELSE b = 'y' END"_s,
                             u"CAST(a AS char(5)) <> b"_s,
                             u"upper(trim(b)) <> ''"_s,
                             u"t.a > 3"_s,
                             u"a % 2 = 0"_s,
                             u"f"_s};
    const QStringList postgres{u"b ~ '^[a-z]+$'"_s,
                               u"b ILIKE 'x%'"_s,
                               u"b::text <> 'a'"_s,
                               u"e < now()"_s,
                               u"e < CURRENT_TIMESTAMP"_s,
                               u"d < current_date"_s,
                               u"e > d + interval '1 day'"_s,
                               u"j ? 'key'"_s,
                               u"j ->> 'a' = 'b'"_s,
                               u"jsonb_typeof(j) = 'object'"_s,
                               u"a = ANY (ARRAY[1, 2])"_s,
                               u"substring(b from 1 for 2) = 'ab'"_s,
                               u"extract(year from d) > 2000"_s,
                               u"f IS TRUE"_s,
                               u"f = true"_s,
                               u"(b || g) <> 'ab'"_s,
                               u"char_length(b) BETWEEN 1 AND 20"_s,
                               u"a IS DISTINCT FROM 3"_s,
                               u"date '2020-01-01' < d"_s};
    const QStringList mysql{
        u"a > 0 && c > 0"_s, u"char_length(b) > 2"_s,  u"json_valid(j)"_s, u"b REGEXP '^[a-z]'"_s,
        u"a <=> 3"_s,        u"octet_length(b) > 2"_s, u"f = true"_s,      u"if(a > 0, 1, 0) = 1"_s,
        u"year(d) > 2000"_s, u"a DIV 2 = 1"_s};
    row("conditions", pg, checked(pg, shared + postgres));
    row("conditions", maria, checked(maria, shared + mysql));

    both("keys", u"CREATE TABLE p (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b));"
                 "CREATE TABLE t (id integer PRIMARY KEY, x integer UNIQUE, y integer, z integer, "
                 "CONSTRAINT u UNIQUE (y, z), CONSTRAINT f FOREIGN KEY (y, z) REFERENCES p (a, b) "
                 "ON DELETE CASCADE ON UPDATE SET NULL)"_s);
    both("unnamed keys",
         u"CREATE TABLE p (id integer PRIMARY KEY);"
         "CREATE TABLE t (id integer PRIMARY KEY, x integer, y integer, UNIQUE (x, y), "
         "FOREIGN KEY (x) REFERENCES p (id), FOREIGN KEY (y) REFERENCES p (id), "
         "CHECK (x > 0), CHECK (y > 1), CHECK (x <> y))"_s);
    both("unique index",
         u"CREATE TABLE t (a integer, b integer); CREATE UNIQUE INDEX ux ON t (a, b);"
         "CREATE INDEX ix ON t (b); CREATE INDEX ix2 ON t (a DESC, b)"_s);
    const QString longName(40, u'n');
    row("indexes without a name", pg,
        u"CREATE TABLE t (a integer, b text, c text); CREATE INDEX ON t (a); CREATE INDEX ON t (a, "
        u"b);"
        "CREATE INDEX ON t (a); CREATE UNIQUE INDEX ON t (lower(b), lower(c)); CREATE INDEX ON t "
        "((a + "
        "1)); CREATE INDEX ON t (b COLLATE \"C\") INCLUDE (c) WHERE a > 0; CREATE INDEX ON t "
        "(coalesce(b, c) DESC); CREATE TABLE %1x (%1y integer, \"\u00e9%1\" integer);"
        "CREATE INDEX ON %1x (%1y, \"\u00e9%1\")"_s.arg(longName));
    both("odd names", u"CREATE TABLE odd (a integer, select_ integer, \u00e9t\u00e9 integer)"_s);
    both("defaults",
         u"CREATE TABLE t (a integer DEFAULT 0, b integer DEFAULT '7', c varchar(10) DEFAULT "
         u"'it''s', "
         "d varchar(10) DEFAULT '', e numeric(10,2) DEFAULT 1.50, f boolean DEFAULT true, "
         "g boolean DEFAULT false, h timestamp NULL DEFAULT CURRENT_TIMESTAMP, i date DEFAULT "
         "'2020-01-02', "
         "j integer DEFAULT -1, k integer DEFAULT NULL, l double precision DEFAULT 1.0, "
         "m varchar(10) DEFAULT '0', n bigint NOT NULL DEFAULT 0, o varchar(9) DEFAULT 'a::b', "
         "p numeric(4,2) DEFAULT .5, q numeric(4,2) DEFAULT -.25)"_s);
    both("comments on nothing",
         u"CREATE TABLE t (a integer); DROP TABLE t; CREATE TABLE t (b integer)"_s);

    row("server defaults", pg,
        u"CREATE TABLE t (a timestamptz DEFAULT now(), b timestamp DEFAULT (now() AT TIME ZONE "
        u"'utc'), "
        "c timestamp DEFAULT timezone('utc', now()), d jsonb DEFAULT '{\"b\": 1,\"a\":[1,2]}', "
        "e integer[] DEFAULT '{}', f text[] DEFAULT ARRAY[]::text[], g uuid DEFAULT "
        "gen_random_uuid(), "
        "h boolean DEFAULT 't', i boolean DEFAULT '0', j interval DEFAULT '1 day', "
        "k numeric DEFAULT '1.50', l text DEFAULT 'x'::text, m date DEFAULT current_date, "
        "n timestamp DEFAULT '2020-01-01 10:00', o bytea DEFAULT '\\x00', p bigint DEFAULT '5', "
        "q integer DEFAULT (1 + 2) * 3, r bit(3) DEFAULT B'101', s real DEFAULT '1.0', "
        "u varchar(9) DEFAULT lower('X'), v json DEFAULT '[]', w char(2) DEFAULT 'ab')"_s);
    row("serials", pg,
        u"CREATE TABLE t (id serial PRIMARY KEY, n bigserial, s smallserial, "
        "a integer GENERATED BY DEFAULT AS IDENTITY, b integer GENERATED ALWAYS AS (n * 2) STORED)"_s);
    row("sequence", pg,
        u"CREATE SEQUENCE s START 5 INCREMENT BY 2; "
        "CREATE TABLE t (a integer DEFAULT nextval('s'))"_s);
    row("enum", pg,
        u"CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); ALTER TYPE mood ADD VALUE 'happy' AFTER "
        u"'sad'; "
        "CREATE TYPE \"Odd\" AS ENUM ('x'); CREATE TYPE unused AS ENUM ('y'); "
        "CREATE TYPE pair AS (x integer, y text); "
        "CREATE TABLE t (a mood DEFAULT 'sad', b mood[] DEFAULT '{}', c pair, d \"Odd\")"_s);
    row("domain", pg,
        u"CREATE DOMAIN pos AS integer NOT NULL DEFAULT 1 CHECK (VALUE > 0); CREATE TABLE t (a pos)"_s);
    row("indexes", pg,
        u"CREATE TABLE t (id integer PRIMARY KEY, a text, b varchar(20), c integer, d jsonb, e "
        u"integer[], "
        "f tsvector); CREATE INDEX i1 ON t (lower(a)); CREATE INDEX i2 ON t (a text_pattern_ops); "
        "CREATE INDEX i3 ON t (a) WHERE c > 0 AND b IS NOT NULL; CREATE INDEX i4 ON t USING gin "
        "(d); "
        "CREATE INDEX i5 ON t USING gin (d jsonb_path_ops); CREATE UNIQUE INDEX i6 ON t (a) "
        "INCLUDE (c); "
        "CREATE INDEX i7 ON t (a DESC NULLS LAST, c NULLS FIRST); CREATE INDEX i8 ON t USING hash "
        "(a); "
        "CREATE INDEX i9 ON t USING brin (c) WITH (pages_per_range = 32); "
        "CREATE INDEX i10 ON t ((a || b)); CREATE INDEX i11 ON t (lower(b), c DESC); "
        "CREATE INDEX i12 ON t (a COLLATE \"C\"); CREATE UNIQUE INDEX i13 ON t (c) NULLS NOT "
        "DISTINCT; "
        "CREATE UNIQUE INDEX i14 ON t (lower(b)) WHERE a IS NULL; CREATE INDEX i15 ON t (((d ->> "
        "'k')));"
        "CREATE INDEX i16 ON t (b varchar_pattern_ops DESC)"_s);
    row("deferred", pg,
        u"CREATE TABLE p (id integer PRIMARY KEY, x integer UNIQUE DEFERRABLE INITIALLY DEFERRED);"
        "CREATE TABLE t (a integer REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED, "
        "b integer REFERENCES p (id) ON DELETE SET NULL, c integer, "
        "FOREIGN KEY (c) REFERENCES p (id) MATCH FULL ON DELETE RESTRICT)"_s);
    row("views and functions", pg,
        u"CREATE TABLE t (a integer); CREATE VIEW v AS SELECT a, a + 1 AS b FROM t WHERE a > 0; "
        "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t; CREATE UNIQUE INDEX mx ON mv (a); "
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; "
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); "
        "CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION pg_trgm"_s);
    row("schemas", pg,
        u"CREATE SCHEMA shop; CREATE TABLE shop.t (id serial PRIMARY KEY, a integer); "
        "CREATE TYPE shop.kind AS ENUM ('x'); CREATE TABLE u (b integer REFERENCES shop.t (id), k "
        "shop.kind); "
        "CREATE INDEX ix ON shop.t (a)"_s);
    row("constants of their types", pg,
        u"CREATE TABLE t (a timestamptz DEFAULT now() + interval '24 hours', d jsonb, "
        "CONSTRAINT ck CHECK (NOT jsonb_path_exists(d, '$.* ? (@.type() <> \"string\")')), "
        "CONSTRAINT ck2 CHECK (a > '2020-1-1'), PRIMARY KEY (a), UNIQUE (a)); "
        "CREATE INDEX ix ON t (d) WHERE a < '2030-1-1'"_s);
    row("long names", pg,
        u"CREATE TABLE a_table_with_a_rather_long_name_for_a_table "
        u"(a_column_with_a_long_name_as_well integer, "
        "b integer, UNIQUE (a_column_with_a_long_name_as_well, b), CHECK (a_column_with_a_long_name_as_well > 0))"_s);
    row("comments", pg,
        u"CREATE TABLE t (a integer); COMMENT ON TABLE t IS 'it''s'; "
        "COMMENT ON COLUMN t.a IS 'x'"_s);
    row("altered", pg,
        u"CREATE TABLE t (a integer, b varchar(10), c text); ALTER TABLE t ALTER COLUMN a TYPE "
        u"bigint; "
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL; ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'; "
        "ALTER TABLE t RENAME COLUMN c TO d; ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) ; "
        "ALTER TABLE t ADD COLUMN e timestamptz NOT NULL DEFAULT now(); ALTER TABLE t RENAME TO "
        "t2; "
        "CREATE INDEX ix ON t2 (a); ALTER INDEX ix RENAME TO iy"_s);
    row("types in words", pg,
        u"CREATE TABLE t (a int4, b int8, c int2, d float8, e float4, f float, g float(10), h "
        u"bool, i timestamptz, "
        "j timetz, k varchar, l character varying(5), m char, n character(3), o bit varying(4), p "
        "decimal(5), "
        "q dec(5,1), r double precision, s timestamp(3) with time zone, u time(2), v interval, "
        "w interval hour to minute, x integer[], y text[][])"_s);

    row("server defaults", maria,
        u"CREATE TABLE t (a datetime DEFAULT now(), b timestamp NULL DEFAULT CURRENT_TIMESTAMP ON "
        u"UPDATE CURRENT_TIMESTAMP, "
        "c datetime(3) DEFAULT CURRENT_TIMESTAMP(3), d char(36) DEFAULT (uuid()), e bit(3) DEFAULT "
        "b'101', "
        "f enum('a','b') DEFAULT 'a', g decimal(10,2) DEFAULT '1.5', h datetime DEFAULT "
        "'2020-01-01 00:00:00', "
        "i tinyint(1) NOT NULL DEFAULT '0', j text DEFAULT 'x', k json DEFAULT '{\"a\": 1}', "
        "l datetime NULL ON UPDATE CURRENT_TIMESTAMP, m int DEFAULT (1 + 2), n date DEFAULT (curdate()))"_s);
    row("indexes", maria,
        u"CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(200), b text, KEY k (a)) "
        u"ENGINE=InnoDB; "
        "CREATE INDEX i1 ON t (a(10)); CREATE FULLTEXT INDEX i2 ON t (b); CREATE UNIQUE INDEX i3 "
        "ON t (a(5), id); "
        "CREATE INDEX i4 ON t (a DESC) USING BTREE"_s);
    row("types in words", maria,
        u"CREATE TABLE t (a int, b integer(5), c bigint unsigned, d bool, e boolean, f dec(5), g "
        u"numeric, h double precision, "
        "i float(10), j float(30), k char, l nchar(3), m varchar(5) CHARACTER SET latin1, n year, "
        "o tinyint, p bit, "
        "q set('x','y'), r mediumblob, s longtext, u json, v uuid, w int unsigned zerofill, x "
        "real, y fixed(4,1), "
        "z varchar(9) COLLATE utf8mb4_bin, aa blob(100), ab text(100), ac inet6, ad point)"_s);
    row("foreign key's index", maria,
        u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p_id int, q_id "
        u"int, "
        "FOREIGN KEY (p_id) REFERENCES p (id), CONSTRAINT fq FOREIGN KEY (q_id) REFERENCES p "
        "(id)); "
        "CREATE INDEX ix ON t (p_id)"_s);
    row("dropped foreign key", maria,
        u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p_id int, q_id "
        u"int, r_id int, KEY r (r_id), "
        "CONSTRAINT fp FOREIGN KEY (p_id) REFERENCES p (id), CONSTRAINT fr FOREIGN KEY (r_id) "
        "REFERENCES p (id), "
        "FOREIGN KEY (q_id) REFERENCES p (id)); ALTER TABLE t DROP FOREIGN KEY fp; ALTER TABLE t "
        "DROP FOREIGN KEY fr; "
        "ALTER TABLE t DROP FOREIGN KEY t_ibfk_1"_s);
    row("replaced foreign key", maria,
        u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p_id int, q_id "
        u"int, "
        "CONSTRAINT fp FOREIGN KEY (p_id) REFERENCES p (id), CONSTRAINT fq FOREIGN KEY (q_id) "
        "REFERENCES p (id)); "
        "ALTER TABLE t DROP FOREIGN KEY fp; ALTER TABLE t ADD CONSTRAINT fp2 FOREIGN KEY (p_id) "
        "REFERENCES p (id); "
        "ALTER TABLE t DROP FOREIGN KEY fq; CREATE INDEX iq ON t (q_id, id)"_s);
    row("column checks", maria,
        u"CREATE TABLE t (a int CHECK (a > 0), b json, c longtext CHECK (json_valid(c)), d int DEFAULT 3 CHECK (d in (1, 3)))"_s);
    row("generated", maria,
        u"CREATE TABLE t (a int, b int AS (a + 1), c int AS (a * 2) STORED, "
        "d varchar(20) AS (concat(a, 'x')) VIRTUAL)"_s);
    row("objects", maria,
        u"CREATE TABLE t (a int) COMMENT='it''s'; CREATE VIEW v AS SELECT a FROM t; "
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE SEQUENCE s"_s);
    row("altered", maria,
        u"CREATE TABLE t (a int, b varchar(10)); ALTER TABLE t MODIFY a bigint NOT NULL; "
        "ALTER TABLE t CHANGE b c varchar(20) DEFAULT 'x' COMMENT 'why'; ALTER TABLE t ADD COLUMN "
        "d int AFTER a; "
        "ALTER TABLE t ADD UNIQUE KEY u (c); ALTER TABLE t ADD CONSTRAINT ck CHECK (d > 0)"_s);
}

void tst_ServersCatalogue::textsCompareEqual()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    const lab::Database database(backend);
    const auto session = database.open();
    runAll(*session, sql);
    const Schema migrations = replayed(sql, session->backend());
    QCOMPARE(compared(migrations, *session).join(u'\n'), QString());
    QCOMPARE(compared(migrations, *session).join(u'\n'), QString());
}

void tst_ServersCatalogue::changesAreFound_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("change");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](Backend backend, const QString &change, const QStringList &expected) {
        QTest::addRow("%s: %s", backend == pg ? "pg" : "maria", qPrintable(change))
            << backend << change << expected;
    };
    const auto both = [&](const QString &change, const QStringList &expected) {
        row(pg, change, expected);
        row(maria, change, expected);
    };
    both(u"DROP TABLE c"_s, {u"table c."_s});
    both(u"CREATE TABLE n (a integer)"_s, {u"table n."_s});
    both(u"ALTER TABLE t ADD COLUMN x integer"_s, {u"column t.x"_s});
    both(u"ALTER TABLE t DROP COLUMN d"_s, {u"column t.d"_s});
    both(u"ALTER TABLE t ADD CONSTRAINT cx CHECK (a < 9)"_s, {u"check t.cx"_s});
    both(u"ALTER TABLE t ADD CONSTRAINT ux UNIQUE (d)"_s, {u"unique t.ux"_s});
    both(u"ALTER TABLE t DROP CONSTRAINT ck"_s, {u"check t.ck"_s});
    both(u"ALTER TABLE c ADD CONSTRAINT fx FOREIGN KEY (x) REFERENCES t (id)"_s,
         {u"foreign key c.fx"_s});
    both(u"CREATE INDEX ix ON t (d)"_s, {u"index t.ix"_s});
    both(u"ALTER TABLE t ALTER COLUMN a SET DEFAULT 7"_s, {u"column t.a default"_s});
    both(u"ALTER TABLE t ALTER COLUMN b DROP DEFAULT"_s, {u"column t.b default"_s});
    both(u"CREATE VIEW w AS SELECT a FROM t"_s, {u"object .w view"_s});
    both(u"DROP VIEW v"_s, {u"object .v view"_s});
    row(pg, u"ALTER TABLE t ALTER COLUMN a TYPE bigint"_s, {u"column t.a type"_s});
    row(pg, u"ALTER TABLE t ALTER COLUMN b TYPE varchar(21)"_s, {u"column t.b type"_s});
    row(pg, u"ALTER TABLE t ALTER COLUMN a SET NOT NULL"_s, {u"column t.a nullable"_s});
    row(pg, u"DROP INDEX ia"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ia; CREATE INDEX ia ON t (a DESC)"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ia; CREATE UNIQUE INDEX ia ON t (a)"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ia; CREATE INDEX ia ON t USING hash (a)"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ia; CREATE INDEX ia ON t (a) INCLUDE (b)"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ia; CREATE INDEX ia ON t (a) WHERE a > 1"_s, {u"index t.ia"_s});
    row(pg, u"DROP INDEX ib; CREATE INDEX ib ON t (upper(b))"_s, {u"index t.ib"_s});
    row(pg, u"ALTER TABLE t DROP CONSTRAINT ck; ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 1)"_s,
        {u"check t.ck"_s});
    row(pg,
        u"ALTER TABLE c DROP CONSTRAINT fk; ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES t (id)"_s,
        {u"foreign key c.fk"_s});
    row(pg, u"ALTER TABLE c DROP CONSTRAINT c_pkey"_s, {u"primary key c."_s});
    row(pg, u"COMMENT ON TABLE t IS 'new'"_s, {u"table t. comment"_s});
    row(pg, u"COMMENT ON COLUMN t.a IS 'new'"_s, {u"column t.a comment"_s});
    row(pg, u"CREATE SEQUENCE sq"_s, {u"object .sq sequence"_s});
    row(pg, u"CREATE FUNCTION fn() RETURNS integer LANGUAGE sql AS 'SELECT 1'"_s,
        {u"object .fn function"_s});
    row(pg, u"CREATE SCHEMA other; CREATE TABLE other.x (a integer)"_s,
        {u"object .other schema"_s});
    row(pg, u"CREATE SCHEMA empty"_s, {});
    row(pg, u"CREATE EXTENSION citext"_s, {});
    row(pg, u"CREATE TYPE unused AS ENUM ('a')"_s, {});
    row(pg, u"ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING btree (a WITH =)"_s,
        {u"check t.ex exclusion"_s});
    row(pg, u"ALTER TABLE c ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY"_s,
        {u"column c.id default"_s});
    row(pg,
        u"CREATE TABLE pa (a integer) PARTITION BY RANGE (a); CREATE TABLE pb PARTITION OF pa DEFAULT"_s,
        {u"table pa."_s});
    row(maria, u"ALTER TABLE t MODIFY a bigint DEFAULT 5"_s, {u"column t.a type"_s});
    row(maria, u"ALTER TABLE t MODIFY a integer unsigned DEFAULT 5"_s, {u"column t.a type"_s});
    row(maria, u"ALTER TABLE t MODIFY a integer NOT NULL DEFAULT 5"_s, {u"column t.a nullable"_s});
    row(maria, u"ALTER TABLE t MODIFY a integer DEFAULT 5 COMMENT 'new'"_s,
        {u"column t.a comment"_s});
    row(maria, u"DROP INDEX ia ON t"_s, {u"index t.ia"_s});
    row(maria, u"DROP INDEX ia ON t; CREATE INDEX ia ON t (a DESC)"_s, {u"index t.ia"_s});
    row(maria, u"DROP INDEX ib ON t; CREATE INDEX ib ON t (b(4))"_s, {u"index t.ib"_s});
    row(maria, u"DROP INDEX ib ON t; CREATE FULLTEXT INDEX ib ON t (b)"_s, {u"index t.ib"_s});
    row(maria, u"ALTER TABLE t DROP CONSTRAINT ck; ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 1)"_s,
        {u"check t.ck"_s});
    row(maria, u"ALTER TABLE c DROP FOREIGN KEY fk"_s, // the index that was made for it stays
        {u"foreign key c.fk"_s, u"index c.fk"_s});
    row(maria, u"ALTER TABLE c DROP PRIMARY KEY"_s, {u"primary key c."_s});
    row(maria, u"ALTER TABLE t COMMENT 'new'"_s, {u"table t. comment"_s});
    row(maria, u"CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"_s,
        {u"object .tr trigger"_s});
    row(maria, u"CREATE FUNCTION fn() RETURNS integer RETURN 1"_s, {u"object .fn function"_s});
}

void tst_ServersCatalogue::changesAreFound()
{
    QFETCH(Backend, backend);
    QFETCH(QString, change);
    QFETCH(QStringList, expected);
    const QString base =
        u"CREATE TABLE t (id integer NOT NULL, a integer DEFAULT 5, b varchar(20) DEFAULT 'x', d "
        u"integer, "
        "CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT ck CHECK (a > 0)); CREATE INDEX ia ON t (a); "
        "%1 "
        "CREATE TABLE c (id integer PRIMARY KEY, t_id integer, x integer, "
        "CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE); "
        "CREATE VIEW v AS SELECT 1 AS one"_s.arg(
            backend == pg ? u"CREATE INDEX ib ON t (lower(b));"_s : u"CREATE INDEX ib ON t (b);"_s);
    const lab::Database database(backend);
    const auto session = database.open();
    runAll(*session, base);
    const Schema migrations = replayed(base, session->backend());
    QCOMPARE(compared(migrations, *session).join(u'\n'), QString());
    runAll(*session, change);
    QStringList found;
    for (const QString &text : compared(migrations, *session))
        found.append(text.section(u':', 0, 0).trimmed());
    QCOMPARE(found.join(u'\n'), expected.join(u'\n'));
}
