#include "tst_facts.h"

#include "core/pyread/scriptreader.h"
#include "core/sqlread/rawsql.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// What the user says in tribikos.toml, and what @compiles makes uncertain.
namespace {

QByteArray scriptFor(const QString &body)
{
    QString text = u"from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\n"
                   "down_revision = None\ndef upgrade():\n    bind = op.get_bind()\n"_s;
    for (const QString &line : body.split(u'\n'))
        text += u"    "_s + line + u'\n';
    return text.toUtf8();
}

EvalResult read(const QString &body, const EvalRequest &request)
{
    const auto script = Script::load(scriptFor(body), u"/versions/a1.py"_s);
    return script
               ? (*script)->evaluate(request)
               : EvalResult{.status = EvalResult::Status::Error, .reason = script.error().message};
}

/// Every text executed, or a part of the reason behind "!".
void compare(const EvalResult &result, const QString &expected)
{
    QStringList lines;
    for (const Operation &operation : result.operations) {
        const auto *executed = operation.as<Execute>();
        lines.append(executed ? executed->statement->text : operationSummary(operation));
    }
    if (expected.startsWith(u'!'))
        QVERIFY2(result.reason.contains(expected.mid(1)),
                 qPrintable(result.reason + u" "_s + lines.join(u'|')));
    else
        QCOMPARE(result.reason + lines.join(u'|'), expected);
}

void put(const QString &path, const QByteArray &text)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

ScriptFacts someFacts()
{
    return {.values = {{u"lib.const.SIZE"_s, u"255"_s},
                       {u"mysql:lib.const.SIZE"_s, u"64"_s},
                       {u"sqlite:lib.const.LITE"_s, u"1"_s},
                       {u"lib.const.NOTHING"_s, u"(None)"_s},
                       {u"lib.f()"_s, u"\"any\""_s},
                       {u"lib.f('a', k=1)"_s, u"\"a1\""_s},
                       {u"lib.f('b').name"_s, u"\"of b\""_s},
                       {u"lib.conf.table[\"k\"]"_s, u"[1, 2]"_s},
                       {u"lib.conf.any[]"_s, u"{\"x\": 3}"_s},
                       {u"lib.day"_s, u"(datetime.timedelta(days=7))"_s},
                       {u"lib.bad"_s, u"(1 +)"_s},
                       {u"lib.wrong"_s, u"(nobody)"_s},
                       {u"app.conf.PORT"_s, u"80"_s},
                       {u"app.conf.secret()"_s, u"\"given\""_s},
                       {u"app.conf.parse('x')"_s, u"\"of x\""_s},
                       {u"app.conf.broken.key"_s, u"\"kept\""_s},
                       {u"app.conf.box.side"_s, u"9"_s},
                       {u"app.conf.box.double()"_s, u"18"_s},
                       {u"secrets.token_hex()"_s, u"\"00ff\""_s}},
            .variables = {{u"STAGE"_s, u"live"_s}},
            .defaultSchema = u"shop"_s,
            .serverVersion = {{QString(), u"8.0.36"_s}, {u"postgresql:"_s, u"15.4"_s}}};
}

} // namespace

void tst_Facts::values_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *expression, const QString &expected) {
        QTest::newRow(expression) << QString::fromLatin1(expression) << expected;
    };
    row("lib.const.SIZE + 1", u"256"_s);
    row("lib.const.NOTHING", u"None"_s);
    row("lib.const.LITE", u"!needs str(lib.const.LITE), which is not part of the project and not "
                          u"known to Tribikos: say in "
                          "tribikos.toml what it is, under [values]: \"lib.const.LITE\" = …"_s);
    row("lib.f()", u"any"_s);
    row("lib.f(2, 3)", u"any"_s);
    row("lib.f('a', k=1)", u"a1"_s);
    row("lib.f('b').name", u"of b"_s);
    row("lib.f('b').other", u"!\"lib.f('b').other\" = …"_s);
    row("lib.conf.table['k'][1]", u"2"_s);
    row("lib.conf.table['l']", u"!\"lib.conf.table['l']\" = …"_s);
    row("lib.conf.any['whatever']['x']", u"3"_s);
    row("lib.day.days", u"7"_s);
    row("lib.bad", u"!what is no Python expression"_s);
    row("lib.wrong", u"!name 'nobody' is not defined"_s);
    row("secrets.token_hex(4)", u"00ff"_s);
    // of the project's own modules: what stands there is replaced, for their own code as well
    row("conf.PORT, conf.NEXT", u"(80, 81)"_s);
    row("conf.secret('x')", u"given"_s);
    row("conf.parse('x'), conf.parse('y')", u"('of x', 'parsed y')"_s);
    row("conf.broken.key", u"kept"_s);
    row("conf.broken.other", u"!\"app.conf.broken.other\" = …"_s);
    row("conf.box.side, conf.box.double(), conf.box.other", u"(9, 18, 5)"_s);
    row("conf.lost", u"!\"app.conf.lost\" = …"_s);
    row("os.environ['STAGE'], os.getenv('STAGE'), os.environ.get('NONE', 'x')",
        u"('live', 'live', 'x')"_s);
    row("os.environ['NONE']", u"!raises KeyError: 'NONE': say in tribikos.toml what it is, under "
                              "[environment-variables]: NONE = \"…\""_s);
    qputenv("TRIBIKOS_TEST_HIDDEN", "a secret"); // set, as Alembic would see it
    const QString hidden =
        u"!but scripts see only what tribikos.toml says of the environment: give it under "
        "[environment-variables], as in TRIBIKOS_TEST_HIDDEN = \"…\""_s;
    row("os.getenv('TRIBIKOS_TEST_HIDDEN', 'x')", hidden);
    row("1 if os.environ.get('TRIBIKOS_TEST_HIDDEN') else 2", hidden);
    row("os.environ['TRIBIKOS_TEST_HIDDEN'] + ''", hidden);
    row("'TRIBIKOS_TEST_HIDDEN' in os.environ, 'TRIBIKOS_TEST_NOT_SET' in os.environ",
        u"(True, False)"_s);
    row("bind.dialect.default_schema_name", u"shop"_s);
    row("bind.dialect.server_version_info[:2]", u"(15, 4)"_s);
}

