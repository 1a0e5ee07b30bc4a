#pragma once

#include "core/project/project.h"
#include "core/project/projectdata.h"

namespace tribikos {

/// Completes what the configuration leaves open by what env.py says, read as text: options of
/// context.configure(), the URL, where the models are, the search path. The configuration wins;
/// \a request's --url wins over both. What can't be read becomes an Info diagnostic.
void completeFromEnvironmentFile(const OpenRequest &request, ProjectData *data);

} // namespace tribikos
