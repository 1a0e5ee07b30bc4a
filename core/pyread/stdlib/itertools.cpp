#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

Value chained(I &i, const std::vector<Value> &iterables)
{
    return i.make<LazyItems>(u"chain"_s, [in = &i, iterables](const Visitor &visit) {
        bool more = true;
        for (const Value &iterable : iterables) {
            in->iterate(iterable, [&](const Value &item) { return more = visit(item); });
            if (!more)
                return;
        }
    });
}

class Chain : public Object
{
public:
    QString typeName() const override { return u"chain"_s; }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override
    {
        return chained(interpreter, args.positional);
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name != u"from_iterable")
            return Object::getAttr(interpreter, name);
        return interpreter.function(name, [](I &i, A args) {
            return chained(i, i.items(Arguments(i, args, u"from_iterable"_s).required(u"iterable"_s)));
        });
    }
};

Value product(I &i, A args)
{
    Arguments a(i, args, u"product"_s);
    const qint64 repeat = std::clamp<qint64>(numberOf(i, a.keywordOnly(u"repeat"_s, Value(1))), 0, 20);
    std::vector<std::vector<Value>> pools;
    for (const Value &iterable : a.rest())
        pools.push_back(i.items(iterable));
    const size_t given = pools.size();
    for (qint64 round = 1; round < repeat; ++round) {
        for (size_t at = 0; at < given; ++at)
            pools.push_back(pools[at]);
    }
    std::vector<std::vector<Value>> rows{{}};
    for (const std::vector<Value> &pool : repeat == 0 ? decltype(pools){} : pools) {
        std::vector<std::vector<Value>> next;
        for (const std::vector<Value> &row : rows) {
            for (const Value &item : pool) {
                next.push_back(row);
                next.back().push_back(item);
                i.step(1 + qint64(row.size()) / 4);
                i.charge(qint64(next.back().size() * sizeof(Value)));
                i.checkLength(qsizetype(next.size()));
            }
        }
        rows = std::move(next);
    }
    std::vector<Value> tuples;
    for (std::vector<Value> &row : rows)
        tuples.push_back(i.tuple(std::move(row)));
    return i.make<Iterator>(u"product"_s, std::move(tuples));
}

void pick(I &i, const std::vector<Value> &pool, size_t size, bool ordered, std::vector<size_t> &chosen,
          std::vector<Value> &result)
{
    i.step(1 + qint64(chosen.size()));
    if (chosen.size() == size) {
        i.charge(qint64(size * sizeof(Value)));
        std::vector<Value> row;
        for (const size_t at : chosen)
            row.push_back(pool[at]);
        result.push_back(i.tuple(std::move(row)));
        i.checkLength(qsizetype(result.size()));
        return;
    }
    for (size_t at = ordered || chosen.empty() ? 0 : chosen.back() + 1; at < pool.size(); ++at) {
        if (std::find(chosen.begin(), chosen.end(), at) != chosen.end())
            continue;
        chosen.push_back(at);
        pick(i, pool, size, ordered, chosen, result);
        chosen.pop_back();
    }
}

Value selections(I &i, A args, bool ordered)
{
    Arguments a(i, args, u"permutations"_s);
    const std::vector<Value> pool = i.items(a.required(u"iterable"_s));
    const Value size = a.optional(u"r"_s, Value(pool.size()));
    const qint64 count = numberOf(i, size);
    std::vector<Value> result;
    std::vector<size_t> chosen;
    if (count >= 0 && size_t(count) <= pool.size())
        pick(i, pool, size_t(count), ordered, chosen, result);
    return i.make<Iterator>(u"permutations"_s, std::move(result));
}