void tst_Facts::values()
{
    QFETCH(QString, expression);
    QFETCH(QString, expected);
    QTemporaryDir folder;
    put(folder.filePath(u"app/__init__.py"_s), "");
    put(folder.filePath(u"app/conf.py"_s),
        "PORT = int(open('port').read())\nNEXT = PORT + 1\n"
        "def secret(x):\n    return open(x)\n"
        "def parse(x):\n    return 'parsed ' + x\n"
        "broken = open('x')\nlost = open('y')\n"
        "class Box:\n    other = 5\n    def __init__(self):\n        self.side = 1\n"
        "    def double(self):\n        return open('z')\n"
        "box = Box()\n");
    const Schema before;
    const EvalRequest request{.backend = Backend::PostgreSql,
                              .schemaBefore = &before,
                              .facts = someFacts(),
                              .searchPath = {folder.path()}};
    compare(
        read(
            u"import os, secrets, lib, lib.const, lib.conf\nfrom app import conf\nop.execute(str(%1))"_s
                .arg(expected.startsWith(u'(') ? u'(' + expression + u')' : expression),
            request),
        expected);
}

/// A run asks its own database; the project's names are the same there.
void tst_Facts::offlineOnly()
{
    const Schema before;
    EvalRequest request{
        .backend = Backend::MySql, .offline = false, .schemaBefore = &before, .facts = someFacts()};
    compare(read(u"import lib.const\nop.execute(str(lib.const.SIZE))"_s, request), u"64"_s);
    compare(read(u"op.execute(bind.dialect.default_schema_name)"_s, request),
            u"!asks for the default schema's name"_s);
    compare(read(u"bind.dialect.server_version_info"_s, request), u"!asks the database's driver"_s);
}

void tst_Facts::emptyTables_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QStringList>("assumed");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &query, const QStringList &assumed,
                        bool isKnown, const QString &before = {}) {
        QTest::newRow(name)
            << before
                   + u"\nfor row in bind.execute(sa.text(\"%1\")):\n    op.execute('row')\n"
                     "op.execute('end')"_s.arg(query)
            << assumed << (isKnown ? u"end"_s : u"!reads rows"_s);
    };
    const QStringList all{u"*"_s};
    row("named", u"SELECT a FROM users"_s, {u"users"_s}, true);
    row("in capitals", u"SELECT a FROM USERS u WHERE u.a > 1"_s, {u"users"_s}, true);
    row("another", u"SELECT a FROM users"_s, {u"user"_s}, false);
    row("all", u"SELECT a FROM users u JOIN orders o ON o.u = u.id"_s, all, true);
    row("of a schema", u"SELECT a FROM audit.log"_s, {u"audit.*"_s}, true);
    row("of another schema", u"SELECT a FROM log"_s, {u"audit.*"_s}, false);
    row("the catalogue", u"SELECT a FROM information_schema.triggers"_s, all, false);
    row("a catalogue table", u"SELECT a FROM pg_roles"_s, all, false);
    row("a common table expression", u"WITH x AS (SELECT 1 AS a) SELECT a FROM x"_s, all, false);
    row("a function", u"SELECT a FROM generate_series(1, 3)"_s, all, false);
    row("a view", u"SELECT a FROM v"_s, all, false);
    row("no table", u"SELECT 1"_s, all, false);
    row("the version table", u"SELECT version_num FROM alembic_version"_s, all, false);
    row("filled by the script", u"SELECT a FROM users"_s, all, false);
}

