#include "core/pyread/stdlib/datetimeparts.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;
using namespace datetimes;

namespace {

QString zoneRepr(I &i, int offset)
{
    return offset == 0 ? u"datetime.timezone.utc"_s
                       : u"datetime.timezone(%1)"_s.arg(i.repr(makeDelta(i, offset * secondUs)));
}

/// What tzname() says of an offset: "UTC+05:30".
QString zoneName(int offset)
{
    return offset == 0 ? u"UTC"_s : u"UTC"_s + offsetText(offset, true);
}

} // namespace

QString TimeZone::repr(Interpreter &interpreter)
{
    return zoneRepr(interpreter, offset);
}

QString TimeZone::str(Interpreter &)
{
    return zoneName(offset);
}

std::optional<Value> TimeZone::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"utcoffset")
        return interpreter.function(name,
                                    [this](I &i, A) { return makeDelta(i, offset * secondUs); });
    if (name == u"tzname")
        return interpreter.function(name, [this](I &, A) { return Value(zoneName(offset)); });
    if (name == u"dst")
        return interpreter.function(name, [](I &, A) { return Value(); });
    return std::nullopt;
}

namespace {

Value fromMicroseconds(I &i, Kind kind, qint64 microseconds, std::optional<int> offset)
{
    if (offset)
        microseconds += qint64(*offset) * secondUs;
    qint64 days = microseconds / dayUs;
    qint64 rest = microseconds % dayUs;
    if (rest < 0) {
        rest += dayUs;
        --days;
    }
    auto *made = i.make<DateTimeValue>(
        dateTimeClass(i, kind == Kind::Date ? u"date"_s : u"datetime"_s), kind);
    made->date = QDate(1970, 1, 1).addDays(days);
    if (!made->date.isValid() || made->date.year() < 1 || made->date.year() > 9999)
        i.raise(u"OverflowError"_s, u"date value out of range"_s);
    if (kind == Kind::Date)
        return made;
    made->hour = int(rest / (3600 * secondUs));
    made->minute = int(rest / (60 * secondUs) % 60);
    made->second = int(rest / secondUs % 60);
    made->microsecond = int(rest % secondUs);
    made->utcOffset = offset;
    return made;
}

std::optional<int> offsetOf(I &i, const Value &zone)
{
    if (zone.isNone())
        return std::nullopt;
    if (const auto *known = zone.as<TimeZone>())
        return known->offset;
    if (const auto *unknown = zone.as<Unknown>())
        unknown->refuse(i);
    i.unsupported(u"uses a time zone that Tribikos doesn't know"_s);
}

/// A whole number argument within its bounds, as Python checks them.
int part(I &i, Arguments &a, const QString &name, int low, int high, bool required)
{
    const qint64 number =
        stdlib::numberOf(i, required ? a.required(name) : a.optional(name, Value(0)));
    if (number < low || number > high)
        i.raise(u"ValueError"_s, u"%1 must be in %2..%3"_s.arg(name).arg(low).arg(high));
    return int(number);
}

Value construct(I &i, Class *cls, A args, Kind kind)
{
    Arguments a(i, args, cls->name);
    auto *made = i.make<DateTimeValue>(cls, kind);
    if (kind != Kind::Time) {
        const int year = part(i, a, u"year"_s, 1, 9999, true);
        const int month = part(i, a, u"month"_s, 1, 12, true);
        made->date = QDate(year, month, part(i, a, u"day"_s, 1, 31, true));
        if (!made->date.isValid())
            i.raise(u"ValueError"_s, u"day is out of range for month"_s);
    }
    if (kind != Kind::Date) {
        made->hour = part(i, a, u"hour"_s, 0, 23, false);
        made->minute = part(i, a, u"minute"_s, 0, 59, false);
        made->second = part(i, a, u"second"_s, 0, 59, false);
        made->microsecond = part(i, a, u"microsecond"_s, 0, 999'999, false);
        made->utcOffset = offsetOf(i, a.optional(u"tzinfo"_s));
        a.keywordOnly(u"fold"_s);
    }
    a.finish();
    return made;
}

/// datetime.now(tz), utcnow(), today(), date.today()
Value clock(I &i, Kind kind, const QString &name)
{
    return i.function(name, [kind, name](I &in, A args) {
        const Value tz = Arguments(in, args, name).optional(u"tz"_s);
        const std::optional<int> zone = tz.isNone() ? std::nullopt : offsetOf(in, tz);
        return in.fresh(u"datetime.%1()"_s.arg(name), [&] {
            const QDateTime now = QDateTime::currentDateTimeUtc();
            const int local =
                tz.isNone() && name != u"utcnow" ? now.toLocalTime().offsetFromUtc() : 0;
            const qint64 shift = qint64(local) * 1'000'000;
            return fromMicroseconds(in, kind, now.toMSecsSinceEpoch() * 1000 + shift, zone);
        });
    });
}

Value fromTimestamp(I &i, A args)
{
    Arguments a(i, args, u"fromtimestamp"_s);
    const Value stamp = i.plain(a.required(u"timestamp"_s));
    const std::optional<int> zone = offsetOf(i, a.optional(u"tz"_s));
    const auto microseconds = qint64(std::nearbyint(stamp.toDouble() * 1e6));
    if (zone)
        return fromMicroseconds(i, Kind::DateTime, microseconds, zone);
    return i.fresh(u"datetime.fromtimestamp() in the computer's time zone"_s, [&] {
        const QDateTime local = QDateTime::fromMSecsSinceEpoch(microseconds / 1000);
        return fromMicroseconds(i, Kind::DateTime,
                                microseconds + qint64(local.offsetFromUtc()) * secondUs, {});
    });
}

Value combined(I &i, A args)
{
    Arguments a(i, args, u"combine"_s);
    const auto *date = a.required(u"date"_s).as<DateTimeValue>();
    const auto *time = a.required(u"time"_s).as<DateTimeValue>();
    if (!date || !time)
        i.raise(u"TypeError"_s, u"combine() needs a date and a time"_s);
    auto *made = i.make<DateTimeValue>(dateTimeClass(i, u"datetime"_s), Kind::DateTime);
    made->date = date->date;
    made->hour = time->hour;
    made->minute = time->minute;
    made->second = time->second;
    made->microsecond = time->microsecond;
    made->utcOffset = time->utcOffset;
    return made;
}

std::optional<Value> classAttribute(I &i, Kind kind, const QString &name)
{
    if (name == u"now" || name == u"utcnow" || name == u"today")
        return clock(i, kind, name);
    if (name == u"fromtimestamp" && kind == Kind::DateTime)
        return i.function(name, fromTimestamp);
    if (name == u"utcfromtimestamp" && kind == Kind::DateTime) {
        return i.function(name, [](I &in, A args) {
            const Value stamp =
                in.plain(Arguments(in, args, u"utcfromtimestamp"_s).required(u"t"_s));
            return fromMicroseconds(in, Kind::DateTime,
                                    qint64(std::nearbyint(stamp.toDouble() * 1e6)), {});
        });
    }
    if (name == u"combine")
        return i.function(name, combined);
    if (name == u"fromisoformat") {
        return i.function(name, [kind](I &in, A args) {
            return fromIso(
                in, kind,
                stdlib::textOf(in, Arguments(in, args, u"fromisoformat"_s).required(u"s"_s)));
        });
    }
    if (name == u"fromordinal" && kind != Kind::Time) {
        return i.function(name, [kind](I &in, A args) {
            const qint64 day =
                stdlib::numberOf(in, Arguments(in, args, u"fromordinal"_s).required(u"n"_s));
            constexpr qint64 unixDay = 719'163;
            return fromMicroseconds(in, kind,
                                    (std::clamp<qint64>(day, 0, 4'000'000) - unixDay) * dayUs, {});
        });
    }
    if (name == u"strptime") {
        return i.function(name, [](I &in, A args) {
            Arguments a(in, args, u"strptime"_s);
            const QString text = stdlib::textOf(in, a.required(u"date_string"_s));
            return parsed(in, text, stdlib::textOf(in, a.required(u"format"_s)));
        });
    }
    if (name == u"min" || name == u"max") {
        auto *made = i.make<DateTimeValue>(dateTimeClass(i, kind == Kind::Date   ? u"date"_s
                                                            : kind == Kind::Time ? u"time"_s
                                                                                 : u"datetime"_s),
                                           kind);
        made->date = name == u"min" ? QDate(1, 1, 1) : QDate(9999, 12, 31);
        if (name == u"max" && kind != Kind::Date) {
            made->hour = 23;
            made->minute = 59;
            made->second = 59;
            made->microsecond = 999'999;
        }
        return Value(made);
    }
    return std::nullopt;
}

Class *makeClassOf(I &i, const QString &name)
{
    if (name == u"timedelta")
        return i.makeClass(name, {}, constructDelta);
    if (name == u"tzinfo")
        return i.makeClass(name);
    if (name == u"timezone") {
        Class *cls = i.makeClass(
            name, {dateTimeClass(i, u"tzinfo"_s)}, [](I &in, Class *made, A args) -> Value {
                Arguments a(in, args, u"timezone"_s);
                const Value given = a.required(u"offset"_s);
                if (!a.optional(u"name"_s).isNone())
                    in.unsupported(u"names a time zone"_s);
                a.finish();
                const auto *delta = given.as<TimeDelta>();
                if (!delta)
                    in.raise(u"TypeError"_s, u"timezone() argument 1 must be datetime.timedelta"_s);
                return in.make<TimeZone>(made, int(delta->microseconds / secondUs));
            });
        cls->set(u"utc"_s, Value(i.make<TimeZone>(cls, 0)));
        return cls;
    }
    const Kind kind = name == u"date" ? Kind::Date : name == u"time" ? Kind::Time : Kind::DateTime;
    std::vector<Class *> bases;
    if (kind == Kind::DateTime)
        bases.push_back(dateTimeClass(i, u"date"_s));
    Class *cls = i.makeClass(name, bases, [kind](I &in, Class *made, A args) {
        return construct(in, made, args, kind);
    });
    cls->resolve = [kind](I &in, Class *, const QString &wanted) {
        return classAttribute(in, kind, wanted);
    };
    return cls;
}

} // namespace

Class *datetimes::dateTimeClass(I &i, const QString &name)
{
    return stdlib::sharedClass(i, u"datetime."_s + name, [&] {
        Class *cls = makeClassOf(i, name);
        cls->module = u"datetime"_s;
        return cls;
    });
}

namespace {

Value replaced(I &i, const DateTimeValue &value, A args)
{
    Arguments a(i, args, u"replace"_s);
    auto *made = i.make<DateTimeValue>(value.cls, value.kind);
    const auto take = [&](const QString &name, int now) {
        return int(stdlib::numberOf(i, a.keywordOnly(name, Value(now))));
    };
    const int year = take(u"year"_s, value.date.year());
    const int month = take(u"month"_s, value.date.month());
    made->date = QDate(year, month, take(u"day"_s, value.date.day()));
    made->hour = take(u"hour"_s, value.hour);
    made->minute = take(u"minute"_s, value.minute);
    made->second = take(u"second"_s, value.second);
    made->microsecond = take(u"microsecond"_s, value.microsecond);
    made->utcOffset =
        args.keyword(u"tzinfo"_s) ? offsetOf(i, a.keywordOnly(u"tzinfo"_s)) : value.utcOffset;
    a.finish();
    if (!made->date.isValid() || made->hour > 23 || made->minute > 59 || made->second > 59)
        i.raise(u"ValueError"_s, u"day is out of range for month"_s);
    return made;
}

} // namespace

std::optional<Value> DateTimeValue::nativeAttr(Interpreter &interpreter, const QString &name)
{
    const std::pair<QStringView, int> parts[] = {
        {u"year", date.year()},       {u"month", date.month()},
        {u"day", date.day()},         {u"hour", hour},
        {u"minute", minute},          {u"second", second},
        {u"microsecond", microsecond}};
    for (const auto &[known, number] : parts) {
        if (known == name)
            return Value(number);
    }
    if (name == u"tzinfo")
        return utcOffset ? Value(interpreter.make<TimeZone>(
                   dateTimeClass(interpreter, u"timezone"_s), *utcOffset))
                         : Value();
    static const QStringList methods{
        u"isoformat"_s, u"strftime"_s, u"replace"_s,    u"date"_s,       u"time"_s,
        u"timestamp"_s, u"weekday"_s,  u"isoweekday"_s, u"astimezone"_s, u"toordinal"_s,
        u"utcoffset"_s, u"tzname"_s,   u"dst"_s,        u"ctime"_s};
    if (!methods.contains(name))
        return std::nullopt;
    return interpreter.function(name, [this, name](I &i, A args) -> Value {
        Arguments a(i, args, name);
        if (name == u"isoformat") {
            const QString separator = stdlib::textOf(i, a.optional(u"sep"_s, Value(u"T"_s)));
            const QString whole = isoText(separator.isEmpty() ? QChar(u'T') : separator[0]);
            return Value(cutIso(i, whole, *this,
                                stdlib::textOf(i, a.optional(u"timespec"_s, Value(u"auto"_s)))));
        }
        if (name == u"strftime")
            return Value(formatted(i, *this, stdlib::textOf(i, a.required(u"format"_s))));
        if (name == u"replace")
            return replaced(i, *this, args);
        if (name == u"weekday" || name == u"isoweekday")
            return Value(date.dayOfWeek() - (name == u"weekday"));
        if (name == u"utcoffset" && utcOffset)
            return makeDelta(i, *utcOffset * secondUs);
        if (name == u"tzname" && utcOffset)
            return Value(zoneName(*utcOffset));
        if (name == u"utcoffset" || name == u"tzname" || name == u"dst")
            return {};
        if (name == u"ctime")
            return Value(formatted(i, *this, u"%c"_s));
        if (name == u"toordinal")
            return Value(date.toJulianDay() - QDate(1, 1, 1).toJulianDay() + 1);
        if (name == u"timestamp") {
            if (!utcOffset)
                i.unsupported(u"depends on the local time zone of the computer"_s);
            return Value(double(microseconds()) / 1e6);
        }
        if (name == u"astimezone") {
            const std::optional<int> zone = offsetOf(i, a.optional(u"tz"_s));
            if (!utcOffset || !zone)
                i.unsupported(u"depends on the local time zone of the computer"_s);
            return fromMicroseconds(i, Kind::DateTime, microseconds(), zone);
        }
        auto *made = i.make<DateTimeValue>(dateTimeClass(i, name),
                                           name == u"date" ? Kind::Date : Kind::Time);
        made->date = name == u"date" ? date : made->date;
        if (name == u"time") {
            made->hour = hour;
            made->minute = minute;
            made->second = second;
            made->microsecond = microsecond;
        }
        return made;
    });
}

qint64 DateTimeValue::microseconds() const
{
    const qint64 days = QDate(1970, 1, 1).daysTo(date);
    const qint64 seconds = hour * 3600 + minute * 60 + second - utcOffset.value_or(0);
    return days * dayUs + seconds * secondUs + microsecond;
}

std::optional<Value> DateTimeValue::binary(Interpreter &i, BinaryOp op, const Value &other,
                                           bool reflected)
{
    if (const auto *delta = other.as<TimeDelta>()) {
        if (op == BinaryOp::Add)
            return fromMicroseconds(i, kind, microseconds() + delta->microseconds, utcOffset);
        if (op == BinaryOp::Sub && !reflected)
            return fromMicroseconds(i, kind, microseconds() - delta->microseconds, utcOffset);
    }
    const auto *right = other.as<DateTimeValue>();
    if (op == BinaryOp::Sub && right && !reflected)
        return makeDelta(i, microseconds() - right->microseconds());
    return std::nullopt;
}

std::optional<Value> DateTimeValue::compare(Interpreter &i, CompareOp op, const Value &other)
{
    const auto *right = other.as<DateTimeValue>();
    if (!right || right->kind != kind)
        return std::nullopt;
    if (utcOffset.has_value() != right->utcOffset.has_value()) {
        if (op == CompareOp::Eq || op == CompareOp::Ne)
            return Value(op == CompareOp::Ne);
        i.raise(u"TypeError"_s, u"can't compare offset-naive and offset-aware datetimes"_s);
    }
    return i.compare(op, Value(microseconds()), Value(right->microseconds()));
}

size_t DateTimeValue::hash(Interpreter &)
{
    return qHash(microseconds());
}

QString DateTimeValue::repr(Interpreter &interpreter)
{
    QStringList parts;
    if (kind != Kind::Time)
        parts << QString::number(date.year()) << QString::number(date.month())
              << QString::number(date.day());
    if (kind != Kind::Date) {
        parts << QString::number(hour) << QString::number(minute);
        if (second || microsecond)
            parts << QString::number(second);
        if (microsecond)
            parts << QString::number(microsecond);
        if (utcOffset)
            parts << u"tzinfo="_s + zoneRepr(interpreter, *utcOffset);
    }
    return u"datetime.%1(%2)"_s.arg(cls->name, parts.join(u", "_s));
}

QString DateTimeValue::str(Interpreter &)
{
    return isoText(u' ');
}

QString DateTimeValue::format(Interpreter &interpreter, const QString &spec)
{
    return spec.isEmpty() ? str(interpreter) : formatted(interpreter, *this, spec);
}

/// pytz, of which UTC alone needs no tables of zones.
Module *stdlib::pytzModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(
        u"pytz"_s, [](I &i, const QString &name) -> std::optional<Value> {
            const auto utc = [](I &in) {
                return in.getAttr(in.getAttr(in.importModule(u"datetime"_s), u"timezone"_s),
                                  u"utc"_s);
            };
            if (name == u"UTC" || name == u"utc")
                return utc(i);
            if (name != u"timezone")
                return i.unknown(u"pytz."_s + name);
            return i.function(name, [utc](I &in, A args) {
                const QString zone =
                    stdlib::textOf(in, Arguments(in, args, u"timezone"_s).required(u"zone"_s));
                return zone.toUpper() == u"UTC" ? utc(in)
                                                : in.unknown(u"pytz.timezone(%1)"_s.arg(zone));
            });
        });
}

Module *stdlib::datetimeModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(
        u"datetime"_s, [](I &i, const QString &name) -> std::optional<Value> {
            static const QStringList classes{u"date"_s,      u"time"_s,     u"datetime"_s,
                                             u"timedelta"_s, u"timezone"_s, u"tzinfo"_s};
            if (classes.contains(name))
                return Value(dateTimeClass(i, name));
            if (name == u"UTC")
                return dateTimeClass(i, u"timezone"_s)->getAttr(i, u"utc"_s);
            return std::nullopt;
        });
}

} // namespace tribikos::py
