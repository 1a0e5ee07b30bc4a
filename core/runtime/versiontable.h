#pragma once

#include "core/db/session.h"
#include "core/plan/plan.h"

namespace tribikos {

/// The version table as it stands in a database.
struct VersionTable
{
    bool exists = false;
    QStringList rows{}; // in the database's order
};

/// Reads and validates the version table. What no tool of the family writes is ErrorCode::Conflict
/// in one sentence: a view of that name, no column version_num, a row that is NULL, empty, not text
/// or there twice.
Result<VersionTable> readVersionTable(Session &session, const TableName &name);

/// The question for the rows, with another column where one is wanted, and its answer as readVersionRows() would give it.
QString versionRowsSql(const TableName &name, Backend backend, const QString &more = {});
Result<QStringList> checkedVersionRows(const QList<Row> &found, const TableName &name, Backend backend);
/// \a error of that question: a table that can't be read is damaged.
Error versionRowsError(const Error &error, const TableName &name);
/// The rows of a version table that is known to be there, validated in the same way; half the work.
Result<QStringList> readVersionRows(Session &session, const TableName &name);

/// \a rows after a step's changes; an old value that is not there is ErrorCode::Conflict.
Result<QStringList> changedRows(QStringList rows, const QList<VersionChange> &changes);
/// Equal as sets: a version table has no order.
bool isSamePosition(const QStringList &a, const QStringList &b);
/// "a1b2, c3d4", or "base (no revision)".
QString positionText(const QStringList &rows);

} // namespace tribikos
