#include "tst_replay.h"

#include "market.h"

#include "core/ops/columnuse.h"
#include "core/ops/implicitname.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

QString exprText(const ExprPtr &expression)
{
    return expression ? expression->text : u"-"_s;
}

/// A table as text, so that a row of a test says all of it.
QString described(const Table &table)
{
    QStringList parts;
    for (const Column &c : table.columns) {
        QString text = c.name + u':' + (c.type ? c.type->name : u"-"_s);
        text += c.isNullable() ? QString() : u"!"_s;
        text += c.serverDefault ? u"="_s
                                      + (c.serverDefault->kind == Expr::Kind::Value
                                             ? c.serverDefault->value.text
                                             : c.serverDefault->text)
                                : QString();
        text += c.hasComment ? u"#"_s + c.comment : QString();
        parts.append(text);
    }
    for (const Constraint &c : table.constraints) {
        QString text = constraintKind(c).left(2) + u' ' + constraintName(c).text + u'(';
        if (const auto *key = std::get_if<PrimaryKey>(&c))
            text += key->columns.join(u',');
        else if (const auto *unique = std::get_if<UniqueConstraint>(&c))
            text += unique->columns.join(u',');
        else if (const auto *check = std::get_if<CheckConstraint>(&c))
            text += exprText(check->condition);
        else if (const auto *fk = std::get_if<ForeignKey>(&c))
            text += fk->columns.join(u',') + u'>' + fk->target.text() + u'.'
                    + fk->targetColumns.join(u',');
        parts.append(text + u')');
    }
    for (const Index &i : table.indexes) {
        QStringList elements;
        for (const ExprPtr &element : i.elements)
            elements.append(exprText(element));
        QString text =
            (i.unique ? u"ux "_s : u"ix "_s) + i.name.text + u'(' + elements.join(u',') + u')';
        for (const DialectOption &option : i.options)
            text += u'?' + exprText(std::get<ExprPtr>(option));
        parts.append(text);
    }
    return parts.join(u"; "_s) + (table.isOpaque ? u" OPAQUE"_s : QString());
}

QString described(const Schema &schema)
{
    QStringList parts;
    for (const Table &table : schema.tables)
        parts.append(table.name.text() + u"{ "_s + described(table) + u" }"_s);
    return parts.join(u' ')
           + (schema.opaqueReasons.isEmpty() ? QString()
                                             : u" ?"_s + schema.opaqueReasons.join(u'|'));
}

const QString ordersText =
    u"orders{ id:Integer; user_id:Integer; pr (id); fo fk_user(user_id>users.id) }"_s;

} // namespace

