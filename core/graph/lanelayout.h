#pragma once

#include "core/graph/revisiongraph.h"

namespace tribikos {

/// A line (or half a line) inside one row of the history, between lane centres.
struct LaneEdge
{
    enum class Kind { Parent, DependsOn };
    enum class Part {
        Pass, // from the row's upper border to its lower one
        In,   // from the upper border (fromLane) to the node (toLane): a child above
        Out   // from the node (fromLane) to the lower border (toLane): a parent below
    };
    int fromLane = 0;
    int toLane = 0;
    Kind kind = Kind::Parent;
    Part part = Part::Pass;
    int colour = 0; // an index; the window has the colours
    friend bool operator==(const LaneEdge &, const LaneEdge &) = default;
};

/// One row of the history list: a node, its place, the lines through the row.
struct HistoryRow
{
    int node = -1;
    int lane = 0;
    int colour = 0;
    QList<LaneEdge> edges{};
    bool isHead = false;
    bool isEffectiveHead = false; // a head that another revision depends on
    bool isBase = false;
    bool isBranchPoint = false;
    bool isMergePoint = false;
    bool isGhost = false;
    bool isInCycle = false;
    bool hasHiddenParents = false; // a parent is not in this list
    friend bool operator==(const HistoryRow &, const HistoryRow &) = default;
};

/// Lanes beyond this one are drawn in it: nobody can follow so many lines, and each costs memory
/// in every row that it passes.
inline constexpr int lastLane = 63;

/// Lays \a order (newest first, as historyOrder() and historyRange() give it) out in lanes: a
/// revision's first parent stays in its lane, other lines take the leftmost free one, none moves
/// on its way. Same input, same layout.
QList<HistoryRow> layoutHistory(const RevisionGraph &graph, const QList<int> &order);

} // namespace tribikos
