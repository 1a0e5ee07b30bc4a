#include "core/ops/tableedit.h"

#include "core/ops/columnuse.h"
#include "core/ops/implicitname.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

void renameIn(QStringList &names, const QString &from, const QString &to)
{
    std::ranges::replace(names, from, to);
}

void renameIn(DialectOptions &options, const QString &from, const QString &to)
{
    for (DialectOption &option : options) {
        if (auto *expression = std::get_if<ExprPtr>(&option))
            *expression = withColumnRenamed(*expression, from, to);
        else if (auto *list = std::get_if<QStringList>(&option))
            renameIn(*list, from, to);
    }
}

void renameIn(Constraint &constraint, const Table &table, const QString &from, const QString &to)
{
    std::visit(
        [&](auto &c) {
            if constexpr (requires { c.columns; })
                renameIn(c.columns, from, to);
            if constexpr (requires { c.condition; })
                c.condition = withColumnRenamed(c.condition, from, to);
            if constexpr (requires { c.where; })
                c.where = withColumnRenamed(c.where, from, to);
            if constexpr (requires { c.options; })
                renameIn(c.options, from, to);
        },
        constraint);
    if (auto *exclude = std::get_if<ExcludeConstraint>(&constraint))
        for (auto &element : exclude->elements)
            element.first = withColumnRenamed(element.first, from, to);
    auto *key = std::get_if<ForeignKey>(&constraint);
    if (key && key->target == table.name)
        renameIn(key->targetColumns, from, to);
}

void renameIn(Column &column, const QString &from, const QString &to)
{
    if (column.name == from)
        column.name = to;
    for (ExprPtr &check : column.checks)
        check = withColumnRenamed(check, from, to);
    if (column.computed)
        column.computed->expression = withColumnRenamed(column.computed->expression, from, to);
}

/// A key column stays NOT NULL when the key goes.
void forgetPrimaryKey(Table &table)
{
    for (Column &column : table.columns) {
        if (column.primaryKey && !column.nullable)
            column.nullable = false;
        column.primaryKey = false;
    }
    table.constraints.removeIf(
        [](const Constraint &c) { return std::holds_alternative<PrimaryKey>(c); });
}

void setDefault(Column &column, const DefaultChange &change)
{
    column.serverDefault = change.expression;
    column.serverDefaultOpaque = false;
    column.identity = change.identity;
    column.computed = change.computed;
}

void setType(Table &table, Column &column, const SqlTypePtr &type)
{
    const QString &name = column.name;
    table.constraints.removeIf([&](const Constraint &constraint) {
        const auto *check = std::get_if<CheckConstraint>(&constraint);
        return check && check->isTypeBound && mentionsColumn(check->condition, name);
    });
    column.type = type;
    if (!type->collation.isEmpty())
        column.collation.clear(); // the type says it now
}

/// The check that a Boolean or Enum type brings with it is dropped by the type's name.
bool dropTypeBoundCheck(Table &table, const QString &name)
{
    for (Column &column : table.columns) {
        if (!column.type || !column.type->createConstraint || column.type->typeName != name)
            continue;
        SqlType type = *column.type;
        type.createConstraint = false;
        column.type = std::make_shared<const SqlType>(std::move(type));
        return true;
    }
    return false;
}

bool dropColumnCheck(Table &table, const QString &name)
{
    for (Column &column : table.columns) {
        for (qsizetype i = 0; i < column.checkNames.size(); ++i) {
            if (column.checkNames[i].text != name)
                continue;
            column.checkNames.removeAt(i);
            if (i < column.checks.size())
                column.checks.removeAt(i);
            return true;
        }
    }
    return false;
}

/// The position of the constraint that goes by the operation's name; -1: none.
qsizetype findConstraint(const Table &table, const DropConstraint &operation)
{
    const auto kindFits = [&](const Constraint &constraint) {
        return operation.kind.isEmpty() || constraintKind(constraint) == operation.kind;
    };
    for (qsizetype i = 0; i < table.constraints.size(); ++i)
        if (kindFits(table.constraints[i]) && !operation.name.isEmpty()
            && constraintName(table.constraints[i]).text == operation.name.text)
            return i;
    int ordinals[std::variant_size_v<Constraint>] = {};
    for (qsizetype i = 0; i < table.constraints.size(); ++i) {
        const Constraint &constraint = table.constraints[i];
        const int ordinal = ++ordinals[constraint.index()];
        if (!kindFits(constraint) || !constraintName(constraint).isEmpty())
            continue;
        if (serverNames(table, constraint, ordinal).contains(operation.name.text))
            return i;
    }
    return -1;
}

} // namespace

void placeColumn(Table &table, const QString &column, const QString &before, const QString &after)
{
    const auto indexOf = [&](const QString &name) {
        return std::ranges::find(table.columns, name, &Column::name) - table.columns.begin();
    };
    const QString &neighbour = after.isEmpty() ? before : after;
    const qsizetype from = indexOf(column);
    if (neighbour.isEmpty() || neighbour == column || from == table.columns.size()
        || !table.column(neighbour))
        return;
    const Column moved = table.columns.takeAt(from);
    table.columns.insert(indexOf(neighbour) + (after.isEmpty() ? 0 : 1), moved);
}

void addColumn(Table &table, const AddColumn &operation)
{
    if (Column *known = table.column(operation.column.name)) {
        if (operation.ifNotExists)
            return;
        *known = operation.column;
    } else {
        table.columns.append(operation.column);
    }
    placeColumn(table, operation.column.name, operation.insertBefore, operation.insertAfter);
    if (operation.inlinePrimaryKey && operation.column.primaryKey && !table.primaryKey())
        table.constraints.prepend(PrimaryKey{.columns = {operation.column.name}});
    for (const Constraint &constraint : operation.constraints)
        addConstraint(table, constraint);
    table.indexes.append(operation.indexes);
}

