#pragma once

#include "core/base/diagnostic.h"

#include <QHash>
#include <QString>
#include <memory>
#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

/// The values of the small Python in which revision scripts and models are written.
///
/// Objects belong to the Interpreter that made them (`interpreter.make<T>(...)`) and die with it;
/// a Value is a number, a string or a plain pointer to an object, cheap to copy, and must not
/// outlive its interpreter. Everything here is used on the interpreter's thread.
///
/// Virtual functions that fail do so with Interpreter::raise() (what Python would raise),
/// Interpreter::unsupported() or ::needsConnection(): those unwind to the interpreter's entry point.
namespace tribikos::py {

class Class;
class Interpreter;
class Object;
struct CallArgs;

/// For what lies in a block of memory that is freed as a whole.
struct DestroyInPlace
{
    template<typename T>
    void operator()(T *object) const
    {
        std::destroy_at(object);
    }
};

/// A place in the project's own text.
struct SourceLocation
{
    QString file{};
    SourceSpan span{};
};

class Value
{
public:
    enum class Kind : quint8 { None, Bool, Int, Float, Str, Object };

    Value() = default; // None
    template<std::same_as<bool> T>
    Value(T flag) : m_kind(Kind::Bool)
    {
        m_data.number = flag;
    }
    template<std::integral T>
        requires(!std::same_as<T, bool>)
    Value(T number) : m_kind(Kind::Int)
    {
        m_data.number = qint64(number);
    }
    Value(double number) : m_kind(Kind::Float) { m_data.real = number; }
    Value(QString text) : m_kind(Kind::Str), m_text(std::move(text)) {}
    Value(Object *object) : m_kind(object ? Kind::Object : Kind::None) { m_data.object = object; }

    Kind kind() const { return m_kind; }
    bool isNone() const { return m_kind == Kind::None; }
    bool isBool() const { return m_kind == Kind::Bool; }
    bool isInt() const { return m_kind == Kind::Int; } // not for bool
    bool isFloat() const { return m_kind == Kind::Float; }
    bool isStr() const { return m_kind == Kind::Str; }
    bool isObject() const { return m_kind == Kind::Object; }
    bool isIntegral() const { return isInt() || isBool(); }
    bool isNumber() const { return isIntegral() || isFloat(); }
    bool isTrue() const { return isBool() && m_data.number != 0; }   // the value True itself
    bool isFalse() const { return isBool() && m_data.number == 0; }  // the value False itself

    qint64 toInt() const { return m_data.number; }                   // of isIntegral()
    double toDouble() const { return isFloat() ? m_data.real : double(m_data.number); }
    const QString &str() const { return m_text; }                    // of isStr(), else empty
    Object *object() const { return isObject() ? m_data.object : nullptr; }
    /// The object as a T, or null when it is something else.
    template<typename T>
    T *as() const;
    /// Adds \a more to a text that nobody else holds; false (and nothing happens) when it is shared.
    bool appendInPlace(const QString &more);
    /// Python's `is`.
    bool isSame(const Value &other) const;

private:
    Kind m_kind = Kind::None;
    union {
        qint64 number;
        double real;
        Object *object;
    } m_data{.number = 0};
    QString m_text{};
};

/// What a call passes: `f(1, *rest, name=2, **more)` with the stars already spread.
struct CallArgs
{
    std::vector<Value> positional{};
    std::vector<std::pair<QString, Value>> keywords{}; // in call order, names are unique
    SourceSpan span{};                                 // of the call, in Interpreter::location().file

    const Value *keyword(const QString &name) const; // null when not passed
    qsizetype indexOfKeyword(const QString &name) const; // -1 when not passed
    bool isEmpty() const { return positional.empty() && keywords.empty(); }
};

enum class BinaryOp : quint8 {
    Add, Sub, Mul, Div, FloorDiv, Mod, Pow, MatMul, And, Or, Xor, LeftShift, RightShift
};
enum class CompareOp : quint8 { Eq, Ne, Lt, Le, Gt, Ge };
enum class UnaryOp : quint8 { Plus, Minus, Invert };

/// Sees one item; returns false to stop the iteration.
using Visitor = std::function<bool(const Value &)>;

/// Anything that isn't a plain number or string. Override what the type can do: every default is
/// Python's answer for an object that can't (AttributeError, TypeError, identity).
class Object
{
public:
    Object() = default;
    Object(const Object &) = delete;
    Object &operator=(const Object &) = delete;
    virtual ~Object();

