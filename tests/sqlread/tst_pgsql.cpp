#include "tests/sqlread/tst_pgsql.h"

#include "core/sqlread/psqlscript.h"
#include "core/sqlread/rawsql.h"

#include <QTest>
#include <thread>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

constexpr Backend pg = Backend::PostgreSql;

QString exprText(const ExprPtr &expression)
{
    if (!expression)
        return u"-"_s;
    if (expression->kind == Expr::Kind::Unary)
        return exprText(expression->args[0]) + u' ' + expression->text;
    return expression->kind == Expr::Kind::Value    ? u'\'' + expression->value.text + u'\''
           : expression->kind == Expr::Kind::Column ? u'.' + expression->text
                                                    : expression->text;
}

QString optionText(const DialectOptions &options)
{
    QStringList parts;
    for (auto option = options.cbegin(); option != options.cend(); ++option) {
        QString value;
        if (const auto *text = std::get_if<QString>(&*option))
            value = *text;
        else if (const auto *list = std::get_if<QStringList>(&*option))
            value = list->join(u'+');
        else if (const auto *expression = std::get_if<ExprPtr>(&*option))
            value = exprText(*expression);
        else if (const auto *map = std::get_if<OptionMap>(&*option))
            for (const auto &[key, entry] : map->entries)
                value += key + u':' + entry;
        parts.append(option.key().section(u'_', 1) + (value.isEmpty() ? QString() : u'=' + value));
    }
    return parts.isEmpty() ? QString() : u" {"_s + parts.join(u", "_s) + u'}';
}

QString described(const Column &column)
{
    QString text = column.name + u' ' + (column.type ? column.type->name : u"?"_s);
    text += column.isNullable() ? QString() : u" !"_s;
    text += column.serverDefault ? u" ="_s + exprText(column.serverDefault) : QString();
    text += column.computed ? u" :="_s + exprText(column.computed->expression) : QString();
    text += column.collation.isEmpty() ? QString() : u" c:"_s + column.collation;
    if (column.identity)
        text += u" id%1:%2:%3"_s.arg(column.identity->always ? u"a"_s : u"d"_s)
                    .arg(column.identity->start.value_or(0))
                    .arg(column.identity->maxValue.value_or(0));
    for (qsizetype i = 0; i < column.checks.size(); ++i)
        text += u" ck "_s + column.checkNames[i].text + u'(' + exprText(column.checks[i]) + u')';
    return text;
}

QString described(const Constraint &constraint)
{
    QString text = constraintKind(constraint) + u' ' + constraintName(constraint).text + u'(';
    if (const auto *key = std::get_if<PrimaryKey>(&constraint))
        return text + key->columns.join(u',') + u')' + optionText(key->options);
    if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
        return text + unique->columns.join(u',') + u')' + optionText(unique->options)
               + (unique->deferrable.value_or(false) ? u" d:"_s + unique->initially : QString());
    if (const auto *key = std::get_if<ForeignKey>(&constraint))
        return text + key->columns.join(u',') + u")>"_s + key->target.text() + u'('
               + key->targetColumns.join(u',') + u')' + key->onDelete + u'|' + key->onUpdate
               + (key->deferrable.value_or(false) ? u" d:"_s + key->initially : QString())
               + optionText(key->options);
    if (const auto *check = std::get_if<CheckConstraint>(&constraint))
        return text + exprText(check->condition) + u')' + optionText(check->options);
    const auto &exclude = std::get<ExcludeConstraint>(constraint);
    for (const auto &[element, op] : exclude.elements)
        text += exprText(element) + u" WITH "_s + op + u';';
    return text + u')' + exclude.method + u' ' + exprText(exclude.where);
}

/// All that is known of table t.
QString describedTable(const Schema &schema)
{
    const Table *table = schema.table({{}, u"t"_s});
    if (!table)
        return u"none"_s;
    QStringList parts;
    for (const Column &column : table->columns)
        parts.append(described(column));
    for (const Constraint &constraint : table->constraints)
        parts.append(described(constraint));
    for (const Index &index : table->indexes) {
        QStringList elements;
        for (const ExprPtr &element : index.elements)
            elements.append(exprText(element));
        parts.append((index.unique ? u"unique "_s : QString()) + u"index "_s + index.name.text
                     + u'(' + elements.join(u',') + u')' + optionText(index.options));
    }
    return parts.join(u"; "_s) + optionText(table->options)
           + (table->columnsOpaque ? u" ??"_s
              : table->isOpaque    ? u" ?"_s
                                   : QString());
}

} // namespace

