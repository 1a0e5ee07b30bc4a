#include "core/runtime/planrun.h"

#include "core/base/text.h"
#include "core/reflect/reflect.h"
#include "core/runtime/plancheck.h"
#include "core/runtime/versiontable.h"
#include "core/sqlread/splitter.h"

#include <QRegularExpression>
#include <algorithm>
#include <new>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString withFullStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence : sentence + u'.';
}

} // namespace

bool rebuilds(const PlanStep &step)
{
    return step.live
           || std::any_of(step.statements.cbegin(), step.statements.cend(),
                          [](const Statement &statement) {
                              return statement.kind == Statement::Kind::Rebuild;
                          });
}

PlanRun::PlanRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                 const RunProgress &progress, const std::stop_token &stop)
    : m_plan(plan)
    , m_spec(spec)
    , m_options(options)
    , m_stop(stop)
    , m_narrator(plan, progress, m_report)
    , m_structure(plan.structure)
{}

PlanRun::~PlanRun() = default;

Error PlanRun::cancelled(const QString &where)
{
    return {.code = ErrorCode::Cancelled, .message = u"Cancelled "_s + where};
}

/// Whatever runs out of memory in the middle ends like any other failure: rolled back, and said.
Status PlanRun::performed()
{
    try {
        return perform();
    } catch (const std::bad_alloc &) {
        return Error{.code = ErrorCode::Io,
                     .message = u"There was not enough memory to go on: close other programs, then "
                                u"run again"_s};
    }
}

RunReport PlanRun::run()
{
    const Status status = performed();
    try {
        finish(status);
    } catch (
        const std::bad_alloc &) { // of reading back: what was said stands, where it stands doesn't
        m_report.positionKnown = false;
        if (!m_report.error)
            m_report.error =
                Error{.code = ErrorCode::Io,
                      .message = u"There was not enough memory to read back where the database "
                                 u"stands: refresh before anything else."_s};
    }
    disconnect(); // before anyone hears that it is over
    if (m_report.error)
        m_narrator.say(RunEvent::Kind::Failed, m_report.error->message);
    else
        m_narrator.say(RunEvent::Kind::Done, positionText(m_report.rowsAfter));
    return m_report;
}

Status PlanRun::perform()
{
    Result<QList<QStringList>> path = checkPlan(m_plan);
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
    return endSteps();
}

Status PlanRun::runStep(int index)
{
    const PlanStep &step = m_plan.steps.at(index);
    if (m_stop.stop_requested())
        return cancelled(u"before revision %1"_s.arg(stepPlace(step, 0)));
    m_narrator.stepStarted(index);
    if (const Status ran = runBody(step); !ran)
        return ran;
    if (m_next != index)
        return done(); // another run has applied it
    m_next = index + 1;
    ++m_report.stepsDone;
    m_narrator.stepDone();
    return done();
}

QList<PlanRun::Segment> PlanRun::segments(const PlanStep &step, int serverVersion) const
{
    return segmentsOf(
        step,
        {.backend = m_plan.backend, .mode = m_options.transaction, .serverVersion = serverVersion});
}

Status PlanRun::checkPosition(bool isStepStart)
{
    const Result<VersionTable> table = versionTable();
    return table ? checkPosition(*table, isStepStart) : Status(table.error());
}

Status PlanRun::checkPosition(const VersionTable &table, bool isStepStart)
{
    m_hasVersionTable = table.exists;
    if (!m_isPrepared)
        m_report.rowsBefore = table.rows;
    if (isSamePosition(table.rows, m_path.at(m_next)))
        return checkStructure();
    if (isStepStart) {
        const auto later =
            std::find_if(m_path.cbegin() + m_next + 1, m_path.cend(),
                         [&](const QStringList &rows) { return isSamePosition(rows, table.rows); });
        if (later != m_path.cend())
            return leaveOutAppliedSteps(int(later - m_path.cbegin()));
    }
    m_report.isStale = true;
    return Error{
        .code = ErrorCode::Conflict,
        .message =
            u"The plan was made for a database at %1, but %2 is at %3 now: make a new plan."_s.arg(
                positionText(m_path.at(m_next)), m_spec.place(), positionText(table.rows))};
}

