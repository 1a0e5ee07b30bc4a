#include "core/graph/revisiongraph.h"

#include "core/graph/graphbuilder.h"
#include "core/graph/graphdata.h"
#include "core/graph/identifiers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

RevisionGraph::RevisionGraph()
    : m_data(std::make_shared<const GraphData>())
{}

RevisionGraph::RevisionGraph(std::shared_ptr<const GraphData> data)
    : m_data(std::move(data))
{}

RevisionGraph RevisionGraph::build(QList<Revision> inLoadOrder, Diagnostics *diagnostics)
{
    GraphBuilder builder(diagnostics);
    return RevisionGraph(std::make_shared<const GraphData>(builder.build(std::move(inLoadOrder))));
}

int RevisionGraph::nodeCount() const
{
    return int(m_data->nodes.size());
}

int RevisionGraph::revisionCount() const
{
    return m_data->revisionCount;
}

const Revision &RevisionGraph::revision(int node) const
{
    Q_ASSERT(node >= 0 && node < nodeCount());
    return m_data->nodes[size_t(node)].revision;
}

int RevisionGraph::find(const QString &id) const
{
    const int node = m_data->nodeOfKey.value(id, -1);
    if (node >= 0 && revision(node).id == id) // a branch label is a key too
        return node;
    return m_data->ghosts.value(id, -1);
}

std::optional<Error> RevisionGraph::refusal() const
{
    return m_data->refusal;
}

bool RevisionGraph::isGhost(int node) const
{
    return m_data->nodes[size_t(node)].isGhost;
}

bool RevisionGraph::isInCycle(int node) const
{
    return m_data->nodes[size_t(node)].isInCycle;
}

bool RevisionGraph::isBase(int node) const
{
    return parents(node).isEmpty() && !isGhost(node);
}

bool RevisionGraph::isHead(int node) const
{
    return children(node).isEmpty() && !isGhost(node);
}

bool RevisionGraph::isRealHead(int node) const
{
    return allChildren(node).isEmpty() && !isGhost(node);
}

bool RevisionGraph::isBranchPoint(int node) const
{
    return children(node).size() > 1;
}

bool RevisionGraph::isMergePoint(int node) const
{
    return parents(node).size() > 1;
}

const QList<int> &RevisionGraph::parents(int node) const
{
    return m_data->nodes[size_t(node)].down;
}

const QList<int> &RevisionGraph::dependencies(int node) const
{
    return m_data->nodes[size_t(node)].dependencies;
}

const QList<int> &RevisionGraph::normalizedParents(int node) const
{
    return m_data->nodes[size_t(node)].normalizedDown;
}

const QList<int> &RevisionGraph::children(int node) const
{
    return m_data->nodes[size_t(node)].next;
}

const QList<int> &RevisionGraph::allChildren(int node) const
{
    return m_data->nodes[size_t(node)].allNext;
}

QStringList RevisionGraph::labels(int node) const
{
    return m_data->nodes[size_t(node)].labels;
}

QList<int> RevisionGraph::heads() const
{
    return m_data->heads;
}

QList<int> RevisionGraph::realHeads() const
{
    return m_data->realHeads;
}

QList<int> RevisionGraph::bases() const
{
    return m_data->bases;
}

QList<int> RevisionGraph::historyOrder() const
{
    return topologicalOrder(*m_data, QBitArray(nodeCount(), true), m_data->realHeads);
}

QStringList RevisionGraph::ids(const QList<int> &nodes) const
{
    QStringList list;
    list.reserve(nodes.size());
    for (const int node : nodes)
        list.append(revision(node).id);
    return list;
}

Result<QList<int>> RevisionGraph::resolve(const QString &identifier) const
{
    const Identifiers identifiers(*m_data, {});
    const auto nodes = identifiers.nodes(identifier);
    if (nodes && std::ranges::any_of(*nodes, [](int node) { return node < 0; }))
        return identifiers.error(u"Walked too far"_s);
    return nodes;
}

Result<int> RevisionGraph::resolveOne(const QString &identifier) const
{
    return Identifiers(*m_data, {}).node(identifier);
}

Result<QStringList> RevisionGraph::startingRows(const QString &start) const
{
    if (start.isEmpty() || start == u"base")
        return QStringList();
    const auto node = resolveOne(start);
    if (!node)
        return node.error();
    return *node < 0 ? QStringList() : QStringList{revision(*node).id};
}

Result<QList<int>> RevisionGraph::currentNodes(const QStringList &rows) const
{
    const auto nodes = Identifiers(*m_data, {}).rows(rows);
    if (!nodes)
        return nodes.error();
    const QBitArray applied = closure(*m_data, *nodes, Along::NormalizedDown);
    QList<int> tips;
    for (int node = 0; node < nodeCount(); ++node) {
        const bool isRevised =
            std::ranges::any_of(children(node), [&](int child) { return applied.testBit(child); });
        if (applied.testBit(node) && !isRevised)
            tips.append(node);
    }
    return tips;
}

QBitArray RevisionGraph::appliedNodes(const QStringList &rows, QStringList *unknown) const
{
    QList<int> nodes;
    for (const QString &row : rows) {
        const int node = find(row);
        if (node >= 0)
            nodes.append(node);
        if (unknown && (node < 0 || isGhost(node)))
            unknown->append(row);
    }
    return closure(*m_data, nodes, Along::NormalizedDown);
}

QString RevisionGraph::stepTitle(const GraphStep &step) const
{
    const QString id = revision(step.node).id;
    const QString parentIds = ids(parents(step.node)).join(u", "_s);
    return step.direction == Direction::Upgrade ? u"upgrade %1 -> %2"_s.arg(parentIds, id)
                                                : u"downgrade %1 -> %2"_s.arg(id, parentIds);
}

} // namespace tribikos
