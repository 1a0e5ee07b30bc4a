// Python's text forms: repr, format specs, % and str.format.
#include "core/base/unwritten.h"
#include "core/pyread/methods.h"

#include <array>
#include <charconv>
#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

QString asciiText(const QString &text)
{
    QString shown;
    for (const uint code : text.toUcs4()) {
        if (code < 0x80)
            shown += QChar(code);
        else if (code < 0x100)
            shown += u"\\x%1"_s.arg(code, 2, 16, QChar(u'0'));
        else if (code < 0x10000)
            shown += u"\\u%1"_s.arg(code, 4, 16, QChar(u'0'));
        else
            shown += u"\\U%1"_s.arg(code, 8, 16, QChar(u'0'));
    }
    return shown;
}

namespace {

/// str.isprintable(), of what isn't one half of a character.
bool isPrintable(QChar c)
{
    if (c == u' ' || c.isSurrogate())
        return true;
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_NotAssigned:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Separator_Space: return false;
    default: return true;
    }
}

} // namespace

QString reprText(const QString &text)
{
    const QChar quote = text.contains(u'\'') && !text.contains(u'"') ? u'"' : u'\'';
    QString result(quote);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == quote || c == u'\\')
            result += u'\\';
        if (c == u'\n')
            result += u"\\n";
        else if (c == u'\r')
            result += u"\\r";
        else if (c == u'\t')
            result += u"\\t";
        else if (c.unicode() < 0x100 && !isPrintable(c))
            result += u"\\x%1"_s.arg(c.unicode(), 2, 16, QChar(u'0'));
        else if (!isPrintable(c) && c != unwrittenMark)
            result += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            result += c;
    }
    return result + quote;
}

QString reprBytes(const QByteArray &bytes)
{
    const char quote = bytes.contains('\'') && !bytes.contains('"') ? '"' : '\'';
    QString result = u"b"_s + QLatin1Char(quote);
    for (const char c : bytes) {
        const auto code = static_cast<unsigned char>(c);
        if (c == quote || c == '\\')
            result += u'\\';
        if (c == '\n')
            result += u"\\n";
        else if (c == '\r')
            result += u"\\r";
        else if (c == '\t')
            result += u"\\t";
        else if (code < 32 || code > 126)
            result += u"\\x%1"_s.arg(code, 2, 16, QChar(u'0'));
        else
            result += QLatin1Char(c);
    }
    return result + QLatin1Char(quote);
}

QString reprFloat(double number)
{
    if (std::isnan(number))
        return u"nan"_s;
    if (std::isinf(number))
        return number < 0 ? u"-inf"_s : u"inf"_s;
    char buffer[64];
    const auto shortest = std::to_chars(buffer, buffer + sizeof buffer, number,
                                        std::chars_format::scientific);
    const QString text = QString::fromLatin1(buffer, shortest.ptr - buffer);
    const int exponent = text.section(u'e', 1).toInt();
    if (exponent < -4 || exponent >= 16) {
        QString mantissa = text.section(u'e', 0, 0);
        return mantissa + (exponent < 0 ? u"e-"_s : u"e+"_s)
               + QString::number(std::abs(exponent)).rightJustified(2, u'0');
    }
    const auto fixed = std::to_chars(buffer, buffer + sizeof buffer, number,
                                     std::chars_format::fixed);
    const QString plain = QString::fromLatin1(buffer, fixed.ptr - buffer);
    return plain.contains(u'.') ? plain : plain + u".0"_s;
}

