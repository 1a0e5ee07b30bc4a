#include "core/plan/planner.h"
#include "core/plan/tabledependents.h"
#include "tests/dialects/builders.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

using namespace tribikos;
using namespace tribikos::test;

namespace {

/// A fresh in-memory SQLite per test; what SQLite says to a statement, or nothing.
class Database
{
public:
    Database()
    {
        m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name);
        m_database.setDatabaseName(u":memory:"_s);
        m_database.open();
    }
    ~Database()
    {
        m_database = {};
        QSqlDatabase::removeDatabase(m_name);
    }

    QString run(const QString &sql)
    {
        QSqlQuery query(m_database);
        return query.exec(sql) ? QString() : query.lastError().databaseText() + u" in "_s + sql;
    }
    QString run(const QStringList &statements)
    {
        for (const QString &sql : statements)
            if (const QString error = run(sql); !error.isEmpty())
                return error;
        return {};
    }
    /// Rows as "a|b", joined by blanks.
    QString rows(const QString &sql)
    {
        QSqlQuery query(m_database);
        if (!query.exec(sql))
            return query.lastError().databaseText();
        QStringList all;
        while (query.next()) {
            QStringList row;
            for (int i = 0; query.value(i).isValid(); ++i)
                row += query.value(i).toString();
            all += row.join(u'|');
        }
        return all.join(u' ');
    }
    QString definition(const QString &name)
    {
        return rows(u"SELECT sql FROM sqlite_master WHERE name = '%1'"_s.arg(name));
    }

private:
    const QString m_name = u"rebuild test"_s;
    QSqlDatabase m_database{};
};

SqlTypePtr reflected(const QString &name)
{
    return type({.name = name}, u"reflected"_s);
}

/// Everything that a rebuild must not lose, as SQL and as metadata.
const QStringList richSql{
    u"CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER DEFAULT (1 + 2), b TEXT "
    u"COLLATE NOCASE, "
    "twice INTEGER GENERATED ALWAYS AS (a * 2) STORED, UNIQUE (b) ON CONFLICT IGNORE, CHECK (a > 0)) STRICT"_s,
    u"CREATE INDEX ix_part ON s (a) WHERE a > 5"_s,
    u"CREATE INDEX ix_expr ON s (lower(b))"_s,
    u"CREATE INDEX ix_desc ON s (a DESC)"_s,
    u"CREATE TABLE log (n INTEGER)"_s,
    u"CREATE TRIGGER trg AFTER INSERT ON s BEGIN INSERT INTO log VALUES (new.a); END"_s,
    u"CREATE TRIGGER far AFTER DELETE ON log BEGIN UPDATE s SET a = 9 WHERE id = 1; END"_s,
    u"CREATE VIEW v AS SELECT a FROM s"_s,
    u"CREATE VIEW w AS SELECT a FROM v"_s,
    u"INSERT INTO s (a, b) VALUES (1, 'x'), (7, 'y'), (8, 'z')"_s,
    u"DELETE FROM s WHERE b = 'z'"_s};

