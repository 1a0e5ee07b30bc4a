#include "tst_scriptreader.h"

#include "core/pyread/header.h"
#include "core/pyread/scriptreader.h"
#include "core/sqlread/rawsql.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

/// A whole script around the body of upgrade().
QByteArray scriptOf(const QString &body)
{
    QString text = u"from alembic import op\nimport sqlalchemy as sa\n"
                   "from sqlalchemy.dialects import postgresql, mysql\n"
                   "revision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n"_s;
    for (const QString &line : body.split(u'\n'))
        text += u"    "_s + line + u'\n';
    return (text + u"\n\ndef downgrade():\n    pass\n"_s).toUtf8();
}
constexpr int bodyLine = 9; // the first line of the body

EvalResult evaluate(const QString &body, EvalRequest request = {})
{
    const auto script = Script::load(scriptOf(body), u"/versions/a1.py"_s);
    if (!script)
        return {.status = EvalResult::Status::Error, .reason = script.error().message};
    return (*script)->evaluate(request);
}

QStringList summaries(const EvalResult &result)
{
    QStringList lines;
    for (const Operation &operation : result.operations)
        lines.append(operationSummary(operation));
    return lines;
}

QStringList names(const QList<Constraint> &constraints)
{
    QStringList lines;
    for (const Constraint &constraint : constraints)
        lines.append(constraintKind(constraint) + u':' + constraintName(constraint).text);
    return lines;
}

} // namespace

void tst_ScriptReader::operations_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QStringList>("kinds");

    const auto row = [](const char *name, const char *body, QStringList kinds) {
        QTest::newRow(name) << QString::fromUtf8(body) << kinds;
    };
    row("nothing", "pass", {});
    row("add column", "op.add_column('t', sa.Column('a', sa.Integer(), nullable=True))",
        {u"add_column"_s});
    row("keywords",
        "op.add_column(table_name='t', column=sa.Column('a', sa.String(length=5)), schema='s')",
        {u"add_column"_s});
    row("drop column", "op.drop_column('t', 'a')", {u"drop_column"_s});
    row("alter",
        "op.alter_column('t', 'a', existing_type=sa.INTEGER(), nullable=False, "
        "server_default=None)",
        {u"alter_column"_s});
    row("index",
        "op.create_index(op.f('ix'), 't', ['a', sa.text('lower(b)')], unique=True, "
        "postgresql_where=sa.text('a > 0'))\nop.drop_index('ix', table_name='t')",
        {u"create_index"_s, u"drop_index"_s});
    row("constraints",
        "op.create_unique_constraint('u', 't', ['a'])\n"
        "op.create_foreign_key('f', 't', 'o', ['a'], ['id'], ondelete='CASCADE')\n"
        "op.create_check_constraint('c', 't', sa.column('a') > 5)\n"
        "op.create_primary_key('p', 't', ['a'])\n"
        "op.drop_constraint('u', 't', type_='unique')",
        {u"create_unique_constraint"_s, u"create_foreign_key"_s, u"create_check_constraint"_s,
         u"create_primary_key"_s, u"drop_constraint"_s});
    row("loop", "for name in ('a', 'b'):\n    op.add_column('t', sa.Column(name, sa.Integer()))",
        {u"add_column"_s, u"add_column"_s});
    row("batch",
        "with op.batch_alter_table('t', schema=None) as batch_op:\n"
        "    batch_op.add_column(sa.Column('a', sa.Integer()))\n"
        "    batch_op.drop_column('b')",
        {u"batch_alter_table"_s});
    row("execute in batch comes first",
        "with op.batch_alter_table('t') as b:\n    b.drop_column('x')\n    op.execute('select 1')",
        {u"execute"_s, u"batch_alter_table"_s});
    row("autocommit", "with op.get_context().autocommit_block():\n    op.execute('x')",
        {u"autocommit_begin"_s, u"execute"_s, u"autocommit_end"_s});
    row("bulk insert",
        "t = sa.table('t', sa.column('a', sa.Integer))\nop.bulk_insert(t, [{'a': 1}, {'a': 2}])",
        {u"bulk_insert"_s});
    row("core statements",
        "t = sa.table('t', sa.column('a'), sa.column('b'))\n"
        "op.execute(t.update().where(t.c.a == 1).values(b=sa.func.lower(t.c.b)))\n"
        "op.execute(sa.insert(t).values(a=1, b='x'))\n"
        "op.get_bind().execute(sa.delete(t).where(sa.and_(t.c.a.in_([1, 2]), t.c.b.is_(None))))\n"
        "op.execute(sa.insert(t).from_select(['a'], sa.select(t.c.a).where(~t.c.b.like('x%'))))",
        {u"execute"_s, u"execute"_s, u"execute"_s, u"execute"_s});
    row("enum type",
        "e = sa.Enum('a', 'b', name='e')\ne.create(op.get_bind())\ne.drop(op.get_bind())",
        {u"create_type"_s, u"drop_type"_s});
    row("invoke",
        "from alembic.operations import ops\nop.invoke(ops.AddColumnOp('t', sa.Column('a', "
        "sa.Integer)))\n"
        "op.invoke(ops.ExecuteSQLOp('select 1'))",
        {u"add_column"_s, u"execute"_s});
    row("offline",
        "from alembic import context\nif context.is_offline_mode():\n    op.execute('offline')",
        {u"execute"_s});
    row("comments",
        "op.create_table_comment('t', 'x', existing_comment=None, schema=None)\n"
        "op.drop_table_comment('t')",
        {u"create_table_comment"_s, u"drop_table_comment"_s});
    row("rename", "op.rename_table('a', 'b')", {u"rename_table"_s});
    row("ddl objects",
        "from sqlalchemy.schema import CreateSequence, DropSequence, CreateTable, DropTable\n"
        "from sqlalchemy.sql.ddl import CreateIndex, DropIndex, AddConstraint, DropConstraint\n"
        "from sqlalchemy.schema import CreateSchema, DropSchema\n"
        "s = sa.Sequence('s', start=5, metadata=sa.MetaData(schema='x'))\n"
        "t = sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer))\n"
        "i = sa.Index('i', t.c.a)\nu = sa.UniqueConstraint(t.c.a, name='u')\n"
        "t.append_constraint(u)\n"
        "for ddl in (CreateSchema('x'), CreateSequence(s), CreateTable(t), CreateIndex(i),\n"
        "            AddConstraint(u), DropConstraint(u), DropIndex(i)):\n"
        "    op.execute(ddl)\n"
        "op.get_bind().execute(DropTable(t))\n"
        "op.execute(DropSequence(s, if_exists=True))\nop.execute(DropSchema('x', cascade=True))",
        {u"create_schema"_s, u"create_sequence"_s, u"create_table"_s, u"create_index"_s,
         u"create_unique_constraint"_s, u"drop_constraint"_s, u"drop_index"_s, u"drop_table"_s,
         u"drop_sequence"_s, u"drop_schema"_s});
    row("sequence of no database", "sa.Sequence('s').create(op.get_bind())", {});
}

