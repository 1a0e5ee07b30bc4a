#pragma once

#include "core/base/result.h"

#include <QString>
#include <stop_token>

namespace tribikos {

/*!
    Copies the committed content of the SQLite file \a database into a new file in \a folder (empty:
    beside it) by SQLite's backup API, makes it durable and returns its path:
    NAME.YYYYMMDD-HHMMSS.backup, never an existing file's. Give it a database on which a write lock
    is held, or the copy may start over while others write. A failure or a cancel leaves no file
    behind.
*/
Result<QString> backupSqlite(const QString &database, const QString &folder,
                             const std::stop_token &stop);

/// Refuses when the file systems lack room for a run on a database of \a size bytes: twice its size
/// beside it (journal and a rebuilt table) and, with \a withBackup, once more in \a backupFolder.
Status checkFreeSpace(const QString &database, qint64 size, bool withBackup,
                      const QString &backupFolder);
/// The rule behind it: \a free and \a backupFree are bytes available, the same when \a isSameDisk.
bool hasRoom(qint64 size, bool withBackup, qint64 free, qint64 backupFree, bool isSameDisk);

/// The database that the copy \a path was made of, by its name; empty when no copy is called so.
QString originalOf(const QString &path);

/*!
    Puts the copy \a copy in the place of \a database, however damaged that is: what stands there is kept
    beside it (NAME.YYYYMMDD-HHMMSS.replaced), with its journals, which would spoil the copy. The copy is
    looked through first and stays. Returns where the old file is; empty when there was none. Whoever holds
    the database (ErrorCode::Busy) must let go of it before.
*/
Result<QString> restoreSqlite(const QString &copy, const QString &database);

} // namespace tribikos
