#include "tests/dialects/builders.h"

#include <QTest>

using namespace tribikos;
using namespace tribikos::test;

namespace {

using Kind = Operation::Kind;
constexpr Backend sqlite = Backend::Sqlite;
constexpr Backend postgresql = Backend::PostgreSql;
constexpr Backend mysql = Backend::MySql;
constexpr Backend mariadb = Backend::MariaDb;

void row(const char *name, Backend backend, const Kind &kind, const QString &expected)
{
    QTest::newRow(qPrintable(QLatin1String(name) + u' ' + backendName(backend)))
        << backend << Operation{.kind = kind} << expected;
}

void rows(const char *name, const Kind &kind, const QString &onSqlite, const QString &onPostgresql,
          const QString &onMysql)
{
    row(name, sqlite, kind, onSqlite);
    row(name, postgresql, kind, onPostgresql);
    row(name, mysql, kind, onMysql);
}

void same(const char *name, const Kind &kind, const QString &expected)
{
    rows(name, kind, expected, expected, expected);
}

void columns()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("expected");
}

void check()
{
    QFETCH(Backend, backend);
    QFETCH(Operation, operation);
    QFETCH(QString, expected);
    QCOMPARE(rendered(backend, operation.kind), expected);
}

} // namespace


class OperationsTest : public QObject
{
    Q_OBJECT

private slots:
    void createTable_data();
    void createTable() { check(); }
    void addAndDropColumn_data();
    void addAndDropColumn() { check(); }
    void alterColumn_data();
    void alterColumn() { check(); }
    void constraints_data();
    void constraints() { check(); }
    void indexes_data();
    void indexes() { check(); }
    void data_data();
    void data() { check(); }
    void namespaces_data();
    void namespaces() { check(); }
    void namedTypes();
    void longNames();
    void percentSigns();
};

