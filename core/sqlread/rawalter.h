#pragma once

#include "core/schema/schema.h"
#include "core/sqlread/sqlcursor.h"

namespace tribikos {

/// The name under which \a schema knows \a name: SQLite and MySQL compare names without case.
TableName knownTable(const Schema &schema, const TableName &name, Backend backend);

/// Whether the action of an ALTER TABLE that is next can change constraints and indexes only.
bool isKeyAction(const SqlCursor &cursor);

/// ALTER TABLE, the cursor standing behind those words, applied to \a schema. What can't be
/// followed marks the table opaque. False: not even the table can be told. Inside of this room
/// only.
bool applyAlterTable(SqlCursor &cursor, Schema &schema);

} // namespace tribikos
