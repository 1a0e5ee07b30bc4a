#include "core/pyread/stdlib/datetime.h"

#include "core/pyread/stdlib/library.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;
using Kind = DateTimeValue::Kind;

constexpr qint64 secondUs = 1'000'000;
constexpr qint64 dayUs = 86'400 * secondUs;

QString zoneRepr(I &i, int offset);
QString zoneName(int offset);

class TimeZone : public Instance
{
public:
    TimeZone(Class *itsClass, int seconds) : Instance(itsClass), offset(seconds) {}
    QString repr(Interpreter &interpreter) override
    {
        return zoneRepr(interpreter, offset);
    }
    QString str(Interpreter &) override { return zoneName(offset); }
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    const int offset;
};

QString two(int number)
{
    return QString::number(number).rightJustified(2, u'0');
}

QString offsetText(int seconds, bool colon)
{
    const int absolute = std::abs(seconds);
    return (seconds < 0 ? u"-"_s : u"+"_s) + two(absolute / 3600) + (colon ? u":"_s : QString())
           + two(absolute / 60 % 60);
}

Class *classOf(I &i, const QString &name);

Value makeDelta(I &i, qint64 microseconds)
{
    return i.make<TimeDelta>(classOf(i, u"timedelta"_s), microseconds);
}

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

std::optional<Value> TimeZone::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"utcoffset")
        return interpreter.function(name, [this](I &i, A) { return makeDelta(i, offset * secondUs); });
    if (name == u"tzname")
        return interpreter.function(name, [this](I &, A) { return Value(zoneName(offset)); });
    if (name == u"dst")
        return interpreter.function(name, [](I &, A) { return Value(); });
    return std::nullopt;
}

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
    auto *made = i.make<DateTimeValue>(classOf(i, kind == Kind::Date ? u"date"_s : u"datetime"_s), kind);
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
    const qint64 number = stdlib::numberOf(i, required ? a.required(name) : a.optional(name, Value(0)));
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

