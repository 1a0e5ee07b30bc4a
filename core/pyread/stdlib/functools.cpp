#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

Value partial(I &i, A args)
{
    if (args.positional.empty())
        i.raise(u"TypeError"_s, u"partial() needs a function"_s);
    return i.function(u"partial"_s, [bound = args](I &in, A more) {
        CallArgs all;
        all.span = more.span;
        all.positional.assign(bound.positional.begin() + 1, bound.positional.end());
        all.positional.insert(all.positional.end(), more.positional.begin(), more.positional.end());
        for (const auto &[name, value] : bound.keywords) {
            const Value *later = more.keyword(name);
            all.keywords.emplace_back(name, later ? *later : value);
        }
        for (const auto &[name, value] : more.keywords)
            if (!bound.keyword(name))
                all.keywords.emplace_back(name, value);
        return in.call(bound.positional.front(), all);
    });
}

Value reduce(I &i, A args)
{
    Arguments a(i, args, u"reduce"_s);
    const Value function = a.required(u"function"_s);
    const Value iterable = a.required(u"iterable"_s);
    const std::vector<Value> initial = a.rest();
    std::optional<Value> total;
    if (!initial.empty())
        total = initial.front();
    i.iterate(iterable, [&](const Value &item) {
        total = total ? i.call(function, {*total, item}) : item;
        return true;
    });
    if (!total)
        i.raise(u"TypeError"_s, u"reduce() of empty iterable with no initial value"_s);
    return *total;
}

/// A decorator that changes nothing, with or without arguments of its own.
Value passThrough(I &i, A args)
{
    if (args.positional.size() == 1 && args.keywords.empty() && i.isCallable(args.positional[0]))
        return args.positional[0];
    return i.function(u"decorator"_s, [](I &, A inner) {
        return inner.positional.empty() ? Value() : inner.positional.front();
    });
}

Value wraps(I &i, A args)
{
    const Value wrapped = args.positional.empty() ? Value() : args.positional.front();
    return i.function(u"wraps"_s, [wrapped](I &in, A inner) {
        const Value function = inner.positional.empty() ? Value() : inner.positional.front();
        if (auto *own = function.as<Function>()) {
            own->attrs.insert(u"__wrapped__"_s, wrapped);
            if (const std::optional<Value> name = in.findAttr(wrapped, u"__name__"_s))
                own->attrs.insert(u"__name__"_s, *name);
            if (const std::optional<Value> doc = in.findAttr(wrapped, u"__doc__"_s))
                own->attrs.insert(u"__doc__"_s, *doc);
        }
        return function;
    });
}

/// @cached_property: asked once an object.
Value cachedProperty(I &i, A args)
{
    const Value getter = Arguments(i, args, u"cached_property"_s).required(u"func"_s);
    auto known = std::make_shared<QHash<Object *, Value>>();
    const Value once = i.function(u"cached_property"_s, [getter, known](I &in, A inner) {
        const Value self = inner.positional.empty() ? Value() : inner.positional.front();
        if (!known->contains(self.object()))
            known->insert(self.object(), in.call(getter, {self}));
        return known->value(self.object());
    });
    return i.call(Value(i.builtinClass(u"property"_s)), {once});
}

/// What cmp_to_key()'s result makes of a value: ordered by the function.
class Key : public Instance
{
public:
    Key(Class *itsClass, Value itsFunction, Value itsValue)
        : Instance(itsClass), function(std::move(itsFunction)), value(std::move(itsValue))
    {
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op, const Value &other) override
    {
        const auto *right = other.as<Key>();
        if (!right)
            return std::nullopt;
        return interpreter.compare(op, interpreter.call(function, {value, right->value}), Value(0));
    }

    const Value function;
    const Value value;
};

Value comparisonKey(I &i, A args)
{
    const Value function = Arguments(i, args, u"cmp_to_key"_s).required(u"mycmp"_s);
    return i.makeClass(u"K"_s, {}, [function](I &in, Class *cls, A given) {
        return Value(in.make<Key>(cls, function, Arguments(in, given, u"K"_s).required(u"obj"_s)));
    });
}

constexpr Entry functoolsTable[] = {
    {u"partial", partial},
    {u"reduce", reduce},
    {u"wraps", wraps},
    {u"lru_cache", passThrough},
    {u"cache", passThrough},
    {u"total_ordering", passThrough},
    {u"cached_property", cachedProperty},
    {u"cmp_to_key", comparisonKey},
};

} // namespace

Module *functoolsModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"functools"_s, functoolsTable);
}

} // namespace tribikos::py::stdlib
