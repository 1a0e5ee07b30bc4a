#include "core/pyread/sa/orm.h"

#include "core/pyread/sa/redrawing.h"
#include "core/pyread/sa/types.h"

#include <QSet>

/// `sqlalchemy.orm`: what models are written with.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

std::optional<Value> InertObject::getAttr(Interpreter &, const QString &name)
{
    if (name.startsWith(u"__"))
        return std::nullopt;
    return Value(this);
}

Value InertObject::call(Interpreter &, const CallArgs &)
{
    return this;
}

Value constructMappedColumn(Interpreter &interpreter, Class *, const CallArgs &args)
{
    static const QStringList silent{
        u"init"_s,     u"repr"_s,           u"default_factory"_s,     u"compare"_s,
        u"kw_only"_s,  u"hash"_s,           u"use_existing_column"_s, u"active_history"_s,
        u"deferred"_s, u"deferred_group"_s, u"deferred_raiseload"_s,  u"dataclass_metadata"_s};
    CallArgs own = args;
    std::erase_if(own.keywords, [](const auto &keyword) { return silent.contains(keyword.first); });
    int sortOrder = 0;
    if (const Value *order = args.keyword(u"sort_order"_s); order && order->isInt())
        sortOrder = int(order->toInt());
    const Value made = constructColumn(interpreter, classOf(interpreter, u"MappedColumn"_s), own);
    made.as<ColumnObject>()->sortOrder = sortOrder;
    const Value *existing = args.keyword(u"use_existing_column"_s);
    made.as<ColumnObject>()->usesExisting = existing && interpreter.truth(*existing);
    return made;
}

namespace {

/// declared_attr, declared_attr.directive, declared_attr.cascading
class DeclaredAttrMaker final : public Object
{
public:
    QString typeName() const override { return u"type"_s; }
    std::optional<Value> getAttr(Interpreter &, const QString &name) override
    {
        return name == u"directive" || name == u"cascading" ? std::optional<Value>(this)
                                                            : std::nullopt;
    }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override
    {
        if (args.positional.empty())
            interpreter.raise(u"TypeError"_s, u"declared_attr() takes a function"_s);
        Value function = args.positional.front();
        // @declared_attr over @classmethod
        if (const auto inner = interpreter.findAttr(function, u"__func__"_s))
            function = *inner;
        return interpreter.make<DeclaredAttr>(function);
    }
    Value getItem(Interpreter &, const Value &) override { return this; }
};

/// registry(metadata=…, type_annotation_map=…)
class RegistryObject final : public Object
{
public:
    QString typeName() const override { return u"registry"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"metadata")
            return Value(metadata);
        if (name == u"type_annotation_map")
            return typeMap;
        if (name == u"generate_base" || name == u"as_declarative_base")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &) {
                Class *base = in.makeClass(u"Base"_s);
                base->set(u"type_annotation_map"_s, typeMap);
                makeDeclarative(in, base, metadata, {});
                return Value(base);
            });
        if (name == u"mapped" || name == u"mapped_as_dataclass")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
                return mapDecorated(in, args);
            });
        if (name == u"configure" || name == u"dispose" || name == u"map_imperatively"
            || name == u"update_type_annotation_map")
            return interpreter.function(name,
                                        [](Interpreter &, const CallArgs &) { return Value(); });
        return std::nullopt;
    }

    MetaDataObject *metadata = nullptr;
    Value typeMap{};

private:
    Value mapDecorated(Interpreter &interpreter, const CallArgs &args)
    {
        auto *cls = args.positional.empty() ? nullptr : args.positional.front().as<Class>();
        if (!cls) // @registry.mapped_as_dataclass(kw_only=True)
            return *getAttr(interpreter, u"mapped"_s);
        cls->set(u"metadata"_s, Value(metadata));
        cls->set(u"type_annotation_map"_s, typeMap);
        mapClass(interpreter, cls, {}, {});
        return cls;
    }
};

MetaDataObject *metadataArgument(Interpreter &interpreter, const CallArgs &args)
{
    const Value *given = args.keyword(u"metadata"_s);
    if (given && given->as<MetaDataObject>())
        return given->as<MetaDataObject>();
    return interpreter.call(classOf(interpreter, u"MetaData"_s)).as<MetaDataObject>();
}

Value declarativeBase(Interpreter &interpreter, const CallArgs &args)
{
    const Value *parent = args.keyword(u"cls"_s);
    std::vector<Class *> bases;
    if (parent && parent->as<Class>())
        bases.push_back(parent->as<Class>());
    const Value *name = args.keyword(u"name"_s);
    Class *base =
        interpreter.makeClass(name ? textOf(interpreter, *name, u"name"_s) : u"Base"_s, bases);
    base->set(u"__abstract__"_s, Value(true));
    if (const Value *map = args.keyword(u"type_annotation_map"_s))
        base->set(u"type_annotation_map"_s, *map);
    makeDeclarative(interpreter, base, metadataArgument(interpreter, args), {});
    return base;
}

Value registryCall(Interpreter &interpreter, const CallArgs &args)
{
    auto *made = interpreter.make<RegistryObject>();
    made->metadata = metadataArgument(interpreter, args);
    if (const Value *map = args.keyword(u"type_annotation_map"_s))
        made->typeMap = *map;
    return made;
}

/// class Base(DeclarativeBase): the base itself is no table, what derives from it is.
Class *declarativeBaseClass(Interpreter &interpreter, const QString &name)
{
    State &state = State::of(interpreter);
    if (Class *known = state.classes.value(name))
        return known;
    Class *cls = interpreter.makeClass(name);
    cls->module = u"sqlalchemy.orm"_s;
    cls->subclassed = [](Interpreter &in, Class *base, const CallArgs &) {
        makeDeclarative(in, base, nullptr, {});
    };
    state.classes.insert(name, cls);
    return cls;
}