Schema richSchema()
{
    Column id = column(u"id"_s, reflected(u"INTEGER"_s));
    id.nullable = true;
    Column a = column(u"a"_s, reflected(u"INTEGER"_s));
    a.serverDefault = textExpr(u"(1 + 2)"_s);
    Column b = column(u"b"_s, reflected(u"TEXT"_s));
    b.collation = u"NOCASE"_s;
    Column twice = column(u"twice"_s, reflected(u"INTEGER"_s));
    twice.computed = Computed{textExpr(u"a * 2"_s), true};
    const auto index = [](const QString &name, const QList<ExprPtr> &elements) {
        Index made{.name = {name}, .elements = elements};
        for (const QString &sql : richSql)
            if (sql.contains(name))
                made.sql = sql;
        return made;
    };
    Table s{.name = {{}, u"s"_s},
            .columns = {id, a, b, twice},
            .constraints = {idKey(),
                            UniqueConstraint{.columns = {u"b"_s}, .onConflict = u"IGNORE"_s},
                            CheckConstraint{.condition = textExpr(u"a > 0"_s)}},
            .indexes = {index(u"ix_part"_s, {columnExpr(u"a"_s)}),
                        index(u"ix_expr"_s, {textExpr(u"lower(b)"_s)}),
                        index(u"ix_desc"_s, {textExpr(u"a DESC"_s)})},
            .options = {{u"sqlite_autoincrement"_s, true}, {u"sqlite_strict"_s, true}}};
    Schema schema;
    schema.tables.insert(s.name, s);
    schema.tables.insert({{}, u"log"_s}, {.name = {{}, u"log"_s}, .columns = {column(u"n"_s)}});
    using Kind = NamedObject::Kind;
    schema.objects = {
        {.kind = Kind::View, .name = {{}, u"w"_s}, .definition = richSql[8]},
        {.kind = Kind::View, .name = {{}, u"v"_s}, .definition = richSql[7]},
        {.kind = Kind::Trigger, .name = {{}, u"trg"_s}, .table = u"s"_s, .definition = richSql[5]},
        {.kind = Kind::Trigger,
         .name = {{}, u"far"_s},
         .table = u"log"_s,
         .definition = richSql[6]}};
    return schema;
}

/// Raw SQL that changes rows alone.
class DataSqlReader : public RawSqlReader
{
public:
    bool apply(const QString &, Schema &) const override { return true; }
    Backend backend() const override { return Backend::Sqlite; }
};

PlanStep planned(const Schema &schema, const Operations &operations,
                 Backend backend = Backend::Sqlite, bool offline = false)
{
    static const DataSqlReader reader;
    Planner planner({.backend = backend,
                     .startRows = {u"r1"_s},
                     .offline = offline,
                     .schema = schema,
                     .sqlReader = &reader});
    planner.add({.revision = u"r2"_s, .operations = operations});
    return planner.take().steps.first();
}

QStringList texts(const PlanStep &step)
{
    QStringList all;
    for (const Statement &statement : step.statements)
        all += statement.sql;
    return all;
}

Operation batch(const QString &table, const Operations &operations)
{
    return {.kind = BatchAlterTable{.table = {{}, table}, .operations = operations}};
}

AlterColumn notNull(const QString &table, const QString &name)
{
    return {.table = {{}, table}, .column = name, .nullable = false};
}

} // namespace

class RebuildTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsEverything_data();
    void keepsEverything();
    void copyFromText();
    void alwaysOnServer();
    void sharedRebuild();
    void uniqueConstraintKeepsRows();
    void failingCopyKeepsTable();
    void renameRewritesChildren();
    void referencedRename();
    void droppedColumnInView();
    void addColumn_data();
    void addColumn();
    void dropColumn_data();
    void dropColumn();
    void unknownTable();
    void lostDefaults();
    void batchRefusals_data();
    void batchRefusals();
    void executeComesFirst();
    void typeCheckIsReplaced();
    void neverOutsideATransaction();
    void forgottenTrigger();
};

void RebuildTest::neverOutsideATransaction()
{
    const PlanStep step = planned(richSchema(), {{.kind = AutocommitBegin{}},
                                                 {.kind = notNull(u"s"_s, u"a"_s)},
                                                 {.kind = AutocommitEnd{}}});
    QCOMPARE(step.reason, QString());
    QVERIFY(step.statements.size() > 3);
    for (const Statement &statement : step.statements)
        QVERIFY2(!statement.outsideTransaction, qPrintable(statement.sql));
}

/// A rename whose column may be another table's makes the trigger's text unknown: it can't be made again.
void RebuildTest::forgottenTrigger()
{
    Schema schema = richSchema();
    for (NamedObject &object : schema.objects)
        if (object.name.name == u"trg")
            object.definition.clear();
    const PlanStep step = planned(schema, {{.kind = notNull(u"s"_s, u"a"_s)}});
    QCOMPARE(step.status, StepStatus::Unsupported);
    QVERIFY2(step.reason.contains(u"trg"_s), qPrintable(step.reason));
    QCOMPARE(texts(step), QStringList());
}

