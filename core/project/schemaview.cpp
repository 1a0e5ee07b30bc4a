#include "core/project/schemaview.h"

#include "core/dialects/dialect.h"
#include "core/diff/diff.h"
#include "core/sqlread/rawsql.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Result<Schema> schemaOf(const Project &project, Backend backend, const SchemaSource &source,
                        const EnvironmentState *state, const Replayed &replayed, QStringList *notes,
                        const std::stop_token &stop)
{
    switch (source.kind) {
    case SchemaSource::Kind::Revision: return replayed.schema;
    case SchemaSource::Kind::Models: {
        Diagnostics found;
        auto models = project.models(backend, &found, stop);
        for (const Diagnostic &note : found)
            notes->append(note.message);
        return models;
    }
    case SchemaSource::Kind::Database: break;
    }
    if (!state || !state->schema)
        return Error{.code = ErrorCode::ProjectRefused,
                     .message = u"The database’s catalogue was not read."_s};
    return *state->schema;
}

TableView viewOf(const Schema &schema, const Table &table, Backend backend, const Blame &origin)
{
    using Kind = Difference::Kind;
    TableView view{.name = table.name,
                   .revision = origin.revision(Kind::Table, table.name, {}),
                   .isOpaque = table.isOpaque};
    for (const TablePart &part : tableParts(schema, table, backend))
        view.parts.append({part, origin.revision(part.kind, table.name, part.name)});
    return view;
}

} // namespace

Result<SchemaView> readSchemaView(const Project &project, Backend backend,
                                  const SchemaSource &source, const EnvironmentState *state,
                                  const std::stop_token &stop)
{
    const bool isRevision = source.kind == SchemaSource::Kind::Revision;
    const RevisionGraph &graph = project.graph();
    const int node = source.revision.isEmpty() ? -1 : graph.find(source.revision);
    if (isRevision && !source.revision.isEmpty() && (node < 0 || graph.isGhost(node)))
        return Error{.code = ErrorCode::NotFound,
                     .message = u"No file of the project has %1 any more."_s.arg(source.revision)};
    const QStringList upTo = isRevision && node >= 0 ? QStringList{source.revision}
                                                      : graph.ids(graph.realHeads());
    const Replayed replayed = project.replayed(backend, upTo, stop);
    SchemaView view;
    Result<Schema> schema =
        schemaOf(project, backend, source, state, replayed, &view.notes, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"Reading the schema was cancelled."_s};
    if (!schema)
        return schema.error();
    view.schema = schema.take();
    view.notes += view.schema.notes + view.schema.opaqueReasons;
    const Blame origin = blame(replayed.operations, &rawSqlReader(backend));
    for (const Table &table : std::as_const(view.schema.tables)) {
        if (table.name != project.versionTable())
            view.tables.append(viewOf(view.schema, table, backend, origin));
    }
    view.schema.tables.remove(project.versionTable());
    for (const NamedObject &object : std::as_const(view.schema.objects))
        view.objects.append(
            {object, origin.revision(Difference::Kind::Object, {}, object.name.text())});
    return view;
}

QString tableDefinition(const Table &table, Backend backend)
{
    const Dialect &dialect = dialectFor(backend);
    RenderContext context;
    QStringList statements;
    Table bare = table;
    bare.indexes.clear();
    const auto render = [&](const Operation &operation) {
        const Status status = dialect.renderInto(operation, context, statements);
        if (!status)
            statements.append(u"-- "_s + status.error().message);
    };
    render(Operation{CreateTable{.table = bare}});
    for (const Index &index : table.indexes)
        render(Operation{CreateIndex{.table = table.name, .index = index}});
    QString text;
    for (const QString &statement : std::as_const(statements))
        text += statement.trimmed()
                + (statement.startsWith(u"--"_s) ? QLatin1String("\n\n") : QLatin1String(";\n\n"));
    return text.trimmed() + u'\n';
}

} // namespace tribikos
