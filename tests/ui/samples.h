#pragma once

#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "ui/history/historymodel.h"

/// Hand-made values for models and views: no project, no files.
namespace tribikos::samples {

/// \a edges: "id: parent parent" per line, oldest first.
HistoryData history(const QString &edges);
/// base, then a -> b -> c, and d beside b and c, merged with c by e.
HistoryData branchedHistory();
/// A plan of \a steps upgrades with two statements and one version statement each: r1, r2 ...
Plan plan(int steps);
Difference difference(Difference::Kind kind, const QString &table, const QString &name,
                      Verdict verdict);

} // namespace tribikos::samples
