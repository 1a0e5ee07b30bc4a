#pragma once

#include "core/graph/graphdata.h"

namespace tribikos {

/// How the refusals of one command are worded: Alembic repeats the command's own text in them.
struct Wording
{
    QString rangeError{};  // when a target does not fit the current revisions
    QString destination{}; // quoted by the multiple-heads message in place of the identifier
};

/// Where a walk ends when that is no revision.
inline constexpr int atBase = -1;     // "base", as an identifier
inline constexpr int belowBase = -2;  // one step below a base
inline constexpr int beyondEnd = -3;  // further than the history goes

/*!
    Resolves identifiers in Alembic's way, including the lineage rules of label@X and relative
    steps. Holds references: use it within one call. Inside of this room only.
*/
class Identifiers
{
public:
    Identifiers(const GraphData &graph, Wording wording)
        : m_graph(graph)
        , m_wording(std::move(wording))
    {}

    Result<QList<int>> nodes(const QString &identifier) const;
    Result<QList<int>> nodes(const QStringList &identifiers) const;
    /// Rows of a version table: ids as they stand, never symbols, labels or beginnings.
    Result<QList<int>> rows(const QStringList &rows) const;
    Result<int> node(const QString &identifier) const; // atBase for "base"
    Result<int> branch(const QString &label) const;
    /// Those of \a targets that \a check names or that descend from it or lead to it.
    Result<QList<int>> inLineage(const QList<int> &targets, const QString &check,
                                 bool withDependencies = false) const;
    /// \a steps up (> 0) or down from \a start; isStrict: ending early gives beyondEnd.
    Result<int> walk(int start, qint64 steps, const QString &label, bool isStrict) const;

    Error error(const QString &message) const;
    Error rangeError() const { return error(m_wording.rangeError); }
    Error multipleHeads(const QString &argument) const;
    Error unknown(const QString &identifier) const;

private:
    struct Split
    {
        QStringList ids{};
        QString label{};
        bool hasLabel = false;
    };
    Result<Split> split(const QString &identifier) const;
    Result<int> lookUp(const QString &id, const Split &split) const;
    Result<int> lookUp(const QString &id) const { return lookUp(id, {}); }
    Result<int> byPrefix(const QString &id, const Split &split) const;
    Result<QList<int>> walkFromHeads(const Split &split, qint64 steps) const;
    const GraphNode &at(int node) const { return m_graph.nodes[size_t(node)]; }

    const GraphData &m_graph;
    Wording m_wording;
};

} // namespace tribikos
