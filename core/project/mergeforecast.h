#pragma once

#include "core/graph/lanelayout.h"
#include "core/project/project.h"

#include <QHash>

namespace tribikos {

/// Which side of a merge has a revision.
enum class RevisionSide {
    Both,
    Here, // only the project as it lies in its folder, committed or not
    There // only the other branch
};

/// A table that new revisions of both sides touch.
struct TableOverlap
{
    QString table{};
    QStringList columns{}; // that both name, sorted; empty: no column is named by both
    QStringList here{};    // ids of revisions, newest first
    QStringList there{};
    friend bool operator==(const TableOverlap &, const TableOverlap &) = default;
};

/// One way to a straight history: \a revision, the first of ours, revises \a parents instead. To be made with
/// reparent() (core/edit/revisionedits.h) once the branches are merged.
struct Reparenting
{
    QString revision{};
    QStringList parents{};
    QString file{};
    friend bool operator==(const Reparenting &, const Reparenting &) = default;
};

/// What the history would be after merging \a ref into what lies in the project's folder.
struct MergeForecast
{
    QString ref{};    // as it was asked for
    QString commit{}; // what it names
    QString base{};   // the last common commit; empty: none is known
    RevisionGraph graph{};
    QList<HistoryRow> history{};          // of graph, newest first
    QHash<QString, RevisionSide> sides{}; // of each of graph's revisions
    QStringList onlyHere{};               // newest first
    QStringList onlyThere{};
    QStringList changedHere{};            // on both sides, and changed since the base
    QStringList changedThere{};
    QStringList removedHere{};            // taken out since the base, so the merge has them no more
    QStringList removedThere{};
    QStringList heads{};                  // that the merge would have
    QStringList split{}; // those of them that have grown apart: each side went on from the same place
    QList<TableOverlap> overlaps{};       // by name
    QStringList notes{};                  // revisions whose tables can't be known, with the reason
    Diagnostics problems{};               // what the merge would break, and what both sides changed

    bool needsMerge() const { return !split.isEmpty(); }
    /// Nothing needs to be done after the merge: no head too many, nothing broken.
    bool isClean() const;
    /// "tribikos-cli merge a1 b2 -m 'merge feature'", for a shell, after the merge; empty: not needed.
    QString mergeCommand() const;
    /// Instead of a merge revision, where one run of revisions stands against one.
    std::optional<Reparenting> reparenting{};
};

/// What a merge leaves to be done, as its forecast knew it; a value to keep until the branches are merged.
struct AfterMerge
{
    QString ref{};
    QStringList heads{}; // to be joined
    std::optional<Reparenting> reparenting{}; // instead
    /// Whether \a graph has both sides now, and nobody has joined them.
    bool isDue(const RevisionGraph &graph) const;
};

/*!
    Reads \a ref's revisions from the repository, without touching the work tree, and lays them over the project's. Nothing
    is fetched. Errors: NotFound, no git, no repository or no such ref; Usage, \a ref can't be one;
    ProjectRefused, git refuses, or \a ref has no revisions where the project has them; Cancelled, Unreadable.
*/
Result<MergeForecast> forecastMerge(const Project &project, const QString &ref,
                                    const std::stop_token &stop = {});

} // namespace tribikos
