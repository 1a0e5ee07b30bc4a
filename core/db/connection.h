#pragma once

#include "core/base/backend.h"

#include <QMap>
#include <QString>

namespace tribikos {

/// How a server must be spoken to. "Weaker than asked" is a failure, never a downgrade.
enum class Tls {
    Automatic, // VerifyFull, but to this machine: encrypted where the server can
    Off,
    Prefer,    // encrypted where the server can; asked for in so many words
    Encrypt,   // encrypted, whoever the server is
    VerifyCa,  // and its certificate signed by one that is trusted
    VerifyFull // and made out to the host's name
};

/// Where and how to connect. A URL as SQLAlchemy writes it; the password is inside only in memory.
struct ConnectionSpec
{
    Backend backend = Backend::Sqlite;
    QString url{};
    QString
        database{}; // SQLite: the file's absolute path; empty or ":memory:" is a database in memory
    int lockTimeoutMs = 60000; // how long to wait, in all, for another program's lock

    // Servers only.
    QString host{}; // a name or an address; empty: the socket
    QString
        socket{}; // PostgreSQL: its folder, MySQL: its file; empty with an empty host: the client's default
    int port = 0; // 0: the database's own default
    QString user{};
    QString password{};
    Tls tls = Tls::Automatic;
    QString caFile{}; // empty: the system's
    QString certificateFile{};
    QString keyFile{};
    QMap<QString, QString> clientOptions{}; // further keywords of libpq's connection string
    int connectTimeoutMs = 10000;
    int statementTimeoutMs = 0; // 0: none
    friend bool operator==(const ConnectionSpec &, const ConnectionSpec &) = default;

    /// The server is on this machine: what is said to it passes no wire.
    bool isLocal() const;
    /// How to speak to it, Automatic decided.
    Tls effectiveTls() const;
    /// For people: the file, or the URL without its password.
    QString place() const;
};

} // namespace tribikos
