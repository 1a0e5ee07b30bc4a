#pragma once

#include "core/base/job.h"
#include "core/runtime/run.h"

#include <QObject>

namespace tribikos {

/*!
    run() on its own thread. Signals arrive on the thread this object lives on; the connection is
    born, used and closed on the worker, before finished() is posted. Runs once. The destructor
    cancels and waits.
*/
class ApplyJob final : public QObject
{
    Q_OBJECT
public:
    ApplyJob(Plan plan, ConnectionSpec spec, RunOptions options, QObject *parent = nullptr);

    void start();
    bool isRunning() const { return m_job && !m_report; }
    /// Ends the running statement and rolls its revision back; finished() tells where the database
    /// stands.
    void cancel();
    const Plan &plan() const { return m_plan; }
    /// Once finished: how it ended.
    const std::optional<RunReport> &report() const { return m_report; }

signals:
    void progressed(const tribikos::RunEvent &event);
    void finished(const tribikos::RunReport &report);

private:
    const Plan m_plan;
    const ConnectionSpec m_spec;
    const RunOptions m_options;
    std::optional<RunReport> m_report{};
    std::unique_ptr<Job<RunReport>>
        m_job{}; // last: its worker posts to this object and is joined first
};

} // namespace tribikos
