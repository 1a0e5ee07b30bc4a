#pragma once

#include "core/pyread/interpreter.h"
#include "core/pyread/magnitude.h"

namespace tribikos::py {

/// An int that doesn't fit into 64 bits. What does is always a plain Value.
class WholeNumber final : public Object
{
public:
    WholeNumber(Magnitude itsSize, bool isBelowZero)
        : size(std::move(itsSize))
        , isNegative(isBelowZero)
    {}
    QString typeName() const override { return QStringLiteral("int"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                bool reflected) override;
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op,
                                 const Value &other) override;
    std::optional<Value> unary(Interpreter &interpreter, UnaryOp op) override;
    bool truth(Interpreter &) override { return true; }
    size_t hash(Interpreter &) override { return qHash(text()); }
    QString repr(Interpreter &) override { return text(); }
    QString format(Interpreter &interpreter, const QString &spec) override;
    QString text() const;

    const Magnitude size;
    const bool isNegative;
};

/// \a left \a op \a right where both are whole numbers of any size; nullopt: they aren't, or the operator
/// is none for them. More than some thousand digits are refused.
std::optional<Value> wholeResult(Interpreter &interpreter, BinaryOp op, const Value &left,
                                 const Value &right);
/// The whole number of hexadecimal digits.
Value wholeFromHex(Interpreter &interpreter, const QString &digits);
/// And its hexadecimal digits, at least \a width; ValueError when it is negative or takes more.
QString hexOfWhole(Interpreter &interpreter, const Value &number, int width);
/// The whole number of decimal digits, perhaps with a sign.
Value wholeFromText(Interpreter &interpreter, const QString &text);

} // namespace tribikos::py
