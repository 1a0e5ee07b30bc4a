#include "tst_emptytables.h"

#include "market.h"

#include "core/ops/knownrows.h"

#include <QTest>

using namespace tribikos;

namespace {

/// users and orders, made by the script of a new database.
Schema newMarket()
{
    Schema schema;
    schema.startsEmpty = true;
    replay(market(), schema);
    return schema;
}

QString emptyTables(const Schema &schema)
{
    QStringList names;
    for (const Table &table : schema.tables)
        if (table.isEmpty)
            names.append(table.name.name);
    return names.join(u' ');
}

} // namespace

/// What the user says of empty tables is believed until the script itself fills one, by whatever name.
void tst_EmptyTables::assumedEmptyTables()
{
    const LenientReader reader;
    const auto filled = [&reader](const QString &sql) {
        Schema schema;
        schema.assumedEmpty = {u"*"_s};
        replay(Operation{Execute{textExpr(sql)}}, schema, &reader);
        QStringList names(schema.filled.cbegin(), schema.filled.cend());
        names.sort();
        return names.join(u' ');
    };
    QCOMPARE(filled(u"UPDATE a SET x = 1"_s), QString());
    QCOMPARE(filled(u"INSERT INTO a VALUES (1)"_s), u"a"_s);
    QCOMPARE(filled(u"INSERT INTO a SELECT x FROM b"_s), QString()); // b has none
    QCOMPARE(filled(u"INSERT INTO a SELECT 1"_s), u"a"_s);
    QCOMPARE(filled(u"WITH x AS (INSERT INTO a SELECT 1 RETURNING y) SELECT y FROM x"_s), u"a"_s);
    QCOMPARE(filled(u"CREATE TABLE a AS SELECT 1"_s), u"a"_s);
    QCOMPARE(filled(u"COPY s.a FROM 'x'"_s), u"a"_s);
    QCOMPARE(filled(u"DO $$ BEGIN INSERT INTO a VALUES (1); END $$"_s), u"a"_s);
    QCOMPARE(filled(u"INSERT INTO a VALUES (1); ALTER TABLE a RENAME TO b"_s), u"a b"_s);
    Schema triggered;
    triggered.assumedEmpty = {u"*"_s, u"a.*"_s, u"b"_s};
    triggered.writesSpread = true;
    replay(Operation{Execute{textExpr(u"INSERT INTO c VALUES (1)"_s)}}, triggered, &reader);
    QCOMPARE(triggered.assumedEmpty, QStringList{u"b"_s});
    Schema renamed;
    renamed.assumedEmpty = {u"*"_s};
    replay({{BulkInsert{.table = {.name = u"A"_s}, .rows = {{}}}},
            {RenameTable{{{}, u"A"_s}, u"C"_s}}},
           renamed);
    QCOMPARE(renamed.filled, (QSet<QString>{u"a"_s, u"c"_s}));
}

/// Which of users and orders are known to be empty after a text.
void tst_EmptyTables::whatFillsTables_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("empty");

    const QString both = u"orders users"_s;
    const auto row = [](const QString &sql, const QString &empty) {
        QTest::newRow(qPrintable(sql.left(60))) << sql << empty;
    };
    row(u"ALTER TABLE users ADD COLUMN x int"_s, both);
    row(u"CREATE INDEX i ON users (lower(email))"_s, both);
    row(u"COMMENT ON TABLE users IS 'INSERT INTO users'"_s, both);
    row(u"INSERT INTO users VALUES (1)"_s, u"orders"_s);
    row(u"insert into \"users\" select 1"_s, u"orders"_s);
    row(u"INSERT INTO elsewhere VALUES (1)"_s, {});
    row(u"INSERT INTO users SELECT id FROM orders"_s, both);
    row(u"INSERT INTO users SELECT count(*) FROM orders"_s, u"orders"_s);
    row(u"INSERT INTO users SELECT o.id FROM orders o LEFT JOIN x ON x.a = o.id"_s, both);
    row(u"INSERT INTO users SELECT x.id FROM x LEFT JOIN orders o ON x.a = o.id"_s, u"orders"_s);
    row(u"INSERT INTO users SELECT x.id FROM x JOIN orders o ON x.a = o.id"_s, both);
    row(u"INSERT INTO users SELECT id FROM orders UNION SELECT 1"_s, u"orders"_s);
    row(u"UPDATE users SET id = 1"_s, both);
    row(u"DELETE FROM users"_s, both);
    row(u"COPY users FROM STDIN"_s, u"orders"_s);
    row(u"WITH x AS (SELECT 1) INSERT INTO users SELECT * FROM x"_s, u"orders"_s);
    row(u"WITH x AS (SELECT id FROM orders) UPDATE users SET id = x.id FROM x"_s, both);
    row(u"SELECT setval('s', 1)"_s, both);
    row(u"SELECT fill_everything()"_s, {});
    row(u"CALL fill()"_s, {});
    row(u"DO $$ BEGIN CREATE TYPE k AS ENUM ('insert'); END $$"_s, both);
    row(u"DO $$ BEGIN INSERT INTO users VALUES (1); END $$"_s, {});
    row(u"CREATE TABLE copied AS SELECT 1"_s, both);
    row(u"CREATE TABLE part PARTITION OF users DEFAULT"_s, {});
    row(u"ALTER TABLE users ATTACH PARTITION p DEFAULT"_s, {});
    row(u"ALTER TABLE users RENAME TO somewhere"_s, {}); // which wasn't followed
    row(u"ALTER TABLE users RENAME COLUMN a TO b"_s, both);
    row(u"ALTER TABLE users RENAME a TO b"_s, both);
    row(u"CREATE TRIGGER t AFTER INSERT ON users EXECUTE FUNCTION f(); "
        "INSERT INTO users VALUES (1)"_s,
        {});
    row(u"CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN INSERT INTO orders VALUES (1); END $$; "
        "INSERT INTO users VALUES (1)"_s,
        {});
    row(u"CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; "
        "INSERT INTO users VALUES (1)"_s,
        u"orders"_s);
    row(u"CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION f()"_s, {});
}

