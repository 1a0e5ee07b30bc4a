#include "core/runtime/sqliterun.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/runtime/foreignkeys.h"
#include "core/runtime/sqlitebackup.h"
#include "core/runtime/structurestamp.h"
#include "core/runtime/versiontable.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isForeignKeysPragma(const QString &sql)
{
    static const QRegularExpression pragma(u"\\bforeign_keys\\s*[=(]"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return leadingKeyword(sql) == u"PRAGMA" && pragma.match(sql).hasMatch();
}

} // namespace

SqliteRun::SqliteRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                     const RunProgress &progress, const std::stop_token &stop)
    : PlanRun(plan, spec, options, progress, stop)
{}

Session *SqliteRun::session()
{
    return m_double ? m_double.get() : m_file.get();
}

void SqliteRun::disconnect()
{
    m_double.reset();
    m_file.reset();
}

Status SqliteRun::connect()
{
    const Result<SqliteFile> file = inspectSqliteFile(m_spec.database);
    if (!file)
        return file.error();
    m_isMemory = file->isMemory;
    m_fileSize = file->size;
    if (m_isMemory)
        m_report.notes.append(u"The database is in memory: nothing of it remains after the run."_s);
    const bool runsRevisions = std::ranges::any_of(
        m_plan.steps, [](const PlanStep &step) { return step.direction != Direction::Stamp; });
    const QString unkept = unkeptModeText(m_options.transaction, Backend::Sqlite);
    if (runsRevisions && !unkept.isEmpty())
        m_report.notes.append(unkept);
    const LockWait wait{.limitMs = m_spec.lockTimeoutMs,
                        .report =
                            [this](qint64 ms) {
                                m_narrator.waiting(
                                    ms, u"%1 is locked by another program"_s.arg(m_spec.database));
                            },
                        .isUnlimited = [this] { return waitsOn(); },
                        .stop = m_stop};
    auto opened = SqliteSession::open(m_spec, Access::Write, wait);
    if (!opened)
        return opened.error();
    m_file = opened.take();
    if (m_options.between)
        m_double = m_options.between(*m_file);
    if (m_file->sqlite()->isReadOnly())
        return Error{
            .code = ErrorCode::Connection,
            .message = u"%1 is read-only; give write permission to the file and its folder and try "
                       "again."_s.arg(m_spec.database)};
    const auto keys = session()->query(u"PRAGMA foreign_keys"_s);
    if (!keys)
        return keys.error();
    m_enforcesKeys = !keys->isEmpty() && keys->first().value(0).toInt() != 0;
    m_narrator.say(RunEvent::Kind::Connected, session()->serverVersion());
    if (m_isMemory || m_plan.steps.isEmpty())
        return done();
    return checkFreeSpace(m_spec.database, m_fileSize, m_options.backup, m_options.backupFolder);
}

Status SqliteRun::runBody(const PlanStep &step)
{
    const int index = m_next;
    m_committedStatements = 0;
    m_copies.clear();
    for (const Segment &segment : segments(step)) {
        const Status ran = segment.kind == Segment::Kind::Outside ? runOutside(step, segment)
                                                                  : runSegment(step, segment);
        if (!ran)
            return ran;
        if (m_next != index)
            return done(); // another run has applied it
        m_committedStatements = segment.last;
    }
    m_committedStatements = 0;
    return done();
}

/// Foreign keys can only be switched outside a transaction, and a rebuild's DROP TABLE would act on
/// them.
Status SqliteRun::runSegment(const PlanStep &step, const Segment &segment)
{
    const bool isRebuild = rebuilds(step);
    if (isRebuild) {
        if (const Status off = setForeignKeys(false); !off)
            return off;
    }
    if (const Status ran = runInTransaction(step, segment); !ran)
        return ran;
    return isRebuild ? setForeignKeys(true) : done();
}