    virtual QString typeName() const = 0;
    /// The class for type() and isinstance(); by default the builtin class called typeName().
    virtual Class *type(Interpreter &interpreter);

    virtual std::optional<Value> getAttr(Interpreter &interpreter, const QString &name);
    virtual bool setAttr(Interpreter &interpreter, const QString &name, const Value &value);
    virtual bool delAttr(Interpreter &interpreter, const QString &name);

    virtual bool isCallable() const { return false; }
    virtual Value call(Interpreter &interpreter, const CallArgs &args);

    virtual bool isIterable() const { return false; }
    virtual void iterate(Interpreter &interpreter, const Visitor &visit);
    virtual std::optional<qint64> length(Interpreter &interpreter); // nullopt: has no len()
    virtual bool truth(Interpreter &interpreter);                   // by default length() != 0
    virtual Value getItem(Interpreter &interpreter, const Value &key);
    virtual void setItem(Interpreter &interpreter, const Value &key, const Value &value);
    virtual void delItem(Interpreter &interpreter, const Value &key);
    /// Python's `in`; nullopt: decided by iterating.
    virtual std::optional<bool> contains(Interpreter &interpreter, const Value &item);

    /// nullopt is Python's NotImplemented. \a reflected: this object stands on the right side.
    virtual std::optional<Value> binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                        bool reflected);
    /// May answer any value (SQL expressions do); nullopt: identity for == and !=, else TypeError.
    virtual std::optional<Value> compare(Interpreter &interpreter, CompareOp op, const Value &other);
    virtual std::optional<Value> unary(Interpreter &interpreter, UnaryOp op);
    virtual size_t hash(Interpreter &interpreter); // by default of the identity

    virtual QString repr(Interpreter &interpreter);
    virtual QString str(Interpreter &interpreter); // by default repr()
    virtual QString format(Interpreter &interpreter, const QString &spec); // by default of str()
    /// What str(object) makes where only a part of the text is known; nullopt: a plain str().
    virtual std::optional<Value> partialText(Interpreter &);

    /// `with`: enter() answers what `as` binds; exit() is told the exception on its way out, or
    /// None, and answers true to swallow it.
    virtual bool isContextManager() const { return false; }
    virtual Value enter(Interpreter &interpreter);
    virtual bool exit(Interpreter &interpreter, const Value &exception);

    /// True for what reaches a database or emits operations (op, connections, inspectors): handing
    /// such an object to code that Tribikos doesn't know is refused, because its effect is unknown.
    virtual bool hasEffects() const { return false; }
};

/// \a object as a T, or null when it is something else.
template<typename T, typename From>
T *objectAs(From *object)
{
    if constexpr (std::is_final_v<T>) // nothing to be searched for
        return object && typeid(*object) == typeid(T) ? static_cast<T *>(object) : nullptr;
    else
        return dynamic_cast<T *>(object);
}

template<typename T>
T *Value::as() const
{
    return isObject() ? objectAs<T>(m_data.object) : nullptr;
}

class List : public Object
{
public:
    explicit List(std::vector<Value> values = {}) : items(std::move(values)) {}
    QString typeName() const override { return QStringLiteral("list"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &) override { return qint64(items.size()); }
    Value getItem(Interpreter &interpreter, const Value &key) override;
    void setItem(Interpreter &interpreter, const Value &key, const Value &value) override;
    void delItem(Interpreter &interpreter, const Value &key) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    std::vector<Value> items;
};

class Tuple : public Object
{
public:
    explicit Tuple(std::vector<Value> values = {}) : items(std::move(values)) {}
    QString typeName() const override { return QStringLiteral("tuple"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &) override { return qint64(items.size()); }
    Value getItem(Interpreter &interpreter, const Value &key) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    std::vector<Value> items;
};

/// Keeps insertion order, as Python's does.
class Dict final : public Object
{
public:
    struct Entry
    {
        Value key{};
        Value value{};
        bool live = true; // false: removed
    };

