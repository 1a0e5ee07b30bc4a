#include "core/graph/versionrows.h"
#include "core/plan/planner.h"
#include "core/project/halfundo.h"
#include "core/project/livescript.h"
#include "core/project/projectdata.h"
#include "core/project/scriptframe.h"
#include "core/project/touchedtables.h"
#include "core/project/usecases.h"
#include "core/sqlread/rawsql.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error cancelled()
{
    return {.code = ErrorCode::Cancelled,
            .message = u"Planning was cancelled; nothing was changed."_s};
}

/// What the comment line and the log name on the two sides of the arrow.
PlanStep stepHead(const RevisionGraph &graph, const GraphStep &step)
{
    const Revision &revision = graph.revision(step.node);
    const bool up = step.direction == Direction::Upgrade;
    return {.revision = revision.id,
            .from = up ? revision.downRevisions : QStringList{revision.id},
            .to = up ? QStringList{revision.id} : revision.downRevisions,
            .direction = step.direction,
            .message = revision.message,
            .file = revision.file};
}

/// Of a database whose rows no run makes: whatever is planned from them may be wrong.
std::optional<Error> overlapRefusal(const Project &project, const PlanStart &start)
{
    const QString text = start.offline ? QString() : overlapText(project, start.rows);
    return text.isEmpty() ? std::nullopt
                          : std::optional(Error{.code = ErrorCode::Conflict, .message = text});
}

void takeEvaluation(Evaluation evaluation, PlanStep *step)
{
    step->status = evaluation.status;
    step->reason = std::move(evaluation.reason);
    step->line = evaluation.line;
    step->operations = std::move(evaluation.operations);
    if (!evaluation.warning.isEmpty())
        step->warnings += LossNote{evaluation.warning, {}};
    step->warnings += evaluation.printed;
    if (!evaluation.file.isEmpty())
        step->file = evaluation.file;
}

} // namespace

PlanStart PlanStart::online(const EnvironmentState &state)
{
    return {.rows = state.rows,
            .schema = state.schema,
            .structure = state.structure,
            .offline = false,
            .isHalf = state.half.has_value()};
}

PlanRequest Project::planRequest(Backend backend, const PlanStart &start) const
{
    const MigrationOptions &options = d->options;
    return {.backend = backend,
            .startRows = start.rows,
            .versionTable = d->versionTable,
            .versionTablePk = options.versionTablePk.value_or(true),
            .transactionalDdl = options.transactionalDdl,
            .transactionPerMigration = options.transactionPerMigration.value_or(false),
            .offline = start.offline,
            .namedParamstyle = options.namedParamstyle.value_or(true),
            .literalBinds = options.literalBinds.value_or(true),
            .structure = start.structure,
            .sqlReader = &rawSqlReader(backend)};
}

Result<Plan> Project::planSteps(Backend backend, const PlanStart &start,
                                const QList<GraphStep> &steps, const std::stop_token &stop) const
{
    PlanRequest request = planRequest(backend, start);
    if (!steps.isEmpty()) {
        request.schema = start.schema ? *start.schema : schemaAt(backend, start.rows, stop);
        request.schema.namingConvention = d->scripts->namingConvention();
        request.schema.startsEmpty = start.rows.isEmpty();
        if (start.offline)
            request.schema.assumedEmpty = d->config.facts.emptyTables;
        request.schema.filled = {d->versionTable.name.toLower()};
        request.schema.writesSpread =
            std::ranges::any_of(request.schema.objects, [](const NamedObject &object) {
                return object.kind == NamedObject::Kind::Trigger;
            });
    }
    Planner planner(std::move(request));
    QStringList current = start.rows;
    for (const GraphStep &step : steps) {
        if (stop.stop_requested())
            return cancelled();
        const auto changes = versionRowChanges(d->graph, current, step);
        if (!changes)
            return changes.error();
        PlanStep planned = stepHead(d->graph, step);
        planned.versionChanges = changes->changes;
        if (!start.offline && !d->graph.revision(step.node).isSql) {
            PlanRequest alone = planRequest(backend, start);
            alone.schema.namingConvention = d->scripts->namingConvention();
            planned.live = std::make_shared<LiveScript>(d->scripts, step.node, step.direction,
                                                        std::move(alone));
        }
        takeEvaluation(d->scripts->evaluate(step.node, step.direction, backend, start.offline,
                                            planner.schema(), stop),
                       &planned);
        planner.add(std::move(planned));
        current = changes->rowsAfter;
    }
    d->scripts->keepEvaluations();
    Plan plan = planner.take();
    plan.endRows = current;
    return plan;
}