void RebuildTest::keepsEverything_data()
{
    QTest::addColumn<Operations>("operations");
    const TableName s{{}, u"s"_s};
    QTest::newRow("plain alter") << Operations{{.kind = notNull(u"s"_s, u"a"_s)}};
    QTest::newRow("batch") << Operations{batch(u"s"_s, {{.kind = notNull(u"s"_s, u"a"_s)}})};
    QTest::newRow("constraint") << Operations{
        {.kind = AddConstraint{
             s, CheckConstraint{.name = {u"ck"_s}, .condition = textExpr(u"a < 1000"_s)}}}};
}

void RebuildTest::keepsEverything()
{
    QFETCH(Operations, operations);
    Database database;
    QCOMPARE(database.run(richSql), QString());
    const PlanStep step = planned(richSchema(), operations);
    QCOMPARE(step.reason, QString());
    QCOMPARE(step.rebuiltTables, QStringList{u"s"_s});
    QCOMPARE(database.run(texts(step)), QString());
    QCOMPARE(database.rows(u"SELECT id, a, b, twice FROM s ORDER BY id"_s), u"1|1|x|2 2|7|y|14"_s);
    const QString table = database.definition(u"s"_s);
    for (const QString &kept : {u"AUTOINCREMENT"_s, u"COLLATE"_s, u"ON CONFLICT IGNORE"_s,
                                u"STRICT"_s, u"CHECK (a > 0)"_s, u"STORED"_s, u"DEFAULT (1 + 2)"_s})
        QVERIFY2(table.contains(kept), qPrintable(kept + u" is not in "_s + table));
    for (const QString &sql : richSql)
        if (sql.startsWith(u"CREATE INDEX") || sql.startsWith(u"CREATE TRIGGER")
            || sql.startsWith(u"CREATE VIEW"))
            QCOMPARE(database.definition(sql.section(u' ', 2, 2)), sql);
    // The deleted row's number is not given again, and the trigger still fires.
    QCOMPARE(database.run(u"INSERT INTO s (a, b) VALUES (5, 'new')"_s), QString());
    QCOMPARE(database.rows(u"SELECT max(id) FROM s"_s), u"4"_s);
    QCOMPARE(database.rows(u"SELECT n FROM log ORDER BY n"_s), u"1 5 7 8"_s);
    QCOMPARE(database.rows(u"SELECT name FROM sqlite_master WHERE name LIKE '%tmp%'"_s), QString());
}

void RebuildTest::copyFromText()
{
    const Table existing{
        .name = {{}, u"t"_s},
        .columns = {idColumn(),
                    {.name = u"a"_s, .type = stringType(10), .nullable = false},
                    column(u"b"_s)},
        .constraints = {idKey(), UniqueConstraint{.name = {u"uq_a"_s}, .columns = {u"a"_s}}},
        .indexes = {{.name = {u"ix_b"_s}, .elements = {columnExpr(u"b"_s)}}}};
    const TableName t = existing.name;
    Column added = column(u"c"_s);
    added.serverDefault = stringExpr(u"0"_s);
    const Operation block{.kind = BatchAlterTable{
                              .table = t,
                              .operations = {{.kind = AlterColumn{.table = t,
                                                                  .column = u"a"_s,
                                                                  .nullable = true,
                                                                  .newName = u"a2"_s,
                                                                  .type = integerType()}},
                                             {.kind = DropConstraint{t, {u"uq_a"_s}, u"unique"_s}},
                                             {.kind = AddColumn{.table = t, .column = added}}},
                              .copyFrom = existing}};
    QCOMPARE(
        texts(planned({}, {block})),
        (QStringList{
            u"CREATE TABLE _alembic_tmp_t (\n\tid INTEGER NOT NULL, \n\ta2 INTEGER, \n\tb INTEGER, "
            u"\n"
            "\tc INTEGER DEFAULT '0', \n\tPRIMARY KEY (id)\n)"_s,
            u"INSERT INTO _alembic_tmp_t (id, a2, b) SELECT t.id, CAST(t.a AS INTEGER) AS a, t.b \nFROM t"_s,
            u"DROP TABLE t"_s, u"ALTER TABLE _alembic_tmp_t RENAME TO t"_s,
            u"CREATE INDEX ix_b ON t (b)"_s}));
    QCOMPARE(
        texts(planned({}, {block}, Backend::PostgreSql)),
        (QStringList{u"ALTER TABLE t ALTER COLUMN a TYPE INTEGER"_s,
                     u"ALTER TABLE t ALTER COLUMN a DROP NOT NULL"_s,
                     u"ALTER TABLE t RENAME a TO a2"_s, u"ALTER TABLE t DROP CONSTRAINT uq_a"_s,
                     u"ALTER TABLE t ADD COLUMN c INTEGER DEFAULT '0'"_s}));
}

