// math, operator and copy.
#include "core/pyread/stdlib/library.h"

#include <cmath>
#include <numeric>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

double real(I &i, A args)
{
    const Value value = i.plain(Arguments(i, args, u"math"_s).required(u"x"_s));
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(i);
    if (!value.isNumber())
        i.raise(u"TypeError"_s, u"must be real number, not %1"_s.arg(i.typeName(value)));
    return value.toDouble();
}

Value whole(I &i, double number)
{
    if (!std::isfinite(number) || std::fabs(number) > 9.2e18)
        i.unsupported(u"computes a whole number beyond 64 bits"_s);
    return Value(qint64(number));
}

Value root(I &i, A args)
{
    const double number = real(i, args);
    if (number < 0)
        i.raise(u"ValueError"_s, u"math domain error"_s);
    return Value(std::sqrt(number));
}

Value logarithm(I &i, A args)
{
    Arguments a(i, args, u"log"_s);
    const double number = i.plain(a.required(u"x"_s)).toDouble();
    const Value base = a.optional(u"base"_s);
    if (number <= 0)
        i.raise(u"ValueError"_s, u"math domain error"_s);
    return Value(base.isNone() ? std::log(number) : std::log(number) / std::log(base.toDouble()));
}

Value isClose(I &i, A args)
{
    Arguments a(i, args, u"isclose"_s);
    const double left = i.plain(a.required(u"a"_s)).toDouble();
    const double right = i.plain(a.required(u"b"_s)).toDouble();
    const double relative = a.keywordOnly(u"rel_tol"_s, Value(1e-9)).toDouble();
    const double absolute = a.keywordOnly(u"abs_tol"_s, Value(0.0)).toDouble();
    a.finish();
    const double largest = std::max(std::fabs(left), std::fabs(right));
    return Value(left == right
                 || std::fabs(left - right) <= std::max(relative * largest, absolute));
}

Value productOf(I &i, A args)
{
    Arguments a(i, args, u"prod"_s);
    const Value iterable = a.required(u"iterable"_s);
    Value result = a.keywordOnly(u"start"_s, Value(1));
    a.finish();
    i.iterate(iterable, [&](const Value &item) {
        result = i.binary(BinaryOp::Mul, result, item);
        return true;
    });
    return result;
}

constexpr Entry mathTable[] = {
    {u"isclose", isClose},
    {u"prod", productOf},
    {u"isnan", [](I &i, A a) { return Value(std::isnan(real(i, a))); }},
    {u"isinf", [](I &i, A a) { return Value(std::isinf(real(i, a))); }},
    {u"isfinite", [](I &i, A a) { return Value(std::isfinite(real(i, a))); }},
    {u"pow", [](I &i, A args) {
         Arguments a(i, args, u"pow"_s);
         const double base = i.plain(a.required(u"x"_s)).toDouble();
         return Value(std::pow(base, i.plain(a.required(u"y"_s)).toDouble()));
     }},
    {u"ceil", [](I &i, A a) { return whole(i, std::ceil(real(i, a))); }},
    {u"floor", [](I &i, A a) { return whole(i, std::floor(real(i, a))); }},
    {u"trunc", [](I &i, A a) { return whole(i, std::trunc(real(i, a))); }},
    {u"fabs", [](I &i, A a) { return Value(std::fabs(real(i, a))); }},
    {u"sqrt", root},
    {u"log", logarithm},
    {u"log2", [](I &i, A a) { return Value(std::log2(real(i, a))); }},
    {u"log10", [](I &i, A a) { return Value(std::log10(real(i, a))); }},
    {u"exp", [](I &i, A a) { return Value(std::exp(real(i, a))); }},
    {u"isnan", [](I &i, A a) { return Value(bool(std::isnan(real(i, a)))); }},
    {u"isinf", [](I &i, A a) { return Value(bool(std::isinf(real(i, a)))); }},
    {u"pow", [](I &i, A args) {
         Arguments a(i, args, u"pow"_s);
         const double base = i.plain(a.required(u"x"_s)).toDouble();
         return Value(std::pow(base, i.plain(a.required(u"y"_s)).toDouble()));
     }},
    {u"gcd", [](I &i, A args) {
         qint64 result = 0;
         for (const Value &value : args.positional)
             result = std::gcd(result, numberOf(i, value));
         return Value(result);
     }},
};

std::optional<Value> mathName(I &, const QString &name)
{
    if (name == u"pi")
        return Value(3.141592653589793);
    if (name == u"e")
        return Value(2.718281828459045);
    if (name == u"inf")
        return Value(HUGE_VAL);
    if (name == u"nan")
        return Value(std::nan(""));
    return std::nullopt;
}

// --- operator ------------------------------------------------------------------------------------

