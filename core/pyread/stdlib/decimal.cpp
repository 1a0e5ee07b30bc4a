// Decimal as its exact text: scripts write prices with it, and don't compute.
#include "core/pyread/stdlib/decimal.h"

#include "core/pyread/stdlib/library.h"

#include <QRegularExpression>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

/// The number as digits and the places behind the point; nullopt: not that plain, or too long.
std::optional<std::pair<qint64, int>> scaled(const QString &text)
{
    if (text.contains(u'E') || text.contains(u'e') || text.contains(u'n', Qt::CaseInsensitive))
        return std::nullopt;
    const qsizetype point = text.indexOf(u'.');
    bool ok = false;
    const qint64 digits = QString(text).remove(u'.').toLongLong(&ok);
    if (!ok)
        return std::nullopt;
    return std::pair{digits, point < 0 ? 0 : int(text.size() - point - 1)};
}

QString textOfScaled(qint64 digits, int places)
{
    QString text = QString::number(std::abs(digits)).rightJustified(places + 1, u'0');
    if (places > 0)
        text.insert(text.size() - places, u'.');
    return digits < 0 ? u'-' + text : text;
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
    if (value.isFloat())
        i.unsupported(u"makes a Decimal from a float, whose digits nobody wants: use a text"_s);
    static const QRegularExpression number(u"^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?$"_s);
    const QString text = stdlib::textOf(i, value).trimmed().remove(u'_');
    if (!number.match(text).hasMatch()) {
        Class *invalid = stdlib::sharedClass(i, u"decimal.InvalidOperation"_s, [&] {
            return i.makeException(u"InvalidOperation"_s, u"ArithmeticError"_s);
        });
        i.raise(invalid, u"[<class 'decimal.ConversionSyntax'>]"_s);
    }
    QString shown = text.startsWith(u'+') ? text.mid(1) : text;
    if (shown.endsWith(u'.'))
        shown.chop(1);
    if (shown.startsWith(u'.') || shown.startsWith(u"-."))
        shown.insert(shown.indexOf(u'.'), u'0');
    return i.make<DecimalValue>(cls, shown);
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
    if (name == u"__int__")
        return interpreter.function(name, [this](I &, A) { return Value(qint64(text.toDouble())); });
    if (name == u"quantize" || name == u"normalize") {
        return interpreter.function(name, [name](I &i, A) -> Value {
            i.unsupported(u"rounds a Decimal with %1()"_s.arg(name));
        });
    }
    return std::nullopt;
}

std::optional<Value> DecimalValue::binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected)
{
    const auto *decimal = other.as<DecimalValue>();
    if (!decimal && !other.isIntegral())
        return std::nullopt;
    auto left = scaled(text);
    auto right = scaled(decimal ? decimal->text : QString::number(other.toInt()));
    if (reflected)
        std::swap(left, right);
    qint64 result = 0;
    bool overflow = !left || !right;
    if (!overflow && op == BinaryOp::Mul) {
        overflow = __builtin_mul_overflow(left->first, right->first, &result);
        if (!overflow)
            return Value(i.make<DecimalValue>(cls, textOfScaled(result, left->second + right->second)));
    }
    if (!overflow && (op == BinaryOp::Add || op == BinaryOp::Sub)) {
        const int places = std::max(left->second, right->second);
        for (auto *side : {&*left, &*right}) {
            for (; side->second < places; ++side->second)
                overflow = overflow || __builtin_mul_overflow(side->first, qint64(10), &side->first);
        }
        overflow = overflow || (op == BinaryOp::Add
                                    ? __builtin_add_overflow(left->first, right->first, &result)
                                    : __builtin_sub_overflow(left->first, right->first, &result));
        if (!overflow)
            return Value(i.make<DecimalValue>(cls, textOfScaled(result, places)));
    }
    i.unsupported(u"computes with Decimal values"_s);
}

std::optional<Value> DecimalValue::compare(Interpreter &i, CompareOp op, const Value &other)
{
    const auto *decimal = other.as<DecimalValue>();
    if (!decimal && !other.isNumber())
        return std::nullopt;
    return i.compare(op, Value(text.toDouble()), decimal ? Value(decimal->text.toDouble()) : other);
}

std::optional<Value> DecimalValue::unary(Interpreter &i, UnaryOp op)
{
    if (op != UnaryOp::Minus)
        return op == UnaryOp::Plus ? std::optional<Value>(Value(this)) : std::nullopt;
    return Value(i.make<DecimalValue>(cls, text.startsWith(u'-') ? text.mid(1) : u'-' + text));
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
    if (spec.isEmpty())
        return text;
    interpreter.unsupported(u"formats a Decimal with a format specifier"_s);
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
