#include "tests/reflect/tst_reflect.h"

#include "core/reflect/reflect.h"
#include "core/sqlread/createtable.h"
#include "tests/reflect/memorysession.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

void tst_Reflect::columnsAsSqliteSees_data()
{
    QTest::addColumn<QString>("ddl");
    const auto row = [](const char *name, const QString &ddl) { QTest::newRow(name) << ddl; };
    row("plain", u"CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(20), PRIMARY KEY (id))"_s);
    row("inline key", u"CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE)"_s);
    row("no types", u"CREATE TABLE t (a, b, c PRIMARY KEY)"_s);
    row("long types",
        u"CREATE TABLE t (a UNSIGNED BIG INT, b NATIVE CHARACTER(70), c DECIMAL(10,5), "
        "e VARYING CHARACTER ( 255 ), f DOUBLE PRECISION NOT NULL)"_s);
    row("quoted names",
        u"CREATE TABLE t ([a b] INT, `c``d` TEXT NOT NULL, \"e\"\"f\" REAL, 'g''h' BLOB)"_s);
    row("keyword names",
        u"CREATE TABLE t (key TEXT, action INT, \"check\" INT CHECK (\"check\" > 0), "
        "match TEXT NOT NULL, generated INT, always TEXT, desc TEXT, view INT)"_s);
    row("comments",
        u"CREATE TABLE t ( -- a, comment ( \n id /* , x INT */ INTEGER, -- b\n a TEXT)"_s);
    row("comment in check", u"CREATE TABLE t (a INT CHECK (a > 0 -- positive )\n ), b INT)"_s);
    row("conflict", u"CREATE TABLE t (a INT NOT NULL ON CONFLICT REPLACE DEFAULT 0, "
                    "b TEXT UNIQUE ON CONFLICT IGNORE, PRIMARY KEY (a) ON CONFLICT ABORT)"_s);
    row("named all",
        u"CREATE TABLE t (a INT CONSTRAINT nn NOT NULL CONSTRAINT un UNIQUE CONSTRAINT ck "
        "CHECK (a > 1) CONSTRAINT de DEFAULT 5 CONSTRAINT fk REFERENCES p (x))"_s);
    row("dangling name",
        u"CREATE TABLE t (a INT CONSTRAINT nil, b INT CONSTRAINT one CONSTRAINT two "
        "NOT NULL, CONSTRAINT three)"_s);
    row("no commas",
        u"CREATE TABLE t (a INT, b INT, UNIQUE (a) CHECK (a > b) FOREIGN KEY (b) REFERENCES p)"_s);
    row("table constraints",
        u"CREATE TABLE t (a INT, b TEXT COLLATE NOCASE, CONSTRAINT pk PRIMARY KEY (a, b), "
        "CONSTRAINT uq UNIQUE (b, a), CONSTRAINT ck CHECK (b <> ')' AND a IN (1,2)), "
        "CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p (x, y) ON DELETE SET NULL "
        "ON UPDATE CASCADE MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE)"_s);
    row("deferred",
        u"CREATE TABLE t (a INT REFERENCES p ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED NOT NULL)"_s);
    row("generated", u"CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, "
                     "c INT AS (a || ')') VIRTUAL NOT NULL, d AS (b))"_s);
    row("without rowid",
        u"CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (b DESC, a COLLATE NOCASE)) WITHOUT ROWID"_s);
    row("strict", u"CREATE TABLE t (a INTEGER PRIMARY KEY, b ANY, c TEXT NOT NULL) STRICT"_s);
    row("strict without rowid",
        u"CREATE TABLE t (a INT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID"_s);
    row("key twice named", u"CREATE TABLE t (A INTEGER, B TEXT, PRIMARY KEY (b, a))"_s);
    row("autoincrement in list", u"CREATE TABLE t (a INTEGER, PRIMARY KEY (a AUTOINCREMENT))"_s);
    row("desc key", u"CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b INT)"_s);
    row("defaults",
        u"CREATE TABLE t (a DEFAULT -1, b DEFAULT +2.5e-3, c DEFAULT (1 + (2)), d DEFAULT 'x''y', "
        "e DEFAULT \"q\", f DEFAULT NULL, g DEFAULT CURRENT_TIMESTAMP, h DEFAULT x'00ff', "
        "i DEFAULT true NOT NULL, j DEFAULT word)"_s);
    row("unicode", u"CREATE TABLE t (имя TEXT NOT NULL, \"日本\" INT, é TEXT)"_s);
    row("as select", u"CREATE TABLE t AS SELECT 1 AS a, 'x' AS b"_s);
    row("case of words",
        u"cReAtE tAbLe t (a iNtEgEr nOt NuLl pRiMaRy kEy, b text CoLlAtE nocase)"_s);
    row("schema and if", u"CREATE TABLE IF NOT EXISTS main.t (a INT)"_s);
    row("null clause", u"CREATE TABLE t (a INT NULL, b TEXT NULL ON CONFLICT FAIL NOT NULL)"_s);
    row("deep check", u"CREATE TABLE t (a INT CHECK ("_s + QString(60, u'(') + u"a"_s
                          + QString(60, u')') + u"))"_s);
}

