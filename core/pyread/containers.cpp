#include "core/pyread/function.h"
#include "core/pyread/methods.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView opening[] = {u"[", u"("};

QString reprItems(Interpreter &interpreter, const std::vector<Value> &items, bool isTuple)
{
    QString text = opening[isTuple].toString();
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            text += u", "_s;
        text += interpreter.repr(items[i]);
        interpreter.step();
    }
    if (isTuple && items.size() == 1)
        text += u',';
    text += isTuple ? u')' : u']';
    return interpreter.checkedText(text);
}

std::vector<Value> sliced(Interpreter &interpreter, const std::vector<Value> &items,
                          const Slice &slice)
{
    std::vector<Value> result;
    for (const qint64 index : slice.indices(interpreter, qint64(items.size())))
        result.push_back(items[size_t(index)]);
    return result;
}

/// `a + b` and `a * n` of two sequences; nullopt: not theirs.
template<typename T>
std::optional<Value> sequenceBinary(Interpreter &interpreter, T &self, BinaryOp op,
                                    const Value &other, bool reflected)
{
    if (op == BinaryOp::Add && !reflected) {
        const T *right = other.as<T>();
        if (!right)
            return std::nullopt;
        interpreter.checkLength(qsizetype(self.items.size() + right->items.size()));
        std::vector<Value> items = self.items;
        items.insert(items.end(), right->items.begin(), right->items.end());
        interpreter.charge(qint64(items.size() * sizeof(Value)));
        return Value(interpreter.make<T>(std::move(items)));
    }
    if (op == BinaryOp::Mul && other.isIntegral()) {
        const qint64 times = qMax<qint64>(0, other.toInt());
        if (!self.items.empty() && times > interpreter.limits().listLength)
            interpreter.checkLength(interpreter.limits().listLength + 1);
        interpreter.checkLength(qsizetype(times) * qsizetype(self.items.size()));
        std::vector<Value> items;
        for (qint64 i = 0; i < times; ++i)
            items.insert(items.end(), self.items.begin(), self.items.end());
        interpreter.charge(qint64(items.size() * sizeof(Value)));
        return Value(interpreter.make<T>(std::move(items)));
    }
    return std::nullopt;
}

} // namespace

qint64 sequenceIndex(Interpreter &interpreter, const Value &key, qint64 length,
                     const QString &typeName)
{
    const Value plain = interpreter.plain(key);
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isIntegral()) {
        interpreter.raise(u"TypeError"_s, u"%1 indices must be integers or slices, not %2"_s.arg(
                                              typeName, interpreter.typeName(key)));
    }
    const qint64 index = plain.toInt() < 0 ? plain.toInt() + length : plain.toInt();
    if (index < 0 || index >= length)
        interpreter.raise(u"IndexError"_s, u"%1 index out of range"_s.arg(typeName));
    return index;
}

Value compareSequences(Interpreter &interpreter, CompareOp op, const std::vector<Value> &left,
                       const std::vector<Value> &right)
{
    if ((op == CompareOp::Eq || op == CompareOp::Ne) && left.size() != right.size())
        return Value(op == CompareOp::Ne);
    for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
        if (!interpreter.equals(left[i], right[i])) {
            if (op == CompareOp::Eq || op == CompareOp::Ne)
                return Value(op == CompareOp::Ne);
            return interpreter.compare(op, left[i], right[i]);
        }
    }
    return interpreter.compare(op, Value(left.size()), Value(right.size()));
}

QString Slice::repr(Interpreter &interpreter)
{
    return u"slice(%1, %2, %3)"_s.arg(interpreter.repr(start), interpreter.repr(stop),
                                     interpreter.repr(step));
}

