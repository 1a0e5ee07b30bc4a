#include "tst_surroundings.h"

#include "core/pyread/scriptreader.h"
#include "core/sqlread/rawsql.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// What scripts ask of their surroundings: configuration, URL, env.py, catalogue, other modules.
namespace {

EvalResult evaluate(const QString &body, const EvalRequest &request,
                    const QString &path = u"/versions/a1.py"_s)
{
    QString text = u"from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\n"
                   "down_revision = None\ndef upgrade():\n    bind = op.get_bind()\n"
                   "    config = op.get_context().config\n    insp = sa.inspect(bind)\n"_s;
    for (const QString &line : body.split(u'\n'))
        text += u"    "_s + line + u'\n';
    const auto script = Script::load(text.toUtf8(), path);
    return script
               ? (*script)->evaluate(request)
               : EvalResult{.status = EvalResult::Status::Error, .reason = script.error().message};
}

QStringList texts(const EvalResult &result)
{
    QStringList lines;
    for (const Operation &operation : result.operations) {
        const auto *executed = operation.as<Execute>();
        lines.append(executed ? executed->statement->text : operationSummary(operation));
    }
    return lines;
}

/// Every text executed, or a part of the reason behind "!".
void check(const EvalResult &result, const QString &expected)
{
    if (expected.startsWith(u'!'))
        QVERIFY2(result.reason.contains(expected.mid(1)), qPrintable(result.reason));
    else
        QCOMPARE(result.reason + texts(result).join(u'|'), expected);
}

void write(const QString &path, const QByteArray &text)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

void tst_Surroundings::answers_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<bool>("isConfigured"); // alembic.ini and a URL are there
    QTest::addColumn<QString>("expected");

    const auto row = [](const QString &expression, bool isConfigured, const QString &expected) {
        QTest::newRow(qPrintable(expression + (isConfigured ? u" +"_s : u" -"_s)))
            << expression << isConfigured << expected;
    };
    row(u"config.get_main_option('flavour')"_s, true, u"vanilla"_s);
    row(u"config.get_main_option('none', 'x')"_s, true, u"x"_s);
    row(u"config.get_section_option('alembic', 'flavour')"_s, true, u"vanilla"_s);
    row(u"config.get_main_option('flavour')"_s, false, u"!opened without one"_s);
    row(u"config.get_section('other')"_s, true, u"!reads the section 'other'"_s);
    row(u"op.get_context().opts['prefix']"_s, true, u"!environment's configuration"_s);
    row(u"str(bind.engine.url)"_s, true, u"postgresql://u@h/shop"_s);
    row(u"bind.engine.url.database"_s, true, u"shop"_s);
    row(u"bind.engine.url.database"_s, false, u"!asks for the database's URL"_s);
    row(u"str(bind.engine.url).startswith('sqlite')"_s, false, u"False"_s);
    row(u"str(bind.engine.url).startswith(('x', 'postgres'))"_s, false, u"True"_s);
    row(u"str(bind.engine.url).startswith('postgresql+psycopg2')"_s, false, u"!URL"_s);
    row(u"'postgresql' in str(bind.engine.url)"_s, false, u"True"_s);
    row(u"'sqlite' in str(bind.engine.url)"_s, false, u"!URL"_s);
    row(u"str(bind.engine.url) == 'x'"_s, false, u"!URL"_s);
    row(u"bind.engine.url.get_backend_name()"_s, false, u"postgresql"_s);
    row(u"sa.inspect(sa.engine_from_config(config.get_section(config.config_ini_section), "
        "prefix='sqlalchemy.')).has_table('t')"_s,
        false, u"False"_s);
    row(u"sa.engine_from_config({'sqlalchemy.url': 'x'})"_s, true, u"!engine_from_config"_s);
    row(u"sa.engine_from_config(config.get_section('alembic')).execute(sa.text('DROP TABLE t'))"_s,
        true, u"!connection of its own"_s);
    row(u"bind.dialect.has_table(bind, 't')"_s, false, u"False"_s);
}

