#include "core/runtime/postgrestrial.h"

#include "core/reflect/reflect.h"
#include "core/runtime/postgresrun.h"
#include "core/runtime/statementprobe.h"

#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

class PostgresTrial final : public PostgresRun
{
public:
    PostgresTrial(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                  const RunProgress &progress, const std::stop_token &stop, Trial &trial)
        : PostgresRun(plan, spec, options, progress, stop)
        , m_trial(trial)
    {}

private:
    Status runBody(const PlanStep &step) override;
    Status endSteps() override;
    Status runVersionStatements(const PlanStep &step) override
    {
        return PlanRun::runVersionStatements(step); // one by one: each is looked at
    }
    Status afterStatement(const PlanStep &step, int number, const Statement &statement,
                          qint64 rows) override;

    Status start();
    Status runStatements(const PlanStep &step);
    Status look(TriedStatement *tried);

    Trial &m_trial;
    bool m_isStarted = false;
    int m_in = 0;                    // statements of the first step that a broken run has left in
    QHash<qint64, qint64> m_files{}; // table -> where its rows are
    QSet<QString> m_locks{};
};

/// The first step's transaction holds all others.
Status PostgresTrial::start()
{
    if (m_isStarted)
        return checkPosition(false);
    const int index = m_next;
    if (const Status begun = begin(true); !begun)
        return begun;
    if (m_next != index)
        return done();
    const Result<int> in = m_journal.statementsIn(m_plan.steps.at(index));
    if (!in)
        return in.error();
    m_in = *in;
    m_isStarted = true;
    m_isPrepared = true;
    Result<Schema> before = reflect(server(), m_plan.versionTable);
    if (!before)
        return before.error();
    m_trial.before = before.take();
    const auto files = server().query(
        u"SELECT c.oid, coalesce(pg_relation_filenode(c.oid), 0) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm') "
        "AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"_s);
    if (!files)
        return files.error();
    for (const Row &row : *files)
        m_files.insert(row.at(0).toLongLong(), row.at(1).toLongLong());
    return look(nullptr); // what the run itself holds
}

Status PostgresTrial::look(TriedStatement *tried)
{
    const auto held = server().query(
        u"SELECT c.oid, c.oid::regclass::text, l.mode, coalesce(pg_relation_filenode(c.oid), 0) "
        "FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
        "WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND c.relkind IN ('r', 'p', 'm', 'v', 'f') ORDER BY 2, 3"_s);
    if (!held)
        return held.error();
    for (const Row &row : *held) {
        const qint64 table = row.at(0).toLongLong();
        const QString name = row.at(1).toString();
        const auto file = m_files.find(table);
        if (file == m_files.end()) // made in here: nobody else can see it
            continue;
        const QString lock = u"%1 on %2"_s.arg(row.at(2).toString(), name);
        if (!m_locks.contains(lock) && tried)
            tried->locks.append(lock);
        m_locks.insert(lock);
        if (*file != row.at(3).toLongLong() && tried)
            tried->rewritten.append(name);
        *file = row.at(3).toLongLong();
    }
    return done();
}

Status PostgresTrial::afterStatement(const PlanStep &, int, const Statement &, qint64)
{
    if (!m_isStarted || m_trial.statements.isEmpty())
        return done();
    return look(&m_trial.statements.last());
}

Status PostgresTrial::runStatements(const PlanStep &step)
{
    const int in = std::exchange(m_in, 0);
    for (int i = 0; i < in; ++i)
        m_trial.statements.append(leftIn(m_next, step.revision, step.statements.at(i)));
    for (int i = in; i < step.statements.size(); ++i) {
        const Statement &statement = step.statements.at(i);
        if (natureOf(statement.sql, Backend::PostgreSql, m_serverVersion)
            == StatementNature::Outside) {
            m_trial.statements.append(
                {.step = m_next,
                 .revision = step.revision,
                 .sql = statement.sql,
                 .isTried = false,
                 .remark =
                     u"not tried: no transaction can hold it, so it could not be taken back"_s});
            continue;
        }
        if (const auto ran = runStatement(step, i, statement); !ran)
            return ran.error();
    }
    return done();
}

Status PostgresTrial::runBody(const PlanStep &step)
{
    const int index = m_next;
    if (const Status started = start(); !started)
        return started;
    if (m_next != index)
        return server().rollback();
    if (const Status created = createVersionTable(step); !created)
        return created;
    if (const Status ran = runStatements(step); !ran)
        return ran;
    const auto live = step.live ? runLive(step) : Result<PlanStep>(PlanStep{});
    if (!live)
        return live.error();
    return runVersionStatements(step.live ? *live : step);
}

Status PostgresTrial::endSteps()
{
    if (!server().inTransaction())
        return done();
    Result<Schema> after = reflect(server(), m_plan.versionTable);
    if (!after)
        return after.error();
    m_trial.after = after.take();
    return server().rollback();
}

} // namespace

Trial tryPostgres(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                  const RunProgress &progress, const std::stop_token &stop)
{
    Trial trial;
    const RunProgress collector = collecting(plan, trial, progress);
    trial.report = PostgresTrial(plan, spec, options, collector, stop, trial).run();
    trial.report.notes.removeIf(
        [](const QString &note) { return note.startsWith(u"Another program has moved"); });
    trial.notes.append(
        u"Tried in one transaction, which was rolled back: every lock was held to its "
        u"end, and sequences keep the numbers that they gave."_s);
    return trial;
}

} // namespace tribikos
