#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

namespace tribikos {

/*!
    The catalogue of MySQL (5.7 and newer) or MariaDB (10.2 and newer) as metadata: the connection's own database, in about
    ten questions to information_schema, whichever of the two the session calls itself.

    - Options stand under the session's name: mysql_engine, mariadb_engine, and default_charset, collate, row_format,
      partition_by.
    - A unique index over whole columns is a unique constraint, as these databases have it; the index that they make for
      a foreign key is an index. A column's character set and collation are said where they are not the table's.
    - MariaDB's longtext with json_valid() is JSON.
    - Other databases of the server are not read; foreign keys into them carry their name. Events are not read.

    information_schema shows what the user has a privilege on. What that hides is said in Schema::notes,
    Schema::unseen and, where tables may be missing, Schema::opaqueReasons; actions of foreign keys that can't be
    seen have the option "unseen_actions".
*/
Result<Schema> reflectMySql(Session &session, const TableName &versionTable);

} // namespace tribikos