namespace {

struct Spec
{
    QChar fill = u' ';
    QChar align{};
    QChar sign = u'-';
    bool alternate = false;
    int width = 0;
    QChar grouping{};
    int precision = -1;
    QChar type{};
};

[[noreturn]] void badSpec(Interpreter &interpreter, const QString &spec)
{
    interpreter.raise(u"ValueError"_s, u"Invalid format specifier '%1'"_s.arg(spec));
}

int specNumber(Interpreter &interpreter, const QString &spec, qsizetype &at)
{
    qint64 number = 0;
    while (at < spec.size() && spec[at] >= u'0' && spec[at] <= u'9') {
        number = number * 10 + spec[at++].digitValue();
        if (number > interpreter.limits().stringLength)
            interpreter.raise(u"ValueError"_s, u"Too many decimal digits in format string"_s);
    }
    return int(number);
}

Spec parseSpec(Interpreter &interpreter, const QString &spec)
{
    Spec result;
    qsizetype at = 0;
    const auto isAlign = [](QChar c) { return c == u'<' || c == u'>' || c == u'^' || c == u'='; };
    if (spec.size() > 1 && isAlign(spec[1])) {
        result.fill = spec[0];
        result.align = spec[1];
        at = 2;
    } else if (!spec.isEmpty() && isAlign(spec[0])) {
        result.align = spec[0];
        at = 1;
    }
    if (at < spec.size() && (spec[at] == u'+' || spec[at] == u'-' || spec[at] == u' '))
        result.sign = spec[at++];
    if (at < spec.size() && spec[at] == u'z')
        ++at;
    if (at < spec.size() && spec[at] == u'#') {
        result.alternate = true;
        ++at;
    }
    if (at < spec.size() && spec[at] == u'0') {
        if (result.align.isNull()) {
            result.fill = u'0';
            result.align = u'=';
        }
        ++at;
    }
    result.width = specNumber(interpreter, spec, at);
    if (at < spec.size() && (spec[at] == u',' || spec[at] == u'_'))
        result.grouping = spec[at++];
    if (at < spec.size() && spec[at] == u'.') {
        ++at;
        const qsizetype before = at;
        result.precision = specNumber(interpreter, spec, at);
        if (at == before)
            interpreter.raise(u"ValueError"_s, u"Format specifier missing precision"_s);
    }
    if (at < spec.size())
        result.type = spec[at++];
    if (at < spec.size())
        badSpec(interpreter, spec);
    return result;
}

QString padded(const Spec &spec, const QString &sign, const QString &body, QChar defaultAlign)
{
    const QChar align = spec.align.isNull() ? defaultAlign : spec.align;
    const qsizetype missing = spec.width - sign.size() - pythonLength(body);
    if (missing <= 0)
        return sign + body;
    if (align == u'=')
        return sign + QString(missing, spec.fill) + body;
    const qsizetype left = align == u'<' ? 0 : align == u'>' ? missing : missing / 2;
    return QString(left, spec.fill) + sign + body + QString(missing - left, spec.fill);
}

QString grouped(const QString &digits, QChar separator, int size)
{
    if (separator.isNull())
        return digits;
    QString result = digits;
    for (qsizetype at = result.size() - size; at > 0; at -= size)
        result.insert(at, separator);
    return result;
}

/// "e", "f", "g" formats as C writes them.
QString cFormat(double number, char kind, int precision, bool alternate)
{
    char format[16];
    std::snprintf(format, sizeof format, alternate ? "%%#.*%c" : "%%.*%c", kind);
    QByteArray buffer(qMin(precision, 5000) + 400, '\0');
    const int length = std::snprintf(buffer.data(), size_t(buffer.size()), format,
                                     qMin(precision, 5000), number);
    return QString::fromLatin1(buffer.constData(), length);
}

QString formatFloat(Interpreter &interpreter, double number, const Spec &spec, const QString &text)
{
    const QString sign = std::signbit(number) ? u"-"_s
                         : spec.sign == u'-'  ? QString() : QString(spec.sign);
    const double absolute = std::fabs(number);
    const char16_t type = spec.type == u'n' ? u'g' : spec.type.unicode();
    QString body;
    switch (type) {
    case 0:
        if (spec.precision < 0) {
            body = reprFloat(absolute);
        } else {
            body = cFormat(absolute, 'g', qMax(1, spec.precision), false);
            if (!body.contains(u'.') && !body.contains(u'e') && std::isfinite(number))
                body += u".0";
        }
        break;
    case u'e':
    case u'E':
    case u'f':
    case u'F':
    case u'g':
    case u'G':
        body = cFormat(absolute, char(type), spec.precision < 0 ? 6 : spec.precision, spec.alternate);
        break;
    case u'%':
        body = cFormat(absolute * 100, 'f', spec.precision < 0 ? 6 : spec.precision, false) + u'%';
        break;
    default: badSpec(interpreter, text);
    }
    if (!spec.grouping.isNull()) {
        qsizetype end = 0;
        while (end < body.size() && body[end].isDigit())
            ++end;
        body = grouped(body.left(end), spec.grouping, 3) + body.mid(end);
    }
    return padded(spec, sign, body, u'>');
}

QString formatInteger(Interpreter &interpreter, qint64 number, const Spec &spec, const QString &text)
{
    QString sign = number < 0 ? u"-"_s : spec.sign == u'-' ? QString() : QString(spec.sign);
    const quint64 absolute = number < 0 ? quint64(0) - quint64(number) : quint64(number);
    const char16_t type = spec.type.unicode();
    if (type == u'c')
        return padded(spec, {}, QString::fromUcs4(std::array{char32_t(absolute)}.data(), 1), u'<');
    const int base = type == u'x' || type == u'X' ? 16 : type == u'o' ? 8 : type == u'b' ? 2 : 10;
    if (base == 10 && type != 0 && type != u'd' && type != u'n')
        return formatFloat(interpreter, double(number), spec, text);
    if (spec.precision >= 0)
        interpreter.raise(u"ValueError"_s, u"Precision not allowed in integer format specifier"_s);
    QString digits = grouped(QString::number(absolute, base), spec.grouping, base == 10 ? 3 : 4);
    if (type == u'X')
        digits = digits.toUpper();
    if (spec.alternate && base != 10)
        sign += QChar(u'0') + QString(spec.type);
    return padded(spec, sign, digits, u'>');
}

} // namespace

