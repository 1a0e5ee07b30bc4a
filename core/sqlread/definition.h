#pragma once

#include "core/base/result.h"
#include "core/schema/schema.h"
#include "core/sqlread/sqlcursor.h"

namespace tribikos {

/// One column's definition, keys and checks included, added to \a table. Inside of this room only,
/// as everything here; the cursor stands on the name before and behind the definition after.
Status readColumn(SqlCursor &cursor, Table &table);

/// What MySQL calls a key that nobody names, whose first column is \a column.
QString freeKeyName(const Table &table, const QString &column);

/// Whether a table constraint, not a column, comes next.
bool startsConstraint(const SqlCursor &cursor);
/// One table constraint, added to \a table.
Status readConstraint(SqlCursor &cursor, Table &table);

/// One element of an index: a name, or an expression, with COLLATE, ASC and DESC.
Result<ExprPtr> readIndexElement(SqlCursor &cursor);

/// A type's name with its arguments, as written; empty when none comes next.
QString readType(SqlCursor &cursor);

/// What may follow DEFAULT. Null: nothing that can be a default.
ExprPtr readDefault(SqlCursor &cursor);

/// "There is no sense in … near …", with \a what was expected.
Error definitionError(const SqlCursor &cursor, const QString &what);

} // namespace tribikos
