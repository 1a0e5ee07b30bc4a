#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

/// auto() until its class is made.
class Auto : public Object
{
public:
    QString typeName() const override { return u"auto"_s; }
};

class EnumMember : public Instance
{
public:
    EnumMember(Class *itsClass, QString memberName, Value memberValue)
        : Instance(itsClass), name(std::move(memberName)), value(std::move(memberValue))
    {
    }
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override
    {
        if (attribute == u"name" || attribute == u"_name_")
            return Value(name);
        if (attribute == u"value" || attribute == u"_value_")
            return attrs.value(u"_value_"_s, value);
        return Instance::nativeAttr(interpreter, attribute);
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op, const Value &other) override
    {
        const auto *flag = other.as<EnumMember>();
        if (isFlag(cls) && flag && flag->cls == cls && (op == CompareOp::Eq || op == CompareOp::Ne))
            return interpreter.compare(op, value, flag->value);
        if (!hasPayload && !cls->lookup(u"__eq__"_s))
            return op == CompareOp::Eq || op == CompareOp::Ne
                       ? std::optional<Value>((other.object() == this) == (op == CompareOp::Eq))
                       : Instance::compare(interpreter, op, other);
        return Instance::compare(interpreter, op, other);
    }
    size_t hash(Interpreter &interpreter) override
    {
        return hasPayload || isFlag(cls) ? interpreter.hash(value) : Object::hash(interpreter);
    }
    bool truth(Interpreter &interpreter) override
    {
        if (cls->lookup(u"__bool__"_s))
            return Instance::truth(interpreter);
        if (isFlag(cls))
            return interpreter.truth(value);
        return hasPayload ? interpreter.truth(payload) : true;
    }
    std::optional<Value> binary(Interpreter &i, BinaryOp op, const Value &other, bool reflected) override
    {
        const bool isBitwise = op == BinaryOp::Or || op == BinaryOp::And || op == BinaryOp::Xor;
        const auto *right = other.as<EnumMember>();
        if (!isFlag(cls) || !isBitwise || (!right && !(hasPayload && other.isIntegral()))
            || (right && right->cls != cls))
            return Instance::binary(i, op, other, reflected);
        return combined(i, i.binary(op, value, right ? right->value : other).toInt());
    }
    std::optional<Value> unary(Interpreter &i, UnaryOp op) override
    {
        if (!isFlag(cls) || op != UnaryOp::Invert)
            return Instance::unary(i, op);
        qint64 all = 0;
        for (const Value &member : cls->members)
            all |= member.as<EnumMember>()->value.toInt();
        return combined(i, all & ~value.toInt());
    }
    std::optional<bool> contains(Interpreter &i, const Value &item) override
    {
        const auto *other = item.as<EnumMember>();
        if (!isFlag(cls) || !other)
            return Instance::contains(i, item);
        return (value.toInt() & other->value.toInt()) == other->value.toInt();
    }
    /// The member, or the members together, that \a bits are.
    Value combined(Interpreter &i, qint64 bits) const
    {
        QStringList names;
        for (const Value &each : cls->members) {
            const auto *member = each.as<EnumMember>();
            const qint64 own = member->value.toInt();
            if (own == bits)
                return each;
            if (own > 0 && (own & (own - 1)) == 0 && (bits & own))
                names += member->name;
        }
        auto *made = i.make<EnumMember>(cls, names.join(u'|'), Value(bits));
        made->plainText = plainText;
        made->hasPayload = hasPayload;
        made->payload = hasPayload ? Value(bits) : Value();
        return made;
    }
    static bool isFlag(const Class *cls)
    {
        return std::any_of(cls->mro.begin(), cls->mro.end(),
                           [](const Class *one) { return one->name == u"Flag" && one->isEnum; });
    }
    QString repr(Interpreter &interpreter) override
    {
        if (name.isEmpty() && isFlag(cls) && !cls->lookup(u"__repr__"_s))
            return u"<%1: %2>"_s.arg(cls->name, interpreter.repr(value));
        if (cls->lookup(u"__repr__"_s))
            return Instance::repr(interpreter);
        return u"<%1.%2: %3>"_s.arg(cls->name, name, interpreter.repr(value));
    }
    QString str(Interpreter &interpreter) override
    {
        if (cls->lookup(u"__str__"_s))
            return Instance::str(interpreter);
        return plainText ? interpreter.str(value) : cls->name + u'.' + name;
    }
    QString format(Interpreter &interpreter, const QString &spec) override
    {
        if (cls->lookup(u"__format__"_s))
            return Instance::format(interpreter, spec);
        if (cls->lookup(u"__str__"_s))
            return interpreter.format(Value(Instance::str(interpreter)), spec);
        // Python 3.12 formats mixed-in members by their str(), before it was by their value: the
        // two agree only where str() is the value
        if (hasPayload && !plainText) {
            interpreter.unsupported(u"formats %1.%2, which Python before and since 3.12 spells "
                                    "differently: use .value"_s.arg(cls->name, name));
        }
        return plainText ? interpreter.format(value, spec)
                         : interpreter.format(Value(str(interpreter)), spec);
    }

