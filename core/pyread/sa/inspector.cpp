#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/reflection.h"
#include "core/pyread/sa/types.h"

#include <algorithm>

/// sa.inspect(bind): answered from the schema that the migrations so far make, never from a
/// database.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

class InspectorObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;

private:
    std::optional<Value> remembered(Interpreter &interpreter, const QString &name);

    QHash<QString, Value> m_told{};
};

const Schema &schemaOf(Interpreter &interpreter)
{
    const Schema *schema = hostOf(interpreter).currentSchema();
    if (!schema)
        interpreter.needsConnection(u"inspects the database"_s);
    if (!schema->opaqueReasons.isEmpty())
        interpreter.needsConnection(
            u"inspects the database, in which anything may have been changed by "
            "what can't be read (%1)"_s.arg(schema->opaqueReasons.constFirst()));
    return *schema;
}

Value list(Interpreter &interpreter, const QStringList &texts)
{
    std::vector<Value> items;
    for (const QString &text : texts)
        items.push_back(Value(text));
    return interpreter.list(std::move(items));
}

TableName tableArgument(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"inspector"_s);
    TableName name;
    name.name = textOf(interpreter, a.required(u"table_name"_s), u"table_name"_s);
    name.schema = textOrEmpty(interpreter, a.optional(u"schema"_s), u"schema"_s);
    a.restKeywords();
    return knownName(interpreter, name);
}

/// The version table, which no script makes.
class VersionTable final : public Object
{
public:
    explicit VersionTable(const TableName &name)
    {
        table.name = name;
        table.columns = {{.name = u"version_num"_s,
                          .type = std::make_shared<const SqlType>(SqlType{
                              .name = u"String"_s, .module = u"sqlalchemy"_s, .length = 32}),
                          .nullable = false}};
        table.constraints = {
            PrimaryKey{.name = {.text = name.name + u"_pkc"_s}, .columns = {u"version_num"_s}}};
    }
    QString typeName() const override { return u"Table"_s; }

    Table table{};
};

const Table &versionTable(Interpreter &interpreter)
{
    const QString key = u"sa.version_table"_s;
    auto *known = dynamic_cast<VersionTable *>(interpreter.state(key));
    if (!known) {
        known = interpreter.make<VersionTable>(hostOf(interpreter).versionTable());
        interpreter.setState(key, known);
    }
    return known->table;
}

/// \a ofColumns: nothing else of it is asked for.
const Table &tableOf(Interpreter &interpreter, const CallArgs &args, bool ofColumns = false)
{
    const TableName name = tableArgument(interpreter, args);
    if (name == hostOf(interpreter).versionTable())
        return versionTable(interpreter);
    const Table *table = schemaOf(interpreter).table(name);
    if (!table)
        interpreter.raise(classOf(interpreter, u"exc.NoSuchTableError"_s), name.text());
    if (ofColumns ? table->columnsOpaque : table->isOpaque)
        interpreter.needsConnection(u"inspects the table %1"_s.arg(name.text()));
    return *table;
}

Value tableNames(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    Arguments a(interpreter, args, u"get_table_names"_s);
    const QString wanted = textOrEmpty(interpreter, a.optional(u"schema"_s), u"schema"_s);
    const bool isPublic =
        wanted == u"public" && hostOf(interpreter).backend() == Backend::PostgreSql;
    const QString usual = isPublic ? QString() : wanted;
    QStringList names;
    const Schema &schema = schemaOf(interpreter);
    for (auto it = schema.tables.cbegin(); it != schema.tables.cend(); ++it) {
        if (it.key().schema == usual)
            names.append(it.key().name);
    }
    if (wanted == hostOf(interpreter).versionTable().schema)
        names.append(hostOf(interpreter).versionTable().name);
    names.sort();
    return list(interpreter, names);
}

Value hasTable(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    const TableName name = tableArgument(interpreter, args);
    const Schema &schema = schemaOf(interpreter);
    const bool isView = std::ranges::any_of(schema.objects, [&](const NamedObject &object) {
        return object.kind == NamedObject::Kind::View && object.name == name;
    });
    return Value(isView || schema.table(name) != nullptr
                 || name == hostOf(interpreter).versionTable());
}

