#include "core/project/usecases.h"

#include "core/sqlread/rawsql.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isAncestor(const RevisionGraph &graph, const QString &lower, const QString &upper)
{
    return graph.appliedNodes({upper}).testBit(graph.find(lower));
}

RevisionComparison inOrder(const RevisionGraph &graph, const QString &one, const QString &other)
{
    if (isAncestor(graph, one, other))
        return {.older = one, .newer = other};
    if (isAncestor(graph, other, one))
        return {.older = other, .newer = one};
    const QList<int> order = graph.historyOrder(); // newest first
    const bool isOneNewer = order.indexOf(graph.find(one)) < order.indexOf(graph.find(other));
    return {
        .older = isOneNewer ? other : one, .newer = isOneNewer ? one : other, .areRelated = false};
}

/// What the scripts up to there can't tell.
void noteUnknown(const QString &revision, const Schema &schema, Comparison *found)
{
    for (const QString &reason : schema.opaqueReasons)
        found->notes.append(u"%1: %2"_s.arg(revision, reason));
    found->isWhole = found->isWhole && schema.opaqueReasons.isEmpty();
}

} // namespace

Result<RevisionComparison> compareRevisions(const Project &project, Backend backend,
                                            const QString &one, const QString &other,
                                            const std::stop_token &stop)
{
    QElapsedTimer timer;
    timer.start();
    const RevisionGraph &graph = project.graph();
    for (const QString &id : {one, other}) {
        const int node = graph.find(id);
        if (node < 0 || graph.isGhost(node))
            return Error{.code = ErrorCode::NotFound,
                         .message = u"No file of the project has %1 any more."_s.arg(id)};
    }
    RevisionComparison comparison = inOrder(graph, one, other);
    const Schema older = project.schemaAt(backend, {comparison.older}, stop);
    const Schema newer = project.schemaAt(backend, {comparison.newer}, stop);
    const Replayed both = project.replayed(backend, {comparison.older, comparison.newer}, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"The comparison was cancelled."_s};
    const Blame origin = blame(both.operations, &rawSqlReader(backend));
    Comparison &found = comparison.found;
    found.differences =
        compare({.backend = backend, .migrations = &older, .database = &newer, .blame = &origin});
    for (Difference &difference : found.differences)
        difference.explanation =
            difference.revision.isEmpty() ? QString() : u"by %1"_s.arg(difference.revision);
    noteUnknown(comparison.older, older, &found);
    if (comparison.areRelated || newer.opaqueReasons != older.opaqueReasons)
        noteUnknown(comparison.newer, newer, &found);
    found.notes.removeDuplicates();
    found.tables = int(newer.tables.size());
    found.milliseconds = timer.elapsed();
    return comparison;
}

} // namespace tribikos