QString formatPlain(Interpreter &interpreter, const Value &value, const QString &text)
{
    const Spec spec = parseSpec(interpreter, text);
    if (value.isStr()) {
        if ((!spec.type.isNull() && spec.type != u's') || spec.align == u'=') {
            interpreter.raise(u"ValueError"_s, u"Unknown format code '%1' for object of type 'str'"_s
                                                   .arg(spec.type));
        }
        const QString body = spec.precision >= 0 ? value.str().left(spec.precision) : value.str();
        return padded(spec, {}, body, u'<');
    }
    if (value.isNone()) {
        interpreter.raise(u"TypeError"_s,
                          u"unsupported format string passed to NoneType.__format__"_s);
    }
    if (value.isFloat())
        return formatFloat(interpreter, value.toDouble(), spec, text);
    if (value.isBool() && spec.type.isNull())
        return padded(spec, {}, value.isTrue() ? u"1"_s : u"0"_s, u'>');
    return formatInteger(interpreter, value.toInt(), spec, text);
}

// --- % -------------------------------------------------------------------------------------------

namespace {

QString percentOne(Interpreter &interpreter, QChar type, const QString &flags, int width,
                   int precision, const Value &value)
{
    Spec spec;
    spec.width = width;
    spec.precision = precision;
    spec.align = u'>';
    if (flags.contains(u'-'))
        spec.align = u'<';
    if (flags.contains(u'+'))
        spec.sign = u'+';
    else if (flags.contains(u' '))
        spec.sign = u' ';
    spec.alternate = flags.contains(u'#');
    const Value plain = interpreter.plain(value);
    switch (type.unicode()) {
    case u's':
    case u'r':
    case u'a': {
        QString text = type == u's'   ? interpreter.str(value)
                       : type == u'a' ? asciiText(interpreter.repr(value))
                                      : interpreter.repr(value);
        if (precision >= 0)
            text.truncate(precision);
        return padded(spec, {}, text, u'>');
    }
    case u'c': return padded(spec, {}, plain.isStr() ? plain.str() : QString(QChar(char16_t(plain.toInt()))), u'>');
    default: break;
    }
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isNumber()) {
        interpreter.raise(u"TypeError"_s, u"%%1 format: a real number is required, not %2"_s.arg(
                                              type, interpreter.typeName(value)));
    }
    if (flags.contains(u'0') && spec.align == u'>') {
        spec.fill = u'0';
        spec.align = u'=';
    }
    if (QStringView(u"diuxXo").contains(type)) {
        spec.type = type == u'i' || type == u'u' ? QChar(u'd') : type;
        const int digits = std::exchange(spec.precision, -1);
        const qint64 number = plain.isFloat() ? qint64(plain.toDouble()) : plain.toInt();
        if (digits > 0) {
            const QString body = QString::number(std::abs(number)).rightJustified(digits, u'0');
            return padded(spec, number < 0 ? u"-"_s : QString(), body, u'>');
        }
        return formatInteger(interpreter, number, spec, {});
    }
    spec.type = type;
    return formatFloat(interpreter, plain.toDouble(), spec, QString(type));
}

} // namespace

