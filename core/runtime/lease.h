#pragma once

#include "core/db/serversession.h"
#include "core/schema/schema.h"

namespace tribikos {

/*!
    A row in a table of ours in place of a lock, for servers that refuse GET_LOCK(), as Galera's under strict rules. It is
    to be renewed while a run lasts (the watchdog does): what has not been for kLifetimeS, and whose session the server
    doesn't know any more, is free.
*/
class Lease
{
public:
    static constexpr int kLifetimeS = 30;

    explicit Lease(const TableName &versionTable);

    /// Takes it for \a session; false: somebody has it. Makes the table where there is none, which commits.
    Result<bool> take(ServerSession &session);
    /// An expression that is 1 while it is ours.
    QString isOursSql() const;
    QString renewSql() const;
    /// The session that has it, as an expression; NULL: none.
    QString holderSql() const;
    /// The same of whoever keeps it renewed, as a statement.
    QString workerSql() const;
    /// Frees it, if it is ours: the table goes, so that nobody has to ask what it is.
    void release(ServerSession &session) const;

private:
    const QString m_table; // quoted
    const QString m_token; // of this run
};

/// Whether the server won't have GET_LOCK() at all, by what it failed with.
bool refusesLocks(const QString &state);

} // namespace tribikos
