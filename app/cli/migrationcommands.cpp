#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/onlinerun.h"
#include "app/cli/printers.h"
#include "app/cli/rescuehint.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

Error usage(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

/// Prints a plan as a script, or as JSON step by step; never a script with a hole in it.
int printPlan(CommandContext &context, const Plan &plan)
{
    if (context.isJson()) {
        QJsonArray steps;
        for (const PlanStep &step : plan.steps)
            steps.append(stepObject(plan, step));
        if (plan.frame)
            context.warn(plan.frame->problem.isEmpty()
                             ? u"The steps are told without what env.py itself says around them."_s
                             : plan.frame->problem);
        context.printJson(steps);
        return plan.isWhole() ? Done : NeedsConnection;
    }
    logOpening(context, plan);
    if (const auto problem = scriptProblem(plan))
        return context.fail(*problem, NeedsConnection);
    if (context.logs(LogLevel::Info))
        for (const PlanStep &step : plan.steps)
            context.log(LogLevel::Info, stepLine(step));
    for (const PlanStep &step : plan.steps)
        for (const LossNote &warning : step.warnings)
            context.warn(u"Revision %1 (%2:%3): %4"_s.arg(step.revision, step.file)
                             .arg(warning.span.line)
                             .arg(warning.message));
    const Status written =
        writeScript(plan, [&context](const QString &piece) { context.printRaw(piece); });
    return written ? Done : context.fail(written.error(), NeedsConnection);
}

int offline(CommandContext &context, Direction direction)
{
    const auto backend = context.offlineBackend();
    if (!backend)
        return context.fail(backend.error());
    auto plan = context.project().planRange(
        *backend, direction, context.invocation().positionals.constFirst(), context.stop());
    return plan ? printPlan(context, *context.kept(plan.take())) : context.fail(plan.error());
}

/// Rows that no file has: the plan's own words would blame the command line.
std::optional<Error> unknownRow(CommandContext &context, const EnvironmentState &state)
{
    if (state.unknown.isEmpty())
        return std::nullopt;
    const QString hint = rescueHint(context, state.unknown.constFirst());
    context.warn(
        u"The database is at %1, which no file in %2 has. %3, or say where the database really is: "
        "stamp --purge REVISION."_s.arg(
            state.unknown.join(u", "_s), context.project().config().versionLocations.join(u", "_s),
            hint.isEmpty() ? u"Get the missing script back, from another branch perhaps"_s : hint));
    return Error{.code = ErrorCode::Conflict,
                 .message =
                     u"Can't locate revision identified by '%1'"_s.arg(state.unknown.constFirst())};
}

/// Nothing, unless \a isLast: somebody else was quicker, and the plan must be made anew.
std::optional<int> planAndRun(CommandContext &context, Direction direction,
                              const Environment &environment, bool isLast)
{
    const QString target = context.invocation().positionals.constFirst();
    const Project &project = context.project();
    const auto state = readEnvironment(project, environment, context.stop());
    if (!state)
        return context.fail(state.error());
    if (const auto unknown = unknownRow(context, *state))
        return context.fail(*unknown);
    const bool isUp = direction == Direction::Upgrade;
    if (const QString overlap = overlapText(project, state->rows); !overlap.isEmpty())
        context.warn(overlap); // what is done or refused then is Alembic's, and names no table
    if (!isUp) {
        QStringList warnings;
        if (context.graph().downgradeSteps(target, state->rows, &warnings)) {
            for (const QString &warning : std::as_const(warnings))
                context.warn(warning);
        }
    }
    const PlanStart start = PlanStart::online(*state);
    const auto plan =
        isUp ? project.planUpgrade(environment.backend, start, target, context.stop())
             : project.planDowngrade(environment.backend, start, target, context.stop());
    if (!plan)
        return context.fail(plan.error());
    if (context.invocation().has(u"plan"_s) && !state->interrupted.isEmpty())
        context.warn(state->interrupted);
    return context.invocation().has(u"plan"_s)
               ? showPlan(context, *plan, environment, state->serverVersion, state->half)
               : tryToRun(context, *plan, environment, isLast);
}

int online(CommandContext &context, Direction direction)
{
    const QString target = context.invocation().positionals.constFirst();
    if (target.contains(u':'))
        return context.fail(usage(u"Range revision not allowed"_s));
    const Project &project = context.project();
    if (project.options().startingRev)
        return context.fail(usage(u"Can't specify current_rev to context when using a database "
                                  "connection"_s));
    const auto environment = context.environment();
    if (!environment)
        return context.fail(environment.error());
    // Whoever comes second of several has nothing to do, or the rest: unless it was said from where the database was.
    constexpr int mostPlans = 20;
    static const QRegularExpression relative(u"(?:^|@)[+-]\\d+$"_s);
    const int most = relative.match(target).hasMatch() ? 1 : mostPlans;
    for (int made = 1;; ++made) {
        if (const auto ended = planAndRun(context, direction, *environment, made == most))
            return *ended;
        context.log(
            LogLevel::Info,
            u"Another program has changed the database meanwhile: the plan is made anew."_s);
    }
}

/// upgrade or downgrade, in the one way that is asked for.
int move(CommandContext &context, Direction direction)
{
    const Invocation &invocation = context.invocation();
    const bool hasSql = invocation.has(u"sql"_s);
    if (hasSql && invocation.has(u"dry-run"_s))
        return context.fail(usage(u"--dry-run needs the database, --sql goes without"_s));
    if (hasSql && invocation.has(u"plan"_s))
        return context.fail(usage(u"--plan needs the database, --sql goes without"_s));
    if (invocation.has(u"plan"_s) && invocation.has(u"dry-run"_s))
        return context.fail(
            usage(u"--plan runs nothing, --dry-run tries it: say one of the two"_s));
    return hasSql ? offline(context, direction) : online(context, direction);
}

int stampOffline(CommandContext &context)
{
    if (context.invocation().has(u"purge"_s))
        return context.fail(usage(u"Can't use --purge with --sql mode"_s));
    QString start;
    QStringList targets;
    for (const QString &word : context.invocation().positionals) {
        const qsizetype colon = word.indexOf(u':');
        const QString from = word.left(std::max<qsizetype>(colon, 0));
        if (colon >= 0 && !start.isEmpty() && from != start)
            return context.fail(usage(u"Stamp operation with --sql only supports a single starting "
                                      "revision at a time"_s));
        start = colon >= 0 ? from : start;
        targets.append(word.mid(colon + 1));
    }
    const auto backend = context.offlineBackend();
    if (!backend)
        return context.fail(backend.error());
    const Project &project = context.project();
    const auto rows = context.graph().startingRows(project.options().startingRev.value_or(start));
    if (!rows)
        return context.fail(rows.error());
    const auto plan = project.planStamp(*backend, {.rows = *rows}, targets, false);
    return plan ? printPlan(context, *plan) : context.fail(plan.error());
}

int stampOnline(CommandContext &context)
{
    const auto environment = context.environment();
    if (!environment)
        return context.fail(environment.error());
    const auto state = readEnvironment(context.project(), *environment, context.stop());
    if (!state)
        return context.fail(state.error());
    const bool purges = context.invocation().has(u"purge"_s);
    if (const auto unknown = unknownRow(context, *state); unknown && !purges)
        return context.fail(*unknown);
    const auto plan = context.project().planStamp(environment->backend, PlanStart::online(*state),
                                                  context.invocation().positionals, purges);
    return plan ? runOnline(context, *plan, *environment) : context.fail(plan.error());
}

} // namespace

