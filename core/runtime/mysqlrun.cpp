#include "core/runtime/mysqlrun.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/plan/lossnotes.h"
#include "core/reflect/leftout.h"
#include "core/runtime/plancheck.h"
#include "core/runtime/runlock.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kLockTimeoutS =
    5; // one try; whoever waits for a table's definition makes all its readers wait

const QString kTableExists = u"1050"_s;

/// "10.11.19-MariaDB-0+deb12u1": 101119.
int versionNumber(const QString &version)
{
    static const QRegularExpression numbers(u"^(?:5\\.5\\.5-)?(\\d+)\\.(\\d+)\\.(\\d+)"_s);
    const auto match = numbers.match(version);
    return match.captured(1).toInt() * 10000 + match.captured(2).toInt() * 100
           + match.captured(3).toInt();
}

Error lockLost(const ConnectionSpec &spec)
{
    return {.code = ErrorCode::Connection,
            .message = u"The lock on %1 was lost, so another run may be at work; look at its "
                       u"position before going on."_s.arg(spec.place())};
}

} // namespace

QString lockLimitSql(const ConnectionSpec &spec)
{
    return u"SET SESSION lock_wait_timeout = %1, innodb_lock_wait_timeout = %1"_s.arg(
        std::clamp(spec.lockTimeoutMs / 1000, 1, kLockTimeoutS));
}

MySqlRun::MySqlRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                   const RunProgress &progress, const std::stop_token &stop)
    : ServerRun(plan, spec, options, progress, stop)
{}

Status MySqlRun::checkServer()
{
    if (const Status direct = checkDirect(); !direct)
        return direct;
    const auto facts = server().query(u"SELECT version(), @@global.read_only, database()"_s);
    if (!facts)
        return facts.error();
    const Row &row = facts->constFirst();
    m_serverVersion = versionNumber(row.value(0).toString());
    const bool isMariaDb = row.value(0).toString().contains(u"MariaDB"_s);
    m_canProbe = m_serverVersion
                 >= (isMariaDb ? 100600 : 80000); // before, a killed DDL statement may be half in
    if (row.value(1).toBool())
        return Error{.code = ErrorCode::Connection,
                     .message = u"The server of %1 takes no writes (read_only is on, as on a "
                                u"replica); connect to the one "
                                "that does."_s.arg(m_spec.place())};
    m_lockName = mysqlLockName(row.value(2).toString(), m_plan.versionTable);
    for (const QString &setting : {u"SET SESSION autocommit = 1"_s, lockLimitSql(m_spec)}) {
        if (const Status set = control(setting); !set)
            return set;
    }
    return noteEngines();
}

/// Tables that no transaction protects, and the plan's statements on data.
Status MySqlRun::noteEngines()
{
    const auto tables = server().query(
        u"SELECT table_name, engine FROM information_schema.tables WHERE table_schema = database() "
        "AND engine <> 'InnoDB'"_s);
    if (!tables)
        return tables.error();
    for (const Row &row : *tables) {
        const QString table = row.at(0).toString();
        const QString engine = row.at(1).toString();
        const bool isWritten = std::ranges::any_of(m_plan.steps, [&](const PlanStep &step) {
            return std::ranges::any_of(step.statements, [&](const Statement &statement) {
                return writesRowsOf(statement, table, m_spec.backend);
            });
        });
        if (isWritten && takesNothingBack(engine))
            m_report.notes.append(engineNote(table, engine));
    }
    return done();
}

Result<bool> MySqlRun::tryLock()
{
    if (m_lease)
        return tryLease();
    const auto rows = server().query(u"SELECT GET_LOCK('%1', 0)"_s.arg(m_lockName));
    if (rows)
        return rows->constFirst().value(0).toInt() == 1;
    if (!server().isLost() && refusesLocks(server().lastState())) {
        m_lease.emplace(m_plan.versionTable);
        m_report.notes.append(u"The server refuses GET_LOCK() (%1): the table %2, which this run "
                              u"made for as long as it "
                              "took, kept other runs of Tribikos out instead."_s.arg(
                                  visibleText(rows.error().message, false),
                                  ownTable(leaseTable, m_plan.versionTable)));
        return tryLease();
    }
    return Error{.code = ErrorCode::Connection,
                 .message =
                     u"The server refuses GET_LOCK() (%1), so a second run could not be kept "
                     u"out."_s.arg(rows.error().message),
                 .detail = rows.error().detail};
}

