#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

#include <QMap>
#include <optional>
#include <QString>
#include <QStringList>

/*!
    The names that a constraint which the script left unnamed may be called by later: by a naming
    convention (alembic-semantics 8.7), or by the name that a server gave it.
*/
namespace tribikos {

/// \a convention's name of \a constraint, not yet cut to a dialect's limit; empty when the
/// convention has no template for its kind, or the template has a token that the constraint can't
/// fill.
QString conventionName(const QMap<QString, QString> &convention, const TableName &table,
                       const Constraint &constraint);

/// The names that PostgreSQL, MySQL and MariaDB give to the unnamed \a constraint, which is the
/// \a ordinal th of its kind in the table, counted from 1.
QStringList serverNames(const Table &table, const Constraint &constraint, int ordinal);

/// The one name that \a backend certainly gave to the unnamed \a constraint of \a table, "" where it
/// has none to show; nullopt where that depends on more than the table as it stands.
std::optional<QString> givenName(const Table &table, const Constraint &constraint, Backend backend);

} // namespace tribikos
