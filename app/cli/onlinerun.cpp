#include "app/cli/onlinerun.h"

#include "app/cli/cli.h"
#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonObject>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

QString verbOf(Direction direction)
{
    switch (direction) {
    case Direction::Upgrade: return u"upgrade"_s;
    case Direction::Downgrade: return u"downgrade"_s;
    case Direction::Stamp: return u"stamp_revision"_s;
    }
    return {};
}

bool commitsDdl(Backend backend)
{
    return backend == Backend::MySql || backend == Backend::MariaDb;
}

/// Tells a run while it goes on.
class RunTeller
{
public:
    RunTeller(CommandContext &context, const Plan &plan)
        : m_context(context)
        , m_plan(plan)
    {}
    void tell(const RunEvent &event);

private:
    void tellJson(const RunEvent &event);

    CommandContext &m_context;
    const Plan &m_plan;
};

/// The step of ensure_version: it moves nothing.
bool isEmptyStamp(const PlanStep &step)
{
    return step.direction == Direction::Stamp && step.versionChanges.isEmpty();
}

void RunTeller::tell(const RunEvent &event)
{
    if (m_context.isJson())
        tellJson(event);
    else if (event.kind == RunEvent::Kind::StepStarted && !isEmptyStamp(m_plan.steps[event.step]))
        m_context.log(LogLevel::Info, stepLine(m_plan.steps[event.step]));
    else if (event.kind == RunEvent::Kind::StatementDone)
        for (const QString &notice : event.notices)
            m_context.log(LogLevel::Info, u"The server says: "_s + notice);
    else if (event.kind == RunEvent::Kind::BackupMade)
        m_context.log(LogLevel::Info, u"A copy of the database is kept in "_s + event.text);
    else if (event.kind == RunEvent::Kind::Waiting)
        m_context.log(LogLevel::Warning, event.text);
}

void RunTeller::tellJson(const RunEvent &event)
{
    if (event.kind == RunEvent::Kind::StepStarted) {
        const PlanStep &step = m_plan.steps[event.step];
        m_context.printJson(QJsonObject{{u"event"_s, u"step"_s},
                                        {u"revision"_s, step.revision},
                                        {u"direction"_s, verbOf(step.direction)},
                                        {u"message"_s, step.message}});
    } else if (event.kind == RunEvent::Kind::Waiting) {
        m_context.printJson(QJsonObject{{u"event"_s, u"waiting"_s},
                                        {u"reason"_s, event.text},
                                        {u"seconds"_s, double(event.durationUs) / 1e6},
                                        {u"session"_s, event.blocker}});
    } else if (event.kind == RunEvent::Kind::StatementDone) {
        m_context.printJson(QJsonObject{
            {u"event"_s, u"statement"_s},
            {u"revision"_s, event.step >= 0 ? m_plan.steps[event.step].revision : QString()},
            {u"statement"_s, redactedText(event.text)},
            {u"milliseconds"_s, double(event.durationUs) / 1000.0},
            {u"rows"_s, event.rows},
            {u"notices"_s, QJsonArray::fromStringList(event.notices)}});
    }
}

QJsonObject endObject(const RunReport &report, int exitCode)
{
    QJsonObject end{{u"event"_s, report.error ? u"failed"_s : u"done"_s},
                    {u"revisions"_s, QJsonArray::fromStringList(report.rowsAfter)},
                    {u"position_known"_s, report.positionKnown},
                    {u"steps"_s, report.stepsDone},
                    {u"statements"_s, report.statementsDone},
                    {u"backup"_s, report.backupFile},
                    {u"log"_s, report.logFile},
                    {u"exit"_s, exitCode}};
    if (report.error) {
        end.insert(u"error"_s, redactedText(report.error->message));
        end.insert(u"detail"_s, redactedText(report.error->detail));
        end.insert(u"file"_s, report.error->file);
        end.insert(u"line"_s, report.error->line);
    }
    return end;
}

/// Whoever can lose something in a protected environment must say its name.
std::optional<Error> needsConfirmation(const CommandContext &context, const Plan &plan,
                                       const Environment &environment)
{
    if (!environment.isProtected
        || context.invocation().values.value(u"confirm"_s) == environment.name)
        return std::nullopt;
    for (const PlanStep &step : plan.steps) {
        if (step.live)
            return Error{
                .code = ErrorCode::Usage,
                .message =
                    u"Environment '%1' is protected and what revision %2 does follows from what "
                    "it reads there; repeat with --confirm %1 if that is meant."_s.arg(
                        environment.name, step.revision)};
        if (!step.losses.isEmpty())
            return Error{
                .code = ErrorCode::Usage,
                .message = u"Environment '%1' is protected and revision %2 %3; repeat with "
                           "--confirm %1 if that is meant."_s.arg(
                               environment.name, step.revision, step.losses.constFirst().message)};
    }
    return std::nullopt;
}

