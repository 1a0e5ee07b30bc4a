#include "core/pyread/alembic/context.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/tables.h"

/// Constraints and indexes.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

QStringList columnList(Interpreter &interpreter, const Value &value, const QString &what)
{
    if (isText(value) || value.isNone())
        interpreter.raise(u"TypeError"_s, u"%1 must be a list of column names, not %2"_s.arg(
                                              what, interpreter.repr(value)));
    QStringList names;
    for (const Value &item : interpreter.items(value))
        names.append(item.as<ColumnClause>() ? item.as<ColumnClause>()->name
                                             : textOf(interpreter, item, what));
    return names;
}

Name nameIn(Interpreter &interpreter, const NameArg &given, const NamedThing &thing)
{
    return resolveName(interpreter, hostOf(interpreter).namingConvention(), given, thing);
}

Value createUnique(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_unique_constraint"_s);
    const NameArg given =
        nameFrom(interpreter, a.required(u"constraint_name"_s), u"constraint_name"_s);
    const QString tableName = target.table(interpreter, a);
    UniqueConstraint unique;
    unique.columns = columnList(interpreter, a.required(u"columns"_s), u"columns"_s);
    const TableName table = target.qualified(interpreter, a, tableName);
    unique.deferrable = optionalBool(interpreter, a.keywordOnly(u"deferrable"_s));
    unique.initially = textOrEmpty(interpreter, a.keywordOnly(u"initially"_s), u"initially"_s);
    a.keywordOnly(u"info"_s);
    unique.options = dialectOptions(interpreter, a.restKeywords(), u"UniqueConstraint"_s);
    a.finish();
    unique.name =
        nameIn(interpreter, given, {.kind = u"uq"_s, .table = table, .columns = unique.columns});
    target.add(interpreter, AddConstraint{.table = table, .constraint = unique});
    return {};
}

Value createPrimaryKey(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_primary_key"_s);
    const NameArg given =
        nameFrom(interpreter, a.required(u"constraint_name"_s), u"constraint_name"_s);
    const QString tableName = target.table(interpreter, a);
    PrimaryKey primary;
    primary.columns = columnList(interpreter, a.required(u"columns"_s), u"columns"_s);
    const TableName table = target.qualified(interpreter, a, tableName);
    primary.options = dialectOptions(interpreter, a.restKeywords(), u"PrimaryKeyConstraint"_s);
    a.finish();
    primary.name =
        nameIn(interpreter, given, {.kind = u"pk"_s, .table = table, .columns = primary.columns});
    target.add(interpreter, AddConstraint{.table = table, .constraint = primary});
    return {};
}

Value createForeignKey(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_foreign_key"_s);
    const NameArg given =
        nameFrom(interpreter, a.required(u"constraint_name"_s), u"constraint_name"_s);
    const QString source = target.table(interpreter, a, u"source_table"_s);
    ForeignKey key;
    key.target.name = textOf(interpreter, a.required(u"referent_table"_s), u"referent_table"_s);
    key.columns = columnList(interpreter, a.required(u"local_cols"_s), u"local_cols"_s);
    key.targetColumns = columnList(interpreter, a.required(u"remote_cols"_s), u"remote_cols"_s);
    key.onUpdate = textOrEmpty(interpreter, a.keywordOnly(u"onupdate"_s), u"onupdate"_s);
    key.onDelete = textOrEmpty(interpreter, a.keywordOnly(u"ondelete"_s), u"ondelete"_s);
    key.deferrable = optionalBool(interpreter, a.keywordOnly(u"deferrable"_s));
    key.initially = textOrEmpty(interpreter, a.keywordOnly(u"initially"_s), u"initially"_s);
    key.match = textOrEmpty(interpreter, a.keywordOnly(u"match"_s), u"match"_s);
    key.useAlter = interpreter.truth(a.keywordOnly(u"use_alter"_s, Value(false)));
    TableName table{.name = source};
    if (target.batch)
        table = target.batch->recorded.table;
    else
        table.schema =
            textOrEmpty(interpreter, a.keywordOnly(u"source_schema"_s), u"source_schema"_s);
    key.target.schema =
        textOrEmpty(interpreter, a.keywordOnly(u"referent_schema"_s), u"referent_schema"_s);
    a.keywordOnly(u"info"_s);
    key.options = dialectOptions(interpreter, a.restKeywords(), u"ForeignKeyConstraint"_s);
    a.finish();
    if (key.columns.size() != key.targetColumns.size())
        interpreter.raise(
            classOf(interpreter, u"exc.ArgumentError"_s),
            u"ForeignKeyConstraint number of constrained columns must match the number of "
            "referenced columns."_s);
    key.name = nameIn(interpreter, given,
                      {.kind = u"fk"_s,
                       .table = table,
                       .columns = key.columns,
                       .referred = key.target,
                       .referredColumns = key.targetColumns});
    target.add(interpreter, AddConstraint{.table = table, .constraint = key});
    return {};
}

