#include "core/autogenerate/modelcomparison.h"
#include "core/autogenerate/sqlalchemyview.h"
#include "core/autogenerate/tableorder.h"
#include "core/ops/replay.h"

#include <algorithm>

/// alembic/autogenerate/compare/tables.py and comments.py.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// The table as its own create_table() says it: what SQLAlchemy shows beside it is left out.
Table createdAgain(const Table &reflected, Backend backend)
{
    Table table = reflected;
    table.indexes.clear();
    const bool hasDoubles = backend == Backend::MySql || backend == Backend::MariaDb;
    if (hasDoubles) // unique keys come back as indexes
        table.constraints.removeIf([](const Constraint &constraint) {
            return std::holds_alternative<UniqueConstraint>(constraint);
        });
    return table;
}

Operation asOperation(Operation::Kind kind)
{
    return {.kind = std::move(kind)};
}

} // namespace

QStringList changeNames(const ModelChange &change)
{
    using Kind = ModelChange::Kind;
    static const QMap<Kind, QString> names{{Kind::AddTable, u"add_table"_s},
                                           {Kind::RemoveTable, u"remove_table"_s},
                                           {Kind::AddColumn, u"add_column"_s},
                                           {Kind::RemoveColumn, u"remove_column"_s},
                                           {Kind::AddIndex, u"add_index"_s},
                                           {Kind::RemoveIndex, u"remove_index"_s},
                                           {Kind::AddConstraint, u"add_constraint"_s},
                                           {Kind::RemoveConstraint, u"remove_constraint"_s},
                                           {Kind::AddForeignKey, u"add_fk"_s},
                                           {Kind::RemoveForeignKey, u"remove_fk"_s},
                                           {Kind::AddTableComment, u"add_table_comment"_s},
                                           {Kind::RemoveTableComment, u"remove_table_comment"_s},
                                           {Kind::RenameTable, u"rename_table"_s},
                                           {Kind::RenameColumn, u"rename_column"_s}};
    if (change.kind != Kind::ModifyColumn)
        return {names.value(change.kind)};
    QStringList all;
    for (const QString &aspect : change.aspects)
        all.append(u"modify_"_s + aspect);
    return all;
}

Operations ModelChanges::upgrade() const
{
    Operations all;
    for (const TableChanges &table : tables)
        for (const ModelChange &change : table.changes)
            all.append(change.upgrade);
    return all;
}

Operations ModelChanges::downgrade() const
{
    Operations all;
    for (const TableChanges &table : tables)
        for (const ModelChange &change : table.changes)
            all.append(change.downgrade);
    std::ranges::reverse(all);
    return all;
}

ModelChanges ModelChanges::only(const std::function<bool(const ModelChange &)> &isWanted) const
{
    ModelChanges kept{.warnings = warnings, .remarks = remarks};
    for (const TableChanges &table : tables) {
        TableChanges some{.table = table.table, .isBlock = table.isBlock};
        std::ranges::copy_if(table.changes, std::back_inserter(some.changes), isWanted);
        if (!some.changes.isEmpty())
            kept.tables.append(some);
    }
    return kept;
}

ModelChanges autogenerate(const AutogenerateInput &input)
{
    return ModelComparison(input).run();
}

ModelComparison::ModelComparison(const AutogenerateInput &input)
    : m_input(input)
    , m_dialect(dialectFor(input.backend))
    , m_types(input.backend)
    , m_seen(input.isReplayed
                 ? asReplayed(*input.database, input.backend)
                 : asSqlAlchemySees(*input.database, input.server.value_or(input.backend),
                                    &m_found.remarks))
{}

bool ModelComparison::isMySql() const
{
    return m_input.backend == Backend::MySql || m_input.backend == Backend::MariaDb;
}

/// The usual schema has no name on the database's side.
TableName ModelComparison::keyOf(const TableName &modelled) const
{
    const bool isUsual = m_input.backend == Backend::PostgreSql && modelled.schema == u"public";
    return isUsual ? TableName{{}, modelled.name} : modelled;
}

