#pragma once

#include <QString>
#include <optional>

namespace tribikos {

/// The databases that Tribikos speaks. MySQL and MariaDB differ enough (reserved words, RETURNING,
/// mysql_* options) to be told apart wherever SQL is made.
enum class Backend { Sqlite, PostgreSql, MySql, MariaDb };

/// SQLAlchemy's name of the dialect: "sqlite", "postgresql", "mysql", "mariadb".
QString backendName(Backend backend);
/// The reverse, for names and URL schemes ("postgres" counts too, "+driver" is ignored). nullopt: unknown.
std::optional<Backend> backendFromName(const QString &name);
/// The name for people: "SQLite", "PostgreSQL", "MySQL", "MariaDB".
QString backendTitle(Backend backend);

} // namespace tribikos
