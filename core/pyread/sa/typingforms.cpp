#include "core/pyread/sa/typingforms.h"

#include "core/base/unwritten.h"

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

Value TypingForm::call(Interpreter &interpreter, const CallArgs &callArgs)
{
    if (name == u"NewType" && args.empty()) {
        if (callArgs.positional.size() != 2)
            interpreter.raise(u"TypeError"_s, u"NewType() takes a name and a type"_s);
        return interpreter.make<TypingForm>(name, std::vector<Value>{callArgs.positional[1]});
    }
    return callArgs.positional.empty() ? Value() : callArgs.positional.front();
}

Value TypingForm::getItem(Interpreter &interpreter, const Value &key)
{
    const auto *several = key.as<Tuple>();
    return interpreter.make<TypingForm>(name, several ? several->items : std::vector<Value>{key});
}

std::optional<Value> TypingForm::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                        bool reflected)
{
    if (op != BinaryOp::Or)
        return std::nullopt;
    const Value self(this);
    return interpreter.make<TypingForm>(u"Union"_s, reflected ? std::vector<Value>{other, self}
                                                              : std::vector<Value>{self, other});
}

QString TypingForm::repr(Interpreter &)
{
    return unwritten(u"typing."_s + name);
}

void registerTypingForms(ModuleRegistry &registry)
{
    static const QStringList forms{u"Annotated"_s, u"Optional"_s, u"Union"_s, u"Literal"_s,
                                   u"NewType"_s};
    for (const QString &module : {u"typing"_s, u"typing_extensions"_s}) {
        const ModuleRegistry::Factory *known = registry.find(module);
        const ModuleRegistry::Factory original = known ? *known : ModuleRegistry::Factory();
        registry.add(module, [module, original](Interpreter &interpreter) {
            Module *inner = original ? original(interpreter) : nullptr;
            return interpreter.make<Module>(
                module, [inner](Interpreter &in, const QString &name) -> std::optional<Value> {
                    if (forms.contains(name))
                        return Value(in.make<TypingForm>(name, std::vector<Value>()));
                    return inner ? inner->getAttr(in, name) : std::nullopt;
                });
        });
    }
}

} // namespace tribikos::py::sa
