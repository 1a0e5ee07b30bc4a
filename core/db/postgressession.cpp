#include "core/db/postgressession.h"

#include "core/base/text.h"
#include "core/db/libpq.h"
#include "core/db/postgresvalues.h"
#include "core/db/sqltext.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QVarLengthArray>
#include <charconv>
#include <vector>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

struct ResultDeleter
{
    void operator()(PGresult *result) const { pq().clear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

QString sslMode(Tls tls)
{
    switch (tls) {
    case Tls::Automatic:
    case Tls::Prefer: return u"prefer"_s;
    case Tls::Off: return u"disable"_s;
    case Tls::Encrypt: return u"require"_s;
    case Tls::VerifyCa: return u"verify-ca"_s;
    case Tls::VerifyFull: return u"verify-full"_s;
    }
    return {};
}

/// The keywords of libpq's connection string; what the URL says wins over what is usual here.
QMap<QString, QString> keywords(const ConnectionSpec &spec)
{
    QMap<QString, QString> words{
        {u"application_name"_s, u"tribikos"_s},
        {u"keepalives_idle"_s, u"5"_s}, // a cut line is noticed in seconds, not hours
        {u"keepalives_interval"_s, u"2"_s},
        {u"keepalives_count"_s, u"3"_s},
        {u"tcp_user_timeout"_s, u"10000"_s},
    };
    words.insert(spec.clientOptions);
    words.insert(u"client_encoding"_s, u"UTF8"_s);
    words.insert(u"sslmode"_s, sslMode(spec.effectiveTls()));
    const auto give = [&](const QString &word, const QString &value) {
        if (!value.isEmpty())
            words.insert(word, value);
    };
    give(u"host"_s, spec.host.isEmpty() ? spec.socket : spec.host);
    give(u"port"_s, spec.port > 0 ? QString::number(spec.port) : QString());
    give(u"user"_s, spec.user);
    give(u"password"_s, spec.password);
    give(u"dbname"_s, spec.database);
    give(u"sslcert"_s, spec.certificateFile);
    give(u"sslkey"_s, spec.keyFile);
    give(u"sslrootcert"_s, spec.caFile);
    const bool isVerified =
        spec.effectiveTls() == Tls::VerifyCa || spec.effectiveTls() == Tls::VerifyFull;
    if (isVerified && spec.caFile.isEmpty()
        && !QFileInfo::exists(QDir::homePath() + u"/.postgresql/root.crt"_s))
        give(u"sslrootcert"_s, systemCertificates());
    return words;
}

PGconn *startConnection(const ConnectionSpec &spec)
{
    QList<QByteArray> texts;
    const QMap<QString, QString> words = keywords(spec);
    for (auto word = words.cbegin(); word != words.cend(); ++word)
        texts << word.key().toUtf8() << word.value().toUtf8();
    std::vector<const char *> names;
    std::vector<const char *> values;
    for (qsizetype i = 0; i < texts.size(); i += 2) {
        names.push_back(texts.at(i).constData());
        values.push_back(texts.at(i + 1).constData());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return pq().connectStartParams(names.data(), values.data(), 0);
}

QString advice(const ConnectionSpec &spec, const QString &reason)
{
    if (reason.contains(u"root certificate"_s) || reason.contains(u"certificate verify failed"_s)
        || reason.contains(u"does not support SSL"_s))
        return spec.tls == Tls::Automatic ? u"servers on other machines must prove who they are: "
                                            u"give the URL sslrootcert=FILE, or "
                                            "sslmode=require to go on without the proof"_s
                                          : u"check sslmode and sslrootcert in the URL"_s;
    if (reason.contains(u"password"_s) || reason.contains(u"role "_s))
        return u"check the user and the password"_s;
    if (reason.contains(u"starting up"_s) || reason.contains(u"shutting down"_s)
        || reason.contains(u"accepting connections"_s) // "not yet accepting": before it is consistent
        || reason.contains(u"recovery"_s) || reason.contains(u"too many"_s))
        return u"try again in a moment"_s;
    if (reason.contains(u"database \""_s))
        return u"create it or correct the URL"_s;
    return u"check that the server runs and the URL is right"_s;
}

/// '?' marks as PostgreSQL counts them.
QByteArray numbered(const QString &sql, qsizetype count)
{
    QString text = sql;
    qsizetype from = 0;
    for (qsizetype i = 1; i <= count; ++i) {
        const qsizetype at = nextMark(text, from);
        if (at < 0)
            break;
        const QString mark = u'$' + QString::number(i);
        text.replace(at, 1, mark);
        from = at + mark.size();
    }
    return text.toUtf8();
}

/// What a column's texts mean.
enum class CellKind { Bool, Number, Text };

CellKind cellKind(Oid type)
{
    constexpr Oid boolOid = 16, int8Oid = 20, int2Oid = 21, int4Oid = 23, oidOid = 26;
    switch (type) {
    case boolOid: return CellKind::Bool;
    case int8Oid:
    case int2Oid:
    case int4Oid:
    case oidOid: return CellKind::Number;
    default: return CellKind::Text;
    }
}

/// The server's own decimal digits.
qlonglong numberOf(const char *text, int length)
{
    qlonglong number = 0;
    std::from_chars(text, text + length, number);
    return number;
}

QVariant cell(const PGresult *result, int row, int column, CellKind kind, RepeatedTexts &texts)
{
    const int length = pq().getlength(result, row, column);
    if (length == 0 && pq().getisnull(result, row, column)) // NULL has no length
        return {};
    const char *text = pq().getvalue(result, row, column);
    switch (kind) {
    case CellKind::Bool: return text[0] == 't';
    case CellKind::Number: return numberOf(text, length);
    case CellKind::Text: break;
    }
    return texts.value(column, QByteArrayView(text, length));
}

QList<Row> rowsOf(const PGresult *result)
{
    QList<Row> rows;
    RepeatedTexts texts;
    const int columns = pq().nfields(result);
    const int count = pq().ntuples(result);
    QVarLengthArray<CellKind, 32> kinds;
    for (int column = 0; column < columns; ++column)
        kinds.append(cellKind(pq().ftype(result, column)));
    rows.reserve(count);
    for (int at = 0; at < count; ++at) {
        Row row;
        row.reserve(columns);
        for (int column = 0; column < columns; ++column)
            row.append(cell(result, at, column, kinds[column], texts));
        rows.append(std::move(row));
    }
    return rows;
}

bool changesRows(const char *status)
{
    const QByteArrayView tag(status);
    return tag.startsWith("INSERT") || tag.startsWith("UPDATE") || tag.startsWith("DELETE")
           || tag.startsWith("MERGE");
}

} // namespace

Result<std::unique_ptr<ServerSession>> PostgresSession::open(const ConnectionSpec &spec,
                                                             Access access, Patience patience)
{
    if (const Status usable = pq().usable(); !usable)
        return usable.error();
    std::unique_ptr<PostgresSession> session(new PostgresSession(spec));
    session->setPatience(std::move(patience));
    if (const Status connected = session->connect(spec, access); !connected)
        return connected.error();
    return std::unique_ptr<ServerSession>(std::move(session));
}

PostgresSession::~PostgresSession()
{
    cut();
    if (m_cancel)
        pq().freeCancel(static_cast<PGcancel *>(m_cancel));
}

void PostgresSession::cut()
{
    if (m_db)
        pq().finish(m_db);
    m_db = nullptr;
}

Status PostgresSession::connect(const ConnectionSpec &spec, Access access)
{
    QElapsedTimer timer;
    timer.start();
    m_db = startConnection(spec);
    PostgresPollingStatusType state = m_db ? PGRES_POLLING_WRITING : PGRES_POLLING_FAILED;
    if (m_db && pq().status(m_db) == CONNECTION_BAD)
        state = PGRES_POLLING_FAILED;
    bool isLate = false;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        if (timer.hasExpired(spec.connectTimeoutMs)) {
            isLate = true;
            break;
        }
        if (!goOn())
            return Error{.code = ErrorCode::Cancelled, .message = u"Connecting was cancelled."_s};
        if (waitForSocket(pq().socket(m_db), state == PGRES_POLLING_READING,
                          state == PGRES_POLLING_WRITING, kSliceMs))
            state = pq().connectPoll(m_db);
    }
    if (state != PGRES_POLLING_OK) {
        const QString reason =
            isLate ? u"it did not answer within %1 s"_s.arg(spec.connectTimeoutMs / 1000)
                   : redactedText(m_db ? QString::fromUtf8(pq().errorMessage(m_db)) : QString())
                         .simplified();
        return Error{.code = ErrorCode::Connection,
                     .message = u"No connection to %1: %2; %3."_s.arg(
                         m_place,
                         reason.isEmpty() ? u"the client library gave no reason"_s : reason,
                         advice(spec, reason)),
                     .detail = reason};
    }
    pq().setnonblocking(m_db, 1);
    pq().setNoticeReceiver(m_db, &PostgresSession::onNotice, this);
    m_cancel = pq().getCancel(m_db);
    if (const Status set = configure(spec); !set)
        return set;
    if (access == Access::Write)
        return done();
    const auto readOnly = execute(u"SET default_transaction_read_only = on"_s);
    return readOnly ? done() : Status(readOnly.error());
}

Status PostgresSession::configure(const ConnectionSpec &spec)
{
    const auto pid = query(u"SELECT pg_backend_pid()"_s);
    if (!pid)
        return pid.error();
    m_serverId = pid->first().value(0).toLongLong();
    m_isPooled = m_serverId != pq().backendPid(m_db); // a pooler makes up its own
    QStringList settings{u"SET standard_conforming_strings = on"_s};
    const auto reports = [this](const char *setting, const char *value) {
        const char *now = pq().parameterStatus(m_db, setting);
        return now && QByteArrayView(now).startsWith(value);
    };
    if (!reports("DateStyle", "ISO")) // values are read as Python's drivers read them
        settings.append(u"SET datestyle TO 'ISO'"_s);
    if (!reports("IntervalStyle", "postgres"))
        settings.append(u"SET intervalstyle TO 'postgres'"_s);
    if (spec.statementTimeoutMs > 0)
        settings.append(u"SET statement_timeout = %1"_s.arg(spec.statementTimeoutMs));
    for (const QString &setting : settings) {
        if (const auto set = execute(setting); !set)
            return set.error();
    }
    return done();
}

void PostgresSession::onNotice(void *self, const pg_result *result)
{
    const char *text = pq().resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    static_cast<PostgresSession *>(self)->note(QString::fromUtf8(text ? text : ""));
}

Error PostgresSession::lost()
{
    const QString reason =
        m_db ? redactedText(QString::fromUtf8(pq().errorMessage(m_db))).simplified() : QString();
    cut();
    setLastState({});
    return {.code = ErrorCode::Connection,
            .message = u"The connection to %1 was lost%2"_s.arg(
                m_place, reason.isEmpty() ? QString() : u" ("_s + reason + u')'),
            .detail = reason};
}

Error PostgresSession::failure(pg_result *result)
{
    const auto field = [&](int code) {
        const char *text = pq().resultErrorField(result, code);
        return redactedText(QString::fromUtf8(text ? text : "")).trimmed();
    };
    const QString state = field(PG_DIAG_SQLSTATE);
    setLastState(state);
    QString message = field(PG_DIAG_MESSAGE_PRIMARY);
    if (message.isEmpty())
        message = redactedText(QString::fromUtf8(pq().resultErrorMessage(result))).trimmed();
    QString detail = message;
    for (const int code : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT}) {
        if (const QString more = field(code); !more.isEmpty())
            detail += u'\n' + more;
    }
    if (const QString more = field(PG_DIAG_MESSAGE_DETAIL); !more.isEmpty())
        message += u" ("_s + more + u')';
    const bool isCancelled = state == u"57014" && !message.contains(u"timeout"_s);
    return {.code = isCancelled ? ErrorCode::Cancelled : ErrorCode::Statement,
            .message = message,
            .detail = detail};
}

