#include "core/runtime/postgresrun.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/runtime/runlock.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kLockTimeoutMs =
    5000; // one try; whoever waits in PostgreSQL's queue makes others wait

/// May be sent with what comes behind it: no COPY, nothing that could end the transaction, no rows to hold.
bool mayShareMessage(const Statement &statement)
{
    static const QStringList words{u"CREATE"_s, u"ALTER"_s,  u"DROP"_s,  u"COMMENT"_s, u"INSERT"_s,
                                   u"UPDATE"_s, u"DELETE"_s, u"GRANT"_s, u"REVOKE"_s};
    return !statement.stretch && words.contains(leadingKeyword(statement.sql))
           && !statement.sql.contains(u"RETURNING"_s, Qt::CaseInsensitive);
}

/// duplicate_table, or unique_violation in the catalogue: another program, as Alembic, has made the table meanwhile.
bool isThereAlready(const QString &state)
{
    return state == u"42P07" || state == u"23505";
}

Error notCommitted(const PlanStep &step, Error error)
{
    error.message =
        u"Revision %1 could not be committed: %2"_s.arg(stepPlace(step, step.line), error.message);
    return error;
}

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
    m_lockKey = postgresLockKey(row.value(3).toString(), m_plan.versionTable);
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
    if (step.undoes)
        return retrying(step, [&] { return runUndo(step); });
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

QStringList PostgresRun::beginSql(Locks locks) const
{
    const QString name = quotedIdentifier(m_plan.versionTable.name, Backend::PostgreSql);
    const QString schema = m_plan.versionTable.schema;
    const QString table =
        schema.isEmpty() ? name : quotedIdentifier(schema, Backend::PostgreSql) + u'.' + name;
    return {u"BEGIN"_s,
            u"LOCK TABLE %1 IN SHARE ROW EXCLUSIVE MODE%2"_s.arg(
                table, locks == Locks::GivesUp ? u" NOWAIT"_s : QString()),
            versionRowsSql(m_plan.versionTable, Backend::PostgreSql)};
}

Status PostgresRun::begin(bool isStepStart)
{
    if (const auto rows = std::exchange(m_ahead, std::nullopt))
        return checkPosition({.exists = true, .rows = *rows}, isStepStart);
    if (server().inTransaction())
        return checkPosition(false);
    if (!m_hasVersionTable) {
        const Status begun = server().begin();
        return begun ? checkPosition(isStepStart) : begun;
    }
    const Replies begun = server().exchange(beginSql(Locks::Waits));
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

Status PostgresRun::runVersionStatements(const PlanStep &step)
{
    return runEnding(step, int(step.statements.size()));
}

/// The statements from \a first on, the version rows and their reading back, in one message: a revision costs fewer
/// messages than it has statements.
Status PostgresRun::runEnding(const PlanStep &step, int first)
{
    if (m_stop.stop_requested())
        return statementError(step, first, cancelled({}));
    if (step.versionStatements.isEmpty())
        return PlanRun::runVersionStatements(step);
    QStringList statements;
    for (const Statement &statement : step.statements.sliced(first) + step.versionStatements)
        statements.append(statement.sql);
    int at = 0; // of statements, that runs
    m_narrator.statementStarted(first, statements.constFirst());
    const auto told = [&](const Replies::Reply &reply) {
        if (at == statements.size())
            return; // what was read back
        m_narrator.statementDone(reply.changed, 1, server().takeNotices());
        if (++at < statements.size())
            m_narrator.statementStarted(first + at, statements.at(at));
    };
    const Replies moved = server().exchange(
        statements + QStringList{versionRowsSql(m_plan.versionTable, Backend::PostgreSql)}, told);
    if (moved.error && at < statements.size())
        return statementError(step, first + at, *moved.error);
    for (int number = int(step.statements.size()); number < first + at; ++number) {
        const qint64 rows = moved.replies.at(number - first).changed;
        if (const Status one = checkMovedRow(step, number, rows); !one)
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
    if (const Status created = createVersionTable(step); !created) {
        if (isThereAlready(server().lastState()))
            server().setLastState(u"55P03"_s); // begun anew, as after any other's lock
        return created;
    }
    const int first = std::max(part.first, m_journal.doneCount());
    const bool endsTogether = part.isLast && !step.live && first < part.last
                              && !step.versionStatements.isEmpty() && !m_stop.stop_requested()
                              && mayShareMessage(step.statements.at(part.last - 1));
    const int alone = endsTogether ? part.last - 1 : part.last;
    for (int i = first; i < alone; ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    const auto live = step.live ? runLive(step) : Result<PlanStep>(PlanStep{});
    if (!live)
        return live.error();
    if (part.isLast) {
        const Status moved =
            endsTogether ? runEnding(step, alone) : runVersionStatements(step.live ? *live : step);
        if (!moved)
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
    if (!isJournaled)
        return commitAndBegin(step);
    if (const Status committed = commit(step); !committed)
        return committed;
    if (part.isLast)
        m_journal.forget();
    return done();
}

/// In one transaction, the journal's rows included.
Status PostgresRun::runUndo(const PlanStep &step)
{
    if (const Status begun = begin(false); !begun)
        return begun;
    if (const Status same = checkUndo(step); !same)
        return same;
    m_isPrepared = true;
    for (int i = 0; i < step.statements.size(); ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    if (const Status cleared = m_journal.clear(server()); !cleared)
        return cleared;
    if (const Status committed = commit(step); !committed)
        return committed;
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
    return committed ? done() : Status(notCommitted(step, committed.error()));
}

/// The next step is one transaction, which may begin with the message that ends this one's.
bool PostgresRun::beginsNext() const
{
    const int next = m_next + 1;
    if (m_options.transaction != TransactionMode::PerRevision || !m_hasVersionTable
        || next >= m_plan.steps.size())
        return false;
    const QList<Segment> parts = segments(m_plan.steps.at(next), m_serverVersion);
    return parts.size() == 1 && parts.constFirst().kind == Segment::Kind::Transaction;
}

/// Where others wait for the version table they come first: the next step then begins in its own time.
Status PostgresRun::commitAndBegin(const PlanStep &step)
{
    if (m_stop.stop_requested() || !server().inTransaction() || !beginsNext())
        return commit(step);
    const Replies ended = server().exchange(QStringList{u"COMMIT"_s} + beginSql(Locks::GivesUp));
    if (ended.replies.isEmpty())
        return notCommitted(step, *ended.error);
    if (ended.replies.constFirst().tag != "COMMIT")
        return notCommitted(step, {.code = ErrorCode::Statement,
                                   .message = u"the server rolled the transaction back instead"_s});
    if (server().isLost())
        return done(); // which the next step hears
    const Result<QStringList> rows =
        ended.error ? Result<QStringList>(*ended.error)
                    : checkedVersionRows(ended.replies.constLast().rows, m_plan.versionTable,
                                         Backend::PostgreSql);
    if (!rows)
        return server().rollback();
    m_ahead = *rows;
    return done();
}

Status PostgresRun::endSteps()
{
    if (m_ahead || !server().inTransaction())
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
