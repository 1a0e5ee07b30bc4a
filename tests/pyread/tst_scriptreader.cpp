#include "tst_scriptreader.h"

#include "core/sqlread/rawsql.h"
#include "scripts.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

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
    row("truth of a clause", "if sa.column('a') > 1:\n    pass", Status::Error);
    row("rows", "x = 1\nop.get_bind().execute(sa.text('select 1')).fetchall()",
        Status::NeedsConnection, 2);
    row("rows in a loop", "for row in op.get_bind().execute(sa.text('select 1')):\n    pass",
        Status::NeedsConnection);
    row("scalar", "op.get_bind().scalar(sa.text('select 1'))", Status::NeedsConnection);
    row("inspect", "sa.inspect(op.get_bind())", Status::NeedsConnection);
    row("session query", "from sqlalchemy.orm import Session\nSession(bind=op.get_bind()).query(1)",
        Status::NeedsConnection, 2);
    row("run_async", "op.run_async(lambda c: None)", Status::Error);
    row("text of an expression", "str(sa.func.lower('A'))", Status::Unsupported);
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

void tst_ScriptReader::spans()
{
    const EvalResult result =
        evaluate(u"def helper(name):\n    op.drop_table(name)\nhelper('a')\nop.drop_table('b')"_s);
    QCOMPARE(result.reason, QString());
    QCOMPARE(result.operations.at(0).span.line, bodyLine + 1);
    QCOMPARE(result.operations.at(1).span.line, bodyLine + 3);
}

/// What Alembic would mix with the SQL is kept apart, once a line of the script.
void tst_ScriptReader::printedLines()
{
    const QString body = u"import io, sys\n"
                         "for i in range(3):\n    print('row', i)\n"
                         "print('told', file=sys.stderr)\n"
                         "print('last')"_s;
    const EvalResult result = evaluate(body);
    QCOMPARE(result.status, EvalResult::Status::Ok);
    QCOMPARE(result.printed.size(), 2);
    QCOMPARE(result.printed.first().text, u"row 0"_s);
    QCOMPARE(result.printed.first().span.line, bodyLine + 2);
    QCOMPARE(result.printed.last().text, u"last"_s);
    QVERIFY(evaluate(body, {.offline = false}).printed.isEmpty());
}
