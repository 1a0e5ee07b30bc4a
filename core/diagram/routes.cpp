#include "core/diagram/routes.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace tribikos {

namespace {

qreal leftY(const Layers &layers, const LayerHop &hop)
{
    return layers.nodes[hop.left].y + hop.leftAnchor;
}

qreal rightY(const Layers &layers, const LayerHop &hop)
{
    return layers.nodes[hop.right].y + hop.rightAnchor;
}

bool isStraight(const Layers &layers, const LayerHop &hop)
{
    return std::abs(leftY(layers, hop) - rightY(layers, hop)) < 0.05;
}

/// The vertical pieces of lines that leave from one place.
struct Trunk
{
    qreal top = 0;
    qreal bottom = 0;
    QList<int> hops{};
};

QList<Trunk> trunksAfter(const Layers &layers, const QList<int> &hops)
{
    std::map<std::pair<int, qreal>, Trunk> trunks;
    for (const int index : hops) {
        const LayerHop &hop = layers.hops[index];
        if (isStraight(layers, hop))
            continue;
        const auto [low, high] = std::minmax({leftY(layers, hop), rightY(layers, hop)}); // by value
        const auto [place, isNew] =
            trunks.emplace(std::pair(hop.left, hop.leftAnchor), Trunk{low, high, {}});
        Trunk &trunk = place->second;
        trunk.top = std::min(trunk.top, low);
        trunk.bottom = std::max(trunk.bottom, high);
        trunk.hops.append(index);
    }
    QList<Trunk> sorted;
    for (const auto &[key, trunk] : trunks)
        sorted.append(trunk);
    std::ranges::stable_sort(sorted, {}, &Trunk::top);
    return sorted;
}

/// Gives each trunk the first track that is free over its height; returns how many tracks there are.
int takeTracks(const QList<Trunk> &trunks, QList<int> &trackOfHop, qreal distance)
{
    QList<qreal> ends; // per track: how far down it is taken
    for (const Trunk &trunk : trunks) {
        int track = 0;
        while (track < ends.size() && ends[track] + distance > trunk.top)
            ++track;
        if (track == ends.size())
            ends.append(0);
        ends[track] = trunk.bottom;
        for (const int hop : trunk.hops)
            trackOfHop[hop] = track;
    }
    return int(ends.size());
}

} // namespace

Channels makeChannels(const Layers &layers, const QList<bool> &loops, const DiagramMetrics &metrics)
{
    Channels channels{.hopX = QList<qreal>(layers.hops.size(), 0)};
    QList<QList<int>> hopsAfter(layers.order.size());
    for (int i = 0; i < layers.hops.size(); ++i)
        hopsAfter[layers.nodes[layers.hops[i].left].layer].append(i);
    QList<int> tracks(layers.hops.size(), 0);
    qreal x = 0;
    for (qsizetype layer = 0; layer < layers.order.size(); ++layer) {
        qreal width = 0;
        for (const int node : layers.order[layer])
            width = std::max(width, layers.nodes[node].width);
        channels.layerLeft.append(x);
        channels.layerRight.append(x + width);
        x += width + (loops[layer] ? 1.5 * metrics.end : 0);
        channels.width = x;
        const int count = takeTracks(trunksAfter(layers, hopsAfter[layer]), tracks, metrics.track);
        for (const int hop : hopsAfter[layer])
            channels.hopX[hop] = x + metrics.end + tracks[hop] * metrics.track;
        x += 2 * metrics.end + std::max(0, count - 1) * metrics.track;
    }
    return channels;
}

QList<QPointF> routeOf(const Layers &layers, const Channels &channels, qsizetype place)
{
    QList<QPointF> route;
    for (const int index : layers.ways[place]) {
        const LayerHop &hop = layers.hops[index];
        const LayerNode &left = layers.nodes[hop.left];
        const LayerNode &right = layers.nodes[hop.right];
        const qreal from = leftY(layers, hop);
        const qreal to = rightY(layers, hop);
        if (left.table >= 0)
            route.append({channels.layerLeft[left.layer] + left.width, from});
        if (!isStraight(layers, hop)) {
            route.append({channels.hopX[index], from});
            route.append({channels.hopX[index], to});
        }
        if (right.table >= 0)
            route.append({channels.layerLeft[right.layer], to});
    }
    return route;
}

QList<QPointF> loopRoute(const QRectF &box, const DiagramLink &link, const DiagramMetrics &metrics)
{
    const qreal from = box.top() + anchorOf(link.fromRow, metrics);
    qreal to = box.top() + anchorOf(link.toRow, metrics);
    if (std::abs(from - to) < 0.5)
        to -= metrics.headHeight / 4;
    const qreal x = box.right() + 1.25 * metrics.end;
    return {{box.right(), from}, {x, from}, {x, to}, {box.right(), to}};
}

} // namespace tribikos
