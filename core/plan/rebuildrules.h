#pragma once

#include "core/dialects/dialect.h"

/// When a table must be made anew, and what of a change can wait until after that.
namespace tribikos {

/// Whether SQLite can do \a operation on \a table only by a rebuild: its ALTER TABLE renames, adds
/// plain columns and drops columns that nothing uses (sqlite.org/lang_altertable.html).
bool needsRebuild(const Operation &operation, const Table &table, const Dialect &sqlite);

/// Alembic's decision for a batch block (alembic-semantics 7.11).
bool rebuildsInBatch(const BatchAlterTable &batch, const Dialect &dialect);

/// The table that a plain operation changes; nullptr: none, or more than one.
const TableName *changedTable(const Operation &operation);

/// Takes those renames out of \a operations that other tables' foreign keys, views or triggers
/// depend on, for SQLite's own RENAME COLUMN rewrites them: to be run after the rebuild. A rename
/// whose new name is used further on stays.
Operations takeDependentRenames(Operations &operations, const Schema &schema,
                                const TableName &table);

/// \a operations with a drop_constraint before each change of a type whose old type brought a CHECK
/// that \a table has by its name: a catalogue does not tell such a CHECK from others.
Operations withTypeCheckDrops(const Operations &operations, const Table &table,
                              const Dialect &dialect);

} // namespace tribikos
