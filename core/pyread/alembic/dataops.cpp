#include "core/pyread/alembic/context.h"
#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/tables.h"

/// execute, bulk_insert, get_bind and what else isn't DDL.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

/// Inside a batch too it happens at once, before what the batch records (§7.11).
Value execute(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    Arguments a(interpreter, args, u"execute"_s);
    const Value statement = a.required(u"sqltext"_s);
    a.keywordOnly(u"execution_options"_s);
    a.finish();
    hostOf(interpreter).record(interpreter, executedOperation(interpreter, statement));
    return {};
}

QMap<QString, ExprPtr> insertRow(Interpreter &interpreter, TableObject &table, const Dict &dict)
{
    QMap<QString, ExprPtr> row;
    for (const auto &[key, value] : dict.entries()) {
        const QString name = textOf(interpreter, key, u"a column's name"_s);
        ColumnClause *column = table.find(name);
        if (!column)
            interpreter.raise(u"KeyError"_s, interpreter.repr(key));
        row.insert(column->name, boundExpr(interpreter, value, column->sqlType(interpreter)));
    }
    for (ColumnClause *column : table.columns) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        if (!full || full->clientDefault.isNone() || row.contains(column->name))
            continue;
        row.insert(column->name, clientDefaultExpr(interpreter, *full));
    }
    return row;
}

Value bulkInsert(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"bulk_insert"_s);
    const Value tableValue = a.required(u"table"_s);
    const Value rows = a.required(u"rows"_s);
    const bool multiInsert = interpreter.truth(a.keywordOnly(u"multiinsert"_s, Value(true)));
    a.finish();
    if (const auto *unknown = tableValue.as<Unknown>())
        unknown->refuse(interpreter);
    auto *table = tableValue.as<TableObject>();
    if (!table)
        interpreter.raise(u"TypeError"_s, u"bulk_insert() takes a table, not %1"_s.arg(
                                              interpreter.typeName(tableValue)));
    if (const auto *unknown = rows.as<Unknown>())
        unknown->refuse(interpreter);
    const auto *list = rows.as<List>();
    if (!list)
        interpreter.raise(u"TypeError"_s, u"List expected"_s);
    if (!list->items.empty() && !list->items.front().as<Dict>())
        interpreter.raise(u"TypeError"_s, u"List of dictionaries expected"_s);
    BulkInsert operation{.table = *table->ref(interpreter), .multiInsert = multiInsert};
    for (const Value &item : std::vector<Value>(list->items)) {
        interpreter.step();
        const auto *dict = item.as<Dict>();
        if (!dict)
            interpreter.raise(u"TypeError"_s, u"List of dictionaries expected"_s);
        operation.rows.append(insertRow(interpreter, *table, *dict));
    }
    target.add(interpreter, operation);
    return {};
}

Value getBind(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    Arguments(interpreter, args, u"get_bind"_s).finish();
    return makeConnection(interpreter);
}

Value getContext(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    Arguments(interpreter, args, u"get_context"_s).finish();
    return migrationContext(interpreter);
}

Value finalName(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    return makeConv(interpreter, args);
}

Value inlineLiteral(Interpreter &interpreter, const Target &, const CallArgs &args)
{
    return expressionFunctions().value(u"inline_literal"_s)(interpreter, args);
}

Value runAsync(Interpreter &interpreter, const Target &, const CallArgs &)
{
    interpreter.raise(u"ValueError"_s, u"Cannot call run_async with a sync engine"_s);
}

/// What ops.AddColumnOp(…) and its like make: a directive that waits for op.invoke().
class PendingDirective final : public Object
{
public:
    PendingDirective(QString directiveName, CallArgs arguments)
        : name(std::move(directiveName))
        , args(std::move(arguments))
    {}
    QString typeName() const override { return u"MigrateOperation"_s; }

    const QString name;
    const CallArgs args;
};

Value invoke(Interpreter &interpreter, const Target &target, const CallArgs &args)
{
    Arguments a(interpreter, args, u"invoke"_s);
    const Value operation = a.required(u"operation"_s);
    a.finish();
    const auto *pending = operation.as<PendingDirective>();
    if (!pending)
        interpreter.unsupported(u"invokes an operation that only its plug-in knows"_s);
    return interpreter.call(*directive(interpreter, pending->name, target.batch), pending->args);
}

struct PendingSpec
{
    const char *className;
    const char *directive;
    bool spreadsItems = false; // CreateTableOp(name, [items])
};
constexpr PendingSpec pendingSpecs[] = {
    {"AddColumnOp", "add_column"},
    {"DropColumnOp", "drop_column"},
    {"CreateTableOp", "create_table", true},
    {"DropTableOp", "drop_table"},
    {"RenameTableOp", "rename_table"},
    {"CreateIndexOp", "create_index"},
    {"DropIndexOp", "drop_index"},
    {"CreateUniqueConstraintOp", "create_unique_constraint"},
    {"CreatePrimaryKeyOp", "create_primary_key"},
    {"CreateForeignKeyOp", "create_foreign_key"},
    {"CreateCheckConstraintOp", "create_check_constraint"},
    {"DropConstraintOp", "drop_constraint"},
    {"CreateTableCommentOp", "create_table_comment"},
    {"DropTableCommentOp", "drop_table_comment"},
    {"ExecuteSQLOp", "execute"},
    {"BulkInsertOp", "bulk_insert"},
};

} // namespace

std::optional<Value> pendingDirective(Interpreter &interpreter, const QString &className)
{
    for (const PendingSpec &spec : pendingSpecs) {
        if (className != QLatin1String(spec.className))
            continue;
        return interpreter.function(className, [&spec](Interpreter &in, const CallArgs &args) {
            CallArgs own = args;
            if (spec.spreadsItems && own.positional.size() == 2) {
                const std::vector<Value> items = in.items(own.positional[1]);
                own.positional.resize(1);
                own.positional.insert(own.positional.end(), items.begin(), items.end());
            }
            return Value(in.make<PendingDirective>(QString::fromLatin1(spec.directive), own));
        });
    }
    return std::nullopt;
}

Operation::Kind executedOperation(Interpreter &interpreter, const Value &statement)
{
    if (const auto *ddl = statement.as<DdlObject>())
        return ddl->operation;
    return executeOf(interpreter, statement, Value(), true);
}

const DirectiveTable &dataDirectives()
{
    static const DirectiveTable table{
        {"execute", execute, true, true},  {"bulk_insert", bulkInsert, true, false},
        {"get_bind", getBind, true, true}, {"get_context", getContext, true, true},
        {"f", finalName, true, true},      {"inline_literal", inlineLiteral, true, true},
        {"invoke", invoke, true, true},    {"run_async", runAsync, true, true},
    };
    return table;
}

} // namespace tribikos::py::alembic
