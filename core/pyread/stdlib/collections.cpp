#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

// --- defaultdict, OrderedDict, Counter: instances around a plain dict ----------------------------

Instance *aroundDict(I &i, Class *cls, A args)
{
    auto *instance = i.make<Instance>(cls);
    instance->payload = i.call(Value(i.builtinClass(u"dict"_s)), args);
    instance->hasPayload = true;
    return instance;
}

class DefaultDict : public Instance
{
public:
    DefaultDict(Class *itsClass, Value itsFactory) : Instance(itsClass), factory(std::move(itsFactory)) {}
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        auto *dict = payload.as<Dict>();
        if (const Value *known = dict->find(interpreter, key))
            return *known;
        if (factory.isNone())
            return Instance::getItem(interpreter, key);
        const Value made = interpreter.call(factory, std::vector<Value>{});
        dict->insert(interpreter, key, made);
        return made;
    }
    std::optional<Value> nativeAttr(Interpreter &, const QString &name) override
    {
        return name == u"default_factory" ? std::optional<Value>(factory) : std::nullopt;
    }
    QString repr(Interpreter &interpreter) override
    {
        return u"defaultdict(%1, %2)"_s.arg(interpreter.repr(factory), interpreter.repr(payload));
    }
    const Value factory;
};

Value defaultDict(I &i, Class *cls, A args)
{
    CallArgs rest = args;
    Value factory;
    if (!rest.positional.empty()) {
        factory = rest.positional.front();
        rest.positional.erase(rest.positional.begin());
    }
    auto *instance = i.make<DefaultDict>(cls, factory);
    instance->payload = i.call(Value(i.builtinClass(u"dict"_s)), rest);
    instance->hasPayload = true;
    return instance;
}

class Counter : public Instance
{
public:
    using Instance::Instance;
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        const Value *known = payload.as<Dict>()->find(interpreter, key);
        return known ? *known : Value(0);
    }
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name != u"most_common")
            return std::nullopt;
        return interpreter.function(name, [this](I &i, A args) {
            Arguments a(i, args, u"most_common"_s);
            const Value limit = a.optional(u"n"_s);
            auto entries = payload.as<Dict>()->entries();
            std::stable_sort(entries.begin(), entries.end(), [](const auto &left, const auto &right) {
                return left.second.toInt() > right.second.toInt();
            });
            if (!limit.isNone())
                entries.resize(std::min<size_t>(entries.size(), size_t(numberOf(i, limit))));
            std::vector<Value> pairs;
            for (const auto &[key, value] : entries)
                pairs.push_back(i.tuple({key, value}));
            return i.list(std::move(pairs));
        });
    }
    QString repr(Interpreter &interpreter) override
    {
        return u"Counter(%1)"_s.arg(interpreter.repr(payload));
    }
};

Value counter(I &i, Class *cls, A args)
{
    auto *dict = i.make<Dict>();
    Arguments a(i, args, u"Counter"_s);
    const Value source = i.plain(a.optional(u"iterable"_s));
    if (const auto *other = source.as<Dict>()) {
        for (const auto &[key, value] : other->entries())
            dict->insert(i, key, value);
    } else if (!source.isNone()) {
        i.iterate(source, [&](const Value &item) {
            const Value *known = dict->find(i, item);
            dict->insert(i, item, Value((known ? known->toInt() : 0) + 1));
            return true;
        });
    }
    auto *instance = i.make<Counter>(cls);
    instance->payload = Value(dict);
    instance->hasPayload = true;
    return instance;
}

// --- namedtuple ----------------------------------------------------------------------------------

QStringList fieldNames(I &i, const Value &value)
{
    if (value.isStr())
        return value.str().simplified().replace(u',', u' ').split(u' ', Qt::SkipEmptyParts);
    QStringList names;
    for (const Value &item : i.items(value))
        names.append(textOf(i, item));
    return names;
}