void tst_PgSql::tables_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QString &sql, const QString &expected) {
        QTest::newRow(qPrintable(sql.left(90))) << sql << expected;
    };
    const auto column = [&](const QString &definition, const QString &expected) {
        row(u"CREATE TABLE t ("_s + definition + u')', expected);
    };
    column(u"a int DEFAULT (1 + 2) * 3 NOT NULL"_s, u"a int ! =(1 + 2) * 3"_s);
    column(u"a text DEFAULT 'it''s', b text DEFAULT 'x'::text, c text DEFAULT E'\\n'"_s,
           u"a text ='it's'; b text ='x'::text; c text ='\n'"_s);
    column(u"a int[] DEFAULT ARRAY[1, 2]::int[] CHECK (a[1] > 0), b int"_s,
           u"a int[] =ARRAY[1, 2]::int[] ck (a[1] > 0); b int"_s);
    column(u"ä int DEFAULT 5, \"ö x\" text DEFAULT '𝄞ß' || 'x' NOT NULL, c int DEFAULT 7"_s,
           u"ä int =5; ö x text ! ='𝄞ß' || 'x'; c int =7"_s);
    column(
        u"a double precision, b timestamp(3) /* of */ without time zone, c interval year to month, "
        "d s.\"T\"[], e character varying(5) COLLATE \"C\" NOT NULL, f numeric(10,2)"_s,
        u"a double precision; b timestamp(3) without time zone; c interval year to month; "
        "d s.\"T\"[]; e character varying(5) ! c:C; f numeric(10,2)"_s);
    column(
        u"a text COLLATE pg_catalog.\"C\", b pg_catalog.int4, c text ARRAY, d pg_catalog.varchar(3) ARRAY[4]"_s,
        u"a text c:C; b int4; c text[]; d varchar(3)[]"_s);
    column(u"a text COMPRESSION pglz DEFAULT 'x'"_s, u"a text ='x'"_s);
    column(u"a serial, b bigserial PRIMARY KEY"_s, u"a serial !; b bigserial !; primary (b)"_s);
    column(
        u"a int GENERATED ALWAYS AS IDENTITY (START WITH -5 MAXVALUE 9223372036854775807 CYCLE), "
        "b int GENERATED ALWAYS AS (a * 2) STORED"_s,
        u"a int ! ida:-5:9223372036854775807; b int :=a * 2"_s);
    column(
        u"a int CONSTRAINT ck CHECK (a > 0) NO INHERIT CONSTRAINT u UNIQUE DEFERRABLE INITIALLY DEFERRED"_s,
        u"a int ck ck(a > 0); unique u(a) d:DEFERRED"_s);
    column(u"a int REFERENCES s.p ON DELETE SET NULL, b int, FOREIGN KEY (a, b) REFERENCES "
           u"public.q (x, y) "
           "MATCH FULL ON UPDATE CASCADE DEFERRABLE"_s,
           u"a int; b int; foreignkey (a)>s.p()SET NULL|; foreignkey (a,b)>q(x,y)|CASCADE d:"_s);
    column(
        u"a int, b int, UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b), PRIMARY KEY (b) INCLUDE (a)"_s,
        u"a int; b int !; primary (b) {include=a}; unique (a) {include=b, nulls_not_distinct}"_s);
    column(
        u"a int, b tsrange, CONSTRAINT e EXCLUDE USING gist (a WITH =, lower(b) WITH &&) WHERE (a > 0)"_s,
        u"a int; b tsrange; exclude e(.a WITH =;lower(b) WITH &&;)gist a > 0"_s);
    row(u"CREATE TABLE t (a int) PARTITION BY RANGE (a)"_s, u"a int {partition_by=RANGE (a)}"_s);
    row(u"CREATE TABLE t PARTITION OF p FOR VALUES IN (1)"_s, u" {partition_of=p} ??"_s);
    row(u"CREATE TABLE t (a int) INHERITS (p, s.q) WITH (fillfactor=70) TABLESPACE x"_s,
        u"a int {inherits=p+s.q, tablespace=x, with=fillfactor:70}"_s);
    row(u"CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int) INHERITS (p)"_s,
        u"a int !; b int {inherits=p}"_s);
    row(u"CREATE TABLE t (LIKE u)"_s, u" ??"_s);
    row(u"CREATE TABLE t OF k"_s, u" ??"_s);
    row(u"CREATE TABLE t AS SELECT 1"_s, u" ??"_s);
    row(u"CREATE TEMP TABLE t (a int); CREATE TABLE pg_temp.t (a int)"_s, u"none"_s);
    const auto altered = [&](const QString &action, const QString &expected) {
        row(u"CREATE TABLE t (a int, b text); ALTER TABLE t "_s + action, expected);
    };
    altered(
        u"ALTER a SET DEFAULT coalesce(1, 2), ALTER COLUMN b SET DEFAULT 'x', ALTER a TYPE numeric(3, 1) USING a::text"_s,
        u"a numeric(3, 1) =coalesce(1, 2); b text ='x'"_s);
    altered(
        u"ALTER b TYPE varchar(5) COLLATE \"C\", ADD IF NOT EXISTS c int DEFAULT 3 CHECK (c > 0)"_s,
        u"a int; b varchar(5) c:C; c int =3 ck (c > 0)"_s);
    altered(u"ADD CHECK (a > 0) NOT VALID, ADD FOREIGN KEY (a) REFERENCES p NOT VALID"_s,
            u"a int; b text; check (a > 0) {not_valid}; foreignkey (a)>p()| {not_valid}"_s);
    altered(u"SET (fillfactor = 70), ALTER CONSTRAINT k DEFERRABLE"_s, u"a int; b text ?"_s);
    altered(u"ALTER a SET GENERATED ALWAYS"_s, u"a int; b text ??"_s);
    altered(u"INHERIT s.p, NO INHERIT s.q"_s, u"a int; b text {inherits=s.p}"_s);
    row(u"CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD PRIMARY KEY USING INDEX i"_s,
        u"a int !; primary i(a)"_s);
    row(u"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE t (a int); ALTER TABLE ONLY p ATTACH PARTITION t FOR VALUES IN (1)"_s,
        u"a int {partition_of=p}"_s);
    const auto index = [&](const QString &elements, const QString &expected) {
        row(u"CREATE TABLE t (a int); CREATE INDEX i ON t "_s + elements,
            u"a int; index i"_s + expected);
    };
    index(u"(a DESC, b NULLS FIRST, c DESC NULLS LAST)"_s,
          u"(.a DESC,.b NULLS FIRST,.c DESC NULLS LAST)"_s);
    index(u"(lower(b), (a + 1), coalesce(a, 2))"_s, u"(lower(b),(a + 1),coalesce(a, 2))"_s);
    index(
        u"USING gin (b gin_trgm_ops, lower(b) pg_catalog.text_ops) WHERE a > 1 AND b IS NOT NULL"_s,
        u"(.b,lower(b)) {ops=b:gin_trgm_opslower(b):text_ops, using=gin, where=a > 1 AND b IS NOT NULL}"_s);
    index(
        u"(b COLLATE \"C\" text_pattern_ops DESC) INCLUDE (a) WITH (fillfactor = 70) TABLESPACE x"_s,
        u"(b COLLATE \"C\" text_pattern_ops DESC) {include=a, tablespace=x, with=fillfactor:70}"_s);
}

