#pragma once

#include "core/db/session.h"
#include "core/runtime/run.h"
#include "core/runtime/runnarrator.h"
#include "core/runtime/versiontable.h"

namespace tribikos {

/*!
    One run of a plan, as a state machine: check -> connect -> per step (position, statements, version
    rows, commit) -> read back. What the databases have in common stands here; how each locks, begins
    and commits is its own class's.
*/
class PlanRun
{
public:
    virtual ~PlanRun();
    Q_DISABLE_COPY_MOVE(PlanRun)

    RunReport run();

protected:
    using Segment = TransactionSegment;

    PlanRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
            const RunProgress &progress, const std::stop_token &stop);

    /// Opens the connection and takes what lock there is for a whole run.
    virtual Status connect() = 0;
    /// The connection; null: there is none.
    virtual Session *session() = 0;
    /// Runs m_plan.steps[m_next] and commits it. Another m_next on return: others had applied it.
    virtual Status runBody(const PlanStep &step) = 0;
    /// Every step has run.
    virtual Status endSteps() { return done(); }
    /// Makes the connection fit for reading where the database stands, whatever happened before; may
    /// set m_report.error. False: it can't be read.
    virtual bool prepareReadBack() = 0;
    /// What is right before and after a statement of a revision; \a rows as the session counted them.
    virtual Status beforeStatement(const PlanStep &, int, const Statement &) { return done(); }
    virtual Status afterStatement(const PlanStep &, int, const Statement &, qint64)
    {
        return done();
    }
    /// The tables are still those that the plan was made for.
    virtual Status checkStructure() { return done(); }
    /// What is in of a step that has not ended, as sentences; empty: nothing.
    virtual QString halfDone() const { return {}; }
    /// Let go of the connection, and what a run holds.
    virtual void disconnect() = 0;

    /// Where \a step begins and commits, on a server of \a serverVersion.
    QList<Segment> segments(const PlanStep &step, int serverVersion = 0) const;
    Status checkPosition(bool isStepStart);
    Status createVersionTable(const PlanStep &step);
    Result<qint64> runStatement(const PlanStep &step, int number, const Statement &statement);
    /// Evaluates a step that reads rows; what it came to, with its statements.
    Result<PlanStep> runLive(const PlanStep &step);
    /// Runs what such a step says next; \a step gets it as its last statement.
    virtual Result<Fetched> runLiveStatement(PlanStep &step, const Statement &statement);
    /// A statement of a step and what it gives, \a isLookedAt at; told, and checked before and after.
    Result<Fetched> runOne(const PlanStep &step, int number, const Statement &statement,
                           bool isLookedAt);
    Status moveVersionRows(const PlanStep &step);
    /// Moves the version rows, and reads them back.
    virtual Status runVersionStatements(const PlanStep &step);
    /// What a version statement must have changed, and what stands in the table after them.
    Status checkMovedRow(const PlanStep &step, int number, qint64 rows) const;
    Status checkMoved(const PlanStep &step, const QStringList &rows) const;
    /// Where the database is, against where the plan has it.
    Status checkPosition(const VersionTable &table, bool isStepStart);

    static Error cancelled(const QString &where);
    /// Somebody watches who wants to wait for others' locks without a limit.
    bool waitsOn() const { return m_options.control && m_options.control->waitsOn; }

    const Plan &m_plan;
    const ConnectionSpec &m_spec;
    const RunOptions &m_options;
    const std::stop_token m_stop;
    /// What is to be done before a statement that failed is run again: "Correct the script or the data".
    QString remedy() const;

    RunReport m_report{};
    QString m_failedState{}; // what a server called it; empty: it didn't
    RunNarrator m_narrator;
    QList<QStringList> m_path{}; // the rows before each step, and after the last
    QString
        m_structure{}; // stamp of the schema that the next step was planned on; empty: not known
    int m_next = 0;    // the step to run
    bool m_isPrepared = false; // the rows before the run are noted
    bool m_hasVersionTable = false;

private:
    Status performed();
    Status perform();
    Status runStep(int index);
    Status leaveOutAppliedSteps(int next);
    Result<VersionTable> versionTable();
    Result<qint64> runStretch(const PlanStep &step, int number, const Statement &statement);
    void finish(const Status &status);
    QString stateSentence() const;
};

/// A step that builds a table anew.
bool rebuilds(const PlanStep &step);

} // namespace tribikos
