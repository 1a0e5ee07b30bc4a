#include "core/pyread/sa/bindddl.h"

#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/tableorder.h"

#include <algorithm>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

struct BindArguments
{
    bool checksFirst = true;
    std::optional<std::vector<TableObject *>> tables{}; // nullopt: all
};

BindArguments bindArguments(Interpreter &interpreter, const CallArgs &args, const QString &name,
                            bool takesTables)
{
    BindArguments result;
    Arguments a(interpreter, args, name);
    a.required(u"bind"_s);
    const Value tables = takesTables ? a.optional(u"tables"_s) : Value();
    const bool checksFirst = interpreter.truth(a.optional(u"checkfirst"_s, Value(true)));
    a.finish();
    result.checksFirst = checksFirst && !hostOf(interpreter).isOffline();
    if (tables.isNone())
        return result;
    result.tables.emplace();
    for (const Value &value : interpreter.items(tables)) {
        if (const auto *unknown = value.as<Unknown>())
            unknown->refuse(interpreter);
        auto *table = value.as<TableObject>();
        if (!table)
            interpreter.raise(u"TypeError"_s, u"%1() takes Table objects, not %2"_s.arg(
                                                  name, interpreter.typeName(value)));
        result.tables->push_back(table);
    }
    return result;
}

/// The tables that are meant; those that the database says aren't known well enough.
std::vector<TableObject *> chosenTables(Interpreter &interpreter, const MetaDataObject &metadata,
                                        const BindArguments &arguments, const QString &deed)
{
    const std::vector<TableObject *> tables = arguments.tables.value_or(metadata.tables);
    const bool isForeign = arguments.tables ? std::ranges::any_of(tables, &TableObject::isReflected)
                                            : metadata.hasForeignTables;
    if (isForeign)
        interpreter.needsConnection(deed);
    return tables;
}

bool isThere(Host &host, const TableName &name)
{
    const Schema *schema = host.currentSchema();
    return schema && schema->table(name);
}

/// The types of PostgreSQL that come and go with tables, each once.
class NamedTypes
{
public:
    explicit NamedTypes(Interpreter &interpreter)
        : m_host(hostOf(interpreter))
    {}

    /// \a withBound: those that belong to a MetaData as well.
    void take(const SqlTypePtr &given, bool withBound)
    {
        if (m_host.backend() != Backend::PostgreSql)
            return;
        SqlTypePtr type = typeHere(given, Backend::PostgreSql);
        if (type && type->name == u"ARRAY")
            type = typeHere(type->item, Backend::PostgreSql);
        if (!type || !type->createType || (type->metadataBound && !withBound))
            return;
        const bool isNamed =
            (type->name == u"Enum" && type->nativeEnum) || type->name == u"DOMAIN"
            || (type->name == u"ENUM" && type->module != u"mysql" && type->module != u"mariadb");
        const auto isSame = [&](const SqlTypePtr &other) {
            return other->typeName == type->typeName && other->schema == type->schema
                   && (other->name == u"DOMAIN") == (type->name == u"DOMAIN");
        };
        if (isNamed && std::ranges::none_of(m_types, isSame))
            m_types.append(type);
    }
    void take(const Table &table, bool withBound)
    {
        for (const Column &column : table.columns)
            take(column.type, withBound);
    }
    /// In the order in which SQLAlchemy hears of them: a MetaData's own before the tables made after them.
    void take(Interpreter &interpreter, const MetaDataObject &metadata)
    {
        auto bound = metadata.boundTypes.cbegin();
        for (size_t i = 0; i <= metadata.tables.size(); ++i) {
            for (; bound != metadata.boundTypes.cend()
                   && (bound->first <= i || i == metadata.tables.size());
                 ++bound)
                take(bound->second, true);
            if (i == metadata.tables.size())
                break;
            for (ColumnClause *column : metadata.tables[i]->columns)
                take(column->sqlType(interpreter), false);
        }
    }

