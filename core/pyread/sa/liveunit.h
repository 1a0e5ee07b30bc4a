#pragma once

#include "core/pyread/sa/live.h"

#include <QHash>

#include <map>

namespace tribikos::py::sa {

class UnitOfWork;

/// An object of a mapped class.
class EntityObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;

    UnitOfWork *unit = nullptr;      // whose session it is in
    QHash<QString, Value> stored{};  // by attribute: what the database has
    bool isStored = false;           // it has a row
    bool isExpired = false;          // its attributes are read again when they are asked for
};

/// Objects of mapped classes are made by these, inside of live scripts and elsewhere.
Value constructEntity(Interpreter &interpreter, Class *cls, const CallArgs &args);
void initializeEntity(Interpreter &interpreter, Object *self, const CallArgs &args);

/// Which attribute of a mapped class is which column.
struct Mapping
{
    TableObject *table = nullptr;
    std::vector<std::pair<QString, ColumnClause *>> attributes{}; // in the table's order
    std::vector<qsizetype> keys{};                                // of attributes: the primary key
};

/// What a session knows: objects by their keys, and what is to be written at the next flush.
class UnitOfWork final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("Session"); }

    /// The object with these column values, in the table's order: the one that is known, or a new one.
    Value loaded(Interpreter &interpreter, Class *cls, const std::vector<Value> &values);
    void add(Interpreter &interpreter, const Value &object);
    void remove(Interpreter &interpreter, const Value &object);
    /// Writes what was added, changed and removed.
    void flush(Interpreter &interpreter);
    /// Everything is read again when it is asked for; \a forgets: it belongs to no session any more.
    void expire(bool forgets);
    /// Reads the row of \a object again.
    void refresh(Interpreter &interpreter, EntityObject &object);
    const Mapping &mapping(Interpreter &interpreter, Class *cls);
    /// The condition that names one row.
    Value keyCondition(Interpreter &interpreter, const Mapping &mapping,
                       const std::vector<Value> &keys) const;
    std::vector<Value> keysOf(const EntityObject &object, const Mapping &mapping) const;

private:
    void insert(Interpreter &interpreter, EntityObject &object);
    void update(Interpreter &interpreter, EntityObject &object);
    void erase(Interpreter &interpreter, EntityObject &object);
    void remember(Interpreter &interpreter, EntityObject &object, const Mapping &mapping);
    EntityObject &entity(Interpreter &interpreter, const Value &value) const;

    std::map<const Class *, Mapping> m_mappings{}; // handed out by reference while others come
    QHash<QString, EntityObject *> m_known{}; // by table and key
    std::vector<EntityObject *> m_objects{};  // with rows, as they came
    std::vector<EntityObject *> m_new{};
    std::vector<EntityObject *> m_removed{};
};

} // namespace tribikos::py::sa
