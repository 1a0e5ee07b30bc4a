#include "core/pyread/sa/exprtypes.h"

#include "core/pyread/sa/names.h"
#include "core/pyread/sa/state.h"

#include <QSet>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using A = TypeAffinity;

/// What a type's _expression_adaptations say of an operator and the other side: the class of the
/// result, or None: that of the left side.
A adapted(A left, const QString &op, A right)
{
    struct Rule
    {
        A left;
        const char *op;
        A right;
        A result;
    };
    static constexpr Rule rules[] = {
        {A::Integer, "+", A::Date, A::Date},          {A::Integer, "+", A::Numeric, A::Numeric},
        {A::Integer, "*", A::Interval, A::Interval},  {A::Integer, "*", A::Numeric, A::Numeric},
        {A::Integer, "/", A::Integer, A::Numeric},    {A::Integer, "/", A::Numeric, A::Numeric},
        {A::Integer, "//", A::Numeric, A::Numeric},   {A::Integer, "-", A::Numeric, A::Numeric},
        {A::Numeric, "*", A::Interval, A::Interval},  {A::Date, "+", A::Interval, A::DateTime},
        {A::Date, "+", A::Time, A::DateTime},         {A::Date, "-", A::Date, A::Integer},
        {A::Date, "-", A::Interval, A::DateTime},     {A::Date, "-", A::DateTime, A::Interval},
        {A::DateTime, "-", A::DateTime, A::Interval}, {A::Time, "+", A::Date, A::DateTime},
        {A::Time, "-", A::Time, A::Interval},         {A::Interval, "+", A::Date, A::DateTime},
        {A::Interval, "+", A::DateTime, A::DateTime}, {A::Interval, "+", A::Time, A::Time}};
    for (const Rule &rule : rules)
        if (rule.left == left && op == QLatin1String(rule.op) && rule.right == right)
            return rule.result;
    return A::None;
}

SqlTypePtr typeOfClass(A affinity)
{
    switch (affinity) {
    case A::Date: return plainType(u"Date"_s);
    case A::DateTime: return plainType(u"DateTime"_s);
    case A::Time: return plainType(u"Time"_s);
    case A::Interval: return plainType(u"Interval"_s);
    case A::Integer: return plainType(u"Integer"_s);
    default: return plainType(u"Numeric"_s);
    }
}

bool isCommutative(const QString &op)
{
    return op == u"+" || op == u"*" || op == u"=" || op == u"!=";
}

bool isNone(const SqlTypePtr &type)
{
    return !type || type->name == u"NullType";
}

} // namespace

SqlTypePtr plainType(const QString &name)
{
    return std::make_shared<const SqlType>(SqlType{.name = name, .module = u"sqlalchemy"_s});
}

TypeAffinity affinityOf(const SqlTypePtr &type)
{
    static const QSet<QString> ownClasses{u"INET"_s, u"CIDR"_s, u"OID"_s, u"MONEY"_s, u"YEAR"_s};
    if (isNone(type) || type->module == u"unknown")
        return A::None;
    return ownClasses.contains(type->name) ? A::Other : affinityOfClass(type->name);
}

bool isJsonType(const SqlTypePtr &type)
{
    return affinityOf(type) == A::Json;
}

bool isConcatenable(const SqlTypePtr &type)
{
    const A affinity = affinityOf(type);
    return affinity == A::String || affinity == A::Array || (type && type->name == u"HSTORE");
}

TypedOperator adaptedOperator(const QString &op, const SqlTypePtr &left, const SqlTypePtr &right)
{
    if (isNone(left))
        return isNone(right) || !isCommutative(op) ? TypedOperator{op, left}
                                                   : adaptedOperator(op, right, left);
    if (op == u"+" && isConcatenable(left) && (isConcatenable(right) || isNone(right)))
        return {u"||"_s, left};
    const A mine = affinityOf(left);
    const A theirs = affinityOf(right);
    const A result = adapted(mine, op, theirs);
    if (result == A::None)
        return {op,
                mine == theirs && right && mine != A::Other && mine != A::String ? right : left};
    return {op, result == theirs ? right : result == mine ? left : typeOfClass(result)};
}

SqlTypePtr valueType(Interpreter &interpreter, const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::None: return nullptr;
    case Value::Kind::Bool: return plainType(u"Boolean"_s);
    case Value::Kind::Int: return plainType(u"Integer"_s);
    case Value::Kind::Float: return plainType(u"Float"_s);
    case Value::Kind::Str: return plainType(u"String"_s);
    case Value::Kind::Object: break;
    }
    if (value.as<MarkedString>())
        return plainType(u"String"_s);
    static const QHash<QString, QString> names{
        {u"datetime"_s, u"DateTime"_s},  {u"date"_s, u"Date"_s},       {u"time"_s, u"Time"_s},
        {u"timedelta"_s, u"Interval"_s}, {u"Decimal"_s, u"Numeric"_s}, {u"UUID"_s, u"Uuid"_s},
        {u"bytes"_s, u"LargeBinary"_s}};
    const auto *instance = value.as<Instance>();
    if (instance && instance->cls->globals) // a class of the script's own that is called so
        return nullptr;
    const QString name = names.value(interpreter.typeName(value));
    return name.isEmpty() ? nullptr : plainType(name);
}

SqlTypePtr comparedType(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    if (type && State::of(interpreter).decorated.contains(type.get()))
        return type;
    if (type && (type->module == u"unknown" || type->module == u"reflected"))
        return type;
    const SqlTypePtr own = valueType(interpreter, value);
    if (!own)
        return type;
    // JSON columns take any value as JSON only where they are written, not where they are compared.
    return type && affinityOf(own) == affinityOf(type) ? type : own;
}

} // namespace tribikos::py::sa
