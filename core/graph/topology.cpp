#include "core/graph/graphdata.h"

#include <algorithm>

namespace tribikos {

namespace {

/*!
    Alembic's walk over several open heads at once. It asks, before a revision is emitted, whether
    another open head still needs it; Alembic keeps an ancestor set per head for that, which is
    quadratic. Here "needed" is a count of children still in reach of an open head, and only when a
    revision is blocked the head that blocks it is looked for.
*/
class Walk
{
public:
    Walk(const GraphData &graph, QBitArray wanted)
        : m_graph(graph)
        , m_wanted(std::move(wanted))
        , m_open(qsizetype(graph.nodes.size()))
        , m_needers(graph.nodes.size(), 0)
        , m_visited(graph.nodes.size(), 0)
    {}

    void run(const QList<int> &heads, QList<int> *order);
    QList<int> leftOver() const;

private:
    const GraphNode &at(int node) const { return m_graph.nodes[size_t(node)]; }
    void open(QList<int> heads);
    void close(int head);
    qsizetype firstHeadAbove(int node);
    bool reaches(int head, int node);
    void advance(int candidate);

    const GraphData &m_graph;
    QBitArray m_wanted; // and not yet emitted
    QBitArray m_open;
    std::vector<int> m_needers; // per node: children that an open head can reach
    std::vector<int> m_visited; // per node: number of the last query that saw it
    int m_query = 0;
    QList<int> m_heads;
    qsizetype m_current = 0;
};

void Walk::open(QList<int> heads)
{
    std::sort(heads.begin(), heads.end());
    heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
    heads.removeIf([this](int head) { return !m_wanted.testBit(head); });
    m_heads = heads;
    m_current = 0;
    for (const int head : std::as_const(m_heads))
        m_open.setBit(head);
    const QBitArray reachable = closure(m_graph, m_heads, Along::NormalizedDown);
    for (size_t node = 0; node < m_graph.nodes.size(); ++node) {
        if (!reachable.testBit(qsizetype(node)))
            continue;
        for (const int parent : at(int(node)).normalizedDown)
            ++m_needers[size_t(parent)];
    }
}

void Walk::close(int head)
{
    m_open.clearBit(head);
    QList<int> gone{head};
    while (!gone.isEmpty()) {
        for (const int parent : at(gone.takeLast()).normalizedDown) {
            if (--m_needers[size_t(parent)] == 0 && !m_open.testBit(parent))
                gone.append(parent);
        }
    }
}

bool Walk::reaches(int head, int node)
{
    const int floor = at(node).depth;
    QList<int> todo{head};
    while (!todo.isEmpty()) {
        const int next = todo.takeLast();
        if (next == node)
            return true;
        if (at(next).depth <= floor || m_visited[size_t(next)] == m_query)
            continue;
        m_visited[size_t(next)] = m_query;
        todo.append(at(next).normalizedDown);
    }
    return false;
}

qsizetype Walk::firstHeadAbove(int node)
{
    ++m_query; // nodes seen for one head need not be seen again for the next: they don't reach it
    for (qsizetype i = 0; i < m_heads.size(); ++i) {
        if (i != m_current && reaches(m_heads[i], node))
            return i;
    }
    return -1;
}

void Walk::advance(int candidate)
{
    QList<int> added;
    for (const int parent : at(candidate).normalizedDown) {
        if (m_wanted.testBit(parent) && !m_open.testBit(parent))
            added.append(parent);
    }
    for (const int parent : std::as_const(added))
        m_open.setBit(parent);
    close(candidate);
    if (added.isEmpty()) {
        m_heads.removeAt(m_current);
        m_current = std::max<qsizetype>(m_current - 1, 0);
        return;
    }
    m_heads[m_current] = added.takeFirst();
    m_heads.append(added);
}

void Walk::run(const QList<int> &heads, QList<int> *order)
{
    open(heads);
    while (!m_heads.isEmpty()) {
        const int candidate = m_heads[m_current];
        if (m_needers[size_t(candidate)] > 0) {
            const qsizetype blocker = firstHeadAbove(candidate);
            if (blocker >= 0) {
                m_current = blocker;
                continue;
            }
        }
        order->append(candidate);
        m_wanted.clearBit(candidate);
        advance(candidate);
    }
}

QList<int> Walk::leftOver() const
{
    QList<int> tops;
    for (int node = 0; node < int(m_graph.nodes.size()); ++node) {
        if (!m_wanted.testBit(node))
            continue;
        const bool covered = std::ranges::any_of(
            at(node).allNext, [this](int child) { return m_wanted.testBit(child); });
        if (!covered)
            tops.append(node);
    }
    return tops;
}

} // namespace

QList<int> topologicalOrder(const GraphData &graph, QBitArray wanted, const QList<int> &heads)
{
    QList<int> order;
    Walk walk(graph, std::move(wanted));
    walk.run(heads, &order);
    // A range can hold revisions that its heads reach only through others outside of it.
    for (QList<int> tops = walk.leftOver(); !tops.isEmpty(); tops = walk.leftOver())
        walk.run(tops, &order);
    return order;
}

} // namespace tribikos