/// What a server makes of a default or a check: it is there, and nobody knows how it is spelled.
class ServersText final : public Object
{
public:
    explicit ServersText(ExprPtr written)
        : m_written(std::move(written))
    {}
    QString typeName() const override { return u"str"_s; }
    bool truth(Interpreter &) override { return true; }
    /// For our stand-ins of packages alone: what the scripts wrote, text or element.
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"_as_written")
            return m_written->kind == Expr::Kind::Text ? Value(m_written->text)
                                                       : makeElement(interpreter, m_written);
        refuse(interpreter);
    }
    std::optional<bool> contains(Interpreter &interpreter, const Value &) override
    {
        refuse(interpreter);
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp op, const Value &other) override
    {
        if (other.isNone())
            return Value(op == CompareOp::Ne);
        refuse(interpreter);
    }
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp, const Value &, bool) override
    {
        refuse(interpreter);
    }
    QString repr(Interpreter &interpreter) override { refuse(interpreter); }

private:
    ExprPtr m_written;

    [[noreturn]] static void refuse(Interpreter &interpreter)
    {
        interpreter.needsConnection(u"asks how the server spells a default or a check"_s);
    }
};

/// SQLite keeps the text as it was written, but for parentheses around a default.
Value textInDatabase(Interpreter &interpreter, const ExprPtr &expression)
{
    Host &host = hostOf(interpreter);
    if (host.backend() != Backend::Sqlite)
        return interpreter.make<ServersText>(expression);
    const bool isText = expression->kind == Expr::Kind::Text;
    const auto spelled = isText ? Result<QString>(expression->text)
                                : host.spelled(expression, Backend::Sqlite, false);
    if (!spelled)
        return interpreter.make<ServersText>(expression);
    const QString text = spelled->trimmed();
    const bool isWrapped = text.startsWith(u'(') && text.endsWith(u')')
                           && text.indexOf(u')') == text.size() - 1;
    return Value(isWrapped ? text.sliced(1, text.size() - 2) : text);
}

/// What only one database tells of a column.
void addOwnParts(Interpreter &interpreter, const Table &table, const Column &column,
                 const Value &entry)
{
    const auto add = [&](const QString &name, const Value &value) {
        interpreter.setItem(entry, Value(name), value);
    };
    if (hostOf(interpreter).backend() != Backend::Sqlite) {
        add(u"autoincrement"_s, Value(u"auto"_s));
        add(u"comment"_s, column.hasComment ? Value(column.comment) : Value());
        return;
    }
    const PrimaryKey *key = table.primaryKey();
    add(u"primary_key"_s, Value(key ? key->columns.indexOf(column.name) + 1 : 0));
    if (column.computed)
        add(u"computed"_s,
            interpreter.dict(
                {{u"sqltext"_s, textInDatabase(interpreter, column.computed->expression)},
                 {u"persisted"_s, Value(column.computed->persisted.value_or(false))}}));
}

Value columns(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    std::vector<Value> result;
    const Table &table = tableOf(interpreter, args, true);
    const PrimaryKey *key = table.primaryKey(); // which makes its columns NOT NULL
    const bool isLite = hostOf(interpreter).backend() == Backend::Sqlite;
    const auto isNullable = [&](const Column &column) {
        return column.isNullable() && (isLite || !key || !key->columns.contains(column.name));
    };
    for (const Column &column : table.columns) {
        const Value entry = interpreter.dict(
            {{u"name"_s, Value(column.name)},
             {u"type"_s, typeValue(interpreter, column.type)},
             {u"nullable"_s, Value(isNullable(column))},
             {u"default"_s, column.serverDefault
                                ? textInDatabase(interpreter, column.serverDefault)
                                : Value()}});
        addOwnParts(interpreter, table, column, entry);
        result.push_back(entry);
    }
    return interpreter.list(std::move(result));
}

