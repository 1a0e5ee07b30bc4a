// Python's builtin classes, made when somebody asks for them.
#include "core/pyread/wholenumber.h"
#include "core/pyread/function.h"
#include "core/pyread/methods.h"

#include <cmath>

#include <QRegularExpression>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;
using Make = Value (*)(Interpreter &, Class *, const CallArgs &);

Value makeObject(I &i, Class *cls, A)
{
    return i.make<Instance>(cls);
}

Value makeStr(I &i, Class *, A args)
{
    Arguments a(i, args, u"str"_s);
    const Value value = a.optional(u"object"_s, Value(QString()));
    const Value encoding = a.optional(u"encoding"_s);
    a.optional(u"errors"_s);
    a.finish();
    if (value.as<Bytes>() && !encoding.isNone())
        return i.callMethod(value, u"decode"_s, {encoding});
    if (const auto *unknown = value.as<Unknown>()) { // still only a value that is passed on
        auto *text =
            i.make<Unknown>(u"str(%1)"_s.arg(unknown->origin), unknown->reason, unknown->where);
        text->path = unknown->path;
        return text;
    }
    if (Object *object = value.isObject() ? value.object() : nullptr) {
        if (value.as<Iterator>())
            return Value(i.repr(value)); // is refused
        if (const auto text = object->partialText(i))
            return *text;
    }
    return Value(i.str(value));
}

Value makeInt(I &i, Class *, A args)
{
    Arguments a(i, args, u"int"_s);
    const Value given = a.optional(u"x"_s, Value(0));
    const Value base = a.optional(u"base"_s);
    a.finish();
    const Value value = i.plain(known(i, given));
    if (value.isIntegral())
        return Value(value.toInt());
    if (value.isFloat()) {
        const double number = value.toDouble();
        if (std::isnan(number))
            i.raise(u"ValueError"_s, u"cannot convert float NaN to integer"_s);
        if (std::fabs(number) >= 9.2e18)
            i.unsupported(u"computes a whole number beyond 64 bits"_s);
        return Value(qint64(number));
    }
    if (const auto *bytes = value.as<Bytes>())
        return i.call(Value(i.builtinClass(u"int"_s)),
                      {Value(QString::fromLatin1(bytes->data)), base.isNone() ? Value(10) : base});
    if (!value.isStr()) {
        if (value.as<WholeNumber>())
            return value;
        if (value.as<Instance>() && i.findAttr(value, u"__int__"_s))
            return i.callMethod(value, u"__int__"_s);
        i.raise(u"TypeError"_s, u"int() argument must be a string, a bytes-like object or a real "
                                "number, not '%1'"_s.arg(i.typeName(given)));
    }
    QString text = value.str().trimmed().remove(u'_').toLower();
    if (std::ranges::any_of(text, [](QChar c) { return c.unicode() > 127 && c.isDigit(); }))
        i.unsupported(u"reads a number of other digits than 0 to 9"_s);
    int radix = base.isNone() ? 10 : int(std::clamp<qint64>(base.toInt(), 0, 37));
    const bool negative = text.startsWith(u'-');
    if (negative || text.startsWith(u'+'))
        text.remove(0, 1);
    for (const auto &[prefix, of] : {std::pair{u"0x"_s, 16}, {u"0o"_s, 8}, {u"0b"_s, 2}}) {
        if (text.startsWith(prefix) && (radix == of || radix == 0)) {
            text.remove(0, 2);
            radix = of;
        }
    }
    bool ok = radix != 1 && radix <= 36 && !text.startsWith(u'-') && !text.startsWith(u'+');
    const qint64 number =
        ok ? (negative ? u"-"_s + text : text).toLongLong(&ok, radix ? radix : 10) : 0;
    if (ok)
        return Value(number);
    const bool digits = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.isDigit();
    });
    if (digits && text.size() > 18 && (radix == 10 || radix == 0))
        return wholeFromText(i, negative ? u'-' + text : text);
    if (digits && text.size() > 18)
        i.unsupported(u"computes a whole number beyond 64 bits"_s);
    i.raise(u"ValueError"_s,
            u"invalid literal for int() with base %1: %2"_s.arg(radix).arg(i.repr(value)));
}