/// PostgreSQL's partitions, which most projects make from time to time; dropping one would take rows of its table.
/// Those that the models name are compared as any table.
bool ModelComparison::isOthersPart(const TableName &name) const
{
    const Table *table = m_input.database->table(name);
    return table && table->options.contains(u"postgresql_partition_of"_s)
           && !m_models.contains(name);
}

bool ModelComparison::isCompared(const Table &table) const
{
    return m_input.includeSchemas || table.name.schema.isEmpty();
}

ModelChange &ModelComparison::push(Kind kind, const QString &name, Operation::Kind upgrade,
                                   Operation::Kind downgrade, const QString &detected)
{
    m_block.changes.append(ModelChange{.kind = kind,
                                       .table = m_block.table,
                                       .name = name,
                                       .upgrade = asOperation(std::move(upgrade)),
                                       .downgrade = asOperation(std::move(downgrade)),
                                       .detected = {detected}});
    return m_block.changes.last();
}

void ModelComparison::openBlock(const TableName &table)
{
    m_block = {.table = table, .isBlock = true};
}

void ModelComparison::closeBlock()
{
    if (!m_block.changes.isEmpty())
        m_found.tables.append(m_block);
    m_block = {};
}

/// New tables, each behind those that it refers to.
QList<const Table *> ModelComparison::addedTables()
{
    QList<const Table *> all;
    for (const Table *table : std::as_const(m_models))
        all.append(table);
    QList<const Table *> added;
    for (const Table *table : sortedTables(all, &m_found.warnings))
        if (!m_database.contains(keyOf(table->name)))
            added.append(table);
    return added;
}

/// Tables that go, each before those that it refers to; Alembic's order is that of a set.
QList<const Table *> ModelComparison::removedTables() const
{
    QList<const Table *> removed;
    for (auto each = m_database.cbegin(); each != m_database.cend(); ++each)
        if (!m_models.contains(each.key()))
            removed.append(*each);
    removed = sortedTables(removed, nullptr);
    std::ranges::reverse(removed);
    return removed;
}

/// op.rename_table(), which no batch holds.
void ModelComparison::renameTable(const Rename &rename)
{
    const TableName renamed{rename.table.schema, rename.newName};
    m_block = {.table = rename.table};
    ModelChange &change =
        push(Kind::RenameTable, {}, RenameTable{rename.table, rename.newName},
             RenameTable{renamed, rename.table.name},
             u"tables: Renamed table '%1' to '%2'"_s.arg(rename.table.text(), rename.newName));
    change.newName = rename.newName;
    replay(change.upgrade, m_seen);
    closeBlock();
}

/// op.alter_column(new_column_name=…), with all of the column that MySQL must be told again.
void ModelComparison::renameColumn(const Rename &rename)
{
    const Table *table = m_seen.table(rename.table);
    const Column *column = table ? table->column(rename.column) : nullptr;
    if (!column)
        return;
    AlterColumn alter{.table = rename.table, .column = rename.column};
    alter.newName = rename.newName;
    alter.existingType = column->type;
    alter.existingNullable = column->isNullable();
    if (column->serverDefault || column->computed || column->identity)
        alter.existingServerDefault = DefaultChange{.expression = column->serverDefault,
                                                    .identity = column->identity,
                                                    .computed = column->computed};
    if (column->hasComment)
        alter.existingComment = column->comment;
    if (isMySql() && column->autoincrement == AutoIncrement::Yes)
        alter.existingAutoincrement = true;
    AlterColumn back = alter;
    back.column = rename.newName;
    back.newName = rename.column;
    openBlock(rename.table);
    ModelChange &change = push(Kind::RenameColumn, rename.column, alter, back,
                               u"tables: Renamed column '%1.%2' to '%3'"_s.arg(
                                   rename.table.text(), rename.column, rename.newName));
    change.newName = rename.newName;
    replay(change.upgrade, m_seen);
    closeBlock();
}

