#include "core/project/usecases.h"

#include "core/base/text.h"
#include "core/config/databaseurl.h"
#include "core/diff/ignored.h"
#include "core/graph/versionrows.h"
#include "core/project/schemasource.h"
#include "core/project/serverconnection.h"
#include "core/pyread/models.h"
#include "core/sqlread/rawsql.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

int stepsToHeads(const Project &project, const QBitArray &applied)
{
    const RevisionGraph &graph = project.graph();
    int missing = 0;
    for (int node = 0; node < graph.revisionCount(); ++node)
        missing += applied.testBit(node) ? 0 : 1;
    return missing;
}

QStringList realHeadIds(const RevisionGraph &graph)
{
    return graph.ids(graph.realHeads());
}

void noteOpaque(const QString &side, const Schema &schema, QStringList *notes)
{
    for (const QString &reason : schema.opaqueReasons)
        notes->append(u"%1: %2"_s.arg(side, reason));
}

} // namespace

Result<ConnectionSpec> connectionFor(const Environment &environment)
{
    const auto url = parseDatabaseUrl(environment.url);
    if (!url)
        return url.error();
    if (url->backend != Backend::Sqlite) {
        auto spec = serverConnection(*url);
        if (spec && environment.password)
            spec->password = *environment.password;
        return spec;
    }
    if (url->isMemory())
        return Error{.code = ErrorCode::Connection,
                     .message =
                         u"The URL of environment \"%1\" names a database in memory, which would "
                         u"be gone at once. Give the URL of a file, such as "
                         u"sqlite:///market.sqlite."_s.arg(environment.name)};
    return sqliteConnection(*url, environment.folder);
}

Result<QStringList> readPosition(const Project &project, const Environment &environment,
                                 QString *interrupted, const std::stop_token &stop)
{
    if (!project.versionTableProblem().isEmpty())
        return Error{.code = ErrorCode::ProjectRefused, .message = project.versionTableProblem()};
    const auto spec = connectionFor(environment);
    if (!spec)
        return spec.error();
    return currentRows(*spec, project.versionTable(), interrupted, stop);
}

Result<EnvironmentState> readEnvironment(const Project &project, const Environment &environment,
                                         const std::stop_token &stop)
{
    if (!project.versionTableProblem().isEmpty())
        return Error{.code = ErrorCode::ProjectRefused, .message = project.versionTableProblem()};
    const auto spec = connectionFor(environment);
    if (!spec)
        return spec.error();
    auto database = readDatabase(*spec, project.versionTable(), stop);
    if (!database)
        return database.error();
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled,
                     .message = u"Reading the database was cancelled."_s};

    EnvironmentState state{.serverVersion = database->serverVersion,
                           .exists = database->exists,
                           .rows = database->rows,
                           .schema = database->schema,
                           .interrupted = database->interrupted,
                           .half = database->half,
                           .structure = database->structure};
    const RevisionGraph &graph = project.graph();
    const QBitArray applied = graph.appliedNodes(state.rows, &state.unknown);
    for (int node = 0; node < graph.revisionCount(); ++node)
        if (applied.testBit(node))
            state.implied.append(graph.revision(node).id);
    state.behind = stepsToHeads(project, applied);
    state.atHead = state.behind == 0 && state.unknown.isEmpty();
    return state;
}

QMap<QString, RevisionState> revisionStates(const Project &project, const EnvironmentState &state)
{
    QMap<QString, RevisionState> states;
    const RevisionGraph &graph = project.graph();
    // Below a revision that no file has may stand anything.
    const RevisionState rest =
        state.unknown.isEmpty() ? RevisionState::Pending : RevisionState::Unknown;
    for (int node = 0; node < graph.revisionCount(); ++node)
        states.insert(graph.revision(node).id, rest);
    for (const QString &id : state.implied)
        states.insert(id, RevisionState::Applied);
    for (const QString &id : state.rows)
        states.insert(id,
                      state.unknown.contains(id) ? RevisionState::Missing : RevisionState::Current);
    return states;
}

