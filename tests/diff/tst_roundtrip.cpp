#include "tests/diff/tst_roundtrip.h"

#include "core/dialects/dialect.h"
#include "core/diff/diff.h"
#include "core/reflect/reflect.h"
#include "core/sqlread/rawsql.h"
#include "tests/reflect/memorysession.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

SqlTypePtr type(const QString &name, std::optional<int> length = {}, std::optional<int> scale = {})
{
    SqlType made{.name = name, .module = u"sqlalchemy"_s};
    (scale ? made.precision : made.length) = length;
    made.scale = scale;
    return std::make_shared<const SqlType>(made);
}

ExprPtr function(const QString &name)
{
    return std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Function, .text = name});
}

QString described(const QList<Difference> &differences)
{
    QStringList texts;
    for (const Difference &d : differences)
        texts.append(u"%1 %2.%3 %4: %5 | %6 | %7"_s.arg(differenceKindName(d.kind), d.table.text(),
                                                        d.name, d.aspect, d.models, d.migrations,
                                                        d.database));
    return texts.join(u'\n');
}

} // namespace

void tst_RoundTrip::models_data()
{
    QTest::addColumn<Table>("table");
    const auto row = [](const char *name, const QList<Column> &columns,
                        const QList<Constraint> &constraints = {},
                        const QList<Index> &indexes = {}) {
        QTest::newRow(name) << Table{.name = {{}, u"t"_s},
                                     .columns = columns,
                                     .constraints = constraints,
                                     .indexes = indexes};
    };
    const Column id{.name = u"id"_s, .type = type(u"Integer"_s), .primaryKey = true};
    const PrimaryKey key{.columns = {u"id"_s}};
    QList<Column> all{id};
    int number = 0;
    for (const char *name :
         {"Integer",  "SmallInteger", "BigInteger", "Numeric", "Float",   "Double",
          "Boolean",  "String",       "Text",       "Date",    "Time",    "DateTime",
          "Interval", "LargeBinary",  "JSON",       "Uuid",    "Unicode", "UnicodeText",
          "VARCHAR",  "TIMESTAMP",    "REAL"})
        all.append({.name = u"c%1"_s.arg(++number), .type = type(QString::fromLatin1(name))});
    row("every type", all, {key});
    row("arguments", {{.name = u"a"_s, .type = type(u"String"_s, 20)},
                      {.name = u"b"_s, .type = type(u"Numeric"_s, 10, 2)},
                      {.name = u"c"_s, .type = type(u"CHAR"_s, 3), .nullable = false}});
    row("defaults",
        {{.name = u"a"_s, .type = type(u"String"_s), .serverDefault = stringExpr(u"it's"_s)},
         {.name = u"b"_s, .type = type(u"Integer"_s), .serverDefault = stringExpr(u"0"_s)},
         {.name = u"c"_s, .type = type(u"Integer"_s), .serverDefault = textExpr(u"-1"_s)},
         {.name = u"d"_s, .type = type(u"DateTime"_s), .serverDefault = function(u"now"_s)},
         {.name = u"e"_s,
          .type = type(u"DateTime"_s),
          .serverDefault = textExpr(u"CURRENT_TIMESTAMP"_s)},
         {.name = u"f"_s,
          .type = type(u"Boolean"_s),
          .serverDefault = std::make_shared<const Expr>(Expr{.kind = Expr::Kind::True})},
         {.name = u"g"_s, .type = type(u"Integer"_s), .serverDefault = textExpr(u"(1 + 2)"_s)},
         {.name = u"h"_s, .type = type(u"String"_s), .serverDefault = stringExpr(QString())}});
    row("keys and checks",
        {id,
         {.name = u"a"_s, .type = type(u"Integer"_s)},
         {.name = u"order"_s, .type = type(u"String"_s, 9)}},
        {key, UniqueConstraint{.columns = {u"a"_s}},
         UniqueConstraint{.name = {u"uq"_s}, .columns = {u"order"_s, u"a"_s}},
         ForeignKey{.columns = {u"a"_s},
                    .target = {{}, u"t"_s},
                    .targetColumns = {u"id"_s},
                    .onDelete = u"set null"_s},
         CheckConstraint{.name = {u"ck"_s},
                         .condition = textExpr(u"a > 0 AND \"order\" <> 'A''b'"_s)},
         CheckConstraint{.condition = textExpr(u"a < 9"_s)}},
        {{.name = {u"ix"_s}, .elements = {columnExpr(u"order"_s)}},
         {.name = {u"ux"_s}, .elements = {columnExpr(u"a"_s)}, .unique = true}});
    row("composite key",
        {{.name = u"a"_s, .type = type(u"Integer"_s)},
         {.name = u"b"_s, .type = type(u"String"_s, 5)}},
        {PrimaryKey{.name = {u"pk"_s}, .columns = {u"a"_s, u"b"_s}}});
    row("nullable key", {{.name = u"a"_s, .type = type(u"String"_s), .nullable = true}},
        {PrimaryKey{.columns = {u"a"_s}}});
    row("computed", {{.name = u"a"_s, .type = type(u"Integer"_s)},
                     {.name = u"b"_s,
                      .type = type(u"Integer"_s),
                      .computed = Computed{textExpr(u"a * 2"_s), true}},
                     {.name = u"c"_s,
                      .type = type(u"Integer"_s),
                      .computed = Computed{textExpr(u"a + 1"_s), {}}}});
}

