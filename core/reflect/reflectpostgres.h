#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

namespace tribikos {

/*!
    PostgreSQL's catalogue as metadata, 12 and newer: about a dozen questions in one snapshot, read-only.

    - Names of the usual schema (the first of search_path that there is) are bare, all others carry theirs.
    - Defaults, checks, conditions and expressions are Text as the server prints them. A key column that owns its
      sequence is autoincrement, as SERIAL makes it; other columns keep their nextval().
    - A partition has the options postgresql_partition_of and postgresql_partition_bounds; foreign tables are opaque.
    - What an extension brought along is left out. Access privileges, rules, policies, statistics, operators and
      aggregates are not read.

    Everybody may read the catalogue, whatever the tables' privileges.
*/
Result<Schema> reflectPostgres(Session &session, const TableName &versionTable);

} // namespace tribikos
