#include "tests/dialects/builders.h"

#include <QTest>

using namespace tribikos;
using namespace tribikos::test;

Q_DECLARE_METATYPE(tribikos::SqlTypePtr)
Q_DECLARE_METATYPE(tribikos::ExprPtr)

/// Names, types and expressions by themselves.
class SpellingTest : public QObject
{
    Q_OBJECT

private slots:
    void identifiers_data();
    void identifiers();
    void types_data();
    void types();
    void expressions_data();
    void expressions();
    void deepExpression();
};

void SpellingTest::identifiers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("onSqlite");
    QTest::addColumn<QString>("onPostgresql");
    QTest::addColumn<QString>("onMysql");
    QTest::addColumn<QString>("onMariadb");
    const auto row = [](const QString &name, const QString &a, const QString &b, const QString &c,
                        const QString &d) {
        QTest::newRow(qPrintable(name)) << name << a << b << c << d;
    };
    row(u"user"_s, u"user"_s, u"\"user\""_s, u"user"_s, u"user"_s);
    row(u"rank"_s, u"rank"_s, u"rank"_s, u"`rank`"_s, u"rank"_s);
    row(u"position"_s, u"position"_s, u"position"_s, u"position"_s, u"`position`"_s);
    row(u"UPPER"_s, u"\"UPPER\""_s, u"\"UPPER\""_s, u"`UPPER`"_s, u"`UPPER`"_s);
    row(u"1digit"_s, u"\"1digit\""_s, u"\"1digit\""_s, u"`1digit`"_s, u"`1digit`"_s);
    row(u"mid$dollar"_s, u"mid$dollar"_s, u"mid$dollar"_s, u"mid$dollar"_s, u"mid$dollar"_s);
    row(u"ünïcode"_s, u"\"ünïcode\""_s, u"\"ünïcode\""_s, u"`ünïcode`"_s, u"`ünïcode`"_s);
    row(u"q\"uote"_s, u"\"q\"\"uote\""_s, u"\"q\"\"uote\""_s, u"`q\"uote`"_s, u"`q\"uote`"_s);
}

void SpellingTest::identifiers()
{
    QFETCH(QString, name);
    QFETCH(QString, onSqlite);
    QFETCH(QString, onPostgresql);
    QFETCH(QString, onMysql);
    QFETCH(QString, onMariadb);
    QCOMPARE(dialectFor(Backend::Sqlite).ident(name), onSqlite);
    QCOMPARE(dialectFor(Backend::PostgreSql).ident(name), onPostgresql);
    QCOMPARE(dialectFor(Backend::MySql).ident(name), onMysql);
    QCOMPARE(dialectFor(Backend::MariaDb).ident(name), onMariadb);
}

