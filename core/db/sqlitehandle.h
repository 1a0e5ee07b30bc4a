#pragma once

#include "core/base/result.h"

#include <QElapsedTimer>
#include <QString>
#include <atomic>
#include <functional>
#include <stop_token>

struct sqlite3;

namespace tribikos {

/// How a connection waits for another program's lock.
struct LockWait
{
    int limitMs = 60000;
    /// Called on the connection's thread while it waits, about once a second.
    std::function<void(qint64 waitedMs)> report{};
    std::function<bool()> isUnlimited{}; // asked at the limit: whether to wait on; null: no
    std::stop_token stop{}; // ends a wait and a running statement
};

/*!
    What QtSql does not reach of an open SQLite connection: waiting for locks, stopping, the state
    of the transaction and of the file. Does not own the connection and must die before it is
    closed. One thread, that of the connection; interrupt() alone may be called from others.
*/
class SqliteHandle
{
public:
    SqliteHandle(sqlite3 *db, LockWait wait);
    ~SqliteHandle();
    Q_DISABLE_COPY_MOVE(SqliteHandle)

    /// Trusts nothing that stands in the file: defensive, trusted_schema off, no extensions.
    Status harden();
    /// Stops the statement that runs or waits, and each later one until resume().
    void interrupt();
    /// What was asked so far is over: the rest, rolling back and reading back, is not to be
    /// stopped.
    void resume();
    bool isInterrupted() const { return m_interrupted || m_wait.stop.stop_requested(); }

    /// While on, a COMMIT that reaches SQLite rolls back: only SqliteSession::commit() may commit.
    void guardCommit(bool isOn) { m_commitIsGuarded = isOn; }

    bool inTransaction() const;
    /// The file or its folder forbids writing, and SQLite has fallen back to reading.
    bool isReadOnly() const;
    /// The file was deleted or replaced under its name: commits would go where nobody looks.
    bool hasMoved() const;
    qint64 changes() const;      // rows of the last INSERT, UPDATE or DELETE
    qint64 totalChanges() const; // since the connection was opened, triggers included

private:
    static int onBusy(void *self, int attempt);
    static int onProgress(void *self);
    static int onCommit(void *self);
    bool keepWaiting(int attempt);

    sqlite3 *const m_db;
    LockWait m_wait;
    QElapsedTimer m_waited; // monotonic: a clock that jumps ends no wait
    qint64 m_reportAtMs = 0;
    std::atomic_bool m_interrupted = false;
    bool m_commitIsGuarded = false;
};

/// What SQLite's (extended) result \a code means for the file at \a path, in one sentence.
/// Codes that speak of the statement itself yield ErrorCode::Statement with \a serverText.
Error sqliteError(int code, const QString &serverText, const QString &path);

} // namespace tribikos