void RebuildTest::alwaysOnServer()
{
    const Table existing{.name = {{}, u"t"_s},
                         .columns = {idColumn(), column(u"p"_s)},
                         .constraints = {idKey(), ForeignKey{.name = {u"fk_self"_s},
                                                             .columns = {u"p"_s},
                                                             .target = {{}, u"t"_s},
                                                             .targetColumns = {u"id"_s}}}};
    const Operation block{
        .kind = BatchAlterTable{.table = existing.name,
                                .recreate = BatchAlterTable::Recreate::Always,
                                .operations = {{.kind = AddColumn{.table = existing.name,
                                                                  .column = column(u"z"_s),
                                                                  .insertBefore = u"p"_s}}},
                                .copyFrom = existing}};
    QCOMPARE(
        texts(planned({}, {block}, Backend::PostgreSql)),
        (QStringList{
            u"ALTER TABLE t DROP CONSTRAINT fk_self"_s,
            u"CREATE TABLE _alembic_tmp_t (\n\tid SERIAL NOT NULL, \n\tz INTEGER, \n\tp INTEGER, \n"
            "\tPRIMARY KEY (id), \n\tCONSTRAINT fk_self FOREIGN KEY(p) REFERENCES t (id)\n)"_s,
            u"INSERT INTO _alembic_tmp_t (id, p) SELECT t.id, t.p \nFROM t"_s, u"DROP TABLE t"_s,
            u"ALTER TABLE _alembic_tmp_t RENAME TO t"_s}));
}

void RebuildTest::sharedRebuild()
{
    const TableName s{{}, u"s"_s};
    const PlanStep step =
        planned(richSchema(),
                {{.kind = notNull(u"s"_s, u"a"_s)},
                 {.kind = AddConstraint{s, CheckConstraint{.name = {u"ck"_s},
                                                           .condition = textExpr(u"a < 9"_s)}}},
                 {.kind = Execute{textExpr(u"UPDATE s SET a = 2"_s)}},
                 {.kind = DropConstraint{s, {u"ck"_s}, u"check"_s}}});
    QCOMPARE(step.reason, QString());
    QCOMPARE(texts(step).filter(u"CREATE TABLE"_s).size(), 2);
    const qsizetype data = texts(step).indexOf(u"UPDATE s SET a = 2"_s);
    QVERIFY(texts(step).first(data).join(u'\n').contains(u"CONSTRAINT ck CHECK"_s));
    QVERIFY(!texts(step).mid(data).join(u'\n').contains(u"CONSTRAINT ck CHECK"_s));
    QCOMPARE(step.statements.first().operation, 0);
    QCOMPARE(step.statements.last().operation, 3);
}