Result<bool> MySqlRun::tryLease()
{
    Result<bool> taken = m_lease->take(server());
    if (taken && *taken)
        renew(m_lease->renewSql());
    return taken;
}

QString MySqlRun::isLockOursSql() const
{
    return m_lease ? m_lease->isOursSql()
                   : u"IS_USED_LOCK('%1') = CONNECTION_ID()"_s.arg(m_lockName);
}

void MySqlRun::disconnect()
{
    if (m_lease && session() && !server().isLost()) // else it runs out
        m_lease->release(server());
    ServerRun::disconnect();
}

QString MySqlRun::lockHolder()
{
    const auto rows = server().query(
        u"SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE ID = %1"_s.arg(
            m_lease ? m_lease->holderSql() : u"IS_USED_LOCK('%1')"_s.arg(m_lockName)));
    if (!rows || rows->isEmpty())
        return {};
    const Row &row = rows->constFirst();
    return visibleText(u"session %1 of %2, from %3"_s.arg(row.value(0).toString(),
                                                          row.value(1).toString(),
                                                          row.value(2).toString()),
                       false);
}

Status MySqlRun::checkLock()
{
    const auto rows = server().query(u"SELECT "_s + isLockOursSql());
    if (!rows)
        return rows.error();
    return rows->constFirst().value(0).toInt() == 1 ? done() : Status(lockLost(m_spec));
}

/// The version table's rows, and whether the lock is ours still, by one question.
Result<QStringList> MySqlRun::lookAround()
{
    const auto found =
        server().query(versionRowsSql(m_plan.versionTable, m_spec.backend, isLockOursSql()));
    if (!found)
        return versionRowsError(found.error(), m_plan.versionTable);
    if (found->isEmpty()) {
        if (const Status held = checkLock(); !held)
            return held.error();
    } else if (found->constFirst().value(1).toInt() != 1) {
        return lockLost(m_spec);
    }
    return checkedVersionRows(*found, m_plan.versionTable, m_spec.backend);
}

Status MySqlRun::checkStepStart()
{
    if (!m_hasVersionTable) {
        const Status held = checkLock();
        return held ? checkPosition(true) : held;
    }
    const auto seen = std::exchange(m_seen, std::nullopt);
    const Result<QStringList> rows = seen ? Result<QStringList>(*seen) : lookAround();
    return rows ? checkPosition({.exists = true, .rows = *rows}, true) : Status(rows.error());
}

Status MySqlRun::runBody(const PlanStep &step)
{
    const int index = m_next;
    m_unmarked.clear();
    m_committed = 0;
    if (const Status there = checkStepStart(); !there)
        return there;
    if (m_next != index)
        return done();
    m_isPrepared = true;
    if (step.undoes)
        return runUndo(step);
    if (const Status created = createVersionTable(step); !created) {
        if (server().lastState() != kTableExists)
            return created;
        if (const Status there = checkStepStart(); !there || !m_hasVersionTable)
            return there ? created : there;
        if (m_next != index)
            return done(); // another program, as Alembic, has made it meanwhile, and applied the step
    }
    if (step.live)
        return runLiveBody(step);
    const QList<Segment> units = segments(step);
    m_isJournaled = m_options.journal && units.size() > 1;
    if (m_isJournaled) {
        if (const Status made = m_journal.create(server()); !made)
            return made;
    }
    if (const Status resumed = resume(step); !resumed)
        return resumed;
    const Status ran = runUnits(step, units);
    if (!ran && m_isJournaled && !server().isLost() && !m_unmarked.isEmpty()) {
        (void)server().rollback();
        (void)m_journal.mark(server(), step, m_unmarked, std::nullopt, {}, server().serverId());
    }
    return ran;
}