void OperationsTest::createTable_data()
{
    columns();
    const Table account{.name = {{}, u"account"_s},
                        .columns = {idColumn(),
                                    {.name = u"name"_s, .type = stringType(50), .nullable = false},
                                    {.name = u"active"_s,
                                     .type = type({.name = u"Boolean"_s}),
                                     .nullable = false,
                                     .serverDefault = textExpr(u"1"_s)}},
                        .constraints = {idKey()}};
    const QString rest =
        u", \n\tname VARCHAR(50) NOT NULL, \n\tactive BOOLEAN DEFAULT 1 NOT NULL, \n\tPRIMARY KEY (id)\n)"_s;
    rows("basic", CreateTable{account}, u"CREATE TABLE account (\n\tid INTEGER NOT NULL"_s + rest,
         u"CREATE TABLE account (\n\tid SERIAL NOT NULL"_s + rest,
         u"CREATE TABLE account (\n\tid INTEGER NOT NULL AUTO_INCREMENT, \n\tname VARCHAR(50) NOT "
         u"NULL, \n"
         "\tactive BOOL NOT NULL DEFAULT 1, \n\tPRIMARY KEY (id)\n)"_s);
    same("no columns", CreateTable{{.name = {{}, u"t4"_s}}}, u"CREATE TABLE t4 (\n)"_s);
    Table composite{.name = {{}, u"t11"_s},
                    .columns = {column(u"a"_s), column(u"id"_s)},
                    .constraints = {PrimaryKey{.columns = {u"a"_s, u"id"_s}}}};
    composite.columns[0].primaryKey = composite.columns[1].primaryKey = true;
    composite.columns[1].autoincrement = AutoIncrement::Yes;
    rows(
        "composite autoincrement", CreateTable{composite}, u"refused"_s,
        u"CREATE TABLE t11 (\n\ta INTEGER NOT NULL, \n\tid SERIAL NOT NULL, \n\tPRIMARY KEY (id, a)\n)"_s,
        u"CREATE TABLE t11 (\n\ta INTEGER NOT NULL, \n\tid INTEGER NOT NULL AUTO_INCREMENT, \n\tPRIMARY KEY (id, a)\n)"_s);
    Table commented{.name = {{}, u"c4"_s},
                    .columns = {column(u"a"_s)},
                    .comment = u"it's"_s,
                    .hasComment = true};
    commented.columns[0].comment = u"note"_s;
    commented.columns[0].hasComment = true;
    rows(
        "comments", CreateTable{commented}, u"CREATE TABLE c4 (\n\ta INTEGER\n)"_s,
        u"CREATE TABLE c4 (\n\ta INTEGER\n)\nCOMMENT ON TABLE c4 IS 'it''s'\nCOMMENT ON COLUMN c4.a IS 'note'"_s,
        u"CREATE TABLE c4 (\n\ta INTEGER COMMENT 'note'\n)COMMENT='it''s'"_s);
    const Table checked{.name = {{}, u"c"_s},
                        .columns = {column(u"f"_s, type({.name = u"Boolean"_s,
                                                         .typeName = u"ck_f"_s,
                                                         .createConstraint = true}))}};
    Table read = checked; // the script reader has named it by a convention
    CheckConstraint check = dialectFor(sqlite).typeChecks(read.columns[0]).value(0);
    check.name = {u"ck_c_f"_s, true};
    read.constraints = {check};
    row("type-bound check, named", sqlite, CreateTable{read},
        u"CREATE TABLE c (\n\tf BOOLEAN, \n\tCONSTRAINT ck_c_f CHECK (f IN (0, 1))\n)"_s);
    rows("type-bound check", CreateTable{checked},
         u"CREATE TABLE c (\n\tf BOOLEAN, \n\tCONSTRAINT ck_f CHECK (f IN (0, 1))\n)"_s,
         u"CREATE TABLE c (\n\tf BOOLEAN\n)"_s,
         u"CREATE TABLE c (\n\tf BOOL, \n\tCONSTRAINT ck_f CHECK (f IN (0, 1))\n)"_s);
    const Table counted{.name = {{}, u"s1"_s},
                        .columns = {idColumn()},
                        .constraints = {idKey()},
                        .options = {{u"sqlite_autoincrement"_s, true},
                                    {u"sqlite_strict"_s, true},
                                    {u"sqlite_with_rowid"_s, false}}};
    row("sqlite options", sqlite, CreateTable{counted},
        u"CREATE TABLE s1 (\n\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT\n)\n WITHOUT ROWID,\n STRICT"_s);
    const Table engine{.name = {{}, u"m"_s},
                       .columns = {column(u"a"_s)},
                       .options = {{u"mysql_engine"_s, u"InnoDB"_s},
                                   {u"mysql_charset"_s, u"utf8mb4"_s},
                                   {u"mysql_collate"_s, u"utf8mb4_bin"_s},
                                   {u"mariadb_engine"_s, u"Aria"_s}}};
    row("table options", mysql, CreateTable{engine},
        u"CREATE TABLE m (\n\ta INTEGER\n)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin"_s);
    row("table options", mariadb, CreateTable{engine},
        u"CREATE TABLE m (\n\ta INTEGER\n)ENGINE=Aria"_s);
}

