#pragma once

#include "core/schema/schema.h"

#include <QString>

/*!
    Which columns (or tables) a piece of SQL reads, and the same SQL after one of them was renamed.

    Expression trees are walked; text is cut into tokens, where a name before "(" is a function, one
    before "." a table, and one after "::" a type. Names in text compare without case, as unquoted
    SQL names do.
*/
namespace tribikos {

bool mentionsColumn(const QString &sql, const QString &column);
bool mentionsColumn(const ExprPtr &expression, const QString &column);
/// Whether the constraint or index goes when the column goes.
bool usesColumn(const Constraint &constraint, const QString &column);
bool usesColumn(const Index &index, const QString &column);

QString withColumnRenamed(const QString &sql, const QString &from, const QString &to);
ExprPtr withColumnRenamed(const ExprPtr &expression, const QString &from, const QString &to);

/// Every name in \a sql, whatever it names there: for statements, where tables stand among columns.
bool mentionsName(const QString &sql, const QString &name);
QString withNameRenamed(const QString &sql, const QString &from, const QString &to);

} // namespace tribikos
