#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

class Field : public Object
{
public:
    QString typeName() const override { return u"Field"_s; }
    Value defaultValue{};
    Value factory{};
    bool hasDefault = false;
    bool inInit = true;
    bool isShown = true;
    bool isCompared = true;
};

struct Column
{
    QString name{};
    Field *field = nullptr;
};

/// The fields of \a cls and its bases, bases first, a redefinition in its old place.
std::vector<Column> fieldsOf(const Class *cls)
{
    std::vector<Column> result;
    for (auto base = cls->mro.rbegin(); base != cls->mro.rend(); ++base) {
        const Value stored = (*base)->attrs.value(u"__dataclass_fields__"_s);
        const auto *dict = stored.as<Dict>();
        if (!dict)
            continue;
        for (const auto &[key, value] : dict->entries()) {
            const auto same = std::find_if(result.begin(), result.end(), [&key = key](const Column &c) {
                return c.name == key.str();
            });
            if (same != result.end())
                same->field = value.as<Field>();
            else
                result.push_back({key.str(), value.as<Field>()});
        }
    }
    return result;
}

/// What `case Point(x, y)` compares: the fields that __init__ takes by position.
void setMatchArgs(I &i, Class &cls)
{
    if (cls.attrs.contains(u"__match_args__"_s))
        return;
    std::vector<Value> names;
    for (const Column &column : fieldsOf(&cls))
        if (column.field->inInit)
            names.emplace_back(column.name);
    cls.set(u"__match_args__"_s, i.tuple(std::move(names)));
}

Value initialise(I &i, A args)
{
    auto *self = args.positional.empty() ? nullptr : args.positional.front().as<Instance>();
    if (!self)
        i.raise(u"TypeError"_s, u"__init__() needs an instance"_s);
    CallArgs rest = args;
    rest.positional.erase(rest.positional.begin());
    Arguments a(i, rest, self->cls->name);
    for (const Column &column : fieldsOf(self->cls)) {
        const Field &field = *column.field;
        Value value;
        const bool passed = field.inInit
                            && (rest.keyword(column.name) || field.factory.isNone());
        if (passed && !field.hasDefault && field.factory.isNone())
            value = a.required(column.name);
        else if (field.inInit && field.factory.isNone())
            value = a.optional(column.name, field.defaultValue);
        else if (field.inInit)
            value = a.optional(column.name, Value(self)); // itself: not passed
        if (!field.factory.isNone() && (value.object() == self || !field.inInit))
            value = i.call(field.factory, std::vector<Value>{});
        else if (!field.inInit)
            value = field.defaultValue;
        if (!self->attrs.contains(column.name))
            self->order.append(column.name);
        self->attrs.insert(column.name, value);
    }
    a.finish();
    if (const Value *after = self->cls->lookup(u"__post_init__"_s))
        i.call(*after, {Value(self)});
    return {};
}

Value represent(I &i, A args)
{
    auto *self = args.positional.front().as<Instance>();
    QStringList parts;
    for (const Column &column : fieldsOf(self->cls))
        if (column.field->isShown)
            parts.append(column.name + u'=' + i.repr(self->attrs.value(column.name)));
    const Value *qualified = self->cls->lookup(u"__qualname__"_s);
    return Value(u"%1(%2)"_s.arg(qualified ? i.str(*qualified) : self->cls->name,
                                 parts.join(u", "_s)));
}

Value equal(I &i, A args)
{
    auto *left = args.positional.at(0).as<Instance>();
    auto *right = args.positional.at(1).as<Instance>();
    if (!right || left->cls != right->cls)
        return Value(left == right);
    for (const Column &column : fieldsOf(left->cls)) {
        if (column.field->isCompared && !i.equals(left->attrs.value(column.name), right->attrs.value(column.name)))
            return Value(false);
    }
    return Value(true);
}

/// What @dataclass() is told.
struct Options
{
    bool isFrozen = false;
    bool isOrdered = false;
};

