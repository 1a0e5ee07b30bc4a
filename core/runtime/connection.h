#pragma once

#include "core/base/backend.h"

#include <QString>

namespace tribikos {

/// Where and how to connect. A URL as SQLAlchemy writes it; the password is inside only in memory.
struct ConnectionSpec
{
    Backend backend = Backend::Sqlite;
    QString url{};
    QString
        database{}; // SQLite: the file's absolute path; empty or ":memory:" is a database in memory
    int lockTimeoutMs = 60000; // how long to wait, in all, for another program's lock
    friend bool operator==(const ConnectionSpec &, const ConnectionSpec &) = default;
};

} // namespace tribikos
