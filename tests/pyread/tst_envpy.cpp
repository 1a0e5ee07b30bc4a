#include "tst_envpy.h"

#include "core/pyread/envpy.h"
#include "core/pyread/envpyscript.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

bool write(const QTemporaryDir &folder, const QString &name, const QByteArray &text)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
           && file.write(text) == text.size();
}

Result<EnvPy> readText(const QTemporaryDir &folder, const QByteArray &text)
{
    write(folder, u"migrations/env.py"_s, text);
    return readEnvPy(folder.filePath(u"migrations/env.py"_s), {folder.path()});
}

} // namespace

void tst_EnvPy::generic()
{
    QTemporaryDir folder;
    QVERIFY(write(folder, u"app/__init__.py"_s, ""));
    QVERIFY(write(folder, u"app/models.py"_s, ""));
    QVERIFY(write(folder, u"app/database.py"_s, ""));
    const auto env = readText(
        folder,
        "from logging.config import fileConfig\nfrom alembic import context\nfrom app.database "
        "import Base\n"
        "from app import models  # noqa\nconfig = context.config\ntarget_metadata = Base.metadata\n"
        "BATCH = True\n"
        "def run_migrations_offline():\n"
        "    url = config.get_main_option('sqlalchemy.url')\n"
        "    context.configure(url=url, target_metadata=target_metadata, literal_binds=True,\n"
        "                      dialect_opts={'paramstyle': 'named'}, version_table='v')\n"
        "def run_migrations_online():\n"
        "    connectable = engine_from_config(config.get_section(config.config_ini_section))\n"
        "    with connectable.connect() as connection:\n"
        "        context.configure(connection=connection, target_metadata=target_metadata,\n"
        "                          render_as_batch=BATCH, compare_type=check, "
        "include_object=keep)\n");
    QVERIFY2(env, env ? "" : qPrintable(env.error().message));
    QCOMPARE(env->metadata.size(), 1);
    QCOMPARE(env->metadata.first().expression, u"Base.metadata"_s);
    QCOMPARE(env->metadata.first().module, u"app.database"_s);
    QCOMPARE(env->projectModules, QStringList({u"app.database"_s, u"app"_s, u"app.models"_s}));
    QVERIFY(env->offline.isFound && env->online.isFound);
    QCOMPARE(env->offline.literalBinds, std::optional(true));
    QCOMPARE(env->offline.paramStyle, u"named"_s);
    QCOMPARE(env->offline.versionTable, std::optional(u"v"_s));
    QCOMPARE(env->online.renderAsBatch, std::optional(true));
    QCOMPARE(env->online.compareType, std::nullopt);
    QCOMPARE(env->online.otherArguments, QStringList{u"include_object"_s});
    QVERIFY(!env->hasComputedUrl);
    QCOMPARE(env->notes.size(), 1); // compare_type is code
    QCOMPARE(env->notes.first().span.line, 16);
    QCOMPARE(env->online.unread, QStringList{u"compare_type"_s});
}

void tst_EnvPy::sysPath_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("folder");

    QTest::newRow("append cwd") << QByteArray("sys.path.append(os.getcwd())") << u"."_s;
    QTest::newRow("dirname twice") << QByteArray(
        "sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))")
                                   << u"."_s;
    QTest::newRow("join") << QByteArray(
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'src'))")
                          << u"src"_s;
    QTest::newRow("parents") << QByteArray(
        "sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'src'))")
                             << u"src"_s;
    QTest::newRow("variable") << QByteArray(
        "BASE = Path(__file__).parent.parent\nsys.path.append(str(BASE))")
                              << u"."_s;
    QTest::newRow("unknown") << QByteArray("sys.path.append(find_root())") << QString();
}

void tst_EnvPy::sysPath()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, folder);
    QTemporaryDir root;
    const auto env = readText(root, "import os, sys\nfrom pathlib import Path\n" + line + "\n");
    QVERIFY(env);
    const QStringList expected =
        folder.isEmpty() ? QStringList() : QStringList{QDir::cleanPath(root.filePath(folder))};
    QCOMPARE(env->sysPath, expected);
}

