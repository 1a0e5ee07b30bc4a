#include "core/sqlread/pgstatement.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// ALTER TABLE, one action after another.
namespace tribikos {

namespace {

/// The actions of one ALTER TABLE; each returns false when it can't be followed.
class PgAlterTable
{
public:
    PgAlterTable(const PgNode &statement, PgContext &context, const TableName &table)
        : m_statement(statement)
        , m_context(context)
        , m_table(table)
    {}
    void applyAll();

private:
    bool apply(const PgNode &action, qsizetype place);
    bool applyToColumn(const PgNode &action, qsizetype place);
    bool addColumn(const PgNode &action);
    bool addConstraint(const PgNode &action);
    void dropConstraint(const PgNode &action, bool ifExists);
    bool addByIndex(const PgNode &constraint);
    void add(const Constraint &constraint);
    bool setType(const PgNode &action);
    bool setDefault(const PgNode &action, qsizetype place);
    bool attach(const PgNode &action);
    void inherit(const PgNode &action, bool isAdded);
    QList<qsizetype> places();

    const PgNode &m_statement;
    PgContext &m_context;
    const TableName m_table;
};

/// What the server keeps of a table beside its definition: owner, row security, storage, order on disk.
bool isAside(const QString &action)
{
    static constexpr QStringView kinds[] = {
        u"AT_SetStatistics",   u"AT_SetOptions",         u"AT_ResetOptions",
        u"AT_SetStorage",      u"AT_SetCompression",     u"AT_ValidateConstraint",
        u"AT_ChangeOwner",     u"AT_ClusterOn",          u"AT_DropCluster",
        u"AT_SetLogged",       u"AT_SetUnLogged",        u"AT_DropOids",
        u"AT_SetTableSpace",   u"AT_SetAccessMethod",    u"AT_SetRelOptions",
        u"AT_ResetRelOptions", u"AT_ReplaceRelOptions",  u"AT_EnableRowSecurity",
        u"AT_ReplicaIdentity", u"AT_DisableRowSecurity", u"AT_ForceRowSecurity",
        u"AT_GenericOptions",  u"AT_NoForceRowSecurity", u"AT_AlterColumnGenericOptions"};
    return std::ranges::find(kinds, QStringView(action)) != std::end(kinds)
           || action.startsWith(u"AT_EnableTrig") || action.startsWith(u"AT_DisableTrig")
           || action.startsWith(u"AT_EnableRule") || action.startsWith(u"AT_DisableRule")
           || action.startsWith(u"AT_EnableAlways") || action.startsWith(u"AT_EnableReplica");
}

/// Whether an action can change constraints and indexes only.
bool isOfKeys(const QString &action)
{
    return action.contains(u"Constraint") || action == u"AT_AttachPartition"
           || action == u"AT_DetachPartition";
}

/// Where each action begins, as the place of its first token; the tree doesn't say.
QList<qsizetype> PgAlterTable::places()
{
    SqlCursor &cursor = m_context.text.at(m_statement.node(u"relation").number(u"location"));
    cursor.takeTableName();
    cursor.acceptSymbol(u"*");
    QList<qsizetype> places;
    while (!cursor.atEnd()) {
        places.append(cursor.position());
        cursor.skipItem();
        if (!cursor.acceptSymbol(u","))
            break;
    }
    return places;
}

void PgAlterTable::applyAll()
{
    const QList<qsizetype> begins = places();
    const QList<PgNode> actions = m_statement.list(u"cmds");
    for (qsizetype i = 0; i < actions.size(); ++i) {
        const QString kind = actions[i].text(u"subtype");
        const bool isPlaced = begins.size() == actions.size();
        if (isAside(kind) || apply(actions[i], isPlaced ? begins[i] : -1))
            continue;
        const bool isKnown = m_context.schema.table(m_table) != nullptr;
        m_context.markOpaque(m_table, isKnown && isOfKeys(kind));
    }
}

bool PgAlterTable::apply(const PgNode &action, qsizetype place)
{
    const QString kind = action.text(u"subtype");
    if (kind == u"AT_AddColumn")
        return addColumn(action);
    if (kind == u"AT_AddConstraint")
        return addConstraint(action);
    if (kind == u"AT_AttachPartition" || kind == u"AT_DetachPartition"
        || kind == u"AT_DetachPartitionFinalize")
        return attach(action);
    if (kind == u"AT_AddInherit" || kind == u"AT_DropInherit") {
        inherit(action, kind == u"AT_AddInherit");
        return true;
    }
    const bool ifExists = action.flag(u"missing_ok");
    if (kind == u"AT_DropColumn") {
        const QString column = action.text(u"name");
        if (!ifExists && m_context.refusesColumn(m_table, column))
            return true;
        if (action.text(u"behavior") == u"DROP_CASCADE")
            pgCascadeOfColumn(m_table, column, m_context);
        m_context.run(DropColumn{m_table, column, ifExists});
        return true;
    }
    if (kind == u"AT_DropConstraint") {
        dropConstraint(action, ifExists);
        return true;
    }
    return applyToColumn(action, place);
}

void PgAlterTable::dropConstraint(const PgNode &action, bool ifExists)
{
    const Table *table = m_context.schema.table(m_table);
    const QList<Constraint> before = table ? table->constraints : QList<Constraint>();
    m_context.run(DropConstraint{m_table, {.text = action.text(u"name")}, {}, ifExists});
    table = m_context.schema.table(m_table);
    if (!table || action.text(u"behavior") != u"DROP_CASCADE")
        return;
    bool isFound = false;
    for (const Constraint &constraint : before) {
        if (table->constraints.contains(constraint))
            continue;
        isFound = true;
        if (const auto *primary = std::get_if<PrimaryKey>(&constraint))
            pgCascadeOfKey(m_table, primary->columns, true, m_context);
        else if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
            pgCascadeOfKey(m_table, unique->columns, false, m_context);
    }
    const auto refers = [&](const Constraint &constraint) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        return key && key->target == m_table;
    };
    if (!isFound && !ifExists) // a key of an unknown name: which of the others' keys went with it?
        for (Table &other : m_context.schema.tables)
            other.isOpaque = other.isOpaque || std::ranges::any_of(other.constraints, refers);
}

bool PgAlterTable::applyToColumn(const PgNode &action, qsizetype place)
{
    const QString kind = action.text(u"subtype");
    if (m_context.refusesColumn(m_table, action.text(u"name")))
        return true;
    if (kind == u"AT_AlterColumnType")
        return setType(action);
    if (kind == u"AT_ColumnDefault" && action.has(u"def"))
        return setDefault(action, place);
    AlterColumn altered{.table = m_table, .column = action.text(u"name")};
    if (kind == u"AT_SetNotNull")
        altered.nullable = false;
    else if (kind == u"AT_DropNotNull")
        altered.nullable = true;
    else if (kind == u"AT_ColumnDefault" || kind == u"AT_DropIdentity"
             || kind == u"AT_DropExpression")
        altered.serverDefault = DefaultChange{};
    else if (kind == u"AT_AddIdentity")
        altered.serverDefault =
            DefaultChange{.identity = pgIdentity(action.node(u"def"), m_context.text)};
    else
        return false;
    if (kind == u"AT_AddIdentity" && !altered.serverDefault->identity)
        return false;
    m_context.run(altered);
    return true;
}

bool PgAlterTable::addColumn(const PgNode &action)
{
    Table part{.name = m_table};
    if (!readPgColumn(action.node(u"def"), m_context.text, part))
        return false;
    const bool isOptional = action.flag(u"missing_ok");
    if (!isOptional && m_context.refusesColumn(m_table, part.columns.constFirst().name, false))
        return true;
    AddColumn added{
        .table = m_table, .column = part.columns.constFirst(), .constraints = part.constraints};
    added.ifNotExists = isOptional;
    m_context.run(added);
    return true;
}

bool PgAlterTable::addConstraint(const PgNode &action)
{
    const PgNode constraint = action.node(u"def");
    if (constraint.has(u"indexname"))
        return addByIndex(constraint);
    Table part{.name = m_table};
    if (!readPgConstraint(constraint, m_context.text, part))
        return false;
    for (const Constraint &made : std::as_const(part.constraints))
        if (!m_context.refusesConstraint(m_table, made))
            add(made);
    return true;
}

/// ADD CONSTRAINT c UNIQUE USING INDEX i: the index becomes the constraint's, and is called like it.
bool PgAlterTable::addByIndex(const PgNode &constraint)
{
    Table *table = m_context.schema.table(m_table);
    if (!table)
        return false;
    const auto index = std::ranges::find_if(table->indexes, [&](const Index &known) {
        return known.name.text == constraint.text(u"indexname");
    });
    if (index == table->indexes.end())
        return false;
    QStringList columns;
    for (const ExprPtr &element : std::as_const(index->elements))
        columns.append(element->text);
    const Name name{.text = constraint.has(u"conname") ? constraint.text(u"conname")
                                                       : index->name.text};
    DialectOptions options;
    for (const QString &kept : {u"postgresql_include"_s, u"postgresql_nulls_not_distinct"_s})
        if (index->options.contains(kept))
            options.insert(kept, index->options.value(kept));
    table->indexes.erase(index);
    if (constraint.text(u"contype") == u"CONSTR_PRIMARY") {
        add(PrimaryKey{.name = name, .columns = columns, .options = options});
        return true;
    }
    UniqueConstraint unique{.name = name, .columns = columns, .options = options};
    if (constraint.flag(u"deferrable"))
        unique.deferrable = true;
    if (constraint.flag(u"initdeferred"))
        unique.initially = u"DEFERRED"_s;
    add(unique);
    return true;
}

/// A key's columns are NOT NULL from now on.
void PgAlterTable::add(const Constraint &constraint)
{
    m_context.run(AddConstraint{m_table, constraint});
    const auto *key = std::get_if<PrimaryKey>(&constraint);
    if (Table *table = key ? m_context.schema.table(m_table) : nullptr)
        for (const QString &name : key->columns)
            if (Column *column = table->column(name))
                column->nullable = false;
}

bool PgAlterTable::setType(const PgNode &action)
{
    const PgNode definition = action.node(u"def");
    AlterColumn altered{.table = m_table, .column = action.text(u"name")};
    altered.type = pgType(definition.node(u"typeName"), m_context.text);
    m_context.run(altered);
    if (!definition.has(u"collClause"))
        return true;
    Table *table = m_context.schema.table(m_table);
    if (Column *column = table ? table->column(altered.column) : nullptr)
        column->collation = pgCollation(definition.node(u"collClause"));
    return true;
}

/// ALTER [COLUMN] c SET DEFAULT expression
bool PgAlterTable::setDefault(const PgNode &action, qsizetype place)
{
    if (place < 0)
        return false;
    SqlCursor &cursor = m_context.text.atStart();
    cursor.moveTo(place);
    cursor.accept({u"ALTER"});
    cursor.accept({u"COLUMN"});
    cursor.takeName();
    if (!cursor.accept({u"SET", u"DEFAULT"}))
        return false;
    AlterColumn altered{.table = m_table, .column = action.text(u"name")};
    altered.serverDefault =
        DefaultChange{.expression = pgDefault(action.node(u"def"), cursor.takeItem())};
    m_context.run(altered);
    return true;
}

/// ATTACH or DETACH PARTITION: what is a partition is the other table; this one stays as it is.
bool PgAlterTable::attach(const PgNode &action)
{
    Table *child = m_context.schema.table(m_context.table(action.node(u"def").node(u"name")));
    if (!child)
        return true;
    const QString option = u"postgresql_partition_of"_s;
    if (action.text(u"subtype") == u"AT_AttachPartition")
        child->options.insert(option, m_table.text());
    else
        child->options.remove(option);
    return true;
}

void PgAlterTable::inherit(const PgNode &action, bool isAdded)
{
    Table *table = m_context.schema.table(m_table);
    if (!table)
        return;
    const QString option = u"postgresql_inherits"_s;
    const DialectOption known = table->options.value(option, QStringList());
    QStringList parents = std::get<QStringList>(known);
    const QString parent = m_context.table(action.node(u"def")).text();
    parents.removeAll(parent);
    if (isAdded)
        parents.append(parent);
    if (parents.isEmpty())
        table->options.remove(option);
    else
        table->options.insert(option, parents);
}

} // namespace

