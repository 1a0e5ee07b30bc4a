#pragma once

#include "core/dialects/dialect.h"
#include "core/plan/plan.h"

/// The bookkeeping's SQL (alembic-semantics 5.1, 5.2).
namespace tribikos {

/// CREATE TABLE of the version table; \a hasKey: version_table_pk.
Result<QString> createVersionTableText(const Dialect &dialect, const RenderContext &context,
                                       const TableName &table, bool hasKey);

Statement versionStatement(const Dialect &dialect, const RenderContext &context,
                           const TableName &table, bool hasKey, const VersionChange &change);

} // namespace tribikos
