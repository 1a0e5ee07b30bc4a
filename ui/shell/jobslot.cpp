#include "ui/shell/jobslot.h"

namespace tribikos {

JobSlot::JobSlot(QObject *parent)
    : QObject(parent)
{}

JobSlot::~JobSlot()
{
    for (Worker &worker : m_workers) // all first, so that they stop side by side
        worker.thread.request_stop();
    m_workers.clear();
}

void JobSlot::cancel()
{
    requestStop();
    ++m_generation;
    setRunning(false);
}

void JobSlot::requestStop()
{
    for (Worker &worker : m_workers)
        worker.thread.request_stop();
}

void JobSlot::setRunning(bool running)
{
    if (m_running == running)
        return;
    m_running = running;
    emit runningChanged(running);
}

void JobSlot::reap()
{
    m_workers.remove_if([](const Worker &worker) { return *worker.finished; });
}

} // namespace tribikos
