#include "core/pyread/stdlib/library.h"

#include <algorithm>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

// --- defaultdict, OrderedDict, Counter: instances around a plain dict ----------------------------

class OrderedDict : public Instance
{
public:
    using Instance::Instance;
    QString repr(Interpreter &interpreter) override
    {
        const auto *dict = payload.as<Dict>();
        if (cls->name == u"UserDict")
            return interpreter.repr(payload);
        if (!dict || dict->size() == 0)
            return cls->name + u"()"_s;
        std::vector<Value> pairs;
        for (const auto &[key, value] : dict->entries())
            pairs.push_back(interpreter.tuple({key, value}));
        return u"%1(%2)"_s.arg(cls->name, interpreter.repr(interpreter.list(std::move(pairs))));
    }
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"popitem" && cls->name != u"UserDict")
            return interpreter.function(name, [this](I &i, A args) { return popItem(i, args); });
        if (name != u"move_to_end" || cls->name == u"UserDict")
            return std::nullopt;
        return interpreter.function(name, [this](I &i, A args) -> Value {
            Arguments a(i, args, u"move_to_end"_s);
            const Value key = a.required(u"key"_s);
            const bool isLast = i.truth(a.optional(u"last"_s, Value(true)));
            a.finish();
            auto *dict = payload.as<Dict>();
            const Value *found = dict->find(i, key);
            if (!found)
                i.raiseKeyError(key);
            const Value value = *found;
            auto entries = dict->entries();
            dict->clear();
            if (!isLast)
                dict->insert(i, key, value);
            for (const auto &[other, its] : entries)
                if (!i.equals(other, key))
                    dict->insert(i, other, its);
            if (isLast)
                dict->insert(i, key, value);
            return {};
        });
    }

private:
    Value popItem(I &i, A args)
    {
        Arguments a(i, args, u"popitem"_s);
        const bool isLast = i.truth(a.optional(u"last"_s, Value(true)));
        a.finish();
        auto *dict = payload.as<Dict>();
        const auto entries = dict->entries();
        if (entries.empty())
            i.raise(u"KeyError"_s, u"dictionary is empty"_s);
        const auto &[key, value] = isLast ? entries.back() : entries.front();
        const Value pair = i.tuple({key, value});
        dict->remove(i, key);
        return pair;
    }
};

Instance *aroundDict(I &i, Class *cls, A args)
{
    auto *instance = i.make<OrderedDict>(cls);
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
        if (name == u"elements" || name == u"total")
            return interpreter.function(name, [this, name](I &i, A) -> Value {
                std::vector<Value> all;
                qint64 total = 0;
                for (const auto &[key, value] : payload.as<Dict>()->entries()) {
                    total += value.toInt();
                    i.checkLength(qsizetype(qMax<qint64>(total, 0)));
                    for (qint64 n = 0; name == u"elements" && n < value.toInt(); ++n)
                        all.push_back(key);
                }
                return name == u"total" ? Value(total) : i.list(std::move(all));
            });
        if (name == u"update" || name == u"subtract")
            return interpreter.function(name, [this, name](I &i, A args) -> Value {
                Arguments a(i, args, name);
                const Value other = a.optional(u"iterable"_s);
                a.finish();
                if (!other.isNone())
                    count(i, other, name == u"update" ? 1 : -1);
                return {};
            });
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
    void count(I &i, const Value &given, qint64 sign)
    {
        auto *dict = payload.as<Dict>();
        const auto add = [&](const Value &key, qint64 times) {
            const Value *known = dict->find(i, key);
            dict->insert(i, key, Value((known ? known->toInt() : 0) + sign * times));
        };
        const Value source = i.plain(given);
        if (const auto *other = source.as<Dict>()) {
            for (const auto &[key, value] : other->entries())
                add(key, numberOf(i, value));
            return;
        }
        i.iterate(source, [&](const Value &item) {
            add(item, 1);
            return true;
        });
    }
    QString repr(Interpreter &interpreter) override
    {
        auto entries = payload.as<Dict>()->entries();
        if (entries.empty())
            return u"Counter()"_s;
        std::stable_sort(entries.begin(), entries.end(), [](const auto &left, const auto &right) {
            return left.second.toInt() > right.second.toInt();
        });
        auto *sorted = interpreter.make<Dict>();
        for (const auto &[key, value] : entries)
            sorted->insert(interpreter, key, value);
        return u"Counter(%1)"_s.arg(interpreter.repr(sorted));
    }
    std::optional<Value> binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected) override
    {
        const auto *right = other.as<Counter>();
        if (!right || reflected || (op != BinaryOp::Add && op != BinaryOp::Sub))
            return Instance::binary(i, op, other, reflected);
        auto *sum = i.make<Counter>(cls);
        sum->payload = Value(i.make<Dict>());
        sum->hasPayload = true;
        sum->count(i, payload, 1);
        sum->count(i, right->payload, op == BinaryOp::Add ? 1 : -1);
        auto *dict = sum->payload.as<Dict>();
        for (const auto &[key, value] : dict->entries()) // what isn't positive isn't counted
            if (value.toInt() <= 0)
                dict->remove(i, key);
        return Value(sum);
    }
};

