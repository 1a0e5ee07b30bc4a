// What Python does with values: attributes, calls, items, iteration, text.
#include "core/pyread/function.h"
#include "core/pyread/methods.h"

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

std::optional<Value> boundMethod(Interpreter &interpreter, std::span<const Method> table,
                                 const Value &self, const QString &name)
{
    for (const Method &method : table) {
        if (method.name == name) {
            return interpreter.function(
                name, [self, body = method.call](Interpreter &i, const CallArgs &args) {
                    return body(i, self, args);
                });
        }
    }
    return std::nullopt;
}

Value Interpreter::plain(const Value &value) const
{
    if (const auto *instance = value.as<Instance>()) {
        if (instance->hasPayload)
            return plain(instance->payload);
    }
    return value;
}

// --- Attributes and calls ------------------------------------------------------------------------

std::optional<Value> Interpreter::findAttr(const Value &value, const QString &name)
{
    if (value.isObject()) {
        std::optional<Value> found = value.object()->getAttr(*this, name);
        if (found)
            return found;
        // a name that our own modules lack isn't a name that doesn't exist
        const auto *module = value.as<Module>();
        const bool isOurs = module && (module->file.isEmpty() || module->file.startsWith(u'<'));
        if (isOurs && !module->isPackage && !name.startsWith(u"__"))
            return unknown(module->name + u'.' + name);
        return std::nullopt;
    }
    if (name == u"__class__")
        return Value(type(value));
    if (value.isStr())
        return strAttr(value, name);
    return numberAttr(value, name);
}

namespace {

/// The two whole numbers that a float is the quotient of.
Value floatRatio(Interpreter &interpreter, double number)
{
    if (!std::isfinite(number))
        interpreter.raise(std::isnan(number) ? u"ValueError"_s : u"OverflowError"_s,
                          u"cannot convert %1 to integer ratio"_s.arg(
                              std::isnan(number) ? u"NaN"_s : u"Infinity"_s));
    constexpr int digits = std::numeric_limits<double>::digits;
    int exponent = 0;
    auto mantissa = qint64(std::ldexp(std::frexp(number, &exponent), digits));
    exponent -= digits;
    for (; mantissa != 0 && mantissa % 2 == 0; mantissa /= 2)
        ++exponent;
    const Value power = interpreter.binary(BinaryOp::Pow, Value(2),
                                           Value(mantissa == 0 ? 0 : std::abs(exponent)));
    if (exponent < 0 || mantissa == 0)
        return interpreter.tuple({Value(mantissa), power});
    return interpreter.tuple(
        {interpreter.binary(BinaryOp::Mul, Value(mantissa), power), Value(1)});
}

} // namespace

std::optional<Value> Interpreter::strAttr(const Value &value, const QString &name)
{
    if (name == u"__doc__")
        return Value(u"str"_s);
    return boundMethod(*this, strMethods(), value, name);
}

std::optional<Value> Interpreter::numberAttr(const Value &value, const QString &name)
{
    if (value.isNone())
        return std::nullopt;
    if (name == u"real" || name == u"numerator")
        return value;
    if (name == u"imag")
        return Value(0);
    if (name == u"is_integer" && value.isFloat()) {
        return function(name, [number = value.toDouble()](Interpreter &, const CallArgs &) {
            return Value(number == qint64(number));
        });
    }
    if (name == u"as_integer_ratio")
        return function(name, [value](Interpreter &i, const CallArgs &) {
            return value.isFloat() ? floatRatio(i, value.toDouble())
                                   : i.tuple({value, Value(1)});
        });
    if (name == u"bit_length" && value.isIntegral()) {
        return function(name, [number = value.toInt()](Interpreter &, const CallArgs &) {
            quint64 left = number < 0 ? quint64(0) - quint64(number) : quint64(number);
            int bits = 0;
            for (; left; left >>= 1)
                ++bits;
            return Value(bits);
        });
    }
    return std::nullopt;
}

