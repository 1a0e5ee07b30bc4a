#pragma once

#include "core/base/result.h"
#include "core/pyread/arguments.h"
#include "core/pyread/source.h"
#include "core/pyread/value.h"

#include <QElapsedTimer>
#include <QMap>
#include <QStringList>
#include <list>
#include <memory>
#include <memory_resource>
#include <stop_token>

namespace tribikos::py {

class Env;
class Function;
class GivenValues;

/// What a hostile or broken script may use up before it ends in a sentence (reliability.md §2).
struct Limits
{
    qint64 steps = 1'000'000;
    int callDepth = 200;
    qsizetype stringLength = 1 << 20;   // characters
    qsizetype listLength = 100'000;     // items of any container
    qint64 memory = 96ll << 20;         // bytes handed out over the whole evaluation
    int wallMs = 5000;                  // of one entry into the interpreter
    qsizetype stackBytes = 3 << 20;     // of the thread's stack, and never more than half of what is left of it
    std::stop_token stop{};
};

/// The modules that we supply. Built once, shared by any number of interpreters on any thread; a
/// factory runs at most once an interpreter, when the module is first imported.
class ModuleRegistry
{
public:
    using Factory = std::function<Module *(Interpreter &)>;
    /// \a name is dotted; parents must be registered too. A later one replaces an earlier one.
    void add(const QString &name, Factory factory) { m_factories.insert(name, std::move(factory)); }
    const Factory *find(const QString &name) const;
    /// A registry with the slice of the standard library that we know.
    static ModuleRegistry standard();

private:
    QHash<QString, Factory> m_factories{};
};

/// A module found in the project. Parsed sources are shared between evaluations.
struct ModuleSource
{
    std::shared_ptr<const Source> source{}; // null for a namespace package (a folder without __init__)
    bool isPackage = false;
    Error error{}; // set when the file is there but unreadable or malformed (then source is null)
};
/// "app.core.types" -> its source; nullopt: the project has no such module. Must be thread-safe
/// when shared by interpreters on several threads.
using ModuleFinder = std::function<std::optional<ModuleSource>(const QString &dottedName)>;

struct ModuleOptions
{
    QString name = QStringLiteral("__revision__"); // __name__
    QString package{};                             // for relative imports
    QHash<QString, Value> globals{};               // put there before the first statement
    /// A top-level statement that can't be evaluated, or raises, leaves Unknowns under the names that it would have
    /// set, and the module goes on. Always so in modules that are imported.
    bool tolerant = true;
    /// `import` at top level loads the project's module when the name is first used. Off for model
    /// files, where importing is what registers tables.
    bool lazyImports = true;
};

/// Unwinds to the nearest `except` of the script, or to the entry point. No std::exception: nobody catches it by accident.
struct Raised
{
    Value exception{};
    SourceLocation where{};
};
/// Unwinds to the entry point: the evaluation is over, `except` and `finally` don't see it.
struct Refused
{
    Error error{};
    bool isFinal = false; // a limit or a cancellation: no tolerance for it
};

/// Evaluates sources. Runs nothing and touches no file, process or network, nor the clock but where setFreshValues()
/// allows it: what a script wants from those is refused or Unknown. One evaluation, one interpreter, one thread;
/// sources and registries may be shared. Destroying it frees every object that it made.
class Interpreter
{
public:
    explicit Interpreter(std::shared_ptr<const ModuleRegistry> registry, Limits limits = {});
    ~Interpreter();
    Interpreter(const Interpreter &) = delete;
    Interpreter &operator=(const Interpreter &) = delete;
    // --- Entry points: nothing is thrown ---------------------------------------------------------
    /// Runs the top level. The Error: Unsupported, NeedsConnection, ProjectRefused (the script
    /// raised), Cancelled; its message names file and line.
    Result<Module *> runModule(const std::shared_ptr<const Source> &source,
                               const ModuleOptions &options = {});
    /// Imports by name, as `import a.b` would; the innermost module.
    Result<Module *> importByName(const QString &name);
    /// Calls \a callee from outside, e.g. a module's upgrade().
    Result<Value> run(const Value &callee, const CallArgs &args = {});
    /// Runs \a body, which may use everything below, and turns what it throws into an Error.
    Result<Value> guarded(const std::function<Value()> &body);

