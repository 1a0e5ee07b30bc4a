#include "core/pyread/sa/connection.h"
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

bool isScripted(const Value *method)
{
    return method && !method->as<NativeFunction>();
}

} // namespace

SqlTypePtr resolveDecorator(Interpreter &interpreter, TypeObject &decorator)
{
    // SchemaType in a project's class means event listeners that add constraints; none are run.
    if (decorator.cls->isSubclassOf(classOf(interpreter, u"SchemaType"_s)))
        return std::make_shared<const SqlType>(
            SqlType{.name = decorator.cls->module + u'.' + decorator.cls->name,
                    .module = u"unknown"_s});
    if (decorator.cls->isSubclassOf(classOf(interpreter, u"UserDefinedType"_s)))
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

Value decoratorImpl(Interpreter &interpreter, TypeObject &decorator)
{
    return typeValue(interpreter, implementation(interpreter, decorator));
}

} // namespace tribikos::py::sa