Value makeFloat(I &i, Class *, A args)
{
    Arguments a(i, args, u"float"_s);
    const Value given = a.optional(u"x"_s, Value(0));
    a.finish();
    const Value value = i.plain(known(i, given));
    if (value.isNumber())
        return Value(value.toDouble());
    if (!value.isStr()) {
        const auto *instance = value.as<Instance>();
        if (instance && instance->cls->lookup(u"__float__"_s))
            return i.callMethod(value, u"__float__"_s);
        if (value.isObject()) { // Decimal
            if (const std::optional<Value> method = i.findAttr(value, u"__float__"_s))
                return i.call(*method, std::vector<Value>{});
        }
        i.raise(u"TypeError"_s,
                u"float() argument must be a string or a real number, not '%1'"_s.arg(
                    i.typeName(given)));
    }
    const QString text = value.str().trimmed().toLower().remove(u'_');
    bool ok = false;
    double number = text.toDouble(&ok);
    if (text == u"nan" || text == u"+nan")
        number = std::nan(""), ok = true;
    if (text == u"inf" || text == u"infinity" || text == u"+inf" || text == u"-inf"
        || text == u"-infinity")
        number = text.startsWith(u'-') ? -HUGE_VAL : HUGE_VAL, ok = true;
    if (!ok)
        i.raise(u"ValueError"_s, u"could not convert string to float: %1"_s.arg(i.repr(value)));
    return Value(number);
}

Value makeBool(I &i, Class *, A args)
{
    Arguments a(i, args, u"bool"_s);
    const Value value = a.optional(u"x"_s, Value(false));
    a.finish();
    return Value(i.truth(value));
}

std::vector<Value> given(I &i, A args, const QString &name)
{
    Arguments a(i, args, name);
    const std::vector<Value> rest = a.rest();
    a.finish();
    if (rest.size() > 1)
        i.raise(u"TypeError"_s,
                u"%1 expected at most 1 argument, got %2"_s.arg(name).arg(rest.size()));
    return rest.empty() ? std::vector<Value>{} : i.items(known(i, rest.front()));
}

Value makeSet(I &i, A args, bool frozen)
{
    auto *set = i.make<Set>(frozen);
    for (const Value &item : given(i, args, set->typeName()))
        set->insert(i, item);
    return set;
}

Value makeDict(I &i, Class *, A args)
{
    auto *dict = i.make<Dict>();
    i.call(*dict->getAttr(i, u"update"_s), args);
    return dict;
}

Value makeBytes(I &i, Class *, A args)
{
    Arguments a(i, args, u"bytes"_s);
    const Value value = known(i, i.plain(a.optional(u"source"_s, i.bytes({}))));
    const Value encoding = a.optional(u"encoding"_s, Value(u"utf-8"_s));
    a.finish();
    if (value.as<Bytes>())
        return value;
    if (value.isStr())
        return i.callMethod(value, u"encode"_s, {encoding});
    if (value.isIntegral()) {
        return i.bytes(
            QByteArray(std::clamp<qint64>(value.toInt(), 0, i.limits().stringLength), '\0'));
    }
    QByteArray data;
    for (const Value &item : i.items(value)) {
        if (!item.isIntegral() || item.toInt() < 0 || item.toInt() > 255)
            i.raise(u"ValueError"_s, u"bytes must be in range(0, 256)"_s);
        data += char(item.toInt());
    }
    return i.bytes(data);
}

Value makeType(I &i, Class *, A args)
{
    Arguments a(i, args, u"type"_s);
    const Value first = a.required(u"object"_s);
    const Value bases = a.optional(u"bases"_s);
    const Value attributes = a.optional(u"dict"_s);
    a.finish();
    if (bases.isNone())
        return Value(i.type(known(i, first)));
    std::vector<Class *> classes;
    for (const Value &base : i.items(bases)) {
        auto *cls = known(i, base).as<Class>();
        if (!cls)
            i.raise(u"TypeError"_s, u"type() bases must be classes"_s);
        classes.push_back(cls);
    }
    Class *made = i.makeClass(i.str(first), std::move(classes));
    made->where = i.location();
    if (const auto *dict = attributes.as<Dict>()) {
        for (const auto &[key, value] : dict->entries())
            made->set(i.str(key), value);
    }
    made->tellBases(i, {});
    return made;
}

