#include "core/reflect/reflect.h"

#include "core/reflect/reflectsqlite.h"

using namespace Qt::StringLiterals;

namespace tribikos {

Result<Schema> reflect(Session &session, const TableName &versionTable)
{
    switch (session.backend()) {
    case Backend::Sqlite: return reflectSqlite(session, versionTable);
    case Backend::PostgreSql:
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return Error{.code = ErrorCode::Unsupported,
                 .message =
                     u"The catalogue of %1 can't be read by this version; compare models and "
                     "migrations instead."_s.arg(backendTitle(session.backend()))};
}

} // namespace tribikos
