#pragma once

#include "core/config/mainoptions.h"
#include "core/config/projectconfig.h"

namespace tribikos {

/// [post_write_hooks] of the ini, or [[tool.alembic.post_write_hooks]]. A hook that lacks its type or
/// program is left out, with a sentence in \a diagnostics.
/// Inside of this room only.
QList<PostWriteHook> readPostWriteHooks(const MainOptions &options, Diagnostics *diagnostics);

} // namespace tribikos
