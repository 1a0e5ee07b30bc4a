#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

namespace tribikos {

/*!
    SQLite's catalogue as metadata: three queries, then the definitions' own text is read
    (core/sqlread/createtable.h says how). What the text gives is checked against what SQLite itself
    says of the columns; a table whose text can't be read, or says something else, keeps SQLite's
    columns and is marked opaque. Virtual tables are opaque, with the module as option
    sqlite_module; their shadow tables and SQLite's own are left out. Index::sql is the catalogue's
    text.
*/
Result<Schema> reflectSqlite(Session &session, const TableName &versionTable);

} // namespace tribikos
