// The env.py files that Flask-Migrate generates, and the calls in applications that decide about them.
#include "tst_envpy.h"

#include "core/pyread/envpy.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

bool put(const QTemporaryDir &folder, const QString &name, const QByteArray &text)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
           && file.write(text) == text.size();
}

/// What the templates have in common, around \a configure.
QByteArray flaskEnv(const QByteArray &configure)
{
    return "from alembic import context\nfrom flask import current_app\nconfig = context.config\n"
           "target_metadata = current_app.extensions['migrate'].db.metadata\n"
           "def run_migrations_offline():\n"
           "    url = config.get_main_option('sqlalchemy.url')\n"
           "    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)\n"
           "def run_migrations_online():\n"
           "    def process_revision_directives(context, revision, directives):\n"
           "        if getattr(config.cmd_opts, 'autogenerate', False):\n"
           "            script = directives[0]\n"
           + configure;
}

/// Flask-Migrate 2.
QByteArray envOfVersion2()
{
    return flaskEnv(
        "    engine = engine_from_config(config.get_section(config.config_ini_section),\n"
        "                                prefix='sqlalchemy.', poolclass=pool.NullPool)\n"
        "    connection = engine.connect()\n"
        "    context.configure(connection=connection, target_metadata=target_metadata,\n"
        "                      process_revision_directives=process_revision_directives,\n"
        "                      **current_app.extensions['migrate'].configure_args)\n");
}

/// Flask-Migrate 3.
QByteArray envOfVersion3()
{
    return flaskEnv("    connectable = current_app.extensions['migrate'].db.get_engine()\n"
                    "    with connectable.connect() as connection:\n"
                    "        context.configure(\n"
                    "            connection=connection, target_metadata=target_metadata,\n"
                    "            process_revision_directives=process_revision_directives,\n"
                    "            **current_app.extensions['migrate'].configure_args\n        )\n");
}

/// Flask-Migrate 4, with \a more behind its own change of the arguments.
QByteArray envOfVersion4(const QByteArray &more = {})
{
    return flaskEnv("    conf_args = current_app.extensions['migrate'].configure_args\n"
                    "    if conf_args.get(\"process_revision_directives\") is None:\n"
                    "        conf_args[\"process_revision_directives\"] = "
                    "process_revision_directives\n"
                    + more
                    + "    connectable = get_engine()\n"
                      "    with connectable.connect() as connection:\n"
                      "        context.configure(\n"
                      "            connection=connection, target_metadata=get_metadata(),\n"
                      "            **conf_args\n        )\n");
}

constexpr auto plainApp = "from flask_migrate import Migrate\nmigrate = Migrate(app, db)\n";

} // namespace

void tst_EnvPy::flaskTemplates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("requirements");
    QTest::addColumn<bool>("isOfVersion4"); // compare_type and render_as_batch are on
    QTest::newRow("2") << envOfVersion2() << QByteArray("Flask-Migrate==2.7.0\n") << false;
    QTest::newRow("3") << envOfVersion3() << QByteArray("flask\n") << false;
    QTest::newRow("4") << envOfVersion4() << QByteArray() << true;
    QTest::newRow("2, written long ago")
        << envOfVersion2() << QByteArray("Flask-Migrate==4.0.5\n") << true;
    QTest::newRow("3, at least 4")
        << envOfVersion3() << QByteArray("flask-migrate>=4,<5\n") << true;
    QTest::newRow("3, at least 2") << envOfVersion3() << QByteArray("flask_migrate>=2\n") << false;
}

