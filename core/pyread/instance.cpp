#include "core/base/unwritten.h"
#include "core/pyread/arguments.h"
#include "core/pyread/function.h"

/// Objects of the classes that scripts write.
namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// An object of a script's class that answers for an attribute: it has \a method.
bool isDescriptor(const Value &attribute, const QString &method)
{
    const auto *instance = attribute.as<Instance>();
    return instance && instance->cls->globals && instance->cls->lookup(method);
}

} // namespace

/// The method \a name of a script's class, which Python's own classes all have too.
const Value *Instance::ownMethod(const QString &name) const
{
    for (Class *candidate : cls->mro) {
        const auto at = candidate->attrs.constFind(name);
        if (candidate->globals && at != candidate->attrs.constEnd())
            return &*at;
    }
    return nullptr;
}

/// Takes over what has been done to __dict__.
void Instance::followDictionary()
{
    if (!m_dictionary)
        return;
    attrs.clear();
    order.clear();
    for (const auto &[key, value] : m_dictionary->entries())
        if (key.isStr()) {
            attrs.insert(key.str(), value);
            order.append(key.str());
        }
}

std::optional<Value> Instance::getAttr(Interpreter &interpreter, const QString &name)
{
    if (ownMethod(u"__getattribute__"_s))
        return special(interpreter, u"__getattribute__"_s, {Value(name)});
    return fetch(interpreter, name);
}

std::optional<Value> Instance::fetch(Interpreter &interpreter, const QString &name)
{
    followDictionary();
    const Value *found = nullptr;
    Class *holder = nullptr;
    for (Class *candidate : cls->mro) {
        const auto at = candidate->attrs.constFind(name);
        if (at != candidate->attrs.constEnd()) {
            found = &*at;
            holder = candidate;
            break;
        }
    }
    if (found && (found->as<Property>() || isDescriptor(*found, u"__set__"_s)))
        return bindAttribute(interpreter, *found, Value(this), cls);
    const auto own = attrs.constFind(name);
    if (own != attrs.constEnd())
        return *own;
    if (found && holder->globals)
        return bindAttribute(interpreter, *found, Value(this), cls);
    if (std::optional<Value> native = nativeAttr(interpreter, name))
        return native;
    if (found)
        return bindAttribute(interpreter, *found, Value(this), cls);
    if (hasPayload && name != u"__class__") { // before the unbound methods of its class
        if (std::optional<Value> inner = interpreter.findAttr(payload, name))
            return inner;
    }
    for (Class *candidate : cls->mro) {
        if (candidate->resolve) {
            if (std::optional<Value> resolved = candidate->resolve(interpreter, cls, name))
                return bindAttribute(interpreter, *resolved, Value(this), cls);
        }
    }
    if (name == u"__class__")
        return Value(cls);
    if (name == u"__dict__") {
        if (!m_dictionary) {
            m_dictionary = interpreter.make<Dict>();
            for (const QString &key : order)
                m_dictionary->insert(interpreter, Value(key), attrs.value(key));
        }
        return Value(m_dictionary);
    }
    if (name == u"__doc__" || name == u"__module__")
        return cls->getAttr(interpreter, name);
    if (cls->lookup(u"__getattr__"_s))
        return special(interpreter, u"__getattr__"_s, {Value(name)});
    if (!cls->unknownBases.empty() && !name.startsWith(u"__"))
        return cls->unknownBases.front()->getAttr(interpreter, name);
    return std::nullopt;
}

bool Instance::setAttr(Interpreter &interpreter, const QString &name, const Value &value)
{
    if (ownMethod(u"__setattr__"_s)) {
        special(interpreter, u"__setattr__"_s, {Value(name), value});
        return true;
    }
    if (cls->isFrozen)
        interpreter.raise(interpreter.makeException(u"FrozenInstanceError"_s, u"AttributeError"_s),
                          u"cannot assign to field '%1'"_s.arg(name));
    return store(interpreter, name, value);
}

bool Instance::store(Interpreter &interpreter, const QString &name, const Value &value)
{
    followDictionary();
    if (const Value *found = cls->lookup(name)) {
        if (const auto *property = found->as<Property>()) {
            if (property->setter.isNone())
                return false;
            interpreter.call(property->setter, {Value(this), value});
            return true;
        }
        if (isDescriptor(*found, u"__set__"_s)) {
            interpreter.callMethod(*found, u"__set__"_s, {Value(this), value});
            return true;
        }
    }
    if (!attrs.contains(name))
        order.append(name);
    attrs.insert(name, value);
    if (m_dictionary)
        m_dictionary->insert(interpreter, Value(name), value);
    return true;
}

bool Instance::delAttr(Interpreter &interpreter, const QString &name)
{
    if (!ownMethod(u"__delattr__"_s))
        return discard(interpreter, name);
    special(interpreter, u"__delattr__"_s, {Value(name)});
    return true;
}

