#include "core/plan/planner.h"

#include "core/dialects/dialect.h"
#include "core/ops/rowtrace.h"
#include "core/plan/lossnotes.h"
#include "core/plan/steprenderer.h"
#include "core/plan/versionstatements.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

StepStatus statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NeedsConnection: return StepStatus::NeedsConnection;
    case ErrorCode::NotFound: return StepStatus::Error;
    default: return StepStatus::Unsupported;
    }
}

} // namespace

struct Planner::Private
{
    explicit Private(PlanRequest r)
        : request(std::move(r))
        , dialect(dialectFor(request.backend))
        , context{.offline = request.offline,
                  .doublePercent = !request.namedParamstyle,
                  .literalBinds = request.literalBinds || !request.offline}
        , rows(request.startRows)
    {
        // A run is text from end to end: nothing is left to a driver's placeholders or escapes.
        if (!request.offline)
            context.doublePercent = false;
    }

    void changeRows(const QList<VersionChange> &changes);
    void bookkeeping(PlanStep &step);

    PlanRequest request;
    const Dialect &dialect;
    RenderContext context;
    QStringList rows;
    Plan plan{};
};

Planner::Planner(PlanRequest request)
    : d(std::make_unique<Private>(std::move(request)))
{
    Plan &plan = d->plan;
    plan.backend = d->request.backend;
    plan.startRows = d->request.startRows;
    plan.structure = d->request.structure;
    plan.versionTable = d->request.versionTable;
    plan.transactionalDdl = d->request.transactionalDdl.value_or(d->dialect.hasTransactionalDdl());
    plan.transactionPerMigration = d->request.transactionPerMigration;
    plan.offline = d->request.offline;
    const Result<QString> text = createVersionTableText(d->dialect, d->context, plan.versionTable,
                                                        d->request.versionTablePk);
    if (text)
        plan.createVersionTable = *text;
}

Planner::~Planner() = default;

const Schema &Planner::schema() const
{
    return d->request.schema;
}

void Planner::Private::changeRows(const QList<VersionChange> &changes)
{
    for (const VersionChange &change : changes) {
        if (change.kind != VersionChange::Kind::Insert)
            rows.removeOne(change.from);
        if (change.kind != VersionChange::Kind::Delete)
            rows.append(change.to);
    }
}

void Planner::Private::bookkeeping(PlanStep &step)
{
    // The script makes the table whenever no row is known to be there (alembic-semantics 6.1).
    step.createsVersionTable = rows.isEmpty();
    for (const VersionChange &change : std::as_const(step.versionChanges))
        step.versionStatements +=
            versionStatement(dialect, context, plan.versionTable, request.versionTablePk, change);
    changeRows(step.versionChanges);
}

PlanStep Planner::rendered(PlanStep step)
{
    Schema &schema = d->request.schema;
    const bool wasOk = step.status == StepStatus::Ok;
    StepRenderer renderer(d->dialect, d->context, schema, d->request.sqlReader);
    std::optional<Error> failure;
    for (qsizetype i = 0; i < step.operations.size(); ++i) {
        if (wasOk)
            step.losses += lossNotes(step.operations[i], schema, d->dialect);
        if (wasOk)
            step.warnings += heldIndexNotes(step.operations[i], schema, d->request.backend);
        // What follows a failure is replayed all the same: later steps meet the schema that it aims
        // at.
        if (failure)
            replay(step.operations[i], schema, d->request.sqlReader);
        else
            failure = renderer.add(step.operations[i], int(i));
    }
    if (const std::optional<Error> last = failure ? std::nullopt : renderer.flush(); last)
        failure = last;
    step.statements = renderer.takeStatements();
    step.rebuiltTables = renderer.rebuiltTables();
    step.warnings += renderer.takeWarnings();
    if (!d->request.offline)
        step.warnings += engineNotes(step.statements, schema, d->request.backend);
    if (failure && wasOk) {
        step.status = statusOf(failure->code);
        step.reason = failure->message;
        step.line = failure->line;
    }
    if (step.status != StepStatus::Ok) {
        schema.opaqueReasons.append(step.reason);
        stopTracingRows(schema);
    }
    return step;
}

void Planner::add(PlanStep step)
{
    PlanStep made = rendered(std::move(step));
    if (made.status != StepStatus::NeedsConnection)
        made.live.reset();
    if (made.live) { // what it had said before it read something is not all that it will do
        made.statements.clear();
        made.rebuiltTables.clear();
    }
    d->bookkeeping(made);
    d->plan.steps.append(std::move(made));
}

Plan Planner::take()
{
    d->plan.endRows = d->rows;
    return std::move(d->plan);
}

} // namespace tribikos