void tst_EnvPy::flaskTemplates()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, requirements);
    QFETCH(bool, isOfVersion4);
    const std::optional<bool> on = isOfVersion4 ? std::optional(true) : std::nullopt;
    for (const QByteArray &call :
         QList<QByteArray>{"Migrate(app, db)", "Migrate(app, db, version_table='steps')"}) {
        QTemporaryDir root;
        QVERIFY(put(root, u"migrations/env.py"_s, text));
        QVERIFY(put(root, u"requirements.txt"_s, requirements));
        QVERIFY(put(root, u"app/__init__.py"_s,
                    "from flask_migrate import Migrate\n\n\n" + call + '\n'));
        const auto env = readEnvPy(root.filePath(u"migrations/env.py"_s), {root.path()});
        QVERIFY2(env, env ? "" : qPrintable(env.error().message));
        const bool isNamed = call.contains("version_table");
        QVERIFY(!env->online.hasUnreadOptions);
        QCOMPARE(env->online.unread, QStringList());
        QCOMPARE(env->online.versionTable, isNamed ? std::optional(u"steps"_s) : std::nullopt);
        QCOMPARE(env->online.compareType, on);
        QCOMPARE(env->online.renderAsBatch, on);
        QCOMPARE(env->optionFiles, QStringList{root.filePath(u"app/__init__.py"_s)});
        Diagnostics told;
        std::ranges::copy_if(env->notes, std::back_inserter(told),
                             [](const Diagnostic &note) { return note.code == u"env-flask"; });
        QCOMPARE(told.size(), isNamed ? 0 : 1);
        if (!isNamed) {
            QVERIFY2(told.first().message.contains(u"app/__init__.py:4"),
                     qPrintable(told.first().message));
            QCOMPARE(told.first().severity, Severity::Info);
        }
    }
}

void tst_EnvPy::flaskCalls_data()
{
    using Files = QMap<QString, QByteArray>;
    QTest::addColumn<Files>("files"); // beside the env.py of Flask-Migrate 4
    QTest::addColumn<QString>(
        "table"); // "" the default, "?" can't be known, "none found" said aloud
    const auto row = [](const char *name, const Files &files, const QString &table) {
        QTest::newRow(name) << files << table;
    };
    const QByteArray import = "from flask_migrate import Migrate\n";
    row("nothing", {}, u"none found"_s);
    row("in a test alone", {{u"tests/app.py"_s, plainApp}, {u"test_x.py"_s, plainApp}},
        u"none found"_s);
    row("in a virtual environment",
        {{u"mine/pyvenv.cfg"_s, ""},
         {u"mine/app.py"_s, import + "Migrate(a, d, version_table=x())\n"}},
        u"none found"_s);
    row("factory",
        {{u"ext.py"_s, import + "migrate = Migrate()\n"},
         {u"app.py"_s, "from ext import db, migrate\ndef create():\n"
                       "    migrate.init_app(app, db, version_table='steps')\n"}},
        u"steps"_s);
    row("factory of a package",
        {{u"ext.py"_s, import + "migrate: Migrate = Migrate()\n"},
         {u"app.py"_s, "import ext\next.migrate.init_app(app, ext.db, "
                       "'migrations', version_table='steps')\n"}},
        u"steps"_s);
    row("init_app comes over Migrate",
        {{u"app.py"_s, import
                           + "m = Migrate(version_table='a')\n"
                             "m.init_app(app, db, version_table='b')\n"}},
        u"b"_s);
    row("Migrate counts where init_app is silent",
        {{u"app.py"_s, import + "m = Migrate(version_table='a')\nm.init_app(app, db)\n"}}, u"a"_s);
    row("at once", {{u"app.py"_s, import + "Migrate().init_app(app, db, version_table='b')\n"}},
        u"b"_s);
    row("another name for it",
        {{u"app.py"_s, "from flask_migrate import Migrate as M\nM(app, db, version_table='a')\n"}},
        u"a"_s);
    row("module",
        {{u"app.py"_s, "import flask_migrate\nflask_migrate.Migrate(app, db, "
                       "version_table='a')\n"}},
        u"a"_s);
    row("constant",
        {{u"app.py"_s, import + "TABLE = 'a'\nMigrate(app, db, version_table=TABLE)\n"}}, u"a"_s);
    row("stars", {{u"app.py"_s, import + "o = {'version_table': 'a'}\nMigrate(app, db, **o)\n"}},
        u"a"_s);
    row("None", {{u"app.py"_s, import + "Migrate(app, db, version_table=None)\n"}}, QString());
    row("computed", {{u"app.py"_s, import + "Migrate(app, db, version_table=os.environ['T'])\n"}},
        u"?"_s);
    row("computed stars", {{u"app.py"_s, import + "Migrate(app, db, **options())\n"}}, u"?"_s);
    row("positional stars", {{u"app.py"_s, import + "Migrate(*everything)\n"}}, u"?"_s);
    row("a class of its own",
        {{u"app.py"_s, import + "class Mine(Migrate):\n    pass\nMine(app, db)\n"}}, u"?"_s);
    row("changed behind its back",
        {{u"app.py"_s, plainApp}, {u"other.py"_s, "migrate.alembic_ctx_kwargs['x'] = 1\n"}},
        u"?"_s);
    row("two that agree",
        {{u"a.py"_s, import + "Migrate(app, db, version_table='a')\n"},
         {u"b.py"_s, import + "Migrate(app, db, version_table='a')\n"}},
        u"a"_s);
    row("two that don't",
        {{u"a.py"_s, import + "Migrate(app, db, version_table='a')\n"}, {u"b.py"_s, plainApp}},
        u"?"_s);
    row("no Python", {{u"app.py"_s, import + "Migrate(app, db\n"}}, u"?"_s);
}

