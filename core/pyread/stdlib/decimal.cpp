// Decimal: its exact text is the value; it computes with the 28 digits of Python's default context.
#include "core/pyread/stdlib/decimal.h"

#include "core/pyread/stdlib/library.h"
#include "core/pyread/wholenumber.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

constexpr int precision = 28; // of Python's default context
constexpr int widest = 1000;  // exponents beyond that are refused

/// A finite decimal number: ± coefficient · 10^exponent.
struct Number
{
    bool isNegative = false;
    Magnitude coefficient{};
    int exponent = 0;
};

Number numberOf(const QString &text)
{
    Number made{.isNegative = text.startsWith(u'-')};
    const qsizetype e = text.indexOf(u'e', 0, Qt::CaseInsensitive);
    QString digits = text.left(e < 0 ? text.size() : e).remove(u'-').remove(u'+');
    const qsizetype point = digits.indexOf(u'.');
    if (e >= 0)
        made.exponent = std::clamp(QStringView(text).mid(e + 1).toInt(), -widest, widest);
    if (point >= 0)
        made.exponent -= int(digits.size() - point - 1);
    made.coefficient = Magnitude::fromText(digits.remove(u'.'));
    return made;
}

Number numberOf(qint64 value)
{
    return {value < 0, Magnitude(value < 0 ? quint64(0) - quint64(value) : quint64(value)), 0};
}

/// As Decimal.__str__ writes it.
QString textOf(const Number &number)
{
    const QString digits = number.coefficient.text();
    const int left = number.exponent + int(digits.size());
    const int point = number.exponent <= 0 && left > -6 ? left : 1;
    QString text = point <= 0              ? u"0."_s + QString(-point, u'0') + digits
                   : point >= digits.size() ? digits + QString(point - digits.size(), u'0')
                                            : digits.left(point) + u'.' + digits.mid(point);
    if (left != point)
        text += u"E%1%2"_s.arg(left > point ? u"+"_s : u"-"_s).arg(std::abs(left - point));
    return number.isNegative ? u'-' + text : text;
}

/// \a coefficient without its last \a places digits, rounded as \a mode says.
Magnitude rounded(const Magnitude &coefficient, int places, const QString &mode, bool isNegative)
{
    const auto [kept, rest] = coefficient.dividedBy(Magnitude::powerOfTen(places));
    if (rest.isZero())
        return kept;
    const int half = rest.plus(rest).compare(Magnitude::powerOfTen(places));
    const bool isOdd = !kept.dividedBy(Magnitude(2)).second.isZero();
    const bool isUp = mode == u"ROUND_UP" || (mode == u"ROUND_CEILING" && !isNegative)
                      || (mode == u"ROUND_FLOOR" && isNegative)
                      || (mode == u"ROUND_HALF_UP" && half >= 0)
                      || (mode == u"ROUND_HALF_DOWN" && half > 0)
                      || (mode == u"ROUND_HALF_EVEN" && (half > 0 || (half == 0 && isOdd)));
    return isUp ? kept.plus(Magnitude(1)) : kept;
}

/// To the digits of Python's default context.
Number inContext(Number number)
{
    const int extra = number.coefficient.digits() - precision;
    if (extra <= 0)
        return number;
    number.coefficient =
        rounded(number.coefficient, extra, u"ROUND_HALF_EVEN"_s, number.isNegative);
    number.exponent += extra;
    return inContext(number); // 999… may have grown by a digit
}

Number scaledTo(Number number, int exponent)
{
    if (number.exponent > exponent)
        number.coefficient =
            number.coefficient.times(Magnitude::powerOfTen(number.exponent - exponent));
    number.exponent = std::min(number.exponent, exponent);
    return number;
}

int compared(Number a, Number b)
{
    const int exponent = std::min(a.exponent, b.exponent);
    const int order = scaledTo(a, exponent).coefficient.compare(scaledTo(b, exponent).coefficient);
    if (a.coefficient.isZero() && b.coefficient.isZero())
        return 0;
    if (a.isNegative != b.isNegative)
        return a.isNegative ? -1 : 1;
    return a.isNegative ? -order : order;
}

Number sum(const Number &left, const Number &right)
{
    const int exponent = std::min(left.exponent, right.exponent);
    const Number a = scaledTo(left, exponent);
    const Number b = scaledTo(right, exponent);
    if (a.isNegative == b.isNegative)
        return {a.isNegative, a.coefficient.plus(b.coefficient), exponent};
    const int order = a.coefficient.compare(b.coefficient);
    if (order == 0)
        return {false, {}, exponent};
    return order > 0 ? Number{a.isNegative, a.coefficient.minus(b.coefficient), exponent}
                     : Number{b.isNegative, b.coefficient.minus(a.coefficient), exponent};
}