Value createCheck(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_check_constraint"_s);
    const NameArg given =
        nameFrom(interpreter, a.required(u"constraint_name"_s), u"constraint_name"_s);
    const QString tableName = target.table(interpreter, a);
    CheckConstraint check;
    check.condition = clauseFrom(interpreter, a.required(u"condition"_s), true);
    const TableName table = target.qualified(interpreter, a, tableName);
    for (const QString &silent : {u"deferrable"_s, u"initially"_s, u"info"_s})
        a.keywordOnly(silent);
    check.options = dialectOptions(interpreter, a.restKeywords(), u"CheckConstraint"_s);
    a.finish();
    check.name = nameIn(interpreter, given, {.kind = u"ck"_s, .table = table});
    target.add(interpreter, AddConstraint{.table = table, .constraint = check});
    return {};
}

Value createExclude(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_exclude_constraint"_s);
    CallArgs inner;
    const Value name = a.required(u"constraint_name"_s);
    const QString tableName = target.table(interpreter, a);
    inner.positional = a.rest();
    const TableName table = target.qualified(interpreter, a, tableName);
    inner.keywords = a.restKeywords();
    inner.keywords.push_back({u"name"_s, name});
    a.finish();
    const Value made = interpreter.call(classOf(interpreter, u"ExcludeConstraint"_s), inner);
    target.add(interpreter, AddConstraint{.table = table,
                                          .constraint = buildConstraint(
                                              interpreter, *made.as<ConstraintObject>(), table,
                                              hostOf(interpreter).namingConvention())});
    return {};
}

/// Alembic refuses to drop what has no name; a script that catches it goes on without.
void raiseUnnamed(Interpreter &interpreter)
{
    const Value exception =
        interpreter.call(classOf(interpreter, u"exc.CompileError"_s),
                         {Value(u"Can't emit DROP CONSTRAINT for a constraint; it has no name"_s)});
    if (interpreter.isCaught(exception))
        interpreter.raise(exception);
}

/// drop_constraint("positive", type_="check") is expanded by the convention as the creation was.
Value dropConstraint(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    static const QHash<QString, QString> kinds{{u"check"_s, u"ck"_s},
                                               {u"foreignkey"_s, u"fk"_s},
                                               {u"primary"_s, u"pk"_s},
                                               {u"unique"_s, u"uq"_s}};
    Arguments a(interpreter, args, u"drop_constraint"_s);
    const NameArg given =
        nameFrom(interpreter, a.required(u"constraint_name"_s), u"constraint_name"_s);
    const QString tableName = target.table(interpreter, a);
    DropConstraint operation;
    operation.kind = textOrEmpty(interpreter, a.optional(u"type_"_s), u"type_"_s);
    operation.table = target.qualified(interpreter, a, tableName);
    if (!target.batch)
        operation.ifExists = interpreter.truth(a.keywordOnly(u"if_exists"_s, Value(false)));
    a.finish();
    if (!operation.kind.isEmpty() && !kinds.contains(operation.kind))
        interpreter.raise(u"TypeError"_s, u"'type' can be one of 'check', 'foreignkey', 'primary', "
                                          "'unique', None"_s);
    operation.name = {.text = given.text, .isGenerated = given.isFinal, .quoted = given.quoted};
    if (!operation.kind.isEmpty())
        operation.name = nameIn(interpreter, given,
                                {.kind = kinds.value(operation.kind), .table = operation.table});
    if (!target.batch && operation.name.isEmpty()
        && hostOf(interpreter).backend() != Backend::Sqlite)
        raiseUnnamed(interpreter);
    target.add(interpreter, operation);
    return {};
}

