#pragma once

#include "core/base/result.h"
#include "core/ops/rename.h"

#include <QList>
#include <QStringList>

/*!
    Renames that a person names, for `revision --autogenerate --rename` and `diff FROM TO --rename`.
*/
namespace tribikos {

/// What \a texts ("users.name=users.full_name", "users=people") rename in \a from to what stands in \a to, each against
/// what the ones before it leave. \a toHas begins the sentence about the second: "the models have". Error: Usage.
Result<QList<Rename>> renamesIn(const Schema &from, const Schema &to, const QString &toHas,
                                const QStringList &texts);

/// \a schema with the new names.
Schema renamed(Schema schema, const QList<Rename> &renames);

} // namespace tribikos
