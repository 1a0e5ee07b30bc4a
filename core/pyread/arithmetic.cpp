// Operators of plain values, and how operators find the objects that implement them.
#include "core/pyread/function.h"
#include "core/pyread/methods.h"
#include "core/pyread/wholenumber.h"

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView binarySigns[] = {u"+", u"-", u"*", u"/", u"//", u"%", u"** or pow()",
                                       u"@", u"&", u"|", u"^", u"<<", u">>"};
constexpr QStringView compareSigns[] = {u"==", u"!=", u"<", u"<=", u">", u">="};

/// The same beyond 64 bits.
Value large(Interpreter &interpreter, BinaryOp op, qint64 left, qint64 right)
{
    return wholeResult(interpreter, op, Value(left), Value(right)).value_or(Value());
}

qint64 floorDivide(qint64 left, qint64 right)
{
    const qint64 quotient = left / right;
    return (left % right != 0 && (left < 0) != (right < 0)) ? quotient - 1 : quotient;
}

Value power(Interpreter &interpreter, qint64 base, qint64 exponent)
{
    if (exponent < 0) {
        if (base == 0)
            interpreter.raise(u"ZeroDivisionError"_s, u"0.0 cannot be raised to a negative power"_s);
        return Value(std::pow(double(base), double(exponent)));
    }
    if (base == 0 || base == 1)
        return Value(exponent == 0 ? qint64(1) : base);
    if (base == -1)
        return Value(exponent % 2 ? -1 : 1);
    qint64 result = 1;
    const qint64 whole = exponent;
    for (; exponent > 0; --exponent) { // at most 63 rounds before it overflows
        if (__builtin_mul_overflow(result, base, &result))
            return large(interpreter, BinaryOp::Pow, base, whole);
    }
    return Value(result);
}

Value integers(Interpreter &interpreter, BinaryOp op, qint64 left, qint64 right)
{
    qint64 result = 0;
    switch (op) {
    case BinaryOp::Add:
        if (__builtin_add_overflow(left, right, &result))
            return large(interpreter, op, left, right);
        return Value(result);
    case BinaryOp::Sub:
        if (__builtin_sub_overflow(left, right, &result))
            return large(interpreter, op, left, right);
        return Value(result);
    case BinaryOp::Mul:
        if (__builtin_mul_overflow(left, right, &result))
            return large(interpreter, op, left, right);
        return Value(result);
    case BinaryOp::Div:
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod:
        if (right == 0) {
            interpreter.raise(u"ZeroDivisionError"_s,
                              op == BinaryOp::Div ? u"division by zero"_s
                              : op == BinaryOp::Mod ? u"integer modulo by zero"_s
                                                    : u"integer division or modulo by zero"_s);
        }
        if (op == BinaryOp::Div)
            return Value(double(left) / double(right));
        if (right == -1) { // the one quotient that can overflow
            if (op == BinaryOp::Mod)
                return Value(0);
            if (__builtin_sub_overflow(qint64(0), left, &result))
                return large(interpreter, op, left, right);
            return Value(result);
        }
        result = floorDivide(left, right);
        return Value(op == BinaryOp::FloorDiv ? result : left - result * right);
    case BinaryOp::Pow: return power(interpreter, left, right);
    case BinaryOp::And: return Value(left & right);
    case BinaryOp::Or: return Value(left | right);
    case BinaryOp::Xor: return Value(left ^ right);
    case BinaryOp::LeftShift:
    case BinaryOp::RightShift:
        if (right < 0)
            interpreter.raise(u"ValueError"_s, u"negative shift count"_s);
        if (op == BinaryOp::RightShift)
            return Value(right > 63 ? (left < 0 ? qint64(-1) : qint64(0)) : left >> right);
        if (left == 0)
            return Value(0);
        if (right > 62 || __builtin_mul_overflow(left, qint64(1) << right, &result))
            return large(interpreter, op, left, right);
        return Value(result);
    case BinaryOp::MatMul: break;
    }
    return {};
}

