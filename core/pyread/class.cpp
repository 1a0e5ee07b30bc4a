#include "core/pyread/function.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// C3: every class before its bases, bases in their order. False when there is no such order.
bool linearise(Class *cls, std::vector<Class *> &mro)
{
    if (cls->bases.size() == 1) { // nearly all
        const std::vector<Class *> &above = cls->bases.front()->mro;
        mro.reserve(above.size() + 1);
        mro.push_back(cls);
        mro.insert(mro.end(), above.begin(), above.end());
        return true;
    }
    std::vector<std::vector<Class *>> sequences;
    for (Class *base : cls->bases)
        sequences.push_back(base->mro);
    sequences.push_back(cls->bases);
    mro = {cls};
    for (;;) {
        std::erase_if(sequences, [](const auto &sequence) { return sequence.empty(); });
        if (sequences.empty())
            return true;
        Class *next = nullptr;
        for (const auto &sequence : sequences) {
            Class *candidate = sequence.front();
            const bool inTail = std::any_of(
                sequences.begin(), sequences.end(), [candidate](const auto &other) {
                    return std::find(other.begin() + 1, other.end(), candidate) != other.end();
                });
            if (!inTail) {
                next = candidate;
                break;
            }
        }
        if (!next)
            return false;
        mro.push_back(next);
        for (auto &sequence : sequences)
            std::erase(sequence, next);
    }
}

} // namespace

Class::Class(QString className, std::vector<Class *> baseClasses)
    : name(std::move(className)), bases(std::move(baseClasses))
{
    if (!linearise(this, mro))
        mro.clear(); // the interpreter raises a TypeError for it
    for (const Class *base : bases) {
        isEnum = isEnum || base->isEnum;
        unknownBases.insert(unknownBases.end(), base->unknownBases.begin(),
                            base->unknownBases.end());
    }
}

bool Class::isSubclassOf(const Class *other) const
{
    return std::find(mro.begin(), mro.end(), other) != mro.end();
}

const Value *Class::lookup(const QString &attribute) const
{
    for (const Class *cls : mro) {
        const auto at = cls->attrs.constFind(attribute);
        if (at != cls->attrs.constEnd())
            return &*at;
    }
    return nullptr;
}

void Class::set(const QString &key, Value value)
{
    if (!attrs.contains(key))
        m_order.append(key);
    attrs.insert(key, std::move(value));
}

namespace {

/// TypeDecorator.__init__(self, …): what our own classes do with their arguments.
std::optional<Value> nativeInit(Interpreter &interpreter, const Class &cls)
{
    for (Class *each : cls.mro) {
        if (!each->initialize)
            continue;
        return interpreter.function(
            u"__init__"_s, [initialize = each->initialize](Interpreter &i, const CallArgs &args) {
                if (args.positional.empty() || !args.positional.front().isObject())
                    i.raise(u"TypeError"_s, u"descriptor '__init__' needs an argument"_s);
                CallArgs rest = args;
                rest.positional.erase(rest.positional.begin());
                initialize(i, args.positional.front().object(), rest);
                return Value();
            });
    }
    return std::nullopt;
}

} // namespace

std::optional<Value> Class::getAttr(Interpreter &interpreter, const QString &attribute)
{
    if (const Value *found = lookup(attribute))
        return bindAttribute(interpreter, *found, Value(), this);
    for (Class *cls : mro) {
        if (cls->resolve) {
            if (std::optional<Value> found = cls->resolve(interpreter, this, attribute))
                return found;
        }
    }
    if (attribute == u"__init__")
        return nativeInit(interpreter, *this);
    if (attribute == u"__name__" || attribute == u"__qualname__")
        return Value(name);
    if (attribute == u"__module__")
        return Value(module);
    if (attribute == u"__doc__")
        return Value();
    if (attribute == u"__mro__" || attribute == u"__bases__") {
        std::vector<Value> items;
        for (Class *cls : attribute == u"__mro__" ? mro : bases)
            items.emplace_back(cls);
        return interpreter.tuple(std::move(items));
    }
    if (attribute == u"__dict__") {
        std::vector<std::pair<QString, Value>> items;
        for (const QString &key : m_order)
            items.emplace_back(key, attrs.value(key));
        return interpreter.dict(items);
    }
    if (attribute == u"__members__" && isEnum) {
        auto *dict = interpreter.make<Dict>();
        for (const Value &member : members)
            dict->insert(interpreter, interpreter.getAttr(member, u"name"_s), member);
        return Value(dict);
    }
    if (attribute == u"__init__" || attribute == u"__new__") {
        for (Class *cls : mro) {
            if (attribute == u"__new__" && cls->construct) {
                return interpreter.function(u"__new__"_s, [cls](Interpreter &i, const CallArgs &args) {
                    auto *made = args.positional.empty() ? nullptr : args.positional[0].as<Class>();
                    if (!made)
                        i.raise(u"TypeError"_s, u"__new__() needs a class"_s);
                    CallArgs rest = args;
                    rest.positional.erase(rest.positional.begin());
                    return cls->construct(i, made, cls->initialize ? CallArgs{} : rest);
                });
            }
        }
    }
    if (attribute == u"__class__")
        return Value(interpreter.builtinClass(u"type"_s));
    if (!unknownBases.empty() && !attribute.startsWith(u"__"))
        return unknownBases.front()->getAttr(interpreter, attribute);
    return std::nullopt;
}

