#include "core/pyread/methods.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// `func` and the functions of `sqlalchemy` that make expressions.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value nextValue(Interpreter &interpreter, const SequenceObject &sequence)
{
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Sequence,
                            .text = sequence.name,
                            .schema = sequence.schema,
                            .type = plainType(u"Integer"_s)},
                       plainType(u"Integer"_s));
}

/// The type of the functions that SQLAlchemy knows; null: none.
SqlTypePtr ownType(Interpreter &interpreter, const QString &name, const std::vector<Value> &args)
{
    static const QHash<QString, QString> fixed{
        {u"count"_s, u"Integer"_s},        {u"concat"_s, u"String"_s},
        {u"now"_s, u"DateTime"_s},         {u"current_timestamp"_s, u"DateTime"_s},
        {u"localtime"_s, u"DateTime"_s},   {u"localtimestamp"_s, u"DateTime"_s},
        {u"sysdate"_s, u"DateTime"_s},     {u"current_date"_s, u"Date"_s},
        {u"current_time"_s, u"Time"_s},    {u"current_user"_s, u"String"_s},
        {u"session_user"_s, u"String"_s},  {u"user"_s, u"String"_s},
        {u"char_length"_s, u"Integer"_s},  {u"rank"_s, u"Integer"_s},
        {u"dense_rank"_s, u"Integer"_s},   {u"percent_rank"_s, u"Numeric"_s},
        {u"cume_dist"_s, u"Numeric"_s},    {u"aggregate_strings"_s, u"String"_s}};
    static const QStringList ofArguments{u"coalesce"_s, u"max"_s, u"min"_s, u"sum"_s};
    if (const QString known = fixed.value(name); !known.isEmpty())
        return plainType(known);
    if (!ofArguments.contains(name))
        return nullptr;
    for (const Value &argument : args) {
        auto *element = argument.as<Element>();
        if (const SqlTypePtr type = element ? element->sqlType(interpreter)
                                            : valueType(interpreter, argument))
            return type;
    }
    return nullptr;
}

/// func.now, func.pg_catalog.setval: a name that can be called.
class FunctionName final : public Object
{
public:
    explicit FunctionName(QString path)
        : m_path(std::move(path))
    {}
    QString typeName() const override { return u"_FunctionGenerator"_s; }
    bool isCallable() const override { return true; }

    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name.startsWith(u"__"))
            return std::nullopt;
        // func.if_(): a trailing underscore makes a keyword usable
        const QString own = name.endsWith(u'_') ? name.chopped(1) : name;
        return interpreter.make<FunctionName>(m_path.isEmpty() ? own : m_path + u'.' + own);
    }

    Value call(Interpreter &interpreter, const CallArgs &args) override
    {
        const QString lower = m_path.toLower();
        if (const auto known = expressionFunctions().constFind(lower);
            known != expressionFunctions().cend() && (lower == u"cast" || lower == u"extract"))
            return (*known)(interpreter, args);
        for (const auto &[name, value] : args.keywords)
            if (name != u"type_")
                interpreter.raise(u"TypeError"_s,
                                  u"Function.__init__() got an unexpected keyword argument '%1'"_s.arg(
                                      name));
        if (State::of(interpreter).redrawnFunctions.contains(lower))
            interpreter.unsupported(
                u"calls func.%1(), which the project writes in its own way with @compiles"_s.arg(lower));
        Expr function{.kind = Expr::Kind::Function, .text = m_path};
        for (const Value &argument : args.positional) {
            if (lower == u"next_value" && argument.as<SequenceObject>())
                return nextValue(interpreter, *argument.as<SequenceObject>());
            if (auto *table = argument.as<TableObject>())
                function.args.append(table->sourceExpr(interpreter));
            else
                function.args.append(boundExpr(interpreter, argument));
        }
        if (lower == u"count" && function.args.isEmpty())
            function.args.append(sharedExpr({.kind = Expr::Kind::Star}));
        const Value *given = args.keyword(u"type_"_s);
        const SqlTypePtr type = given ? typeFrom(interpreter, *given)
                                      : ownType(interpreter, lower, args.positional);
        return makeElement(interpreter, std::move(function), type, u"Function"_s);
    }

private:
    const QString m_path;
};

template<Expr::Kind kind>
Value constant(Interpreter &interpreter, const CallArgs &args)
{
    Arguments(interpreter, args, u"null"_s).finish();
    return makeElement(interpreter, Expr{.kind = kind});
}