int upgrade(CommandContext &context)
{
    return move(context, Direction::Upgrade);
}

int downgrade(CommandContext &context)
{
    return move(context, Direction::Downgrade);
}

int stamp(CommandContext &context)
{
    return context.invocation().has(u"sql"_s) ? stampOffline(context) : stampOnline(context);
}

int undo(CommandContext &context)
{
    const auto environment = context.environment();
    if (!environment)
        return context.fail(environment.error());
    const auto state = readEnvironment(context.project(), *environment, context.stop());
    if (!state)
        return context.fail(state.error());
    if (const auto unknown = unknownRow(context, *state))
        return context.fail(*unknown);
    if (!state->half && state->interrupted.isEmpty()) {
        context.log(LogLevel::Info,
                    u"No run has left a part of a revision: there is nothing to take back."_s);
        return Done;
    }
    if (!state->half)
        return context.fail({.code = ErrorCode::Conflict, .message = state->interrupted});
    const auto plan = context.project().planUndo(environment->backend, *state, context.stop());
    if (!plan)
        return context.fail(plan.error());
    return context.invocation().has(u"plan"_s)
               ? showPlan(context, *plan, *environment, state->serverVersion)
               : runOnline(context, *plan, *environment);
}

int ensureVersion(CommandContext &context)
{
    const Project &project = context.project();
    if (!context.invocation().has(u"sql"_s)) {
        const auto at = context.position();
        if (!at)
            return context.fail(at.error());
        const auto plan = project.planEnsureVersion(at->environment.backend,
                                                    {.rows = at->rows, .offline = false});
        return plan ? runOnline(context, *plan, at->environment) : context.fail(plan.error());
    }
    const auto backend = context.offlineBackend();
    if (!backend)
        return context.fail(backend.error());
    const auto made = project.planEnsureVersion(*backend, {});
    if (!made)
        return context.fail(made.error());
    if (context.isJson())
        return printPlan(context, *made);
    logOpening(context, *made);
    Plan plan = *made;
    if (plan.transactionPerMigration) // there is no migration that would have one
        plan.transactionalDdl = false;
    const auto script = scriptText(plan, nullptr, {.comments = false});
    if (!script)
        return context.fail(script.error(), NeedsConnection);
    context.printRaw(*script);
    return Done;
}

} // namespace tribikos::cli
