#include "core/pyread/value.h"

#include "core/base/unwritten.h"
#include "core/pyread/function.h"
#include "core/pyread/givenvalues.h"
#include "core/pyread/methods.h"

#include <cstring>

namespace tribikos::py {

using namespace Qt::StringLiterals;

bool Value::isSame(const Value &other) const
{
    if (m_kind != other.m_kind)
        return false;
    switch (m_kind) {
    case Kind::None: return true;
    case Kind::Bool:
    case Kind::Int: return m_data.number == other.m_data.number;
    case Kind::Float: return m_data.real == other.m_data.real;
    case Kind::Str: return m_text == other.m_text;
    case Kind::Object: return m_data.object == other.m_data.object;
    }
    return false;
}

bool Value::appendInPlace(const QString &more)
{
    if (!isStr() || !m_text.isDetached())
        return false;
    m_text += more;
    return true;
}

const Value *CallArgs::keyword(const QString &name) const
{
    const qsizetype at = indexOfKeyword(name);
    return at < 0 ? nullptr : &keywords[size_t(at)].second;
}

qsizetype CallArgs::indexOfKeyword(const QString &name) const
{
    for (size_t i = 0; i < keywords.size(); ++i) {
        if (keywords[i].first == name)
            return qsizetype(i);
    }
    return -1;
}

Object::~Object() = default;

Class *Object::type(Interpreter &interpreter)
{
    if (Class *known = interpreter.builtinClass(typeName()))
        return known;
    const QString key = u"type:"_s + typeName();
    if (auto *made = dynamic_cast<Class *>(interpreter.state(key)))
        return made;
    Class *made = interpreter.makeClass(typeName());
    interpreter.setState(key, made);
    return made;
}

std::optional<Value> Object::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"__class__")
        return Value(type(interpreter));
    return std::nullopt;
}

bool Object::setAttr(Interpreter &, const QString &, const Value &)
{
    return false;
}

bool Object::delAttr(Interpreter &, const QString &)
{
    return false;
}

Value Object::call(Interpreter &interpreter, const CallArgs &)
{
    interpreter.raise(u"TypeError"_s, u"'%1' object is not callable"_s.arg(typeName()));
}

void Object::iterate(Interpreter &interpreter, const Visitor &)
{
    interpreter.raise(u"TypeError"_s, u"'%1' object is not iterable"_s.arg(typeName()));
}

std::optional<qint64> Object::length(Interpreter &)
{
    return std::nullopt;
}

bool Object::truth(Interpreter &interpreter)
{
    const std::optional<qint64> count = length(interpreter);
    return !count || *count != 0;
}

Value Object::getItem(Interpreter &interpreter, const Value &)
{
    interpreter.raise(u"TypeError"_s, u"'%1' object is not subscriptable"_s.arg(typeName()));
}

void Object::setItem(Interpreter &interpreter, const Value &, const Value &)
{
    interpreter.raise(u"TypeError"_s,
                      u"'%1' object does not support item assignment"_s.arg(typeName()));
}

void Object::delItem(Interpreter &interpreter, const Value &)
{
    interpreter.raise(u"TypeError"_s,
                      u"'%1' object doesn't support item deletion"_s.arg(typeName()));
}

std::optional<bool> Object::contains(Interpreter &, const Value &)
{
    return std::nullopt;
}

std::optional<Value> Object::binary(Interpreter &, BinaryOp, const Value &, bool)
{
    return std::nullopt;
}

std::optional<Value> Object::compare(Interpreter &, CompareOp, const Value &)
{
    return std::nullopt;
}

std::optional<Value> Object::unary(Interpreter &, UnaryOp)
{
    return std::nullopt;
}

size_t Object::hash(Interpreter &)
{
    return qHash(quintptr(this));
}

QString Object::repr(Interpreter &)
{
    return unwritten(u"<%1 object>"_s.arg(typeName()));
}

QString Object::str(Interpreter &interpreter)
{
    return repr(interpreter);
}

std::optional<Value> Object::partialText(Interpreter &)
{
    return std::nullopt;
}

QString Object::format(Interpreter &interpreter, const QString &spec)
{
    if (!spec.isEmpty()) {
        interpreter.raise(u"TypeError"_s,
                          u"unsupported format string passed to %1.__format__"_s.arg(typeName()));
    }
    return str(interpreter);
}

