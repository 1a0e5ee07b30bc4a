#include "tests/diff/tst_compare.h"

#include "core/diff/renames.h"
#include "core/sqlread/rawsql.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

Schema schemaOf(const QString &sql, Backend backend = Backend::Sqlite)
{
    Schema schema;
    rawSqlReader(backend).apply(sql, schema);
    return schema;
}

/// "column t.a type drift", one per difference.
QStringList described(const QList<Difference> &differences)
{
    QStringList texts;
    for (const Difference &d : differences) {
        QStringList words{differenceKindName(d.kind)};
        const QString name = d.table.text() + (d.name.isEmpty() ? QString() : u"."_s + d.name);
        words += {name, d.aspect, verdictText(d.verdict)};
        words.removeAll(QString());
        texts.append(words.join(u' '));
    }
    return texts;
}

QStringList comparedPair(const QString &migrations, const QString &database,
                         Backend backend = Backend::Sqlite)
{
    const Schema a = schemaOf(migrations, backend);
    const Schema b = schemaOf(database, backend);
    return described(compare({.backend = backend, .migrations = &a, .database = &b}));
}

} // namespace

void tst_Compare::renames_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &from, const QString &to,
                        const QString &expected) { QTest::newRow(name) << from << to << expected; };
    const auto columns = [&](const char *name, const QString &from, const QString &to,
                             const QString &expected) {
        row(name, u"CREATE TABLE t (id int PRIMARY KEY, %1)"_s.arg(from),
            u"CREATE TABLE t (id int PRIMARY KEY, %1)"_s.arg(to), expected);
    };
    columns("the only ones", u"a text"_s, u"zzz text"_s, u"t.a=t.zzz"_s);
    columns("another type", u"a text"_s, u"zzz int"_s, {});
    columns("another nullability", u"a text"_s, u"zzz text NOT NULL"_s, {});
    columns("another default", u"a int DEFAULT 1"_s, u"b int DEFAULT 2"_s, {});
    columns("the likelier of two", u"name text, x int"_s, u"note text, full_name text, x int"_s,
            u"t.name=t.full_name"_s);
    columns("two, each its own", u"email text, phone text"_s, u"phone_no text, e_mail text"_s,
            u"t.email=t.e_mail t.phone=t.phone_no"_s);
    columns("in the same place", u"a text, b int, c text"_s, u"x text, b int, d int"_s,
            u"t.a=t.x"_s);
    columns("nothing alike", u"a text, b int, c text"_s, u"b int, x text, y int, z text"_s, {});
    row("the key is not the other column", u"CREATE TABLE t (a int PRIMARY KEY, c int NOT NULL)"_s,
        u"CREATE TABLE t (b int NOT NULL, c int PRIMARY KEY)"_s, {});
    row("a table with its columns", u"CREATE TABLE users (id int, name text, age int)"_s,
        u"CREATE TABLE people (id int, name text, age int)"_s, u"users=people"_s);
    row("a table with one more, alike", u"CREATE TABLE member (id int, name text)"_s,
        u"CREATE TABLE members (id int, name text, age int)"_s, u"member=members"_s);
    row("other tables", u"CREATE TABLE users (id int, name text)"_s,
        u"CREATE TABLE orders (id int, total int)"_s, {});
    row("small tables", u"CREATE TABLE a (id int)"_s, u"CREATE TABLE zzz (id int)"_s, {});
}

void tst_Compare::renames()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    const Schema a = schemaOf(from, Backend::PostgreSql);
    const Schema b = schemaOf(to, Backend::PostgreSql);
    QList<Difference> differences =
        compare({.backend = Backend::PostgreSql, .migrations = &a, .database = &b});
    const QList<Rename> found =
        renameCandidates(differences, {.from = a, .to = b}, Backend::PostgreSql);
    QStringList texts;
    for (const Rename &rename : found)
        texts.append(rename.text());
    QTEST(texts.join(u' '), "expected");
    askAboutRenames(differences, found);
    QCOMPARE(std::ranges::count_if(
                 differences, [](const Difference &d) { return d.explanation.contains(u'?'); }),
             found.size() * 2);
}

