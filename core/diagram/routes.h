#pragma once

#include "core/diagram/layers.h"

namespace tribikos {

/// Where the layers of a placed part stand, and the vertical pieces of the lines between them.
struct Channels
{
    QList<qreal> layerLeft{};  // per layer
    QList<qreal> layerRight{};
    QList<qreal> hopX{};       // per hop: where it goes up or down
    qreal width = 0;           // of everything
};

/// Gives lines that would run over one another tracks of their own between two layers; what comes from the same place
/// shares one. \a loops: per layer, whether a table in it refers to itself.
Channels makeChannels(const Layers &layers, const QList<bool> &loops, const DiagramMetrics &metrics);

/// The line of the link at \a place of the part, from left to right.
QList<QPointF> routeOf(const Layers &layers, const Channels &channels, qsizetype place);

/// The line of a self-reference at the right of \a box, from the referring row to the referenced one.
QList<QPointF> loopRoute(const QRectF &box, const DiagramLink &link, const DiagramMetrics &metrics);

} // namespace tribikos
