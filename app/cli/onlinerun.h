#pragma once

#include "app/cli/commandcontext.h"

namespace tribikos::cli {

/// Runs \a plan against \a environment and tells what happens: log lines, or with --json one object
/// a line, the last of which says where the database stands. Returns the exit code.
int runOnline(CommandContext &context, const Plan &plan, const Environment &environment);
/// The same; nothing, unless \a isLast: somebody else has moved or changed the database since the plan was made, and a new
/// one is needed.
std::optional<int> tryToRun(CommandContext &context, const Plan &plan,
                            const Environment &environment, bool isLast);

/// "Running upgrade a -> b, message": Alembic's log line for a step.
QString stepLine(const PlanStep &step);
/// Alembic's name of the class that speaks to a database, for its log.
QString implName(Backend backend);
/// The lines with which Alembic begins: which database, which transactions.
void logOpening(CommandContext &context, const Plan &plan);

/// Tries \a plan and takes it back: upgrade --dry-run.
int runTrial(CommandContext &context, const Plan &plan, const Environment &environment,
             const RunOptions &options);

/// Shows \a plan with its transactions and what can't be taken back; \a server is what the database says of itself:
/// upgrade --plan.
/// \a half: what a run that broke off has left, which the plan's step goes on behind.
int showPlan(CommandContext &context, const Plan &plan, const Environment &environment, const QString &server,
             const std::optional<HalfStep> &half = {});
/// Why \a plan can't be run; nullopt: it can.
std::optional<Error> notRunnable(const Plan &plan);

} // namespace tribikos::cli
