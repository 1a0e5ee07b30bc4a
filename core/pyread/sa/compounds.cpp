#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"

/// What is made of whole SELECTs: subqueries, CTEs, UNION and its kin.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// The names that WITH RECURSIVE gives the columns.
ExprPtr columnNames(Interpreter &interpreter, StatementObject &select)
{
    Expr names{.kind = Expr::Kind::List};
    const ExprPtr first = select.parts.value(0);
    const QList<ExprPtr> columns =
        first && first->statement ? first->statement->columns : select.statement.columns;
    for (const ExprPtr &column : columns) {
        const bool isNamed =
            column && (column->kind == Expr::Kind::Column || column->kind == Expr::Kind::Label);
        if (!isNamed || column->text.isEmpty())
            interpreter.unsupported(
                u"uses a recursive cte() with a column that has no name: give it one with label()"_s);
        names.args.append(columnExpr(column->text));
    }
    return sharedExpr(std::move(names));
}

enum class SubqueryKind { Subquery, Cte, Lateral };

template<SubqueryKind kind>
Value subquery(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    constexpr bool isCte = kind == SubqueryKind::Cte;
    Arguments a(interpreter, args, u"subquery"_s);
    const QString name = textOrEmpty(interpreter, a.optional(u"name"_s), u"name"_s);
    const bool isRecursive = isCte && interpreter.truth(a.optional(u"recursive"_s, Value(false)));
    for (const QString &option : {u"nesting"_s, u"flat"_s})
        if (interpreter.truth(a.keywordOnly(option, Value(false))))
            interpreter.unsupported(
                u"uses %1=True in a subquery: write the statement with op.execute()"_s.arg(option));
    a.finish();
    Expr made{.kind = isCte ? Expr::Kind::Cte : Expr::Kind::Subquery,
              .text = name,
              .args = {self.expr(interpreter)},
              .flag = isRecursive || kind == SubqueryKind::Lateral};
    if (isRecursive)
        made.args.append(columnNames(interpreter, self));
    if (kind == SubqueryKind::Lateral) { // its SELECT sees the tables beside it
        Expr inner = *made.args.first();
        inner.flag = true;
        made.args[0] = sharedExpr(std::move(inner));
    }
    return interpreter.make<SubqueryObject>(classOf(interpreter, isCte ? u"CTE"_s : u"Subquery"_s),
                                            sharedExpr(std::move(made)));
}

constexpr const char *sqlUnion = "UNION";
constexpr const char *sqlUnionAll = "UNION ALL";
constexpr const char *sqlIntersect = "INTERSECT";
constexpr const char *sqlIntersectAll = "INTERSECT ALL";
constexpr const char *sqlExcept = "EXCEPT";
constexpr const char *sqlExceptAll = "EXCEPT ALL";

template<const char *const *sql>
Value compoundMethod(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = interpreter.make<StatementObject>(classOf(interpreter, u"CompoundSelect"_s),
                                                   Expr::Kind::CompoundSelect);
    made->compound = QString::fromLatin1(*sql);
    made->parts.append(self.expr(interpreter));
    for (const Value &part : args.positional)
        made->parts.append(columnExprFrom(interpreter, part));
    if (!args.keywords.empty())
        interpreter.raise(u"TypeError"_s, u"union() got an unexpected keyword argument '%1'"_s.arg(
                                              args.keywords.front().first));
    return made;
}

template<const char *const *sql>
Value compound(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty() || !args.positional.front().as<StatementObject>())
        interpreter.raise(u"TypeError"_s, u"union() takes select() objects"_s);
    CallArgs others = args;
    others.positional.assign(args.positional.begin() + 1, args.positional.end());
    return compoundMethod<sql>(interpreter, *args.positional.front().as<StatementObject>(), others);
}

} // namespace

const MethodTable<StatementObject> &compoundMethods()
{
    static const MethodTable<StatementObject> table{
        {u"subquery"_s, subquery<SubqueryKind::Subquery>},
        {u"alias"_s, subquery<SubqueryKind::Subquery>},
        {u"lateral"_s, subquery<SubqueryKind::Lateral>},
        {u"cte"_s, subquery<SubqueryKind::Cte>},
        {u"union"_s, compoundMethod<&sqlUnion>},
        {u"union_all"_s, compoundMethod<&sqlUnionAll>},
        {u"intersect"_s, compoundMethod<&sqlIntersect>},
        {u"intersect_all"_s, compoundMethod<&sqlIntersectAll>},
        {u"except_"_s, compoundMethod<&sqlExcept>},
        {u"except_all"_s, compoundMethod<&sqlExceptAll>},
    };
    return table;
}

const QHash<QString, NativeCall> &compoundFunctions()
{
    static const QHash<QString, NativeCall> table{
        {u"union"_s, compound<&sqlUnion>},         {u"union_all"_s, compound<&sqlUnionAll>},
        {u"intersect"_s, compound<&sqlIntersect>}, {u"intersect_all"_s, compound<&sqlIntersectAll>},
        {u"except_"_s, compound<&sqlExcept>},      {u"except_all"_s, compound<&sqlExceptAll>},
    };
    return table;
}

} // namespace tribikos::py::sa