void RebuildTest::uniqueConstraintKeepsRows()
{
    Database database;
    QCOMPARE(
        database.run({u"CREATE TABLE p (id INTEGER NOT NULL, pay VARCHAR(5), PRIMARY KEY (id))"_s,
                      u"INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, NULL)"_s}),
        QString());
    Schema schema;
    const TableName p{{}, u"p"_s};
    schema.tables.insert(p, {.name = p,
                             .columns = {idColumn(), column(u"pay"_s, stringType(5))},
                             .constraints = {idKey()}});
    const PlanStep step =
        planned(schema, {{.kind = AddConstraint{
                              p, UniqueConstraint{.name = {u"uq_pay"_s}, .columns = {u"pay"_s}}}}});
    QCOMPARE(database.run(texts(step)), QString());
    QCOMPARE(database.rows(u"SELECT id, pay FROM p ORDER BY id"_s), u"1|a 2|b 3|"_s);
    QVERIFY(!database.run(u"INSERT INTO p VALUES (4, 'a')"_s).isEmpty());
}

void RebuildTest::failingCopyKeepsTable()
{
    Database database;
    QCOMPARE(database.run(richSql), QString());
    QCOMPARE(database.run({u"INSERT INTO s (a, b) VALUES (3, NULL)"_s, u"BEGIN"_s}), QString());
    const PlanStep step = planned(richSchema(), {{.kind = notNull(u"s"_s, u"b"_s)}});
    // A row that the new table can't take fails the copy; ON CONFLICT IGNORE must not drop it in
    // silence.
    QVERIFY(database.run(texts(step)).contains(u"NOT NULL"_s));
    QCOMPARE(database.run(u"ROLLBACK"_s), QString());
    QCOMPARE(database.rows(u"SELECT count(*) FROM s"_s), u"3"_s);
    QCOMPARE(database.definition(u"v"_s), richSql[7]);
}

void RebuildTest::renameRewritesChildren()
{
    Database database;
    QCOMPARE(
        database.run({u"CREATE TABLE t (id INTEGER NOT NULL, a INTEGER, PRIMARY KEY (id))"_s,
                      u"CREATE VIEW v AS SELECT a FROM t"_s, u"INSERT INTO t VALUES (1, 2)"_s}),
        QString());
    Schema schema;
    const TableName t{{}, u"t"_s};
    schema.tables.insert(
        t, {.name = t, .columns = {idColumn(), column(u"a"_s)}, .constraints = {idKey()}});
    schema.objects = {{.kind = NamedObject::Kind::View,
                       .name = {{}, u"v"_s},
                       .definition = u"CREATE VIEW v AS SELECT a FROM t"_s}};
    const PlanStep step = planned(
        schema, {{.kind = AlterColumn{
                      .table = t, .column = u"a"_s, .nullable = false, .newName = u"b"_s}}});
    QCOMPARE(database.run(texts(step)), QString());
    QCOMPARE(texts(step).last(), u"ALTER TABLE t RENAME COLUMN a TO b"_s);
    QCOMPARE(database.rows(u"SELECT * FROM v"_s), u"2"_s);
    QVERIFY(database.definition(u"t"_s).contains(u"b INTEGER NOT NULL"_s));
}

void RebuildTest::referencedRename()
{
    Database database;
    QCOMPARE(
        database.run(
            {u"CREATE TABLE p (id INTEGER NOT NULL, k INTEGER, PRIMARY KEY (id), UNIQUE (k))"_s,
             u"CREATE TABLE c (x INTEGER, FOREIGN KEY(x) REFERENCES p (k))"_s,
             u"INSERT INTO p VALUES (1, 5)"_s, u"INSERT INTO c VALUES (5)"_s}),
        QString());
    Schema schema;
    const TableName p{{}, u"p"_s};
    schema.tables.insert(p, {.name = p,
                             .columns = {idColumn(), column(u"k"_s)},
                             .constraints = {idKey(), UniqueConstraint{.columns = {u"k"_s}}}});
    schema.tables.insert(
        {{}, u"c"_s},
        {.name = {{}, u"c"_s},
         .columns = {column(u"x"_s)},
         .constraints = {ForeignKey{.columns = {u"x"_s}, .target = p, .targetColumns = {u"k"_s}}}});
    const PlanStep step = planned(
        schema,
        {batch(u"p"_s,
               {{.kind = AlterColumn{
                     .table = p, .column = u"k"_s, .nullable = false, .newName = u"code"_s}}})});
    QCOMPARE(database.run(texts(step)), QString());
    QVERIFY(database.definition(u"c"_s).contains(u"code"_s));
    QCOMPARE(database.rows(u"PRAGMA foreign_key_check"_s), QString());
}

