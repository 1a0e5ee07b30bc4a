#include "core/ops/replay.h"

#include "core/ops/batchorder.h"
#include "core/ops/columnuse.h"
#include "core/ops/rowtrace.h"
#include "core/ops/tableedit.h"

#include <QSet>
#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// MySQL makes an index for a foreign key that none begins with, and keeps it when the key goes.
void keepForeignKeyIndex(Table &table, const ForeignKey &key)
{
    const auto startsWithKey = [&](const QStringList &columns) {
        return columns.mid(0, key.columns.size()) == key.columns;
    };
    const auto isCovered = [&](const Constraint &constraint) {
        const auto *primary = std::get_if<PrimaryKey>(&constraint);
        const auto *unique = std::get_if<UniqueConstraint>(&constraint);
        return (primary && startsWithKey(primary->columns))
               || (unique && startsWithKey(unique->columns));
    };
    const auto isIndex = [&](const Index &index) {
        QStringList columns;
        for (const ExprPtr &element : index.elements)
            columns.append(element && element->kind == Expr::Kind::Column ? element->text
                                                                          : QString());
        return startsWithKey(columns);
    };
    if (std::ranges::any_of(table.constraints, isCovered)
        || std::ranges::any_of(table.indexes, isIndex))
        return;
    Index kept{.name = key.name, .options = {{u"made_for_key"_s, true}}};
    if (kept.name.isEmpty())
        kept.name = {.text = key.columns.value(0), .isGenerated = true};
    for (const QString &column : key.columns)
        kept.elements.append(columnExpr(column));
    table.indexes.append(kept);
}

/// ... and drops it as soon as there is another one.
void dropKeptIndexes(Table &table, const QStringList &columns)
{
    table.indexes.removeIf([&](const Index &index) {
        if (!index.options.contains(u"made_for_key"_s))
            return false;
        QStringList own;
        for (const ExprPtr &element : index.elements)
            own.append(element->text);
        return columns.mid(0, own.size()) == own;
    });
}

/// One operation's effect on a schema; one call per alternative of Operation::Kind.
class Replayer
{
public:
    Replayer(Schema &schema, const RawSqlReader *sqlReader, SourceSpan span)
        : m_schema(schema)
        , m_sqlReader(sqlReader)
        , m_span(span)
    {}

    void operator()(const CreateTable &operation);
    void operator()(const DropTable &operation);
    void operator()(const RenameTable &operation);
    void operator()(const AddColumn &operation);
    void operator()(const DropColumn &operation);
    void operator()(const AlterColumn &operation);
    void operator()(const CreateIndex &operation);
    void operator()(const DropIndex &operation);
    void operator()(const AddConstraint &operation);
    void operator()(const DropConstraint &operation);
    void operator()(const SetTableComment &operation);
    void operator()(const Execute &operation);
    void operator()(const ExecuteMany &) { forgetEmptyTables(m_schema); }
    void operator()(const BulkInsert &operation);
    void operator()(const CreateType &operation);
    void operator()(const DropType &operation);
    void operator()(const CreateSequence &operation);
    void operator()(const DropSequence &operation);
    void operator()(const CreateNamespace &operation);
    void operator()(const DropNamespace &operation);
    void operator()(const BatchAlterTable &operation);
    void operator()(const AutocommitBegin &) {}
    void operator()(const AutocommitEnd &) {}

private:
    /// The table; one that no earlier operation made is added as opaque.
    Table &table(const TableName &name);
    void retarget(const TableName &target, const std::function<void(ForeignKey &)> &change);
    void renameInObjects(const TableName &table, const QString &newName);
    void renameInObjects(const TableName &table, const QString &column, const QString &newName);
    void removeType(const SqlTypePtr &type);
    SqlTypePtr asKnown(const SqlTypePtr &type) const;
    void remove(NamedObject::Kind kind, const TableName &name);

    /// Replayed for a database other than SQLite.
    bool isElsewhere() const { return m_sqlReader && m_sqlReader->backend() != Backend::Sqlite; }
    bool isMySql() const { return isElsewhere() && m_sqlReader->backend() != Backend::PostgreSql; }

    Schema &m_schema;
    const RawSqlReader *m_sqlReader;
    SourceSpan m_span;
};

