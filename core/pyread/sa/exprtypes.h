#pragma once

#include "core/pyread/interpreter.h"
#include "core/schema/expr.h"

/// Which types SQLAlchemy gives its expressions: they decide operators and how values are written.
namespace tribikos::py::sa {

/// One of SQLAlchemy's own generic types without arguments.
SqlTypePtr plainType(const QString &name);
/// SQLAlchemy's _type_affinity; None for no type.
TypeAffinity affinityOf(const SqlTypePtr &type);
bool isJsonType(const SqlTypePtr &type);
/// Whether + of it and its like is a concatenation.
bool isConcatenable(const SqlTypePtr &type);

struct TypedOperator
{
    QString op{};
    SqlTypePtr type{};
};
/// What \a op between two types means and yields: TypeEngine.Comparator._adapt_expression().
TypedOperator adaptedOperator(const QString &op, const SqlTypePtr &left, const SqlTypePtr &right);

/// The type of a plain value; null: of none.
SqlTypePtr valueType(Interpreter &interpreter, const Value &value);
/// The type that a plain value has beside something of \a type: coerce_compared_value().
SqlTypePtr comparedType(Interpreter &interpreter, const Value &value, const SqlTypePtr &type);

} // namespace tribikos::py::sa
