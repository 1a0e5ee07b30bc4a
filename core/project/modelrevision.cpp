#include "core/project/modelrevision.h"

#include "core/autogenerate/pythonbody.h"
#include "core/config/databaseurl.h"
#include "core/db/serversession.h"
#include "core/diff/renames.h"
#include "core/ops/replay.h"
#include "core/plan/planner.h"
#include "core/project/ignoredchanges.h"
#include "core/project/includehooks.h"
#include "core/project/projectdata.h"
#include "core/project/renamerequest.h"
#include "core/project/usecases.h"
#include "core/pyread/models.h"
#include "core/sqlread/rawsql.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error notUpToDate()
{
    return {.code = ErrorCode::Conflict, .message = u"Target database is not up to date."_s};
}

/// The models, and what could not be read of them. With gaps in them no table may go, and maybe no column.
struct ReadModels
{
    Schema schema{};
    QStringList notes{};
    bool isWhole = true;
    bool hidesColumns = false;
};

Error noModels()
{
    return {.code = ErrorCode::ProjectRefused,
            .message =
                u"The project names no models to compare with; set target_metadata in env.py "
                "or 'models' in tribikos.toml."_s};
}

Result<ReadModels> modelsOf(const Project &project, Backend backend, const std::stop_token &stop)
{
    if (!project.hasModels())
        return noModels();
    Diagnostics problems;
    auto schema = project.models(backend, &problems, stop);
    if (!schema)
        return schema.error();
    ReadModels models{.schema = schema.take()};
    for (const Diagnostic &problem : std::as_const(problems)) {
        models.notes.append(problem.message);
        models.isWhole = models.isWhole && problem.severity == Severity::Info;
        models.hidesColumns = models.hidesColumns || mayHideColumns(problem);
    }
    return models;
}

/// Literals, casts, arithmetic and functions that do nothing but give a value: nothing else of a project's is run on
/// anybody's server.
bool isHarmlessValue(const QString &expression)
{
    static const QRegularExpression literal(u"'(?:[^'\\\\]|'')*'"_s);
    static const QRegularExpression cast(
        uR"(::\s*[\w."]+(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])*)"_s); // to whatever type of the database's own
    static const QRegularExpression word(u"[A-Za-z_][A-Za-z_0-9]*"_s);
    static const QRegularExpression odd(u"[^\\sA-Za-z_0-9.+\\-*/%=(),:|\\[\\]]"_s);
    static const QSet<QString> known{u"true"_s,
                                     u"false"_s,
                                     u"null"_s,
                                     u"now"_s,
                                     u"current_timestamp"_s,
                                     u"current_date"_s,
                                     u"current_time"_s,
                                     u"localtimestamp"_s,
                                     u"localtime"_s,
                                     u"clock_timestamp"_s,
                                     u"statement_timestamp"_s,
                                     u"transaction_timestamp"_s,
                                     u"timezone"_s,
                                     u"gen_random_uuid"_s,
                                     u"uuid_generate_v4"_s,
                                     u"lower"_s,
                                     u"upper"_s,
                                     u"coalesce"_s,
                                     u"array"_s,
                                     u"cast"_s,
                                     u"as"_s,
                                     u"text"_s,
                                     u"varchar"_s,
                                     u"character"_s,
                                     u"varying"_s,
                                     u"char"_s,
                                     u"bpchar"_s,
                                     u"integer"_s,
                                     u"int"_s,
                                     u"int2"_s,
                                     u"int4"_s,
                                     u"int8"_s,
                                     u"bigint"_s,
                                     u"smallint"_s,
                                     u"numeric"_s,
                                     u"decimal"_s,
                                     u"real"_s,
                                     u"float"_s,
                                     u"float4"_s,
                                     u"float8"_s,
                                     u"double"_s,
                                     u"precision"_s,
                                     u"boolean"_s,
                                     u"bool"_s,
                                     u"date"_s,
                                     u"time"_s,
                                     u"timestamp"_s,
                                     u"timestamptz"_s,
                                     u"with"_s,
                                     u"without"_s,
                                     u"zone"_s,
                                     u"at"_s,
                                     u"interval"_s,
                                     u"uuid"_s,
                                     u"json"_s,
                                     u"jsonb"_s,
                                     u"bytea"_s,
                                     u"inet"_s,
                                     u"citext"_s,
                                     u"is"_s,
                                     u"not"_s,
                                     u"and"_s,
                                     u"or"_s};
    QString rest = expression;
    rest.remove(literal).remove(cast);
    if (rest.contains(odd))
        return false;
    for (auto words = word.globalMatch(rest); words.hasNext();)
        if (!known.contains(words.next().captured().toLower()))
            return false;
    return true;
}

