#pragma once

#include "core/runtime/run.h"

#include <memory>

struct sqlite3;

/// What the tests of the runtime share: databases looked at without the code under test, and plans
/// made by hand.
namespace tribikos::sample {

/// A plain SQLite connection that throws nothing away: every failure ends the test run.
class RawDatabase
{
public:
    explicit RawDatabase(const QString &path);
    ~RawDatabase();
    Q_DISABLE_COPY_MOVE(RawDatabase)

    void exec(const QString &sql);
    /// True when SQLite took it.
    bool tryExec(const QString &sql);
    QList<QStringList> rows(const QString &sql);

private:
    sqlite3 *m_db = nullptr;
};

/// Every schema object and every row, as text: two databases with the same dump hold the same.
QString dump(const QString &path);
/// The rows of alembic_version, sorted; "-" alone when there is no such table.
QStringList versionRows(const QString &path);

struct Revision
{
    QString id{};
    QStringList statements{};
    QStringList rebuiltTables{};
};

/// A step from the row \a from (empty: base) to \a revision as the planner makes one.
PlanStep upgradeStep(const QString &from, const Revision &revision);
PlanStep downgradeStep(const Revision &revision, const QString &to);
/// Upgrades over all of \a revisions, beginning at the row \a from.
Plan upgradePlan(const QList<Revision> &revisions, const QString &from = {});

/// \a count revisions r001, r002 … that make tables, fill them, index them, rebuild them and count
/// how often each was run (table runs), so that nothing can be applied twice unnoticed.
QList<Revision> story(int count);
/// The plan from where \a rows stand in story(\a count) to its end.
Plan remainingPlan(int count, const QStringList &rows);
/// The dump of a database that holds the first \a done revisions of story(), made without the code
/// under test.
QString expectedDump(const QString &scratchFile, int count, int done);

/// A QTemporaryDir template in memory where the system has such a folder: what is tested is kills
/// and locks of processes, which need no disk to be waited for.
QString scratchTemplate();

ConnectionSpec fileSpec(const QString &path, int lockTimeoutMs = 5000);
/// No log, no copy: what most tests want.
RunOptions bareOptions();

} // namespace tribikos::sample