Value makeProperty(I &i, Class *, A args)
{
    Arguments a(i, args, u"property"_s);
    auto *property = i.make<Property>();
    property->getter = a.optional(u"fget"_s);
    property->setter = a.optional(u"fset"_s);
    return property;
}

Value makeSuper(I &i, Class *, A args)
{
    Arguments a(i, args, u"super"_s);
    auto *cls = a.required(u"type"_s).as<Class>();
    const Value self = a.required(u"object_or_type"_s);
    a.finish();
    if (!cls)
        i.raise(u"TypeError"_s, u"super() argument 1 must be a type"_s);
    return i.make<Super>(cls, self);
}

Value makeSlice(I &i, Class *, A args)
{
    Arguments a(i, args, u"slice"_s);
    std::vector<Value> parts = a.rest();
    if (parts.size() == 1)
        parts.insert(parts.begin(), Value());
    parts.resize(3);
    return i.make<Slice>(parts[0], parts[1], parts[2]);
}

Value makeExceptionInstance(I &i, Class *cls, A args)
{
    auto *exception = i.make<ExceptionInstance>(cls);
    exception->arguments = args.positional;
    return exception;
}

struct Type
{
    QStringView name;
    QStringView base;
    Make make;
    std::span<const Method> (*methods)();
};

constexpr Type types[] = {
    {u"object", u"", makeObject, nullptr},
    {u"type", u"object", makeType, nullptr},
    {u"str", u"object", makeStr, strMethods},
    {u"int", u"object", makeInt, nullptr},
    {u"bool", u"int", makeBool, nullptr},
    {u"float", u"object", makeFloat, nullptr},
    {u"list", u"object", [](I &i, Class *, A a) { return i.list(given(i, a, u"list"_s)); },
     listMethods},
    {u"tuple", u"object", [](I &i, Class *, A a) { return i.tuple(given(i, a, u"tuple"_s)); },
     tupleMethods},
    {u"dict", u"object", makeDict, dictMethods},
    {u"set", u"object", [](I &i, Class *, A a) { return makeSet(i, a, false); }, setMethods},
    {u"frozenset", u"object", [](I &i, Class *, A a) { return makeSet(i, a, true); }, setMethods},
    {u"bytes", u"object", makeBytes, bytesMethods},
    {u"bytearray", u"object", makeBytes, bytesMethods},
    {u"property", u"object", makeProperty, nullptr},
    {u"staticmethod", u"object",
     [](I &i, Class *, A a) {
         return Value(
             i.make<MethodWrapper>(false, Arguments(i, a, u"staticmethod"_s).required(u"f"_s)));
     },
     nullptr},
    {u"classmethod", u"object",
     [](I &i, Class *, A a) {
         return Value(
             i.make<MethodWrapper>(true, Arguments(i, a, u"classmethod"_s).required(u"f"_s)));
     },
     nullptr},
    {u"super", u"object", makeSuper, nullptr},
    {u"slice", u"object", makeSlice, nullptr},
    {u"NoneType", u"object", nullptr, nullptr},
    {u"function", u"object", nullptr, nullptr},
    {u"method", u"object", nullptr, nullptr},
    {u"module", u"object", nullptr, nullptr},
    {u"generator", u"object", nullptr, nullptr},
    {u"BaseException", u"object", makeExceptionInstance, nullptr},
    {u"Exception", u"BaseException", makeExceptionInstance, nullptr},
};

struct Family
{
    QStringView base;
    QStringView names; // separated by blanks
};