static QList<Row> rows(Session &session, const QString &sql)
{
    const Result<QList<Row>> result = session.query(sql);
    return result ? *result : QList<Row>{};
}

void tst_Reflect::columnsAsSqliteSees()
{
    QFETCH(QString, ddl);
    test::MemorySession session;
    const Status created = session.executeAll(ddl);
    QVERIFY2(created, created ? "" : qPrintable(created.error().detail));

    const Result<Schema> schema = reflect(session, {});
    QVERIFY(schema);
    const Table *table = schema->table({{}, u"t"_s});
    QVERIFY(table);
    QVERIFY(!table->isOpaque);
    const QList<Row> facts =
        rows(session, u"SELECT name, type, \"notnull\", pk, hidden, dflt_value "
                      "FROM pragma_table_xinfo('t') ORDER BY cid"_s);
    QCOMPARE(table->columns.size(), facts.size());
    for (qsizetype i = 0; i < facts.size(); ++i) {
        const Column &column = table->columns[i];
        QCOMPARE(column.name, facts[i][0].toString());
        const QString type = column.type ? column.type->name : QString();
        QCOMPARE(type.simplified().remove(u' ').toUpper(),
                 facts[i][1].toString().remove(u' ').toUpper());
        const bool isKeyWithoutRowid =
            table->options.contains(u"sqlite_with_rowid"_s) && facts[i][3].toInt() > 0;
        QCOMPARE(column.isNullable(),
                 !facts[i][2].toBool() || (isKeyWithoutRowid && *column.nullable));
        QCOMPARE(column.computed.has_value(), facts[i][4].toInt() > 1);
        QCOMPARE(column.serverDefault != nullptr, !facts[i][5].isNull());
    }
}

