#include "tests/applywindow/tst_loopwatch.h"

#include "tests/applywindow/loopwatch.h"

#include <QEventLoop>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <atomic>
#include <sched.h>
#include <thread>
#include <vector>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

using Work = std::function<void()>;

constexpr int tooLong = int(LoopWatch::limitMs) + 40;

void work(int ms)
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    const auto cpuMs = [](const timespec &time) {
        return time.tv_sec * 1000.0 + double(time.tv_nsec) / 1e6;
    };
    const double until = cpuMs(now) + ms;
    while (cpuMs(now) < until)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
}

/// Handles \a what as an event, and gives the hold-up that was seen.
double heldBy(const Work &what)
{
    LoopWatch *watch = LoopWatch::instance();
    watch->reset();
    QEventLoop loop;
    QTimer::singleShot(0, &loop, [&] {
        what();
        QTimer::singleShot(0, &loop, &QEventLoop::quit);
    });
    loop.exec();
    return watch->worstMs();
}

} // namespace

Q_DECLARE_METATYPE(Work)

void tst_LoopWatch::seesWhatHoldsItUp_data()
{
    QTest::addColumn<Work>("what");
    QTest::newRow("sleep") << Work([] { QThread::msleep(tooLong); });
    QTest::newRow("work") << Work([] { work(tooLong); });
    QTest::newRow("waiting for another thread")
        << Work([] { std::thread([] { QThread::msleep(tooLong); }).join(); });
    QTest::newRow("many small events sent at once") << Work([] {
        QObject receiver;
        for (int i = 0; i < tooLong; ++i) {
            QEvent event(QEvent::User);
            QCoreApplication::sendEvent(&receiver, &event);
            QThread::msleep(1);
        }
    });
}

void tst_LoopWatch::seesWhatHoldsItUp()
{
    QFETCH(Work, what);
    const double held = heldBy(what);
    QVERIFY2(held >= tooLong - 5, qPrintable(u"%1 ms"_s.arg(held)));
    QVERIFY(!LoopWatch::instance()->told().isEmpty());
}

void tst_LoopWatch::nestedLoopsAreNone()
{
    const double held = heldBy([] {
        QEventLoop inner;
        QTimer::singleShot(200, &inner, &QEventLoop::quit);
        inner.exec();
    });
    QVERIFY2(held <= LoopWatch::limitMs, qPrintable(LoopWatch::instance()->told()));
    const double inside = heldBy([] {
        QEventLoop inner;
        QTimer::singleShot(0, &inner, [&inner] {
            QThread::msleep(tooLong);
            inner.quit();
        });
        inner.exec();
    });
    QVERIFY2(inside >= tooLong - 5, qPrintable(u"%1 ms"_s.arg(inside)));
}

/// Ten others share the processor that this thread is on.
void tst_LoopWatch::aBusyMachineIsNone()
{
    cpu_set_t before;
    CPU_ZERO(&before);
    QCOMPARE(sched_getaffinity(0, sizeof before, &before), 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    QCOMPARE(sched_setaffinity(0, sizeof one, &one), 0);
    std::atomic_bool isOver = false;
    std::vector<std::jthread> others;
    for (int i = 0; i < 10; ++i)
        others.emplace_back([&] {
            while (!isOver) {
            }
        });
    QElapsedTimer wall;
    wall.start();
    const double held = heldBy([] { work(30); });
    const qint64 elapsed = wall.elapsed();
    isOver = true;
    others.clear();
    QCOMPARE(sched_setaffinity(0, sizeof before, &before), 0);
    QVERIFY2(elapsed > 90, qPrintable(u"the others did not hold it up: %1 ms"_s.arg(elapsed)));
    QVERIFY2(held >= 25 && held <= LoopWatch::limitMs,
             qPrintable(u"%1 of %2 ms"_s.arg(held).arg(elapsed)));
}