void tst_EnvPy::url_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isComputed");

    QTest::newRow("set_main_option")
        << QByteArray("config.set_main_option('sqlalchemy.url', 'sqlite:///a%%20b.db')\n")
        << u"sqlite:///a%20b.db"_s << false;
    QTest::newRow("from settings")
        << QByteArray("config.set_main_option('sqlalchemy.url', settings.url)\n") << QString()
        << true;
    QTest::newRow("configure literal")
        << QByteArray("context.configure(url='sqlite://')\n") << u"sqlite://"_s << false;
    QTest::newRow("variable") << QByteArray(
        "URL = 'sqlite:///' + 'x.db'\ncontext.configure(url=URL)\n")
                              << u"sqlite:///x.db"_s << false;
    const QByteArray engine = "connectable = engine_from_config(config.get_section('alembic'))\n"
                              "context.configure(connection=connectable)\n";
    QTest::newRow("the template") << QByteArray(engine) << QString() << false;
    QTest::newRow("a section's item")
        << QByteArray("section['sqlalchemy.url'] = get_url()\n" + engine) << QString() << true;
    QTest::newRow("a section's item, known")
        << QByteArray("section['sqlalchemy.url'] = 'sqlite:///y.db'\n" + engine)
        << u"sqlite:///y.db"_s << false;
    QTest::newRow("handed back") << QByteArray("config.set_main_option('sqlalchemy.url', "
                                               "str(config.get_main_option('sqlalchemy.url')))\n"
                                               + engine)
                                 << QString() << false;
    QTest::newRow("imported") << QByteArray("from settings import URL as url\n"
                                            "config.set_main_option('sqlalchemy.url', url)\n"
                                            + engine)
                              << u"sqlite:///imported.db"_s << false;
    QTest::newRow("environment, unset") << QByteArray(
        "config.set_main_option('sqlalchemy.url', os.environ['TRIBIKOS_TEST_UNSET'])\n" + engine)
                                        << QString() << true;
    QTest::newRow("environment, only if set") << QByteArray(
        "if os.getenv('TRIBIKOS_TEST_UNSET'):\n"
        "    config.set_main_option('sqlalchemy.url', os.getenv('TRIBIKOS_TEST_UNSET'))\n"
        + engine) << QString() << false;
    QTest::newRow("environment, set") << QByteArray(
        "config.set_main_option('sqlalchemy.url', os.environ['TRIBIKOS_TEST_URL'])\n" + engine)
                                      << u"sqlite:///environment.db"_s << false;
    QTest::newRow("environment, otherwise") << QByteArray(
        "URL = os.getenv('TRIBIKOS_TEST_UNSET', 'sqlite:///z.db')\nengine = create_engine(URL)\n")
                                            << u"sqlite:///z.db"_s << false;
    QTest::newRow("somebody else's connection")
        << QByteArray("from app.db import engine\nwith engine.connect() as connection:\n"
                      "    context.configure(connection=connection)\n")
        << QString() << true;
}

void tst_EnvPy::url()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, url);
    QFETCH(bool, isComputed);
    QTemporaryDir root;
    QVERIFY(write(root, u"settings.py"_s, "URL = 'sqlite:///' + 'imported.db'\n"));
    qputenv("TRIBIKOS_TEST_URL", "sqlite:///environment.db");
    const auto env = readText(root, text);
    QVERIFY(env);
    QCOMPARE(env->url, url);
    QCOMPARE(env->hasComputedUrl, isComputed);
}

/// configure(**settings) where the dictionary can be told; else the note stays.
void tst_EnvPy::settings_data()
{
    QTest::addColumn<QByteArray>("before"); // in the function, before the call
    QTest::addColumn<QByteArray>("starred");
    QTest::addColumn<bool>("isRead");

    const auto row = [](const char *name, const char *before, const char *starred, bool isRead) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(starred) << isRead;
    };
    const char *literal = "o = {'version_table': 'v', 'transaction_per_migration': True}";
    row("literal", literal, "o", true);
    row("dict()", "o = dict(version_table='v', transaction_per_migration=True)", "o", true);
    row("on the spot", "pass", "{'version_table': 'v', 'transaction_per_migration': True}", true);
    row("updated",
        "o = {'version_table': 'w'}\n    o.update({'transaction_per_migration': True})\n"
        "    o.update(version_table='v')",
        "o", true);
    row("by key", "o = {}\n    o['version_table'] = 'v'\n    o['transaction_per_migration'] = True",
        "o", true);
    row("of the module", "pass", "shared", true);
    row("under a condition",
        "o = {'version_table': 'v', 'transaction_per_migration': True}\n"
        "    if x:\n        o['version_table'] = 'w'",
        "o", false);
    row("passed on", "o = {'version_table': 'v'}\n    change(o)", "o", false);
    row("made by code", "o = make()", "o", false);
    row("with others inside", "o = {'version_table': 'v', **more}", "o", false);
    row("updated by code", "o = {'version_table': 'v'}\n    o.update(make())", "o", false);
    row("nowhere", "pass", "unknown", false);
}

