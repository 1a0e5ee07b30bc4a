#include "core/pyread/alembic/context.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/tables.h"

/// create_table, drop_table, rename_table, table comments and batch_alter_table.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

/// A Column object that already serves another table is copied, as Alembic does.
Value fresh(Interpreter &interpreter, const Value &item)
{
    const auto *column = item.as<ColumnObject>();
    return column && column->table ? Value(column->copied(interpreter)) : item;
}

Value createTable(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_table"_s);
    auto *made = interpreter.make<TableObject>(classOf(interpreter, u"Table"_s));
    made->name.name = textOf(interpreter, a.required(u"table_name"_s), u"table_name"_s);
    const std::vector<Value> items = a.rest();
    const bool ifNotExists = interpreter.truth(a.keywordOnly(u"if_not_exists"_s, Value(false)));
    made->name.schema = textOrEmpty(interpreter, a.keywordOnly(u"schema"_s), u"schema"_s);
    made->comment = a.keywordOnly(u"comment"_s);
    made->hasComment = !made->comment.isNone();
    made->prefixes = textList(interpreter, a.keywordOnly(u"prefixes"_s), u"prefixes"_s);
    for (const QString &silent : {u"info"_s, u"quote"_s, u"listeners"_s, u"implicit_returning"_s})
        a.keywordOnly(silent);
    made->options = dialectOptions(interpreter, a.restKeywords(), u"Table"_s);
    a.finish();
    for (const Value &item : items)
        made->take(interpreter, fresh(interpreter, item));
    target.add(interpreter, CreateTable{.table = buildTable(interpreter, *made,
                                                            hostOf(interpreter).namingConvention()),
                                        .ifNotExists = ifNotExists});
    return made;
}

Value dropTable(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"drop_table"_s);
    const QString name = target.table(interpreter, a);
    const TableName table = target.qualified(interpreter, a, name);
    const bool ifExists = interpreter.truth(a.keywordOnly(u"if_exists"_s, Value(false)));
    a.keywordOnly(u"info"_s);
    dialectOptions(interpreter, a.restKeywords(), u"Table"_s);
    a.finish();
    target.add(interpreter, DropTable{.table = table, .ifExists = ifExists});
    return {};
}

Value renameTable(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"rename_table"_s);
    const QString from = textOf(interpreter, a.required(u"old_table_name"_s), u"old_table_name"_s);
    const QString to = textOf(interpreter, a.required(u"new_table_name"_s), u"new_table_name"_s);
    const TableName table = target.qualified(interpreter, a, from);
    a.finish();
    target.add(interpreter, RenameTable{.table = table, .newName = to});
    return {};
}

Value createTableComment(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_table_comment"_s);
    const QString name = target.table(interpreter, a);
    const Value comment = a.required(u"comment"_s);
    a.keywordOnly(u"existing_comment"_s);
    const TableName table = target.qualified(interpreter, a, name);
    a.finish();
    SetTableComment operation{.table = table};
    if (!comment.isNone())
        operation.comment = textOf(interpreter, comment, u"comment"_s);
    target.add(interpreter, operation);
    return {};
}

Value dropTableComment(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"drop_table_comment"_s);
    const QString name = target.table(interpreter, a);
    a.keywordOnly(u"existing_comment"_s);
    const TableName table = target.qualified(interpreter, a, name);
    a.finish();
    target.add(interpreter, SetTableComment{.table = table, .isDrop = true});
    return {};
}

BatchAlterTable::Recreate recreateOf(Interpreter &interpreter, const Value &value)
{
    const QString word = textOf(interpreter, value, u"recreate"_s);
    if (word == u"auto")
        return BatchAlterTable::Recreate::Auto;
    if (word == u"always")
        return BatchAlterTable::Recreate::Always;
    if (word == u"never")
        return BatchAlterTable::Recreate::Never;
    interpreter.raise(u"ValueError"_s, u"recreate may be one of 'auto', 'always', or 'never'."_s);
}

void takeReordering(Interpreter &interpreter, Batch &batch, const Value &value)
{
    if (value.isNone())
        return;
    for (const Value &group : interpreter.items(value))
        batch.recorded.partialReordering.append(
            textList(interpreter, group, u"partial_reordering"_s));
}

