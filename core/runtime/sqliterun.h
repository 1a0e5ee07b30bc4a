#pragma once

#include "core/runtime/run.h"
#include "core/runtime/runnarrator.h"
#include "core/runtime/sqlsession.h"

#include <QMap>
#include <memory>

namespace tribikos {

/*!
    One run of a plan on a SQLite file, as a state machine: check -> connect -> per step (lock,
    position, backup before the first write, statements, version rows, checks, commit) -> read back.
    SQLite's DDL is transactional, so a step is in whole or not at all; a kill leaves the last
    commit.
*/
class SqliteRun
{
public:
    SqliteRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);
    RunReport run();

private:
    /// Statements [first, last) of a step that share a transaction, or one that can't be in any.
    struct Segment
    {
        int first = 0;
        int last = 0;
        bool isOutside = false;
        bool isLast = false; // it ends with the version rows
    };
    /// An INSERT … SELECT of a rebuild, and how many rows it made.
    struct Copy
    {
        QString sql{};
        qint64 rows = 0;
    };
    static QList<Segment> segments(const PlanStep &step);

    Status perform();
    Status connect();
    Status runStep(int index);
    Status runSegment(const PlanStep &step, const Segment &segment);
    Status runInTransaction(const PlanStep &step, const Segment &segment);
    Status runOutside(const PlanStep &step, const Segment &segment);
    Status lock(bool isStepStart);
    Status checkPosition(bool isStepStart);
    Status checkStructure();
    Status noteStructure();
    Status leaveOutAppliedSteps(int next);
    Status prepareFirstWrite();
    Status createVersionTable(const PlanStep &step);
    Status runVersionStatements(const PlanStep &step);
    Result<qint64> runStatement(const PlanStep &step, int number, const Statement &statement);
    Result<qint64> runStretch(const PlanStep &step, int number, const Statement &statement);
    Status checkCopiedRows(const PlanStep &step, int number, const Statement &statement);
    Status commit(const PlanStep &step);
    Status setForeignKeys(bool isOn);
    void finish(const Status &status);
    QString stateSentence() const;
    Error fileMoved() const;

    const Plan &m_plan;
    const ConnectionSpec &m_spec;
    const RunOptions &m_options;
    const std::stop_token m_stop;
    RunReport m_report{};
    RunNarrator m_narrator;
    std::unique_ptr<SqlSession> m_session{};
    QList<QStringList> m_path{};   // the rows before each step, and after the last
    QString m_structure{};         // stamp of the schema that the next step was planned on; empty: not known
    int m_next = 0;                // the step to run
    int m_committedStatements = 0; // of the step that runs, by an earlier segment
    bool m_isPrepared = false;     // rows noted and the copy made
    bool m_hasVersionTable = false;
    bool m_isMemory = false;
    bool m_enforcesKeys = false; // PRAGMA foreign_keys as the connection had it
    qint64 m_fileSize = 0;
    QList<Copy> m_copies{}; // of a rebuild, until the old table goes
};

} // namespace tribikos
