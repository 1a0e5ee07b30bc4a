#include "core/pyread/sa/reflection.h"

#include "core/ops/implicitname.h"

/// Tables as the migrations so far have made them: autoload_with, MetaData.reflect().
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// An element of a reflected foreign key: which column refers to which.
class ReflectedElement final : public Object
{
public:
    ReflectedElement(Value parent, TableObject *referred, QString column)
        : m_parent(std::move(parent))
        , m_referred(referred)
        , m_column(std::move(column))
    {}
    QString typeName() const override { return u"ForeignKey"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"parent")
            return m_parent;
        if (name == u"target_fullname")
            return Value(m_referred->name.text() + u'.' + m_column);
        if (name != u"column")
            interpreter.needsConnection(
                u"asks for %1 of a foreign key in the database"_s.arg(name));
        if (!m_referred->find(m_column)) {
            auto *object = interpreter.make<ColumnObject>(classOf(interpreter, u"Column"_s),
                                                          m_column, nullptr);
            m_referred->append(interpreter, object);
        }
        return Value(m_referred->find(m_column));
    }

private:
    const Value m_parent;
    TableObject *const m_referred;
    const QString m_column;
};

/// A constraint or foreign key of a reflected table, for looking at.
class ReflectedKey final : public Instance
{
public:
    ReflectedKey(Class *itsClass, TableObject *owner, Constraint itsConstraint, Value itsName)
        : Instance(itsClass)
        , m_owner(owner)
        , m_constraint(std::move(itsConstraint))
        , m_name(std::move(itsName))
    {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;

private:
    Value columns(Interpreter &interpreter, bool asNames) const;
    TableObject *referred(Interpreter &interpreter, const ForeignKey &key) const;
    Value elements(Interpreter &interpreter, const ForeignKey &key) const;

    TableObject *const m_owner;
    const Constraint m_constraint;
    const Value m_name;
};

QStringList columnNames(const Constraint &constraint)
{
    QStringList names;
    std::visit(
        [&](const auto &kind) {
            if constexpr (requires { kind.columns; })
                names = kind.columns;
        },
        constraint);
    return names;
}

Value ReflectedKey::columns(Interpreter &interpreter, bool asNames) const
{
    std::vector<Value> all;
    for (const QString &name : columnNames(m_constraint)) {
        auto *column = m_owner->find(name);
        all.push_back(asNames || !column ? Value(name) : Value(column));
    }
    return interpreter.list(std::move(all));
}

TableObject *ReflectedKey::referred(Interpreter &interpreter, const ForeignKey &key) const
{
    auto *table = interpreter.make<TableObject>(classOf(interpreter, u"Table"_s));
    table->name = key.target;
    table->isReflected = true;
    return table;
}

Value ReflectedKey::elements(Interpreter &interpreter, const ForeignKey &key) const
{
    if (key.targetColumns.isEmpty())
        interpreter.needsConnection(u"asks for elements of a constraint in the database"_s);
    std::vector<Value> all;
    for (qsizetype i = 0; i < key.targetColumns.size(); ++i) {
        auto *column = m_owner->find(key.columns.value(i));
        all.emplace_back(interpreter.make<ReflectedElement>(
            column ? Value(column) : Value(), referred(interpreter, key), key.targetColumns[i]));
    }
    return interpreter.list(std::move(all));
}

std::optional<Value> ReflectedKey::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"name")
        return m_name;
    if (name == u"table")
        return Value(m_owner);
    if (name == u"constraint")
        return Value(this);
    if (name == u"columns")
        return columns(interpreter, false);
    if (name == u"column_keys")
        return columns(interpreter, true);
    if (name == u"parent" && !columnNames(m_constraint).isEmpty())
        return interpreter.items(columns(interpreter, false)).front();
    const auto *key = std::get_if<ForeignKey>(&m_constraint);
    if (key && name == u"referred_table")
        return Value(referred(interpreter, *key));
    if (key && name == u"elements")
        return elements(interpreter, *key);
    if (key && name == u"target_fullname" && key->targetColumns.size() == 1)
        return Value(key->target.text() + u'.' + key->targetColumns.constFirst());
    interpreter.needsConnection(u"asks for %1 of a constraint in the database"_s.arg(name));
}