void RebuildTest::droppedColumnInView()
{
    const PlanStep step =
        planned(richSchema(),
                {batch(u"s"_s, {{.kind = DropColumn{.table = {{}, u"s"_s}, .column = u"a"_s}}})});
    QCOMPARE(step.status, StepStatus::Unsupported);
    QVERIFY2(step.reason.contains(u"uses column a"_s), qPrintable(step.reason));
}

void RebuildTest::addColumn_data()
{
    QTest::addColumn<AddColumn>("add");
    QTest::addColumn<bool>("isRebuilt");
    const auto row = [](const char *name, bool isRebuilt, auto &&change) {
        AddColumn add{.table = {{}, u"s"_s}, .column = column(u"n"_s)};
        change(add);
        QTest::newRow(name) << add << isRebuilt;
    };
    row("plain", false, [](AddColumn &) {});
    row("constant", false, [](AddColumn &a) { a.column.serverDefault = textExpr(u"-1"_s); });
    row("string", false, [](AddColumn &a) {
        a.column.serverDefault = stringExpr(u"x"_s);
        a.column.type = reflected(u"TEXT"_s);
    });
    row("function", true, [](AddColumn &a) {
        a.column.serverDefault = call(u"now"_s);
        a.column.type = reflected(u"TEXT"_s);
    });
    row("unique", true,
        [](AddColumn &a) { a.constraints = {UniqueConstraint{.columns = {u"n"_s}}}; });
    row("stored", true, [](AddColumn &a) {
        a.column.computed = Computed{textExpr(u"a + 1"_s), true};
    });
    row("virtual", false, [](AddColumn &a) {
        a.column.computed = Computed{textExpr(u"a + 1"_s), false};
    });
    row("index", false, [](AddColumn &a) {
        a.indexes = {{.name = {u"ix_n"_s}, .elements = {columnExpr(u"n"_s)}}};
    });
}

void RebuildTest::addColumn()
{
    QFETCH(AddColumn, add);
    QFETCH(bool, isRebuilt);
    Database database;
    QCOMPARE(database.run(richSql), QString());
    const PlanStep step = planned(richSchema(), {{.kind = add}});
    QCOMPARE(step.reason, QString());
    QCOMPARE(!step.rebuiltTables.isEmpty(), isRebuilt);
    QCOMPARE(database.run(texts(step)), QString());
    QCOMPARE(database.rows(u"SELECT id, a, b, twice FROM s ORDER BY id"_s), u"1|1|x|2 2|7|y|14"_s);
    QCOMPARE(database.rows(u"SELECT count(n) >= 0 FROM s"_s), u"1"_s);
}

void RebuildTest::dropColumn_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isRebuilt");
    QTest::newRow("free") << u"free"_s << false;
    QTest::newRow("in a key") << u"k"_s << true;
    QTest::newRow("in a check") << u"c"_s << true;
    QTest::newRow("in an index") << u"i"_s << true;
    QTest::newRow("in a generated column") << u"g"_s << true;
}