void OperationsTest::addAndDropColumn_data()
{
    columns();
    const TableName t{{}, u"t"_s};
    same("plain", AddColumn{.table = t, .column = column(u"a"_s)},
         u"ALTER TABLE t ADD COLUMN a INTEGER"_s);
    const AddColumn unique{.table = t,
                           .column = column(u"c"_s),
                           .constraints = {UniqueConstraint{.columns = {u"c"_s}}}};
    const QString both = u"ALTER TABLE t ADD COLUMN c INTEGER\nALTER TABLE t ADD UNIQUE (c)"_s;
    rows("unique", unique, u"ALTER TABLE t ADD COLUMN c INTEGER\nneeds rebuild"_s, both, both);
    AddColumn inlined{.table = t,
                      .column = column(u"l"_s),
                      .constraints = {ForeignKey{.columns = {u"l"_s},
                                                 .target = {{}, u"other"_s},
                                                 .targetColumns = {u"id"_s},
                                                 .onDelete = u"SET NULL"_s}},
                      .inlineReferences = true};
    same("inline references", inlined,
         u"ALTER TABLE t ADD COLUMN l INTEGER REFERENCES other (id) ON DELETE SET NULL"_s);
    Column now = column(u"o"_s, type({.name = u"DateTime"_s}));
    now.serverDefault = call(u"now"_s);
    rows("function default", AddColumn{.table = t, .column = now},
         u"ALTER TABLE t ADD COLUMN o DATETIME DEFAULT CURRENT_TIMESTAMP"_s,
         u"ALTER TABLE t ADD COLUMN o TIMESTAMP WITHOUT TIME ZONE DEFAULT now()"_s,
         u"ALTER TABLE t ADD COLUMN o DATETIME DEFAULT now()"_s);
    Column negative = column(u"n"_s);
    negative.serverDefault = textExpr(u"-1"_s);
    rows("expression default", AddColumn{.table = t, .column = negative},
         u"ALTER TABLE t ADD COLUMN n INTEGER DEFAULT (-1)"_s,
         u"ALTER TABLE t ADD COLUMN n INTEGER DEFAULT -1"_s,
         u"ALTER TABLE t ADD COLUMN n INTEGER DEFAULT -1"_s);
    rows("drop", DropColumn{.table = {u"db.own"_s, u"t"_s}, .column = u"Mixed"_s, .ifExists = true},
         u"ALTER TABLE db.own.t DROP COLUMN IF EXISTS \"Mixed\""_s,
         u"ALTER TABLE db.own.t DROP COLUMN IF EXISTS \"Mixed\""_s,
         u"ALTER TABLE db.own.t DROP COLUMN IF EXISTS `Mixed`"_s);
    rows("rename table", RenameTable{{u"app"_s, u"old"_s}, u"new"_s},
         u"ALTER TABLE app.old RENAME TO new"_s, u"ALTER TABLE app.\"old\" RENAME TO \"new\""_s,
         u"ALTER TABLE app.old RENAME TO app.new"_s);
}

void OperationsTest::alterColumn_data()
{
    columns();
    const AlterColumn base{.table = {{}, u"t"_s}, .column = u"a"_s};
    const auto with = [&base](auto &&change) {
        AlterColumn altered = base;
        change(altered);
        return altered;
    };
    same("nothing", base, QString());
    const AlterColumn everything = with([](AlterColumn &a) {
        a.existingType = integerType();
        a.type = type({.name = u"Text"_s});
        a.nullable = false;
        a.serverDefault = DefaultChange{.expression = stringExpr(u"x"_s)};
        a.newName = u"b"_s;
        a.comment = u"c"_s;
    });
    row("all at once", postgresql, everything,
        u"ALTER TABLE t ALTER COLUMN a TYPE TEXT\nALTER TABLE t ALTER COLUMN a SET NOT NULL\n"
        "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'\nCOMMENT ON COLUMN t.a IS 'c'\nALTER TABLE t RENAME a TO b"_s);
    row("all at once", mysql, everything,
        u"ALTER TABLE t CHANGE a b TEXT NOT NULL DEFAULT 'x' COMMENT 'c'"_s);
    const AlterColumn nullable = with([](AlterColumn &a) { a.nullable = false; });
    rows("nullable", nullable, u"ALTER TABLE t ALTER COLUMN a SET NOT NULL"_s,
         u"ALTER TABLE t ALTER COLUMN a SET NOT NULL"_s, u"refused"_s);
    const AlterColumn moment = with([](AlterColumn &a) {
        a.nullable = false;
        a.existingType = type({.name = u"DateTime"_s});
    });
    row("datetime is changed whole", mysql, moment,
        u"ALTER TABLE t CHANGE a a DATETIME NOT NULL"_s);
    const AlterColumn noDefault = with([](AlterColumn &a) { a.serverDefault = DefaultChange{}; });
    same("drop default", noDefault, u"ALTER TABLE t ALTER COLUMN a DROP DEFAULT"_s);
    const AlterColumn added = with([](AlterColumn &a) {
        a.serverDefault = DefaultChange{.identity = Identity{.start = 5}};
        a.existingServerDefault = DefaultChange{};
    });
    rows("identity added", added, u"refused"_s,
         u"ALTER TABLE t ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 5)"_s,
         u"refused"_s);
    const AlterColumn changed = with([](AlterColumn &a) {
        a.serverDefault = DefaultChange{.identity = Identity{.always = true, .increment = 2}};
        a.existingServerDefault = DefaultChange{.identity = Identity{.increment = 1}};
    });
    row("identity changed", postgresql, changed,
        u"ALTER TABLE t ALTER COLUMN a SET GENERATED ALWAYS SET INCREMENT BY 2"_s);
    const AlterColumn cast = with([](AlterColumn &a) { a.using_ = textExpr(u"a::integer"_s); });
    row("using without type", postgresql, cast, u"refused"_s);
    const AlterColumn renamed = with([](AlterColumn &a) { a.newName = u"b"_s; });
    rows("rename", renamed, u"ALTER TABLE t RENAME COLUMN a TO b"_s,
         u"ALTER TABLE t RENAME a TO b"_s, u"refused"_s);
}

