#pragma once

#include "core/runtime/run.h"

namespace tribikos {

/// What one statement did when it was tried.
struct TriedStatement
{
    int step = -1; // index into Plan::steps
    QString revision{};
    QString sql{};
    bool isTried = true; // false: the remark says why not
    qint64 durationUs = 0;
    qint64 rows = -1;
    QStringList locks{};     // "AccessExclusiveLock on users": those that it was the first to take
    QStringList rewritten{}; // tables whose rows were all written anew
    QString remark{};
};

/*!
    A plan that was tried: run for real and taken back, always. PostgreSQL: in one transaction that is
    rolled back. SQLite: on a copy that is removed. MySQL and MariaDB, whose DDL can't be taken back:
    nothing runs; where the user may, ALTER TABLE is asked on an empty clone of its table how it would
    be done.
*/
struct Trial
{
    QList<TriedStatement> statements{};
    std::optional<Schema> before{}; // and after: nothing where nothing ran
    std::optional<Schema> after{};
    QStringList notes{};
    RunReport report{}; // as of a run; its position is the one that stays
};

/// What is said of a statement that needs no trial, for it is in.
TriedStatement leftIn(int step, const QString &revision, const Statement &statement);

/// Tries \a plan; progress, stopping and errors as of run(). \a options: the lock's time-out, the pooler.
Trial tryPlan(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);

/// Collects in \a trial what a run tells of its statements, and passes everything on to \a progress.
RunProgress collecting(const Plan &plan, Trial &trial, const RunProgress &progress);

} // namespace tribikos