class NamedTuple : public Instance
{
public:
    NamedTuple(Class *itsClass, QStringList itsFields) : Instance(itsClass), fields(std::move(itsFields)) {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override
    {
        const std::vector<Value> &items = payload.as<Tuple>()->items;
        const qsizetype at = fields.indexOf(name);
        if (at >= 0)
            return items[size_t(at)];
        if (name == u"_fields") {
            std::vector<Value> names(fields.begin(), fields.end());
            return interpreter.tuple(std::move(names));
        }
        if (name == u"_asdict") {
            return interpreter.function(name, [this](I &i, A) {
                std::vector<std::pair<QString, Value>> pairs;
                for (qsizetype index = 0; index < fields.size(); ++index)
                    pairs.emplace_back(fields[index], payload.as<Tuple>()->items[size_t(index)]);
                return i.dict(pairs);
            });
        }
        if (name == u"_replace") {
            return interpreter.function(name, [this](I &i, A args) {
                std::vector<Value> changed = payload.as<Tuple>()->items;
                for (const auto &[key, value] : args.keywords) {
                    const qsizetype index = fields.indexOf(key);
                    if (index < 0)
                        i.raise(u"ValueError"_s, u"Got unexpected field names: ['%1']"_s.arg(key));
                    changed[size_t(index)] = value;
                }
                return i.call(Value(cls), std::move(changed));
            });
        }
        return std::nullopt;
    }
    QString repr(Interpreter &interpreter) override
    {
        QStringList parts;
        for (qsizetype at = 0; at < fields.size(); ++at)
            parts.append(fields[at] + u'=' + interpreter.repr(payload.as<Tuple>()->items[size_t(at)]));
        return u"%1(%2)"_s.arg(cls->name, parts.join(u", "_s));
    }
    const QStringList fields;
};

Value namedTuple(I &i, A args)
{
    Arguments a(i, args, u"namedtuple"_s);
    const QString name = textOf(i, a.required(u"typename"_s));
    const QStringList fields = fieldNames(i, a.required(u"field_names"_s));
    const Value given = a.keywordOnly(u"defaults"_s);
    const std::vector<Value> defaults = given.isNone() ? std::vector<Value>{} : i.items(given);
    a.keywordOnly(u"rename"_s);
    a.keywordOnly(u"module"_s);
    a.finish();
    Class *cls = i.makeClass(name, {i.builtinClass(u"tuple"_s)},
                             [fields, defaults](I &in, Class *made, A values) {
        Arguments b(in, values, made->name);
        std::vector<Value> items;
        for (qsizetype at = 0; at < fields.size(); ++at) {
            const qsizetype fromEnd = fields.size() - at;
            if (fromEnd <= qsizetype(defaults.size()))
                items.push_back(b.optional(fields[at], defaults[defaults.size() - size_t(fromEnd)]));
            else
                items.push_back(b.required(fields[at]));
        }
        b.finish();
        auto *instance = in.make<NamedTuple>(made, fields);
        instance->payload = in.tuple(std::move(items));
        instance->hasPayload = true;
        return Value(instance);
    });
    std::vector<Value> names(fields.begin(), fields.end());
    cls->set(u"_fields"_s, i.tuple(std::move(names)));
    return cls;
}

std::optional<Value> more(I &i, const QString &name)
{
    const auto dictClass = [&](Class::Constructor construct) {
        return Value(sharedClass(i, u"collections."_s + name, [&] {
            Class *cls = i.makeClass(name, {i.builtinClass(u"dict"_s)}, construct);
            cls->module = u"collections"_s;
            return cls;
        }));
    };
    if (name == u"defaultdict")
        return dictClass(defaultDict);
    if (name == u"Counter")
        return dictClass(counter);
    if (name == u"OrderedDict" || name == u"UserDict") {
        return dictClass([](I &in, Class *cls, A args) { return Value(aroundDict(in, cls, args)); });
    }
    return std::nullopt;
}

class Deque : public List
{
public:
    using List::List;
    QString typeName() const override { return u"deque"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"popleft" || name == u"appendleft") {
            return interpreter.function(name, [this, name](I &i, A args) -> Value {
                if (name == u"appendleft") {
                    items.insert(items.begin(), Arguments(i, args, name).required(u"x"_s));
                    i.checkLength(qsizetype(items.size()));
                    return {};
                }
                if (items.empty())
                    i.raise(u"IndexError"_s, u"pop from an empty deque"_s);
                const Value first = items.front();
                items.erase(items.begin());
                return first;
            });
        }
        return List::getAttr(interpreter, name);
    }
    QString repr(Interpreter &interpreter) override
    {
        return u"deque(%1)"_s.arg(List::repr(interpreter));
    }
};

Value deque(I &i, A args)
{
    Arguments a(i, args, u"deque"_s);
    const Value source = a.optional(u"iterable"_s);
    return i.make<Deque>(source.isNone() ? std::vector<Value>{} : i.items(source));
}

constexpr Entry collectionsTable[] = {{u"namedtuple", namedTuple}, {u"deque", deque}};

} // namespace

Module *collectionsModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"collections"_s, collectionsTable, more);
}

} // namespace tribikos::py::stdlib