void tst_ScriptReader::operations()
{
    QFETCH(QString, body);
    QFETCH(QStringList, kinds);
    const EvalResult result = evaluate(body);
    QCOMPARE(result.reason, QString());
    QCOMPARE(result.status, EvalResult::Status::Ok);
    QStringList found;
    for (const Operation &operation : result.operations)
        found.append(operationName(operation));
    QCOMPARE(found, kinds);
}

void tst_ScriptReader::refusals_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<EvalResult::Status>("status");
    QTest::addColumn<int>("line"); // in the body, from 1

    using Status = EvalResult::Status;
    const auto row = [](const char *name, const char *body, Status status, int line = 1) {
        QTest::newRow(name) << QString::fromUtf8(body) << status << line;
    };
    row("positional schema", "op.drop_column('t', 'a', 's')", Status::Error);
    row("unknown keyword", "op.add_column('t', sa.Column('a', sa.Integer), colour=1)",
        Status::Error);
    row("misspelt alter", "op.alter_column('t', 'a', nulable=False)", Status::Error);
    row("unknown op", "op.create_view('v', 'select 1')", Status::Unsupported);
    row("no column", "op.add_column('t', 'a')", Status::Error);
    row("string for columns", "op.create_unique_constraint('u', 't', 'ab')", Status::Error);
    row("unknown dialect option", "op.create_table('t', bogus=1)", Status::Error);
    row("option of no index", "op.create_index('i', 't', ['a'], postgresql_colour=1)",
        Status::Error);
    row("missing constraint column",
        "op.create_table('t', sa.Column('a', sa.Integer),\n    sa.UniqueConstraint('b'))",
        Status::Error);
    row("bad kind", "op.drop_constraint('x', 't', type_='index')", Status::Error);
    row("bad recreate", "op.batch_alter_table('t', recreate='maybe')", Status::Error);
    row("not a list", "op.bulk_insert(sa.table('t'), {'a': 1})", Status::Error);
    row("unknown row key", "op.bulk_insert(sa.table('t', sa.column('a')), [{'b': 1}])",
        Status::Error);
    row("type's keyword", "sa.String(size=5)", Status::Error);
    row("old select", "sa.select([sa.column('a')])", Status::Error);
    row("truth of a clause", "if sa.column('a') == 1:\n    pass", Status::Error);
    row("rows", "x = 1\nop.get_bind().execute(sa.text('select 1')).fetchall()",
        Status::NeedsConnection, 2);
    row("rows in a loop", "for row in op.get_bind().execute(sa.text('select 1')):\n    pass",
        Status::NeedsConnection);
    row("scalar", "op.get_bind().scalar(sa.text('select 1'))", Status::NeedsConnection);
    row("inspect", "sa.inspect(op.get_bind())", Status::NeedsConnection);
    row("session query", "from sqlalchemy.orm import Session\nSession(bind=op.get_bind()).query(1)",
        Status::NeedsConnection, 2);
    row("run_async", "op.run_async(lambda c: None)", Status::Error);
    row("text of an expression", "str(sa.func.now())", Status::Unsupported);
    row("plug-in operation", "op.invoke(object())", Status::Unsupported);
    row("unknown keyword of a bindparam", "sa.bindparam('x', 5, colour=1)", Status::Error);
    row("unknown keyword of a function", "sa.func.foo(1, colour=2)", Status::Error);
    row("prefix for a dialect that isn't known",
        "sa.insert(sa.table('t')).prefix_with('X', colour=1)", Status::Error);
    row("redrawn statements",
        "from sqlalchemy.ext.compiler import compiles\nfrom sqlalchemy.schema import CreateTable\n"
        "@compiles(CreateTable)\ndef drawn(element, compiler, **kw):\n    return 'x'\n"
        "op.create_table('t', sa.Column('a', sa.Integer))",
        Status::Unsupported, 6);
}

