#include "core/config/projectconfig.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_ProjectConfig : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void alembicIni();
    void separators_data();
    void separators();
    void relativeToWorkingFolder();
    void packageResource();
    void pyproject();
    void iniWinsOverPyproject();
    void flask_data();
    void flask();
    void tribikosToml();
    void facts();
    void tribikosWithoutAlembic();
    void variables();
    void versionFoldersAlone();
    void flags_data();
    void flags();
    void refused_data();
    void refused();
    void commandLine();

private:
    void write(const QString &name, const QString &text);
    QString path(const QString &name) const { return m_folder->filePath(name); }
    Result<ProjectConfig> load(const QString &name = {}) const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_ProjectConfig::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"migrations/versions"_s));
}

void tst_ProjectConfig::write(const QString &name, const QString &text)
{
    QDir(m_folder->path()).mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.toUtf8());
}

Result<ProjectConfig> tst_ProjectConfig::load(const QString &name) const
{
    return loadProjectConfig({.path = name, .workingFolder = m_folder->path()});
}

void tst_ProjectConfig::alembicIni()
{
    write(u"alembic.ini"_s, u"[alembic]\nscript_location = %(here)s/migrations\n"
                            "path_separator = os\nprepend_sys_path = .\n"
                            "sqlalchemy.url = sqlite+aiosqlite:///market%%20.sqlite\n"
                            "file_template = %%(year)d_%%(slug)s\ntruncate_slug_length = 12\n"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->root, m_folder->path());
    QCOMPARE(config->iniFile, path(u"alembic.ini"_s));
    QCOMPARE(config->scriptLocation, path(u"migrations"_s));
    QCOMPARE(config->versionLocations, QStringList{path(u"migrations/versions"_s)});
    QCOMPARE(config->sysPath, QStringList{m_folder->path()});
    QCOMPARE(config->sqlalchemyUrl, u"sqlite+aiosqlite:///market%20.sqlite"_s);
    QCOMPARE(config->sqlalchemyUrlLine, 5);
    QCOMPARE(config->fileTemplate, u"%(year)d_%(slug)s"_s);
    QCOMPARE(config->truncateSlugLength, 12);
    QVERIFY(!config->isRecursive);
    QVERIFY(config->diagnostics.isEmpty());
}

void tst_ProjectConfig::separators_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QStringList>("folders"); // empty: refused
    const QStringList ab{u"a"_s, u"b"_s};
    QTest::newRow("os") << u"path_separator = os\nversion_locations = a:b"_s << ab;
    QTest::newRow("space") << u"path_separator = space\nversion_locations = a  b"_s << ab;
    QTest::newRow("newline") << u"path_separator = newline\nversion_locations =\n  a\n  b"_s << ab;
    QTest::newRow("semicolon") << u"path_separator = ;\nversion_locations = a; b"_s << ab;
    QTest::newRow("older name") << u"version_path_separator = :\nversion_locations = a:b"_s << ab;
    QTest::newRow("none, comma") << u"version_locations = a, b"_s << ab;
    QTest::newRow("none, blanks") << u"version_locations = a   b"_s << ab;
    QTest::newRow("unknown") << u"path_separator = comma\nversion_locations = a,b"_s
                             << QStringList();
}

void tst_ProjectConfig::separators()
{
    QFETCH(QString, lines);
    QFETCH(QStringList, folders);
    write(u"alembic.ini"_s, u"[alembic]\nscript_location = migrations\n"_s + lines);
    const auto config = load();
    QCOMPARE(bool(config), !folders.isEmpty());
    if (!config) {
        QVERIFY(config.error().message.endsWith(
            u"'comma' is not a valid value for path_separator; expected 'space', 'newline', 'os', "
            "':', ';'"_s));
        return;
    }
    for (QString &folder : folders)
        folder = path(folder);
    QCOMPARE(config->versionLocations, folders);
}

void tst_ProjectConfig::relativeToWorkingFolder()
{
    write(u"sub/alembic.ini"_s, u"[alembic]\nscript_location = migrations\n"_s);
    auto config = load(u"sub/alembic.ini"_s);
    QVERIFY(config);
    QCOMPARE(config->scriptLocation, path(u"migrations"_s)); // the working folder's, as Alembic
    QVERIFY(QDir(m_folder->path()).rename(u"migrations"_s, u"sub/migrations"_s));
    config = load(u"sub/alembic.ini"_s);
    QVERIFY(config);
    QCOMPARE(config->scriptLocation, path(u"sub/migrations"_s));
    QCOMPARE(config->diagnostics.size(), 1);
    QCOMPARE(config->diagnostics[0].code, u"relative-location"_s);
    QCOMPARE(config->diagnostics[0].span.line, 2);
}