void tst_PgSql::tables()
{
    QFETCH(QString, sql);
    QFETCH(QString, expected);
    Schema schema;
    QVERIFY(rawSqlReader(pg).apply(sql, schema));
    QCOMPARE(describedTable(schema), expected);
}

void tst_PgSql::followed_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<QString>("tables");
    QTest::addColumn<QString>("objects");
    const auto row = [](const QString &sql, const QString &tables, const QString &objects,
                        bool understood = true) {
        QTest::newRow(qPrintable(sql.left(90))) << sql << understood << tables << objects;
    };
    row(u"WITH x AS (SELECT 1) SELECT * INTO u FROM x; SELECT 1 INTO v UNION SELECT 2; SELECT 'into'"_s,
        u"t u? v?"_s, {});
    row(u"EXPLAIN SELECT 1 INTO u; EXPLAIN ANALYZE CREATE TABLE v AS SELECT 1"_s, u"t v?"_s, {});
    row(u"CREATE SCHEMA s CREATE TABLE u (a int) CREATE VIEW v AS SELECT 1"_s, u"t s.u"_s,
        u"s.v s"_s);
    row(u"CREATE TYPE k AS ENUM ('a', 'c'); ALTER TYPE k ADD VALUE 'b' BEFORE 'c'; ALTER TYPE k RENAME VALUE 'a' TO 'z'; ALTER TYPE k SET SCHEMA s"_s,
        u"t"_s, u"s.k[zbc]"_s);
    row(u"CREATE DOMAIN d AS int; ALTER TABLE t ADD e d[]; ALTER DOMAIN d RENAME TO f"_s,
        u"t(f[])"_s, u"f"_s);
    row(u"CREATE TRIGGER a AFTER INSERT ON t EXECUTE FUNCTION f(); CREATE TRIGGER a AFTER INSERT ON u EXECUTE FUNCTION f(); DROP TRIGGER a ON u"_s,
        u"t"_s, u"a@t"_s);
    row(u"CREATE SEQUENCE s OWNED BY t.a; CREATE VIEW v AS SELECT 1; COMMENT ON COLUMN v.x IS 'y'; ALTER VIEW v RENAME COLUMN x TO y"_s,
        u"t"_s, u"s@t v"_s);
    row(u"CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.f(int) RENAME TO g"_s,
        u"t"_s, u"s.g"_s);
    row(u"ALTER TABLE t RENAME CONSTRAINT none TO x; CREATE INDEX ON t (a)"_s, u"t?"_s, {});
    row(u"CREATE AGGREGATE s(int) (SFUNC = f, STYPE = int); GRANT SELECT ON t TO x; LOCK t; ALTER "
        u"ROLE x LOGIN; "
        "CREATE POLICY p ON t; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f(); VACUUM t"_s,
        u"t"_s, {});
    row(u"CALL f()"_s, u"t"_s, {}, false);
    row(u"DROP OWNED BY x"_s, u"t"_s, {}, false);
    row(u"IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y"_s, u"t"_s, {}, false);
    row(u"EXECUTE plan"_s, u"t"_s, {}, false);
    row(u"ALTER INDEX none RENAME TO x"_s, u"t"_s, {}, false);
}