Result<Plan> Project::planUpgrade(Backend backend, const PlanStart &start, const QString &target,
                                  const std::stop_token &stop) const
{
    if (const auto refusal = d->graph.refusal())
        return *refusal;
    const auto steps = d->graph.upgradeSteps(target, start.rows);
    if (!steps) // of rows on one line, too, in Alembic's words
        return steps.error();
    if (const auto overlap = overlapRefusal(*this, start))
        return *overlap;
    return framed(start, planSteps(backend, start, *steps, stop));
}

/// What env.py adds to a script, in the plan of one.
Result<Plan> Project::framed(const PlanStart &start, Result<Plan> plan) const
{
    if (plan && start.offline)
        plan->frame = scriptFrame(d->environment, planRequest(plan->backend, start));
    return plan;
}

Result<Plan> Project::planDowngrade(Backend backend, const PlanStart &start, const QString &target,
                                    const std::stop_token &stop) const
{
    if (const auto refusal = d->graph.refusal())
        return *refusal;
    const auto steps =
        d->graph.downgradeSteps(target, start.rows); // of rows on one line, too, as Alembic
    if (!steps)
        return steps.error();
    return framed(start, planSteps(backend, start, *steps, stop));
}

Result<Plan> Project::planStamp(Backend backend, const PlanStart &start, const QStringList &targets,
                                bool purge) const
{
    if (const auto refusal = d->graph.refusal())
        return *refusal;
    if (const auto overlap = overlapRefusal(*this, start); overlap && !purge)
        return *overlap;
    const QStringList kept = purge ? QStringList() : start.rows;
    const auto stamps = stampSteps(d->graph, targets, kept);
    if (!stamps)
        return stamps.error();
    PlanRequest request = planRequest(backend, start);
    request.structure.clear(); // a stamp is about rows only
    Planner planner(std::move(request));
    QStringList current = kept;
    QList<VersionChange> purged;
    if (purge)
        for (const QString &row : start.rows)
            purged.append({.kind = VersionChange::Kind::Delete, .from = row});
    const bool isOneStep =
        !purged.isEmpty() && stamps->size() == 1; // never half of it in the database
    if (!purged.isEmpty() && !isOneStep)
        planner.add({.from = start.rows, .direction = Direction::Stamp, .versionChanges = purged});
    if (stamps->isEmpty() && purged.isEmpty() && start.isHalf) // the journal is to go, no row
        planner.add({.from = start.rows, .to = start.rows, .direction = Direction::Stamp});
    for (const StampStep &stamp : *stamps) {
        planner.add(
            {.revision = stamp.to.value(0),
             .from = isOneStep ? start.rows : stamp.from,
             .to = stamp.to,
             .direction = Direction::Stamp,
             .versionChanges = isOneStep ? purged + stamp.rows.changes : stamp.rows.changes});
        current = stamp.rows.rowsAfter;
    }
    Plan plan = planner.take();
    plan.endRows = current;
    return framed(start, plan);
}