void tst_Compare::verdicts_data()
{
    QTest::addColumn<QString>("models"); // "-": that side is not there
    QTest::addColumn<QString>("migrations");
    QTest::addColumn<QString>("atDatabase");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QString &models, const QString &migrations,
                        const QString &atDatabase, const QString &database,
                        const QStringList &expected) {
        QTest::newRow(name) << models << migrations << atDatabase << database << expected;
    };
    const QString a = u"CREATE TABLE t (a VARCHAR(10));"_s;
    const QString a20 = u"CREATE TABLE t (a VARCHAR(20));"_s;
    const QString a30 = u"CREATE TABLE t (a VARCHAR(30));"_s;
    const QString ab = u"CREATE TABLE t (a VARCHAR(10), b INT);"_s;
    const QString none;
    const QString no = u"-"_s;

    row("all agree", a, a, a, a, {});
    row("all empty", none, none, none, none, {});
    row("pending: table not there", a, a, none, none, {u"table t pending"_s});
    row("pending: column not there", ab, ab, a, a, {u"column t.b pending"_s});
    row("pending: older type", a20, a20, a, a, {u"column t.a type pending"_s});
    row("pending: to be dropped", a, a, ab, ab, {u"column t.b pending"_s});
    row("needs a revision: table", a, none, none, none, {u"table t needs a revision"_s});
    row("needs a revision: column", ab, a, a, a, {u"column t.b needs a revision"_s});
    row("needs a revision: type", a20, a, a, a, {u"column t.a type needs a revision"_s});
    row("drift: table", none, none, none, a, {u"table t drift"_s});
    row("drift: column", a, a, a, ab, {u"column t.b drift"_s});
    row("drift: type", a, a, a, a20, {u"column t.a type drift"_s});
    row("drift: dropped by hand", ab, ab, ab, a, {u"column t.b drift"_s});
    row("drift: table dropped by hand", a, a, a, none, {u"table t drift"_s});
    row("removal: table", none, a, a, a, {u"table t needs a removal"_s});
    row("removal: column", a, ab, ab, ab, {u"column t.b needs a removal"_s});
    row("adoptable: column", ab, a, a, ab, {u"column t.b adoptable drift"_s});
    row("adoptable: table", a, none, none, a, {u"table t adoptable drift"_s});
    row("adoptable: type", a20, a, a, a20, {u"column t.a type adoptable drift"_s});
    row("adoptable: dropped by hand", a, ab, ab, a, {u"column t.b adoptable drift"_s});
    row("conflict", a, a20, a20, a30, {u"column t.a type conflict"_s});
    row("behind, and the models are further on", a30, a20, a, a,
        {u"column t.a type needs a revision"_s});
    row("behind, and the models dropped it", none, a, none, none, {u"table t needs a removal"_s});
    row("applied by hand before its revision", ab, ab, a, ab, {});
    row("made by create_all, not stamped", ab, ab, none, ab, {});
    row("no models: pending", no, ab, a, a, {u"column t.b pending"_s});
    row("no models: drift", no, a, a, ab, {u"column t.b drift"_s});
    row("no models: equal", no, a, a, a, {});
    row("no database: models changed", ab, a, no, no, {u"column t.b needs a revision"_s});
    row("no database: models dropped", a, ab, no, no, {u"column t.b needs a removal"_s});
    row("no position given: at head", a, a, no, ab, {u"column t.b drift"_s});
    row("no migrations", ab, no, no, a, {u"column t.b needs a revision"_s});
    row("no migrations: drift", a, no, no, ab, {u"column t.b drift"_s});
    row("models alone", a, no, no, no, {});
    row("table pending, its column changed in the models", a20, a, none, none,
        {u"table t pending"_s, u"column t.a type needs a revision"_s});
    row("views are no matter of the models", a, a, a, a + u"CREATE VIEW v AS SELECT 1"_s,
        {u"object .v view drift"_s});
    row("view pending", a, a + u"CREATE VIEW v AS SELECT 1"_s, a, a, {u"object .v view pending"_s});
    row("view changed by hand", a, a + u"CREATE VIEW v AS SELECT 1"_s,
        a + u"CREATE VIEW v AS SELECT 1"_s, a + u"CREATE VIEW v AS SELECT 2"_s,
        {u"object .v view drift"_s});
}

