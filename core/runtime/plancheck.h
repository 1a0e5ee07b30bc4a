#pragma once

#include "core/plan/plan.h"

namespace tribikos {

/// Refuses a plan that can't be run on SQLite as it is, before anything is opened: a step that is
/// not whole, a statement that would end the step's transaction, attach another file or hold a NUL,
/// bookkeeping that does not lead from startRows to endRows. On success: the rows before each step
/// and, last, after all of them.
Result<QList<QStringList>> checkPlan(const Plan &plan);

/// The same of one statement, which a step says while it runs; \a number counts from 0.
Status checkStatement(const PlanStep &step, int number, const Statement &statement);

} // namespace tribikos