void tst_Facts::emptyTables()
{
    QFETCH(QString, body);
    QFETCH(QStringList, assumed);
    QFETCH(QString, expected);
    Schema before;
    before.objects.append({.kind = NamedObject::Kind::View, .name = {{}, u"v"_s}});
    before.assumedEmpty = assumed;
    before.filled = {u"alembic_version"_s};
    if (QByteArray(QTest::currentDataTag()) == "filled by the script")
        before.filled.insert(u"users"_s);
    const EvalRequest request{.backend = Backend::PostgreSql,
                              .schemaBefore = &before,
                              .sqlReader = &rawSqlReader(Backend::PostgreSql)};
    compare(read(body, request), expected);
}

void tst_Facts::answers_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &body, const QString &expected) {
        QTest::newRow(name) << body << expected;
    };
    const QString loop =
        u"for row in bind.execute(%1):\n    op.execute('%s %s' % (row.id, row[1]))"_s;
    row("by name", loop.arg(u"sa.text('SELECT id, name\\n  FROM kinds;')"_s), u"1 a|2 None"_s);
    row("of an expression",
        loop.arg(u"sa.select(sa.column('id'), sa.column('name')).select_from(sa.table('kinds'))"_s),
        u"1 a|2 None"_s);
    row("with parameters",
        u"op.execute(bind.execute(sa.text('SELECT x FROM t WHERE y = :y'), {'y': 'q'}).scalar())"_s,
        u"one"_s);
    row("what does more than ask",
        u"op.execute(str(bind.execute(sa.text('INSERT INTO t VALUES (1) RETURNING id')).scalar()))"_s,
        u"INSERT INTO t VALUES (1) RETURNING id|7"_s);
    row("a function that may write",
        u"op.execute(str(bind.execute(sa.text('SELECT make()')).scalar()))"_s,
        u"SELECT make()|8"_s);
    row("through an ORM session",
        u"from sqlalchemy import orm\nclass M(orm.declarative_base()):\n    __tablename__ = "
        u"'kinds'\n"
        "    id = sa.Column(sa.Integer, primary_key=True)\n    name = sa.Column(sa.String)\n"
        "orm.Session(bind=bind).query(M.id, M.name).filter(M.id == 1).all()"_s,
        u"!through an ORM session"_s);
    row("no rows", u"op.execute(str(bind.execute(sa.text('SELECT z FROM t')).fetchall()))"_s,
        u"[]"_s);
    row("another query", u"bind.execute(sa.text('SELECT \\\"w\\\" FROM t')).scalar()"_s,
        u"!under [offline.answers] what it gives: \"SELECT \\\"w\\\" FROM t\" = […]"_s);
    row("a value that no row has", u"bind.execute(sa.text('SELECT d FROM t')).scalar()"_s,
        u"!may hold texts"_s);
}

void tst_Facts::answers()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    const Schema before;
    EvalRequest request{.backend = Backend::PostgreSql, .schemaBefore = &before};
    request.spell = [](const ExprPtr &expression, Backend, bool) -> Result<QString> {
        if (expression->kind != Expr::Kind::Text)
            return u"SELECT id, name \nFROM kinds"_s;
        QString text = expression->text;
        return text.replace(u":y"_s, u"'q'"_s);
    };
    request.facts.answers = {{u"\nSELECT id, name FROM kinds"_s,
                              u"[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": None}]"_s},
                             {u"\nSELECT x FROM t WHERE y = 'q'"_s, u"[[\"one\"]]"_s},
                             {u"\nSELECT d FROM t"_s, u"[[1.5]]"_s},
                             {u"\nINSERT INTO t VALUES (1) RETURNING id"_s, u"[[7]]"_s},
                             {u"\nSELECT make()"_s, u"[[8]]"_s},
                             {u"\nSELECT z FROM t"_s, u"[]"_s}};
    compare(read(body, request), expected);
    request.offline = false;
    QVERIFY(!read(body, request).reason.isEmpty());
}