void tst_Replay::operations_data()
{
    QTest::addColumn<Operations>("operations");
    QTest::addColumn<QString>("expected"); // of users, orders when that changes

    const QString whole =
        u"id:Integer; email:Integer; age:Integer; pr (id); un uq_email(email); un (email,age); "
        "ch ck_age(age > 0); fo (age>users.id); ix ix_age(age)?age IS NOT NULL; ix ix_both(email,age)"_s;
    QTest::newRow("nothing") << Operations{} << ordersText + u" users{ "_s + whole + u" }"_s;
    QTest::newRow("drop table") << Operations{{DropTable{users}}} << ordersText;
    QTest::newRow("drop unknown table")
        << Operations{{DropTable{{{}, u"none"_s}}}, {DropTable{users}}} << ordersText;
    QTest::newRow("rename table carries keys")
        << Operations{{RenameTable{users, u"people"_s}}}
        << u"orders{ id:Integer; user_id:Integer; pr (id); fo fk_user(user_id>people.id) } people{ "_s
               + QString(whole).replace(u"users."_s, u"people."_s) + u" }"_s;
    QTest::newRow("create twice with if not exists")
        << Operations{{CreateTable{Table{.name = orders}, true}}}
        << ordersText + u" users{ "_s + whole + u" }"_s;
    QTest::newRow("drop column takes what uses it")
        << Operations{{DropColumn{users, u"age"_s}}}
        << ordersText + u" users{ id:Integer; email:Integer; pr (id); un uq_email(email) }"_s;
    QTest::newRow("drop key column")
        << Operations{{DropTable{orders}}, {DropColumn{users, u"id"_s}}}
        << u"users{ email:Integer; age:Integer; un uq_email(email); un (email,age); ch ck_age(age "
           u"> 0); "
           "fo (age>users.id); ix ix_age(age)?age IS NOT NULL; ix ix_both(email,age) }"_s;
    QTest::newRow("rename column everywhere")
        << Operations{{AlterColumn{.table = users, .column = u"age"_s, .newName = u"years"_s}},
                      {AlterColumn{.table = users, .column = u"id"_s, .newName = u"key"_s}}}
        << u"orders{ id:Integer; user_id:Integer; pr (id); fo fk_user(user_id>users.key) } users{ "
           "key:Integer; email:Integer; years:Integer; pr (key); un uq_email(email); un "
           "(email,years); "
           "ch ck_age(years > 0); fo (years>users.key); ix ix_age(years)?years IS NOT NULL; ix ix_both(email,years) }"_s;
    QTest::newRow("alter everything of a column")
        << Operations{{DropTable{users}},
                      {AlterColumn{.table = orders,
                                   .column = u"user_id"_s,
                                   .nullable = false,
                                   .comment = u"who"_s,
                                   .serverDefault = DefaultChange{.expression = stringExpr(u"7"_s)},
                                   .type = type(u"BigInteger"_s)}}}
        << u"orders{ id:Integer; user_id:BigInteger!=7#who; pr (id); fo fk_user(user_id>users.id) }"_s;
    QTest::newRow("take default and comment away")
        << Operations{{DropTable{users}},
                      {AlterColumn{.table = orders,
                                   .column = u"user_id"_s,
                                   .comment = u"who"_s,
                                   .serverDefault =
                                       DefaultChange{.expression = stringExpr(u"7"_s)}}},
                      {AlterColumn{.table = orders,
                                   .column = u"user_id"_s,
                                   .clearComment = true,
                                   .serverDefault = DefaultChange{}}}}
        << ordersText;
    QTest::newRow("alter unknown column")
        << Operations{{DropTable{users}},
                      {AlterColumn{.table = orders, .column = u"none"_s, .nullable = false}}}
        << QString(ordersText).replace(u" }"_s, u" OPAQUE }"_s);
    QTest::newRow("add to unknown table")
        << Operations{{DropTable{users}},
                      {DropTable{orders}},
                      {AddColumn{.table = users, .column = column(u"a"_s)}}}
        << u"users{ a:Integer OPAQUE }"_s;
    QTest::newRow("add column with key, index")
        << Operations{{DropTable{users}},
                      {AddColumn{.table = orders,
                                 .column = column(u"sku"_s),
                                 .constraints = {UniqueConstraint{.columns = {u"sku"_s}}},
                                 .indexes = {index(u"ix_sku"_s, {u"sku"_s})}}}}
        << u"orders{ id:Integer; user_id:Integer; sku:Integer; pr (id); fo fk_user(user_id>users.id); un (sku); ix ix_sku(sku) }"_s;
    QTest::newRow("new primary key takes the old one's place")
        << Operations{{DropTable{users}},
                      {AddConstraint{orders,
                                     PrimaryKey{.name = {u"pk"_s}, .columns = {u"user_id"_s}}}}}
        << u"orders{ id:Integer; user_id:Integer!; pr pk(user_id); fo fk_user(user_id>users.id) }"_s;
    QTest::newRow("indexes are found by name alone")
        << Operations{{DropTable{orders}},
                      {DropIndex{.name = {u"ix_age"_s}}},
                      {DropIndex{.name = {u"ix_both"_s}, .table = orders}}}
        << u"users{ "_s + whole.section(u"; ix"_s, 0, 0) + u" }"_s;
    QTest::newRow("index made again under its name")
        << Operations{{DropTable{users}},
                      {CreateIndex{orders, index(u"i"_s, {u"id"_s})}},
                      {CreateIndex{orders, index(u"i"_s, {u"user_id"_s}, true)}},
                      {CreateIndex{orders, index(u"i"_s, {u"id"_s}), true}}}
        << QString(ordersText).replace(u" }"_s, u"; ux i(user_id) }"_s);
    QTest::newRow("drop constraints by name")
        << Operations{{DropTable{orders}},
                      {DropConstraint{users, {u"uq_email"_s}, u"unique"_s}},
                      {DropConstraint{users, {u"ck_age"_s}, {}}},
                      {DropIndex{.name = {u"ix_age"_s}}},
                      {DropConstraint{users, {u"anything"_s}, u"primary"_s}},
                      {DropColumn{users, u"age"_s}}}
        << u"users{ id:Integer; email:Integer }"_s;
    QTest::newRow("drop constraint of the wrong kind is not followed")
        << Operations{{DropTable{users}}, {DropConstraint{orders, {u"fk_user"_s}, u"check"_s}}}
        << QString(ordersText).replace(u" }"_s, u" OPAQUE }"_s);
    QTest::newRow("if exists knows nothing lost")
        << Operations{{DropTable{users}}, {DropConstraint{orders, {u"none"_s}, {}, true}}}
        << ordersText;
}

