#include "tst_scriptmodules.h"

#include "core/pyread/header.h"
#include "scripts.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

void tst_ScriptModules::projectTypes()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"app/versions"_s));
    QFile module(folder.filePath(u"app/kinds.py"_s));
    QVERIFY(module.open(QIODevice::WriteOnly));
    module.write("from sqlalchemy.types import TypeDecorator, CHAR\n"
                 "from sqlalchemy.dialects.postgresql import UUID\n"
                 "class GUID(TypeDecorator):\n"
                 "    impl = CHAR\n"
                 "    def load_dialect_impl(self, dialect):\n"
                 "        if dialect.name == 'postgresql':\n"
                 "            return dialect.type_descriptor(UUID())\n"
                 "        return dialect.type_descriptor(CHAR(32))\n");
    module.close();
    for (const auto &[backend, type] :
         {std::pair(Backend::PostgreSql, u"UUID"_s), std::pair(Backend::Sqlite, u"CHAR"_s)}) {
        EvalRequest request;
        request.backend = backend;
        request.searchPath = {folder.path()};
        const EvalResult result =
            evaluate(u"from app.kinds import GUID\nfrom pgvector.sqlalchemy import Vector\n"
                     "op.add_column('t', sa.Column('a', GUID()))\n"
                     "op.add_column('t', sa.Column('b', Vector(3)))\n"
                     "import nowhere\nop.add_column('t', sa.Column('c', nowhere.Thing(1)))"_s,
                     request);
        QCOMPARE(result.reason, QString());
        QCOMPARE(result.operations.at(0).as<AddColumn>()->column.type->name, type);
        QCOMPARE(result.operations.at(1).as<AddColumn>()->column.type->name, u"VECTOR(3)"_s);
        QCOMPARE(result.operations.at(2).as<AddColumn>()->column.type->module, u"unknown"_s);
    }
}

/// op.create_entity() and its like: the statements that the packages make.
void tst_ScriptModules::packages_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QStringList>("statements");

    const auto row = [](const char *name, const QString &body, const QStringList &statements) {
        QTest::newRow(name) << body << statements;
    };
    row("function",
        u"from alembic_utils.pg_function import PGFunction\n"
        "f = PGFunction(schema='public', signature='toUpper(a text, b int default 5)',\n"
        "    definition='returns text as $$ select a::text $$ language sql;')\n"
        "op.create_entity(f)\nop.replace_entity(f)\nop.drop_entity(f, cascade=True)"_s,
        {u"CREATE FUNCTION \"public\".\"toUpper\"(a text, b int default 5) returns text as $$ "
         u"select "
         "a::text $$ language sql"_s,
         u"CREATE OR REPLACE FUNCTION \"public\".\"toUpper\"(a text, b int default 5) returns text "
         u"as "
         "$$ select a::text $$ language sql"_s,
         u"DROP FUNCTION \"public\".\"toUpper\"(a text, b int) cascade"_s});
    row("plpgsql keeps its assignments",
        u"from alembic_utils.pg_function import PGFunction\n"
        "op.create_entity(PGFunction('s', 'f()', 'returns int as $$ begin x := a[1:2]; end $$ "
        "language "
        "plpgsql'))"_s,
        {u"CREATE FUNCTION \"s\".\"f\"() returns int as $$ begin x := a[1\\:2]; end $$ language plpgsql"_s});
    row("view",
        u"from alembic_utils.pg_view import PGView\nv = PGView('public', 'v', 'select 1;')\n"
        "op.create_entity(v)\nop.drop_entity(v)"_s,
        {u"CREATE VIEW \"public\".\"v\" AS select 1;"_s, u"DROP VIEW \"public\".\"v\""_s});
    row("materialized view",
        u"from alembic_utils.pg_materialized_view import PGMaterializedView\n"
        "v = PGMaterializedView('public', 'v', 'select 1', with_data=False)\nop.replace_entity(v)"_s,
        {u"DROP MATERIALIZED VIEW IF EXISTS \"public\".\"v\";"_s,
         u"CREATE MATERIALIZED VIEW \"public\".\"v\" AS select 1 WITH NO DATA"_s});
    row("trigger",
        u"from alembic_utils.pg_trigger import PGTrigger\n"
        "t = PGTrigger(schema='public', signature='tr', on_entity='public.t', "
        "is_constraint=False,\n"
        "    definition='AFTER INSERT ON public.t FOR EACH ROW EXECUTE PROCEDURE f()')\n"
        "op.create_entity(t)\nop.drop_entity(t)"_s,
        {u"CREATE TRIGGER \"tr\" AFTER INSERT ON public.t FOR EACH ROW EXECUTE PROCEDURE f()"_s,
         u"DROP TRIGGER \"tr\" ON public.t"_s});
    row("extension, policy, grant",
        u"from alembic_utils.pg_extension import PGExtension\n"
        "from alembic_utils.pg_policy import PGPolicy\n"
        "from alembic_utils.pg_grant_table import PGGrantTable\n"
        "op.create_entity(PGExtension(schema='public', signature='citext'))\n"
        "op.create_entity(PGPolicy('public', 'p', 'for all to r using (a)', 't'))\n"
        "op.create_entity(PGGrantTable('public', 't', 'r', 'SELECT', columns=['b', 'a']))"_s,
        {u"CREATE EXTENSION \"citext\" WITH SCHEMA \"public\";"_s,
         u"CREATE POLICY p on public.t for all to r using (a)"_s,
         u"GRANT SELECT ( a, b ) ON \"public\".\"t\" TO \"r\""_s});
    const QString sync =
        u"from alembic_postgresql_enum import TableReference\n"
        "op.sync_enum_values(enum_schema='public', enum_name='k', new_values=['a', "
        "'b'],\n    affected_columns=[TableReference('t', 'c', table_schema='public'"_s;
    row("enum values", sync + u")])"_s,
        {u"ALTER TYPE \"public\".\"k\" RENAME TO k_old"_s,
         u"CREATE TYPE \"public\".\"k\" AS ENUM('a', 'b')"_s,
         u"CREATE FUNCTION new_old_not_equals("_s, u"CREATE OPERATOR != ("_s,
         u"CREATE FUNCTION new_old_equals("_s, u"CREATE OPERATOR = ("_s,
         u"ALTER TABLE \"public\".\"t\""_s, u"DROP FUNCTION new_old_not_equals("_s,
         u"DROP FUNCTION new_old_equals("_s, u"DROP TYPE \"public\".\"k_old\""_s});
}