/// order=True: by the fields, one after another.
template<CompareOp op>
Value ordered(I &i, A args)
{
    auto *left = args.positional.at(0).as<Instance>();
    auto *right = args.positional.at(1).as<Instance>();
    if (!right || left->cls != right->cls)
        i.raise(u"TypeError"_s, u"the two are of different classes and have no order"_s);
    const auto values = [&](const Instance *instance) {
        std::vector<Value> all;
        for (const Column &column : fieldsOf(instance->cls))
            if (column.field->isCompared)
                all.push_back(instance->attrs.value(column.name));
        return i.tuple(std::move(all));
    };
    return i.compare(op, values(left), values(right));
}

Value decorate(I &i, const Value &value, const Options &options)
{
    auto *cls = value.as<Class>();
    if (!cls)
        return value;
    auto *fields = i.make<Dict>();
    for (const Class::Annotation &annotation : cls->annotations) {
        const Value type = i.annotation(*cls, annotation);
        if (type.isObject() && !type.as<Unknown>() && type.object()->typeName() == u"typing"
            && i.repr(type).startsWith(u"typing.ClassVar"))
            continue;
        const Value given = cls->attrs.value(annotation.name);
        auto *field = given.as<Field>();
        if (!field) {
            field = i.make<Field>();
            field->hasDefault = annotation.hasValue;
            field->defaultValue = given;
        }
        if (given.as<Field>() && !field->hasDefault)
            cls->attrs.remove(annotation.name);
        else if (given.as<Field>())
            cls->set(annotation.name, field->defaultValue);
        fields->insert(i, Value(annotation.name), Value(field));
    }
    cls->set(u"__dataclass_fields__"_s, Value(fields));
    setMatchArgs(i, *cls);
    if (!cls->attrs.contains(u"__init__"_s))
        cls->set(u"__init__"_s, Value(i.make<NativeMethod>(initialise)));
    if (!cls->attrs.contains(u"__repr__"_s))
        cls->set(u"__repr__"_s, Value(i.make<NativeMethod>(represent)));
    if (!cls->attrs.contains(u"__eq__"_s))
        cls->set(u"__eq__"_s, Value(i.make<NativeMethod>(equal)));
    if (options.isOrdered) {
        cls->set(u"__lt__"_s, Value(i.make<NativeMethod>(ordered<CompareOp::Lt>)));
        cls->set(u"__le__"_s, Value(i.make<NativeMethod>(ordered<CompareOp::Le>)));
        cls->set(u"__gt__"_s, Value(i.make<NativeMethod>(ordered<CompareOp::Gt>)));
        cls->set(u"__ge__"_s, Value(i.make<NativeMethod>(ordered<CompareOp::Ge>)));
    }
    cls->isFrozen = options.isFrozen;
    if (options.isFrozen && !cls->attrs.contains(u"__hash__"_s)) {
        cls->set(u"__hash__"_s, Value(i.make<NativeMethod>([](I &in, A args) {
            auto *self = args.positional.front().as<Instance>();
            size_t seed = 17;
            for (const Column &column : fieldsOf(self->cls))
                seed = qHashMulti(seed, in.hash(self->attrs.value(column.name)));
            return Value(qint64(seed >> 1));
        })));
    }
    return value;
}

Value dataclass(I &i, A args)
{
    Options options;
    for (const auto &[name, given] : args.keywords) {
        const bool isOn = i.truth(given);
        if (name == u"frozen")
            options.isFrozen = isOn;
        else if (name == u"order")
            options.isOrdered = isOn;
        else if (name == u"init" || name == u"repr" || name == u"eq") {
            if (!isOn)
                i.unsupported(u"uses @dataclass(%1=False)"_s.arg(name));
        }
    }
    if (!args.positional.empty())
        return decorate(i, args.positional.front(), options);
    return i.function(u"dataclass"_s, [options](I &in, A inner) {
        return decorate(in, Arguments(in, inner, u"dataclass"_s).required(u"cls"_s), options);
    });
}

Value field(I &i, A args)
{
    Arguments a(i, args, u"field"_s);
    auto *made = i.make<Field>();
    made->hasDefault = args.keyword(u"default"_s) != nullptr;
    made->defaultValue = a.keywordOnly(u"default"_s);
    made->factory = a.keywordOnly(u"default_factory"_s);
    made->inInit = i.truth(a.keywordOnly(u"init"_s, Value(true)));
    made->isShown = i.truth(a.keywordOnly(u"repr"_s, Value(true)));
    made->isCompared = i.truth(a.keywordOnly(u"compare"_s, Value(true)));
    a.restKeywords();
    a.finish();
    return made;
}

