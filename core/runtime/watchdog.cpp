#include "core/runtime/watchdog.h"

#include "core/base/text.h"
#include "core/db/serversession.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr std::chrono::milliseconds kPeriod{2000};
constexpr std::chrono::milliseconds kRetryPeriod{500}; // of connecting, for a request that waits
constexpr auto kAnswerLimit = std::chrono::seconds(5);

/// Questions for who blocks a session, the surest first; the last one is a guess on MySQL.
QStringList blockersSql(Backend backend, qint64 watched)
{
    if (backend == Backend::PostgreSql)
        return {u"SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), "
                u"coalesce(a.state, ''), "
                "coalesce(extract(epoch FROM clock_timestamp() - a.state_change)::bigint, 0) "
                "FROM pg_stat_activity a WHERE a.pid = ANY(pg_blocking_pids(%1)) "
                "ORDER BY a.xact_start NULLS LAST LIMIT 1"_s.arg(watched)};
    const QString who =
        u"SELECT p.ID, p.USER, p.HOST, p.COMMAND, p.TIME FROM information_schema.PROCESSLIST p "_s;
    return {
        // Whose definition locks stand in the way of those that it waits for; off in many a MariaDB.
        who
            + u"JOIN performance_schema.threads h ON h.PROCESSLIST_ID = p.ID "
              "JOIN performance_schema.metadata_locks g ON g.OWNER_THREAD_ID = h.THREAD_ID AND "
              "g.LOCK_STATUS = 'GRANTED' "
              "JOIN performance_schema.metadata_locks w ON w.LOCK_STATUS = 'PENDING' "
              "AND w.OBJECT_SCHEMA <=> g.OBJECT_SCHEMA AND w.OBJECT_NAME <=> g.OBJECT_NAME "
              "JOIN performance_schema.threads t ON t.THREAD_ID = w.OWNER_THREAD_ID "
              "WHERE t.PROCESSLIST_ID = %1 AND p.ID <> %1 LIMIT 1"_s.arg(watched),
        // Rows: MariaDB and MySQL 5.7, then MySQL 8.
        who
            + u"JOIN information_schema.INNODB_TRX b ON b.trx_mysql_thread_id = p.ID "
              "JOIN information_schema.INNODB_LOCK_WAITS w ON w.blocking_trx_id = b.trx_id "
              "JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id "
              "WHERE r.trx_mysql_thread_id = %1 LIMIT 1"_s.arg(watched),
        who
            + u"JOIN information_schema.INNODB_TRX b ON b.trx_mysql_thread_id = p.ID "
              "JOIN performance_schema.data_lock_waits w ON w.BLOCKING_ENGINE_TRANSACTION_ID = "
              "b.trx_id "
              "JOIN information_schema.INNODB_TRX r ON r.trx_id = "
              "w.REQUESTING_ENGINE_TRANSACTION_ID "
              "WHERE r.trx_mysql_thread_id = %1 LIMIT 1"_s.arg(watched),
        // The oldest transaction, where it waits at all.
        u"SELECT p.ID, p.USER, p.HOST, p.COMMAND, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) "
        "FROM information_schema.INNODB_TRX t "
        "JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id "
        "WHERE p.ID <> %1 AND EXISTS (SELECT 1 FROM information_schema.PROCESSLIST w "
        "LEFT JOIN information_schema.INNODB_TRX wt ON wt.trx_mysql_thread_id = w.ID "
        "WHERE w.ID = %1 AND (w.STATE LIKE 'Waiting for%lock%' OR wt.trx_state = 'LOCK WAIT')) "
        "ORDER BY t.trx_started LIMIT 1"_s.arg(watched)};
}

/// "45 s", "3 min", "2 h 5 min"
QString ageText(qint64 seconds)
{
    if (seconds < 120)
        return u"%1 s"_s.arg(seconds);
    const qint64 minutes = seconds / 60;
    return minutes < 120 ? u"%1 min"_s.arg(minutes)
                         : u"%1 h %2 min"_s.arg(minutes / 60).arg(minutes % 60);
}

Blocker blockerOf(const Row &row, bool isGuess)
{
    const QString user = visibleText(row.value(1).toString(), false);
    const QString from = visibleText(row.value(2).toString(), false);
    return {.session = row.value(0).toLongLong(),
            .text = u"session %1 of %2%3, %4 for %5%6"_s.arg(
                row.value(0).toString(), user, from.isEmpty() ? QString() : u" ("_s + from + u')',
                visibleText(row.value(3).toString(), false), ageText(row.value(4).toLongLong()),
                isGuess ? u" (probably: the server doesn't tell whose lock it is)"_s : QString())};
}

} // namespace

