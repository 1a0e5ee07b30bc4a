#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/base/scriptfacts.h"
#include "core/ops/operation.h"
#include "core/pyread/interpreter.h"

#include <QMap>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace tribikos {

class LiveConnection;
class RawSqlReader;

/// What an evaluation of a script may know.
struct EvalRequest
{
    enum class Direction { Up, Down };
    Backend backend = Backend::Sqlite;
    Direction direction = Direction::Up;
    bool offline = true;
    /// The schema before the step; sa.inspect(bind) is answered from it and the script's own
    /// operations. Null: whoever inspects needs a connection. Must outlive evaluate().
    const Schema *schemaBefore = nullptr;
    /// Follows raw SQL for the same purpose; null: after a raw statement nobody may inspect.
    const RawSqlReader *sqlReader = nullptr;
    /// target_metadata.naming_convention; empty: SQLAlchemy's own.
    QMap<QString, QString> namingConvention{};
    /// env.py, and what it imports, changes how SQLAlchemy writes its own types and clauses.
    bool importsEnvironment = false;
    QString engine{}; // multidb scripts: the database whose upgrade_<engine>() is meant
    /// What op.get_context().version_table and version_table_schema say.
    TableName versionTable{{}, QStringLiteral("alembic_version")};
    /// The user's own column types: class name ("GUID" or "app.types.GUID") to SQL type. They win
    /// over what the class itself says.
    QMap<QString, QString> types{};
    /// What the user says of the surroundings; of the database, where \c offline.
    ScriptFacts facts{};
    /// What op.get_context().config answers: the main section of the configuration and its name;
    /// nullopt: there is no configuration file.
    std::optional<QMap<QString, QString>> options{};
    QString section = QStringLiteral("alembic");
    QString environmentFile{}; // env.py, for the operations and options that it sets up
    QString url{};      // of the database that the script is for, without its password; empty: not known
    QString database{}; // the database's name in it
    /// Folders in which the project's modules are found: prepend_sys_path, the project's folder,
    /// the script's own. The script's folder is added last by itself.
    QStringList searchPath{};
    /// Writes an expression as SQL for str(statement.compile(…)); \a isOwnDialect: for a dialect that the
    /// script made itself, not for the environment's. Null: such a script is unsupported.
    std::function<Result<QString>(const ExprPtr &, Backend, bool isOwnDialect)> spell{};
    /// The script runs on this database while it is evaluated (see core/pyread/live.h): operations go there and
    /// EvalResult has none. Null: it is only read, and what needs rows of a database is NeedsConnection.
    LiveConnection *live = nullptr;
    py::Limits limits{}; // what the evaluation may use up; its stop is the one below
    std::stop_token stop{};
};

struct EvalResult
{
    enum class Status { Ok, NeedsConnection, Unsupported, Error };
    Status status = Status::Ok;
    Operations operations{}; // up to the point of failure, if it failed
    QString reason{};        // one sentence with file and line; empty when Ok
    QString file{};
    int line = 0;
    std::optional<Error> databaseError{}; // of a live evaluation: what the database said, uncaught
    struct Printed
    {
        QString text{}; // shortened
        SourceSpan span{};
    };
    QList<Printed> printed{}; // by print() to the standard output of an offline script, once a line of the script
    bool nondeterministic = false; // the script uses a value that differs from run to run
    /// The same comes of the same text for the same database, direction, offline, namingConvention, engine, types and
    /// facts, whatever the rest of the request says and the project's other files hold.
    bool isSelfContained = false;
};

/// A revision script in Alembic's format, parsed; evaluate it as often as needed, on any thread.
/// Nothing of it is executed: see core/pyread/interpreter.h for what the evaluator can do.
class Script
{
public:
    /// Errors: Unreadable, Syntax; file and line are set.
    static Result<std::shared_ptr<const Script>> load(const QByteArray &bytes, const QString &path);
    ~Script();

    const QString &file() const;
    /// upgrade() or downgrade() as operations. A script without the function is an Error, as
    /// Alembic has it; what can't be evaluated is said with its line, never guessed. Thread-safe.
    EvalResult evaluate(const EvalRequest &request) const;

private:
    struct Private;
    explicit Script(std::unique_ptr<Private> data);
    std::unique_ptr<const Private> d;
};

} // namespace tribikos
