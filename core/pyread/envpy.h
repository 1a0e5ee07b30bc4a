#pragma once

#include "core/base/backend.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"

#include <QMap>
#include <QStringList>
#include <optional>

namespace tribikos {

/// Arguments of one context.configure() call, as far as they are constants; nullopt: not given, or
/// not a constant (then a note says so).
struct EnvOptions
{
    bool isFound = false; // the call is there at all
    int line = 0;
    std::optional<QString> versionTable{};
    std::optional<QString> versionTableSchema{};
    std::optional<bool> versionTablePk{};
    std::optional<bool> transactionalDdl{};
    std::optional<bool> transactionPerMigration{};
    std::optional<bool> renderAsBatch{};
    std::optional<bool> compareType{};
    std::optional<bool> compareServerDefault{};
    std::optional<bool> includeSchemas{};
    std::optional<bool> literalBinds{};
    std::optional<QString> startingRev{};
    std::optional<QString> userModulePrefix{};
    std::optional<QString> sqlalchemyModulePrefix{};
    std::optional<QString> alembicModulePrefix{};
    bool hasDialectOpts = false; // dialect_opts=… : with {"paramstyle": "named"} a % isn't doubled
    QString paramStyle{};        // what it says, "" if it can't be seen
    bool hasUnreadOptions = false; // configure(**options): what is in them can't be seen
    bool hasTargetMetadata = false;
    bool dropsEmptyRevisions = false; // process_revision_directives does that, and nothing else
    QString argumentsFrom{};      // "FILE:LINE" that gives what is unread, if it isn't the call itself
    QStringList unread{};         // names of what we read, given as code
    QStringList otherArguments{}; // names of what we don't read: include_object, render_item …
    QMap<QString, QString> hooks{}; // include_object, include_name: the function that stands for each, where it has a name
};

/// What env.py says without being run.
struct EnvPy
{
    /// target_metadata = Base.metadata: the expression, and the project's module that its first
    /// name comes from. Several for a list of MetaData.
    struct Metadata
    {
        QString expression{}; // "Base.metadata"
        QString module{};     // "app.models"; empty: made in env.py itself, or unknown
        int line = 0;
    };
    QList<Metadata> metadata{};
    QStringList projectModules{}; // every module of the project that env.py imports, in order
    QStringList modelFiles{};     // their files, absolute: what readModels() takes
    QStringList sysPath{};        // folders that env.py puts on sys.path, absolute
    QString url{}; // what env.py itself connects to, when that is certain; wins over the configuration
    int urlLine = 0;
    bool hasComputedUrl = false;      // the URL is put together by code in urlLine: ask for it
    std::optional<Backend> backend{}; // for offline scripts, as far as env.py tells
    EnvOptions offline{};
    EnvOptions online{};
    QMap<QString, QString> namingConvention{}; // of a MetaData made in env.py itself
    QStringList optionFiles{}; // other files that options were read from: where Flask-Migrate is set up
    Diagnostics notes{};       // code "env-note": what can't be read; "env-flask": what is taken instead
};

/// Reads the env.py at \a path. \a searchPath: where the project's modules are looked for (the
/// configuration's prepend_sys_path, resolved; env.py's own sys.path lines come in front).
/// Tolerant: the Error is only for a file that can't be read or isn't Python. Thread-safe.
Result<EnvPy> readEnvPy(const QString &path, const QStringList &searchPath);

} // namespace tribikos
