#pragma once

#include "core/base/backend.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/config/projectconfig.h"
#include "core/graph/lanelayout.h"
#include "core/graph/revisiongraph.h"
#include "core/plan/plan.h"
#include "core/schema/schema.h"

#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

/*!
    The project as the window and the command line see it: open once, immutable, shared.

    Everything here is synchronous and callable from any thread; the window wraps it in jobs. Opening reads
    files only: no code of the project runs and no database is touched.
*/
namespace tribikos {

struct OpenRequest
{
    QString path{};                   // folder or configuration file; empty: the working folder
    QString section{};                // -n NAME
    QStringList versionFolders{};     // --versions DIR: works without any configuration
    QString url{};                    // --url, wins over the configuration
    std::optional<Backend> dialect{}; // --dialect
    QStringList extraFiles{};         // further -c arguments
    QStringList xArguments{};         // -x KEY=VALUE
    QString workingFolder{};          // what relative paths and SQLite files are against; empty: the project's folder
    QString cacheFolder{};            // where readings are kept, see RevisionCache; empty: nowhere
    bool laysOutHistory = true;       // while opening, and not when history() is first asked for
};

/// Where a database stands in the history.
enum class RevisionState {
    Unknown, // no database was read
    Applied,
    Current, // a row of the version table
    Pending,
    Missing  // the database names it, no file has it
};

/// A database of the project and what is known of it; never holds a password in text that is shown.
struct Environment
{
    QString name{};
    QString url{};
    Backend backend = Backend::Sqlite;
    bool isProtected = false;
    QString folder{};      // what a relative SQLite file is against
    std::optional<QString> password{}; // given apart from the URL, in whose place it is then
    QString title() const; // "local · market.sqlite"
};

/// One reading of an environment's database.
struct EnvironmentState
{
    QString serverVersion{};
    bool exists = true;      // SQLite: the file is there; false: a run will create it
    QStringList rows{};
    QStringList unknown{};   // rows that no file has
    QStringList implied{};   // everything applied, ancestors and dependencies included
    int behind = 0;          // how many revisions an upgrade to heads would run
    bool atHead = false;
    std::optional<Schema> schema{}; // as reflected; nothing: this database's catalogue can't be read
    QString interrupted{};   // what a run that broke off has left of a revision; empty: nothing
    std::optional<HalfStep> half{}; // the same, for whoever takes it back
    QString structure{};     // stamp of that schema, see DatabaseState
};

/// Where a plan starts.
struct PlanStart
{
    QStringList rows{};             // the version table's rows, or those of A in A:B
    std::optional<Schema> schema{}; // what the database holds; without: what the scripts up to rows make
    QString structure{};            // its stamp; the plan then runs on that structure only
    bool offline = true;
    bool isHalf = false; // a broken run has left a part of a revision, so that a stamp to rows says something, too

    /// For a plan that is to run: every table as it is, hand-made changes included.
    static PlanStart online(const EnvironmentState &state);
};

/// What the details panel shows of one revision.
struct RevisionDetails
{
    QString revision{};
    Plan upgrade{};   // one step
    Plan downgrade{}; // one step
    QString script{};
    QString scriptLanguage{}; // "python" or "sql"
};

/// A part of the history, replayed in the order in which it runs.
struct Replayed
{
    Schema schema{};
    QList<std::pair<QString, Operations>> operations{}; // per revision; none where it can't be evaluated
};

struct PlanRequest;
struct ProjectData;
class Project;
using ProjectPtr = std::shared_ptr<const Project>;

class Project
{
public:
    /// Opens what \a request names. An Error only when there is no project to show at all; broken files and
    /// broken histories are diagnostics() of a project that opens.
    static Result<ProjectPtr> open(const OpenRequest &request, const std::stop_token &stop = {});

    ~Project();
    const ProjectConfig &config() const;
    const RevisionGraph &graph() const;
    const Diagnostics &diagnostics() const;
    QString name() const;
    QString path() const; // what was opened, absolute
    QList<Environment> environments() const;
    bool hasModels() const;
    const QStringList &modelFiles() const;
    qint64 readMilliseconds() const; // how long opening took

    /// The dialect that the project is written for, as far as it says so: --dialect, a URL, env.py.
    std::optional<Backend> knownBackend() const;
    /// The dialect to show SQL in when no environment says otherwise.
    Backend defaultBackend() const { return knownBackend().value_or(Backend::Sqlite); }
    /// Why the project names no database although env.py has one; empty: no reason to give.
    const QString &urlProblem() const;
    /// Why no database's position can be known; empty: it can.
    const QString &versionTableProblem() const;

    /// The rows of the history view, newest first.
    const QList<HistoryRow> &history() const;

    const TableName &versionTable() const;
    /// The configuration's options, completed by env.py's.
    const MigrationOptions &options() const;

    /// Plans. Errors carry Alembic's own sentence.
    Result<Plan> planUpgrade(Backend backend, const PlanStart &start, const QString &target,
                             const std::stop_token &stop = {}) const;
    Result<Plan> planDowngrade(Backend backend, const PlanStart &start, const QString &target,
                               const std::stop_token &stop = {}) const;
    /// \a purge: the rows are deleted first, whatever they name.
    Result<Plan> planStamp(Backend backend, const PlanStart &start, const QStringList &targets,
                           bool purge) const;
    /// What a broken run has left of a revision is taken back (core/project/halfundo.h); an Error where there is
    /// nothing of the kind, or no way.
    Result<Plan> planUndo(Backend backend, const EnvironmentState &state,
                          const std::stop_token &stop = {}) const;
    /// The version table where it is missing, and nothing else.
    Result<Plan> planEnsureVersion(Backend backend, const PlanStart &start) const;
    /// The offline range form A:B of --sql; see alembic-semantics 6.3.
    Result<Plan> planRange(Backend backend, Direction direction, const QString &range,
                           const std::stop_token &stop = {}) const;

    /// One revision alone, from right below it and from it; errors are statuses of the steps.
    RevisionDetails details(Backend backend, const QString &revision,
                            const std::stop_token &stop = {}) const;

    /// The schema that the revisions up to and including \a revisions make, with their operations. Empty
    /// list: base.
    Replayed replayed(Backend backend, const QStringList &revisions, const std::stop_token &stop = {}) const;
    /// The tables and columns that each revision's upgrade names, by its id, for a search; a revision that can't be
    /// evaluated is left out.
    QHash<QString, QStringList> namesByRevision(Backend backend, const std::stop_token &stop = {}) const;
    /// replayed()'s schema alone.
    Schema schemaAt(Backend backend, const QStringList &revisions, const std::stop_token &stop = {}) const;
    /// The models' schema; an Error when the project names none or they can't be read.
    Result<Schema> models(Backend backend, Diagnostics *notes = nullptr,
                          const std::stop_token &stop = {}) const;

    const ProjectData &data() const { return *d; } // for the files of this room

private:
    Project();
    PlanRequest planRequest(Backend backend, const PlanStart &start) const;
    Result<Plan> framed(const PlanStart &start, Result<Plan> plan) const;
    Result<Plan> planSteps(Backend backend, const PlanStart &start, const QList<GraphStep> &steps,
                           const std::stop_token &stop) const;
    std::unique_ptr<ProjectData> d;
};

} // namespace tribikos
