#pragma once

#include "core/runtime/serverrun.h"

namespace tribikos {

/*!
    A run on PostgreSQL, whose DDL is transactional: a revision is in whole or not at all. A statement
    that no transaction can hold cuts its revision in two; then the journal says what is in.

    The lock is a session's advisory lock. The version table is locked in each transaction as well, so
    that Alembic, which knows no such lock, waits with its own UPDATE and then finds another row.
*/
class PostgresRun : public ServerRun
{
public:
    PostgresRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                const RunProgress &progress, const std::stop_token &stop);

protected:
    Status runBody(const PlanStep &step) override;
    Status endSteps() override;
    Status runVersionStatements(const PlanStep &step) override;
    /// Opens the step's transaction, locks the version table and looks where the database is.
    Status begin(bool isStepStart);

private:
    Status checkServer() override;
    Result<bool> tryLock() override;
    QString lockHolder() override;
    bool prepareReadBack() override;
    Result<Fetched> runLiveStatement(PlanStep &step, const Statement &statement) override;

    /// What begins a step's transaction: it waits for others' locks, or gives up at once.
    enum class Locks { Waits, GivesUp };
    QStringList beginSql(Locks locks) const;
    Status runInOne(const PlanStep &step, const Segment &part);
    Status runParts(const PlanStep &step, const QList<Segment> &parts);
    Status runInside(const PlanStep &step, const Segment &part, bool isJournaled);
    Status runOutside(const PlanStep &step, const Segment &part);
    Status runUndo(const PlanStep &step);
    Status runEnding(const PlanStep &step, int first);
    Status commit(const PlanStep &step);
    Status commitAndBegin(const PlanStep &step);
    bool beginsNext() const;

    std::optional<QStringList> m_ahead{}; // the next step's transaction is open, and these are the rows
    qint64 m_lockKey = 0;
    int m_uncommittedSteps = 0; // of a run in one transaction
};

} // namespace tribikos
