#include "core/dialects/basedialect.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <QStringDecoder>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// What a literal is to be written as: the column's class of values decides, then the literal's own
/// kind.
Literal::Kind writtenKind(const Literal &value, TypeAffinity affinity)
{
    const bool isNumber = value.kind == Literal::Kind::Integer || value.kind == Literal::Kind::Bool;
    if (isNumber && affinity == TypeAffinity::Boolean && (value.text == u"0" || value.text == u"1"))
        return Literal::Kind::Bool;
    if (isNumber && affinity == TypeAffinity::Integer)
        return Literal::Kind::Integer;
    return value.kind;
}

/// The seconds of an interval as str(timedelta) prints it: "-1 day, 23:00:00.5".
std::optional<double> intervalSeconds(const QString &text)
{
    static const QRegularExpression form(
        u"^(?:(-?\\d+) days?, )?(\\d+):(\\d\\d):(\\d\\d(?:\\.\\d+)?)$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return match.captured(1).toDouble() * 86400 + match.captured(2).toDouble() * 3600
           + match.captured(3).toDouble() * 60 + match.captured(4).toDouble();
}

QString quoted(const QString &text)
{
    return u'\'' + QString(text).replace(u'\'', "''"_L1) + u'\'';
}

/// str(int(value)), as Python has it; empty: it raises.
QString integerText(const Literal &value)
{
    static const QRegularExpression digits(u"^\\s*[+-]?\\d+(?:_\\d+)*\\s*$"_s);
    switch (value.kind) {
    case Literal::Kind::Bool:
    case Literal::Kind::Integer: return value.text;
    case Literal::Kind::Decimal:
    case Literal::Kind::Real: {
        bool isNumber = false;
        const double number = value.text.toDouble(&isNumber);
        return isNumber && std::abs(number) < 1e15 ? QString::number(qint64(number)) : QString();
    }
    case Literal::Kind::String: {
        QString text = value.text.trimmed().remove(u'_').remove(u'+');
        const bool isNegative = text.startsWith(u'-');
        text = text.mid(isNegative);
        while (text.size() > 1 && text.startsWith(u'0'))
            text.remove(0, 1);
        return digits.match(value.text).hasMatch() ? (isNegative && text != u"0" ? u'-' + text : text)
                                                   : QString();
    }
    default: return {};
    }
}

/// str(value) of what Python's Decimal() takes; empty: it raises.
QString numberText(const Literal &value)
{
    bool isNumber = false;
    switch (value.kind) {
    case Literal::Kind::Bool: return value.text == u"1" ? u"True"_s : u"False"_s;
    case Literal::Kind::Integer:
    case Literal::Kind::Decimal:
    case Literal::Kind::Real: return value.text;
    case Literal::Kind::String:
        value.text.trimmed().remove(u'_').toDouble(&isNumber);
        return isNumber ? value.text : QString();
    default: return {};
    }
}

} // namespace

bool BaseDialect::doublesBackslashes(const RenderContext &) const
{
    return false;
}

QString BaseDialect::stringLiteral(const QString &value, const Rendering &rendering) const
{
    QString text = quoted(value);
    if (doublesBackslashes(rendering.context))
        text.replace(u'\\', "\\\\"_L1);
    return text;
}

QString BaseDialect::boolean(bool value) const
{
    return value ? u"true"_s : u"false"_s;
}

QString BaseDialect::uuidText(const QString &value, const SqlType *) const
{
    return QString(value).remove(u'-');
}

QString BaseDialect::bytesLiteral(const QString &hex, const Rendering &rendering) const
{
    Q_UNUSED(rendering)
    return u"X'"_s + hex + u'\'';
}

QString BaseDialect::makeInterval(double seconds)
{
    // The shortest text that reads back as the same number, as Python prints one.
    QString number = QString::number(seconds, 'g', QLocale::FloatingPointShortest);
    if (!number.contains(u'.') && !number.contains(u'e'))
        number += u".0"_s;
    return u"make_interval(secs=>%1)"_s.arg(number);
}

QString BaseDialect::intervalLiteral(double seconds, Rendering &) const
{
    // Without a native type SQLAlchemy stores an interval as the epoch plus the interval.
    const QDateTime moment =
        QDateTime(QDate(1970, 1, 1), QTime(0, 0), Qt::UTC).addMSecs(qRound64(seconds * 1000));
    return quoted(dateTimeText(moment.toString(u"yyyy-MM-dd HH:mm:ss.zzz000"_s)));
}

QString BaseDialect::literal(const Literal &value, const SqlType *type, Rendering &rendering) const
{
    if (value.kind == Literal::Kind::Null)
        return u"NULL"_s;
    if (type && rendering.context.offline)
        return literalOf(value, *type, rendering);
    return plainLiteral(value, type, rendering);
}