void dropColumn(Table &table, const QString &column)
{
    const PrimaryKey *key = table.primaryKey();
    if (key && key->columns.contains(column))
        forgetPrimaryKey(table);
    table.columns.removeIf([&](const Column &c) { return c.name == column; });
    table.constraints.removeIf([&](const Constraint &c) { return usesColumn(c, column); });
    table.indexes.removeIf([&](const Index &i) { return usesColumn(i, column); });
}

void renameColumn(Table &table, const QString &from, const QString &to)
{
    for (Column &column : table.columns)
        renameIn(column, from, to);
    for (Constraint &constraint : table.constraints)
        renameIn(constraint, table, from, to);
    for (Index &index : table.indexes) {
        if (!usesColumn(index, from))
            continue;
        for (ExprPtr &element : index.elements)
            element = withColumnRenamed(element, from, to);
        renameIn(index.options, from, to);
        index.sql.clear(); // the catalogue's text names the old column
    }
}

void alterColumn(Table &table, const AlterColumn &operation)
{
    Column *column = table.column(operation.column);
    if (!column)
        return;
    if (operation.type)
        setType(table, *column, operation.type);
    if (operation.nullable)
        column->nullable = operation.nullable;
    if (operation.serverDefault)
        setDefault(*column, *operation.serverDefault);
    if (operation.comment || operation.clearComment) {
        column->hasComment = operation.comment.has_value();
        column->comment = operation.comment.value_or(QString());
    }
    if (operation.autoincrement)
        column->autoincrement = *operation.autoincrement ? AutoIncrement::Yes : AutoIncrement::No;
    placeColumn(table, operation.column, operation.insertBefore, operation.insertAfter);
}

bool needsCopy(const BatchAlterTable &batch)
{
    const auto isStringDefault = [](const ExprPtr &value) {
        return !value
               || (value->kind == Expr::Kind::Value && value->value.kind == Literal::Kind::String
                   && !value->type);
    };
    return std::ranges::any_of(batch.operations, [&](const Operation &operation) {
        const auto *add = operation.as<AddColumn>();
        if (!add)
            return !operation.as<CreateIndex>() && !operation.as<DropIndex>()
                   && !operation.as<Execute>() && !operation.as<BulkInsert>();
        return !add->constraints.isEmpty() || !isStringDefault(add->column.serverDefault)
               || (add->column.computed && add->column.computed->persisted.value_or(false))
               || (add->column.type && add->column.type->createConstraint);
    });
}

bool replaceConstraint(Table &table, const Constraint &constraint)
{
    const QString name = constraintName(constraint).text;
    const auto same = std::ranges::find_if(table.constraints, [&](const Constraint &known) {
        return !name.isEmpty() && constraintName(known).text == name;
    });
    if (same == table.constraints.end())
        return false;
    *same = constraint;
    return true;
}

bool isRebuild(const BatchAlterTable &batch)
{
    using Recreate = BatchAlterTable::Recreate;
    return batch.recreate == Recreate::Always
           || (batch.recreate == Recreate::Auto && needsCopy(batch));
}

Operations rebuildOrder(const Operations &operations, const Table &table)
{
    const auto isThere = [&](const DropIndex &drop) {
        return std::ranges::any_of(
            table.indexes, [&](const Index &index) { return index.name.text == drop.name.text; });
    };
    Operations first;
    Operations rest;
    bool hasDropped = false;
    bool hasMade = false;
    for (const Operation &operation : operations) {
        const auto *drop = operation.as<DropIndex>();
        hasDropped = hasDropped || operation.as<DropColumn>();
        hasMade = hasMade || operation.as<CreateIndex>();
        (drop && hasDropped && !hasMade && isThere(*drop) ? first : rest).append(operation);
    }
    return first + rest;
}

void addConstraint(Table &table, const Constraint &constraint)
{
    const auto *key = std::get_if<PrimaryKey>(&constraint);
    if (!key) {
        table.constraints.append(constraint);
        return;
    }
    forgetPrimaryKey(table);
    table.constraints.prepend(constraint);
    for (const QString &name : key->columns)
        if (Column *column = table.column(name))
            column->primaryKey = true;
}

void nameConstraints(Table &table, const QMap<QString, QString> &convention)
{
    for (Constraint &constraint : table.constraints) {
        if (!constraintName(constraint).isEmpty()
            || std::holds_alternative<CheckConstraint>(constraint))
            continue; // Alembic does not see unnamed checks
        const QString name = conventionName(convention, table.name, constraint);
        std::visit([&](auto &c) { c.name = {.text = name, .isGenerated = !name.isEmpty()}; },
                   constraint);
    }
}

bool dropConstraint(Table &table, const DropConstraint &operation)
{
    const qsizetype found = findConstraint(table, operation);
    if (found >= 0) {
        if (std::holds_alternative<PrimaryKey>(table.constraints[found]))
            forgetPrimaryKey(table);
        else
            table.constraints.removeAt(found);
        return true;
    }
    const QString &kind = operation.kind;
    if (kind == u"primary") { // a table has one, whatever its name
        const bool had = table.primaryKey();
        forgetPrimaryKey(table);
        return had;
    }
    if (operation.name.isEmpty())
        return false;
    if ((kind.isEmpty() || kind == u"check")
        && (dropColumnCheck(table, operation.name.text)
            || dropTypeBoundCheck(table, operation.name.text)))
        return true;
    // On MySQL a unique constraint is a unique index under both names.
    return (kind.isEmpty() || kind == u"unique") && table.indexes.removeIf([&](const Index &index) {
        return index.unique && index.name.text == operation.name.text;
    }) > 0;
}

} // namespace tribikos
