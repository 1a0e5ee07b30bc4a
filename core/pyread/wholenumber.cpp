#include "core/pyread/wholenumber.h"

#include "core/pyread/methods.h"

using namespace Qt::StringLiterals;

namespace tribikos::py {

namespace {

constexpr int mostDigits = 4000;

struct Signed
{
    Magnitude size{};
    bool isNegative = false;
};

std::optional<Signed> signedOf(const Value &value)
{
    if (value.isIntegral()) {
        const qint64 number = value.toInt();
        return Signed{Magnitude(number < 0 ? quint64(0) - quint64(number) : quint64(number)),
                      number < 0};
    }
    if (const auto *whole = value.as<WholeNumber>())
        return Signed{whole->size, whole->isNegative};
    return std::nullopt;
}

Value made(Interpreter &interpreter, const Magnitude &size, bool isNegative)
{
    if (size.digits() > mostDigits)
        interpreter.unsupported(
            u"computes a whole number of more than %1 digits"_s.arg(mostDigits));
    bool fits = false;
    const qint64 small = ((isNegative ? u"-"_s : QString()) + size.text()).toLongLong(&fits);
    if (fits)
        return Value(small);
    interpreter.charge(size.digits());
    return interpreter.make<WholeNumber>(size, isNegative && !size.isZero());
}

Value sum(Interpreter &interpreter, const Signed &a, const Signed &b)
{
    if (a.isNegative == b.isNegative)
        return made(interpreter, a.size.plus(b.size), a.isNegative);
    const int order = a.size.compare(b.size);
    return order >= 0 ? made(interpreter, a.size.minus(b.size), a.isNegative)
                      : made(interpreter, b.size.minus(a.size), b.isNegative);
}

/// Floor division as Python has it: the remainder takes the divisor's sign.
Value divided(Interpreter &interpreter, const Signed &a, const Signed &b, bool isModulo)
{
    if (b.size.isZero())
        interpreter.raise(u"ZeroDivisionError"_s, u"integer division or modulo by zero"_s);
    auto [quotient, rest] = a.size.dividedBy(b.size);
    const bool differs = a.isNegative != b.isNegative;
    if (differs && !rest.isZero()) {
        quotient = quotient.plus(Magnitude(1));
        rest = b.size.minus(rest);
    }
    return isModulo ? made(interpreter, rest, b.isNegative) : made(interpreter, quotient, differs);
}

Value power(Interpreter &interpreter, const Signed &a, const Signed &b)
{
    bool fits = false;
    const int exponent = b.size.text().toInt(&fits);
    if (b.isNegative || !fits || qint64(exponent) * a.size.digits() > 2 * mostDigits)
        interpreter.unsupported(u"computes a power that is too large"_s);
    Magnitude result(1);
    for (int i = 0; i < exponent; ++i) {
        interpreter.step(1 + result.digits() / 64);
        result = result.times(a.size);
    }
    return made(interpreter, result, a.isNegative && exponent % 2);
}

} // namespace

std::optional<Value> wholeResult(Interpreter &interpreter, BinaryOp op, const Value &left,
                                 const Value &right)
{
    const auto a = signedOf(left);
    auto b = signedOf(right);
    if (!a || !b)
        return std::nullopt;
    interpreter.step(1 + (a->size.digits() + b->size.digits()) / 64);
    switch (op) {
    case BinaryOp::Add: return sum(interpreter, *a, *b);
    case BinaryOp::Sub: b->isNegative = !b->isNegative; return sum(interpreter, *a, *b);
    case BinaryOp::Mul:
        return made(interpreter, a->size.times(b->size), a->isNegative != b->isNegative);
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod:
        interpreter.step(1 + a->size.digits() * b->size.digits() / 8);
        return divided(interpreter, *a, *b, op == BinaryOp::Mod);
    case BinaryOp::Pow: return power(interpreter, *a, *b);
    case BinaryOp::LeftShift: {
        bool fits = false;
        const int bits = b->size.text().toInt(&fits);
        if (b->isNegative)
            interpreter.raise(u"ValueError"_s, u"negative shift count"_s);
        if (!fits || bits > 3 * mostDigits)
            interpreter.unsupported(u"computes a whole number that is too large"_s);
        const Value factor =
            power(interpreter, {Magnitude(2), false}, {Magnitude(quint64(bits)), false});
        return made(interpreter, a->size.times(signedOf(factor)->size), a->isNegative);
    }
    case BinaryOp::Div:
        return Value(((a->isNegative ? u"-"_s : QString()) + a->size.text()).toDouble()
                     / ((b->isNegative ? u"-"_s : QString()) + b->size.text()).toDouble());
    default: interpreter.unsupported(u"computes with the bits of a whole number beyond 64 bits"_s);
    }
}

Value wholeFromText(Interpreter &interpreter, const QString &text)
{
    const bool isNegative = text.startsWith(u'-');
    const QStringView digits = QStringView(text).mid(isNegative || text.startsWith(u'+') ? 1 : 0);
    if (digits.size() > mostDigits)
        interpreter.unsupported(
            u"computes a whole number of more than %1 digits"_s.arg(mostDigits));
    return made(interpreter, Magnitude::fromText(digits), isNegative);
}

Value wholeFromHex(Interpreter &interpreter, const QString &digits)
{
    Magnitude result;
    for (const QChar digit : digits)
        result = result.times(Magnitude(16))
                     .plus(Magnitude(quint64(QString(digit).toUInt(nullptr, 16))));
    return made(interpreter, result, false);
}

QString hexOfWhole(Interpreter &interpreter, const Value &number, int width)
{
    const auto given = signedOf(number);
    if (!given)
        interpreter.raise(u"TypeError"_s, u"an integer is required"_s);
    QString hex;
    Magnitude left = given->size;
    for (; !left.isZero() && hex.size() <= width; left = left.dividedBy(Magnitude(16)).first)
        hex.prepend(QString::number(left.dividedBy(Magnitude(16)).second.text().toInt(), 16));
    if (given->isNegative || hex.size() > width)
        interpreter.raise(u"ValueError"_s, u"int is out of range (need a 128-bit value)"_s);
    return hex.rightJustified(width, u'0');
}

std::optional<Value> WholeNumber::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"real" || name == u"numerator")
        return Value(this);
    if (name == u"imag")
        return Value(0);
    return Object::getAttr(interpreter, name);
}

