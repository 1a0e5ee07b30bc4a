#pragma once

#include "core/ops/replay.h"
#include "core/plan/plan.h"

#include <memory>

namespace tribikos {

/// What a plan is made for; see the members of Plan for those of the same name.
struct PlanRequest
{
    Backend backend = Backend::Sqlite;
    QStringList startRows{};
    TableName versionTable{{}, QStringLiteral("alembic_version")};
    bool versionTablePk = true;
    std::optional<bool> transactionalDdl{}; // nullopt: the dialect's own
    bool transactionPerMigration = false;
    bool offline = true;
    bool namedParamstyle = true; // false: % is doubled
    bool literalBinds = true;
    Schema schema{};                         // before the first step
    QString structure{};                     // Plan::structure
    const RawSqlReader *sqlReader = nullptr; // must outlive the planner
};

/*!
    Makes a Plan step by step, replaying each step onto the schema as it goes: a step's evaluation
    may ask for the schema before it, and a rebuild on SQLite must know the table.
*/
class Planner
{
public:
    explicit Planner(PlanRequest request);
    ~Planner();

    /// The schema that the next step meets.
    const Schema &schema() const;
    /// Renders \a step, whose revision, from, to, direction, message, file, operations and
    /// versionChanges are filled in by the caller, or whose status says why there are no
    /// operations. A step that can't be rendered keeps its reason and line, and later steps go on.
    void add(PlanStep step);
    /// The same for a part of a step, which is given back instead and moves no version row.
    PlanStep rendered(PlanStep part);
    Plan take();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace tribikos