QString serverIdentity(ServerSession &session)
{
    const auto rows = session.query(
        session.backend() == Backend::PostgreSql
            ? u"SELECT concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), inet_server_port())"_s
            : u"SELECT concat_ws(' ', @@hostname, @@port, @@pid_file)"_s);
    return rows && !rows->isEmpty() ? rows->constFirst().value(0).toString() : QString();
}

Watchdog::Watchdog(const ConnectionSpec &spec, qint64 watched, QString server)
    : m_spec(spec)
    , m_watched(watched)
    , m_server(std::move(server))
    , m_state{.answered = Clock::now()}
    , m_thread([this] { watch(); })
{}

Watchdog::~Watchdog()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

Watchdog::State Watchdog::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

void Watchdog::stopStatement()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopsStatement = true;
    }
    m_wake.notify_all();
}

void Watchdog::renew(const QString &sql)
{
    const std::lock_guard lock(m_mutex);
    m_renewal = sql;
}

void Watchdog::endSession(qint64 session)
{
    {
        const std::lock_guard lock(m_mutex);
        m_endsSession = session;
    }
    m_wake.notify_all();
}

bool Watchdog::isEnding() const
{
    const std::lock_guard lock(m_mutex);
    return m_isEnding;
}

void Watchdog::watch()
{
    std::unique_ptr<ServerSession> session;
    Clock::time_point asked = Clock::now();
    const auto patience = [this, &asked] {
        return !isEnding() && Clock::now() - asked < kAnswerLimit;
    };
    while (!isEnding()) {
        asked = Clock::now();
        if (!session || session->isLost()) {
            session.reset();
            auto opened = openServer(m_spec, Access::Write, patience);
            const bool isRefused = !opened && Clock::now() - asked < kAnswerLimit;
            if (opened)
                session = opened.take();
            const bool isOther = session && !isSameServer(*session);
            if (isOther) // what it says of numbers, blockers and locks is about others
                session.reset();
            const std::lock_guard lock(m_mutex);
            m_state.isElsewhere = isOther || (m_state.isElsewhere && !session);
            if (isRefused || isOther) // too many connections, say: who refuses is there
                m_state.answered = Clock::now();
        }
        bool stops = false;
        qint64 ended = 0;
        {
            const std::lock_guard lock(m_mutex);
            m_state.isConnected = session != nullptr;
            if (session) { // else they wait for one
                stops = std::exchange(m_stopsStatement, false);
                ended = std::exchange(m_endsSession, 0);
            }
        }
        if (session && (stops || ended != 0))
            command(*session, stops, ended);
        else if (session)
            look(*session);
        std::unique_lock lock(m_mutex);
        const auto isAsked = [this] { return m_stopsStatement || m_endsSession != 0; };
        m_wake.wait_for(lock,
                        (session && !session->isLost()) || !isAsked() ? kPeriod : kRetryPeriod,
                        [&] { return m_isEnding || (session && !session->isLost() && isAsked()); });
    }
}

bool Watchdog::isSameServer(ServerSession &session)
{
    const QString there = m_server.isEmpty() ? QString() : serverIdentity(session);
    return there.isEmpty() || there == m_server;
}

void Watchdog::look(ServerSession &session)
{
    QString renewal;
    {
        const std::lock_guard lock(m_mutex);
        renewal = m_renewal;
    }
    if (!renewal.isEmpty() && !session.execute(renewal) && session.isLost())
        return;
    const QStringList questions = blockersSql(m_spec.backend, m_watched);
    std::optional<Blocker> blocker;
    for (qsizetype i = 0; i < questions.size() && !blocker; ++i) {
        const auto rows =
            session.query(questions.at(i)); // not every server has all of these tables
        if (!rows && session.isLost())
            return;
        const bool isGuess = m_spec.backend != Backend::PostgreSql && i + 1 == questions.size();
        if (rows && !rows->isEmpty())
            blocker = blockerOf(rows->constFirst(), isGuess);
    }
    const std::lock_guard lock(m_mutex);
    m_state.answered = Clock::now();
    m_state.blocker = blocker;
}

void Watchdog::command(ServerSession &session, bool isStop, qint64 ended)
{
    const bool isPostgres = m_spec.backend == Backend::PostgreSql;
    bool isAnswered = true;
    if (isStop)
        isAnswered = bool(session.query(
            (isPostgres ? u"SELECT pg_cancel_backend(%1)"_s : u"KILL QUERY %1"_s).arg(m_watched)));
    if (ended != 0)
        isAnswered = bool(session.query(
            (isPostgres ? u"SELECT pg_terminate_backend(%1)"_s : u"KILL CONNECTION %1"_s)
                .arg(ended)));
    const std::lock_guard lock(m_mutex);
    if (!isAnswered && session.isLost()) { // whether it was heard is not known: asked again
        m_stopsStatement |= isStop;
        m_endsSession = m_endsSession == 0 ? ended : m_endsSession;
        return;
    }
    m_state.answered = Clock::now();
}

} // namespace tribikos