const char *classKey(const Constraint &constraint)
{
    static constexpr const char *keys[] = {"PrimaryKeyConstraint", "UniqueConstraint",
                                           "ForeignKeyConstraint", "CheckConstraint",
                                           "ExcludeConstraint"};
    return keys[constraint.index()];
}

const Table &tableBehind(Interpreter &interpreter, const TableObject &table)
{
    const Schema *schema = hostOf(interpreter).currentSchema();
    const Table *known = schema ? schema->table(knownName(interpreter, table.name)) : nullptr;
    if (!known || known->isOpaque)
        interpreter.needsConnection(u"asks for the keys of the table %1"_s.arg(table.name.text()));
    return *known;
}

} // namespace

TableName knownName(Interpreter &interpreter, const TableName &name)
{
    const Host &host = hostOf(interpreter);
    const bool isUsual = name.schema == u"public" && host.backend() == Backend::PostgreSql;
    const Schema *schema = hostOf(interpreter).currentSchema();
    return isUsual && schema && !schema->table(name) ? TableName{{}, name.name} : name;
}

Value databaseName(Interpreter &interpreter, const Table &table, const Constraint &constraint)
{
    const QString given = std::visit([](const auto &kind) { return kind.name.text; }, constraint);
    const auto backend = hostOf(interpreter).backend();
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    if (isMySql && std::holds_alternative<PrimaryKey>(constraint))
        return {}; // it has none
    const qsizetype longest = backend == Backend::PostgreSql ? 63 : isMySql ? 64 : given.size();
    if (given.size() > longest) // printed shorter, with a hash
        return interpreter.unknown(u"a constraint's name"_s,
                                   u"%1 is too long for the database"_s.arg(given));
    if (!given.isEmpty())
        return Value(given);
    if (!backend || *backend == Backend::Sqlite)
        return {};
    if (const auto name = givenName(table, constraint, *backend))
        return name->isEmpty() ? Value() : Value(*name);
    return interpreter.unknown(u"a constraint's name"_s,
                               u"the server chose it for table %1"_s.arg(table.name.text()));
}

void reflectTable(Interpreter &interpreter, TableObject &made)
{
    const Schema *schema = hostOf(interpreter).currentSchema();
    const Table *known = schema ? schema->table(knownName(interpreter, made.name)) : nullptr;
    if (!known || known->columnsOpaque)
        interpreter.needsConnection(
            u"reads the table %1 from the database"_s.arg(made.name.text()));
    made.isReflected = true;
    for (const Column &column : known->columns) {
        if (made.find(column.name))
            continue;
        auto *object = interpreter.make<ColumnObject>(classOf(interpreter, u"Column"_s),
                                                      column.name, column.type);
        object->column = column;
        made.append(interpreter, object);
    }
}

Value reflectedKeys(Interpreter &interpreter, TableObject &table, const QString &attribute)
{
    if (attribute.startsWith(u"foreign_key") && table.name == hostOf(interpreter).versionTable())
        return interpreter.list({});
    const Table &known = tableBehind(interpreter, table);
    std::vector<Value> found;
    if (attribute == u"indexes") {
        for (const Index &index : known.indexes) {
            auto *made = interpreter.make<IndexObject>(classOf(interpreter, u"Index"_s));
            made->name = {.text = index.name.text, .isGiven = true, .isFinal = true};
            made->unique = index.unique;
            made->table = &table;
            found.emplace_back(made);
        }
        return interpreter.list(std::move(found));
    }
    const bool isOfForeignKeys = attribute.startsWith(u"foreign_key");
    for (const Constraint &constraint : known.constraints) {
        if (isOfForeignKeys && !std::holds_alternative<ForeignKey>(constraint))
            continue;
        if (attribute == u"primary_key" && !std::holds_alternative<PrimaryKey>(constraint))
            continue;
        found.emplace_back(interpreter.make<ReflectedKey>(
            classOf(interpreter, QString::fromLatin1(classKey(constraint))), &table, constraint,
            databaseName(interpreter, known, constraint)));
    }
    if (attribute != u"primary_key")
        return interpreter.list(std::move(found));
    if (found.empty())
        interpreter.needsConnection(u"asks for the keys of the table %1"_s.arg(table.name.text()));
    return found.front();
}

} // namespace tribikos::py::sa