QString percentFormat(Interpreter &interpreter, const QString &format, const Value &value)
{
    const auto *tuple = value.as<Tuple>();
    const Value plainValue = interpreter.plain(value);
    size_t used = 0;
    const auto nextValue = [&]() -> Value {
        if (tuple) {
            if (used >= tuple->items.size())
                interpreter.raise(u"TypeError"_s, u"not enough arguments for format string"_s);
            return tuple->items[used++];
        }
        if (used++ > 0)
            interpreter.raise(u"TypeError"_s, u"not enough arguments for format string"_s);
        return value;
    };
    QString result;
    bool mapped = false;
    for (qsizetype at = 0; at < format.size(); ++at) {
        if (format[at] != u'%') {
            result += format[at];
            continue;
        }
        ++at;
        std::optional<Value> named;
        if (at < format.size() && format[at] == u'(') {
            const qsizetype close = format.indexOf(u')', at);
            if (close < 0)
                interpreter.raise(u"ValueError"_s, u"incomplete format key"_s);
            if (!plainValue.as<Dict>())
                interpreter.raise(u"TypeError"_s, u"format requires a mapping"_s);
            named = interpreter.getItem(value, Value(format.mid(at + 1, close - at - 1)));
            mapped = true;
            at = close + 1;
        }
        QString flags;
        while (at < format.size() && QStringView(u"-+ #0").contains(format[at]))
            flags += format[at++];
        int width = 0;
        int precision = -1;
        if (at < format.size() && format[at] == u'*') {
            const qint64 given = nextValue().toInt();
            flags += given < 0 ? u"-"_s : QString();
            width = int(qBound<qint64>(0, given < 0 ? -given : given,
                                       interpreter.limits().stringLength));
            ++at;
        } else {
            width = specNumber(interpreter, format, at);
        }
        if (at < format.size() && format[at] == u'.') {
            ++at;
            if (at < format.size() && format[at] == u'*') {
                precision = int(std::clamp<qint64>(nextValue().toInt(), 0, 5000));
                ++at;
            } else {
                precision = specNumber(interpreter, format, at);
            }
        }
        while (at < format.size() && QStringView(u"hlL").contains(format[at]))
            ++at;
        if (at >= format.size())
            interpreter.raise(u"ValueError"_s, u"incomplete format"_s);
        if (format[at] == u'%') {
            result += u'%';
            continue;
        }
        if (!QStringView(u"srdiuxXoeEfFgGca").contains(format[at])) {
            interpreter.raise(u"ValueError"_s, u"unsupported format character '%1'"_s.arg(format[at]));
        }
        result += percentOne(interpreter, format[at], flags, width, precision,
                             named ? *named : nextValue());
        if (result.size() > interpreter.limits().stringLength)
            break;
    }
    const bool isMapping = plainValue.as<Dict>() != nullptr;
    if (!mapped && (tuple ? used < tuple->items.size() : used == 0 && !isMapping))
        interpreter.raise(u"TypeError"_s, u"not all arguments converted during string formatting"_s);
    return interpreter.checkedText(result);
}

// --- str.format ----------------------------------------------------------------------------------

namespace {

class BraceFormat
{
public:
    BraceFormat(Interpreter &interpreter, const CallArgs &args)
        : m_interpreter(interpreter), m_args(args)
    {
    }