/// PostgreSQL's own word on whether two defaults are the same, from a connection that can't write.
class ServerOpinion
{
public:
    ServerOpinion(const ConnectionSpec &spec, const std::stop_token &stop)
        : m_spec(spec)
        , m_stop(stop)
    {
        m_spec.statementTimeoutMs = 5000;
    }
    std::optional<bool> operator()(const QString &expression)
    {
        if (!isHarmlessValue(expression))
            return std::nullopt;
        if (!m_session && !m_isGone) {
            auto opened = openServer(m_spec, Access::Read,
                                     [stop = m_stop] { return !stop.stop_requested(); });
            if (opened)
                m_session = opened.take();
            m_isGone = !m_session;
        }
        if (!m_session)
            return std::nullopt;
        const auto rows = m_session->query(u"SELECT "_s + expression);
        if (!rows || rows->isEmpty() || rows->constFirst().isEmpty())
            return std::nullopt;
        return rows->constFirst().constFirst().toBool();
    }

private:
    ConnectionSpec m_spec;
    std::stop_token m_stop;
    std::unique_ptr<ServerSession> m_session{};
    bool m_isGone = false;
};

/// Without the tables and columns that may only seem to be gone: models that can't be read whole may have them.
ModelChanges withoutRemovals(const ModelChanges &changes, bool hidesColumns, QStringList *notes)
{
    using Kind = ModelChange::Kind;
    QSet<QString> tables;
    QStringList columns;
    for (const TableChanges &table : changes.tables)
        for (const ModelChange &change : table.changes) {
            if (change.kind == Kind::RemoveTable)
                tables.insert(change.table.text());
            else if (change.kind == Kind::RemoveColumn && hidesColumns)
                columns.append(change.table.text() + u'.' + change.name);
        }
    const auto note = [notes](const QString &what, QStringList names) {
        names.sort();
        if (!names.isEmpty())
            notes->append(u"The models can't be read whole, so no %1 is dropped: %2."_s.arg(
                what, names.join(u", "_s)));
    };
    note(u"table"_s, tables.values());
    note(u"column"_s, columns);
    return changes.only([&](const ModelChange &change) {
        const bool isLost = change.kind == Kind::RemoveColumn && hidesColumns;
        return !isLost && !tables.contains(change.table.text());
    });
}

/// Whether a rename stands for \a difference: what would go, or what would come.
bool isRenameOf(const ModelChange &change, const Difference &difference)
{
    const bool isOfTable = change.kind == ModelChange::Kind::RenameTable;
    const Rename rename{change.table, isOfTable ? QString() : change.name, change.newName};
    return renameOf(difference, {rename}) != nullptr;
}

