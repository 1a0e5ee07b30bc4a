#pragma once

#include "core/diagram/diagramgraph.h"

#include <QList>
#include <QPointF>
#include <QRectF>
#include <stop_token>

namespace tribikos {

/// Lengths, in whatever unit the drawing uses.
struct DiagramMetrics
{
    qreal headHeight = 24; // of a box's head
    qreal rowHeight = 18;  // of one column in it
    qreal padding = 6;     // below the last row
    qreal gap = 22;        // between two boxes that stand above each other
    qreal track = 9;       // between two lines that run beside each other
    qreal end = 20;        // room for the sign at a line's end
};

struct DiagramLayout
{
    QList<QRectF> boxes{};            // as DiagramGraph::tables
    QList<QList<QPointF>> routes{};   // as DiagramGraph::links: from the referring table to the referenced one, in
                                      // horizontal and vertical pieces
    QSizeF size{};                    // everything lies between (0, 0) and this
};

qreal diagramBoxHeight(const DiagramTable &table, const DiagramMetrics &metrics);

/// Places \a graph's tables, whose boxes are \a widths wide, and leads the lines between them. Referenced tables stand to
/// the left; parts without a line between them are packed side by side, tables without any line last. The same input
/// gives the same layout. Stopped halfway it returns at once, with boxes that may overlap.
DiagramLayout layOutDiagram(const DiagramGraph &graph, const QList<qreal> &widths,
                            const DiagramMetrics &metrics, const std::stop_token &stop = {});

} // namespace tribikos
