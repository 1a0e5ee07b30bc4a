#include "core/pyread/sa/operators.h"

#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

#include <QSet>

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

ExprPtr comparedExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    return boundExpr(interpreter, value,
                     value.as<Element>() ? type : comparedType(interpreter, value, type));
}

SqlTypePtr booleanType()
{
    static const SqlTypePtr type = plainType(u"Boolean"_s);
    return type;
}

namespace {

/// What SQLAlchemy writes as "c = 1" where it is meant as a condition.
bool isPlainTruth(const ExprPtr &expression)
{
    switch (expression->kind) {
    case Expr::Kind::Column:
    case Expr::Kind::Function:
    case Expr::Kind::Cast:
    case Expr::Kind::Case:
    case Expr::Kind::Value:
    case Expr::Kind::ScalarSubquery:
        return affinityOf(expression->type) == TypeAffinity::Boolean;
    default: return false;
    }
}

} // namespace

ExprPtr joined(Expr::Kind kind, const QList<ExprPtr> &conditions)
{
    // and_(true(), x) is x, and_(false(), x) is false; or_() the other way round.
    const bool isAnd = kind == Expr::Kind::And;
    const auto neutral = isAnd ? Expr::Kind::True : Expr::Kind::False;
    const auto deciding = isAnd ? Expr::Kind::False : Expr::Kind::True;
    QList<ExprPtr> parts;
    ExprPtr skipped;
    for (const ExprPtr &condition : conditions) {
        if (condition->kind == deciding) // as a condition: "0 = 1" on a database without booleans
            return sharedExpr({.kind = kind, .args = {condition}});
        if (condition->kind == neutral) {
            skipped = condition;
            continue;
        }
        if (condition->kind == kind)
            parts += condition->args;
        else
            parts.append(condition);
    }
    if (parts.isEmpty() && skipped)
        return sharedExpr({.kind = kind, .args = {skipped}});
    if (parts.size() == 1 && !isPlainTruth(parts.first()))
        return parts.first();
    return sharedExpr({.kind = kind, .args = parts}); // of one: a condition all the same
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
                                                   {u"IS DISTINCT FROM"_s, u"IS NOT DISTINCT FROM"_s},
                                                   {u"IS NOT DISTINCT FROM"_s, u"IS DISTINCT FROM"_s},
                                                   {u"MATCH"_s, u"NOT MATCH"_s},
                                                   {u"NOT MATCH"_s, u"MATCH"_s},
                                                   {u"IS"_s, u"IS NOT"_s},
                                                   {u"IS NOT"_s, u"IS"_s}};
    Expr copy = *condition;
    const ExprPtr right = copy.kind == Expr::Kind::Binary ? copy.args.value(1) : nullptr;
    const bool isAggregate = right && right->kind == Expr::Kind::Unary
                             && (right->text == u"ANY" || right->text == u"ALL");
    if (copy.kind == Expr::Kind::Binary && copy.schema.isEmpty() && !isAggregate
        && opposites.contains(copy.text)) {
        copy.text = opposites.value(copy.text);
        return sharedExpr(std::move(copy));
    }
    const bool isJunction = copy.kind == Expr::Kind::And || copy.kind == Expr::Kind::Or;
    if (isJunction && copy.args.size() == 1)
        return negated(copy.args.first());
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

/// None, True and False on the right side are SQL's own words, not bound values.
ExprPtr operandFor(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    if (value.isNone())
        return constantExpr(Expr::Kind::Null);
    if (value.isBool())
        return constantExpr(value.isTrue() ? Expr::Kind::True : Expr::Kind::False);
    return comparedExpr(interpreter, value, type);
}

