#include "core/dialects/dialect.h"
#include "core/diff/diff.h"
#include "core/reflect/reflect.h"
#include "tests/reflect/tst_serverscatalogue.h"
#include "tests/servers/lab.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

constexpr Backend pg = Backend::PostgreSql;
constexpr Backend maria = Backend::MariaDb;

SqlTypePtr type(SqlType made)
{
    if (made.module.isEmpty())
        made.module = u"sqlalchemy"_s;
    return std::make_shared<const SqlType>(made);
}

SqlTypePtr integer()
{
    return type({.name = u"Integer"_s});
}

ExprPtr function(const QString &name, const QList<ExprPtr> &arguments = {})
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Function, .text = name, .args = arguments});
}

ExprPtr ordered(const QString &word, const ExprPtr &operand)
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Unary, .text = word, .args = {operand}, .flag = true});
}

ExprPtr compared(const QString &column, const QString &op, qint64 value)
{
    return std::make_shared<const Expr>(Expr{
        .kind = Expr::Kind::Binary, .text = op, .args = {columnExpr(column), integerExpr(value)}});
}

QString described(const QList<Difference> &differences)
{
    QStringList texts;
    for (const Difference &d : differences)
        texts.append(u"%1 %2.%3 %4: %5 | %6"_s.arg(differenceKindName(d.kind), d.table.text(),
                                                   d.name, d.aspect, d.migrations, d.database));
    return texts.join(u'\n');
}

/// Makes the tables of \a schema there; an error as text.
QString create(const Schema &schema, ServerSession &session)
{
    RenderContext context{.offline = false};
    for (const Table &table : schema.tables) {
        const auto statements = dialectFor(session.backend()).render({CreateTable{table}}, context);
        if (!statements)
            return statements.error().message;
        for (const QString &statement : *statements)
            if (const auto ran = session.execute(statement); !ran)
                return ran.error().message + u'\n' + statement;
    }
    return {};
}

Schema schemaOf(const QList<Table> &tables)
{
    Schema schema;
    for (const Table &table : tables)
        schema.tables.insert(table.name, table);
    return schema;
}

const QList<SqlType> sharedTypes{
    {.name = u"Integer"_s},
    {.name = u"SmallInteger"_s},
    {.name = u"BigInteger"_s},
    {.name = u"Numeric"_s},
    {.name = u"Numeric"_s, .precision = 10, .scale = 2},
    {.name = u"Numeric"_s, .precision = 10},
    {.name = u"DECIMAL"_s, .precision = 8, .scale = 3},
    {.name = u"Float"_s},
    {.name = u"Float"_s, .precision = 20},
    {.name = u"Float"_s, .precision = 53},
    {.name = u"Double"_s},
    {.name = u"REAL"_s},
    {.name = u"Boolean"_s},
    {.name = u"String"_s, .length = 20},
    {.name = u"Unicode"_s, .length = 7},
    {.name = u"VARCHAR"_s, .length = 5},
    {.name = u"CHAR"_s, .length = 3},
    {.name = u"CHAR"_s},
    {.name = u"Text"_s},
    {.name = u"UnicodeText"_s},
    {.name = u"Date"_s},
    {.name = u"Time"_s},
    {.name = u"DateTime"_s},
    {.name = u"Interval"_s},
    {.name = u"LargeBinary"_s},
    {.name = u"PickleType"_s},
    {.name = u"JSON"_s},
    {.name = u"Uuid"_s},
    {.name = u"Uuid"_s, .nativeEnum = false},
    {.name = u"Enum"_s, .labels = {u"a"_s, u"it's"_s}, .typeName = u"kind"_s},
    {.name = u"Enum"_s, .labels = {u"a"_s, u"bcd"_s}, .typeName = u"other"_s, .nativeEnum = false},
};

