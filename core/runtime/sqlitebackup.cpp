#include "core/runtime/sqlitebackup.h"

#include "core/db/sqliteheap.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>
#include <QStorageInfo>
#include <fcntl.h>
#include <memory>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kPagesPerLook = 500; // between two looks at the stop token
constexpr int kBusyMs = 5000;
constexpr int kMostNames = 1000;

struct Closer
{
    void operator()(sqlite3 *db) const { sqlite3_close(db); }
};
using Connection = std::unique_ptr<sqlite3, Closer>;

Error backupError(const QString &target, const QString &reason)
{
    return {.code = ErrorCode::Io,
            .message = u"The copy %1 could not be made: %2; nothing was changed. Choose another "
                       u"folder for it, "
                       "or run without a copy."_s.arg(target, reason),
            .detail = reason};
}

Connection openNative(const QString &path, int flags)
{
    boundSqliteHeap();
    sqlite3 *db = nullptr;
    if (sqlite3_open_v2(path.toUtf8().constData(), &db, flags, nullptr) != SQLITE_OK) {
        sqlite3_close(db);
        return nullptr;
    }
    sqlite3_busy_timeout(db, kBusyMs);
    return Connection(db);
}

/// What a copy is called until it is whole: whenever we are killed, what carries a copy's name is one.
QString partOf(const QString &path)
{
    return path + u".part"_s;
}

/// Reserves a name by creating its partOf(), readable by whom the database is.
Result<QString> reserveName(const QString &database, const QString &folder)
{
    const QFileInfo source(database);
    const QDir target(folder.isEmpty() ? source.absolutePath() : folder);
    const QString stem = target.filePath(
        source.fileName() + u'.' + QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s));
    struct stat mode = {};
    const mode_t bits =
        ::stat(QFile::encodeName(database).constData(), &mode) == 0 ? mode.st_mode & 0777 : 0600;
    for (int number = 1; number <= kMostNames; ++number) {
        const QString path =
            stem + (number == 1 ? QString() : u'-' + QString::number(number)) + u".backup"_s;
        if (QFileInfo::exists(path))
            continue;
        const int file = ::open(QFile::encodeName(partOf(path)).constData(),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, bits);
        if (file >= 0) {
            ::close(file);
            return path;
        }
        if (errno != EEXIST)
            return backupError(path, QString::fromLocal8Bit(strerror(errno)));
    }
    return backupError(stem + u".backup"_s, u"too many copies of this second exist already"_s);
}

bool syncPath(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool isSynced = ::fsync(file) == 0;
    ::close(file);
    return isSynced;
}

Status copyPages(sqlite3 *from, sqlite3 *to, const QString &target, const std::stop_token &stop)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return backupError(target, QString::fromUtf8(sqlite3_errmsg(to)));
    int step = SQLITE_OK;
    while (step == SQLITE_OK && !stop.stop_requested())
        step = sqlite3_backup_step(backup, kPagesPerLook);
    const int finished = sqlite3_backup_finish(backup);
    if (step == SQLITE_OK)
        return Error{.code = ErrorCode::Cancelled,
                     .message = u"Cancelled while the database was copied."_s};
    if (step != SQLITE_DONE || finished != SQLITE_OK)
        return backupError(
            target, QString::fromUtf8(sqlite3_errstr(step == SQLITE_DONE ? finished : step)));
    return done();
}

