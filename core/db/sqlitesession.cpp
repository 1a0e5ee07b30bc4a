#include "core/db/sqlitesession.h"

#include "core/base/text.h"
#include "core/db/sqliteheap.h"
#include "core/db/sqltext.h"

#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QUrl>
#include <QUuid>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

const QString kDriver = u"QSQLITE"_s;

/// SQLite's URI form: it alone can say "do not create", which Qt's driver has no option for.
QString sqliteUri(const QString &path, bool mayCreate)
{
    return u"file:"_s + QString::fromLatin1(QUrl::toPercentEncoding(path, "/"))
           + (mayCreate ? u"?mode=rwc"_s : u"?mode=rw"_s);
}

/// Qt's plugin may have a SQLite of its own inside (as in Qt's own packages); our calls on its handle would
/// then reach another library.
Status checkSameLibrary(const QSqlDatabase &db)
{
    QSqlQuery query(db);
    if (query.exec(u"SELECT sqlite_source_id()"_s) && query.next()
        && query.value(0).toString() == QLatin1StringView(sqlite3_sourceid()))
        return done();
    return Error{.code = ErrorCode::Connection,
                 .message =
                     u"Qt's SQLite driver uses another SQLite library than Tribikos; build both "
                     "against the system's."_s};
}

sqlite3 *nativeSqlite(const QSqlDatabase &db)
{
    const QVariant handle = db.driver()->handle();
    if (!handle.isValid() || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return nullptr;
    return *static_cast<sqlite3 *const *>(handle.constData());
}

/// "INSERT", "WITH" and the like report changed rows; for the rest SQLite's counter is an older
/// statement's.
bool countsRows(const QString &sql)
{
    static const QStringList words{u"INSERT"_s, u"UPDATE"_s, u"DELETE"_s, u"REPLACE"_s, u"WITH"_s};
    return words.contains(leadingKeyword(sql));
}

} // namespace

Result<SqliteFile> inspectSqliteFile(const QString &path)
{
    const auto refuse = [&](ErrorCode code, const QString &sentence) {
        return Error{.code = code, .message = sentence.arg(path)};
    };
    if (path.isEmpty() || path == u":memory:")
        return SqliteFile{.isMemory = true, .exists = true};
    if (path.contains(QChar(u'\0')))
        return Error{.code = ErrorCode::Connection,
                     .message = u"The database's path holds a NUL character; correct the URL."_s};
    const QFileInfo file(path);
    if (file.isDir())
        return refuse(ErrorCode::Connection,
                      u"%1 is a folder, not a database; name a file in the URL."_s);
    if (!file.exists()) {
        const QFileInfo folder(file.absolutePath());
        if (!folder.isDir())
            return refuse(ErrorCode::Connection,
                          u"The folder of %1 does not exist; create it or correct the URL."_s);
        return SqliteFile{};
    }
    if (!file.isFile()) // a pipe or device would block or never end
        return refuse(ErrorCode::Connection,
                      u"%1 is not a regular file; name a database file in the URL."_s);
    return SqliteFile{.exists = true, .size = file.size() + QFileInfo(path + u"-wal"_s).size()};
}

SqliteSession::SqliteSession(const ConnectionSpec &spec)
    : m_place(spec.database)
    , m_name(QUuid::createUuid().toString(QUuid::WithoutBraces))
    , m_db(QSqlDatabase::addDatabase(kDriver, m_name))
{}

SqliteSession::~SqliteSession()
{
    m_sqlite.reset(); // its callbacks go before the connection does
    m_db.close();
    m_db = {}; // the last handle first, or removeDatabase() warns and leaks
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const ConnectionSpec &spec,
                                                           Access access, LockWait wait)
{
    if (!QSqlDatabase::isDriverAvailable(kDriver))
        return Error{
            .code = ErrorCode::Connection,
            .message = u"Qt's driver for SQLite (%1) is not installed; install its package and try "
                       "again."_s.arg(kDriver)};
    boundSqliteHeap();
    std::unique_ptr<SqliteSession> session(new SqliteSession(spec));
    if (const Status opened = session->connect(spec, access, std::move(wait)); !opened)
        return opened.error();
    return session;
}

Status SqliteSession::connect(const ConnectionSpec &spec, Access access, LockWait wait)
{
    const Result<SqliteFile> file = inspectSqliteFile(spec.database);
    if (!file)
        return file.error();
    if (!file->exists && access == Access::Read)
        return Error{.code = ErrorCode::NotFound,
                     .message = u"%1 does not exist yet; an upgrade creates it."_s.arg(m_place)};
    const QString mode = spec.clientOptions.value(u"mode"_s);
    if (access == Access::Write && mode == u"ro")
        return Error{.code = ErrorCode::Connection,
                     .message =
                         u"The URL says that %1 is only read (mode=ro); nothing was changed. "
                         "Leave the parameter out to write to it."_s.arg(m_place)};
    if (!file->exists && mode == u"rw")
        return Error{.code = ErrorCode::Connection,
                     .message = u"%1 does not exist, and its URL says that it is not to be created "
                                "(mode=rw)."_s.arg(m_place)};
    m_db.setConnectOptions(u"QSQLITE_OPEN_URI"_s);
    // An existing file that vanishes before the open is an error then, not a new empty database.
    m_db.setDatabaseName(file->isMemory ? u":memory:"_s : sqliteUri(spec.database, !file->exists));
    if (!m_db.open()) {
        const QSqlError error = m_db.lastError();
        return sqliteError(SQLITE_CANTOPEN, error.databaseText(), m_place);
    }
    if (const Status same = checkSameLibrary(m_db); !same)
        return same;
    sqlite3 *native = nativeSqlite(m_db);
    if (!native)
        return Error{
            .code = ErrorCode::Connection,
            .message =
                u"Qt's SQLite driver does not give its connection away, so a run could not be "
                "stopped safely; install the QSQLITE plugin of this Qt."_s};
    m_sqlite = std::make_unique<SqliteHandle>(native, std::move(wait));
    if (const Status hard = m_sqlite->harden(); !hard)
        return hard;
    // The first look at the file: whether it is a database at all, and free to read.
    if (const auto looked = query(u"SELECT count(*) FROM sqlite_master"_s); !looked)
        return looked.error();
    if (access == Access::Read)
        return control(u"PRAGMA query_only = ON"_s);
    return control(u"PRAGMA synchronous = FULL"_s); // a commit is on the disk when it is reported
}

