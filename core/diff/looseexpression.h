#pragma once

#include "core/base/backend.h"

#include <QString>
#include <QStringList>

namespace tribikos {

/*!
    The words of an expression in a form that survives a server's rewriting: PostgreSQL, MySQL and MariaDB keep the parsed
    expression and print it anew, with casts and parentheses of their own and other words for the same operator.

    Casts, grouping parentheses, table qualifiers and introducers are gone, BETWEEN is two comparisons, IN and = ANY
    (ARRAY[…]) are one, synonyms have one name. What is lost on purpose: (a + b) * c looks like a + b * c. For comparing
    only, never to be shown or run. Inside of this room only.
*/
QStringList looseWords(const QString &sql, Backend backend);
inline QString looseExpression(const QString &sql, Backend backend)
{
    return looseWords(sql, backend).join(u' ');
}

/// The server may have changed more of \a sql than its words' form, so that another text may mean the same: MySQL and
/// MariaDB dissolve NOT (a AND b) into its parts, PostgreSQL prints the constants of many types its own way.
bool isRewritten(const QString &sql, Backend backend);

/// A number without what does not count: "1.50" is "1.5"; anything else as it is.
QString plainNumber(const QString &text);

} // namespace tribikos