Value text(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"text"_s);
    const QString sql = textOf(interpreter, a.required(u"text"_s), u"text"_s);
    a.finish();
    return makeElement(interpreter, textExpr(sql), {}, u"TextClause"_s);
}

Value literal(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"literal"_s);
    const Value value = a.required(u"value"_s);
    const Value given = a.optional(u"type_"_s);
    const SqlTypePtr type =
        given.isNone() ? valueType(interpreter, value) : typeFrom(interpreter, given);
    a.optional(u"literal_execute"_s);
    a.finish();
    return makeElement(interpreter, boundExpr(interpreter, value, type), type, u"BindParameter"_s);
}

Value literalColumn(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"literal_column"_s);
    const QString sql = textOf(interpreter, a.required(u"text"_s), u"text"_s);
    const SqlTypePtr type = typeFrom(interpreter, a.optional(u"type_"_s));
    a.finish();
    return makeElement(interpreter, Expr{.kind = Expr::Kind::Column, .text = sql, .flag = true},
                       type, u"ColumnClause"_s);
}

Value bindParam(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"bindparam"_s);
    Expr bind{.kind = Expr::Kind::Bind};
    bind.text = textOrEmpty(interpreter, a.optional(u"key"_s), u"key"_s);
    bool hasValue = a.has(u"value"_s) || args.positional.size() > 1;
    Value value = a.optional(u"value"_s);
    const Value given = a.optional(u"type_"_s);
    for (const QString &silent : {u"unique"_s, u"required"_s, u"quote"_s, u"expanding"_s,
                                  u"isoutparam"_s, u"literal_execute"_s})
        a.optional(silent); // they say nothing about the text
    if (const Value maker = a.optional(u"callable_"_s); !maker.isNone()) {
        value = interpreter.call(maker, std::vector<Value>{});
        hasValue = true;
    }
    a.finish();
    bind.type = given.isNone() ? valueType(interpreter, value) : typeFrom(interpreter, given);
    const bool isArray = bind.type && bind.type->name == u"ARRAY";
    if (hasValue)
        bind.args.append(!isArray && (value.as<List>() || value.as<Tuple>())
                             ? [&] {
                                   Expr list{.kind = Expr::Kind::List};
                                   for (const Value &item : interpreter.items(value))
                                       list.args.append(boundExpr(interpreter, item, bind.type));
                                   return sharedExpr(std::move(list));
                               }()
                             : boundExpr(interpreter, value, bind.type));
    if (hasValue && bind.args.first()->kind == Expr::Kind::Value)
        bind.value = bind.args.first()->value;
    return makeElement(interpreter, bind, bind.type, u"BindParameter"_s);
}

template<Expr::Kind kind>
Value junction(Interpreter &interpreter, const CallArgs &args)
{
    QList<ExprPtr> conditions;
    for (const Value &value : args.positional)
        conditions.append(clauseFrom(interpreter, value));
    if (conditions.isEmpty()) // deprecated: it prints nothing
        return makeElement(interpreter, Expr{.kind = kind}, plainType(u"Boolean"_s),
                           u"BooleanClauseList"_s);
    return makeElement(interpreter, joined(kind, conditions), plainType(u"Boolean"_s),
                       u"BooleanClauseList"_s);
}

Value not_(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"not_"_s);
    const ExprPtr clause = clauseFrom(interpreter, a.required(u"clause"_s));
    a.finish();
    return makeElement(interpreter, negated(clause), plainType(u"Boolean"_s));
}

template<bool isCoercion> // type_coerce(): only Python sees the type
Value cast(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"cast"_s);
    const Value value = a.required(u"expression"_s);
    const SqlTypePtr type = typeFrom(interpreter, a.required(u"type_"_s));
    a.finish();
    const ExprPtr operand = boundExpr(interpreter, value, value.as<Element>() ? nullptr : type);
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Cast, .args = {operand}, .type = type, .flag = isCoercion}, type,
        u"Cast"_s);
}