Value constructDelta(I &i, Class *cls, A args)
{
    Arguments a(i, args, u"timedelta"_s);
    double total = 0;
    qint64 exact = 0;
    const std::pair<QString, qint64> units[] = {
        {u"days"_s, dayUs}, {u"seconds"_s, secondUs}, {u"microseconds"_s, 1},
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

/// The text of an ISO date or time; ValueError when it is none.
Value fromIso(I &i, Kind kind, const QString &text)
{
    const auto bad = [&]() -> Value {
        static const QRegularExpression later(u"^\\d{4}-?W?\\d"_s); // forms that Python reads since 3.11
        if (later.match(text).hasMatch())
            i.unsupported(u"reads %1 with fromisoformat(), which not every Python reads"_s.arg(reprText(text)));
        i.raise(u"ValueError"_s, u"Invalid isoformat string: %1"_s.arg(reprText(text)));
    };
    auto *made = i.make<DateTimeValue>(classOf(i, kind == Kind::Date ? u"date"_s
                                                  : kind == Kind::Time ? u"time"_s : u"datetime"_s), kind);
    QString rest = text;
    if (kind != Kind::Time) {
        made->date = QDate::fromString(rest.left(10), Qt::ISODate);
        if (!made->date.isValid() || (kind == Kind::Date && rest.size() != 10))
            return bad();
        rest = rest.mid(11);
    }
    if (rest.isEmpty())
        return made;
    if (rest.endsWith(u'Z'))
        rest = rest.chopped(1) + u"+00:00"_s;
    const qsizetype sign = rest.indexOf(u'+') >= 0 ? rest.indexOf(u'+') : rest.indexOf(u'-');
    if (sign > 0) {
        const QString zone = rest.mid(sign + 1).remove(u':');
        made->utcOffset = (zone.left(2).toInt() * 3600 + zone.mid(2, 2).toInt() * 60)
                          * (rest[sign] == u'-' ? -1 : 1);
        rest.truncate(sign);
    }
    const QStringList parts = rest.split(u':');
    bool ok = parts.size() <= 3;
    const auto number = [&](qsizetype at, int high) {
        bool good = false;
        const int value = parts.size() > at ? parts[at].left(2).toInt(&good) : 0;
        ok = ok && (parts.size() <= at || (good && value <= high));
        return value;
    };
    made->hour = number(0, 23);
    made->minute = number(1, 59);
    made->second = number(2, 59);
    if (parts.size() > 2 && parts[2].size() > 3)
        made->microsecond = parts[2].mid(3, 6).leftJustified(6, u'0').toInt();
    return ok ? Value(made) : bad();
}

/// What strptime() has read so far.
struct ReadParts
{
    int year = 1900, month = 1, day = 1, dayOfYear = 0;
    int hour = 0, minute = 0, second = 0, microsecond = 0;
    bool isAfternoon = false, hasHalf = false;
    std::optional<int> offset{};
};

/// One of the names of months or days that \a text goes on with; 0: none.
int namedPart(QStringView text, bool isMonth, qsizetype *length)
{
    const QLocale c = QLocale::c();
    for (const auto form : {QLocale::LongFormat, QLocale::ShortFormat})
        for (int n = 1; n <= (isMonth ? 12 : 7); ++n) {
            const QString name = isMonth ? c.monthName(n, form) : c.dayName(n, form);
            if (text.startsWith(name, Qt::CaseInsensitive)) {
                *length = name.size();
                return n;
            }
        }
    return 0;
}

/// Reads what \a code stands for at the start of \a text; how many characters, -1 when it doesn't fit.
qsizetype readPart(I &i, QChar code, QStringView text, ReadParts &parts)
{
    const auto digits = [&](int most, int *number) -> qsizetype {
        qsizetype count = 0;
        while (count < most && count < text.size() && text[count].isDigit())
            ++count;
        *number = text.left(count).toInt();
        return count ? count : -1;
    };
    qsizetype length = -1;
    int number = 0;
    switch (code.unicode()) {
    case u'Y': length = digits(4, &parts.year); return length == 4 ? length : -1;
    case u'y':
        length = digits(2, &number);
        parts.year = number + (number < 69 ? 2000 : 1900);
        return length == 2 ? length : -1;
    case u'm': return digits(2, &parts.month);
    case u'd': return digits(2, &parts.day);
    case u'H': return digits(2, &parts.hour);
    case u'I': parts.hasHalf = true; return digits(2, &parts.hour);
    case u'M': return digits(2, &parts.minute);
    case u'S': return digits(2, &parts.second);
    case u'j': return digits(3, &parts.dayOfYear);
    case u'f':
        length = digits(6, &parts.microsecond);
        for (qsizetype n = length; n > 0 && n < 6; ++n)
            parts.microsecond *= 10;
        return length;
    case u'b':
    case u'B': parts.month = namedPart(text, true, &length); return length;
    case u'a':
    case u'A': namedPart(text, false, &length); return length;
    case u'p':
        parts.isAfternoon = text.startsWith(u"pm", Qt::CaseInsensitive);
        return parts.isAfternoon || text.startsWith(u"am", Qt::CaseInsensitive) ? 2 : -1;
    case u'z': {
        static const QRegularExpression zone(u"^(?:Z|([+-])(\\d\\d):?(\\d\\d))"_s);
        const auto match = zone.match(text.toString());
        if (!match.hasMatch())
            return -1;
        const int seconds = match.captured(2).toInt() * 3600 + match.captured(3).toInt() * 60;
        parts.offset = match.captured(1) == u"-" ? -seconds : seconds;
        return match.capturedLength();
    }
    default: i.unsupported(u"reads a date with %%1"_s.arg(code));
    }
}

Value parsed(I &i, const QString &text, const QString &format)
{
    const auto refuse = [&]() {
        i.raise(u"ValueError"_s, u"time data %1 does not match format %2"_s.arg(reprText(text),
                                                                               reprText(format)));
    };
    ReadParts parts;
    qsizetype at = 0;
    for (qsizetype f = 0; f < format.size(); ++f) {
        if (format[f].isSpace()) { // any blanks
            while (at < text.size() && text[at].isSpace())
                ++at;
            continue;
        }
        const bool isCode = format[f] == u'%' && f + 1 < format.size() && format[f + 1] != u'%';
        if (!isCode) {
            f += format[f] == u'%';
            if (at >= text.size() || text[at] != format[f])
                refuse();
            ++at;
            continue;
        }
        const QString expanded = format[f + 1] == u'F' ? u"%Y-%m-%d"_s
                                 : format[f + 1] == u'T' ? u"%H:%M:%S"_s
                                                         : QString();
        if (!expanded.isEmpty()) // Python's strptime() knows neither
            i.raise(u"ValueError"_s, u"'%1' is a bad directive in format %2"_s.arg(
                                         format[f + 1]).arg(reprText(format)));
        const qsizetype length = readPart(i, format[++f], QStringView(text).mid(at), parts);
        if (length < 0)
            refuse();
        at += length;
    }
    if (at < text.size())
        i.raise(u"ValueError"_s, u"unconverted data remains: %1"_s.arg(text.mid(at)));
    if (parts.hasHalf)
        parts.hour = parts.hour % 12 + (parts.isAfternoon ? 12 : 0);
    QDate date(parts.year, parts.month, parts.day);
    if (parts.dayOfYear)
        date = QDate(parts.year, 1, 1).addDays(parts.dayOfYear - 1);
    if (!date.isValid() || !QTime::isValid(parts.hour, parts.minute, parts.second))
        refuse();
    auto *made = i.make<DateTimeValue>(classOf(i, u"datetime"_s), Kind::DateTime);
    made->date = date;
    made->hour = parts.hour;
    made->minute = parts.minute;
    made->second = parts.second;
    made->microsecond = parts.microsecond;
    made->utcOffset = parts.offset;
    return made;
}

QString formatted(I &i, const DateTimeValue &value, const QString &format)
{
    QString result;
    for (qsizetype at = 0; at < format.size(); ++at) {
        if (format[at] != u'%' || at + 1 >= format.size()) {
            result += format[at];
            continue;
        }
        const QLocale c = QLocale::c();
        switch (format[++at].unicode()) {
        case u'Y': result += QString::number(value.date.year()).rightJustified(4, u'0'); break;
        case u'y': result += two(value.date.year() % 100); break;
        case u'm': result += two(value.date.month()); break;
        case u'd': result += two(value.date.day()); break;
        case u'H': result += two(value.hour); break;
        case u'I': result += two(value.hour % 12 ? value.hour % 12 : 12); break;
        case u'M': result += two(value.minute); break;
        case u'S': result += two(value.second); break;
        case u'f': result += QString::number(value.microsecond).rightJustified(6, u'0'); break;
        case u'p': result += value.hour < 12 ? u"AM"_s : u"PM"_s; break;
        case u'j': result += QString::number(value.date.dayOfYear()).rightJustified(3, u'0'); break;
        case u'a': result += c.dayName(value.date.dayOfWeek(), QLocale::ShortFormat); break;
        case u'A': result += c.dayName(value.date.dayOfWeek()); break;
        case u'b': result += c.monthName(value.date.month(), QLocale::ShortFormat); break;
        case u'B': result += c.monthName(value.date.month()); break;
        case u'w': result += QString::number(value.date.dayOfWeek() % 7); break;
        case u'z': result += value.utcOffset ? offsetText(*value.utcOffset, false) : QString(); break;
        case u'Z': result += value.utcOffset ? zoneName(*value.utcOffset) : QString(); break;
        case u'F': result += value.date.toString(Qt::ISODate); break;
        case u'T': result += two(value.hour) + u':' + two(value.minute) + u':' + two(value.second); break;
        case u'D': result += formatted(i, value, u"%m/%d/%y"_s); break;
        case u'R': result += formatted(i, value, u"%H:%M"_s); break;
        case u'c': result += formatted(i, value, u"%a %b "_s) + QString::number(value.date.day()).rightJustified(2) + formatted(i, value, u" %H:%M:%S %Y"_s); break;
        case u'x': result += formatted(i, value, u"%m/%d/%y"_s); break;
        case u'X': result += formatted(i, value, u"%H:%M:%S"_s); break;
        case u'e': result += QString::number(value.date.day()).rightJustified(2); break;
        case u'u': result += QString::number(value.date.dayOfWeek()); break;
        case u'h': result += formatted(i, value, u"%b"_s); break;
        case u'n': result += u'\n'; break;
        case u't': result += u'\t'; break;
        case u'V': result += two(value.date.weekNumber()); break;
        case u'U': result += two((value.date.dayOfYear() + 6 - value.date.dayOfWeek() % 7) / 7); break;
        case u'W': result += two((value.date.dayOfYear() + 6 - (value.date.dayOfWeek() + 6) % 7) / 7); break;
        case u'G': {
            int year = 0;
            value.date.weekNumber(&year);
            result += QString::number(year);
            break;
        }
        case u'-': // glibc's "no padding"
            if (at + 1 < format.size()) {
                QString plain = formatted(i, value, u'%' + QString(format[++at]));
                while (plain.size() > 1 && plain.startsWith(u'0'))
                    plain.remove(0, 1);
                result += plain;
            }
            break;
        case u'%': result += u'%'; break;
        default: i.unsupported(u"writes a date with %%1"_s.arg(format[at]));
        }
    }
    return result;
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
    auto *made = i.make<DateTimeValue>(classOf(i, u"datetime"_s), Kind::DateTime);
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
            const Value stamp = in.plain(Arguments(in, args, u"utcfromtimestamp"_s).required(u"t"_s));
            return fromMicroseconds(in, Kind::DateTime, qint64(std::nearbyint(stamp.toDouble() * 1e6)), {});
        });
    }
    if (name == u"combine")
        return i.function(name, combined);
    if (name == u"fromisoformat") {
        return i.function(name, [kind](I &in, A args) {
            return fromIso(in, kind, stdlib::textOf(in, Arguments(in, args, u"fromisoformat"_s).required(u"s"_s)));
        });
    }
    if (name == u"fromordinal" && kind != Kind::Time) {
        return i.function(name, [kind](I &in, A args) {
            const qint64 day = stdlib::numberOf(in, Arguments(in, args, u"fromordinal"_s).required(u"n"_s));
            constexpr qint64 unixDay = 719'163;
            return fromMicroseconds(in, kind, (std::clamp<qint64>(day, 0, 4'000'000) - unixDay) * dayUs, {});
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
        auto *made = i.make<DateTimeValue>(classOf(i, kind == Kind::Date ? u"date"_s
                                                      : kind == Kind::Time ? u"time"_s : u"datetime"_s), kind);
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
        Class *cls = i.makeClass(name, {classOf(i, u"tzinfo"_s)}, [](I &in, Class *made, A args) -> Value {
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
        bases.push_back(classOf(i, u"date"_s));
    Class *cls = i.makeClass(name, bases, [kind](I &in, Class *made, A args) {
        return construct(in, made, args, kind);
    });
    cls->resolve = [kind](I &in, Class *, const QString &wanted) { return classAttribute(in, kind, wanted); };
    return cls;
}

Class *classOf(I &i, const QString &name)
{
    return stdlib::sharedClass(i, u"datetime."_s + name, [&] {
        Class *cls = makeClassOf(i, name);
        cls->module = u"datetime"_s;
        return cls;
    });
}

/// isoformat(timespec=…) of \a whole, which has all that there is.
QString cutIso(I &i, const QString &whole, const DateTimeValue &value, const QString &spec)
{
    if (spec == u"auto" || value.kind == Kind::Date)
        return whole;
    const QString zone = value.utcOffset ? offsetText(*value.utcOffset, true) : QString();
    QString text = whole.chopped(zone.size());
    if (value.microsecond)
        text.chop(7);
    const QString micro = QString::number(value.microsecond).rightJustified(6, u'0');
    const QStringList specs{u"hours"_s, u"minutes"_s, u"seconds"_s, u"milliseconds"_s, u"microseconds"_s};
    switch (specs.indexOf(spec)) {
    case 0: text.chop(6); break;
    case 1: text.chop(3); break;
    case 2: break;
    case 3: text += u'.' + micro.left(3); break;
    case 4: text += u'.' + micro; break;
    default: i.raise(u"ValueError"_s, u"Unknown timespec value"_s);
    }
    return text + zone;
}

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
    made->utcOffset = args.keyword(u"tzinfo"_s) ? offsetOf(i, a.keywordOnly(u"tzinfo"_s)) : value.utcOffset;
    a.finish();
    if (!made->date.isValid() || made->hour > 23 || made->minute > 59 || made->second > 59)
        i.raise(u"ValueError"_s, u"day is out of range for month"_s);
    return made;
}

} // namespace

// --- DateTimeValue -------------------------------------------------------------------------------

std::optional<Value> DateTimeValue::nativeAttr(Interpreter &interpreter, const QString &name)
{
    const std::pair<QStringView, int> parts[] = {
        {u"year", date.year()}, {u"month", date.month()}, {u"day", date.day()}, {u"hour", hour},
        {u"minute", minute}, {u"second", second}, {u"microsecond", microsecond}};
    for (const auto &[known, number] : parts) {
        if (known == name)
            return Value(number);
    }
    if (name == u"tzinfo")
        return utcOffset ? Value(interpreter.make<TimeZone>(classOf(interpreter, u"timezone"_s), *utcOffset))
                         : Value();
    static const QStringList methods{u"isoformat"_s, u"strftime"_s, u"replace"_s, u"date"_s, u"time"_s,
                                     u"timestamp"_s, u"weekday"_s, u"isoweekday"_s, u"astimezone"_s,
                                     u"toordinal"_s, u"utcoffset"_s, u"tzname"_s, u"dst"_s,
                                     u"ctime"_s};
    if (!methods.contains(name))
        return std::nullopt;
    return interpreter.function(name, [this, name](I &i, A args) -> Value {
        Arguments a(i, args, name);
        if (name == u"isoformat") {
            const QString separator = stdlib::textOf(i, a.optional(u"sep"_s, Value(u"T"_s)));
            const QString whole = isoText(separator.isEmpty() ? QChar(u'T') : separator[0]);
            return Value(cutIso(i, whole, *this, stdlib::textOf(i, a.optional(u"timespec"_s, Value(u"auto"_s)))));
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
        auto *made = i.make<DateTimeValue>(classOf(i, name), name == u"date" ? Kind::Date : Kind::Time);
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

QString DateTimeValue::isoText(QChar separator) const
{
    QString text;
    if (kind != Kind::Time)
        text = QString::number(date.year()).rightJustified(4, u'0') + date.toString(u"-MM-dd"_s);
    if (kind == Kind::Date)
        return text;
    if (kind == Kind::DateTime)
        text += separator;
    text += two(hour) + u':' + two(minute) + u':' + two(second);
    if (microsecond)
        text += u'.' + QString::number(microsecond).rightJustified(6, u'0');
    if (utcOffset)
        text += offsetText(*utcOffset, true);
    return text;
}

std::optional<Value> DateTimeValue::binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected)
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
        parts << QString::number(date.year()) << QString::number(date.month()) << QString::number(date.day());
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

// --- TimeDelta -----------------------------------------------------------------------------------

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
        return interpreter.function(name, [this](I &i, A) { return makeDelta(i, std::abs(microseconds)); });
    if (name == u"total_seconds") {
        return interpreter.function(name, [this](I &, A) { return Value(double(microseconds) / 1e6); });
    }
    return std::nullopt;
}

std::optional<Value> TimeDelta::binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected)
{
    qint64 result = 0;
    if (const auto *right = other.as<TimeDelta>()) {
        if (op == BinaryOp::Add && !__builtin_add_overflow(microseconds, right->microseconds, &result))
            return makeDelta(i, result);
        if (op == BinaryOp::Sub && !__builtin_sub_overflow(microseconds, right->microseconds, &result))
            return makeDelta(i, result);
        if (op == BinaryOp::Div && right->microseconds != 0)
            return Value(double(microseconds) / double(right->microseconds));
        if (op == BinaryOp::FloorDiv)
            return i.binary(op, Value(microseconds), Value(right->microseconds));
        if (op == BinaryOp::Mod)
            return makeDelta(
                i, i.binary(op, Value(microseconds), Value(right->microseconds)).toInt());
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
    return right ? std::optional<Value>(i.compare(op, Value(microseconds), Value(right->microseconds)))
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
    QString text = u"%1:%2:%3"_s.arg(seconds / 3600).arg(two(int(seconds / 60 % 60)), two(int(seconds % 60)));
    if (micro)
        text += u'.' + QString::number(micro).rightJustified(6, u'0');
    return days ? u"%1 day%2, %3"_s.arg(days).arg(std::abs(days) == 1 ? u""_s : u"s"_s, text) : text;
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
    return interpreter.make<Module>(u"datetime"_s, [](I &i, const QString &name) -> std::optional<Value> {
        static const QStringList classes{u"date"_s, u"time"_s, u"datetime"_s, u"timedelta"_s,
                                         u"timezone"_s, u"tzinfo"_s};
        if (classes.contains(name))
            return Value(classOf(i, name));
        if (name == u"UTC")
            return classOf(i, u"timezone"_s)->getAttr(i, u"utc"_s);
        return std::nullopt;
    });
}

} // namespace tribikos::py
