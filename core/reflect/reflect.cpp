#include "core/reflect/reflect.h"

#include "core/reflect/reflectmysql.h"
#include "core/reflect/reflectpostgres.h"
#include "core/reflect/reflectsqlite.h"

using namespace Qt::StringLiterals;

namespace tribikos {

Result<Schema> reflect(Session &session, const TableName &versionTable)
{
    switch (session.backend()) {
    case Backend::Sqlite: return reflectSqlite(session, versionTable);
    case Backend::PostgreSql: return reflectPostgres(session, versionTable);
    case Backend::MySql:
    case Backend::MariaDb: return reflectMySql(session, versionTable);
    }
    return Error{.code = ErrorCode::Unsupported, .message = u"This database has no catalogue."_s};
}

} // namespace tribikos
