#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

namespace tribikos {

/// Which of the tables that a script from base makes may hold rows: keeps Table::isEmpty where it
/// stays certain. All of these do nothing where the schema doesn't start empty.

/// \a statement of the expression language has run.
void traceRows(const ExprPtr &statement, Schema &schema);
/// The text \a sql has run; \a schema has its tables as they are afterwards.
void traceRows(const QString &sql, Backend backend, Schema &schema);
/// Rows were put into \a name; into one that isn't known, or where writes spread: into any.
void fillTable(const TableName &name, Schema &schema);
/// Anything may have been filled.
void forgetEmptyTables(Schema &schema);
/// Something ran that can't be read: nothing is known from here on.
void stopTracingRows(Schema &schema);

} // namespace tribikos
