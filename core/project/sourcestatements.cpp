// Statements that make one of two schemas of the other.
#include "core/project/schemasource.h"

#include "core/autogenerate/autogenerate.h"
#include "core/ops/implicitname.h"
#include "core/project/directchanges.h"
#include "core/project/modelrevision.h"

#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString missingText(const Difference &difference, const QString &reason)
{
    const QString name = difference.name.isEmpty() ? difference.table.text()
                         : difference.table.name.isEmpty()
                             ? difference.name
                             : difference.table.text() + u'.' + difference.name;
    const bool isObject = difference.kind == Difference::Kind::Object;
    return u"%1 %2 is not in the statements: %3."_s.arg(
        isObject ? difference.aspect : differenceKindName(difference.kind), name, reason);
}

/// \a operations as changes that no model asked for.
TableChanges directBlock(const Operations &operations)
{
    TableChanges block;
    for (const Operation &operation : operations)
        block.changes.append({.upgrade = operation, .downgrade = operation});
    return block;
}

/// Without the tables that can't be said as statements, which are named in \a missing.
ModelChanges sayable(const ModelChanges &changes, Backend backend, const Schema &from,
                     QStringList *missing)
{
    if (statementsFor(changes, backend, from, Direction::Upgrade))
        return changes;
    ModelChanges kept;
    for (const TableChanges &table : changes.tables) {
        ModelChanges more = kept;
        more.tables.append(table);
        const auto said = statementsFor(more, backend, from, Direction::Upgrade);
        if (said)
            kept = more;
        else
            missing->append(u"What changes in %1 is not in the statements: %2"_s.arg(
                table.table.text(), said.error().message));
    }
    return kept;
}

/// Without the tables and columns that \a to may only seem to lack, which are named in \a missing.
ModelChanges withoutDoubtfulDrops(const ModelChanges &changes, const SourceSchema &to,
                                  QStringList *missing)
{
    using Kind = ModelChange::Kind;
    if (!to.hasGaps)
        return changes;
    QSet<QString> tables;
    for (const TableChanges &table : changes.tables)
        for (const ModelChange &change : table.changes) {
            const bool isTable = change.kind == Kind::RemoveTable;
            if (!isTable && (change.kind != Kind::RemoveColumn || !to.hidesColumns))
                continue;
            if (isTable)
                tables.insert(change.table.text());
            missing->append(u"%1 %2 is not dropped: %3 can't be read whole."_s.arg(
                isTable ? u"table"_s : u"column"_s,
                isTable ? change.table.text() : change.table.text() + u'.' + change.name,
                to.title));
        }
    return changes.only([&](const ModelChange &change) {
        const bool isLost = change.kind == Kind::RemoveColumn && to.hidesColumns;
        return !isLost && !tables.contains(change.table.text());
    });
}

/// With what Alembic's comparison has no eyes for.
ModelChanges completed(ModelChanges wanted, const QList<Difference> &differences,
                       const Schema &from, const Schema &to, Backend backend, QStringList *missing)
{
    for (const Difference &difference : differences) {
        const DirectChange direct = directChange(difference, from, to, backend);
        ModelChanges more = wanted;
        if (!direct.before.isEmpty())
            more.tables.prepend(directBlock(direct.before));
        if (!direct.after.isEmpty())
            more.tables.append(directBlock(direct.after));
        const auto said = direct.reason.isEmpty()
                              ? statementsFor(more, backend, from, Direction::Upgrade)
                              : Result<QStringList>(Error{.message = direct.reason});
        if (said)
            wanted = more;
        else
            missing->append(missingText(difference, said.error().message));
    }
    return wanted;
}

/// What a CREATE TABLE can't have yet: \a created takes no keys to tables that come later; they are added at the end.
void postponeKeys(CreateTable &created, const QSet<QString> &later, TableChanges &atEnd)
{
    const TableName &name = created.table.name;
    created.table.constraints.removeIf([&](const Constraint &constraint) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        if (!key || !later.contains(key->target.text()))
            return false;
        const Operation add{AddConstraint{.table = name, .constraint = constraint}};
        atEnd.changes.append({.kind = ModelChange::Kind::AddForeignKey,
                              .table = name,
                              .upgrade = add,
                              .downgrade = add});
        return true;
    });
}

/// The keys of \a table that hold \a held, tables that go before it.
QList<ModelChange> keysThatHold(const Table &table, const QSet<QString> &held, Backend backend)
{
    QList<ModelChange> drops;
    for (const Constraint &constraint : table.constraints) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        if (!key || !held.contains(key->target.text()) || key->target == table.name)
            continue;
        const QString given = key->name.isEmpty()
                                  ? givenName(table, constraint, backend).value_or(QString())
                                  : key->name.text;
        const Operation drop{DropConstraint{.table = table.name,
                                            .name = {.text = given, .isGenerated = true},
                                            .kind = u"foreignkey"_s}};
        drops.append({.kind = ModelChange::Kind::RemoveForeignKey,
                      .table = table.name,
                      .name = given,
                      .upgrade = drop,
                      .downgrade = drop});
    }
    return drops;
}