Error oddValue(const QString &option, const QString &value, const QString &wanted)
{
    return {.code = ErrorCode::Usage,
            .message = u"--%1 takes %2, not '%3'"_s.arg(option, wanted, value)};
}

Result<RunOptions> runOptions(const CommandContext &context)
{
    const auto &values = context.invocation().values;
    RunOptions options{.transaction = transactionMode(context.project().options()),
                       .journal = !context.invocation().has(u"no-journal"_s),
                       .giveUpWhenSilent = true,
                       .backup = !context.invocation().has(u"no-backup"_s)};
    if (const QString wait = values.value(u"lock-wait"_s); !wait.isEmpty()) {
        bool isNumber = false;
        const double seconds = wait.toDouble(&isNumber);
        if (!isNumber || seconds < 0 || seconds > 86400)
            return oddValue(u"lock-wait"_s, wait, u"a number of seconds"_s);
        options.lockTimeoutMs = int(seconds * 1000);
    }
    if (const QString unclear = values.value(u"interrupted"_s); !unclear.isEmpty()) {
        if (unclear != u"done" && unclear != u"again")
            return oddValue(u"interrupted"_s, unclear, u"done or again"_s);
        options.unclear =
            unclear == u"done" ? RunOptions::Unclear::IsDone : RunOptions::Unclear::RunAgain;
    }
    if (const QString pooler = values.value(u"pooler"_s); !pooler.isEmpty()) {
        if (pooler != u"session")
            return oddValue(u"pooler"_s, pooler, u"session"_s);
        options.allowsPooler = true;
    }
    return options;
}

} // namespace

std::optional<Error> notRunnable(const Plan &plan)
{
    for (const PlanStep &step : plan.steps) {
        if (step.isRunnable())
            continue;
        const QString text = stepProblem(step);
        return Error{.code = step.status == StepStatus::Error ? ErrorCode::ProjectRefused
                                                              : ErrorCode::Statement,
                     .message = text + u". Nothing was changed."_s,
                     .file = step.file,
                     .line = step.line};
    }
    return std::nullopt;
}

QString stepLine(const PlanStep &step)
{
    if (step.undoes)
        return u"Taking back what is in of the %1 of revision %2"_s.arg(
            verbOf(step.undoes->direction), step.revision);
    const QString line = u"Running %1 %2 -> %3"_s.arg(
        verbOf(step.direction), step.from.join(u", "_s), step.to.join(u", "_s));
    return step.message.isEmpty() ? line : line + u", "_s + step.message;
}

QString implName(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return u"SQLiteImpl"_s;
    case Backend::PostgreSql: return u"PostgresqlImpl"_s;
    case Backend::MySql: return u"MySQLImpl"_s;
    case Backend::MariaDb: return u"MariaDBImpl"_s;
    }
    return {};
}

void logOpening(CommandContext &context, const Plan &plan)
{
    context.log(LogLevel::Info, u"Context impl %1."_s.arg(implName(plan.backend)));
    if (plan.offline)
        context.log(LogLevel::Info, u"Generating static SQL"_s);
    context.log(LogLevel::Info,
                plan.transactionalDdl || (!plan.offline && !commitsDdl(plan.backend))
                    ? u"Will assume transactional DDL."_s
                    : u"Will assume non-transactional DDL."_s);
}

std::optional<int> tryToRun(CommandContext &context, const Plan &plan,
                            const Environment &environment, bool isLast)
{
    if (const auto refused = notRunnable(plan))
        return context.fail(*refused);
    if (context.invocation().has(u"dry-run"_s)) {
        const auto trial = runOptions(context);
        return trial ? runTrial(context, plan, environment, *trial) : context.fail(trial.error());
    }
    if (const auto refused = needsConfirmation(context, plan, environment))
        return context.fail(*refused);
    if (!context.isJson())
        logOpening(context, plan);
    RunTeller teller(context, plan);
    const bool changesRows = !std::ranges::all_of(plan.steps, isEmptyStamp);
    auto options = runOptions(context);
    if (!options)
        return context.fail(options.error());
    options->backup = options->backup && changesRows;
    RunReport report = applyPlan(
        plan, environment, *options, [&](const RunEvent &event) { teller.tell(event); },
        context.stop());
    if (report.isUnclear && plan.steps.constFirst().direction != Direction::Stamp)
        report.error->message += u" Say it with --interrupted done, or --interrupted again."_s;
    const int exitCode = report.error ? exitCodeOf(report.error->code) : Done;
    for (const QString &note : report.notes)
        context.warn(note);
    if (report.isStale && !isLast)
        return std::nullopt;
    if (context.isJson()) {
        context.printJson(endObject(report, exitCode));
        return exitCode;
    }
    return report.error ? context.fail(*report.error, exitCode) : Done;
}

int runOnline(CommandContext &context, const Plan &plan, const Environment &environment)
{
    return *tryToRun(context, plan, environment, true);
}

} // namespace tribikos::cli
