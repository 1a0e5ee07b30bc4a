#include "core/pyread/sa/element.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"

/// Clauses of a script's own: class utcnow(FunctionElement) with @compiles(utcnow).
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

class CompiledElement final : public Element
{
public:
    explicit CompiledElement(Class *itsClass)
        : Element(itsClass, nullptr)
    {}
    ExprPtr expr(Interpreter &interpreter) override
    {
        if (m_expr)
            return m_expr;
        const auto text = compiledText(interpreter, *cls, Value(this));
        if (!text)
            interpreter.unsupported(
                u"uses the clause %1, which no @compiles draws for this database"_s.arg(cls->name));
        m_expr = sharedExpr({.kind = Expr::Kind::Column,
                             .text = text->str(),
                             .type = sqlType(interpreter),
                             .flag = true});
        return m_expr;
    }
    SqlTypePtr sqlType(Interpreter &interpreter) override
    {
        const Value *type = cls->lookup(u"type"_s);
        return type && isType(*type) ? typeFrom(interpreter, *type) : nullptr;
    }
};

} // namespace

Value constructCompiled(Interpreter &interpreter, Class *cls, const CallArgs &)
{
    if (!cls->nativeKey.isEmpty())
        interpreter.unsupported(
            u"makes an object of SQLAlchemy's class %1 itself"_s.arg(cls->name));
    return interpreter.make<CompiledElement>(cls);
}

} // namespace tribikos::py::sa
