#pragma once

#include "app/cli/commandcontext.h"
#include "core/project/modelrevision.h"

namespace tribikos::cli {

/// Compares the models with the database of the command line, and says on the way what Alembic's log would say and what
/// could not be read. Conflict: the database is not up to date.
Result<ModelRevision> comparedModels(CommandContext &context);

} // namespace tribikos::cli
