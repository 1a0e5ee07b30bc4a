#include "core/graph/lanelayout.h"

#include <algorithm>

namespace tribikos {

namespace {

/// A line on its way down to a node that was not reached yet; target -1 is a free lane.
struct Lane
{
    int target = -1;
    LaneEdge::Kind kind = LaneEdge::Kind::Parent;
    int colour = 0;
};

int shown(qsizetype lane)
{
    return int(std::min<qsizetype>(lane, lastLane));
}

class Layout
{
public:
    Layout(const RevisionGraph &graph, const QList<int> &order);
    HistoryRow row(int node);

private:
    qsizetype firstFree() const;
    void take(qsizetype lane, const Lane &line);
    qsizetype arrive(HistoryRow *row);
    void pass(HistoryRow *row) const;
    void leave(HistoryRow *row, qsizetype own);
    void leave(HistoryRow *row, qsizetype own, int target, LaneEdge::Kind kind);

    const RevisionGraph &m_graph;
    QBitArray m_below; // listed, and not yet placed
    QList<Lane> m_lanes{};
};

Layout::Layout(const RevisionGraph &graph, const QList<int> &order)
    : m_graph(graph)
    , m_below(graph.nodeCount())
{
    for (const int node : order)
        m_below.setBit(node);
}

qsizetype Layout::firstFree() const
{
    const auto free = std::ranges::find(m_lanes, -1, &Lane::target);
    return free - m_lanes.begin();
}

void Layout::take(qsizetype lane, const Lane &line)
{
    if (lane == m_lanes.size())
        m_lanes.append(line);
    else
        m_lanes[lane] = line;
}

/// Ends the lines that lead to the row's node; gives the node's lane.
qsizetype Layout::arrive(HistoryRow *row)
{
    qsizetype own = -1;
    for (const auto kind : {LaneEdge::Kind::Parent, LaneEdge::Kind::DependsOn}) {
        for (qsizetype i = 0; own < 0 && i < m_lanes.size(); ++i) {
            if (m_lanes[i].target == row->node && m_lanes[i].kind == kind)
                own = i;
        }
    }
    const bool isNew = own < 0;
    if (isNew)
        own = firstFree();
    const bool keepsColour = !isNew && m_lanes[own].kind == LaneEdge::Kind::Parent;
    row->lane = shown(own);
    row->colour = keepsColour ? m_lanes[own].colour : shown(own);
    for (qsizetype i = 0; i < m_lanes.size(); ++i) {
        Lane &line = m_lanes[i];
        if (line.target != row->node)
            continue;
        row->edges.append({shown(i), row->lane, line.kind, LaneEdge::Part::In, line.colour});
        line.target = -1;
    }
    return own;
}

void Layout::pass(HistoryRow *row) const
{
    bool isCrowded = false;
    for (qsizetype i = 0; i < m_lanes.size() && !isCrowded; ++i) {
        const Lane &line = m_lanes[i];
        if (line.target < 0)
            continue;
        row->edges.append({shown(i), shown(i), line.kind, LaneEdge::Part::Pass, line.colour});
        isCrowded = i >= lastLane; // one line stands for all the others
    }
}

void Layout::leave(HistoryRow *row, qsizetype own, int target, LaneEdge::Kind kind)
{
    qsizetype lane = -1;
    if (own < 0) { // a second line to a node joins the first
        const auto known = std::ranges::find_if(
            m_lanes, [&](const Lane &line) { return line.target == target && line.kind == kind; });
        lane = known == m_lanes.end() ? -1 : known - m_lanes.begin();
    } else {
        lane = own;
        take(lane, {target, kind, row->colour});
    }
    if (lane < 0) {
        lane = firstFree();
        take(lane, {target, kind, shown(lane)});
    }
    row->edges.append({row->lane, shown(lane), kind, LaneEdge::Part::Out, m_lanes[lane].colour});
}

void Layout::leave(HistoryRow *row, qsizetype own)
{
    qsizetype straight = own;
    for (const int parent : m_graph.parents(row->node)) {
        if (!m_below.testBit(parent)) {
            row->hasHiddenParents = true;
            continue;
        }
        leave(row, straight, parent, LaneEdge::Kind::Parent);
        straight = -1;
    }
    if (straight >= 0) // nothing goes on in its own lane, but this row still fills it
        take(own, {row->node, LaneEdge::Kind::Parent, row->colour});
    for (const int dependency : m_graph.dependencies(row->node)) {
        if (m_graph.parents(row->node).contains(dependency))
            continue;
        if (m_below.testBit(dependency))
            leave(row, -1, dependency, LaneEdge::Kind::DependsOn);
        else
            row->hasHiddenParents = true;
    }
    if (straight >= 0)
        m_lanes[own].target = -1;
    while (!m_lanes.isEmpty() && m_lanes.constLast().target < 0)
        m_lanes.removeLast();
}

HistoryRow Layout::row(int node)
{
    HistoryRow row{.node = node};
    row.isHead = m_graph.isHead(node);
    row.isEffectiveHead = row.isHead && !m_graph.isRealHead(node);
    row.isBase = m_graph.isBase(node);
    row.isBranchPoint = m_graph.isBranchPoint(node);
    row.isMergePoint = m_graph.isMergePoint(node);
    row.isGhost = m_graph.isGhost(node);
    row.isInCycle = m_graph.isInCycle(node);
    m_below.clearBit(node);
    const qsizetype own = arrive(&row);
    pass(&row);
    leave(&row, own);
    return row;
}

} // namespace

QList<HistoryRow> layoutHistory(const RevisionGraph &graph, const QList<int> &order)
{
    Layout layout(graph, order);
    QList<HistoryRow> rows;
    rows.reserve(order.size());
    for (const int node : order)
        rows.append(layout.row(node));
    return rows;
}

} // namespace tribikos
