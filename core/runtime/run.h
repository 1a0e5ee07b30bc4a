#pragma once

#include "core/base/result.h"
#include "core/db/connection.h"
#include "core/plan/transactionmap.h"

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace tribikos {

class ServerSession;
class Session;

/// What happened during a run, in order; the last one is Done or Failed.
struct RunEvent
{
    enum class Kind {
        Connected,
        BackupMade,
        StepStarted,
        StatementStarted,
        StatementDone,
        StepDone,
        Waiting,
        Done,
        Failed
    };
    Kind kind = Kind::Connected;
    int step = -1;      // index into Plan::steps
    int statement = -1; // index over the step's statements followed by its version statements; -1:
                        // the version table's own CREATE TABLE
    int statements = 0; // how many the step has
    QString text{};     // the statement, the backup's path, the reason
    qint64 durationUs = 0;
    qint64 rows = -1;
    QStringList notices{}; // StatementDone: what the server remarked
    qint64 blocker = 0; // Waiting on a server: the session that holds the lock; 0: not known
    QDateTime at{};
};
using RunProgress = std::function<void(const RunEvent &)>;

/// How a run ended and where the database stands now, read back after the last commit or roll-back.
struct RunReport
{
    QStringList rowsBefore{};
    QStringList rowsAfter{};
    bool positionKnown = false;
    int stepsDone = 0;
    int statementsDone = 0;
    bool isStale = false; // the error: somebody else has moved or changed the database since the plan was made
    QString backupFile{};
    QString logFile{};            // empty: no log was kept, a note says why when one was wanted
    std::optional<Error> error{}; // nothing: done
    bool isUnclear = false; // the error is a question, which RunOptions::unclear answers in another run
    bool isHalf = false;    // a part of a revision is in, which another run can go on with or take back
    QStringList notes{};
};

/// What whoever watches a run may ask of it while it goes on, from any thread.
struct RunControl
{
    std::atomic<qint64> endsSession = 0; // the session of RunEvent::blocker; its transaction is rolled back
    std::atomic_bool waitsOn = false;    // others' locks have no limit any more
};

struct RunOptions
{
    /// What to do about a statement of a broken run whose effect can't be told.
    enum class Unclear { Ask, IsDone, RunAgain };
    TransactionMode transaction = TransactionMode::PerRevision;
    Unclear unclear = Unclear::Ask;
    bool journal = true;                // MySQL: keep the journal that lets a broken run go on
    std::optional<int> lockTimeoutMs{}; // instead of the connection's
    bool giveUpWhenSilent =
        false; // a server that has not answered for 20 s: end, as nobody is there to decide
    bool allowsPooler =
        false;          // servers: somebody says that the pooler between keeps sessions apart
    bool backup = true; // SQLite: copy the file before the first write (backup API)
    QString backupFolder{}; // empty: beside the database
    std::shared_ptr<RunControl> control{}; // null: nobody asks
    /// SQLite: what stands between the run and its connection, as a test's that lets calls fail; null: nothing does.
    std::function<std::unique_ptr<Session>(Session &)> between{};
    /// Servers: the same of each connection that the run works with; the watching one is none.
    std::function<std::unique_ptr<ServerSession>(std::unique_ptr<ServerSession>)> betweenServer{};
    bool log = true;        // keep a record of the run, see core/runtime/runlog.h
    QString logFolder{};    // empty: runLogFolder()
};

/*!
    Runs \a plan against the database of \a spec, on the calling thread, with a connection of its
    own that is closed whatever happens. Per step: BEGIN IMMEDIATE, rows re-read and compared with
    the plan, statements, version row swapped with its old value in WHERE, rows read again, foreign
    keys checked after a rebuild, COMMIT. A failing or cancelled step is rolled back: the database
    stays at the last committed revision, which the report names.

    A plan that was made for a database (Plan::structure) meets the very structure that it was made
    for, or ErrorCode::Conflict: a rebuild writes down every column that it knows of, so one that
    was added since would be lost.

    Rows that are neither the plan's next position nor one that the plan passes through later are
    ErrorCode::Conflict and nothing is done. Steps that another run of the same plan has
    committed meanwhile are left out and named in the notes; where a later step of a plan with a
    structure rebuilds a table, that is a Conflict instead, for its columns must be read again. So
    of two runs at once each revision is applied by at most one.

    Statements marked outsideTransaction cut their step: what stands before them is committed first,
    and an error after that says how many statements of the step are in.

    \a progress is called on the calling thread; from \a stop's thread only the statement is
    interrupted. Source of the rules: docs/ARCHITECTURE.md, "Applying".
*/
RunReport run(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);

/// The version table's rows; empty when there is no such table. Never writes, never creates the
/// file. \a interrupted is told what a run that broke off has left of a revision (DatabaseState::interrupted).
Result<QStringList> currentRows(const ConnectionSpec &spec, const TableName &versionTable,
                                QString *interrupted = nullptr, const std::stop_token &stop = {});

/// Everything that the window shows of a database, read with one connection.
struct DatabaseState
{
    QString serverVersion{};
    QStringList rows{};
    bool exists = true;             // SQLite: the file is there
    std::optional<Schema> schema{}; // nothing: this database's catalogue can't be read
    QString interrupted{}; // what a run that broke off has left of a revision, a sentence or more; empty: nothing
    std::optional<HalfStep> half{}; // the same, for whoever takes it back
    QString structure{}; // changes whenever the schema does; empty when there is no database
};
Result<DatabaseState> readDatabase(const ConnectionSpec &spec, const TableName &versionTable,
                                   const std::stop_token &stop = {});

} // namespace tribikos
