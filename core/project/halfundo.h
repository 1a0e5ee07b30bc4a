#pragma once

#include "core/plan/planner.h"

#include <optional>

namespace tribikos {

/// What planning the way back of a half-applied revision starts from.
struct HalfUndoInput
{
    HalfStep half{};
    PlanRequest request{};    // for the revision's own statements; its schema: what the scripts had made before them
    Operations there{};       // of the revision, in the direction that it was run in
    Operations back{};        // in the other one: its author's own way back
    const Schema *now = nullptr; // the database as it is
    QString file{};           // the revision's, for messages
};

/// The operations that take back what is in of a revision, the last statement's first, and why.
struct HalfUndo
{
    Operations operations{};
    QList<int> undone{};       // beside operations: PlanStep::undone
    QList<LossNote> losses{};  // what doesn't come back
};

/*!
    Derives how to take back the statements of a revision that a broken run has left: what was added is dropped, what
    was renamed or changed gets back what the scripts had made before; where that is not all, an operation of the
    downgrade that leads back to exactly the schema before the statement. Each way is replayed and compared before it is
    offered, and what is gone already is left out, so that an undo that breaks off is planned again.

    Errors: Conflict, naming the statement that can't be taken back (rows that were changed, what was dropped and nobody
    makes again, what can't be followed), or of which the script has another one now.
*/
Result<HalfUndo> undoHalf(const HalfUndoInput &input);

/// \a now, a database on MySQL or MariaDB, with \a names as the scripts write them: a server with lower_case_table_names
/// keeps them in small letters, and what it has would be taken for gone.
Schema spelledAs(const QList<TableName> &names, Schema now);

} // namespace tribikos