std::vector<qint64> Slice::indices(Interpreter &interpreter, qint64 length) const
{
    const auto number = [&](const Value &value, qint64 otherwise) {
        if (value.isNone())
            return otherwise;
        const Value plain = interpreter.plain(value);
        if (const auto *unknown = plain.as<Unknown>())
            unknown->refuse(interpreter);
        if (!plain.isIntegral())
            interpreter.raise(u"TypeError"_s, u"slice indices must be integers or None"_s);
        return plain.toInt();
    };
    const qint64 by = number(step, 1);
    if (by == 0)
        interpreter.raise(u"ValueError"_s, u"slice step cannot be zero"_s);
    const auto bounded = [&](qint64 index) {
        if (index < 0)
            index += length;
        return by > 0 ? qBound<qint64>(0, index, length) : qBound<qint64>(-1, index, length - 1);
    };
    qint64 first = start.isNone() ? (by > 0 ? 0 : length - 1) : bounded(number(start, 0));
    const qint64 last = stop.isNone() ? (by > 0 ? length : -1) : bounded(number(stop, 0));
    std::vector<qint64> result;
    for (; by > 0 ? first < last : first > last; first += by) {
        result.push_back(first);
        if (by > length || by < -length) // the next would overflow
            break;
    }
    interpreter.step(qint64(result.size()) / 16);
    return result;
}

// --- List ----------------------------------------------------------------------------------------

std::optional<Value> List::getAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, listMethods(), Value(this), name))
        return method;
    return Object::getAttr(interpreter, name);
}

void List::iterate(Interpreter &, const Visitor &visit)
{
    for (size_t i = 0; i < items.size(); ++i) { // the body may change the list
        const Value item = items[i];
        if (!visit(item))
            return;
    }
}

Value List::getItem(Interpreter &interpreter, const Value &key)
{
    if (const auto *slice = key.as<Slice>())
        return interpreter.list(sliced(interpreter, items, *slice));
    return items[size_t(sequenceIndex(interpreter, key, qint64(items.size()), u"list"_s))];
}

void List::setItem(Interpreter &interpreter, const Value &key, const Value &value)
{
    if (const auto *slice = key.as<Slice>()) {
        const std::vector<qint64> indices = slice->indices(interpreter, qint64(items.size()));
        const std::vector<Value> values = interpreter.items(value);
        if (!slice->step.isNone()) {
            if (indices.size() != values.size())
                interpreter.raise(u"ValueError"_s, u"attempt to assign sequence to extended slice"_s);
            for (size_t i = 0; i < indices.size(); ++i)
                items[size_t(indices[i])] = values[i];
            return;
        }
        const Slice head(Value(), slice->start, Value());
        const size_t from = indices.empty()
                                ? (slice->start.isNone()
                                       ? 0 : head.indices(interpreter, qint64(items.size())).size())
                                : size_t(indices.front());
        items.erase(items.begin() + qptrdiff(from),
                    items.begin() + qptrdiff(from + indices.size()));
        items.insert(items.begin() + qptrdiff(from), values.begin(), values.end());
        interpreter.checkLength(qsizetype(items.size()));
        return;
    }
    items[size_t(sequenceIndex(interpreter, key, qint64(items.size()), u"list"_s))] = value;
}

void List::delItem(Interpreter &interpreter, const Value &key)
{
    if (const auto *slice = key.as<Slice>()) {
        std::vector<qint64> indices = slice->indices(interpreter, qint64(items.size()));
        std::sort(indices.begin(), indices.end(), std::greater<>());
        for (const qint64 index : indices)
            items.erase(items.begin() + qptrdiff(index));
        return;
    }
    items.erase(items.begin()
                + qptrdiff(sequenceIndex(interpreter, key, qint64(items.size()), u"list"_s)));
}

std::optional<Value> List::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                  bool reflected)
{
    return sequenceBinary(interpreter, *this, op, other, reflected);
}

std::optional<Value> List::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    const auto *right = other.as<List>();
    if (!right)
        return std::nullopt;
    return compareSequences(interpreter, op, items, right->items);
}

size_t List::hash(Interpreter &interpreter)
{
    interpreter.raise(u"TypeError"_s, u"unhashable type: 'list'"_s);
}

QString List::repr(Interpreter &interpreter)
{
    return reprItems(interpreter, items, false);
}

// --- Tuple ---------------------------------------------------------------------------------------

