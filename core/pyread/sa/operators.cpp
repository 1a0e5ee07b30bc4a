#include "core/pyread/sa/operators.h"

#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

ExprPtr sharedExpr(Expr expression)
{
    expression.weight = weightOf(expression);
    return std::make_shared<const Expr>(std::move(expression));
}

ExprPtr binaryExpr(const QString &op, ExprPtr left, ExprPtr right)
{
    return sharedExpr(
        {.kind = Expr::Kind::Binary, .text = op, .args = {std::move(left), std::move(right)}});
}

ExprPtr postfixExpr(const QString &op, ExprPtr operand)
{
    return sharedExpr(
        {.kind = Expr::Kind::Unary, .text = op, .args = {std::move(operand)}, .flag = true});
}

ExprPtr joined(Expr::Kind kind, const QList<ExprPtr> &conditions)
{
    // and_(true(), x) is x, and_(false(), x) is false; or_() the other way round.
    const bool isAnd = kind == Expr::Kind::And;
    const auto neutral = isAnd ? Expr::Kind::True : Expr::Kind::False;
    const auto deciding = isAnd ? Expr::Kind::False : Expr::Kind::True;
    QList<ExprPtr> parts;
    for (const ExprPtr &condition : conditions) {
        if (condition->kind == deciding)
            return condition;
        if (condition->kind == neutral && conditions.size() > 1)
            continue;
        if (condition->kind == kind)
            parts += condition->args;
        else
            parts.append(condition);
    }
    if (parts.isEmpty())
        return conditions.first();
    if (parts.size() == 1)
        return parts.first();
    return sharedExpr({.kind = kind, .args = parts});
}

ExprPtr negated(const ExprPtr &condition)
{
    static const QHash<QString, QString> opposites{{u"="_s, u"!="_s},
                                                   {u"!="_s, u"="_s},
                                                   {u"<"_s, u">="_s},
                                                   {u">="_s, u"<"_s},
                                                   {u">"_s, u"<="_s},
                                                   {u"<="_s, u">"_s},
                                                   {u"IN"_s, u"NOT IN"_s},
                                                   {u"NOT IN"_s, u"IN"_s},
                                                   {u"LIKE"_s, u"NOT LIKE"_s},
                                                   {u"NOT LIKE"_s, u"LIKE"_s},
                                                   {u"REGEXP"_s, u"NOT REGEXP"_s},
                                                   {u"NOT REGEXP"_s, u"REGEXP"_s},
                                                   {u"ILIKE"_s, u"NOT ILIKE"_s},
                                                   {u"NOT ILIKE"_s, u"ILIKE"_s},
                                                   {u"IS"_s, u"IS NOT"_s},
                                                   {u"IS NOT"_s, u"IS"_s}};
    Expr copy = *condition;
    if (copy.kind == Expr::Kind::Binary && copy.schema.isEmpty() && opposites.contains(copy.text)) {
        copy.text = opposites.value(copy.text);
        return sharedExpr(std::move(copy));
    }
    if (copy.kind == Expr::Kind::Between) {
        copy.flag = !copy.flag;
        return sharedExpr(std::move(copy));
    }
    if (copy.kind == Expr::Kind::Unary && copy.text == u"NOT")
        return copy.args.first();
    if (copy.kind == Expr::Kind::True || copy.kind == Expr::Kind::False) {
        copy.kind = copy.kind == Expr::Kind::True ? Expr::Kind::False : Expr::Kind::True;
        return sharedExpr(std::move(copy));
    }
    return sharedExpr({.kind = Expr::Kind::Unary, .text = u"NOT"_s, .args = {condition}});
}

namespace {

ExprPtr constantExpr(Expr::Kind kind)
{
    return sharedExpr({.kind = kind});
}

bool isNull(const ExprPtr &expression)
{
    return expression->kind == Expr::Kind::Null;
}

bool isTextual(const SqlTypePtr &type);

/// An operand that stands beside one of \a type: a text keeps being one beside a number, and a
/// number beside a text.
ExprPtr comparedExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    static const QStringList numbers{u"Integer"_s, u"SmallInteger"_s, u"BigInteger"_s, u"INTEGER"_s,
                                     u"SMALLINT"_s, u"BIGINT"_s, u"Numeric"_s, u"NUMERIC"_s,
                                     u"DECIMAL"_s, u"Float"_s, u"FLOAT"_s, u"Boolean"_s,
                                     u"BOOLEAN"_s};
    const bool isOwn = type && State::of(interpreter).decorated.contains(type.get());
    const bool isOther = type && !isOwn
                         && ((isText(value) && numbers.contains(type->name))
                             || ((value.isInt() || value.isFloat()) && isTextual(type)));
    return boundExpr(interpreter, value, isOther ? nullptr : type);
}