bool isAbout(const ModelChange &change, const Difference &difference)
{
    using Kind = ModelChange::Kind;
    using What = Difference::Kind;
    if (change.kind == Kind::RenameTable || change.kind == Kind::RenameColumn)
        return isRenameOf(change, difference);
    if (change.table.name.compare(difference.table.name, Qt::CaseInsensitive) != 0)
        return false;
    const bool isNamed = change.name.compare(difference.name, Qt::CaseInsensitive) == 0;
    const bool isOfTable = change.kind == Kind::AddTable || change.kind == Kind::RemoveTable;
    const bool isComment =
        change.kind == Kind::AddTableComment || change.kind == Kind::RemoveTableComment;
    switch (difference.kind) {
    case What::Table: // its indexes go with a table that comes or goes
        return difference.aspect == u"comment" ? isComment : !isComment || isOfTable;
    case What::Column:
        if (change.kind == Kind::ModifyColumn) // of one that is missing: behind its rename
            return isNamed
                   && (difference.aspect.isEmpty() || change.aspects.contains(difference.aspect));
        return isNamed && (change.kind == Kind::AddColumn || change.kind == Kind::RemoveColumn);
    case What::UniqueConstraint:
    case What::Index: // MySQL's unique keys are both
        return isNamed
               && (change.kind == Kind::AddIndex || change.kind == Kind::RemoveIndex
                   || change.kind == Kind::AddConstraint || change.kind == Kind::RemoveConstraint);
    case What::CheckConstraint:
        return isNamed
               && (change.kind == Kind::AddConstraint || change.kind == Kind::RemoveConstraint);
    case What::ForeignKey: // an unnamed one may be any of them
        return (isNamed || change.name.isEmpty())
               && (change.kind == Kind::AddForeignKey || change.kind == Kind::RemoveForeignKey);
    case What::PrimaryKey:
    case What::Object: break;
    }
    return false;
}

/// Marks what only Alembic takes for a difference.
void markDoubts(ModelChanges &changes, const QList<Difference> &real, QStringList *notes)
{
    for (TableChanges &table : changes.tables)
        for (ModelChange &change : table.changes) {
            using Kind = ModelChange::Kind;
            const bool isMissing =
                change.kind == Kind::AddTable || change.kind == Kind::RemoveTable
                || change.kind == Kind::AddColumn || change.kind == Kind::RemoveColumn
                || change.kind == Kind::RenameTable || change.kind == Kind::RenameColumn;
            change.isDoubtful =
                !isMissing && std::ranges::none_of(real, [&](const Difference &difference) {
                    return isAbout(change, difference);
                });
            if (change.isDoubtful)
                notes->append(
                    u"Alembic would write %1 too, although models and database agree "
                    "there: think before you keep it."_s.arg(operationSummary(change.upgrade)));
        }
}

AutogenerateInput inputOf(const Project &project, Backend backend)
{
    const MigrationOptions &options = project.options();
    return {.backend = backend,
            .compareType = options.compareType.value_or(true),
            .compareServerDefault = options.compareServerDefault.value_or(false),
            .includeSchemas = options.includeSchemas.value_or(false),
            .versionTable = project.versionTable()};
}

Result<ModelRevision> revisionOf(const Project &project, ReadModels models, Schema from,
                                 AutogenerateInput input, const QStringList &renames,
                                 const std::stop_token &stop)
{
    const auto asked = renamesIn(from, models.schema, u"the models have"_s, renames);
    if (!asked)
        return asked.error();
    input.renames = *asked;
    input.models = &models.schema;
    QStringList hookNotes;
    const Schema seen = asIncludeNameSees(from, project.data(), &hookNotes, stop);
    input.database = &seen;
    ModelRevision revision{.backend = input.backend,
                           .notes = models.notes,
                           .areModelsWhole = models.isWhole,
                           .dropsEmpty = project.data().dropsEmptyRevisions};
    revision.notes += project.data().autogenerateGaps;
    revision.changes = asIncludeObjectWants(autogenerate(input), models.schema, from,
                                            project.data(), &hookNotes, stop);
    revision.notes += hookNotes;
    revision.changes = withoutIgnored(revision.changes, project.config().ignore, &revision.ignored);
    if (!models.isWhole)
        revision.changes = withoutRemovals(revision.changes, models.hidesColumns, &revision.notes);
    revision.notes += revision.changes.warnings + revision.changes.remarks;
    QSet<QString> changed; // a table where Alembic sees nothing holds no doubt
    for (const TableChanges &table : std::as_const(revision.changes.tables)) {
        changed.insert(table.table.name.toLower());
        for (const Rename &rename : std::as_const(input.renames))
            if (rename.column.isEmpty() && rename.table == table.table)
                changed.insert(rename.newName.toLower());
    }
    const QList<Difference> real =
        changed.isEmpty() ? QList<Difference>()
                          : compare({.backend = input.backend,
                                     .models = &models.schema,
                                     .database = &from,
                                     .compareType = input.compareType,
                                     .compareServerDefault = input.compareServerDefault,
                                     .isCompared = [&changed](const TableName &table) {
                                         return changed.contains(table.name.toLower());
                                     }});
    markDoubts(revision.changes, real, &revision.notes);
    const RenameSides sides{.from = from,
                            .to = models.schema,
                            .inFrom = &Difference::inDatabase,
                            .inTo = &Difference::inModels};
    revision.renames = renameCandidates(real, sides, input.backend);
    revision.renames.removeIf([&](const Rename &rename) {
        return std::ranges::any_of(input.renames, [&](const Rename &made) {
            return made.table == rename.table
                   && (made.column == rename.column || made.newName == rename.newName);
        });
    });
    revision.from = std::move(from);
    return revision;
}