void tst_EnvPy::flaskCalls()
{
    using Files = QMap<QString, QByteArray>;
    QFETCH(Files, files);
    QFETCH(QString, table);
    QTemporaryDir root;
    QVERIFY(put(root, u"migrations/env.py"_s, envOfVersion4()));
    for (auto it = files.cbegin(); it != files.cend(); ++it)
        QVERIFY(put(root, it.key(), it.value()));
    const auto env = readEnvPy(root.filePath(u"migrations/env.py"_s), {root.path()});
    QVERIFY2(env, env ? "" : qPrintable(env.error().message));
    const bool isUnread =
        env->online.hasUnreadOptions || env->online.unread.contains(u"version_table"_s);
    QCOMPARE(isUnread, table == u"?");
    QCOMPARE(!env->online.argumentsFrom.isEmpty(), table == u"?");
    const bool isNamed = !table.isEmpty() && table != u"?" && table != u"none found";
    QCOMPARE(env->online.versionTable, isNamed ? std::optional(table) : std::nullopt);
    const bool isWarned = std::ranges::any_of(env->notes, [](const Diagnostic &note) {
        return note.code == u"env-flask" && note.severity == Severity::Warning;
    });
    QCOMPARE(isWarned, table == u"none found");
}

/// What env.py does to the arguments counts over what the application gave; what it does in code refuses.
void tst_EnvPy::flaskSearch()
{
    QTemporaryDir root;
    QVERIFY(put(root, u"web/__init__.py"_s, ""));
    QVERIFY(put(root, u"app.py"_s,
                "from flask_migrate import Migrate\n"
                "Migrate(app, db, version_table='a', compare_type=False,\n"
                "        include_object=keep, render_as_batch=flag())\n"));
    const QString file =
        root.filePath(u"web/migrations/env.py"_s); // within a package of the application
    const auto read = [&](const QByteArray &text) {
        return put(root, u"web/migrations/env.py"_s, text)
                   ? readEnvPy(file, {root.path()})
                   : Result<EnvPy>(Error{.message = u"not written"_s});
    };
    const auto plain = read(envOfVersion4());
    QVERIFY(plain);
    QCOMPARE(plain->online.versionTable, std::optional(u"a"_s));
    QCOMPARE(plain->online.compareType, std::optional(false));
    QCOMPARE(plain->online.renderAsBatch, std::nullopt);
    QCOMPARE(plain->online.unread, QStringList{u"render_as_batch"_s});
    QVERIFY(plain->online.otherArguments.contains(u"include_object"_s));
    QVERIFY(plain->online.hooks.isEmpty()); // it is no function of env.py's
    const auto changed = read(envOfVersion4("    conf_args['version_table'] = 'b'\n"));
    QVERIFY(changed);
    QCOMPARE(changed->online.versionTable, std::optional(u"b"_s));
    for (const QByteArray &code :
         QList<QByteArray>{"    change(conf_args)\n", "    conf_args.update(options())\n",
                           "    conf_args = other()\n"}) {
        const auto unread = read(envOfVersion4(code));
        QVERIFY(unread);
        QVERIFY2(unread->online.hasUnreadOptions, code.constData());
    }
    const auto maybe = read(envOfVersion4("    if x:\n        conf_args['version_table'] = 'b'\n"));
    QVERIFY(maybe);
    QVERIFY(maybe->online.unread.contains(u"version_table"_s));
}