/// Python asks the right operand first where its class derives from the left one's: a Column beside
/// a column(), one of the functions that SQLAlchemy knows beside another.
bool comesFirst(Interpreter &interpreter, Element &left, Element &right)
{
    static const QSet<QString> generic{
        u"coalesce"_s,     u"max"_s,          u"min"_s,          u"sum"_s,
        u"now"_s,          u"concat"_s,       u"char_length"_s,  u"random"_s,
        u"count"_s,        u"current_date"_s, u"current_time"_s, u"current_timestamp"_s,
        u"current_user"_s, u"localtime"_s,    u"localtimestamp"_s, u"session_user"_s,
        u"sysdate"_s,      u"user"_s,         u"array_agg"_s,    u"mode"_s,
        u"rank"_s,         u"dense_rank"_s,   u"percent_rank"_s, u"cume_dist"_s,
        u"cube"_s,         u"rollup"_s,       u"grouping_sets"_s, u"aggregate_strings"_s};
    const auto isFull = [](const Element &element) {
        const auto *column = dynamic_cast<const ColumnClause *>(&element);
        return dynamic_cast<const ColumnObject *>(column) || (column && column->isOfTable);
    };
    if (dynamic_cast<const ColumnClause *>(&left))
        return !isFull(left) && isFull(right);
    const ExprPtr a = left.expr(interpreter);
    const ExprPtr b = right.expr(interpreter);
    return a->kind == Expr::Kind::Function && b->kind == Expr::Kind::Function
           && !generic.contains(a->text.toLower()) && generic.contains(b->text.toLower());
}

bool isCollection(const ExprPtr &expression)
{
    return expression->kind == Expr::Kind::Unary
           && (expression->text == u"ANY" || expression->text == u"ALL");
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
    static const QHash<QString, QString> mirrored{
        {u"<"_s, u">"_s}, {u">"_s, u"<"_s}, {u"<="_s, u">="_s}, {u">="_s, u"<="_s}};
    if (auto *other = right.as<Element>(); other && comesFirst(interpreter, left, *other))
        return compareElements(interpreter, mirrored.value(op, op), *other, Value(&left));
    const ExprPtr self = left.expr(interpreter);
    const ExprPtr operand = operandFor(interpreter, right, left.sqlType(interpreter));
    if (isCollection(self)) // ANY (…) and ALL (…) stand on the right
        return makeElement(interpreter, binaryExpr(mirrored.value(op, op), operand, self),
                           booleanType(), u"BinaryExpression"_s);
    const bool isEquality = op == u"=" || op == u"!=";
    const bool isConstant = right.isNone() || right.isBool();
    if (isConstant && !isEquality && !isCollection(operand))
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', "
                          "'is_not_distinct_from()' operators can be used with None/True/False"_s);
    QString sql = op;
    if (isNull(operand) && isEquality)
        sql = op == u"=" ? u"IS"_s : u"IS NOT"_s;
    return makeElement(interpreter, binaryExpr(sql, self, operand), booleanType(),
                       u"BinaryExpression"_s);
}

std::optional<Value> Element::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    static const QHash<CompareOp, QString> texts{{CompareOp::Eq, u"="_s}, {CompareOp::Ne, u"!="_s},
                                                 {CompareOp::Lt, u"<"_s}, {CompareOp::Le, u"<="_s},
                                                 {CompareOp::Gt, u">"_s}, {CompareOp::Ge, u">="_s}};
    const Value made = compareElements(interpreter, texts.value(op), *this, other);
    auto *comparison = made.as<Element>();
    const ExprPtr own = comparison ? comparison->expr(interpreter) : nullptr;
    const bool isEquality = op == CompareOp::Eq || op == CompareOp::Ne;
    if (isEquality && own && own->kind == Expr::Kind::Binary && own->text == texts.value(op))
        comparison->truthOfIdentity = (other.object() == this) == (op == CompareOp::Eq);
    return made;
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
    const QString sql = arithmetic(op);
    if (sql.isEmpty())
        return std::nullopt;
    return operated(interpreter, sql, *this, other, reflected);
}

Value operated(Interpreter &interpreter, const QString &op, Element &self, const Value &other,
               bool reflected)
{
    auto *element = other.as<Element>();
    const SqlTypePtr mine = self.sqlType(interpreter);
    const SqlTypePtr theirs = element ? element->sqlType(interpreter)
                                      : comparedType(interpreter, other, mine);
    const ExprPtr operand = comparedExpr(interpreter, other, mine);
    const TypedOperator made =
        reflected ? adaptedOperator(op, theirs, mine) : adaptedOperator(op, mine, theirs);
    const ExprPtr own = self.expr(interpreter);
    return makeElement(interpreter,
                       reflected ? binaryExpr(made.op, operand, own) : binaryExpr(made.op, own, operand),
                       made.type, u"BinaryExpression"_s);
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
    return itemOf(interpreter, *this, key);
}