Value indexEntry(Interpreter &interpreter, const Value &name, const Value &columns, bool isUnique)
{
    const bool isLite = hostOf(interpreter).backend() == Backend::Sqlite;
    const Value entry = interpreter.dict(
        {{u"name"_s, name},
         {u"column_names"_s, columns},
         {u"unique"_s, isLite ? Value(int(isUnique)) : Value(isUnique)}});
    if (isLite)
        interpreter.setItem(entry, Value(u"dialect_options"_s), interpreter.dict({}));
    return entry;
}

bool isOrder(const QString &word)
{
    return word == u"ASC" || word == u"DESC" || word.startsWith(u"NULLS ");
}

/// Empty where it is not of columns alone.
QStringList indexedColumns(const Table &table, const Index &index)
{
    QStringList names;
    for (ExprPtr element : index.elements) {
        while (element->kind == Expr::Kind::Unary && isOrder(element->text))
            element = element->args.value(0);
        if (element->kind != Expr::Kind::Column || !table.column(element->text))
            return {};
        names.append(element->text);
    }
    return names;
}

/// An index that a script has made.
Value ownIndex(Interpreter &interpreter, const Table &table, const Index &index)
{
    constexpr qsizetype longest = 63;
    const QStringList columns = indexedColumns(table, index);
    const Value names = columns.isEmpty() && !index.elements.isEmpty() ? interpreter.unknown(
                            u"an index's columns"_s, u"databases tell expressions their own way"_s)
                                                                       : list(interpreter, columns);
    const Value name =
        index.name.text.size() > longest ? interpreter.unknown(
            u"an index's name"_s, u"%1 is too long for the database"_s.arg(index.name.text))
                                         : Value(index.name.text);
    return indexEntry(interpreter, name, names, index.unique);
}

/// MySQL makes an index for a foreign key that no other one serves.
bool isServed(const Table &table, const ForeignKey &key)
{
    const auto begins = [&](const QStringList &columns) {
        return columns.first(std::min(columns.size(), key.columns.size())) == key.columns;
    };
    return std::ranges::any_of(
               table.indexes,
               [&](const Index &index) { return begins(indexedColumns(table, index)); })
           || std::ranges::any_of(table.constraints, [&](const Constraint &constraint) {
                  const auto *primary = std::get_if<PrimaryKey>(&constraint);
                  const auto *unique = std::get_if<UniqueConstraint>(&constraint);
                  return (primary && begins(primary->columns))
                         || (unique && begins(unique->columns));
              });
}

/// Those behind constraints as well, but SQLite's, which are not shown.
Value indexes(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    const Table &table = tableOf(interpreter, args);
    const Backend backend = hostOf(interpreter).backend().value_or(Backend::Sqlite);
    std::vector<Value> result;
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    if (isMySql && table.hasRenamed) // a dropped key leaves its index behind
        interpreter.needsConnection(
            u"inspects the indexes of the table %1, whose keys were changed"_s.arg(
                table.name.text()));
    QList<Index> made = table.indexes;
    if (!isMySql) // SQLAlchemy asks for them by name
        std::ranges::stable_sort(made, {}, [](const Index &index) { return index.name.text; });
    for (const Index &index : std::as_const(made)) {
        const bool isOfColumns =
            index.elements.isEmpty() || !indexedColumns(table, index).isEmpty();
        if (isOfColumns || backend != Backend::Sqlite) // there SQLAlchemy leaves out the others
            result.push_back(ownIndex(interpreter, table, index));
    }
    if (backend == Backend::Sqlite)
        return interpreter.list(std::move(result));
    for (const Constraint &constraint : table.constraints) {
        const Value name = databaseName(interpreter, table, constraint);
        const auto *key = std::get_if<ForeignKey>(&constraint);
        const auto *unique = std::get_if<UniqueConstraint>(&constraint);
        if (const auto *unknown = unique ? name.as<Unknown>() : nullptr)
            unknown->refuse(interpreter); // it may not even be there
        if (unique)
            result.push_back(
                indexEntry(interpreter, name, list(interpreter, unique->columns), true));
        else if (key && isMySql && !isServed(table, *key))
            result.push_back(indexEntry(interpreter,
                                        key->name.isEmpty() ? Value(key->columns.value(0)) : name,
                                        list(interpreter, key->columns), false));
    }
    return interpreter.list(std::move(result));
}

