#pragma once

#include "core/db/session.h"
#include "core/runtime/connection.h"
#include "core/runtime/sqlitehandle.h"

#include <QSqlDatabase>
#include <memory>

class QSqlQuery;

namespace tribikos {

/*!
    A database connection by Qt's drivers: with its .cpp the one place that touches QSqlDatabase and
    QSqlQuery.

    Opened on the calling thread under a name of its own; the destructor, on the same thread, closes
    and forgets it, and a transaction that is still open is rolled back by that.
*/
class SqlSession final : public Session
{
public:
    enum class Access {
        Read, // SQLite: creates nothing, writes refused (query_only); a journal left by a crash is
              // still rolled back
        Write // SQLite: a missing file is created
    };
    /// A missing SQLite file is ErrorCode::NotFound with Access::Read. \a wait is used by SQLite
    /// alone.
    static Result<std::unique_ptr<SqlSession>> open(const ConnectionSpec &spec, Access access,
                                                    LockWait wait);
    ~SqlSession() override;

    Backend backend() const override { return m_backend; }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    void interrupt() override;
    QString serverVersion() override;

    /// Null unless the backend is SQLite.
    SqliteHandle *sqlite() { return m_sqlite.get(); }
    /// A transaction is open, asked from SQLite itself; elsewhere as far as begin() and commit()
    /// know.
    bool inTransaction() const;

private:
    SqlSession(const ConnectionSpec &spec, const QString &driver);
    Status openSqlite(const ConnectionSpec &spec, Access access, LockWait wait);
    Status openServer(const ConnectionSpec &spec);
    Status control(const QString &sql);
    Error failure(const QSqlQuery &query) const;

    const Backend m_backend;
    const QString m_place; // for people: the file, or the URL without its password
    const QString m_name;
    QSqlDatabase m_db;
    std::unique_ptr<SqliteHandle> m_sqlite;
    bool m_begun = false;
};

/// The SQLite file at \a path as far as it can be told without opening it (an open file descriptor
/// of ours, once closed, would take away SQLite's POSIX locks on the same file).
struct SqliteFile
{
    bool isMemory = false;
    bool exists = false;
    qint64 size = 0; // with the write-ahead log
};
/// Refuses what can't be a database: a folder, a device, a pipe, a path in a folder that does not
/// exist.
Result<SqliteFile> inspectSqliteFile(const QString &path);

} // namespace tribikos