    QString run(const QString &format, int depth)
    {
        if (depth > 2)
            m_interpreter.raise(u"ValueError"_s, u"Max string recursion exceeded"_s);
        QString result;
        for (qsizetype at = 0; at < format.size(); ++at) {
            const QChar c = format[at];
            const bool doubled = at + 1 < format.size() && format[at + 1] == c;
            if (c != u'{' && c != u'}') {
                result += c;
            } else if (doubled && (c == u'{' || depth == 1)) {
                result += c;
                ++at;
            } else if (c == u'}') {
                m_interpreter.raise(u"ValueError"_s,
                                    u"Single '}' encountered in format string"_s);
            } else {
                const qsizetype end = closing(format, at);
                result += field(format.mid(at + 1, end - at - 1), depth);
                at = end;
            }
            if (result.size() > m_interpreter.limits().stringLength)
                break;
        }
        return result;
    }

private:
    qsizetype closing(const QString &format, qsizetype open)
    {
        int nested = 0;
        for (qsizetype at = open; at < format.size(); ++at) {
            if (format[at] == u'{')
                ++nested;
            else if (format[at] == u'}' && --nested == 0)
                return at;
        }
        m_interpreter.raise(u"ValueError"_s, u"expected '}' before end of string"_s);
    }

    QString field(const QString &text, int depth)
    {
        qsizetype nameEnd = 0;
        int brackets = 0;
        while (nameEnd < text.size()
               && (brackets > 0 || (text[nameEnd] != u'!' && text[nameEnd] != u':'))) {
            brackets += text[nameEnd] == u'[' ? 1 : text[nameEnd] == u']' ? -1 : 0;
            ++nameEnd;
        }
        Value value = lookup(text.left(nameEnd));
        qsizetype at = nameEnd;
        if (at < text.size() && text[at] == u'!') {
            const QChar kind = at + 1 < text.size() ? text[at + 1] : QChar();
            value = Value(kind == u's'   ? m_interpreter.str(value)
                          : kind == u'a' ? asciiText(m_interpreter.repr(value))
                                         : m_interpreter.repr(value));
            at += 2;
        }
        const QString spec = at < text.size() && text[at] == u':' ? run(text.mid(at + 1), depth + 1)
                                                                  : QString();
        return m_interpreter.format(value, spec);
    }

    Value lookup(const QString &path)
    {
        qsizetype end = 0;
        while (end < path.size() && path[end] != u'.' && path[end] != u'[')
            ++end;
        const QString first = path.left(end);
        bool isIndex = false;
        const qulonglong index = first.toULongLong(&isIndex);
        Value value;
        if (first.isEmpty() || isIndex) {
            const size_t position = first.isEmpty() ? m_next++ : size_t(index);
            if (position >= m_args.positional.size()) {
                m_interpreter.raise(u"IndexError"_s, u"Replacement index %1 out of range for "
                                    "positional args tuple"_s.arg(position));
            }
            value = m_args.positional[position];
        } else {
            const Value *named = m_args.keyword(first);
            if (!named)
                m_interpreter.raise(u"KeyError"_s, reprText(first));
            value = *named;
        }
        while (end < path.size()) {
            if (path[end] == u'.') {
                qsizetype stop = end + 1;
                while (stop < path.size() && path[stop] != u'.' && path[stop] != u'[')
                    ++stop;
                value = m_interpreter.getAttr(value, path.mid(end + 1, stop - end - 1));
                end = stop;
                continue;
            }
            const qsizetype close = path.indexOf(u']', end);
            if (path[end] != u'[' || close < 0)
                m_interpreter.raise(u"ValueError"_s, u"Missing ']' in format string"_s);
            const QString key = path.mid(end + 1, close - end - 1);
            bool isNumber = false;
            const qlonglong number = key.toLongLong(&isNumber);
            value = m_interpreter.getItem(value, isNumber ? Value(number) : Value(key));
            end = close + 1;
        }
        return value;
    }

    Interpreter &m_interpreter;
    const CallArgs &m_args;
    size_t m_next = 0;
};

} // namespace

QString braceFormat(Interpreter &interpreter, const QString &format, const CallArgs &args)
{
    return BraceFormat(interpreter, args).run(format, 1);
}

} // namespace tribikos::py
