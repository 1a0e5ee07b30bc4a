#pragma once

#include "core/config/versionfiles.h"
#include "core/project/project.h"

#include <QList>
#include <QMap>
#include <QStringList>

namespace tribikos {

/// What tells whether a project's files are still those that were read: equal stamps, equal project.
struct ProjectStamp
{
    QList<VersionFile> revisions{};     // in load order
    QMap<QString, FileStamp> others{};  // configuration, env.py, models; all 0 where there is no such file
    friend bool operator==(const ProjectStamp &, const ProjectStamp &) = default;

    /// Whether a file was changed after \a moment (nanoseconds since 1970), by the file system's clock.
    bool isNewerThan(qint64 moment) const;
};

/// Looks at the files as they are now; opens none but SQL scripts. Some 20 ms for 10 000 revisions.
ProjectStamp projectStamp(const Project &project);

/// Where changes are to be listened for.
struct WatchedPaths
{
    QStringList folders{}; // that exist
    QStringList files{};
    bool mustPoll = false; // on a file system that doesn't tell of others' changes, or too much to listen to
};
WatchedPaths watchedPaths(const Project &project, const ProjectStamp &stamp);

} // namespace tribikos