template<typename Kind, typename Describe>
Value constraintsOf(Interpreter &interpreter, const Table &table, const Describe &describe)
{
    std::vector<Value> result;
    for (const Constraint &constraint : table.constraints) {
        const auto *found = std::get_if<Kind>(&constraint);
        if (!found)
            continue;
        const Value name = databaseName(interpreter, table, constraint);
        const auto *unknown = name.as<Unknown>();
        if (unknown && std::is_same_v<Kind, UniqueConstraint>)
            unknown->refuse(interpreter); // it may not even be there
        result.push_back(describe(*found, name));
    }
    return interpreter.list(std::move(result));
}

Value uniqueConstraints(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    return constraintsOf<UniqueConstraint>(
        interpreter, tableOf(interpreter, args),
        [&](const UniqueConstraint &unique, const Value &name) {
            return interpreter.dict(
                {{u"name"_s, name}, {u"column_names"_s, list(interpreter, unique.columns)}});
        });
}

Value keyOptions(Interpreter &interpreter, const ForeignKey &key)
{
    const Value made = interpreter.dict({});
    const auto add = [&](const QString &name, const Value &value) {
        interpreter.setItem(made, Value(name), value);
    };
    const bool isLite = hostOf(interpreter).backend() == Backend::Sqlite; // as the text has them
    if (isLite && !key.onDelete.isEmpty())
        add(u"ondelete"_s, Value(key.onDelete));
    if (!key.onUpdate.isEmpty())
        add(u"onupdate"_s, Value(key.onUpdate));
    if (!isLite && !key.onDelete.isEmpty())
        add(u"ondelete"_s, Value(key.onDelete));
    if (key.deferrable)
        add(u"deferrable"_s, Value(*key.deferrable));
    if (!key.initially.isEmpty())
        add(u"initially"_s, Value(key.initially));
    return made;
}

Value foreignKeys(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    return constraintsOf<ForeignKey>(
        interpreter, tableOf(interpreter, args), [&](const ForeignKey &key, const Value &name) {
            return interpreter.dict(
                {{u"name"_s, name},
                 {u"constrained_columns"_s, list(interpreter, key.columns)},
                 {u"referred_schema"_s,
                  key.target.schema.isEmpty() ? Value() : Value(key.target.schema)},
                 {u"referred_table"_s, Value(key.target.name)},
                 {u"referred_columns"_s, list(interpreter, key.targetColumns)},
                 {u"options"_s, keyOptions(interpreter, key)}});
        });
}

Value checkConstraints(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    const Table &table = tableOf(interpreter, args);
    const bool hasInner = std::ranges::any_of(
        table.columns, [](const Column &column) { return !column.checks.isEmpty(); });
    if (hasInner)
        interpreter.needsConnection(u"inspects the checks of the table %1, some of which stand in "
                                    "its columns"_s.arg(table.name.text()));
    const Value all = constraintsOf<CheckConstraint>(
        interpreter, table, [&](const CheckConstraint &check, const Value &name) {
            return interpreter.dict({{u"sqltext"_s, textInDatabase(interpreter, check.condition)},
                                     {u"name"_s, name}});
        });
    std::vector<Value> sorted = all.as<List>()->items;
    const auto name = [&](const Value &entry) {
        const Value known = interpreter.getItem(entry, Value(u"name"_s));
        return known.isStr() ? known.str() : u"~"_s;
    };
    std::ranges::stable_sort(sorted, {}, name);
    return interpreter.list(std::move(sorted));
}

Value primaryKey(Interpreter &interpreter, InspectorObject &, const CallArgs &args)
{
    const Table &table = tableOf(interpreter, args);
    for (const Constraint &constraint : table.constraints) {
        if (const auto *key = std::get_if<PrimaryKey>(&constraint))
            return interpreter.dict({{u"constrained_columns"_s, list(interpreter, key->columns)},
                                     {u"name"_s, databaseName(interpreter, table, constraint)}});
    }
    return interpreter.dict(
        {{u"constrained_columns"_s, list(interpreter, {})}, {u"name"_s, Value()}});
}