std::optional<Value> Tuple::getAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, tupleMethods(), Value(this), name))
        return method;
    return Object::getAttr(interpreter, name);
}

void Tuple::iterate(Interpreter &, const Visitor &visit)
{
    for (const Value &item : items) {
        if (!visit(item))
            return;
    }
}

Value Tuple::getItem(Interpreter &interpreter, const Value &key)
{
    if (const auto *slice = key.as<Slice>())
        return interpreter.tuple(sliced(interpreter, items, *slice));
    return items[size_t(sequenceIndex(interpreter, key, qint64(items.size()), u"tuple"_s))];
}

std::optional<Value> Tuple::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                   bool reflected)
{
    return sequenceBinary(interpreter, *this, op, other, reflected);
}

std::optional<Value> Tuple::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    const auto *right = other.as<Tuple>();
    if (!right)
        return std::nullopt;
    return compareSequences(interpreter, op, items, right->items);
}

size_t Tuple::hash(Interpreter &interpreter)
{
    size_t seed = 7;
    for (const Value &item : items)
        seed = qHashMulti(seed, interpreter.hash(item));
    return seed;
}

QString Tuple::repr(Interpreter &interpreter)
{
    return reprItems(interpreter, items, true);
}

// --- Range ---------------------------------------------------------------------------------------

qint64 Range::count() const
{
    if (step > 0 ? start >= stop : start <= stop)
        return 0;
    // unsigned: the distance of two 64-bit numbers needs it
    const quint64 distance = step > 0 ? quint64(stop) - quint64(start) : quint64(start) - quint64(stop);
    const quint64 by = step > 0 ? quint64(step) : quint64(0) - quint64(step);
    return qint64(qMin<quint64>((distance - 1) / by + 1, quint64(std::numeric_limits<qint64>::max())));
}

std::optional<Value> Range::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"start")
        return Value(start);
    if (name == u"stop")
        return Value(stop);
    if (name == u"step")
        return Value(step);
    return Object::getAttr(interpreter, name);
}

void Range::iterate(Interpreter &interpreter, const Visitor &visit)
{
    const qint64 items = count();
    for (qint64 i = 0; i < items; ++i) {
        interpreter.step();
        if (!visit(Value(start + i * step)))
            return;
    }
}

Value Range::getItem(Interpreter &interpreter, const Value &key)
{
    if (const auto *slice = key.as<Slice>()) {
        interpreter.checkLength(count());
        const std::vector<qint64> taken = slice->indices(interpreter, count());
        const qint64 by = step * (slice->step.isNone() ? 1 : slice->step.toInt());
        if (taken.empty())
            return interpreter.make<Range>(start, start, by);
        return interpreter.make<Range>(start + taken.front() * step,
                                       start + taken.back() * step + (by > 0 ? 1 : -1), by);
    }
    return Value(start + sequenceIndex(interpreter, key, count(), u"range object"_s) * step);
}

std::optional<bool> Range::contains(Interpreter &, const Value &item)
{
    if (!item.isIntegral())
        return std::nullopt;
    const qint64 number = item.toInt();
    const bool inside = step > 0 ? number >= start && number < stop
                                 : number <= start && number > stop;
    return inside && (quint64(number) - quint64(start)) % (step > 0 ? quint64(step) : quint64(-step)) == 0;
}

std::optional<Value> Range::compare(Interpreter &, CompareOp op, const Value &other)
{
    const auto *right = other.as<Range>();
    if (!right || (op != CompareOp::Eq && op != CompareOp::Ne))
        return std::nullopt;
    const bool same = count() == right->count()
                      && (count() == 0 || (start == right->start && (count() == 1 || step == right->step)));
    return Value(same == (op == CompareOp::Eq));
}

QString Range::repr(Interpreter &)
{
    return step == 1 ? u"range(%1, %2)"_s.arg(start).arg(stop)
                     : u"range(%1, %2, %3)"_s.arg(start).arg(stop).arg(step);
}

} // namespace tribikos::py