Status PostgresSession::flush()
{
    for (int left = pq().flush(m_db); left != 0; left = pq().flush(m_db)) {
        if (left < 0 || !goOn())
            return lost();
        if (waitForSocket(pq().socket(m_db), true, true, kSliceMs) && !pq().consumeInput(m_db))
            return lost();
    }
    return done();
}

Status PostgresSession::awaitResult()
{
    while (pq().isBusy(m_db)) {
        const bool isReady = waitForSocket(pq().socket(m_db), true, false, kSliceMs);
        if (isReady ? !pq().consumeInput(m_db) : !goOn())
            return lost();
    }
    return done();
}

Result<qint64> PostgresSession::run(const QString &sql, const QList<QVariant> &bound,
                                    const Receive &receive)
{
    setLastState({});
    if (const Status text = checkStatementText(sql); !text)
        return text.error();
    if (!m_db)
        return lost();
    QList<QByteArray> texts;
    for (const QVariant &value : bound)
        texts.append(value.toString().toUtf8());
    std::vector<const char *> values;
    for (qsizetype i = 0; i < bound.size(); ++i)
        values.push_back(bound.at(i).isNull() ? nullptr : texts.at(i).constData());
    // The extended protocol takes one statement only: what stands behind a semicolon is refused by the server.
    if (!pq().sendQueryParams(m_db, numbered(sql, bound.size()).constData(), int(values.size()),
                              nullptr, values.data(), nullptr, nullptr, 0))
        return lost();
    if (!m_keepsAll)
        pq().setSingleRowMode(m_db); // a million rows are nobody's to hold
    if (const Status sent = flush(); !sent)
        return sent.error();
    qint64 changed = -1;
    std::optional<Error> failed;
    for (;;) {
        if (const Status came = awaitResult(); !came)
            return came.error();
        const ResultPtr result(pq().getResult(m_db));
        if (!result)
            break;
        switch (pq().resultStatus(result.get())) {
        case PGRES_SINGLE_TUPLE:
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
        case PGRES_EMPTY_QUERY:
            if (receive)
                receive(result.get());
            if (changesRows(pq().cmdStatus(result.get())))
                changed = QByteArrayView(pq().cmdTuples(result.get())).toLongLong();
            break;
        case PGRES_COPY_IN:
            pq().putCopyEnd(m_db, "COPY from a client is not supported");
            failed = Error{
                .code = ErrorCode::Statement,
                .message =
                    u"COPY … FROM STDIN has no data here; write INSERTs, or run the script by psql"_s};
            break;
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
            interrupt();
            cut();
            return Error{.code = ErrorCode::Statement,
                         .message =
                             u"COPY … TO STDOUT has nowhere to go; remove it from the script"_s};
        default:
            if (!failed)
                failed = failure(result.get());
        }
        if (pq().status(m_db) == CONNECTION_BAD)
            return lost();
    }
    if (failed)
        return *failed;
    return changed;
}