    QString typeName() const override { return QStringLiteral("dict"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override; // the keys
    std::optional<qint64> length(Interpreter &) override { return m_size; }
    Value getItem(Interpreter &interpreter, const Value &key) override;
    void setItem(Interpreter &interpreter, const Value &key, const Value &value) override;
    void delItem(Interpreter &interpreter, const Value &key) override;
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    const Value *find(Interpreter &interpreter, const Value &key) const;
    const Value *find(const QString &key) const; // a string key
    void insert(Interpreter &interpreter, const Value &key, const Value &value);
    bool remove(Interpreter &interpreter, const Value &key);
    void clear();
    qint64 size() const { return m_size; }
    std::vector<std::pair<Value, Value>> entries() const; // in order, the live ones

    std::function<void(const QString &key)> onMissing{}; // a string key is asked for that isn't there

private:
    qsizetype indexOf(Interpreter &interpreter, const Value &key, size_t hash) const;
    void compact();

    std::vector<Entry> m_entries{};
    QMultiHash<size_t, qsizetype> m_index{};
    qint64 m_size = 0;
};

/// set and frozenset, in insertion order: Python's order is arbitrary, ours is repeatable.
class Set final : public Object
{
public:
    explicit Set(bool isFrozen = false) : frozen(isFrozen) {}
    QString typeName() const override;
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &) override { return m_dict.size(); }
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    void insert(Interpreter &interpreter, const Value &item);
    bool remove(Interpreter &interpreter, const Value &item);
    void clear() { m_dict.clear(); }
    std::vector<Value> items() const;

    const bool frozen;

private:
    Dict m_dict{};
};

class Bytes final : public Object
{
public:
    explicit Bytes(QByteArray bytes) : data(std::move(bytes)) {}
    QString typeName() const override { return QStringLiteral("bytes"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &) override { return data.size(); }
    Value getItem(Interpreter &interpreter, const Value &key) override;
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;

    const QByteArray data;
};

/// What a subscript like `a[1:2]` passes as the key.
class Slice : public Object
{
public:
    Slice(Value first, Value last, Value by)
        : start(std::move(first)), stop(std::move(last)), step(std::move(by))
    {
    }
    QString typeName() const override { return QStringLiteral("slice"); }
    /// The indices it takes out of a sequence of \a length items, in order.
    std::vector<qint64> indices(Interpreter &interpreter, qint64 length) const;
    QString repr(Interpreter &interpreter) override;

