#pragma once

#include "core/diff/renames.h"
#include "core/project/project.h"
#include "core/runtime/run.h"
#include "core/runtime/trial.h"

#include <QMap>

/*!
    What the window and the command line do with an open project and one of its databases.
    Synchronous; every function opens its own connection and closes it before it returns.
*/
namespace tribikos {

/// How to connect to \a environment; an Error when its URL makes no sense.
Result<ConnectionSpec> connectionFor(const Environment &environment);

/// The version table's rows. Like every reading of a database refused with ProjectRefused where env.py
/// hides the version table's name: a wrong one would make the database look empty.
Result<QStringList> readPosition(const Project &project, const Environment &environment,
                                 QString *interrupted = nullptr, const std::stop_token &stop = {});
Result<EnvironmentState> readEnvironment(const Project &project, const Environment &environment,
                                         const std::stop_token &stop = {});

/// The state of every revision against \a state, keyed by id; rows without a file are Missing, and what they don't
/// imply is Unknown then.
QMap<QString, RevisionState> revisionStates(const Project &project, const EnvironmentState &state);

/// One comparison and what was compared.
struct Comparison
{
    QList<Difference> differences{};
    bool hasModels = false;
    bool hasDatabase = false;
    QList<Rename> renames{}; // what of the models may be but another name
    QStringList notes{}; // what was left out or could not be read
    int ignored = 0;     // differences that [ignore] in tribikos.toml leaves out
    bool isWhole = true; // false: a side could be read in part only, a note says which
    int tables = 0;
    qint64 milliseconds = 0;
};

/// Compares models, migrations at head and, when \a state is given, the database.
Result<Comparison> compareProject(const Project &project, Backend backend,
                                  const EnvironmentState *state, const std::stop_token &stop = {});

/// What is wrong with \a rows that stand above one another in one line of the history, and the way on; empty: nothing.
QString overlapText(const Project &project, const QStringList &rows);

/// How much one transaction of a run holds: what tribikos.toml or env.py says, a revision otherwise.
TransactionMode transactionMode(const MigrationOptions &options);

/// Runs \a plan, the very one that was shown, against \a environment, and keeps the run's log (core/runtime/runlog.h).
/// What a database gets that is no longer where the plan was made for, says run() (core/runtime/run.h).
RunReport applyPlan(const Plan &plan, const Environment &environment, const RunOptions &options,
                    const RunProgress &progress, const std::stop_token &stop);

/// A plan that was tried, and what it would change.
struct TrialOutcome
{
    Trial trial{};
    QList<Difference> changes{}; // the migrations' side is before it, the database's after
};
/// Tries \a plan against \a environment and takes everything back (core/runtime/trial.h).
TrialOutcome tryOn(const Plan &plan, const Environment &environment, const RunOptions &options,
                   const RunProgress &progress, const std::stop_token &stop);

} // namespace tribikos