/// Offline it is NULL, as in Alembic's script, and the plan says so; a run would know more.
void tst_ScriptReader::lostDefaults()
{
    const QString body =
        u"t = op.create_table('t', sa.Column('a', sa.Integer, default=lambda: 1), sa.Column('b', "
        "sa.Integer))\nop.bulk_insert(t, [{'b': 1}])\nop.execute(t.insert().values(b=2))"_s;
    const EvalResult offline = evaluate(body);
    QCOMPARE(offline.reason, QString());
    const ExprPtr bulk = offline.operations.at(1).as<BulkInsert>()->rows.first().value(u"a"_s);
    const ExprPtr single =
        offline.operations.at(2).as<Execute>()->statement->statement->rows.first().first();
    for (const ExprPtr &value : {bulk, single}) {
        QCOMPARE(value->kind, Expr::Kind::Null);
        QVERIFY(value->flag);
        QCOMPARE(value->text, u"a"_s);
    }
    EvalRequest request;
    request.offline = false;
    QVERIFY(evaluate(body, request).reason.contains(u"whose default= is a function"));
}

void tst_ScriptReader::refusals()
{
    QFETCH(QString, body);
    QFETCH(EvalResult::Status, status);
    QFETCH(int, line);
    const EvalResult result = evaluate(body);
    QVERIFY2(!result.reason.isEmpty(), "nothing was refused");
    QVERIFY2(result.status == status, qPrintable(result.reason));
    QCOMPARE(result.file, u"/versions/a1.py"_s);
    QCOMPARE(result.line, bodyLine + line - 1);
}

void tst_ScriptReader::createTableOrder()
{
    EvalRequest request;
    request.backend = Backend::Sqlite;
    const EvalResult result = evaluate(
        u"op.create_table('t',\n"
        "    sa.UniqueConstraint('b', name='first'),\n"
        "    sa.Column('id', sa.Integer, primary_key=True),\n"
        "    sa.Column('b', sa.Integer, sa.ForeignKey('o.id', name='fk_b'), unique=True),\n"
        "    sa.Column('k', sa.Boolean(create_constraint=True, name='bool')),\n"
        "    sa.Column('x', sa.String(10), index=True, nullable=False),\n"
        "    sa.CheckConstraint('b > 0', name='second'))"_s,
        request);
    QCOMPARE(result.reason, QString());
    const auto *create = result.operations.first().as<CreateTable>();
    QVERIFY(create);
    QCOMPARE(names(create->table.constraints),
             QStringList({u"primary:"_s, u"unique:first"_s, u"check:second"_s, u"unique:"_s,
                          u"foreignkey:fk_b"_s, u"check:bool"_s}));
    QCOMPARE(create->table.indexes.size(), 1);
    QCOMPARE(create->table.indexes.first().name.text, u"ix_t_x"_s);
    QCOMPARE(create->table.column(u"x"_s)->type->length, std::optional<int>(10));
    QVERIFY(!create->table.column(u"id"_s)->isNullable());
}