std::optional<Value> floats(Interpreter &interpreter, BinaryOp op, double left, double right)
{
    switch (op) {
    case BinaryOp::Add: return Value(left + right);
    case BinaryOp::Sub: return Value(left - right);
    case BinaryOp::Mul: return Value(left * right);
    case BinaryOp::Div:
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod: {
        if (right == 0) {
            interpreter.raise(u"ZeroDivisionError"_s, op == BinaryOp::Div ? u"float division by zero"_s
                                                      : op == BinaryOp::Mod ? u"float modulo"_s
                                                      : u"float floor division by zero"_s);
        }
        if (op == BinaryOp::Div)
            return Value(left / right);
        double rest = std::fmod(left, right);
        if (rest != 0 && (rest < 0) != (right < 0))
            rest += right;
        return op == BinaryOp::Mod ? Value(rest) : Value(std::round((left - rest) / right));
    }
    case BinaryOp::Pow:
        if (left < 0 && right != std::floor(right))
            interpreter.unsupported(u"computes a complex number"_s);
        if (left == 0 && right < 0)
            interpreter.raise(u"ZeroDivisionError"_s, u"0.0 cannot be raised to a negative power"_s);
        return Value(std::pow(left, right));
    default: return std::nullopt;
    }
}

Value repeated(Interpreter &interpreter, const QString &text, qint64 times)
{
    if (times <= 0 || text.isEmpty())
        return Value(QString());
    const qsizetype limit = interpreter.limits().stringLength;
    if (times > limit || text.size() * times > limit) // checkedText() says it, without the text
        return Value(interpreter.checkedText(QString(limit + 1, u' ')));
    return Value(interpreter.checkedText(text.repeated(times)));
}

} // namespace

std::optional<Value> Interpreter::plainBinary(BinaryOp op, const Value &left, const Value &right)
{
    if (left.isIntegral() && right.isIntegral()) {
        if (left.isBool() && right.isBool()
            && (op == BinaryOp::And || op == BinaryOp::Or || op == BinaryOp::Xor))
            return Value(integers(*this, op, left.toInt(), right.toInt()).toInt() != 0);
        if (op == BinaryOp::MatMul)
            return std::nullopt;
        return integers(*this, op, left.toInt(), right.toInt());
    }
    if (left.isNumber() && right.isNumber())
        return floats(*this, op, left.toDouble(), right.toDouble());
    if (left.isStr()) {
        if (op == BinaryOp::Mod && !right.as<Unknown>())
            return Value(percentFormat(*this, left.str(), right));
        if (op == BinaryOp::Add && right.isStr())
            return Value(checkedText(left.str() + right.str()));
        if (op == BinaryOp::Mul && right.isIntegral())
            return repeated(*this, left.str(), right.toInt());
    }
    if (right.isStr() && op == BinaryOp::Mul && left.isIntegral())
        return repeated(*this, right.str(), left.toInt());
    return std::nullopt;
}

namespace {

/// Whether Python asks \a right first: an object of a class that the script derived from left's.
bool isDerived(const Value &left, const Value &right)
{
    const auto *base = left.as<Instance>();
    const auto *derived = right.as<Instance>();
    return base && derived && base->cls != derived->cls && derived->cls->globals
           && derived->cls->isSubclassOf(base->cls);
}

} // namespace

Value Interpreter::binary(BinaryOp op, const Value &left, const Value &right)
{
    step();
    const bool percent = op == BinaryOp::Mod && left.isStr() && !right.as<Unknown>();
    if ((!left.isObject() && !right.isObject()) || percent) {
        if (std::optional<Value> result = plainBinary(op, left, right))
            return *result;
    }
    const bool isRightFirst = isDerived(left, right);
    if (isRightFirst) {
        if (std::optional<Value> result = right.object()->binary(*this, op, left, true))
            return *result;
    }
    if (left.isObject()) {
        if (std::optional<Value> result = left.object()->binary(*this, op, right, false))
            return *result;
    }
    if (right.isObject() && !isRightFirst) {
        if (std::optional<Value> result = right.object()->binary(*this, op, left, true))
            return *result;
    }
    if (op == BinaryOp::Add && left.isStr()) {
        raise(u"TypeError"_s, u"can only concatenate str (not \"%1\") to str"_s.arg(typeName(right)));
    }
    raise(u"TypeError"_s, u"unsupported operand type(s) for %1: '%2' and '%3'"_s.arg(
                              binarySigns[int(op)], typeName(left), typeName(right)));
}