void OperationsTest::constraints_data()
{
    columns();
    const TableName t{{}, u"t"_s};
    const AddConstraint unique{
        t, UniqueConstraint{.name = {u"uq"_s}, .columns = {u"a"_s, u"order"_s}}};
    rows("unique", unique, u"needs rebuild"_s,
         u"ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, \"order\")"_s,
         u"ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, `order`)"_s);
    ForeignKey key{.name = {u"fk"_s},
                   .columns = {u"a"_s},
                   .target = {u"s2"_s, u"b"_s},
                   .targetColumns = {u"p"_s},
                   .onDelete = u"set null"_s,
                   .deferrable = true,
                   .initially = u"DEFERRED"_s};
    const QString text =
        u"ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES s2.b (p) ON DELETE set null "
        "DEFERRABLE INITIALLY DEFERRED"_s;
    rows("foreign key", AddConstraint{t, key}, u"needs rebuild"_s, text, text);
    key.onDelete = u"EXPLODE"_s;
    row("unknown action", postgresql, AddConstraint{t, key}, u"refused"_s);
    key.onDelete = u"SET NULL (a)"_s;
    row("action with columns", postgresql, AddConstraint{t, key},
        QString(text).replace(u"set null"_s, u"SET NULL (a)"_s));
    row("action with columns", mysql, AddConstraint{t, key}, u"refused"_s);
    key.onDelete.clear();
    key.match = u"FULL"_s;
    row("match", mysql, AddConstraint{t, key}, u"refused"_s);
    const ExcludeConstraint exclude{
        .name = {u"ex"_s},
        .elements = {{columnExpr(u"period"_s), u"&&"_s}, {columnExpr(u"room"_s), u"="_s}},
        .where = textExpr(u"room <> 0"_s)};
    rows(
        "exclude", AddConstraint{t, exclude}, u"needs rebuild"_s,
        u"ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (period WITH &&, room WITH =) WHERE (room <> 0)"_s,
        u"refused"_s);
    const auto drop = [&t](const QString &kind) {
        return DropConstraint{t, {u"c1"_s}, kind, true};
    };
    rows("drop unique", drop(u"unique"_s), u"needs rebuild"_s,
         u"ALTER TABLE t DROP CONSTRAINT IF EXISTS c1"_s, u"ALTER TABLE t DROP INDEX c1"_s);
    row("drop check", mysql, drop(u"check"_s), u"ALTER TABLE t DROP CHECK c1"_s);
    row("drop check", mariadb, drop(u"check"_s), u"ALTER TABLE t DROP CONSTRAINT c1"_s);
    row("drop of no kind", mysql, drop(QString()), u"refused"_s);
    row("drop without name", postgresql, DropConstraint{t, {}, u"unique"_s}, u"refused"_s);
}