void tst_Reflect::keysAsSqliteSees()
{
    QFETCH(QString, ddl);
    test::MemorySession session;
    QVERIFY(session.executeAll(ddl));
    const Result<Schema> schema = reflect(session, {});
    QVERIFY(schema);
    const Table *table = schema->table({{}, u"t"_s});
    QVERIFY(table);

    QStringList key;
    for (const Row &row :
         rows(session, u"SELECT name FROM pragma_table_xinfo('t') WHERE pk > 0 ORDER BY pk"_s))
        key.append(row[0].toString());
    QCOMPARE(table->primaryKey() ? table->primaryKey()->columns : QStringList(), key);

    QStringList foreign;
    for (const Row &row :
         rows(session, u"SELECT group_concat(\"from\"), \"table\", on_delete, on_update, id FROM "
                       "(SELECT * FROM pragma_foreign_key_list('t') ORDER BY id DESC, seq) "
                       "GROUP BY id ORDER BY id DESC"_s))
        foreign.append(row[0].toString() + u'>' + row[1].toString() + u'|' + row[2].toString()
                       + u'|' + row[3].toString());
    QStringList unique;
    for (const Row &row :
         rows(session, u"SELECT (SELECT group_concat(name) FROM pragma_index_info(l.name)) "
                       "FROM pragma_index_list('t') l WHERE origin = 'u' ORDER BY l.seq DESC"_s))
        unique.append(row[0].toString());
    QStringList readForeign;
    QStringList readUnique;
    for (const Constraint &constraint : table->constraints) {
        if (const auto *fk = std::get_if<ForeignKey>(&constraint)) {
            const auto action = [](const QString &a) { return a.isEmpty() ? u"NO ACTION"_s : a; };
            readForeign.append(fk->columns.join(u',') + u'>' + fk->target.name + u'|'
                               + action(fk->onDelete) + u'|' + action(fk->onUpdate));
        } else if (const auto *uq = std::get_if<UniqueConstraint>(&constraint)) {
            readUnique.append(uq->columns.join(u','));
        }
    }
    QCOMPARE(readForeign, foreign);
    QCOMPARE(readUnique, unique);
}

void tst_Reflect::defaultsKeepTheirMeaning_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<Expr::Kind>("kind");
    QTest::addColumn<QString>("text");
    using K = Expr::Kind;
    QTest::newRow("string") << u"'it''s'"_s << K::Value << u"it's"_s;
    QTest::newRow("empty string") << u"''"_s << K::Value << QString();
    QTest::newRow("number") << u"-1"_s << K::Text << u"-1"_s;
    QTest::newRow("group") << u"(1 + 2)"_s << K::Text << u"(1 + 2)"_s;
    QTest::newRow("word") << u"current_timestamp"_s << K::Text << u"current_timestamp"_s;
    QTest::newRow("blob") << u"x'01'"_s << K::Text << u"x'01'"_s;
    QTest::newRow("string in group") << u"('a')"_s << K::Text << u"('a')"_s;
}

void tst_Reflect::defaultsKeepTheirMeaning()
{
    QFETCH(QString, written);
    QFETCH(Expr::Kind, kind);
    QFETCH(QString, text);
    const auto parsed =
        parseCreateTable(u"CREATE TABLE t (a TEXT DEFAULT %1 NOT NULL)"_s.arg(written));
    QVERIFY(parsed);
    const ExprPtr value = parsed->table.columns[0].serverDefault;
    QVERIFY(value);
    QCOMPARE(value->kind, kind);
    QCOMPARE(kind == Expr::Kind::Value ? value->value.text : value->text, text);
    QCOMPARE(parsed->table.columns[0].nullable, std::optional(false));
}

void tst_Reflect::wholeCatalogue()
{
    test::MemorySession session;
    QVERIFY(session.executeAll(
        u"CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE, age INT);"
        "CREATE UNIQUE INDEX uq_age ON users (age DESC, lower(email)) WHERE age > 3;"
        "CREATE INDEX \"odd name\" ON users (email COLLATE NOCASE, age DESC);"
        "CREATE VIEW adults AS SELECT * FROM users WHERE age >= 18;"
        "CREATE TRIGGER aft AFTER INSERT ON users BEGIN UPDATE users SET age = 1; END;"
        "INSERT INTO users (email) VALUES ('a'); ANALYZE"_s));
    const Result<Schema> schema = reflect(session, {});
    QVERIFY(schema);
    QCOMPARE(schema->tables.size(), 1);
    const Table &users = schema->tables.first();
    QCOMPARE(users.options.value(u"sqlite_autoincrement"_s), DialectOption(true));
    QCOMPARE(users.indexes.size(), 2);
    const Index &unique = users.indexes[0];
    QVERIFY(unique.unique);
    QCOMPARE(unique.name.text, u"uq_age"_s);
    QCOMPARE(unique.elements[0]->text, u"DESC"_s);
    QCOMPARE(unique.elements[0]->args[0]->text, u"age"_s);
    QCOMPARE(unique.elements[1]->text, u"lower(email)"_s);
    QCOMPARE(std::get<ExprPtr>(unique.options.value(u"sqlite_where"_s))->text, u"age > 3"_s);
    QCOMPARE(users.indexes[1].name.text, u"odd name"_s);
    QCOMPARE(users.indexes[1].elements[0]->text, u"email COLLATE NOCASE"_s);
    QCOMPARE(schema->objects.size(), 2);
    QCOMPARE(schema->objects[0].kind, NamedObject::Kind::View);
    QCOMPARE(schema->objects[1].table, u"users"_s);
    QVERIFY(schema->objects[1].definition.endsWith(u"END"_s));
}