void tst_ProjectConfig::packageResource()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"src/shop/db/scripts"_s));
    write(u"alembic.ini"_s,
          u"[alembic]\nscript_location = shop.db:scripts\nprepend_sys_path = src\n"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->scriptLocation, path(u"src/shop/db/scripts"_s));
}

void tst_ProjectConfig::pyproject()
{
    write(u"pyproject.toml"_s, uR"([tool.alembic]
script_location = "%(here)s/migrations"
version_locations = ["%(here)s/a%%", "%(here)s/b"]
file_template = "%%(rev)s"
recursive_version_locations = true
)"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->pyprojectFile, path(u"pyproject.toml"_s));
    QCOMPARE(config->versionLocations, (QStringList{path(u"a%"_s), path(u"b"_s)}));
    QCOMPARE(config->fileTemplate, u"%(rev)s"_s);
    QVERIFY(config->isRecursive);
}

void tst_ProjectConfig::iniWinsOverPyproject()
{
    write(u"pyproject.toml"_s,
          u"[tool.alembic]\nscript_location = \"nowhere\"\ntimezone = \"UTC\"\n"_s);
    write(u"alembic.ini"_s, u"[alembic]\nscript_location = migrations\n"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->scriptLocation, path(u"migrations"_s));
    QCOMPARE(config->timezone, u"UTC"_s);
}

/// `flask db` takes the folder "migrations" beside the application and says so to no file.
void tst_ProjectConfig::flask_data()
{
    QTest::addColumn<QString>("opened");
    QTest::addColumn<QString>("location"); // script_location of the ini
    QTest::addColumn<QString>("other");    // another file of the folder above
    QTest::addColumn<bool>("isFound");
    QTest::newRow("its folder") << u"migrations"_s << QString() << QString() << true;
    QTest::newRow("its file") << u"migrations/alembic.ini"_s << QString() << QString() << true;
    QTest::newRow("the application") << QString() << QString() << QString() << true;
    QTest::newRow("relative to nobody")
        << QString() << u"script_location = .\n"_s << QString() << true;
    QTest::newRow("another tool's pyproject")
        << QString() << QString() << u"pyproject.toml"_s << true;
    QTest::newRow("environments") << QString() << QString() << u"tribikos.toml"_s << true;
    QTest::newRow("Alembic's env.py") << u"migrations"_s << QString() << u"plain"_s << false;
    QTest::newRow("Alembic's below") << QString() << QString() << u"plain"_s << false;
}

void tst_ProjectConfig::flask()
{
    QFETCH(QString, opened);
    QFETCH(QString, location);
    QFETCH(QString, other);
    QFETCH(bool, isFound);
    write(u"migrations/alembic.ini"_s, u"[alembic]\n"_s + location);
    write(u"migrations/env.py"_s,
          other == u"plain"
              ? u"from alembic import context\n"_s
              : u"from flask import current_app\n"
                "target_metadata = current_app.extensions['migrate'].db.metadata\n"_s);
    if (other == u"pyproject.toml")
        write(other, u"[tool.black]\n"_s);
    else if (other == u"tribikos.toml")
        write(other, u"[environments.local]\nurl = \"sqlite:///x\"\n"_s);
    const auto config = load(opened);
    QCOMPARE(bool(config), isFound);
    if (!isFound)
        return;
    QCOMPARE(config->scriptLocation, path(u"migrations"_s));
    QCOMPARE(config->versionLocations, QStringList{path(u"migrations/versions"_s)});
    QCOMPARE(config->environments.size(), other == u"tribikos.toml" ? 1 : 0);
}

