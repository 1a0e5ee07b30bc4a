#include "core/runtime/trial.h"

#include "core/runtime/mysqltrial.h"
#include "core/runtime/postgrestrial.h"
#include "core/runtime/sqlitebackup.h"
#include "core/runtime/sqliterun.h"
#include "core/runtime/versiontable.h"

#include <QFileInfo>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace tribikos {

RunProgress collecting(const Plan &plan, Trial &trial, const RunProgress &progress)
{
    return [&plan, &trial, &progress](const RunEvent &event) {
        if (event.kind == RunEvent::Kind::StatementDone)
            trial.statements.append(
                {.step = event.step,
                 .revision = event.step >= 0 ? plan.steps.at(event.step).revision : QString(),
                 .sql = event.text,
                 .durationUs = event.durationUs,
                 .rows = event.rows});
        if (progress)
            progress(event);
    };
}

namespace {

/// What is told of a statement of a rebuild is told of its table.
void nameRebuilds(const Plan &plan, Trial &trial)
{
    for (TriedStatement &tried : trial.statements) {
        if (tried.step < 0)
            continue;
        for (const Statement &statement : plan.steps.at(tried.step).statements)
            if (statement.kind == Statement::Kind::Rebuild && statement.sql == tried.sql)
                tried.rewritten = plan.steps.at(tried.step).rebuiltTables;
    }
}

Trial failed(const Error &error)
{
    Trial trial;
    trial.report.error = error;
    return trial;
}

/// The copy's name is nobody's concern.
void renameCopy(RunReport &report, const QString &copy, const QString &original)
{
    if (report.error) {
        report.error->message.replace(copy, original);
        report.error->detail.replace(copy, original);
    }
    for (QString &note : report.notes)
        note.replace(copy, original);
}

Trial trySqlite(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                const RunProgress &progress, const std::stop_token &stop)
{
    const Result<SqliteFile> file = inspectSqliteFile(spec.database);
    if (!file)
        return failed(file.error());
    // Beside the database, as backups are: there is room for what is as large, and nobody else looks there.
    const QString parent = options.backupFolder.isEmpty() ? QFileInfo(spec.database).absolutePath()
                                                          : options.backupFolder;
    const QTemporaryDir folder(parent + u"/.tribikos-trial-XXXXXX"_s);
    if (!folder.isValid())
        return failed({.code = ErrorCode::Io,
                       .message = u"There is no folder for the copy that is tried on: %1."_s.arg(
                           folder.errorString())});
    const auto before = readDatabase(spec, plan.versionTable);
    if (!before)
        return failed(before.error());
    if (!plan.structure.isEmpty() && before->structure != plan.structure)
        return failed(
            {.code = ErrorCode::Conflict,
             .message = u"Another program has changed the tables of %1 since the plan was "
                        u"made: make a new plan."_s.arg(spec.database)});
    ConnectionSpec copy = spec;
    copy.clientOptions.clear(); // mode=ro is about the original
    copy.database = folder.filePath(u"copy.db"_s);
    if (file->exists && file->size > 0) {
        if (const Status room = checkFreeSpace(copy.database, file->size, false, {}); !room)
            return failed(room.error());
        const Result<QString> made = backupSqlite(spec.database, folder.path(), stop);
        if (!made)
            return failed(made.error());
        copy.database = *made;
    }
    Plan alone = plan;
    alone.structure.clear(); // a copy has a stamp of its own
    RunOptions own = options;
    own.backup = false;
    own.log = false;
    Trial trial{.before = before->schema};
    const RunProgress collector = collecting(plan, trial, progress);
    trial.report = SqliteRun(alone, copy, own, collector, stop).run();
    if (const auto after = readDatabase(copy, plan.versionTable); after && !trial.report.error)
        trial.after = after->schema;
    nameRebuilds(plan, trial);
    renameCopy(trial.report, copy.database, spec.database);
    trial.report.rowsAfter = before->rows;
    trial.notes.append(u"Tried on a copy of the file, which is removed. A revision locks the whole "
                       u"file for as long as its statements take together."_s);
    return trial;
}

} // namespace

TriedStatement leftIn(int step, const QString &revision, const Statement &statement)
{
    return {.step = step,
            .revision = revision,
            .sql = statement.shown(),
            .isTried = false,
            .remark = u"not tried: a run that broke off has left it in"_s};
}

Trial tryPlan(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop)
{
    ConnectionSpec own = spec;
    own.lockTimeoutMs = options.lockTimeoutMs.value_or(spec.lockTimeoutMs);
    switch (spec.backend) {
    case Backend::Sqlite: return trySqlite(plan, own, options, progress, stop);
    case Backend::PostgreSql: return tryPostgres(plan, own, options, progress, stop);
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return tryMySql(plan, own, stop);
}

} // namespace tribikos