    void setModuleFinder(ModuleFinder finder) { m_finder = std::move(finder); }
    /// Imports of the project load at once everywhere (see ModuleOptions::lazyImports).
    void setLazyImports(bool lazy) { m_lazyImports = lazy; }
    /// A top-level statement that failed in a tolerant module, and why.
    struct Skipped { SourceLocation where{}; QString reason{}; const Module *module = nullptr; };
    const std::vector<Skipped> &skipped() const { return m_skipped; }
    /// Lets fresh() make values, each time telling \a onUse.
    void setFreshValues(std::function<void()> onUse) { m_freshValues = std::move(onUse); }
    /// What the user says of names that the project's files don't tell, and of os.environ.
    void setGiven(const QMap<QString, QString> &values, const QMap<QString, QString> &variables);
    GivenValues *given() const { return m_given.get(); } // null: nothing
    const QMap<QString, QString> &variables() const { return m_variables; }
    /// Names what a real run would find in os.environ beside them, whose values are not ours to know; none: nothing.
    std::function<QStringList()> hiddenVariables{};
    /// A script asked os.environ for \a variable, which it hasn't: the KeyError says what to do.
    void noteMissingVariable(const QString &variable) { m_missingVariable = variable; }
    /// Tells how much the script has done to its database so far.
    void setEffectCounter(std::function<qint64()> counter) { m_effects = std::move(counter); }
    qint64 effects() const { return m_effects ? m_effects() : 0; }
    /// What sees `print()`; none: it is dropped.
    void setPrinter(std::function<void(const QString &)> printer) { m_printer = std::move(printer); }
    /// Room for the state of native modules: one object per type name, owned by the interpreter.
    Object *state(const QString &key) const { return m_states.value(key); }
    void setState(const QString &key, Object *object) { m_states.insert(key, object); }
    /// That of `sqlalchemy`, which is asked for with every name: sa::State or null.
    Object *sqlalchemyState() const { return m_sqlalchemyState; }
    void setSqlalchemyState(Object *state) { m_sqlalchemyState = state; }

    // --- Making values ---------------------------------------------------------------------------
    template<typename T, typename... Arguments>
    T *make(Arguments &&...arguments)
    {
        T *object = new (m_memory.allocate(sizeof(T), alignof(T))) T(std::forward<Arguments>(arguments)...);
        keep(object, sizeof(T));
        return object;
    }
    Value list(std::vector<Value> items = {});
    Value tuple(std::vector<Value> items = {});
    Value dict(const std::vector<std::pair<QString, Value>> &items);
    Value function(const QString &name, NativeCall body);
    Value bytes(const QByteArray &data) { return make<Bytes>(data); }
    /// A value that can't be known; \a reason as a clause: "it differs from run to run".
    Value unknown(const QString &origin, const QString &reason = {});
    /// The clock, uuid4() …: \a make's value where setFreshValues() was said, Unknown elsewhere.
    Value fresh(const QString &origin, const std::function<Value()> &make);
    /// A new class; \a bases empty means `object`.
    Class *makeClass(const QString &name, std::vector<Class *> bases = {},
                     Class::Constructor construct = {});
    /// An exception class under builtin \a base ("Exception", "ValueError" …).
    Class *makeException(const QString &name, const QString &base = QStringLiteral("Exception"));
    /// "str", "int", "object", "Exception" …; null when Python has no such builtin class.
    Class *builtinClass(const QString &name);
    // --- Failing (all of them throw) -------------------------------------------------------------
    /// Raises builtin exception \a type with \a message, as Python code would.
    [[noreturn]] void raise(const QString &type, const QString &message);
    [[noreturn]] void raise(Class *type, const QString &message);
    [[noreturn]] void raise(const Value &exception);
    [[noreturn]] void raiseKeyError(const Value &key);
    /// Ends the evaluation. \a reason goes on where "file.py:12 " stops: "calls open(): …".
    [[noreturn]] void unsupported(const QString &reason);
    [[noreturn]] void needsConnection(const QString &reason);
    [[noreturn]] void refuse(ErrorCode code, const QString &reason);