void tst_ScriptReader::namingConvention()
{
    EvalRequest request;
    request.backend = Backend::PostgreSql;
    request.namingConvention = {
        {u"uq"_s, u"uq_%(table_name)s_%(column_0_N_name)s"_s},
        {u"ck"_s, u"ck_%(table_name)s_%(constraint_name)s"_s},
        {u"fk"_s, u"fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"_s}};
    const EvalResult result =
        evaluate(u"op.create_unique_constraint(None, 'item', ['a', 'b'])\n"
                 "op.create_foreign_key(None, 'item', 'person', ['x'], ['id'])\n"
                 "op.create_check_constraint('positive', 'item', 'x > 0')\n"
                 "op.create_check_constraint(op.f('exact'), 'item', 'x > 0')\n"
                 "op.drop_constraint('positive', 'item', type_='check')\n"
                 "op.drop_constraint('positive', 'item')"_s,
                 request);
    QCOMPARE(result.reason, QString());
    QStringList found;
    for (const Operation &operation : result.operations) {
        if (const auto *add = operation.as<AddConstraint>())
            found.append(constraintName(add->constraint).text);
        else if (const auto *drop = operation.as<DropConstraint>())
            found.append(drop->name.text);
    }
    QCOMPARE(found, QStringList({u"uq_item_a_b"_s, u"fk_item_x_person"_s, u"ck_item_positive"_s,
                                 u"exact"_s, u"ck_item_positive"_s, u"positive"_s}));
}

void tst_ScriptReader::dialectAnswers()
{
    for (const Backend backend :
         {Backend::Sqlite, Backend::PostgreSql, Backend::MySql, Backend::MariaDb}) {
        EvalRequest request;
        request.backend = backend;
        const EvalResult result = evaluate(u"op.execute(op.get_bind().dialect.name)\n"
                                           "op.execute(op.get_context().dialect.name)"_s,
                                           request);
        QCOMPARE(result.reason, QString());
        for (const Operation &operation : result.operations)
            QCOMPARE(operation.as<Execute>()->statement->text, backendName(backend));
    }
}

void tst_ScriptReader::inspectorFollowsOperations()
{
    Schema before;
    before.tables.insert({{}, u"old"_s},
                         Table{.name = {{}, u"old"_s}, .columns = {{.name = u"a"_s}}});
    EvalRequest request;
    request.schemaBefore = &before;
    request.sqlReader = &rawSqlReader(Backend::Sqlite);
    const EvalResult result =
        evaluate(u"insp = sa.inspect(op.get_bind())\n"
                 "if not insp.has_table('fresh'):\n"
                 "    op.create_table('fresh', sa.Column('id', sa.Integer, primary_key=True))\n"
                 "if 'fresh' in sa.inspect(op.get_bind()).get_table_names():\n"
                 "    op.execute('UPDATE t SET a = 1')\n"
                 "if [c['name'] for c in insp.get_columns('old')] == ['a']:\n"
                 "    op.execute('DELETE FROM t')"_s,
                 request);
    QCOMPARE(result.reason, QString());
    QCOMPARE(summaries(result).size(), 3);
}

/// What scripts read of a table that is known to be empty. Each row's body goes on to op.execute('yes').
void tst_ScriptReader::rowsOfANewDatabase_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<bool>("isKnown");

    const auto row = [](const char *condition, bool isKnown = true) {
        QTest::newRow(condition) << QString::fromUtf8(condition) << isKnown;
    };
    row("c.execute(sa.text('select id from t')).fetchall() == []");
    row("c.execute(sa.text('select id from t where id = :i'), {'i': 1}).first() is None");
    row("c.execute(sa.select(t.c.id).where(t.c.id > 1)).scalars().all() == []");
    row("c.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() == 0");
    row("c.execute(sa.text('select count(*) as n from t')).fetchone().n == 0");
    row("c.execute(sa.text('select count(*) as n from t')).mappings().one()['n'] == 0");
    row("[r for r in c.execute(t.select())] == []");
    row("c.execute(sa.select(sa.func.my_sum(t.c.id))).fetchall() == []", false);
    row("c.execute(sa.text('select id from other')).fetchall() == []", false);
    row("c.scalar(sa.select(sa.exists().where(t.c.id == 1))) == False");
    row("c.scalar(sa.text('select max(id) from t')) is None");
    row("c.execute(t.update().values(id=1)).rowcount == 0");
    row("c.execute(sa.text('select id from t')).keys() == []", false);
    row("s.query(M).filter(M.id == 1).order_by(M.id).all() == []");
    row("s.query(M).filter_by(id=1).first() is None");
    row("s.query(M).count() == 0 and s.query(M).delete() == 0");
    row("s.query(sa.func.count(M.id)).scalar() == 0");
    row("s.query(s.query(M).exists()).scalar() == False");
    row("list(s.query(M.id).join(t).distinct()) == []");
    row("s.query(M).subquery() is None", false);
    row("s.query(sa.table('other', sa.column('id'))).all() == []", false);
    row("s.get(M, 1) is None");
    row("s.add_all([]) is None");
    row("s.add(1) is None", false);
}