bool Instance::discard(Interpreter &interpreter, const QString &name)
{
    followDictionary();
    order.removeOne(name);
    if (m_dictionary)
        m_dictionary->remove(interpreter, Value(name));
    return attrs.remove(name);
}

/// Calls the class' \a name (a method with two underscores); nullopt: it has none.
std::optional<Value> Instance::special(Interpreter &interpreter, const QString &name,
                                       std::vector<Value> args)
{
    const Value *method = cls->lookup(name);
    if (!method)
        return std::nullopt;
    return interpreter.call(bindAttribute(interpreter, *method, Value(this), cls), std::move(args));
}

Value attributeOf(Interpreter &interpreter, const QString &method, const CallArgs &args)
{
    Arguments a(interpreter, args, method);
    const Value self = a.required(u"self"_s);
    const QString name = a.required(u"name"_s).str();
    const bool isSet = method == u"__setattr__";
    const Value value = isSet ? a.required(u"value"_s) : Value();
    a.finish();
    auto *instance = self.as<Instance>();
    if (!instance)
        interpreter.unsupported(u"calls object.%1() with a value of type %2"_s.arg(
            method, interpreter.typeName(self)));
    if (method == u"__getattribute__") {
        if (const std::optional<Value> found = instance->fetch(interpreter, name))
            return *found;
    } else if (isSet ? instance->store(interpreter, name, value) : instance->discard(interpreter, name)) {
        return {};
    }
    interpreter.raise(u"AttributeError"_s, u"'%1' object has no attribute '%2'"_s.arg(instance->cls->name, name));
}

bool Instance::isCallable() const
{
    return cls->lookup(u"__call__"_s) != nullptr;
}

Value Instance::call(Interpreter &interpreter, const CallArgs &args)
{
    const Value *method = cls->lookup(u"__call__"_s);
    if (!method)
        return Object::call(interpreter, args);
    return interpreter.call(bindAttribute(interpreter, *method, Value(this), cls), args);
}

bool Instance::isIterable() const
{
    return cls->lookup(u"__iter__"_s) || cls->lookup(u"__getitem__"_s)
           || (hasPayload && (payload.isStr() || (payload.object() && payload.object()->isIterable())));
}

void Instance::iterate(Interpreter &interpreter, const Visitor &visit)
{
    if (const std::optional<Value> iterator = special(interpreter, u"__iter__"_s)) {
        auto *own = iterator->as<Instance>();
        if (!own || !own->cls->lookup(u"__next__"_s))
            return interpreter.iterate(*iterator, visit);
        for (;;) {
            Value item;
            try {
                item = *own->special(interpreter, u"__next__"_s);
            } catch (const Raised &raised) {
                if (interpreter.isInstance(raised.exception, u"StopIteration"_s))
                    return;
                throw;
            }
            if (!visit(item))
                return;
        }
    }
    if (hasPayload)
        return interpreter.iterate(payload, visit);
    if (!cls->lookup(u"__getitem__"_s))
        return Object::iterate(interpreter, visit);
    for (qint64 i = 0;; ++i) {
        Value item;
        try {
            item = *special(interpreter, u"__getitem__"_s, {Value(i)});
        } catch (const Raised &raised) {
            if (interpreter.isInstance(raised.exception, u"IndexError"_s))
                return;
            throw;
        }
        if (!visit(item))
            return;
    }
}

std::optional<qint64> Instance::length(Interpreter &interpreter)
{
    if (const std::optional<Value> count = special(interpreter, u"__len__"_s))
        return count->toInt();
    if (hasPayload && (payload.isStr() || payload.isObject()))
        return payload.isStr() ? qint64(interpreter.length(payload))
                               : payload.object()->length(interpreter);
    return std::nullopt;
}

bool Instance::truth(Interpreter &interpreter)
{
    if (const std::optional<Value> answer = special(interpreter, u"__bool__"_s))
        return interpreter.truth(*answer);
    if (hasPayload && !cls->lookup(u"__len__"_s))
        return interpreter.truth(payload);
    const std::optional<qint64> count = length(interpreter);
    return !count || *count != 0;
}

Value Instance::getItem(Interpreter &interpreter, const Value &key)
{
    if (const std::optional<Value> item = special(interpreter, u"__getitem__"_s, {key}))
        return *item;
    if (hasPayload) {
        const auto *dict = payload.as<Dict>();
        if (dict && cls->lookup(u"__missing__"_s) && !dict->find(interpreter, key))
            return *special(interpreter, u"__missing__"_s, {key});
        return interpreter.getItem(payload, key);
    }
    if (!cls->unknownBases.empty())
        cls->unknownBases.front()->refuse(interpreter);
    return Object::getItem(interpreter, key);
}

void Instance::setItem(Interpreter &interpreter, const Value &key, const Value &value)
{
    if (special(interpreter, u"__setitem__"_s, {key, value}))
        return;
    if (hasPayload)
        return interpreter.setItem(payload, key, value);
    Object::setItem(interpreter, key, value);
}