QList<SqlType> postgresTypes()
{
    const QString module = u"postgresql"_s;
    QList<SqlType> all = sharedTypes;
    for (const char *name :
         {"JSONB",    "INET",           "CIDR",           "MACADDR",        "MACADDR8",
          "TSVECTOR", "TSQUERY",        "BYTEA",          "MONEY",          "OID",
          "REGCLASS", "REGCONFIG",      "JSONPATH",       "INT4RANGE",      "INT8RANGE",
          "NUMRANGE", "DATERANGE",      "TSRANGE",        "TSTZRANGE",      "INTERVAL",
          "BIT",      "INT4MULTIRANGE", "INT8MULTIRANGE", "NUMMULTIRANGE",  "TIMESTAMP",
          "TIME",     "TSMULTIRANGE",   "DATEMULTIRANGE", "TSTZMULTIRANGE", "UUID"})
        all.append({.name = QString::fromLatin1(name), .module = module});
    all += QList<SqlType>{
        {.name = u"String"_s},
        {.name = u"DateTime"_s, .timezone = true},
        {.name = u"TIMESTAMP"_s, .module = module, .precision = 3, .timezone = true},
        {.name = u"TIME"_s, .module = module, .precision = 2, .timezone = true},
        {.name = u"INTERVAL"_s, .module = module, .precision = 3, .fields = u"DAY TO SECOND"_s},
        {.name = u"INTERVAL"_s, .module = module, .fields = u"YEAR"_s},
        {.name = u"BIT"_s, .module = module, .length = 5},
        {.name = u"BIT"_s, .module = module, .length = 5, .varying = true},
        {.name = u"BIT"_s, .module = module, .varying = true},
        {.name = u"ARRAY"_s, .item = integer()},
        {.name = u"ARRAY"_s,
         .module = module,
         .item = type({.name = u"String"_s, .length = 5}),
         .dimensions = 2},
        {.name = u"ENUM"_s,
         .module = module,
         .labels = {u"x"_s, u"Y z"_s},
         .typeName = u"MixedCase"_s},
        {.name = u"ARRAY"_s,
         .module = module,
         .item = type(
             {.name = u"ENUM"_s, .module = module, .labels = {u"p"_s}, .typeName = u"inarray"_s})},
        {.name = u"DOMAIN"_s,
         .module = module,
         .typeName = u"positive"_s,
         .item = integer(),
         .check = u"VALUE > 0"_s,
         .domainNotNull = true},
        {.name = u"String"_s, .length = 9, .collation = u"C"_s},
        {.name = u"Integer"_s, .variants = {{u"postgresql"_s, type({.name = u"BigInteger"_s})}}}};
    return all;
}

QList<SqlType> mariaTypes()
{
    const QString module = u"mysql"_s;
    QList<SqlType> all = sharedTypes;
    for (const char *name :
         {"TINYINT", "MEDIUMINT", "YEAR", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "TINYBLOB",
          "MEDIUMBLOB", "LONGBLOB", "BIT", "DATETIME", "TIME", "BLOB"})
        all.append({.name = QString::fromLatin1(name), .module = module});
    return all
           + QList<SqlType>{
               {.name = u"TINYINT"_s, .module = module, .displayWidth = 1},
               {.name = u"INTEGER"_s, .module = module, .isUnsigned = true},
               {.name = u"INTEGER"_s,
                .module = module,
                .displayWidth = 5,
                .isUnsigned = true,
                .zerofill = true},
               {.name = u"BIGINT"_s, .module = module, .displayWidth = 20},
               {.name = u"DECIMAL"_s,
                .module = module,
                .precision = 8,
                .scale = 3,
                .isUnsigned = true},
               {.name = u"FLOAT"_s, .module = module, .precision = 10, .scale = 2},
               {.name = u"DOUBLE"_s,
                .module = module,
                .precision = 10,
                .scale = 2,
                .isUnsigned = true},
               {.name = u"BIT"_s, .module = module, .length = 3},
               {.name = u"Text"_s, .length = 100},
               {.name = u"Text"_s, .length = 70000},
               {.name = u"LargeBinary"_s, .length = 100},
               {.name = u"BINARY"_s, .length = 3},
               {.name = u"VARBINARY"_s, .length = 5},
               {.name = u"DATETIME"_s, .module = module, .fsp = 6},
               {.name = u"TIMESTAMP"_s, .module = module, .fsp = 3},
               {.name = u"TIME"_s, .module = module, .fsp = 2},
               {.name = u"ENUM"_s, .module = module, .labels = {u"a"_s, u"b,'c"_s}},
               {.name = u"SET"_s, .module = module, .labels = {u"x"_s, u"y"_s}},
               {.name = u"VARCHAR"_s,
                .module = module,
                .length = 9,
                .collation = u"latin1_bin"_s,
                .charset = u"latin1"_s},
               {.name = u"NVARCHAR"_s, .length = 4},
               {.name = u"NCHAR"_s, .length = 4},
               {.name = u"UUID"_s},
           };
}

