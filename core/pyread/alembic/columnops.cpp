#include "core/pyread/alembic/context.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// add_column, drop_column and alter_column.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

Value addColumn(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"add_column"_s);
    const QString name = target.table(interpreter, a);
    auto *column = a.required(u"column"_s).as<ColumnObject>();
    if (!column)
        interpreter.raise(u"TypeError"_s, u"add_column() takes a Column"_s);
    AddColumn operation;
    operation.table = target.qualified(interpreter, a, name);
    operation.ifNotExists = interpreter.truth(a.keywordOnly(u"if_not_exists"_s, Value(false)));
    operation.inlineReferences =
        interpreter.truth(a.keywordOnly(u"inline_references"_s, Value(false)));
    operation.inlinePrimaryKey =
        interpreter.truth(a.keywordOnly(u"inline_primary_key"_s, Value(false)));
    if (target.batch) {
        operation.insertBefore =
            textOrEmpty(interpreter, a.keywordOnly(u"insert_before"_s), u"insert_before"_s);
        operation.insertAfter =
            textOrEmpty(interpreter, a.keywordOnly(u"insert_after"_s), u"insert_after"_s);
    }
    a.finish();
    if (column->table)
        column = column->copied(interpreter);
    const Convention convention = hostOf(interpreter).namingConvention();
    operation.column = buildColumn(interpreter, *column, operation.table, convention);
    operation.constraints = columnConstraints(interpreter, *column, operation.table, convention);
    if (const auto check = typeCheck(interpreter, *column, operation.table, convention))
        operation.constraints.append(*check);
    operation.indexes = columnIndexes(interpreter, *column, operation.table, convention);
    target.add(interpreter, operation);
    return {};
}

Value dropColumn(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"drop_column"_s);
    DropColumn operation;
    const QString name = target.table(interpreter, a);
    const Value column = a.required(u"column_name"_s);
    operation.column = column.as<ColumnClause>() ? column.as<ColumnClause>()->name
                                                 : textOf(interpreter, column, u"column_name"_s);
    operation.table = target.qualified(interpreter, a, name);
    operation.ifExists = interpreter.truth(a.keywordOnly(u"if_exists"_s, Value(false)));
    dialectOptions(interpreter, a.restKeywords(), u"Column"_s); // mssql_drop_default and the like
    a.finish();
    target.add(interpreter, operation);
    return {};
}

void takeDefaults(Interpreter &interpreter, AlterColumn &operation, Arguments &a)
{
    operation.serverDefault =
        defaultChange(interpreter, a.keywordOnly(u"server_default"_s, Value(false)));
    operation.existingServerDefault =
        defaultChange(interpreter, a.keywordOnly(u"existing_server_default"_s, Value(false)));
}

void takeComment(Interpreter &interpreter, AlterColumn &operation, Arguments &a)
{
    const Value comment = a.keywordOnly(u"comment"_s, Value(false));
    if (comment.isNone())
        operation.clearComment = true;
    else if (!comment.isFalse())
        operation.comment = textOf(interpreter, comment, u"comment"_s);
    const Value existing = a.keywordOnly(u"existing_comment"_s);
    if (!existing.isNone() && !existing.isFalse())
        operation.existingComment = textOf(interpreter, existing, u"existing_comment"_s);
}

void refuseLeftovers(Interpreter &interpreter, Arguments &a)
{
    std::vector<std::pair<QString, Value>> rest;
    for (const auto &keyword : a.restKeywords()) {
        const bool isOfDialect = backendFromName(keyword.first.section(u'_', 0, 0)).has_value();
        if (keyword.first != u"info" && !keyword.first.startsWith(u"existing_") && !isOfDialect)
            rest.push_back(keyword);
    }
    // Alembic swallows any name here; a typing error must not pass for a change that was made.
    dialectOptions(interpreter, rest, u"Column"_s);
}

Value alterColumn(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"alter_column"_s);
    AlterColumn operation;
    const QString name = target.table(interpreter, a);
    const Value column = a.required(u"column_name"_s);
    if (!isText(column) && !target.batch && args.positional.size() == 2 && args.keywords.empty())
        return {}; // whatever it is, nothing of it is asked to change
    operation.column = textOf(interpreter, column, u"column_name"_s);
    operation.table = target.qualified(interpreter, a, name);
    operation.nullable = optionalBool(interpreter, a.keywordOnly(u"nullable"_s));
    takeComment(interpreter, operation, a);
    takeDefaults(interpreter, operation, a);
    if (const Value renamed = a.keywordOnly(u"new_column_name"_s); !renamed.isNone())
        operation.newName = textOf(interpreter, renamed, u"new_column_name"_s);
    const Value type = a.keywordOnly(u"type_"_s);
    const Value existingType = a.keywordOnly(u"existing_type"_s);
    operation.type = typeFrom(interpreter, type);
    operation.existingType = typeFrom(interpreter, existingType);
    operation.isTypeClass = (type.isNone() ? existingType : type).as<Class>() != nullptr;
    operation.existingNullable = optionalBool(interpreter, a.keywordOnly(u"existing_nullable"_s));
    const Value autoincrement = a.keywordOnly(u"autoincrement"_s);
    operation.autoincrement =
        isText(autoincrement) ? std::nullopt : optionalBool(interpreter, autoincrement);
    operation.existingAutoincrement =
        optionalBool(interpreter, a.keywordOnly(u"existing_autoincrement"_s));
    if (const Value usingText = a.keywordOnly(u"postgresql_using"_s); !usingText.isNone())
        operation.using_ = clauseFrom(interpreter, usingText, true);
    if (target.batch) {
        operation.insertBefore =
            textOrEmpty(interpreter, a.keywordOnly(u"insert_before"_s), u"insert_before"_s);
        operation.insertAfter =
            textOrEmpty(interpreter, a.keywordOnly(u"insert_after"_s), u"insert_after"_s);
    }
    refuseLeftovers(interpreter, a);
    a.finish();
    target.add(interpreter, operation);
    return {};
}

} // namespace

std::optional<DefaultChange> defaultChange(Interpreter &interpreter, const Value &value)
{
    if (value.isFalse())
        return std::nullopt;
    DefaultChange change;
    if (value.isNone())
        return change;
    Column holder;
    takeServerDefault(interpreter, holder, value);
    change.expression = holder.serverDefault;
    change.identity = holder.identity;
    change.computed = holder.computed;
    return change;
}

const DirectiveTable &columnDirectives()
{
    static const DirectiveTable table{
        {"add_column", addColumn, true, true},
        {"drop_column", dropColumn, true, true},
        {"alter_column", alterColumn, true, true},
    };
    return table;
}

} // namespace tribikos::py::alembic