void tst_Replay::operations()
{
    QFETCH(Operations, operations);
    QFETCH(QString, expected);
    Schema schema;
    replay(market() + operations, schema);
    QCOMPARE(described(schema), expected);
}

void tst_Replay::batch_data()
{
    QTest::addColumn<BatchAlterTable>("block");
    QTest::addColumn<QString>("expected"); // of orders

    const auto block = [](const Operations &inner) {
        return BatchAlterTable{.table = orders, .operations = inner};
    };
    QTest::newRow("in order")
        << block({{AddColumn{.table = orders, .column = column(u"a"_s)}},
                  {AlterColumn{.table = orders, .column = u"a"_s, .newName = u"b"_s}},
                  {CreateIndex{orders, index(u"ix"_s, {u"b"_s})}}})
        << u"id:Integer; user_id:Integer; b:Integer; pr (id); fo fk_user(user_id>users.id); ix ix(b)"_s;
    QTest::newRow("placed")
        << block({{AddColumn{.table = orders, .column = column(u"a"_s), .insertAfter = u"id"_s}},
                  {AddColumn{.table = orders, .column = column(u"b"_s), .insertBefore = u"id"_s}}})
        << u"b:Integer; id:Integer; a:Integer; user_id:Integer; pr (id); fo fk_user(user_id>users.id)"_s;
    QTest::newRow("a constraint of the same name takes its place")
        << block({{AddConstraint{
               orders, UniqueConstraint{.name = {u"fk_user"_s}, .columns = {u"user_id"_s}}}}})
        << u"id:Integer; user_id:Integer; pr (id); un fk_user(user_id)"_s;
    QTest::newRow("an index behind its column") << block(
        {{CreateIndex{orders, index(u"ix"_s, {u"user_id"_s})}}, {DropColumn{orders, u"user_id"_s}}})
                                                << u"id:Integer; pr (id)"_s;
    BatchAlterTable reordered =
        block({{AddColumn{.table = orders, .column = column(u"z"_s)}},
               {AlterColumn{.table = orders, .column = u"id"_s, .nullable = false}}});
    reordered.partialReordering = {{u"z"_s, u"user_id"_s, u"id"_s}};
    QTest::newRow("reordered")
        << reordered
        << u"z:Integer; user_id:Integer; id:Integer!; pr (id); fo fk_user(user_id>users.id)"_s;
    reordered.partialReordering = {{u"z"_s, u"id"_s}, {u"id"_s, u"z"_s}};
    QTest::newRow("contradicting order stays")
        << reordered
        << u"id:Integer!; user_id:Integer; z:Integer; pr (id); fo fk_user(user_id>users.id)"_s;
    BatchAlterTable copied =
        block({{AlterColumn{.table = orders, .column = u"id"_s, .nullable = false}}});
    copied.copyFrom = Table{.name = orders, .columns = {column(u"id"_s)}};
    QTest::newRow("copy_from of a rebuild") << copied << u"id:Integer!"_s;
    copied.operations = {{CreateIndex{orders, index(u"ix"_s, {u"id"_s})}}};
    QTest::newRow("copy_from without a rebuild")
        << copied
        << u"id:Integer; user_id:Integer; pr (id); fo fk_user(user_id>users.id); ix ix(id)"_s;
    BatchAlterTable named =
        block({{DropConstraint{orders, {u"pk_orders"_s}, u"primary"_s}},
               {AddConstraint{orders, UniqueConstraint{.name = {u"uq"_s}, .columns = {u"id"_s}}}}});
    named.namingConvention = {{u"pk"_s, u"pk_%(table_name)s"_s}};
    named.tableArgs = {CheckConstraint{.name = {u"ck"_s}, .condition = textExpr(u"id > 0"_s)}};
    named.reflectColumns = {column(u"user_id"_s, u"BigInteger"_s)};
    QTest::newRow("convention, table_args, columns")
        << named
        << u"id:Integer; user_id:BigInteger; ch ck(id > 0); fo fk_user(user_id>users.id); un uq(id)"_s;
}