void tst_Facts::surroundings_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *body, const QString &expected) {
        QTest::newRow(body) << QString::fromLatin1(body) << expected;
    };
    row("from rich.progress import track\nfor x in track([1, 2], 'label', total=2):\n    "
        "op.execute(str(x))",
        u"1|2"_s);
    row("import rich.progress\nfor x in rich.progress.track([1]):\n    op.execute(str(x))", u"1"_s);
    row("from tqdm import tqdm\nfor x in tqdm([1, 2]):\n    op.execute(str(x))", u"1|2"_s);
    row("from tqdm.auto import tqdm\nwith tqdm(total=3) as bar:\n    "
        "bar.update()\nop.execute(str(bar.n))",
        u"1"_s);
    row("with open('x', 'w') as f:\n    f.write('y')\nop.execute('z')", u"z"_s);
    row("import csv\nwith open('x', 'w') as f:\n    w = csv.DictWriter(f, ['a'])\n    "
        "w.writeheader()\n    w.writerows([])\n"
        "op.execute('z')",
        u"z"_s);
    row("open('x', 'r+')", u"!reads a file with open()"_s);
    row("import logging\nclass H(logging.Handler):\n    pass\nh = "
        "H()\nh.setLevel('INFO')\nop.execute('z')",
        u"z"_s);
    row("import lib.db as d\nop.execute(str(d))", u"None"_s);
    row("t = sa.Table('o', sa.MetaData(), autoload_with=bind)\n"
        "op.execute(str([(e.parent.name, e.column.name, e.column.table.name, e.target_fullname)\n"
        "    for k in t.foreign_key_constraints for e in k.elements]))",
        u"[('u_id', 'id', 'u', 'u.id')]"_s);
    row("t = op.create_table('t', sa.MetaData(), sa.Column('a', sa.Integer))", u"create table t"_s);
}

void tst_Facts::surroundings()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    Schema before;
    Table orders{.name = {{}, u"o"_s}, .columns = {{.name = u"u_id"_s}}};
    orders.constraints = {
        ForeignKey{.columns = {u"u_id"_s}, .target = {{}, u"u"_s}, .targetColumns = {u"id"_s}}};
    before.tables.insert(orders.name, orders);
    const EvalRequest request{.backend = Backend::PostgreSql,
                              .schemaBefore = &before,
                              .facts = {.values = {{u"lib.db"_s, u"None"_s}}}};
    compare(read(body, request), expected);
}

void tst_Facts::drawings_data()
{
    QTest::addColumn<QString>("module");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &module, const QString &body,
                        const QString &expected) {
        QTest::newRow(name) << module << body << expected;
    };
    const QString own =
        u"class Mine(Nobody, ClauseElement):\n    pass\n@compiles(Mine)\ndef f(e, c, **kw):\n    return 1\n"_s;
    row("a class that can't be read", own, u"op.execute('x')"_s, u"x"_s);
    row("any operation", u"@compiles(sa.schema.CreateTable)\ndef f(e, c, **kw):\n    return 1\n"_s,
        u"op.execute('x')"_s, u"!CreateTable"_s);
    const QString drops =
        u"@compiles(sa.schema.DropTable)\ndef f(e, c, **kw):\n    return c.visit_drop_table(e) + 'X'\n"_s;
    row("what doesn't print it", drops, u"op.add_column('t', sa.Column('a', sa.Integer))"_s,
        u"add column t.a"_s);
    row("what prints it", drops, u"op.drop_table('t')"_s, u"!prints DropTable"_s);
    const QString binary =
        u"from sqlalchemy.dialects.postgresql.operators import CONTAINS\n"
        "from sqlalchemy.sql import operators\n"
        "known = {CONTAINS: 1, operators.like_op: 2}\n"
        "@compiles(sa.BinaryExpression%1)\n"
        "def f(element, compiler, **kw):\n"
        "    if known.get(element.operator) is not None:\n        return 'other'\n"
        "    return compiler.visit_binary(element, **kw)\n"_s;
    const QString update =
        u"t = sa.table('t', sa.column('a'))\nop.execute(t.update().values(a=1).where(%1))"_s;
    row("an operator that is passed on", binary.arg(QString()), update.arg(u"t.c.a == 2"_s), u""_s);
    row("one that isn't", binary.arg(QString()), update.arg(u"t.c.a.like('x')"_s), u"!own way"_s);
    row("one that isn't known", binary.arg(QString()), update.arg(u"t.c.a.op('%%')(2)"_s),
        u"!own way"_s);
    row("of another database", binary.arg(u", 'mysql'"_s), update.arg(u"t.c.a.like('x')"_s), u""_s);
    row("one that decides by more",
        u"@compiles(sa.BinaryExpression)\ndef f(element, compiler, **kw):\n"
        "    if element.left is None:\n        return 1\n"
        "    return compiler.visit_binary(element, **kw)\n"_s,
        u"op.execute('x')"_s, u"!everywhere"_s);
}

void tst_Facts::drawings()
{
    QFETCH(QString, module);
    QFETCH(QString, body);
    QFETCH(QString, expected);
    QTemporaryDir folder;
    put(folder.filePath(u"drawn.py"_s),
        "import sqlalchemy as sa\nfrom sqlalchemy.ext.compiler import compiles\n"
        "from sqlalchemy.sql.expression import ClauseElement\n"_ba
            + module.toUtf8() + "used = 1\n");
    const Schema before;
    const EvalRequest request{.schemaBefore = &before, .searchPath = {folder.path()}};
    compare(read(u"import drawn\ndrawn.used\n"_s + body, request), expected);
}
