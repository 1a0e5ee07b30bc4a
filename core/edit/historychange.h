#pragma once

#include "core/edit/filechange.h"
#include "core/edit/headerchange.h"
#include "core/graph/revisiongraph.h"

#include <QMap>

namespace tribikos {

/// Collects what is to change in a history and makes one Edit of it. Files are read, never written.
class HistoryChange
{
public:
    explicit HistoryChange(const RevisionGraph &graph)
        : m_graph(graph)
    {}

    HeaderChange &of(int node) { return m_headers[node]; }
    /// The parents that \a node will have, as far as it is known now.
    QStringList parentsOf(int node) const;
    void add(const Revision &revision, const QList<FileChange> &files);
    void remove(int node) { m_removed.append(node); }

    /*!
        Errors: Conflict (a file no longer says what the graph does), Unsupported (a SQL script too large
        to edit), those of headerchange.h, and GraphInvalid when the history would be broken where it wasn't before.
    */
    Result<Edit> edit(const QString &title) const;

private:
    Status check() const;
    Result<FileChange> rewritten(int node, const HeaderChange &change) const;
    Result<FileChange> deleted(int node) const;

    const RevisionGraph &m_graph;
    QMap<int, HeaderChange> m_headers{};
    QList<Revision> m_added{};
    QList<FileChange> m_files{};
    QList<int> m_removed{};
};

} // namespace tribikos
