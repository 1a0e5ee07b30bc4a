#pragma once

#include "app/cli/commandcontext.h"

namespace tribikos::cli {

/// Each runs one verb, on an open project where it needs one, and returns the exit code.
int history(CommandContext &context);
int heads(CommandContext &context);
int headsWith(CommandContext &context); // heads --with REF
int branches(CommandContext &context);
int show(CommandContext &context);
int current(CommandContext &context);
int upgrade(CommandContext &context);
int downgrade(CommandContext &context);
int stamp(CommandContext &context);
int check(CommandContext &context);
int diff(CommandContext &context);
int diffOfTwo(CommandContext &context); // diff FROM TO
int snapshot(CommandContext &context);
int revision(CommandContext &context);
int merge(CommandContext &context);
int edit(CommandContext &context);
int ensureVersion(CommandContext &context);
int undo(CommandContext &context);
int rescue(CommandContext &context);

/// These need no project.
int runs(CommandContext &context);
int restore(CommandContext &context);
int init(CommandContext &context);
int listTemplates(CommandContext &context);
int completion(CommandContext &context);

} // namespace tribikos::cli