/// The journal's rows go with what is taken back: whatever breaks off, they say what is in.
Status MySqlRun::runUndo(const PlanStep &step)
{
    if (const Status same = checkUndo(step); !same)
        return same;
    for (int i = 0; i < step.statements.size(); ++i) {
        if (const Status ran = retrying(step, [&] { return runUndoing(step, i); }); !ran)
            return ran;
    }
    return m_journal.unmarkFrom(server(), 0);
}

Status MySqlRun::runUndoing(const PlanStep &step, int number)
{
    if (m_stop.stop_requested())
        return statementError(step, number, cancelled({}));
    const int first = step.undone.at(number);
    const bool wasWhole = m_journal.doneCount() == m_journal.entries().size();
    if (const Status marked = m_journal.setState(server(), first, Journal::State::Undoing); !marked)
        return marked;
    if (const auto ran = runStatement(step, number, step.statements.at(number)); !ran) {
        const QString state = server().lastState();
        if (wasWhole && m_canProbe && !server().isLost()) // a statement that fails has done nothing
            (void)m_journal.setState(server(), first, Journal::State::Done);
        server().setLastState(state);
        return ran.error();
    }
    const bool goesOn = step.undone.value(number + 1, -1) == first;
    return goesOn ? done() : m_journal.unmarkFrom(server(), first);
}

Status MySqlRun::runUnits(const PlanStep &step, const QList<Segment> &units)
{
    for (const Segment &unit : units) {
        if (!unit.isLast && unit.last <= m_journal.doneCount())
            continue;
        const Status ran = retrying(step, [&] {
            return unit.kind == Segment::Kind::Committing ? runCommitting(step, unit.first)
                   : movesOneRow(step, unit)              ? endStep(step)
                                                          : runTransaction(step, unit);
        });
        if (!ran)
            return ran;
        m_committed = unit.isLast ? 0 : unit.last;
    }
    return done();
}

Status MySqlRun::runCommitting(const PlanStep &step, int number)
{
    if (!m_isJournaled) {
        const auto ran = runStatement(step, number, step.statements.at(number));
        return ran ? done() : Status(ran.error());
    }
    const Status ran = runJournaled(step, number, m_unmarked);
    if (ran)
        m_unmarked = {number}; // written together with what comes next
    return ran;
}

/// What is left of the step is one statement, which is a transaction without being told to.
bool MySqlRun::movesOneRow(const PlanStep &step, const Segment &unit) const
{
    return unit.isLast && unit.first == unit.last && step.versionStatements.size() == 1
           && m_journal.isEmpty() && server().commitsByItself();
}

/// Of a transaction that has read nothing yet. What is read back is where the next step begins as well.
Status MySqlRun::endStep(const PlanStep &step)
{
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    if (const Status moved = moveVersionRows(step); !moved)
        return moved;
    Result<QStringList> rows = lookAround();
    if (!rows)
        return rows.error();
    m_seen = rows.take();
    return checkMoved(step, *m_seen);
}

