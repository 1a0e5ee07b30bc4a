#include "core/db/serversession.h"
#include "core/db/sqlitesession.h"
#include "core/reflect/reflect.h"
#include "core/runtime/journal.h"
#include "core/runtime/run.h"
#include "core/runtime/runlock.h"
#include "core/runtime/structurestamp.h"
#include "core/runtime/versiontable.h"
#include "core/runtime/watchdog.h"

#include <QElapsedTimer>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kReadWaitMs =
    5000; // a reader waits only while another program is in the middle of a commit
constexpr int kWatchAfterMs = 2000; // most catalogues are read by then
constexpr int kServerReadMs =
    300000; // even if it answers: a catalogue of thousands of tables takes seconds
constexpr auto kServerSilence = std::chrono::seconds(10); // nothing is at stake yet

/// How long a server may take to be read: as long as it answers somebody, up to a limit.
class ReadingLimit
{
public:
    ReadingLimit(const ConnectionSpec &spec, const std::stop_token &stop)
        : m_spec(spec)
        , m_stop(stop)
    {
        m_timer.start();
    }

    void setSession(qint64 session) { m_session = session; }

    bool goOn()
    {
        if (!m_watchdog && m_session != 0 && m_timer.hasExpired(kWatchAfterMs))
            m_watchdog = std::make_unique<Watchdog>(m_spec, m_session);
        const bool isSilent =
            m_watchdog && Watchdog::Clock::now() - m_watchdog->state().answered > kServerSilence;
        m_isSilent = m_isSilent || isSilent;
        m_isOver = m_isOver || isSilent || m_timer.hasExpired(kServerReadMs);
        return !m_isOver && !m_stop.stop_requested();
    }
    const std::stop_token &stop() const { return m_stop; }

    /// \a error, or why the reading was given up.
    Error explained(const Error &error) const
    {
        if (m_stop.stop_requested())
            return {.code = ErrorCode::Cancelled,
                    .message =
                        u"Reading %1 was cancelled; nothing was changed."_s.arg(m_spec.place()),
                    .detail = error.message};
        if (!m_isOver)
            return error;
        const auto limit = m_isSilent ? kServerSilence.count() : kServerReadMs / 1000;
        return {
            .code = ErrorCode::Connection,
            .message =
                u"%1 has not answered for %2 s while it was read; look at the server, then try again."_s
                    .arg(m_spec.place(), QString::number(limit)),
            .detail = error.message};
    }

private:
    const ConnectionSpec m_spec;
    const std::stop_token m_stop;
    QElapsedTimer m_timer{};
    qint64 m_session = 0;
    bool m_isOver = false;
    bool m_isSilent = false;
    std::unique_ptr<Watchdog> m_watchdog{};
};

Result<std::unique_ptr<Session>> openForReading(const ConnectionSpec &spec, ReadingLimit &limit)
{
    if (spec.backend == Backend::Sqlite) {
        auto session = SqliteSession::open(
            spec, Access::Read,
            {.limitMs = std::min(spec.lockTimeoutMs, kReadWaitMs), .stop = limit.stop()});
        return session ? Result<std::unique_ptr<Session>>(std::unique_ptr<Session>(session.take()))
                       : Result<std::unique_ptr<Session>>(session.error());
    }
    auto session = openServer(spec, Access::Read, [&limit] { return limit.goOn(); });
    if (!session)
        return limit.explained(session.error());
    limit.setSession((*session)->serverId());
    return std::unique_ptr<Session>(session.take());
}

/// The catalogue, where it can be read.
Result<std::optional<Schema>> schemaOf(Session &session, const TableName &versionTable)
{
    Result<Schema> schema = reflect(session, versionTable);
    if (!schema && schema.error().code == ErrorCode::Unsupported)
        return std::optional<Schema>();
    if (!schema)
        return schema.error();
    return std::optional<Schema>(schema.take());
}

/// What the journal says, for whoever looks at the database and not at the run that broke off.
Result<QString> interruptedRun(Session &session, const TableName &versionTable,
                               std::optional<HalfStep> *half = nullptr)
{
    if (session.backend() == Backend::Sqlite)
        return QString();
    Journal journal(versionTable);
    if (const Status read = journal.read(session); !read)
        return read.error().code == ErrorCode::Conflict ? Result<QString>(read.error().message)
                                                        : Result<QString>(read.error());
    if (journal.isEmpty())
        return QString();
    if (const qint64 worker = sessionAtWork(session, versionTable); worker != 0)
        return u"A run is at work (session %1), in the middle of %2. %3"_s.arg(
            QString::number(worker), journal.subject(), journal.standing());
    if (const Status again = journal.read(session); !again) // it may have ended just now
        return again.error();
    if (half)
        *half = journal.half();
    if (journal.isEmpty())
        return QString();
    const QString text =
        journal.isBeingUndone()
            ? u"Taking back %1 broke off. %2 undo goes on with it."_s
            : u"A run broke off in the middle of %1. %2 The command that it had goes "
              u"on from there, undo takes back what is in where it can."_s;
    return text.arg(journal.subject(), journal.standing());
}

} // namespace

Result<QStringList> currentRows(const ConnectionSpec &spec, const TableName &versionTable,
                                QString *interrupted, const std::stop_token &stop)
{
    ReadingLimit limit(spec, stop); // outlives the session, which asks it
    const auto session = openForReading(spec, limit);
    if (!session && session.error().code == ErrorCode::NotFound)
        return QStringList();
    if (!session)
        return session.error();
    const Result<VersionTable> table = readVersionTable(**session, versionTable);
    if (!table)
        return limit.explained(table.error());
    if (interrupted) {
        const Result<QString> found = interruptedRun(**session, versionTable);
        if (!found)
            return limit.explained(found.error());
        *interrupted = *found;
    }
    return table->rows;
}

Result<DatabaseState> readDatabase(const ConnectionSpec &spec, const TableName &versionTable,
                                   const std::stop_token &stop)
{
    ReadingLimit limit(spec, stop); // outlives the session, which asks it
    const auto session = openForReading(spec, limit);
    if (!session && session.error().code == ErrorCode::NotFound)
        return DatabaseState{
            .exists = false, .schema = Schema(), .structure = u"0"_s}; // what an empty file says
    if (!session)
        return session.error();
    const Result<QString> structure =
        structureStamp(**session); // first: what changes later differs from it
    if (!structure)
        return limit.explained(structure.error());
    const Result<VersionTable> table = readVersionTable(**session, versionTable);
    if (!table)
        return limit.explained(table.error());
    std::optional<HalfStep> half;
    const Result<QString> interrupted = interruptedRun(**session, versionTable, &half);
    if (!interrupted)
        return limit.explained(interrupted.error());
    Result<std::optional<Schema>> schema = schemaOf(**session, versionTable);
    if (!schema)
        return limit.explained(schema.error());
    const QString version = (*session)->serverVersion();
    if (!limit.goOn()) // which is no word about the version, but the server's silence
        return limit.explained({.code = ErrorCode::Connection});
    return DatabaseState{.serverVersion = version,
                         .rows = table->rows,
                         .schema = schema.take(),
                         .interrupted = *interrupted,
                         .half = half,
                         .structure = *structure};
}

} // namespace tribikos