Value groupBy(I &i, A args)
{
    Arguments a(i, args, u"groupby"_s);
    const std::vector<Value> items = i.items(a.required(u"iterable"_s));
    const Value key = a.optional(u"key"_s);
    std::vector<Value> groups;
    std::vector<Value> members;
    Value current;
    const auto close = [&] {
        if (!members.empty())
            groups.push_back(i.tuple({current, i.make<Iterator>(u"_grouper"_s, std::move(members))}));
        members.clear();
    };
    for (const Value &item : items) {
        const Value own = key.isNone() ? item : i.call(key, {item});
        if (members.empty() || !i.equals(own, current))
            close();
        current = own;
        members.push_back(item);
    }
    close();
    return i.make<Iterator>(u"groupby"_s, std::move(groups));
}

Value count(I &i, A args)
{
    Arguments a(i, args, u"count"_s);
    Value next = a.optional(u"start"_s, Value(0));
    const Value step = a.optional(u"step"_s, Value(1));
    return i.make<Iterator>(u"count"_s, Iterator::Producer([in = &i, next, step]() mutable
                                                               -> std::optional<Value> {
        const Value now = next;
        next = in->binary(BinaryOp::Add, next, step);
        return now;
    }));
}

Value cycle(I &i, A args)
{
    std::vector<Value> items = i.items(Arguments(i, args, u"cycle"_s).required(u"iterable"_s));
    return i.make<Iterator>(u"cycle"_s, Iterator::Producer([items = std::move(items), at = size_t(0)]() mutable
                                                               -> std::optional<Value> {
        if (items.empty())
            return std::nullopt;
        return items[at++ % items.size()];
    }));
}

Value repeat(I &i, A args)
{
    Arguments a(i, args, u"repeat"_s);
    const Value item = a.required(u"object"_s);
    const Value times = a.optional(u"times"_s);
    qint64 left = times.isNone() ? -1 : std::max<qint64>(0, numberOf(i, times));
    return i.make<Iterator>(u"repeat"_s, Iterator::Producer([item, left]() mutable -> std::optional<Value> {
        if (left == 0)
            return std::nullopt;
        if (left > 0)
            --left;
        return item;
    }));
}

Value islice(I &i, A args)
{
    Arguments a(i, args, u"islice"_s);
    const auto source = puller(i, a.required(u"iterable"_s));
    const std::vector<Value> given = a.rest();
    const auto at = [&](size_t index, qint64 otherwise) {
        return index < given.size() && !given[index].isNone() ? numberOf(i, given[index]) : otherwise;
    };
    const qint64 start = given.size() > 1 ? at(0, 0) : 0;
    const qint64 stop = given.size() > 1 ? at(1, -1) : at(0, -1);
    const qint64 step = std::max<qint64>(1, at(2, 1));
    std::vector<Value> items;
    for (qint64 index = 0; stop < 0 || index < stop; ++index) {
        const std::optional<Value> item = source();
        if (!item)
            break;
        if (index >= start && (index - start) % step == 0)
            items.push_back(*item);
        i.step();
        i.checkLength(qsizetype(items.size()));
    }
    return i.make<Iterator>(u"islice"_s, std::move(items));
}

Value zipLongest(I &i, A args)
{
    Arguments a(i, args, u"zip_longest"_s);
    const Value fill = a.keywordOnly(u"fillvalue"_s);
    std::vector<std::vector<Value>> columns;
    size_t longest = 0;
    for (const Value &iterable : a.rest()) {
        columns.push_back(i.items(iterable));
        longest = std::max(longest, columns.back().size());
    }
    std::vector<Value> rows;
    for (size_t at = 0; at < longest; ++at) {
        std::vector<Value> row;
        for (const std::vector<Value> &column : columns)
            row.push_back(at < column.size() ? column[at] : fill);
        rows.push_back(i.tuple(std::move(row)));
    }
    return i.make<Iterator>(u"zip_longest"_s, std::move(rows));
}

Value accumulate(I &i, A args)
{
    Arguments a(i, args, u"accumulate"_s);
    const Value iterable = a.required(u"iterable"_s);
    const Value function = a.optional(u"func"_s);
    std::vector<Value> totals;
    i.iterate(iterable, [&](const Value &item) {
        totals.push_back(totals.empty() ? item
                         : function.isNone() ? i.binary(BinaryOp::Add, totals.back(), item)
                                             : i.call(function, {totals.back(), item}));
        return true;
    });
    return i.make<Iterator>(u"accumulate"_s, std::move(totals));
}

