#pragma once

#include "core/db/sqlitesession.h"
#include "core/runtime/planrun.h"

#include <memory>

namespace tribikos {

/*!
    A run on a SQLite file. Per step: BEGIN IMMEDIATE, which is the lock, position, backup before the
    first write, statements, version rows, checks, COMMIT. SQLite's DDL is transactional, so a step is
    in whole or not at all; a kill leaves the last commit.
*/
class SqliteRun final : public PlanRun
{
public:
    SqliteRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
              const RunProgress &progress, const std::stop_token &stop);

private:
    /// An INSERT … SELECT of a rebuild, and how many rows it made.
    struct Copy
    {
        QString sql{};
        qint64 rows = 0;
    };

    Status connect() override;
    Session *session() override;
    Status runBody(const PlanStep &step) override;
    bool prepareReadBack() override;
    Status beforeStatement(const PlanStep &step, int number, const Statement &statement) override;
    Status afterStatement(const PlanStep &step, int number, const Statement &statement,
                          qint64 rows) override;
    Status checkStructure() override;
    QString halfDone() const override;
    void disconnect() override;

    Status runSegment(const PlanStep &step, const Segment &segment);
    Status runInTransaction(const PlanStep &step, const Segment &segment);
    Status runOutside(const PlanStep &step, const Segment &segment);
    Status lock(bool isStepStart);
    Status noteStructure();
    Status prepareFirstWrite();
    Status commit(const PlanStep &step);
    Status setForeignKeys(bool isOn);
    Error fileMoved() const;

    std::unique_ptr<SqliteSession> m_file{};
    std::unique_ptr<Session> m_double{}; // RunOptions::between
    int m_committedStatements = 0; // of the step that runs, by an earlier segment
    bool m_isMemory = false;
    bool m_enforcesKeys = false; // PRAGMA foreign_keys as the connection had it
    qint64 m_fileSize = 0;
    QList<Copy> m_copies{}; // of a rebuild, until the old table goes
};

} // namespace tribikos
