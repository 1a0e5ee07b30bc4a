#pragma once

#include "core/base/diagnostic.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace tribikos {

/// What tells that a file is still the one that was read, without reading it again. Any write changes the time
/// of change, which programs can't set back; only two writes within the file system's tick look alike.
struct FileStamp
{
    qint64 size = 0;
    qint64 modifiedNs = 0; // since 1970
    qint64 changedNs = 0;  // since 1970: of the contents, the name or the rights
    quint64 inode = 0;
    quint64 device = 0;
    friend bool operator==(const FileStamp &, const FileStamp &) = default;
};

/// A file that holds a revision, or should.
struct VersionFile
{
    QString path{}; // absolute, as it was reached
    bool isSql = false;
    FileStamp stamp{};
    friend bool operator==(const VersionFile &, const VersionFile &) = default;
};

/// Which files are revisions, in Alembic's load order: folder by folder as given, names in byte
/// order, with \a isRecursive the sub-folders after the files. Python by its name's rule, SQL by
/// its name and a "-- revision:" line in its head. What is passed over, and why, goes to
/// \a diagnostics: not a regular file, too large, unreadable, reached twice.
struct VersionFileRequest
{
    QStringList folders{};
    bool isRecursive = false;
    bool isSourceless = false;
};
QList<VersionFile> findVersionFiles(const VersionFileRequest &request, Diagnostics *diagnostics);

/// What a file's name says of it: whether it is a revision in Python, or may be one in SQL.
enum class VersionFileKind { None, Python, Sql };
VersionFileKind versionFileKind(const QString &name);
/// Whether the first lines of SQL declare a revision.
bool isSqlRevision(const QByteArray &head);

/// A Python revision above the first size is said, above the second it is not read at all.
inline constexpr qint64 largeScriptBytes = 4LL * 1024 * 1024;
inline constexpr qint64 largestScriptBytes = 16LL * 1024 * 1024;

/// Reads a regular file without ever waiting on a pipe or device; at most \a limit bytes, else
/// Unreadable. \a stamp becomes that of the file that was read, which nothing
/// may change meanwhile then.
Result<QByteArray> readRegularFile(const QString &path, qint64 limit, FileStamp *stamp = nullptr);
/// The same for its first \a size bytes, however long it is.
Result<QByteArray> readFileHead(const QString &path, qint64 size, FileStamp *stamp = nullptr);
/// All of the file that \a stamp was taken of when the project was opened; Unreadable where it is not the same any
/// more, or larger than \a limit.
Result<QByteArray> readUnchanged(const QString &path, qint64 limit, const FileStamp &stamp);

} // namespace tribikos
