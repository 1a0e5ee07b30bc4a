#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

namespace tribikos {

/// What a run's lock on MySQL is called, beside \a versionTable of \a database.
QString mysqlLockName(const QString &database, const TableName &versionTable);
/// The number of its advisory lock on PostgreSQL; \a schema is the version table's, or the usual one.
qint64 postgresLockKey(const QString &schema, const TableName &versionTable);
/// The session of a run that is at work, which has that lock; 0: none, as far as the server tells.
qint64 sessionAtWork(Session &session, const TableName &versionTable);

} // namespace tribikos