Status fillBackup(const QString &database, const QString &target, const std::stop_token &stop)
{
    {
        const Connection from = openNative(database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
        if (!from)
            return backupError(target, u"the database can't be opened a second time"_s);
        const Connection to = openNative(target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
        if (!to)
            return backupError(target, u"the new file can't be opened"_s);
        if (const Status copied = copyPages(from.get(), to.get(), target, stop); !copied)
            return copied;
    }
    if (!syncPath(target) || !syncPath(QFileInfo(target).absolutePath()))
        return backupError(target, u"the disk did not confirm the write"_s);
    return done();
}

} // namespace

Result<QString> backupSqlite(const QString &database, const QString &folder,
                             const std::stop_token &stop)
{
    const Result<QString> target = reserveName(database, folder);
    if (!target)
        return target.error();
    const QString part = partOf(*target);
    Status filled = fillBackup(database, part, stop);
    if (filled && !QFile::rename(part, *target))
        filled = backupError(*target, u"the new file can't be renamed"_s);
    if (!filled) {
        for (const QString &side : {u""_s, u"-journal"_s, u"-wal"_s, u"-shm"_s})
            QFile::remove(part + side);
        return filled.error();
    }
    syncPath(QFileInfo(*target).absolutePath());
    return *target;
}

bool hasRoom(qint64 size, bool withBackup, qint64 free, qint64 backupFree, bool isSameDisk)
{
    const qint64 forRun = 2 * size;
    const qint64 forBackup = withBackup ? size : 0;
    if (isSameDisk)
        return free >= forRun + forBackup;
    return free >= forRun && backupFree >= forBackup;
}

Status checkFreeSpace(const QString &database, qint64 size, bool withBackup,
                      const QString &backupFolder)
{
    const QString folder = QFileInfo(database).absolutePath();
    const QStorageInfo disk(folder);
    const QStorageInfo backupDisk(backupFolder.isEmpty() ? folder : backupFolder);
    if (!disk.isValid() || !backupDisk.isValid())
        return done(); // unknown is no reason to refuse: a full disk is rolled back later
    const bool isSameDisk = disk.rootPath() == backupDisk.rootPath();
    if (hasRoom(size, withBackup, disk.bytesAvailable(), backupDisk.bytesAvailable(), isSameDisk))
        return done();
    const QLocale locale = QLocale::c();
    return Error{
        .code = ErrorCode::Statement,
        .message =
            u"Too little free space for a run on %1 (%2): its folder has %3 left, the copy's %4; "
            "free %5 and try again."_s.arg(database, locale.formattedDataSize(size),
                                           locale.formattedDataSize(disk.bytesAvailable()),
                                           locale.formattedDataSize(backupDisk.bytesAvailable()),
                                           locale.formattedDataSize((withBackup ? 3 : 2) * size))};
}

QString originalOf(const QString &path)
{
    static const QRegularExpression form(u"^(.+)\\.\\d{8}-\\d{6}(?:-\\d+)?\\.backup$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    return form.match(path).captured(1);
}

namespace {

Error restoreError(const QString &database, const QString &reason)
{
    return {.code = ErrorCode::Io,
            .message = u"%1 could not be restored: %2."_s.arg(database, reason),
            .detail = reason};
}

/// What is wrong with it; nothing is read but the file itself.
QString damageOf(const QString &copy)
{
    const Connection db = openNative(copy, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
    if (!db)
        return u"it can't be opened"_s;
    QString answer;
    const auto hear = [](void *to, int, char **values, char **) {
        *static_cast<QString *>(to) = QString::fromUtf8(values[0]);
        return 1; // the first line is enough
    };
    const int asked = sqlite3_exec(db.get(), "PRAGMA integrity_check(1)", hear, &answer, nullptr);
    if (answer == u"ok")
        return {};
    return answer.isEmpty() ? QString::fromUtf8(sqlite3_errstr(asked)) : answer;
}

/// Somebody else reads or writes it. What is too damaged to tell is nobody's.
bool isHeld(const QString &database)
{
    const Connection db = openNative(database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (!db)
        return false;
    sqlite3_busy_timeout(db.get(), 0);
    return sqlite3_exec(db.get(), "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_BUSY;
}

/// Its journals keep their names' relation to it, so that SQLite could still use them.
Result<QString> putAside(const QString &database)
{
    if (!QFileInfo::exists(database)) {
        for (const QString &side : {u"-journal"_s, u"-wal"_s, u"-shm"_s})
            QFile::remove(database + side); // of a file that is gone
        return QString();
    }
    const QString stem =
        database + u'.' + QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s);
    QString aside = stem + u".replaced"_s;
    for (int number = 2; QFileInfo::exists(aside) && number <= kMostNames; ++number)
        aside = stem + u'-' + QString::number(number) + u".replaced"_s;
    for (const QString &side : {u"-journal"_s, u"-wal"_s, u"-shm"_s, u""_s}) {
        if (QFileInfo::exists(database + side) && !QFile::rename(database + side, aside + side))
            return restoreError(database, u"%1 can't be renamed"_s.arg(database + side));
    }
    return aside;
}

} // namespace

Result<QString> restoreSqlite(const QString &copy, const QString &database)
{
    if (!QFileInfo(copy).isFile())
        return Error{.code = ErrorCode::NotFound, .message = u"There is no copy %1."_s.arg(copy)};
    if (const QString damage = damageOf(copy); !damage.isEmpty())
        return restoreError(database, u"the copy %1 is damaged (%2)"_s.arg(copy, damage));
    if (QFileInfo(database).isFile() && isHeld(database))
        return Error{.code = ErrorCode::Busy,
                     .message = u"%1 is in use by another program: close that, then restore."_s.arg(
                         database)};
    const QString part = database + u".restoring"_s;
    QFile::remove(part);
    const QFileInfo before(database);
    if (!QFile::copy(copy, part) || !syncPath(part))
        return restoreError(database, u"%1 can't be written"_s.arg(part));
    QFile::setPermissions(part,
                          before.exists() ? before.permissions() : QFileInfo(copy).permissions());
    Result<QString> aside = putAside(database);
    if (!aside)
        return aside;
    if (!QFile::rename(part, database))
        return restoreError(database,
                            u"%1 can't be renamed; it is whole, so rename it by hand"_s.arg(part));
    syncPath(before.absolutePath());
    return aside;
}

} // namespace tribikos
