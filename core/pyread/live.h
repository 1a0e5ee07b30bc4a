#pragma once

#include "core/base/fetched.h"
#include "core/base/result.h"
#include "core/ops/operation.h"

namespace tribikos {

/*!
    The database of a script that is evaluated while it runs. What the script says is done at once, in its order, so
    that whatever it reads is what the statements before it have left. Values that are written stand in the
    statements' text.
*/
class LiveConnection
{
public:
    virtual ~LiveConnection() = default;
    /// Does one operation.
    virtual Status perform(const Operation &operation) = 0;
    /// Does an operation that is one statement, and gives what that gives.
    virtual Result<Fetched> fetch(const Operation &operation) = 0;
    /// The structure as it is now; null: lastError() says why it can't be told.
    virtual const Schema *schema() = 0;
    virtual Error lastError() const = 0;
};

} // namespace tribikos
