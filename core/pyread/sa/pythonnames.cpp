#include "core/pyread/ast.h"
#include "core/pyread/function.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"

/// What a new revision writes for a project's own column type: its class, and what its repr() shows.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

const Function *scripted(const Class &cls, const QString &method)
{
    const Value *found = cls.lookup(method);
    return found ? found->as<Function>() : nullptr;
}

/// SQLAlchemy's generic_repr(): the arguments of __init__, with the values that the attributes of these names have.
QString argumentsOf(Interpreter &interpreter, TypeObject &type, const Function &initializer)
{
    QStringList shown;
    for (size_t i = 1; i < initializer.parameters->size(); ++i) {
        const ast::Parameter &parameter = initializer.parameters->at(i);
        if (parameter.kind != ast::Parameter::Kind::Plain
            && parameter.kind != ast::Parameter::Kind::PositionalOnly)
            continue;
        const auto value = interpreter.findAttr(Value(&type), parameter.name);
        const QString text = interpreter.repr(value.value_or(Value()));
        if (!parameter.defaultValue)
            shown.append(text);
        else if (value && text != interpreter.repr(initializer.defaults.at(i)))
            shown.append(parameter.name + u'=' + text);
    }
    return shown.join(u", "_s);
}

} // namespace

SqlTypePtr namedForPython(Interpreter &interpreter, TypeObject &type, const SqlTypePtr &storage)
{
    if (!storage)
        return storage;
    SqlType named = *storage;
    named.pythonModule = type.cls->module;
    named.pythonClass = type.cls->name;
    const auto text = interpreter.guarded([&]() -> Value {
        if (scripted(*type.cls, u"__repr__"_s))
            return interpreter.callMethod(Value(&type), u"__repr__"_s);
        const Function *initializer = scripted(*type.cls, u"__init__"_s);
        if (type.cls->isSubclassOf(classOf(interpreter, u"TypeDecorator"_s)))
            named.pythonLike = typeFrom(interpreter, decoratorImpl(interpreter, type));
        else if (initializer)
            return Value(
                u"%1(%2)"_s.arg(type.cls->name, argumentsOf(interpreter, type, *initializer)));
        else
            named.pythonLike = storage;
        return {};
    });
    if (text && text->isStr())
        named.pythonText = text->str();
    const auto own = std::make_shared<const SqlType>(std::move(named));
    State &state = State::of(interpreter); // what is known of the type goes by its address
    for (auto *known : {&state.decorated, &state.enumClasses})
        if (const auto found = known->constFind(storage.get()); found != known->cend()) {
            const Value value = found->second;
            known->insert(own.get(), {own, value});
        }
    return own;
}

} // namespace tribikos::py::sa