Table everyType(const QList<SqlType> &types)
{
    Table table{.name = {{}, u"t"_s}};
    int number = 0;
    for (const SqlType &made : types)
        table.columns.append({.name = u"c%1"_s.arg(++number), .type = type(made)});
    return table;
}

QList<Table> keysAndChecks(Backend backend)
{
    const Column id{.name = u"id"_s, .type = integer(), .nullable = false, .primaryKey = true};
    const Table parent{
        .name = {{}, u"a parent"_s},
        .columns = {id,
                    {.name = u"x"_s, .type = integer(), .nullable = false},
                    {.name = u"order"_s, .type = type({.name = u"String"_s, .length = 9})}},
        .constraints = {PrimaryKey{.name = {u"pk_parent"_s}, .columns = {u"id"_s}},
                        UniqueConstraint{.columns = {u"x"_s}},
                        UniqueConstraint{.name = {u"uq"_s}, .columns = {u"order"_s, u"x"_s}}}};
    Table child{
        .name = {{}, u"child"_s},
        .columns = {{.name = u"a"_s, .type = integer(), .primaryKey = true},
                    {.name = u"b"_s, .type = integer(), .primaryKey = true},
                    {.name = u"p"_s, .type = integer()},
                    {.name = u"q"_s, .type = integer()}},
        .constraints = {PrimaryKey{.columns = {u"a"_s, u"b"_s}},
                        ForeignKey{.columns = {u"p"_s},
                                   .target = parent.name,
                                   .targetColumns = {u"id"_s},
                                   .onDelete = u"set null"_s,
                                   .onUpdate = u"CASCADE"_s},
                        ForeignKey{.name = {u"fk_q"_s},
                                   .columns = {u"q"_s},
                                   .target = parent.name,
                                   .targetColumns = {u"x"_s}},
                        CheckConstraint{.name = {u"ck"_s},
                                        .condition = compared(u"a"_s, u">"_s, 0)},
                        CheckConstraint{.condition = textExpr(u"b BETWEEN 1 AND 9"_s)}},
        .indexes = {{.name = {u"ix_child_q"_s},
                     .elements = {columnExpr(u"q"_s), ordered(u"DESC"_s, columnExpr(u"p"_s))}},
                    {.name = {u"ux"_s},
                     .elements = {columnExpr(u"p"_s), columnExpr(u"q"_s)},
                     .unique = true}},
        .comment = u"it's a comment"_s,
        .hasComment = true};
    child.columns[3].comment = u"100 % \"x\""_s;
    child.columns[3].hasComment = true;
    if (backend == pg) {
        child.constraints.append(UniqueConstraint{.name = {u"deferred"_s},
                                                  .columns = {u"q"_s},
                                                  .deferrable = true,
                                                  .initially = u"DEFERRED"_s});
        child.constraints.append(
            UniqueConstraint{.name = {u"with_options"_s},
                             .columns = {u"q"_s},
                             .options = {{u"postgresql_include"_s, QStringList{u"p"_s}},
                                         {u"postgresql_nulls_not_distinct"_s, true}}});
        child.constraints.append(ExcludeConstraint{
            .name = {u"ex"_s},
            .elements = {{columnExpr(u"p"_s), u"="_s}, {textExpr(u"(p + q)"_s), u"="_s}},
            .method = u"btree"_s,
            .where = textExpr(u"p > 0"_s)});
    }
    return {parent, child};
}