Table &Replayer::table(const TableName &name)
{
    const auto found = m_schema.tables.find(name);
    if (found != m_schema.tables.end())
        return *found;
    if (name.schema == u"public") { // PostgreSQL's usual schema, where most scripts name none
        const auto bare = m_schema.tables.find({{}, name.name});
        if (bare != m_schema.tables.end())
            return *bare;
    }
    return *m_schema.tables.insert(name,
                                   Table{.name = name, .isOpaque = true, .columnsOpaque = true});
}

/// Runs \a change on every foreign key that points at \a target.
void Replayer::retarget(const TableName &target, const std::function<void(ForeignKey &)> &change)
{
    for (Table &owner : m_schema.tables) {
        for (Constraint &constraint : owner.constraints) {
            auto *key = std::get_if<ForeignKey>(&constraint);
            if (key && key->target == target)
                change(*key);
        }
    }
}

void Replayer::operator()(const CreateTable &operation)
{
    const TableName &name = operation.table.name;
    if (operation.ifNotExists && m_schema.table(name))
        return;
    Table made = operation.table;
    // With IF NOT EXISTS it may be one that was there before.
    made.isEmpty = m_schema.startsEmpty && !operation.ifNotExists;
    if (isElsewhere()) // Alembic's CREATE TABLE leaves them out, and nothing adds them
        made.constraints.removeIf([](const Constraint &constraint) {
            const auto *key = std::get_if<ForeignKey>(&constraint);
            return key && key->useAlter;
        });
    if (made.options.contains(u"postgresql_inherits"_s)) // its rows are its parents', too
        forgetEmptyTables(m_schema);
    m_schema.tables.insert(name, made);
}

void Replayer::operator()(const DropTable &operation)
{
    m_schema.tables.remove(operation.table);
    m_schema.objects.removeIf([&](const NamedObject &object) {
        const bool goesAlong =
            object.kind == NamedObject::Kind::Trigger || object.kind == NamedObject::Kind::Sequence;
        return goesAlong && object.table == operation.table.name
               && object.name.schema == operation.table.schema;
    });
}

void Replayer::operator()(const RenameTable &operation)
{
    const TableName renamed{operation.table.schema, operation.newName};
    Table moved = table(operation.table);
    m_schema.tables.remove(operation.table);
    moved.name = renamed;
    moved.hasRenamed = true;
    for (Index &index : moved.indexes)
        index.sql.clear(); // the catalogue's text names the old table
    m_schema.tables.insert(renamed, moved);
    retarget(operation.table, [&](ForeignKey &key) { key.target = renamed; });
    renameInObjects(operation.table, operation.newName);
    if (m_schema.filled.contains(operation.table.name.toLower()))
        m_schema.filled.insert(operation.newName.toLower());
}

/// Views and triggers follow a renamed table: SQLite rewrites their text.
void Replayer::renameInObjects(const TableName &table, const QString &newName)
{
    for (NamedObject &object : m_schema.objects) {
        if (object.kind == NamedObject::Kind::Trigger && object.table == table.name)
            object.table = newName;
        object.definition = withNameRenamed(object.definition, table.name, newName);
    }
}

/// The same for a renamed column. Where another table of the definition has such a column too,
/// which one is meant can't be told by words: the definition is forgotten, not guessed.
void Replayer::renameInObjects(const TableName &table, const QString &column,
                               const QString &newName)
{
    for (NamedObject &object : m_schema.objects) {
        const QString &definition = object.definition;
        if (!mentionsName(definition, table.name) || !mentionsName(definition, column))
            continue;
        const bool isAmbiguous = std::ranges::any_of(m_schema.tables, [&](const Table &other) {
            return !(other.name == table) && other.column(column)
                   && mentionsName(definition, other.name.name);
        });
        object.definition = isAmbiguous ? QString() : withNameRenamed(definition, column, newName);
    }
}

void Replayer::operator()(const AddColumn &operation)
{
    AddColumn said = operation;
    said.column.type = asKnown(said.column.type);
    addColumn(table(operation.table), said);
}

void Replayer::operator()(const DropColumn &operation)
{
    dropColumn(table(operation.table), operation.column);
}

