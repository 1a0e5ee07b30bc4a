#pragma once

#include "core/config/versionfiles.h"
#include "core/graph/revision.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace tribikos {

/*!
    What was read of a project's revisions the last time, so that an unchanged file needn't be opened again.

    An entry counts only for the file of the same path, size, inode and times of modification and change, and only
    for this build's reader. Files changed in the two seconds before they were read are never kept: a second write
    may have left the same times. The cache is one file per set of versions folders, checked by a digest: damaged,
    cut or foreign, it is as good as none. It holds no text of a script's body.
*/
class RevisionCache
{
public:
    struct Entry
    {
        FileStamp stamp{};
        Revision revision{};
    };

    /// The user's cache folder, "tribikos" below $XDG_CACHE_HOME or ~/.cache.
    static QString standardFolder();

    /// The cache in \a folder for the project with \a versionFolders. An empty folder: nothing is known and save()
    /// does nothing.
    RevisionCache(const QString &folder, const QStringList &versionFolders);

    void load();
    /// What is known of \a file as it is now; valid as long as this object is.
    const Revision *find(const VersionFile &file) const;

    /// Whether a reading begun at \a startNs, since 1970, may be kept: the file was at rest by then.
    static bool isSettled(const FileStamp &stamp, qint64 startNs);
    /// Replaces what is stored by \a entries. Best effort: a disk that is full or read-only is no error.
    void save(const QList<Entry> &entries) const;

private:
    QString m_path{}; // empty: no cache
    QHash<QString, Entry> m_entries{};
};

} // namespace tribikos
