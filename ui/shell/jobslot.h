#pragma once

#include <QObject>
#include <list>
#include <memory>
#include <thread>

namespace tribikos {

/*!
    One concern's background work: opening, reading a database, making a plan. Starting again
    supersedes what runs: it is asked to stop, and its result is dropped whenever it comes. Lives on
    the window's thread; \a done is called there. The destructor asks all work to stop and waits for
    it.
*/
class JobSlot final : public QObject
{
    Q_OBJECT
public:
    explicit JobSlot(QObject *parent = nullptr);
    ~JobSlot() override;

    /// Runs work(stop) on a thread of its own, then done(result) here.
    template<typename Work, typename Done>
    void start(Work work, Done done)
    {
        cancel();
        const quint64 generation = ++m_generation;
        setRunning(true);
        auto finished = std::make_shared<bool>(false);
        m_workers.push_back({{}, finished});
        m_workers.back().thread =
            std::jthread([this, generation, finished, work = std::move(work),
                          done = std::move(done)](const std::stop_token &stop) mutable {
                auto result = std::make_shared<decltype(work(stop))>(work(stop));
                const auto deliver = [this, generation, finished, result, done]() mutable {
                    *finished = true;
                    if (generation != m_generation)
                        return reap();
                    setRunning(false);
                    reap();
                    done(std::move(*result)); // may start the next job: nothing of ours follows
                };
                QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
            });
    }

    /// Asks what runs to stop and forgets its result.
    void cancel();
    /// Asks what runs to stop, and still delivers what it says.
    void requestStop();
    bool isRunning() const { return m_running; }

signals:
    void runningChanged(bool running);

private:
    struct Worker
    {
        std::jthread thread{};
        std::shared_ptr<bool> finished{}; // written and read on this object's thread only
    };
    void setRunning(bool running);
    void reap();

    quint64 m_generation = 0;
    bool m_running = false;
    std::list<Worker> m_workers{};
};

} // namespace tribikos
