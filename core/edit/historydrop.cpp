#include "core/edit/historydrop.h"

#include "core/edit/revisionedits.h"

#include <QBitArray>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error noDrop(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

Result<QList<int>> nodesOf(const RevisionGraph &graph, const QStringList &ids)
{
    QList<int> nodes;
    for (const QString &id : ids) {
        const int node = graph.find(id);
        if (node < 0 || graph.isGhost(node))
            return Error{.code = ErrorCode::NotFound,
                         .message = u"No file has the revision %1."_s.arg(id)};
        if (!nodes.contains(node))
            nodes.append(node);
    }
    return nodes;
}

/// \a nodes from the lowest to the topmost, when each but the lowest revises the one below it and nothing else.
Result<QList<int>> straightRun(const RevisionGraph &graph, const QList<int> &nodes)
{
    const Error crooked = noDrop(
        u"Only one revision, or several that follow one another in a straight line, can be moved."_s);
    const auto isTop = [&](int node) {
        return std::ranges::none_of(graph.children(node),
                                    [&](int child) { return nodes.contains(child); });
    };
    const auto top = std::ranges::find_if(nodes, isTop);
    if (top == nodes.cend())
        return crooked;
    QList<int> run{*top};
    while (run.size() < nodes.size()) {
        const QList<int> &parents = graph.parents(run.constFirst());
        if (parents.size() != 1 || !nodes.contains(parents.constFirst())
            || run.contains(parents.constFirst()))
            return crooked;
        run.prepend(parents.constFirst());
    }
    return run;
}

} // namespace

Result<HistoryDrop> dropOn(const RevisionGraph &graph, const QStringList &dragged,
                           const QString &target, bool isMoving)
{
    const auto nodes = nodesOf(graph, dragged);
    const auto goal = nodesOf(graph, {target});
    if (!nodes || !goal)
        return (nodes ? goal : nodes).error();
    const int onto = goal->constFirst();
    if (nodes->isEmpty() || nodes->contains(onto))
        return noDrop(u"Drop it on another revision."_s);
    const int only = nodes->constFirst();
    if (nodes->size() == 1 && graph.isHead(only) && graph.isHead(onto) && !isMoving)
        return HistoryDrop{HistoryDrop::Kind::Merge, dragged.constFirst(), dragged.constFirst(),
                           target};
    const auto run = straightRun(graph, *nodes);
    if (!run)
        return run.error();
    const int first = run->constFirst();
    const QString firstId = graph.revision(first).id;
    if (graph.parents(first) == QList<int>{onto})
        return noDrop(u"%1 revises %2 already."_s.arg(firstId, target));
    const bool isRun = run->size() > 1;
    if (!isRun && graph.appliedNodes({target}).testBit(first))
        return noDrop(u"%1 stands on %2, so that can't be put on it."_s.arg(target, firstId));
    return HistoryDrop{isRun ? HistoryDrop::Kind::MoveChain : HistoryDrop::Kind::Reparent, firstId,
                       graph.revision(run->constLast()).id, target};
}

Result<Edit> movedBy(const RevisionGraph &graph, const HistoryDrop &drop)
{
    switch (drop.kind) {
    case HistoryDrop::Kind::Reparent: return reparent(graph, drop.first, {drop.target});
    case HistoryDrop::Kind::MoveChain:
        return moveChain(graph, drop.first, drop.last, {drop.target});
    case HistoryDrop::Kind::Merge: break;
    }
    return noDrop(u"A merge is a new revision."_s);
}

} // namespace tribikos