void tst_Compare::verdicts()
{
    QFETCH(QString, models);
    QFETCH(QString, migrations);
    QFETCH(QString, atDatabase);
    QFETCH(QString, database);
    QFETCH(QStringList, expected);
    const QString texts[] = {models, migrations, atDatabase, database};
    Schema schemas[4];
    const Schema *sides[4] = {};
    for (int i = 0; i < 4; ++i) {
        schemas[i] = schemaOf(texts[i]);
        sides[i] = texts[i] == u"-" ? nullptr : &schemas[i];
    }
    const QList<Difference> found = compare({.models = sides[0],
                                             .migrations = sides[1],
                                             .database = sides[3],
                                             .migrationsAtDatabase = sides[2]});
    QCOMPARE(described(found), expected);
    for (const Difference &difference : found) {
        QVERIFY(!difference.explanation.isEmpty());
        QCOMPARE(difference.inModels, !difference.models.isEmpty());
        QCOMPARE(difference.inMigrations, !difference.migrations.isEmpty());
        QCOMPARE(difference.inDatabase, !difference.database.isEmpty());
    }
}

void tst_Compare::equal_data()
{
    QTest::addColumn<QString>("migrations");
    QTest::addColumn<QString>("database");
    const auto column = [](const QString &a, const QString &b) {
        QTest::newRow(qPrintable(a + u" / "_s + b)) << u"CREATE TABLE t (id INT, c %1)"_s.arg(a)
                                                    << u"CREATE TABLE t (id INT, c %1)"_s.arg(b);
    };
    const auto table = [](const QString &a, const QString &b) {
        QTest::newRow(qPrintable(a.left(60) + u" / "_s + b.left(60)))
            << u"CREATE TABLE t (%1)"_s.arg(a) << u"CREATE TABLE t (%1)"_s.arg(b);
    };
    column(u"INT"_s, u"INTEGER"_s);
    column(u"varchar(20)"_s, u"VARCHAR ( 20 )"_s);
    column(u"VARCHAR(20)"_s, u"VARCHAR"_s);
    column(u"NUMERIC(10, 2)"_s, u"DECIMAL(10,2)"_s);
    column(u"NUMERIC"_s, u"NUMERIC(10, 2)"_s);
    column(u"BOOL"_s, u"BOOLEAN"_s);
    column(u"DOUBLE"_s, u"DOUBLE PRECISION"_s);
    column(u"TEXT"_s, u""_s);
    column(u"TEXT DEFAULT 'x'"_s, u"TEXT DEFAULT ('x')"_s);
    column(u"TEXT DEFAULT 'x'"_s, u"TEXT DEFAULT \"x\""_s);
    column(u"INT DEFAULT 0"_s, u"INT DEFAULT '0'"_s);
    column(u"INT DEFAULT (-1)"_s, u"INT DEFAULT -1"_s);
    column(u"INT DEFAULT +1"_s, u"INT DEFAULT 1"_s);
    column(u"BOOLEAN DEFAULT 1"_s, u"BOOLEAN DEFAULT true"_s);
    column(u"DATETIME DEFAULT CURRENT_TIMESTAMP"_s, u"DATETIME DEFAULT (current_timestamp)"_s);
    column(u"INT"_s, u"INT DEFAULT NULL"_s);
    column(u"INT NULL"_s, u"INT"_s);
    column(u"INT CHECK (c>0)"_s, u"INT CHECK ( C > 0 )"_s);
    column(u"INT CHECK ((c <> 0))"_s, u"INT CHECK (t.c != 0)"_s);
    column(u"TEXT COLLATE NOCASE"_s, u"TEXT COLLATE nocase"_s);
    column(u"INT GENERATED ALWAYS AS (id + 1) VIRTUAL"_s, u"INT AS (id+1)"_s);
    column(u"INT CONSTRAINT x NOT NULL"_s, u"INT NOT NULL ON CONFLICT ABORT"_s);
    table(u"id INTEGER PRIMARY KEY"_s, u"id INTEGER NOT NULL, PRIMARY KEY (id)"_s);
    table(u"id INTEGER PRIMARY KEY AUTOINCREMENT"_s, u"id INTEGER NOT NULL PRIMARY KEY"_s);
    table(u"a TEXT UNIQUE"_s, u"a TEXT, UNIQUE (a)"_s);
    table(u"a TEXT, CONSTRAINT uq UNIQUE (a)"_s, u"a TEXT UNIQUE"_s);
    table(u"a INT, b INT, UNIQUE (a, b)"_s, u"a INT, b INT, UNIQUE (b, a)"_s);
    table(u"a INT CHECK (a > 1)"_s, u"a INT, CHECK (a > 1)"_s);
    table(u"a INT, CONSTRAINT ck CHECK (a > 1)"_s, u"a INT, CHECK (a > 1)"_s);
    table(u"a INT, CONSTRAINT pk PRIMARY KEY (a)"_s,
          u"a INT NOT NULL, CONSTRAINT other PRIMARY KEY (a)"_s);
    table(u"a INT REFERENCES p (id)"_s,
          u"a INT, CONSTRAINT fk FOREIGN KEY (A) REFERENCES P (ID) ON DELETE NO ACTION"_s);
    table(u"a INT REFERENCES t (a)"_s, u"a INT REFERENCES t (a) NOT DEFERRABLE"_s);
    table(u"a INT PRIMARY KEY NOT NULL, b INT REFERENCES t"_s,
          u"a INT PRIMARY KEY NOT NULL, b INT REFERENCES t (a)"_s);
    table(u"A INT, \"b\" TEXT"_s, u"a INT, B TEXT"_s);
    table(u"a INT, b INT"_s, u"b INT, a INT"_s);
    QTest::newRow("indexes")
        << u"CREATE TABLE t (a, b); CREATE INDEX i ON t (a, b DESC) WHERE a > 0"_s
        << u"CREATE TABLE T (a, b); CREATE INDEX IF NOT EXISTS main.I ON T (\"a\" ASC, b desc) where (A>0)"_s;
    QTest::newRow("index expression") << u"CREATE TABLE t (a); CREATE INDEX i ON t (lower(a))"_s
                                      << u"CREATE TABLE t (a); CREATE INDEX i ON t (LOWER( a ))"_s;
    QTest::newRow("views, triggers")
        << u"CREATE VIEW IF NOT EXISTS v AS SELECT 1; CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"_s
        << u"create view V as select /* one */ 1; CREATE TRIGGER main.g AFTER INSERT ON t BEGIN select 1; end"_s;
    QTest::newRow("temporary tables") << u"CREATE TEMP TABLE x (a)"_s << u""_s;
}

