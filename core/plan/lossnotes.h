#pragma once

#include "core/dialects/dialect.h"
#include "core/plan/plan.h"

namespace tribikos {

/// What \a operation, run on \a before, can lose: dropped tables and columns, narrowed types,
/// deleting statements.
QList<LossNote> lossNotes(const Operation &operation, const Schema &before, const Dialect &dialect);

} // namespace tribikos