/// MySQL's MODIFY and CHANGE write the column down anew: what they don't say is gone.
AlterColumn asMySqlSaysIt(const AlterColumn &operation)
{
    const bool isWhole = operation.newName || operation.nullable || operation.type
                         || operation.autoincrement || operation.comment || operation.clearComment;
    AlterColumn said = operation;
    if (!isWhole)
        return said;
    said.nullable = operation.nullable.value_or(operation.existingNullable.value_or(true));
    if (!operation.serverDefault)
        said.serverDefault = operation.existingServerDefault.value_or(DefaultChange{});
    if (!operation.comment && !operation.clearComment) {
        said.comment = operation.existingComment;
        said.clearComment = !operation.existingComment;
    }
    return said;
}

bool isNamedEnum(const SqlType &type)
{
    const bool isNative = type.name == u"ENUM" || (type.name == u"Enum" && type.nativeEnum);
    return isNative && !type.typeName.isEmpty() && type.variants.isEmpty();
}

/// PostgreSQL: an enumeration that is there keeps its labels, whatever a column that is given the type says of it.
SqlTypePtr Replayer::asKnown(const SqlTypePtr &type) const
{
    const bool isPostgres = m_sqlReader && m_sqlReader->backend() == Backend::PostgreSql;
    if (!isPostgres || !type || !isNamedEnum(*type))
        return type;
    QStringList labels;
    for (const NamedObject &object : m_schema.objects)
        if (object.kind == NamedObject::Kind::Enum
            && object.name == TableName{type->schema, type->typeName})
            labels = object.labels;
    for (const Table &table : m_schema.tables)
        for (const Column &column : table.columns)
            if (labels.isEmpty() && column.type && isNamedEnum(*column.type)
                && column.type->typeName == type->typeName && column.type->schema == type->schema)
                labels = column.type->labels;
    if (labels.isEmpty() || labels == type->labels)
        return type;
    SqlType kept = *type;
    kept.labels = labels;
    return std::make_shared<const SqlType>(std::move(kept));
}

void Replayer::operator()(const AlterColumn &operation)
{
    AlterColumn said = isMySql() ? asMySqlSaysIt(operation) : operation;
    said.type = asKnown(said.type);
    Table &changed = table(operation.table);
    if (!changed.column(operation.column))
        changed.isOpaque = changed.columnsOpaque = true;
    alterColumn(changed, said);
    if (!operation.newName || *operation.newName == operation.column)
        return;
    changed.hasRenamed =
        changed.hasRenamed || std::ranges::any_of(changed.constraints, [&](const Constraint &c) {
            return usesColumn(c, operation.column);
        });
    renameColumn(changed, operation.column, *operation.newName);
    retarget(operation.table, [&](ForeignKey &key) {
        std::ranges::replace(key.targetColumns, operation.column, *operation.newName);
    });
    renameInObjects(operation.table, operation.column, *operation.newName);
}

void Replayer::operator()(const CreateIndex &operation)
{
    const auto sameName = [&](const Index &index) {
        return !index.name.isEmpty() && index.name.text == operation.index.name.text;
    };
    Table &owner = table(operation.table);
    // SQLite and PostgreSQL keep the names of indexes per schema, not per table.
    const auto hasIndex = [&](const Table &other) {
        return other.name.schema == owner.name.schema
               && std::ranges::any_of(other.indexes, sameName);
    };
    if (operation.ifNotExists && std::ranges::any_of(m_schema.tables, hasIndex))
        return;
    owner.indexes.removeIf(sameName);
    QStringList columns;
    for (const ExprPtr &element : operation.index.elements)
        columns.append(element ? element->text : QString());
    dropKeptIndexes(owner, columns);
    owner.indexes.append(operation.index);
}

void Replayer::operator()(const DropIndex &operation)
{
    const auto sameName = [&](const Index &index) {
        return index.name.text == operation.name.text;
    };
    // SQLite and PostgreSQL find an index by its name alone, whatever table the script names.
    QList<Table *> owners;
    const QString schema = operation.table ? operation.table->schema : operation.schema;
    const auto hasIndex = [&](const Table &table) {
        return std::ranges::any_of(table.indexes, sameName);
    };
    const auto named =
        operation.table ? m_schema.tables.find(*operation.table) : m_schema.tables.end();
    if (named != m_schema.tables.end() && hasIndex(*named)) {
        owners = {&*named};
    } else {
        for (Table &candidate : m_schema.tables)
            if (candidate.name.schema == schema && hasIndex(candidate))
                owners.append(&candidate);
    }
    if (owners.size() == 1) {
        owners.first()->indexes.removeIf(sameName);
    } else if (!owners.isEmpty()) {
        for (Table *owner : owners)
            owner->isOpaque = true; // one of them lost it
    } else if (operation.table && !operation.ifExists) {
        const DropConstraint asConstraint{*operation.table, operation.name, u"unique"_s};
        Table &owner = table(*operation.table);
        owner.isOpaque = !dropConstraint(owner, asConstraint) || owner.isOpaque;
    }
}