void tst_Surroundings::answers()
{
    QFETCH(QString, expression);
    QFETCH(bool, isConfigured);
    QFETCH(QString, expected);
    const Schema before;
    EvalRequest request{.backend = Backend::PostgreSql, .schemaBefore = &before};
    if (isConfigured) {
        request.options = QMap<QString, QString>{{u"flavour"_s, u"vanilla"_s}};
        request.url = u"postgresql://u@h/shop"_s;
        request.database = u"shop"_s;
    }
    check(evaluate(u"op.execute(str(%1))"_s.arg(expression), request), expected);
}

void tst_Surroundings::reflection_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("expected");

    const auto row = [](Backend backend, const QString &expression, const QString &expected) {
        QTest::newRow(qPrintable(backendName(backend) + u": "_s + expression))
            << backend << expression << expected;
    };
    using enum Backend;
    const QString keys = u"[k['name'] for k in insp.get_foreign_keys('o')]"_s;
    row(PostgreSql, keys, u"['o_u_id_fkey', 'named']"_s);
    row(MySql, keys, u"['o_ibfk_1', 'named']"_s);
    row(MySql, u"insp.get_indexes('moved')"_s, u"!whose keys were changed"_s);
    row(Sqlite, keys, u"[None, 'named']"_s);
    const QString indexes = u"[(i['name'], i['unique']) for i in insp.get_indexes('o')]"_s;
    row(PostgreSql, indexes, u"[('ix', False), ('o_a_key', True)]"_s);
    row(MySql, indexes, u"[('ix', False), ('a', True), ('u_id', False)]"_s);
    row(Sqlite, indexes, u"[('ix', 0)]"_s);
    row(Sqlite, u"[list(c) for c in insp.get_columns('o')][0]"_s,
        u"['name', 'type', 'nullable', 'default', 'primary_key']"_s);
    row(Sqlite, u"[c['default'] for c in insp.get_columns('o')]"_s,
        u"[None, None, None, 'CURRENT_TIMESTAMP']"_s);
    row(PostgreSql, u"[c['default'] is None for c in insp.get_columns('o')]"_s,
        u"[True, True, True, False]"_s);
    row(PostgreSql, u"insp.get_columns('o')[3]['default'] == 'now()'"_s, u"!server spells"_s);
    row(Sqlite, u"(insp.has_index('o', 'ix'), insp.default_schema_name)"_s, u"(True, 'main')"_s);
    row(MySql, u"insp.default_schema_name"_s, u"!inspects the database"_s);
    row(PostgreSql, u"insp.get_pk_constraint('o')['name']"_s, u"o_pkey"_s);
    row(MySql, u"insp.get_pk_constraint('o')['name']"_s, u"None"_s);
    row(PostgreSql, u"insp.get_pk_constraint('alembic_version')"_s,
        u"{'constrained_columns': ['version_num'], 'name': 'alembic_version_pkc'}"_s);
    row(PostgreSql, u"insp.has_table('o', schema='public')"_s, u"True"_s);
    row(PostgreSql, u"[c['name'] for c in insp.get_columns('half')]"_s, u"['a']"_s);
    row(PostgreSql, u"insp.get_indexes('half')"_s, u"!inspects the table half"_s);
    row(PostgreSql, u"insp.get_columns('blank')"_s, u"!inspects the table blank"_s);
    row(PostgreSql, u"insp.get_unique_constraints('twice')"_s, u"!server chose it"_s);
    row(PostgreSql, u"insp.get_indexes('twice')"_s, u"!server chose it"_s);
    row(PostgreSql, u"str(insp.get_foreign_keys('moved')[0]['name'])"_s, u"!server chose it"_s);
    const QString table = u"sa.Table('o', sa.MetaData(), autoload_with=bind)"_s;
    row(MySql,
        u"[(k.name, k.referred_table.name, k.column_keys) for k in "_s + table
            + u".foreign_key_constraints]"_s,
        u"[('o_ibfk_1', 'u', ['u_id']), ('named', 'u', ['a'])]"_s);
    row(MySql, u"[i.name for i in %1.indexes]"_s.arg(table), u"['ix']"_s);
    row(Sqlite, u"[r[1] for r in bind.execute(sa.text(\"PRAGMA table_info('o')\"))]"_s,
        u"['id', 'u_id', 'a', 'at']"_s);
    row(Sqlite, u"bind.execute(sa.text('PRAGMA table_info(none)')).fetchall()"_s, u"[]"_s);
    row(Sqlite, u"bind.execute(sa.text('PRAGMA table_info(o)')).fetchone()['pk']"_s,
        u"!row of the database"_s);
    row(Sqlite,
        u"bind.execute(sa.text(\"SELECT name FROM sqlite_master WHERE type='table' AND "
        "name='o'\")).scalar()"_s,
        u"o"_s);
    row(MySql,
        u"bind.execute(sa.text(\"SELECT `COLUMN_NAME` FROM `information_schema`.`COLUMNS` WHERE "
        "`table_schema`=DATABASE() AND `DATA_TYPE`='datetime' AND "
        "`COLUMN_TYPE`='datetime'\")).scalars().all()"_s,
        u"!reads rows"_s); // of half nobody knows the types
    const QString asked =
        u"bind.execute(sa.text('SELECT 1 FROM information_schema.columns WHERE "
        "table_name = :t AND column_name = :c'), {'t': 'o', 'c': '%1'}).first() is "
        "None"_s;
    row(PostgreSql, asked.arg(u"a"_s), u"False"_s);
    row(PostgreSql, asked.arg(u"z"_s), u"True"_s);
    row(PostgreSql,
        u"bind.execute(sa.text(\"SELECT table_name FROM information_schema.tables WHERE "
        "table_schema = 'public'\")).fetchall()"_s,
        u"!reads rows"_s); // the version table would be among them
}