Replies PostgresSession::exchange(const QStringList &statements, const Replied &replied)
{
    Replies replies;
    setLastState({});
    for (const QString &sql : statements) {
        if (const Status text = checkStatementText(sql); !text) {
            replies.error = text.error();
            return replies;
        }
    }
    bool isSent = m_db && pq().enterPipelineMode(m_db);
    for (const QString &sql : statements)
        isSent = isSent
                 && pq().sendQueryParams(m_db, sql.toUtf8().constData(), 0, nullptr, nullptr,
                                         nullptr, nullptr, 0)
                 && (!replied || pq().sendFlushRequest(m_db)); // else they come all at the end
    isSent = isSent && pq().pipelineSync(m_db);
    Status received = isSent ? flush() : Status(lost());
    if (received)
        received = receiveReplies(statements.size(), &replies, replied);
    if (received && !pq().exitPipelineMode(m_db))
        received = lost();
    if (!received)
        replies.error = received.error();
    return replies;
}

Status PostgresSession::receiveReplies(qsizetype count, Replies *replies, const Replied &replied)
{
    Replies::Reply reply;
    bool isSynchronized = false;
    while (!isSynchronized) {
        if (const Status came = awaitResult(); !came)
            return came;
        const ResultPtr result(pq().getResult(m_db));
        switch (result ? pq().resultStatus(result.get()) : PGRES_EMPTY_QUERY) {
        case PGRES_PIPELINE_SYNC: isSynchronized = true; break;
        case PGRES_SINGLE_TUPLE: // libpq forgets to leave run()'s mode for the first of a pipeline
            reply.rows += rowsOf(result.get());
            break;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            reply.rows += rowsOf(result.get());
            if (changesRows(pq().cmdStatus(result.get())))
                reply.changed = QByteArrayView(pq().cmdTuples(result.get())).toLongLong();
            reply.tag = pq().cmdStatus(result.get());
            replies->replies.append(std::exchange(reply, {}));
            if (replied)
                replied(replies->replies.constLast());
            break;
        case PGRES_EMPTY_QUERY:             // nothing but the end of one statement's results
        case PGRES_PIPELINE_ABORTED: break; // it stands behind one that failed
        default:
            if (!replies->error)
                replies->error = failure(result.get());
        }
        if (pq().status(m_db) == CONNECTION_BAD)
            return lost();
    }
    if (!replies->error && replies->replies.size() != count)
        return lost();
    return done();
}

