#pragma once

#include "core/base/backend.h"
#include "core/schema/sqltype.h"

#include <QSet>
#include <QString>
#include <QStringList>

namespace tribikos {

/// How types are named in a revision, and what naming them needs.
struct PythonNames
{
    Backend backend = Backend::Sqlite;
    QString sqlalchemyPrefix = QStringLiteral("sa.");
    std::optional<QString> userModulePrefix{}; // nullopt: the type's own module
    QSet<QString> imports{};                   // "from sqlalchemy.dialects import mysql"; grows
    QStringList remarks{};                     // what could not be written as it is; grows
};

/// repr() of SQLAlchemy's type: "String(length=20)", without a module.
QString typeRepr(const SqlTypePtr &type);
/// The type as Alembic's renderer writes it: "sa.String(length=20)", "mysql.SET('a', 'b')", variants behind it.
QString pythonType(const SqlTypePtr &type, PythonNames &names);

} // namespace tribikos