void Replayer::operator()(const AddConstraint &operation)
{
    Table &owner = table(operation.table);
    std::visit(
        [&owner](const auto &constraint) {
            if constexpr (requires { constraint.columns; })
                dropKeptIndexes(owner, constraint.columns);
        },
        operation.constraint);
    addConstraint(owner, operation.constraint);
}

void Replayer::operator()(const DropConstraint &operation)
{
    Table &owner = table(operation.table);
    const QList<Constraint> before = owner.constraints;
    const bool hadKey = owner.primaryKey();
    const bool isDropped = dropConstraint(owner, operation);
    if (!isDropped && !operation.ifExists)
        owner.isOpaque = true;
    const bool wasKey = isDropped && hadKey && !owner.primaryKey();
    if (!wasKey) // of which there is one, whose name is free again; the next one may take a number
        owner.hasRenamed = true;
    const bool isMySql =
        m_sqlReader
        && (m_sqlReader->backend() == Backend::MySql || m_sqlReader->backend() == Backend::MariaDb);
    if (isMySql)
        for (const Constraint &constraint : before)
            if (const auto *key = std::get_if<ForeignKey>(&constraint);
                key && !owner.constraints.contains(constraint))
                keepForeignKeyIndex(owner, *key);
}

void Replayer::operator()(const SetTableComment &operation)
{
    Table &owner = table(operation.table);
    owner.hasComment = !operation.isDrop && operation.comment.has_value();
    owner.comment = owner.hasComment ? *operation.comment : QString();
}

void Replayer::operator()(const Execute &operation)
{
    const ExprPtr &statement = operation.statement;
    if (!statement)
        return;
    if (statement->kind != Expr::Kind::Text) { // what the expression language can say is data
        traceRows(statement, m_schema);
        return;
    }
    QString sql = statement->text;
    if (operation.isDdlText)
        sql.replace(u"%%"_s, u"%"_s);
    if (sql.trimmed().isEmpty())
        return;
    const bool isUnderstood = m_sqlReader && m_sqlReader->apply(sql, m_schema);
    if (m_sqlReader)
        traceRows(sql, m_sqlReader->backend(), m_schema);
    else
        forgetEmptyTables(m_schema);
    if (isUnderstood)
        return;
    const QString line = sql.trimmed().section(u'\n', 0, 0).simplified();
    m_schema.opaqueReasons.append(m_span.line > 0 ? u"line %1: %2"_s.arg(m_span.line).arg(line)
                                                  : line);
}

void Replayer::operator()(const BulkInsert &operation)
{
    if (!operation.rows.isEmpty())
        fillTable({operation.table.schema, operation.table.name}, m_schema);
}

void Replayer::operator()(const CreateType &operation)
{
    if (!operation.type)
        return;
    removeType(operation.type);
    const SqlType &type = *operation.type;
    const auto kind = type.name == u"DOMAIN" ? NamedObject::Kind::Domain : NamedObject::Kind::Enum;
    m_schema.objects.append(
        {.kind = kind, .name = {type.schema, type.typeName}, .labels = type.labels});
}

void Replayer::operator()(const DropType &operation)
{
    if (operation.type)
        removeType(operation.type);
}

void Replayer::remove(NamedObject::Kind kind, const TableName &name)
{
    m_schema.objects.removeIf(
        [&](const NamedObject &object) { return object.kind == kind && object.name == name; });
}

void Replayer::operator()(const CreateSequence &operation)
{
    remove(NamedObject::Kind::Sequence, operation.name);
    m_schema.objects.append({.kind = NamedObject::Kind::Sequence, .name = operation.name});
}

void Replayer::operator()(const DropSequence &operation)
{
    remove(NamedObject::Kind::Sequence, operation.name);
}

void Replayer::operator()(const CreateNamespace &operation)
{
    const TableName name{.name = operation.name};
    remove(NamedObject::Kind::Schema, name);
    m_schema.objects.append({.kind = NamedObject::Kind::Schema, .name = name});
}