void tst_Compare::equal()
{
    QFETCH(QString, migrations);
    QFETCH(QString, database);
    QCOMPARE(comparedPair(migrations, database), QStringList());
    QCOMPARE(comparedPair(database, migrations), QStringList());
}

void tst_Compare::different_data()
{
    QTest::addColumn<QString>("migrations");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QStringList>("expected");
    const auto column = [](const QString &a, const QString &b, const QString &aspect) {
        QTest::newRow(qPrintable(a + u" / "_s + b))
            << u"CREATE TABLE t (id INT, c %1)"_s.arg(a)
            << u"CREATE TABLE t (id INT, c %1)"_s.arg(b)
            << QStringList{u"column t.c %1 drift"_s.arg(aspect)};
    };
    const auto table = [](const QString &a, const QString &b, const QStringList &expected) {
        QTest::newRow(qPrintable(a.left(60) + u" / "_s + b.left(60)))
            << u"CREATE TABLE t (%1)"_s.arg(a) << u"CREATE TABLE t (%1)"_s.arg(b) << expected;
    };
    column(u"VARCHAR(20)"_s, u"VARCHAR(30)"_s, u"type"_s);
    column(u"VARCHAR(20)"_s, u"TEXT"_s, u"type"_s);
    column(u"INTEGER"_s, u"BOOLEAN"_s, u"type"_s);
    column(u"BIGINT"_s, u"INTEGER"_s, u"type"_s);
    column(u"TEXT"_s, u"TEXT COLLATE NOCASE"_s, u"type"_s);
    column(u"INT"_s, u"INT NOT NULL"_s, u"nullable"_s);
    column(u"INT DEFAULT 1"_s, u"INT DEFAULT 2"_s, u"default"_s);
    column(u"INT"_s, u"INT DEFAULT 0"_s, u"default"_s);
    column(u"TEXT DEFAULT ''"_s, u"TEXT"_s, u"default"_s);
    column(u"TEXT DEFAULT 'CURRENT_TIMESTAMP'"_s, u"TEXT DEFAULT CURRENT_TIMESTAMP"_s,
           u"default"_s);
    column(u"TEXT DEFAULT 'a b'"_s, u"TEXT DEFAULT 'a  b'"_s, u"default"_s);
    column(u"INT AS (id + 1)"_s, u"INT AS (id + 1) STORED"_s, u"default"_s);
    table(u"a TEXT, PRIMARY KEY (a)"_s, u"a TEXT"_s, {u"primary key t drift"_s});
    table(u"a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b)"_s,
          u"a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a)"_s, {u"primary key t drift"_s});
    table(u"a INT, UNIQUE (a)"_s, u"a INT"_s, {u"unique t drift"_s});
    table(u"a INT, CONSTRAINT x UNIQUE (a)"_s, u"a INT, CONSTRAINT y UNIQUE (a)"_s,
          {u"unique t.x drift"_s});
    table(u"a INT, CONSTRAINT x CHECK (a > 1)"_s, u"a INT, CONSTRAINT x CHECK (a > 2)"_s,
          {u"check t.x drift"_s});
    table(u"a INT, CHECK (a > 1)"_s, u"a INT"_s, {u"check t drift"_s});
    table(u"a TEXT, CHECK (a <> 'X')"_s, u"a TEXT, CHECK (a <> 'x')"_s,
          {u"check t drift"_s, u"check t drift"_s});
    table(u"a INT REFERENCES p (id)"_s, u"a INT"_s, {u"foreign key t drift"_s});
    table(u"a INT REFERENCES p (id)"_s, u"a INT REFERENCES p (id) ON DELETE CASCADE"_s,
          {u"foreign key t drift"_s});
    table(u"a INT REFERENCES p (id)"_s, u"a INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED"_s,
          {u"foreign key t drift"_s});
    table(u"a INT REFERENCES p (id)"_s, u"a INT REFERENCES q (id)"_s,
          {u"foreign key t drift"_s, u"foreign key t drift"_s});
    const QString t = u"CREATE TABLE t (a, b);"_s;
    QTest::newRow("index order") << t + u"CREATE INDEX i ON t (a, b)"_s
                                 << t + u"CREATE INDEX i ON t (b, a)"_s
                                 << QStringList{u"index t.i drift"_s};
    QTest::newRow("index unique") << t + u"CREATE INDEX i ON t (a)"_s
                                  << t + u"CREATE UNIQUE INDEX i ON t (a)"_s
                                  << QStringList{u"index t.i drift"_s};
    QTest::newRow("index condition")
        << t + u"CREATE INDEX i ON t (a)"_s << t + u"CREATE INDEX i ON t (a) WHERE b"_s
        << QStringList{u"index t.i drift"_s};
    QTest::newRow("index missing")
        << t + u"CREATE INDEX i ON t (a)"_s << t << QStringList{u"index t.i drift"_s};
    QTest::newRow("unique index is no constraint")
        << u"CREATE TABLE t (a UNIQUE)"_s << u"CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)"_s
        << QStringList{u"unique t drift"_s, u"index t.i drift"_s};
    QTest::newRow("trigger") << t + u"CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"_s
                             << t + u"CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END"_s
                             << QStringList{u"object .g trigger drift"_s};
}

