#include "core/pyread/sa/element.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"
#include "core/pyread/wholenumber.h"

/// Python's constants as SQL's.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

[[noreturn]] void refuseUnknown(Interpreter &interpreter, const Unknown &unknown)
{
    // The clock, random numbers: Alembic itself would print another text each time.
    if (unknown.reason.contains(u"run to run"_s)) {
        if (Host *host = State::of(interpreter).host)
            host->markNondeterministic();
    }
    unknown.refuse(interpreter);
}

std::optional<Literal> objectLiteral(Interpreter &interpreter, const Value &value)
{
    static const QHash<QString, Literal::Kind> kinds{
        {u"datetime"_s, Literal::Kind::DateTime}, {u"date"_s, Literal::Kind::Date},
        {u"time"_s, Literal::Kind::Time},         {u"timedelta"_s, Literal::Kind::Interval},
        {u"Decimal"_s, Literal::Kind::Decimal},   {u"UUID"_s, Literal::Kind::Uuid}};
    const auto *instance = value.as<Instance>();
    if (instance && instance->cls->globals) // a class of the script's own that is called so
        return std::nullopt;
    const auto kind = kinds.constFind(interpreter.typeName(value));
    if (kind == kinds.cend())
        return std::nullopt;
    return Literal{.kind = *kind, .text = interpreter.str(value)};
}

std::optional<Literal> jsonLiteral(Interpreter &interpreter, const Value &value)
{
    const Value dumps = interpreter.getAttr(interpreter.importModule(u"json"_s), u"dumps"_s);
    return Literal{.kind = Literal::Kind::Json,
                   .text = interpreter.str(interpreter.call(dumps, {value}))};
}

/// A member of an enum: its name for an Enum type, its value elsewhere.
std::optional<Literal> memberLiteral(Interpreter &interpreter, const Instance &member,
                                     const SqlTypePtr &type)
{
    const QString name =
        interpreter.str(interpreter.getAttr(const_cast<Instance *>(&member), u"name"_s));
    const bool hasLabels = type && !type->labels.isEmpty();
    if (hasLabels && type->labels.contains(name))
        return Literal{.kind = Literal::Kind::Enum, .text = name};
    return literalOf(interpreter, interpreter.getAttr(const_cast<Instance *>(&member), u"value"_s));
}

bool isJson(const SqlTypePtr &type)
{
    return type && (type->name == u"JSON" || type->name == u"JSONB");
}

/// None is JSON's null for a JSON column, unless none_as_null=True; null() is SQL's.
/// In a script that is printed SQLAlchemy loses it and says NULL.
bool writesJson(Interpreter &interpreter, const SqlTypePtr &type, const Value &value)
{
    if (!isJson(type) || value.as<Unknown>())
        return false;
    if (!value.isNone())
        return true;
    const Host *host = State::of(interpreter).host;
    return host && !host->isOffline()
           && type->pythonArguments.value(u"none_as_null"_s) != u"True";
}

/// A list for an ARRAY: ARRAY[a, b], its items as the item type writes them.
ExprPtr arrayExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    Expr array{.kind = Expr::Kind::Array, .type = type, .flag = true};
    for (const Value &item : interpreter.items(value)) {
        if (item.isNone() && hostOf(interpreter).isOffline())
            interpreter.unsupported(
                u"writes None into an ARRAY, which SQLAlchemy's scripts can't: use text()"_s);
        const bool isNested = item.as<List>() || item.as<Tuple>();
        array.args.append(isNested ? arrayExpr(interpreter, item, type)
                                   : boundExpr(interpreter, item, type->item));
    }
    return sharedExpr(std::move(array));
}

} // namespace

std::optional<Literal> literalOf(Interpreter &interpreter, const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::None: return Literal{};
    case Value::Kind::Bool:
        return Literal{.kind = Literal::Kind::Bool, .text = value.isTrue() ? u"1"_s : u"0"_s};
    case Value::Kind::Int:
        return Literal{.kind = Literal::Kind::Integer, .text = QString::number(value.toInt())};
    case Value::Kind::Float:
        return Literal{.kind = Literal::Kind::Real, .text = interpreter.repr(value)};
    case Value::Kind::Str: return Literal{.kind = Literal::Kind::String, .text = value.str()};
    case Value::Kind::Object: break;
    }
    if (const auto *unknown = value.as<Unknown>())
        refuseUnknown(interpreter, *unknown);
    if (const auto *whole = value.as<WholeNumber>())
        return Literal{.kind = Literal::Kind::Integer, .text = whole->text()};
    if (const auto *marked = value.as<MarkedString>())
        return Literal{.kind = Literal::Kind::String, .text = marked->name.text};
    if (const auto *bytes = value.as<Bytes>())
        return Literal{.kind = Literal::Kind::Bytes,
                       .text = QString::fromLatin1(bytes->data.toHex())};
    if (const auto *instance = value.as<Instance>(); instance && instance->cls->isEnum)
        return memberLiteral(interpreter, *instance, {});
    return objectLiteral(interpreter, value);
}

ExprPtr boundExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    if (auto *element = value.as<Element>())
        return element->expr(interpreter);
    if (ExprPtr decorated = type ? decoratedExpr(interpreter, value, type) : nullptr)
        return decorated;
    const auto *instance = value.as<Instance>();
    if (type && type->name == u"ARRAY" && (value.as<List>() || value.as<Tuple>()))
        return arrayExpr(interpreter, value, type);
    std::optional<Literal> literal;
    if (instance && instance->cls->isEnum)
        literal = memberLiteral(interpreter, *instance, type);
    else if (value.as<Dict>() || value.as<List>() || (value.as<Tuple>() && !type))
        literal = jsonLiteral(interpreter, value);
    else if (writesJson(interpreter, type, value))
        literal = jsonLiteral(interpreter, value);
    else
        literal = literalOf(interpreter, value);
    if (!literal)
        interpreter.unsupported(u"uses a value of type %1 in SQL, which has no literal form"_s.arg(
            interpreter.typeName(value)));
    return sharedExpr({.kind = Expr::Kind::Value, .value = *literal, .type = type});
}

} // namespace tribikos::py::sa