Value getter(I &i, A args, bool isAttribute)
{
    return i.function(u"getter"_s, [wanted = args.positional, isAttribute](I &in, A inner) {
        const Value value = Arguments(in, inner, u"getter"_s).required(u"obj"_s);
        std::vector<Value> found;
        for (const Value &key : wanted) {
            Value at = value;
            if (isAttribute) {
                for (const QString &part : textOf(in, key).split(u'.'))
                    at = in.getAttr(at, part);
            } else {
                at = in.getItem(value, key);
            }
            found.push_back(at);
        }
        return found.size() == 1 ? found.front() : in.tuple(std::move(found));
    });
}

std::optional<Value> operatorName(I &i, const QString &name)
{
    static const QHash<QString, BinaryOp> binary{
        {u"add"_s, BinaryOp::Add}, {u"concat"_s, BinaryOp::Add}, {u"sub"_s, BinaryOp::Sub},
        {u"mul"_s, BinaryOp::Mul}, {u"truediv"_s, BinaryOp::Div}, {u"floordiv"_s, BinaryOp::FloorDiv},
        {u"mod"_s, BinaryOp::Mod}, {u"pow"_s, BinaryOp::Pow}, {u"and_"_s, BinaryOp::And},
        {u"or_"_s, BinaryOp::Or}, {u"xor"_s, BinaryOp::Xor}};
    static const QHash<QString, CompareOp> compare{
        {u"eq"_s, CompareOp::Eq}, {u"ne"_s, CompareOp::Ne}, {u"lt"_s, CompareOp::Lt},
        {u"le"_s, CompareOp::Le}, {u"gt"_s, CompareOp::Gt}, {u"ge"_s, CompareOp::Ge}};
    const auto pair = [&](auto apply) {
        return i.function(name, [apply, name](I &in, A args) {
            Arguments a(in, args, name);
            const Value left = a.required(u"a"_s);
            return apply(in, left, a.required(u"b"_s));
        });
    };
    if (binary.contains(name)) {
        return pair([op = binary.value(name)](I &in, const Value &left, const Value &right) {
            return in.binary(op, left, right);
        });
    }
    if (compare.contains(name)) {
        return pair([op = compare.value(name)](I &in, const Value &left, const Value &right) {
            return in.compare(op, left, right);
        });
    }
    if (name == u"contains") {
        return pair([](I &in, const Value &left, const Value &right) {
            return Value(in.contains(left, right));
        });
    }
    if (name == u"getitem") {
        return pair([](I &in, const Value &left, const Value &right) { return in.getItem(left, right); });
    }
    if (name == u"itemgetter" || name == u"attrgetter") {
        return i.function(name, [isAttribute = name == u"attrgetter"](I &in, A args) {
            return getter(in, args, isAttribute);
        });
    }
    if (name == u"not_") {
        return i.function(name, [](I &in, A args) {
            return Value(!in.truth(Arguments(in, args, u"not_"_s).required(u"a"_s)));
        });
    }
    return std::nullopt;
}

// --- copy ----------------------------------------------------------------------------------------

Value copied(I &i, const Value &value, bool deep)
{
    i.step();
    const auto inner = [&](const Value &item) { return deep ? copied(i, item, true) : item; };
    if (const auto *list = value.as<List>()) {
        std::vector<Value> items;
        for (const Value &item : list->items)
            items.push_back(inner(item));
        return i.list(std::move(items));
    }
    if (const auto *tuple = value.as<Tuple>()) {
        std::vector<Value> items;
        for (const Value &item : tuple->items)
            items.push_back(inner(item));
        return i.tuple(std::move(items));
    }
    if (const auto *dict = value.as<Dict>()) {
        auto *made = i.make<Dict>();
        for (const auto &[key, item] : dict->entries())
            made->insert(i, key, inner(item));
        return made;
    }
    if (const auto *set = value.as<Set>()) {
        auto *made = i.make<Set>(set->frozen);
        for (const Value &item : set->items())
            made->insert(i, item);
        return made;
    }
    const auto *instance = value.as<Instance>();
    if (!instance || instance->cls->isEnum)
        return value;
    if (const std::optional<Value> method = i.findAttr(value, deep ? u"__deepcopy__"_s : u"__copy__"_s))
        return i.call(*method, deep ? std::vector<Value>{i.make<Dict>()} : std::vector<Value>{});
    if (typeid(*instance) != typeid(Instance))
        i.unsupported(u"copies a %1"_s.arg(i.typeName(value)));
    auto *made = i.make<Instance>(instance->cls);
    made->hasPayload = instance->hasPayload;
    made->payload = inner(instance->payload);
    for (const QString &name : instance->order)
        made->setAttr(i, name, inner(instance->attrs.value(name)));
    return made;
}

constexpr Entry copyTable[] = {
    {u"copy", [](I &i, A a) { return copied(i, Arguments(i, a, u"copy"_s).required(u"x"_s), false); }},
    {u"deepcopy", [](I &i, A a) { return copied(i, Arguments(i, a, u"deepcopy"_s).required(u"x"_s), true); }},
};

} // namespace

Module *mathModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"math"_s, mathTable, mathName);
}

Module *operatorModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"operator"_s, operatorName);
}

Module *copyModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"copy"_s, copyTable);
}

} // namespace tribikos::py::stdlib