Value Object::enter(Interpreter &interpreter)
{
    interpreter.raise(
        u"TypeError"_s,
        u"'%1' object does not support the context manager protocol"_s.arg(typeName()));
}

bool Object::exit(Interpreter &, const Value &)
{
    return false;
}

// --- NativeFunction ------------------------------------------------------------------------------

std::optional<Value> NativeFunction::getAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"__name__" || attribute == u"__qualname__")
        return Value(name);
    if (attribute == u"__doc__")
        return Value();
    return Object::getAttr(interpreter, attribute);
}

Value NativeFunction::call(Interpreter &interpreter, const CallArgs &args)
{
    return m_body(interpreter, args);
}

QString NativeFunction::repr(Interpreter &)
{
    const QString text = u"<built-in function %1>"_s.arg(name);
    return isBuiltinName(name) ? text : unwritten(text);
}

// --- Module --------------------------------------------------------------------------------------

std::optional<Value> Module::getAttr(Interpreter &interpreter, const QString &attribute)
{
    const Value *known = find(attribute);
    auto *lazy = known ? known->as<LazyImport>() : nullptr;
    if (lazy && lazy->isResolving())
        return interpreter.submodule(*this, attribute);
    if (lazy) {
        set(attribute, lazy->resolve(interpreter));
        return *find(attribute);
    }
    if (known)
        return *known;
    if (m_resolver) {
        if (std::optional<Value> found = m_resolver(interpreter, attribute)) {
            set(attribute, *found);
            return found;
        }
    }
    if (attribute == u"__name__")
        return Value(name);
    if (attribute == u"__file__" && !file.isEmpty())
        return Value(file);
    if (attribute == u"__dict__") {
        return interpreter.dict(m_values);
    }
    if (file.isEmpty() && attribute == u"__doc__")
        return Value();
    if (attribute.startsWith(u"__"))
        return Object::getAttr(interpreter, attribute);
    return interpreter.submodule(*this, attribute);
}

bool Module::setAttr(Interpreter &, const QString &attribute, const Value &value)
{
    set(attribute, value);
    return true;
}

bool Module::delAttr(Interpreter &, const QString &attribute)
{
    return remove(attribute);
}

QString Module::repr(Interpreter &)
{
    return unwritten(u"<module '%1'>"_s.arg(name));
}

namespace {

/// Most modules have a few names: looking through them is faster than keeping an index.
constexpr size_t mostUnindexed = 16;

} // namespace

qsizetype Module::placeOf(const QString &key) const
{
    if (!m_places.isEmpty())
        return m_places.value(key, -1);
    for (size_t i = 0; i < m_values.size(); ++i) {
        const QString &known = m_values[i].first;
        const auto bytes = size_t(key.size()) * sizeof(QChar);
        if (known.size() == key.size()
            && std::memcmp(known.constData(), key.constData(), bytes) == 0)
            return qsizetype(i);
    }
    return -1;
}

void Module::set(const QString &key, Value value)
{
    if (const qsizetype known = placeOf(key); known >= 0) {
        m_values[size_t(known)].second = std::move(value);
        return;
    }
    m_values.emplace_back(key, std::move(value));
    if (!m_places.isEmpty())
        m_places.insert(key, qsizetype(m_values.size()) - 1);
    else if (m_values.size() > mostUnindexed)
        for (size_t i = 0; i < m_values.size(); ++i)
            m_places.insert(m_values[i].first, qsizetype(i));
}

const Value *Module::find(const QString &key) const
{
    const qsizetype known = placeOf(key);
    return known < 0 ? nullptr : &m_values[size_t(known)].second;
}

bool Module::remove(const QString &key)
{
    const qsizetype known = placeOf(key);
    if (known < 0)
        return false;
    m_values.erase(m_values.begin() + known);
    m_places.remove(key);
    for (qsizetype &place : m_places)
        place -= place > known;
    return true;
}

QStringList Module::names() const
{
    QStringList all;
    for (const auto &[key, value] : m_values)
        all.append(key);
    return all;
}

// --- Unknown -------------------------------------------------------------------------------------