Value Interpreter::getAttr(const Value &value, const QString &name)
{
    if (std::optional<Value> found = findAttr(value, name))
        return *found;
    if (isOfPython(*this, value, name))
        unsupported(u"uses %1.%2, which Tribikos doesn't know"_s.arg(
            value.as<Class>() ? value.as<Class>()->name : typeName(value), name));
    if (const auto *module = value.as<Module>())
        raise(u"AttributeError"_s, u"module '%1' has no attribute '%2'"_s.arg(module->name, name));
    if (const auto *cls = value.as<Class>())
        raise(u"AttributeError"_s, u"type object '%1' has no attribute '%2'"_s.arg(cls->name, name));
    raise(u"AttributeError"_s, u"'%1' object has no attribute '%2'"_s.arg(typeName(value), name));
}

void Interpreter::setAttr(const Value &value, const QString &name, const Value &to)
{
    if (!value.isObject() || !value.object()->setAttr(*this, name, to)) {
        raise(u"AttributeError"_s, u"'%1' object attribute '%2' can't be set"_s.arg(typeName(value),
                                                                                   name));
    }
}

Value Interpreter::call(const Value &callee, const CallArgs &args)
{
    step();
    if (!callee.isObject())
        raise(u"TypeError"_s, u"'%1' object is not callable"_s.arg(typeName(callee)));
    return callee.object()->call(*this, args);
}

Value Interpreter::call(const Value &callee, std::vector<Value> positional)
{
    CallArgs args;
    args.positional = std::move(positional);
    args.span = location().span;
    return call(callee, args);
}

Value Interpreter::callMethod(const Value &value, const QString &name, std::vector<Value> positional)
{
    return call(getAttr(value, name), std::move(positional));
}

bool Interpreter::isCallable(const Value &value) const
{
    return value.isObject() && value.object()->isCallable();
}

// --- Items and iteration -------------------------------------------------------------------------

namespace {

/// The characters of \a text as Python counts them.
std::vector<QString> characters(const QString &text)
{
    std::vector<QString> result;
    result.reserve(size_t(text.size()));
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text[i].isHighSurrogate() && i + 1 < text.size()
                          && text[i + 1].isLowSurrogate();
        result.push_back(text.mid(i, pair ? 2 : 1));
        i += pair;
    }
    return result;
}

bool hasSurrogates(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.isSurrogate(); });
}

} // namespace