/// The statements with their terminators, below \a heading.
Result<QString> sqlSection(const QString &heading, const ModelRevision &revision, Backend backend,
                           Direction direction)
{
    const auto statements = statementsFor(revision.changes, backend, revision.from, direction);
    if (!statements)
        return statements.error();
    QString text = heading + u'\n';
    for (const QString &statement : *statements)
        text += statement + u";\n"_s;
    return text;
}

/// The databases that a SQL project is written for, the compared one first.
QList<Backend> backendsOf(const Project &project, Backend first)
{
    QList<Backend> backends{first};
    for (const Environment &environment : project.environments())
        if (!backends.contains(environment.backend))
            backends.append(environment.backend);
    return backends;
}

Result<RevisionBody> sqlBody(const Project &project, const ModelRevision &revision)
{
    RevisionBody body;
    const QList<Backend> backends = backendsOf(project, revision.backend);
    for (const Direction direction : {Direction::Upgrade, Direction::Downgrade}) {
        QStringList sections;
        for (const Backend backend : backends) {
            const QString verb =
                direction == Direction::Upgrade ? u"-- upgrade"_s : u"-- downgrade"_s;
            const bool isPlain = backends.size() == 1;
            auto section = sqlSection(isPlain ? verb : verb + u": "_s + backendName(backend),
                                      revision, backend, direction);
            if (!section)
                return section.error();
            sections.append(section.take());
        }
        (direction == Direction::Upgrade ? body.upgrades : body.downgrades) = sections.join(u'\n');
    }
    return body;
}

} // namespace

Result<ModelRevision> modelRevision(const Project &project, const Environment &environment,
                                    const std::stop_token &stop, const QStringList &renames)
{
    if (!project.hasModels())
        return noModels();
    auto state = readEnvironment(project, environment, stop);
    if (!state)
        return state.error();
    const RevisionGraph &graph = project.graph();
    const QStringList heads = graph.ids(graph.realHeads());
    const bool isAtHeads = QSet<QString>(state->rows.cbegin(), state->rows.cend())
                           == QSet<QString>(heads.cbegin(), heads.cend());
    if (!isAtHeads)
        return notUpToDate();
    if (!state->schema)
        return Error{.code = ErrorCode::Unsupported,
                     .message =
                         u"The catalogue of this %1 is too old to be read, so it can't be "
                         "compared with the models."_s.arg(backendTitle(environment.backend))};
    auto models = modelsOf(project, environment.backend, stop);
    if (!models)
        return models.error();
    AutogenerateInput input = inputOf(project, environment.backend);
    if (environment.backend == Backend::MySql && state->serverVersion.startsWith(u"MariaDB"))
        input.server = Backend::MariaDb;
    const auto spec = connectionFor(environment);
    if (spec && environment.backend == Backend::PostgreSql) {
        const auto opinion = std::make_shared<ServerOpinion>(*spec, stop);
        input.ask = [opinion](const QString &expression) { return (*opinion)(expression); };
    }
    QStringList notes = state->schema->notes + state->schema->opaqueReasons;
    auto compared = revisionOf(project, models.take(), *state->schema, input, renames, stop);
    if (!compared)
        return compared.error();
    ModelRevision revision = compared.take();
    revision.notes = notes + revision.notes;
    return revision;
}