/// With CASCADE, or by force of the database, what was in it goes too.
void Replayer::operator()(const DropNamespace &operation)
{
    remove(NamedObject::Kind::Schema, {.name = operation.name});
    m_schema.tables.removeIf(
        [&](const auto &entry) { return entry.key().schema == operation.name; });
    m_schema.objects.removeIf(
        [&](const NamedObject &object) { return object.name.schema == operation.name; });
}

void Replayer::removeType(const SqlTypePtr &type)
{
    const TableName name{type->schema, type->typeName};
    m_schema.objects.removeIf([&](const NamedObject &object) {
        return object.name == name
               && (object.kind == NamedObject::Kind::Enum
                   || object.kind == NamedObject::Kind::Domain);
    });
}

QStringList columnNamesOf(const Table &table)
{
    QStringList names;
    for (const Column &column : table.columns)
        names.append(column.name);
    return names;
}

/// A copied table has its key first, then table_args, checks of types, what has a name, and the rest.
void orderConstraints(Table &table, const QList<Constraint> &tableArgs)
{
    const auto place = [](const Constraint &constraint) {
        const auto *check = std::get_if<CheckConstraint>(&constraint);
        if (std::holds_alternative<PrimaryKey>(constraint))
            return 0;
        return check && check->isTypeBound ? 1 : constraintName(constraint).isEmpty() ? 3 : 2;
    };
    std::ranges::stable_sort(table.constraints, {}, place);
    const auto rest =
        std::ranges::find_if(table.constraints, [&place](const Constraint &constraint) {
            return place(constraint) > 0;
        });
    qsizetype at = rest - table.constraints.begin();
    for (const Constraint &constraint : tableArgs) {
        if (std::holds_alternative<PrimaryKey>(constraint))
            addConstraint(table, constraint);
        else
            table.constraints.insert(at++, constraint);
    }
}

void orderColumns(Table &table, const QStringList &order)
{
    QList<Column> sorted;
    for (const QString &name : order)
        if (const Column *column = table.column(name))
            sorted.append(*column);
    if (sorted.size() == table.columns.size())
        table.columns = sorted;
}

void Replayer::operator()(const BatchAlterTable &operation)
{
    // Only SQLite copies a table for its changes' sake; there a convention names what had no name.
    const bool rebuild =
        isRebuild(operation)
        && (!isElsewhere() || operation.recreate == BatchAlterTable::Recreate::Always);
    if (operation.copyFrom && (rebuild || !m_schema.table(operation.table))) {
        Table copied = *operation.copyFrom;
        copied.name = operation.table;
        if (const Table *known = m_schema.table(operation.table))
            copied.isEmpty = known->isEmpty;
        m_schema.tables.insert(operation.table, copied);
    }
    if (rebuild) {
        Table &owner = table(operation.table);
        for (const Column &column : operation.reflectColumns)
            if (Column *known = owner.column(column.name))
                *known = column;
        nameConstraints(owner, operation.namingConvention);
    }
    const QStringList order =
        rebuild ? batchColumnOrder(columnNamesOf(table(operation.table)), operation)
                : QStringList();
    const Operations changes =
        rebuild ? rebuildOrder(operation.operations, table(operation.table)) : operation.operations;
    for (const Operation &inner : changes) {
        const auto *added = rebuild ? inner.as<AddConstraint>() : nullptr;
        if (!added || !replaceConstraint(table(operation.table), added->constraint))
            std::visit(*this, inner.kind);
    }
    Table *owner = m_schema.table(operation.table);
    if (!owner || !rebuild)
        return;
    orderColumns(*owner, order);
    orderConstraints(*owner, operation.tableArgs);
    for (auto option = operation.tableOptions.cbegin(); option != operation.tableOptions.cend();
         ++option)
        owner->options.insert(option.key(), option.value());
}

} // namespace

void replay(const Operation &operation, Schema &schema, const RawSqlReader *sqlReader)
{
    std::visit(Replayer(schema, sqlReader, operation.span), operation.kind);
}

void replay(const Operations &operations, Schema &schema, const RawSqlReader *sqlReader)
{
    for (const Operation &operation : operations)
        replay(operation, schema, sqlReader);
}

} // namespace tribikos