qsizetype pythonLength(QStringView text)
{
    qsizetype count = 0;
    for (qsizetype at = 0; at < text.size(); ++at, ++count)
        if (text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
            ++at;
    return count;
}

Value Interpreter::getItem(const Value &value, const Value &key)
{
    if (value.isObject())
        return value.object()->getItem(*this, key);
    if (!value.isStr())
        raise(u"TypeError"_s, u"'%1' object is not subscriptable"_s.arg(typeName(value)));
    const QString &text = value.str();
    if (hasSurrogates(text)) {
        const std::vector<QString> each = characters(text);
        if (const auto *slice = key.as<Slice>()) {
            QString result;
            for (const qint64 index : slice->indices(*this, qint64(each.size())))
                result += each[size_t(index)];
            return Value(checkedText(result));
        }
        return Value(each[size_t(sequenceIndex(*this, key, qint64(each.size()), u"string"_s))]);
    }
    if (const auto *slice = key.as<Slice>()) {
        QString result;
        for (const qint64 index : slice->indices(*this, text.size()))
            result += text[index];
        return Value(checkedText(result));
    }
    return Value(QString(text[sequenceIndex(*this, key, text.size(), u"string"_s)]));
}

void Interpreter::setItem(const Value &value, const Value &key, const Value &to)
{
    if (!value.isObject()) {
        raise(u"TypeError"_s, u"'%1' object does not support item assignment"_s.arg(typeName(value)));
    }
    value.object()->setItem(*this, key, to);
}

void Interpreter::delItem(const Value &value, const Value &key)
{
    if (!value.isObject())
        raise(u"TypeError"_s, u"'%1' object doesn't support item deletion"_s.arg(typeName(value)));
    value.object()->delItem(*this, key);
}

void Interpreter::iterate(const Value &value, const Visitor &visit)
{
    if (value.isObject()) {
        value.object()->iterate(*this, [&](const Value &item) {
            step();
            return visit(item);
        });
        return;
    }
    if (!value.isStr())
        raise(u"TypeError"_s, u"'%1' object is not iterable"_s.arg(typeName(value)));
    for (const QString &character : characters(value.str())) {
        step();
        if (!visit(Value(character)))
            return;
    }
}

std::vector<Value> Interpreter::items(const Value &iterable)
{
    if (const auto *list = iterable.as<List>())
        return list->items;
    if (const auto *tuple = iterable.as<Tuple>())
        return tuple->items;
    std::vector<Value> result;
    iterate(iterable, [&](const Value &item) {
        result.push_back(item);
        checkLength(qsizetype(result.size()));
        return true;
    });
    charge(qint64(result.size() * sizeof(Value)));
    return result;
}

bool Interpreter::isIterable(const Value &value) const
{
    return value.isStr() || (value.isObject() && value.object()->isIterable());
}

qint64 Interpreter::length(const Value &value)
{
    if (value.isStr()) {
        return hasSurrogates(value.str()) ? qint64(characters(value.str()).size())
                                          : value.str().size();
    }
    const std::optional<qint64> count = value.isObject() ? value.object()->length(*this)
                                                         : std::nullopt;
    if (!count)
        raise(u"TypeError"_s, u"object of type '%1' has no len()"_s.arg(typeName(value)));
    return *count;
}

bool Interpreter::contains(const Value &container, const Value &item)
{
    if (container.isStr()) {
        const Value text = plain(item);
        if (const auto *unknown = text.as<Unknown>())
            unknown->refuse(*this);
        if (!text.isStr()) {
            raise(u"TypeError"_s, u"'in <string>' requires string as left operand, not %1"_s.arg(
                                      typeName(item)));
        }
        return container.str().contains(text.str());
    }
    if (container.isObject()) {
        if (const std::optional<bool> answer = container.object()->contains(*this, item))
            return *answer;
    }
    bool found = false;
    if (!isIterable(container))
        raise(u"TypeError"_s, u"argument of type '%1' is not iterable"_s.arg(typeName(container)));
    iterate(container, [&](const Value &candidate) {
        found = candidate.isSame(item) || equals(candidate, item);
        return !found;
    });
    return found;
}

// --- Truth, text, types --------------------------------------------------------------------------

bool Interpreter::truth(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::None: return false;
    case Value::Kind::Bool:
    case Value::Kind::Int: return value.toInt() != 0;
    case Value::Kind::Float: return value.toDouble() != 0;
    case Value::Kind::Str: return !value.str().isEmpty();
    case Value::Kind::Object: return value.object()->truth(*this);
    }
    return false;
}

namespace {

/// zip(), map(), generators: Python's text of them holds an address.
void refuseAddress(Interpreter &interpreter, const Value &value)
{
    if (value.as<Iterator>())
        interpreter.unsupported(
            u"turns a %1 into text, in which Python writes where it lies in memory"_s.arg(
                interpreter.typeName(value)));
}

} // namespace

QString Interpreter::str(const Value &value)
{
    if (value.isStr())
        return value.str();
    step();
    refuseAddress(*this, value);
    return value.isObject() ? checkedText(value.object()->str(*this)) : repr(value);
}

QString Interpreter::repr(const Value &value)
{
    step();
    switch (value.kind()) {
    case Value::Kind::None: return u"None"_s;
    case Value::Kind::Bool: return value.isTrue() ? u"True"_s : u"False"_s;
    case Value::Kind::Int: return QString::number(value.toInt());
    case Value::Kind::Float: return reprFloat(value.toDouble());
    case Value::Kind::Str: return reprText(value.str());
    case Value::Kind::Object:
        refuseAddress(*this, value);
        return checkedText(value.object()->repr(*this));
    }
    return {};
}

QString Interpreter::format(const Value &value, const QString &spec)
{
    if (value.isObject())
        return checkedText(value.object()->format(*this, spec));
    if (spec.isEmpty())
        return str(value);
    return checkedText(formatPlain(*this, value, spec));
}

