#pragma once

#include "core/base/backend.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/base/ignorerules.h"
#include "core/base/scriptfacts.h"
#include "core/config/loggingconfig.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// A database of the project, as its configuration names it.
struct ConfiguredEnvironment
{
    QString name{};
    QString url{}; // ${VAR} replaced; may hold a password
    bool isProtected = false;
    QString file{}; // where it is said
    int line = 0;
    friend bool operator==(const ConfiguredEnvironment &, const ConfiguredEnvironment &) = default;
};

/// A program that the project wants run on each new revision. Tribikos shows it and starts nothing.
struct PostWriteHook
{
    QString name{};
    QString program{}; // "black", "python -m ruff", as for a shell
    QString options{}; // with REVISION_SCRIPT_FILENAME for the file; shell words
    QString folder{};  // to run it in; empty: the working folder
    friend bool operator==(const PostWriteHook &, const PostWriteHook &) = default;

    /// The command line for \a file, to be typed into a shell.
    QString commandFor(const QString &file) const;
};

/// context.configure()'s arguments, as far as a file says them; nullopt: it does not, so env.py's
/// word counts, and then Alembic's default. value_or() the default named here.
struct MigrationOptions
{
    std::optional<QString> versionTable{};       // "alembic_version"
    std::optional<QString> versionTableSchema{}; // none
    std::optional<bool> versionTablePk{};        // true
    std::optional<bool> transactionalDdl{};      // the dialect's own
    std::optional<bool> transactionPerMigration{}; // false
    std::optional<bool> runsWithoutTransaction{}; // false; transaction = "none"
    std::optional<bool> renderAsBatch{};         // false
    std::optional<bool> compareType{};           // true
    std::optional<bool> compareServerDefault{};  // false
    std::optional<bool> includeSchemas{};        // false
    std::optional<bool> literalBinds{};          // true
    std::optional<bool> namedParamstyle{};       // true: dialect_opts has paramstyle "named"
    std::optional<QString> startingRev{};        // none
    std::optional<QString> userModulePrefix{};   // a type's own module, in new revisions
    std::optional<QString> sqlalchemyModulePrefix{}; // "sa."
    std::optional<QString> alembicModulePrefix{};    // "op."
    std::optional<QMap<QString, QString>> namingConvention{}; // none; keys ix, uq, ck, fk, pk …
    friend bool operator==(const MigrationOptions &, const MigrationOptions &) = default;
};

/*!
    Everything that the project's configuration files say, resolved: paths are absolute, values are
    interpolated, ${VAR} is replaced. env.py is not read here; it fills in what is left open.
*/
struct ProjectConfig
{
    QString root{};     // the folder of the configuration; the one of "versions" without any
    QString name{};     // for people
    QString iniFile{};  // empty when there is none, as the two others
    QString pyprojectFile{};
    QString tribikosFile{};
    QString section = QStringLiteral("alembic"); // of the ini

    QString scriptLocation{};       // empty for a project of version folders alone
    QStringList versionLocations{}; // in the order they are loaded; they need not exist
    QStringList sysPath{};          // prepend_sys_path
    QString fileTemplate = QStringLiteral("%(rev)s_%(slug)s");
    int truncateSlugLength = 40;
    QString timezone{};
    bool isRecursive = false;
    bool isSourceless = false;
    bool usesRevisionEnvironment = false;
    QString outputEncoding = QStringLiteral("utf-8");

    QString sqlalchemyUrl{}; // of the ini; may hold a password
    int sqlalchemyUrlLine = 0;
    QList<ConfiguredEnvironment> environments{}; // of tribikos.toml
    MigrationOptions options{};
    QStringList models{};           // files (absolute), or an environment's name
    QMap<QString, QString> types{}; // the user's own column types: class name to SQL type
    IgnoreRules ignore{};           // what comparisons leave out
    ScriptFacts facts{};            // what scripts ask of their surroundings, as the user says it
    LoggingConfig logging{};
    QList<PostWriteHook> postWriteHooks{}; // shown, never started
    QMap<QString, QString> mainOptions{}; // every key of the main section, for env.py's questions
    QMap<QString, QString> xArguments{};  // -x KEY=VALUE

    Diagnostics diagnostics{}; // what was odd and how it was taken
    friend bool operator==(const ProjectConfig &, const ProjectConfig &) = default;
};

/// What to load. All relative paths are against \a workingFolder (empty: the process's).
struct ConfigRequest
{
    QString path{};    // a configuration file or a folder that has one; empty: the working folder
    QStringList extraFiles{};       // further -c arguments
    QString section{};              // -n; empty: "alembic"
    QStringList versionFolders{};   // --versions: then no configuration file is needed
    QStringList xArguments{};       // "KEY=VALUE" or "KEY"
    QString workingFolder{};
};

/// Errors are sentences with file and line: NotFound, Unreadable, Syntax, ProjectRefused; Alembic's
/// own words where it has some ("No 'script_location' key found in configuration.").
Result<ProjectConfig> loadProjectConfig(const ConfigRequest &request);

} // namespace tribikos
