#include "core/diagram/layers.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>

namespace tribikos {

namespace {

/// Tables of one part by their place in it, with edges from the referenced to the referring one.
struct Part
{
    QList<QList<int>> children{};
    QList<QList<int>> parents{};
};

void connectNodes(Part &part, int parent, int child)
{
    if (parent == child || part.children[parent].contains(child))
        return;
    part.children[parent].append(child);
    part.parents[child].append(parent);
}

/// The edges of \a part that a walk in depth finds to lead back; iterative, for chains may be long.
QList<std::pair<int, int>> backEdges(const Part &part)
{
    enum class Mark { New, Open, Closed };
    QList<Mark> marks(part.children.size(), Mark::New);
    QList<int> starts(part.children.size());
    std::iota(starts.begin(), starts.end(), 0);
    std::ranges::stable_sort(starts, {}, [&part](int node) {
        return part.parents[node].size() - part.children[node].size();
    });
    QList<std::pair<int, int>> back;
    for (const int start : std::as_const(starts)) {
        if (marks[start] != Mark::New)
            continue;
        QList<std::pair<int, qsizetype>> walk{{start, 0}};
        marks[start] = Mark::Open;
        while (!walk.isEmpty()) {
            auto &[node, next] = walk.last();
            if (next == part.children[node].size()) {
                marks[node] = Mark::Closed;
                walk.removeLast();
                continue;
            }
            const int child = part.children[node][next++];
            if (marks[child] == Mark::Open) {
                back.append({node, child});
            } else if (marks[child] == Mark::New) {
                marks[child] = Mark::Open;
                walk.append({child, 0});
            }
        }
    }
    return back;
}

Part withoutCycles(Part part)
{
    for (const auto &[parent, child] : backEdges(part)) {
        part.children[parent].removeOne(child);
        part.parents[child].removeOne(parent);
        connectNodes(part, child, parent);
    }
    return part;
}

QList<int> topologicalOrder(const Part &part)
{
    QList<qsizetype> waiting;
    QList<int> order;
    for (int node = 0; node < part.parents.size(); ++node) {
        waiting.append(part.parents[node].size());
        if (waiting.last() == 0)
            order.append(node);
    }
    for (qsizetype i = 0; i < order.size(); ++i)
        for (const int child : part.children[order[i]])
            if (--waiting[child] == 0)
                order.append(child);
    return order;
}

/// The longest way from a table that refers to none, further right where a layer would become too high; then tables are
/// drawn towards those that refer to them.
QList<int> layerOfEach(const Part &part, const QList<qreal> &heights, qreal limit)
{
    const QList<int> order = topologicalOrder(part);
    QList<int> layers(part.parents.size(), 0);
    QList<qreal> used;
    const auto fits = [&](int node, int layer) {
        if (used.size() <= layer)
            used.resize(layer + 1);
        return used[layer] <= 0 || used[layer] + heights[node] <= limit;
    };
    for (const int node : order) {
        int layer = 0;
        for (const int parent : part.parents[node])
            layer = std::max(layer, layers[parent] + 1);
        while (!fits(node, layer))
            ++layer;
        layers[node] = layer;
        used[layer] += heights[node];
    }
    for (auto node = order.crbegin(); node != order.crend(); ++node) {
        const QList<int> &children = part.children[*node];
        if (children.isEmpty() || children.size() < part.parents[*node].size())
            continue;
        int nearest = layers[children.first()];
        for (const int child : children)
            nearest = std::min(nearest, layers[child]);
        for (int layer = nearest - 1; layer > layers[*node]; --layer) {
            if (!fits(*node, layer))
                continue;
            used[layers[*node]] -= heights[*node];
            used[layer] += heights[*node];
            layers[*node] = layer;
            break;
        }
    }
    return layers;
}

/// Numbers layers from 0 without a gap.
void closeGaps(QList<int> &layers)
{
    std::map<int, int> numbers;
    for (const int layer : std::as_const(layers))
        numbers.emplace(layer, 0);
    int next = 0;
    for (auto &[layer, number] : numbers)
        number = next++;
    for (int &layer : layers)
        layer = numbers[layer];
}

class LayerBuilder
{
public:
    LayerBuilder(const DiagramGraph &graph, const DiagramMetrics &metrics)
        : m_graph(graph)
        , m_metrics(metrics)
    {}

