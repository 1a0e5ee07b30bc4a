#pragma once

#include "core/db/connection.h"
#include "core/db/session.h"
#include "core/db/sqlitehandle.h"

#include <QSqlDatabase>
#include <memory>

class QSqlQuery;

namespace tribikos {

/*!
    A connection to a SQLite file by Qt's driver: with its .cpp the one place that touches QSqlDatabase
    and QSqlQuery.

    Opened on the calling thread under a name of its own; the destructor, on the same thread, closes
    and forgets it, and a transaction that is still open is rolled back by that.
*/
class SqliteSession final : public Session
{
public:
    /// Access::Read creates nothing and refuses writes (query_only); a journal left by a crash is still
    /// rolled back. A missing file is ErrorCode::NotFound then, and created with Access::Write.
    static Result<std::unique_ptr<SqliteSession>> open(const ConnectionSpec &spec, Access access,
                                                       LockWait wait);
    ~SqliteSession() override;

    Backend backend() const override { return Backend::Sqlite; }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Result<Fetched> fetch(const QString &sql) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    void interrupt() override;
    QString serverVersion() override;

    SqliteHandle *sqlite() { return m_sqlite.get(); }
    bool inTransaction() const override;

private:
    explicit SqliteSession(const ConnectionSpec &spec);
    Status connect(const ConnectionSpec &spec, Access access, LockWait wait);
    Status control(const QString &sql);
    Error failure(const QSqlQuery &query) const;

    const QString m_place; // for people: the file
    const QString m_name;
    QSqlDatabase m_db;
    std::unique_ptr<SqliteHandle> m_sqlite;
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
