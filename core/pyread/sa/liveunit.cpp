#include "core/pyread/sa/liveunit.h"

#include "core/pyread/sa/names.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/results.h"

#include <algorithm>
#include <map>

/// Sessions: objects that were read, and what becomes of them.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

std::optional<Value> EntityObject::getAttr(Interpreter &interpreter, const QString &name)
{
    const Value *found = cls->lookup(name);
    const bool isColumn = found && found->as<ColumnObject>();
    if (found && found->as<InertObject>())
        interpreter.unsupported(
            u"asks an object of %1 for %2, which Tribikos doesn't load: read its table itself"_s
                .arg(cls->name, name));
    if (isColumn && isStored && unit && (isExpired || !attrs.contains(name)))
        unit->refresh(interpreter, *this);
    if (isColumn && !attrs.contains(name))
        return Value(); // of an object that has no row yet
    return Instance::getAttr(interpreter, name);
}

Value constructEntity(Interpreter &interpreter, Class *cls, const CallArgs &)
{
    return interpreter.make<EntityObject>(cls);
}

void initializeEntity(Interpreter &interpreter, Object *self, const CallArgs &args)
{
    const auto *instance = dynamic_cast<const EntityObject *>(self);
    if (!args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"_declarative_constructor() takes 1 positional argument "
                                          u"but %1 were given"_s.arg(args.positional.size() + 1));
    for (const auto &[name, value] : args.keywords) {
        if (instance && !instance->cls->lookup(name))
            interpreter.raise(u"TypeError"_s, u"'%1' is an invalid keyword argument for %2"_s.arg(
                                                  name, instance->cls->name));
        interpreter.setAttr(self, name, value);
    }
}

UnitOfWork *makeUnitOfWork(Interpreter &interpreter)
{
    return interpreter.make<UnitOfWork>();
}

const Mapping &UnitOfWork::mapping(Interpreter &interpreter, Class *cls)
{
    if (const auto known = m_mappings.find(cls); known != m_mappings.end())
        return known->second;
    Mapping made{.table = mappedTable(cls)};
    if (!made.table)
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"Class '%1' is not mapped"_s.arg(cls->name));
    const Value *arguments = cls->lookup(u"__mapper_args__"_s);
    const bool isPlain = std::ranges::all_of(cls->mro, [&](const Class *base) {
        return !mappedTable(base) || mappedTable(base) == made.table;
    });
    if (!isPlain || arguments)
        interpreter.unsupported(
            u"works with objects of %1, which is mapped in a special way: read its "
            "table itself"_s.arg(cls->name));
    for (ColumnClause *column : made.table->columns) {
        QString attribute = column->name;
        for (const Class *base : cls->mro) {
            const auto at = std::ranges::find_if(base->names(), [&](const QString &name) {
                return base->attrs.value(name).as<ColumnClause>() == column;
            });
            if (at != base->names().cend()) {
                attribute = *at;
                break;
            }
        }
        made.attributes.push_back({attribute, column});
    }
    const QStringList keys = primaryKeyNames(interpreter, *made.table);
    for (size_t i = 0; i < made.attributes.size(); ++i)
        if (keys.contains(made.attributes[i].second->name))
            made.keys.push_back(qsizetype(i));
    if (made.keys.empty())
        interpreter.raise(
            classOf(interpreter, u"exc.ArgumentError"_s),
            u"Mapper could not assemble any primary key columns for mapped table '%1'"_s.arg(
                made.table->name.name));
    return m_mappings.emplace(cls, std::move(made)).first->second;
}

EntityObject &UnitOfWork::entity(Interpreter &interpreter, const Value &value) const
{
    if (auto *object = value.as<EntityObject>())
        return *object;
    interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                      u"Class '%1' is not mapped"_s.arg(interpreter.typeName(value)));
}

std::vector<Value> UnitOfWork::keysOf(const EntityObject &object, const Mapping &mapping) const
{
    std::vector<Value> keys;
    for (const qsizetype key : mapping.keys) {
        const QString &name = mapping.attributes[size_t(key)].first;
        keys.push_back(object.isStored ? object.stored.value(name) : object.attrs.value(name));
    }
    return keys;
}

Value UnitOfWork::keyCondition(Interpreter &interpreter, const Mapping &mapping,
                               const std::vector<Value> &keys) const
{
    Value condition;
    for (size_t i = 0; i < mapping.keys.size(); ++i) {
        const Value column = mapping.attributes[size_t(mapping.keys[i])].second;
        const Value one = interpreter.compare(CompareOp::Eq, column, keys.at(i));
        condition = i == 0 ? one : interpreter.binary(BinaryOp::And, condition, one);
    }
    return condition;
}