void SpellingTest::types_data()
{
    QTest::addColumn<SqlTypePtr>("columnType");
    QTest::addColumn<QString>("onSqlite");
    QTest::addColumn<QString>("onPostgresql");
    QTest::addColumn<QString>("onMysql");
    const auto row = [](const char *name, const SqlTypePtr &made, const QString &a,
                        const QString &b,
                        const QString &c) { QTest::newRow(name) << made << a << b << c; };
    const QString no = u"-"_s;
    row("numeric", type({.name = u"Numeric"_s, .precision = 10, .scale = 2}), u"NUMERIC(10, 2)"_s,
        u"NUMERIC(10, 2)"_s, u"NUMERIC(10, 2)"_s);
    row("float", type({.name = u"Float"_s, .precision = 24}), u"FLOAT"_s, u"FLOAT(24)"_s,
        u"FLOAT(24)"_s);
    row("double", type({.name = u"Double"_s}), u"DOUBLE"_s, u"DOUBLE PRECISION"_s, u"DOUBLE"_s);
    row("double with precision", type({.name = u"Double"_s, .precision = 53}), u"DOUBLE"_s,
        u"DOUBLE PRECISION"_s, no);
    row("string", type({.name = u"String"_s}), u"VARCHAR"_s, u"VARCHAR"_s, no);
    row("string of no length", type({.name = u"String"_s, .length = 0}), u"VARCHAR"_s, u"VARCHAR"_s,
        u"VARCHAR(0)"_s);
    row("collation", type({.name = u"Text"_s, .collation = u"de_DE"_s}),
        u"TEXT COLLATE \"de_DE\""_s, u"TEXT COLLATE \"de_DE\""_s, u"TEXT COLLATE de_DE"_s);
    row("nvarchar", type({.name = u"NVARCHAR"_s, .length = 10}), u"NVARCHAR(10)"_s,
        u"NVARCHAR(10)"_s, u"NATIONAL VARCHAR(10)"_s);
    row("datetime", type({.name = u"DateTime"_s, .timezone = true}), u"DATETIME"_s,
        u"TIMESTAMP WITH TIME ZONE"_s, u"DATETIME"_s);
    row("interval", type({.name = u"Interval"_s}), u"DATETIME"_s, u"INTERVAL"_s, u"DATETIME"_s);
    row("binary", type({.name = u"LargeBinary"_s, .length = 16}), u"BLOB"_s, u"BYTEA"_s,
        u"BLOB(16)"_s);
    row("uuid", type({.name = u"Uuid"_s}), u"CHAR(32)"_s, u"UUID"_s, u"CHAR(32)"_s);
    row("boolean", type({.name = u"Boolean"_s}), u"BOOLEAN"_s, u"BOOLEAN"_s, u"BOOL"_s);
    row("enum", type({.name = u"Enum"_s, .labels = {u"new"_s, u"done"_s}, .typeName = u"status"_s}),
        u"VARCHAR(4)"_s, u"status"_s, u"ENUM('new','done')"_s);
    row("enum without name", type({.name = u"Enum"_s, .labels = {u"a"_s}}), u"VARCHAR(1)"_s, no,
        u"ENUM('a')"_s);
    row("array",
        type({.name = u"ARRAY"_s,
              .item = type({.name = u"Text"_s, .collation = u"C"_s}),
              .dimensions = 2},
             u"postgresql"_s),
        no, u"TEXT[][] COLLATE \"C\""_s, no);
    row("jsonb", type({.name = u"JSONB"_s}, u"postgresql"_s), no, u"JSONB"_s, no);
    row("bit varying", type({.name = u"BIT"_s, .length = 4, .varying = true}, u"postgresql"_s), no,
        u"BIT VARYING(4)"_s, no);
    row("tinyint", type({.name = u"TINYINT"_s, .displayWidth = 3, .isUnsigned = true}, u"mysql"_s),
        no, no, u"TINYINT(3) UNSIGNED"_s);
    row("mysql integer", type({.name = u"INTEGER"_s, .isUnsigned = true}, u"mysql"_s), u"INTEGER"_s,
        u"INTEGER"_s, u"INTEGER UNSIGNED"_s);
    row("mysql enum", type({.name = u"ENUM"_s, .labels = {u"a"_s}}, u"mysql"_s), no, no,
        u"ENUM('a')"_s);
    row("reflected", type({.name = u"geometry(Point,4326)"_s}, u"reflected"_s),
        u"geometry(Point,4326)"_s, u"geometry(Point,4326)"_s, u"geometry(Point,4326)"_s);
    row("unknown", type({.name = u"my.Type"_s}, u"unknown"_s), no, no, no);
    row("variant", type({.name = u"BigInteger"_s, .variants = {{u"sqlite"_s, integerType()}}}),
        u"INTEGER"_s, u"BIGINT"_s, u"BIGINT"_s);
    row("no type", {}, no, no, no);
}

void SpellingTest::types()
{
    QFETCH(SqlTypePtr, columnType);
    const auto text = [&](Backend backend) {
        const auto made = dialectFor(backend).typeText(columnType);
        return made ? *made : u"-"_s;
    };
    QFETCH(QString, onSqlite);
    QFETCH(QString, onPostgresql);
    QFETCH(QString, onMysql);
    QCOMPARE(text(Backend::Sqlite), onSqlite);
    QCOMPARE(text(Backend::PostgreSql), onPostgresql);
    QCOMPARE(text(Backend::MySql), onMysql);
}