void tst_PgSql::followed()
{
    QFETCH(QString, sql);
    QFETCH(bool, understood);
    Schema schema;
    QVERIFY(rawSqlReader(pg).apply(u"CREATE TABLE t (a int)"_s, schema));
    QList<Error> reasons;
    QCOMPARE(followRawSql(sql, pg, schema, &reasons), understood);
    QCOMPARE(reasons.isEmpty(), understood);
    QStringList tables;
    for (const Table &table : std::as_const(schema.tables))
        tables.append(
            table.name.text()
            + (table.columns.size() > 1 ? u'(' + table.columns[1].type->name + u')' : QString())
            + (table.isOpaque ? u"?"_s : QString()));
    QStringList objects;
    for (const NamedObject &object : std::as_const(schema.objects))
        objects.append(
            object.name.text() + (object.table.isEmpty() ? QString() : u'@' + object.table)
            + (object.labels.isEmpty() ? QString() : u'[' + object.labels.join(QString()) + u']'));
    QTEST(tables.join(u' '), "tables");
    QTEST(objects.join(u' '), "objects");
}

/// What the grammar of PostgreSQL 15 doesn't have says why and where, and marks what it names.
void tst_PgSql::refused_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<QString>("table");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a virtual column of 18")
        << u"CREATE TABLE t (\n  a int,\n  b int GENERATED ALWAYS AS (a) VIRTUAL\n)"_s << true
        << u" ??"_s << 3 << u"syntax error at or near \"VIRTUAL\""_s;
    QTest::newRow("NOT NULL as a constraint of 18")
        << u"CREATE TABLE t (a int);\nALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID"_s << true
        << u"a int ??"_s << 2 << u"syntax error at or near \"NOT\""_s;
    QTest::newRow("an index") << u"CREATE TABLE t (a int);\nCREATE INDEX i ON t (a) FROB"_s << true
                              << u"a int ?"_s << 2 << u"syntax error at or near \"FROB\""_s;
    QTest::newRow("a name in it") << u"CREATE TABLE t (a int);\nALTER FROB \"t\" x"_s << false
                                  << u"a int ??"_s << 2 << u"syntax error at or near \"FROB\""_s;
    QTest::newRow("nothing of it") << u"CREATE TABLE t (a int); FROB x"_s << false << u"a int"_s
                                   << 1 << u"syntax error at or near \"FROB\""_s;
}