void tst_Replay::batch()
{
    QFETCH(BatchAlterTable, block);
    QFETCH(QString, expected);
    Schema schema;
    replay(market(), schema);
    replay({block}, schema);
    QCOMPARE(described(*schema.table(orders)), expected);
}

void tst_Replay::dropsByServerName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("left"); // of the five constraints
    QTest::newRow("PostgreSQL key") << u"users_pkey"_s << QString() << 4;
    QTest::newRow("PostgreSQL unique") << u"users_email_age_key"_s << u"unique"_s << 4;
    QTest::newRow("MySQL unique") << u"email_2"_s << u"unique"_s << 4;
    QTest::newRow("PostgreSQL foreign key") << u"users_age_fkey"_s << u"foreignkey"_s << 4;
    QTest::newRow("MySQL foreign key") << u"users_ibfk_1"_s << u"foreignkey"_s << 4;
    QTest::newRow("a named one has no server name") << u"users_email_key"_s << u"unique"_s << 5;
    QTest::newRow("a named check") << u"users_age_check"_s << u"check"_s << 5;
    QTest::newRow("unique index on MySQL") << u"ux"_s << u"unique"_s << 5;
}

void tst_Replay::dropsByServerName()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    QFETCH(int, left);
    Schema schema;
    replay(market(), schema);
    schema.table(users)->indexes.append(index(u"ux"_s, {u"id"_s}, true));
    replay({DropConstraint{users, {name}, kind}}, schema);
    QCOMPARE(schema.table(users)->constraints.size(), left);
    QCOMPARE(schema.table(users)->isOpaque, left == 5 && name != u"ux"_s);
    QCOMPARE(schema.table(users)->indexes.size(), name == u"ux"_s ? 2 : 3);
}

void tst_Replay::conventionNames_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QString &pattern, const QString &expected) {
        QTest::newRow(qPrintable(pattern)) << pattern << expected;
    };
    row(u"fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"_s, u"fk_orders_a_users"_s);
    row(u"%(column_0_label)s"_s, u"orders_a"_s);
    row(u"%(column_0N_name)s"_s, u"ab"_s);
    row(u"%(column_0_N_name)s"_s, u"a_b"_s);
    row(u"%(column_0_N_label)s"_s, u"orders_a_orders_b"_s);
    row(u"%(column_1_key)s_%(referred_column_0_name)s"_s, u"b_x"_s);
    row(u"%(column_2_name)s"_s, QString());
    row(u"%(constraint_name)s"_s, QString());
    row(u"%(unknown)s"_s, QString());
    row(u"100%"_s, u"100%"_s);
}

void tst_Replay::conventionNames()
{
    QFETCH(QString, pattern);
    QFETCH(QString, expected);
    const ForeignKey key{
        .columns = {u"a"_s, u"b"_s}, .target = users, .targetColumns = {u"x"_s, u"y"_s}};
    QCOMPARE(conventionName({{u"fk"_s, pattern}}, orders, key), expected);
}

