#include "core/plan/rebuildrules.h"

#include "core/ops/columnuse.h"
#include "core/ops/tableedit.h"
#include "core/plan/tabledependents.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Whether something in the table keeps SQLite from dropping the column.
bool isUsed(const Table &table, const QString &column)
{
    const auto inConstraint = [&](const Constraint &c) { return usesColumn(c, column); };
    const auto inIndex = [&](const Index &i) { return usesColumn(i, column); };
    const auto inColumn = [&](const Column &other) {
        const auto mentions = [&](const ExprPtr &check) { return mentionsColumn(check, column); };
        return (other.computed && mentions(other.computed->expression))
               || std::ranges::any_of(other.checks, mentions);
    };
    return std::ranges::any_of(table.constraints, inConstraint)
           || std::ranges::any_of(table.indexes, inIndex)
           || std::ranges::any_of(table.columns, inColumn);
}

/// ADD COLUMN takes constants as default, not what must be computed per row.
bool isConstantDefault(const ExprPtr &value)
{
    static const QRegularExpression constant(
        uR"(^\s*\(?\s*(?:[+-]?[0-9.]+|'(?:[^']|'')*'|NULL|TRUE|FALSE)\s*\)?\s*$)"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (!value)
        return true;
    switch (value->kind) {
    case Expr::Kind::Value:
    case Expr::Kind::Null:
    case Expr::Kind::True:
    case Expr::Kind::False: return true;
    case Expr::Kind::Text: return value->text.contains(constant);
    case Expr::Kind::Column: return value->flag && value->text.contains(constant);
    default: return false;
    }
}

bool needsRebuild(const AddColumn &add, const Table &table, const Dialect &sqlite)
{
    if (add.ifNotExists)
        return false;
    const auto isInline = [&](const Constraint &constraint) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        return add.inlineReferences && key && key->columns.size() == 1;
    };
    const bool isKey = add.column.primaryKey && (add.inlinePrimaryKey || !table.primaryKey());
    return isKey || !isConstantDefault(add.column.serverDefault)
           || (add.column.computed && add.column.computed->persisted.value_or(false))
           || !std::ranges::all_of(add.constraints, isInline) || add.constraints.size() > 1
           || !sqlite.typeChecks(add.column).isEmpty();
}

bool mentions(const Operation &operation, const QString &column)
{
    if (const auto *alter = operation.as<AlterColumn>())
        return alter->column == column || alter->insertBefore == column
               || alter->insertAfter == column;
    if (const auto *drop = operation.as<DropColumn>())
        return drop->column == column;
    if (const auto *add = operation.as<AddConstraint>())
        return usesColumn(add->constraint, column);
    if (const auto *create = operation.as<CreateIndex>())
        return usesColumn(create->index, column);
    if (const auto *added = operation.as<AddColumn>())
        return added->insertBefore == column || added->insertAfter == column
               || (added->column.computed
                   && mentionsColumn(added->column.computed->expression, column));
    return false;
}

bool isReferenced(const Schema &schema, const TableName &table, const QString &column)
{
    for (const Table &other : schema.tables)
        for (const Constraint &constraint : other.constraints)
            if (const auto *key = std::get_if<ForeignKey>(&constraint);
                key && other.name != table && key->target == table
                && key->targetColumns.contains(column))
                return true;
    const TableDependents dependents = dependentsOf(schema, table);
    return std::ranges::any_of(
        dependents.dropped + dependents.ownTriggers,
        [&](const NamedObject &object) { return mentionsName(object.definition, column); });
}

} // namespace

bool needsRebuild(const Operation &operation, const Table &table, const Dialect &sqlite)
{
    if (operation.as<AddConstraint>() || operation.as<DropConstraint>())
        return true;
    if (const auto *alter = operation.as<AlterColumn>())
        return alter->nullable || alter->type || alter->serverDefault;
    if (const auto *drop = operation.as<DropColumn>())
        return table.column(drop->column) && isUsed(table, drop->column);
    const auto *add = operation.as<AddColumn>();
    return add && needsRebuild(*add, table, sqlite);
}

bool rebuildsInBatch(const BatchAlterTable &batch, const Dialect &dialect)
{
    using Recreate = BatchAlterTable::Recreate;
    if (batch.recreate != Recreate::Auto)
        return batch.recreate == Recreate::Always;
    return dialect.rebuildsTables() && needsCopy(batch);
}

const TableName *changedTable(const Operation &operation)
{
    return std::visit(
        [](const auto &op) -> const TableName * {
            using T = std::decay_t<decltype(op)>;
            if constexpr (
                std::is_same_v<
                    T,
                    AddColumn> || std::is_same_v<T, DropColumn> || std::is_same_v<T, AlterColumn> || std::is_same_v<T, AddConstraint> || std::is_same_v<T, DropConstraint>)
                return &op.table;
            else
                return nullptr;
        },
        operation.kind);
}

Operations takeDependentRenames(Operations &operations, const Schema &schema,
                                const TableName &table)
{
    Operations later;
    for (qsizetype i = 0; i < operations.size(); ++i) {
        auto *alter = std::get_if<AlterColumn>(&operations[i].kind);
        if (!alter || !alter->newName || *alter->newName == alter->column
            || !isReferenced(schema, table, alter->column))
            continue;
        const QString newName = *alter->newName;
        const bool isUsedLater =
            std::any_of(operations.cbegin() + i + 1, operations.cend(),
                        [&](const Operation &op) { return mentions(op, newName); });
        if (isUsedLater)
            continue;
        later += Operation{
            .kind = AlterColumn{.table = table, .column = alter->column, .newName = newName},
            .span = operations[i].span};
        alter->newName.reset();
    }
    return later;
}

Operations withTypeCheckDrops(const Operations &operations, const Table &table,
                              const Dialect &dialect)
{
    const auto hasCheck = [&table](const QString &name) {
        return std::ranges::any_of(table.constraints, [&name](const Constraint &constraint) {
            return std::holds_alternative<CheckConstraint>(constraint)
                   && constraintName(constraint).text == name;
        });
    };
    Operations all;
    for (const Operation &operation : operations) {
        const auto *alter = operation.as<AlterColumn>();
        const bool isRetyped = alter && alter->type && alter->existingType;
        const Column old{.name = isRetyped ? alter->column : QString(),
                         .type = isRetyped ? alter->existingType : SqlTypePtr{}};
        for (const CheckConstraint &check : dialect.typeChecks(old))
            if (!check.name.isEmpty() && hasCheck(check.name.text))
                all += Operation{.kind = DropConstraint{table.name, check.name, u"check"_s},
                                 .span = operation.span};
        all += operation;
    }
    return all;
}

} // namespace tribikos
