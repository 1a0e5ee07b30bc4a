#pragma once

#include "core/base/backend.h"

#include <QString>

namespace tribikos {

/// How a statement relates to transactions.
enum class StatementNature {
    Transactional, // it is rolled back with its transaction
    Committing,    // MySQL: ends the transaction before it and is one of its own
    Outside        // PostgreSQL: refused inside a transaction
};
/// By the statement's first words; PostgreSQL's \a serverVersion (150004) decides about ALTER TYPE … ADD VALUE.
/// Source: MySQL 8.0, "Statements That Cause an Implicit Commit"; MariaDB, the same; PostgreSQL's pages of each.
StatementNature natureOf(const QString &sql, Backend backend, int serverVersion);
/// What a server says of itself as the number above: "PostgreSQL 15.4" is 150004, "9.6.2" 90602; 0: it can't be told.
int versionNumberOf(const QString &server);

} // namespace tribikos