void tst_Surroundings::reflection()
{
    QFETCH(Backend, backend);
    QFETCH(QString, expression);
    QFETCH(QString, expected);
    Schema before;
    const auto type = [](const QString &name) {
        return std::make_shared<const SqlType>(SqlType{.name = name, .module = u"sqlalchemy"_s});
    };
    const ForeignKey key{
        .columns = {u"u_id"_s}, .target = {{}, u"u"_s}, .targetColumns = {u"id"_s}};
    ForeignKey named = key;
    named.name.text = u"named"_s;
    named.columns = {u"a"_s};
    const Table table{.name = {{}, u"o"_s},
                      .columns = {{.name = u"id"_s, .type = type(u"Integer"_s)},
                                  {.name = u"u_id"_s, .type = type(u"Integer"_s)},
                                  {.name = u"a"_s, .type = type(u"Integer"_s)},
                                  {.name = u"at"_s,
                                   .type = type(u"DateTime"_s),
                                   .serverDefault = textExpr(u"CURRENT_TIMESTAMP"_s)}},
                      .constraints = {PrimaryKey{.columns = {u"id"_s}},
                                      UniqueConstraint{.columns = {u"a"_s}}, key, named},
                      .indexes = {Index{.name = {.text = u"ix"_s}}}};
    Table moved = table;
    moved.name.name = u"moved"_s;
    moved.hasRenamed = true;
    Table twice = table;
    twice.name.name = u"twice"_s;
    twice.constraints = {PrimaryKey{.columns = {u"id"_s, u"a"_s}},
                         UniqueConstraint{.columns = {u"id"_s, u"a"_s}}};
    before.tables = {
        {{{}, u"twice"_s}, twice},

        {{{}, u"o"_s}, table},
        {{{}, u"moved"_s}, moved},
        {{{}, u"half"_s},
         Table{.name = {{}, u"half"_s}, .columns = {{.name = u"a"_s}}, .isOpaque = true}},
        {{{}, u"blank"_s},
         Table{.name = {{}, u"blank"_s}, .isOpaque = true, .columnsOpaque = true}}};
    const EvalRequest request{
        .backend = backend, .schemaBefore = &before, .sqlReader = &rawSqlReader(backend)};
    check(evaluate(u"op.execute(str(%1))"_s.arg(expression), request), expected);
}