void RebuildTest::dropColumn()
{
    QFETCH(QString, name);
    QFETCH(bool, isRebuilt);
    Database database;
    QCOMPARE(database.run({u"CREATE TABLE d (id INTEGER NOT NULL, free INTEGER, k INTEGER, c "
                           u"INTEGER, i INTEGER, g INTEGER, "
                           "PRIMARY KEY (id), UNIQUE (k), CHECK (c > 0))"_s,
                           u"CREATE INDEX ix_i ON d (i)"_s,
                           u"INSERT INTO d VALUES (1, 2, 3, 4, 5, 6)"_s}),
             QString());
    Schema schema;
    const TableName d{{}, u"d"_s};
    Table table{.name = d,
                .columns = {idColumn()},
                .constraints = {idKey(), UniqueConstraint{.columns = {u"k"_s}},
                                CheckConstraint{.condition = textExpr(u"c > 0"_s)}},
                .indexes = {{.name = {u"ix_i"_s}, .elements = {columnExpr(u"i"_s)}}}};
    for (const QString &other : {u"free"_s, u"k"_s, u"c"_s, u"i"_s, u"g"_s})
        table.columns += column(other);
    if (name == u"g")
        table.columns[1].computed = Computed{textExpr(u"g + 1"_s), {}};
    schema.tables.insert(d, table);
    const PlanStep step = planned(schema, {{.kind = DropColumn{.table = d, .column = name}}});
    QCOMPARE(!step.rebuiltTables.isEmpty(), isRebuilt);
    QCOMPARE(step.losses.size(), 1);
    QVERIFY(step.losses.first().message.contains(u"d."_s + name));
    if (name == u"g")
        return; // the generated column would not be valid any more; SQLite is not asked
    QCOMPARE(database.run(texts(step)), QString());
    QCOMPARE(database.rows(u"SELECT count(*) FROM d WHERE id = 1"_s), u"1"_s);
    QVERIFY(!database.run(u"SELECT d.%1 FROM d"_s.arg(name)).isEmpty());
}

void RebuildTest::unknownTable()
{
    const Operation unique{
        .kind =
            AddConstraint{{{}, u"t"_s}, UniqueConstraint{.name = {u"uq"_s}, .columns = {u"a"_s}}},
        .span = {.line = 12}};
    const PlanStep step = planned({}, {unique}, Backend::Sqlite, true);
    QCOMPARE(step.status, StepStatus::NeedsConnection);
    QCOMPARE(step.line, 12);
    QVERIFY(step.statements.isEmpty());
    QCOMPARE(planned({}, {unique}, Backend::Sqlite, false).status, StepStatus::Error);
    QCOMPARE(planned({}, {batch(u"t"_s, {unique})}, Backend::Sqlite, true).status,
             StepStatus::NeedsConnection);
    Schema opaque = richSchema();
    opaque.opaqueReasons = {u"r1.py:3: something"_s};
    QCOMPARE(planned(opaque, {{.kind = notNull(u"s"_s, u"a"_s)}}).statements.size(), 1);
    QCOMPARE(planned(opaque, {batch(u"s"_s, {{.kind = notNull(u"s"_s, u"a"_s)}})}).status,
             StepStatus::NeedsConnection);
    // What Alembic's script has a statement for, ours has too, and warns.
    const PlanStep plain =
        planned(richSchema(), {{.kind = notNull(u"s"_s, u"a"_s)}}, Backend::Sqlite, true);
    QCOMPARE(texts(plain), QStringList{u"ALTER TABLE s ALTER COLUMN a SET NOT NULL"_s});
    QCOMPARE(plain.warnings.size(), 1);
}

/// A default= that only Python knows is NULL in an offline script, as in Alembic's, and is said.
void RebuildTest::lostDefaults()
{
    const auto lost = std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Null, .text = u"made_at"_s, .flag = true});
    const PlanStep step = planned(
        {},
        {{.kind = BulkInsert{.table = {.name = u"t"_s, .columns = {{u"made_at"_s, nullptr}}},
                             .rows = {{{u"made_at"_s, lost}}}}}},
        Backend::PostgreSql, true);
    QCOMPARE(texts(step), QStringList{u"INSERT INTO t (made_at) VALUES (NULL)"_s});
    QCOMPARE(step.warnings.size(), 1);
    QVERIFY(step.warnings.first().message.contains(u"writes NULL into made_at"));
}