void tst_ScriptModules::packages()
{
    QFETCH(QString, body);
    QFETCH(QStringList, statements);
    EvalRequest request;
    request.backend = Backend::PostgreSql;
    const EvalResult result = evaluate(body, request);
    QCOMPARE(result.reason, QString());
    QStringList found;
    for (const Operation &operation : result.operations) {
        const QString text = operation.as<Execute>()->statement->text.trimmed();
        found.append(text.startsWith(u"CREATE VIEW") ? text : text.section(u'\n', 0, 0).trimmed());
        QVERIFY(operation.span.line >= bodyLine); // of the script, not of the package
    }
    QCOMPARE(found, statements);
}

/// A script whose upgrade() takes what its environment passes.
void tst_ScriptModules::entryArguments_data()
{
    QTest::addColumn<QByteArray>("functions");
    QTest::addColumn<QString>("engine");
    QTest::addColumn<QStringList>("expected"); // summaries, or the end of the reason

    const auto row = [](const char *name, const QByteArray &functions, const QString &engine,
                        const QStringList &expected) {
        QTest::newRow(name) << functions << engine << expected;
    };
    const QByteArray two =
        "def upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
        "def upgrade_one():\n    op.execute('one')\n"
        "def upgrade_two():\n    op.execute('two')\n";
    row("op and helpers",
        "def upgrade(op, tables, tester):\n    op.drop_table('a')\n"
        "    tester.populate_column('a', 'b', tester.TestDataType.String)\n"
        "    if tester.is_testing():\n        op.drop_table('b')\n",
        {}, {u"drop table a"_s});
    row("defaults stay", "def upgrade(a=1, *, b=2, **c):\n    op.execute(str(a + b))\n", {},
        {u"execute: 3"_s});
    row("one engine of several", two, u"two"_s, {u"execute: two"_s});
    row("the only engine", two.left(two.indexOf("def upgrade_two")), {}, {u"execute: one"_s});
    row("no engine named", two, {}, {u"say which with -x engine=NAME"_s});
    row("tables are not known", "def upgrade(op, tables):\n    op.drop_table(tables.user.name)\n",
        {}, {u"the environment passes it to upgrade()"_s});
}