void tst_ProjectConfig::tribikosToml()
{
    write(u"etc/alembic.ini"_s, u"[alembic]\nscript_location = %(here)s/../migrations\n"_s);
    write(u"app/models.py"_s, {});
    write(u"tribikos.toml"_s, uR"([project]
name = "digital-market"
alembic = "etc/alembic.ini"
models = ["app/models.py", "staging"]
[options]
version_table = "history"
transaction = "per-revision"
render_as_batch = true
naming_convention = { ix = "ix_%(column_0_label)s" }
colour = "blue"
[environments.zeta]
url = "sqlite:///z.sqlite"
[environments.alpha]
url = "postgresql://app@db/market"
protected = true
[types]
Money = "MONEY"
[types.mysql]
Money = "DECIMAL"
)"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->name, u"digital-market"_s);
    QCOMPARE(config->iniFile, path(u"etc/alembic.ini"_s));
    QCOMPARE(config->scriptLocation, path(u"migrations"_s));
    QCOMPARE(config->models, (QStringList{path(u"app/models.py"_s), u"staging"_s}));
    QCOMPARE(config->options.versionTable, u"history"_s);
    QCOMPARE(config->options.transactionPerMigration, true);
    QCOMPARE(config->options.renderAsBatch, true);
    QVERIFY(!config->options.compareType.has_value());
    QCOMPARE(config->options.namingConvention->value(u"ix"_s), u"ix_%(column_0_label)s"_s);
    QCOMPARE(config->environments.size(), 2);
    QCOMPARE(config->environments[0].name, u"zeta"_s); // the file's order
    QVERIFY(config->environments[1].isProtected);
    QCOMPARE(config->types.value(u"Money"_s), u"MONEY"_s);
    QCOMPARE(config->types.value(u"mysql:Money"_s), u"DECIMAL"_s);
    QCOMPARE(config->diagnostics.size(), 1);
    QVERIFY(config->diagnostics[0].message.startsWith(u"tribikos.toml:10: the option 'colour'"));
}

void tst_ProjectConfig::facts()
{
    qputenv("TRIBIKOS_TEST_STAGE", "live");
    write(u"tribikos.toml"_s, uR"toml([project]
versions = ["sql"]
[values]
"a.NAME" = "it's \"x\"\n"
"a.f()" = 3
"a.f('b', k=1).c" = 2.0
"a.d['k']" = [1, true, { x = "y" }]
"a.NONE" = { python = "None" }
"a.EMPTY" = {}
[values.postgresql]
"a.NAME" = "other"
[environment-variables]
STAGE = "${TRIBIKOS_TEST_STAGE}"
[offline]
empty_tables = ["users", "audit.*"]
default_schema = "shop"
server_version = { mysql = "8.0.36" }
[offline.answers]
"SELECT a  FROM t;" = [[1, "x"]]
[offline.answers.a1b2]
"SELECT a FROM t" = [{ a = 2 }]
)toml"_s);
    const auto config = load();
    qunsetenv("TRIBIKOS_TEST_STAGE");
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QVERIFY(config->diagnostics.isEmpty());
    const ScriptFacts expected{.values = {{u"a.NAME"_s, u"\"it's \\\"x\\\"\\x0a\""_s},
                                          {u"a.f()"_s, u"3"_s},
                                          {u"a.f('b', k=1).c"_s, u"2.0"_s},
                                          {u"a.d['k']"_s, u"[1, True, {\"x\": \"y\"}]"_s},
                                          {u"a.NONE"_s, u"(None)"_s},
                                          {u"a.EMPTY"_s, u"{}"_s},
                                          {u"postgresql:a.NAME"_s, u"\"other\""_s}},
                               .variables = {{u"STAGE"_s, u"live"_s}},
                               .emptyTables = {u"users"_s, u"audit.*"_s},
                               .answers = {{u"\nSELECT a FROM t"_s, u"[[1, \"x\"]]"_s},
                                           {u"a1b2\nSELECT a FROM t"_s, u"[{\"a\": 2}]"_s}},
                               .defaultSchema = u"shop"_s,
                               .serverVersion = {{u"mysql:"_s, u"8.0.36"_s}}};
    QCOMPARE(config->facts.values, expected.values);
    QCOMPARE(config->facts, expected);
    const QString query = u"\nSELECT a FROM t"_s;
    QCOMPARE(ofRevision(config->facts.answers, u"a1b2"_s).value(query), u"[{\"a\": 2}]"_s);
    QCOMPARE(ofRevision(config->facts.answers, u"other"_s).value(query), u"[[1, \"x\"]]"_s);
    QCOMPARE(ofBackend(config->facts.values, Backend::PostgreSql).value(u"a.NAME"_s),
             u"\"other\""_s);
    QCOMPARE(ofBackend(config->facts.values, Backend::Sqlite).value(u"a.NAME"_s),
             expected.values.value(u"a.NAME"_s));
}

