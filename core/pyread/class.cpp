#include "core/pyread/function.h"

#include "core/base/unwritten.h"

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
            const bool inTail =
                std::any_of(sequences.begin(), sequences.end(), [candidate](const auto &other) {
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
    : name(std::move(className))
    , bases(std::move(baseClasses))
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
        const auto isMember = [this](const Value &value) {
            return std::ranges::any_of(members, [&](const Value &member) {
                return member.isObject() && member.object() == value.object();
            });
        };
        for (const QString &key : m_order) // aliases, too
            if (isMember(attrs.value(key)))
                dict->insert(interpreter, Value(key), attrs.value(key));
        return Value(dict);
    }
    if (attribute == u"__init__" || attribute == u"__new__") {
        for (Class *cls : mro) {
            if (attribute == u"__new__" && cls->construct) {
                return interpreter.function(u"__new__"_s, [cls](Interpreter &i,
                                                                const CallArgs &args) {
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
        return Value(type(interpreter));
    if (const Value *own = meta ? meta->lookup(attribute) : nullptr)
        return bindAttribute(interpreter, *own, Value(this), meta);
    if (!unknownBases.empty() && (!attribute.startsWith(u"__") || attribute == u"__table__"))
        return unknownBases.front()->getAttr(interpreter, attribute);
    return std::nullopt;
}

bool Class::setAttr(Interpreter &interpreter, const QString &attribute, const Value &value)
{
    if (!globals && where.file.isEmpty()) {
        interpreter.raise(u"TypeError"_s, u"cannot set '%1' attribute of immutable type '%2'"_s.arg(
                                              attribute, name));
    }
    for (const Class *cls : mro)
        if (cls->assigned && cls->assigned(interpreter, this, attribute, value))
            return true;
    set(attribute, value);
    return true;
}

/// What we do stands for a hook or a metaclass at the end of the chain: a hook of the script's runs first, and ours
/// when it calls super().__init_subclass__(), or after it. An Enum's members are there before.
void Class::tellBases(Interpreter &interpreter, const CallArgs &keywords)
{
    const Class *native = nullptr;
    const Value *hook = nullptr;
    for (size_t i = 1; i < mro.size(); ++i) {
        const auto own = mro[i]->attrs.constFind(u"__init_subclass__"_s);
        if (!hook && own != mro[i]->attrs.constEnd())
            hook = &*own;
        if (!native && mro[i]->subclassed)
            native = mro[i];
    }
    if (native)
        announce = [this, native, keywords](Interpreter &i) {
            native->subclassed(i, this, keywords);
        };
    const auto runNative = [&] {
        if (const auto due = std::exchange(announce, {}))
            due(interpreter);
    };
    if (isEnum || !hook)
        runNative();
    if (!hook)
        return;
    const auto *wrapper = hook->as<MethodWrapper>();
    CallArgs args = keywords;
    args.positional = {Value(this)};
    interpreter.call(wrapper ? wrapper->function : Value(*hook), args);
    runNative();
}

bool Class::delAttr(Interpreter &, const QString &attribute)
{
    m_order.removeOne(attribute);
    return attrs.remove(attribute);
}

namespace {

/// A class with methods that are still to be written can't be called.
void refuseAbstract(Interpreter &interpreter, const Class &cls)
{
    QStringList missing;
    for (const Class *base : cls.mro)
        for (const QString &name : base->names()) {
            const auto *function = cls.lookup(name)->as<Function>();
            const bool isAbstract = function && function->attrs.contains(u"__isabstractmethod__"_s);
            if (isAbstract && !missing.contains(name))
                missing += name;
        }
    if (missing.isEmpty())
        return;
    missing.sort();
    interpreter.raise(
        u"TypeError"_s,
        u"Can't instantiate abstract class %1 with abstract method%2 %3"_s.arg(
            cls.name, missing.size() > 1 ? u"s"_s : QString(), missing.join(u", "_s)));
}

} // namespace

Value Class::call(Interpreter &interpreter, const CallArgs &args)
{
    if (globals
        && std::any_of(mro.begin(), mro.end(), [](const Class *c) { return c->name == u"ABC"; }))
        refuseAbstract(interpreter, *this);
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

Class *Class::type(Interpreter &interpreter)
{
    return meta ? meta : interpreter.builtinClass(u"type"_s);
}

std::optional<Value> Class::metaCall(Interpreter &interpreter, const QString &method,
                                     std::vector<Value> args)
{
    const Value *own = meta ? meta->lookup(method) : nullptr;
    if (!own)
        return std::nullopt;
    return interpreter.call(bindAttribute(interpreter, *own, Value(this), meta), std::move(args));
}

bool Class::isIterable() const
{
    return isEnum || (meta && meta->lookup(u"__iter__"_s));
}

void Class::iterate(Interpreter &interpreter, const Visitor &visit)
{
    if (const auto own = metaCall(interpreter, u"__iter__"_s))
        return interpreter.iterate(*own, visit);
    if (!isEnum)
        return Object::iterate(interpreter, visit);
    for (const Value &member : std::vector<Value>(members)) {
        if (!visit(member))
            return;
    }
}

std::optional<qint64> Class::length(Interpreter &interpreter)
{
    if (const auto own = metaCall(interpreter, u"__len__"_s))
        return own->toInt();
    return isEnum ? std::optional<qint64>(qint64(members.size())) : std::nullopt;
}

Value Class::getItem(Interpreter &interpreter, const Value &key)
{
    if (const auto own = metaCall(interpreter, u"__getitem__"_s, {key}))
        return *own;
    if (const Value *own = isEnum ? nullptr : lookup(u"__class_getitem__"_s)) {
        const auto *wrapper = own->as<MethodWrapper>(); // a classmethod, declared or not
        return interpreter.call(wrapper ? wrapper->function : *own, {Value(this), key});
    }
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
    if (const auto own = metaCall(interpreter, u"__contains__"_s, {item}))
        return interpreter.truth(*own);
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

QString Class::repr(Interpreter &interpreter)
{
    if (const auto own = metaCall(interpreter, u"__repr__"_s))
        return interpreter.str(*own);
    if (isEnum)
        return u"<enum '%1'>"_s.arg(name);
    if (!nativeKey.isEmpty() || (module.isEmpty() && !isBuiltinName(name))) // where SQLAlchemy keeps it is its own affair
        return unwritten(u"<class '%1'>"_s.arg(name));
    return module.isEmpty() || module == u"builtins" ? u"<class '%1'>"_s.arg(name)
                                                     : u"<class '%1.%2'>"_s.arg(module, name);
}

} // namespace tribikos::py
