#include "ui/shell/projectcontroller.h"

#include "core/project/wayback.h"

/// What the controller hands to windows that make plans.
namespace tribikos {

ApplyRequest ProjectController::applyRequest(Direction direction, const QString &target)
{
    ApplyRequest request = emptyRequest(direction);
    request.plan = [project = m_project, environment = request.environment, direction,
                    target](const std::stop_token &stop) -> Result<Plan> {
        const Result<EnvironmentState> now = readEnvironment(*project, environment, stop);
        if (!now)
            return now.error();
        const PlanStart start = PlanStart::online(*now);
        if (direction == Direction::Stamp) // a row that no file has can only be purged
            return project->planStamp(environment.backend, start, target.split(u'\n'),
                                      !now->unknown.isEmpty());
        return direction == Direction::Downgrade
                   ? project->planDowngrade(environment.backend, start, target, stop)
                   : project->planUpgrade(environment.backend, start, target, stop);
    };
    if (takesPassword(request.environment))
        request.reconnect = [this, name = request.environment.name, direction,
                             target](const QString &password, bool keeps) {
            connectAgain(name, password, keeps);
            return applyRequest(direction, target);
        };
    return request;
}

/// All but the plan.
ApplyRequest ProjectController::emptyRequest(Direction direction)
{
    ApplyRequest request;
    request.direction = direction;
    if (const Environment *chosen = environment())
        request.environment = *chosen;
    if (const auto state = reading().state) {
        request.serverVersion = state->serverVersion;
        request.databaseExists = state->exists;
    }
    request.transaction = transactionMode(m_project->options());
    request.run = [environment = request.environment](const Plan &plan, const RunOptions &options,
                                                      const RunProgress &progress,
                                                      const std::stop_token &stop) {
        return applyPlan(plan, environment, options, progress, stop);
    };
    request.trial = [environment = request.environment](const Plan &plan, const RunOptions &options,
                                                        const std::stop_token &stop) {
        return tryOn(plan, environment, options, {}, stop);
    };
    request.wayBack = [this, direction](const QStringList &rows) {
        return wayBack(direction, rows);
    };
    if (request.environment.backend != Backend::Sqlite)
        request.undo = [this] { return undoRequest(); };
    return request;
}

ApplyRequest ProjectController::undoRequest()
{
    ApplyRequest request = emptyRequest(Direction::Downgrade);
    request.isUndo = true;
    request.wayBack = {}; // it moves no version row
    request.trial = {};
    request.plan = [project = m_project, environment = request.environment](
                       const std::stop_token &stop) -> Result<Plan> {
        const Result<EnvironmentState> now = readEnvironment(*project, environment, stop);
        return now ? project->planUndo(environment.backend, *now, stop) : Result<Plan>(now.error());
    };
    return request;
}

ApplyRequest ProjectController::wayBack(Direction ran, const QStringList &rows)
{
    ApplyRequest request = emptyRequest(ran == Direction::Upgrade     ? Direction::Downgrade
                                        : ran == Direction::Downgrade ? Direction::Upgrade
                                                                      : Direction::Stamp);
    request.databaseExists = true;
    request.plan = [project = m_project, environment = request.environment, ran,
                    rows](const std::stop_token &stop) -> Result<Plan> {
        const Result<EnvironmentState> now = readEnvironment(*project, environment, stop);
        if (!now)
            return now.error();
        return planWayBack(*project, environment.backend, PlanStart::online(*now), ran, rows, stop);
    };
    return request;
}

PlanSource ProjectController::previewSource(Direction direction, const QString &target) const
{
    const auto state = reading().state;
    PlanStart start;
    std::optional<Backend> known;
    if (state) {
        start = {.rows = state->rows, .schema = state->schema};
        known = environment()->backend;
    }
    return [project = m_project, start, known, direction,
            target](Backend backend, bool fromBase, const std::stop_token &stop) -> Result<Plan> {
        PlanStart from = fromBase ? PlanStart{} : start;
        if (backend != known)
            from.schema.reset(); // another database's types and rules
        return direction == Direction::Downgrade
                   ? project->planDowngrade(backend, from, target, stop)
                   : project->planUpgrade(backend, from, target, stop);
    };
}

} // namespace tribikos