void tst_PgSql::refused()
{
    QFETCH(QString, sql);
    QFETCH(bool, understood);
    QFETCH(QString, reason);
    Schema schema;
    QList<Error> reasons;
    QCOMPARE(followRawSql(sql, pg, schema, &reasons), understood);
    QTEST(describedTable(schema), "table");
    QCOMPARE(reasons.size(), 1);
    QTEST(reasons[0].line, "line");
    QCOMPARE(reasons[0].detail, reason);
    QVERIFY(reasons[0].message.contains(u"PostgreSQL 15"_s));
}

/// Whole scripts: what is left of them, and the lines of what was said of them.
void tst_PgSql::scripts_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &sql, const QString &expected) {
        QTest::newRow(name) << sql << expected;
    };
    row("rows",
        u"\\restrict x'y\nCREATE TABLE a (b int);\nCOPY a (b) FROM stdin;\n1;'\n\\.\n\n"
        "CREATE TABLE c (d int);\n\\unrestrict x'y\n"_s,
        u"a(b) c(d)"_s);
    row("rows without an end", u"CREATE TABLE a (b int);\nCOPY a FROM STDIN;\nCREATE TABLE c ("_s,
        u"a(b)"_s);
    row("psql",
        u"\\echo 'CREATE TABLE x (y int);\nCREATE TABLE a (b int) \\g\n\\connect d\n"
        "CREATE TABLE c (d text DEFAULT '\\i')\\;SELECT 1;\n"_s,
        u"a(b) c(d)"_s);
    row("what psql does unseen", u"CREATE TABLE a (b int);\n\\i x.sql\nSELECT 'x' \\gexec\n"_s,
        u"a(b) !2 !3"_s);
    row("another schema",
        u"SET search_path = s, pg_catalog;CREATE TYPE k AS ENUM ('x'); CREATE TABLE c (e int);"
        "CREATE TABLE a (b k REFERENCES c);SET search_path TO public;"
        "CREATE TABLE d (e k)"_s,
        u"d(e) s.a(b:s.k>s.c) s.c(e) / s.k"_s);
    row("found on the way",
        u"CREATE TABLE a (b int);SET search_path = s, public;"
        "ALTER TABLE a ADD c int;CREATE TABLE a (d int);RESET search_path;"
        "SELECT pg_catalog.set_config('search_path', '', false);"
        "ALTER TABLE public.a ADD e int"_s,
        u"a(b,c,e) s.a(d)"_s);
    row("transactions",
        u"BEGIN;CREATE TABLE a (b int);SAVEPOINT x;CREATE TABLE c (d int);"
        "ROLLBACK TO x;CREATE TABLE e (f int);COMMIT;BEGIN;DROP TABLE a;ROLLBACK;"
        "SELECT 1 INTO g"_s,
        u"a(b) e(f) g()?"_s);
    row("without an end", u"CREATE TABLE a (b int);\nINSERT INTO a VALUES (1;\nDROP TABLE a;"_s,
        u"a(b) !2"_s);
    row("more savepoints than are kept", u"BEGIN;"_s + u"SAVEPOINT x;"_s.repeated(64), u"!1"_s);
    row("what the server refuses",
        u"CREATE TABLE a (b int);\nCREATE TABLE a (c text);\nALTER TABLE a DROP nope;\n"
        "DROP TABLE none;\nCREATE INDEX i ON a (x);\nALTER TABLE a ADD b int;\n"
        "CREATE TEMP TABLE w (x int);\nCREATE INDEX j ON w (x);\nDROP TABLE IF EXISTS none"_s,
        u"a(b) !2 !3 !4 !5 !6"_s);
    row("a dump that drops first",
        u"ALTER TABLE ONLY public.a DROP CONSTRAINT a_pkey; DROP TABLE public.a; CREATE TABLE a (b "
        "int PRIMARY KEY)"_s,
        u"a(b)"_s);
    const QString two = u"CREATE TABLE p (id int PRIMARY KEY, k int UNIQUE);"
                        "CREATE TABLE q (id int REFERENCES p, k int REFERENCES p (k));"
                        "CREATE VIEW v AS SELECT id FROM p; CREATE VIEW w AS SELECT 1 FROM v;"_s;
    row("a table cascades", two + u"DROP TABLE p CASCADE"_s, u"q(id,k)"_s);
    row("a column cascades", two + u"ALTER TABLE p DROP id CASCADE"_s, u"p(k) q(id,k>p)"_s);
    row("whose column",
        two
            + u"ALTER TABLE p ADD n int; CREATE VIEW x AS SELECT p.n, q.id FROM p, q; ALTER TABLE "
              u"p "
              "DROP n CASCADE"_s,
        u"p(id,k) q(id>p,k>p) / v w"_s);
    row("a key cascades", two + u"ALTER TABLE p DROP CONSTRAINT p_k_key CASCADE"_s,
        u"p(id,k) q(id>p,k) / v w"_s);
    row("a schema cascades",
        u"CREATE SCHEMA s; CREATE TABLE s.p (id int PRIMARY KEY); CREATE TYPE s.k AS ENUM ('x');"
        "CREATE TABLE q (id int REFERENCES s.p, k s.k); CREATE VIEW v AS SELECT * FROM s.p;"
        "DROP SCHEMA s CASCADE"_s,
        u"q(id)"_s);
    row("a type cascades",
        u"CREATE TYPE k AS ENUM ('x'); CREATE TABLE q (a int, b k, c k[]);"
        "CREATE INDEX i ON q (b); CREATE INDEX j ON q (a); DROP TYPE k CASCADE"_s,
        u"q(a)j"_s);
    row("an extension takes its types along",
        u"CREATE EXTENSION citext; CREATE TABLE q (a int, b citext, c public.citext);"
        "CREATE INDEX i ON q (b); DROP EXTENSION citext CASCADE"_s,
        u"q(a)"_s);
    row("a function of its arguments",
        u"CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "CREATE FUNCTION f(text, OUT x int) LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(integer)"_s,
        u" / f"_s);
    row("a partition's index",
        u"CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE q (a int NOT NULL, b "
        u"int);"
        "ALTER TABLE ONLY p ATTACH PARTITION q FOR VALUES IN (1); CREATE INDEX i ON ONLY p (b);"
        "ALTER TABLE ONLY p ADD PRIMARY KEY (a); ALTER TABLE ONLY q ADD CONSTRAINT qk PRIMARY KEY "
        "(a);"
        "CREATE INDEX j ON q (b); ALTER INDEX p_pkey ATTACH PARTITION qk; "
        "ALTER INDEX i ATTACH PARTITION j"_s,
        u"p(*a,b)i q(a,b)"_s);
    row("what the server would refuse",
        u"CREATE TABLE a (b int);\nCREATE TYPE m AS ENUM ('x');\nCREATE TYPE m AS ENUM ('y');\n"
        "DROP VIEW v;\nDROP TYPE IF EXISTS n;\nDROP TYPE n;\nCREATE TABLE c (d int REFERENCES e);\n"
        "ALTER TABLE a ADD PRIMARY KEY (z);\nALTER TABLE a RENAME z TO y;\n"
        "ALTER TABLE a ALTER z SET NOT NULL;\nCOMMENT ON COLUMN a.z IS 'x';\n"
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES e"_s,
        u"a(b) !3 !4 !6 !7 !8 !9 !10 !11 !12 / m"_s);
    row("a rule of several",
        u"CREATE TABLE a (b int); CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM c; DELETE "
        "FROM d); CREATE TABLE e (f int)"_s,
        u"a(b) e(f)"_s);
}

