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

/*!
    The same of \a url, of a file, against \a folder: mode=ro is kept (ConnectionSpec::clientOptions), what would mean
    something else to SQLite than to us is refused, as immutable=1, and so is what nobody knows.
*/
Result<ConnectionSpec> sqliteConnection(const DatabaseUrl &url, const QString &folder);

} // namespace tribikos