void tst_ScriptModules::entryArguments()
{
    QFETCH(QByteArray, functions);
    QFETCH(QString, engine);
    QFETCH(QStringList, expected);
    const auto script =
        Script::load("from alembic import op\nrevision = 'a1'\ndown_revision = None\n" + functions,
                     u"/versions/a1.py"_s);
    QVERIFY(script);
    EvalRequest request;
    request.engine = engine;
    const EvalResult result = (*script)->evaluate(request);
    if (result.status == EvalResult::Status::Ok)
        QCOMPARE(summaries(result), expected);
    else
        QVERIFY2(result.reason.contains(expected.first()), qPrintable(result.reason));
}

/// Packages that import from themselves and from one another.
void tst_ScriptModules::circularImports()
{
    QTemporaryDir folder;
    const auto write = [&](const QString &name, const QByteArray &text) {
        QDir(folder.path()).mkpath(QFileInfo(folder.filePath(name)).path());
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write(u"app/__init__.py"_s, "from app import jobs, lost\nfrom other import there\n");
    write(u"app/jobs.py"_s, "NAME = 'jobs'\n");
    write(u"other.py"_s, "from app import there\n");
    EvalRequest request;
    request.searchPath = {folder.path()};
    const EvalResult found = evaluate(u"from app import jobs\nop.drop_table(jobs.NAME)"_s, request);
    QCOMPARE(found.reason, QString());
    QCOMPARE(summaries(found), QStringList{u"drop table jobs"_s});
    for (const QString &name : {u"lost"_s, u"there"_s}) {
        const EvalResult lost =
            evaluate(u"from app import %1\nop.drop_table(%1.NAME)"_s.arg(name), request);
        QVERIFY2(lost.status != EvalResult::Status::Ok, qPrintable(name));
        QVERIFY(lost.line > 0);
    }
}

/// A header can be read whatever else stands at the top of a script, and only a function that needs
/// the odd thing is refused.
void tst_ScriptModules::oddTopLevels_data()
{
    QTest::addColumn<QByteArray>("top");

    const auto row = [](const char *name, const char *top) {
        QTest::newRow(name) << QByteArray(top);
    };
    row("database", "conn = op.get_bind()\nrows = conn.scalar(sa.text('select 1'))");
    row("inspector", "found = sa.inspect(op.get_bind()).get_table_names()");
    row("unknown call", "import nowhere\nx = nowhere.connect('a')[0].name");
    row("error", "x = 1 / 0");
    row("files", "x = open('/etc/passwd').read()");
    row("loop", "if nowhere_at_all:\n    y = 1");
    row("class", "class Base(object):\n    metadata = sa.MetaData(bind=op.get_bind())");
}

void tst_ScriptModules::oddTopLevels()
{
    QFETCH(QByteArray, top);
    const QByteArray text = "from alembic import op\nimport sqlalchemy as sa\n" + top
                            + "\nrevision = 'b2'\ndown_revision = ('a1', 'a0')\n"
                              "depends_on = 'c'\nbranch_labels = 'shop'\n"
                              "def upgrade():\n    op.drop_table('t')\n";
    const auto header = py::readHeader(text, u"/versions/b2.py"_s);
    QVERIFY(header);
    QCOMPARE(header->revision, u"b2"_s);
    QCOMPARE(header->downRevisions, QStringList({u"a1"_s, u"a0"_s}));
    const auto script = Script::load(text, u"/versions/b2.py"_s);
    QVERIFY(script);
    const EvalResult result = (*script)->evaluate({});
    QCOMPARE(result.reason, QString());
    QCOMPARE(summaries(result), QStringList{u"drop table t"_s});
}

/// What changes the database while the script is loaded would be done at a time nobody can tell.
void tst_ScriptModules::statementAtTheTop()
{
    const auto script =
        Script::load("from alembic import op\nrevision = 'a1'\ndown_revision = None\n"
                     "op.execute('x')\ndef upgrade():\n    pass\n",
                     u"/versions/a1.py"_s);
    QVERIFY(script);
    const EvalResult result = (*script)->evaluate({});
    QCOMPARE(result.status, EvalResult::Status::Unsupported);
    QVERIFY2(result.reason.startsWith(u"a1.py:4 changes the database while"),
             qPrintable(result.reason));
    QCOMPARE(result.line, 4);
}

/// TypeDecorator classes in the script itself, and the user's [types], as PostgreSQL sees them.
void tst_ScriptModules::ownTypes_data()
{
    QTest::addColumn<QString>("declaration");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("expected"); // name(length)

    const auto row = [](const char *name, const char *declaration, const char *type,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(declaration) << QString::fromLatin1(type)
                            << QString::fromLatin1(expected);
    };
    row("impl class", "class T(sa.types.TypeDecorator):\n    impl = sa.Text\n    cache_ok = True",
        "T()", "Text");
    row("not called", "class T(sa.TypeDecorator):\n    impl = sa.Text", "T", "Text");
    row("arguments", "class T(sa.TypeDecorator):\n    impl = sa.String", "T(40)", "String(40)");
    row("keyword", "class T(sa.TypeDecorator):\n    impl = sa.String", "T(length=40)",
        "String(40)");
    row("impl instance", "class T(sa.TypeDecorator):\n    impl = sa.String(12)", "T()",
        "String(12)");
    row("init passes on",
        "class T(sa.TypeDecorator):\n    impl = sa.String\n"
        "    def __init__(self, kind, **kw):\n        super().__init__(length=7, **kw)\n"
        "        self.kind = kind",
        "T(object)", "String(7)");
    row("init old style",
        "class T(sa.TypeDecorator):\n    impl = sa.String\n"
        "    def __init__(self, *args, **kw):\n"
        "        super(T, self).__init__(*args, **kw)\n        self.length_of = 3",
        "T(9)", "String(9)");
    row("init keeps for itself",
        "class T(sa.TypeDecorator):\n    impl = sa.Integer\n"
        "    def __init__(self, enum, *args, **kw):\n        super().__init__(*args, **kw)",
        "T(dict)", "Integer");
    row("per dialect",
        "class T(sa.TypeDecorator):\n    impl = sa.CHAR\n"
        "    def load_dialect_impl(self, dialect):\n"
        "        if dialect.name in ('postgresql', 'cockroachdb'):\n"
        "            return dialect.type_descriptor(postgresql.JSONB())\n"
        "        return dialect.type_descriptor(sa.CHAR(32))",
        "T()", "JSONB");
    row("own impl",
        "class T(sa.TypeDecorator):\n    impl = sa.String(5)\n"
        "    def load_dialect_impl(self, dialect):\n"
        "        if dialect.name == 'mysql':\n            return mysql.LONGTEXT()\n"
        "        return self.impl",
        "T()", "String(5)");
    row("inherited implementation",
        "class T(sa.TypeDecorator):\n    impl = sa.String(5)\n"
        "    def load_dialect_impl(self, dialect):\n"
        "        return super().load_dialect_impl(dialect)",
        "T()", "String(5)");
    row("init of the class itself",
        "class T(sa.TypeDecorator):\n    impl = sa.String\n    def __init__(self, n):\n"
        "        sa.TypeDecorator.__init__(self, length=n)",
        "T(6)", "String(6)");
    row("constraints by listeners",
        "class T(sa.TypeDecorator, sa.types.SchemaType):\n    impl = sa.Integer", "T()", "a1_py.T");
    row("own comparator",
        "class T(sa.TypeDecorator):\n    impl = sa.Text\n"
        "    class Comparator(sa.Text.Comparator):\n        pass\n    comparator_factory = "
        "Comparator",
        "T()", "Text");
    row("subclass", "class B(sa.TypeDecorator):\n    impl = sa.Text\nclass T(B):\n    pass", "T()",
        "Text");
    row("decorator of a decorator",
        "class B(sa.TypeDecorator):\n    impl = sa.Text\n"
        "class T(sa.TypeDecorator):\n    impl = B",
        "T()", "Text");
    row("user defined",
        "class T(sa.types.UserDefinedType):\n    def __init__(self, n=3):\n        self.n = n\n"
        "    def get_col_spec(self, **kw):\n        return 'POINT(%s)' % self.n",
        "T(4)", "POINT(4)");
    row("said by the user", "import nowhere.kinds", "nowhere.kinds.Money(1)", "NUMERIC(12, 2)");
    row("said by the user, imported", "from elsewhere import Money", "Money", "NUMERIC(12, 2)");
    row("said by the user, whole name", "from app.types import Key", "Key()", "BYTEA");
    row("the user wins", "class Money(sa.TypeDecorator):\n    impl = sa.Text", "Money()",
        "NUMERIC(12, 2)");
    row("not SQLAlchemy's own", "", "sa.Text()", "Text");
    row("inside an array", "from elsewhere import Money", "postgresql.ARRAY(Money())",
        "ARRAY of NUMERIC(12, 2)");
}

void tst_ScriptModules::ownTypes()
{
    QFETCH(QString, declaration);
    QFETCH(QString, type);
    QFETCH(QString, expected);
    EvalRequest request;
    request.backend = Backend::PostgreSql;
    request.types = {{u"Money"_s, u"NUMERIC(12, 2)"_s},
                     {u"app.types.Key"_s, u"BYTEA"_s},
                     {u"Key"_s, u"TEXT"_s},
                     {u"Text"_s, u"CLOB"_s}};
    const EvalResult result =
        evaluate(declaration + u"\nop.add_column('t', sa.Column('a', %1))"_s.arg(type), request);
    QCOMPARE(result.reason, QString());
    SqlTypePtr found = result.operations.at(0).as<AddColumn>()->column.type;
    const QString array = found->item ? found->name + u" of "_s : QString();
    if (found->item)
        found = found->item;
    QCOMPARE(array + found->name + (found->length ? u"(%1)"_s.arg(*found->length) : QString()),
             expected);
}

/// Whatever a script does to what it imports is its own affair.
void tst_ScriptModules::scriptsAreApart()
{
    const QString column = u"op.add_column('t', sa.Column('a', sa.String(20), nullable=False))"_s;
    const EvalResult before = evaluate(column);
    QCOMPARE(before.reason, QString());
    const EvalResult vandal = evaluate(u"kind = sa.String(20)\n"
                                       "kind.length = 99\n"
                                       "sa.String.length = 98\n"
                                       "sa.String.__init__ = lambda self, *a: None\n"
                                       "sa.String.comparator_factory = None\n"
                                       "sa.Column.nullable = True\n"
                                       "sa.String = sa.Text\n"
                                       "op.add_column = lambda *a: None\n"
                                       "postgresql.JSONB = None\n"
                                       "len = lambda x: 0\n"
                                       "object.shared = 1"_s);
    QVERIFY2(vandal.operations.isEmpty(), "nothing was asked of the database");
    const EvalResult after = evaluate(
        column
        + u"\nassert len('ab') == 2 and postgresql.JSONB and not hasattr(object, 'shared')"_s);
    QCOMPARE(after.reason, QString());
    QCOMPARE(after.operations.size(), 1);
    const Column &made = after.operations.first().as<AddColumn>()->column;
    QCOMPARE(made.type->name, u"String"_s);
    QCOMPARE(made.type->length, std::optional<int>(20));
    QCOMPARE(made.nullable, std::optional<bool>(false));
    QVERIFY(sameType(made.type, before.operations.first().as<AddColumn>()->column.type));
}

/// Equal types are one value; what differs in anything is not, be it in what changes no DDL.
void tst_ScriptModules::sharedTypes()
{
    const EvalResult result =
        evaluate(u"for kind in (sa.String(20), sa.String(20), sa.String(21),\n"
                 "             sa.Uuid(as_uuid=True), sa.Uuid(as_uuid=False),\n"
                 "             sa.Numeric(8, 3), sa.Numeric(8, 2)):\n"
                 "    op.add_column('t', sa.Column('a', kind))"_s);
    QCOMPARE(result.reason, QString());
    QList<SqlTypePtr> types;
    for (const Operation &operation : result.operations)
        types.append(operation.as<AddColumn>()->column.type);
    QCOMPARE(types.at(0).get(), types.at(1).get());
    QCOMPARE(types.at(2)->length, std::optional<int>(21));
    QVERIFY(!types.at(3)->asText);
    QVERIFY(types.at(4)->asText);
    QCOMPARE(types.at(5)->scale, std::optional<int>(3));
    QCOMPARE(types.at(6)->scale, std::optional<int>(2));
}