/// None, True and False on the right side are SQL's own words, not bound values.
ExprPtr operandFor(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    if (value.isNone())
        return constantExpr(Expr::Kind::Null);
    if (value.isBool())
        return constantExpr(value.isTrue() ? Expr::Kind::True : Expr::Kind::False);
    return comparedExpr(interpreter, value, type);
}

SqlTypePtr booleanType()
{
    static const SqlTypePtr type =
        std::make_shared<const SqlType>(SqlType{.name = u"Boolean"_s, .module = u"sqlalchemy"_s});
    return type;
}

bool isTextual(const SqlTypePtr &type)
{
    static const QStringList names{u"String"_s,  u"Text"_s, u"Unicode"_s, u"UnicodeText"_s,
                                   u"VARCHAR"_s, u"TEXT"_s, u"CHAR"_s,    u"NVARCHAR"_s,
                                   u"CITEXT"_s,  u"Enum"_s};
    return type && names.contains(type->name);
}

QString arithmetic(BinaryOp op)
{
    static const QHash<BinaryOp, QString> texts{
        {BinaryOp::Add, u"+"_s},        {BinaryOp::Sub, u"-"_s},        {BinaryOp::Mul, u"*"_s},
        {BinaryOp::Div, u"/"_s},        {BinaryOp::FloorDiv, u"//"_s},   {BinaryOp::Mod, u"%"_s},
        {BinaryOp::LeftShift, u"<<"_s}, {BinaryOp::RightShift, u">>"_s}};
    return texts.value(op);
}

} // namespace

Value compareElements(Interpreter &interpreter, const QString &op, Element &left,
                      const Value &right)
{
    const ExprPtr operand = operandFor(interpreter, right, left.sqlType(interpreter));
    QString sql = op;
    if (isNull(operand) && (op == u"=" || op == u"!="))
        sql = op == u"=" ? u"IS"_s : u"IS NOT"_s;
    return makeElement(interpreter, binaryExpr(sql, left.expr(interpreter), operand), booleanType(),
                       u"BinaryExpression"_s);
}

std::optional<Value> Element::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    static const QHash<CompareOp, QString> texts{{CompareOp::Eq, u"="_s}, {CompareOp::Ne, u"!="_s},
                                                 {CompareOp::Lt, u"<"_s}, {CompareOp::Le, u"<="_s},
                                                 {CompareOp::Gt, u">"_s}, {CompareOp::Ge, u">="_s}};
    return compareElements(interpreter, texts.value(op), *this, other);
}

std::optional<Value> Element::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                     bool reflected)
{
    if (op == BinaryOp::And || op == BinaryOp::Or) {
        const auto kind = op == BinaryOp::And ? Expr::Kind::And : Expr::Kind::Or;
        const ExprPtr mine = expr(interpreter);
        const ExprPtr theirs = clauseFrom(interpreter, other);
        return makeElement(interpreter,
                           joined(kind, reflected ? QList{theirs, mine} : QList{mine, theirs}),
                           booleanType(), u"BooleanClauseList"_s);
    }
    QString sql = arithmetic(op);
    if (sql.isEmpty())
        return std::nullopt;
    auto *element = other.as<Element>();
    const SqlTypePtr mine = sqlType(interpreter);
    const SqlTypePtr theirs = element ? element->sqlType(interpreter) : nullptr;
    if (op == BinaryOp::Add && (isText(other) || isTextual(mine) || isTextual(theirs)))
        sql = u"||"_s;
    const ExprPtr operand = comparedExpr(interpreter, other, isText(other) ? nullptr : mine);
    const ExprPtr self = expr(interpreter);
    return makeElement(interpreter,
                       reflected ? binaryExpr(sql, operand, self) : binaryExpr(sql, self, operand),
                       mine ? mine : theirs, u"BinaryExpression"_s);
}