Result<Comparison> compareProject(const Project &project, Backend backend,
                                  const EnvironmentState *state, const std::stop_token &stop)
{
    QElapsedTimer timer;
    timer.start();
    Comparison comparison;
    const QStringList heads = realHeadIds(project.graph());
    const Replayed replayed = project.replayed(backend, heads, stop);
    const Schema &atHead = replayed.schema;
    noteOpaque(u"migrations"_s, atHead, &comparison.notes);

    if (state && !state->schema) {
        comparison.notes.append(
            u"The database is left out: its %1 is too old for the catalogue to be read."_s.arg(
                backendTitle(backend)));
        state = nullptr;
        comparison.isWhole = false;
    }
    if (state && !state->unknown.isEmpty()) {
        comparison.notes.append(
            u"The database is left out: it is at %1, which no file of the project has, so what it "
            "should look like can't be known."_s.arg(state->unknown.join(u", "_s)));
        state = nullptr;
        comparison.isWhole = false;
    }

    if (state) {
        if (!state->interrupted.isEmpty())
            comparison.notes.append(state->interrupted);
        comparison.notes.append(state->schema->notes);
        noteOpaque(u"database"_s, *state->schema, &comparison.notes);
    }

    std::optional<Schema> models;
    bool areModelsWhole = true;
    bool hidesColumns = false;
    if (project.hasModels()) {
        Diagnostics found;
        auto read = project.models(backend, &found, stop);
        if (!read)
            return read.error();
        for (const Diagnostic &note : std::as_const(found)) {
            comparison.notes.append(note.message);
            areModelsWhole = areModelsWhole && note.severity == Severity::Info;
            hidesColumns = hidesColumns || mayHideColumns(note);
        }
        models = read.take();
    } else if (state) {
        comparison.notes.append(
            u"No models were found, so migrations and database are compared."_s);
    } else {
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"There is nothing to compare the migrations with: the project names no "
                         "models (target_metadata in env.py, or models in tribikos.toml), and no "
                         "database can be compared."_s};
    }
    std::optional<Schema> atDatabase;
    if (state)
        atDatabase = project.schemaAt(backend, state->rows, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"The comparison was cancelled."_s};

    const Blame origin = blame(replayed.operations, &rawSqlReader(backend));
    const MigrationOptions &options = project.options();
    comparison.differences =
        compare({.backend = backend,
                 .models = models ? &*models : nullptr,
                 .migrations = &atHead,
                 .database = state ? &*state->schema : nullptr,
                 .migrationsAtDatabase = atDatabase ? &*atDatabase : nullptr,
                 .blame = &origin,
                 .compareType = options.compareType.value_or(true),
                 .compareServerDefault = options.compareServerDefault.value_or(true)});
    comparison.differences =
        withoutIgnored(comparison.differences, project.config().ignore, &comparison.ignored);
    if (!areModelsWhole)
        doubtMissing(comparison.differences, &Difference::inModels, hidesColumns);
    if (models) {
        const RenameSides sides{.from = atHead, .to = *models, .inTo = &Difference::inModels};
        comparison.renames = renameCandidates(comparison.differences, sides, backend);
        askAboutRenames(comparison.differences, comparison.renames);
    }
    comparison.isWhole = comparison.isWhole && areModelsWhole && atHead.opaqueReasons.isEmpty()
                         && (!state || state->schema->opaqueReasons.isEmpty());
    comparison.hasModels = models.has_value();
    comparison.hasDatabase = state != nullptr;
    comparison.tables = int(atHead.tables.size());
    comparison.milliseconds = timer.elapsed();
    return comparison;
}

QString overlapText(const Project &project, const QStringList &rows)
{
    const QStringList pair = rowsOnOneLine(project.graph(), rows);
    if (pair.isEmpty())
        return {};
    return u"The version table %1 has the rows %2 and %3, but %3 comes after %2 and holds it "
           u"already: "
           u"look at the database, then say where it is, as by stamp --purge %3."_s.arg(
               visibleText(project.versionTable().text(), false), pair.constFirst(),
               pair.constLast());
}

TransactionMode transactionMode(const MigrationOptions &options)
{
    if (options.runsWithoutTransaction.value_or(false))
        return TransactionMode::None;
    return options.transactionPerMigration.value_or(true) ? TransactionMode::PerRevision
                                                          : TransactionMode::All;
}

RunReport applyPlan(const Plan &plan, const Environment &environment, const RunOptions &options,
                    const RunProgress &progress, const std::stop_token &stop)
{
    auto spec = connectionFor(environment);
    if (!spec)
        return {.error = spec.error()};
    spec->lockTimeoutMs = options.lockTimeoutMs.value_or(spec->lockTimeoutMs);
    return run(plan, *spec, options, progress, stop);
}

TrialOutcome tryOn(const Plan &plan, const Environment &environment, const RunOptions &options,
                   const RunProgress &progress, const std::stop_token &stop)
{
    TrialOutcome outcome;
    const auto spec = connectionFor(environment);
    if (!spec) {
        outcome.trial.report.error = spec.error();
        return outcome;
    }
    outcome.trial = tryPlan(plan, *spec, options, progress, stop);
    if (outcome.trial.before && outcome.trial.after)
        outcome.changes = compare({.backend = plan.backend,
                                   .migrations = &*outcome.trial.before,
                                   .database = &*outcome.trial.after});
    return outcome;
}

} // namespace tribikos
