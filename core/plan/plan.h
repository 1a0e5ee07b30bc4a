#pragma once

#include "core/base/backend.h"
#include "core/base/diagnostic.h"
#include "core/base/direction.h"
#include "core/base/result.h"
#include "core/graph/versionchange.h"
#include "core/ops/operation.h"
#include "core/plan/livestep.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>

namespace tribikos {

/// One SQL command of a plan, without terminator.
struct Statement
{
    enum class Kind {
        Script,       // said by the revision
        Rebuild,      // part of a table rebuild
        VersionTable, // bookkeeping: the version table and its rows
    };
    QString sql{};
    Kind kind = Kind::Script;
    SourceSpan span{};  // where in the revision's file
    int operation = -1; // index into PlanStep::operations, -1 for bookkeeping
    bool outsideTransaction = false;
    bool isVerbatim = false; // of a plain SQL script: printed as it stands, tabs and all
    SqlStretchPtr stretch{}; // many statements in place of sql, which is empty then

    int count() const { return stretch ? stretch->count : 1; }
    /// For reading: sql, or the first statement of a stretch behind a comment that says how many there are.
    QString shown() const;
    friend bool operator==(const Statement &, const Statement &) = default;
};

enum class StepStatus { Ok, NeedsConnection, Unsupported, Error };
/// "ok", "needs-connection", "unsupported", "error".
QString stepStatusName(StepStatus status);

/// What a step can lose, for people to read before it runs.
struct LossNote
{
    QString message{}; // "drops column users.phone and its values"
    SourceSpan span{};
    friend bool operator==(const LossNote &, const LossNote &) = default;
};

/// A revision of which a broken run has left a part, as its journal says (core/runtime/journal.h).
struct HalfStep
{
    QString revision{};
    Direction direction = Direction::Upgrade; // of that run
    QList<QByteArray> digests{}; // of the statements that are in, or may be, from the first on
    friend bool operator==(const HalfStep &, const HalfStep &) = default;
};

/// One revision in one direction.
struct PlanStep
{
    QString revision{};
    QStringList from{}; // what the comment line and the log name before the arrow
    QStringList to{};
    Direction direction = Direction::Upgrade;
    QString message{};
    QString file{};
    StepStatus status = StepStatus::Ok;
    QString reason{}; // one sentence when the status is not Ok
    int line = 0;     // where, in file
    Operations operations{};
    QList<Statement> statements{}; // the revision's own, in run order
    QList<VersionChange> versionChanges{};
    QList<Statement> versionStatements{}; // the same as SQL
    QStringList rebuiltTables{};
    QList<LossNote> losses{};
    QList<LossNote>
        warnings{}; // what is written as Alembic writes it, but won't run or do as meant
    bool createsVersionTable = false;
    /// What runs it where its statements follow from what it reads: then its status is NeedsConnection and it has no
    /// statements but those of the version table. Null: not such a step, or a plan that has no database.
    std::shared_ptr<const LiveStep> live{};
    /// What the step takes back, in place of running its revision; it moves no version row.
    std::optional<HalfStep> undoes{};
    /// Then, by statement: the first of the half's statements that it takes back. Those with one number go together.
    QList<int> undone{};

    bool isRunnable() const { return status == StepStatus::Ok || live; }
    friend bool operator==(const PlanStep &, const PlanStep &) = default;
};

/// What stands around the steps in an offline script, where env.py has more of it than a transaction
/// around them all. Nothing of it runs online.
struct ScriptFrame
{
    QStringList opening{}; // pieces of the script with their terminators: "BEGIN;", statements of env.py
    QStringList closing{};
    QString problem{}; // why it can't be told, one sentence; empty: it can
    QString file{};    // env.py
    int line = 0;

    friend bool operator==(const ScriptFrame &, const ScriptFrame &) = default;
};

/*!
    The ordered steps from where a database is to where it should be: immutable once built, and the
    very object that is previewed, exported and run. Nothing is rendered twice, so what was shown is
    what runs.
*/
struct Plan
{
    Backend backend = Backend::Sqlite;
    QStringList startRows{}; // the version table's rows that the plan was made for
    QString structure{};     // Database's structure stamp that it was made for; empty: made without a database
    QStringList endRows{};
    QList<PlanStep> steps{};
    TableName versionTable{{}, QStringLiteral("alembic_version")};
    QString createVersionTable{};  // the CREATE TABLE statement
    bool transactionalDdl = false; // the exported script has BEGIN/COMMIT
    bool transactionPerMigration = false;
    bool offline = true;
    std::optional<ScriptFrame> frame{}; // nullopt: BEGIN and COMMIT, as transactionalDdl says

    bool isWhole() const; // every step is Ok
    bool isRunnable() const; // every step is, though some can only say their statements as they run
    int statementCount() const;
    /// SHA-256 over everything that will run: two plans with one hash do the same to the same database.
    QByteArray hash() const;
    friend bool operator==(const Plan &, const Plan &) = default;
};

/// What the exported text has beside Alembic's own.
struct ScriptOptions
{
    bool transaction = false; // BEGIN and COMMIT although the plan's dialect has none in scripts
    /// SQLite: PRAGMA foreign_keys=OFF around a script that rebuilds tables, for a connection that
    /// enforces them would empty the children of a dropped table. Not where Alembic writes the same
    /// rebuild (copy_from): there its text stands.
    bool foreignKeysPragma = true;
    bool comments = true; // the "-- Running upgrade" lines
    bool excerpts = false; // for reading: Statement::shown() of a stretch in place of all that it holds
};

/// Receives a script piece by piece.
using ScriptSink = std::function<void(const QString &)>;

/// A statement's text as Alembic's offline script has it: four blanks for a tab, no outer blanks, no
/// terminator. What must stay as it is written does; of a stretch it is shown().
QString scriptStatement(const Statement &statement);
/// The offline script, character for character as Alembic prints it (alembic-semantics 6.1). A plan
/// that is not whole is refused with NeedsConnection or Unsupported, naming the first step's file
/// and line; \a sink has then got the text up to there. Memory does not grow with a stretch.
Status writeScript(const Plan &plan, const ScriptSink &sink, const ScriptOptions &options = {});

/// What writeScript() would refuse \a plan for; nullopt: nothing.
std::optional<Error> scriptProblem(const Plan &plan);
/// The same at once; \a partial receives the text up to what is refused, when given.
Result<QString> scriptText(const Plan &plan, QString *partial = nullptr,
                           const ScriptOptions &options = {});
/// Why \a step, whose status is not Ok, can't be made: "Revision a1 (a1_x.py:12): ...".
QString stepProblem(const PlanStep &step);
/// One step's text as the preview shows it: comment, statements with terminators, bookkeeping.
/// Of a stretch it has an excerpt; writeStep() tells everything.
QString stepText(const Plan &plan, const PlanStep &step);
void writeStep(const Plan &plan, const PlanStep &step, const ScriptSink &sink);
bool hasStretch(const PlanStep &step);
/// One step's statements as in the script and in its order, with the COMMIT and BEGIN around what an
/// autocommit_block holds.
QList<Statement> stepStatements(const Plan &plan, const PlanStep &step);

} // namespace tribikos