Value counter(I &i, Class *cls, A args)
{
    auto *instance = i.make<Counter>(cls);
    instance->payload = Value(i.make<Dict>());
    instance->hasPayload = true;
    Arguments a(i, args, u"Counter"_s);
    const Value source = a.optional(u"iterable"_s);
    if (!source.isNone())
        instance->count(i, source, 1);
    for (const auto &[name, value] : a.restKeywords())
        instance->payload.as<Dict>()->insert(i, Value(name), value);
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
    const Value fieldNames = i.tuple(std::move(names));
    cls->set(u"_fields"_s, fieldNames);
    cls->set(u"__match_args__"_s, fieldNames);
    cls->set(u"_make"_s, i.function(u"_make"_s, [cls](I &in, A values) {
        Arguments b(in, values, u"_make"_s);
        return in.call(Value(cls), in.items(b.required(u"iterable"_s)));
    }));
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
    Deque(std::vector<Value> values, std::optional<qint64> longest)
        : List(std::move(values))
        , maxLength(longest)
    {
        trim(true);
    }
    QString typeName() const override { return u"deque"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"maxlen")
            return maxLength ? Value(*maxLength) : Value();
        static const QStringList own{u"popleft"_s, u"appendleft"_s, u"append"_s, u"extend"_s,
                                     u"extendleft"_s, u"rotate"_s, u"insert"_s, u"copy"_s};
        if (!own.contains(name))
            return List::getAttr(interpreter, name);
        return interpreter.function(
            name, [this, name](I &i, A args) -> Value { return changed(i, name, args); });
    }
    std::optional<Value> compare(Interpreter &i, CompareOp op, const Value &other) override
    {
        return other.as<Deque>() ? List::compare(i, op, other) : std::nullopt;
    }
    QString repr(Interpreter &interpreter) override
    {
        const QString shown = List::repr(interpreter);
        return maxLength ? u"deque(%1, maxlen=%2)"_s.arg(shown).arg(*maxLength)
                         : u"deque(%1)"_s.arg(shown);
    }

    const std::optional<qint64> maxLength;

private:
    /// Drops what is too much, at the start or at the end.
    void trim(bool atStart)
    {
        if (!maxLength || qint64(items.size()) <= *maxLength)
            return;
        const auto extra = qint64(items.size()) - *maxLength;
        if (atStart)
            items.erase(items.begin(), items.begin() + extra);
        else
            items.erase(items.end() - extra, items.end());
    }
    Value changed(I &i, const QString &name, A args)
    {
        Arguments a(i, args, name);
        if (name == u"popleft") {
            if (items.empty())
                i.raise(u"IndexError"_s, u"pop from an empty deque"_s);
            const Value first = items.front();
            items.erase(items.begin());
            return first;
        }
        if (name == u"copy")
            return i.make<Deque>(items, maxLength);
        if (name == u"rotate") {
            rotate(numberOf(i, a.optional(u"n"_s, Value(1))));
            return {};
        }
        if (name == u"insert") {
            const qint64 at = numberOf(i, a.required(u"index"_s));
            const auto size = qint64(items.size());
            if (maxLength && size >= *maxLength)
                i.raise(u"IndexError"_s, u"deque already at its maximum size"_s);
            const qint64 place = std::clamp(at < 0 ? at + size : at, qint64(0), size);
            items.insert(items.begin() + place, a.required(u"object"_s));
            return {};
        }
        const bool isLeft = name.endsWith(u"left");
        const Value given = a.required(u"x"_s);
        for (const Value &item :
             name.startsWith(u"extend") ? i.items(given) : std::vector<Value>{given}) {
            items.insert(isLeft ? items.begin() : items.end(), item);
            trim(!isLeft);
            i.checkLength(qsizetype(items.size()));
        }
        return {};
    }
    void rotate(qint64 steps)
    {
        const auto size = qint64(items.size());
        if (size)
            std::rotate(items.begin(), items.begin() + ((size - steps % size) % size), items.end());
    }
};

Value deque(I &i, A args)
{
    Arguments a(i, args, u"deque"_s);
    const Value source = a.optional(u"iterable"_s);
    const Value longest = a.optional(u"maxlen"_s);
    a.finish();
    return i.make<Deque>(source.isNone() ? std::vector<Value>{} : i.items(source),
                         longest.isNone() ? std::nullopt
                                          : std::optional<qint64>(numberOf(i, longest)));
}

constexpr Entry collectionsTable[] = {{u"namedtuple", namedTuple}, {u"deque", deque}};

} // namespace

Module *collectionsModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"collections"_s, collectionsTable, more);
}

} // namespace tribikos::py::stdlib
