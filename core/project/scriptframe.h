#pragma once

#include "core/plan/planner.h"
#include "core/pyread/envpyconvention.h"

namespace tribikos {

/// What env.py has an offline script begin and end with; nullopt: what every script does.
std::optional<ScriptFrame> scriptFrame(const ConventionRequest &environment,
                                       const PlanRequest &request);

} // namespace tribikos
