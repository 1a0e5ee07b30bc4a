#pragma once

#include "core/ops/operation.h"

namespace tribikos {

/// The operations with those of batch_alter_table in place of the block.
Operations flattened(const Operations &operations);

/// What takes \a operation back, from how it changed the schema: additions are dropped, what was renamed or altered
/// gets back what it was, dropped indexes and constraints are made again. What held data and was dropped is not
/// made again: whoever asks replays the answer and looks.
Operations inverseOf(const Operation &operation, const Schema &before, const Schema &after);
/// Gives keys and uniques without a name that of \a now, the database, or one that says that it has none like it.
void nameConstraints(Schema &schema, const Schema &now);

/// Whether what the operation makes is in \a schema already, or what it takes away is in it no more; nothing: that
/// can't be told of it.
std::optional<bool> isDoneIn(const Operation &operation, const Schema &schema);

/// Whether the operation, of which \a sql is the statement, changes rows and no structure.
bool changesRows(const Operation &operation, const QString &sql);
/// Whether these rows, or the columns set, go with what was made since \a start; \a before is the schema that the statement met.
bool goesWithTables(const Operation &operation, const QString &sql, const Schema &start, const Schema &before);

/// Whether the statement changes how a table is kept, of which no schema tells.
bool changesStorage(const QString &sql);
/// The tables and columns that are no more, as in "table t and column u.c"; empty: none.
QString lostBy(const Schema &before, const Schema &after);
bool hasNewOpaqueTable(const Schema &before, const Schema &after);

} // namespace tribikos
