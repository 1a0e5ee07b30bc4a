#pragma once

#include "core/dialects/dialect.h"
#include "core/plan/plan.h"

namespace tribikos {

/// What \a operation, run on \a before, can lose: dropped tables and columns, narrowed types,
/// deleting statements.
QList<LossNote> lossNotes(const Operation &operation, const Schema &before, const Dialect &dialect);

/// MySQL: the indexes that \a operation drops and a foreign key of \a before needs, which the server refuses.
QList<LossNote> heldIndexNotes(const Operation &operation, const Schema &before, Backend backend);

/// MySQL: the \a engine takes nothing back, whatever transaction it is told of.
bool takesNothingBack(const QString &engine);
/// Whether \a statement is one on data that names \a table.
bool writesRowsOf(const Statement &statement, const QString &table, Backend backend);
/// MySQL: the tables of \a schema that such an engine keeps and \a statements write.
QList<LossNote> engineNotes(const QList<Statement> &statements, const Schema &schema,
                            Backend backend);
/// What is said of \a table, by a plan and by a run.
QString engineNote(const QString &table, const QString &engine);

} // namespace tribikos