void tst_PgSql::scripts()
{
    QFETCH(QString, sql);
    Schema schema;
    QList<Error> reasons;
    followRawSql(withoutPsqlCommands(sql, &reasons), pg, schema, &reasons);
    QStringList parts;
    for (const Table &table : std::as_const(schema.tables)) {
        QStringList columns;
        for (const Column &column : table.columns) {
            const bool isKey = table.primaryKey()
                               && table.primaryKey()->columns == QStringList(column.name)
                               && table.options.contains(u"postgresql_partition_by"_s);
            QString text = (isKey ? u"*"_s : QString()) + column.name;
            if (column.type && column.type->name.contains(u'.'))
                text += u':' + column.type->name;
            for (const Constraint &constraint : table.constraints)
                if (const auto *key = std::get_if<ForeignKey>(&constraint);
                    key && key->columns.contains(column.name))
                    text += u'>' + key->target.text();
            columns.append(text);
        }
        QString text = table.name.text() + u'(' + columns.join(u',') + u')';
        for (const Index &index : table.indexes)
            text += index.name.text;
        parts.append(text + (table.isOpaque ? u"?"_s : QString()));
    }
    for (const Error &reason : std::as_const(reasons))
        parts.append(u'!' + QString::number(reason.line));
    QStringList objects;
    for (const NamedObject &object : std::as_const(schema.objects))
        objects.append(object.name.text());
    QTEST(parts.join(u' ') + (objects.isEmpty() ? QString() : u" / "_s + objects.join(u' ')),
          "expected");
}