Value starMap(I &i, A args)
{
    Arguments a(i, args, u"starmap"_s);
    const Value function = a.required(u"function"_s);
    const Value iterable = a.required(u"iterable"_s);
    return i.make<LazyItems>(u"starmap"_s, [in = &i, function, iterable](const Visitor &visit) {
        in->iterate(iterable, [&](const Value &item) { return visit(in->call(function, in->items(item))); });
    });
}

Value pairwise(I &i, A args)
{
    const std::vector<Value> items = i.items(Arguments(i, args, u"pairwise"_s).required(u"iterable"_s));
    std::vector<Value> pairs;
    for (size_t at = 1; at < items.size(); ++at)
        pairs.push_back(i.tuple({items[at - 1], items[at]}));
    return i.make<Iterator>(u"pairwise"_s, std::move(pairs));
}

Value batched(I &i, A args)
{
    Arguments a(i, args, u"batched"_s);
    const std::vector<Value> items = i.items(a.required(u"iterable"_s));
    const qint64 size = numberOf(i, a.required(u"n"_s));
    if (size < 1)
        i.raise(u"ValueError"_s, u"n must be at least one"_s);
    std::vector<Value> rows;
    for (size_t at = 0; at < items.size(); at += size_t(size)) {
        const size_t end = std::min(items.size(), at + size_t(size));
        rows.push_back(i.tuple({items.begin() + qptrdiff(at), items.begin() + qptrdiff(end)}));
    }
    return i.make<Iterator>(u"batched"_s, std::move(rows));
}

/// takewhile, dropwhile and filterfalse: each item by what \a keep says of the condition so far.
template<bool isTake, bool isDrop>
Value filtered(I &i, A args)
{
    Arguments a(i, args, u"takewhile"_s);
    const Value predicate = a.required(u"predicate"_s);
    const Value iterable = a.required(u"iterable"_s);
    a.finish();
    return i.make<LazyItems>(u"takewhile"_s, [in = &i, predicate, iterable](const Visitor &visit) {
        bool isOver = false;
        in->iterate(iterable, [&](const Value &item) {
            const bool holds =
                !isOver && in->truth(predicate.isNone() ? item : in->call(predicate, {item}));
            if (isTake)
                return holds && visit(item);
            isOver = isDrop && !holds;
            return holds || visit(item);
        });
    });
}

Value compress(I &i, A args)
{
    Arguments a(i, args, u"compress"_s);
    const std::vector<Value> items = i.items(a.required(u"data"_s));
    const std::vector<Value> chosen = i.items(a.required(u"selectors"_s));
    a.finish();
    std::vector<Value> kept;
    for (size_t at = 0; at < std::min(items.size(), chosen.size()); ++at)
        if (i.truth(chosen[at]))
            kept.push_back(items[at]);
    return i.make<Iterator>(u"compress"_s, std::move(kept));
}

constexpr Entry itertoolsTable[] = {
    {u"takewhile", filtered<true, false>},
    {u"dropwhile", filtered<false, true>},
    {u"filterfalse", filtered<false, false>},
    {u"compress", compress},
    {u"product", product},
    {u"permutations", [](I &i, A a) { return selections(i, a, true); }},
    {u"combinations", [](I &i, A a) { return selections(i, a, false); }},
    {u"groupby", groupBy},
    {u"count", count},
    {u"cycle", cycle},
    {u"repeat", repeat},
    {u"islice", islice},
    {u"zip_longest", zipLongest},
    {u"accumulate", accumulate},
    {u"starmap", starMap},
    {u"pairwise", pairwise},
    {u"batched", batched},
};

} // namespace

Module *itertoolsModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"itertools"_s, itertoolsTable,
                      [](I &i, const QString &name) -> std::optional<Value> {
                          if (name == u"chain")
                              return Value(i.make<Chain>());
                          return std::nullopt;
                      });
}

} // namespace tribikos::py::stdlib
