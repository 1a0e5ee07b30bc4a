#include "core/base/backend.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QString backendName(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return u"sqlite"_s;
    case Backend::PostgreSql: return u"postgresql"_s;
    case Backend::MySql: return u"mysql"_s;
    case Backend::MariaDb: return u"mariadb"_s;
    }
    return {};
}

std::optional<Backend> backendFromName(const QString &name)
{
    const QString scheme = name.section(u'+', 0, 0).toLower();
    if (scheme == u"sqlite")
        return Backend::Sqlite;
    if (scheme == u"postgresql" || scheme == u"postgres")
        return Backend::PostgreSql;
    if (scheme == u"mysql")
        return Backend::MySql;
    if (scheme == u"mariadb")
        return Backend::MariaDb;
    return std::nullopt;
}

QString backendTitle(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return u"SQLite"_s;
    case Backend::PostgreSql: return u"PostgreSQL"_s;
    case Backend::MySql: return u"MySQL"_s;
    case Backend::MariaDb: return u"MariaDB"_s;
    }
    return {};
}

} // namespace tribikos
