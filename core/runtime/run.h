#pragma once

#include "core/base/result.h"
#include "core/plan/plan.h"

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <functional>
#include <stop_token>

namespace tribikos {

/// Where and how to connect. A URL as SQLAlchemy writes it; the password is inside only in memory.
struct ConnectionSpec
{
    Backend backend = Backend::Sqlite;
    QString url{};
    QString database{}; // SQLite: the file's absolute path
    int lockTimeoutMs = 60000;
};

/// What happened during a run, in order; the last one is Done or Failed.
struct RunEvent
{
    enum class Kind { Connected, BackupMade, StepStarted, StatementStarted, StatementDone, StepDone, Waiting, Done, Failed };
    Kind kind = Kind::Connected;
    int step = -1;       // index into Plan::steps
    int statement = -1;  // index over the step's statements followed by its version statements
    int statements = 0;  // how many the step has
    QString text{};      // the statement, the backup's path, the reason
    qint64 durationUs = 0;
    qint64 rows = -1;
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
    QString backupFile{};
    std::optional<Error> error{}; // nothing: done
    QStringList notes{};
};

struct RunOptions
{
    bool backup = true;          // SQLite: copy the file before the first write (backup API)
    QString backupFolder{};      // empty: beside the database
};

/*!
    Runs \a plan against the database of \a spec, on the calling thread, with a connection of its own that
    is closed whatever happens. Per step: BEGIN IMMEDIATE, rows re-read and compared with the plan, statements,
    version row swapped with its old value in WHERE, foreign keys checked, COMMIT, read back. A failing or
    cancelled step is rolled back: the database stays at the last committed revision, which the report names.
*/
RunReport run(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);

/// The version table's rows; empty when there is no such table. Never writes, never creates the file.
Result<QStringList> currentRows(const ConnectionSpec &spec, const TableName &versionTable);

/// Everything that the window shows of a database, read with one connection.
struct DatabaseState
{
    QString serverVersion{};
    QStringList rows{};
    bool exists = true; // SQLite: the file is there
    Schema schema{};
};
Result<DatabaseState> readDatabase(const ConnectionSpec &spec, const TableName &versionTable);

} // namespace tribikos
