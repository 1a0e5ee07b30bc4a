#pragma once

#include "core/db/connection.h"

#include <QString>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace tribikos {

class ServerSession;

/// Who holds the lock that a session waits for.
struct Blocker
{
    qint64 session = 0; // as ServerSession::serverId()
    QString text{};     // "session 812 of app (psql), idle in transaction for 3 min"
    friend bool operator==(const Blocker &, const Blocker &) = default;
};

/// Which server a session is on, told by the server itself; empty: it doesn't say.
QString serverIdentity(ServerSession &session);

/*!
    Looks after a session from a second connection, on a thread of its own: whether the server
    answers at all, who blocks the session, and, on request, makes the server stop what it runs.
    Born and destroyed by the session's thread; the destructor ends the thread.
*/
class Watchdog
{
public:
    using Clock = std::chrono::steady_clock;
    struct State
    {
        Clock::time_point answered{}; // when the server last did
        bool isConnected = false;
        bool isElsewhere = false; // it only ever reaches another server: a balancer stands between
        std::optional<Blocker> blocker{};
    };

    /// \a server is what serverIdentity() says of the watched session's; empty: it can't be told.
    Watchdog(const ConnectionSpec &spec, qint64 watched, QString server = {});
    ~Watchdog();
    Q_DISABLE_COPY_MOVE(Watchdog)

    State state() const;
    /// Makes the server stop what the watched session runs. Returns at once.
    void stopStatement();
    /// Has \a sql run every two seconds from now on, so that whoever looks knows that the session is at work.
    void renew(const QString &sql);
    /// Ends another session of the server. Returns at once.
    void endSession(qint64 session);

private:
    void watch();
    bool isSameServer(ServerSession &session);
    void look(ServerSession &session);
    void command(ServerSession &session, bool isStop, qint64 ended);
    bool isEnding() const;

    const ConnectionSpec m_spec;
    const qint64 m_watched;
    const QString m_server;
    mutable std::mutex m_mutex{}; // guards what follows
    std::condition_variable m_wake{};
    State m_state{};
    bool m_stopsStatement = false;
    qint64 m_endsSession = 0;
    QString m_renewal{};
    bool m_isEnding = false;
    std::thread m_thread; // last: it uses the others
};

} // namespace tribikos