    const QString name;
    const Value value;
    bool plainText = false; // IntEnum, StrEnum: str() is the value's
};

bool isMemberValue(const QString &name, const Value &value)
{
    // _sunder_ and __dunder__ names are Python's, and __private ones are mangled to such of the class: _X is a member.
    const bool isPrivate = name.startsWith(u"__");
    if (isPrivate || (name.size() > 2 && name.startsWith(u'_') && name.endsWith(u'_')))
        return false;
    if (!value.isObject())
        return true;
    return !value.as<Function>() && !value.as<MethodWrapper>() && !value.as<Property>()
           && !value.as<NativeFunction>();
}

Value nextAuto(I &i, Class *cls, const QString &name, const std::vector<Value> &before, bool isStr,
               bool isFlag)
{
    if (const Value *generate = cls->lookup(u"_generate_next_value_"_s)) {
        const auto *wrapper = generate->as<MethodWrapper>();
        return i.call(wrapper ? wrapper->function : *generate,
                      {Value(name), Value(1), Value(before.size()), i.list(before)});
    }
    if (isStr)
        return Value(name.toLower());
    qint64 highest = 0;
    for (const Value &value : before) {
        if (value.isIntegral())
            highest = std::max(highest, value.toInt());
    }
    if (!isFlag)
        return Value(highest + 1);
    qint64 bit = 1;
    while (bit <= highest)
        bit <<= 1;
    return Value(bit);
}

bool derivesFrom(const Class *cls, QStringView name)
{
    return std::any_of(cls->mro.begin(), cls->mro.end(),
                       [&](const Class *one) { return one->name == name; });
}

/// Turns the plain attributes of a new subclass into members.
void makeMembers(I &i, Class *cls, A)
{
    cls->isEnum = true;
    const bool isStrEnum = derivesFrom(cls, u"StrEnum");
    const bool isIntEnum = derivesFrom(cls, u"IntEnum") || derivesFrom(cls, u"IntFlag")
                           || derivesFrom(cls, u"ReprEnum");
    const bool isFlag = derivesFrom(cls, u"Flag");
    const bool mixes = derivesFrom(cls, u"str") || derivesFrom(cls, u"int")
                       || derivesFrom(cls, u"float");
    const bool isStr = derivesFrom(cls, u"str");
    std::vector<Value> values;
    QStringList ignored;
    if (const Value *ignore = cls->lookup(u"_ignore_"_s))
        ignored = ignore->isStr() ? ignore->str().split(u' ') : QStringList();
    for (const QString &name : QList<QString>(cls->names())) {
        Value value = cls->attrs.value(name);
        if (!isMemberValue(name, value) || ignored.contains(name))
            continue;
        if (value.as<Auto>()) {
            value = nextAuto(i, cls, name, values, isStrEnum, isFlag);
        } else if (auto *tuple = value.as<Tuple>()) { // auto() among the items of a tuple
            for (Value &item : tuple->items) {
                if (item.as<Auto>())
                    item = nextAuto(i, cls, name, values, isStrEnum, isFlag);
            }
        }
        values.push_back(value);
        i.step(qint64(cls->members.size() >> 4)); // what the search for an alias costs
        Value known;
        for (const Value &member : cls->members) {
            if (i.equals(member.as<EnumMember>()->value, value))
                known = member; // an alias
        }
        if (!known.isNone()) {
            cls->set(name, known);
            continue;
        }
        auto *member = i.make<EnumMember>(cls, name, value);
        member->plainText = isStrEnum || isIntEnum;
        if (mixes) {
            member->hasPayload = true;
            const auto *tuple = value.as<Tuple>();
            member->payload = tuple && !tuple->items.empty() ? tuple->items.front() : value;
            if (isStr && !member->payload.isStr() && !member->payload.as<Unknown>())
                member->payload = Value(i.str(member->payload));
        }
        if (const Value *create = cls->lookup(u"__new__"_s); create && create->isObject()) {
            i.unsupported(u"makes the members of the enum %1 with a __new__ of its own"_s.arg(
                cls->name));
        }
        if (const Value *init = cls->lookup(u"__init__"_s)) {
            const auto *tuple = value.as<Tuple>();
            std::vector<Value> args{Value(member)};
            const std::vector<Value> given = tuple ? tuple->items : std::vector<Value>{value};
            args.insert(args.end(), given.begin(), given.end());
            i.call(*init, args);
        }
        cls->members.emplace_back(member);
        cls->set(name, Value(member));
    }
}