Value viewNames(Interpreter &interpreter, InspectorObject &, const CallArgs &)
{
    QStringList names;
    for (const NamedObject &object : schemaOf(interpreter).objects) {
        if (object.kind == NamedObject::Kind::View)
            names.append(object.name.name);
    }
    return list(interpreter, names);
}

Value hasIndex(Interpreter &interpreter, InspectorObject &self, const CallArgs &args);

const MethodTable<InspectorObject> &inspectorMethods()
{
    static const MethodTable<InspectorObject> table{
        {u"get_table_names"_s, tableNames},
        {u"has_table"_s, hasTable},
        {u"get_columns"_s, columns},
        {u"get_indexes"_s, indexes},
        {u"get_unique_constraints"_s, uniqueConstraints},
        {u"get_foreign_keys"_s, foreignKeys},
        {u"get_check_constraints"_s, checkConstraints},
        {u"get_pk_constraint"_s, primaryKey},
        {u"get_view_names"_s, viewNames},
        {u"has_index"_s, hasIndex},
    };
    return table;
}

/// Whether an index is there, by name.
Value hasIndex(Interpreter &interpreter, InspectorObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"has_index"_s);
    CallArgs table;
    table.positional.push_back(a.required(u"table_name"_s));
    const Value name = a.required(u"index_name"_s);
    table.keywords.push_back({u"schema"_s, a.optional(u"schema"_s)});
    a.finish();
    for (const Value &index : interpreter.items(indexes(interpreter, self, table)))
        if (interpreter.equals(interpreter.getItem(index, Value(u"name"_s)), name))
            return Value(true);
    return Value(false);
}

/// On a live database an Inspector keeps what it was told once, as SQLAlchemy's does.
std::optional<Value> InspectorObject::remembered(Interpreter &interpreter, const QString &name)
{
    if (name == u"clear_cache")
        return interpreter.function(name, [this](Interpreter &, const CallArgs &) {
            m_told.clear();
            return Value();
        });
    const auto method = inspectorMethods().value(name);
    if (!method)
        return std::nullopt;
    return interpreter.function(name, [this, name, method](Interpreter &in, const CallArgs &args) {
        QString key = name;
        for (const Value &value : args.positional)
            key += u'\n' + in.repr(value);
        for (const auto &[keyword, value] : args.keywords)
            key += u'\n' + keyword + u'=' + in.repr(value);
        if (!m_told.contains(key))
            m_told.insert(key, method(in, *this, args));
        return m_told.value(key);
    });
}

std::optional<Value> InspectorObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (hostOf(interpreter).live()) {
        if (auto method = remembered(interpreter, name))
            return method;
    }
    if (auto method = boundMethod(interpreter, *this, inspectorMethods(), name))
        return method;
    if (name == u"bind" || name == u"engine")
        return makeConnection(interpreter);
    if (name == u"dialect" && hostOf(interpreter).backend())
        return makeDialect(interpreter, *hostOf(interpreter).backend());
    if (name == u"default_schema_name" && hostOf(interpreter).backend() == Backend::Sqlite)
        return Value(u"main"_s);
    if (name == u"default_schema_name" || name.startsWith(u"get_"))
        interpreter.needsConnection(u"inspects the database (.%1)"_s.arg(name));
    return std::nullopt;
}

} // namespace

std::optional<Value> inspectorMethod(Interpreter &interpreter, const QString &name)
{
    if (!inspectorMethods().contains(name))
        return std::nullopt;
    return interpreter.function(name, [name](Interpreter &in, const CallArgs &args) {
        CallArgs own = args;
        if (!own.positional.empty()) // the connection
            own.positional.erase(own.positional.begin());
        return in.call(in.getAttr(makeInspector(in), name), own);
    });
}

Value constructInspector(Interpreter &interpreter, Class *, const CallArgs &)
{
    return makeInspector(interpreter);
}

Value makeInspector(Interpreter &interpreter)
{
    if (!hostOf(interpreter).currentSchema())
        interpreter.needsConnection(u"inspects the database"_s);
    return interpreter.make<InspectorObject>(classOf(interpreter, u"Inspector"_s));
}

} // namespace tribikos::py::sa
