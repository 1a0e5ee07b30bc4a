#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QStringList>

namespace tribikos {

/*!
    An application that knows for how long its event loop has been held up: the time that one event took, less the
    time in which the thread was ready to run and got no processor (the kernel's count, in schedstat), so that a busy
    machine holds up nothing. What sleeps, waits for a lock or asks a server in the window's thread counts in full.
    Events that are handled inside of a nested event loop count one by one, and the outer one from when that loop ended.
*/
class LoopWatch final : public QApplication
{
    Q_OBJECT
public:
    LoopWatch(int &argc, char **argv);
    ~LoopWatch() override;

    static LoopWatch *instance() { return static_cast<LoopWatch *>(qApp); }
    /// Counts from now on.
    void reset();
    /// The longest hold-up since, in milliseconds.
    double worstMs() const { return double(m_worstNs) / 1e6; }
    /// What held it up for longer than the limit, one line each.
    QString told() const { return m_told.join(u'\n'); }

    bool notify(QObject *receiver, QEvent *event) override;

#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    static constexpr double limitMs = 250; // what is built to be looked at takes its time
#else
    static constexpr double limitMs = 50;
#endif

private:
    /// The clock, less the time without a processor, in nanoseconds.
    qint64 now() const;
    qint64 starvedNs() const;
    void goToSleep();
    void record(qint64 heldNs, const QByteArray &what);

    QElapsedTimer m_clock{};
    int m_schedstat = -1;
    bool m_isHandling = false; // an event, and not within a loop that it has started
    qint64 m_since = 0;
    qint64 m_worstNs = 0;
    QStringList m_told{};
};

} // namespace tribikos