void Instance::delItem(Interpreter &interpreter, const Value &key)
{
    if (special(interpreter, u"__delitem__"_s, {key}))
        return;
    if (hasPayload)
        return interpreter.delItem(payload, key);
    Object::delItem(interpreter, key);
}

std::optional<bool> Instance::contains(Interpreter &interpreter, const Value &item)
{
    if (const std::optional<Value> answer = special(interpreter, u"__contains__"_s, {item}))
        return interpreter.truth(*answer);
    if (hasPayload)
        return interpreter.contains(payload, item);
    return std::nullopt;
}

namespace {

constexpr QStringView binaryNames[] = {u"add", u"sub", u"mul", u"truediv", u"floordiv", u"mod",
                                       u"pow", u"matmul", u"and", u"or", u"xor", u"lshift",
                                       u"rshift"};
constexpr QStringView compareNames[] = {u"__eq__", u"__ne__", u"__lt__",
                                        u"__le__", u"__gt__", u"__ge__"};
constexpr QStringView unaryNames[] = {u"__pos__", u"__neg__", u"__invert__"};

bool isNotImplemented(const Value &value)
{
    return value.isObject() && value.object()->typeName() == u"NotImplementedType";
}

} // namespace

std::optional<Value> Instance::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                      bool reflected)
{
    const QString name = (reflected ? u"__r%1__"_s : u"__%1__"_s).arg(binaryNames[int(op)]);
    if (const std::optional<Value> result = special(interpreter, name, {other}))
        return isNotImplemented(*result) ? std::nullopt : result;
    if (hasPayload) {
        const Value plain = interpreter.plain(other);
        return reflected ? interpreter.binary(op, plain, payload)
                         : interpreter.binary(op, payload, plain);
    }
    return std::nullopt;
}

std::optional<Value> Instance::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    if (const std::optional<Value> result = special(interpreter, compareNames[int(op)].toString(),
                                                    {other}))
        return isNotImplemented(*result) ? std::nullopt : result;
    if (op == CompareOp::Ne) {
        if (const std::optional<Value> same = special(interpreter, u"__eq__"_s, {other}))
            return isNotImplemented(*same) ? std::nullopt
                                           : std::optional<Value>(!interpreter.truth(*same));
    }
    if (hasPayload)
        return interpreter.compare(op, payload, interpreter.plain(other));
    return std::nullopt;
}

std::optional<Value> Instance::unary(Interpreter &interpreter, UnaryOp op)
{
    if (const std::optional<Value> result = special(interpreter, unaryNames[int(op)].toString()))
        return result;
    return hasPayload ? std::optional<Value>(interpreter.unary(op, payload)) : std::nullopt;
}

size_t Instance::hash(Interpreter &interpreter)
{
    if (const std::optional<Value> result = special(interpreter, u"__hash__"_s))
        return size_t(result->toInt());
    if (cls->lookup(u"__eq__"_s))
        interpreter.raise(u"TypeError"_s, u"unhashable type: '%1'"_s.arg(cls->name));
    return hasPayload ? interpreter.hash(payload) : Object::hash(interpreter);
}

QString Instance::repr(Interpreter &interpreter)
{
    if (const std::optional<Value> text = special(interpreter, u"__repr__"_s))
        return text->str();
    if (hasPayload)
        return interpreter.repr(payload);
    return unwritten(u"<%1 object>"_s.arg(cls->name)); // Python writes an address
}

QString Instance::str(Interpreter &interpreter)
{
    if (const std::optional<Value> text = special(interpreter, u"__str__"_s))
        return text->str();
    if (hasPayload && payload.isStr() && !cls->lookup(u"__repr__"_s))
        return payload.str();
    return repr(interpreter);
}

QString Instance::format(Interpreter &interpreter, const QString &spec)
{
    if (const std::optional<Value> text = special(interpreter, u"__format__"_s, {Value(spec)}))
        return text->str();
    const bool isContainer = payload.isObject(); // whose text is its own repr()
    if (hasPayload && !isContainer && !cls->lookup(u"__str__"_s))
        return interpreter.format(payload, spec);
    return Object::format(interpreter, spec);
}

bool Instance::isContextManager() const
{
    return cls->lookup(u"__enter__"_s) != nullptr;
}

Value Instance::enter(Interpreter &interpreter)
{
    const std::optional<Value> entered = special(interpreter, u"__enter__"_s);
    return entered ? *entered : Object::enter(interpreter);
}

bool Instance::exit(Interpreter &interpreter, const Value &exception)
{
    const Value type = exception.isNone() ? Value() : Value(interpreter.type(exception));
    const std::optional<Value> result = special(interpreter, u"__exit__"_s,
                                                {type, exception, Value()});
    return result && interpreter.truth(*result);
}

} // namespace tribikos::py
