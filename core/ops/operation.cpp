#include "core/ops/operation.h"

#include "core/base/overloaded.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString named(const Name &name)
{
    return name.isEmpty() ? u"(unnamed)"_s : name.text;
}

QString firstLine(const ExprPtr &statement)
{
    if (!statement)
        return {};
    if (statement->kind != Expr::Kind::Text)
        return u"SQL expression"_s;
    const QString line = statement->text.trimmed().section(u'\n', 0, 0).simplified();
    return line.size() > 80 ? line.left(79) + u'…' : line;
}

QString constraintTitle(const Constraint &constraint)
{
    const QString kind = constraintKind(constraint);
    if (kind == u"foreignkey")
        return u"foreign key"_s;
    if (kind == u"primary")
        return u"primary key"_s;
    return kind + u" constraint"_s;
}

} // namespace

bool operator==(const AlterColumn &a, const AlterColumn &b)
{
    const auto plain = [](const AlterColumn &c) {
        return std::tie(c.table, c.column, c.nullable, c.comment, c.clearComment, c.serverDefault,
                        c.newName, c.existingServerDefault, c.existingNullable, c.existingComment,
                        c.autoincrement, c.existingAutoincrement, c.insertBefore, c.insertAfter);
    };
    return plain(a) == plain(b) && sameType(a.type, b.type)
           && sameType(a.existingType, b.existingType) && sameExpr(a.using_, b.using_);
}

bool operator==(const BulkInsert &a, const BulkInsert &b)
{
    const auto sameRow = [](const QMap<QString, ExprPtr> &x, const QMap<QString, ExprPtr> &y) {
        return x.keys() == y.keys() && std::ranges::equal(x.values(), y.values(), sameExpr);
    };
    return a.table == b.table && a.multiInsert == b.multiInsert
           && std::ranges::equal(a.rows, b.rows, sameRow);
}

bool operator==(const BatchAlterTable &a, const BatchAlterTable &b)
{
    const auto plain = [](const BatchAlterTable &o) {
        return std::tie(o.table, o.recreate, o.operations, o.copyFrom, o.partialReordering,
                        o.tableArgs, o.reflectColumns, o.namingConvention);
    };
    return plain(a) == plain(b) && sameOptions(a.tableOptions, b.tableOptions);
}

QString operationName(const Operation &operation)
{
    return std::visit(
        Overloaded{
            [](const CreateTable &) { return u"create_table"_s; },
            [](const DropTable &) { return u"drop_table"_s; },
            [](const RenameTable &) { return u"rename_table"_s; },
            [](const AddColumn &) { return u"add_column"_s; },
            [](const DropColumn &) { return u"drop_column"_s; },
            [](const AlterColumn &) { return u"alter_column"_s; },
            [](const CreateIndex &) { return u"create_index"_s; },
            [](const DropIndex &) { return u"drop_index"_s; },
            [](const AddConstraint &o) {
                static const QString names[] = {u"create_primary_key"_s, u"create_unique_constraint"_s,
                                                u"create_foreign_key"_s, u"create_check_constraint"_s,
                                                u"create_exclude_constraint"_s};
                return names[o.constraint.index()];
            },
            [](const DropConstraint &) { return u"drop_constraint"_s; },
            [](const SetTableComment &o) {
                return o.isDrop ? u"drop_table_comment"_s : u"create_table_comment"_s;
            },
            [](const Execute &) { return u"execute"_s; },
            [](const ExecuteMany &) { return u"execute"_s; },
            [](const BulkInsert &) { return u"bulk_insert"_s; },
            [](const CreateType &) { return u"create_type"_s; },
            [](const DropType &) { return u"drop_type"_s; },
            [](const CreateSequence &) { return u"create_sequence"_s; },
            [](const DropSequence &) { return u"drop_sequence"_s; },
            [](const CreateNamespace &) { return u"create_schema"_s; },
            [](const DropNamespace &) { return u"drop_schema"_s; },
            [](const BatchAlterTable &) { return u"batch_alter_table"_s; },
            [](const AutocommitBegin &) { return u"autocommit_begin"_s; },
            [](const AutocommitEnd &) { return u"autocommit_end"_s; },
        },
        operation.kind);
}

