#include "core/runtime/sqliterun.h"

#include "core/base/text.h"
#include "core/runtime/foreignkeys.h"
#include "core/runtime/plancheck.h"
#include "core/runtime/sqlitebackup.h"
#include "core/runtime/sqltext.h"
#include "core/runtime/structurestamp.h"
#include "core/runtime/versiontable.h"
#include "core/sqlread/splitter.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error cancelled(const QString &where)
{
    return {.code = ErrorCode::Cancelled, .message = u"Cancelled "_s + where};
}

QString withFullStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence : sentence + u'.';
}

bool isForeignKeysPragma(const QString &sql)
{
    static const QRegularExpression pragma(u"\\bforeign_keys\\s*[=(]"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return leadingKeyword(sql) == u"PRAGMA" && pragma.match(sql).hasMatch();
}

bool rebuilds(const PlanStep &step)
{
    return std::any_of(
        step.statements.cbegin(), step.statements.cend(),
        [](const Statement &statement) { return statement.kind == Statement::Kind::Rebuild; });
}

} // namespace

SqliteRun::SqliteRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                     const RunProgress &progress, const std::stop_token &stop)
    : m_plan(plan)
    , m_spec(spec)
    , m_options(options)
    , m_stop(stop)
    , m_narrator(plan, progress, m_report)
    , m_structure(plan.structure)
{}

RunReport SqliteRun::run()
{
    finish(perform());
    m_session.reset(); // closed before anyone hears that it is over
    if (m_report.error)
        m_narrator.say(RunEvent::Kind::Failed, m_report.error->message);
    else
        m_narrator.say(RunEvent::Kind::Done, positionText(m_report.rowsAfter));
    return m_report;
}

Status SqliteRun::perform()
{
    Result<QList<QStringList>> path = checkSqlitePlan(m_plan);
    if (!path)
        return path.error();
    m_path = path.take();
    if (m_stop.stop_requested())
        return cancelled(u"before the database was opened"_s);
    if (const Status connected = connect(); !connected)
        return connected;
    if (m_plan.steps.isEmpty())
        return checkPosition(true);
    while (m_next < m_plan.steps.size()) {
        if (const Status ran = runStep(m_next); !ran)
            return ran;
    }
    return done();
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
    const LockWait wait{.limitMs = m_spec.lockTimeoutMs,
                        .report = [this](qint64 ms) { m_narrator.waiting(ms, m_spec.database); },
                        .stop = m_stop};
    auto session = SqlSession::open(m_spec, SqlSession::Access::Write, wait);
    if (!session)
        return session.error();
    m_session = session.take();
    if (m_session->sqlite()->isReadOnly())
        return Error{
            .code = ErrorCode::Connection,
            .message = u"%1 is read-only; give write permission to the file and its folder and try "
                       "again."_s.arg(m_spec.database)};
    const auto keys = m_session->query(u"PRAGMA foreign_keys"_s);
    if (!keys)
        return keys.error();
    m_enforcesKeys = !keys->isEmpty() && keys->first().value(0).toInt() != 0;
    m_narrator.say(RunEvent::Kind::Connected, m_session->serverVersion());
    if (m_isMemory || m_plan.steps.isEmpty())
        return done();
    return checkFreeSpace(m_spec.database, m_fileSize, m_options.backup, m_options.backupFolder);
}

QList<SqliteRun::Segment> SqliteRun::segments(const PlanStep &step)
{
    QList<Segment> all;
    const int count = int(step.statements.size());
    for (int first = 0; first < count;) {
        const bool isOutside = step.statements.at(first).outsideTransaction;
        int last = first + 1;
        while (!isOutside && last < count && !step.statements.at(last).outsideTransaction)
            ++last;
        all.append({.first = first, .last = last, .isOutside = isOutside});
        first = last;
    }
    if (all.isEmpty() || all.last().isOutside)
        all.append({.first = count, .last = count});
    all.last().isLast = true;
    return all;
}

