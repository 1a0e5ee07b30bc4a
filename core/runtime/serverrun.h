#pragma once

#include "core/db/serversession.h"
#include "core/runtime/journal.h"
#include "core/runtime/planrun.h"
#include "core/runtime/watchdog.h"

#include <memory>

namespace tribikos {

/*!
    What runs on PostgreSQL and MySQL have in common: one lock for the whole run, held by the migrating
    session itself; a watchdog on a second connection; and, where a revision can't be one transaction,
    a journal from which a broken run goes on.
*/
class ServerRun : public PlanRun
{
public:
    ~ServerRun() override;

protected:
    ServerRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);

    Status connect() override;
    Session *session() override;
    bool prepareReadBack() override;
    void disconnect() override;
    QString halfDone() const override;

    /// Refuses a server that can't be migrated as it is; sets up the session.
    virtual Status checkServer() = 0;
    /// Tries to take the lock; false: somebody has it.
    virtual Result<bool> tryLock() = 0;
    /// Who has it, as far as it can be told.
    virtual QString lockHolder() = 0;

    /// What the journal says of \a step, and \a step's statements as they are now, agree; what was under
    /// way is looked at. After it, every entry is Done or gone.
    Status resume(const PlanStep &step);
    /// What the journal says is what \a step, whose undoes is set, was planned to take back.
    Status checkUndo(const PlanStep &step);
    /// Finds out whether a statement whose end nobody saw is in; its entry is Done or gone then.
    Status settle(const PlanStep &step, int number, const Journal::Entry &entry);
    /// A statement that no transaction can hold, with its row in the journal before and after it.
    Status runJournaled(const PlanStep &step, int number, const QList<int> &doneBefore);
    /// Waits with growing pauses while \a attempt fails for another session's lock, up to the limit.
    Status retrying(const PlanStep &step, const std::function<Status()> &attempt);
    /// Sleeps, unless the run is stopped.
    bool pause(int ms) const;
    Status control(const QString &sql);
    /// Has \a sql run on the watching connection again and again while the run lasts.
    void renew(const QString &sql);
    /// Refuses a pooler between here and the server, unless it was said to be fine.
    Status checkDirect() const;
    ServerSession &server() const { return *m_session; }
    QList<int> statementsFrom(int first, int last) const;

    Journal m_journal;
    bool m_canProbe = true;  // a killed statement of this server is in whole or not at all
    int m_serverVersion = 0; // 150004 for 15.4; 100611 for MariaDB 10.6.11

private:
    Status openSession(const ServerSession::Patience &patience);
    Status takeLock();
    Error brokenOff();
    Status restoreSettings(const PlanStep &step);
    bool isPatient();
    bool isAnswering(Watchdog::Clock::time_point now);
    void tellWaiting();

    std::unique_ptr<ServerSession> m_session{};
    std::unique_ptr<Watchdog> m_watchdog{};
    std::optional<Blocker> m_lastBlocker{}; // of the transaction that is tried again
    Watchdog::Clock::time_point m_waitsSince{};
    Watchdog::Clock::time_point m_toldAt{};
    Watchdog::Clock::time_point m_askedAt{};
    Watchdog::Clock::time_point m_stopAskedAt{};
    bool m_hasLock = false;
    bool m_isEnding = false; // reading back: not to be stopped any more
    bool m_isAnothersHalf = false; // what the journal holds is no work of this command
    bool m_isElsewhereTold = false;
    bool m_gaveUp = false;   // the server fell silent, and the connection was cut
};

} // namespace tribikos