void tst_ScriptReader::rowsOfANewDatabase()
{
    QFETCH(QString, condition);
    QFETCH(bool, isKnown);
    const QString head = u"from sqlalchemy import orm\n"
                         "class M(orm.declarative_base()):\n    __tablename__ = 't'\n"
                         "    id = sa.Column(sa.Integer, primary_key=True)\n"
                         "c = op.get_bind()\ns = orm.Session(bind=c)\nt = M.__table__\n"_s;
    const QString body =
        head + u"if %1:\n    op.execute('yes')\nelse:\n    op.execute('no')"_s.arg(condition);
    Schema before;
    before.tables.insert({{}, u"other"_s}, Table{.name = {{}, u"other"_s}});
    before.tables.insert({{}, u"t"_s}, Table{.name = {{}, u"t"_s}, .isEmpty = true});
    before.startsEmpty = true;
    EvalRequest request;
    request.schemaBefore = &before;
    request.sqlReader = &rawSqlReader(Backend::Sqlite);
    const EvalResult result = evaluate(body, request);
    QCOMPARE(result.status, isKnown ? EvalResult::Status::Ok : EvalResult::Status::NeedsConnection);
    if (isKnown)
        QCOMPARE(result.operations.constLast().as<Execute>()->statement->text, u"yes"_s);
    before.startsEmpty = false; // not said to be new: nothing is known
    if (!condition.contains(u"add_all") && isKnown)
        QCOMPARE(evaluate(body, request).status, EvalResult::Status::NeedsConnection);
}

void tst_ScriptReader::projectTypes()
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

/// Sequence.create(bind): only where the database has sequences, and not what is optional there.
void tst_ScriptReader::sequences()
{
    const QString body = u"sa.Sequence('s', 5, 2).create(op.get_bind())\n"
                         "sa.Sequence('o', optional=True).create(op.get_bind())\n"
                         "sa.Sequence('s').drop(op.get_bind(), checkfirst=True)"_s;
    const auto on = [&](Backend backend, bool offline) {
        EvalRequest request;
        request.backend = backend;
        request.offline = offline;
        return summaries(evaluate(body, request));
    };
    const QStringList both{u"create sequence s"_s, u"drop sequence s"_s};
    QCOMPARE(on(Backend::PostgreSql, true), both);
    QCOMPARE(on(Backend::MariaDb, true), QStringList());
    QCOMPARE(on(Backend::MariaDb, false).first(), both.first());
    QCOMPARE(on(Backend::MySql, false), QStringList());
}

/// op.create_entity() and its like: the statements that the packages make.
void tst_ScriptReader::packages_data()
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

void tst_ScriptReader::packages()
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
void tst_ScriptReader::entryArguments_data()
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

void tst_ScriptReader::entryArguments()
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
void tst_ScriptReader::circularImports()
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
void tst_ScriptReader::oddTopLevels_data()
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

void tst_ScriptReader::oddTopLevels()
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
void tst_ScriptReader::statementAtTheTop()
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
void tst_ScriptReader::ownTypes_data()
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

void tst_ScriptReader::ownTypes()
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

void tst_ScriptReader::spans()
{
    const EvalResult result =
        evaluate(u"def helper(name):\n    op.drop_table(name)\nhelper('a')\nop.drop_table('b')"_s);
    QCOMPARE(result.reason, QString());
    QCOMPARE(result.operations.at(0).span.line, bodyLine + 1);
    QCOMPARE(result.operations.at(1).span.line, bodyLine + 3);
}

/// Whatever a script does to what it imports is its own affair.
void tst_ScriptReader::scriptsAreApart()
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
void tst_ScriptReader::sharedTypes()
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
