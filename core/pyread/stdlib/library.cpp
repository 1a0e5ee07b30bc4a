#include "core/pyread/stdlib/library.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace stdlib {

Module *makeModule(Interpreter &interpreter, const QString &name, std::span<const Entry> table,
                   Module::Resolver more)
{
    return interpreter.make<Module>(
        name,
        [table, more = std::move(more)](Interpreter &i,
                                        const QString &wanted) -> std::optional<Value> {
            for (const Entry &entry : table) {
                if (entry.name == wanted)
                    return i.function(wanted, entry.call);
            }
            return more ? more(i, wanted) : std::nullopt;
        });
}

QString textOf(Interpreter &interpreter, const Value &value)
{
    const Value plain = interpreter.plain(value);
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isStr()) {
        interpreter.raise(u"TypeError"_s,
                          u"expected str, got %1"_s.arg(interpreter.typeName(value)));
    }
    return plain.str();
}

qint64 numberOf(Interpreter &interpreter, const Value &value)
{
    const Value plain = interpreter.plain(value);
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isIntegral()) {
        interpreter.raise(u"TypeError"_s, u"'%1' object cannot be interpreted as an integer"_s.arg(
                                              interpreter.typeName(value)));
    }
    return plain.toInt();
}

Class *sharedClass(Interpreter &interpreter, const QString &key,
                   const std::function<Class *()> &make)
{
    if (auto *known = dynamic_cast<Class *>(interpreter.state(key)))
        return known;
    Class *made = make();
    interpreter.setState(key, made);
    return made;
}

/// A module whose contents mean nothing to migrations: every name is an inert unknown.
Module *inertModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(name);
}

} // namespace stdlib

ModuleRegistry ModuleRegistry::standard()
{
    using namespace stdlib;
    using Make = Module *(*)(Interpreter &);
    static constexpr std::pair<QStringView, Make> modules[] = {
        {u"abc", abcModule},
        {u"base64", base64Module},
        {u"collections", collectionsModule},
        {u"contextlib", contextlibModule},
        {u"copy", copyModule},
        {u"dataclasses", dataclassesModule},
        {u"datetime", datetimeModule},
        {u"decimal", decimalModule},
        {u"enum", enumModule},
        {u"functools", functoolsModule},
        {u"hashlib", hashlibModule},
        {u"importlib", importlibModule},
        {u"itertools", itertoolsModule},
        {u"json", jsonModule},
        {u"logging", loggingModule},
        {u"math", mathModule},
        {u"operator", operatorModule},
        {u"os", osModule},
        {u"os.path", osPathModule},
        {u"pathlib", pathlibModule},
        {u"re", reModule},
        {u"string", stringModule},
        {u"sys", sysModule},
        {u"textwrap", textwrapModule},
        {u"time", timeModule},
        {u"types", typesModule},
        {u"uuid", uuidModule},
        {u"warnings", warningsModule},
    };
    ModuleRegistry registry;
    for (const auto &[name, make] : modules)
        registry.add(name.toString(), make);
    for (const QString &name : {u"typing"_s, u"typing_extensions"_s, u"collections.abc"_s})
        registry.add(name, [name](Interpreter &i) { return typingModule(i, name); });
    // Loggers of other packages: as silent as Python's own here.
    for (const QString &name : {u"loguru"_s, u"structlog"_s, u"oslo_log.log"_s, u"progressbar"_s})
        registry.add(name, loggingModule);
    registry.add(u"oslo_log"_s, osloLogModule);
    registry.add(u"pytz"_s, pytzModule);
    for (const QString &name : {u"random"_s, u"secrets"_s})
        registry.add(name, [name](Interpreter &i) { return randomModule(i, name); });
    for (const QString &name : {u"_csv"_s, u"io"_s, u"html"_s, u"unicodedata"_s})
        registry.add(name, [name](Interpreter &i) { return textDataModule(i, name); });
    for (const QString &name :
         {u"__future__"_s, u"logging.config"_s, u"inspect"_s, u"traceback"_s, u"pprint"_s})
        registry.add(name, [name](Interpreter &i) { return inertModule(i, name); });
    return registry;
}

} // namespace tribikos::py
