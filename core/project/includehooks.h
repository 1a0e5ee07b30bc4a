#pragma once

#include "core/autogenerate/autogenerate.h"
#include "core/project/projectdata.h"

namespace tribikos {

/// \a database without the tables that env.py's include_name leaves out of the reflection. \a notes gets the reason where
/// it can't be asked; nothing is left out then.
Schema asIncludeNameSees(const Schema &database, const ProjectData &project, QStringList *notes,
                         const std::stop_token &stop);

/// \a changes without those that env.py's include_object says no to; how many is noted.
ModelChanges asIncludeObjectWants(const ModelChanges &changes, const Schema &models,
                                  const Schema &database, const ProjectData &project,
                                  QStringList *notes, const std::stop_token &stop);

} // namespace tribikos
