#pragma once

#include "core/diagram/diagramgraph.h"
#include "core/diagram/diagramlayout.h"

/*!
    One connected part of a diagram in layers: what is referenced stands left of what refers to it (K. Sugiyama, S. Tagawa,
    M. Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981). A line that crosses layers passes
    through a node without a table in each; lines to the same row of the same table share theirs.
*/
namespace tribikos {

struct LayerNode
{
    int table = -1; // by DiagramGraph::tables; -1: a line's way through the layer
    int layer = 0;
    qreal width = 0;
    qreal height = 0;
    qreal y = 0; // of the upper edge
};

/// A line's piece between two neighbouring layers. Nodes by their place in Layers::nodes.
struct LayerHop
{
    int left = 0;
    int right = 0;
    qreal leftAnchor = 0; // below the node's upper edge
    qreal rightAnchor = 0;
};

struct Layers
{
    QList<LayerNode> nodes{};
    QList<LayerHop> hops{};
    QList<QList<int>> order{};        // per layer, from above
    QList<QList<int>> ways{};         // per link of the part: its hops from left to right; none for a self-reference
    QList<bool> isTargetLeft{};       // per link; false: the line had to be turned, as it closes a cycle
};

/// The part of \a graph that has \a tables and \a links, ordered so that few lines cross. \a height: a layer is at most
/// so high, unless one table is higher.
Layers makeLayers(const DiagramGraph &graph, const QList<int> &tables, const QList<int> &links,
                  const QList<QSizeF> &sizes, const DiagramMetrics &metrics, qreal height,
                  const std::stop_token &stop);

/// How far below a box's upper edge a line at \a row (-1: its head) stands.
qreal anchorOf(int row, const DiagramMetrics &metrics);

} // namespace tribikos