/// \a value as the type \a type writes it into a script: SQLAlchemy's literal processors.
QString BaseDialect::literalOf(const Literal &value, const SqlType &type, Rendering &rendering) const
{
    using Kind = Literal::Kind;
    const TypeAffinity target = affinity(std::make_shared<const SqlType>(type));
    const bool isNumber = value.kind == Kind::Integer || value.kind == Kind::Real
                          || value.kind == Kind::Decimal;
    const bool isMoment = value.kind == Kind::Date || value.kind == Kind::DateTime;
    QString text;
    switch (target) {
    case TypeAffinity::Integer: text = integerText(value); break;
    case TypeAffinity::Numeric: text = numberText(value); break;
    case TypeAffinity::Boolean:
        if (value.kind == Kind::Bool || value.text == u"0" || value.text == u"1")
            text = value.kind == Kind::String ? QString() : boolean(value.text == u"1");
        break;
    case TypeAffinity::String:
        if (type.name == u"INET" || type.name == u"CIDR")
            return plainLiteral(value, &type, rendering);
        if (value.kind == Kind::String || value.kind == Kind::Enum)
            text = stringLiteral(value.text, rendering);
        break;
    case TypeAffinity::Date:
        if (isMoment)
            text = quoted(value.text.left(10));
        break;
    case TypeAffinity::Interval: // PostgreSQL's own writes itself everywhere
        if (value.kind == Kind::Interval && type.name == u"INTERVAL")
            if (const std::optional<double> seconds = intervalSeconds(value.text))
                return makeInterval(*seconds);
        [[fallthrough]];
    case TypeAffinity::DateTime:
        if (isMoment)
            text = quoted(dateTimeText(value.text));
        if (value.kind == Kind::Interval && hasNativeBoolean())
            text = plainLiteral(value, &type, rendering);
        break;
    case TypeAffinity::Time:
        if (value.kind == Kind::Time)
            text = quoted(timeText(value.text));
        else if (value.kind == Kind::DateTime)
            text = quoted(timeText(value.text.mid(11)));
        break;
    case TypeAffinity::Binary:
        if (value.kind == Kind::Bytes)
            return bytesText(value, rendering);
        break;
    default: return plainLiteral(value, &type, rendering);
    }
    if (!text.isEmpty())
        return text;
    const QString hint = isNumber ? u"give it as a text"_s : u"give it as what the type is for"_s;
    return rendering.fail(
        u"SQLAlchemy can't write the value %1 as a literal of the type %2; %3"_s.arg(
            value.text.left(40), type.name, hint));
}

/// By the literal's own kind, for want of a type or where a connection would take it as it is.
QString BaseDialect::plainLiteral(const Literal &value, const SqlType *type, Rendering &rendering) const
{
    const TypeAffinity target =
        type ? affinity(std::make_shared<const SqlType>(*type)) : TypeAffinity::None;
    using Kind = Literal::Kind;
    switch (writtenKind(value, target)) {
    case Kind::Null: return u"NULL"_s;
    case Kind::Bool: return boolean(value.text == u"1");
    case Kind::Integer:
    case Kind::Real:
    case Kind::Decimal: return value.text;
    case Kind::String:
        return target == TypeAffinity::Uuid ? quoted(uuidText(value.text, type))
                                            : stringLiteral(value.text, rendering);
    case Kind::Enum: return stringLiteral(value.text, rendering);
    case Kind::Json: return stringLiteral(value.text, rendering);
    case Kind::Date: return quoted(value.text);
    case Kind::Time: return quoted(timeText(value.text));
    case Kind::DateTime: return quoted(dateTimeText(value.text));
    case Kind::Uuid: return quoted(uuidText(value.text, type));
    case Kind::Interval:
        if (rendering.context.offline && !hasNativeBoolean())
            return rendering.fail(
                u"SQLAlchemy has no literal of the interval %1 for %2; give it as a DateTime"_s.arg(
                    value.text, backendTitle(backend())));
        if (const std::optional<double> seconds = intervalSeconds(value.text))
            return intervalLiteral(*seconds, rendering);
        return rendering.fail(u"The interval %1 can't be read"_s.arg(value.text));
    case Kind::Bytes:
        return rendering.context.offline ? bytesText(value, rendering)
                                         : bytesLiteral(value.text, rendering);
    }
    return {};
}

/// Bytes as SQLAlchemy's scripts have them: as the text that they spell.
QString BaseDialect::bytesText(const Literal &value, Rendering &rendering) const
{
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = utf8(QByteArray::fromHex(value.text.toLatin1()));
    if (utf8.hasError())
        return rendering.fail(
            u"The bytes %1 can't be written as a literal in a script; run it with a "
            "connection"_s.arg(value.text.left(40)));
    return stringLiteral(text, rendering);
}

QString BaseDialect::typedLiteral(const Literal &value, const SqlTypePtr &columnType,
                                  Rendering &rendering) const
{
    const SqlType *shown = variantOf(columnType);
    if (value.kind == Literal::Kind::Null)
        return u"NULL"_s;
    if (!rendering.context.offline)
        return literal(value, shown, rendering);
    // A script is text: SQLAlchemy knows no literal for these, a live connection would bind them.
    if (!shown || shown->name == u"NullType")
        return rendering.fail(
            u"The value %1 has no column type, so it can't be written as a literal; "
            "give the column a type"_s.arg(value.text.left(40)));
    if (affinity(columnType) == TypeAffinity::Json)
        return rendering.fail(
            u"JSON values can't be written as literals in a script; run it with a "
            "connection"_s);
    return literal(value, shown, rendering);
}

} // namespace tribikos
