#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

/// FROM clauses: joins and subqueries.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// The name under which a selected expression is seen from outside.
QString outerName(const ExprPtr &column)
{
    return column->kind == Expr::Kind::Column || column->kind == Expr::Kind::Label ? column->text
                                                                                   : QString();
}

} // namespace

std::optional<Value> SubqueryObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"c" || name == u"columns") {
        if (!m_columns) {
            m_columns = interpreter.make<TableObject>(classOf(interpreter, u"TableClause"_s));
            m_columns->isLight = true;
            m_columns->name.name = m_expr->text;
            m_columns->source = m_expr;
            const ExprPtr inner = m_expr->args.isEmpty() ? nullptr : m_expr->args.first();
            for (const ExprPtr &column :
                 inner && inner->statement ? inner->statement->columns : QList<ExprPtr>())
                m_columns->append(interpreter, interpreter.make<ColumnClause>(
                                                   classOf(interpreter, u"ColumnClause"_s),
                                                   outerName(column), column->type));
        }
        return interpreter.getAttr(m_columns, u"c"_s);
    }
    if ((name == u"join" || name == u"outerjoin") && m_expr->kind == Expr::Kind::Join)
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) {
            return makeJoin(in, this, args, name == u"outerjoin");
        });
    return Element::nativeAttr(interpreter, name);
}

QList<ExprPtr> SubqueryObject::columnExprs(Interpreter &interpreter)
{
    QList<ExprPtr> all;
    const ExprPtr inner = m_expr->args.isEmpty() ? nullptr : m_expr->args.first();
    if (m_expr->kind != Expr::Kind::Join && inner && inner->kind == Expr::Kind::Select) {
        nativeAttr(interpreter, u"c"_s);
        for (ColumnClause *column : m_columns->columns)
            if (!column->name.isEmpty())
                all.append(column->expr(interpreter));
    }
    if (all.isEmpty() || all.size() != qsizetype(m_columns->columns.size()))
        interpreter.unsupported(
            u"selects a subquery whose columns have no names of their own: name the columns"_s);
    return all;
}

ExprPtr fromExpr(Interpreter &interpreter, const Value &value)
{
    if (TableObject *table = tableFrom(interpreter, value))
        return table->sourceExpr(interpreter);
    if (auto *element = value.as<Element>())
        return element->expr(interpreter);
    interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                      u"FROM expression, such as a Table or alias() object expected, got %1."_s.arg(
                          interpreter.repr(value)));
}

namespace {

/// The condition that foreign keys imply, where exactly one leads from one table to the other.
ExprPtr impliedCondition(Interpreter &interpreter, const Value &left, const Value &right)
{
    TableObject *a = tableFrom(interpreter, left);
    TableObject *b = tableFrom(interpreter, right);
    QList<ExprPtr> found;
    for (auto [from, to] : {std::pair(a, b), std::pair(b, a)}) {
        if (!from || !to)
            continue;
        for (ColumnClause *column : from->columns) {
            auto *full = dynamic_cast<ColumnObject *>(column);
            if (!full)
                continue;
            for (const ForeignKeyObject *key : full->foreignKeys) {
                const QString target =
                    key->targetColumn ? key->targetColumn->str(interpreter) : key->target;
                for (ColumnClause *other : to->columns) {
                    if (target == to->name.text() + u'.' + other->name)
                        found.append(binaryExpr(u"="_s, other->expr(interpreter),
                                                column->expr(interpreter)));
                }
            }
        }
    }
    if (found.size() != 1)
        interpreter.unsupported(
            u"joins two tables without saying how: give join() the condition"_s);
    return found.first();
}

} // namespace

Value makeJoin(Interpreter &interpreter, const Value &left, const CallArgs &args, bool isOuter)
{
    Arguments a(interpreter, args, u"join"_s);
    const Value right = a.required(u"right"_s);
    const Value on = a.optional(u"onclause"_s);
    const bool outer = isOuter || interpreter.truth(a.optional(u"isouter"_s, Value(false)));
    const bool full = interpreter.truth(a.optional(u"full"_s, Value(false)));
    a.finish();
    const ExprPtr condition =
        on.isNone() ? impliedCondition(interpreter, left, right) : clauseFrom(interpreter, on);
    return interpreter.make<SubqueryObject>(
        classOf(interpreter, u"Join"_s),
        sharedExpr(
            {.kind = Expr::Kind::Join,
             .text = full    ? u"FULL OUTER JOIN"_s
                     : outer ? u"LEFT OUTER JOIN"_s
                             : u"JOIN"_s,
             .args = {fromExpr(interpreter, left), fromExpr(interpreter, right), condition}}));
}

} // namespace tribikos::py::sa