Value Interpreter::unary(UnaryOp op, const Value &value)
{
    step();
    if (value.isObject()) {
        if (std::optional<Value> result = value.object()->unary(*this, op))
            return *result;
    } else if (value.isIntegral()) {
        const qint64 number = value.toInt();
        if (op == UnaryOp::Invert)
            return Value(~number);
        if (op == UnaryOp::Plus)
            return Value(number);
        return integers(*this, BinaryOp::Sub, 0, number);
    } else if (value.isFloat() && op != UnaryOp::Invert) {
        return Value(op == UnaryOp::Minus ? -value.toDouble() : value.toDouble());
    }
    constexpr QStringView signs[] = {u"+", u"-", u"~"};
    raise(u"TypeError"_s, u"bad operand type for unary %1: '%2'"_s.arg(signs[int(op)],
                                                                      typeName(value)));
}

std::optional<Value> Interpreter::plainCompare(CompareOp op, const Value &left, const Value &right)
{
    int order = 0;
    if (left.isIntegral() && right.isIntegral()) {
        order = left.toInt() < right.toInt() ? -1 : left.toInt() > right.toInt();
    } else if (left.isNumber() && right.isNumber()) {
        const double a = left.toDouble();
        const double b = right.toDouble();
        if (std::isnan(a) || std::isnan(b))
            return Value(op == CompareOp::Ne);
        order = a < b ? -1 : a > b;
    } else if (left.isStr() && right.isStr()) {
        if (op == CompareOp::Eq || op == CompareOp::Ne)
            return Value((left.str() == right.str()) == (op == CompareOp::Eq));
        order = QString::compare(left.str(), right.str());
    } else {
        if (op == CompareOp::Eq || op == CompareOp::Ne)
            return Value((left.isNone() && right.isNone()) == (op == CompareOp::Eq));
        return std::nullopt;
    }
    switch (op) {
    case CompareOp::Eq: return Value(order == 0);
    case CompareOp::Ne: return Value(order != 0);
    case CompareOp::Lt: return Value(order < 0);
    case CompareOp::Le: return Value(order <= 0);
    case CompareOp::Gt: return Value(order > 0);
    case CompareOp::Ge: return Value(order >= 0);
    }
    return std::nullopt;
}

Value Interpreter::compare(CompareOp op, const Value &left, const Value &right)
{
    step();
    if (!left.isObject() && !right.isObject()) {
        if (std::optional<Value> result = plainCompare(op, left, right))
            return *result;
    }
    constexpr CompareOp mirrored[] = {CompareOp::Eq, CompareOp::Ne, CompareOp::Gt,
                                      CompareOp::Ge, CompareOp::Lt, CompareOp::Le};
    const bool isRightFirst = isDerived(left, right);
    if (isRightFirst) {
        if (std::optional<Value> result = right.object()->compare(*this, mirrored[int(op)], left))
            return *result;
    }
    if (left.isObject()) {
        if (std::optional<Value> result = left.object()->compare(*this, op, right))
            return *result;
    }
    if (right.isObject() && !isRightFirst) {
        if (std::optional<Value> result = right.object()->compare(*this, mirrored[int(op)], left))
            return *result;
    }
    if (op == CompareOp::Eq || op == CompareOp::Ne)
        return Value(left.isSame(right) == (op == CompareOp::Eq));
    raise(u"TypeError"_s, u"'%1' not supported between instances of '%2' and '%3'"_s.arg(
                              compareSigns[int(op)], typeName(left), typeName(right)));
}

bool Interpreter::equals(const Value &left, const Value &right)
{
    if (!left.isObject() && !right.isObject())
        return plainCompare(CompareOp::Eq, left, right)->isTrue();
    return truth(compare(CompareOp::Eq, left, right));
}

bool Interpreter::less(const Value &left, const Value &right)
{
    return truth(compare(CompareOp::Lt, left, right));
}

} // namespace tribikos::py
