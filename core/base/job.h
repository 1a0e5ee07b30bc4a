#pragma once

#include <QMetaObject>
#include <QObject>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace tribikos {

/*!
    Work on a thread of its own whose result comes back to the thread that made the job.

    Starts when constructed. \c work runs on the worker and gets a stop token to look at; \c done is
    called with its result on the constructing thread, from that thread's event loop, and may
    destroy the job. The destructor asks to stop, waits for the worker, and drops a result that was
    not delivered: a caller that wants the newest answer only replaces its std::unique_ptr<Job>. A
    cancelled job still delivers what \c work returned.
*/
template<typename T>
class Job final
{
public:
    using Work = std::function<T(const std::stop_token &)>;
    using Done = std::function<void(T)>;

    Job(Work work, Done done)
        : m_done(std::move(done))
        , m_worker([this, work = std::move(work)](const std::stop_token &stop) {
            auto result = std::make_shared<T>(work(stop));
            QMetaObject::invokeMethod(
                &m_receiver, [this, result] { deliver(std::move(*result)); }, Qt::QueuedConnection);
        })
    {}
    Q_DISABLE_COPY_MOVE(Job)

    /// Asks the work to stop; it decides when.
    void cancel() { m_worker.request_stop(); }

private:
    void deliver(T result)
    {
        const Done done = std::move(m_done); // it may destroy this job while it runs
        done(std::move(result));
    }

    Done m_done;
    QObject m_receiver{};  // on the constructing thread; dies after the worker, and its undelivered
                           // call with it
    std::jthread m_worker; // last: its destructor asks to stop and joins before the rest goes
};

} // namespace tribikos
