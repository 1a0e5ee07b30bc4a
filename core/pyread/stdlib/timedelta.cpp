// datetime.timedelta
#include "core/pyread/stdlib/datetimeparts.h"

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace datetimes {

Value makeDelta(I &i, qint64 microseconds)
{
    return i.make<TimeDelta>(dateTimeClass(i, u"timedelta"_s), microseconds);
}

Value constructDelta(I &i, Class *cls, A args)
{
    Arguments a(i, args, u"timedelta"_s);
    double total = 0;
    qint64 exact = 0;
    const std::pair<QString, qint64> units[] = {
        {u"days"_s, dayUs},        {u"seconds"_s, secondUs},      {u"microseconds"_s, 1},
        {u"milliseconds"_s, 1000}, {u"minutes"_s, 60 * secondUs}, {u"hours"_s, 3600 * secondUs},
        {u"weeks"_s, 7 * dayUs}};
    for (const auto &[name, unit] : units) {
        const Value value = i.plain(a.optional(name, Value(0)));
        if (const auto *unknown = value.as<Unknown>())
            unknown->refuse(i);
        if (!value.isNumber())
            i.raise(u"TypeError"_s, u"unsupported type for timedelta %1 component"_s.arg(name));
        qint64 product = 0;
        if (value.isFloat())
            total += value.toDouble() * double(unit);
        else if (__builtin_mul_overflow(value.toInt(), unit, &product)
                 || __builtin_add_overflow(exact, product, &exact))
            i.raise(u"OverflowError"_s, u"timedelta is too large"_s);
    }
    a.finish();
    if (std::fabs(total) > 9e18)
        i.raise(u"OverflowError"_s, u"timedelta is too large"_s);
    return i.make<TimeDelta>(cls, exact + qint64(std::nearbyint(total)));
}

} // namespace datetimes

using namespace datetimes;

std::optional<Value> TimeDelta::nativeAttr(Interpreter &interpreter, const QString &name)
{
    const qint64 days = (microseconds - ((microseconds % dayUs + dayUs) % dayUs)) / dayUs;
    const qint64 rest = microseconds - days * dayUs;
    if (name == u"days")
        return Value(days);
    if (name == u"seconds")
        return Value(rest / secondUs);
    if (name == u"microseconds")
        return Value(rest % secondUs);
    if (name == u"__abs__")
        return interpreter.function(
            name, [this](I &i, A) { return makeDelta(i, std::abs(microseconds)); });
    if (name == u"total_seconds") {
        return interpreter.function(name,
                                    [this](I &, A) { return Value(double(microseconds) / 1e6); });
    }
    return std::nullopt;
}

std::optional<Value> TimeDelta::binary(Interpreter &i, BinaryOp op, const Value &other,
                                       bool reflected)
{
    qint64 result = 0;
    if (const auto *right = other.as<TimeDelta>()) {
        if (op == BinaryOp::Add
            && !__builtin_add_overflow(microseconds, right->microseconds, &result))
            return makeDelta(i, result);
        if (op == BinaryOp::Sub
            && !__builtin_sub_overflow(microseconds, right->microseconds, &result))
            return makeDelta(i, result);
        if (op == BinaryOp::Div && right->microseconds != 0)
            return Value(double(microseconds) / double(right->microseconds));
        if (op == BinaryOp::FloorDiv)
            return i.binary(op, Value(microseconds), Value(right->microseconds));
        if (op == BinaryOp::Mod)
            return makeDelta(i,
                             i.binary(op, Value(microseconds), Value(right->microseconds)).toInt());
        return std::nullopt;
    }
    if (op == BinaryOp::Mul && other.isIntegral()
        && !__builtin_mul_overflow(microseconds, other.toInt(), &result))
        return makeDelta(i, result);
    if (op == BinaryOp::Mul && other.isFloat())
        return makeDelta(i, qint64(std::nearbyint(double(microseconds) * other.toDouble())));
    if (op == BinaryOp::FloorDiv && other.isIntegral() && !reflected)
        return makeDelta(i, i.binary(op, Value(microseconds), other).toInt());
    if (op == BinaryOp::Div && other.isNumber() && !reflected && other.toDouble() != 0)
        return makeDelta(i, qint64(std::nearbyint(double(microseconds) / other.toDouble())));
    return std::nullopt;
}

std::optional<Value> TimeDelta::compare(Interpreter &i, CompareOp op, const Value &other)
{
    const auto *right = other.as<TimeDelta>();
    return right ? std::optional<Value>(
               i.compare(op, Value(microseconds), Value(right->microseconds)))
                 : std::nullopt;
}

std::optional<Value> TimeDelta::unary(Interpreter &i, UnaryOp op)
{
    if (op == UnaryOp::Invert)
        return std::nullopt;
    return makeDelta(i, op == UnaryOp::Minus ? -microseconds : microseconds);
}

QString TimeDelta::repr(Interpreter &i)
{
    QStringList parts;
    for (const QString &name : {u"days"_s, u"seconds"_s, u"microseconds"_s}) {
        const qint64 number = nativeAttr(i, name)->toInt();
        if (number)
            parts << u"%1=%2"_s.arg(name).arg(number);
    }
    return u"datetime.timedelta(%1)"_s.arg(parts.isEmpty() ? u"0"_s : parts.join(u", "_s));
}

QString TimeDelta::str(Interpreter &i)
{
    const qint64 days = nativeAttr(i, u"days"_s)->toInt();
    const qint64 seconds = nativeAttr(i, u"seconds"_s)->toInt();
    const qint64 micro = nativeAttr(i, u"microseconds"_s)->toInt();
    QString text =
        u"%1:%2:%3"_s.arg(seconds / 3600).arg(two(int(seconds / 60 % 60)), two(int(seconds % 60)));
    if (micro)
        text += u'.' + QString::number(micro).rightJustified(6, u'0');
    return days ? u"%1 day%2, %3"_s.arg(days).arg(std::abs(days) == 1 ? u""_s : u"s"_s, text)
                : text;
}

} // namespace tribikos::py
