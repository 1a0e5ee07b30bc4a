#pragma once

#include "core/pyread/sa/element.h"

namespace tribikos::py::sa {

/// a <op> b, with SQLAlchemy's rules for None and booleans ("IS NULL", "= true").
Value compareElements(Interpreter &interpreter, const QString &op, Element &left,
                      const Value &right);
/// The opposite of a condition: "=" becomes "!=", "IN" "NOT IN", the rest NOT (…).
ExprPtr negated(const ExprPtr &condition);
/// and_(), or_(): nested ones of the same kind are joined into one.
ExprPtr joined(Expr::Kind kind, const QList<ExprPtr> &conditions);
ExprPtr binaryExpr(const QString &op, ExprPtr left, ExprPtr right);
ExprPtr postfixExpr(const QString &op, ExprPtr operand);

/// .label(), .in_(), .is_() … of every expression.
const MethodTable<Element> &elementMethods();

} // namespace tribikos::py::sa
