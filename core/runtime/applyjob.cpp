#include "core/runtime/applyjob.h"

namespace tribikos {

ApplyJob::ApplyJob(Plan plan, ConnectionSpec spec, RunOptions options, QObject *parent)
    : QObject(parent)
    , m_plan(std::move(plan))
    , m_spec(std::move(spec))
    , m_options(std::move(options))
{}

void ApplyJob::start()
{
    Q_ASSERT(!m_job);
    const RunProgress progress = [this](const RunEvent &event) { // on the worker: only posts
        QMetaObject::invokeMethod(
            this, [this, event] { emit progressed(event); }, Qt::QueuedConnection);
    };
    const auto work = [this, progress](const std::stop_token &stop) {
        return run(m_plan, m_spec, m_options, progress, stop);
    };
    m_job = std::make_unique<Job<RunReport>>(work, [this](RunReport report) {
        m_report = std::move(report);
        emit finished(*m_report);
    });
}

void ApplyJob::cancel()
{
    if (m_job)
        m_job->cancel();
}

} // namespace tribikos