Result<Plan> Project::planUndo(Backend backend, const EnvironmentState &state,
                               const std::stop_token &stop) const
{
    if (const auto refusal = d->graph.refusal())
        return *refusal;
    if (!state.half || !state.schema)
        return Error{.code = ErrorCode::NotFound,
                     .message =
                         u"No run has left a part of a revision that could be taken back."_s};
    const HalfStep &half = *state.half;
    const int node = d->graph.find(half.revision);
    if (node < 0 || d->graph.isGhost(node))
        return Error{.code = ErrorCode::NotFound,
                     .message = u"A part of revision %1 is in, but no file has that revision: get "
                                u"its script back, then take it back."_s.arg(half.revision)};
    const Direction other =
        half.direction == Direction::Downgrade ? Direction::Upgrade : Direction::Downgrade;
    HalfUndoInput input{.half = half,
                        .request = planRequest(backend, {.rows = state.rows, .offline = false}),
                        .file = d->graph.revision(node).file};
    Schema &schema = input.request.schema;
    schema = schemaAt(backend, state.rows, stop);
    const Evaluation there =
        d->scripts->evaluate(node, half.direction, backend, false, schema, stop);
    if (there.status != StepStatus::Ok)
        return Error{
            .code = ErrorCode::Unsupported,
            .message = u"What is in of revision %1 can't be taken back, for what its "
                       u"statements are can't be told again: %2"_s.arg(half.revision, there.reason),
            .file = there.file,
            .line = there.line};
    Schema whole = schema;
    replay(there.operations, whole, &rawSqlReader(backend));
    Schema now = *state.schema;
    if (backend == Backend::MySql || backend == Backend::MariaDb) {
        QList<TableName> names = schema.tables.keys() + whole.tables.keys();
        for (const Operation &operation : there.operations)
            names += operationTables(operation);
        now = spelledAs(names, std::move(now));
    }
    input.now = &now;
    input.there = there.operations;
    input.back = d->scripts->evaluate(node, other, backend, false, whole, stop).operations;
    if (stop.stop_requested())
        return cancelled();
    auto undo = undoHalf(input);
    if (!undo)
        return undo.error();
    PlanRequest request =
        planRequest(backend, {.rows = state.rows, .structure = state.structure, .offline = false});
    request.schema = now;
    Planner planner(std::move(request));
    PlanStep step = stepHead(d->graph, {node, other});
    step.operations = undo->operations;
    step.losses = undo->losses;
    step.undoes = half;
    planner.add(std::move(step));
    Plan plan = planner.take();
    PlanStep &planned = plan.steps.first();
    for (int i = 0; planned.isRunnable() && i < undo->operations.size(); ++i) {
        const bool isSpelled = std::ranges::any_of(
            planned.statements, [i](const Statement &one) { return one.operation == i; });
        if (!isSpelled) // nothing would be run, and all be called taken back
            return Error{.code = ErrorCode::Conflict,
                         .message = u"Statement %1 of revision %2 can't be taken back: %3 has no "
                                    u"statement for it. Nothing was done."_s.arg(
                                        QString::number(undo->undone.at(i) + 1), half.revision,
                                        backendTitle(backend))};
    }
    planned.createsVersionTable = false;
    for (const Statement &statement : std::as_const(planned.statements))
        planned.undone.append(undo->undone.value(statement.operation));
    plan.endRows = state.rows;
    return plan;
}

Result<Plan> Project::planEnsureVersion(Backend backend, const PlanStart &start) const
{
    if (!d->versionTableProblem.isEmpty())
        return Error{.code = ErrorCode::ProjectRefused, .message = d->versionTableProblem};
    PlanRequest request = planRequest(backend, start);
    request.structure.clear(); // about the version table only
    Planner planner(std::move(request));
    if (start.rows.isEmpty()) // whoever runs it looks again
        planner.add({.direction = Direction::Stamp});
    Plan plan = planner.take();
    plan.endRows = start.rows;
    return framed(start, plan);
}

