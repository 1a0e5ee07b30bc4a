#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

namespace tribikos {

/// Reads a database's whole catalogue into metadata, in a handful of queries, changing nothing.
/// \a versionTable is left out.
Result<Schema> reflect(Session &session, const TableName &versionTable);

} // namespace tribikos