void OperationsTest::indexes_data()
{
    columns();
    Index index{
        .name = {u"ix10"_s},
        .elements = {columnExpr(u"a"_s)},
        .unique = true,
        .options = {{u"postgresql_using"_s, u"GIN"_s},
                    {u"postgresql_ops"_s, OptionMap{{{u"a"_s, u"text_pattern_ops"_s}}}},
                    {u"postgresql_include"_s, QStringList{u"b"_s}},
                    {u"postgresql_nulls_not_distinct"_s, false},
                    {u"postgresql_where"_s, u"a <> ''"_s},
                    {u"sqlite_where"_s, textExpr(u"a > 5"_s)},
                    {u"mysql_length"_s, qint64(10)}}};
    rows(
        "everything", CreateIndex{.table = {u"app"_s, u"t"_s}, .index = index},
        u"CREATE UNIQUE INDEX app.ix10 ON t (a) WHERE a > 5"_s,
        u"CREATE UNIQUE INDEX ix10 ON app.t USING gin (a text_pattern_ops) INCLUDE (b) NULLS DISTINCT WHERE a <> ''"_s,
        u"CREATE UNIQUE INDEX ix10 ON app.t (a(10))"_s);
    const Index functional{
        .name = {u"ix"_s},
        .elements = {call(u"lower"_s, {columnExpr(u"a"_s)}), make({.kind = Expr::Kind::Unary,
                                                                   .text = u"DESC"_s,
                                                                   .args = {columnExpr(u"b"_s)},
                                                                   .flag = true})}};
    const QString plain = u"CREATE INDEX IF NOT EXISTS ix ON t (lower(a), b DESC)"_s;
    rows("expression", CreateIndex{.table = {{}, u"t"_s}, .index = functional, .ifNotExists = true},
         plain, plain, u"CREATE INDEX IF NOT EXISTS ix ON t ((lower(a)), b DESC)"_s);
    rows("drop",
         DropIndex{.name = {u"ix"_s}, .table = TableName{u"app"_s, u"t"_s}, .ifExists = true},
         u"DROP INDEX IF EXISTS app.ix"_s, u"DROP INDEX IF EXISTS app.ix"_s,
         u"DROP INDEX IF EXISTS ix ON app.t"_s);
    row("drop, table unknown", mysql, DropIndex{.name = {u"ix"_s}}, u"DROP INDEX ix ON no_table"_s);
    row("drop concurrently", postgresql,
        DropIndex{.name = {u"ix"_s}, .options = {{u"postgresql_concurrently"_s, true}}},
        u"DROP INDEX CONCURRENTLY ix"_s);
}

