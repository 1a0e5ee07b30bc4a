#pragma once

#include "core/pyread/value.h"

namespace tribikos::py {

/// decimal.Decimal: the text as it was written is the value.
class DecimalValue : public Instance
{
public:
    DecimalValue(Class *itsClass, QString digits) : Instance(itsClass), text(std::move(digits)) {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    std::optional<Value> unary(Interpreter &, UnaryOp) override;
    size_t hash(Interpreter &interpreter) override;
    bool truth(Interpreter &) override;
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    QString format(Interpreter &interpreter, const QString &spec) override;

    const QString text;

private:
    Value roundedBy(Interpreter &interpreter, bool isQuantize, const CallArgs &args) const;
};

} // namespace tribikos::py
