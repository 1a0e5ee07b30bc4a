#pragma once

#include "core/pyread/interpreter.h"

namespace tribikos::py::sa {

/// Annotated[int, mapped_column(…)], Optional[int], NewType("UserId", int): what an alias of a type
/// stands for. The language's own `typing` drops it, models need it.
class TypingForm final : public Object
{
public:
    TypingForm(QString formName, std::vector<Value> arguments)
        : name(std::move(formName))
        , args(std::move(arguments))
    {}
    QString typeName() const override { return QStringLiteral("typing"); }
    bool isCallable() const override { return true; } // NewType("UserId", int)(5)
    Value call(Interpreter &interpreter, const CallArgs &callArgs) override;
    Value getItem(Interpreter &interpreter, const Value &key) override;
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                bool reflected) override;
    QString repr(Interpreter &interpreter) override;

    const QString name;            // "Annotated", "Optional", "Union", "Literal", "NewType"
    const std::vector<Value> args; // empty: the bare form
};

/// Puts the forms in front of `typing` and `typing_extensions`.
void registerTypingForms(ModuleRegistry &registry);

} // namespace tribikos::py::sa
