#include "core/config/versionfiles.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSet>
#include <QStringBuilder>
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int deepestFolder = 32;
constexpr qsizetype mostEntries =
    200'000; // a folder that is the whole machine is no folder of revisions
constexpr qint64 sqlHeadBytes = 4096;

FileStamp stampOf(const struct stat &status)
{
    const auto ns = [](const struct timespec &time) {
        return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    };
    return {.size = status.st_size,
            .modifiedNs = ns(status.st_mtim),
            .changedNs = ns(status.st_ctim),
            .inode = status.st_ino,
            .device = status.st_dev};
}

/// In byte order, as Alembic sorts.
QList<QByteArray> namesIn(DIR *folder)
{
    QList<QByteArray> names;
    while (const dirent *entry = folder ? readdir(folder) : nullptr) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.append(name);
    }
    std::ranges::sort(names);
    return names;
}

class Finder
{
public:
    Finder(const VersionFileRequest &request, Diagnostics *diagnostics)
        : m_request(request)
        , m_diagnostics(diagnostics)
    {}
    QList<VersionFile> find();

private:
    void folder(const QString &path, int depth);
    struct Folder
    {
        int handle = -1;
        const QString &path;
        const QString &realPath;
    };
    void file(const Folder &folder, const QByteArray &encodedName);
    bool isSqlRevisionFile(const QString &path) const;
    bool isUsable(const QString &path, const struct stat &status, bool isSql);
    bool isNew(const QString &path, const QString &real);
    void report(Severity severity, const QString &code, const QString &path,
                const QString &message);

    const VersionFileRequest &m_request;
    Diagnostics *m_diagnostics;
    QList<VersionFile> m_files{};
    QSet<QString> m_seen{};    // real paths of files
    qsizetype m_entries = 0;   // names met so far
    QSet<QString> m_folders{}; // real paths of folders below the one named: no rings of links
};

void Finder::report(Severity severity, const QString &code, const QString &path,
                    const QString &message)
{
    if (m_diagnostics)
        m_diagnostics->append(
            {.severity = severity, .code = code, .message = message, .file = path});
}

bool Finder::isSqlRevisionFile(const QString &path) const
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && isSqlRevision(file.read(sqlHeadBytes));
}

bool Finder::isUsable(const QString &path, const struct stat &status, bool isSql)
{
    const bool isRegular = S_ISREG(status.st_mode);
    if (isRegular && (isSql || status.st_size <= largeScriptBytes)) // nearly every file
        return true;
    const QString name = QFileInfo(path).fileName();
    if (!isRegular) {
        report(
            Severity::Error, u"not-a-file"_s, path,
            u"%1 is not a regular file and is not read; remove it from the versions folder."_s.arg(
                name));
        return false;
    }
    const QString size = QString::number(status.st_size / (1024 * 1024));
    if (status.st_size > largestScriptBytes) {
        report(Severity::Error, u"file-too-large"_s, path,
               u"%1 has %2 MiB and is not read, 16 MiB is the most; move its data out of it."_s.arg(
                   name, size));
        return false;
    }
    report(Severity::Warning, u"file-large"_s, path,
           u"%1 has %2 MiB, unusually much for a revision."_s.arg(name, size));
    return true;
}

bool Finder::isNew(const QString &path, const QString &real)
{
    const qsizetype known = m_seen.size();
    m_seen.insert(real);
    if (m_seen.size() == known) {
        report(Severity::Warning, u"file-twice"_s, path,
               u"File %1 loaded twice! ignoring. Please ensure version_locations is unique."_s.arg(
                   path));
        return false;
    }
    return true;
}