void OperationsTest::data_data()
{
    columns();
    const auto value = [](Literal::Kind kind, const QString &text) {
        return make({.kind = Expr::Kind::Value, .value = {kind, text}});
    };
    TableRef table{.name = u"t"_s,
                   .columns = {{u"id"_s, integerType()},
                               {u"ok"_s, type({.name = u"Boolean"_s})},
                               {u"at"_s, type({.name = u"DateTime"_s})},
                               {u"u"_s, type({.name = u"Uuid"_s})},
                               {u"j"_s, type({.name = u"JSON"_s})},
                               {u"x"_s, {}}}};
    const BulkInsert insert{
        table,
        {{{u"id"_s, value(Literal::Kind::Integer, u"1"_s)},
          {u"ok"_s, value(Literal::Kind::Bool, u"1"_s)},
          {u"at"_s, value(Literal::Kind::DateTime, u"2024-02-29 13:05:07"_s)},
          {u"u"_s, value(Literal::Kind::Uuid, u"12345678-1234-5678-1234-567812345678"_s)}},
         {}}};
    rows("bulk insert", insert,
         u"INSERT INTO t (id, ok, at, u) VALUES (1, 1, '2024-02-29 13:05:07.000000', "
         u"'12345678123456781234567812345678')\n"
         "INSERT INTO t DEFAULT VALUES"_s,
         u"INSERT INTO t (id, ok, at, u) VALUES (1, true, '2024-02-29 13:05:07', "
         u"'12345678-1234-5678-1234-567812345678')\n"
         "INSERT INTO t DEFAULT VALUES"_s,
         u"INSERT INTO t (id, ok, at, u) VALUES (1, true, '2024-02-29 13:05:07', "
         u"'12345678123456781234567812345678')\n"
         "INSERT INTO t () VALUES ()"_s);
    same("json in a script", BulkInsert{table, {{{u"j"_s, value(Literal::Kind::Json, u"{}"_s)}}}},
         u"refused"_s);
    same("value without type",
         BulkInsert{table, {{{u"x"_s, value(Literal::Kind::Integer, u"1"_s)}}}}, u"refused"_s);
    same("unknown column", BulkInsert{table, {{{u"zz"_s, value(Literal::Kind::Integer, u"1"_s)}}}},
         u"refused"_s);
    const Execute later{
        make({.kind = Expr::Kind::Text,
              .text = u"SELECT :d"_s,
              .binds = {{u"d"_s, value(Literal::Kind::Interval, u"1 day, 0:00:01.500000"_s)}}})};
    // SQLAlchemy has no literal for it where there is no type for it.
    rows("interval", later, u"refused"_s, u"SELECT make_interval(secs=>86401.5)"_s, u"refused"_s);
    const auto text = [](const QString &sql) { return Execute{textExpr(sql)}; };
    same("unset bind", text(u"UPDATE t SET a = '12:30', b = :oops"_s),
         u"UPDATE t SET a = '12:30', b = NULL"_s);
    same("colons that are none", text(u"SELECT 'x: y', c::text, '\\:kept'"_s),
         u"SELECT 'x: y', c::text, ':kept'"_s);
    Execute ddl = text(u"SELECT 100 %% 7"_s);
    ddl.isDdlText = true;
    same("DDL text", ddl, u"SELECT 100 % 7"_s);
    const auto bound = make(
        {.kind = Expr::Kind::Text,
         .text = u"DELETE FROM t WHERE a = :v AND id IN :ids"_s,
         .binds = {{u"v"_s, stringExpr(u"it's \\ :x"_s)},
                   {u"ids"_s,
                    make({.kind = Expr::Kind::List, .args = {integerExpr(1), integerExpr(2)}})}}});
    rows("binds", Execute{bound}, u"DELETE FROM t WHERE a = 'it''s \\ :x' AND id IN (1, 2)"_s,
         u"DELETE FROM t WHERE a = 'it''s \\\\ :x' AND id IN (1, 2)"_s,
         u"DELETE FROM t WHERE a = 'it''s \\\\ :x' AND id IN (1, 2)"_s);
}

void OperationsTest::namedTypes()
{
    RenderContext context;
    const SqlTypePtr kind =
        type({.name = u"Enum"_s, .labels = {u"a"_s, u"it's"_s}, .typeName = u"kind"_s});
    const auto create = [&](const QString &name) {
        return rendered(postgresql,
                        CreateTable{{.name = {{}, name}, .columns = {column(u"k"_s, kind)}}},
                        context);
    };
    QCOMPARE(create(u"t1"_s),
             u"CREATE TYPE kind AS ENUM ('a', 'it''s')\nCREATE TABLE t1 (\n\tk kind\n)"_s);
    // rendered() copies the context; a run keeps its own and makes the type once.
    const Dialect &dialect = dialectFor(postgresql);
    const Operation first{
        .kind = CreateTable{{.name = {{}, u"t1"_s}, .columns = {column(u"k"_s, kind)}}}};
    QCOMPARE(dialect.render(first, context).value().size(), 2);
    QCOMPARE(dialect.render(first, context).value().size(), 1);
    QCOMPARE(rendered(postgresql, DropType{kind}), u"DROP TYPE kind"_s);
    // Enum.create() before: offline Alembic makes the type again, which nobody can mean.
    for (const bool offline : {true, false}) {
        RenderContext run{.offline = offline};
        QCOMPARE(dialect.render({.kind = CreateType{kind}}, run).value().size(), 1);
        QCOMPARE(dialect.render(first, run).value().size(), offline ? 2 : 1);
        QCOMPARE(run.remarks.size(), offline ? 1 : 0);
    }
    QCOMPARE(rendered(sqlite, CreateType{kind}), QString());
    QCOMPARE(
        rendered(mysql, CreateTable{{.name = {{}, u"t"_s}, .columns = {column(u"k"_s, kind)}}}),
        u"CREATE TABLE t (\n\tk ENUM('a','it''s')\n)"_s);
}

