#include "core/pyread/function.h"
#include "core/pyread/methods.h"

#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using V = const Value &;
using A = const CallArgs &;

std::vector<Value> &items(V list)
{
    return list.as<List>()->items;
}

const std::vector<Value> &itemsOf(V sequence)
{
    const auto *tuple = sequence.as<Tuple>();
    return tuple ? tuple->items : sequence.as<List>()->items;
}

Value append(I &i, V v, A args)
{
    Arguments a(i, args, u"append"_s);
    const Value item = a.required(u"object"_s);
    a.finish();
    items(v).push_back(item);
    i.checkLength(qsizetype(items(v).size()));
    i.charge(sizeof(Value));
    return {};
}

Value extend(I &i, V v, A args)
{
    Arguments a(i, args, u"extend"_s);
    const std::vector<Value> more = i.items(a.required(u"iterable"_s));
    a.finish();
    i.checkLength(qsizetype(items(v).size() + more.size()));
    items(v).insert(items(v).end(), more.begin(), more.end());
    return {};
}

Value insert(I &i, V v, A args)
{
    Arguments a(i, args, u"insert"_s);
    const qint64 given = i.plain(a.required(u"index"_s)).toInt();
    const Value item = a.required(u"object"_s);
    a.finish();
    const qint64 size = qint64(items(v).size());
    const qint64 at = qBound<qint64>(0, given < 0 ? given + size : given, size);
    items(v).insert(items(v).begin() + qptrdiff(at), item);
    i.checkLength(size + 1);
    i.charge(sizeof(Value));
    return {};
}

Value pop(I &i, V v, A args)
{
    Arguments a(i, args, u"pop"_s);
    const Value index = a.optional(u"index"_s, Value(-1));
    a.finish();
    if (items(v).empty())
        i.raise(u"IndexError"_s, u"pop from empty list"_s);
    const qint64 at = sequenceIndex(i, index, qint64(items(v).size()), u"pop"_s);
    const Value item = items(v)[size_t(at)];
    items(v).erase(items(v).begin() + qptrdiff(at));
    return item;
}

qint64 position(I &i, const std::vector<Value> &in, V wanted)
{
    for (size_t at = 0; at < in.size(); ++at) {
        if (i.equals(in[at], wanted))
            return qint64(at);
        i.step();
    }
    return -1;
}

Value removeItem(I &i, V v, A args)
{
    Arguments a(i, args, u"remove"_s);
    const qint64 at = position(i, items(v), a.required(u"value"_s));
    a.finish();
    if (at < 0)
        i.raise(u"ValueError"_s, u"list.remove(x): x not in list"_s);
    items(v).erase(items(v).begin() + qptrdiff(at));
    return {};
}

Value index(I &i, V v, A args)
{
    Arguments a(i, args, u"index"_s);
    const Value wanted = a.required(u"value"_s);
    const Value from = a.optional(u"start"_s, Value(0));
    a.finish();
    const std::vector<Value> &in = itemsOf(v);
    for (size_t at = size_t(qMax<qint64>(0, from.toInt())); at < in.size(); ++at) {
        if (i.equals(in[at], wanted))
            return Value(at);
        i.step();
    }
    i.raise(u"ValueError"_s, u"%1 is not in %2"_s.arg(i.repr(wanted), i.typeName(v)));
}

Value count(I &i, V v, A args)
{
    Arguments a(i, args, u"count"_s);
    const Value wanted = a.required(u"value"_s);
    a.finish();
    qint64 found = 0;
    for (const Value &item : itemsOf(v))
        found += i.equals(item, wanted);
    return Value(found);
}

Value sort(I &i, V v, A args)
{
    Arguments a(i, args, u"sort"_s);
    const Value key = a.keywordOnly(u"key"_s);
    const bool reverse = i.truth(a.keywordOnly(u"reverse"_s, Value(false)));
    a.finish();
    std::vector<Value> sorted = items(v);
    sortValues(i, sorted, key, reverse);
    items(v) = std::move(sorted);
    return {};
}

constexpr Method listTable[] = {
    {u"append", append},
    {u"extend", extend},
    {u"insert", insert},
    {u"pop", pop},
    {u"remove", removeItem},
    {u"index", index},
    {u"count", count},
    {u"sort", sort},
    {u"reverse", [](I &, V v, A) { std::reverse(items(v).begin(), items(v).end()); return Value(); }},
    {u"clear", [](I &, V v, A) { items(v).clear(); return Value(); }},
    {u"copy", [](I &i, V v, A) { return i.list(items(v)); }},
};

constexpr Method tupleTable[] = {{u"index", index}, {u"count", count}};

// --- dict ----------------------------------------------------------------------------------------

Dict &dict(V v)
{
    return *v.as<Dict>();
}

/// keys(), values(), items(): sees later changes of the dict.
class View : public Object
{
public:
    enum class Part { Keys, Values, Items };

