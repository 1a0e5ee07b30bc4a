#pragma once

#include "core/base/diagnostic.h"
#include "core/graph/graphdata.h"

namespace tribikos {

/// Builds the graph in Alembic's order of work, so that the first refusal is the one Alembic shows.
/// Inside of this room only; RevisionGraph::build() is the way in.
class GraphBuilder
{
public:
    explicit GraphBuilder(Diagnostics *diagnostics) : m_diagnostics(diagnostics) {}
    GraphData build(QList<Revision> inLoadOrder);

private:
    void checkFile(const Revision &revision);
    void addRevisions(QList<Revision> inLoadOrder);
    void addLabels();
    void resolveParents();
    void resolveDependencies();
    void checkCycles();
    bool checkCycles(Along down, Along up, const QList<int> &heads, const QList<int> &bases,
                     const QString &kind);
    void peel(bool fromBelow, QBitArray *stuck) const;
    bool cutCycles(); // false: there are none
    void linkChildren();
    void collectEnds();
    void computeDepth();
    void normalizeDependencies();
    bool hasAncestorThatDependsOn(int node, int dependency, int floor) const;
    void spreadLabels();
    void spreadLabels(int origin);

    int ghost(const QString &id);
    GraphNode &at(int node) { return m_graph.nodes[size_t(node)]; }
    const GraphNode &at(int node) const { return m_graph.nodes[size_t(node)]; }
    void refuse(const QString &message, const Revision &revision);
    void report(const QString &code, const QString &message, const Revision &revision);

    GraphData m_graph{};
    Diagnostics *m_diagnostics = nullptr;
    QList<int> m_repeatedHeads{}; // nodes whose id more than one file claims
};

} // namespace tribikos