namespace {

QString identity(Interpreter &interpreter, const Mapping &mapping, const std::vector<Value> &keys)
{
    QString text = mapping.table->name.text();
    for (const Value &key : keys)
        text += u'\n' + interpreter.repr(key);
    return text;
}

void put(EntityObject &object, const QString &name, const Value &value)
{
    if (!object.attrs.contains(name))
        object.order.append(name);
    object.attrs.insert(name, value);
    object.stored.insert(name, value);
}

/// What was changed since it was read, or set at all.
std::vector<std::pair<Value, Value>> changesOf(Interpreter &interpreter, const EntityObject &object,
                                               const Mapping &mapping)
{
    std::vector<std::pair<Value, Value>> changes;
    for (const auto &[name, column] : mapping.attributes) {
        const auto value = object.attrs.constFind(name);
        if (value == object.attrs.cend())
            continue;
        const auto before = object.stored.constFind(name);
        const bool isSame = before != object.stored.cend()
                            && (before->isSame(*value)
                                || (!value->as<Element>() && before->kind() == value->kind()
                                    && interpreter.equals(*before, *value)));
        if (!isSame)
            changes.push_back({Value(column->name), *value});
    }
    return changes;
}

Value dictOf(Interpreter &interpreter, const std::vector<std::pair<Value, Value>> &pairs)
{
    auto *dict = interpreter.make<Dict>();
    for (const auto &[key, value] : pairs)
        dict->insert(interpreter, key, value);
    return dict;
}

} // namespace

void UnitOfWork::remember(Interpreter &interpreter, EntityObject &object, const Mapping &mapping)
{
    m_known.insert(identity(interpreter, mapping, keysOf(object, mapping)), &object);
    m_objects.push_back(&object);
}

Value UnitOfWork::loaded(Interpreter &interpreter, Class *cls, const std::vector<Value> &values)
{
    const Mapping &map = mapping(interpreter, cls);
    std::vector<Value> keys;
    for (const qsizetype key : map.keys)
        keys.push_back(values.at(size_t(key)));
    if (std::ranges::all_of(keys, &Value::isNone)) // of an outer join
        return {};
    EntityObject *object = m_known.value(identity(interpreter, map, keys));
    if (object && !object->isExpired)
        return object;
    const bool isNew = !object;
    if (isNew)
        object = interpreter.make<EntityObject>(cls);
    for (size_t i = 0; i < map.attributes.size(); ++i)
        put(*object, map.attributes[i].first, values.at(i));
    object->unit = this;
    object->isStored = true;
    object->isExpired = false;
    if (isNew)
        remember(interpreter, *object, map);
    return object;
}

void UnitOfWork::add(Interpreter &interpreter, const Value &value)
{
    EntityObject &object = entity(interpreter, value);
    mapping(interpreter, object.cls);
    object.unit = this;
    if (!object.isStored && std::ranges::find(m_new, &object) == m_new.end())
        m_new.push_back(&object);
    std::erase(m_removed, &object);
}

void UnitOfWork::remove(Interpreter &interpreter, const Value &value)
{
    EntityObject &object = entity(interpreter, value);
    if (!object.isStored)
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"Instance is not persisted"_s);
    if (std::ranges::find(m_removed, &object) == m_removed.end())
        m_removed.push_back(&object);
}

void UnitOfWork::insert(Interpreter &interpreter, EntityObject &object)
{
    const Mapping &map = mapping(interpreter, object.cls);
    const Value statement =
        interpreter.callMethod(makeInsert(interpreter, map.table), u"values"_s,
                               {dictOf(interpreter, changesOf(interpreter, object, map))});
    const Value result = liveExecute(interpreter, nullptr, statement, {});
    const std::vector<Value> keys =
        interpreter.items(interpreter.getAttr(result, u"inserted_primary_key"_s));
    for (const auto &[name, column] : map.attributes) {
        const Value set = object.attrs.value(name);
        if (set.as<Element>() || set.isNone()) { // the database knows what it became
            object.attrs.remove(name);
            object.order.removeOne(name);
        } else {
            object.stored.insert(name, set);
        }
    }
    for (size_t i = 0; i < map.keys.size() && i < keys.size(); ++i)
        put(object, map.attributes[size_t(map.keys[i])].first, keys[i]);
    object.isStored = true;
    remember(interpreter, object, map);
}

void UnitOfWork::update(Interpreter &interpreter, EntityObject &object)
{
    const Mapping &map = mapping(interpreter, object.cls);
    const auto changes = changesOf(interpreter, object, map);
    if (changes.empty())
        return;
    const Value where =
        interpreter.callMethod(makeUpdate(interpreter, map.table), u"where"_s,
                               {keyCondition(interpreter, map, keysOf(object, map))});
    liveExecute(interpreter, nullptr,
                interpreter.callMethod(where, u"values"_s, {dictOf(interpreter, changes)}), {});
    for (const auto &[name, column] : map.attributes) {
        const Value set = object.attrs.value(name);
        if (set.as<Element>()) {
            object.attrs.remove(name);
            object.order.removeOne(name);
            object.stored.remove(name);
        } else if (object.attrs.contains(name)) {
            object.stored.insert(name, set);
        }
    }
}