    View(Dict *dict, Part part) : m_dict(dict), m_part(part) {}
    QString typeName() const override
    {
        return m_part == Part::Keys ? u"dict_keys"_s
               : m_part == Part::Values ? u"dict_values"_s : u"dict_items"_s;
    }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        const qint64 before = m_dict->size();
        for (const auto &[key, value] : m_dict->entries()) {
            if (!visit(m_part == Part::Keys ? key
                       : m_part == Part::Values ? value : interpreter.tuple({key, value})))
                return;
            if (m_dict->size() != before)
                interpreter.raise(u"RuntimeError"_s, u"dictionary changed size during iteration"_s);
        }
    }
    std::optional<qint64> length(Interpreter &) override { return m_dict->size(); }
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override
    {
        return m_part == Part::Keys ? m_dict->contains(interpreter, item) : std::nullopt;
    }
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                bool reflected) override
    {
        Set *mine = asSet(interpreter, Value(this));
        Set *theirs = asSet(interpreter, other);
        return reflected ? theirs->binary(interpreter, op, Value(mine), false)
                         : mine->binary(interpreter, op, Value(theirs), false);
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op, const Value &other) override
    {
        if ((!other.as<View>() && !other.as<Set>()) || m_part == Part::Values)
            return std::nullopt;
        return asSet(interpreter, Value(this))->compare(interpreter, op,
                                                        Value(asSet(interpreter, other)));
    }
    QString repr(Interpreter &interpreter) override
    {
        return u"%1(%2)"_s.arg(typeName(),
                               interpreter.repr(interpreter.list(interpreter.items(Value(this)))));
    }

private:
    static Set *asSet(Interpreter &interpreter, const Value &iterable)
    {
        auto *made = interpreter.make<Set>();
        for (const Value &item : interpreter.items(iterable))
            made->insert(interpreter, item);
        return made;
    }

    Dict *m_dict;
    Part m_part;
};

Value view(I &i, V v, View::Part part)
{
    return i.make<View>(v.as<Dict>(), part);
}

Value get(I &i, V v, A args)
{
    Arguments a(i, args, u"get"_s);
    const Value key = a.required(u"key"_s);
    const Value otherwise = a.optional(u"default"_s);
    a.finish();
    const Value *found = dict(v).find(i, key);
    return found ? *found : otherwise;
}

Value popKey(I &i, V v, A args)
{
    Arguments a(i, args, u"pop"_s);
    const Value key = a.required(u"key"_s);
    const std::vector<Value> otherwise = a.rest();
    a.finish();
    if (const Value *found = dict(v).find(i, key)) {
        const Value value = *found;
        dict(v).remove(i, key);
        return value;
    }
    if (otherwise.empty())
        i.raiseKeyError(key);
    return otherwise.front();
}

Value setDefault(I &i, V v, A args)
{
    Arguments a(i, args, u"setdefault"_s);
    const Value key = a.required(u"key"_s);
    const Value otherwise = a.optional(u"default"_s);
    a.finish();
    if (const Value *found = dict(v).find(i, key))
        return *found;
    dict(v).insert(i, key, otherwise);
    return otherwise;
}

Value update(I &i, V v, A args)
{
    Arguments a(i, args, u"update"_s);
    for (const Value &source : a.rest()) {
        const Value plain = i.plain(source);
        if (const auto *other = plain.as<Dict>()) {
            for (const auto &[key, value] : other->entries())
                dict(v).insert(i, key, value);
            continue;
        }
        i.iterate(plain, [&](const Value &pair) {
            const std::vector<Value> two = i.items(pair);
            if (two.size() != 2)
                i.raise(u"ValueError"_s, u"dictionary update sequence elements need length 2"_s);
            dict(v).insert(i, two[0], two[1]);
            return true;
        });
    }
    for (const auto &[name, value] : a.restKeywords())
        dict(v).insert(i, Value(name), value);
    return {};
}

Value popItem(I &i, V v, A)
{
    const auto entries = dict(v).entries();
    if (entries.empty())
        i.raise(u"KeyError"_s, u"popitem(): dictionary is empty"_s);
    dict(v).remove(i, entries.back().first);
    return i.tuple({entries.back().first, entries.back().second});
}

Value copyDict(I &i, V v, A)
{
    auto *made = i.make<Dict>();
    for (const auto &[key, value] : dict(v).entries())
        made->insert(i, key, value);
    return made;
}

constexpr Method dictTable[] = {
    {u"get", get},
    {u"items", [](I &i, V v, A) { return view(i, v, View::Part::Items); }},
    {u"keys", [](I &i, V v, A) { return view(i, v, View::Part::Keys); }},
    {u"values", [](I &i, V v, A) { return view(i, v, View::Part::Values); }},
    {u"pop", popKey},
    {u"setdefault", setDefault},
    {u"update", update},
    {u"popitem", popItem},
    {u"copy", copyDict},
    {u"clear", [](I &, V v, A) { dict(v).clear(); return Value(); }},
};

// --- set -----------------------------------------------------------------------------------------