    void create(Interpreter &interpreter, bool checksFirst) const
    {
        for (const SqlTypePtr &type : m_types) {
            if (!checksFirst || !isKnown(*type))
                m_host.record(interpreter, CreateType{.type = type, .checkFirst = checksFirst});
        }
    }
    void drop(Interpreter &interpreter, bool checksFirst) const
    {
        for (const SqlTypePtr &type : m_types)
            m_host.record(interpreter, DropType{.type = type, .checkFirst = checksFirst});
    }

private:
    bool isKnown(const SqlType &type) const
    {
        const Schema *schema = m_host.currentSchema();
        if (!schema)
            return false;
        const auto isIt = [&](const SqlTypePtr &other) {
            return other && other->typeName == type.typeName && other->schema == type.schema;
        };
        return std::ranges::any_of(schema->objects,
                                   [&](const NamedObject &object) {
                                       return object.name == TableName{type.schema, type.typeName}
                                              && (object.kind == NamedObject::Kind::Enum
                                                  || object.kind == NamedObject::Kind::Domain);
                                   })
               || std::ranges::any_of(schema->tables, [&](const Table &table) {
                      return std::ranges::any_of(table.columns, [&](const Column &column) {
                          return isIt(column.type) || (column.type && isIt(column.type->item));
                      });
                  });
    }

    Host &m_host;
    QList<SqlTypePtr> m_types{};
};

std::vector<const SequenceObject *> sequencesOf(const TableObject &table)
{
    std::vector<const SequenceObject *> result;
    for (ColumnClause *column : table.columns) {
        const auto *full = objectAs<const ColumnObject>(column);
        if (full && full->sequence)
            result.push_back(full->sequence);
    }
    return result;
}

/// Those that \a metadata knows, in the order in which it heard of them; the last of a name counts.
std::vector<const SequenceObject *> sequencesOf(const MetaDataObject &metadata)
{
    std::vector<const SequenceObject *> result;
    const auto add = [&](const SequenceObject *sequence) {
        for (const SequenceObject *&known : result) {
            if (known->name == sequence->name && known->schema == sequence->schema) {
                known = sequence;
                return;
            }
        }
        result.push_back(sequence);
    };
    auto bound = metadata.boundSequences.cbegin();
    for (size_t i = 0; i <= metadata.tables.size(); ++i) {
        const bool isLast = i == metadata.tables.size();
        for (; bound != metadata.boundSequences.cend() && (bound->first <= i || isLast); ++bound)
            add(bound->second);
        if (!isLast)
            std::ranges::for_each(sequencesOf(*metadata.tables[i]), add);
    }
    return result;
}

/// The table alone, after the sequences of its columns; its types are made already.
void recordCreate(Interpreter &interpreter, const TableObject &object, Table table,
                  bool checksFirst)
{
    Host &host = hostOf(interpreter);
    for (const SequenceObject *sequence : sequencesOf(object))
        createSequenceThroughBind(interpreter, *sequence, checksFirst);
    if (host.backend() == Backend::PostgreSql) {
        for (Column &column : table.columns)
            column.type = withoutCreation(column.type);
    }
    host.record(interpreter, CreateTable{.table = std::move(table)});
}

[[noreturn]] void refuseCircle(Interpreter &interpreter, const QStringList &circle)
{
    interpreter.raise(
        classOf(interpreter, u"exc.CircularDependencyError"_s),
        u"Can't sort tables for DROP; an unresolvable foreign key dependency exists between "
        "tables: %1.  Please ensure that the ForeignKey and ForeignKeyConstraint objects involved "
        "in the cycle have names so that they can be dropped using DROP CONSTRAINT."_s.arg(
            circle.join(u", "_s)));
}

void dropKeysApart(Interpreter &interpreter, const TableOrder &order)
{
    for (const OrderedTable &table : order.tables) {
        for (const ForeignKey &key : table.apart) {
            if (key.name.isEmpty())
                interpreter.raise(
                    classOf(interpreter, u"exc.CompileError"_s),
                    u"Can't emit DROP CONSTRAINT for the foreign key of %1 (%2); it has no name"_s
                        .arg(table.table.name.text(), key.columns.join(u", "_s)));
            hostOf(interpreter)
                .record(interpreter, DropConstraint{.table = table.table.name,
                                                    .name = key.name,
                                                    .kind = u"foreignkey"_s});
        }
    }
}

} // namespace

