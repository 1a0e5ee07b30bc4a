#pragma once

#include "core/runtime/run.h"

#include <QList>
#include <QMutex>
#include <atomic>
#include <utility>

namespace tribikos {

/// Carries a run's events from its thread to the window, which takes them a few times a second; and
/// the wish to stop at the next commit the other way.
class RunEventQueue
{
public:
    void push(const RunEvent &event)
    {
        const QMutexLocker lock(&m_mutex);
        m_events.append(event);
    }
    QList<RunEvent> take()
    {
        const QMutexLocker lock(&m_mutex);
        return std::exchange(m_events, {});
    }
    std::atomic_bool stopAfterStep = false;

private:
    QMutex m_mutex{};
    QList<RunEvent> m_events{};
};

} // namespace tribikos
