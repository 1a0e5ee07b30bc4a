#include "core/reflect/reflectmysql.h"

#include "core/reflect/mysqlcatalogue.h"

namespace tribikos {

Result<Schema> reflectMySql(Session &session, const TableName &versionTable)
{
    return mysql::Catalogue(session, versionTable).read();
}

} // namespace tribikos
