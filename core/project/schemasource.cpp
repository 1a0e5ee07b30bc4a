#include "core/project/schemasource.h"

#include "core/autogenerate/autogenerate.h"
#include "core/config/databaseurl.h"
#include "core/diff/ignored.h"
#include "core/ops/implicitname.h"
#include "core/project/directchanges.h"
#include "core/project/modelrevision.h"
#include "core/project/usecases.h"
#include "core/pyread/models.h"
#include "core/reflect/leftout.h"
#include "core/sqlread/rawsql.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestFile = 64 * 1024 * 1024;

/// Which of the kinds a word is, and what is left of it.
struct NamedSource
{
    enum class Kind { Models, Environment, Database, Script, Snapshot, Revision };
    Kind kind = Kind::Revision;
    QString name{};
};

bool isSqliteFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(15) == "SQLite format 3";
}

std::optional<NamedSource> fileSource(const QString &path)
{
    using Kind = NamedSource::Kind;
    if (!QFileInfo(path).isFile())
        return std::nullopt;
    if (path.endsWith(u".json", Qt::CaseInsensitive))
        return NamedSource{Kind::Snapshot, path};
    if (path.endsWith(u".sql", Qt::CaseInsensitive))
        return NamedSource{Kind::Script, path};
    return isSqliteFile(path) ? std::optional(NamedSource{Kind::Database, path}) : std::nullopt;
}

std::optional<Environment> namedEnvironment(const Project &project, const QString &name)
{
    const QList<Environment> all = project.environments();
    const auto found = std::ranges::find(all, name, &Environment::name);
    return found == all.cend() ? std::nullopt : std::optional(*found);
}

Result<NamedSource> namedSource(const Project &project, const SourceRequest &request)
{
    using Kind = NamedSource::Kind;
    const QString &word = request.word;
    const auto behind = [&word](const QString &prefix) { return word.mid(prefix.size()); };
    const QDir folder(request.workingFolder);
    if (word == u"models")
        return NamedSource{Kind::Models, {}};
    if (word.startsWith(u"revision:"))
        return NamedSource{Kind::Revision, behind(u"revision:"_s)};
    if (word.startsWith(u"env:"))
        return NamedSource{Kind::Environment, behind(u"env:"_s)};
    const bool isFile = word.startsWith(u"file:");
    const QString path = folder.absoluteFilePath(isFile ? behind(u"file:"_s) : word);
    if (word.contains(u"://"_s) || (!isFile && namedEnvironment(project, word)))
        return NamedSource{Kind::Environment, word};
    if (const auto file = fileSource(path))
        return *file;
    if (isFile)
        return Error{.code = ErrorCode::NotFound,
                     .message = u"%1 is no SQLite database, .sql script or snapshot."_s.arg(path),
                     .file = path};
    return NamedSource{Kind::Revision, word};
}

Result<QByteArray> bytesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile)
        return Error{.code = ErrorCode::Unreadable,
                     .message = u"%1 can't be read, or has more than 64 MiB."_s.arg(path),
                     .file = path};
    return file.readAll();
}

Result<SourceSchema> modelsSource(const Project &project, Backend backend,
                                  const std::stop_token &stop)
{
    Diagnostics problems;
    auto schema = project.models(backend, &problems, stop);
    if (!schema)
        return schema.error();
    SourceSchema source{.title = u"models"_s, .schema = schema.take()};
    // What models can't say is not missing there: kinds of objects that they have none of.
    using Kind = NamedObject::Kind;
    for (const Kind kind : {Kind::View, Kind::MaterializedView, Kind::Trigger, Kind::Function,
                            Kind::Extension, Kind::Schema, Kind::Sequence, Kind::Domain})
        if (std::ranges::none_of(source.schema.objects,
                                 [kind](const NamedObject &object) { return object.kind == kind; }))
            source.schema.unseen.insert(kind);
    for (const Diagnostic &problem : std::as_const(problems)) {
        source.notes.append(problem.message);
        source.hasGaps = source.hasGaps || problem.severity != Severity::Info;
        source.hidesColumns = source.hidesColumns || mayHideColumns(problem);
    }
    return source;
}

