#pragma once

#include "core/pyread/ast.h"
#include "core/pyread/interpreter.h"

namespace tribikos::py {

class Function;

/// The names of one running function, class body or comprehension. Closures keep it.
class Env : public Object
{
public:
    enum class Kind : quint8 { Function, ClassBody, Comprehension };

    Env(Kind itsKind, Env *enclosing) : kind(itsKind), parent(enclosing) {}
    QString typeName() const override { return QStringLiteral("scope"); }

    Value *find(const QString &name);
    void set(const QString &name, const Value &value);
    bool remove(const QString &name);
    /// The nearest function around (this one included) or null at module level.
    Env *function();

    const Kind kind;
    Env *const parent;
    const ast::ScopeNames *scope = nullptr; // of a Function
    Function *owner = nullptr;              // of a Function: what runs
    std::vector<std::pair<QString, Value>> values{};

private:
    QHash<QString, qsizetype> m_index{}; // once there are many
};

/// A function of the script: `def` or `lambda`.
class Function final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("function"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool setAttr(Interpreter &interpreter, const QString &name, const Value &value) override;
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    QString repr(Interpreter &interpreter) override;

    QString name{};
    const std::vector<ast::Parameter> *parameters = nullptr;
    const ast::Body *body = nullptr;      // of a def
    const ast::Expr *expression = nullptr; // of a lambda
    const ast::ScopeNames *scope = nullptr;
    const ast::Expr *returns = nullptr;   // its annotation
    std::vector<Value> defaults{}; // one per parameter, None where it has none
    Env *closure = nullptr;
    Env *definedIn = nullptr;      // the class body around it
    Module *globals = nullptr;
    const Source *source = nullptr;
    Class *owner = nullptr;        // for super()
    bool isAsync = false;
    QHash<QString, Value> attrs{};

    /// Binds \a args to the parameters in a new Env; TypeError as Python words it.
    Env *bind(Interpreter &interpreter, const CallArgs &args);
};

/// A callable of ours that becomes a bound method when it is a class' attribute.
class Descriptor : public Object
{
};

/// obj.method
class BoundMethod final : public Object
{
public:
    BoundMethod(Value itsSelf, Value itsFunction)
        : self(std::move(itsSelf)), function(std::move(itsFunction))
    {
    }
    QString typeName() const override { return QStringLiteral("method"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    std::optional<Value> compare(Interpreter &, CompareOp op, const Value &other) override;

    const Value self;
    const Value function;
};

class Property final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("property"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    Value getter{};
    Value setter{};
};

/// staticmethod and classmethod
class MethodWrapper final : public Object
{
public:
    MethodWrapper(bool isClassMethod, Value itsFunction)
        : ofClass(isClassMethod), function(std::move(itsFunction))
    {
    }
    QString typeName() const override { return ofClass ? QStringLiteral("classmethod") : QStringLiteral("staticmethod"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isCallable() const override { return !ofClass; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    const bool ofClass;
    const Value function;
};

/// object.__setattr__(self, name, value) and its kin.
Value attributeOf(Interpreter &interpreter, const QString &method, const CallArgs &args);

/// super(): attributes of `self` behind `start` in the MRO.
class Super : public Object
{
public:
    Super(Class *behind, Value itsSelf) : start(behind), self(std::move(itsSelf)) {}
    QString typeName() const override { return QStringLiteral("super"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    Class *const start;
    const Value self; // an instance or, in a classmethod, a class
};

/// A class' attribute as seen through \a self (an instance, or None for the class itself).
Value bindAttribute(Interpreter &interpreter, const Value &attribute, const Value &self, Class *cls);

/// Thrown at the `yield` of a generator whose consumer has had enough.
struct GeneratorStopped
{
};
using YieldHandler = std::function<Value(const Value &)>;

/// What calling a function with `yield` in it makes. It runs when it is iterated, its body calling
/// the consumer at each `yield`. It can't be suspended half-way: next() runs it to its end, where
/// nobody can tell the difference, and is refused elsewhere.
class Generator : public Object
{
public:
    Generator(Function *itsFunction, Env *itsEnv) : function(itsFunction), env(itsEnv) {}
    QString typeName() const override { return QStringLiteral("generator"); }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    /// Runs the body to its end; \a atYield answers what `yield` evaluates to.
    Value run(Interpreter &interpreter, const YieldHandler &atYield); // what it returns

    /// One item after the other; nullopt at the end.
    std::optional<Value> next(Interpreter &interpreter);

    Function *const function;
    Env *const env;
    bool started = false;
    bool isDone = false;      // its body has ended
    bool isSuspended = false; // by next(): what it yields has been fetched

private:
    [[noreturn]] void refuseSuspending(Interpreter &interpreter) const;
    std::vector<Value> m_fetched{};
    size_t m_position = 0;
};

/// An iterator over values that are fetched when first asked: iter(), zip(), map(), generator
/// expressions … Endless or lazy sources hand out a Producer, called once an item.
class Iterator : public Object
{
public:
    using Producer = std::function<std::optional<Value>()>;

    explicit Iterator(QString name, Producer producer)
        : m_name(std::move(name)), m_producer(std::move(producer))
    {
    }
    explicit Iterator(QString name, std::vector<Value> values);
    QString typeName() const override { return m_name; }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<Value> next(Interpreter &interpreter);

private:
    QString m_name;
    Producer m_producer;
    bool m_done = false;
};

/// `(x for x in …)`: runs when it is iterated.
class LazyItems : public Object
{
public:
    using Source = std::function<void(const Visitor &)>;
    explicit LazyItems(QString name, Source source)
        : m_name(std::move(name)), m_source(std::move(source))
    {
    }
    QString typeName() const override { return m_name; }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    /// The next one of all that there are, which are fetched at the first call.
    std::optional<Value> next(Interpreter &interpreter);

private:
    QString m_name;
    Source m_source;
    std::vector<Value> m_fetched{};
    size_t m_position = 0;
    bool m_started = false;
};

/// iter(): something whose next() can be asked for. Refuses what can't be suspended.
std::function<std::optional<Value>()> puller(Interpreter &interpreter, const Value &iterable);

/// `@contextmanager`'s object: the body of the `with` runs inside the generator's `yield`.
class GeneratorContext : public Object
{
public:
    explicit GeneratorContext(Generator *itsGenerator) : generator(itsGenerator) {}
    QString typeName() const override { return QStringLiteral("_GeneratorContextManager"); }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &interpreter) override;
    void runAround(Interpreter &interpreter, const std::function<void(const Value &)> &body);
    Generator *const generator;
};

/// A project import that happens when the name is first used.
class LazyImport final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("import"); }
    Value resolve(Interpreter &interpreter);
    /// Being resolved further up: `from app import jobs` inside app itself, where the name isn't
    /// set yet.
    bool isResolving() const { return m_isResolving; }

    QStringList modules{}; // all are loaded
    QString attribute{};   // of modules.first(); empty: the module itself
    bool bindsTop = false; // `import a.b` binds a
    SourceLocation where{};

private:
    Value resolved(Interpreter &interpreter) const;

    bool m_isResolving = false;
};

/// An exception object. Its class is BaseException or below.
class ExceptionInstance : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    bool isIterable() const override { return false; }

    std::vector<Value> arguments{};
    Value cause{};
    bool rawText = false; // raised by us: the one argument is the text as it is to be shown
};

/// range(): lazy, so that its length costs nothing.
class Range : public Object
{
public:
    Range(qint64 first, qint64 last, qint64 by) : start(first), stop(last), step(by) {}
    QString typeName() const override { return QStringLiteral("range"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &) override { return count(); }
    Value getItem(Interpreter &interpreter, const Value &key) override;
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> compare(Interpreter &, CompareOp op, const Value &other) override;
    QString repr(Interpreter &interpreter) override;
    qint64 count() const;
    const qint64 start;
    const qint64 stop;
    const qint64 step;
};

} // namespace tribikos::py
