#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

/// A function under @contextmanager. As a method it is bound like any other: see bindAttribute().
class ManagerFactory : public Descriptor
{
public:
    explicit ManagerFactory(Value function) : m_function(std::move(function)) {}
    QString typeName() const override { return u"function"_s; }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override
    {
        const Value generator = interpreter.call(m_function, args);
        if (auto *known = generator.as<Generator>())
            return interpreter.make<GeneratorContext>(known);
        if (generator.as<Unknown>())
            return generator;
        interpreter.raise(u"TypeError"_s, u"'%1' object is not an iterator"_s.arg(
                                              interpreter.typeName(generator)));
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        return interpreter.findAttr(m_function, name);
    }

private:
    Value m_function;
};

/// suppress(), nullcontext(), closing(), redirect_stdout(): what needs no generator.
class Simple : public Object
{
public:
    Simple(Value what, std::vector<Value> swallows) : m_value(std::move(what)), m_swallows(std::move(swallows)) {}
    QString typeName() const override { return u"nullcontext"_s; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return m_value; }
    bool exit(Interpreter &interpreter, const Value &exception) override
    {
        if (exception.isNone())
            return false;
        for (const Value &type : m_swallows) {
            if (const auto *unknown = type.as<Unknown>())
                unknown->refuse(interpreter);
            const auto *cls = type.as<Class>();
            if (cls && interpreter.isInstance(exception, cls))
                return true;
        }
        return false;
    }

private:
    Value m_value;
    std::vector<Value> m_swallows;
};

/// ExitStack: leaves what it entered in reverse order.
class ExitStack : public Object
{
public:
    QString typeName() const override { return u"ExitStack"_s; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return Value(this); }
    bool exit(Interpreter &interpreter, const Value &exception) override
    {
        Value pending = exception;
        while (!m_entered.empty()) {
            const Value last = m_entered.back();
            m_entered.pop_back();
            if (last.object()->isContextManager()) {
                if (last.object()->exit(interpreter, pending))
                    pending = Value();
            } else {
                interpreter.call(last, std::vector<Value>{});
            }
        }
        return !exception.isNone() && pending.isNone();
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"enter_context") {
            return interpreter.function(name, [this](I &i, A args) {
                const Value context = Arguments(i, args, u"enter_context"_s).required(u"cm"_s);
                if (!context.isObject() || !context.object()->isContextManager())
                    i.raise(u"TypeError"_s, u"enter_context() needs a context manager"_s);
                const Value entered = context.object()->enter(i);
                m_entered.push_back(context);
                return entered;
            });
        }
        if (name == u"callback") {
            return interpreter.function(name, [this](I &i, A args) {
                CallArgs rest = args;
                const Value callback = Arguments(i, args, u"callback"_s).required(u"callback"_s);
                rest.positional.erase(rest.positional.begin());
                m_entered.push_back(i.function(u"callback"_s, [callback, rest](I &in, A) {
                    return in.call(callback, rest);
                }));
                return callback;
            });
        }
        return Object::getAttr(interpreter, name);
    }

private:
    std::vector<Value> m_entered{};
};

constexpr Entry contextlibTable[] = {
    {u"contextmanager", [](I &i, A a) -> Value {
         return i.make<ManagerFactory>(Arguments(i, a, u"contextmanager"_s).required(u"func"_s));
     }},
    {u"suppress", [](I &i, A a) -> Value { return i.make<Simple>(Value(), a.positional); }},
    {u"nullcontext", [](I &i, A a) -> Value {
         return i.make<Simple>(a.positional.empty() ? Value() : a.positional.front(), std::vector<Value>{});
     }},
    {u"closing", [](I &i, A a) -> Value {
         return i.make<Simple>(a.positional.empty() ? Value() : a.positional.front(), std::vector<Value>{});
     }},
    {u"redirect_stdout", [](I &i, A) -> Value { return i.make<Simple>(Value(), std::vector<Value>{}); }},
    {u"redirect_stderr", [](I &i, A) -> Value { return i.make<Simple>(Value(), std::vector<Value>{}); }},
    {u"ExitStack", [](I &i, A) -> Value { return i.make<ExitStack>(); }},
};

} // namespace

Module *contextlibModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"contextlib"_s, contextlibTable);
}

} // namespace tribikos::py::stdlib