Result<SourceSchema> revisionSource(const Project &project, const QString &name, Backend backend,
                                    const std::stop_token &stop)
{
    const auto nodes = project.graph().resolve(name);
    if (!nodes)
        return nodes.error();
    SourceSchema source{.title = u"revision "_s + name, .isRevision = true};
    for (const int node : *nodes) {
        if (node < 0)
            continue;
        const QString id = project.graph().revision(node).id;
        if (project.graph().isGhost(node))
            return Error{.code = ErrorCode::NotFound,
                         .message = u"No file of the project has %1 any more."_s.arg(id)};
        source.revisions.append(id);
    }
    source.schema =
        source.revisions.isEmpty() ? Schema() : project.schemaAt(backend, source.revisions, stop);
    return source;
}

Result<SourceSchema> databaseSource(const Project &project, const Environment &environment,
                                    const QString &title, const std::stop_token &stop)
{
    const auto state = readEnvironment(project, environment, stop);
    if (!state)
        return state.error();
    if (!state->exists)
        return Error{.code = ErrorCode::NotFound,
                     .message = u"There is no database for %1 yet."_s.arg(title)};
    if (!state->schema)
        return Error{.code = ErrorCode::Unsupported,
                     .message = u"The catalogue of %1 is too old to be read."_s.arg(title)};
    SourceSchema source{.title = title,
                        .schema = *state->schema,
                        .backend = environment.backend,
                        .isCatalogue = true,
                        .notes = state->schema->notes};
    if (!state->interrupted.isEmpty()) // it holds a part of a revision
        source.notes.append(state->interrupted);
    return source;
}

} // namespace

std::optional<Backend> sourceBackend(const Project &project, const SourceRequest &request)
{
    const auto named = namedSource(project, request);
    if (!named)
        return std::nullopt;
    if (named->kind == NamedSource::Kind::Database)
        return Backend::Sqlite;
    if (named->kind == NamedSource::Kind::Snapshot) {
        const auto bytes = bytesOf(named->name);
        const auto snapshot =
            bytes ? readSnapshot(*bytes, named->name) : Result<SourceSchema>(bytes.error());
        return snapshot ? snapshot->backend : std::nullopt;
    }
    if (named->kind != NamedSource::Kind::Environment)
        return std::nullopt;
    if (const auto environment = namedEnvironment(project, named->name))
        return environment->backend;
    if (const auto url = parseDatabaseUrl(named->name))
        return url->backend;
    const auto environment = request.environment
                                 ? request.environment(named->name)
                                 : Result<Environment>(Error{.code = ErrorCode::NotFound});
    return environment ? std::optional(environment->backend) : std::nullopt;
}

Result<SourceSchema> readSource(const Project &project, const SourceRequest &request,
                                const std::stop_token &stop)
{
    using Kind = NamedSource::Kind;
    const auto named = namedSource(project, request);
    if (!named)
        return named.error();
    switch (named->kind) {
    case Kind::Models: return modelsSource(project, request.backend, stop);
    case Kind::Revision: return revisionSource(project, named->name, request.backend, stop);
    case Kind::Database:
        return databaseSource(
            project,
            {.name = named->name, .url = u"sqlite:///"_s + named->name, .backend = Backend::Sqlite},
            QFileInfo(named->name).fileName(), stop);
    case Kind::Environment: {
        const auto environment = request.environment(named->name);
        if (!environment)
            return environment.error();
        return databaseSource(project, *environment, environment->name, stop);
    }
    case Kind::Script:
    case Kind::Snapshot: break;
    }
    const auto bytes = bytesOf(named->name);
    if (!bytes)
        return bytes.error();
    const QString title = QFileInfo(named->name).fileName();
    if (named->kind == Kind::Snapshot)
        return readSnapshot(*bytes, title);
    SourceSchema source{.title = title, .isCatalogue = request.backend == Backend::Sqlite};
    auto schema = schemaOfScript(QString::fromUtf8(*bytes), request.backend, &source.notes);
    if (!schema)
        return schema.error();
    source.schema = schema.take();
    source.hasGaps = source.hidesColumns = !source.notes.isEmpty();
    source.schema.tables.removeIf([&](const auto &entry) { // a dump has them too
        return isLeftOut(entry.key(), project.versionTable(), Qt::CaseSensitive);
    });
    return source;
}

