#pragma once

#include "core/config/databaseurl.h"

namespace tribikos {

/*!
    What a person may paste where a database is asked for: a SQLAlchemy URL, "postgres://…", a JDBC URL
    ("jdbc:postgresql://host/db?user=me", "jdbc:sqlite:file"), libpq's keywords ("host=db dbname=market user=me") or the
    path of a SQLite file. Errors (Syntax, Unsupported) never repeat the password.
*/
Result<DatabaseUrl> readConnectionText(const QString &text);

/// Sets the query parameter \a name of \a url, in its place where it has one; an empty \a value takes it away.
void setParameter(DatabaseUrl &url, const QString &name, const QString &value);

/// A setting that PostgreSQL's session begins with, as the parameter "options" has it ("-c role=app -c search_path=shop");
/// empty: not said.
QString sessionSetting(const DatabaseUrl &url, const QString &name);
/// Sets it, or takes it away where \a value is empty; what else stands in "options" is kept.
void setSessionSetting(DatabaseUrl &url, const QString &name, const QString &value);

} // namespace tribikos