Table defaults(Backend backend)
{
    const SqlTypePtr text = type({.name = u"String"_s, .length = 30});
    const SqlTypePtr moment = type({.name = u"DateTime"_s});
    const auto constant = [](Expr::Kind kind) {
        return std::make_shared<const Expr>(Expr{.kind = kind});
    };
    Table table{
        .name = {{}, u"t"_s},
        .columns = {
            {.name = u"a"_s, .type = text, .serverDefault = stringExpr(u"it's \\ %"_s)},
            {.name = u"b"_s, .type = integer(), .serverDefault = stringExpr(u"0"_s)},
            {.name = u"c"_s, .type = integer(), .serverDefault = textExpr(u"-1"_s)},
            {.name = u"d"_s, .type = moment, .serverDefault = function(u"now"_s)},
            {.name = u"e"_s, .type = moment, .serverDefault = textExpr(u"CURRENT_TIMESTAMP"_s)},
            {.name = u"f"_s,
             .type = type({.name = u"Boolean"_s}),
             .serverDefault = constant(Expr::Kind::True)},
            {.name = u"g"_s,
             .type = type({.name = u"Boolean"_s}),
             .serverDefault = constant(Expr::Kind::False)},
            {.name = u"h"_s, .type = integer(), .serverDefault = textExpr(u"(1 + 2)"_s)},
            {.name = u"i"_s, .type = text, .serverDefault = stringExpr(QString())},
            {.name = u"j"_s, .type = text, .serverDefault = textExpr(u"'x'"_s)},
            {.name = u"k"_s,
             .type = type({.name = u"Numeric"_s, .precision = 8, .scale = 2}),
             .serverDefault = textExpr(u"1.5"_s)},
            {.name = u"l"_s,
             .type = type({.name = u"Date"_s}),
             .serverDefault = stringExpr(u"2024-01-02"_s)},
            {.name = u"m"_s, .type = integer(), .computed = Computed{textExpr(u"b * 2"_s), true}}}};
    if (backend == pg)
        table.columns +=
            QList<Column>{{.name = u"n"_s,
                           .type = integer(),
                           .identity = Identity{.always = true, .start = 10, .increment = 5}},
                          {.name = u"o"_s,
                           .type = type({.name = u"BigInteger"_s}),
                           .identity = Identity{.cycle = true, .cache = 7}},
                          {.name = u"p"_s,
                           .type = type({.name = u"JSONB"_s, .module = u"postgresql"_s}),
                           .serverDefault = stringExpr(u"{\"a\":  1}"_s)},
                          {.name = u"q"_s,
                           .type = type({.name = u"Uuid"_s}),
                           .serverDefault = function(u"gen_random_uuid"_s)}};
    else
        table.columns += QList<Column>{
            {.name = u"n"_s,
             .type = type({.name = u"TIMESTAMP"_s, .module = u"mysql"_s, .fsp = 3}),
             .nullable = false,
             .serverDefault = textExpr(u"CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)"_s)},
            {.name = u"o"_s, .type = integer(), .computed = Computed{textExpr(u"b + 1"_s), {}}}};
    return table;
}

Table postgresIndexes()
{
    const auto options = [](const QString &name, const DialectOption &value) {
        return DialectOptions{{u"postgresql_"_s + name, value}};
    };
    const SqlTypePtr text = type({.name = u"Text"_s});
    Table table{.name = {{}, u"t"_s},
                .columns = {{.name = u"a"_s, .type = text},
                            {.name = u"B"_s, .type = text},
                            {.name = u"c"_s, .type = integer()},
                            {.name = u"d"_s,
                             .type = type({.name = u"JSONB"_s, .module = u"postgresql"_s})}}};
    const auto add = [&](const char *name, const QList<ExprPtr> &elements,
                         const DialectOptions &made = {}) {
        table.indexes.append(
            {.name = {QString::fromLatin1(name)}, .elements = elements, .options = made});
    };
    const ExprPtr a = columnExpr(u"a"_s);
    add("plain", {a, columnExpr(u"B"_s)});
    add("descending",
        {ordered(u"DESC"_s, a), ordered(u"NULLS LAST"_s, ordered(u"DESC"_s, columnExpr(u"c"_s)))});
    add("nulls", {ordered(u"NULLS FIRST"_s, a)});
    add("expression", {function(u"lower"_s, {a}), textExpr(u"(a || 'x')"_s)});
    add("partial", {a}, options(u"where"_s, textExpr(u"c > 0 AND a IS NOT NULL"_s)));
    add("classes", {a}, options(u"ops"_s, OptionMap{{{u"a"_s, u"text_pattern_ops"_s}}}));
    add("gin", {columnExpr(u"d"_s)},
        {{u"postgresql_using"_s, u"gin"_s},
         {u"postgresql_ops"_s, OptionMap{{{u"d"_s, u"jsonb_path_ops"_s}}}}});
    add("including", {a}, options(u"include"_s, QStringList{u"c"_s, u"B"_s}));
    add("stored", {a}, options(u"with"_s, OptionMap{{{u"fillfactor"_s, u"70"_s}}}));
    add("nullsame", {a}, options(u"nulls_not_distinct"_s, true));
    table.indexes.last().unique = true;
    add("hashed", {a}, options(u"using"_s, u"hash"_s));
    return table;
}