Result<Plan> Project::planRange(Backend backend, Direction direction, const QString &range,
                                const std::stop_token &stop) const
{
    const bool up = direction == Direction::Upgrade;
    const qsizetype colon = range.indexOf(u':');
    if (range.count(u':') > 1 || (colon >= 0 && (colon == 0 || colon == range.size() - 1)))
        return Error{.code = ErrorCode::Usage,
                     .message = u"The range \"%1\" needs both ends: START:END."_s.arg(range)};
    if (colon < 0 && !up)
        return Error{.code = ErrorCode::Usage,
                     .message = u"downgrade with --sql requires <fromrev>:<torev>"_s};
    if (!d->versionTableProblem.isEmpty())
        return Error{.code = ErrorCode::ProjectRefused, .message = d->versionTableProblem};
    const QString start =
        d->options.startingRev.value_or(colon < 0 ? QString() : range.left(colon));
    const QString target = range.mid(colon + 1);
    if (const auto refusal = d->graph.refusal())
        return *refusal;
    const auto rows = d->graph.startingRows(start);
    if (!rows)
        return rows.error();
    return up ? planUpgrade(backend, {.rows = *rows}, target, stop)
              : planDowngrade(backend, {.rows = *rows}, target, stop);
}

RevisionDetails Project::details(Backend backend, const QString &revision,
                                 const std::stop_token &stop) const
{
    RevisionDetails details{.revision = revision};
    const int node = d->graph.find(revision);
    if (node < 0 || d->graph.isGhost(node))
        return details;
    details.script = d->scripts->text(node);
    details.scriptLanguage = d->graph.revision(node).isSql ? u"sql"_s : u"python"_s;
    if (d->graph.isInCycle(node))
        return details;
    const QStringList below = d->graph.ids(d->graph.normalizedParents(node));
    const auto oneStep = [&](Direction direction, const QStringList &rows) {
        auto plan = planSteps(backend, {.rows = rows}, {{node, direction}}, stop);
        return plan ? plan.take() : Plan{.backend = backend};
    };
    details.upgrade = oneStep(Direction::Upgrade, below);
    details.downgrade = oneStep(Direction::Downgrade, {revision});
    return details;
}

QHash<QString, QStringList> Project::namesByRevision(Backend backend,
                                                     const std::stop_token &stop) const
{
    QHash<QString, QStringList> names;
    for (const auto &[revision, operations] :
         replayed(backend, d->graph.ids(d->graph.realHeads()), stop).operations)
        for (const Operation &operation : operations) {
            for (const TableName &table : operationTables(operation))
                names[revision] << table.text();
            names[revision] << columnNames(operation) << namesInSql(operation, backend);
        }
    return names;
}

Schema Project::schemaAt(Backend backend, const QStringList &revisions,
                         const std::stop_token &stop) const
{
    return replayed(backend, revisions, stop).schema;
}

Schema replayRevisions(const RevisionGraph &graph, const Scripts &scripts, Backend backend,
                       const QStringList &revisions, const ReplayVisitor &visit,
                       const std::stop_token &stop)
{
    Schema schema;
    schema.namingConvention = scripts.namingConvention();
    schema.startsEmpty =
        true; // what they make of nothing: a script that reads rows finds those of scripts alone
    const QBitArray applied = graph.appliedNodes(revisions);
    const QList<int> order = graph.historyOrder();
    for (auto node = order.crbegin(); node != order.crend(); ++node) {
        if (stop.stop_requested())
            break;
        if (!applied.testBit(*node) || graph.isGhost(*node))
            continue;
        const Evaluation evaluation =
            scripts.evaluate(*node, Direction::Upgrade, backend, true, schema, stop);
        visit(*node, evaluation, schema);
        replay(evaluation.operations, schema, &rawSqlReader(backend));
        if (evaluation.status != StepStatus::Ok)
            schema.opaqueReasons.append(evaluation.reason);
    }
    scripts.keepEvaluations();
    schema.startsEmpty = false; // which is no word about any database that is there
    schema.filled.clear();
    for (Table &table : schema.tables)
        table.isEmpty = false;
    return schema;
}

Replayed Project::replayed(Backend backend, const QStringList &revisions,
                           const std::stop_token &stop) const
{
    Replayed result;
    const auto keep = [&](int node, const Evaluation &evaluation, const Schema &) {
        result.operations.append({d->graph.revision(node).id, evaluation.operations});
    };
    result.schema = replayRevisions(d->graph, *d->scripts, backend, revisions, keep, stop);
    return result;
}

} // namespace tribikos