Value createIndex(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create_index"_s);
    auto *index = interpreter.make<IndexObject>(classOf(interpreter, u"Index"_s));
    index->isOfDirective = true;
    index->name = nameFrom(interpreter, a.required(u"index_name"_s), u"index_name"_s);
    const QString tableName = target.table(interpreter, a);
    const Value columns = a.required(u"columns"_s);
    if (isText(columns))
        interpreter.raise(u"TypeError"_s,
                          u"create_index() takes a list of columns, not a string"_s);
    index->elements = interpreter.items(columns);
    const TableName table = target.qualified(interpreter, a, tableName);
    index->unique = interpreter.truth(a.keywordOnly(u"unique"_s, Value(false)));
    const bool ifNotExists = interpreter.truth(a.keywordOnly(u"if_not_exists"_s, Value(false)));
    if (const auto quote = optionalBool(interpreter, a.keywordOnly(u"quote"_s)))
        index->name.quoted = quote;
    a.keywordOnly(u"info"_s);
    index->options = dialectOptions(interpreter, a.restKeywords(), u"Index"_s);
    a.finish();
    target.add(interpreter,
               CreateIndex{.table = table,
                           .index = index->toIndex(interpreter, table,
                                                   hostOf(interpreter).namingConvention()),
                           .ifNotExists = ifNotExists});
    return {};
}

Value dropIndex(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"drop_index"_s);
    DropIndex operation;
    const NameArg given = nameFrom(interpreter, a.required(u"index_name"_s), u"index_name"_s);
    if (target.batch) {
        operation.table = target.batch->recorded.table;
        operation.schema = operation.table->schema;
        a.optional(u"table_name"_s);
    } else {
        const QString table =
            textOrEmpty(interpreter, a.optional(u"table_name"_s), u"table_name"_s);
        operation.schema = textOrEmpty(interpreter, a.keywordOnly(u"schema"_s), u"schema"_s);
        if (!table.isEmpty())
            operation.table = TableName{.schema = operation.schema, .name = table};
    }
    operation.ifExists = interpreter.truth(a.keywordOnly(u"if_exists"_s, Value(false)));
    a.keywordOnly(u"info"_s);
    operation.options = dialectOptions(interpreter, a.restKeywords(), u"Index"_s);
    a.finish();
    const TableName table = operation.table.value_or(TableName{operation.schema, u"no_table"_s});
    operation.name = nameIn(interpreter, given,
                            {.kind = u"ix"_s, .table = table, .columns = {u"x"_s}});
    target.add(interpreter, operation);
    return {};
}

} // namespace

const DirectiveTable &constraintDirectives()
{
    static const DirectiveTable table{
        {"create_unique_constraint", createUnique, true, true},
        {"create_primary_key", createPrimaryKey, true, true},
        {"create_foreign_key", createForeignKey, true, true},
        {"create_check_constraint", createCheck, true, true},
        {"create_exclude_constraint", createExclude, true, true},
        {"drop_constraint", dropConstraint, true, true},
        {"create_index", createIndex, true, true},
        {"drop_index", dropIndex, true, true},
    };
    return table;
}

} // namespace tribikos::py::alembic