/// table_args and reflect_args: columns override reflected ones, constraints are added.
void takeItems(Interpreter &interpreter, Batch &batch, const Value &items)
{
    for (const Value &item : interpreter.items(items)) {
        if (auto *column = item.as<ColumnObject>()) {
            batch.recorded.reflectColumns.append(
                buildColumn(interpreter, *column, batch.recorded.table,
                            hostOf(interpreter).namingConvention()));
        } else if (auto *constraint = item.as<ConstraintObject>()) {
            batch.recorded.tableArgs.append(
                buildConstraint(interpreter, *constraint, batch.recorded.table,
                                hostOf(interpreter).namingConvention()));
        } else {
            interpreter.unsupported(u"passes a %1 in table_args"_s.arg(interpreter.typeName(item)));
        }
    }
}

Value batchAlterTable(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    Arguments a(interpreter, args, u"batch_alter_table"_s);
    auto *batch = interpreter.make<Batch>(interpreter.makeClass(u"BatchOperations"_s));
    BatchAlterTable &recorded = batch->recorded;
    recorded.table.name = textOf(interpreter, a.required(u"table_name"_s), u"table_name"_s);
    recorded.table.schema = textOrEmpty(interpreter, a.optional(u"schema"_s), u"schema"_s);
    recorded.recreate = recreateOf(interpreter, a.optional(u"recreate"_s, Value(u"auto"_s)));
    takeReordering(interpreter, *batch, a.optional(u"partial_reordering"_s));
    const Value copyFrom = a.optional(u"copy_from"_s);
    Value tableArgs = a.optional(u"table_args"_s);
    // One that is no sequence, a mistake, is looked at only where the table is rebuilt.
    if (!interpreter.isIterable(tableArgs) && hostOf(interpreter).backend() != Backend::Sqlite
        && recorded.recreate != BatchAlterTable::Recreate::Always)
        tableArgs = Value();
    const Value tableKeywords = a.optional(u"table_kwargs"_s);
    const Value reflectArgs = a.optional(u"reflect_args"_s);
    const Value reflectKeywords = a.optional(u"reflect_kwargs"_s);
    const Value convention = a.optional(u"naming_convention"_s);
    a.finish();
    if (const auto *dict = convention.as<Dict>()) {
        for (const auto &[key, value] : dict->entries())
            recorded.namingConvention.insert(textOf(interpreter, key, u"naming_convention"_s),
                                             textOf(interpreter, value, u"naming_convention"_s));
    }
    if (auto *table = copyFrom.as<TableObject>())
        recorded.copyFrom = buildTable(interpreter, *table, hostOf(interpreter).namingConvention());
    else if (!copyFrom.isNone())
        interpreter.raise(u"TypeError"_s, u"copy_from must be a Table"_s);
    if (!tableArgs.isNone())
        takeItems(interpreter, *batch, tableArgs);
    if (!reflectArgs.isNone())
        takeItems(interpreter, *batch, reflectArgs);
    if (const auto *dict = tableKeywords.as<Dict>()) {
        std::vector<std::pair<QString, Value>> options;
        for (const auto &[key, value] : dict->entries())
            options.push_back({textOf(interpreter, key, u"table_kwargs"_s), value});
        recorded.tableOptions = dialectOptions(interpreter, options, u"Table"_s);
    }
    if (const auto *dict = reflectKeywords.as<Dict>(); dict && dict->size() > 0)
        interpreter.unsupported(u"passes reflect_kwargs, which only a reflection could use"_s);
    return batch;
}

} // namespace

const DirectiveTable &tableDirectives()
{
    static const DirectiveTable table{
        {"create_table", createTable, true, false},
        {"drop_table", dropTable, true, false},
        {"rename_table", renameTable, true, false},
        {"create_table_comment", createTableComment, true, true},
        {"drop_table_comment", dropTableComment, true, true},
        {"batch_alter_table", batchAlterTable, true, true},
    };
    return table;
}

} // namespace tribikos::py::alembic
