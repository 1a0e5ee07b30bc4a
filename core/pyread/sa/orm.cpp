#include "core/pyread/sa/orm.h"

#include "core/pyread/ast.h"
#include "core/pyread/function.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/redrawing.h"
#include "core/pyread/sa/state.h"
#include "core/pyread/sa/types.h"

#include <QRegularExpression>
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

std::optional<Value> CompositeObject::getAttr(Interpreter &, const QString &name)
{
    return name.startsWith(u"__") ? std::nullopt : std::optional<Value>(this);
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

/// declarative_base(metaclass=…): one that has a hand in making its classes may give them columns.
void noteMetaclass(Interpreter &interpreter, const CallArgs &args)
{
    const Value *given = args.keyword(u"metaclass"_s);
    const auto *meta = given ? given->as<Class>() : nullptr;
    for (const QString &name : {u"__new__"_s, u"__init__"_s, u"__prepare__"_s}) {
        const Value *own = meta ? meta->lookup(name) : nullptr;
        if (!own || own->as<NativeFunction>())
            continue;
        State::of(interpreter)
            .unfollowed.push_back(
                {interpreter.location(),
                 u"uses the metaclass %1 with a %2 of its own"_s.arg(meta->name, name)});
        return;
    }
}

Value declarativeBase(Interpreter &interpreter, const CallArgs &args)
{
    noteMetaclass(interpreter, args);
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
    const bool hasMeta = name == u"DeclarativeBase"; // which sees what is set afterwards
    cls->subclassed = [hasMeta](Interpreter &in, Class *base, const CallArgs &) {
        makeDeclarative(in, base, nullptr, {});
        if (!hasMeta)
            base->assigned = {};
    };
    state.classes.insert(name, cls);
    return cls;
}

/// @as_declarative() class Base: …
Value asDeclarative(Interpreter &interpreter, const CallArgs &args)
{
    noteMetaclass(interpreter, args);
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

/// composite("x", "y"), composite(Point, mapped_column("x"), …)
Value compositeCall(Interpreter &interpreter, const CallArgs &args)
{
    std::vector<Value> parts = args.positional;
    Class *composed = nullptr;
    if (!parts.empty() && !parts.front().as<ColumnObject>() && !parts.front().isStr()) {
        composed = parts.front().as<Class>();
        parts.erase(parts.begin());
    }
    return interpreter.make<CompositeObject>(composed, std::move(parts));
}

/// Whether the text of \a listener makes columns, tables or what belongs to them; what isn't there may.
bool changesTables(const Value &listener)
{
    static const QRegularExpression makes(
        u"\\b(mapped_column|Column|Table|Index|[A-Z]\\w*Constraint|append_column|append_constraint)"
        "\\s*\\("_s);
    const auto *function = listener.as<Function>();
    if (!function || !function->body || function->body->empty())
        return listener.as<Unknown>() != nullptr;
    const auto bytes = readSource(function->source->file);
    const int first = function->body->front()->span.line;
    const int last = std::max(function->body->back()->span.endLine, first);
    return !bytes
           || QString::fromUtf8(*bytes)
                  .split(u'\n')
                  .mid(first - 1, last - first + 1)
                  .join(u'\n')
                  .contains(makes);
}

/// Listeners that run while classes are mapped and tables made are not called here.
void noteListener(Interpreter &interpreter, const CallArgs &args, const Value &listener)
{
    static const QStringList mapping{
        u"instrument_class"_s,     u"class_instrument"_s,    u"before_mapper_configured"_s,
        u"mapper_configured"_s,    u"before_configured"_s,   u"after_configured"_s,
        u"before_parent_attach"_s, u"after_parent_attach"_s, u"after_mapper_constructed"_s};
    const Value event = args.positional.size() > 1 ? args.positional[1] : Value();
    if (!event.isStr() || !mapping.contains(event.str()) || !changesTables(listener))
        return;
    State::of(interpreter)
        .unfollowed.push_back({interpreter.location(),
                               u"listens for %1 and changes tables there"_s.arg(event.str())});
}

Value listenCall(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.size() > 2)
        noteListener(interpreter, args, args.positional[2]);
    return {};
}

Value listensForCall(Interpreter &interpreter, const CallArgs &args)
{
    return interpreter.function(u"listens_for"_s, [args](Interpreter &in, const CallArgs &inner) {
        const Value listener = inner.positional.empty() ? Value() : inner.positional.front();
        noteListener(in, args, listener);
        return listener;
    });
}

/// has_inherited_table(cls): whether a class above it is mapped.
Value hasInheritedTable(Interpreter &interpreter, const CallArgs &args)
{
    const auto *cls = args.positional.empty() ? nullptr : args.positional.front().as<Class>();
    if (!cls)
        interpreter.raise(u"TypeError"_s, u"has_inherited_table() takes a class"_s);
    return Value(std::any_of(cls->mro.begin() + 1, cls->mro.end(),
                             [](const Class *above) { return mappedTable(above); }));
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
                                     u"AssociationProxy"_s,
                                     u"WriteOnlyMapped"_s,
                                     u"DynamicMapped"_s,
                                     u"Relationship"_s,
                                     u"Mapper"_s,
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
                                                  {u"composite"_s, compositeCall},
                                                  {u"listen"_s, listenCall},
                                                  {u"listens_for"_s, listensForCall},
                                                  {u"has_inherited_table"_s, hasInheritedTable},
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