/// Alembic prints every query; one whose rows were needed and known has nothing left to do.
void tst_Surroundings::queriesThatNobodyReads()
{
    Schema before;
    before.tables.insert({{}, u"t"_s}, Table{.name = {{}, u"t"_s}, .isEmpty = true});
    before.startsEmpty = true;
    const EvalRequest request{.schemaBefore = &before, .sqlReader = &rawSqlReader(Backend::Sqlite)};
    check(evaluate(u"bind.execute(sa.text('SELECT a FROM t'))\n"
                   "for row in bind.execute(sa.text('SELECT b FROM t')):\n    op.execute('never')\n"
                   "op.execute('end')"_s,
                   request),
          u"SELECT a FROM t|end"_s);
    check(evaluate(u"r = bind.execute(sa.text('INSERT INTO x SELECT a FROM t'))\n"
                   "op.execute(str(r.rowcount))"_s,
                   request),
          u"INSERT INTO x SELECT a FROM t|0"_s);
}

void tst_Surroundings::registeredOperations()
{
    QTemporaryDir folder;
    const QString env = folder.filePath(u"env.py"_s);
    write(
        env,
        "from alembic import context\nfrom alembic.operations import Operations, MigrateOperation\n"
        "PREFIX = 'shop_'\n"
        "@Operations.register_operation('create_sp', 'invoke_for')\n"
        "class CreateOp(MigrateOperation):\n"
        "    def __init__(self, target):\n        self.target = target\n"
        "    @classmethod\n    def invoke_for(cls, operations, target):\n"
        "        return operations.invoke(cls(target))\n"
        "@Operations.implementation_for(CreateOp)\n"
        "def create(operations, operation):\n"
        "    operations.execute('CREATE %s' % operation.target)\n"
        "def run():\n    context.configure(url='x', prefix=PREFIX)\n"
        "config.set_main_option('url', 'x')\nrun()\n");
    const Schema before;
    EvalRequest request{.schemaBefore = &before, .environmentFile = env};
    request.options = QMap<QString, QString>{{u"url"_s, u"y"_s}};
    check(evaluate(u"op.create_sp('f')\nop.execute(op.get_context().opts['prefix'])"_s, request),
          u"CREATE f|shop_"_s);
    check(evaluate(u"op.create_other('f')"_s, request), u"!create_other"_s);
    check(evaluate(u"op.execute(config.get_main_option('url'))"_s, request), u"!sets in code"_s);
}

void tst_Surroundings::refusedBatches_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("change");
    QTest::addColumn<bool>("isCaught");

    QTest::newRow("unnamed") << Backend::Sqlite
                             << u"b.create_foreign_key(None, 't', ['a'], ['b'])"_s << true;
    QTest::newRow("unnamed, but altered in place")
        << Backend::PostgreSql << u"b.create_foreign_key(None, 't', ['a'], ['b'])"_s << false;
    QTest::newRow("named") << Backend::Sqlite << u"b.create_unique_constraint('u', ['a'])"_s
                           << false;
    QTest::newRow("no such column") << Backend::Sqlite << u"b.drop_column('z')"_s << true;
    QTest::newRow("no such constraint") << Backend::Sqlite << u"b.drop_constraint('z')"_s << true;
    QTest::newRow("an index behind its column")
        << Backend::Sqlite << u"b.drop_column('b'); b.drop_index('ix')"_s << false;
}

