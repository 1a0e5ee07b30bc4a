#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

struct ComparisonRules;

/*!
    SQL text in a form in which equal means the same: what a person may write in two ways and the
    database does not tell apart is written in one. For comparing only, never to be shown or run.
    Inside of this room only.
*/

/// An expression: one blank between tokens, bare words in lower case, quotes only where they
/// matter, table qualifiers and outer parentheses gone; where the server rewrites it, looseExpression().
QString normalExpression(const QString &sql, Backend backend);

/// A view's or trigger's definition, whatever stands between CREATE and its name.
QString normalDefinition(const QString &sql, Backend backend);

/// A type's text taken apart.
struct TypeShape
{
    QString word{};      // the first word, as the database reads it back
    QStringList words{}; // the others, COLLATE and CHARACTER SET left out
    QStringList arguments{};
    QString collation{};
    bool isKnown = false; // false: nothing can be said of it, any other type is equal
    bool isAnyText = false; // MySQL's TEXT(n), which becomes one of the four texts
};
TypeShape typeShape(const QString &text, Backend backend);
/// Alembic's rule (alembic-semantics 9.3): what only one side says is no difference.
bool sameTypeShape(const TypeShape &a, const TypeShape &b, const ComparisonRules &rules);

/// A default of a column of \a type: as an expression, a quoted literal without its quotes, and none for DEFAULT NULL.
std::optional<QString> normalDefault(const QString &sql, const TypeShape &type, Backend backend);

} // namespace tribikos