/// Python's own way: one digit more than needed, the last one sticky, then rounded.
Number quotient(const Number &a, const Number &b)
{
    const int shift = b.coefficient.digits() - a.coefficient.digits() + precision + 1;
    const Magnitude factor = Magnitude::powerOfTen(std::abs(shift));
    auto [digits, rest] = shift >= 0 ? a.coefficient.times(factor).dividedBy(b.coefficient)
                                     : a.coefficient.dividedBy(b.coefficient.times(factor));
    Number made{a.isNegative != b.isNegative, digits, a.exponent - b.exponent - shift};
    if (!rest.isZero()) {
        if (digits.dividedBy(Magnitude(5)).second.isZero())
            made.coefficient = digits.plus(Magnitude(1));
        return made;
    }
    const int ideal = a.exponent - b.exponent;
    while (made.exponent < ideal) {
        const auto [shorter, last] = made.coefficient.dividedBy(Magnitude(10));
        if (!last.isZero())
            break;
        made.coefficient = shorter;
        ++made.exponent;
    }
    return made;
}

/// // and %: the quotient is cut, the remainder has the sign of the left side.
Number wholeQuotient(const Number &left, const Number &right, bool isModulo)
{
    const int exponent = std::min(left.exponent, right.exponent);
    const Number a = scaledTo(left, exponent);
    const Number b = scaledTo(right, exponent);
    const auto [whole, rest] = a.coefficient.dividedBy(b.coefficient);
    return isModulo ? Number{a.isNegative, rest, exponent}
                    : Number{a.isNegative != b.isNegative, whole, 0};
}

/// The exact value of \a real.
Number exactly(double real)
{
    int binary = 0;
    const double fraction = std::frexp(std::abs(real), &binary);
    Number made{std::signbit(real), Magnitude(quint64(std::ldexp(fraction, 53))), 0};
    binary -= 53;
    for (; binary < 0 && made.coefficient.dividedBy(Magnitude(2)).second.isZero()
           && !made.coefficient.isZero();
         ++binary)
        made.coefficient = made.coefficient.dividedBy(Magnitude(2)).first;
    for (; binary > 0; --binary)
        made.coefficient = made.coefficient.times(Magnitude(2));
    for (; binary < 0; ++binary, --made.exponent)
        made.coefficient = made.coefficient.times(Magnitude(5));
    return made;
}

/// With the exponent of another number.
Number quantized(const Number &number, int exponent, const QString &mode)
{
    Number made = scaledTo(number, exponent);
    if (made.exponent < exponent) {
        made.coefficient =
            rounded(made.coefficient, exponent - made.exponent, mode, made.isNegative);
        made.exponent = exponent;
    }
    return made;
}

Value makeDecimal(I &i, Class *cls, A args)
{
    Arguments a(i, args, u"Decimal"_s);
    const Value value = i.plain(a.optional(u"value"_s, Value(u"0"_s)));
    a.optional(u"context"_s);
    a.finish();
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(i);
    if (const auto *other = value.as<DecimalValue>())
        return i.make<DecimalValue>(cls, other->text);
    if (value.isIntegral())
        return i.make<DecimalValue>(cls, QString::number(value.toInt()));
    if (const auto *whole = value.as<WholeNumber>())
        return i.make<DecimalValue>(cls, whole->text());
    if (value.isFloat() && std::isfinite(value.toDouble()) && std::abs(value.toDouble()) < 1e60
        && (value.toDouble() == 0 || std::abs(value.toDouble()) > 1e-60))
        return i.make<DecimalValue>(cls, textOf(exactly(value.toDouble())));
    if (value.isFloat())
        i.unsupported(u"makes a Decimal from the float %1"_s.arg(i.repr(value)));
    static const QRegularExpression number(u"^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?$"_s);
    const QString text = stdlib::textOf(i, value).trimmed().remove(u'_');
    static const QRegularExpression special(u"^[+-]?(inf(inity)?|s?nan\\d*)$"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    if (special.match(text).hasMatch())
        i.unsupported(u"makes a Decimal of %1"_s.arg(text));
    if (!number.match(text).hasMatch()) {
        Class *invalid = stdlib::sharedClass(i, u"decimal.InvalidOperation"_s, [&] {
            return i.makeException(u"InvalidOperation"_s, u"ArithmeticError"_s);
        });
        i.raise(invalid, u"[<class 'decimal.ConversionSyntax'>]"_s);
    }
    if (text.size() > widest)
        i.unsupported(u"makes a Decimal of more than %1 digits"_s.arg(widest));
    return i.make<DecimalValue>(cls, textOf(numberOf(text)));
}

Class *decimalClass(I &i)
{
    return stdlib::sharedClass(i, u"decimal.Decimal"_s, [&] {
        Class *cls = i.makeClass(u"Decimal"_s, {}, makeDecimal);
        cls->module = u"decimal"_s;
        return cls;
    });
}

} // namespace