Set &set(V v)
{
    return *v.as<Set>();
}

Set *copied(I &i, V v)
{
    auto *made = i.make<Set>(set(v).frozen);
    for (const Value &item : set(v).items())
        made->insert(i, item);
    return made;
}

Value combined(I &i, V v, A args, BinaryOp op)
{
    Value result = copied(i, v);
    for (const Value &other : args.positional) {
        auto *right = i.make<Set>();
        for (const Value &item : i.items(other))
            right->insert(i, item);
        result = i.binary(op, result, Value(right));
    }
    return result;
}

Value combine(I &i, V v, A args, BinaryOp op)
{
    const Value result = combined(i, v, args, op);
    const std::vector<Value> kept = set(result).items();
    set(v).clear();
    for (const Value &item : kept)
        set(v).insert(i, item);
    return {};
}

Value related(I &i, V v, A args, CompareOp op)
{
    auto *right = i.make<Set>();
    if (!args.positional.empty()) {
        for (const Value &item : i.items(args.positional.front()))
            right->insert(i, item);
    }
    return i.compare(op, v, Value(right));
}

Value discard(I &i, V v, A args, bool mustExist)
{
    Arguments a(i, args, u"remove"_s);
    const Value item = a.required(u"elem"_s);
    a.finish();
    if (!set(v).remove(i, item) && mustExist)
        i.raiseKeyError(item);
    return {};
}

constexpr Method setTable[] = {
    {u"add", [](I &i, V v, A args) {
         Arguments a(i, args, u"add"_s);
         set(v).insert(i, a.required(u"elem"_s));
         a.finish();
         return Value();
     }},
    {u"union", [](I &i, V v, A a) { return combined(i, v, a, BinaryOp::Or); }},
    {u"intersection", [](I &i, V v, A a) { return combined(i, v, a, BinaryOp::And); }},
    {u"difference", [](I &i, V v, A a) { return combined(i, v, a, BinaryOp::Sub); }},
    {u"symmetric_difference", [](I &i, V v, A a) { return combined(i, v, a, BinaryOp::Xor); }},
    {u"update", [](I &i, V v, A a) { return combine(i, v, a, BinaryOp::Or); }},
    {u"intersection_update", [](I &i, V v, A a) { return combine(i, v, a, BinaryOp::And); }},
    {u"difference_update", [](I &i, V v, A a) { return combine(i, v, a, BinaryOp::Sub); }},
    {u"discard", [](I &i, V v, A a) { return discard(i, v, a, false); }},
    {u"remove", [](I &i, V v, A a) { return discard(i, v, a, true); }},
    {u"issubset", [](I &i, V v, A a) { return related(i, v, a, CompareOp::Le); }},
    {u"issuperset", [](I &i, V v, A a) { return related(i, v, a, CompareOp::Ge); }},
    {u"isdisjoint", [](I &i, V v, A a) {
         return Value(set(combined(i, v, a, BinaryOp::And)).items().empty());
     }},
    {u"copy", [](I &i, V v, A) { return Value(copied(i, v)); }},
    {u"clear", [](I &, V v, A) { set(v).clear(); return Value(); }},
    {u"pop", [](I &i, V v, A) {
         const std::vector<Value> all = set(v).items();
         if (all.empty())
             i.raise(u"KeyError"_s, u"'pop from an empty set'"_s);
         set(v).remove(i, all.front());
         return all.front();
     }},
};

} // namespace

void sortValues(Interpreter &interpreter, std::vector<Value> &values, const Value &key, bool reverse)
{
    std::vector<std::pair<Value, Value>> keyed;
    keyed.reserve(values.size());
    for (const Value &value : values)
        keyed.emplace_back(key.isNone() ? value : interpreter.call(key, {value}), value);
    // std::stable_sort may run off its range when a script's __lt__ is inconsistent: ours merges
    std::vector<std::pair<Value, Value>> other(keyed.size());
    for (size_t width = 1; width < keyed.size(); width *= 2) {
        for (size_t low = 0; low < keyed.size(); low += 2 * width) {
            const size_t middle = std::min(low + width, keyed.size());
            const size_t high = std::min(low + 2 * width, keyed.size());
            size_t left = low;
            size_t right = middle;
            for (size_t to = low; to < high; ++to) {
                const bool takeRight = left == middle
                    || (right < high
                        && (reverse ? interpreter.less(keyed[left].first, keyed[right].first)
                                    : interpreter.less(keyed[right].first, keyed[left].first)));
                other[to] = keyed[takeRight ? right++ : left++];
            }
        }
        std::swap(keyed, other);
    }
    for (size_t at = 0; at < values.size(); ++at)
        values[at] = keyed[at].second;
}

std::span<const Method> listMethods()
{
    return listTable;
}

std::span<const Method> tupleMethods()
{
    return tupleTable;
}

std::span<const Method> dictMethods()
{
    return dictTable;
}

std::span<const Method> setMethods()
{
    return setTable;
}

} // namespace tribikos::py
