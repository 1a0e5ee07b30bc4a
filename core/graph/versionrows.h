#pragma once

#include "core/graph/revisiongraph.h"
#include "core/graph/versionchange.h"

namespace tribikos {

/// What a step does to the version table, in the order of the statements.
struct RowChanges
{
    QList<VersionChange> changes{};
    QStringList rowsAfter{}; // each row once
    friend bool operator==(const RowChanges &, const RowChanges &) = default;
};

/// One move of "stamp": no revision runs, only rows change.
struct StampStep
{
    QStringList from{};
    QStringList to{};
    RowChanges rows{};
    /// "stamp_revision a, b -> c": the words of the log line.
    QString title() const;
};

/*!
    The rows rules of Alembic's HeadMaintainer. \a rowsBefore are the rows as they are; a row that
    stands twice counts once. A step that does not fit the rows is an Error (GraphInvalid).
    Where several rows could be updated, the last parent in the file's order is.
*/
Result<RowChanges> versionRowChanges(const RevisionGraph &graph, const QStringList &rowsBefore,
                                     const GraphStep &step);

/// Two of \a rows of which the first is an ancestor of the second, so that the history makes no such rows; empty: none.
QStringList rowsOnOneLine(const RevisionGraph &graph, const QStringList &rows);

/// "stamp": moves the rows that share a lineage with each destination there. Several destinations
/// are handled one after the other; what Alembic would break on half-way is refused beforehand.
Result<QList<StampStep>> stampSteps(const RevisionGraph &graph, const QStringList &destinations,
                                    const QStringList &rows);

} // namespace tribikos