void tst_Reflect::versionTableIsLeftOut()
{
    test::MemorySession session;
    QVERIFY(session.executeAll(
        u"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); CREATE TABLE a (x)"_s));
    const Result<Schema> schema = reflect(session, {{}, u"alembic_version"_s});
    QVERIFY(schema);
    QCOMPARE(schema->tables.keys(), (QList<TableName>{{{}, u"a"_s}}));
}

void tst_Reflect::unreadableTextIsOpaque()
{
    test::MemorySession session;
    QVERIFY(session.executeAll(
        u"CREATE TABLE t (a INT NOT NULL, b TEXT DEFAULT 'x', PRIMARY KEY (a)); PRAGMA "
        u"writable_schema = ON;"
        "UPDATE sqlite_master SET sql = 'CREATE TABLE t (a INT, b TEXT DEFAULT ''x'', PRIMARY KEY (a))'"_s));
    const Result<Schema> schema = reflect(session, {}); // the open connection still knows NOT NULL
    QVERIFY(schema);
    const Table &table = schema->tables.first();
    QVERIFY(table.isOpaque);
    QCOMPARE(table.columns.size(), 2);
    QVERIFY(!table.columns[0].isNullable());
    QCOMPARE(table.primaryKey()->columns, QStringList{u"a"_s});
}

void tst_Reflect::virtualTables()
{
    test::MemorySession session;
    if (!session.executeAll(u"CREATE VIRTUAL TABLE search USING fts5(title, body)"_s))
        QVERIFY(session.executeAll(u"CREATE VIRTUAL TABLE search USING rtree(id, a, b)"_s));
    const Result<Schema> schema = reflect(session, {});
    QVERIFY(schema);
    QCOMPARE(schema->tables.size(), 1);
    QVERIFY(schema->tables.first().isOpaque);
    QVERIFY(
        std::get<QString>(schema->tables.first().options.value(u"sqlite_module"_s)).contains(u'('));
}

void tst_Reflect::nothingIsWritten()
{
    test::MemorySession session;
    QVERIFY(session.executeAll(u"CREATE TABLE t (a INT); PRAGMA query_only = ON"_s));
    const Result<Schema> first = reflect(session, {});
    QVERIFY(first);
    QCOMPARE(*reflect(session, {}), *first);
}

namespace {

class OldSession final : public Session
{
public:
    Backend backend() const override { return Backend::PostgreSql; }
    Result<qint64> execute(const QString &) override { return qint64(-1); }
    Result<QList<Row>> query(const QString &, const QList<QVariant> &) override
    {
        return QList<Row>{{110022, 2200, u"public"_s}};
    }
    Result<Fetched> fetch(const QString &) override
    {
        return Error{.message = QStringLiteral("not asked for")};
    }
    Status begin() override { return done(); }
    Status commit() override { return done(); }
    Status rollback() override { return done(); }
    void interrupt() override {}
    bool inTransaction() const override { return false; }
    QString serverVersion() override { return {}; }
};

} // namespace

void tst_Reflect::oldServersAreRefused()
{
    OldSession session;
    const Result<Schema> schema = reflect(session, {});
    QVERIFY(!schema);
    QCOMPARE(schema.error().code, ErrorCode::Unsupported);
    QVERIFY2(schema.error().message.contains(u"PostgreSQL 11"_s),
             qPrintable(schema.error().message));
}
