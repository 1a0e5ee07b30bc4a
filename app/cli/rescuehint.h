#pragma once

#include "app/cli/commandcontext.h"

namespace tribikos::cli {

/// Where the repository has \a id, which a database names and no file has, and how to bring it back: one sentence
/// without its full stop; empty: it has it nowhere, or there is no repository.
QString rescueHint(const CommandContext &context, const QString &id);

} // namespace tribikos::cli
