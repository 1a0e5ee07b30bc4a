#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/types.h"

/// like(), startswith(), regexp_match() and their kin.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *opLike = "LIKE";
constexpr const char *opNotLike = "NOT LIKE";
constexpr const char *opIlike = "ILIKE";
constexpr const char *opNotIlike = "NOT ILIKE";
constexpr const char *opRegexp = "REGEXP";

/// The database that is written for; PostgreSQL where it isn't known.
Backend hostBackend(Interpreter &interpreter)
{
    const Host *host = State::of(interpreter).host;
    return host ? host->backend().value_or(Backend::PostgreSql) : Backend::PostgreSql;
}

ExprPtr lowered(const ExprPtr &text)
{
    return sharedExpr({.kind = Expr::Kind::Function, .text = u"lower"_s, .args = {text}});
}

/// which: 0 LIKE 'x' || '%', 1 LIKE '%' || 'x', 2 LIKE '%' || 'x' || '%'; isFolded: istartswith …
template<int which, bool isFolded = false>
Value likePattern(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    if (which == 2 && !isFolded)
        if (const auto made = containsOf(interpreter, self, args))
            return *made;
    Arguments a(interpreter, args, u"startswith"_s);
    const SqlTypePtr type = self.sqlType(interpreter);
    Value other = a.required(u"other"_s);
    const bool isEscaped = interpreter.truth(a.keywordOnly(u"autoescape"_s, Value(false)));
    Value escape = a.keywordOnly(u"escape"_s);
    a.finish();
    if (isEscaped) {
        if (!isText(other))
            interpreter.raise(u"TypeError"_s, u"String value expected when autoescape=True"_s);
        if (escape.isNone())
            escape = Value(u"/"_s);
        const QString sign = textOf(interpreter, escape, u"escape"_s);
        QString plain = textOf(interpreter, other, u"other"_s);
        if (sign != u"%" && sign != u"_")
            plain.replace(sign, sign + sign);
        other = Value(plain.replace(u"%"_s, sign + u'%').replace(u"_"_s, sign + u'_'));
    }
    ExprPtr pattern = comparedExpr(interpreter, other, type);
    const bool isPostgres = hostBackend(interpreter) == Backend::PostgreSql;
    if (isFolded && !isPostgres)
        pattern = lowered(pattern);
    const ExprPtr any = sharedExpr({.kind = Expr::Kind::Column, .text = u"'%'"_s, .flag = true});
    if (which != 0)
        pattern = binaryExpr(u"||"_s, any, pattern);
    if (which != 1)
        pattern = binaryExpr(u"||"_s, pattern, any);
    const ExprPtr text = self.expr(interpreter);
    Expr like = *binaryExpr(isFolded && isPostgres ? u"ILIKE"_s : u"LIKE"_s,
                            isFolded && !isPostgres ? lowered(text) : text, pattern);
    like.flag = true;
    if (!escape.isNone())
        like.args.append(stringExpr(textOf(interpreter, escape, u"escape"_s)));
    return makeElement(interpreter, std::move(like), booleanType());
}

/// like(x, escape="/"), regexp_match(x, flags="i"): the third operand is a plain text.
template<const char *const *sql>
Value patternBy(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    const QString op = QString::fromLatin1(*sql);
    Arguments a(interpreter, args, u"like"_s);
    const ExprPtr pattern =
        comparedExpr(interpreter, a.required(op == u"REGEXP" ? u"pattern"_s : u"other"_s),
                     self.sqlType(interpreter));
    const Value third = a.optional(op == u"REGEXP" ? u"flags"_s : u"escape"_s);
    a.finish();
    Expr made{.kind = Expr::Kind::Binary, .text = op, .args = {self.expr(interpreter), pattern}};
    if (!third.isNone())
        made.args.append(stringExpr(textOf(interpreter, third, u"escape= or flags="_s)));
    return makeElement(interpreter, std::move(made), booleanType(), u"BinaryExpression"_s);
}

Value regexpReplace(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"regexp_replace"_s);
    const SqlTypePtr type = self.sqlType(interpreter);
    const ExprPtr pattern = comparedExpr(interpreter, a.required(u"pattern"_s), type);
    const ExprPtr other = comparedExpr(interpreter, a.required(u"replacement"_s), type);
    const Value flags = a.optional(u"flags"_s);
    a.finish();
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Binary,
             .text = u"REGEXP REPLACE"_s,
             .args = {self.expr(interpreter), pattern, other,
                      flags.isNone() ? nullptr
                                     : stringExpr(textOf(interpreter, flags, u"flags"_s))}},
        type, u"BinaryExpression"_s);
}

} // namespace

const MethodTable<Element> &patternMethods()
{
    static const MethodTable<Element> table{
        {u"like"_s, patternBy<&opLike>},           {u"not_like"_s, patternBy<&opNotLike>},
        {u"notlike"_s, patternBy<&opNotLike>},     {u"ilike"_s, patternBy<&opIlike>},
        {u"not_ilike"_s, patternBy<&opNotIlike>},  {u"notilike"_s, patternBy<&opNotIlike>},
        {u"regexp_match"_s, patternBy<&opRegexp>}, {u"regexp_replace"_s, regexpReplace},
        {u"startswith"_s, likePattern<0>},         {u"endswith"_s, likePattern<1>},
        {u"contains"_s, likePattern<2>},           {u"istartswith"_s, likePattern<0, true>},
        {u"iendswith"_s, likePattern<1, true>},    {u"icontains"_s, likePattern<2, true>},
    };
    return table;
}

} // namespace tribikos::py::sa