Result<qint64> PostgresSession::execute(const QString &sql)
{
    return run(sql, {}, {});
}

Result<QList<Row>> PostgresSession::query(const QString &sql, const QList<QVariant> &bound)
{
    QList<Row> rows; // they are held in any case: at once is half the work
    m_keepsAll = true;
    const auto ran = run(sql, bound, [&rows](pg_result *result) { rows += rowsOf(result); });
    m_keepsAll = false;
    if (!ran)
        return ran.error();
    return rows;
}

Result<Fetched> PostgresSession::fetch(const QString &sql)
{
    Fetched fetched;
    qint64 bytes = 0;
    Status counted = done();
    const auto ran = run(sql, {}, [&](pg_result *result) {
        if (pq().nfields(result) > 0 && fetched.columns.isEmpty())
            fetched.columns = columnsOf(result);
        fetched.hasRows = fetched.hasRows || pq().resultStatus(result) != PGRES_COMMAND_OK;
        for (int at = 0; at < pq().ntuples(result) && counted; ++at) {
            Row row;
            for (int column = 0; column < pq().nfields(result); ++column)
                row.append(fetchedCell(result, at, column));
            counted = countFetched(row, &bytes);
            if (counted)
                fetched.rows.append(std::move(row));
            else
                interrupt(); // the rest is read and dropped
        }
    });
    if (!counted)
        return counted.error();
    if (!ran)
        return ran.error();
    fetched.changed = *ran;
    return fetched;
}