std::optional<Value> WholeNumber::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                         bool reflected)
{
    if (other.isFloat()) {
        const Value own(text().toDouble());
        return reflected ? interpreter.binary(op, other, own) : interpreter.binary(op, own, other);
    }
    return reflected ? wholeResult(interpreter, op, other, Value(this))
                     : wholeResult(interpreter, op, Value(this), other);
}

std::optional<Value> WholeNumber::compare(Interpreter &interpreter, CompareOp op,
                                          const Value &other)
{
    if (other.isFloat())
        return interpreter.compare(op, Value(text().toDouble()), other);
    const auto right = signedOf(other);
    if (!right)
        return std::nullopt;
    const int sizes = size.compare(right->size);
    const int order = isNegative != right->isNegative ? (isNegative ? -1 : 1)
                      : isNegative                    ? -sizes
                                                      : sizes;
    return interpreter.compare(op, Value(order), Value(0));
}

std::optional<Value> WholeNumber::unary(Interpreter &interpreter, UnaryOp op)
{
    if (op == UnaryOp::Plus)
        return Value(this);
    if (op == UnaryOp::Minus)
        return made(interpreter, size, !isNegative);
    return interpreter.binary(BinaryOp::Sub, *unary(interpreter, UnaryOp::Minus), Value(1));
}

QString WholeNumber::format(Interpreter &interpreter, const QString &spec)
{
    if (spec.isEmpty() || spec == u"d")
        return text();
    if (spec == u",") {
        QString shown = size.text();
        for (qsizetype at = shown.size() - 3; at > 0; at -= 3)
            shown.insert(at, u',');
        return isNegative ? u'-' + shown : shown;
    }
    interpreter.unsupported(u"formats a whole number beyond 64 bits with a format specifier"_s);
}

QString WholeNumber::text() const
{
    return isNegative ? u'-' + size.text() : size.text();
}

} // namespace tribikos::py