    bool isCaught(const Value &exception) const; // by a `try` around what runs now
    // --- What Python does with values (all may throw) --------------------------------------------
    Value call(const Value &callee, const CallArgs &args);
    Value call(const Value &callee, std::vector<Value> positional = {});
    Value getAttr(const Value &value, const QString &name);                  // AttributeError
    std::optional<Value> findAttr(const Value &value, const QString &name);  // nullopt: has none
    Value callMethod(const Value &value, const QString &name, std::vector<Value> positional = {});
    void setAttr(const Value &value, const QString &name, const Value &to);
    Value getItem(const Value &value, const Value &key);
    void setItem(const Value &value, const Value &key, const Value &to);
    void delItem(const Value &value, const Value &key);
    void iterate(const Value &value, const Visitor &visit);
    std::vector<Value> items(const Value &iterable); // everything it yields
    bool isIterable(const Value &value) const;
    bool isCallable(const Value &value) const;
    bool truth(const Value &value);
    bool equals(const Value &left, const Value &right);
    bool contains(const Value &container, const Value &item);
    Value compare(CompareOp op, const Value &left, const Value &right);
    bool less(const Value &left, const Value &right);
    Value binary(BinaryOp op, const Value &left, const Value &right);
    Value unary(UnaryOp op, const Value &value);
    size_t hash(const Value &value);
    qint64 length(const Value &value);
    QString str(const Value &value);
    QString repr(const Value &value);
    QString format(const Value &value, const QString &spec);
    QString typeName(const Value &value) const;
    Class *type(const Value &value);
    bool isInstance(const Value &value, const Class *cls);
    bool isInstance(const Value &value, const QString &builtin);
    /// The plain value inside an instance of a subclass of str, int … (members of a str Enum), or
    /// \a value itself.
    Value plain(const Value &value) const;
    Value importModule(const QString &name); // the innermost module; an Unknown when there is none
    /// `module.name` where name is a module below it; nullopt: there is none.
    std::optional<Value> submodule(const Module &parent, const QString &name);
    /// Refuses the call of an unknown that may have an effect: see Object::hasEffects().
    void checkUnknownCall(const Unknown &callee, const CallArgs &args);
    bool isTopLevel() const { return m_topLevels > 0; } // of a module, not yet in a function
    /// `from module import attribute`; an Unknown when it isn't there.
    Value importedAttribute(const Value &module, const QString &moduleName,
                            const QString &attribute);
    void print(const QString &line);
    /// Runs a function's body in \a env; \a atYield answers its yields (null: it has none).
    Value evaluate(Function &function, Env &env,
                   const std::function<Value(const Value &)> *atYield);
    /// Evaluates an annotation of \a cls; an Unknown when it names what isn't there.
    Value annotation(const Class &cls, const Class::Annotation &annotation);

    // --- Where we are ----------------------------------------------------------------------------
    /// The innermost place of the script's text that is being evaluated.
    SourceLocation location() const;
    /// The innermost place that lies in the file given to runModule(): the line of the revision
    /// script on whose behalf a helper of the project is running.
    SourceLocation scriptLocation() const;
    /// "file.py:12", for messages.
    QString place() const;

    // --- Limits ----------------------------------------------------------------------------------
    void step(qint64 count = 1); // throws when the script has used up what it may
    void charge(qint64 bytes);   // counts memory
    /// \a text if it isn't too long; counts it.
    QString checkedText(QString text);
    void checkLength(qsizetype items); // of a container
    const Limits &limits() const { return m_limits; }

private:
    friend class Evaluator;

    friend class LazyImport;

    void keep(Object *object, size_t size);
    Error errorOf(const Raised &raised);
    [[noreturn]] void exhausted(const QString &what);
    Module *loadModule(const QString &name);
    Module *loadProjectModule(const QString &name, const ModuleSource &found);
    void runTopLevel(Module *module, const std::shared_ptr<const Source> &source, bool tolerant);
    std::optional<Value> builtin(const QString &name);
    std::optional<Value> builtinFunction(const QString &name);
    std::optional<Value> strAttr(const Value &value, const QString &name);
    std::optional<Value> numberAttr(const Value &value, const QString &name);
    std::optional<Value> plainBinary(BinaryOp op, const Value &left, const Value &right);
    std::optional<Value> plainCompare(CompareOp op, const Value &left, const Value &right);

    struct Frame
    {
        const Source *source = nullptr;
        SourceSpan span{};
        QString function{};
    };

    std::shared_ptr<const ModuleRegistry> m_registry;
    Limits m_limits;
    ModuleFinder m_finder{};
    std::function<void()> m_freshValues{};
    std::function<qint64()> m_effects{};
    std::unique_ptr<GivenValues> m_given{};
    QMap<QString, QString> m_variables{};
    QString m_missingVariable{};
    std::list<std::function<bool(const Value &)>>
        m_catchers{}; // of the `try`s around, outermost first
    std::function<void(const QString &)> m_printer{};
    bool m_lazyImports = true;
    std::pmr::monotonic_buffer_resource m_memory{8192}; // no object is freed before all are
    std::vector<std::unique_ptr<Object, DestroyInPlace>> m_heap{};
    std::vector<std::shared_ptr<const Source>> m_sources{};
    std::vector<Frame> m_frames{};
    std::vector<Skipped> m_skipped{};
    QHash<QString, Module *> m_modules{};
    QHash<QString, Value> m_builtins{};
    QHash<QString, Object *> m_states{};
    Object *m_sqlalchemyState = nullptr;
    const Source *m_script = nullptr;
    QElapsedTimer m_clock{};
    const char *m_stackBase = nullptr;
    qsizetype m_stackBytes = 0; // from there on
    qint64 m_steps = 0;
    qint64 m_bytes = 0;
    int m_entries = 0;
    int m_topLevels = 0; // module top levels being run: unknowns may be called there
    int m_depth = 0;     // of calls
    QHash<QString, QString> m_packages{}; // module -> package, for relative imports
    QHash<QString, QString> m_importFailures{}; // module -> why it can't be read
};

} // namespace tribikos::py