bool Class::setAttr(Interpreter &interpreter, const QString &attribute, const Value &value)
{
    if (!globals && where.file.isEmpty()) {
        interpreter.raise(u"TypeError"_s, u"cannot set '%1' attribute of immutable type '%2'"_s.arg(
                                              attribute, name));
    }
    set(attribute, value);
    return true;
}

bool Class::delAttr(Interpreter &, const QString &attribute)
{
    m_order.removeOne(attribute);
    return attrs.remove(attribute);
}

Value Class::call(Interpreter &interpreter, const CallArgs &args)
{
    for (const Class *cls : mro) { // a script's __new__ takes precedence over what is behind it
        const auto scripted = cls->attrs.constFind(u"__new__"_s);
        if (scripted != cls->attrs.constEnd()) {
            CallArgs all = args;
            all.positional.insert(all.positional.begin(), Value(this));
            const auto *wrapper = scripted->as<MethodWrapper>();
            const Value made = interpreter.call(wrapper ? wrapper->function : *scripted, all);
            if (interpreter.isInstance(made, this) && lookup(u"__init__"_s))
                interpreter.call(interpreter.getAttr(made, u"__init__"_s), args);
            return made;
        }
        if (!cls->construct || (isEnum && !cls->isEnum)) // an enum's members aren't made by str()
            continue;
        const Value *init = isEnum ? nullptr : lookup(u"__init__"_s);
        if (!init && (isEnum || !cls->initialize))
            return cls->construct(interpreter, this, args);
        const Value made = cls->construct(interpreter, this, {});
        if (init)
            interpreter.call(bindAttribute(interpreter, *init, made, this), args);
        else
            cls->initialize(interpreter, made.object(), args);
        return made;
    }
    interpreter.raise(u"TypeError"_s, u"cannot create '%1' instances"_s.arg(name));
}

bool Class::isIterable() const
{
    return isEnum;
}

void Class::iterate(Interpreter &interpreter, const Visitor &visit)
{
    if (!isEnum)
        return Object::iterate(interpreter, visit);
    for (const Value &member : std::vector<Value>(members)) {
        if (!visit(member))
            return;
    }
}

std::optional<qint64> Class::length(Interpreter &)
{
    return isEnum ? std::optional<qint64>(qint64(members.size())) : std::nullopt;
}

Value Class::getItem(Interpreter &interpreter, const Value &key)
{
    if (!isEnum)
        return Value(this); // list[int], Generic[T]: types mean nothing here
    if (const Value *found = lookup(interpreter.str(key))) {
        if (found->as<Instance>() && found->as<Instance>()->cls == this)
            return *found;
    }
    interpreter.raiseKeyError(key);
}

std::optional<bool> Class::contains(Interpreter &interpreter, const Value &item)
{
    for (const Value &member : members) {
        if (interpreter.equals(member, item)
            || interpreter.equals(interpreter.getAttr(member, u"value"_s), item))
            return true;
    }
    return isEnum ? std::optional<bool>(false) : std::nullopt;
}

std::optional<Value> Class::binary(Interpreter &, BinaryOp op, const Value &, bool)
{
    if (op == BinaryOp::Or) // int | None
        return Value(this);
    return std::nullopt;
}

QString Class::repr(Interpreter &)
{
    if (isEnum)
        return u"<enum '%1'>"_s.arg(name);
    return module.isEmpty() || module == u"builtins" ? u"<class '%1'>"_s.arg(name)
                                                     : u"<class '%1.%2'>"_s.arg(module, name);
}

// --- Instance ------------------------------------------------------------------------------------

std::optional<Value> Instance::getAttr(Interpreter &interpreter, const QString &name)
{
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
    if (found && found->as<Property>())
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
        std::vector<std::pair<QString, Value>> items;
        for (const QString &key : order)
            items.emplace_back(key, attrs.value(key));
        return interpreter.dict(items);
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
    if (const Value *found = cls->lookup(name)) {
        if (const auto *property = found->as<Property>()) {
            if (property->setter.isNone())
                return false;
            interpreter.call(property->setter, {Value(this), value});
            return true;
        }
    }
    if (!attrs.contains(name))
        order.append(name);
    attrs.insert(name, value);
    return true;
}

bool Instance::delAttr(Interpreter &, const QString &name)
{
    order.removeOne(name);
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
    return u"<%1 object>"_s.arg(cls->name); // Python prints an address, which we don't have
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
    if (hasPayload && !cls->lookup(u"__str__"_s))
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