namespace {

/// Understands "ok" only.
class OneWordReader final : public RawSqlReader
{
public:
    bool apply(const QString &sql, Schema &schema) const override
    {
        if (sql == u"ok 100%")
            schema.tables.remove(users);
        return sql.startsWith(u"ok");
    }
    Backend backend() const override { return Backend::Sqlite; }
};

} // namespace

void tst_Replay::rawSql()
{
    const OneWordReader reader;
    Schema schema;
    replay(market(), schema);
    replay({Execute{.statement = textExpr(u"ok"_s)}}, schema, &reader);
    QVERIFY(schema.opaqueReasons.isEmpty());
    Operation odd{Execute{.statement = textExpr(u"\n DO  something\nlong"_s)}, {.line = 12}};
    replay(odd, schema, &reader);
    QCOMPARE(schema.opaqueReasons, QStringList{u"line 12: DO something"_s});
    replay(odd, schema, nullptr);
    QCOMPARE(schema.opaqueReasons.size(), 2);
    replay({Execute{.statement = textExpr(u"ok 100%%"_s), .isDdlText = true}}, schema, &reader);
    QVERIFY(!schema.table(users));
}

/// Only SQLite copies tables, so that only there a convention names what had no name.
void tst_Replay::batchElsewhere()
{
    BatchAlterTable block{
        .table = orders,
        .operations = {{AlterColumn{.table = orders, .column = u"id"_s, .nullable = false}}}};
    block.namingConvention = {{u"uq"_s, u"uq_%(table_name)s"_s}};
    const Operations all{{AddConstraint{orders, UniqueConstraint{.columns = {u"user_id"_s}}}},
                         {block}};
    const auto nameOf = [&](const RawSqlReader *reader) {
        Schema schema;
        replay(market() + all, schema, reader);
        return constraintName(schema.tables.value(orders).constraints.constLast()).text;
    };
    const LenientReader postgresql;
    QCOMPARE(nameOf(nullptr), u"uq_orders"_s);
    QCOMPARE(nameOf(&postgresql), QString());
}

/// MODIFY and CHANGE forget what they don't repeat.
void tst_Replay::alteredOnMySql()
{
    class Reader final : public RawSqlReader
    {
    public:
        bool apply(const QString &, Schema &) const override { return true; }
        Backend backend() const override { return Backend::MySql; }
    };
    const Reader mysql;
    const LenientReader postgresql;
    const auto isNullable = [&](const AlterColumn &change, const RawSqlReader &reader) {
        Schema schema;
        replay(market()
                   + Operations{{AlterColumn{
                                    .table = orders, .column = u"user_id"_s, .nullable = false}},
                                {change}},
               schema, &reader);
        return schema.tables.value(orders).column(u"user_id"_s)->isNullable();
    };
    AlterColumn change{.table = orders, .column = u"user_id"_s, .comment = u"x"_s};
    QVERIFY(isNullable(change, mysql));
    QVERIFY(!isNullable(change, postgresql));
    change.existingNullable = false;
    QVERIFY(!isNullable(change, mysql));
}

/// On PostgreSQL a named type that is there keeps its labels; elsewhere they are the column's own.
void tst_Replay::labelsOfKnownTypes()
{
    const auto mood = [](const QStringList &labels) {
        return std::make_shared<const SqlType>(
            SqlType{.name = u"Enum"_s, .labels = labels, .typeName = u"mood"_s});
    };
    const QStringList few{u"a"_s, u"b"_s};
    const QStringList more{u"a"_s, u"b"_s, u"c"_s};
    Table table{.name = users, .columns = {column(u"m"_s)}};
    table.columns[0].type = mood(few);
    AlterColumn alter{.table = users, .column = u"m"_s};
    alter.type = mood(more);
    Column added = column(u"n"_s);
    added.type = mood(more);
    class Reader final : public RawSqlReader
    {
    public:
        explicit Reader(Backend backend)
            : m_backend(backend)
        {}
        bool apply(const QString &, Schema &) const override { return true; }
        Backend backend() const override { return m_backend; }

    private:
        const Backend m_backend;
    };
    for (const Backend backend : {Backend::PostgreSql, Backend::MySql}) {
        const Reader reader(backend);
        Schema schema;
        replay({{CreateTable{table}}, {alter}, {AddColumn{users, added}}}, schema, &reader);
        const QStringList labels = backend == Backend::PostgreSql ? few : more;
        QCOMPARE(schema.table(users)->column(u"m"_s)->type->labels, labels);
        QCOMPARE(schema.table(users)->column(u"n"_s)->type->labels, labels);
    }
}