Result<ModelRevision> modelRevision(const Project &project, Backend backend,
                                    const std::stop_token &stop, const QStringList &renames)
{
    auto models = modelsOf(project, backend, stop);
    if (!models)
        return models.error();
    const QStringList heads = project.graph().ids(project.graph().realHeads());
    Schema made = project.schemaAt(backend, heads, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"The comparison was cancelled."_s};
    const QStringList notes = made.opaqueReasons;
    AutogenerateInput input = inputOf(project, backend);
    input.isReplayed = true;
    auto compared = revisionOf(project, models.take(), std::move(made), input, renames, stop);
    if (!compared)
        return compared.error();
    ModelRevision revision = compared.take();
    revision.notes = notes + revision.notes;
    return revision;
}

QList<Difference> differencesOf(const ModelChanges &changes, const QList<Difference> &differences)
{
    QList<Difference> wanted;
    for (const Difference &difference : differences)
        if (!changesFor(changes, {difference}).isEmpty())
            wanted.append(difference);
    return wanted;
}

ModelChanges changesFor(const ModelChanges &changes, const QList<Difference> &ticked)
{
    return changes.only([&](const ModelChange &change) {
        return std::ranges::any_of(
            ticked, [&](const Difference &difference) { return isAbout(change, difference); });
    });
}

Result<QStringList> statementsFor(const ModelChanges &changes, Backend backend, const Schema &from,
                                  Direction direction)
{
    // As for a run: a script that Alembic would print for SQLite is no use where ALTER TABLE lacks the form.
    Planner planner({.backend = backend,
                     .offline = false,
                     .schema = from,
                     .sqlReader = &rawSqlReader(backend)});
    planner.add({.revision = u"upgrade"_s, .operations = changes.upgrade()});
    if (direction == Direction::Downgrade)
        planner.add({.revision = u"downgrade"_s,
                     .direction = Direction::Downgrade,
                     .operations = changes.downgrade()});
    const Plan plan = planner.take();
    const PlanStep &step = plan.steps.last();
    if (step.status != StepStatus::Ok)
        return Error{.code = ErrorCode::Unsupported, .message = step.reason};
    QStringList statements;
    for (const Statement &statement : step.statements)
        statements.append(scriptStatement(statement));
    return statements;
}

Result<NewRevision> revisionFor(const Project &project, const ModelRevision &revision,
                                const RevisionRequest &request)
{
    RevisionRequest whole = request;
    QStringList remarks;
    if (writesSqlRevisions(project.config(), project.graph())) {
        auto body = sqlBody(project, revision);
        if (!body)
            return body.error();
        whole.body = body.take();
    } else {
        const MigrationOptions &options = project.options();
        const PythonBody body =
            pythonBody(revision.changes,
                       {.backend = revision.backend,
                        .rendersAsBatch = options.renderAsBatch.value_or(false),
                        .sqlalchemyPrefix = options.sqlalchemyModulePrefix.value_or(u"sa."_s),
                        .alembicPrefix = options.alembicModulePrefix.value_or(u"op."_s),
                        .userModulePrefix = options.userModulePrefix});
        whole.body = RevisionBody{body.upgrades, body.downgrades, body.imports};
        remarks = body.remarks;
    }
    auto made = newRevision(project.config(), project.graph(), whole);
    if (made && !remarks.isEmpty()) {
        NewRevision noted = made.take();
        noted.notes += remarks;
        return noted;
    }
    return made;
}

} // namespace tribikos