std::optional<Value> Element::unary(Interpreter &interpreter, UnaryOp op)
{
    if (op == UnaryOp::Invert)
        return makeElement(interpreter, negated(expr(interpreter)), booleanType());
    if (op == UnaryOp::Minus)
        return makeElement(
            interpreter,
            Expr{.kind = Expr::Kind::Unary, .text = u"-"_s, .args = {expr(interpreter)}},
            sqlType(interpreter));
    return Value(this);
}

Value Element::getItem(Interpreter &interpreter, const Value &key)
{
    return makeElement(interpreter,
                       binaryExpr(u"->"_s, expr(interpreter), boundExpr(interpreter, key)),
                       sqlType(interpreter), u"BinaryExpression"_s);
}

namespace {

template<int which> // 0 LIKE 'x' || '%', 1 LIKE '%' || 'x', 2 LIKE '%' || 'x' || '%'
Value likePattern(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"startswith"_s);
    const SqlTypePtr type = self.sqlType(interpreter);
    Value other = a.required(u"other"_s);
    const bool isEscaped = interpreter.truth(a.keywordOnly(u"autoescape"_s, Value(false)));
    Value escape = a.keywordOnly(u"escape"_s);
    a.finish();
    if (isEscaped) {
        if (!isText(other))
            interpreter.raise(u"TypeError"_s,
                              u"String value expected when autoescape=True"_s);
        if (escape.isNone())
            escape = Value(u"/"_s);
        const QString sign = textOf(interpreter, escape, u"escape"_s);
        QString plain = textOf(interpreter, other, u"other"_s);
        if (sign != u"%" && sign != u"_")
            plain.replace(sign, sign + sign);
        other = Value(plain.replace(u"%"_s, sign + u'%').replace(u"_"_s, sign + u'_'));
    }
    ExprPtr pattern = comparedExpr(interpreter, other, type);
    if (which == 2 && type && (type->name == u"JSONB" || type->name == u"ARRAY"))
        return makeElement(interpreter, binaryExpr(u"@>"_s, self.expr(interpreter), pattern),
                           booleanType());
    const ExprPtr any = sharedExpr({.kind = Expr::Kind::Column, .text = u"'%'"_s, .flag = true});
    if (which != 0)
        pattern = binaryExpr(u"||"_s, any, pattern);
    if (which != 1)
        pattern = binaryExpr(u"||"_s, pattern, any);
    Expr like = *binaryExpr(u"LIKE"_s, self.expr(interpreter), pattern);
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
    const ExprPtr pattern = comparedExpr(interpreter, a.required(op == u"REGEXP" ? u"pattern"_s
                                                                               : u"other"_s),
                                      self.sqlType(interpreter));
    const Value third = a.optional(op == u"REGEXP" ? u"flags"_s : u"escape"_s);
    a.finish();
    Expr made{.kind = Expr::Kind::Binary, .text = op, .args = {self.expr(interpreter), pattern}};
    if (!third.isNone())
        made.args.append(stringExpr(textOf(interpreter, third, u"escape= or flags="_s)));
    return makeElement(interpreter, std::move(made), booleanType(), u"BinaryExpression"_s);
}

/// One-operand comparisons: the operator's text is the whole difference.
template<const char *const *sql>
Value compareBy(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, QString::fromLatin1(*sql));
    const Value other = a.required(u"other"_s);
    a.finish();
    return makeElement(interpreter,
                       binaryExpr(QString::fromLatin1(*sql), self.expr(interpreter),
                                  operandFor(interpreter, other, self.sqlType(interpreter))),
                       booleanType(), u"BinaryExpression"_s);
}

constexpr const char *opIs = "IS";
constexpr const char *opIsNot = "IS NOT";
constexpr const char *opLike = "LIKE";
constexpr const char *opNotLike = "NOT LIKE";
constexpr const char *opIlike = "ILIKE";
constexpr const char *opNotIlike = "NOT ILIKE";
constexpr const char *opDistinctFrom = "IS DISTINCT FROM";
constexpr const char *opNotDistinctFrom = "IS NOT DISTINCT FROM";
constexpr const char *opRegexp = "REGEXP";
constexpr const char *opContainedBy = "<@";

template<const char *const *sql>
Value postfix(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments(interpreter, args, QString::fromLatin1(*sql)).finish();
    return makeElement(interpreter, postfixExpr(QString::fromLatin1(*sql), self.expr(interpreter)),
                       self.sqlType(interpreter), u"UnaryExpression"_s);
}

