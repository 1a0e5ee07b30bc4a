#pragma once

#include "core/runtime/lease.h"
#include "core/runtime/serverrun.h"

namespace tribikos {

/*!
    A run on MySQL or MariaDB, whose DDL commits by itself. Each DDL statement has its row in the journal;
    data statements between two of them share a transaction with theirs, and the last ones with the version
    rows. The lock is GET_LOCK()'s, or a lease where the server has none, looked at again before each revision.
*/
class MySqlRun final : public ServerRun
{
public:
    MySqlRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
             const RunProgress &progress, const std::stop_token &stop);

private:
    Status checkServer() override;
    Status noteEngines();
    Result<bool> tryLock() override;
    QString lockHolder() override;
    void disconnect() override;
    Status runBody(const PlanStep &step) override;
    QString halfDone() const override;

    Result<bool> tryLease();
    QString isLockOursSql() const;
    Status checkLock();
    Result<QStringList> lookAround();
    Status checkStepStart();
    bool movesOneRow(const PlanStep &step, const Segment &unit) const;
    Status endStep(const PlanStep &step);
    Status runUndo(const PlanStep &step);
    Status runUndoing(const PlanStep &step, int number);
    Status runUnits(const PlanStep &step, const QList<Segment> &units);
    Status runCommitting(const PlanStep &step, int number);
    Status runTransaction(const PlanStep &step, const Segment &unit);
    Status runLiveBody(const PlanStep &step);
    Status runLiveOnce(const PlanStep &step);
    Result<Fetched> runLiveStatement(PlanStep &step, const Statement &statement) override;
    Result<Fetched> runLiveNext(PlanStep &step, const Statement &statement);
    /// \a error of a statement, as Busy if no script may catch it and go on.
    Error endsScript(const Error &error);
    /// What the journal says of it: done by the run that broke off, or nothing.
    Result<bool> isDoneAlready(const PlanStep &step, int number, const Statement &statement);
    Status runLiveCommitting(const PlanStep &step, int number);
    Status commitPending(const PlanStep &step);
    void forgetBehind(const PlanStep &step, const QString &savepoint);

    QString m_lockName{};
    std::optional<Lease> m_lease{}; // in place of the lock
    bool m_isJournaled = false; // the step that runs
    QList<int> m_unmarked{};    // statements that have run and aren't in the journal as done yet
    PlanStep m_running{};       // the live step that runs, with what it has said
    bool m_isResumeTold = false;
    QList<int> m_pending{};     // of a live step: those in the transaction that is open
    QString m_endState{};       // lastState() of the error that ended the script
    std::optional<QStringList> m_seen{}; // the rows, with the lock still ours, as the last step left them
    int m_committed = 0;        // statements of the step that are in, where there is no journal
};

/// Has a session wait a few seconds for other sessions' locks, and no more than \a spec allows.
QString lockLimitSql(const ConnectionSpec &spec);

} // namespace tribikos
