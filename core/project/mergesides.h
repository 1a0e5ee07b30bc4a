#pragma once

#include "core/git/repository.h"
#include "core/project/mergeforecast.h"
#include "core/project/projectdata.h"

namespace tribikos {

/// The revisions that a merge would leave, with where each comes from. For the files of this room.
struct MergedFiles
{
    QList<RevisionFile> files{}; // in load order
    QHash<QString, RevisionSide> sides{};
    QStringList changedHere{};
    QStringList changedThere{};
    QStringList removedHere{};
    QStringList removedThere{};
    Diagnostics problems{};
};

/// Merges as git would, file by file: a change or removal of one side counts against what both had in \a base (a
/// commit, or empty). What both changed is said. Errors: of git; ProjectRefused, the project lies elsewhere there.
Result<MergedFiles> mergeFiles(const ProjectData &project, const GitRepository &repository,
                               const QString &theirs, const QString &base,
                               const std::stop_token &stop);

} // namespace tribikos