void Finder::file(const Folder &folder, const QByteArray &encodedName)
{
    const QString name = QFile::decodeName(encodedName);
    const QString path = folder.path % u'/' % name;
    const VersionFileKind kind = versionFileKind(name);
    const bool isSql = kind == VersionFileKind::Sql;
    if (m_request.isSourceless && name.endsWith(u".pyc") && !QFile::exists(path.chopped(1))) {
        report(Severity::Error, u"compiled-only"_s, path,
               u"%1 is compiled Python, which is not read; put its source beside it."_s.arg(name));
    }
    if (kind == VersionFileKind::None)
        return;
    struct stat status = {};
    const char *const entry = encodedName.constData();
    bool isThere = fstatat(folder.handle, entry, &status, AT_SYMLINK_NOFOLLOW) == 0;
    const bool isLink = isThere && S_ISLNK(status.st_mode);
    if (isLink)
        isThere = fstatat(folder.handle, entry, &status, 0) == 0;
    if (!isThere) {
        report(Severity::Error, u"unreadable-file"_s, path,
               u"%1 can't be read; is it a link whose target is gone?"_s.arg(name));
        return;
    }
    if (S_ISDIR(status.st_mode) || !isUsable(path, status, isSql))
        return;
    if (isSql && !isSqlRevisionFile(path))
        return;
    // Only a link needs to be followed step by step, which costs more than all the rest.
    const QString real = isLink                           ? QFileInfo(path).canonicalFilePath()
                         : folder.path == folder.realPath ? path
                                                          : folder.realPath % u'/' % name;
    if (isNew(path, real))
        m_files.append({path, isSql, stampOf(status)});
}

void Finder::folder(const QString &path, int depth)
{
    const QFileInfo info(path);
    if (path.endsWith(u"__pycache__") || !info.isDir())
        return;
    if (!info.isReadable() || !info.isExecutable()) {
        report(Severity::Error, u"unreadable-folder"_s, path,
               u"The versions folder %1 can't be read; check its permissions."_s.arg(path));
        return;
    }
    const QString real = info.canonicalFilePath();
    if (depth > deepestFolder || m_folders.contains(real))
        return;
    m_folders.insert(real);
    const std::unique_ptr<DIR, int (*)(DIR *)> handle(opendir(QFile::encodeName(path).constData()),
                                                      closedir);
    const QList<QByteArray> names = namesIn(handle.get());
    m_entries += names.size();
    if (m_entries > mostEntries && m_entries - names.size() <= mostEntries)
        report(
            Severity::Error, u"too-many-files"_s, path,
            u"More than %1 files stand below the versions folders; those from %2 on are not read."_s
                .arg(QString::number(mostEntries), path));
    if (m_entries > mostEntries)
        return;
    for (const QByteArray &name : names)
        file({dirfd(handle.get()), path, real}, name);
    for (const QByteArray &name : m_request.isRecursive ? names : QList<QByteArray>()) {
        const QString below = path + u'/' + QFile::decodeName(name);
        const QFileInfo child(below);
        if (!child.isDir())
            continue;
        if (!child.isSymLink())
            folder(below, depth + 1);
        else if (!below.endsWith(
                     u"__pycache__")) // a link may lead to the root of the whole machine
            report(Severity::Info, u"link-not-followed"_s, below,
                   u"%1 is a link to a folder, which is not followed, as in Alembic."_s.arg(
                       child.fileName()));
    }
}

QList<VersionFile> Finder::find()
{
    for (const QString &path : m_request.folders) {
        m_folders.clear(); // the same folder named twice is said file by file, as Alembic does
        folder(QDir::cleanPath(QDir::current().absoluteFilePath(path)), 0);
    }
    return m_files;
}

/// At most \a limit bytes of a file that has \a size, without the copies and calls that QFile makes for each
/// of 10 000 files.
std::optional<QByteArray> readBytes(int handle, qint64 limit, qint64 size)
{
    QByteArray bytes(limit, Qt::Uninitialized);
    qint64 length = 0;
    while (length < limit) {
        const qint64 wanted = limit - length;
        const ssize_t more = read(handle, bytes.data() + length, size_t(wanted));
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return {};
        length += more;
        if (more == 0 || (more < wanted && length == size)) // more was asked for, and isn't there
            break;
    }
    bytes.truncate(length);
    return bytes;
}