Error SqliteSession::failure(const QSqlQuery &query) const
{
    const QSqlError error = query.lastError(); // taken at once: it is per connection
    const QString text =
        redactedText(error.databaseText().isEmpty() ? error.driverText() : error.databaseText())
            .trimmed();
    const int code = error.nativeErrorCode().toInt();
    if (code == SQLITE_MISUSE) // how Qt's driver reports text behind the first statement
        return {.code = ErrorCode::Statement,
                .message = u"it holds more than one statement; write each of them alone"_s,
                .detail = error.driverText()};
    const bool isEndedWait = (code & 0xff) == SQLITE_BUSY && m_sqlite->isInterrupted();
    return sqliteError(isEndedWait ? SQLITE_INTERRUPT : code, text, m_place);
}

Result<qint64> SqliteSession::execute(const QString &sql)
{
    if (const Status text = checkStatementText(sql); !text)
        return text.error();
    const qint64 before = m_sqlite->totalChanges();
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(sql)) // QSQLITE itself refuses a second statement
        return failure(query);
    while (query.isSelect()
           && query.next()) { // RETURNING or a PRAGMA: read to the end, or it stays open
    }
    if (query.lastError().isValid())
        return failure(query);
    if (!countsRows(sql))
        return qint64(-1);
    return m_sqlite->totalChanges() == before ? 0 : m_sqlite->changes();
}

Result<QList<Row>> SqliteSession::query(const QString &sql, const QList<QVariant> &bound)
{
    if (const Status text = checkStatementText(sql); !text)
        return text.error();
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    bool isRun = false;
    if (bound.isEmpty()) {
        isRun = query.exec(sql);
    } else if (query.prepare(sql)) {
        for (const QVariant &value : bound)
            query.addBindValue(value);
        isRun = query.exec();
    }
    if (!isRun)
        return failure(query);
    QList<Row> rows;
    const int columns = query.record().count();
    while (query.next()) {
        Row row;
        row.reserve(columns);
        for (int column = 0; column < columns; ++column)
            row.append(query.value(column));
        rows.append(std::move(row));
    }
    if (query.lastError().isValid())
        return failure(query);
    return rows;
}

Result<Fetched> SqliteSession::fetch(const QString &sql)
{
    if (const Status text = checkStatementText(sql); !text)
        return text.error();
    const qint64 before = m_sqlite->totalChanges();
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return failure(query);
    Fetched fetched{.hasRows = query.isSelect()};
    const QSqlRecord record = query.record();
    for (int column = 0; fetched.hasRows && column < record.count(); ++column)
        fetched.columns.append({.name = record.fieldName(column)});
    qint64 bytes = 0;
    while (fetched.hasRows && query.next()) {
        Row row;
        for (int column = 0; column < record.count(); ++column)
            row.append(query.isNull(column) ? QVariant() : query.value(column));
        if (const Status counted = countFetched(row, &bytes); !counted)
            return counted.error();
        fetched.rows.append(std::move(row));
    }
    if (query.lastError().isValid())
        return failure(query);
    if (countsRows(sql))
        fetched.changed = m_sqlite->totalChanges() == before ? 0 : m_sqlite->changes();
    fetched.lastId = query.lastInsertId().toLongLong();
    return fetched;
}

Status SqliteSession::control(const QString &sql)
{
    const Result<qint64> result = execute(sql);
    if (!result)
        return result.error();
    return done();
}

bool SqliteSession::inTransaction() const
{
    return m_sqlite->inTransaction();
}

Status SqliteSession::begin()
{
    if (inTransaction())
        return Error{.code = ErrorCode::Usage, .message = u"A transaction is open already."_s};
    const Status begun = control(u"BEGIN IMMEDIATE"_s);
    if (begun)
        m_sqlite->guardCommit(true);
    return begun;
}

Status SqliteSession::commit()
{
    if (!inTransaction())
        return Error{.code = ErrorCode::Usage, .message = u"No transaction is open."_s};
    m_sqlite->guardCommit(false);
    const Status committed = control(u"COMMIT"_s); // waits for readers as long as for a lock
    m_sqlite->guardCommit(!committed);
    return committed;
}

Status SqliteSession::rollback()
{
    m_sqlite->guardCommit(false);
    // SQLite rolls back by itself after a full disk or an interrupted write.
    return inTransaction() ? control(u"ROLLBACK"_s) : done();
}

void SqliteSession::interrupt()
{
    m_sqlite->interrupt();
}

QString SqliteSession::serverVersion()
{
    return u"SQLite "_s + QString::fromLatin1(sqlite3_libversion());
}

} // namespace tribikos