constexpr Family exceptions[] = {
    {u"BaseException", u"SystemExit KeyboardInterrupt GeneratorExit"},
    {u"Exception",
     u"ArithmeticError AssertionError AttributeError BufferError EOFError ImportError "
     u"LookupError MemoryError NameError OSError ReferenceError RuntimeError "
     u"StopIteration StopAsyncIteration SyntaxError SystemError TypeError ValueError "
     u"Warning"},
    {u"ArithmeticError", u"FloatingPointError OverflowError ZeroDivisionError"},
    {u"ImportError", u"ModuleNotFoundError"},
    {u"LookupError", u"IndexError KeyError"},
    {u"NameError", u"UnboundLocalError"},
    {u"OSError", u"BlockingIOError ChildProcessError ConnectionError FileExistsError "
                 u"FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError "
                 u"PermissionError ProcessLookupError TimeoutError"},
    {u"ConnectionError", u"BrokenPipeError ConnectionAbortedError ConnectionRefusedError "
                         u"ConnectionResetError"},
    {u"RuntimeError", u"NotImplementedError RecursionError"},
    {u"ValueError", u"UnicodeError"},
    {u"UnicodeError", u"UnicodeDecodeError UnicodeEncodeError"},
    {u"SyntaxError", u"IndentationError"},
    {u"Warning", u"DeprecationWarning FutureWarning ImportWarning PendingDeprecationWarning "
                 u"ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning"},
};

QString exceptionBase(const QString &name)
{
    for (const Family &family : exceptions) {
        for (const QStringView member : family.names.split(u' ')) {
            if (member == name)
                return family.base.toString();
        }
    }
    return {};
}

class Singleton : public Object
{
public:
    Singleton(QString type, QString text)
        : m_type(std::move(type))
        , m_text(std::move(text))
    {}
    QString typeName() const override { return m_type; }
    QString repr(Interpreter &) override { return m_text; }

private:
    QString m_type;
    QString m_text;
};

/// `class Name(str)` and the like: the instance holds a plain value.
bool isValueType(const QString &name)
{
    return name == u"str" || name == u"int" || name == u"float" || name == u"list"
           || name == u"tuple" || name == u"dict" || name == u"set" || name == u"frozenset"
           || name == u"bytes";
}

Class::Constructor constructorOf(const Type &type)
{
    const Make make = type.make;
    if (!isValueType(type.name.toString()))
        return make;
    const QString own = type.name.toString();
    return [make, own](I &i, Class *cls, A args) -> Value {
        const Value value = make(i, cls, args);
        if (cls == i.builtinClass(own))
            return value;
        auto *instance = i.make<Instance>(cls);
        instance->payload = value;
        instance->hasPayload = true;
        return instance;
    };
}

/// `str.upper` and the like: the method, taking what it works on as its first argument.
Class::Resolver unboundMethods(std::span<const Method> (*methods)())
{
    return [methods](I &i, Class *, const QString &wanted) -> std::optional<Value> {
        for (const Method &candidate : methods()) {
            if (candidate.name != wanted)
                continue;
            return i.function(wanted, [body = candidate.call](I &in, A args) {
                if (args.positional.empty())
                    in.raise(u"TypeError"_s, u"unbound method needs an argument"_s);
                CallArgs rest = args;
                rest.positional.erase(rest.positional.begin());
                return body(in, in.plain(args.positional.front()), rest);
            });
        }
        return std::nullopt;
    };
}

Value dictFromKeys(I &i, A args)
{
    Arguments a(i, args, u"fromkeys"_s);
    const Value keys = a.required(u"iterable"_s);
    const Value value = a.optional(u"value"_s);
    a.finish();
    auto *dict = i.make<Dict>();
    for (const Value &key : i.items(keys))
        dict->insert(i, key, value);
    return dict;
}

Value bytesFromHex(I &i, A args)
{
    Arguments a(i, args, u"fromhex"_s);
    QString text = a.required(u"string"_s).str();
    a.finish();
    text.remove(u' ');
    static const QRegularExpression digits(u"^([0-9A-Fa-f]{2})*$"_s);
    if (!digits.match(text).hasMatch())
        i.raise(u"ValueError"_s, u"non-hexadecimal number found in fromhex() arg"_s);
    return i.bytes(QByteArray::fromHex(text.toLatin1()));
}