    void addTables(const QList<int> &tables, const QList<int> &layers, const QList<QSizeF> &sizes)
    {
        for (qsizetype i = 0; i < tables.size(); ++i) {
            m_nodeOf.emplace(tables[i], int(m_result.nodes.size()));
            m_result.nodes.append({.table = tables[i],
                                   .layer = layers[i],
                                   .width = sizes[tables[i]].width(),
                                   .height = sizes[tables[i]].height()});
        }
    }

    void addLink(int index)
    {
        const DiagramLink &link = m_graph.links[index];
        const int from = m_nodeOf.at(link.from);
        const int to = m_nodeOf.at(link.to);
        const bool isTargetLeft = m_result.nodes[to].layer < m_result.nodes[from].layer;
        m_result.isTargetLeft.append(isTargetLeft);
        m_result.ways.append(QList<int>());
        if (from == to)
            return;
        const int left = isTargetLeft ? to : from;
        const int right = isTargetLeft ? from : to;
        const int leftRow = isTargetLeft ? link.toRow : link.fromRow;
        const int rightRow = isTargetLeft ? link.fromRow : link.toRow;
        int node = left;
        qreal anchor = anchorOf(leftRow, m_metrics);
        for (int layer = m_result.nodes[left].layer + 1; layer < m_result.nodes[right].layer;
             ++layer) {
            const int passed = passage({left, leftRow, isTargetLeft ? -1 : index}, layer);
            addHop({node, passed, anchor, 0});
            node = passed;
            anchor = 0;
        }
        addHop({node, right, anchor, anchorOf(rightRow, m_metrics)});
    }

    Layers finish()
    {
        for (int node = 0; node < m_result.nodes.size(); ++node) {
            const int layer = m_result.nodes[node].layer;
            if (m_result.order.size() <= layer)
                m_result.order.resize(layer + 1);
            m_result.order[layer].append(node);
        }
        return std::move(m_result);
    }

private:
    using Bundle =
        std::tuple<int, int, int>; // the node at the left, its row, the one link that it is for

    int passage(const Bundle &bundle, int layer)
    {
        const auto [place, isNew] =
            m_passages.emplace(std::pair(bundle, layer), int(m_result.nodes.size()));
        if (isNew)
            m_result.nodes.append(LayerNode{.layer = layer});
        return place->second;
    }

    /// Lines that share a passage share the pieces on the way to it.
    void addHop(const LayerHop &hop)
    {
        const bool isShared = m_result.nodes[hop.right].table < 0;
        if (isShared) {
            const auto [place, isNew] =
                m_shared.emplace(std::pair(hop.left, hop.right), int(m_result.hops.size()));
            m_result.ways.last().append(place->second);
            if (!isNew)
                return;
        } else {
            m_result.ways.last().append(int(m_result.hops.size()));
        }
        m_result.hops.append(hop);
    }

