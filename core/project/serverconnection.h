#pragma once

#include "core/config/databaseurl.h"
#include "core/db/connection.h"

namespace tribikos {

/*!
    What \a url, of a server, says of the connection: SQLAlchemy's spellings and those of the drivers that it
    can name (psycopg2, psycopg, asyncpg, pg8000; mysqlclient, PyMySQL, asyncmy, mysqlconnector). A parameter that
    none of them has is refused, for it may be one that keeps the line safe.
*/
Result<ConnectionSpec> serverConnection(const DatabaseUrl &url);

} // namespace tribikos