void tst_Compare::different()
{
    QFETCH(QString, migrations);
    QFETCH(QString, database);
    QFETCH(QStringList, expected);
    QCOMPARE(comparedPair(migrations, database), expected);
}

void tst_Compare::postgreSql_data()
{
    QTest::addColumn<QString>("migrations");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const QString &a, const QString &b, const QStringList &expected = {}) {
        QTest::newRow(qPrintable(a.left(60) + u" / "_s + b.left(60)))
            << u"CREATE TABLE t (%1)"_s.arg(a) << u"CREATE TABLE t (%1)"_s.arg(b) << expected;
    };
    row(u"a varchar(20) DEFAULT 'x'"_s, u"a varchar(20) DEFAULT 'x'::character varying"_s);
    row(u"a int DEFAULT nextval('s')"_s, u"a integer"_s);
    row(u"a float"_s, u"a double precision"_s);
    row(u"a timestamp with time zone"_s, u"a timestamp without time zone"_s,
        {u"column t.a type drift"_s});
    row(u"a timestamp DEFAULT CURRENT_TIMESTAMP"_s, u"a timestamp DEFAULT now()"_s);
    row(u"a int, CHECK (a > 5)"_s, u"a int, CONSTRAINT t_a_check CHECK ((a > 5))"_s);
    row(u"a int, CONSTRAINT c CHECK (a > 5)"_s, u"a int, CONSTRAINT c CHECK ((a >= 6))"_s,
        {u"check t.c drift"_s});
    row(u"a int, b varchar(9), CONSTRAINT c CHECK (a BETWEEN 1 AND 5 AND b IN ('x', 'y'))"_s,
        u"a int, b varchar(9), CONSTRAINT c CHECK ((((a >= 1) AND (a <= 5)) AND ((b)::text = ANY "
        "((ARRAY['x'::character varying, 'y'::character varying])::text[]))))"_s);
    row(u"a int, CONSTRAINT c CHECK (a > 5)"_s, u"a int"_s, {u"check t.c drift"_s});
    row(u"a int UNIQUE"_s, u"a int, CONSTRAINT t_a_key UNIQUE (a)"_s);
    row(u"a int, CONSTRAINT u UNIQUE (a)"_s, u"a int, CONSTRAINT v UNIQUE (a)"_s,
        {u"unique t.u drift"_s});
    row(u"a int PRIMARY KEY"_s, u"a int NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a)"_s);
    row(u"a int, \"A\" int"_s, u"a int"_s, {u"column t.A drift"_s});
    QTest::newRow("comments")
        << u"CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'"_s
        << u"CREATE TABLE public.t (a int); COMMENT ON COLUMN t.a IS 'z'"_s
        << QStringList{u"table t comment drift"_s, u"column t.a comment drift"_s};
    QTest::newRow("enum labels") << u"CREATE TYPE e AS ENUM ('a', 'b')"_s
                                 << u"CREATE TYPE e AS ENUM ('a')"_s
                                 << QStringList{u"object .e enum drift"_s};
}

