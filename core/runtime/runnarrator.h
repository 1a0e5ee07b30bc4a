#pragma once

#include "core/runtime/run.h"

#include <QElapsedTimer>

namespace tribikos {

/// Tells a run's story: counts and times what happens and passes it on as events.
class RunNarrator
{
public:
    RunNarrator(const Plan &plan, const RunProgress &progress, RunReport &report);

    void say(RunEvent::Kind kind, const QString &text = {});
    void stepStarted(int step);
    void stepDone(const QString &text = {}, qint64 durationUs = -1);
    void statementStarted(int statement, const QString &sql);
    void statementDone(qint64 rows, int count = 1, const QStringList &notices = {});
    /// \a what stands in the way, as a sentence without its time; \a blocker: the session that holds it.
    void waiting(qint64 waitedMs, const QString &what, qint64 blocker = 0);

    int step() const { return m_step; }
    int statement() const { return m_statement; }

private:
    void emitEvent(RunEvent event);

    const Plan &m_plan;
    const RunProgress &m_progress;
    RunReport &m_report;
    int m_step = -1;
    int m_statement = -1;
    QString m_sql{};
    QElapsedTimer m_stepTime{};
    QElapsedTimer m_statementTime{};
};

/// How many statements a step has, its version statements included.
int statementCount(const PlanStep &step);
/// "a1b2 (a1b2_users.py:23)": the revision and where to look; without file or line what is known of
/// it.
QString stepPlace(const PlanStep &step, int line);
/// \a cause, met at \a statement of \a step, as one sentence with revision, place, number and the
/// server's text.
Error statementError(const PlanStep &step, int statement, const Error &cause);

} // namespace tribikos