Status PlanRun::leaveOutAppliedSteps(int next)
{
    const bool hasRebuild =
        std::any_of(m_plan.steps.cbegin() + next, m_plan.steps.cend(), rebuilds);
    if (!m_structure.isEmpty() && hasRebuild) {
        m_report.isStale = true;
        return Error{
            .code = ErrorCode::Conflict,
            .message = u"Another run has applied the plan's first revisions to %1, and the rest "
                       u"rebuilds tables, whose columns must be read again: make a new plan."_s.arg(
                           m_spec.place())};
    }
    m_structure
        .clear(); // the other run changed it, and nothing that is left writes down whole tables
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

/// Whether it is there is asked until it is.
Result<VersionTable> PlanRun::versionTable()
{
    if (!m_hasVersionTable)
        return readVersionTable(*session(), m_plan.versionTable);
    Result<QStringList> rows = readVersionRows(*session(), m_plan.versionTable);
    return rows ? Result<VersionTable>(VersionTable{.exists = true, .rows = rows.take()})
                : Result<VersionTable>(rows.error());
}

Status PlanRun::createVersionTable(const PlanStep &step)
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

Result<qint64> PlanRun::runStatement(const PlanStep &step, int number, const Statement &statement)
{
    if (statement.stretch)
        return m_stop.stop_requested() ? statementError(step, number, cancelled({}))
                                       : runStretch(step, number, statement);
    const auto ran = runOne(step, number, statement, false);
    return ran ? Result<qint64>(ran->changed) : Result<qint64>(ran.error());
}

Result<Fetched> PlanRun::runOne(const PlanStep &step, int number, const Statement &statement,
                                bool isLookedAt)
{
    if (m_stop.stop_requested())
        return statementError(step, number, cancelled({}));
    if (const Status fine = beforeStatement(step, number, statement); !fine)
        return fine.error();
    const bool wasInTransaction = session()->inTransaction();
    m_narrator.statementStarted(number, statement.sql);
    Fetched fetched;
    std::optional<Error> failed;
    if (isLookedAt) {
        Result<Fetched> ran = session()->fetch(statement.sql);
        if (ran)
            fetched = ran.take();
        else
            failed = ran.error();
    } else {
        const Result<qint64> ran = session()->execute(statement.sql);
        if (ran)
            fetched.changed = *ran;
        else
            failed = ran.error();
    }
    if (failed)
        return statementError(step, number, *failed);
    m_narrator.statementDone(fetched.hasRows ? fetched.rows.size() : fetched.changed, 1,
                             session()->takeNotices());
    if (session()->inTransaction() != wasInTransaction)
        return statementError(
            step, number,
            {.code = ErrorCode::Statement,
             .message = u"it began or ended a transaction, which is the run's to do"_s});
    if (const Status fine = afterStatement(step, number, statement, fetched.changed); !fine)
        return fine.error();
    return fetched;
}

namespace {

/// The runner as a step sees it that reads rows.
class StepDatabase final : public LiveDatabase
{
public:
    StepDatabase(std::function<Result<Fetched>(const Statement &)> run,
                 std::function<Result<Schema>()> schema)
        : m_run(std::move(run))
        , m_schema(std::move(schema))
    {}
    Result<Fetched> run(const Statement &statement) override { return m_run(statement); }
    Result<Schema> schema() override { return m_schema(); }

private:
    const std::function<Result<Fetched>(const Statement &)> m_run;
    const std::function<Result<Schema>()> m_schema;
};

} // namespace

Result<PlanStep> PlanRun::runLive(const PlanStep &step)
{
    PlanStep running = step;
    StepDatabase database(
        [&](const Statement &statement) { return runLiveStatement(running, statement); },
        [&] { return reflect(*session(), m_plan.versionTable); });
    if (const Status ran = step.live->run(database, m_stop); !ran)
        return ran.error();
    return running;
}

Result<Fetched> PlanRun::runLiveStatement(PlanStep &step, const Statement &statement)
{
    const int number = int(step.statements.size());
    step.statements.append(statement);
    if (const Status fine = checkStatement(step, number, statement); !fine)
        return fine.error();
    return runOne(step, number, statement, true);
}

/// One after another, each from its place in the script's text; a failure names its line.
Result<qint64> PlanRun::runStretch(const PlanStep &step, int number, const Statement &statement)
{
    const QByteArrayView text = statement.stretch->text();
    SqlSplitter<char> splitter({text.data(), size_t(text.size())}, statement.stretch->backend, 0,
                               statement.stretch->line);
    m_narrator.statementStarted(number, statement.shown());
    qint64 rows = 0;
    while (const std::optional<SqlSlice> slice = splitter.next()) {
        const Error stopped = cancelled({});
        const auto changed = m_stop.stop_requested()
                                 ? Result<qint64>(stopped)
                                 : session()->execute(QString::fromUtf8(
                                     text.sliced(slice->start, slice->end - slice->start)));
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

Status PlanRun::moveVersionRows(const PlanStep &step)
{
    for (int i = 0; i < step.versionStatements.size(); ++i) {
        const int number = int(step.statements.size()) + i;
        const auto rows = runStatement(step, number, step.versionStatements.at(i));
        if (!rows)
            return rows.error();
        if (const Status one = checkMovedRow(step, number, *rows); !one)
            return one;
    }
    return done();
}

Status PlanRun::runVersionStatements(const PlanStep &step)
{
    if (const Status moved = moveVersionRows(step); !moved)
        return moved;
    const Result<VersionTable> table = versionTable();
    return table ? checkMoved(step, table->rows) : Status(table.error());
}

Status PlanRun::checkMovedRow(const PlanStep &step, int number, qint64 rows) const
{
    if (rows == 1)
        return done();
    return statementError(
        step, number,
        {.code = ErrorCode::Conflict,
         .message = u"it changed %1 rows of the version table instead of one"_s.arg(rows)});
}

Status PlanRun::checkMoved(const PlanStep &step, const QStringList &rows) const
{
    if (isSamePosition(rows, m_path.at(m_next + 1)))
        return done();
    return Error{
        .code = ErrorCode::Conflict,
        .message = u"After revision %1 the version table says %2 instead of %3"_s.arg(
            stepPlace(step, step.line), positionText(rows), positionText(m_path.at(m_next + 1))),
        .file = step.file,
        .line = step.line};
}

/// Reads back where the database stands, whatever happened before.
void PlanRun::finish(const Status &status)
{
    if (!status)
        m_report.error = status.error();
    if (!session()) {
        if (m_report.error)
            m_report.error->message = withFullStop(m_report.error->message);
        return;
    }
    if (prepareReadBack()) {
        const Result<VersionTable> table = readVersionTable(*session(), m_plan.versionTable);
        m_report.positionKnown = bool(table);
        if (table)
            m_report.rowsAfter = table->rows;
        else if (!m_report.error)
            m_report.error = table.error();
    }
    if (!m_report.error && !m_report.positionKnown) // no success without having seen it
        m_report.error = Error{
            .code = ErrorCode::Connection,
            .message = u"The plan ran to its end, but the connection was lost before that could be "
                       "read back"_s};
    const bool isIn = m_report.error && m_report.error->code == ErrorCode::Connection
                      && m_report.positionKnown && m_next < m_plan.steps.size()
                      && !m_plan.steps.at(m_next).undoes
                      && isSamePosition(m_report.rowsAfter, m_path.at(m_next + 1));
    m_report.stepsDone += isIn ? 1 : 0; // its COMMIT was heard, only the answer was not
    if (m_report.error) {
        m_report.error->message = withFullStop(m_report.error->message) + u' ' + stateSentence();
    } else if (!isSamePosition(m_report.rowsAfter, m_plan.endRows)) {
        m_report.notes.append(u"Another program has moved the database to %1 since."_s.arg(
            positionText(m_report.rowsAfter)));
    }
}

/// By SQLSTATE, of PostgreSQL, or the number, of MySQL; of SQLite by its words, which are in one language.
QString PlanRun::remedy() const
{
    static const QStringList full{u"53100"_s, u"1021"_s, u"1041"_s, u"1114"_s};
    static const QStringList rights{u"42501"_s, u"1044"_s, u"1142"_s, u"1143"_s,
                                    u"1227"_s,  u"1370"_s, u"1419"_s};
    static const QStringList locks{u"55P03"_s, u"40P01"_s, u"1205"_s, u"1213"_s};
    static const QStringList there{u"42P07"_s, u"42710"_s, u"42701"_s, u"42P06"_s,
                                   u"1050"_s,  u"1060"_s,  u"1061"_s};
    static const QRegularExpression thereInSqlite(u"already exists|duplicate column name"_s);
    const bool isSqlite = m_plan.backend == Backend::Sqlite;
    const bool isThere =
        isSqlite ? m_report.error->message.contains(thereInSqlite) : there.contains(m_failedState);
    if (full.contains(m_failedState))
        return u"Make room on the server's disk"_s;
    if (rights.contains(m_failedState))
        return u"Give the user the right to do that"_s;
    if (locks.contains(m_failedState))
        return u"Let the session that holds the lock finish"_s;
    if (isThere && m_report.rowsAfter.isEmpty()) // made without the version table's knowing
        return u"The database has that already, though its version table says nothing: say which "
               u"revision it is at, by stamp REVISION,"_s;
    return u"Correct the script or the data"_s;
}

QString PlanRun::stateSentence() const
{
    if (!m_report.positionKnown)
        return u"Where the database stands could not be read."_s;
    if (const QString half = halfDone(); !half.isEmpty())
        return half;
    const QString position = positionText(m_report.rowsAfter);
    const bool isStatement = m_report.error->code == ErrorCode::Statement && m_isPrepared;
    const QString advice = isStatement ? u" %1 and run again."_s.arg(remedy()) : QString();
    if (m_report.stepsDone == 0)
        return u"Nothing was changed: the database is at %1."_s.arg(position) + advice;
    return u"The database stays at %1, the last revision that was committed."_s.arg(position)
           + advice;
}

} // namespace tribikos