void tst_Compare::postgreSql()
{
    QFETCH(QString, migrations);
    QFETCH(QString, database);
    QFETCH(QStringList, expected);
    QCOMPARE(comparedPair(migrations, database, Backend::PostgreSql), expected);
}

void tst_Compare::mySql_data()
{
    QTest::addColumn<QString>("migrations");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const QString &a, const QString &b, const QStringList &expected = {}) {
        QTest::newRow(qPrintable(a.left(60) + u" / "_s + b.left(60)))
            << u"CREATE TABLE t (%1)"_s.arg(a) << u"CREATE TABLE t (%1)"_s.arg(b) << expected;
    };
    row(u"a BOOL"_s, u"a tinyint(1)"_s);
    row(u"a INTEGER"_s, u"a int unsigned"_s, {u"column t.a type drift"_s});
    row(u"a DATETIME"_s, u"a datetime(6)"_s);
    row(u"a ENUM('x','y')"_s, u"a enum('y','x')"_s);
    row(u"a ENUM('x','y')"_s, u"a enum('y')"_s, {u"column t.a type drift"_s});
    row(u"a VARCHAR(9)"_s, u"a varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"_s);
    row(u"a TIMESTAMP DEFAULT CURRENT_TIMESTAMP"_s, u"a timestamp DEFAULT current_timestamp()"_s);
    row(u"a INT, UNIQUE KEY u (a)"_s, u"a INT UNIQUE"_s);
    row(u"a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT"_s,
        u"a INT, KEY fk (a), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)"_s);
    row(u"a INT, CHECK (a > 5)"_s, u"a INT, CONSTRAINT CONSTRAINT_1 CHECK (`a` > 5)"_s);
}

