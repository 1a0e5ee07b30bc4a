#include "core/db/mysqlsession.h"

#include "core/base/text.h"
#include "core/db/libmariadb.h"
#include "core/db/sqltext.h"

#include <QElapsedTimer>
#include <errmsg.h>
#include <mysqld_error.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool wantsTls(Tls tls)
{
    return tls == Tls::Encrypt || tls == Tls::VerifyCa || tls == Tls::VerifyFull;
}

bool isLostNumber(unsigned number)
{
    return number == CR_SERVER_GONE_ERROR || number == CR_SERVER_LOST
           || number == CR_CONN_HOST_ERROR || number == CR_CONNECTION_ERROR
           || number == ER_CONNECTION_KILLED || number == ER_SERVER_SHUTDOWN
           || number == CR_COMMANDS_OUT_OF_SYNC;
}

QString advice(const ConnectionSpec &spec, unsigned number, const QString &reason)
{
    if (reason.contains(u"SSL"_s) || reason.contains(u"TLS"_s) || reason.contains(u"certificate"_s))
        return spec.tls == Tls::Automatic ? u"servers on other machines must prove who they are: "
                                            u"give the URL ssl_ca=FILE, or "
                                            "ssl_mode=REQUIRED to go on without the proof"_s
                                          : u"check ssl_mode and ssl_ca in the URL"_s;
    switch (number) {
    case ER_ACCESS_DENIED_ERROR: return u"check the user and the password"_s;
    case ER_DBACCESS_DENIED_ERROR: return u"check the user's rights to the database"_s;
    case ER_BAD_DB_ERROR: return u"create it or correct the URL"_s;
    case ER_CON_COUNT_ERROR: return u"try again in a moment"_s;
    default: return u"check that the server runs and the URL is right"_s;
    }
}

std::optional<qint64> wholeNumber(const MYSQL_FIELD &field, QByteArrayView text)
{
    switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR: {
        bool isNumber = false;
        const qint64 number = text.toLongLong(&isNumber);
        return isNumber ? std::optional(number) : std::nullopt;
    }
    default: return std::nullopt;
    }
}

/// As PyMySQL and mysqlclient take them.
QList<FetchedColumn> columnsOf(const MYSQL_FIELD *fields, unsigned count)
{
    using Type = FetchedColumn::Type;
    QList<FetchedColumn> columns;
    for (unsigned i = 0; i < count; ++i) {
        FetchedColumn column{.name = QString::fromUtf8(fields[i].name)};
        switch (fields[i].type) {
        case MYSQL_TYPE_DECIMAL:
        case MYSQL_TYPE_NEWDECIMAL: column.type = Type::Decimal; break;
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_NEWDATE: column.type = Type::Date; break;
        case MYSQL_TYPE_TIME: column.type = Type::Interval; break;
        case MYSQL_TYPE_DATETIME:
        case MYSQL_TYPE_TIMESTAMP: column.type = Type::DateTime; break;
        case MYSQL_TYPE_GEOMETRY: column.type = Type::Opaque; break;
        default: break;
        }
        columns.append(column);
    }
    return columns;
}

QVariant fetchedCell(const MYSQL_FIELD &field, const char *text, unsigned long size)
{
    constexpr unsigned binaryCharset = 63;
    if (!text)
        return {};
    const QByteArrayView view(text, qsizetype(size));
    bool isNumber = false;
    switch (field.type) {
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return view.toDouble();
    case MYSQL_TYPE_LONGLONG:
        if (const quint64 number = view.toULongLong(&isNumber);
            isNumber && number > quint64(INT64_MAX))
            return number;
        break;
    case MYSQL_TYPE_BIT: return view.toByteArray();
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VARCHAR:
        if (field.charsetnr == binaryCharset)
            return view.toByteArray();
        break;
    default: break;
    }
    if (const auto number = wholeNumber(field, view))
        return *number;
    return QString::fromUtf8(view);
}

} // namespace

MySqlSession::MySqlSession(const ConnectionSpec &spec)
    : m_spec(spec)
    , m_place(spec.place())
{}

MySqlSession::~MySqlSession()
{
    if (m_db && !inTransaction())
        mariadb().close(m_db); // says goodbye; a server that hangs has been cut before
    else
        cut();
}

