// Dates and times as text: ISO 8601, strptime() and strftime().
#include "core/pyread/stdlib/datetimeparts.h"

#include <QLocale>
#include <QRegularExpression>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace datetimes {

namespace {

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

} // namespace

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

Value fromIso(I &i, Kind kind, const QString &text)
{
    const auto bad = [&]() -> Value {
        static const QRegularExpression later(
            u"^\\d{4}-?W?\\d"_s); // forms that Python reads since 3.11
        if (later.match(text).hasMatch())
            i.unsupported(u"reads %1 with fromisoformat(), which not every Python reads"_s.arg(
                reprText(text)));
        i.raise(u"ValueError"_s, u"Invalid isoformat string: %1"_s.arg(reprText(text)));
    };
    auto *made = i.make<DateTimeValue>(dateTimeClass(i, kind == Kind::Date   ? u"date"_s
                                                        : kind == Kind::Time ? u"time"_s
                                                                             : u"datetime"_s),
                                       kind);
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

Value parsed(I &i, const QString &text, const QString &format)
{
    const auto refuse = [&]() {
        i.raise(u"ValueError"_s,
                u"time data %1 does not match format %2"_s.arg(reprText(text), reprText(format)));
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
        const QString expanded = format[f + 1] == u'F'   ? u"%Y-%m-%d"_s
                                 : format[f + 1] == u'T' ? u"%H:%M:%S"_s
                                                         : QString();
        if (!expanded.isEmpty()) // Python's strptime() knows neither
            i.raise(
                u"ValueError"_s,
                u"'%1' is a bad directive in format %2"_s.arg(format[f + 1]).arg(reprText(format)));
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
    auto *made = i.make<DateTimeValue>(dateTimeClass(i, u"datetime"_s), Kind::DateTime);
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
        case u'z':
            result += value.utcOffset ? offsetText(*value.utcOffset, false) : QString();
            break;
        case u'Z': result += value.utcOffset ? zoneName(*value.utcOffset) : QString(); break;
        case u'F': result += value.date.toString(Qt::ISODate); break;
        case u'T':
            result += two(value.hour) + u':' + two(value.minute) + u':' + two(value.second);
            break;
        case u'D': result += formatted(i, value, u"%m/%d/%y"_s); break;
        case u'R': result += formatted(i, value, u"%H:%M"_s); break;
        case u'c':
            result += formatted(i, value, u"%a %b "_s)
                      + QString::number(value.date.day()).rightJustified(2)
                      + formatted(i, value, u" %H:%M:%S %Y"_s);
            break;
        case u'x': result += formatted(i, value, u"%m/%d/%y"_s); break;
        case u'X': result += formatted(i, value, u"%H:%M:%S"_s); break;
        case u'e': result += QString::number(value.date.day()).rightJustified(2); break;
        case u'u': result += QString::number(value.date.dayOfWeek()); break;
        case u'h': result += formatted(i, value, u"%b"_s); break;
        case u'n': result += u'\n'; break;
        case u't': result += u'\t'; break;
        case u'V': result += two(value.date.weekNumber()); break;
        case u'U':
            result += two((value.date.dayOfYear() + 6 - value.date.dayOfWeek() % 7) / 7);
            break;
        case u'W':
            result += two((value.date.dayOfYear() + 6 - (value.date.dayOfWeek() + 6) % 7) / 7);
            break;
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

QString cutIso(I &i, const QString &whole, const DateTimeValue &value, const QString &spec)
{
    if (spec == u"auto" || value.kind == Kind::Date)
        return whole;
    const QString zone = value.utcOffset ? offsetText(*value.utcOffset, true) : QString();
    QString text = whole.chopped(zone.size());
    if (value.microsecond)
        text.chop(7);
    const QString micro = QString::number(value.microsecond).rightJustified(6, u'0');
    const QStringList specs{u"hours"_s, u"minutes"_s, u"seconds"_s, u"milliseconds"_s,
                            u"microseconds"_s};
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

} // namespace datetimes

QString DateTimeValue::isoText(QChar separator) const
{
    using datetimes::offsetText;
    using datetimes::two;
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

} // namespace tribikos::py
