#pragma once

#include "core/schema/expr.h"

#include <QString>

/*!
    Which columns a SQL expression reads, and the same expression after a column got another name.

    Expression trees are walked; text is cut into tokens, where a name before "(" is a function, one
    before "." a table, and one after "::" a type. Names in text compare without case, as unquoted
    SQL names do.
*/
namespace tribikos {

bool mentionsColumn(const QString &sql, const QString &column);
bool mentionsColumn(const ExprPtr &expression, const QString &column);

QString withColumnRenamed(const QString &sql, const QString &from, const QString &to);
ExprPtr withColumnRenamed(const ExprPtr &expression, const QString &from, const QString &to);

} // namespace tribikos
