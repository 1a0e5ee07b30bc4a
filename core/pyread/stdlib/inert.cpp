// Modules that matter to a script, but not to what it does to a schema: abc, logging, time,
// types, typing, warnings.
#include "core/pyread/stdlib/library.h"

#include "core/base/unwritten.h"

#include <QDateTime>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

/// Does nothing, whatever it is asked: a logger, a filter, a callable.
class Inert : public Object
{
public:
    explicit Inert(QString name) : m_name(std::move(name)) {}
    QString typeName() const override { return m_name; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"isEnabledFor" || name == u"hasHandlers") {
            return interpreter.function(name, [](I &, A) { return Value(false); });
        }
        if (name == u"handlers")
            return interpreter.list();
        if (name.startsWith(u"__"))
            return Object::getAttr(interpreter, name);
        return Value(this);
    }
    bool setAttr(Interpreter &, const QString &, const Value &) override { return true; }
    QString repr(Interpreter &interpreter) override
    {
        interpreter.unsupported(u"turns a %1 or what it answers into text"_s.arg(m_name));
    }
    bool isCallable() const override { return true; }
    Value call(Interpreter &, const CallArgs &) override { return Value(this); }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return Value(this); }

private:
    QString m_name;
};

/// Everything in typing: subscripted it is itself, called it hands on what it was given last.
class Typing : public Object
{
public:
    explicit Typing(QString name) : m_name(std::move(name)) {}
    QString typeName() const override { return u"typing"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"__name__" || name == u"_name")
            return Value(m_name);
        return name.startsWith(u"__") ? Object::getAttr(interpreter, name)
                                      : std::optional<Value>(Value(this));
    }
    bool isCallable() const override { return true; }
    Value call(Interpreter &, const CallArgs &args) override
    {
        if (m_name == u"TypeVar" || m_name == u"ParamSpec" || m_name == u"TypeVarTuple")
            return Value(this);
        return args.positional.empty() ? Value(this) : args.positional.back(); // cast, NewType, final
    }
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        auto *made = interpreter.make<Typing>(m_name);
        made->arguments = key;
        return made;
    }
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp, const Value &other, bool) override
    {
        auto *made = interpreter.make<Typing>(u"Union"_s);
        made->arguments = interpreter.tuple({Value(this), other});
        return Value(made);
    }
    QString repr(Interpreter &interpreter) override
    {
        const QString text = u"typing."_s + m_name;
        if (arguments.isNone())
            return m_name.startsWith(u"Type") || m_name.startsWith(u"Param") ? unwritten(text) : text;
        return unwritten(text + u"[%1]"_s.arg(interpreter.repr(arguments)));
    }

    Value arguments{}; // what stands in the brackets

private:
    QString m_name;
};

Value namedTuple(I &i)
{
    Class *made = sharedClass(i, u"typing.NamedTuple"_s, [&] {
        Class *cls = i.makeClass(u"NamedTuple"_s);
        cls->subclassed = [](I &in, Class *sub, A) {
            std::vector<Value> names;
            std::vector<Value> defaults;
            for (const Class::Annotation &field : sub->annotations) {
                names.emplace_back(field.name);
                if (field.hasValue)
                    defaults.push_back(sub->attrs.take(field.name));
            }
            const Value factory = in.getAttr(in.importModule(u"collections"_s), u"namedtuple"_s);
            CallArgs args;
            args.positional = {Value(sub->name), in.tuple(std::move(names))};
            args.keywords.emplace_back(u"defaults"_s, in.tuple(std::move(defaults)));
            const Value plain = in.call(factory, args);
            const auto *like = plain.as<Class>();
            for (const QString &name : like->names())
                sub->set(name, like->attrs.value(name));
            sub->construct = like->construct;
        };
        return cls;
    });
    return made;
}

std::optional<Value> typingName(I &i, const QString &name)
{
    if (name == u"TYPE_CHECKING")
        return Value(false);
    if (name == u"NamedTuple")
        return namedTuple(i);
    if (name == u"TypedDict")
        return Value(i.builtinClass(u"dict"_s));
    static const QStringList same{u"cast"_s, u"overload"_s, u"final"_s, u"runtime_checkable"_s,
                                  u"no_type_check"_s, u"NewType"_s, u"override"_s,
                                  u"assert_type"_s, u"reveal_type"_s, u"deprecated"_s};
    if (same.contains(name)) {
        return i.function(name, [name](I &in, A args) -> Value {
            if (name == u"deprecated") {
                return in.function(u"same"_s, [](I &, A a) {
                    return a.positional.empty() ? Value() : a.positional.front();
                });
            }
            return args.positional.empty() ? Value()
                   : name == u"cast" || name == u"NewType" ? args.positional.back()
                                                           : args.positional.front();
        });
    }
    return Value(i.make<Typing>(name));
}

