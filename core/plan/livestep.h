#pragma once

#include "core/base/fetched.h"
#include "core/base/result.h"
#include "core/schema/schema.h"

#include <QByteArray>
#include <stop_token>

namespace tribikos {

struct Statement;

/// The database as a step meets it that looks at rows: inside the step's own transaction. The runner's side.
class LiveDatabase
{
public:
    virtual ~LiveDatabase() = default;
    /// Runs one statement of the revision; it is told and logged like those of a plan. An Error names revision, line
    /// and number.
    virtual Result<Fetched> run(const Statement &statement) = 0;
    /// The structure as it is now.
    virtual Result<Schema> schema() = 0;
};

/*!
    A step whose statements follow from what it reads while it runs: PlanStep::live. Evaluated anew each time that its
    transaction is tried again. Source of the rules: docs/ARCHITECTURE.md, "Applying".
*/
class LiveStep
{
public:
    virtual ~LiveStep() = default;
    /// Evaluates the script against \a database, to its end or to the first failure.
    virtual Status run(LiveDatabase &database, const std::stop_token &stop) const = 0;
    /// Of what will be evaluated: another script has another one.
    virtual QByteArray digest() const = 0;
};

} // namespace tribikos
