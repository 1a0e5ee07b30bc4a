#include "core/diagram/diagramlayout.h"

#include "core/diagram/layers.h"
#include "core/diagram/placement.h"
#include "core/diagram/routes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tribikos {

namespace {

constexpr qreal aspect = 1.6; // what width to height a diagram aims at

/// Tables and links that hang together, and where they are once laid out, from (0, 0).
struct Component
{
    QList<int> tables{};
    QList<int> links{};
    QList<QRectF> boxes{};          // as tables
    QList<QList<QPointF>> routes{}; // as links
    QSizeF size{};
};

QList<Component> components(const DiagramGraph &graph)
{
    QList<int> leaders(graph.tables.size());
    std::iota(leaders.begin(), leaders.end(), 0);
    const auto leader = [&leaders](int table) {
        while (leaders[table] != table)
            table = leaders[table] = leaders[leaders[table]];
        return table;
    };
    for (const DiagramLink &link : graph.links) {
        const int a = leader(link.from);
        const int b = leader(link.to);
        leaders[std::max(a, b)] = std::min(a, b);
    }
    QList<int> placeOf(graph.tables.size(), -1);
    QList<Component> parts;
    for (int table = 0; table < graph.tables.size(); ++table) {
        int &place = placeOf[leader(table)];
        if (place < 0) {
            place = int(parts.size());
            parts.append(Component());
        }
        parts[place].tables.append(table);
    }
    for (int link = 0; link < graph.links.size(); ++link)
        parts[placeOf[leader(graph.links[link].from)]].links.append(link);
    return parts;
}

/// How high a layer may be for \a part to come out about as wide as wanted.
qreal layerHeight(const Component &part, const QList<QSizeF> &sizes, const DiagramMetrics &metrics)
{
    qreal area = 0;
    for (const int table : part.tables)
        area += (sizes[table].width() + 3 * metrics.end) * (sizes[table].height() + metrics.gap);
    return std::sqrt(area / aspect);
}

void layOut(Component &part, const DiagramGraph &graph, const QList<QSizeF> &sizes,
            const DiagramMetrics &metrics, const std::stop_token &stop)
{
    Layers layers = makeLayers(graph, part.tables, part.links, sizes, metrics,
                               layerHeight(part, sizes, metrics), stop);
    placeNodes(layers, metrics, stop);
    QList<bool> loops(layers.order.size(), false);
    QList<int> nodeOf(graph.tables.size(), -1);
    for (int node = 0; node < layers.nodes.size(); ++node)
        if (layers.nodes[node].table >= 0)
            nodeOf[layers.nodes[node].table] = node;
    for (const int link : part.links)
        if (graph.links[link].from == graph.links[link].to)
            loops[layers.nodes[nodeOf[graph.links[link].from]].layer] = true;
    const Channels channels = makeChannels(layers, loops, metrics);
    qreal height = 0;
    for (const LayerNode &node : std::as_const(layers.nodes))
        height = std::max(height, node.y + node.height);
    for (const int table : part.tables) {
        const LayerNode &node = layers.nodes[nodeOf[table]];
        part.boxes.append(QRectF(channels.layerLeft[node.layer], node.y, node.width, node.height));
    }
    for (qsizetype i = 0; i < part.links.size(); ++i) {
        const DiagramLink &link = graph.links[part.links[i]];
        if (link.from == link.to) {
            part.routes.append(
                loopRoute(part.boxes[part.tables.indexOf(link.from)], link, metrics));
            continue;
        }
        QList<QPointF> route = routeOf(layers, channels, i);
        if (layers.isTargetLeft[i])
            std::ranges::reverse(route);
        part.routes.append(route);
    }
    part.size = {channels.width, height};
}

/// Puts \a parts side by side in rows, the highest first, and tables without a line behind the rest; returns the places.
QList<QPointF> pack(const QList<Component> &parts, const DiagramMetrics &metrics, QSizeF &size)
{
    const qreal space = 2 * metrics.gap;
    qreal area = 0;
    qreal width = 0;
    QList<int> order(parts.size());
    std::iota(order.begin(), order.end(), 0);
    for (const Component &part : parts) {
        area += (part.size.width() + space) * (part.size.height() + space);
        width = std::max(width, part.size.width());
    }
    width = std::max(width, std::sqrt(area * aspect));
    std::ranges::stable_sort(order, [&parts](int a, int b) {
        const bool hasLinks = !parts[a].links.isEmpty();
        if (hasLinks != !parts[b].links.isEmpty())
            return hasLinks;
        return parts[a].size.height() > parts[b].size.height();
    });
    QList<QPointF> places(parts.size());
    QPointF at;
    qreal rowHeight = 0;
    for (const int i : std::as_const(order)) {
        if (at.x() > 0 && at.x() + parts[i].size.width() > width) {
            at = {0, at.y() + rowHeight + space};
            rowHeight = 0;
        }
        places[i] = at;
        size = size.expandedTo({at.x() + parts[i].size.width(), at.y() + parts[i].size.height()});
        at.rx() += parts[i].size.width() + space;
        rowHeight = std::max(rowHeight, parts[i].size.height());
    }
    return places;
}

} // namespace

qreal diagramBoxHeight(const DiagramTable &table, const DiagramMetrics &metrics)
{
    return metrics.headHeight
           + (table.rows.isEmpty()
                  ? 0
                  : qreal(table.rows.size()) * metrics.rowHeight + metrics.padding);
}

DiagramLayout layOutDiagram(const DiagramGraph &graph, const QList<qreal> &widths,
                            const DiagramMetrics &metrics, const std::stop_token &stop)
{
    QList<QSizeF> sizes;
    for (qsizetype i = 0; i < graph.tables.size(); ++i)
        sizes.append({widths[i], diagramBoxHeight(graph.tables[i], metrics)});
    QList<Component> parts = components(graph);
    for (Component &part : parts)
        layOut(part, graph, sizes, metrics, stop);
    DiagramLayout layout;
    const QList<QPointF> places = pack(parts, metrics, layout.size);
    layout.boxes.resize(graph.tables.size());
    layout.routes.resize(graph.links.size());
    for (qsizetype i = 0; i < parts.size(); ++i) {
        for (qsizetype k = 0; k < parts[i].tables.size(); ++k)
            layout.boxes[parts[i].tables[k]] = parts[i].boxes[k].translated(places[i]);
        for (qsizetype k = 0; k < parts[i].links.size(); ++k) {
            QList<QPointF> &route = layout.routes[parts[i].links[k]];
            for (const QPointF &point : std::as_const(parts[i].routes[k]))
                route.append(point + places[i]);
        }
    }
    return layout;
}

} // namespace tribikos