Value plainValue(I &i, const Value &value);

Value asDict(I &i, const Value &value)
{
    auto *self = value.as<Instance>();
    if (!self || !self->cls->lookup(u"__dataclass_fields__"_s))
        i.raise(u"TypeError"_s, u"asdict() should be called on dataclass instances"_s);
    auto *dict = i.make<Dict>();
    for (const Column &column : fieldsOf(self->cls))
        dict->insert(i, Value(column.name), plainValue(i, self->attrs.value(column.name)));
    return dict;
}

Value plainValue(I &i, const Value &value)
{
    i.step();
    if (const auto *instance = value.as<Instance>()) {
        return instance->cls->lookup(u"__dataclass_fields__"_s) ? asDict(i, value) : value;
    }
    if (const auto *list = value.as<List>()) {
        std::vector<Value> items;
        for (const Value &item : list->items)
            items.push_back(plainValue(i, item));
        return i.list(std::move(items));
    }
    if (const auto *dict = value.as<Dict>()) {
        auto *made = i.make<Dict>();
        for (const auto &[key, item] : dict->entries())
            made->insert(i, key, plainValue(i, item));
        return made;
    }
    return value;
}

Value fields(I &i, A args)
{
    const Value value = Arguments(i, args, u"fields"_s).required(u"class_or_instance"_s);
    const auto *cls = value.as<Class>() ? value.as<Class>() : i.type(value);
    std::vector<Value> result;
    for (const Column &column : fieldsOf(cls)) {
        auto *shown = i.make<Instance>(i.builtinClass(u"object"_s));
        shown->setAttr(i, u"name"_s, Value(column.name));
        shown->setAttr(i, u"default"_s, column.field->defaultValue);
        result.emplace_back(shown);
    }
    return i.tuple(std::move(result));
}

/// replace(obj, field=…): a new object made of the old one's fields.
Value replaced(I &i, A args)
{
    if (args.positional.size() != 1)
        i.raise(u"TypeError"_s, u"replace() takes one object and keywords"_s);
    auto *self = args.positional.front().as<Instance>();
    if (!self || !self->cls->lookup(u"__dataclass_fields__"_s))
        i.raise(u"TypeError"_s, u"replace() should be called on dataclass instances"_s);
    CallArgs whole;
    whole.keywords = args.keywords;
    for (const Column &column : fieldsOf(self->cls))
        if (column.field->inInit && !whole.keyword(column.name))
            whole.keywords.push_back({column.name, self->attrs.value(column.name)});
    return i.call(Value(self->cls), whole);
}

Value asTuple(I &i, A args)
{
    auto *self = Arguments(i, args, u"astuple"_s).required(u"obj"_s).as<Instance>();
    if (!self || !self->cls->lookup(u"__dataclass_fields__"_s))
        i.raise(u"TypeError"_s, u"astuple() should be called on dataclass instances"_s);
    std::vector<Value> values;
    for (const Column &column : fieldsOf(self->cls))
        values.push_back(plainValue(i, self->attrs.value(column.name)));
    return i.tuple(std::move(values));
}

constexpr Entry dataclassesTable[] = {
    {u"replace", replaced},
    {u"astuple", asTuple},
    {u"dataclass", dataclass},
    {u"field", field},
    {u"fields", fields},
    {u"asdict", [](I &i, A a) { return asDict(i, Arguments(i, a, u"asdict"_s).required(u"obj"_s)); }},
    {u"is_dataclass", [](I &i, A a) {
         const Value value = Arguments(i, a, u"is_dataclass"_s).required(u"obj"_s);
         const auto *cls = value.as<Class>() ? value.as<Class>() : i.type(value);
         return Value(cls->lookup(u"__dataclass_fields__"_s) != nullptr);
     }},
};

} // namespace

Module *dataclassesModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"dataclasses"_s, dataclassesTable);
}

} // namespace tribikos::py::stdlib