QString operationSummary(const Operation &operation)
{
    return std::visit(
        Overloaded{
            [](const CreateTable &o) { return u"create table %1"_s.arg(o.table.name.text()); },
            [](const DropTable &o) { return u"drop table %1"_s.arg(o.table.text()); },
            [](const RenameTable &o) {
                return u"rename table %1 to %2"_s.arg(o.table.text(), o.newName);
            },
            [](const AddColumn &o) {
                return u"add column %1.%2"_s.arg(o.table.text(), o.column.name);
            },
            [](const DropColumn &o) { return u"drop column %1.%2"_s.arg(o.table.text(), o.column); },
            [](const AlterColumn &o) {
                return u"alter column %1.%2"_s.arg(o.table.text(), o.column);
            },
            [](const CreateIndex &o) {
                return u"create %1index %2 on %3"_s.arg(o.index.unique ? u"unique "_s : QString(),
                                                        named(o.index.name), o.table.text());
            },
            [](const DropIndex &o) { return u"drop index %1"_s.arg(named(o.name)); },
            [](const AddConstraint &o) {
                return u"add %1 %2 to %3"_s.arg(constraintTitle(o.constraint),
                                                named(constraintName(o.constraint)), o.table.text());
            },
            [](const DropConstraint &o) {
                return u"drop constraint %1 of %2"_s.arg(named(o.name), o.table.text());
            },
            [](const SetTableComment &o) {
                return (o.isDrop ? u"drop comment of table %1"_s : u"comment on table %1"_s)
                    .arg(o.table.text());
            },
            [](const Execute &o) { return u"execute: %1"_s.arg(firstLine(o.statement)); },
            [](const ExecuteMany &o) {
                return u"execute %1 statements on data"_s.arg(o.stretch->count);
            },
            [](const BulkInsert &o) {
                return u"insert %1 rows into %2"_s.arg(o.rows.size()).arg(o.table.name);
            },
            [](const CreateType &o) {
                return u"create type %1"_s.arg(o.type ? o.type->typeName : QString());
            },
            [](const DropType &o) {
                return u"drop type %1"_s.arg(o.type ? o.type->typeName : QString());
            },
            [](const CreateSequence &o) { return u"create sequence %1"_s.arg(o.name.text()); },
            [](const DropSequence &o) { return u"drop sequence %1"_s.arg(o.name.text()); },
            [](const CreateNamespace &o) { return u"create schema %1"_s.arg(o.name); },
            [](const DropNamespace &o) { return u"drop schema %1"_s.arg(o.name); },
            [](const BatchAlterTable &o) {
                return u"alter table %1 (%2 changes together)"_s.arg(o.table.text())
                    .arg(o.operations.size());
            },
            [](const AutocommitBegin &) { return u"leave the transaction"_s; },
            [](const AutocommitEnd &) { return u"begin a transaction again"_s; },
        },
        operation.kind);
}

QList<TableName> operationTables(const Operation &operation)
{
    return std::visit(
        Overloaded{
            [](const CreateTable &o) -> QList<TableName> { return {o.table.name}; },
            [](const RenameTable &o) -> QList<TableName> {
                return {o.table, {o.table.schema, o.newName}};
            },
            [](const DropIndex &o) -> QList<TableName> {
                return o.table ? QList<TableName>{*o.table} : QList<TableName>{};
            },
            [](const BulkInsert &o) -> QList<TableName> { return {{o.table.schema, o.table.name}}; },
            [](const AddConstraint &o) -> QList<TableName> {
                const auto *key = std::get_if<ForeignKey>(&o.constraint);
                if (key && !(key->target == o.table))
                    return {o.table, key->target};
                return {o.table};
            },
            [](const Execute &o) -> QList<TableName> {
                if (o.statement && o.statement->statement && o.statement->statement->table) {
                    const TableRef &table = *o.statement->statement->table;
                    return {{table.schema, table.name}};
                }
                return {};
            },
            [](const auto &o) -> QList<TableName> {
                if constexpr (requires { o.table.schema; })
                    return {o.table};
                else
                    return {};
            },
        },
        operation.kind);
}

} // namespace tribikos
