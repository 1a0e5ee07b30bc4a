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

/// self op other, as the operator's types have it; reflected: the other way round.
Value operated(Interpreter &interpreter, const QString &op, Element &self, const Value &other,
               bool reflected);
/// self[key]: of JSON, ARRAY and HSTORE.
Value itemOf(Interpreter &interpreter, Element &self, const Value &key);
/// contains() of the types that have one of their own; nullopt: LIKE.
std::optional<Value> containsOf(Interpreter &interpreter, Element &self, const CallArgs &args);
/// What stands beside a column of \a type: an element, or a value as the type writes it.
ExprPtr comparedExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type);
SqlTypePtr booleanType();
/// .like(), .startswith(), .regexp_match() …
const MethodTable<Element> &patternMethods();
/// .label(), .over(), .filter(), .within_group()
const MethodTable<Element> &windowMethods();
/// What JSON, ARRAY, HSTORE and ranges have.
const MethodTable<Element> &datatypeMethods();
/// compile(dialect=…): the expression as text.
Value compileElement(Interpreter &interpreter, Element &self, const CallArgs &args);
/// Their attribute `astext` and the like; nullopt: none.
std::optional<Value> datatypeAttr(Interpreter &interpreter, Element &self, const QString &name);
/// Whether \a self is of a type that has the method \a name; the others have all of theirs.
bool hasMethod(Interpreter &interpreter, Element &self, const QString &name);

/// .in_(), .is_() … of every expression.
const MethodTable<Element> &elementMethods();

} // namespace tribikos::py::sa