/// Where operations follow that know nothing of it.
void tst_PgSql::pathsOutliveTheText()
{
    Schema schema;
    QVERIFY(!rawSqlReader(pg).apply(u"SET search_path TO s"_s, schema));
    QVERIFY(rawSqlReader(pg).apply(u"SET search_path TO public, s"_s, schema));
    QVERIFY(rawSqlReader(pg).apply(u"SET search_path TO s; SET search_path = \"$user\", public"_s,
                                   schema));
}

void tst_PgSql::hostile_data()
{
    QTest::addColumn<QString>("sql");
    const auto row = [](const char *name, const QString &condition) {
        QTest::newRow(name) << u"ALTER TABLE t ADD CHECK (%1)"_s.arg(condition);
    };
    row("nested to the left", u"1"_s + u"+1"_s.repeated(250'000));
    row("casts", u"1"_s + u"::a"_s.repeated(150'000));
    row("nested to the right", u"("_s.repeated(100'000) + u'1' + u")"_s.repeated(100'000));
    row("nested functions", u"f("_s.repeated(9'000) + u")"_s.repeated(9'000));
    row("a long list", u"a IN (1"_s + u",1"_s.repeated(200'000) + u")"_s);
    row("longer than is read", u"1"_s + u" + 1"_s.repeated(200'000));
    row("a NUL", u"a > '"_s + QChar(u'\0') + u"'"_s);
    row("half a surrogate pair", u"a > '"_s + QChar(0xd800) + u"'"_s);
}

/// Comes back, in bounded memory and stack, with the table marked or changed.
void tst_PgSql::hostile()
{
    QFETCH(QString, sql);
    Schema schema;
    QVERIFY(rawSqlReader(pg).apply(u"CREATE TABLE t (a int)"_s, schema));
    QVERIFY(rawSqlReader(pg).apply(sql, schema));
    const Table *table = schema.table({{}, u"t"_s});
    QVERIFY(table->isOpaque || table->constraints.size() == 1);
}

void tst_PgSql::manyThreads()
{
    QList<Schema> schemas(8);
    {
        std::vector<std::jthread> threads;
        for (Schema &schema : schemas)
            threads.emplace_back([&schema] {
                for (int i = 0; i < 50; ++i) {
                    followRawSql(
                        u"CREATE TABLE t%1 (a int DEFAULT %1); FROB; CREATE INDEX i%1 ON t%1 (a)"_s
                            .arg(i),
                        pg, schema);
                }
            });
    }
    for (const Schema &schema : std::as_const(schemas)) {
        QCOMPARE(schema.tables.size(), 50);
        QVERIFY(schema == schemas[0]);
    }
}