void RebuildTest::batchRefusals_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("words");
    const TableName s{{}, u"s"_s};
    QTest::newRow("unknown constraint")
        << Operation{.kind = DropConstraint{s, {u"nope"_s}, u"unique"_s}} << u"does not have"_s;
    QTest::newRow("unnamed constraint")
        << Operation{.kind = AddConstraint{s, UniqueConstraint{.columns = {u"a"_s}}}}
        << u"needs a name"_s;
    QTest::newRow("unknown column")
        << Operation{.kind = DropColumn{.table = s, .column = u"zzz"_s}} << u"no column zzz"_s;
    QTest::newRow("altered column")
        << Operation{.kind = notNull(u"s"_s, u"zzz"_s)} << u"does not have"_s;
}

void RebuildTest::batchRefusals()
{
    QFETCH(Operation, operation);
    QFETCH(QString, words);
    const PlanStep step = planned(richSchema(), {batch(u"s"_s, {operation})});
    QCOMPARE(step.status, StepStatus::Unsupported);
    QVERIFY2(step.reason.contains(words), qPrintable(step.reason));
    QVERIFY(step.statements.isEmpty());
}

void RebuildTest::executeComesFirst()
{
    const Operation add{.kind = AddColumn{.table = {{}, u"t"_s}, .column = column(u"a"_s)}};
    const Operation select{.kind = Execute{textExpr(u"select 2"_s)}};
    QCOMPARE(texts(planned({}, {batch(u"t"_s, {add, select})})),
             (QStringList{u"select 2"_s, u"ALTER TABLE t ADD COLUMN a INTEGER"_s}));
    Operation placed = add;
    std::get<AddColumn>(placed.kind).insertAfter = u"b"_s;
    QCOMPARE(planned({}, {batch(u"t"_s, {placed})}).status, StepStatus::Unsupported);
    QVERIFY(planned({}, {batch(u"t"_s, {})}).statements.isEmpty());
}

void RebuildTest::typeCheckIsReplaced()
{
    // The catalogue shows the CHECK of an Enum as any other.
    const auto kind = [](const QStringList &labels) {
        return type({.name = u"Enum"_s,
                     .labels = labels,
                     .typeName = u"kind"_s,
                     .nativeEnum = false,
                     .createConstraint = true});
    };
    Schema schema;
    const TableName f{{}, u"f"_s};
    schema.tables.insert(
        f, {.name = f,
            .columns = {idColumn(), column(u"kind"_s, reflected(u"VARCHAR(1)"_s))},
            .constraints = {idKey(),
                            CheckConstraint{.name = {u"kind"_s},
                                            .condition = textExpr(u"kind IN ('a', 'b')"_s)}}});
    const AlterColumn alter{.table = f,
                            .column = u"kind"_s,
                            .type = kind({u"a"_s, u"b"_s, u"c"_s}),
                            .existingType = kind({u"a"_s, u"b"_s})};
    for (const Operations &operations :
         {Operations{{.kind = alter}}, Operations{batch(u"f"_s, {{.kind = alter}})}}) {
        const PlanStep step = planned(schema, operations);
        QCOMPARE(step.reason, QString());
        QCOMPARE(texts(step).first(),
                 u"CREATE TABLE _alembic_tmp_f (\n\tid INTEGER NOT NULL, \n\tkind VARCHAR(1), \n"
                 "\tPRIMARY KEY (id), \n\tCONSTRAINT kind CHECK (kind IN ('a', 'b', 'c'))\n)"_s);
    }
}

#include "tst_rebuild.moc"

int runRebuildTest(int argc, char **argv)
{
    RebuildTest test;
    return QTest::qExec(&test, argc, argv);
}