/// create_all, reflected: equal to the models, and to migrations that say the same.
void tst_RoundTrip::models()
{
    QFETCH(Table, table);
    const Dialect &dialect = dialectFor(Backend::Sqlite);
    test::MemorySession session;
    RenderContext context;
    const Result<QStringList> statements = dialect.render({CreateTable{table}}, context);
    QVERIFY(statements);
    for (const QString &statement : *statements) {
        const Result<qint64> run = session.execute(statement);
        QVERIFY2(run, run ? "" : qPrintable(statement + run.error().detail));
    }
    const Result<Schema> database = reflect(session, {});
    QVERIFY(database);
    const Schema models{.tables = {{table.name, table}}};
    QCOMPARE(described(compare({.models = &models, .migrations = &models, .database = &*database})),
             QString());
    QCOMPARE(described(compare({.models = &*database, .migrations = &models})), QString());
}

/// Boolean(create_constraint=True): with its CHECK or, after an Alembic run, without.
void tst_RoundTrip::typeBoundChecks()
{
    SqlType flag{.name = u"Boolean"_s,
                 .module = u"sqlalchemy"_s,
                 .typeName = u"ck"_s,
                 .createConstraint = true};
    Table table{.name = {{}, u"t"_s},
                .columns = {{.name = u"f"_s, .type = std::make_shared<const SqlType>(flag)}}};
    table.constraints = {CheckConstraint{
        .name = {u"ck"_s}, .condition = textExpr(u"f IN (0, 1)"_s), .isTypeBound = true}};
    const Schema models{.tables = {{table.name, table}}};
    for (const QString &ddl :
         {u"CREATE TABLE t (f BOOLEAN, CONSTRAINT ck CHECK (f IN (0, 1)))"_s,
          u"CREATE TABLE t (f BOOLEAN, CHECK (f IN (0,1)))"_s, u"CREATE TABLE t (f BOOLEAN)"_s}) {
        Schema database;
        QVERIFY(rawSqlReader(Backend::Sqlite).apply(ddl, database));
        QCOMPARE(
            described(compare({.models = &models, .migrations = &models, .database = &database})),
            QString());
    }
}

void tst_RoundTrip::randomHistory_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 60; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