void tst_ProjectConfig::tribikosWithoutAlembic()
{
    write(u"tribikos.toml"_s, u"[project]\nversions = [\"sql\"]\n"_s);
    const auto config = load();
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QVERIFY(config->scriptLocation.isEmpty());
    QCOMPARE(config->versionLocations, QStringList{path(u"sql"_s)});
}

void tst_ProjectConfig::variables()
{
    write(u".env"_s, u"# secrets\nexport TRIBIKOS_TEST_USER='app'\nTRIBIKOS_TEST_PW=a=b # no\n"_s);
    write(
        u"tribikos.toml"_s,
        u"[project]\nversions = [\"sql\"]\n[environments.a]\n"
        "url = \"mysql://${TRIBIKOS_TEST_USER}:${TRIBIKOS_TEST_PW}@h/${TRIBIKOS_TEST_NONE}\"\n"_s);
    qputenv("TRIBIKOS_TEST_USER", "root");
    const auto config = load();
    qunsetenv("TRIBIKOS_TEST_USER");
    QVERIFY(config);
    QCOMPARE(config->environments[0].url, u"mysql://root:a=b@h/${TRIBIKOS_TEST_NONE}"_s);
    QCOMPARE(config->diagnostics.size(), 1);
    QVERIFY(config->diagnostics[0].message.contains(u"TRIBIKOS_TEST_NONE"));
    QVERIFY(!config->diagnostics[0].message.contains(u"a=b"));
}

void tst_ProjectConfig::versionFoldersAlone()
{
    const auto config = loadProjectConfig(
        {.versionFolders = {u"migrations/versions"_s}, .workingFolder = m_folder->path()});
    QVERIFY(config);
    QCOMPARE(config->versionLocations, QStringList{path(u"migrations/versions"_s)});
    QVERIFY(config->iniFile.isEmpty());
}

void tst_ProjectConfig::flags_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("answer");
    QTest::newRow("exact") << u"recursive_version_locations = true"_s << u"recursive"_s;
    QTest::newRow("another spelling") << u"recursive_version_locations = True"_s << QString();
    QTest::newRow("sourceless") << u"sourceless = true"_s << u"sourceless"_s;
    QTest::newRow("wide") << u"revision_environment = YES"_s << u"environment"_s;
    QTest::newRow("neither") << u"revision_environment = maybe"_s << u"!"_s;
    QTest::newRow("length") << u"truncate_slug_length = long"_s << u"!"_s;
}

void tst_ProjectConfig::flags()
{
    QFETCH(QString, lines);
    QFETCH(QString, answer);
    write(u"alembic.ini"_s, u"[alembic]\nscript_location = migrations\n"_s + lines);
    const auto config = load();
    QString found = config ? QString() : u"!"_s;
    if (config && config->isRecursive)
        found = u"recursive"_s;
    if (config && config->isSourceless)
        found = u"sourceless"_s;
    if (config && config->usesRevisionEnvironment)
        found = u"environment"_s;
    QCOMPARE(found, answer);
}

