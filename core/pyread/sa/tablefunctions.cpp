#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

/// Functions that give rows: func.json_each(x).table_valued("key", "value"), column_valued("x"); and what else
/// stands in a function alone.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value aliased(Interpreter &interpreter, Expr expression)
{
    return interpreter.make<SubqueryObject>(
        classOf(interpreter, u"Subquery"_s),
        checkedExpr(interpreter, sharedExpr(std::move(expression))));
}

void checkFunction(Interpreter &interpreter, Element &self, const QString &method)
{
    if (self.expr(interpreter)->kind != Expr::Kind::Function)
        interpreter.raise(u"AttributeError"_s,
                          u"'%1' object has no attribute '%2'"_s.arg(self.cls->name, method));
}

ExprPtr columnNamed(Interpreter &interpreter, const Value &value)
{
    if (isText(value))
        return sharedExpr(
            {.kind = Expr::Kind::Column, .text = textOf(interpreter, value, u"a column's name"_s)});
    const ExprPtr given = clauseFrom(interpreter, value);
    if (given->kind != Expr::Kind::Column || given->text.isEmpty())
        interpreter.unsupported(
            u"names a column of table_valued() by something else than a column"_s);
    return sharedExpr({.kind = Expr::Kind::Column, .text = given->text, .type = given->type});
}

/// func.f(x).table_valued("a", column("b", Integer), name=…, with_ordinality=…)
Value tableValued(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    checkFunction(interpreter, self, u"table_valued"_s);
    Arguments a(interpreter, args, u"table_valued"_s);
    const QString name = textOrEmpty(interpreter, a.keywordOnly(u"name"_s), u"name"_s);
    const Value ordinality = a.keywordOnly(u"with_ordinality"_s);
    a.keywordOnly(u"joins_implicitly"_s);
    const std::vector<Value> given = a.rest();
    a.finish();
    Expr columns{.kind = Expr::Kind::List};
    for (const Value &column : given)
        columns.args.append(columnNamed(interpreter, column));
    Expr made{.kind = Expr::Kind::TableFunction, .text = name, .args = {self.expr(interpreter)}};
    if (!ordinality.isNone()) {
        columns.args.append(columnNamed(interpreter, ordinality));
        made.value = {.kind = Literal::Kind::String, .text = u"WITH ORDINALITY"_s};
    }
    made.args.append(sharedExpr(std::move(columns)));
    return aliased(interpreter, std::move(made));
}

/// func.f(x).column_valued("x"): the one column, which goes by the name of the source.
Value columnValued(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    checkFunction(interpreter, self, u"column_valued"_s);
    Arguments a(interpreter, args, u"column_valued"_s);
    const QString name = textOrEmpty(interpreter, a.optional(u"name"_s), u"name"_s);
    a.keywordOnly(u"joins_implicitly"_s);
    a.finish();
    TableRef source;
    source.source = sharedExpr(
        {.kind = Expr::Kind::TableFunction, .text = name, .args = {self.expr(interpreter)}});
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Column,
                            .type = self.sqlType(interpreter),
                            .table = std::make_shared<const TableRef>(std::move(source))},
                       self.sqlType(interpreter));
}

} // namespace

const MethodTable<Element> &tableFunctionMethods()
{
    static const MethodTable<Element> table{{u"table_valued"_s, tableValued},
                                            {u"column_valued"_s, columnValued}};
    return table;
}

std::optional<Value> tableFunctionMethod(Interpreter &interpreter, const ExprPtr &alias,
                                         const QString &name)
{
    if (name == u"render_derived")
        return interpreter.function(name, [alias](Interpreter &in, const CallArgs &args) {
            Arguments a(in, args, u"render_derived"_s);
            Expr made = *alias;
            made.text = textOrEmpty(in, a.optional(u"name"_s), u"name"_s);
            const bool hasTypes = in.truth(a.optional(u"with_types"_s, Value(false)));
            a.finish();
            Expr columns = *alias->args.at(1);
            columns.flag = hasTypes;
            made.schema.clear();
            made.args = {alias->args.at(0), alias->args.at(1), sharedExpr(std::move(columns))};
            return aliased(in, std::move(made));
        });
    if (name == u"lateral" || name == u"alias")
        return interpreter.function(name, [alias, name](Interpreter &in, const CallArgs &args) {
            Arguments a(in, args, name);
            Expr made = *alias;
            made.schema = alias->text; // what an anonymous name begins with
            made.text = textOrEmpty(in, a.optional(u"name"_s), u"name"_s);
            made.flag = name == u"lateral";
            a.finish();
            return aliased(in, std::move(made));
        });
    return std::nullopt;
}

Value aggregateOrderBy(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"aggregate_order_by"_s);
    const Value target = a.required(u"target"_s);
    const std::vector<Value> orders = a.rest();
    a.finish();
    Expr order{.kind = Expr::Kind::List};
    for (const Value &item : orders)
        order.args.append(clauseFrom(interpreter, item));
    if (order.args.isEmpty())
        interpreter.raise(u"TypeError"_s, u"at least one ORDER BY element is required"_s);
    const ExprPtr ordered = clauseFrom(interpreter, target);
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::WithinGroup,
                            .args = {ordered, sharedExpr(std::move(order))},
                            .type = ordered->type,
                            .flag = true},
                       ordered->type);
}

} // namespace tribikos::py::sa
