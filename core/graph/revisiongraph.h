#pragma once

#include "core/base/diagnostic.h"
#include "core/base/direction.h"
#include "core/base/direction.h"
#include "core/base/result.h"
#include "core/graph/revision.h"

#include <QBitArray>
#include <QList>
#include <memory>
#include <optional>

namespace tribikos {

struct GraphData;

/// One upgrade() or downgrade() of one revision (never Direction::Stamp); node is an index into the graph that made it.
struct GraphStep
{
    int node = -1;
    Direction direction = Direction::Upgrade;
    friend bool operator==(const GraphStep &, const GraphStep &) = default;
};

/*!
    The revisions of a project and how they hang together: immutable, cheap to copy, free to share
    between threads. Nodes are integers in load order (0 ... nodeCount() - 1); parents that no file
    has follow as ghosts. All lists of nodes are in load order unless said otherwise.

    The rules are Alembic 1.19's, including its exact refusals: an Error's message is what Alembic
    prints after "FAILED: ". Where Alembic's answer depends on the hash seed of the day, load order
    decides here. "Rows" are the ids in the version table, in the order the database gave them.

    A broken history (duplicate ids, missing parents, cycles, illegal ids) makes diagnostics and a
    refusal(), and a graph that still answers for what it knows: edges inside a cycle are left out.
*/
class RevisionGraph
{
public:
    RevisionGraph();
    /// \a inLoadOrder is the order of the files: Alembic's tie-breaker for the order of steps.
    static RevisionGraph build(QList<Revision> inLoadOrder, Diagnostics *diagnostics = nullptr);

    int nodeCount() const;     // ghosts included
    int revisionCount() const; // files only; nodes [0, revisionCount()) are the real ones
    const Revision &revision(int node) const;
    /// The node of an exact id, ghosts included; -1 when there is none.
    int find(const QString &id) const;
    /// Why Alembic would not work with this history at all; nullopt when it would.
    std::optional<Error> refusal() const;

    // --- one node -----------------------------------------------------------------------------
    bool isGhost(int node) const;        // named as a parent, but no file has it
    bool isInCycle(int node) const;      // its place in the history is unknown
    bool isBase(int node) const;         // revises nothing
    bool isHead(int node) const;         // nothing revises it
    bool isRealHead(int node) const;     // and nothing depends on it either
    bool isBranchPoint(int node) const;  // revised more than once
    bool isMergePoint(int node) const;   // revises more than one
    const QList<int> &parents(int node) const;      // down_revision, in the file's order
    const QList<int> &dependencies(int node) const; // depends_on, resolved, in the file's order
    /// parents and those dependencies that no ancestor already has: what the version rows go by.
    const QList<int> &normalizedParents(int node) const;
    const QList<int> &children(int node) const;    // that revise it
    const QList<int> &allChildren(int node) const; // that revise it or depend on it
    /// Own labels first, then those that travelled here from relatives, sorted.
    QStringList labels(int node) const;

    // --- the whole ----------------------------------------------------------------------------
    /// An id that two files claim stands here twice, as in Alembic (so that "head" is refused).
    QList<int> heads() const;
    QList<int> realHeads() const;
    QList<int> bases() const;
    /// Every node, ghosts included, newest first.
    QList<int> historyOrder() const;
    QStringList ids(const QList<int> &nodes) const;

    // --- identifiers: ids, unique prefixes, labels, head, heads, base, label@X, -N -------------
    /// What "show" understands; empty for "base".
    Result<QList<int>> resolve(const QString &identifier) const;
    /// As resolve(), but several heads are refused; -1 for "base".
    Result<int> resolveOne(const QString &identifier) const;
    /// The rows an offline run starts from: {} for none or "base", else the one revision named.
    Result<QStringList> startingRows(const QString &start) const;

    // --- plans: all forms of above and +N, X+N, X-N, label@+N ---------------------------------
    Result<QList<GraphStep>> upgradeSteps(const QString &target, const QStringList &rows) const;
    /// \a warnings receives Alembic's warning about -N with several rows.
    Result<QList<GraphStep>> downgradeSteps(const QString &target, const QStringList &rows,
                                            QStringList *warnings = nullptr) const;
    /// Newest first, both ends included; empty text means base and heads. "current" is for the
    /// caller to replace by currentEnd().
    Result<QList<int>> historyRange(const QString &lower, const QString &upper) const;
    /// Rows are exact ids, here and below: one that says "head" or begins like an id is refused.
    Result<QList<int>> historyRange(const QStringList &lowerRows, const QString &upper) const;
    Result<QList<int>> historyRange(const QString &lower, const QStringList &upperRows) const;
    /// The rows and what they imply, without those that are revised within: what "current" lists.
    Result<QList<int>> currentNodes(const QStringList &rows) const;
    /// One bit per node: the rows and all their ancestors. Unknown rows are left out; \a unknown
    /// receives them.
    QBitArray appliedNodes(const QStringList &rows, QStringList *unknown = nullptr) const;

    /// "upgrade a, b -> c": the words of a log line, without the message.
    QString stepTitle(const GraphStep &step) const;

    const GraphData &data() const { return *m_data; } // for the files of this room

private:
    explicit RevisionGraph(std::shared_ptr<const GraphData> data);
    std::shared_ptr<const GraphData> m_data;
};

} // namespace tribikos