constexpr const char *opDesc = "DESC";
constexpr const char *opAsc = "ASC";
constexpr const char *opNullsFirst = "NULLS FIRST";
constexpr const char *opNullsLast = "NULLS LAST";

ExprPtr listExpr(Interpreter &interpreter, const Value &values, const SqlTypePtr &type)
{
    Expr list{.kind = Expr::Kind::List};
    for (const Value &item : interpreter.items(values))
        list.args.append(item.as<Tuple>() ? listExpr(interpreter, item, nullptr)
                                          : comparedExpr(interpreter, item, type));
    return sharedExpr(std::move(list));
}

template<bool isNot>
Value inList(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"in_"_s);
    const Value values = a.required(u"other"_s);
    a.finish();
    auto *element = values.as<Element>();
    ExprPtr right;
    if (element) {
        right = element->expr(interpreter);
        if (right->kind == Expr::Kind::Select)
            right = sharedExpr({.kind = Expr::Kind::ScalarSubquery, .args = {right}});
    } else {
        right = listExpr(interpreter, values, self.sqlType(interpreter));
    }
    return makeElement(interpreter,
                       binaryExpr(isNot ? u"NOT IN"_s : u"IN"_s, self.expr(interpreter), right),
                       booleanType(), u"BinaryExpression"_s);
}

Value between(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"between"_s);
    const SqlTypePtr type = self.sqlType(interpreter);
    const ExprPtr low = comparedExpr(interpreter, a.required(u"cleft"_s), type);
    const ExprPtr high = comparedExpr(interpreter, a.required(u"cright"_s), type);
    if (interpreter.truth(a.optional(u"symmetric"_s, Value(false))))
        interpreter.unsupported(
            u"uses between(…, symmetric=True): write the statement with op.execute()"_s);
    a.finish();
    return makeElement(
        interpreter, Expr{.kind = Expr::Kind::Between, .args = {self.expr(interpreter), low, high}},
        booleanType());
}

Value label(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"label"_s);
    const QString name = textOrEmpty(interpreter, a.required(u"name"_s), u"name"_s);
    a.finish();
    if (name.isEmpty())
        interpreter.unsupported(u"uses label(None), whose name only the database run would make"_s);
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Label, .text = name, .args = {self.expr(interpreter)}},
        self.sqlType(interpreter), u"Label"_s);
}

/// x.op("->>")(y)
Value customOp(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"op"_s);
    const QString sql = textOf(interpreter, a.required(u"opstring"_s), u"opstring"_s);
    const qint64 precedence =
        optionalInt(interpreter, a.optional(u"precedence"_s, Value(0)), u"precedence"_s)
            .value_or(0);
    const bool isComparison = interpreter.truth(a.optional(u"is_comparison"_s, Value(false)));
    const SqlTypePtr type = typeFrom(interpreter, a.optional(u"return_type"_s));
    a.keywordOnly(u"python_impl"_s);
    a.finish();
    return interpreter.function(u"op"_s, [=, &self](Interpreter &in, const CallArgs &inner) {
        Arguments operand(in, inner, u"op"_s);
        Expr made{.kind = Expr::Kind::Binary,
                  .text = sql,
                  .schema = u"op"_s,
                  .args = {self.expr(in), boundExpr(in, operand.required(u"other"_s))},
                  .value = {.kind = Literal::Kind::Integer, .text = QString::number(precedence)}};
        operand.finish();
        return makeElement(in, std::move(made),
                           type ? type : isComparison ? booleanType() : self.sqlType(in),
                           u"BinaryExpression"_s);
    });
}

Value castMethod(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"cast"_s);
    const SqlTypePtr type = typeFrom(interpreter, a.required(u"type_"_s));
    a.finish();
    return makeElement(
        interpreter, Expr{.kind = Expr::Kind::Cast, .args = {self.expr(interpreter)}, .type = type},
        type, u"Cast"_s);
}

Value collateMethod(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"collate"_s);
    const QString name = textOf(interpreter, a.required(u"collation"_s), u"collation"_s);
    a.finish();
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Collate, .text = name, .args = {self.expr(interpreter)}},
        self.sqlType(interpreter));
}

Value distinctMethod(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments(interpreter, args, u"distinct"_s).finish();
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Distinct, .args = {self.expr(interpreter)}},
                       self.sqlType(interpreter));
}