namespace {

/// bitwise_and() and its like
template<const char *const *sql>
Value operate(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, QString::fromLatin1(*sql));
    const Value other = a.required(u"other"_s);
    a.finish();
    return operated(interpreter, QString::fromLatin1(*sql), self, other, false);
}

Value bitwiseNot(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments(interpreter, args, u"bitwise_not"_s).finish();
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Unary, .text = u"~"_s, .args = {self.expr(interpreter)}},
        self.sqlType(interpreter));
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
constexpr const char *opDistinctFrom = "IS DISTINCT FROM";
constexpr const char *opNotDistinctFrom = "IS NOT DISTINCT FROM";
constexpr const char *opMatch = "MATCH";
constexpr const char *opBitAnd = "&";
constexpr const char *opBitOr = "|";
constexpr const char *opBitXor = "^";
constexpr const char *opShiftLeft = "<<";
constexpr const char *opShiftRight = ">>";
constexpr const char *opConcat = "||";

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
        if (right->kind == Expr::Kind::Select || right->kind == Expr::Kind::CompoundSelect)
            right = sharedExpr({.kind = Expr::Kind::ScalarSubquery, .args = {right}});
    } else {
        Expr list = *listExpr(interpreter, values, self.sqlType(interpreter));
        list.flag = !list.args.isEmpty() && list.args.first()->kind == Expr::Kind::List;
        right = sharedExpr(std::move(list));
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
    const bool isSymmetric = interpreter.truth(a.optional(u"symmetric"_s, Value(false)));
    a.finish();
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Between,
                            .text = isSymmetric ? u"SYMMETRIC"_s : QString(),
                            .args = {self.expr(interpreter), low, high}},
                       booleanType());
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
                  .args = {self.expr(in), comparedExpr(in, operand.required(u"other"_s),
                                                       self.sqlType(in))},
                  .value = {.kind = Literal::Kind::Integer, .text = QString::number(precedence)}};
        operand.finish();
        return makeElement(in, std::move(made),
                           type ? type : isComparison ? booleanType() : self.sqlType(in),
                           u"BinaryExpression"_s);
    });
}

Value booleanOp(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    CallArgs whole = args;
    whole.keywords.push_back({u"is_comparison"_s, Value(true)});
    return customOp(interpreter, self, whole);
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
    static const MethodTable<Element> own{
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
        {u"is_distinct_from"_s, compareBy<&opDistinctFrom>},
        {u"is_not_distinct_from"_s, compareBy<&opNotDistinctFrom>},
        {u"isnot_distinct_from"_s, compareBy<&opNotDistinctFrom>},
        {u"match"_s, compareBy<&opMatch>},
        {u"bitwise_and"_s, operate<&opBitAnd>},
        {u"bitwise_or"_s, operate<&opBitOr>},
        {u"bitwise_xor"_s, operate<&opBitXor>},
        {u"bitwise_lshift"_s, operate<&opShiftLeft>},
        {u"bitwise_rshift"_s, operate<&opShiftRight>},
        {u"bitwise_not"_s, bitwiseNot},
        {u"between"_s, between},
        {u"op"_s, customOp},
        {u"bool_op"_s, booleanOp},
        {u"cast"_s, castMethod},
        {u"collate"_s, collateMethod},
        {u"distinct"_s, distinctMethod},
        {u"concat"_s, operate<&opConcat>},
        {u"bindparams"_s, bindParams},
        {u"self_group"_s, same},
        {u"execution_options"_s, same},
        {u"compile"_s, compileElement},
    };
    static const MethodTable<Element> table = [] {
        MethodTable<Element> all = own;
        all.insert(patternMethods());
        all.insert(windowMethods());
        all.insert(tableFunctionMethods());
        all.insert(datatypeMethods());
        return all;
    }();
    return table;
}

} // namespace tribikos::py::sa
