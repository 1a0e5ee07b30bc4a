#include "core/dialects/basedialect.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QStringDecoder>

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

QString BaseDialect::intervalLiteral(double seconds, Rendering &) const
{
    // Without a native type SQLAlchemy stores an interval as the epoch plus the interval.
    const QDateTime moment =
        QDateTime(QDate(1970, 1, 1), QTime(0, 0), Qt::UTC).addMSecs(qRound64(seconds * 1000));
    return quoted(dateTimeText(moment.toString(u"yyyy-MM-dd HH:mm:ss.zzz000"_s)));
}

QString BaseDialect::literal(const Literal &value, const SqlType *type, Rendering &rendering) const
{
    const TypeAffinity target =
        type ? affinity(std::make_shared<const SqlType>(*type)) : TypeAffinity::None;
    using Kind = Literal::Kind;
    const auto refused = [&] {
        return rendering.fail(
            u"SQLAlchemy can't write the value %1 as a literal of the type %2; give it as one"_s.arg(
                value.text.left(40), type->name));
    };
    if (rendering.context.offline && value.kind == Kind::String
        && (target == TypeAffinity::Integer || target == TypeAffinity::Numeric)) {
        bool isNumber = false;
        if (target == TypeAffinity::Integer)
            value.text.toLongLong(&isNumber);
        else
            value.text.toDouble(&isNumber);
        return isNumber ? value.text.trimmed() : refused();
    }
    if (rendering.context.offline && value.kind == Kind::String && target == TypeAffinity::Boolean)
        return refused();
    if (rendering.context.offline && target == TypeAffinity::String
        && (value.kind == Kind::Integer || value.kind == Kind::Real))
        return refused();
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
        if (const std::optional<double> seconds = intervalSeconds(value.text))
            return intervalLiteral(*seconds, rendering);
        return rendering.fail(u"The interval %1 can't be read"_s.arg(value.text));
    case Kind::Bytes: return bytesLiteral(value.text, rendering);
    }
    return {};
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
    if (value.kind == Literal::Kind::Bytes) {
        QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString text = utf8(QByteArray::fromHex(value.text.toLatin1()));
        if (utf8.hasError())
            return rendering.fail(
                u"The bytes %1 can't be written as a literal in a script; run it with a "
                "connection"_s.arg(value.text.left(40)));
        return stringLiteral(text, rendering);
    }
    return literal(value, shown, rendering);
}

} // namespace tribikos