/// @as_declarative() class Base: …
Value asDeclarative(Interpreter &interpreter, const CallArgs &args)
{
    MetaDataObject *metadata = metadataArgument(interpreter, args);
    return interpreter.function(
        u"as_declarative"_s, [metadata](Interpreter &in, const CallArgs &inner) {
            auto *cls = inner.positional.empty() ? nullptr : inner.positional.front().as<Class>();
            if (!cls)
                in.raise(u"TypeError"_s, u"as_declarative() decorates a class"_s);
            makeDeclarative(in, cls, metadata, {});
            return Value(cls);
        });
}

/// deferred(Column(…)), column_property(Column(…)): the column, when there is one.
Value columnInside(Interpreter &interpreter, const CallArgs &args)
{
    if (!args.positional.empty() && args.positional.front().as<ColumnObject>())
        return args.positional.front();
    return interpreter.make<InertObject>();
}

/// MutableDict.as_mutable(JSON)
class MutableMaker final : public Object
{
public:
    QString typeName() const override { return u"type"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name != u"as_mutable")
            return std::nullopt;
        return interpreter.function(name, [](Interpreter &in, const CallArgs &args) {
            if (args.positional.empty())
                in.raise(u"TypeError"_s, u"as_mutable() takes a type"_s);
            return args.positional.front();
        });
    }
};

/// Names that take part in no table.
const QSet<QString> &inertNames()
{
    static const QSet<QString> names{u"relationship"_s,
                                     u"backref"_s,
                                     u"synonym"_s,
                                     u"composite"_s,
                                     u"query_expression"_s,
                                     u"validates"_s,
                                     u"reconstructor"_s,
                                     u"dynamic_loader"_s,
                                     u"hybrid_property"_s,
                                     u"hybrid_method"_s,
                                     u"association_proxy"_s,
                                     u"ordering_list"_s,
                                     u"foreign"_s,
                                     u"remote"_s,
                                     u"configure_mappers"_s,
                                     u"joinedload"_s,
                                     u"selectinload"_s,
                                     u"contains_eager"_s,
                                     u"aliased"_s,
                                     u"object_session"_s,
                                     u"async_sessionmaker"_s,
                                     u"AsyncSession"_s,
                                     u"listens_for"_s,
                                     u"listen"_s,
                                     u"AssociationProxy"_s,
                                     u"WriteOnlyMapped"_s,
                                     u"DynamicMapped"_s,
                                     u"Relationship"_s,
                                     u"InstrumentedAttribute"_s,
                                     u"AsyncEngine"_s,
                                     u"AsyncConnection"_s};
    return names;
}

/// scoped_session(sessionmaker(bind=…)): one session, by whatever name.
Value scopedSession(Interpreter &interpreter, const CallArgs &args)
{
    return args.positional.empty() ? interpreter.call(classOf(interpreter, u"Session"_s))
                                   : interpreter.call(args.positional.front());
}

const QHash<QString, NativeCall> &ormFunctions()
{
    static const QHash<QString, NativeCall> table{{u"declarative_base"_s, declarativeBase},
                                                  {u"registry"_s, registryCall},
                                                  {u"compiles"_s, compilesCall},
                                                  {u"scoped_session"_s, scopedSession},
                                                  {u"as_declarative"_s, asDeclarative},
                                                  {u"deferred"_s, columnInside},
                                                  {u"column_property"_s, columnInside}};
    return table;
}

const QStringList &baseNames()
{
    static const QStringList names{u"DeclarativeBase"_s, u"DeclarativeBaseNoMeta"_s};
    return names;
}

const QStringList &plainNames()
{
    static const QStringList names{u"MappedAsDataclass"_s, u"AsyncAttrs"_s,
                                   u"DeferredReflection"_s};
    return names;
}

const QStringList &mutableNames()
{
    static const QStringList names{u"MutableDict"_s, u"MutableList"_s, u"MutableSet"_s,
                                   u"Mutable"_s};
    return names;
}

} // namespace

QStringList ormNames()
{
    return inertNames().values() + ormFunctions().keys() + baseNames() + plainNames()
           + mutableNames()
           + QStringList{u"mapped_column"_s, u"declared_attr"_s, u"declarative_mixin"_s,
                         u"Mapped"_s,        u"Session"_s,       u"sessionmaker"_s};
}

std::optional<Value> ormName(Interpreter &interpreter, const QString &name)
{
    if (baseNames().contains(name))
        return Value(declarativeBaseClass(interpreter, name));
    if (name == u"mapped_column")
        return Value(classOf(interpreter, u"MappedColumn"_s));
    if (name == u"declared_attr" || name == u"declarative_mixin")
        return name == u"declared_attr"
                   ? Value(interpreter.make<DeclaredAttrMaker>())
                   : interpreter.function(name, [](Interpreter &, const CallArgs &args) {
                         return args.positional.empty() ? Value() : args.positional.front();
                     });
    if (const auto found = ormFunctions().constFind(name); found != ormFunctions().cend())
        return interpreter.function(name, *found);
    if (plainNames().contains(name))
        return Value(classOf(interpreter, name));
    if (mutableNames().contains(name))
        return Value(interpreter.make<MutableMaker>());
    if (name == u"Mapped"
        || inertNames().contains(name)) // Mapped[…] is read from the annotation itself
        return Value(interpreter.make<InertObject>(name));
    return std::nullopt;
}

} // namespace tribikos::py::sa