ModelChanges ModelComparison::run()
{
    for (const Rename &rename : m_input.renames)
        rename.column.isEmpty() ? renameTable(rename) : renameColumn(rename);
    for (const Table &table : m_input.models->tables)
        if (table.name == m_input.versionTable)
            continue;
        else if (table.isOpaque)
            m_found.remarks.append(u"The model of table %1 can't be read whole, so the table is "
                                   "left out."_s.arg(table.name.text()));
        else
            m_models.insert(keyOf(table.name), &table);
    QStringList partitions;
    for (const Table &table : std::as_const(m_seen.tables)) {
        if (isOthersPart(table.name)) {
            partitions.append(table.name.text());
            continue;
        }
        const Table *model = m_input.models->table(table.name);
        const bool isUnread = model && model->isOpaque;
        if (isCompared(table) && !isUnread)
            m_database.insert(table.name, &table);
    }
    if (!partitions.isEmpty())
        m_found.remarks.append(
            u"Partitions are left out, for their rows are those of their tables: %1."_s.arg(
                partitions.join(u", "_s)));
    for (const Table *table : addedTables())
        addTable(*table);
    for (const Table *table : removedTables())
        removeTable(*table);
    for (auto each = m_database.cbegin(); each != m_database.cend(); ++each)
        if (const Table *modelled = m_models.value(each.key()))
            compareTable(**each, *modelled);
    return std::move(m_found);
}

void ModelComparison::addTable(const Table &modelled)
{
    const TableName name = keyOf(modelled.name);
    m_block = {.table = modelled.name};
    Table created = modelled;
    created.indexes.clear();
    push(Kind::AddTable, {}, CreateTable{.table = created}, DropTable{.table = modelled.name},
         u"tables: Detected added table '%1'"_s.arg(name.text()));
    closeBlock();
    openBlock(name);
    m_isCreated = true;
    compareIndexes(nullptr, &modelled);
    m_isCreated = false;
    closeBlock();
}

void ModelComparison::removeTable(const Table &reflected)
{
    openBlock(reflected.name);
    m_isDropped = true;
    compareIndexes(&reflected, nullptr);
    m_isDropped = false;
    closeBlock();
    m_block = {.table = reflected.name};
    push(Kind::RemoveTable, {}, DropTable{.table = reflected.name},
         CreateTable{.table = createdAgain(reflected, m_input.backend)},
         u"tables: Detected removed table '%1'"_s.arg(reflected.name.text()));
    closeBlock();
}

void ModelComparison::compareTable(const Table &reflected, const Table &modelled)
{
    openBlock(reflected.name);
    addColumns(reflected, modelled);
    for (const Column &wanted : modelled.columns)
        if (const Column *had = reflected.column(wanted.name))
            alterColumn(modelled, *had, wanted);
    compareIndexes(&reflected, &modelled);
    compareForeignKeys(reflected, modelled);
    compareTableComment(reflected, modelled);
    compareChecks(reflected, modelled);
    removeColumns(reflected, modelled);
    closeBlock();
}

void ModelComparison::compareTableComment(const Table &reflected, const Table &modelled)
{
    if (m_input.backend == Backend::Sqlite)
        return;
    const auto of = [](const Table &table) {
        return table.hasComment ? std::optional(table.comment) : std::nullopt;
    };
    const std::optional<QString> had = of(reflected);
    const std::optional<QString> wanted = of(modelled);
    if (had == wanted)
        return;
    const SetTableComment drop{.table = m_block.table, .isDrop = true};
    const SetTableComment before{.table = m_block.table, .comment = had};
    const SetTableComment after{.table = m_block.table, .comment = wanted};
    if (!wanted)
        push(Kind::RemoveTableComment, {}, drop, before, {});
    else
        push(Kind::AddTableComment, {}, after, had ? before : drop, {});
    m_block.changes.last().detected.clear();
}

} // namespace tribikos