namespace {

/// ALTER INDEX i ATTACH PARTITION j: j is a part of i from now on, and nothing of its own, as the catalogue has it.
void attachIndex(const PgNode &action, PgContext &context)
{
    const TableName name = context.table(action.node(u"def").node(u"name"));
    for (Table &table : context.schema.tables) {
        if (table.name.schema != name.schema)
            continue;
        table.indexes.removeIf([&](const Index &index) { return index.name.text == name.name; });
        const bool hadKey = table.primaryKey();
        table.constraints.removeIf([&](const Constraint &constraint) {
            return constraintName(constraint).text == name.name
                   && (std::holds_alternative<PrimaryKey>(constraint)
                       || std::holds_alternative<UniqueConstraint>(constraint));
        });
        if (hadKey && !table.primaryKey())
            for (Column &column : table.columns)
                column.primaryKey = false;
    }
}

} // namespace

std::optional<bool> pgAlterTable(const PgNode &statement, PgContext &context)
{
    if (!statement.is(u"AlterTableStmt"))
        return std::nullopt;
    const QString kind = statement.text(u"objtype");
    const TableName name = context.table(statement.node(u"relation"));
    const bool isOfOther = !context.schema.table(name) && context.relationLike(name);
    const QList<PgNode> actions = statement.list(u"cmds");
    const bool isSame = std::ranges::all_of(
        actions, [](const PgNode &action) { return isAside(action.text(u"subtype")); });
    if (kind == u"OBJECT_VIEW" || kind == u"OBJECT_MATVIEW") {
        // ALTER COLUMN … SET DEFAULT: the text that made it is no longer the whole of it
        if (NamedObject *view = isSame ? nullptr : context.relationLike(name))
            view->definition.clear();
        return true;
    }
    if (kind == u"OBJECT_INDEX")
        for (const PgNode &action : actions)
            if (action.text(u"subtype") == u"AT_AttachPartition")
                attachIndex(action, context);
    // pg_dump says OWNER TO of sequences and views as of tables; a type's attributes are not kept
    if (isOfOther || (kind != u"OBJECT_TABLE" && kind != u"OBJECT_FOREIGN_TABLE"))
        return true;
    if (context.isTemporary(name))
        return true;
    // OWNER TO of a sequence that SERIAL made is no affair of a table's
    if (!isSame && !statement.flag(u"missing_ok") && context.refusesTable(name))
        return true;
    PgAlterTable(statement, context, name).applyAll();
    return true;
}

} // namespace tribikos