void MySqlSession::cut()
{
    if (!m_db)
        return;
    // A word of goodbye could block on a dead line: the socket goes first.
    if (const my_socket socket = mariadb().getSocket(m_db); socket != MARIADB_INVALID_SOCKET)
        mariadb().cancel(m_db);
    mariadb().close(m_db);
    m_db = nullptr;
}

Result<std::unique_ptr<ServerSession>> MySqlSession::open(const ConnectionSpec &spec, Access access,
                                                          Patience patience)
{
    if (const Status usable = mariadb().usable(); !usable)
        return usable.error();
    std::unique_ptr<MySqlSession> session(new MySqlSession(spec));
    session->setPatience(std::move(patience));
    if (const Status connected = session->connect(access); !connected)
        return connected.error();
    return std::unique_ptr<ServerSession>(std::move(session));
}

void MySqlSession::setOptions()
{
    const auto seconds = unsigned(std::max(1, m_spec.connectTimeoutMs / 1000));
    const my_bool off = 0;
    mariadb().options(m_db, MYSQL_OPT_NONBLOCK, nullptr);
    mariadb().options(m_db, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mariadb().options(m_db, MYSQL_OPT_RECONNECT,
                      &off); // a new session would hold none of our locks
    mariadb().options(m_db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mariadb().options4(m_db, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "tribikos");
    const unsigned local = 0;
    mariadb().options(m_db, MYSQL_OPT_LOCAL_INFILE,
                      &local); // a server may ask for no file of this machine
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    if (!m_spec.host.isEmpty() && m_spec.host != u"localhost")
        mariadb().options(m_db, MYSQL_OPT_PROTOCOL, &tcp);
    setTlsOptions();
}

void MySqlSession::setTlsOptions()
{
    const Tls tls = m_spec.effectiveTls();
    const bool isVerified = tls == Tls::VerifyCa || tls == Tls::VerifyFull;
    const my_bool enforced = wantsTls(tls);
    const my_bool verified = isVerified;
    if (tls == Tls::Off)
        return;
    const QString ca = isVerified && m_spec.caFile.isEmpty() ? systemCertificates() : m_spec.caFile;
    const auto path = [](const QString &file) { return file.toLocal8Bit(); };
    const QByteArray key = path(m_spec.keyFile), certificate = path(m_spec.certificateFile),
                     authority = path(ca);
    if (enforced || !ca.isEmpty() || !certificate.isEmpty())
        mariadb().sslSet(m_db, key.isEmpty() ? nullptr : key.constData(),
                         certificate.isEmpty() ? nullptr : certificate.constData(),
                         authority.isEmpty() ? nullptr : authority.constData(), nullptr, nullptr);
    mariadb().options(m_db, MYSQL_OPT_SSL_ENFORCE, &enforced);
    mariadb().options(m_db, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
}

/// The library has been known to open in clear text whatever was asked: the session itself is looked at.
Status MySqlSession::checkTls()
{
    if (!wantsTls(m_spec.effectiveTls()) || mariadb().getSslCipher(m_db))
        return done();
    cut();
    return Error{.code = ErrorCode::Connection,
                 .message = u"The server of %1 does not speak TLS, which was asked for; correct "
                            u"the server, or give "
                            "the URL ssl_mode=DISABLED if the line is safe."_s.arg(m_place)};
}

Status MySqlSession::connect(Access access)
{
    QElapsedTimer timer;
    timer.start();
    m_db = mariadb().init(nullptr);
    if (!m_db)
        return lost(u"out of memory"_s);
    setOptions();
    const QByteArray host = m_spec.host.toUtf8(), user = m_spec.user.toUtf8(),
                     password = m_spec.password.toUtf8(), database = m_spec.database.toUtf8(),
                     socket = m_spec.socket.toLocal8Bit();
    MYSQL *opened = nullptr;
    int status = mariadb().realConnectStart(
        &opened, m_db, host.isEmpty() ? nullptr : host.constData(), user.constData(),
        password.constData(), database.constData(), unsigned(m_spec.port),
        socket.isEmpty() ? nullptr : socket.constData(),
        CLIENT_FOUND_ROWS); // an UPDATE counts what it meets, as for Python's drivers
    while (status != 0) {
        const auto came = await(status);
        if (!came || timer.hasExpired(m_spec.connectTimeoutMs)) {
            cut();
            if (!came)
                return Error{.code = ErrorCode::Cancelled,
                             .message = u"Connecting was cancelled."_s};
            return Error{
                .code = ErrorCode::Connection,
                .message =
                    u"No connection to %1: it did not answer within %2 s; check that the server "
                    "runs and the URL is right."_s.arg(m_place)
                        .arg(m_spec.connectTimeoutMs / 1000)};
        }
        status = mariadb().realConnectCont(&opened, m_db, *came);
    }
    if (!opened) {
        const unsigned number = mariadb().errorNumber(m_db);
        const QString reason = redactedText(QString::fromUtf8(mariadb().error(m_db))).simplified();
        mariadb().close(std::exchange(m_db, nullptr));
        return Error{.code = ErrorCode::Connection,
                     .message = u"No connection to %1: %2; %3."_s.arg(
                         m_place,
                         reason.isEmpty() ? u"the client library gave no reason"_s : reason,
                         advice(m_spec, number, reason)),
                     .detail = reason};
    }
    if (const Status safe = checkTls(); !safe)
        return safe;
    m_serverId = qint64(mariadb().threadId(m_db));
    return configure(access);
}

/// A line that is cut without a word is noticed in seconds, as libpq is told to.
void MySqlSession::keepAlive()
{
    const int socket = int(mariadb().getSocket(m_db));
    const auto set = [socket](int level, int option, int value) {
        (void)setsockopt(socket, level, option, &value,
                         sizeof(value)); // a local socket knows none of these
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 5);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, 10000);
}

/// Behind a proxy the number that the greeting told is the proxy's, the server has another for this session.
Status MySqlSession::findProxy()
{
    const auto ids = query(u"SELECT @@pseudo_thread_id"_s);
    if (!ids && isLost())
        return ids.error();
    const qint64 own =
        ids && !ids->isEmpty() ? ids->constFirst().value(0).toLongLong() : m_serverId;
    m_isPooled = own != 0 && own != m_serverId;
    if (m_isPooled)
        m_serverId = own;
    return done();
}

Status MySqlSession::configure(Access access)
{
    keepAlive();
    if (const Status found = findProxy(); !found)
        return found;
    QStringList settings{u"SET NAMES utf8mb4"_s};
    if (access == Access::Read)
        settings.append(u"SET SESSION TRANSACTION READ ONLY"_s);
    if (const QString own = m_spec.clientOptions.value(u"init_command"_s); !own.isEmpty())
        settings.append(own);
    for (const QString &setting : settings) {
        if (const auto set = execute(setting); !set)
            return set.error();
    }
    return done();
}

Result<int> MySqlSession::await(int status)
{
    QElapsedTimer timer;
    timer.start();
    const int limit = status & MYSQL_WAIT_TIMEOUT ? int(mariadb().getTimeoutValueMs(m_db)) : -1;
    for (;;) {
        const int left =
            limit < 0 ? kSliceMs
                      : std::min<int>(kSliceMs, std::max<int>(0, limit - int(timer.elapsed())));
        if (waitForSocket(mariadb().getSocket(m_db), status & MYSQL_WAIT_READ,
                          status & MYSQL_WAIT_WRITE, left))
            return status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
        if (limit >= 0 && timer.elapsed() >= limit)
            return MYSQL_WAIT_TIMEOUT;
        if (!goOn())
            return lost(u"given up while waiting for the server"_s);
    }
}

Error MySqlSession::lost(const QString &reason)
{
    cut();
    setLastState({});
    return {.code = ErrorCode::Connection,
            .message = u"The connection to %1 was lost%2"_s.arg(
                m_place, reason.isEmpty() ? QString() : u" ("_s + reason + u')'),
            .detail = reason};
}

Error MySqlSession::failure()
{
    const unsigned number = mariadb().errorNumber(m_db);
    const QString text = redactedText(QString::fromUtf8(mariadb().error(m_db))).trimmed();
    if (isLostNumber(number))
        return lost(text);
    setLastState(QString::number(number));
    return {.code = number == ER_QUERY_INTERRUPTED ? ErrorCode::Cancelled : ErrorCode::Statement,
            .message = text,
            .detail = u"%1 (%2, SQLSTATE %3)"_s.arg(text).arg(number).arg(
                QString::fromLatin1(mariadb().sqlstate(m_db)))};
}

Status MySqlSession::receiveRows(const Receive &receive)
{
    MYSQL_RES *result = mariadb().useResult(m_db);
    if (!result)
        return mariadb().errorNumber(m_db) ? Status(failure()) : done();
    if (receive)
        receive(result, nullptr, nullptr); // the columns, be there no rows
    for (;;) {
        MYSQL_ROW row = nullptr;
        int status = mariadb().fetchRowStart(&row, result);
        while (status != 0) {
            const auto came = await(status);
            if (!came) {
                result->handle =
                    nullptr; // gone with the connection; what is left is the result's own
                mariadb().freeResult(result);
                return came.error();
            }
            status = mariadb().fetchRowCont(&row, result, *came);
        }
        if (!row)
            break;
        if (receive)
            receive(result, row, mariadb().fetchLengths(result));
    }
    const Status end = mariadb().errorNumber(m_db) ? Status(failure()) : done();
    if (!m_db)
        result->handle = nullptr;
    mariadb().freeResult(result);
    return end;
}

/// What a procedure gives behind its first result; an error may stand there as well.
Status MySqlSession::drainResults()
{
    while (mariadb().moreResults(m_db)) {
        int ended = 0;
        int status = mariadb().nextResultStart(&ended, m_db);
        while (status != 0) {
            const auto came = await(status);
            if (!came)
                return came.error();
            status = mariadb().nextResultCont(&ended, m_db, *came);
        }
        if (ended > 0)
            return failure();
        if (const Status received = receiveRows({}); !received)
            return received;
    }
    return done();
}

Result<qint64> MySqlSession::run(const QString &sql, const Receive &receive)
{
    setLastState({});
    if (const Status text = checkStatementText(sql); !text)
        return text.error();
    if (!m_db)
        return lost({});
    const QByteArray bytes = sql.toUtf8();
    int failed = 0;
    int status = mariadb().realQueryStart(&failed, m_db, bytes.constData(), size_t(bytes.size()));
    while (status != 0) {
        const auto came = await(status);
        if (!came)
            return came.error();
        status = mariadb().realQueryCont(&failed, m_db, *came);
    }
    if (failed)
        return failure();
    if (mariadb().fieldCount(m_db) > 0) {
        qint64 rows = 0;
        const Receive counted = [&](MYSQL_RES *result, MYSQL_ROW row, unsigned long *lengths) {
            rows += row ? 1 : 0; // a call without one tells the columns
            if (receive)
                receive(result, row, lengths);
        };
        if (const Status received = receiveRows(counted); !received)
            return received.error();
        // MariaDB's INSERT … RETURNING has a row for each that it changed.
        const bool isChange = !sql.trimmed().startsWith(u"SELECT"_s, Qt::CaseInsensitive)
                              && sql.contains(u"RETURNING"_s, Qt::CaseInsensitive);
        const Status drained = drainResults();
        return drained ? Result<qint64>(isChange ? rows : -1) : Result<qint64>(drained.error());
    }
    const auto changed = qint64(mariadb().affectedRows(m_db));
    if (const Status drained = drainResults(); !drained)
        return drained.error();
    if (mariadb().warningCount(m_db) > 0 && !receive)
        noteWarnings();
    return changed;
}

/// What a statement that went through was not happy about: values cut off, defaults taken. That a primary key gets no
/// name is so in every table, the version table first of all, and nobody's mistake.
void MySqlSession::noteWarnings()
{
    constexpr int nameOfPrimaryKey = 1280; // "Name 'alembic_version_pkc' ignored for PRIMARY key."
    const auto rows = query(u"SHOW WARNINGS LIMIT 10"_s);
    for (const Row &row : rows ? *rows : QList<Row>())
        if (row.value(1).toInt() != nameOfPrimaryKey)
            note(row.value(2).toString());
}

Result<qint64> MySqlSession::execute(const QString &sql)
{
    return run(sql, {});
}

/// Values as literals, escaped by the library for this connection's character set.
QString MySqlSession::withValues(const QString &sql, const QList<QVariant> &bound)
{
    QString text;
    qsizetype from = 0;
    for (const QVariant &value : bound) {
        const qsizetype at = nextMark(sql, from);
        if (at < 0)
            break;
        const QByteArray bytes = value.toString().toUtf8();
        QByteArray escaped(2 * bytes.size() + 1, Qt::Uninitialized);
        escaped.truncate(qsizetype(mariadb().realEscapeString(
            m_db, escaped.data(), bytes.constData(), (unsigned long)bytes.size())));
        text += sql.mid(from, at - from)
                + (value.isNull() ? u"NULL"_s : u'\'' + QString::fromUtf8(escaped) + u'\'');
        from = at + 1;
    }
    return text + sql.mid(from);
}

Result<QList<Row>> MySqlSession::query(const QString &sql, const QList<QVariant> &bound)
{
    if (!m_db)
        return lost({});
    QList<Row> rows;
    RepeatedTexts texts;
    const auto ran =
        run(bound.isEmpty() ? sql : withValues(sql, bound),
            [&rows, &texts](MYSQL_RES *result, char **values, unsigned long *sizes) {
                if (!values)
                    return;
                const unsigned columns = mariadb().numFields(result);
                const MYSQL_FIELD *fields = mariadb().fetchFields(result);
                Row row;
                row.reserve(columns);
                for (unsigned column = 0; column < columns; ++column) {
                    if (!values[column]) {
                        row.append(QVariant());
                        continue;
                    }
                    const QByteArrayView text(values[column], qsizetype(sizes[column]));
                    const auto number = wholeNumber(fields[column], text);
                    row.append(number ? QVariant(*number) : texts.value(column, text));
                }
                rows.append(std::move(row));
            });
    if (!ran)
        return ran.error();
    return rows;
}

Result<Fetched> MySqlSession::fetch(const QString &sql)
{
    if (!m_db)
        return lost({});
    Fetched fetched;
    qint64 bytes = 0;
    Status counted = done();
    const auto ran = run(sql, [&](MYSQL_RES *result, char **values, unsigned long *sizes) {
        const unsigned count = mariadb().numFields(result);
        const MYSQL_FIELD *fields = mariadb().fetchFields(result);
        if (fetched.columns.isEmpty())
            fetched.columns = columnsOf(fields, count);
        if (!values || !counted)
            return;
        Row row;
        for (unsigned column = 0; column < count; ++column)
            row.append(fetchedCell(fields[column], values[column], sizes[column]));
        counted = countFetched(row, &bytes);
        if (counted)
            fetched.rows.append(std::move(row));
    });
    if (!counted)
        return counted.error();
    if (!ran)
        return ran.error();
    fetched.hasRows = !fetched.columns.isEmpty();
    fetched.changed = *ran;
    fetched.lastId = qint64(mariadb().insertId(m_db));
    return fetched;
}

/// As its last answer said.
unsigned MySqlSession::serverStatus() const
{
    unsigned status = 0;
    const bool isKnown =
        m_db && mariadb().getInfov(m_db, MARIADB_CONNECTION_SERVER_STATUS, &status) == 0;
    return isKnown ? status : 0;
}

bool MySqlSession::inTransaction() const
{
    return (serverStatus() & SERVER_STATUS_IN_TRANS) != 0;
}

bool MySqlSession::commitsByItself() const
{
    return (serverStatus() & SERVER_STATUS_AUTOCOMMIT) != 0;
}

Status MySqlSession::begin()
{
    if (inTransaction()) // the server would commit the first one
        return Error{.code = ErrorCode::Usage, .message = u"A transaction is open already."_s};
    const auto begun = execute(u"START TRANSACTION"_s);
    return begun ? done() : Status(begun.error());
}

Status MySqlSession::commit()
{
    const auto committed = execute(u"COMMIT"_s);
    return committed ? done() : Status(committed.error());
}

Status MySqlSession::rollback()
{
    if (!m_db)
        return lost({});
    const auto rolled = execute(u"ROLLBACK"_s);
    return rolled ? done() : Status(rolled.error());
}

void MySqlSession::interrupt()
{
    const auto other = open(m_spec, Access::Write, {});
    if (other)
        (void)(*other)->execute(u"KILL QUERY %1"_s.arg(m_serverId));
}

QString MySqlSession::serverVersion()
{
    const auto rows = query(u"SELECT version()"_s);
    const QString version =
        rows && !rows->isEmpty() ? rows->first().value(0).toString() : QString();
    return backendTitle(version.contains(u"MariaDB"_s) ? Backend::MariaDb : Backend::MySql) + u' '
           + version;
}

} // namespace tribikos