Value same(I &, A args)
{
    return args.positional.empty() ? Value() : args.positional.front();
}

} // namespace

Module *typingModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(name, typingName);
}

Module *abcModule(Interpreter &interpreter)
{
    static constexpr Entry abcTable[] = {
        {u"abstractmethod",
         [](I &i, A args) {
             const Value function = same(i, args);
             if (auto *own = function.as<Function>())
                 own->attrs.insert(u"__isabstractmethod__"_s, Value(true));
             return function;
         }},
        {u"abstractproperty", same}, {u"abstractclassmethod", same},
        {u"abstractstaticmethod", same}};
    return makeModule(interpreter, u"abc"_s, abcTable, [](I &i, const QString &name)
                                                        -> std::optional<Value> {
        if (name != u"ABC" && name != u"ABCMeta")
            return std::nullopt;
        return Value(sharedClass(i, u"abc."_s + name, [&] {
            return i.makeClass(name, {i.builtinClass(name == u"ABC" ? u"object"_s : u"type"_s)});
        }));
    });
}

namespace {

/// logging.Handler and its like, for scripts' own classes: what they inherit does nothing.
Class *silentClass(I &i, const QString &name)
{
    return i.makeClass(name, {}, [](I &in, Class *made, A) {
        static const QStringList methods{u"setLevel"_s,     u"setFormatter"_s, u"addFilter"_s,
                                         u"removeFilter"_s, u"addHandler"_s,   u"removeHandler"_s,
                                         u"acquire"_s,      u"release"_s,      u"flush"_s,
                                         u"close"_s,        u"handleError"_s};
        auto *instance = in.make<Instance>(made);
        for (const QString &method : methods)
            if (!made->lookup(method))
                instance->setAttr(in, method, in.function(method, [](I &, A) { return Value(); }));
        return Value(instance);
    });
}

} // namespace

Module *loggingModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"logging"_s, [](I &i, const QString &name)
                                                      -> std::optional<Value> {
        static const QHash<QString, int> levels{
            {u"NOTSET"_s, 0}, {u"DEBUG"_s, 10}, {u"INFO"_s, 20}, {u"WARNING"_s, 30},
            {u"WARN"_s, 30}, {u"ERROR"_s, 40}, {u"CRITICAL"_s, 50}, {u"FATAL"_s, 50}};
        if (levels.contains(name))
            return Value(levels.value(name));
        if (name == u"config" || name == u"handlers")
            return Value(i.make<Inert>(u"module"_s));
        if (name == u"Logger" || name == u"Handler" || name == u"Filter" || name == u"Formatter"
            || name == u"LoggerAdapter")
            return Value(silentClass(i, name));
        return Value(i.make<Inert>(u"Logger"_s));
    });
}

Module *osloLogModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"oslo_log"_s, [](I &i, const QString &name) {
        return name == u"log" ? std::optional<Value>(i.importModule(u"oslo_log.log"_s))
                              : std::optional<Value>(i.unknown(u"oslo_log."_s + name));
    });
}

Module *warningsModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"warnings"_s, [](I &i, const QString &) -> std::optional<Value> {
        return Value(i.make<Inert>(u"warnings"_s));
    });
}

Module *timeModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"time"_s, [](I &i, const QString &name) -> std::optional<Value> {
        if (name == u"sleep")
            return i.function(name, [](I &, A) { return Value(); });
        if (name == u"time") {
            return i.function(name, [](I &in, A) {
                return in.fresh(u"time.time()"_s, [] {
                    return Value(double(QDateTime::currentMSecsSinceEpoch()) / 1000.0);
                });
            });
        }
        return i.function(name, [name](I &in, A) {
            return in.unknown(u"time.%1()"_s.arg(name), u"it differs from run to run"_s);
        });
    });
}

Module *typesModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"types"_s, [](I &i, const QString &name) -> std::optional<Value> {
        static const QHash<QString, QString> names{{u"FunctionType"_s, u"function"_s},
                                                   {u"LambdaType"_s, u"function"_s},
                                                   {u"MethodType"_s, u"method"_s},
                                                   {u"ModuleType"_s, u"module"_s},
                                                   {u"GeneratorType"_s, u"generator"_s},
                                                   {u"NoneType"_s, u"NoneType"_s}};
        if (names.contains(name))
            return Value(i.builtinClass(names.value(name)));
        if (name == u"MappingProxyType")
            return i.function(name, same);
        if (name == u"SimpleNamespace") {
            Class *cls = i.makeClass(name, {}, [](I &in, Class *made, A args) -> Value {
                auto *instance = in.make<Instance>(made);
                for (const auto &[key, value] : args.keywords)
                    instance->setAttr(in, key, value);
                return Value(instance);
            });
            return Value(cls);
        }
        return std::nullopt;
    });
}

} // namespace tribikos::py::stdlib