bool areSchemaTexts(const QStringList &files)
{
    return std::ranges::any_of(files, [](const QString &file) {
        return file.endsWith(u".sql", Qt::CaseInsensitive)
               || file.endsWith(u".json", Qt::CaseInsensitive);
    });
}

namespace {

/// REFERENCES t without columns means t's primary key; of one that isn't there the key's table isn't known whole.
void sayReferredColumns(Schema &schema)
{
    for (Table &table : schema.tables)
        for (Constraint &constraint : table.constraints) {
            auto *key = std::get_if<ForeignKey>(&constraint);
            if (!key || !key->targetColumns.isEmpty())
                continue;
            const Table *target = schema.table(key->target);
            const PrimaryKey *primary = target ? target->primaryKey() : nullptr;
            if (primary && primary->columns.size() == key->columns.size())
                key->targetColumns = primary->columns;
            else
                table.isOpaque = true;
        }
}

/// A sentence for each table whose definition is not understood: what isn't known can't differ.
QStringList unreadTables(const Schema &schema)
{
    QStringList notes;
    for (const Table &table : schema.tables)
        if (table.columnsOpaque)
            notes.append(
                u"table %1 can't be read whole, so what differs in it may not be seen"_s.arg(
                    table.name.text()));
    return notes;
}

/// The enum that \a text names, or null.
SqlTypePtr namedEnum(const QString &text, const Schema &schema)
{
    QString name = text;
    name.remove(u'"');
    const auto found = std::ranges::find_if(schema.objects, [&](const NamedObject &object) {
        return object.kind == NamedObject::Kind::Enum && !object.labels.isEmpty()
               && (object.name.text() == name || u"public."_s + object.name.text() == name);
    });
    if (found == schema.objects.cend())
        return nullptr;
    return std::make_shared<const SqlType>(SqlType{.name = u"ENUM"_s,
                                                   .module = u"postgresql"_s,
                                                   .labels = found->labels,
                                                   .typeName = found->name.name,
                                                   .schema = found->name.schema});
}

/// A script's types are words; those of its own enums are written into revisions with their labels.
void sayEnums(Schema &schema)
{
    for (Table &table : schema.tables)
        for (Column &column : table.columns) {
            if (!column.type || column.type->module != u"reflected")
                continue;
            const bool isArray = column.type->name.endsWith(u"[]");
            const SqlTypePtr own =
                namedEnum(isArray ? column.type->name.chopped(2) : column.type->name, schema);
            if (own && isArray)
                column.type = std::make_shared<const SqlType>(
                    SqlType{.name = u"ARRAY"_s, .module = u"postgresql"_s, .item = own});
            else if (own)
                column.type = own;
        }
}

} // namespace

Result<Schema> modelsOfTexts(const QStringList &files, Backend backend, Diagnostics *notes)
{
    QString script;
    const QString first = files.value(0);
    if (std::ranges::any_of(files, [](const QString &file) { return !areSchemaTexts({file}); }))
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"The models are in SQL and in Python files: name one kind alone."_s,
                     .file = first};
    SourceSchema source;
    for (const QString &file : files) {
        const auto bytes = bytesOf(file);
        if (!bytes)
            return bytes.error();
        if (!file.endsWith(u".json", Qt::CaseInsensitive)) {
            script += QString::fromUtf8(*bytes) + u"\n;\n"_s;
            continue;
        }
        auto snapshot = readSnapshot(*bytes, file);
        const bool isOther = snapshot && snapshot->backend != backend;
        if (!snapshot || (!isOther && files.size() == 1))
            return snapshot ? Result<Schema>(snapshot->schema) : snapshot.error();
        return Error{.code = ErrorCode::ProjectRefused,
                     .message = isOther ? u"%1 is of another database than %2."_s.arg(
                                    file, backendTitle(backend))
                                        : u"A snapshot is a schema by itself: name it alone."_s,
                     .file = file};
    }
    QStringList problems;
    auto schema = schemaOfScript(script, backend, &problems);
    if (schema) {
        Schema made = schema.take();
        sayReferredColumns(made);
        if (backend == Backend::PostgreSql)
            sayEnums(made);
        schema = std::move(made);
    }
    for (const QString &problem : std::as_const(problems))
        if (notes)
            notes->append({.severity = Severity::Warning,
                           .code = u"unreadable-statement"_s,
                           .message = u"%1: %2"_s.arg(QFileInfo(first).fileName(), problem),
                           .file = first});
    return schema;
}