/// Color(1) finds a member; Enum("Color", "RED BLUE") makes a class.
Value construct(I &i, Class *cls, A args)
{
    Arguments a(i, args, cls->name);
    const Value wanted = a.required(u"value"_s);
    if (cls->members.empty()) {
        const Value names = a.optional(u"names"_s);
        Class *made = i.makeClass(textOf(i, wanted), {cls});
        made->where = i.location();
        made->module = cls->module;
        qint64 number = 0;
        const auto add = [&](const Value &item) {
            const std::vector<Value> pair = item.isStr() ? std::vector<Value>{} : i.items(item);
            if (pair.size() == 2)
                made->set(textOf(i, pair[0]), pair[1]);
            else
                made->set(textOf(i, item), derivesFrom(cls, u"StrEnum")
                                               ? Value(textOf(i, item).toLower())
                                               : Value(++number));
        };
        if (names.isStr()) {
            for (const QString &name : names.str().simplified().replace(u',', u' ').split(u' ', Qt::SkipEmptyParts))
                add(Value(name));
        } else if (const auto *dict = names.as<Dict>()) {
            for (const auto &[key, value] : dict->entries())
                made->set(textOf(i, key), value);
        } else {
            for (const Value &item : i.items(names))
                add(item);
        }
        makeMembers(i, made, {});
        return made;
    }
    if (wanted.as<EnumMember>() && wanted.as<EnumMember>()->cls == cls)
        return wanted;
    for (const Value &member : cls->members) {
        if (i.equals(member.as<EnumMember>()->value, wanted))
            return member;
    }
    if (const Value *missing = cls->lookup(u"_missing_"_s)) {
        const Value found = i.call(bindAttribute(i, *missing, Value(), cls), {wanted});
        if (!found.isNone())
            return found;
    }
    if (derivesFrom(cls, u"Flag") && wanted.isIntegral() && !cls->members.empty())
        return cls->members.front().as<EnumMember>()->combined(i, wanted.toInt());
    i.raise(u"ValueError"_s, u"%1 is not a valid %2"_s.arg(i.repr(wanted), cls->name));
}

Class *enumClass(I &i, const QString &name)
{
    return sharedClass(i, u"enum."_s + name, [&] {
        std::vector<Class *> bases;
        if (name == u"IntEnum" || name == u"IntFlag")
            bases.push_back(i.builtinClass(u"int"_s));
        if (name == u"StrEnum")
            bases.push_back(i.builtinClass(u"str"_s));
        if (name == u"IntFlag")
            bases.push_back(enumClass(i, u"Flag"_s));
        else if (name != u"Enum")
            bases.push_back(enumClass(i, u"Enum"_s));
        Class *cls = i.makeClass(name, std::move(bases));
        cls->module = u"enum"_s;
        cls->isEnum = true;
        cls->construct = construct;
        cls->subclassed = makeMembers;
        return cls;
    });
}

/// EnumMeta, for metaclasses of a script's own: what super() reaches in them.
Class *enumMeta(I &i)
{
    return sharedClass(i, u"enum.EnumType"_s, [&] {
        Class *cls = i.makeClass(u"EnumType"_s, {i.builtinClass(u"type"_s)});
        const auto add = [&](const QString &name, Value (*call)(I &, Class *, const Value &)) {
            cls->set(name, i.make<NativeMethod>([call, name](I &in, A args) {
                auto *owner = args.positional.empty() ? nullptr : args.positional.front().as<Class>();
                if (!owner || !owner->isEnum)
                    in.raise(u"TypeError"_s, u"%1() needs an enum"_s.arg(name));
                return call(in, owner,
                            args.positional.size() > 1 ? args.positional[1] : Value());
            }));
        };
        add(u"__iter__"_s, [](I &in, Class *owner, const Value &) {
            return Value(in.make<Iterator>(u"generator"_s, owner->members));
        });
        add(u"__len__"_s, [](I &, Class *owner, const Value &) { return Value(owner->members.size()); });
        add(u"__contains__"_s, [](I &in, Class *owner, const Value &item) {
            return Value(std::ranges::any_of(owner->members, [&](const Value &member) {
                return in.equals(member, item)
                       || in.equals(in.getAttr(member, u"value"_s), item);
            }));
        });
        add(u"__getitem__"_s, [](I &in, Class *owner, const Value &key) -> Value {
            const Value *found = owner->lookup(in.str(key));
            if (found && found->as<EnumMember>())
                return *found;
            in.raiseKeyError(key);
        });
        return cls;
    });
}

std::optional<Value> enumName(I &i, const QString &name)
{
    if (name == u"Enum" || name == u"IntEnum" || name == u"StrEnum" || name == u"Flag"
        || name == u"IntFlag" || name == u"ReprEnum")
        return Value(enumClass(i, name));
    if (name == u"auto")
        return i.function(name, [](I &in, A) { return Value(in.make<Auto>()); });
    if (name == u"unique" || name == u"verify" || name == u"member" || name == u"nonmember"
        || name == u"global_enum")
        return i.function(name, [](I &, A args) {
            return args.positional.empty() ? Value() : args.positional.front();
        });
    if (name == u"EnumMeta" || name == u"EnumType")
        return Value(enumMeta(i));
    return std::nullopt;
}

} // namespace

Module *enumModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"enum"_s, enumName);
}

} // namespace tribikos::py::stdlib