Value case_(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"case"_s);
    const Value subject = a.keywordOnly(u"value"_s);
    const Value otherwise = a.keywordOnly(u"else_"_s);
    const std::vector<Value> whens = a.rest();
    a.finish();
    Expr result{.kind = Expr::Kind::Case};
    result.args.append(subject.isNone() ? nullptr : boundExpr(interpreter, subject));
    SqlTypePtr type;
    const auto add = [&](const Value &when, const Value &then) {
        result.args.append(subject.isNone() ? clauseFrom(interpreter, when)
                                            : boundExpr(interpreter, when));
        result.args.append(boundExpr(interpreter, then));
        if (!type)
            type = then.as<Element>() ? then.as<Element>()->sqlType(interpreter)
                                      : valueType(interpreter, then);
    };
    for (const Value &when : whens) {
        if (when.as<List>())
            interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                              u"The \"whens\" argument to case() is now passed as a series of "
                              "positional elements, rather than as a list."_s);
        if (const auto *dict = when.as<Dict>()) {
            for (const auto &[key, value] : dict->entries())
                add(key, value);
            continue;
        }
        const std::vector<Value> pair = interpreter.items(when);
        if (pair.size() != 2)
            interpreter.raise(u"ValueError"_s, u"case() takes pairs of condition and result"_s);
        add(pair[0], pair[1]);
    }
    result.args.append(otherwise.isNone() ? nullptr : boundExpr(interpreter, otherwise));
    return makeElement(interpreter, std::move(result), type, u"Case"_s);
}

constexpr const char *sqlDesc = "DESC";
constexpr const char *sqlAsc = "ASC";
constexpr const char *sqlNullsFirst = "NULLS FIRST";
constexpr const char *sqlNullsLast = "NULLS LAST";

template<const char *const *sql>
Value ordering(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"desc"_s);
    const Value column = a.required(u"column"_s);
    a.finish();
    return makeElement(interpreter,
                       postfixExpr(QString::fromLatin1(*sql), labelOrColumn(interpreter, column)),
                       {}, u"UnaryExpression"_s);
}

template<Expr::Kind kind>
Value wrap(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"distinct"_s);
    const ExprPtr operand = columnExprFrom(interpreter, a.required(u"expr"_s));
    a.finish();
    return makeElement(interpreter, Expr{.kind = kind, .args = {operand}});
}

Value exists(Interpreter &interpreter, const CallArgs &args)
{
    if (!args.keywords.empty())
        interpreter.raise(u"TypeError"_s, u"exists() got an unexpected keyword argument '%1'"_s.arg(
                                              args.keywords.front().first));
    if (args.positional.empty() || args.positional.front().as<ColumnClause>()) {
        auto *select = makeSelect(interpreter, args.positional).as<StatementObject>();
        select->isExists = true;
        if (args.positional.empty())
            select->statement.columns.append(sharedExpr({.kind = Expr::Kind::Star}));
        return select;
    }
    ExprPtr operand = columnExprFrom(interpreter, args.positional.front());
    if (operand->kind == Expr::Kind::ScalarSubquery)
        operand = operand->args.first();
    return makeElement(interpreter, Expr{.kind = Expr::Kind::Exists, .args = {operand}},
                       plainType(u"Boolean"_s));
}

Value tuple_(Interpreter &interpreter, const CallArgs &args)
{
    Expr list{.kind = Expr::Kind::List};
    for (const Value &item : args.positional)
        list.args.append(isText(item) ? boundExpr(interpreter, item)
                                      : columnExprFrom(interpreter, item));
    return makeElement(interpreter, std::move(list));
}

Value extract(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"extract"_s);
    const QString field = textOf(interpreter, a.required(u"field"_s), u"field"_s);
    const ExprPtr from = boundExpr(interpreter, a.required(u"expr"_s));
    a.finish();
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Extract, .text = field, .args = {from}},
                       plainType(u"Integer"_s));
}

constexpr const char *anyWord = "ANY";
constexpr const char *allWord = "ALL";

/// any_(x), all_(x)
template<const char *const *word>
Value collection(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, QString::fromLatin1(*word));
    const Value given = a.required(u"expr"_s);
    a.finish();
    ExprPtr operand = columnExprFrom(interpreter, given);
    if (operand->kind == Expr::Kind::Select || operand->kind == Expr::Kind::CompoundSelect)
        operand = sharedExpr({.kind = Expr::Kind::ScalarSubquery, .args = {operand}});
    auto *element = given.as<Element>();
    SqlTypePtr type = element ? element->sqlType(interpreter) : nullptr;
    if (type && type->item)
        type = type->item;
    return makeElement(
        interpreter,
        Expr{.kind = Expr::Kind::Unary, .text = QString::fromLatin1(*word), .args = {operand}}, type);
}

/// over(f, partition_by=…), filter, between …: the method of the first argument.
template<const char *const *name>
Value method(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s,
                          u"%1() needs an expression"_s.arg(QString::fromLatin1(*name)));
    CallArgs rest = args;
    rest.positional.erase(rest.positional.begin());
    return interpreter.call(
        interpreter.getAttr(args.positional.front(), QString::fromLatin1(*name)), rest);
}