Value strMakeTrans(I &i, A args)
{
    Arguments a(i, args, u"maketrans"_s);
    const Value first = a.required(u"x"_s);
    const QString to = a.optional(u"y"_s).str();
    const QString dropped = a.optional(u"z"_s).str();
    a.finish();
    auto *table = i.make<Dict>();
    if (const auto *given = first.as<Dict>()) {
        for (const auto &[key, value] : given->entries()) {
            if (key.isStr() && key.str().size() != 1)
                i.raise(u"ValueError"_s, u"string keys in translate table must be of length 1"_s);
            table->insert(i, key.isStr() ? Value(key.str().front().unicode()) : key, value);
        }
        return table;
    }
    if (first.str().size() != to.size()) {
        i.raise(u"ValueError"_s, u"the first two maketrans arguments must have equal length"_s);
    }
    for (qsizetype at = 0; at < to.size(); ++at)
        table->insert(i, Value(first.str()[at].unicode()), Value(to[at].unicode()));
    for (const QChar c : dropped)
        table->insert(i, Value(c.unicode()), Value());
    return table;
}

} // namespace

Class *Interpreter::builtinClass(const QString &name)
{
    const auto cached = m_builtins.constFind(name);
    if (cached != m_builtins.constEnd())
        return cached->as<Class>();
    const Type *row = nullptr;
    for (const Type &type : types) {
        if (type.name == name)
            row = &type;
    }
    const QString exception = row ? QString() : exceptionBase(name);
    if (!row && exception.isEmpty()) {
        if (name == u"EnvironmentError" || name == u"IOError")
            return builtinClass(u"OSError"_s);
        return nullptr;
    }
    std::vector<Class *> bases;
    if (!row)
        bases.push_back(builtinClass(exception));
    else if (!row->base.isEmpty())
        bases.push_back(builtinClass(row->base.toString()));
    Class *cls = make<Class>(name, std::move(bases));
    cls->module = u"builtins"_s;
    if (!row || row->make == &makeExceptionInstance) {
        cls->construct = makeExceptionInstance;
        cls->initialize = [](I &, Object *self, A args) {
            if (auto *instance = dynamic_cast<ExceptionInstance *>(self))
                instance->arguments = args.positional;
        };
    } else if (row->make) {
        cls->construct = constructorOf(*row);
        if (name == u"object") {
            cls->initialize = [](I &, Object *, A) {};
            for (const QString &each : {u"__setattr__"_s, u"__delattr__"_s, u"__getattribute__"_s})
                cls->set(each, function(each, [each](I &i, A args) {
                             return attributeOf(i, each, args);
                         }));
        }
    }
    if (row && row->methods)
        cls->resolve = unboundMethods(row->methods);
    if (name == u"dict")
        cls->set(u"fromkeys"_s, function(u"fromkeys"_s, dictFromKeys));
    if (name == u"bytes")
        cls->set(u"fromhex"_s, function(u"fromhex"_s, bytesFromHex));
    if (name == u"str")
        cls->set(u"maketrans"_s, function(u"maketrans"_s, strMakeTrans));
    m_builtins.insert(name, Value(cls));
    return cls;
}

std::optional<Value> Interpreter::builtin(const QString &name)
{
    const auto cached = m_builtins.constFind(name);
    if (cached != m_builtins.constEnd())
        return *cached;
    std::optional<Value> value = builtinFunction(name);
    if (!value && name != u"NoneType" && name != u"function" && name != u"method"
        && name != u"module" && name != u"generator") {
        if (Class *cls = builtinClass(name))
            value = Value(cls);
    }
    if (name == u"Ellipsis")
        value = Value(make<Singleton>(u"ellipsis"_s, u"Ellipsis"_s));
    else if (name == u"NotImplemented")
        value = Value(make<Singleton>(u"NotImplementedType"_s, u"NotImplemented"_s));
    else if (name == u"__debug__")
        value = Value(true);
    if (value)
        m_builtins.insert(name, *value);
    return value;
}

} // namespace tribikos::py