Status SqliteRun::runStep(int index)
{
    const PlanStep &step = m_plan.steps.at(index);
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1"_s.arg(stepPlace(step, 0)));
    m_narrator.stepStarted(index);
    m_committedStatements = 0;
    m_copies.clear();
    for (const Segment &segment : segments(step)) {
        const Status ran =
            segment.isOutside ? runOutside(step, segment) : runSegment(step, segment);
        if (!ran)
            return ran;
        if (m_next != index)
            return done(); // another run has applied it
        m_committedStatements = segment.last;
    }
    m_committedStatements = 0;
    m_next = index + 1;
    ++m_report.stepsDone;
    m_narrator.stepDone();
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
        return m_session->rollback();
    const bool isRebuild = rebuilds(step);
    const auto before =
        isRebuild ? brokenReferences(*m_session) : Result<BrokenReferences>(BrokenReferences{});
    if (!before && before.error().code != ErrorCode::Statement)
        return before.error();
    if (const Status created = createVersionTable(step); !created)
        return created;
    for (int i = segment.first; i < segment.last; ++i) {
        if (const auto ran = runStatement(step, i, step.statements.at(i)); !ran)
            return ran.error();
    }
    if (segment.isLast) {
        if (const Status moved = runVersionStatements(step); !moved)
            return moved;
    }
    if (const Status noted = noteStructure(); !noted)
        return noted;
    if (isRebuild && before) { // references that made no sense before the step can't be compared
        const auto after = brokenReferences(*m_session);
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
    if (const Status freed = m_session->rollback(); !freed)
        return freed;
    if (m_next != index)
        return done();
    const auto ran = runStatement(step, segment.first, step.statements.at(segment.first));
    return ran ? noteStructure() : Status(ran.error());
}

/// BEGIN IMMEDIATE: lock and transaction are the same thing, and the position is read inside.
Status SqliteRun::lock(bool isStepStart)
{
    const Status begun = m_session->begin();
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
    if (m_session->sqlite()->hasMoved())
        return fileMoved();
    if (const Status there = checkPosition(isStepStart); !there)
        return there;
    return m_isPrepared ? done() : prepareFirstWrite();
}

Status SqliteRun::checkPosition(bool isStepStart)
{
    const Result<VersionTable> table = readVersionTable(*m_session, m_plan.versionTable);
    if (!table)
        return table.error();
    m_hasVersionTable = table->exists;
    if (!m_isPrepared)
        m_report.rowsBefore = table->rows;
    if (isSamePosition(table->rows, m_path.at(m_next)))
        return checkStructure();
    if (isStepStart) {
        const auto later =
            std::find_if(m_path.cbegin() + m_next + 1, m_path.cend(), [&](const QStringList &rows) {
                return isSamePosition(rows, table->rows);
            });
        if (later != m_path.cend())
            return leaveOutAppliedSteps(int(later - m_path.cbegin()));
    }
    return Error{
        .code = ErrorCode::Conflict,
        .message =
            u"The plan was made for a database at %1, but %2 is at %3 now: make a new plan."_s.arg(
                positionText(m_path.at(m_next)), m_spec.database, positionText(table->rows))};
}

/// A rebuild writes down the columns that the plan knows of: one that came since would be lost.
Status SqliteRun::checkStructure()
{
    if (m_structure.isEmpty())
        return done();
    const Result<QString> now = structureStamp(*m_session);
    if (!now)
        return now.error();
    if (*now == m_structure)
        return done();
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
    const Result<QString> now = structureStamp(*m_session);
    if (!now)
        return now.error();
    m_structure = *now;
    return done();
}

Status SqliteRun::leaveOutAppliedSteps(int next)
{
    const bool hasRebuild = std::any_of(m_plan.steps.cbegin() + next, m_plan.steps.cend(), rebuilds);
    if (!m_structure.isEmpty() && hasRebuild)
        return Error{.code = ErrorCode::Conflict,
                     .message = u"Another run has applied the plan's first revisions to %1, and the rest "
                                u"rebuilds tables, whose columns must be read again: make a new plan."_s.arg(
                                    m_spec.database)};
    m_structure.clear(); // the other run changed it, and nothing that is left writes down whole tables
    QStringList revisions;
    for (int index = m_next; index < next; ++index) {
        if (index != m_next)
            m_narrator.stepStarted(index);
        m_narrator.stepDone(u"already applied by another run"_s, 0);
        revisions.append(visibleText(m_plan.steps.at(index).revision, false));
    }
    m_report.notes.append(u"Already applied by another run: %1."_s.arg(revisions.join(u", "_s)));
    m_next = next;
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

Status SqliteRun::createVersionTable(const PlanStep &step)
{
    if (m_hasVersionTable)
        return done();
    const Statement create{.sql = m_plan.createVersionTable, .kind = Statement::Kind::VersionTable};
    const auto created = runStatement(step, -1, create);
    if (!created)
        return created.error();
    m_hasVersionTable = true;
    return done();
}

Result<qint64> SqliteRun::runStatement(const PlanStep &step, int number, const Statement &statement)
{
    if (m_stop.stop_requested())
        return statementError(step, number, cancelled({}));
    if (statement.stretch)
        return runStretch(step, number, statement);
    if (const Status whole = checkCopiedRows(step, number, statement); !whole)
        return whole.error();
    const bool wasInTransaction = m_session->inTransaction();
    m_narrator.statementStarted(number, statement.sql);
    const Result<qint64> rows = m_session->execute(statement.sql);
    if (!rows)
        return statementError(step, number, rows.error());
    m_narrator.statementDone(*rows);
    if (wasInTransaction && isForeignKeysPragma(statement.sql))
        m_report.notes.append(
            u"PRAGMA foreign_keys in revision %1 had no effect: SQLite ignores it inside a "
            "transaction."_s.arg(visibleText(step.revision, false)));
    if (m_session->inTransaction() != wasInTransaction)
        return statementError(
            step, number,
            {.code = ErrorCode::Statement,
             .message = u"it began or ended a transaction, which is the run's to do"_s});
    if (statement.kind == Statement::Kind::Rebuild && leadingKeyword(statement.sql) == u"INSERT")
        m_copies.append({.sql = statement.sql.trimmed(), .rows = *rows});
    return rows;
}

/// One after another, each from its place in the script's text; a failure names its line.
Result<qint64> SqliteRun::runStretch(const PlanStep &step, int number, const Statement &statement)
{
    const QByteArrayView text = statement.stretch->text();
    SqlSplitter<char> splitter({text.data(), size_t(text.size())}, statement.stretch->backend, 0,
                               statement.stretch->line);
    m_narrator.statementStarted(number, statement.shown());
    qint64 rows = 0;
    while (const std::optional<SqlSlice> slice = splitter.next()) {
        const Error stopped = cancelled({});
        const auto changed =
            m_stop.stop_requested()
                ? Result<qint64>(stopped)
                : m_session->execute(QString::fromUtf8(text.sliced(slice->start, slice->end - slice->start)));
        if (!changed) {
            PlanStep place = step;
            place.statements[number].span.line = slice->line;
            return statementError(place, number, changed.error());
        }
        rows += std::max<qint64>(*changed, 0);
    }
    m_narrator.statementDone(rows, statement.count());
    return rows;
}

/// A rebuild drops the old table only when the copy of it got as many rows; what was not copied
/// must be empty.
Status SqliteRun::checkCopiedRows(const PlanStep &step, int number, const Statement &statement)
{
    static const QRegularExpression dropTable(
        u"^\\s*DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(.+?)\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const auto drop = dropTable.match(statement.sql);
    if (statement.kind != Statement::Kind::Rebuild || !drop.hasMatch())
        return done();
    const QString table = drop.captured(1);
    const auto counted = m_session->query(u"SELECT count(*) FROM "_s + table);
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

Status SqliteRun::runVersionStatements(const PlanStep &step)
{
    for (int i = 0; i < step.versionStatements.size(); ++i) {
        const int number = int(step.statements.size()) + i;
        const auto rows = runStatement(step, number, step.versionStatements.at(i));
        if (!rows)
            return rows.error();
        if (*rows != 1)
            return statementError(
                step, number,
                {.code = ErrorCode::Conflict,
                 .message =
                     u"it changed %1 rows of the version table instead of one"_s.arg(*rows)});
    }
    const Result<VersionTable> table = readVersionTable(*m_session, m_plan.versionTable);
    if (!table)
        return table.error();
    if (isSamePosition(table->rows, m_path.at(m_next + 1)))
        return done();
    return Error{.code = ErrorCode::Conflict,
                 .message = u"After revision %1 the version table says %2 instead of %3"_s.arg(
                     stepPlace(step, step.line), positionText(table->rows),
                     positionText(m_path.at(m_next + 1))),
                 .file = step.file,
                 .line = step.line};
}

Status SqliteRun::commit(const PlanStep &step)
{
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
    if (m_session->sqlite()->hasMoved())
        return fileMoved();
    if (const Status committed = m_session->commit(); !committed) {
        Error error = committed.error();
        if (error.code == ErrorCode::Cancelled)
            return cancelled(u"before revision %1 was committed"_s.arg(stepPlace(step, 0)));
        error.message = u"Revision %1 could not be committed: %2"_s.arg(stepPlace(step, step.line),
                                                                        error.message);
        return error;
    }
    return m_session->sqlite()->hasMoved() ? Status(fileMoved()) : done();
}

Status SqliteRun::setForeignKeys(bool isOn)
{
    if (!m_enforcesKeys)
        return done();
    const auto set =
        m_session->execute(isOn ? u"PRAGMA foreign_keys = ON"_s : u"PRAGMA foreign_keys = OFF"_s);
    if (!set)
        return set.error();
    const auto now =
        m_session->query(u"PRAGMA foreign_keys"_s); // inside a transaction it is silently ignored
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

/// Rolls back what is open and reads back where the database stands, whatever happened before.
void SqliteRun::finish(const Status &status)
{
    if (!status)
        m_report.error = status.error();
    if (!m_session) {
        if (m_report.error)
            m_report.error->message = withFullStop(m_report.error->message);
        return;
    }
    m_session->sqlite()->resume();
    const bool isFree = bool(m_session->rollback());
    if (m_session->sqlite()->hasMoved()) {
        m_report.error = fileMoved(); // whatever SQLite called it
    } else if (isFree) {
        const Result<VersionTable> table = readVersionTable(*m_session, m_plan.versionTable);
        m_report.positionKnown = bool(table);
        if (table)
            m_report.rowsAfter = table->rows;
        else if (!m_report.error)
            m_report.error = table.error();
    }
    if (m_report.error) {
        m_report.error->message = withFullStop(m_report.error->message) + u' ' + stateSentence();
    } else if (!isSamePosition(m_report.rowsAfter, m_plan.endRows)) {
        m_report.notes.append(u"Another program has moved the database to %1 since."_s.arg(
            positionText(m_report.rowsAfter)));
    }
}

QString SqliteRun::stateSentence() const
{
    if (!m_report.positionKnown)
        return u"Where the database stands could not be read."_s;
    const QString position = positionText(m_report.rowsAfter);
    if (m_committedStatements > 0)
        return u"Its first %1 statements are in, committed before one that no transaction can "
               u"hold; the version "
               "table says %2. Take them back by hand, or finish the revision by hand and stamp it.%3"_s
                   .arg(QString::number(m_committedStatements), position,
                     m_report.backupFile.isEmpty()
                         ? QString()
                         : u" The database as it was before the run: %1."_s.arg(m_report.backupFile));
    const bool isStatement = m_report.error->code == ErrorCode::Statement && m_isPrepared;
    const QString advice =
        isStatement ? u" Correct the script or the data and run again."_s : QString();
    if (m_report.stepsDone == 0)
        return u"Nothing was changed: the database is at %1."_s.arg(position) + advice;
    return u"The database stays at %1, the last revision that was committed."_s.arg(position)
           + advice;
}

} // namespace tribikos