std::optional<Value> DecimalValue::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"__float__")
        return interpreter.function(name, [this](I &, A) { return Value(text.toDouble()); });
    if (name == u"__int__" || name == u"to_integral_value")
        return interpreter.function(name, [this, name](I &i, A) -> Value {
            const Number whole =
                quantized(numberOf(text), 0, name == u"__int__" ? u"ROUND_DOWN"_s : u"ROUND_HALF_EVEN"_s);
            const QString digits = textOf(scaledTo(whole, 0));
            return name == u"__int__" ? wholeFromText(i, digits)
                                      : Value(i.make<DecimalValue>(cls, digits));
        });
    if (name == u"is_nan" || name == u"is_infinite")
        return interpreter.function(name, [](I &, A) { return Value(false); });
    if (name == u"normalize")
        return interpreter.function(name, [this](I &i, A) -> Value {
            Number number = inContext(numberOf(text));
            if (number.coefficient.isZero())
                number.exponent = 0;
            while (!number.coefficient.isZero()
                   && number.coefficient.dividedBy(Magnitude(10)).second.isZero()) {
                number.coefficient = number.coefficient.dividedBy(Magnitude(10)).first;
                ++number.exponent;
            }
            return i.make<DecimalValue>(cls, textOf(number));
        });
    if (name == u"quantize" || name == u"__round__")
        return interpreter.function(
            name, [this, name](I &i, A args) { return roundedBy(i, name == u"quantize", args); });
    if (name == u"copy_abs" || name == u"__abs__")
        return interpreter.function(name, [this](I &i, A) {
            return Value(i.make<DecimalValue>(cls, text.startsWith(u'-') ? text.mid(1) : text));
        });
    return std::nullopt;
}

/// quantize(exp, rounding=…) and round(self, places).
Value DecimalValue::roundedBy(Interpreter &i, bool isQuantize, const CallArgs &args) const
{
    Arguments a(i, args, u"quantize"_s);
    if (!isQuantize) {
        const Value places = a.optional(u"ndigits"_s);
        if (places.isNone())
            return wholeFromText(i, textOf(scaledTo(quantized(numberOf(text), 0, u"ROUND_HALF_EVEN"_s), 0)));
        const qint64 wanted = std::clamp<qint64>(stdlib::numberOf(i, places), -widest, widest);
        return i.make<DecimalValue>(
            cls, textOf(quantized(numberOf(text), int(-wanted), u"ROUND_HALF_EVEN"_s)));
    }
    const Value pattern = a.required(u"exp"_s);
    const Value given = a.optional(u"rounding"_s);
    a.finish();
    const auto *decimal = pattern.as<DecimalValue>();
    const int exponent = decimal ? numberOf(decimal->text).exponent : 0;
    if (!decimal && !pattern.isIntegral())
        i.raise(u"TypeError"_s, u"conversion to Decimal is not supported"_s);
    const QString mode = given.isNone() ? u"ROUND_HALF_EVEN"_s : stdlib::textOf(i, given);
    if (mode == u"ROUND_05UP")
        i.unsupported(u"rounds a Decimal with ROUND_05UP"_s);
    const Number made = quantized(numberOf(text), exponent, mode);
    if (made.coefficient.digits() > precision)
        i.raise(u"ArithmeticError"_s, u"[<class 'decimal.InvalidOperation'>]"_s);
    return i.make<DecimalValue>(cls, textOf(made));
}

