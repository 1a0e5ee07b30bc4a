#pragma once

#include "core/base/result.h"
#include "core/graph/revision.h"

#include <QBitArray>
#include <QHash>
#include <QList>
#include <optional>
#include <vector>

namespace tribikos {

/// One revision with its links as node indexes. Inside of this room only.
struct GraphNode
{
    Revision revision{};
    bool isGhost = false;
    bool isInCycle = false;
    QList<int> down{};
    QList<int> dependencies{};
    QList<int> allDown{}; // both, nothing twice
    QList<int> normalizedDown{};
    QList<int> next{};
    QList<int> allNext{};
    QStringList labels{};
    int depth = 0; // longest way to a node without parents and dependencies
};

/// What a RevisionGraph shares between its copies. Inside of this room only.
struct GraphData
{
    std::vector<GraphNode> nodes{};
    QHash<QString, int> nodeOfKey{}; // ids and branch labels, as Alembic's map has them
    QStringList keys{};              // the same, in the map's order: ids, then labels
    QHash<QString, int> ghosts{};
    QList<int> heads{};
    QList<int> realHeads{};
    QList<int> bases{};
    int revisionCount = 0;
    std::optional<Error> refusal{};
};

enum class Along { Down, AllDown, NormalizedDown, Next, AllNext };

/// \a start and everything reachable from it. No recursion: chains may be very long.
QBitArray closure(const GraphData &graph, const QList<int> &start, Along along);

/// Alembic's order of \a wanted (one bit per node), newest first, starting at \a heads.
QList<int> topologicalOrder(const GraphData &graph, QBitArray wanted, const QList<int> &heads);

} // namespace tribikos
