#pragma once

#include "core/base/backend.h"
#include "core/base/fetched.h"
#include "core/base/result.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <memory>

namespace tribikos {

using Row = QList<QVariant>;

/// One open connection. Born, used and closed on one thread; closing is the destructor's.
class Session
{
public:
    virtual ~Session() = default;

    virtual Backend backend() const = 0;
    /// Runs exactly one statement; more than one, an empty one or a NUL inside is refused before the driver sees it.
    /// \return the number of rows changed, -1 where the driver can't tell.
    virtual Result<qint64> execute(const QString &sql) = 0;
    /// Runs one SELECT or PRAGMA and reads every row; the query is finished when this returns.
    virtual Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) = 0;
    /// Runs one statement of any kind for somebody who looks at what it gives, as Python's drivers give it.
    virtual Result<Fetched> fetch(const QString &sql) = 0;
    virtual Status begin() = 0; // SQLite: BEGIN IMMEDIATE
    virtual Status commit() = 0;
    virtual Status rollback() = 0;
    /// A transaction is open, as the database itself says.
    virtual bool inTransaction() const = 0;
    /// Stops the statement that runs; callable from another thread while the session lives.
    virtual void interrupt() = 0;
    /// What the server remarked since the last call: notices and warnings, at most a hundred.
    virtual QStringList takeNotices() { return {}; }
    /// "SQLite 3.40.1"
    virtual QString serverVersion() = 0;
};

/// What a connection is for.
enum class Access {
    Read, // writes are refused by the database
    Write
};

} // namespace tribikos
