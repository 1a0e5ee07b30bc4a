#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"

#include <QList>
#include <QString>

namespace tribikos {

/// One statement of a script: without its terminator, blanks and comments around it.
struct SqlStatement
{
    QString text{};
    qsizetype start = 0;    // offset into the script
    int line = 1;           // 1-based line of its first token
    bool isComplete = true; // false: a string, quoted name or trigger body is still open at the end
    friend bool operator==(const SqlStatement &, const SqlStatement &) = default;
};

/*!
    Cuts \a script into statements at the semicolons between them. The body of a trigger, and on
    MySQL and MariaDB of a routine or event, belongs to its statement. Statements without a token
    are left out. Linear in time; never fails. Thread-safe.
*/
QList<SqlStatement> splitStatements(const QString &script, Backend backend = Backend::Sqlite);

/// Refuses what a driver must not get as one statement: none, more than one, an unfinished one, or
/// a text with a NUL in it (ErrorCode::Syntax).
Status checkSingleStatement(const QString &sql, Backend backend = Backend::Sqlite);

} // namespace tribikos