    const DiagramGraph &m_graph;
    const DiagramMetrics &m_metrics;
    Layers m_result{};
    std::map<int, int> m_nodeOf{};
    std::map<std::pair<Bundle, int>, int> m_passages{};
    std::map<std::pair<int, int>, int> m_shared{};
};

/// Which nodes each node has a piece of line to, in the layers beside it.
struct Sides
{
    explicit Sides(const Layers &layers)
        : left(layers.nodes.size())
        , right(layers.nodes.size())
    {
        for (const LayerHop &hop : layers.hops) {
            left[hop.right].append(hop.left);
            right[hop.left].append(hop.right);
        }
    }
    QList<QList<int>> left;
    QList<QList<int>> right;
};

/// Pairs of pieces between \a layer and the next one that cross; positions are places in their layers.
qint64 crossingsAfter(const QList<int> &layer, const QList<int> &next, const QList<int> &positions,
                      const Sides &sides)
{
    QList<qint64> tree(next.size() + 1,
                       0); // a Fenwick tree: how many lines end at or above a place
    qint64 crossings = 0;
    qint64 lines = 0;
    for (const int node : layer) {
        for (const int other : sides.right[node]) {
            qint64 above = 0;
            for (qsizetype i = positions[other] + 1; i > 0; i -= i & -i)
                above += tree[i];
            crossings += lines - above;
        }
        for (const int other : sides.right[node]) {
            for (qsizetype i = positions[other] + 1; i < tree.size(); i += i & -i)
                ++tree[i];
            ++lines;
        }
    }
    return crossings;
}

qint64 crossings(const Layers &layers, const QList<int> &positions, const Sides &sides)
{
    qint64 all = 0;
    for (qsizetype i = 0; i + 1 < layers.order.size(); ++i)
        all += crossingsAfter(layers.order[i], layers.order[i + 1], positions, sides);
    return all;
}

void takePositions(const QList<int> &layer, QList<int> &positions)
{
    for (int i = 0; i < layer.size(); ++i)
        positions[layer[i]] = i;
}

/// Of those in \a equal, which all want the same place, lines come between the tables: a line that stood at the edge would
/// take the layers beyond it ever further away.
void putLinesBetween(std::span<int> equal, const QList<LayerNode> &nodes)
{
    const auto lines =
        std::ranges::stable_partition(equal, [&nodes](int node) { return nodes[node].table >= 0; });
    const qsizetype tables = lines.begin() - equal.begin();
    std::ranges::rotate(equal.begin() + tables / 2, lines.begin(), equal.end());
}

/// Sorts \a layer by where the nodes' neighbours on one side stand; those without any keep their place.
void sortByNeighbours(QList<int> &layer, QList<int> &positions, const QList<QList<int>> &neighbours,
                      const QList<LayerNode> &nodes)
{
    QList<std::pair<qreal, int>> wanted;
    for (const int node : std::as_const(layer)) {
        qreal sum = 0;
        for (const int other : neighbours[node])
            sum += positions[other];
        const qsizetype count = neighbours[node].size();
        wanted.append({count ? sum / qreal(count) : qreal(positions[node]), node});
    }
    std::ranges::stable_sort(wanted, {}, &std::pair<qreal, int>::first);
    for (qsizetype i = 0; i < layer.size(); ++i)
        layer[i] = wanted[i].second;
    for (qsizetype first = 0, last = 0; first < layer.size(); first = last) {
        while (last < layer.size() && wanted[last].first == wanted[first].first)
            ++last;
        putLinesBetween({layer.begin() + first, layer.begin() + last}, nodes);
    }
    takePositions(layer, positions);
}

void reduceCrossings(Layers &layers, const std::stop_token &stop)
{
    const Sides sides(layers);
    QList<int> positions(layers.nodes.size());
    for (QList<int> &layer : layers.order) {
        putLinesBetween({layer.begin(), layer.end()}, layers.nodes);
        takePositions(layer, positions);
    }
    QList<QList<int>> best = layers.order;
    qint64 fewest = crossings(layers, positions, sides);
    const int sweeps = layers.nodes.size() > 20'000 ? 4 : 16;
    for (int sweep = 0; sweep < sweeps && fewest > 0 && !stop.stop_requested(); ++sweep) {
        if (sweep % 2 == 0) {
            for (qsizetype i = 1; i < layers.order.size(); ++i)
                sortByNeighbours(layers.order[i], positions, sides.left, layers.nodes);
        } else {
            for (qsizetype i = layers.order.size() - 2; i >= 0; --i)
                sortByNeighbours(layers.order[i], positions, sides.right, layers.nodes);
        }
        const qint64 now = crossings(layers, positions, sides);
        if (now < fewest) {
            fewest = now;
            best = layers.order;
        }
    }
    layers.order = best;
}

} // namespace

qreal anchorOf(int row, const DiagramMetrics &metrics)
{
    return row < 0 ? metrics.headHeight / 2 : metrics.headHeight + (row + 0.5) * metrics.rowHeight;
}

Layers makeLayers(const DiagramGraph &graph, const QList<int> &tables, const QList<int> &links,
                  const QList<QSizeF> &sizes, const DiagramMetrics &metrics, qreal height,
                  const std::stop_token &stop)
{
    Part part{QList<QList<int>>(tables.size()), QList<QList<int>>(tables.size())};
    std::map<int, int> placeOf;
    QList<qreal> heights;
    for (int i = 0; i < tables.size(); ++i) {
        placeOf.emplace(tables[i], i);
        heights.append(sizes[tables[i]].height() + metrics.gap);
    }
    for (const int link : links)
        connectNodes(part, placeOf.at(graph.links[link].to), placeOf.at(graph.links[link].from));
    QList<int> layers = layerOfEach(withoutCycles(part), heights, height);
    closeGaps(layers);
    LayerBuilder builder(graph, metrics);
    builder.addTables(tables, layers, sizes);
    for (const int link : links)
        builder.addLink(link);
    Layers result = builder.finish();
    reduceCrossings(result, stop);
    return result;
}

} // namespace tribikos
