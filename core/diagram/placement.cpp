#include "core/diagram/placement.h"

#include <algorithm>
#include <limits>

namespace tribikos {

namespace {

struct Wish
{
    qreal y = 0; // of the upper edge
    qreal weight = 0;
};

/// The places nearest to \a wishes, by least squares, in which each one stands at least \a distances below the one before:
/// pooling of adjacent violators (R. E. Barlow and others, "Statistical Inference under Order Restrictions", 1972).
QList<qreal> nearestPlaces(const QList<Wish> &wishes, const QList<qreal> &distances)
{
    struct Pool
    {
        qreal sum = 0;
        qreal weight = 0;
        qsizetype count = 0;
        qreal y() const { return sum / weight; }
    };
    QList<Pool> pools;
    qreal offset = 0;
    for (qsizetype i = 0; i < wishes.size(); ++i) {
        offset += distances[i];
        pools.append({(wishes[i].y - offset) * wishes[i].weight, wishes[i].weight, 1});
        while (pools.size() > 1 && pools.last().y() < pools[pools.size() - 2].y()) {
            const Pool last = pools.takeLast();
            pools.last().sum += last.sum;
            pools.last().weight += last.weight;
            pools.last().count += last.count;
        }
    }
    QList<qreal> places;
    offset = 0;
    for (const Pool &pool : std::as_const(pools)) {
        for (qsizetype i = 0; i < pool.count; ++i) {
            offset += distances[places.size()];
            places.append(pool.y() + offset);
        }
    }
    return places;
}

class Placement
{
public:
    Placement(Layers &layers, const DiagramMetrics &metrics)
        : m_layers(layers)
        , m_metrics(metrics)
        , m_left(layers.nodes.size())
        , m_right(layers.nodes.size())
    {
        for (int i = 0; i < layers.hops.size(); ++i) {
            m_left[layers.hops[i].right].append(i);
            m_right[layers.hops[i].left].append(i);
        }
    }

    void stack()
    {
        for (const QList<int> &layer : std::as_const(m_layers.order)) {
            qreal y = 0;
            for (qsizetype i = 0; i < layer.size(); ++i) {
                y += distance(layer, i);
                m_layers.nodes[layer[i]].y = y;
            }
        }
    }

    enum class Side { Left, Right, Both };

    void settle(const QList<int> &layer, Side side)
    {
        QList<Wish> wishes;
        QList<qreal> distances;
        for (qsizetype i = 0; i < layer.size(); ++i) {
            wishes.append(wish(layer[i], side));
            distances.append(distance(layer, i));
        }
        const QList<qreal> places = nearestPlaces(wishes, distances);
        for (qsizetype i = 0; i < layer.size(); ++i)
            m_layers.nodes[layer[i]].y = places[i];
    }

private:
    qreal distance(const QList<int> &layer, qsizetype i) const
    {
        if (i == 0)
            return 0;
        const LayerNode &above = m_layers.nodes[layer[i - 1]];
        const LayerNode &below = m_layers.nodes[layer[i]];
        const bool areTables = above.table >= 0 && below.table >= 0;
        const bool areLines = above.table < 0 && below.table < 0;
        return above.height
               + (areTables  ? m_metrics.gap
                  : areLines ? m_metrics.track
                             : m_metrics.gap / 2);
    }

    Wish wish(int node, Side side) const
    {
        constexpr qreal staying = 0.05; // of what has no line on that side
        Wish result{m_layers.nodes[node].y * staying, staying};
        const auto add = [&](const LayerHop &hop) {
            const bool isRight = hop.right == node;
            const LayerNode &other = m_layers.nodes[isRight ? hop.left : hop.right];
            const qreal weight = other.table < 0 && m_layers.nodes[node].table < 0 ? 4 : 1;
            result.y += weight
                        * (other.y
                           + (isRight ? hop.leftAnchor - hop.rightAnchor
                                      : hop.rightAnchor - hop.leftAnchor));
            result.weight += weight;
        };
        if (side != Side::Right)
            for (const int hop : m_left[node])
                add(m_layers.hops[hop]);
        if (side != Side::Left)
            for (const int hop : m_right[node])
                add(m_layers.hops[hop]);
        result.y /= result.weight;
        return result;
    }

    Layers &m_layers;
    const DiagramMetrics &m_metrics;
    QList<QList<int>> m_left;
    QList<QList<int>> m_right;
};

} // namespace

void placeNodes(Layers &layers, const DiagramMetrics &metrics, const std::stop_token &stop)
{
    Placement placement(layers, metrics);
    placement.stack();
    using Side = Placement::Side;
    for (int sweep = 0; sweep < 6 && !stop.stop_requested(); ++sweep) {
        for (const QList<int> &layer : std::as_const(layers.order))
            placement.settle(layer, sweep < 4 ? Side::Left : Side::Both);
        for (auto layer = layers.order.crbegin(); layer != layers.order.crend(); ++layer)
            placement.settle(*layer, sweep < 4 ? Side::Right : Side::Both);
    }
    qreal top = std::numeric_limits<qreal>::max();
    for (const LayerNode &node : std::as_const(layers.nodes))
        top = std::min(top, node.y);
    for (LayerNode &node : layers.nodes)
        node.y -= top;
}

} // namespace tribikos
