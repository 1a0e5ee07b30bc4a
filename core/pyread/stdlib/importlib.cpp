#include "core/pyread/stdlib/library.h"

/// importlib: modules by a name that is worked out.
namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

/// What is asked for in this way is often not there: a settings file, a plug-in. As the environment
/// is an empty one, nothing is found but the project itself and what is known here; a script that
/// doesn't reckon with that gets a value that can't be used.
Value importModuleCall(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"import_module"_s);
    const QString name = textOf(interpreter, a.required(u"name"_s));
    const Value package = a.optional(u"package"_s);
    a.finish();
    if (name.startsWith(u'.'))
        interpreter.unsupported(
            u"imports %1 relative to %2"_s.arg(name, interpreter.repr(package)));
    const Value module = interpreter.importModule(name);
    if (module.as<Module>())
        return module;
    const Value missing = interpreter.call(interpreter.builtinClass(u"ModuleNotFoundError"_s),
                                           {Value(u"No module named %1"_s.arg(reprText(name)))});
    if (interpreter.isCaught(missing))
        interpreter.raise(missing);
    return module;
}

constexpr Entry table[] = {{u"import_module", importModuleCall}};

} // namespace

Module *importlibModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"importlib"_s, table);
}

} // namespace tribikos::py::stdlib