namespace {

Value derived(Interpreter &interpreter, const Unknown &from, const QString &path)
{
    QString origin = from.origin + path;
    if (origin.size() > 500) // a loop over unknowns must not grow without end
        origin = origin.left(500);
    auto *made = interpreter.make<Unknown>(origin, from.reason, from.where);
    made->path = from.path.isEmpty() ? QString() : (from.path + path).left(500);
    return made;
}

constexpr QStringView hintBeginning = u": say in tribikos.toml what it is, under [values]";

/// What the user can do about an unknown; empty: nothing.
QString hintFor(const QString &path)
{
    if (!path.contains(u'.') || path.startsWith(u"sqlalchemy.") || path.startsWith(u"alembic."))
        return {};
    QString key = path;
    return u"%1: \"%2\" = …"_s.arg(hintBeginning, key.replace(u'"', u"\\\""_s));
}

} // namespace

std::optional<Value> Unknown::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name.startsWith(u"__") && name.endsWith(u"__") && name != u"__tablename__"
        && name != u"__table__")
        return name == u"__name__" ? std::optional<Value>(Value(origin.section(u'.', -1)))
                                   : std::nullopt;
    if (auto *given = path.isEmpty() ? nullptr : interpreter.given())
        if (auto value = given->find(interpreter, path + u'.' + name))
            return value;
    Value result = derived(interpreter, *this, u'.' + name);
    if (auto *made = result.as<Unknown>())
        made->callee = Value(this);
    return result;
}

Value Unknown::call(Interpreter &interpreter, const CallArgs &callArgs)
{
    QString next = path + u"()"_s;
    if (auto *given = path.isEmpty() ? nullptr : interpreter.given())
        if (auto value = given->findCall(interpreter, path, callArgs, &next))
            return *value;
    interpreter.checkUnknownCall(*this, callArgs);
    // `@unknown` and `@unknown(…)` leave what they decorate unknown, like any other result
    Value result = derived(interpreter, *this, u"()"_s);
    auto *made = result.as<Unknown>();
    if (!path.isEmpty())
        made->path = next;
    made->isCall = true;
    made->callee = Value(this);
    made->args = callArgs;
    return result;
}

void Unknown::iterate(Interpreter &interpreter, const Visitor &)
{
    refuse(interpreter);
}

std::optional<qint64> Unknown::length(Interpreter &interpreter)
{
    refuse(interpreter);
}

bool Unknown::truth(Interpreter &interpreter)
{
    refuse(interpreter);
}

Value Unknown::getItem(Interpreter &interpreter, const Value &key)
{
    QString next = path + u"[]"_s;
    if (auto *given = path.isEmpty() ? nullptr : interpreter.given())
        if (auto value = given->findItem(interpreter, path, key, &next))
            return *value;
    Value result = derived(interpreter, *this, u"[]"_s);
    if (auto *made = path.isEmpty() ? nullptr : result.as<Unknown>()) {
        const bool isText = key.isStr() && next.endsWith(u"[]");
        made->path = isText ? path + u'[' + interpreter.repr(key) + u']' : next;
    }
    return result;
}

void Unknown::setItem(Interpreter &, const Value &, const Value &) {}

void Unknown::delItem(Interpreter &, const Value &) {}

std::optional<bool> Unknown::contains(Interpreter &interpreter, const Value &)
{
    refuse(interpreter);
}

std::optional<Value> Unknown::binary(Interpreter &interpreter, BinaryOp, const Value &, bool)
{
    return derived(interpreter, *this, {});
}

std::optional<Value> Unknown::compare(Interpreter &interpreter, CompareOp, const Value &)
{
    return derived(interpreter, *this, {});
}

std::optional<Value> Unknown::unary(Interpreter &interpreter, UnaryOp)
{
    return derived(interpreter, *this, {});
}

QString Unknown::repr(Interpreter &interpreter)
{
    refuse(interpreter);
}

QString Unknown::str(Interpreter &interpreter)
{
    refuse(interpreter);
}

Value Unknown::enter(Interpreter &interpreter)
{
    interpreter.checkUnknownCall(*this, {});
    return derived(interpreter, *this, u".__enter__()"_s);
}

bool Unknown::exit(Interpreter &, const Value &)
{
    return false;
}

void Unknown::refuse(Interpreter &interpreter) const
{
    const QString hint = hintFor(path);
    if (reason.isEmpty())
        interpreter.unsupported(
            u"needs %1, which is not part of the project and not known to Tribikos"_s.arg(origin)
            + hint);
    const qsizetype other =
        hint.isEmpty() ? -1 : reason.indexOf(hintBeginning); // of what this one needs
    interpreter.unsupported(
        u"needs %1, but %2"_s.arg(origin, reason.left(other < 0 ? reason.size() : other)) + hint);
}

} // namespace tribikos::py
