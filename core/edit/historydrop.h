#pragma once

#include "core/edit/filechange.h"
#include "core/graph/revisiongraph.h"

#include <QString>
#include <QStringList>

namespace tribikos {

/// What dropping revisions onto another one in the history would do.
struct HistoryDrop
{
    enum class Kind {
        Merge,    // a new revision is to merge first and target
        Reparent, // first revises target; what revises it comes along
        MoveChain // the straight run from first to last moves onto target
    };
    Kind kind = Kind::Reparent;
    QString first{};
    QString last{}; // as first, unless it is a run
    QString target{};
    friend bool operator==(const HistoryDrop &, const HistoryDrop &) = default;
};

/*!
    One head onto another head merges them, unless \a isMoving; one revision, or several that are one
    straight run, are moved. \a dragged are ids in any order. Reads no file, so that it can be asked while
    the mouse moves. Errors: Usage and NotFound, a sentence on why nothing can come of it.
*/
Result<HistoryDrop> dropOn(const RevisionGraph &graph, const QStringList &dragged,
                           const QString &target, bool isMoving = false);

/// The edit of a drop that moves; a merge is a new revision (newrevision.h). Errors as reparent() has them.
Result<Edit> movedBy(const RevisionGraph &graph, const HistoryDrop &drop);

} // namespace tribikos