QString Interpreter::typeName(const Value &value) const
{
    switch (value.kind()) {
    case Value::Kind::None: return u"NoneType"_s;
    case Value::Kind::Bool: return u"bool"_s;
    case Value::Kind::Int: return u"int"_s;
    case Value::Kind::Float: return u"float"_s;
    case Value::Kind::Str: return u"str"_s;
    case Value::Kind::Object: return value.object()->typeName();
    }
    return {};
}

Class *Interpreter::type(const Value &value)
{
    return value.isObject() ? value.object()->type(*this) : builtinClass(typeName(value));
}

bool Interpreter::isInstance(const Value &value, const Class *cls)
{
    return cls && type(value)->isSubclassOf(cls);
}

bool Interpreter::isInstance(const Value &value, const QString &name)
{
    return isInstance(value, builtinClass(name));
}

size_t Interpreter::hash(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::None: return 1;
    case Value::Kind::Bool:
    case Value::Kind::Int: return qHash(value.toInt());
    case Value::Kind::Float: {
        const double number = value.toDouble(); // 1.0 == 1 must hash alike
        return number == std::floor(number) && std::abs(number) < 9e15 ? qHash(qint64(number))
                                                                       : qHash(number);
    }
    case Value::Kind::Str: return qHash(value.str());
    case Value::Kind::Object: return value.object()->hash(*this);
    }
    return 0;
}

// --- Arguments -----------------------------------------------------------------------------------

Arguments::Arguments(Interpreter &interpreter, const CallArgs &args, QString function)
    : m_interpreter(interpreter), m_args(args), m_function(std::move(function)),
      m_taken(qsizetype(args.keywords.size()), false)
{
    for (const auto &[name, value] : args.keywords)
        m_passed |= mark(name);
}

const Value *Arguments::findKeyword(const QString &name)
{
    const qsizetype at = m_args.indexOfKeyword(name);
    if (at < 0)
        return nullptr;
    m_taken[at] = true;
    return &m_args.keywords[size_t(at)].second;
}

std::optional<Value> Arguments::taken(const QString &name)
{
    if (m_next < m_args.positional.size()) {
        if ((m_passed & mark(name)) && m_args.keyword(name)) {
            m_interpreter.raise(u"TypeError"_s, u"%1() got multiple values for argument '%2'"_s.arg(
                                                    m_function, name));
        }
        return m_args.positional[m_next++];
    }
    const Value *keyword = takeKeyword(name);
    return keyword ? std::optional(*keyword) : std::nullopt;
}

Value Arguments::required(const QString &name)
{
    if (std::optional<Value> value = taken(name))
        return *value;
    m_interpreter.raise(u"TypeError"_s, u"%1() missing 1 required positional argument: '%2'"_s.arg(
                                            m_function, name));
}

bool Arguments::isLeft(const QString &name) const
{
    const qsizetype at = m_args.indexOfKeyword(name);
    return at >= 0 && !m_taken[at];
}

std::vector<Value> Arguments::rest()
{
    std::vector<Value> result(m_args.positional.begin() + qptrdiff(m_next), m_args.positional.end());
    m_next = m_args.positional.size();
    return result;
}

std::vector<std::pair<QString, Value>> Arguments::restKeywords()
{
    std::vector<std::pair<QString, Value>> result;
    for (qsizetype i = 0; i < m_taken.size(); ++i) {
        if (!std::exchange(m_taken[i], true))
            result.push_back(m_args.keywords[size_t(i)]);
    }
    return result;
}

void Arguments::finish()
{
    if (m_next < m_args.positional.size()) {
        m_interpreter.raise(u"TypeError"_s, u"%1() takes %2 positional arguments but %3 were given"_s
                                                .arg(m_function).arg(m_next)
                                                .arg(m_args.positional.size()));
    }
    for (qsizetype i = 0; i < m_taken.size(); ++i) {
        if (!m_taken[i]) {
            m_interpreter.raise(u"TypeError"_s, u"%1() got an unexpected keyword argument '%2'"_s.arg(
                                                    m_function, m_args.keywords[size_t(i)].first));
        }
    }
}

} // namespace tribikos::py