void tst_Compare::mySql()
{
    QFETCH(QString, migrations);
    QFETCH(QString, database);
    QFETCH(QStringList, expected);
    QCOMPARE(comparedPair(migrations, database, Backend::MySql), expected);
    QCOMPARE(comparedPair(migrations, database, Backend::MariaDb), expected);
}

void tst_Compare::switchedOff()
{
    const Schema a = schemaOf(u"CREATE TABLE t (a INT DEFAULT 1 NOT NULL)"_s);
    const Schema b = schemaOf(u"CREATE TABLE t (a TEXT DEFAULT 2)"_s);
    ComparisonInput input{.migrations = &a, .database = &b};
    QCOMPARE(compare(input).size(), 3);
    input.compareType = false;
    QCOMPARE(compare(input).size(), 2);
    input.compareServerDefault = false;
    QCOMPARE(described(compare(input)), QStringList{u"column t.a nullable drift"_s});
}

void tst_Compare::texts()
{
    const Schema models =
        schemaOf(u"CREATE TABLE t (a VARCHAR(20) DEFAULT 'it''s' NOT NULL, b INT, UNIQUE (a, b));"
                 "CREATE UNIQUE INDEX i ON t (a, b DESC) WHERE b > 1"_s);
    const Schema migrations =
        schemaOf(u"CREATE TABLE t (b INT REFERENCES p (id) ON DELETE CASCADE)"_s);
    const QList<Difference> found = compare({.models = &models, .migrations = &migrations});
    QCOMPARE(found.size(), 4);
    QCOMPARE(found[0].models, u"VARCHAR(20) NOT NULL DEFAULT 'it''s'"_s);
    QVERIFY(!found[0].inMigrations);
    QCOMPARE(found[1].models, u"(a, b)"_s);
    QCOMPARE(found[2].migrations, u"(b) REFERENCES p (id) ON DELETE CASCADE"_s);
    QCOMPARE(found[2].explanation, u"the models no longer have it"_s);
    QCOMPARE(found[3].models, u"UNIQUE (a, b DESC) WHERE b > 1"_s);
    QCOMPARE(found[3].explanation, u"new in the models"_s);
}

void tst_Compare::uncertainty()
{
    Schema migrations = schemaOf(u"CREATE TABLE t (a INT); ALTER TABLE t FROBNICATE"_s);
    const Schema database = schemaOf(u"CREATE TABLE t (a INT, b INT); CREATE TABLE u (a INT)"_s);
    QList<Difference> found = compare({.migrations = &migrations, .database = &database});
    QCOMPARE(found.size(), 2);
    QVERIFY(found[0].uncertain);
    QVERIFY(!found[1].uncertain);
    migrations.opaqueReasons.append(u"line 3: DO"_s);
    found = compare({.migrations = &migrations, .database = &database});
    QVERIFY(found[1].uncertain);
    // Nothing is known of the inside of a table that a query made.
    const Schema made = schemaOf(u"CREATE TABLE u AS SELECT 1"_s);
    const Schema real = schemaOf(u"CREATE TABLE u (a INT)"_s);
    QCOMPARE(compare({.migrations = &made, .database = &real}), QList<Difference>());
}

void tst_Compare::order()
{
    const Schema none;
    const Schema many = schemaOf(
        u"CREATE TABLE b (x); CREATE TABLE a (x); CREATE VIEW v AS SELECT 1; CREATE TABLE c (x)"_s);
    const QList<Difference> found = compare({.migrations = &none, .database = &many});
    QCOMPARE(described(found), (QStringList{u"object .v view drift"_s, u"table a drift"_s,
                                            u"table b drift"_s, u"table c drift"_s}));
    QCOMPARE(compare({.migrations = &none, .database = &many}), found);
}