Error unreadable(const QString &path, const QString &why)
{
    return {.code = ErrorCode::Unreadable, .message = u"%1 %2"_s.arg(path, why), .file = path};
}

Error tooLarge(const QString &path, qint64 limit)
{
    return unreadable(path, u"is larger than %1 KiB and is not read."_s.arg(limit / 1024));
}

/// A handle of \a path, without waiting: a pipe put in its place must not hold us.
Result<int> opened(const QString &path)
{
    const int handle = open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (handle >= 0)
        return handle;
    return Error{.code = QFileInfo::exists(path) ? ErrorCode::Unreadable : ErrorCode::NotFound,
                 .message =
                     u"%1 can't be opened; check that it exists and may be read."_s.arg(path),
                 .file = path};
}

Result<QByteArray> readFile(const QString &path, qint64 limit, bool isHead, FileStamp *stamp)
{
    const auto handle = opened(path);
    if (!handle)
        return handle.error();
    const auto closed = qScopeGuard([&handle] { close(*handle); });
    struct stat status = {};
    if (fstat(*handle, &status) != 0 || !S_ISREG(status.st_mode))
        return unreadable(path, u"is not a regular file and is not read."_s);
    if (!isHead && status.st_size > limit)
        return tooLarge(path, limit);
    // Not more than the file has, and one byte to see that it ends there.
    const auto bytes = readBytes(
        *handle, isHead ? limit : std::min<qint64>(limit, status.st_size) + 1, status.st_size);
    if (!bytes)
        return unreadable(path, u"can't be read to its end."_s);
    if (bytes->size() > limit)
        return tooLarge(path, limit);
    const FileStamp before = stampOf(status);
    if (stamp && (fstat(*handle, &status) != 0 || stampOf(status) != before))
        return unreadable(path, u"was changed while it was read; try again."_s);
    if (stamp)
        *stamp = before;
    return *bytes;
}

} // namespace

VersionFileKind versionFileKind(const QString &name)
{
    if (name.startsWith(u".#"))
        return VersionFileKind::None;
    if (name.endsWith(u".sql"))
        return VersionFileKind::Sql;
    const bool isPython = name.endsWith(u".py") && !name.startsWith(u"__init__");
    return isPython ? VersionFileKind::Python : VersionFileKind::None;
}

bool isSqlRevision(const QByteArray &head)
{
    static const QRegularExpression header(u"^\\x{FEFF}?\\s*--\\s*revision\\s*:"_s,
                                           QRegularExpression::MultilineOption);
    return header.match(QString::fromUtf8(head.left(sqlHeadBytes))).hasMatch();
}

QList<VersionFile> findVersionFiles(const VersionFileRequest &request, Diagnostics *diagnostics)
{
    return Finder(request, diagnostics).find();
}

Result<QByteArray> readRegularFile(const QString &path, qint64 limit, FileStamp *stamp)
{
    return readFile(path, limit, false, stamp);
}

Result<QByteArray> readFileHead(const QString &path, qint64 size, FileStamp *stamp)
{
    return readFile(path, size, true, stamp);
}

Result<QByteArray> readUnchanged(const QString &path, qint64 limit, const FileStamp &stamp)
{
    if (stamp.size > limit)
        return tooLarge(path, limit);
    const auto handle = opened(path);
    if (!handle)
        return handle.error();
    const auto closed = qScopeGuard([&handle] { close(*handle); });
    const auto bytes = readBytes(*handle, stamp.size + 1, stamp.size);
    // Looked at once, behind it all: what was changed meanwhile shows, and so does what is no file any more.
    struct stat status = {};
    if (!bytes || fstat(*handle, &status) != 0 || !S_ISREG(status.st_mode)
        || stampOf(status) != stamp || bytes->size() != stamp.size)
        return unreadable(path, u"has changed since the project was opened; open it again."_s);
    return *bytes;
}

} // namespace tribikos
