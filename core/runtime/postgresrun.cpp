#include "core/runtime/postgresrun.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <QCryptographicHash>
#include <QtEndian>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kLockTimeoutMs =
    5000; // one try; whoever waits in PostgreSQL's queue makes others wait

} // namespace

PostgresRun::PostgresRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                         const RunProgress &progress, const std::stop_token &stop)
    : ServerRun(plan, spec, options, progress, stop)
{}

Status PostgresRun::checkServer()
{
    if (const Status direct = checkDirect(); !direct)
        return direct;
    const auto facts = server().query(
        u"SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), "
        "current_setting('transaction_read_only'), coalesce(current_schema(), '')"_s);
    if (!facts)
        return facts.error();
    const Row &row = facts->constFirst();
    m_serverVersion = row.value(0).toInt();
    if (row.value(1).toBool() || row.value(2).toString() == u"on")
        return Error{
            .code = ErrorCode::Connection,
            .message =
                u"The server of %1 takes no writes (%2); connect to the one that does."_s.arg(
                    m_spec.place(),
                    row.value(1).toBool() ? u"it is a replica"_s : u"it is read-only"_s)};
    const QString schema =
        m_plan.versionTable.schema.isEmpty() ? row.value(3).toString() : m_plan.versionTable.schema;
    const QByteArray digest = QCryptographicHash::hash(
        (u"tribikos "_s + schema + u'.' + m_plan.versionTable.name).toUtf8(),
        QCryptographicHash::Sha256);
    m_lockKey = qFromBigEndian<qint64>(digest.constData());
    const Result<VersionTable> table = readVersionTable(server(), m_plan.versionTable);
    if (!table)
        return table.error();
    m_hasVersionTable = table->exists;
    for (const QString &setting : {u"SET lock_timeout = %1"_s.arg(
                                       std::min(kLockTimeoutMs, std::max(1, m_spec.lockTimeoutMs))),
                                   u"SET idle_in_transaction_session_timeout = '5min'"_s}) {
        if (const Status set = control(setting); !set)
            return set;
    }
    return done();
}

Result<bool> PostgresRun::tryLock()
{
    const auto rows = server().query(u"SELECT pg_try_advisory_lock(%1)"_s.arg(m_lockKey));
    if (!rows)
        return rows.error();
    return rows->constFirst().value(0).toBool();
}

QString PostgresRun::lockHolder()
{
    const auto rows = server().query(
        u"SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), "
        u"coalesce(host(a.client_addr), '') "
        "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() "
        "AND (l.classid::bigint << 32) | l.objid::bigint = %1 LIMIT 1"_s.arg(m_lockKey));
    if (!rows || rows->isEmpty())
        return {};
    const Row &row = rows->constFirst();
    const QString host = row.value(3).toString();
    return visibleText(
        u"session %1 of %2, %3%4"_s.arg(row.value(0).toString(), row.value(1).toString(),
                                        row.value(2).toString(),
                                        host.isEmpty() ? QString() : u", from "_s + host),
        false);
}

Status PostgresRun::runBody(const PlanStep &step)
{
    const QList<Segment> parts = segments(step, m_serverVersion);
    if (!m_journal.isEmpty()) { // a run broke off here, whatever the step is cut into now
        if (const Status committed = endSteps(); !committed)
            return committed;
        return runParts(step, parts);
    }
    if (parts.size() == 1 && m_options.transaction == TransactionMode::All)
        return runInOne(step, parts.constFirst());
    if (const Status committed = endSteps(); !committed)
        return committed;
    if (parts.size() > 1)
        return runParts(step, parts);
    return retrying(step, [&] { return runInside(step, parts.constFirst(), false); });
}

/// A step of a run in one transaction: only its first can be tried again.
Status PostgresRun::runInOne(const PlanStep &step, const Segment &part)
{
    if (!server().inTransaction())
        return retrying(step, [&] { return runInside(step, part, false); });
    Status ran = runInside(step, part, false);
    if (ran || !isRetryable(Backend::PostgreSql, server().lastState()))
        return ran;
    Error error = ran.error();
    error.code = ErrorCode::Busy;
    error.message += u"; another session held a lock for too long: let it finish, then run again"_s;
    return error;
}

Status PostgresRun::runParts(const PlanStep &step, const QList<Segment> &parts)
{
    const int index = m_next;
    if (const Status there = checkPosition(true); !there)
        return there;
    if (m_next != index)
        return done();
    m_isPrepared = true;
    if (const Status made = m_journal.create(server()); !made)
        return made;
    if (const Status resumed = resume(step); !resumed)
        return resumed;
    for (const Segment &part : parts) {
        if (!part.isLast && part.last <= m_journal.doneCount())
            continue;
        const Status ran = part.kind == Segment::Kind::Outside
                               ? runOutside(step, part)
                               : retrying(step, [&] { return runInside(step, part, true); });
        if (!ran)
            return ran;
    }
    return done();
}

