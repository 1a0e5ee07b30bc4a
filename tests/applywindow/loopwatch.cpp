#include "tests/applywindow/loopwatch.h"

#include <QAbstractEventDispatcher>
#include <QMetaEnum>
#include <QThread>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace tribikos {

using namespace Qt::StringLiterals;

LoopWatch::LoopWatch(int &argc, char **argv)
    : QApplication(argc, argv)
    , m_schedstat(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC))
{
    m_clock.start();
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
            &LoopWatch::goToSleep);
}

LoopWatch::~LoopWatch()
{
    if (m_schedstat >= 0)
        ::close(m_schedstat);
}

void LoopWatch::reset()
{
    m_worstNs = 0;
    m_told.clear();
}

/// The second number: how long the thread has waited on a run queue. Without it the wall clock counts.
qint64 LoopWatch::starvedNs() const
{
    char text[96] = {};
    if (m_schedstat < 0 || ::pread(m_schedstat, text, sizeof text - 1, 0) <= 0)
        return 0;
    char *end = nullptr;
    std::strtoll(text, &end, 10);
    return std::strtoll(end, nullptr, 10);
}

qint64 LoopWatch::now() const
{
    return m_clock.nsecsElapsed() - starvedNs();
}

/// A loop inside of an event's handling waits for events: it is not held up.
void LoopWatch::goToSleep()
{
    if (m_isHandling)
        record(now() - m_since, "until its own loop began");
    m_isHandling = false;
}

bool LoopWatch::notify(QObject *receiver, QEvent *event)
{
    if (m_isHandling || QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);
    const QByteArray name =
        receiver->metaObject()->className() + (' ' + receiver->objectName().toUtf8());
    const int type = event->type();
    m_isHandling = true;
    m_since = now();
    const bool answer = QApplication::notify(receiver, event);
    const qint64 ended = now();
    const qint64 held = ended - m_since; // another loop within has moved it on
    m_since = ended;
    m_isHandling = false;
    if (double(held) / 1e6 > limitMs) {
        const char *kind = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
        record(held, QByteArray(kind ? kind : "an event") + " to " + name);
    } else {
        record(held, {});
    }
    return answer;
}

void LoopWatch::record(qint64 heldNs, const QByteArray &what)
{
    m_worstNs = std::max(m_worstNs, heldNs);
    if (double(heldNs) / 1e6 > limitMs)
        m_told << u"%1 ms: %2"_s.arg(double(heldNs) / 1e6, 0, 'f', 1).arg(QString::fromUtf8(what));
}

} // namespace tribikos