namespace {

/// One statement that SQLite may or may not accept.
QString randomStatement(QRandomGenerator &random)
{
    const auto pick = [&](const QStringList &list) {
        return list[random.bounded(int(list.size()))];
    };
    const auto table = [&] { return pick({u"a"_s, u"b"_s, u"C"_s, u"\"d e\""_s}); };
    const auto column = [&] { return pick({u"x"_s, u"y"_s, u"Z"_s, u"\"w w\""_s, u"key"_s}); };
    const auto definition = [&] {
        return column()
               + pick({u" INT"_s, u" TEXT"_s, u" VARCHAR(9)"_s, u""_s, u" NUMERIC(5, 2)"_s})
               + pick({u""_s, u""_s, u" NOT NULL DEFAULT 0"_s, u" DEFAULT (1+1)"_s,
                       u" DEFAULT 'q'"_s, u" COLLATE NOCASE"_s, u" CHECK (1 > 0)"_s,
                       u" REFERENCES a (x)"_s, u" REFERENCES \"d e\" ON DELETE CASCADE"_s});
    };
    switch (random.bounded(13)) {
    case 0:
    case 1:
        return u"CREATE TABLE %1 (id INTEGER PRIMARY KEY, %2, p INT%3)"_s.arg(
            table(), definition(),
            pick({u""_s, u" UNIQUE"_s, u", CHECK (p > 0 OR p <> 'id')"_s,
                  u", CONSTRAINT u UNIQUE (id, p)"_s, u", FOREIGN KEY (p) REFERENCES b (id)"_s}));
    case 2: return u"ALTER TABLE %1 ADD COLUMN %2"_s.arg(table(), definition());
    case 3: return u"ALTER TABLE %1 RENAME COLUMN %2 TO %3"_s.arg(table(), column(), column());
    case 4: return u"ALTER TABLE %1 RENAME TO %2"_s.arg(table(), table());
    case 5: return u"ALTER TABLE %1 DROP COLUMN %2"_s.arg(table(), column());
    case 6:
        return u"CREATE %1INDEX ix%2 ON %3 (%4%5)"_s.arg(pick({u""_s, u"UNIQUE "_s}))
            .arg(random.bounded(4))
            .arg(table(), column(), pick({u""_s, u" DESC"_s, u", p"_s}));
    case 7: return u"DROP INDEX IF EXISTS ix%1"_s.arg(random.bounded(4));
    case 8: return u"DROP TABLE %1"_s.arg(table());
    case 9:
        return u"CREATE VIEW v%1 AS SELECT %2, p FROM %3"_s.arg(random.bounded(3))
            .arg(column(), table());
    case 10:
        return u"CREATE TRIGGER g%1 AFTER INSERT ON %2 BEGIN UPDATE %2 SET p = new.%3; END"_s
            .arg(random.bounded(3))
            .arg(table(), column());
    case 11:
        return u"DROP %1%2"_s.arg(pick({u"VIEW v"_s, u"TRIGGER IF EXISTS g"_s}))
            .arg(random.bounded(3));
    // Quoted names stay out of expressions: SQLite takes an unknown one for a string, and rewrites
    // it.
    default:
        return u"CREATE INDEX IF NOT EXISTS ex%1 ON %2 (lower(%3)) WHERE %3 > 'p'"_s
            .arg(random.bounded(3))
            .arg(table(), pick({u"x"_s, u"y"_s, u"Z"_s}));
    }
}

} // namespace

/// Whatever SQLite accepted, replay must have followed.
void tst_RoundTrip::randomHistory()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    test::MemorySession session;
    Schema replayed;
    QStringList history;
    for (int step = 0; step < 60; ++step) {
        const QString sql = randomStatement(random);
        if (!session.execute(sql))
            continue;
        history.append(sql);
        QVERIFY2(rawSqlReader(Backend::Sqlite).apply(sql, replayed), qPrintable(sql));
        const Result<Schema> database = reflect(session, {});
        QVERIFY(database);
        const QString found = described(compare({.migrations = &replayed, .database = &*database}));
        QVERIFY2(found.isEmpty(), qPrintable(history.join(u";\n"_s) + u'\n' + found));
    }
    QVERIFY(history.size() > 5);
}
