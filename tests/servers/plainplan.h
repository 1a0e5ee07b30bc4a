#pragma once

#include "core/plan/plan.h"
#include "core/runtime/run.h"

namespace tribikos::lab {

/// A plan of plain statements, a revision r1, r2 … for each list.
Plan planOf(Backend backend, const QList<QStringList> &revisions);
/// A run that keeps no log.
RunOptions quietly();

} // namespace tribikos::lab
