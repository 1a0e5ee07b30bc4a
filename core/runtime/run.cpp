#include "core/runtime/run.h"

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

/// Servers: the connection is tried, so that the first thing wrong is said, and nothing is run.
RunReport runOnServer(const ConnectionSpec &spec, const RunProgress &progress,
                      const std::stop_token &stop)
{
    const auto session = SqlSession::open(spec, SqlSession::Access::Write,
                                          {.limitMs = spec.lockTimeoutMs, .stop = stop});
    if (!session)
        return failed(session.error(), progress);
    return failed(
        {.code = ErrorCode::Connection,
         .message =
             u"Tribikos does not apply revisions to %1 yet; write the SQL with --sql and run it "
             "with the server's own client."_s.arg(backendTitle(spec.backend))},
        progress);
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
    if (spec.backend != Backend::Sqlite)
        return runOnServer(spec, progress, stop);
    return SqliteRun(plan, spec, options, progress, stop).run();
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