Status MySqlRun::runTransaction(const PlanStep &step, const Segment &unit)
{
    if (const Status begun = server().begin(); !begun)
        return begun;
    const int first = std::max(unit.first, m_journal.doneCount());
    for (int i = first; i < unit.last; ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    if (unit.isLast) {
        const Status moved = first == unit.last ? endStep(step) : runVersionStatements(step);
        if (!moved)
            return moved;
        if (const Status cleared = m_journal.clear(server()); !cleared)
            return cleared;
    } else if (m_isJournaled) {
        const QList<int> ran = m_unmarked + statementsFrom(first, unit.last);
        if (const Status marked =
                m_journal.mark(server(), step, ran, std::nullopt, {}, server().serverId());
            !marked)
            return marked;
    }
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    if (const Status committed = server().commit(); !committed) {
        Error error = committed.error();
        error.message = u"Revision %1 could not be committed: %2"_s.arg(stepPlace(step, step.line),
                                                                        error.message);
        return error;
    }
    m_unmarked.clear();
    if (unit.isLast)
        m_journal.forget();
    return done();
}

/// Whether it has DDL shows when it says some, and the journal's own table can't be made in the middle.
Status MySqlRun::runLiveBody(const PlanStep &step)
{
    m_isJournaled = m_options.journal;
    if (m_isJournaled) {
        if (const Status made = m_journal.create(server()); !made)
            return made;
    }
    if (!m_journal.isEmpty() && !m_journal.isOf(step))
        return resume(step); // says what broke off
    const Status ran = retrying(step, [&] { return runLiveOnce(step); });
    if (!ran && !server().isLost()) {
        (void)server().rollback();
        if (m_isJournaled && !m_unmarked.isEmpty())
            (void)m_journal.mark(server(), m_running, m_unmarked, std::nullopt, {},
                                 server().serverId());
    }
    return ran;
}

Status MySqlRun::runLiveOnce(const PlanStep &step)
{
    if (m_isJournaled && !m_unmarked.isEmpty()) { // of the attempt before: DDL that is in
        if (const Status marked = m_journal.mark(server(), m_running, m_unmarked, std::nullopt, {},
                                                 server().serverId());
            !marked)
            return marked;
    }
    m_unmarked.clear();
    m_pending.clear();
    m_endState.clear();
    const auto live = runLive(step);
    if (!live) {
        if (!m_endState.isEmpty())
            server().setLastState(m_endState);
        if (m_committed > 0 && !m_isJournaled)
            server().setLastState({}); // what is in would be done again
        return live.error();
    }
    if (!server().inTransaction()) {
        if (const Status begun = server().begin(); !begun)
            return begun;
    }
    if (const Status moved = runVersionStatements(*live); !moved)
        return moved;
    if (const Status cleared = m_journal.clear(server()); !cleared)
        return cleared;
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    if (const Status committed = server().commit(); !committed)
        return committed;
    m_unmarked.clear();
    m_pending.clear();
    m_committed = 0;
    m_journal.forget();
    return done();
}

Result<Fetched> MySqlRun::runLiveStatement(PlanStep &step, const Statement &statement)
{
    Result<Fetched> ran = runLiveNext(step, statement);
    return ran ? std::move(ran) : Result<Fetched>(endsScript(ran.error()));
}

/// A deadlock takes back the statements before it too, and what waited too long is to be tried
/// again: a script that catches either would have its revision marked done without them.
Error MySqlRun::endsScript(const Error &error)
{
    if (error.code != ErrorCode::Statement || server().isLost())
        return error;
    const QString state = server().lastState();
    bool isOver = isRetryable(m_spec.backend, state);
    if (!isOver && !m_pending.isEmpty()) // an error's own answer doesn't tell of the transaction
        isOver = !control(u"DO 0"_s) || !server().inTransaction();
    server().setLastState(state);
    if (!isOver)
        return error;
    m_endState = state;
    Error busy = error;
    busy.code = ErrorCode::Busy;
    return busy;
}

Result<Fetched> MySqlRun::runLiveNext(PlanStep &step, const Statement &statement)
{
    static const QStringList reading{u"SELECT"_s,  u"SHOW"_s,      u"DESCRIBE"_s, u"DESC"_s,
                                     u"EXPLAIN"_s, u"SAVEPOINT"_s, u"RELEASE"_s,  u"ROLLBACK"_s};
    const int number = int(step.statements.size());
    step.statements.append(statement);
    m_running = step;
    if (const Status fine = checkStatement(step, number, statement); !fine)
        return fine.error();
    const bool isRead = reading.contains(leadingKeyword(statement.sql));
    const Result<bool> isDone =
        isRead ? Result<bool>(false) : isDoneAlready(step, number, statement);
    if (!isDone)
        return isDone.error();
    if (*isDone)
        return Fetched{.isRepeated = true};
    if (natureOf(statement.sql, m_spec.backend, 0) == StatementNature::Committing) {
        const Status ran = runLiveCommitting(step, number);
        return ran ? Result<Fetched>(Fetched{}) : Result<Fetched>(ran.error());
    }
    if (!server().inTransaction()) {
        if (const Status begun = server().begin(); !begun)
            return begun.error();
    }
    Result<Fetched> ran = runOne(step, number, statement, true);
    if (ran && !isRead)
        m_pending.append(number);
    if (ran && leadingKeyword(statement.sql) == u"ROLLBACK")
        forgetBehind(step, statement.sql.section(u' ', -1));
    return ran;
}

/// What was done since \a savepoint is not in.
void MySqlRun::forgetBehind(const PlanStep &step, const QString &savepoint)
{
    qsizetype at = step.statements.size() - 1;
    while (at >= 0 && step.statements.at(at).sql != u"SAVEPOINT "_s + savepoint)
        --at;
    m_pending.removeIf([at](int number) { return number > at; });
}

Result<bool> MySqlRun::isDoneAlready(const PlanStep &step, int number, const Statement &statement)
{
    const auto known = m_journal.entries().constFind(number);
    if (known == m_journal.entries().cend())
        return false;
    const bool isOurs = known->session == server().serverId(); // of an attempt of this run
    if (known->digest != Journal::digest(statement)) {
        if (m_options.unclear
            == RunOptions::Unclear::RunAgain) { // the script leaves out what it finds done
            const Status forgotten = m_journal.unmarkFrom(server(), number);
            return forgotten ? Result<bool>(false) : Result<bool>(forgotten.error());
        }
        return Error{.code = ErrorCode::Conflict,
                     .message = u"Statement %1 of %2 ran before the run broke off, but what the "
                                u"script reads now leads to another one "
                                u"there. If the script looks for what is in already and passes "
                                u"over it, let it go on from here: the "
                                u"same command with --interrupted again. Otherwise finish the "
                                u"revision by hand and record it: stamp "
                                u"%3 --interrupted done."_s.arg(
                                    QString::number(number + 1), m_journal.subject(),
                                    positionText(m_path.at(m_next + 1)).replace(u", "_s, u" "_s)),
                     .detail = redactedText(statement.sql),
                     .file = step.file,
                     .line = statement.span.line};
    }
    if (known->state == Journal::State::Started) {
        if (const Status settled = settle(step, number, *known); !settled)
            return settled.error();
    }
    const bool isDone = m_journal.entries().contains(number);
    if (isDone && !isOurs && !m_isResumeTold) {
        m_isResumeTold = true;
        m_report.notes.append(
            u"An earlier run broke off in the middle of %1; this one goes on where it ended."_s.arg(
                m_journal.subject()));
    }
    return isDone;
}

/// Ends the transaction that is open, with what the journal says of it.
Status MySqlRun::commitPending(const PlanStep &step)
{
    if (!server().inTransaction())
        return done();
    if (m_isJournaled) {
        if (const Status marked = m_journal.mark(server(), step, m_unmarked + m_pending,
                                                 std::nullopt, {}, server().serverId());
            !marked)
            return marked;
    }
    if (const Status committed = server().commit(); !committed)
        return committed;
    m_unmarked.clear();
    m_committed += int(m_pending.size());
    m_pending.clear();
    return done();
}

Status MySqlRun::runLiveCommitting(const PlanStep &step, int number)
{
    if (const Status committed = commitPending(step); !committed)
        return committed;
    const Status ran = runCommitting(step, number);
    m_committed += ran ? 1 : 0;
    return ran;
}

QString MySqlRun::halfDone() const
{
    if (m_isJournaled || m_committed == 0)
        return ServerRun::halfDone();
    return u"Its first %1 statements are in, and no journal was kept; the version table says %2. "
           u"Take them back by "
           "hand, or finish the revision by hand and stamp it."_s.arg(
               QString::number(m_committed), positionText(m_report.rowsAfter));
}

} // namespace tribikos