void createThroughBind(Interpreter &interpreter, TableObject &object, const CallArgs &args)
{
    const BindArguments arguments = bindArguments(interpreter, args, u"create"_s, false);
    if (arguments.checksFirst && isThere(hostOf(interpreter), object.name))
        return;
    const Table table = buildTable(interpreter, object, conventionOf(interpreter, object));
    NamedTypes types(interpreter);
    types.take(table, arguments.checksFirst);
    types.create(interpreter, arguments.checksFirst);
    recordCreate(interpreter, object, table, arguments.checksFirst);
}

void dropThroughBind(Interpreter &interpreter, TableObject &object, const CallArgs &args)
{
    const BindArguments arguments = bindArguments(interpreter, args, u"drop"_s, false);
    hostOf(interpreter).record(interpreter, DropTable{.table = object.name});
    for (const SequenceObject *sequence : sequencesOf(object))
        dropSequenceThroughBind(interpreter, *sequence);
    NamedTypes types(interpreter);
    for (ColumnClause *column : object.columns)
        types.take(column->sqlType(interpreter), false);
    types.drop(interpreter, arguments.checksFirst);
}

void createAllThroughBind(Interpreter &interpreter, MetaDataObject &metadata, const CallArgs &args)
{
    const BindArguments arguments = bindArguments(interpreter, args, u"create_all"_s, true);
    std::vector<TableObject *> tables = chosenTables(
        interpreter, metadata, arguments, u"creates tables that it has read from the database"_s);
    Host &host = hostOf(interpreter);
    if (arguments.checksFirst)
        std::erase_if(tables, [&](const TableObject *table) { return isThere(host, table->name); });
    TableOrder order = orderTables(interpreter, tables, [](const ForeignKey &) { return false; });
    NamedTypes types(interpreter);
    types.take(interpreter, metadata);
    types.create(interpreter, arguments.checksFirst);
    for (const SequenceObject *sequence : sequencesOf(metadata)) {
        if (!sequence->isOfColumn)
            createSequenceThroughBind(interpreter, *sequence, arguments.checksFirst);
    }
    const bool canAlter = host.backend() != Backend::Sqlite;
    for (OrderedTable &each : order.tables) {
        if (canAlter)
            each.table.constraints.removeIf([&](const Constraint &constraint) {
                const auto *key = std::get_if<ForeignKey>(&constraint);
                return key && each.apart.contains(*key);
            });
        recordCreate(interpreter, *each.object, each.table, arguments.checksFirst);
    }
    for (const OrderedTable &each : order.tables) {
        for (const ForeignKey &key : each.apart) {
            if (canAlter)
                host.record(interpreter,
                            AddConstraint{.table = each.table.name, .constraint = key});
        }
    }
}

void dropAllThroughBind(Interpreter &interpreter, MetaDataObject &metadata, const CallArgs &args)
{
    const BindArguments arguments = bindArguments(interpreter, args, u"drop_all"_s, true);
    const std::vector<TableObject *> tables = chosenTables(
        interpreter, metadata, arguments, u"drops the tables that it finds in the database"_s);
    Host &host = hostOf(interpreter);
    const bool canAlter = host.backend() != Backend::Sqlite;
    TableOrder order = orderTables(interpreter, tables, [&](const ForeignKey &key) {
        return !canAlter || key.name.isEmpty();
    });
    if (!order.circle.isEmpty() && canAlter)
        refuseCircle(interpreter, order.circle);
    if (order.circle.isEmpty()) // SQLite's circles stay as they are
        std::ranges::reverse(order.tables);
    if (canAlter)
        dropKeysApart(interpreter, order);
    const std::vector<const SequenceObject *> known = sequencesOf(metadata);
    for (const OrderedTable &each : order.tables) {
        host.record(interpreter, DropTable{.table = each.table.name});
        for (const SequenceObject *sequence : sequencesOf(*each.object)) {
            if (std::ranges::find(known, sequence) == known.end())
                dropSequenceThroughBind(interpreter, *sequence);
        }
    }
    for (const SequenceObject *sequence : known)
        dropSequenceThroughBind(interpreter, *sequence);
    NamedTypes types(interpreter);
    types.take(interpreter, metadata);
    types.drop(interpreter, arguments.checksFirst);
}

} // namespace tribikos::py::sa