void UnitOfWork::erase(Interpreter &interpreter, EntityObject &object)
{
    const Mapping &map = mapping(interpreter, object.cls);
    const std::vector<Value> keys = keysOf(object, map);
    liveExecute(interpreter, nullptr,
                interpreter.callMethod(makeDelete(interpreter, map.table), u"where"_s,
                                       {keyCondition(interpreter, map, keys)}),
                {});
    m_known.remove(identity(interpreter, map, keys));
    std::erase(m_objects, &object);
    object.isStored = false;
    object.unit = nullptr;
}

namespace {

/// How many tables stand before \a table, each referring to the next: rows of the first come first.
int depthOf(const TableObject &table, int deepest = 20)
{
    int depth = 0;
    for (const ColumnClause *column : table.columns) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        for (const ForeignKeyObject *key :
             full ? full->foreignKeys : std::vector<ForeignKeyObject *>()) {
            const ColumnClause *referred =
                table.metadata ? key->referred(*table.metadata) : nullptr;
            const bool isOther = referred && referred->table && referred->table != &table;
            if (isOther && deepest > 0)
                depth = std::max(depth, 1 + depthOf(*referred->table, deepest - 1));
        }
    }
    return depth;
}

} // namespace

/// SQLAlchemy's order: table by table as they refer to each other, of each the changed rows before the new ones;
/// what was removed last, the other way round.
namespace {

bool isRelationship(const EntityObject &object, const QString &attribute)
{
    static const QStringList names{u"relationship"_s, u"dynamic_loader"_s, u"Relationship"_s, u"association_proxy"_s};
    const Value *own = object.cls->lookup(attribute);
    const auto *inert = own ? own->as<InertObject>() : nullptr;
    return inert && names.contains(inert->origin);
}

/// What SQLAlchemy would write into other rows or foreign keys because of a relationship isn't worked out here.
void refuseRelationships(Interpreter &interpreter, const EntityObject &object, bool isRemoved)
{
    QStringList names = object.attrs.keys();
    if (isRemoved)
        for (const Class *base : object.cls->mro)
            names += base->names();
    for (const QString &name : std::as_const(names))
        if (isRelationship(object, name))
            interpreter.unsupported(
                isRemoved ? u"deletes an object of %1, whose relationship %2 may change other rows: delete the rows of its "
                            "table itself"_s.arg(object.cls->name, name)
                          : u"sets %1.%2, a relationship: set the column of its foreign key"_s.arg(object.cls->name,
                                                                                               name));
}

} // namespace

void UnitOfWork::flush(Interpreter &interpreter)
{
    for (const auto *objects : {&m_objects, &m_new})
        for (const EntityObject *object : *objects)
            refuseRelationships(interpreter, *object, false);
    for (const EntityObject *object : m_removed)
        refuseRelationships(interpreter, *object, true);
    std::map<int, std::pair<std::vector<EntityObject *>, std::vector<EntityObject *>>> byDepth;
    const auto depth = [&](const EntityObject &object) {
        return depthOf(*mapping(interpreter, object.cls).table);
    };
    for (EntityObject *object : m_objects)
        if (!object->isExpired)
            byDepth[depth(*object)].first.push_back(object);
    for (EntityObject *object : std::exchange(m_new, {}))
        byDepth[depth(*object)].second.push_back(object);
    for (auto &[level, objects] : byDepth) {
        for (EntityObject *object : objects.first) {
            interpreter.step();
            update(interpreter, *object);
        }
        for (EntityObject *object : objects.second)
            insert(interpreter, *object);
    }
    std::vector<EntityObject *> removed = std::exchange(m_removed, {});
    std::ranges::stable_sort(removed, std::greater(),
                             [&](const EntityObject *object) { return depth(*object); });
    for (EntityObject *object : removed)
        erase(interpreter, *object);
}

void UnitOfWork::expire(bool forgets)
{
    for (EntityObject *object : m_objects) {
        object->isExpired = !forgets;
        if (forgets)
            object->unit = nullptr;
    }
    if (!forgets)
        return;
    m_known.clear();
    m_objects.clear();
    m_new.clear();
    m_removed.clear();
}

void UnitOfWork::refresh(Interpreter &interpreter, EntityObject &object)
{
    const Mapping &map = mapping(interpreter, object.cls);
    const Value select =
        interpreter.callMethod(makeSelect(interpreter, {Value(map.table)}), u"where"_s,
                               {keyCondition(interpreter, map, keysOf(object, map))});
    const Value row =
        interpreter.callMethod(liveExecute(interpreter, nullptr, select, {}), u"first"_s);
    if (row.isNone())
        interpreter.raise(
            classOf(interpreter, u"exc.InvalidRequestError"_s),
            u"Instance '%1' has been deleted, or its row is otherwise not present."_s.arg(
                object.cls->name));
    const std::vector<Value> values = interpreter.items(row);
    for (size_t i = 0; i < map.attributes.size(); ++i) {
        const QString &name = map.attributes[i].first;
        if (object.isExpired || !object.attrs.contains(name))
            put(object, name, values.at(i));
    }
    object.isExpired = false;
}

} // namespace tribikos::py::sa
