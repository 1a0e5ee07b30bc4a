#include "suites.h"

#include "ui/shell/jobslot.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <atomic>

using namespace tribikos;

class tst_JobSlot : public QObject
{
    Q_OBJECT
private slots:
    void resultComesToThisThread();
    void staleResultsAreDropped();
    void requestStopStillDelivers();
    void destructorStopsAndWaits();
};

void tst_JobSlot::resultComesToThisThread()
{
    JobSlot slot;
    QThread *worker = nullptr;
    QThread *receiver = nullptr;
    slot.start([](const std::stop_token &) { return QThread::currentThread(); },
               [&](QThread *thread) {
                   worker = thread;
                   receiver = QThread::currentThread();
               });
    QVERIFY(slot.isRunning());
    QTRY_VERIFY(receiver);
    QCOMPARE(receiver, QThread::currentThread());
    QVERIFY(worker != receiver);
    QVERIFY(!slot.isRunning());
}

void tst_JobSlot::staleResultsAreDropped()
{
    JobSlot slot;
    std::atomic_bool isStopped = false;
    QList<int> results;
    const auto keep = [&results](int value) { results << value; };
    slot.start(
        [&isStopped](const std::stop_token &stop) {
            while (!stop.stop_requested())
                QThread::yieldCurrentThread();
            isStopped = true;
            return 1;
        },
        keep);
    slot.start([](const std::stop_token &) { return 2; }, keep);
    QTRY_VERIFY(isStopped);
    QTRY_COMPARE(results, QList<int>{2});
    QCoreApplication::processEvents();
    QCOMPARE(results, QList<int>{2});
}

void tst_JobSlot::requestStopStillDelivers()
{
    JobSlot slot;
    int result = 0;
    slot.start(
        [](const std::stop_token &stop) {
            while (!stop.stop_requested())
                QThread::yieldCurrentThread();
            return 7;
        },
        [&result](int value) { result = value; });
    slot.requestStop();
    QTRY_COMPARE(result, 7);
}

void tst_JobSlot::destructorStopsAndWaits()
{
    std::atomic_bool isOver = false;
    bool isDelivered = false;
    {
        JobSlot slot;
        slot.start(
            [&isOver](const std::stop_token &stop) {
                while (!stop.stop_requested())
                    QThread::yieldCurrentThread();
                isOver = true;
                return 1;
            },
            [&isDelivered](int) { isDelivered = true; });
    }
    QVERIFY(isOver);
    QCoreApplication::processEvents();
    QVERIFY(!isDelivered);
}

int runJobSlot(int argc, char **argv)
{
    tst_JobSlot test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_jobslot.moc"