void tst_Replay::types()
{
    const auto status = std::make_shared<const SqlType>(
        SqlType{.name = u"Enum"_s, .labels = {u"new"_s, u"done"_s}, .typeName = u"status"_s});
    Schema schema;
    replay({{CreateType{status}}, {CreateType{status}}}, schema);
    QCOMPARE(schema.objects.size(), 1);
    QCOMPARE(schema.objects[0].labels, status->labels);
    replay({DropType{status}}, schema);
    QVERIFY(schema.objects.isEmpty());

    // A check that came with a type goes by the type's name, or with the type.
    SqlType flag{.name = u"Boolean"_s, .typeName = u"ck_flag"_s, .createConstraint = true};
    Table table{.name = users, .columns = {column(u"flag"_s)}};
    table.columns[0].type = std::make_shared<const SqlType>(flag);
    replay({{CreateTable{table}}, {DropConstraint{users, {u"ck_flag"_s}, u"check"_s}}}, schema);
    QVERIFY(!schema.table(users)->isOpaque);
    QVERIFY(!schema.table(users)->columns[0].type->createConstraint);
    table.constraints = {
        CheckConstraint{.condition = textExpr(u"flag IN (0, 1)"_s), .isTypeBound = true}};
    replay({{CreateTable{table}},
            {AlterColumn{.table = users, .column = u"flag"_s, .type = type(u"Integer"_s)}}},
           schema);
    QVERIFY(schema.table(users)->constraints.isEmpty());
}

void tst_Replay::dataChangesNothing()
{
    Schema before;
    replay(market(), before);
    Schema after = before;
    const auto insert = std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Insert});
    replay({{Execute{.statement = insert}},
            {BulkInsert{.table = {.name = u"users"_s}}},
            {AutocommitBegin{}},
            {AutocommitEnd{}},
            {Execute{.statement = textExpr(u"  "_s)}}},
           after);
    QCOMPARE(after, before);
}

void tst_Replay::renamedWords_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("expected");
    QTest::newRow("word") << u"price > 0 AND Price < 9"_s << u"cost"_s
                          << u"cost > 0 AND cost < 9"_s;
    QTest::newRow("string") << u"price <> 'price'"_s << u"cost"_s << u"cost <> 'price'"_s;
    QTest::newRow("quotes kept") << u"\"price\" + [price] + `price`"_s << u"cost"_s
                                 << u"\"cost\" + [cost] + `cost`"_s;
    QTest::newRow("quotes needed")
        << u"price > 0"_s << u"the \"cost\""_s << u"\"the \"\"cost\"\"\" > 0"_s;
    QTest::newRow("function") << u"price(price)"_s << u"cost"_s << u"price(cost)"_s;
    QTest::newRow("table") << u"price.price"_s << u"cost"_s << u"price.cost"_s;
    QTest::newRow("longer words") << u"prices + price_"_s << u"cost"_s << u"prices + price_"_s;
    QTest::newRow("comment") << u"a /* price */ -- price"_s << u"cost"_s
                             << u"a /* price */ -- price"_s;
    QTest::newRow("parameter and cast") << u":price::price"_s << u"cost"_s << u":price::price"_s;
    QTest::newRow("open string") << u"'price"_s << u"cost"_s << u"'price"_s;
}

void tst_Replay::renamedWords()
{
    QFETCH(QString, sql);
    QFETCH(QString, to);
    QFETCH(QString, expected);
    QCOMPARE(withColumnRenamed(sql, u"price"_s, to), expected);
    QCOMPARE(mentionsColumn(sql, u"price"_s), sql != expected);
    QCOMPARE(withColumnRenamed(textExpr(sql), u"price"_s, to)->text, expected);
}
