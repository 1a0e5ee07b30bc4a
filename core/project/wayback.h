#pragma once

#include "core/project/project.h"

namespace tribikos {

/// The plan that leads a database at \a start back to the version rows \a rows, where a run in direction \a ran began:
/// a downgrade behind an upgrade, an upgrade behind a downgrade, the rows themselves behind a stamp. What it can't bring
/// back stands in its losses. Errors: Conflict, no single downgrade or upgrade leads there; as of Project's plans.
Result<Plan> planWayBack(const Project &project, Backend backend, const PlanStart &start, Direction ran,
                         const QStringList &rows, const std::stop_token &stop = {});

} // namespace tribikos
