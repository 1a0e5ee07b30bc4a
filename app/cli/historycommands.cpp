#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

QJsonArray revisionArray(const RevisionGraph &graph, const QList<int> &nodes)
{
    QJsonArray list;
    for (const int node : nodes)
        list.append(revisionObject(graph, node));
    return list;
}

/// The two ends of -r START:END.
struct Range
{
    QString lower{};
    QString upper{};
};

Result<Range> readRange(const Invocation &invocation)
{
    const QString text = invocation.values.value(u"rev-range"_s).trimmed();
    if (!invocation.values.contains(u"rev-range"_s))
        return Range{};
    const QStringList ends = text.split(u':');
    if (ends.size() != 2)
        return Error{.code = ErrorCode::Usage,
                     .message = u"History range requires [start]:[end], [start]:, or :[end]"_s};
    return Range{ends[0], ends[1]};
}

/// An end that says "current" stands for the rows; without rows it is as if it were not there.
Result<QList<int>> nodesOf(const RevisionGraph &graph, const Range &range, const QStringList &rows)
{
    if (range.upper == u"current" && !rows.isEmpty())
        return graph.historyRange(range.lower, rows);
    if (range.upper == u"current")
        return graph.historyRange(range.lower, QString());
    if (range.lower == u"current" && !rows.isEmpty())
        return graph.historyRange(rows, range.upper);
    if (range.lower == u"current")
        return graph.historyRange(QString(), range.upper);
    return graph.historyRange(range.lower, range.upper);
}

/// What a broken project still has: Alembic's range rules hold for whole ones.
QList<int> knownRevisions(const RevisionGraph &graph)
{
    QList<int> nodes = graph.historyOrder();
    nodes.removeIf([&](int node) { return graph.isGhost(node); });
    return nodes;
}

} // namespace

int history(CommandContext &context)
{
    const Invocation &invocation = context.invocation();
    const RevisionGraph &graph = context.graph();
    const auto range = readRange(invocation);
    if (!range)
        return context.fail(range.error());
    const bool marksCurrent = invocation.has(u"indicate-current"_s);
    QStringList rows;
    if (marksCurrent || range->lower == u"current" || range->upper == u"current") {
        const auto read = context.position();
        if (!read)
            return context.fail(read.error());
        rows = read->rows;
    }
    const bool isWhole = !invocation.values.contains(u"rev-range"_s) && graph.refusal();
    const auto nodes =
        isWhole ? Result<QList<int>>(knownRevisions(graph)) : nodesOf(graph, *range, rows);
    if (!nodes)
        return context.fail(nodes.error());
    if (context.isJson()) {
        context.printJson(invocation.has(u"only-ids"_s)
                              ? QJsonArray::fromStringList(graph.ids(*nodes))
                              : revisionArray(graph, *nodes));
        return Done;
    }
    for (const int node : *nodes) {
        if (invocation.has(u"only-ids"_s)) {
            context.print(graph.revision(node).id);
            continue;
        }
        const bool isCurrent = marksCurrent && rows.contains(graph.revision(node).id);
        if (invocation.has(u"verbose"_s))
            context.print(revisionEntry(graph, node, isCurrent));
        else
            context.print(revisionLine(
                graph, node,
                {.hasParents = true, .hasLabels = true, .hasDoc = true, .isCurrent = isCurrent}));
    }
    return Done;
}

int heads(CommandContext &context)
{
    if (context.invocation().values.contains(u"with"_s))
        return headsWith(context);
    const RevisionGraph &graph = context.graph();
    const QList<int> nodes =
        context.invocation().has(u"resolve-dependencies"_s) ? graph.realHeads() : graph.heads();
    if (context.isJson()) {
        context.printJson(revisionArray(graph, nodes));
        return Done;
    }
    for (const int node : nodes) {
        if (context.invocation().has(u"verbose"_s))
            context.print(revisionEntry(graph, node));
        else
            context.print(revisionLine(graph, node, {.hasLabels = true, .hasTreeMarks = false}));
    }
    return Done;
}

int branches(CommandContext &context)
{
    const RevisionGraph &graph = context.graph();
    const bool isVerbose = context.invocation().has(u"verbose"_s);
    QList<int> points = knownRevisions(graph);
    points.removeIf([&](int node) { return !graph.isBranchPoint(node); });
    if (context.isJson()) {
        context.printJson(revisionArray(graph, points));
        return Done;
    }
    for (const int node : std::as_const(points)) {
        context.print(isVerbose ? revisionEntry(graph, node)
                                : revisionLine(graph, node, {.hasLabels = true}));
        const QString indent(graph.revision(node).id.size(), u' ');
        for (const int child : graph.children(node))
            context.print(indent + u" -> "_s
                          + revisionLine(graph, child, {.hasLabels = true, .hasDoc = isVerbose}));
        context.print(QString());
    }
    return Done;
}

int show(CommandContext &context)
{
    const RevisionGraph &graph = context.graph();
    const QString wanted = context.invocation().positionals.constFirst();
    const auto nodes = wanted == u"current" ? context.currentRevisions() : graph.resolve(wanted);
    if (!nodes)
        return context.fail(nodes.error());
    if (context.isJson()) {
        context.printJson(revisionArray(graph, *nodes));
        return Done;
    }
    for (const int node : *nodes)
        context.print(revisionEntry(graph, node));
    return Done;
}

} // namespace tribikos::cli