/// In an order that servers take: a foreign key goes before what it holds and comes after what it needs. What stands in a
/// table that goes, goes with it.
ModelChanges inServersOrder(const ModelChanges &changes, const Schema &from, Backend backend)
{
    using Kind = ModelChange::Kind;
    QSet<QString> later;
    QSet<QString> dropped;
    for (const TableChanges &table : changes.tables)
        for (const ModelChange &change : table.changes) {
            if (change.kind == Kind::AddTable)
                later.insert(change.table.text());
            else if (change.kind == Kind::RemoveTable)
                dropped.insert(change.table.text());
        }
    TableChanges first;
    TableChanges last;
    ModelChanges rest{.warnings = changes.warnings, .remarks = changes.remarks};
    QSet<QString> gone;
    for (const TableChanges &table : changes.tables) {
        TableChanges kept{.table = table.table, .isBlock = table.isBlock};
        for (ModelChange change : table.changes) {
            const bool isOfDropped = dropped.contains(change.table.text());
            if (change.kind == Kind::RemoveForeignKey && !isOfDropped) {
                first.changes.append(change);
                continue;
            }
            if (isOfDropped && change.kind != Kind::RemoveTable)
                continue;
            if (auto *created = std::get_if<CreateTable>(&change.upgrade.kind);
                created && change.kind == Kind::AddTable) {
                later.remove(change.table.text());
                postponeKeys(*created, later, last);
            }
            if (const Table *old = isOfDropped ? from.table(change.table) : nullptr) {
                first.changes += keysThatHold(*old, gone, backend);
                gone.insert(change.table.text());
            }
            kept.changes.append(change);
        }
        if (!kept.changes.isEmpty())
            rest.tables.append(kept);
    }
    if (!first.changes.isEmpty())
        rest.tables.prepend(first);
    if (!last.changes.isEmpty())
        rest.tables.append(last);
    return rest;
}

/// The names first: what follows is about the new ones.
QStringList renameStatements(const SourceSchema &from, Backend backend, QStringList *missing)
{
    using Kind = ModelChange::Kind;
    if (from.renames.isEmpty())
        return {};
    const ModelChanges found = autogenerate({.backend = backend,
                                             .models = &from.schema,
                                             .database = &from.beforeRenames,
                                             .isReplayed = !from.isCatalogue,
                                             .includeSchemas = true,
                                             .renames = from.renames});
    const auto said = statementsFor(found.only([](const ModelChange &change) {
        return change.kind == Kind::RenameTable || change.kind == Kind::RenameColumn;
    }),
                                    backend, from.beforeRenames, Direction::Upgrade);
    if (!said)
        missing->append(u"The renames are not in the statements: %1"_s.arg(said.error().message));
    return said ? *said : QStringList();
}

} // namespace

QStringList statementsBetween(const SourceComparison &comparison, const SourceSchema &from,
                              const SourceSchema &to, QStringList *missing)
{
    const Backend backend = comparison.backend;
    const Schema wantedSchema = backend == Backend::Sqlite && (to.isCatalogue || to.isRevision)
                                    ? withUntypedSaid(to.schema)
                                    : to.schema;
    const ModelChanges found = autogenerate({.backend = backend,
                                             .models = &wantedSchema,
                                             .database = &from.schema,
                                             .isReplayed = !from.isCatalogue,
                                             .compareServerDefault = true,
                                             .includeSchemas = true});
    const ModelChanges all =
        backend == Backend::Sqlite ? found : inServersOrder(found, from.schema, backend);
    QList<Difference> unseen = comparison.differences;
    unseen.removeIf(
        [&](const Difference &difference) { return !changesFor(all, {difference}).isEmpty(); });
    const ModelChanges wanted = completed(
        sayable(withoutDoubtfulDrops(changesFor(all, comparison.differences), to, missing), backend,
                from.schema, missing),
        unseen, from.schema, to.schema, backend, missing);
    const auto said = statementsFor(wanted, backend, from.schema, Direction::Upgrade);
    const QStringList statements =
        renameStatements(from, backend, missing) + (said ? *said : QStringList());
    const auto rebuilds = [](const QString &statement) {
        return statement.startsWith(u"DROP TABLE"_s) || statement.contains(u"_alembic_tmp_"_s);
    };
    // As exported scripts are: all or nothing, and children keep their rows while a table is rebuilt.
    if (backend == Backend::Sqlite && std::ranges::any_of(statements, rebuilds))
        return QStringList{u"PRAGMA foreign_keys=OFF"_s, u"BEGIN"_s} + statements
               + QStringList{u"COMMIT"_s, u"PRAGMA foreign_keys=ON"_s};
    return statements;
}

} // namespace tribikos