Status PostgresRun::begin(bool isStepStart)
{
    if (server().inTransaction())
        return checkPosition(false);
    if (!m_hasVersionTable) {
        const Status begun = server().begin();
        return begun ? checkPosition(isStepStart) : begun;
    }
    const QString name = quotedIdentifier(m_plan.versionTable.name, Backend::PostgreSql);
    const QString schema = m_plan.versionTable.schema;
    const QString table =
        schema.isEmpty() ? name : quotedIdentifier(schema, Backend::PostgreSql) + u'.' + name;
    const Replies begun =
        server().exchange({u"BEGIN"_s, u"LOCK TABLE %1 IN SHARE ROW EXCLUSIVE MODE"_s.arg(table),
                           versionRowsSql(m_plan.versionTable, Backend::PostgreSql)});
    if (begun.error)
        return begun.replies.size() == 2 ? versionRowsError(*begun.error, m_plan.versionTable)
                                         : *begun.error;
    const Result<QStringList> rows = checkedVersionRows(begun.replies.constLast().rows,
                                                        m_plan.versionTable, Backend::PostgreSql);
    return rows ? checkPosition({.exists = true, .rows = *rows}, isStepStart)
                : Status(rows.error());
}

/// A step that reads rows is one transaction: what it reads in the middle must not be half of a revision.
Result<Fetched> PostgresRun::runLiveStatement(PlanStep &step, const Statement &statement)
{
    if (natureOf(statement.sql, Backend::PostgreSql, m_serverVersion) != StatementNature::Outside)
        return PlanRun::runLiveStatement(step, statement);
    step.statements.append(statement);
    return statementError(
        step, int(step.statements.size()) - 1,
        {.code = ErrorCode::Unsupported,
         .message =
             u"no transaction can hold it, and a revision that reads rows is one; put it into "
             u"a revision of its own"_s});
}

/// With the reading back in one message: a revision costs no more messages than its statements, BEGIN and COMMIT.
Status PostgresRun::runVersionStatements(const PlanStep &step)
{
    if (m_stop.stop_requested() || step.versionStatements.isEmpty())
        return PlanRun::runVersionStatements(step);
    const int first = int(step.statements.size());
    QStringList statements;
    for (const Statement &statement : step.versionStatements)
        statements.append(statement.sql);
    m_narrator.statementStarted(first, statements.constFirst());
    const Replies moved = server().exchange(
        statements + QStringList{versionRowsSql(m_plan.versionTable, Backend::PostgreSql)});
    for (int i = 0; i < statements.size(); ++i) {
        if (i > 0)
            m_narrator.statementStarted(first + i, statements.at(i));
        if (i >= moved.replies.size())
            return statementError(step, first + i, *moved.error);
        const qint64 rows = moved.replies.at(i).changed;
        m_narrator.statementDone(rows);
        if (const Status one = checkMovedRow(step, first + i, rows); !one)
            return one;
    }
    if (moved.error)
        return versionRowsError(*moved.error, m_plan.versionTable);
    const Result<QStringList> rows = checkedVersionRows(moved.replies.constLast().rows,
                                                        m_plan.versionTable, Backend::PostgreSql);
    return rows ? checkMoved(step, *rows) : Status(rows.error());
}

Status PostgresRun::runInside(const PlanStep &step, const Segment &part, bool isJournaled)
{
    const int index = m_next;
    if (const Status begun = begin(part.first == 0 && !isJournaled); !begun)
        return begun;
    if (m_next != index)
        return server().rollback();
    m_isPrepared = true;
    if (const Status created = createVersionTable(step); !created)
        return created;
    const int first = std::max(part.first, m_journal.doneCount());
    for (int i = first; i < part.last; ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    const auto live = step.live ? runLive(step) : Result<PlanStep>(PlanStep{});
    if (!live)
        return live.error();
    if (part.isLast) {
        if (const Status moved = runVersionStatements(step.live ? *live : step); !moved)
            return moved;
        if (const Status cleared = m_journal.clear(server()); !cleared)
            return cleared;
    } else if (const Status marked =
                   m_journal.mark(server(), step, statementsFrom(first, part.last), std::nullopt,
                                  {}, server().serverId());
               !marked) {
        return marked;
    }
    if (m_options.transaction == TransactionMode::All && !isJournaled) {
        ++m_uncommittedSteps;
        return done();
    }
    if (const Status committed = commit(step); !committed)
        return committed;
    if (part.isLast)
        m_journal.forget();
    return done();
}

Status PostgresRun::runOutside(const PlanStep &step, const Segment &part)
{
    return retrying(step, [&]() -> Status {
        const Status ran = runJournaled(step, part.first, {});
        if (!ran)
            return ran;
        return m_journal.mark(server(), step, {part.first}, std::nullopt, {}, server().serverId());
    });
}

Status PostgresRun::commit(const PlanStep &step)
{
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    const Status committed = server().commit();
    if (committed)
        return done();
    Error error = committed.error();
    error.message =
        u"Revision %1 could not be committed: %2"_s.arg(stepPlace(step, step.line), error.message);
    return error;
}

Status PostgresRun::endSteps()
{
    if (!server().inTransaction())
        return done();
    if (const Status committed = commit(m_plan.steps.at(std::max(0, m_next - 1))); !committed)
        return committed;
    m_uncommittedSteps = 0;
    return done();
}

bool PostgresRun::prepareReadBack()
{
    if (m_report.error)
        m_report.stepsDone -= m_uncommittedSteps;
    return ServerRun::prepareReadBack();
}

} // namespace tribikos