Table mariaIndexes()
{
    const SqlTypePtr text = type({.name = u"String"_s, .length = 200});
    Table table{.name = {{}, u"t"_s},
                .columns = {{.name = u"a"_s, .type = text},
                            {.name = u"b"_s, .type = type({.name = u"Text"_s})}},
                .options = {{u"mysql_engine"_s, u"InnoDB"_s},
                            {u"mysql_default_charset"_s, u"utf8mb4"_s},
                            {u"mysql_row_format"_s, u"DYNAMIC"_s}}};
    const auto add = [&](const char *name, const QList<ExprPtr> &elements,
                         const DialectOptions &made = {}) {
        table.indexes.append(
            {.name = {QString::fromLatin1(name)}, .elements = elements, .options = made});
    };
    add("plain", {columnExpr(u"a"_s)});
    add("prefix", {columnExpr(u"b"_s)}, {{u"mysql_length"_s, OptionMap{{{u"b"_s, u"20"_s}}}}});
    add("fulltext", {columnExpr(u"b"_s)}, {{u"mysql_prefix"_s, u"FULLTEXT"_s}});
    add("descending", {ordered(u"DESC"_s, columnExpr(u"a"_s))});
    return table;
}

} // namespace

void tst_ServersCatalogue::tablesCompareEqual_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QList<Table>>("tables");
    const auto row = [](const char *name, Backend backend, const QList<Table> &tables) {
        QTest::addRow("%s: %s", backend == pg ? "pg" : "maria", name) << backend << tables;
    };
    row("every type", pg, {everyType(postgresTypes())});
    row("every type", maria, {everyType(mariaTypes())});
    for (const Backend backend : {pg, maria}) {
        row("keys and checks", backend, keysAndChecks(backend));
        row("defaults", backend, {defaults(backend)});
        const Column big{
            .name = u"id"_s, .type = type({.name = u"BigInteger"_s}), .primaryKey = true};
        row("counting key", backend,
            {{.name = {{}, u"t"_s},
              .columns = {big},
              .constraints = {PrimaryKey{.columns = {u"id"_s}}}}});
        Column still = big;
        still.autoincrement = AutoIncrement::No;
        row("still key", backend,
            {{.name = {{}, u"t"_s},
              .columns = {still},
              .constraints = {PrimaryKey{.columns = {u"id"_s}}}}});
    }
    row("indexes", pg, {postgresIndexes()});
    row("indexes", maria, {mariaIndexes()});
    row("partitioned", pg,
        {{.name = {{}, u"t"_s},
          .columns = {{.name = u"a"_s, .type = integer()}},
          .options = {{u"postgresql_partition_by"_s, u"RANGE (a)"_s}}}});
    row("stored", pg,
        {{.name = {{}, u"t"_s},
          .columns = {{.name = u"a"_s, .type = integer()}},
          .options = {{u"postgresql_with"_s, OptionMap{{{u"fillfactor"_s, u"50"_s}}}}},
          .prefixes = {u"UNLOGGED"_s}}});
    row("partitioned", maria,
        {{.name = {{}, u"t"_s},
          .columns = {{.name = u"a"_s, .type = integer()}},
          .options = {
              {u"mysql_partition_by"_s,
               u"RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)"_s}}}});
}

void tst_ServersCatalogue::tablesCompareEqual()
{
    QFETCH(Backend, backend);
    QFETCH(QList<Table>, tables);
    const lab::Database first(backend);
    const auto session = first.open();
    const Schema written = schemaOf(tables);
    QCOMPARE(create(written, *session), QString());
    const auto read = reflect(*session, {});
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    const auto difference = [&](const Schema &migrations, const Schema &database) {
        return described(compare(
            {.backend = session->backend(), .migrations = &migrations, .database = &database}));
    };
    QCOMPARE(difference(written, *read), QString());
    QCOMPARE(difference(*read, written), QString());

    const lab::Database second(backend);
    const auto other = second.open();
    QCOMPARE(create(*read, *other), QString());
    const auto again = reflect(*other, {});
    QVERIFY2(again, again ? "" : qPrintable(again.error().message));
    QCOMPARE(again->tables.keys(), read->tables.keys());
    for (const Table &table : std::as_const(read->tables)) {
        const Table &copy = *again->table(table.name);
        QVERIFY(copy.columns == table.columns);
        QVERIFY(copy.constraints == table.constraints);
        QVERIFY(copy.indexes == table.indexes);
        QVERIFY(copy == table);
    }
}
