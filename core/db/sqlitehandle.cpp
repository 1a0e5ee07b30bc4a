#include "core/db/sqlitehandle.h"

#include "core/db/sqliteheap.h"

#include <QThread>
#include <algorithm>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kProgressSteps =
    2000; // virtual machine steps between looks at the stop flag: below 1 ms
constexpr qint64 kFirstReportMs = 200;
constexpr qint64 kReportEveryMs = 1000;
constexpr int kLongestPauseMs = 50; // keeps a cancel below a tenth of a second

} // namespace

SqliteHandle::SqliteHandle(sqlite3 *db, LockWait wait)
    : m_db(db)
    , m_wait(std::move(wait))
{
    sqlite3_busy_handler(m_db, &SqliteHandle::onBusy, this);
    sqlite3_progress_handler(m_db, kProgressSteps, &SqliteHandle::onProgress, this);
    sqlite3_commit_hook(m_db, &SqliteHandle::onCommit, this);
}

SqliteHandle::~SqliteHandle()
{
    sqlite3_busy_handler(m_db, nullptr, nullptr);
    sqlite3_progress_handler(m_db, 0, nullptr, nullptr);
    sqlite3_commit_hook(m_db, nullptr, nullptr);
}

Status SqliteHandle::harden()
{
    const bool isSet =
        sqlite3_db_config(m_db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr) == SQLITE_OK
        && sqlite3_db_config(m_db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr) == SQLITE_OK
        && sqlite3_db_config(m_db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr) == SQLITE_OK
        && sqlite3_extended_result_codes(m_db, 1) == SQLITE_OK;
    if (!isSet)
        return Error{.code = ErrorCode::Connection,
                     .message =
                         u"This SQLite library (%1) can't be told to distrust a database file; "
                         "install 3.31 or newer."_s.arg(QLatin1StringView(sqlite3_libversion()))};
    return done();
}

void SqliteHandle::interrupt()
{
    m_interrupted = true;
    sqlite3_interrupt(m_db);
}

void SqliteHandle::resume()
{
    m_interrupted = false;
    m_wait.stop = {};
}

bool SqliteHandle::inTransaction() const
{
    return sqlite3_get_autocommit(m_db) == 0;
}

bool SqliteHandle::isReadOnly() const
{
    return sqlite3_db_readonly(m_db, "main") == 1;
}

bool SqliteHandle::hasMoved() const
{
    int moved = 0;
    const int answer = sqlite3_file_control(m_db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return answer == SQLITE_OK && moved != 0;
}

qint64 SqliteHandle::changes() const
{
    return sqlite3_changes64(m_db);
}

qint64 SqliteHandle::totalChanges() const
{
    return sqlite3_total_changes64(m_db);
}

int SqliteHandle::onBusy(void *self, int attempt)
{
    return static_cast<SqliteHandle *>(self)->keepWaiting(attempt) ? 1 : 0;
}

int SqliteHandle::onProgress(void *self)
{
    return static_cast<const SqliteHandle *>(self)->isInterrupted() ? 1 : 0;
}

int SqliteHandle::onCommit(void *self)
{
    return static_cast<const SqliteHandle *>(self)->m_commitIsGuarded ? 1 : 0;
}

bool SqliteHandle::keepWaiting(int attempt)
{
    if (attempt == 0) {
        m_waited.start();
        m_reportAtMs = kFirstReportMs;
    }
    const qint64 waited = m_waited.elapsed();
    const bool isOver = waited >= m_wait.limitMs;
    if (isInterrupted() || (isOver && !(m_wait.isUnlimited && m_wait.isUnlimited())))
        return false;
    if (waited >= m_reportAtMs) {
        m_reportAtMs = waited + kReportEveryMs;
        if (m_wait.report)
            m_wait.report(waited);
    }
    const qint64 pause = std::min<qint64>(1 << std::min(attempt, 6), kLongestPauseMs);
    QThread::msleep(ulong(isOver ? pause : std::min(pause, m_wait.limitMs - waited)));
    return true;
}

Error sqliteError(int code, const QString &serverText, const QString &path)
{
    const auto error = [&](ErrorCode kind, const QString &sentence) {
        return Error{.code = kind, .message = sentence, .detail = serverText};
    };
    switch (code & 0xff) {
    case SQLITE_BUSY:
        return error(
            ErrorCode::Busy,
            u"%1 is locked by another program; close it or let it finish, then try again."_s.arg(
                path));
    case SQLITE_INTERRUPT: return error(ErrorCode::Cancelled, u"The statement was cancelled."_s);
    case SQLITE_NOTADB:
        return error(ErrorCode::Connection, u"%1 is not a SQLite database, or it is encrypted; "
                                            "check the path in the URL."_s.arg(path));
    case SQLITE_CORRUPT:
        return error(
            ErrorCode::Connection,
            u"%1 is damaged; restore a copy of it, or look at it with sqlite3's \".recover\"."_s
                .arg(path));
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return error(ErrorCode::Connection,
                     u"%1 can't be written: the file or its folder is read-only; "
                     "give write permission and try again."_s.arg(path));
    case SQLITE_CANTOPEN:
        return error(ErrorCode::Connection,
                     u"%1 or its journal beside it can't be opened; check that the folder "
                     "exists and that you may read and write both."_s.arg(path));
    case SQLITE_FULL:
        return error(
            ErrorCode::Statement,
            u"the disk or the allowed size of %1 is full; free some space and try again"_s.arg(
                path));
    case SQLITE_NOMEM:
        return error(
            ErrorCode::Statement,
            u"SQLite needs more than %1 MiB of memory for it; split it into several statements"_s
                .arg(kMostSqliteHeap >> 20));
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
        return error(
            ErrorCode::Statement,
            u"reading or writing %1 failed; check the disk and its free space"_s.arg(path));
    default: return error(ErrorCode::Statement, serverText);
    }
}

} // namespace tribikos