void tst_ProjectConfig::refused_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message"); // a part of it
    QTest::newRow("nothing") << QString() << QString() << u"No alembic.ini, pyproject.toml or"_s;
    QTest::newRow("empty") << u"alembic.ini"_s << QString()
                           << u"No 'script_location' key found in configuration; add it"_s;
    QTest::newRow("malformed") << u"alembic.ini"_s << u"[alembic]\nscript_location\n"_s
                               << u"alembic.ini:2: "_s;
    QTest::newRow("no folder") << u"alembic.ini"_s << u"[alembic]\nscript_location = gone\n"_s
                               << u"gone; correct script_location"_s;
    QTest::newRow("interpolation")
        << u"alembic.ini"_s << u"[alembic]\nscript_location = %(nobody)s\n"_s
        << u"alembic.ini:2: "_s;
    QTest::newRow("toml syntax") << u"tribikos.toml"_s << u"[project\n"_s << u"tribikos.toml:1: "_s;
    QTest::newRow("toml table without a name")
        << u"tribikos.toml"_s << u"[\n[)"_s << u"tribikos.toml:"_s;
    QTest::newRow("toml kind") << u"tribikos.toml"_s
                               << u"[project]\nversions = [\"a\"]\n[options]\ncompare_type = 1\n"_s
                               << u"tribikos.toml:4: 'compare_type' takes true or false."_s;
    QTest::newRow("toml environment")
        << u"tribikos.toml"_s << u"[project]\nversions = [\"a\"]\n[environments.x]\n"_s
        << u"the environment 'x' needs url"_s;
    QTest::newRow("named ini is gone")
        << u"tribikos.toml"_s << u"[project]\nalembic = \"no.ini\"\n"_s
        << u"tribikos.toml:2: there is no file "_s;
    QTest::newRow("other tool's pyproject")
        << u"pyproject.toml"_s << u"[tool.black]\n"_s << u"has no [tool.alembic] section"_s;
    const auto fact = [](const char *name, const QString &lines, const QString &message) {
        QTest::newRow(name) << u"tribikos.toml"_s << u"[project]\nversions = [\"a\"]\n"_s + lines
                            << u"tribikos.toml:4: "_s + message;
    };
    fact("no given name", u"[values]\nNAME = 1\n"_s,
         u"'NAME' is no name that a script can ask for"_s);
    fact("an expression as a name", u"[values]\n\"a.b + 1\" = 1\n"_s, u"'a.b + 1' is no name"_s);
    fact("a date", u"[values]\n\"a.b\" = 2024-02-29\n"_s,
         u"the value of 'a.b' can't be said in TOML"_s);
    fact("SQLAlchemy's name", u"[values]\n\"sqlalchemy.func.now()\" = 1\n"_s,
         u"'sqlalchemy.func.now()' can't be given"_s);
    fact("a variable that nobody has",
         u"[environment-variables]\nA = \"${TRIBIKOS_TEST_NOBODY}\"\n"_s,
         u"the environment variable 'A' needs one that"_s);
    fact("a variable's kind", u"[environment-variables]\nA = 1\n"_s,
         u"the environment variable 'A' takes a text"_s);
    fact("unknown key of offline", u"[offline]\nempty = []\n"_s, u"[offline] has no key 'empty'"_s);
    fact("empty tables' kind", u"[offline]\nempty_tables = 1\n"_s,
         u"'empty_tables' takes a list"_s);
    fact("an answer's kind", u"[offline.answers]\n\"SELECT 1\" = [1]\n"_s,
         u"the answer to 'SELECT 1' takes a list of rows"_s);
    fact("version", u"[offline]\nserver_version = \"eight\"\n"_s,
         u"'server_version' takes a version"_s);
    fact("version of nothing", u"[offline]\nserver_version = { oracle = \"8\" }\n"_s,
         u"'server_version' takes"_s);
    fact("no such rule", u"[ignore]\ntable = [\"a\"]\n"_s, u"[ignore] has no key 'table'"_s);
    fact("a rule of too many parts", u"[ignore]\ntables = [\"a.b.c\"]\n"_s,
         u"'a.b.c' has too many parts"_s);
    QTest::newRow("deep toml") << u"tribikos.toml"_s << u"a = "_s + QString(100000, u'[')
                               << u"tribikos.toml:1: "_s;
}

void tst_ProjectConfig::refused()
{
    QFETCH(QString, file);
    QFETCH(QString, text);
    QFETCH(QString, message);
    if (!file.isEmpty())
        write(file, text);
    const auto config = load();
    QVERIFY(!config);
    QVERIFY2(config.error().message.contains(message), qPrintable(config.error().message));
}

void tst_ProjectConfig::commandLine()
{
    write(u"a.ini"_s, u"[alembic]\nscript_location = migrations\n[other]\n"
                      "script_location = migrations\nsqlalchemy.url = sqlite:///other.db\n"_s);
    const auto config = loadProjectConfig({.path = u"a.ini"_s,
                                           .section = u"other"_s,
                                           .xArguments = {u"tenant=a=b"_s, u"dry"_s},
                                           .workingFolder = m_folder->path()});
    QVERIFY(config);
    QCOMPARE(config->sqlalchemyUrl, u"sqlite:///other.db"_s);
    QCOMPARE(config->xArguments.value(u"tenant"_s), u"a=b"_s);
    QVERIFY(config->xArguments.contains(u"dry"_s));
    write(u"b.ini"_s, {});
    const auto twice = loadProjectConfig(
        {.path = u"a.ini"_s, .extraFiles = {u"b.ini"_s}, .workingFolder = m_folder->path()});
    QVERIFY(!twice);
    QCOMPARE(twice.error().message, u"only one ini file may be indicated"_s);
}

int runProjectConfigTest(int argc, char **argv)
{
    tst_ProjectConfig test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_projectconfig.moc"
