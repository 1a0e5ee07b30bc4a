#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"

/// A project's own types: TypeDecorator with an `impl`, perhaps one per dialect; UserDefinedType.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

constexpr Backend allBackends[] = {Backend::Sqlite, Backend::PostgreSql, Backend::MySql,
                                   Backend::MariaDb};

/// What the class says (or its __init__ put on the instance) as its implementation.
SqlTypePtr implementation(Interpreter &interpreter, TypeObject &decorator)
{
    Value impl = decorator.attrs.value(u"impl"_s);
    if (impl.isNone()) {
        const Value *found = decorator.cls->lookup(u"impl"_s);
        if (!found)
            interpreter.raise(
                u"AssertionError"_s,
                u"TypeDecorator implementations require a class-level variable 'impl'"_s);
        impl = *found;
    }
    if (impl.as<Class>() && !decorator.arguments.isEmpty())
        return typeFrom(interpreter, interpreter.call(impl, decorator.arguments));
    return typeFrom(interpreter, impl);
}

SqlTypePtr implementationFor(Interpreter &interpreter, TypeObject &decorator, Backend backend)
{
    const Value made = interpreter.callMethod(&decorator, u"load_dialect_impl"_s,
                                              {makeDialect(interpreter, backend)});
    return typeFrom(interpreter, made);
}

SqlTypePtr userDefined(Interpreter &interpreter, TypeObject &type)
{
    if (!type.cls->lookup(u"get_col_spec"_s))
        interpreter.unsupported(
            u"uses the type %1, which has no get_col_spec()"_s.arg(type.cls->name));
    const Value spec = interpreter.callMethod(&type, u"get_col_spec"_s);
    return std::make_shared<const SqlType>(
        SqlType{.name = textOf(interpreter, spec, u"get_col_spec()"_s), .module = u"reflected"_s});
}

/// What a function of @compiles is given as the compiler: none of its texts are known.
class CompilerObject final : public Object
{
public:
    QString typeName() const override { return u"SQLCompiler"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        interpreter.unsupported(
            u"draws something with @compiles and asks the compiler for %1: only functions that return "
            "a plain text are followed"_s.arg(name));
    }
};

bool isScripted(const Value *method)
{
    return method && !method->as<NativeFunction>();
}

} // namespace

std::optional<Value> compiledText(Interpreter &interpreter, const Class &cls, const Value &object)
{
    const State &state = State::of(interpreter);
    if (state.compiled.empty())
        return std::nullopt;
    const auto backend = state.host ? state.host->backend() : std::nullopt;
    for (const Class *base : cls.mro) {
        const Value *function = nullptr;
        bool isOwn = false;
        for (const State::Compiled &each : state.compiled) {
            if (each.cls != base)
                continue;
            if (!backend)
                interpreter.unsupported(
                    u"draws %1 with @compiles: what for depends on the database"_s.arg(base->name));
            const bool isMatch = each.dialects.contains(backendName(*backend));
            if (isMatch || (each.dialects.isEmpty() && !isOwn))
                function = &each.function;
            isOwn = isOwn || isMatch;
        }
        if (function) {
            const Value text = interpreter.call(
                *function, {object, Value(interpreter.make<CompilerObject>())});
            if (!text.isStr())
                interpreter.unsupported(
                    u"draws %1 with @compiles, which returns no plain text"_s.arg(base->name));
            return text;
        }
        if (!base->nativeKey.isEmpty()) // SQLAlchemy's own classes draw themselves
            break;
    }
    return std::nullopt;
}

SqlTypePtr compiledType(Interpreter &interpreter, TypeObject &type)
{
    const auto text = compiledText(interpreter, *type.cls, Value(&type));
    if (!text)
        return nullptr;
    SqlType made{.name = text->str(), .module = u"reflected"_s};
    if (typeSpec(type.type.name)) // what it derives from decides how values are written
        made.item = std::make_shared<const SqlType>(type.type);
    return std::make_shared<const SqlType>(std::move(made));
}

ExprPtr decoratedExpr(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    const auto &decorated = State::of(interpreter).decorated;
    const auto found = decorated.constFind(type.get());
    if (value.isNone() || found == decorated.cend())
        return nullptr;
    const Value decorator = found->second;
    const auto backend = hostOf(interpreter).backend();
    const auto *object = decorator.as<TypeObject>();
    if (!backend || !object)
        interpreter.unsupported(
            u"writes a value whose type has process_bind_param(), which depends on the database"_s);
    const bool isLiteral = isScripted(object->cls->lookup(u"process_literal_param"_s));
    const Value made = interpreter.callMethod(
        decorator, isLiteral ? u"process_literal_param"_s : u"process_bind_param"_s,
        {value, makeDialect(interpreter, *backend)});
    return boundExpr(interpreter, made, std::make_shared<const SqlType>(*type));
}

namespace {

SqlTypePtr storageOf(Interpreter &interpreter, TypeObject &decorator);

bool changesValues(const TypeObject &decorator)
{
    return isScripted(decorator.cls->lookup(u"process_bind_param"_s))
           || isScripted(decorator.cls->lookup(u"process_literal_param"_s));
}

} // namespace

SqlTypePtr resolveDecorator(Interpreter &interpreter, TypeObject &decorator)
{
    const SqlTypePtr storage = storageOf(interpreter, decorator);
    if (!storage || !changesValues(decorator))
        return storage;
    auto own = std::make_shared<const SqlType>(*storage);
    keepDecorator(interpreter, own, decorator);
    return own;
}

void keepDecorator(Interpreter &interpreter, const SqlTypePtr &type, TypeObject &decorator)
{
    State &state = State::of(interpreter);
    const auto backend = state.host ? state.host->backend() : std::nullopt;
    const bool isOther = backend
                         && std::ranges::any_of(type->variants, [&](const auto &variant) {
                                return variant.first == backendName(*backend);
                            });
    if (changesValues(decorator) && !isOther)
        state.decorated.insert(type.get(), {type, Value(&decorator)});
}

namespace {

SqlTypePtr storageOf(Interpreter &interpreter, TypeObject &decorator)
{
    // SchemaType in a project's class means event listeners that add constraints; none are run.
    if (isNative(decorator.cls, u"SchemaType"))
        return std::make_shared<const SqlType>(
            SqlType{.name = decorator.cls->module + u'.' + decorator.cls->name,
                    .module = u"unknown"_s});
    if (isNative(decorator.cls, u"UserDefinedType"))
        return userDefined(interpreter, decorator);
    if (!isScripted(decorator.cls->lookup(u"load_dialect_impl"_s)))
        return implementation(interpreter, decorator);
    const State &state = State::of(interpreter);
    if (state.host && state.host->backend())
        return implementationFor(interpreter, decorator, *state.host->backend());
    SqlType result = *implementation(interpreter, decorator);
    for (const Backend backend : allBackends) {
        const SqlTypePtr own = implementationFor(interpreter, decorator, backend);
        if (own && !(*own == result))
            result.variants.append({backendName(backend), own});
    }
    return std::make_shared<const SqlType>(std::move(result));
}

} // namespace

Value decoratorImpl(Interpreter &interpreter, TypeObject &decorator)
{
    return typeValue(interpreter, implementation(interpreter, decorator));
}

} // namespace tribikos::py::sa