    const Value start;
    const Value stop;
    const Value step;
};

using NativeCall = std::function<Value(Interpreter &, const CallArgs &)>;

/// A function of ours. Bound methods are made by capturing the object in the call.
class NativeFunction final : public Object
{
public:
    NativeFunction(QString functionName, NativeCall body)
        : name(std::move(functionName)), m_body(std::move(body))
    {
    }
    QString typeName() const override { return QStringLiteral("builtin_function_or_method"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    QString repr(Interpreter &interpreter) override;

    const QString name;

private:
    NativeCall m_body;
};

/// A module, of the project's (its globals) or of ours. Ours are filled when somebody asks: the
/// resolver is called at most once a name and may answer nullopt ("has no attribute").
class Module final : public Object
{
public:
    using Resolver = std::function<std::optional<Value>(Interpreter &, const QString &name)>;

    explicit Module(QString moduleName, Resolver resolver = {})
        : name(std::move(moduleName)), m_resolver(std::move(resolver))
    {
    }
    QString typeName() const override { return QStringLiteral("module"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool setAttr(Interpreter &interpreter, const QString &name, const Value &value) override;
    bool delAttr(Interpreter &interpreter, const QString &name) override;
    QString repr(Interpreter &interpreter) override;
    bool hasEffects() const override { return effects; }

    void set(const QString &key, Value value); // keeps the order of first assignment
    /// As it stands in the globals; imports not yet used are resolved by getAttr() only.
    const Value *find(const QString &key) const;
    bool remove(const QString &key);
    QStringList names() const;

    const QString name;
    QString file{};        // of the project's modules
    bool isPackage = false;
    bool effects = false;  // see hasEffects()

private:
    friend class Interpreter;
    qsizetype placeOf(const QString &key) const; // in m_values, -1: not there

    std::vector<std::pair<QString, Value>> m_values{}; // in the order of first assignment
    QHash<QString, qsizetype> m_places{};              // in m_values, once there are many
    Resolver m_resolver;
};

/// What can't be known: an import that isn't there, the clock, a random number, what failed to
/// evaluate. Inert while it is only stored or passed on; attributes, items and calls make further
/// unknowns that remember their path; a decision or a text made from it is refused with `reason`.
class Unknown final : public Object
{
public:
    explicit Unknown(QString name, QString why = {}, SourceLocation place = {})
        : origin(std::move(name)), reason(std::move(why)), where(std::move(place))
    {
    }
    QString typeName() const override { return QStringLiteral("unknown"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool setAttr(Interpreter &, const QString &, const Value &) override { return true; }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &interpreter) override;
    bool truth(Interpreter &interpreter) override;
    Value getItem(Interpreter &interpreter, const Value &key) override;
    void setItem(Interpreter &interpreter, const Value &key, const Value &value) override;
    void delItem(Interpreter &interpreter, const Value &key) override;
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    std::optional<Value> unary(Interpreter &, UnaryOp) override;
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &interpreter) override;
    bool exit(Interpreter &interpreter, const Value &exception) override;
    [[noreturn]] void refuse(Interpreter &interpreter) const; // says why it can't be used

    QString path{};              // what [values] of tribikos.toml may call it; empty: the user can't name it
    const QString origin;        // "pgvector.sqlalchemy.Vector", "datetime.datetime.now()"
    const QString reason;        // a clause for people, empty: the package isn't part of the project
    const SourceLocation where;  // of the import or the failure
    bool isClass = false;        // a class statement that failed: a class of the project's
    bool isCall = false;         // made by a call; then:
    Value callee{};              //   what was called (an Unknown); or what it is an attribute of
    CallArgs args{};             //   and with what
};

/// A class: of the script, of Python or of ours. Attributes are searched along the MRO.
class Class final : public Object
{
public:
    /// Makes an instance of \a cls (which may be a subclass written in the script). Return an
    /// Instance (or a subclass of it in C++) whose `cls` is \a cls, so that its methods are found;
    /// other values are passed through as they are. Looked up along the MRO.
    using Constructor = std::function<Value(Interpreter &, Class *cls, const CallArgs &)>;
    /// The native __init__, for classes that a script may derive from: it is what the script's
    /// `super().__init__(…)` reaches. A class that has one gets construct() without arguments
    /// followed by initialize(); one that has none gets everything in construct(), and a script's
    /// subclass with an __init__ of its own that calls super().__init__() is refused.
    using Initializer = std::function<void(Interpreter &, Object *self, const CallArgs &)>;
    /// Called after a class statement has made a subclass; \a keywords of `class X(Base, a=1)`.
    using SubclassHook = std::function<void(Interpreter &, Class *cls, const CallArgs &keywords)>;
    /// Takes `cls.name = value` of a class that derives from it; false: it is an attribute like any.
    using Assigner = std::function<bool(Interpreter &, Class *cls, const QString &, const Value &)>;
    /// Supplies attributes that aren't in `attrs`, on the class and on its instances.
    using Resolver = std::function<std::optional<Value>(Interpreter &, Class *cls, const QString &)>;

    /// An annotated name in the class body, in order; evaluated on demand because annotations may
    /// name what doesn't exist at run time.
    struct Annotation
    {
        QString name{};
        const void *expression = nullptr; // ast::Expr; see Interpreter::annotation()
        SourceSpan span{};
        bool hasValue = false; // `x: int = 1`
    };

    Class(QString className, std::vector<Class *> baseClasses);
    QString typeName() const override { return QStringLiteral("type"); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool setAttr(Interpreter &interpreter, const QString &name, const Value &value) override;
    bool delAttr(Interpreter &interpreter, const QString &name) override;
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    bool isIterable() const override;
    void iterate(Interpreter &interpreter, const Visitor &visit) override; // members of an Enum
    std::optional<qint64> length(Interpreter &interpreter) override;
    bool truth(Interpreter &) override { return true; }
    Value getItem(Interpreter &interpreter, const Value &key) override; // Enum["NAME"], list[int]
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override; // int | str
    QString repr(Interpreter &interpreter) override;
    Class *type(Interpreter &interpreter) override;

    /// Tells the bases that the class has been made: `subclassed` and the script's __init_subclass__.
    void tellBases(Interpreter &interpreter, const CallArgs &keywords);
    /// What the metaclass says of the class: its \a method with \a args; nullopt: it has none.
    std::optional<Value> metaCall(Interpreter &interpreter, const QString &method, std::vector<Value> args = {});
    bool isSubclassOf(const Class *other) const;
    /// Along the MRO, without binding; null when nobody has it.
    const Value *lookup(const QString &name) const;
    void set(const QString &key, Value value); // keeps the order of first assignment
    const QList<QString> &names() const { return m_order; }

    const QString name;
    QString module{};
    QString nativeKey{}; // of SQLAlchemy's own: which one, as sa::classOf() knows it
    const std::vector<Class *> bases;
    std::vector<Class *> mro{};      // itself first
    std::vector<Unknown *> unknownBases{}; // bases that the project doesn't contain
    QHash<QString, Value> attrs{};   // its own
    std::vector<Annotation> annotations{};
    Constructor construct{};
    Initializer initialize{};
    SubclassHook subclassed{};
    std::function<void(Interpreter &)> announce{}; // a base's `subclassed`, due once the script's own hooks have run
    Assigner assigned{};
    Resolver resolve{};
    Module *globals = nullptr;       // of the script that defines it
    Class *meta = nullptr;           // the project's own metaclass; null: type, or one of Python's
    SourceLocation where{};
    bool isEnum = false;
    bool isFrozen = false;           // @dataclass(frozen=True)
    std::vector<Value> members{};    // of an Enum, in order

private:
    QList<QString> m_order{};
};

/// An object made by calling a class. Ours derive from it and override nativeAttr(): what the
/// script's subclass defines is found first, then nativeAttr(), then the class' own attributes.
class Instance : public Object
{
public:
    explicit Instance(Class *itsClass) : cls(itsClass) {}
    QString typeName() const override { return cls->name; }
    Class *type(Interpreter &) override { return cls; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool setAttr(Interpreter &interpreter, const QString &name, const Value &value) override;
    bool delAttr(Interpreter &interpreter, const QString &name) override;
    bool isCallable() const override;
    Value call(Interpreter &interpreter, const CallArgs &args) override;
    bool isIterable() const override;
    void iterate(Interpreter &interpreter, const Visitor &visit) override;
    std::optional<qint64> length(Interpreter &interpreter) override;
    bool truth(Interpreter &interpreter) override;
    Value getItem(Interpreter &interpreter, const Value &key) override;
    void setItem(Interpreter &interpreter, const Value &key, const Value &value) override;
    void delItem(Interpreter &interpreter, const Value &key) override;
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    std::optional<Value> unary(Interpreter &, UnaryOp) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    QString format(Interpreter &interpreter, const QString &spec) override;
    bool isContextManager() const override;
    Value enter(Interpreter &interpreter) override;
    bool exit(Interpreter &interpreter, const Value &exception) override;

    /// Attributes that C++ supplies.
    virtual std::optional<Value> nativeAttr(Interpreter &, const QString &) { return {}; }
    /// What object.__setattr__(), …__delattr__() and …__getattribute__() do: they ask no method of the class'.
    bool store(Interpreter &interpreter, const QString &name, const Value &value);
    bool discard(Interpreter &interpreter, const QString &name);
    std::optional<Value> fetch(Interpreter &interpreter, const QString &name);

    Class *const cls;
    QHash<QString, Value> attrs{};
    QList<QString> order{}; // of attrs, as they were first set
    /// What an instance of a subclass of str, int, list … holds (also members of `class E(str,
    /// Enum)`); see Interpreter::plain().
    Value payload{};
    bool hasPayload = false;

private:
    std::optional<Value> special(Interpreter &interpreter, const QString &name,
                                 std::vector<Value> args = {});
    const Value *ownMethod(const QString &name) const;
    void followDictionary();

    Dict *m_dictionary = nullptr; // once somebody has asked for __dict__: what the attributes are
};

} // namespace tribikos::py
