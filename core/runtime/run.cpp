#include "core/runtime/run.h"

#include "core/runtime/mysqlrun.h"
#include "core/runtime/postgresrun.h"
#include "core/runtime/runlog.h"
#include "core/runtime/sqliterun.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

RunReport failed(const Error &error, const RunProgress &progress)
{
    if (progress)
        progress({.kind = RunEvent::Kind::Failed,
                  .text = error.message,
                  .at = QDateTime::currentDateTimeUtc()});
    RunReport report;
    report.error = error;
    return report;
}

RunReport runPlan(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                  const RunProgress &progress, const std::stop_token &stop)
{
    if (plan.backend != spec.backend)
        return failed(
            {.code = ErrorCode::Usage,
             .message =
                 u"The plan was made for %1, but the connection is to %2; make a new plan."_s.arg(
                     backendTitle(plan.backend), backendTitle(spec.backend))},
            progress);
    switch (spec.backend) {
    case Backend::Sqlite: return SqliteRun(plan, spec, options, progress, stop).run();
    case Backend::PostgreSql: return PostgresRun(plan, spec, options, progress, stop).run();
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return MySqlRun(plan, spec, options, progress, stop).run();
}

} // namespace

RunReport run(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop)
{
    if (!options.log)
        return runPlan(plan, spec, options, progress, stop);
    const QString folder = options.logFolder.isEmpty() ? runLogFolder() : options.logFolder;
    auto log = RunLog::create(folder, plan, spec);
    if (!log) { // a full home folder is no reason not to run, but one to say so
        RunReport report = runPlan(plan, spec, options, progress, stop);
        report.notes.append(log.error().message);
        return report;
    }
    const std::unique_ptr<RunLog> open = log.take();
    const RunProgress both = [&](const RunEvent &event) {
        open->record(event);
        if (progress)
            progress(event);
    };
    RunReport report = runPlan(plan, spec, options, both, stop);
    report.logFile = open->file();
    open->close(report);
    return report;
}

} // namespace tribikos