Value concatMethod(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"concat"_s);
    const ExprPtr other = boundExpr(interpreter, a.required(u"other"_s));
    a.finish();
    return makeElement(
        interpreter, binaryExpr(u"||"_s, self.expr(interpreter), other),
        self.sqlType(interpreter), u"BinaryExpression"_s);
}

/// count(...).over(partition_by=…, order_by=…)
Value over(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"over"_s);
    const auto clauses = [&](const QString &name) {
        Expr list{.kind = Expr::Kind::List};
        const Value given = a.keywordOnly(name);
        if (given.isNone())
            return sharedExpr(std::move(list));
        if (given.as<List>() || given.as<Tuple>()) {
            for (const Value &item : interpreter.items(given))
                list.args.append(columnExprFrom(interpreter, item));
        } else {
            list.args.append(columnExprFrom(interpreter, given));
        }
        return sharedExpr(std::move(list));
    };
    const ExprPtr partition = clauses(u"partition_by"_s);
    const ExprPtr order = clauses(u"order_by"_s);
    a.finish();
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Over, .args = {self.expr(interpreter), partition, order}},
        self.sqlType(interpreter));
}

/// text("… :a").bindparams(a=1), .bindparams(bindparam("a", 1))
Value bindParams(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Expr copy = *self.expr(interpreter);
    for (const Value &item : args.positional) {
        auto *bind = item.as<Element>();
        const ExprPtr expression = bind ? bind->expr(interpreter) : nullptr;
        if (!expression || expression->kind != Expr::Kind::Bind)
            interpreter.raise(u"TypeError"_s,
                              u"bindparams() takes bindparam() objects and keywords"_s);
        copy.binds.insert(expression->text, expression);
    }
    for (const auto &[name, value] : args.keywords) {
        const ExprPtr earlier = copy.binds.value(name);
        copy.binds.insert(name, boundExpr(interpreter, value, earlier ? earlier->type : nullptr));
    }
    return makeElement(interpreter, std::move(copy), {}, u"TextClause"_s);
}

Value same(Interpreter &, Element &self, const CallArgs &)
{
    return &self;
}

} // namespace

const MethodTable<Element> &elementMethods()
{
    static const MethodTable<Element> table{
        {u"label"_s, label},
        {u"desc"_s, postfix<&opDesc>},
        {u"asc"_s, postfix<&opAsc>},
        {u"nulls_first"_s, postfix<&opNullsFirst>},
        {u"nullsfirst"_s, postfix<&opNullsFirst>},
        {u"nulls_last"_s, postfix<&opNullsLast>},
        {u"nullslast"_s, postfix<&opNullsLast>},
        {u"in_"_s, inList<false>},
        {u"not_in"_s, inList<true>},
        {u"notin_"_s, inList<true>},
        {u"is_"_s, compareBy<&opIs>},
        {u"is_not"_s, compareBy<&opIsNot>},
        {u"isnot"_s, compareBy<&opIsNot>},
        {u"like"_s, patternBy<&opLike>},
        {u"not_like"_s, patternBy<&opNotLike>},
        {u"notlike"_s, patternBy<&opNotLike>},
        {u"ilike"_s, patternBy<&opIlike>},
        {u"not_ilike"_s, patternBy<&opNotIlike>},
        {u"notilike"_s, patternBy<&opNotIlike>},
        {u"is_distinct_from"_s, compareBy<&opDistinctFrom>},
        {u"is_not_distinct_from"_s, compareBy<&opNotDistinctFrom>},
        {u"regexp_match"_s, patternBy<&opRegexp>},
        {u"contained_by"_s, compareBy<&opContainedBy>},
        {u"startswith"_s, likePattern<0>},
        {u"endswith"_s, likePattern<1>},
        {u"contains"_s, likePattern<2>},
        {u"between"_s, between},
        {u"op"_s, customOp},
        {u"bool_op"_s, customOp},
        {u"cast"_s, castMethod},
        {u"collate"_s, collateMethod},
        {u"distinct"_s, distinctMethod},
        {u"concat"_s, concatMethod},
        {u"over"_s, over},
        {u"bindparams"_s, bindParams},
        {u"self_group"_s, same},
        {u"execution_options"_s, same},
    };
    return table;
}

} // namespace tribikos::py::sa