void tst_EnvPy::emptyRevisions_data()
{
    QTest::addColumn<QByteArray>(
        "body"); // of process_revision_directives(context, revision, directives)
    QTest::addColumn<bool>("isKnown");
    const QByteArray template4 = "    if getattr(config.cmd_opts, 'autogenerate', False):\n"
                                 "        script = directives[0]\n"
                                 "        if script.upgrade_ops.is_empty():\n"
                                 "            directives[:] = []\n"
                                 "            logger.info('No changes in schema detected.')\n";
    const QByteArray cookbook = "    assert config.cmd_opts is not None\n"
                                "    if config.cmd_opts.autogenerate:\n"
                                "        script = directives[0]\n"
                                "        if script.upgrade_ops.is_empty():\n"
                                "            directives[:] = []\n";
    QTest::newRow("Flask-Migrate's") << template4 << true;
    QTest::newRow("the cookbook's") << cookbook << true;
    QTest::newRow("short") << QByteArray("    if directives[0].upgrade_ops.is_empty():\n"
                                         "        directives[:] = []\n")
                           << true;
    QTest::newRow("always") << QByteArray("    directives[:] = []\n") << false;
    QTest::newRow("numbers the revisions") << template4 + "        script.rev_id = '0001'\n"
                                           << false;
    QTest::newRow("something more") << template4 + "    change(directives)\n" << false;
    QTest::newRow("or else") << template4 + "    else:\n        pass\n" << false;
    QTest::newRow("of another question")
        << QByteArray("    if directives[0].downgrade_ops.is_empty():\n"
                      "        directives[:] = []\n")
        << false;
    QTest::newRow("says what it computes")
        << QByteArray("    if directives[0].upgrade_ops.is_empty():\n        directives[:] = []\n"
                      "        logger.info(f())\n")
        << false;
    QTest::newRow("nothing") << QByteArray("    pass\n") << false;
}

/// The hook that writes no empty revision is known; any other is code.
void tst_EnvPy::emptyRevisions()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, isKnown);
    QTemporaryDir root;
    const QByteArray head = "from alembic import context\n"
                            "def process_revision_directives(context, revision, directives):\n"
                            + body;
    QVERIFY(put(root, u"app.py"_s, plainApp));
    QVERIFY(put(root, u"own.py"_s,
                "from flask_migrate import Migrate\n"
                "Migrate(app, db, process_revision_directives=mine)\n"));
    const QString file = root.filePath(u"migrations/env.py"_s);
    QVERIFY(put(root, u"migrations/env.py"_s,
                head
                    + "def run_migrations_online():\n    context.configure(connection=c, "
                      "process_revision_directives=process_revision_directives)\n"));
    const auto plain = readEnvPy(file, {root.path()});
    QVERIFY(plain);
    QCOMPARE(plain->online.dropsEmptyRevisions, isKnown);
    // Flask-Migrate's own steps back where the application gives another.
    const QByteArray conditional =
        head
        + "def run_migrations_online():\n"
          "    conf_args = current_app.extensions['migrate'].configure_args\n"
          "    if conf_args.get('process_revision_directives') is None:\n"
          "        conf_args['process_revision_directives'] = process_revision_directives\n"
          "    context.configure(connection=c, **conf_args)\n";
    QVERIFY(put(root, u"migrations/env.py"_s, conditional));
    const auto others = readEnvPy(file, {root.path()});
    QVERIFY(others);
    QVERIFY(!others->online.dropsEmptyRevisions);
    QVERIFY(QFile::remove(root.filePath(u"own.py"_s)));
    const auto own = readEnvPy(file, {root.path()});
    QVERIFY(own);
    QCOMPARE(own->online.dropsEmptyRevisions, isKnown);
}