std::optional<Value> DecimalValue::binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected)
{
    const auto *decimal = other.as<DecimalValue>();
    const auto *whole = other.as<WholeNumber>();
    if (!decimal && !whole && !other.isIntegral())
        return std::nullopt;
    const Number own = numberOf(text);
    const Number theirs = decimal ? numberOf(decimal->text)
                          : whole ? numberOf(whole->text())
                                  : numberOf(other.toInt());
    const Number &a = reflected ? theirs : own;
    const Number &b = reflected ? own : theirs;
    i.step(8);
    const auto result = [&](const Number &number) {
        return Value(i.make<DecimalValue>(cls, textOf(inContext(number))));
    };
    const bool divides = op == BinaryOp::Div || op == BinaryOp::FloorDiv || op == BinaryOp::Mod;
    if (divides && b.coefficient.isZero())
        i.raise(u"ZeroDivisionError"_s, u"[<class 'decimal.DivisionByZero'>]"_s);
    switch (op) {
    case BinaryOp::Add: return result(sum(a, b));
    case BinaryOp::Sub: {
        Number negative = b;
        negative.isNegative = !b.isNegative;
        return result(sum(a, negative));
    }
    case BinaryOp::Mul:
        return result({a.isNegative != b.isNegative, a.coefficient.times(b.coefficient),
                       a.exponent + b.exponent});
    case BinaryOp::Div: return result(quotient(a, b));
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod: return result(wholeQuotient(a, b, op == BinaryOp::Mod));
    case BinaryOp::Pow: {
        const Number times = scaledTo(b, 0);
        if (b.isNegative || times.exponent != 0 || times.coefficient.digits() > 2)
            i.unsupported(u"computes a power of a Decimal that is no small whole one"_s);
        Number made{false, Magnitude(1), 0};
        const int count = times.coefficient.text().toInt();
        for (int n = 0; n < count; ++n)
            made = {made.isNegative != a.isNegative, made.coefficient.times(a.coefficient),
                    made.exponent + a.exponent};
        return result(made);
    }
    default: return std::nullopt;
    }
}

std::optional<Value> DecimalValue::compare(Interpreter &i, CompareOp op, const Value &other)
{
    const auto *decimal = other.as<DecimalValue>();
    const auto *whole = other.as<WholeNumber>();
    if (!decimal && !whole && !other.isNumber())
        return std::nullopt;
    if (other.isFloat())
        return i.compare(op, Value(text.toDouble()), other);
    const int sign = compared(numberOf(text), decimal ? numberOf(decimal->text)
                                               : whole ? numberOf(whole->text())
                                                       : numberOf(other.toInt()));
    return i.compare(op, Value(sign), Value(0));
}

std::optional<Value> DecimalValue::unary(Interpreter &i, UnaryOp op)
{
    if (op == UnaryOp::Invert)
        return std::nullopt;
    Number number = inContext(numberOf(text));
    number.isNegative = (number.isNegative != (op == UnaryOp::Minus)) && !number.coefficient.isZero();
    return Value(i.make<DecimalValue>(cls, textOf(number)));
}

size_t DecimalValue::hash(Interpreter &interpreter)
{
    return interpreter.hash(Value(text.toDouble()));
}

bool DecimalValue::truth(Interpreter &)
{
    return text.toDouble() != 0;
}

QString DecimalValue::repr(Interpreter &)
{
    return u"Decimal('%1')"_s.arg(text);
}

QString DecimalValue::str(Interpreter &)
{
    return text;
}

QString DecimalValue::format(Interpreter &interpreter, const QString &spec)
{
    static const QRegularExpression fixed(u"^(,?)(?:\\.(\\d{1,2}))?f?$"_s);
    if (spec.isEmpty())
        return text;
    const QRegularExpressionMatch match = fixed.match(spec);
    if (!match.hasMatch())
        interpreter.unsupported(u"formats a Decimal with the format specifier %1"_s.arg(spec));
    const bool hasPlaces = !match.captured(2).isEmpty();
    if (hasPlaces && !spec.endsWith(u'f'))
        interpreter.unsupported(u"formats a Decimal with the format specifier %1"_s.arg(spec));
    Number number = numberOf(text);
    if (hasPlaces)
        number = quantized(number, -match.captured(2).toInt(), u"ROUND_HALF_EVEN"_s);
    QString shown = number.coefficient.text();
    const int places = std::max(-number.exponent, 0);
    shown += QString(std::max(number.exponent, 0), u'0');
    shown = shown.rightJustified(places + 1, u'0');
    const QString fraction = places ? u'.' + shown.right(places) : QString();
    shown.chop(places);
    for (qsizetype at = shown.size() - 3; !match.captured(1).isEmpty() && at > 0; at -= 3)
        shown.insert(at, u',');
    return (number.isNegative ? u"-"_s : QString()) + shown + fraction;
}

Module *stdlib::decimalModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"decimal"_s, [](I &i, const QString &name) -> std::optional<Value> {
        if (name == u"Decimal")
            return Value(decimalClass(i));
        if (name == u"InvalidOperation") {
            return Value(sharedClass(i, u"decimal.InvalidOperation"_s, [&] {
                return i.makeException(name, u"ArithmeticError"_s);
            }));
        }
        if (name.startsWith(u"ROUND_"))
            return Value(name);
        return std::nullopt;
    });
}

} // namespace tribikos::py
