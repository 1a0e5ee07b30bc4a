#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"

#include <QList>
#include <QPair>
#include <QString>

namespace tribikos {

/// A SQLAlchemy database URL taken apart: dialect[+driver]://user:password@host:port/database?query.
/// Fields are decoded. It holds the password: never log or show it but through displayText().
struct DatabaseUrl
{
    Backend backend = Backend::Sqlite;
    QString driver{};   // "aiosqlite", "psycopg2"; empty when the URL names none
    QString user{};
    QString password{};
    bool hasPassword = false;
    QString host{};     // without the brackets of an IPv6 address
    int port = 0;       // 0: the database's own default
    QString database{}; // SQLite: the file's path as written, empty or ":memory:" for memory
    QList<QPair<QString, QString>> query{};

    bool isMemory() const; // SQLite without a file
    /// The value of a query parameter; empty when there is none.
    QString parameter(const QString &name) const;
    /// SQLAlchemy's spelling, with *** in place of the password and of password parameters.
    QString displayText() const;
    /// SQLAlchemy's spelling with password and password parameters left out: what may be kept in a file.
    QString withoutSecrets() const;
    friend bool operator==(const DatabaseUrl &, const DatabaseUrl &) = default;
};

/// Errors (Syntax, Unsupported for a database that we don't speak) never repeat the password.
Result<DatabaseUrl> parseDatabaseUrl(const QString &text);

/// The SQLite file that \a url names, against \a folder when it is relative; empty for memory.
QString sqliteFile(const DatabaseUrl &url, const QString &folder);

} // namespace tribikos
