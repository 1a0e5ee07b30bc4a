#pragma once

#include "core/base/fetched.h"

struct pg_result;

namespace tribikos {

/// The columns of \a result as psycopg2 would take them.
QList<FetchedColumn> columnsOf(const pg_result *result);
/// The value of a cell of a column of those.
QVariant fetchedCell(const pg_result *result, int row, int column);

} // namespace tribikos
