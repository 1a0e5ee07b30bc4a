#pragma once

#include "core/ops/operation.h"

/*!
    Changes to one table's metadata, as databases make them: what hangs on a column goes with it or
    follows its name. Other tables' foreign keys are replay()'s part.
*/
namespace tribikos {

void addColumn(Table &table, const AddColumn &operation);
/// Removes the column and every key, check and index that uses it.
void dropColumn(Table &table, const QString &column);
/// The column under its new name, in the table's own keys, checks, indexes and computed columns.
void renameColumn(Table &table, const QString &from, const QString &to);
/// Everything that alter_column says of a column but its name.
void alterColumn(Table &table, const AlterColumn &operation);
/// Moves \a column before or after another one; empty or unknown neighbours leave it in place.
void placeColumn(Table &table, const QString &column, const QString &before, const QString &after);

/// Whether the changes of \a batch, on SQLite, need the table copied (alembic-semantics 7.11).
bool needsCopy(const BatchAlterTable &batch);
/// Whether \a batch copies the table on SQLite, for its changes or because it says so.
bool isRebuild(const BatchAlterTable &batch);
/// The changes of a rebuild as they work out: it makes the indexes of \a table anew, so that one can
/// be dropped behind its column.
Operations rebuildOrder(const Operations &operations, const Table &table);

void addConstraint(Table &table, const Constraint &constraint);
/// Puts \a constraint in the place of the one that has its name, as Alembic does where it copies a
/// table. False: there is none.
bool replaceConstraint(Table &table, const Constraint &constraint);
/// \return false when nothing in the table goes by the name
bool dropConstraint(Table &table, const DropConstraint &operation);
/// Gives \a convention's names to what the table left unnamed (batch_alter_table's
/// naming_convention).
void nameConstraints(Table &table, const QMap<QString, QString> &convention);

} // namespace tribikos