void doubtMissing(QList<Difference> &differences, bool Difference::*side, bool hidesColumns)
{
    using Kind = Difference::Kind;
    for (Difference &difference : differences) {
        const bool isPart =
            difference.kind == Kind::Table || (difference.kind == Kind::Column && hidesColumns);
        if (isPart && difference.aspect.isEmpty() && !(difference.*side))
            difference.uncertain = true;
    }
}

namespace {

/// PostgreSQL's partitions that only \a one has: they are no difference, but no secret either.
QSet<QString> ownPartitions(const SourceSchema &one, const SourceSchema &other, QStringList *notes)
{
    QStringList names;
    for (const Table &table : one.schema.tables)
        if (table.options.contains(u"postgresql_partition_of"_s) && !other.schema.table(table.name))
            names.append(table.name.text());
    if (!names.isEmpty())
        notes->append(u"%1: partitions are not compared: %2"_s.arg(one.title, names.join(u", "_s)));
    return {names.begin(), names.end()};
}

/// A database's are made from time to time, by whoever runs it; what migrations or a script make is wanted.
void leaveOutPartitions(const SourceSchema &from, const SourceSchema &to,
                        SourceComparison *comparison)
{
    ownPartitions(to, from, &comparison->notes); // compare() leaves these out
    if (!from.isCatalogue)
        return;
    const QSet<QString> names = ownPartitions(from, to, &comparison->notes);
    comparison->differences.removeIf([&](const Difference &difference) {
        return names.contains(difference.table.text()) && !difference.inDatabase;
    });
}

} // namespace

SourceComparison compareSources(const Project &project, const SourceSchema &from,
                                const SourceSchema &to, Backend backend,
                                const std::stop_token &stop)
{
    SourceComparison comparison{.backend = backend};
    const QStringList revisions = from.revisions + to.revisions;
    Blame origin;
    if (!revisions.isEmpty())
        origin =
            blame(project.replayed(backend, revisions, stop).operations, &rawSqlReader(backend));
    const MigrationOptions &options = project.options();
    comparison.differences =
        compare({.backend = backend,
                 .migrations = &from.schema,
                 .database = &to.schema,
                 .blame = &origin,
                 .hasAllSchemas = !to.isCatalogue, // of a server there is more than was asked for
                 .compareType = options.compareType.value_or(true),
                 .compareServerDefault = options.compareServerDefault.value_or(true)});
    leaveOutPartitions(from, to, &comparison);
    comparison.differences =
        withoutIgnored(comparison.differences, project.config().ignore, &comparison.ignored);
    for (Difference &difference : comparison.differences)
        difference.explanation =
            difference.revision.isEmpty() ? QString() : u"by "_s + difference.revision;
    comparison.renames =
        renameCandidates(comparison.differences, {.from = from.schema, .to = to.schema}, backend);
    askAboutRenames(comparison.differences, comparison.renames);
    if (from.hasGaps)
        doubtMissing(comparison.differences, &Difference::inMigrations, from.hidesColumns);
    if (to.hasGaps)
        doubtMissing(comparison.differences, &Difference::inDatabase, to.hidesColumns);
    for (const SourceSchema *side : {&from, &to}) {
        const QStringList notes =
            side->notes + side->schema.opaqueReasons + unreadTables(side->schema);
        for (const QString &note : notes)
            comparison.notes.append(u"%1: %2"_s.arg(side->title, note));
        comparison.isWhole = comparison.isWhole && notes.isEmpty();
    }
    return comparison;
}

Schema withUntypedSaid(Schema schema)
{
    for (Table &table : schema.tables)
        for (Column &column : table.columns)
            if (!column.type)
                column.type = std::make_shared<const SqlType>(SqlType{.module = u"reflected"_s});
    return schema;
}

} // namespace tribikos
