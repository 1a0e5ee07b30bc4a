#include "tests/fuzz/readers.h"

#include "core/config/databaseurl.h"
#include "core/config/inifile.h"
#include "core/config/tomlfile.h"
#include "core/dialects/dialect.h"
#include "core/pyread/envpy.h"
#include "core/pyread/scriptreader.h"
#include "core/sqlread/createtable.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/splitter.h"
#include "core/sqlread/sqlscript.h"

#include <QFile>
#include <QTemporaryDir>

namespace tribikos::fuzz {

using namespace Qt::StringLiterals;

namespace {

constexpr Backend backends[] = {Backend::Sqlite, Backend::PostgreSql, Backend::MySql,
                                Backend::MariaDb};

/// Evaluated for one database and, where that works, rendered and replayed.
void evaluate(const Script &script, Backend backend, EvalRequest::Direction direction)
{
    Schema schema;
    const EvalResult result = script.evaluate({.backend = backend,
                                               .direction = direction,
                                               .schemaBefore = &schema,
                                               .sqlReader = &rawSqlReader(backend)});
    RenderContext context{.schema = &schema};
    for (const Operation &operation : result.operations) {
        QStringList statements;
        const Status rendered =
            dialectFor(backend).renderInto(operation, context, statements);
        Q_UNUSED(rendered)
        replay(operation, schema, &rawSqlReader(backend));
    }
}

void readPython(const QByteArray &text)
{
    const auto script = Script::load(text, u"/fuzz/a.py"_s);
    if (!script)
        return;
    evaluate(**script, backends[text.size() % 4], EvalRequest::Direction::Up);
    evaluate(**script, backends[(text.size() + 1) % 4], EvalRequest::Direction::Down);
}

void readEnvironment(const QByteArray &text)
{
    static const QTemporaryDir folder;
    const QString path = folder.filePath(u"env.py"_s);
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size()) {
        file.close();
        const auto env = readEnvPy(path, {folder.path()});
        Q_UNUSED(env)
    }
}

void readSql(const QByteArray &text)
{
    const QString sql = QString::fromUtf8(text);
    for (const Backend backend : backends) {
        Schema schema;
        for (const SqlStatement &statement : splitStatements(sql, backend)) {
            rawSqlReader(backend).apply(statement.text, schema);
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

} // namespace

void readAll(const QByteArray &text, const QString &suffix)
{
    if (suffix == u"py") {
        readPython(text);
        readEnvironment(text);
    } else if (suffix == u"sql") {
        readSql(text);
    } else if (suffix == u"ini") {
        if (const auto ini = IniFile::parse(QString::fromUtf8(text), u"/fuzz/alembic.ini"_s)) {
            const auto url = ini->value(u"alembic"_s, u"sqlalchemy.url"_s);
            if (url && *url) {
                const auto parsed = parseDatabaseUrl(**url);
                Q_UNUSED(parsed)
            }
        }
    } else if (suffix == u"toml") {
        const auto toml = parseToml(text, u"/fuzz/tribikos.toml"_s);
        Q_UNUSED(toml)
    }
}

} // namespace tribikos::fuzz
