#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"

/// What makes a function a window's or an aggregate's, and names its result.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value label(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"label"_s);
    const QString name = textOrEmpty(interpreter, a.required(u"name"_s), u"name"_s);
    a.finish();
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Label, .text = name, .args = {self.expr(interpreter)}},
        self.sqlType(interpreter), u"Label"_s);
}

/// partition_by= or order_by=: one or several.
ExprPtr clauseList(Interpreter &interpreter, const Value &given)
{
    Expr list{.kind = Expr::Kind::List};
    if (given.as<List>() || given.as<Tuple>()) {
        for (const Value &item : interpreter.items(given))
            list.args.append(labelOrColumn(interpreter, item));
    } else if (!given.isNone()) {
        list.args.append(labelOrColumn(interpreter, given));
    }
    return sharedExpr(std::move(list));
}

QString frameEnd(Interpreter &interpreter, const Value &value, bool isStart)
{
    if (value.isNone())
        return isStart ? u"UNBOUNDED PRECEDING"_s : u"UNBOUNDED FOLLOWING"_s;
    if (!value.isIntegral())
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Integer or None expected for range value"_s);
    const qint64 rows = value.toInt();
    if (rows == 0)
        return u"CURRENT ROW"_s;
    return QString::number(qAbs(rows)) + (rows < 0 ? u" PRECEDING"_s : u" FOLLOWING"_s);
}

QString frame(Interpreter &interpreter, Arguments &a)
{
    QString made;
    for (const auto &[name, word] :
         {std::pair(u"range_"_s, u"RANGE"_s), std::pair(u"rows"_s, u"ROWS"_s),
          std::pair(u"groups"_s, u"GROUPS"_s)}) {
        const Value given = a.keywordOnly(name);
        if (given.isNone())
            continue;
        const std::vector<Value> ends = interpreter.items(given);
        if (ends.size() != 2 || !made.isEmpty())
            interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                              u"2-tuple expected for range/rows, and only one of them"_s);
        made = u"%1 BETWEEN %2 AND %3"_s.arg(word, frameEnd(interpreter, ends[0], true),
                                             frameEnd(interpreter, ends[1], false));
    }
    return made;
}

/// count(...).over(partition_by=…, order_by=…)
Value over(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"over"_s);
    const ExprPtr partition = clauseList(interpreter, a.optional(u"partition_by"_s));
    const ExprPtr order = clauseList(interpreter, a.optional(u"order_by"_s));
    const QString rows = frame(interpreter, a);
    a.finish();
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Over,
                            .text = rows,
                            .args = {self.expr(interpreter), partition, order}},
                       self.sqlType(interpreter));
}

/// count(...).filter(condition, …)
Value filter(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    if (!args.keywords.empty())
        interpreter.raise(u"TypeError"_s, u"filter() got an unexpected keyword argument '%1'"_s.arg(
                                              args.keywords.front().first));
    if (args.positional.empty())
        return &self;
    QList<ExprPtr> conditions;
    for (const Value &condition : args.positional)
        conditions.append(clauseFrom(interpreter, condition));
    const ExprPtr whole =
        conditions.size() == 1 ? conditions.first() : joined(Expr::Kind::And, conditions);
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Filter, .args = {self.expr(interpreter), whole}},
                       self.sqlType(interpreter));
}

Value withinGroup(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Expr order{.kind = Expr::Kind::List};
    for (const Value &item : args.positional)
        order.args.append(labelOrColumn(interpreter, item));
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::WithinGroup,
                            .args = {self.expr(interpreter), sharedExpr(std::move(order))}},
                       self.sqlType(interpreter));
}

} // namespace

const MethodTable<Element> &windowMethods()
{
    static const MethodTable<Element> table{{u"label"_s, label},
                                            {u"over"_s, over},
                                            {u"filter"_s, filter},
                                            {u"within_group"_s, withinGroup}};
    return table;
}

} // namespace tribikos::py::sa