void tst_EnvPy::settings()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, starred);
    QFETCH(bool, isRead);
    QTemporaryDir root;
    const auto env = readText(
        root, "from alembic import context\n"
              "shared = {'version_table': 'v'}\nshared['transaction_per_migration'] = True\n"
              "def run_migrations_online():\n    "
                  + before
                  + "\n    with engine.connect() as connection:\n"
                    "        context.configure(connection=connection, **"
                  + starred + ")\n");
    QVERIFY2(env, env ? "" : qPrintable(env.error().message));
    QCOMPARE(env->online.hasUnreadOptions, !isRead);
    QCOMPARE(env->online.versionTable, isRead ? std::optional(u"v"_s) : std::nullopt);
    QCOMPARE(env->online.transactionPerMigration, isRead ? std::optional(true) : std::nullopt);
    QStringList notes;
    for (const Diagnostic &note : env->notes)
        notes.append(note.message);
    QCOMPARE(notes.join(u'\n').contains(u"as a dictionary"), !isRead);
}

/// Names that double each other, or stand for each other, end in "not known" and not in a hang.
void tst_EnvPy::ownStatements_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("told"); // opening | closing; "plain", or a part of the refusal
    const QByteArray head = "from alembic import context\ncontext.configure(dialect_name='x')\n";
    QTest::newRow("template") << head
                                     + "with context.begin_transaction():\n"
                                       "    context.run_migrations()\n"
                              << u"plain"_s;
    QTest::newRow("online only")
        << head
               + "def do_run(connection):\n    context.execute('x')\n    context.run_migrations()\n"
                 "with context.begin_transaction():\n    context.run_migrations()\n"
        << u"plain"_s;
    QTest::newRow("no transaction") << head + "context.run_migrations()\n" << u"|"_s;
    QTest::newRow("around")
        << head
               + "with context.begin_transaction():\n"
                 "    for s in ('a', 'b'):\n        context.execute('SET ' + s)\n"
                 "    context.run_migrations()\ncontext.execute('DONE')\n"
        << u"BEGIN;SET a;SET b|COMMIT;DONE"_s;
    QTest::newRow("unknown") << head
                                    + "from nowhere import schema\n"
                                      "with context.begin_transaction():\n"
                                      "    context.execute('SET ' + schema)\n"
                                      "    context.run_migrations()\n"
                             << u"env.py:5"_s;
    QTest::newRow("unknown branch") << head
                                           + "from nowhere import wanted\nif wanted:\n"
                                             "    context.execute('SET a')\n"
                                             "context.run_migrations()\n"
                                    << u"env.py:5"_s;
    QTest::newRow("twice") << head
                                  + "for name in ('a', 'b'):\n    context.execute(name)\n"
                                    "    context.run_migrations()\n"
                           << u"run 2 times"_s;
    QTest::newRow("endless") << head + "context.execute('a')\nwhile True:\n    pass\n"
                             << u"env.py:3"_s;
}

void tst_EnvPy::ownStatements()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, told);
    const QTemporaryDir folder;
    QVERIFY(write(folder, u"env.py"_s, text));
    const auto script =
        readEnvScript({.environmentFile = folder.filePath(u"env.py"_s)}, Backend::PostgreSql);
    if (!script) {
        QVERIFY2(script.error().message.contains(told), qPrintable(script.error().message));
        return;
    }
    if (!*script) {
        QCOMPARE(u"plain"_s, told);
        return;
    }
    const auto texts = [](const QList<EnvScript::Piece> &pieces) {
        QStringList list;
        for (const EnvScript::Piece &piece : pieces)
            list.append(piece.kind == EnvScript::Piece::Kind::Begin ? u"BEGIN"_s
                        : piece.kind == EnvScript::Piece::Kind::Commit
                            ? u"COMMIT"_s
                            : piece.operation.as<Execute>()->statement->text);
        return list.join(u';');
    };
    QCOMPARE(texts((*script)->opening) + u'|' + texts((*script)->closing), told);
}

void tst_EnvPy::hostile()
{
    QByteArray text = "a0 = 'xxxxxxxxxx'\n";
    for (int i = 1; i < 40; ++i)
        text += "a" + QByteArray::number(i) + " = a" + QByteArray::number(i - 1) + " + a"
                + QByteArray::number(i - 1) + "\n";
    text += "context.configure(url=a39)\np = q\nq = p\ntarget_metadata = p\nsys.path.append(q)\n";
    QTemporaryDir root;
    const auto env = readText(root, text);
    QVERIFY(env);
    QCOMPARE(env->url, QString());
    QVERIFY(env->hasComputedUrl);
}
