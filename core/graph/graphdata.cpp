#include "core/graph/graphdata.h"

namespace tribikos {

QBitArray closure(const GraphData &graph, const QList<int> &start, Along along)
{
    QBitArray seen(qsizetype(graph.nodes.size()));
    QList<int> todo;
    const auto visit = [&](const QList<int> &nodes) {
        for (const int node : nodes) {
            if (node < 0 || seen.testBit(node))
                continue;
            seen.setBit(node);
            todo.append(node);
        }
    };
    visit(start);
    while (!todo.isEmpty()) {
        const GraphNode &node = graph.nodes[size_t(todo.takeLast())];
        switch (along) {
        case Along::Down: visit(node.down); break;
        case Along::AllDown: visit(node.allDown); break;
        case Along::NormalizedDown: visit(node.normalizedDown); break;
        case Along::Next: visit(node.next); break;
        case Along::AllNext: visit(node.allNext); break;
        }
    }
    return seen;
}

} // namespace tribikos
