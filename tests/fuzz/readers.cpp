#include "tests/fuzz/readers.h"

#include "core/config/databaseurl.h"
#include "core/config/inifile.h"
#include "core/config/loggingconfig.h"
#include "core/config/projectconfig.h"
#include "core/dialects/dialect.h"
#include "core/edit/headerchange.h"
#include "core/edit/scripttemplate.h"
#include "core/pyread/envpy.h"
#include "core/pyread/header.h"
#include "core/pyread/interpreter.h"
#include "core/pyread/models.h"
#include "core/pyread/scriptreader.h"
#include "core/sqlread/createtable.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/splitter.h"
#include "core/sqlread/sqlscript.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QTemporaryDir>

namespace tribikos::fuzz {

using namespace Qt::StringLiterals;

namespace {

constexpr Backend backends[] = {Backend::Sqlite, Backend::PostgreSql, Backend::MySql,
                                Backend::MariaDb};

/// Small enough that a sanitized build is done with the worst text in a moment.
py::Limits smallLimits()
{
    py::Limits limits;
    limits.steps = 20'000;
    limits.callDepth = 60;
    limits.stringLength = 1 << 16;
    limits.listLength = 2'000;
    limits.memory = 16 << 20;
    limits.stackBytes = 1 << 20;
    return limits;
}

/// Evaluated for one database and, where that works, rendered and replayed.
void evaluate(const Script &script, Backend backend, EvalRequest::Direction direction,
              const py::Limits &limits)
{
    Schema schema;
    const EvalResult result = script.evaluate({.backend = backend,
                                               .direction = direction,
                                               .schemaBefore = &schema,
                                               .sqlReader = &rawSqlReader(backend),
                                               .limits = limits});
    RenderContext context{.schema = &schema};
    for (const Operation &operation : result.operations) {
        QStringList statements;
        const Status rendered = dialectFor(backend).renderInto(operation, context, statements);
        Q_UNUSED(rendered)
        replay(operation, schema, &rawSqlReader(backend));
    }
}

void readPython(const QByteArray &text, const py::Limits &limits)
{
    const auto script = Script::load(text, u"/fuzz/a.py"_s);
    if (!script)
        return;
    evaluate(**script, backends[text.size() % 4], EvalRequest::Direction::Up, limits);
    evaluate(**script, backends[(text.size() + 1) % 4], EvalRequest::Direction::Down, limits);
}

/// \a text as a file of its own for the readers that take a path, "" when it can't be written.
QString asFile(const QString &name, const QByteArray &text)
{
    static const QTemporaryDir folder;
    const QString path = folder.filePath(name + u'/' + name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path : QString();
}

void readEnvironment(const QByteArray &text)
{
    const QString path = asFile(u"env.py"_s, text);
    const auto env = readEnvPy(path, {QFileInfo(path).path()});
    Q_UNUSED(env)
}

void readModelFile(const QByteArray &text)
{
    const QString path = asFile(u"models.py"_s, text);
    const auto schema = readModels({path}, {.searchPath = {QFileInfo(path).path()}});
    if (!schema)
        return;
    for (const Table &table : schema->tables) {
        const auto made = dialectFor(backends[text.size() % 4]).createTable(table, {});
        Q_UNUSED(made)
    }
}

void readConfiguration(const QString &name, const QByteArray &text)
{
    const auto config = loadProjectConfig({.path = asFile(name, text)});
    Q_UNUSED(config)
}

void readIni(const QByteArray &text)
{
    readConfiguration(u"alembic.ini"_s, text);
    if (const auto ini = IniFile::parse(QString::fromUtf8(text), u"/fuzz/alembic.ini"_s)) {
        Diagnostics diagnostics;
        readLogging(*ini, &diagnostics);
        for (const QString &section : ini->sections()) {
            for (const QString &key : ini->keys(section)) {
                const auto value = ini->value(section, key);
                Q_UNUSED(value)
            }
        }
    }
}

void readToml(const QByteArray &text)
{
    readConfiguration(u"tribikos.toml"_s, text);
    readConfiguration(u"pyproject.toml"_s, text);
}

void readUrl(const QByteArray &text)
{
    const auto url = parseDatabaseUrl(QString::fromUtf8(text));
    Q_UNUSED(url)
}

void readSql(const QByteArray &text)
{
    const QString sql = QString::fromUtf8(text);
    for (const Backend backend : backends) {
        Schema schema;
        for (const SqlStatement &statement : splitStatements(sql, backend)) {
            rawSqlReader(backend).apply(statement.text, schema);
            if (backend == Backend::PostgreSql)
                continue;
            const auto table = parseCreateTable(statement.text, backend);
            const auto index = parseCreateIndex(statement.text, backend);
            Q_UNUSED(table)
            Q_UNUSED(index)
        }
    }
    if (const auto script = readSqlScript(text, u"/fuzz/a.sql"_s)) {
        for (const Backend backend : backends) {
            const auto up = script->operations(true, backend);
            Q_UNUSED(up)
        }
    }
}

/// Statements that find something to change, and what came of it spelled again.
void readPostgres(const QByteArray &text)
{
    constexpr Backend backend = Backend::PostgreSql;
    Schema schema;
    followRawSql(
        u"CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x', CONSTRAINT c CHECK (a > 0));"
        "CREATE TABLE u (a int REFERENCES t, k k); CREATE INDEX i ON t (b);"
        "CREATE TYPE k AS ENUM ('x', 'y'); CREATE VIEW v AS SELECT 1; CREATE SEQUENCE s"_s,
        backend, schema);
    QList<Error> reasons;
    followRawSql(QString::fromUtf8(text), backend, schema, &reasons);
    RenderContext context{.schema = &schema};
    for (const Table &table : std::as_const(schema.tables)) {
        QStringList statements;
        const Operation made{CreateTable{.table = table}};
        const Status rendered = dialectFor(backend).renderInto(made, context, statements);
        Q_UNUSED(rendered)
    }
}

void readHeaders(const QByteArray &text)
{
    const auto header = py::readHeader(text, u"/fuzz/a.py"_s);
    Q_UNUSED(header)
}

void readTemplate(const QByteArray &text)
{
    const TemplateVariables variables{.upRevision = u"b2"_s,
                                      .downRevisions = {u"a1"_s},
                                      .branchLabels = {u"shop"_s},
                                      .message = u"it's \"new\""_s,
                                      .upgrades = u"pass"_s,
                                      .mainOptions = {{u"databases"_s, u"one, two"_s}}};
    const auto script = renderScript(text, u"/fuzz/script.py.mako"_s, variables);
    Q_UNUSED(script)
}

/// Every value of the header anew, one at a time and all together, in Python and in SQL.
void editHeader(const QByteArray &text)
{
    const HeaderChange parents{.downRevisions = QStringList{u"a1"_s, u"b2"_s}};
    const HeaderChange labels{.labels = QStringList{u"shop"_s}};
    const HeaderChange base{.downRevisions = QStringList(), .dependsOn = QStringList{u"c3"_s}};
    const HeaderChange message{.message = u"it's \"new\"\nand longer"_s};
    const HeaderChange all{.downRevisions = parents.downRevisions,
                           .labels = labels.labels,
                           .dependsOn = base.dependsOn,
                           .message = message.message};
    for (const HeaderChange &change : {parents, labels, base, message, all}) {
        const auto python = changedPythonHeader(text, u"/fuzz/a.py"_s, change);
        const auto sql = changedSqlHeader(text, u"/fuzz/a.sql"_s, change);
        Q_UNUSED(python)
        Q_UNUSED(sql)
    }
}

} // namespace

bool readAs(const QString &reader, const QByteArray &text)
{
    static const QHash<QString, void (*)(const QByteArray &)> readers{
        {u"python"_s, [](const QByteArray &script) { readPython(script, smallLimits()); }},
        {u"header"_s, readHeaders},
        {u"edit"_s, editHeader},
        {u"template"_s, readTemplate},
        {u"models"_s, readModelFile},
        {u"env"_s, readEnvironment},
        {u"sql"_s, readSql},
        {u"postgres"_s, readPostgres},
        {u"ini"_s, readIni},
        {u"toml"_s, readToml},
        {u"url"_s, readUrl}};
    const auto found = readers.constFind(reader);
    if (found == readers.cend())
        return false;
    (*found)(text);
    return true;
}

void readAll(const QByteArray &text, const QString &suffix)
{
    if (suffix == u"py") {
        readPython(text, {});
        editHeader(text);
        readEnvironment(text);
    } else if (suffix == u"ini") {
        readIni(text);
        readUrl(text);
    } else if (suffix == u"mako") {
        readTemplate(text);
    } else {
        readAs(suffix, text);
    }
}

} // namespace tribikos::fuzz
