#pragma once

#include "core/schema/schema.h"
#include "core/sqlread/sqlcursor.h"

namespace tribikos {

/// ALTER of a view, sequence, type, domain, trigger or schema (PostgreSQL), the cursor standing behind ALTER. nullopt: it
/// is of something else; false: it can't be told what it changes. Inside of this room only.
std::optional<bool> applyAlterObject(SqlCursor &cursor, Schema &schema);

/// DROP SCHEMA … CASCADE: what stands in it is gone with it.
void dropNamespace(const QString &name, Schema &schema);

/// The sequence, view or materialized view of this name; null: there is none. ALTER TABLE takes their names as well.
NamedObject *relationLike(Schema &schema, const TableName &name);

} // namespace tribikos
