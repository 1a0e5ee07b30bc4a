#pragma once

#include "core/dialects/dialect.h"
#include "core/diff/diff.h"
#include "core/ops/operation.h"

namespace tribikos {

/// What settles one difference, taken straight from the two schemas: \a before everything else (what goes), \a after it
/// (what comes). \a reason says why there is nothing, as the rest of "… is not in the statements: ".
struct DirectChange
{
    Operations before{};
    Operations after{};
    QString reason{};
};

/*!
    For the differences that Alembic's comparison, which writes revisions, has no eyes for: conditions of checks, primary keys,
    exclusion constraints, indexes on expressions, views, triggers, types. The first side of \a difference (migrations) is
    \a from, the second (database) \a to.
*/
DirectChange directChange(const Difference &difference, const Schema &from, const Schema &to,
                          Backend backend);

/// What makes a type, view, trigger … again; empty: that is not known.
QString objectDefinition(const NamedObject &object, const Dialect &dialect);

} // namespace tribikos