void SpellingTest::expressions_data()
{
    QTest::addColumn<ExprPtr>("expr");
    QTest::addColumn<QString>("onSqlite");
    QTest::addColumn<QString>("onPostgresql");
    QTest::addColumn<QString>("onMysql");
    using Kind = Expr::Kind;
    const auto row = [](const char *name, const ExprPtr &expr, const QString &a, const QString &b,
                        const QString &c) { QTest::newRow(name) << expr << a << b << c; };
    const auto all = [&row](const char *name, const ExprPtr &expr, const QString &text) {
        row(name, expr, text, text, text);
    };
    const TableRefPtr t = tableRef(u"t"_s);
    const ExprPtr a = columnOf(t, u"a"_s);
    const ExprPtr b = columnOf(t, u"b"_s);
    const auto both = [&](Kind kind, const QList<ExprPtr> &args) {
        return make({.kind = kind, .args = args});
    };
    const ExprPtr isOne = binary(a, u"="_s, integerExpr(1));
    const ExprPtr isTwo = binary(b, u"="_s, integerExpr(2));
    all("or in and", both(Kind::And, {both(Kind::Or, {isOne, isTwo}), isOne}),
        u"(t.a = 1 OR t.b = 2) AND t.a = 1"_s);
    all("and in or", both(Kind::Or, {both(Kind::And, {isOne, isTwo}), isOne}),
        u"t.a = 1 AND t.b = 2 OR t.a = 1"_s);
    all("arithmetic", binary(binary(a, u"+"_s, b), u"*"_s, integerExpr(2)), u"(t.a + t.b) * 2"_s);
    all("subtraction", binary(a, u"-"_s, binary(a, u"-"_s, b)), u"t.a - (t.a - t.b)"_s);
    row("concatenation", binary(binary(a, u"||"_s, stringExpr(u"-"_s)), u"||"_s, b),
        u"t.a || '-' || t.b"_s, u"t.a || '-' || t.b"_s, u"concat(t.a, '-', t.b)"_s);
    row("ilike", binary(a, u"ILIKE"_s, stringExpr(u"x%"_s)), u"lower(t.a) LIKE lower('x%')"_s,
        u"t.a ILIKE 'x%'"_s, u"lower(t.a) LIKE lower('x%')"_s);
    all("membership",
        binary(a, u"NOT IN"_s,
               make({.kind = Kind::List, .args = {integerExpr(1), integerExpr(2)}})),
        u"(t.a NOT IN (1, 2))"_s);
    all("null", make({.kind = Kind::Unary, .text = u"IS NOT NULL"_s, .args = {a}, .flag = true}),
        u"t.a IS NOT NULL"_s);
    row("cast", make({.kind = Kind::Cast, .args = {stringExpr(u"3"_s)}, .type = integerType()}),
        u"CAST('3' AS INTEGER)"_s, u"CAST('3' AS INTEGER)"_s, u"CAST('3' AS SIGNED INTEGER)"_s);
    all("case",
        make({.kind = Kind::Case, .args = {{}, isOne, stringExpr(u"x"_s), stringExpr(u"y"_s)}}),
        u"CASE WHEN (t.a = 1) THEN 'x' ELSE 'y' END"_s);
    row("now", call(u"now"_s), u"CURRENT_TIMESTAMP"_s, u"now()"_s, u"now()"_s);
    const auto statement = [](Kind kind, Expr::Statement made) {
        return make(
            {.kind = kind, .statement = std::make_shared<const Expr::Statement>(std::move(made))});
    };
    all("select", statement(Kind::Select, {.columns = {a, call(u"count"_s, {b})}, .where = isOne}),
        u"SELECT t.a, count(t.b) AS count_1 \nFROM t \nWHERE t.a = 1"_s);
    const ExprPtr inner =
        statement(Kind::Select, {.columns = {columnOf(tableRef(u"o"_s), u"x"_s)},
                                 .where = binary(columnOf(tableRef(u"o"_s), u"id"_s), u"="_s, a)});
    all("correlated update",
        statement(Kind::Update,
                  {.table = t,
                   .assignments = {{u"a"_s, inner}, {u"b"_s, binary(b, u"+"_s, integerExpr(1))}}}),
        u"UPDATE t SET a=(SELECT o.x \nFROM o \nWHERE o.id = t.a), b=(t.b + 1)"_s);
    all("delete", statement(Kind::Delete, {.table = t, .where = binary(a, u">"_s, integerExpr(3))}),
        u"DELETE FROM t WHERE t.a > 3"_s);
    all("insert from select",
        statement(Kind::Insert, {.table = tableRef(u"t2"_s),
                                 .insertColumns = {u"a"_s},
                                 .fromSelect = statement(Kind::Select, {.columns = {a}})}),
        u"INSERT INTO t2 (a) SELECT t.a \nFROM t"_s);
    row("upsert",
        statement(Kind::Insert,
                  {.table = t,
                   .insertColumns = {u"a"_s},
                   .rows = {{integerExpr(1)}},
                   .assignments = {{u"a"_s, columnOf(tableRef(u"excluded"_s), u"a"_s)}},
                   .onConflict = u"update"_s,
                   .conflictColumns = {u"id"_s}}),
        u"INSERT INTO t (a) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a"_s,
        u"INSERT INTO t (a) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a"_s,
        u"MySQL has no ON CONFLICT: use on_duplicate_key_update() of its own insert()"_s);
}

void SpellingTest::expressions()
{
    QFETCH(ExprPtr, expr);
    const auto text = [&](Backend backend) {
        const auto made = dialectFor(backend).expression(expr, {});
        return made ? *made : made.error().message;
    };
    QFETCH(QString, onSqlite);
    QFETCH(QString, onPostgresql);
    QFETCH(QString, onMysql);
    QCOMPARE(text(Backend::Sqlite), onSqlite);
    QCOMPARE(text(Backend::PostgreSql), onPostgresql);
    QCOMPARE(text(Backend::MySql), onMysql);
}

void SpellingTest::deepExpression()
{
    ExprPtr expr = integerExpr(1);
    for (int i = 0; i < 5000; ++i)
        expr = binary(integerExpr(1), u"-"_s, expr);
    QVERIFY(!dialectFor(Backend::Sqlite).expression(expr, {}));
}

#include "tst_spelling.moc"

int runSpellingTest(int argc, char **argv)
{
    SpellingTest test;
    return QTest::qExec(&test, argc, argv);
}