Status SqliteRun::runInTransaction(const PlanStep &step, const Segment &segment)
{
    const int index = m_next;
    if (const Status locked = lock(segment.first == 0); !locked)
        return locked;
    if (m_next != index)
        return session()->rollback();
    const auto before = rebuilds(step) ? brokenReferences(*session())
                                       : Result<BrokenReferences>(BrokenReferences{});
    if (!before && before.error().code != ErrorCode::Statement)
        return before.error();
    if (const Status created = createVersionTable(step); !created)
        return created;
    for (int i = segment.first; i < segment.last; ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    const auto live = step.live ? runLive(step) : Result<PlanStep>(PlanStep{});
    if (!live)
        return live.error();
    const bool isRebuild = std::ranges::any_of(
        step.live ? live->statements : step.statements,
        [](const Statement &statement) { return statement.kind == Statement::Kind::Rebuild; });
    if (segment.isLast) {
        if (const Status moved = runVersionStatements(step.live ? *live : step); !moved)
            return moved;
    }
    if (const Status noted = noteStructure(); !noted)
        return noted;
    if (isRebuild && before) { // references that made no sense before the step can't be compared
        const auto after = brokenReferences(*session());
        const QString broken = after ? newlyBroken(*before, *after) : after.error().message;
        if (!broken.isEmpty())
            return Error{.code = after ? ErrorCode::Statement : after.error().code,
                         .message = u"Revision %1 would break foreign keys: %2"_s.arg(
                             stepPlace(step, step.line), broken),
                         .file = step.file,
                         .line = step.line};
    }
    return commit(step);
}

Status SqliteRun::runOutside(const PlanStep &step, const Segment &segment)
{
    const int index = m_next;
    if (const Status locked = lock(segment.first == 0);
        !locked) // the position, and the copy before any write
        return locked;
    if (const Status freed = session()->rollback(); !freed)
        return freed;
    if (m_next != index)
        return done();
    const auto ran = runStatement(step, segment.first, step.statements.at(segment.first));
    return ran ? noteStructure() : Status(ran.error());
}

/// BEGIN IMMEDIATE: lock and transaction are the same thing, and the position is read inside.
Status SqliteRun::lock(bool isStepStart)
{
    const Status begun = session()->begin();
    if (!begun) {
        if (begun.error().code == ErrorCode::Cancelled)
            return cancelled(u"while waiting for the lock on %1"_s.arg(m_spec.database));
        if (begun.error().code == ErrorCode::Busy)
            return Error{
                .code = ErrorCode::Busy,
                .message =
                    u"%1 stayed locked by another program for %2 s; close it or let it finish, "
                    "then run again."_s.arg(m_spec.database,
                                            QString::number(m_spec.lockTimeoutMs / 1000.0)),
                .detail = begun.error().detail};
        return begun;
    }
    if (m_file->sqlite()->hasMoved())
        return fileMoved();
    if (const Status there = checkPosition(isStepStart); !there)
        return there;
    return m_isPrepared ? done() : prepareFirstWrite();
}

/// A rebuild writes down the columns that the plan knows of: one that came since would be lost.
Status SqliteRun::checkStructure()
{
    if (m_structure.isEmpty())
        return done();
    const Result<QString> now = structureStamp(*session());
    if (!now)
        return now.error();
    if (*now == m_structure)
        return done();
    m_report.isStale = true;
    return Error{
        .code = ErrorCode::Conflict,
        .message = u"Another program has changed the tables of %1 since the plan was made: make a "
                   u"new plan."_s.arg(m_spec.database)};
}

/// Read inside the transaction that is about to be committed, so that nothing comes in between.
Status SqliteRun::noteStructure()
{
    if (m_structure.isEmpty())
        return done();
    const Result<QString> now = structureStamp(*session());
    if (!now)
        return now.error();
    m_structure = *now;
    return done();
}

Status SqliteRun::prepareFirstWrite()
{
    if (m_next == m_plan.steps.size())
        return done(); // nothing left to write
    m_isPrepared = true;
    if (!m_options.backup || m_isMemory || m_fileSize == 0)
        return done();
    const Result<QString> copy = backupSqlite(m_spec.database, m_options.backupFolder, m_stop);
    if (!copy)
        return copy.error();
    m_report.backupFile = *copy;
    m_narrator.say(RunEvent::Kind::BackupMade, *copy);
    return done();
}

Status SqliteRun::afterStatement(const PlanStep &step, int, const Statement &statement, qint64 rows)
{
    if (session()->inTransaction() && isForeignKeysPragma(statement.sql))
        m_report.notes.append(
            u"PRAGMA foreign_keys in revision %1 had no effect: SQLite ignores it inside a "
            "transaction."_s.arg(visibleText(step.revision, false)));
    if (statement.kind == Statement::Kind::Rebuild && leadingKeyword(statement.sql) == u"INSERT")
        m_copies.append({.sql = statement.sql.trimmed(), .rows = rows});
    return done();
}

/// A rebuild drops the old table only when the copy of it got as many rows; what was not copied
/// must be empty.
Status SqliteRun::beforeStatement(const PlanStep &step, int number, const Statement &statement)
{
    static const QRegularExpression dropTable(
        u"^\\s*DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(.+?)\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const auto drop = dropTable.match(statement.sql);
    if (statement.kind != Statement::Kind::Rebuild || !drop.hasMatch())
        return done();
    const QString table = drop.captured(1);
    const auto counted = session()->query(u"SELECT count(*) FROM "_s + table);
    if (!counted)
        return statementError(step, number, counted.error());
    const auto copy = std::find_if(m_copies.crbegin(), m_copies.crend(), [&](const Copy &made) {
        return made.sql.endsWith(u"FROM "_s + table);
    });
    const qint64 old = counted->first().value(0).toLongLong();
    const qint64 copied = copy == m_copies.crend() ? 0 : copy->rows;
    m_copies.clear();
    if (old == copied)
        return done();
    return statementError(step, number,
                          {.code = ErrorCode::Statement,
                           .message = u"the table has %1 rows, but its rebuilt copy got %2"_s.arg(
                               QString::number(old), QString::number(copied))});
}

Status SqliteRun::commit(const PlanStep &step)
{
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    if (m_file->sqlite()->hasMoved())
        return fileMoved();
    if (const Status committed = session()->commit(); !committed) {
        Error error = committed.error();
        if (error.code == ErrorCode::Cancelled)
            return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
        error.message = u"Revision %1 could not be committed: %2"_s.arg(stepPlace(step, step.line),
                                                                        error.message);
        return error;
    }
    return m_file->sqlite()->hasMoved() ? Status(fileMoved()) : done();
}

Status SqliteRun::setForeignKeys(bool isOn)
{
    if (!m_enforcesKeys)
        return done();
    const auto set =
        session()->execute(isOn ? u"PRAGMA foreign_keys = ON"_s : u"PRAGMA foreign_keys = OFF"_s);
    if (!set)
        return set.error();
    const auto now =
        session()->query(u"PRAGMA foreign_keys"_s); // inside a transaction it is silently ignored
    if (!now)
        return now.error();
    if ((now->first().value(0).toInt() != 0) != isOn)
        return Error{
            .code = ErrorCode::Statement,
            .message = u"SQLite did not switch foreign keys %1."_s.arg(isOn ? u"on"_s : u"off"_s)};
    return done();
}

Error SqliteRun::fileMoved() const
{
    return {
        .code = ErrorCode::Connection,
        .message =
            u"%1 was deleted or replaced while the run was on; put the right file back and look at "
            "its position before going on."_s.arg(m_spec.database)};
}

bool SqliteRun::prepareReadBack()
{
    m_file->sqlite()->resume();
    const bool isFree = bool(session()->rollback());
    if (!m_file->sqlite()->hasMoved())
        return isFree;
    m_report.error = fileMoved(); // whatever SQLite called it
    return false;
}

QString SqliteRun::halfDone() const
{
    if (m_committedStatements == 0)
        return {};
    return u"Its first %1 statements are in, committed before one that no transaction can hold; "
           u"the version "
           "table says %2. Take them back by hand, or finish the revision by hand and stamp it.%3"_s
               .arg(
                   QString::number(m_committedStatements), positionText(m_report.rowsAfter),
                   m_report.backupFile.isEmpty()
                       ? QString()
                       : u" The database as it was before the run: %1."_s.arg(m_report.backupFile));
}

} // namespace tribikos