constexpr const char *overName = "over";
constexpr const char *filterName = "filter";
constexpr const char *withinName = "within_group";
constexpr const char *betweenName = "between";
constexpr const char *bitwiseNotName = "bitwise_not";

Value labelFunction(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"label"_s);
    const Value name = a.required(u"name"_s);
    const Value element = a.required(u"element"_s);
    a.finish();
    return interpreter.callMethod(element, u"label"_s, {name});
}

Value collate(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"collate"_s);
    const ExprPtr operand = columnExprFrom(interpreter, a.required(u"expression"_s));
    const QString name = textOf(interpreter, a.required(u"collation"_s), u"collation"_s);
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Collate, .text = name, .args = {operand}});
}

Value column(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"column"_s);
    const NameArg name = nameFrom(interpreter, a.required(u"text"_s), u"text"_s);
    const SqlTypePtr type = typeFrom(interpreter, a.optional(u"type_"_s));
    const bool isLiteral = interpreter.truth(a.optional(u"is_literal"_s, Value(false)));
    a.optional(u"_selectable"_s);
    a.finish();
    auto *made =
        interpreter.make<ColumnClause>(classOf(interpreter, u"ColumnClause"_s), name.text, type);
    made->isLiteral = isLiteral;
    return made;
}

Value inlineLiteral(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"inline_literal"_s);
    const Value value = a.required(u"value"_s);
    SqlTypePtr type = typeFrom(interpreter, a.optional(u"type_"_s));
    a.finish();
    // The text of a date stays a text, whatever the column that it goes into.
    if (!type && value.isStr())
        type = plainType(u"String"_s);
    return makeElement(interpreter, boundExpr(interpreter, value, type), type, u"BindParameter"_s);
}

Value ddl(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DDL"_s);
    QString sql = textOf(interpreter, a.required(u"statement"_s), u"statement"_s);
    const Value context = a.optional(u"context"_s);
    a.finish();
    if (!context.isNone()) // what is executed as it stands has no target that would add to it
        sql = interpreter.checkedText(percentFormat(interpreter, sql, context));
    return makeElement(interpreter, textExpr(sql), {}, u"DDL"_s);
}

} // namespace

const QHash<QString, NativeCall> &expressionFunctions()
{
    static const QHash<QString, NativeCall> table{
        {u"text"_s, text},
        {u"literal"_s, literal},
        {u"literal_column"_s, literalColumn},
        {u"bindparam"_s, bindParam},
        {u"inline_literal"_s, inlineLiteral},
        {u"null"_s, constant<Expr::Kind::Null>},
        {u"true"_s, constant<Expr::Kind::True>},
        {u"false"_s, constant<Expr::Kind::False>},
        {u"and_"_s, junction<Expr::Kind::And>},
        {u"or_"_s, junction<Expr::Kind::Or>},
        {u"not_"_s, not_},
        {u"cast"_s, cast<false>},
        {u"type_coerce"_s, cast<true>},
        {u"case"_s, case_},
        {u"desc"_s, ordering<&sqlDesc>},
        {u"asc"_s, ordering<&sqlAsc>},
        {u"nulls_first"_s, ordering<&sqlNullsFirst>},
        {u"nullsfirst"_s, ordering<&sqlNullsFirst>},
        {u"nulls_last"_s, ordering<&sqlNullsLast>},
        {u"nullslast"_s, ordering<&sqlNullsLast>},
        {u"distinct"_s, wrap<Expr::Kind::Distinct>},
        {u"exists"_s, exists},
        {u"tuple_"_s, tuple_},
        {u"collate"_s, collate},
        {u"extract"_s, extract},
        {u"any_"_s, collection<&anyWord>},
        {u"all_"_s, collection<&allWord>},
        {u"over"_s, method<&overName>},
        {u"funcfilter"_s, method<&filterName>},
        {u"within_group"_s, method<&withinName>},
        {u"between"_s, method<&betweenName>},
        {u"bitwise_not"_s, method<&bitwiseNotName>},
        {u"label"_s, labelFunction},
        {u"column"_s, column},
        {u"DDL"_s, ddl},
    };
    return table;
}

Value makeFunc(Interpreter &interpreter)
{
    return interpreter.make<FunctionName>(QString());
}

} // namespace tribikos::py::sa