void OperationsTest::longNames()
{
    const auto create = [](const QString &name, bool isGenerated) {
        return CreateIndex{
            .table = {{}, u"t"_s},
            .index = {.name = {name, isGenerated}, .elements = {columnExpr(u"a"_s)}}};
    };
    const QString name =
        u"ix_a_table_with_quite_a_long_name_for_this_and_a_column_with_a_long_name_as_well"_s;
    QCOMPARE(
        rendered(postgresql, create(name, true)),
        u"CREATE INDEX ix_a_table_with_quite_a_long_name_for_this_and_a_column_c9c5 ON t (a)"_s);
    QCOMPARE(
        rendered(mysql, create(name, true)),
        u"CREATE INDEX ix_a_table_with_quite_a_long_name_for_this_and_a_column__c9c5 ON t (a)"_s);
    QCOMPARE(rendered(postgresql, create(name, false)), u"refused"_s);
    QVERIFY(rendered(mysql, create(name, false)).contains(name));
    QVERIFY(rendered(sqlite, create(name, true)).contains(name));
}

void OperationsTest::namespaces_data()
{
    columns();
    same("sequence", CreateSequence{.name = {{}, u"s1"_s}, .options = {.start = 5}},
         u"CREATE SEQUENCE s1 START WITH 5"_s);
    same("sequence options",
         CreateSequence{.name = {u"x"_s, u"s"_s},
                        .options = {.start = 0,
                                    .increment = 2,
                                    .minValue = -1,
                                    .maxValue = 10,
                                    .cycle = true,
                                    .cache = 7,
                                    .order = true},
                        .ifNotExists = true},
         u"CREATE SEQUENCE IF NOT EXISTS x.s INCREMENT BY 2 START WITH 0 MINVALUE -1 MAXVALUE 10 "
         "CACHE 7 CYCLE"_s);
    rows("sequence without",
         CreateSequence{.name = {{}, u"S"_s},
                        .options = {.noMinValue = true, .noMaxValue = true, .cycle = false},
                        .dataType = integerType()},
         u"CREATE SEQUENCE \"S\" NO MINVALUE NO MAXVALUE NO CYCLE"_s,
         u"CREATE SEQUENCE \"S\" AS INTEGER NO MINVALUE NO MAXVALUE NO CYCLE"_s,
         u"CREATE SEQUENCE `S` NO MINVALUE NO MAXVALUE NOCYCLE"_s);
    same("drop sequence", DropSequence{.name = {{}, u"s1"_s}, .ifExists = true},
         u"DROP SEQUENCE IF EXISTS s1"_s);
    same("schema", CreateNamespace{.name = u"a"_s, .ifNotExists = true},
         u"CREATE SCHEMA IF NOT EXISTS a"_s);
    same("drop schema", DropNamespace{.name = u"a"_s, .ifExists = true, .cascade = true},
         u"DROP SCHEMA IF EXISTS a CASCADE"_s);
}

void OperationsTest::percentSigns()
{
    RenderContext context{.doublePercent = true, .literalBinds = false};
    const CreateTable table{{.name = {{}, u"pct%"_s}, .columns = {column(u"a%b"_s)}}};
    QCOMPARE(rendered(sqlite, table, context), u"CREATE TABLE \"pct%\" (\n\t\"a%b\" INTEGER\n)"_s);
    QCOMPARE(rendered(postgresql, table, context),
             u"CREATE TABLE \"pct%%\" (\n\t\"a%%b\" INTEGER\n)"_s);
    const auto bound = make({.kind = Expr::Kind::Text,
                             .text = u"UPDATE t SET a = :v, b = '5%'"_s,
                             .binds = {{u"v"_s, stringExpr(u"x"_s)}}});
    QCOMPARE(rendered(sqlite, Execute{bound}, context), u"UPDATE t SET a = ?, b = '5%'"_s);
    QCOMPARE(rendered(postgresql, Execute{bound}, context), u"UPDATE t SET a = %(v)s, b = '5%%'"_s);
    QCOMPARE(rendered(mysql, Execute{bound}, context), u"UPDATE t SET a = %s, b = '5%%'"_s);
}

#include "tst_operations.moc"

int runOperationsTest(int argc, char **argv)
{
    OperationsTest test;
    return QTest::qExec(&test, argc, argv);
}
