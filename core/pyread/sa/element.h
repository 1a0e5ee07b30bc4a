#pragma once

#include "core/pyread/sa/state.h"
#include "core/schema/expr.h"

namespace tribikos::py::sa {

/// An SQL expression in a script: what sa.text(), sa.column(), func.now() and operators make.
class Element : public Instance
{
public:
    Element(Class *itsClass, ExprPtr expression, SqlTypePtr itsType = {})
        : Instance(itsClass)
        , m_expr(std::move(expression))
        , m_type(std::move(itsType))
    {}
    virtual ExprPtr expr(Interpreter &) { return m_expr; }
    /// The type that literals compared with it take; null: theirs.
    virtual SqlTypePtr sqlType(Interpreter &) { return m_type; }

    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                bool reflected) override;
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op,
                                 const Value &other) override;
    std::optional<Value> unary(Interpreter &interpreter, UnaryOp op) override;
    Value getItem(Interpreter &interpreter, const Value &key) override;
    size_t hash(Interpreter &interpreter) override { return Object::hash(interpreter); }
    bool truth(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    /// Of a == b and a != b, which Python may ask for: whether they are the same object.
    std::optional<bool> truthOfIdentity{};

protected:
    ExprPtr m_expr;
    SqlTypePtr m_type;
};

Value makeElement(Interpreter &interpreter, ExprPtr expression, SqlTypePtr type = {},
                  const QString &classKey = QStringLiteral("ColumnElement"));
Value makeElement(Interpreter &interpreter, Expr expression, SqlTypePtr type = {},
                  const QString &classKey = QStringLiteral("ColumnElement"));

/// The constant that \a value is: number, string, date, Decimal, UUID, Enum member …; nullopt for
/// other objects. Unknown values are refused.
std::optional<Literal> literalOf(Interpreter &interpreter, const Value &value);
/// A value bound with \a type; elements are taken as they are.
ExprPtr boundExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type = {});
/// What process_bind_param() of the decorator behind \a type makes of \a value; null: none does.
ExprPtr decoratedExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type);
/// What a column clause takes: a string is a column's name only where SQLAlchemy says so.
ExprPtr columnExprFrom(Interpreter &interpreter, const Value &value);
/// What ORDER BY and GROUP BY take: a string names a label or a column.
ExprPtr labelOrColumn(Interpreter &interpreter, const Value &value);
/// What where(), and_(), CHECK take: elements, booleans; a string is text when \a textAllowed.
ExprPtr clauseFrom(Interpreter &interpreter, const Value &value, bool textAllowed = false);

ExprPtr sharedExpr(Expr expression);
/// \a expression, counted as memory and refused when printing it would take for ever: a = and_(a, a) doubles.
ExprPtr checkedExpr(Interpreter &interpreter, ExprPtr expression);

/// The functions of `sqlalchemy` that make expressions, by name: text, literal, and_, cast, case …
const QHash<QString, NativeCall> &expressionFunctions();
/// An object of a script's class that derives from a clause of SQLAlchemy's.
Value constructCompiled(Interpreter &interpreter, Class *cls, const CallArgs &args);
/// `func`.
Value makeFunc(Interpreter &interpreter);

} // namespace tribikos::py::sa
