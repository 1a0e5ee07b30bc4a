#include "core/project/ignoredchanges.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using ChangeKind = ModelChange::Kind;

QString constraintKey(const ModelChange &change)
{
    const auto *added = std::get_if<AddConstraint>(&change.upgrade.kind);
    if (!added)
        added = std::get_if<AddConstraint>(&change.downgrade.kind);
    if (added && std::holds_alternative<UniqueConstraint>(added->constraint))
        return u"uniques"_s;
    return added && std::holds_alternative<PrimaryKey>(added->constraint) ? u"primary_keys"_s
                                                                          : u"checks"_s;
}

/// As ignoreKeys() of a difference.
QStringList keysOf(const ModelChange &change)
{
    switch (change.kind) {
    case ChangeKind::AddTable:
    case ChangeKind::RemoveTable:
    case ChangeKind::RenameTable: return {u"tables"_s};
    case ChangeKind::AddTableComment:
    case ChangeKind::RemoveTableComment: return {u"comments"_s, u"tables"_s};
    case ChangeKind::AddColumn:
    case ChangeKind::RemoveColumn:
    case ChangeKind::RenameColumn:
    case ChangeKind::ModifyColumn: return {u"columns"_s};
    case ChangeKind::AddIndex:
    case ChangeKind::RemoveIndex: return {u"indexes"_s};
    case ChangeKind::AddConstraint:
    case ChangeKind::RemoveConstraint: return {constraintKey(change), u"constraints"_s};
    case ChangeKind::AddForeignKey:
    case ChangeKind::RemoveForeignKey: break;
    }
    return {u"foreign_keys"_s, u"constraints"_s};
}

void forget(const QString &aspect, Operation &operation)
{
    auto *alter = std::get_if<AlterColumn>(&operation.kind);
    if (!alter)
        return;
    if (aspect == u"type")
        alter->type = nullptr;
    else if (aspect == u"nullable")
        alter->nullable.reset();
    else if (aspect == u"default")
        alter->serverDefault.reset();
    else if (aspect == u"comment")
        alter->comment.reset(), alter->clearComment = false;
}

ModelChange withoutAspects(ModelChange change, const IgnoreRules &rules,
                           const ComparedObject &object)
{
    if (change.kind != ChangeKind::ModifyColumn)
        return change;
    const QStringList aspects = change.aspects;
    for (const QString &aspect : aspects) {
        if (!rules.ignores({aspect == u"nullable" ? aspect : aspect + u's'}, object))
            continue;
        change.aspects.removeOne(aspect);
        change.detected.removeIf([&](const QString &line) {
            return line.contains(aspect == u"nullable" ? u"NULL"_s : aspect + u" "_s);
        });
        forget(aspect, change.upgrade);
        forget(aspect, change.downgrade);
    }
    return change;
}

} // namespace

ModelChanges withoutIgnored(const ModelChanges &changes, const IgnoreRules &rules, int *left)
{
    if (rules.isEmpty())
        return changes;
    ModelChanges kept{.warnings = changes.warnings, .remarks = changes.remarks};
    for (const TableChanges &table : changes.tables) {
        TableChanges some{.table = table.table, .isBlock = table.isBlock};
        for (const ModelChange &change : table.changes) {
            const ComparedObject object{change.table.schema, change.table.name, change.name};
            const ModelChange rest = withoutAspects(change, rules, object);
            const bool isEmptied =
                change.kind == ChangeKind::ModifyColumn && rest.aspects.isEmpty();
            if (isEmptied || rules.ignores(keysOf(change), object))
                ++*left;
            else
                some.changes.append(rest);
        }
        if (!some.changes.isEmpty())
            kept.tables.append(some);
    }
    return kept;
}

} // namespace tribikos
