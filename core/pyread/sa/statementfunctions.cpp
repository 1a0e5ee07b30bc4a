#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// select(), insert(), values() …: what makes statements and things to select from.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value aliasFunction(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"alias() needs a table"_s);
    CallArgs others = args;
    others.positional.erase(others.positional.begin());
    return interpreter.call(interpreter.getAttr(args.positional.front(), u"alias"_s), others);
}

/// values(column, …, name="v"): rows come with data().
Value valuesFunction(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"values"_s);
    const QString name = textOrEmpty(interpreter, a.keywordOnly(u"name"_s), u"name"_s);
    a.keywordOnly(u"literal_binds"_s);
    const std::vector<Value> columns = a.rest();
    a.finish();
    auto *made = interpreter.make<TableObject>(classOf(interpreter, u"TableClause"_s));
    made->isLight = true;
    made->name.name = name;
    TableRef shape{.name = name};
    for (const Value &item : columns) {
        auto *column = item.as<ColumnClause>();
        if (!column)
            interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                              u"values() takes column() objects"_s);
        made->append(interpreter, column);
        shape.columns.append({column->name, column->sqlType(interpreter)});
    }
    made->source = sharedExpr({.kind = Expr::Kind::Values,
                               .text = name,
                               .table = std::make_shared<const TableRef>(std::move(shape))});
    return made;
}

template<Value (*make)(Interpreter &, const Value &)>
Value fromTable(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"insert"_s);
    const Value table = a.required(u"table"_s);
    a.finish();
    return make(interpreter, table);
}

template<bool isOuter>
Value joinFunction(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"join() needs a left side"_s);
    CallArgs others = args;
    const Value left = others.positional.front();
    others.positional.erase(others.positional.begin());
    return makeJoin(interpreter, left, others, isOuter);
}

} // namespace

Value postgresArray(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"array"_s);
    const std::vector<Value> items = interpreter.items(a.required(u"clauses"_s));
    SqlTypePtr item = typeFrom(interpreter, a.keywordOnly(u"type_"_s));
    a.finish();
    Expr made{.kind = Expr::Kind::Array};
    for (const Value &value : items) {
        auto *element = value.as<Element>();
        if (!item)
            item = element ? element->sqlType(interpreter) : valueType(interpreter, value);
        made.args.append(boundExpr(interpreter, value, element ? nullptr : item));
    }
    SqlType type{.name = u"ARRAY"_s, .module = u"postgresql"_s, .item = item};
    if (item && item->name == u"ARRAY") { // arrays of arrays have more dimensions
        type.item = item->item;
        type.dimensions = item->dimensions + 1;
    }
    made.type = std::make_shared<const SqlType>(std::move(type));
    return makeElement(interpreter, made, made.type);
}

Value makeSelect(Interpreter &interpreter, const std::vector<Value> &columns)
{
    auto *made =
        interpreter.make<StatementObject>(classOf(interpreter, u"Select"_s), Expr::Kind::Select);
    made->entities = columns;
    for (const Value &column : columns) {
        if (column.as<List>())
            interpreter.raise(
                classOf(interpreter, u"exc.ArgumentError"_s),
                u"Column expression, FROM clause, or other columns clause element expected, "
                "got a list: write select(a, b)"_s);
        if (TableObject *table = tableFrom(interpreter, column)) {
            for (ColumnClause *each : table->columns)
                made->statement.columns.append(each->expr(interpreter));
            if (table->columns.empty())
                made->statement.from.append(table->sourceExpr(interpreter));
            made->leftSide = table;
            continue;
        }
        if (auto *subquery = column.as<SubqueryObject>()) {
            for (const ExprPtr &each : subquery->columnExprs(interpreter))
                made->statement.columns.append(each);
            continue;
        }
        if (auto *select = column.as<StatementObject>(); select && !select->isExists) {
            interpreter.unsupported(
                u"selects a select() without scalar_subquery() or subquery()"_s);
        }
        if (isText(column))
            clauseFrom(interpreter, column); // refuses with SQLAlchemy's words
        if (column.isNone() || column.isBool()) {
            made->statement.columns.append(clauseFrom(interpreter, column));
            continue;
        }
        if (column.isInt() || column.isFloat()) { // printed as it is, without a label
            made->statement.columns.append(sharedExpr(
                {.kind = Expr::Kind::Column, .text = interpreter.str(column), .flag = true}));
            continue;
        }
        if (auto *clause = column.as<ColumnClause>(); clause && clause->table && !made->leftSide)
            made->leftSide = clause->table;
        made->statement.columns.append(columnExprFrom(interpreter, column));
    }
    return made;
}

namespace {

TableObject &targetTable(Interpreter &interpreter, const Value &value)
{
    TableObject *table = tableFrom(interpreter, value);
    if (!table)
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"subject table for an INSERT, UPDATE or DELETE expected, got %1."_s.arg(
                              interpreter.repr(value)));
    return *table;
}

template<Expr::Kind kind>
Value makeOn(Interpreter &interpreter, const Value &table, const QString &classKey)
{
    auto *made = interpreter.make<StatementObject>(classOf(interpreter, classKey), kind);
    made->target = &targetTable(interpreter, table);
    return made;
}

} // namespace

Value makeInsert(Interpreter &interpreter, const Value &table)
{
    return makeOn<Expr::Kind::Insert>(interpreter, table, u"Insert"_s);
}

Value makeUpdate(Interpreter &interpreter, const Value &table)
{
    return makeOn<Expr::Kind::Update>(interpreter, table, u"Update"_s);
}

Value makeDelete(Interpreter &interpreter, const Value &table)
{
    return makeOn<Expr::Kind::Delete>(interpreter, table, u"Delete"_s);
}

const QHash<QString, NativeCall> &statementFunctions()
{
    static const QHash<QString, NativeCall> own{
        {u"select"_s,
         [](Interpreter &in, const CallArgs &args) {
             if (!args.keywords.empty())
                 in.raise(u"TypeError"_s, u"select() got an unexpected keyword argument '%1'"_s.arg(
                                              args.keywords.front().first));
             return makeSelect(in, args.positional);
         }},
        {u"insert"_s, fromTable<makeInsert>},
        {u"update"_s, fromTable<makeUpdate>},
        {u"delete"_s, fromTable<makeDelete>},
        {u"values"_s, valuesFunction},
        {u"alias"_s, aliasFunction},
        {u"join"_s, joinFunction<false>},
        {u"outerjoin"_s, joinFunction<true>},
        {u"table"_s, lightTable},
    };
    static const QHash<QString, NativeCall> table = [] {
        QHash<QString, NativeCall> all = own;
        all.insert(compoundFunctions());
        return all;
    }();
    return table;
}

} // namespace tribikos::py::sa
