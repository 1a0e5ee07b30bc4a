#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/base/sqlhead.h"

#include <QList>
#include <QString>
#include <QVariant>

namespace tribikos {

/// \a name between the backend's quotes, inner quotes doubled. One identifier: a dot stays a dot.
/// QSqlDriver::escapeIdentifier is never used: it returns names that look quoted unchanged.
QString quotedIdentifier(const QString &name, Backend backend);
/// Where the next '?' of \a sql stands that a value is bound to, none inside quotes; -1: there is none.
qsizetype nextMark(const QString &sql, qsizetype from);
/// Refuses what a driver must not see: a NUL (what follows it would be lost) and a statement
/// without words.
Status checkStatementText(const QString &sql);
/// Counts \a row; an Error once all that was fetched is more than anybody may hold.
Status countFetched(const QList<QVariant> &row, qint64 *bytes);

} // namespace tribikos