void tst_Surroundings::refusedBatches()
{
    QFETCH(Backend, backend);
    QFETCH(QString, change);
    QFETCH(bool, isCaught);
    Schema before;
    before.tables.insert({{}, u"t"_s}, Table{.name = {{}, u"t"_s},
                                             .columns = {{.name = u"a"_s}, {.name = u"b"_s}},
                                             .indexes = {Index{.name = {.text = u"ix"_s},
                                                               .elements = {columnExpr(u"b"_s)}}}});
    const EvalRequest request{
        .backend = backend, .schemaBefore = &before, .sqlReader = &rawSqlReader(backend)};
    const EvalResult result =
        evaluate(u"try:\n    with op.batch_alter_table('t') as b:\n        %1\nexcept Exception:\n"
                 "    op.execute('caught')"_s.arg(change),
                 request);
    QCOMPARE(result.reason, QString());
    QCOMPARE(result.operations.size(), 1);
    QCOMPARE(result.operations.constFirst().as<Execute>() != nullptr, isCaught);
}

void tst_Surroundings::projectModules_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");

    const auto row = [](const char *body, const char *expected) {
        QTest::newRow(body) << QString::fromUtf8(body) << QString::fromUtf8(expected);
    };
    row("from app.conf import CONF\nop.execute(CONF.saml.prefix)", "ss");
    row("from app.conf import CONF\nop.execute(CONF.late_one)", "later");
    row("from app.conf import CONF\nop.execute(CONF.saml.path)", "!interpolated");
    row("from app.conf import CONF\nop.execute(CONF.nothing)", "!unregistered");
    row("from oslo_config import cfg\ncfg.CONF.import_opt('size', 'app.sizes')\n"
        "op.execute(str(cfg.CONF.size))",
        "10");
    row("op.execute(sa.DDL('ALTER TABLE %(t)s', context={'t': 'x'}))", "ALTER TABLE x");
    row("from urllib.parse import quote_plus\nop.execute(quote_plus('a b&c/d~'))", "a+b%26c%2Fd~");
    row("import importlib\ntry:\n    importlib.import_module('settings_local')\n"
        "except ModuleNotFoundError:\n    op.execute('fresh')",
        "fresh");
    row("import importlib\nop.execute(importlib.import_module('app.sizes').NAME)", "sizes");
    row("import importlib\nop.execute(importlib.import_module('settings_local').X)",
        "!settings_local");
    row("from app.sizes import get_store\nstore = get_store()\nop.execute('on')", "on");
    row("from app.sizes import get_store\nop.execute(get_store().name)", "!get_store()");
    row("from app.sizes import get_store\nget_store()", "!get_store()");
    row("from app.sizes import get_and_write\nx = get_and_write()", "!missing");
    row("from app.db import db\nfor x in db.session.query(sa.column('a')).all():\n    pass",
        "!ORM session");
    row("from app.db import db\ndb.session.execute(sa.text('UPDATE t'))", "UPDATE t");
    row("from app.db import Thing\nThing.query.filter().update({})", "!running application");
    row("from oslo_db.sqlalchemy import utils\nop.execute(str(utils.index_exists(bind, 'o', 'i')))",
        "!NoSuchTableError");
}

void tst_Surroundings::projectModules()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    QTemporaryDir folder;
    write(folder.filePath(u"app/__init__.py"_s), "");
    write(folder.filePath(u"app/conf.py"_s),
          "from oslo_config import cfg\nCONF = cfg.CONF\n"
          "opts = [cfg.StrOpt('prefix', default='ss'), cfg.StrOpt('path', default='$home/x')]\n"
          "CONF.register_opts(opts, group='saml')\n"
          "def configure(conf):\n"
          "    conf.register_opt(cfg.StrOpt('late-one', default='later'))\n");
    write(folder.filePath(u"app/sizes.py"_s),
          "from oslo_config import cfg\nimport missing\nNAME = 'sizes'\n"
          "cfg.CONF.register_opts([cfg.IntOpt('size', default=10)])\n"
          "def get_store():\n    if missing.settings():\n        return 1\n"
          "def get_and_write():\n    from alembic import op\n    op.execute('x')\n"
          "    if missing.settings():\n        return 1\n");
    write(folder.filePath(u"app/db.py"_s),
          "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
          "class Thing(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n");
    const Schema before;
    const EvalRequest request{.schemaBefore = &before, .searchPath = {folder.path()}};
    check(evaluate(body, request), expected);
}