void tst_EmptyTables::whatFillsTables()
{
    QFETCH(QString, sql);
    const LenientReader reader;
    Schema schema = newMarket();
    QCOMPARE(emptyTables(schema), u"orders users"_s);
    replay({Execute{.statement = textExpr(sql)}}, schema, &reader);
    QTEST(emptyTables(schema), "empty");
    Schema older; // of a database that isn't new nothing is known
    replay(market(), older);
    replay({Execute{.statement = textExpr(sql)}}, older, &reader);
    QCOMPARE(emptyTables(older), QString());
}

/// What a text gives when users and orders are empty: "none", the cells of one row, or "?".
void tst_EmptyTables::knownRowsOfTexts_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("rows");

    const auto row = [](const QString &sql, const QString &rows) {
        QTest::newRow(qPrintable(sql.left(60))) << sql << rows;
    };
    row(u"SELECT id, lower(email) AS e FROM users WHERE id > :x ORDER BY 1;"_s, u"none"_s);
    row(u"select * from Users u, elsewhere"_s, u"none"_s);
    row(u"SELECT * FROM elsewhere"_s, u"?"_s);
    row(u"SELECT 1"_s, u"?"_s);
    row(u"SELECT count(*) FROM users"_s, u"count=0"_s);
    row(u"SELECT COUNT(id) AS n, max(id), coalesce(min(id), 7) m FROM users"_s, u"n=0 max= m=7"_s);
    row(u"SELECT count(*) FROM users LIMIT 0"_s, u"?"_s);
    row(u"SELECT count(*) FROM users HAVING count(*) > 1"_s, u"?"_s);
    row(u"SELECT email, my_aggregate(id) FROM users GROUP BY email"_s, u"none"_s);
    row(u"SELECT my_aggregate(id) FROM users"_s, u"?"_s);
    row(u"SELECT count(*) FROM users GROUP BY ROLLUP (email)"_s, u"?"_s);
    row(u"SELECT EXISTS (SELECT 1 FROM users WHERE id = 1) AS there"_s, u"there=0"_s);
    row(u"SELECT (SELECT count(*) FROM elsewhere) FROM users"_s, u"none"_s);
    row(u"SELECT id FROM elsewhere UNION SELECT id FROM users"_s, u"?"_s);
    row(u"SELECT id FROM (SELECT id FROM users) x"_s, u"none"_s);
    row(u"SELECT id FROM users u FULL JOIN elsewhere e ON true"_s, u"?"_s);
    row(u"SELECT * FROM users()"_s, u"?"_s);
    row(u"WITH x AS (SELECT 1) SELECT * FROM users, x"_s, u"none"_s);
    row(u"WITH users AS (SELECT 1) SELECT * FROM users"_s, u"?"_s);
    row(u"INSERT INTO elsewhere SELECT id FROM users ORDER BY id LIMIT 5 OFFSET 0"_s, u"none"_s);
    row(u"INSERT INTO elsewhere SELECT id FROM users ON CONFLICT DO NOTHING"_s, u"?"_s);
    row(u"INSERT INTO users VALUES (1)"_s, u"?"_s);
    row(u"UPDATE users SET id = 1"_s, u"none"_s);
    row(u"DELETE FROM users WHERE id = 2"_s, u"none"_s);
    row(u"DELETE FROM users; SELECT 1"_s, u"?"_s);
}

void tst_EmptyTables::knownRowsOfTexts()
{
    QFETCH(QString, sql);
    const auto answer = [&](const Schema &schema) {
        const KnownRows rows = knownRows(textExpr(sql), schema, Backend::PostgreSql);
        QStringList cells;
        for (const KnownRows::Cell &cell : rows.rows.value(0))
            cells.append(cell.name + u'=' + cell.value.text);
        return rows.kind == KnownRows::Kind::None   ? u"none"_s
               : rows.kind == KnownRows::Kind::Some ? cells.join(u' ')
                                                    : u"?"_s;
    };
    QTEST(answer(newMarket()), "rows");
    Schema older;
    replay(market(), older);
    QCOMPARE(answer(older), u"?"_s);
}

void tst_EmptyTables::fillingOperations()
{
    Schema schema = newMarket();
    replay({BulkInsert{.table = {.name = u"users"_s}}}, schema);
    QCOMPARE(emptyTables(schema), u"orders users"_s);
    replay({RenameTable{users, u"people"_s}}, schema);
    QCOMPARE(emptyTables(schema), u"orders people"_s);
    replay({BulkInsert{.table = {.name = u"people"_s}, .rows = {{}}}}, schema);
    QCOMPARE(emptyTables(schema), u"orders"_s);
    replay({Execute{.statement = textExpr(u"anything"_s)}}, schema, nullptr); // nobody reads it
    QCOMPARE(emptyTables(schema), QString());
}