bool PostgresSession::isLost() const
{
    return !m_db || pq().status(m_db) == CONNECTION_BAD;
}

bool PostgresSession::inTransaction() const
{
    return m_db && pq().transactionStatus(m_db) != PQTRANS_IDLE;
}

Status PostgresSession::begin()
{
    if (inTransaction()) // the server would only warn
        return Error{.code = ErrorCode::Usage, .message = u"A transaction is open already."_s};
    const auto begun = execute(u"BEGIN"_s);
    return begun ? done() : Status(begun.error());
}

Status PostgresSession::commit()
{
    if (!inTransaction())
        return Error{.code = ErrorCode::Usage, .message = u"No transaction is open."_s};
    QByteArray tag;
    const auto committed =
        run(u"COMMIT"_s, {}, [&tag](pg_result *result) { tag = pq().cmdStatus(result); });
    if (!committed)
        return committed.error();
    if (tag != "COMMIT") // of a failed transaction the server says so, and calls it a success
        return Error{.code = ErrorCode::Statement,
                     .message =
                         u"the server rolled the transaction back instead of committing it"_s};
    return done();
}

Status PostgresSession::rollback()
{
    if (!m_db)
        return lost();
    if (!inTransaction())
        return done();
    const auto rolled = execute(u"ROLLBACK"_s);
    return rolled ? done() : Status(rolled.error());
}

void PostgresSession::interrupt()
{
    char problem[256] = {};
    if (m_cancel)
        pq().cancel(static_cast<PGcancel *>(m_cancel), problem, sizeof(problem));
}

QString PostgresSession::serverVersion()
{
    const auto rows = query(u"SHOW server_version"_s);
    return rows && !rows->isEmpty() ? u"PostgreSQL "_s + rows->first().value(0).toString()
                                    : u"PostgreSQL"_s;
}

} // namespace tribikos
