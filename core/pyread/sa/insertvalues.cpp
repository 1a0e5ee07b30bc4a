#include "core/pyread/sa/insertvalues.h"

#include "core/pyread/sa/names.h"
#include "core/pyread/sa/tables.h"

#include <algorithm>

/// The rows of INSERT and the assignments of UPDATE.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

QString columnKey(Interpreter &interpreter, const Value &key)
{
    if (const auto *column = key.as<ColumnClause>())
        return column->name;
    if (const auto clause =
            isText(key) ? std::nullopt : interpreter.findAttr(key, u"__clause_element__"_s))
        return interpreter.str(
            interpreter.getAttr(interpreter.call(*clause, std::vector<Value>{}), u"name"_s));
    return textOf(interpreter, key, u"a column's name"_s);
}

namespace {

SqlTypePtr columnType(Interpreter &interpreter, const TableObject *table, const QString &column)
{
    ColumnClause *found = table ? table->find(column) : nullptr;
    return found ? found->sqlType(interpreter) : nullptr;
}

using Row = std::vector<std::pair<QString, ExprPtr>>;

Row rowFrom(Interpreter &interpreter, const TableObject *table, const Dict &dict)
{
    Row row;
    for (const auto &[key, value] : dict.entries()) {
        const QString name = columnKey(interpreter, key);
        const auto *column = key.as<ColumnClause>();
        if (column && column->table && table && column->table->name.name != table->name.name
            && column->table->name.name != u"excluded")
            interpreter.unsupported(u"sets a column of another table: write the statement with "
                                    "op.execute()"_s);
        row.push_back({name, boundExpr(interpreter, value, columnType(interpreter, table, name))});
    }
    return row;
}

/// values((1, 2)): the table's columns in their order.
Row positionalRow(Interpreter &interpreter, const TableObject *table, const Value &values)
{
    Row row;
    for (const Value &value : interpreter.items(values)) {
        if (!table || row.size() >= table->columns.size())
            interpreter.raise(u"IndexError"_s,
                              u"values() got more values than the table has columns"_s);
        const QString name = table->columns[row.size()]->name;
        row.push_back({name, boundExpr(interpreter, value, columnType(interpreter, table, name))});
    }
    return row;
}

void addClientDefaults(Interpreter &interpreter, const TableObject *table, std::vector<Row> &rows)
{
    for (ColumnClause *column : table ? table->columns : std::vector<ColumnClause *>()) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        if (!full || full->clientDefault.isNone())
            continue;
        for (Row &row : rows) {
            if (std::none_of(row.begin(), row.end(),
                             [&](const auto &cell) { return cell.first == column->name; }))
                row.push_back({column->name, clientDefaultExpr(interpreter, *full)});
        }
    }
}

/// INSERT prints columns in table order where the table knows them, in the order given elsewhere.
void setInsertRows(Interpreter &interpreter, StatementObject &made, std::vector<Row> rows)
{
    QStringList columns;
    addClientDefaults(interpreter, made.target, rows);
    if (made.target) {
        for (const ColumnClause *column : made.target->columns) {
            for (const auto &[name, value] : rows.front()) {
                if (name == column->name)
                    columns.append(name);
            }
        }
    }
    for (const auto &[name, value] : rows.front()) {
        if (columns.contains(name))
            continue;
        if (made.target && !made.target->columns.empty())
            interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                              u"Unconsumed column names: %1"_s.arg(name));
        columns.append(name);
    }
    made.statement.insertColumns = columns;
    made.statement.rows.clear();
    for (const Row &row : rows) {
        QList<ExprPtr> values;
        for (const QString &column : columns) {
            ExprPtr found;
            for (const auto &[name, value] : row) {
                if (name == column)
                    found = value;
            }
            values.append(found ? found : sharedExpr({.kind = Expr::Kind::Null}));
        }
        made.statement.rows.append(values);
    }
}

/// \a row and what onupdate= of the columns that it leaves alone adds to it.
Row withOnUpdates(Interpreter &interpreter, const StatementObject &update, Row row)
{
    for (ColumnClause *column : update.target ? update.target->columns
                                              : std::vector<ColumnClause *>()) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        const auto isIt = [&](const auto &cell) { return cell.first == column->name; };
        if (!full || full->onUpdate.isNone() || std::ranges::any_of(row, isIt)
            || std::ranges::any_of(update.statement.assignments, isIt))
            continue;
        if (!full->onUpdate.as<Element>())
            interpreter.unsupported(
                u"leaves out the column %1, whose onupdate= is a Python value, which Alembic's "
                "script loses: put the value into values()"_s.arg(column->name));
        row.push_back({column->name, boundExpr(interpreter, full->onUpdate)});
    }
    return row;
}

/// SET goes by the table's columns where it knows them; a column that is set again has its last value.
void setAssignments(Interpreter &interpreter, StatementObject &made, const Row &row)
{
    auto &assignments = made.statement.assignments;
    for (const auto &cell : row) {
        const auto earlier =
            std::ranges::find_if(assignments, [&](const auto &a) { return a.first == cell.first; });
        if (earlier != assignments.end())
            earlier->second = cell.second;
        else
            assignments.append(cell);
    }
    const auto position = [&made](const std::pair<QString, ExprPtr> &cell) {
        const auto &columns = made.target->columns;
        return std::ranges::find_if(columns, [&](const auto *c) { return c->name == cell.first; })
               - columns.begin();
    };
    for (const auto &cell : assignments)
        if (made.target && !made.target->columns.empty()
            && size_t(position(cell)) == made.target->columns.size())
            interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                              u"Unconsumed column names: %1"_s.arg(cell.first));
    if (made.target && !made.statement.isOrdered)
        std::ranges::stable_sort(assignments, {}, position);
}

/// values(a=1).values(b=2): both count, the later one for the same column.
void addEarlierValues(Interpreter &interpreter, const StatementObject &self, bool isMany,
                      std::vector<Row> &rows)
{
    if (isMany || rows.size() != 1 || self.statement.rows.size() != 1)
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"Can't mix single and multiple VALUES formats in one INSERT statement"_s);
    for (qsizetype i = 0; i < self.statement.insertColumns.size(); ++i) {
        const QString &name = self.statement.insertColumns.at(i);
        const auto isIt = [&](const auto &cell) { return cell.first == name; };
        if (std::ranges::none_of(rows.front(), isIt))
            rows.front().push_back({name, self.statement.rows.first().value(i)});
    }
}

} // namespace

/// values(a=1), values({"a": 1}), values([{…}, {…}]), values((1, 2))
Value statementValues(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    std::vector<Row> rows;
    for (const Value &given : args.positional) {
        if (const auto *dict = given.as<Dict>()) {
            rows.push_back(rowFrom(interpreter, self.target, *dict));
            continue;
        }
        const std::vector<Value> items = interpreter.items(given);
        if (!items.empty() && items.front().as<Dict>()) {
            made->isMany = true;
            for (const Value &item : items)
                rows.push_back(rowFrom(interpreter, self.target, *item.as<Dict>()));
            continue;
        }
        const bool isSeveral =
            !items.empty() && (items.front().as<Tuple>() || items.front().as<List>());
        made->isMany = made->isMany || isSeveral;
        for (const Value &row : isSeveral ? items : std::vector<Value>{given})
            rows.push_back(positionalRow(interpreter, self.target, row));
    }
    Row named;
    for (const auto &[name, value] : args.keywords)
        named.push_back(
            {name, boundExpr(interpreter, value, columnType(interpreter, self.target, name))});
    if (!named.empty() && rows.size() == 1)
        rows.front().insert(rows.front().end(), named.begin(), named.end());
    else if (!named.empty())
        rows.push_back(named);
    if (rows.empty()) {
        made->statement.defaultValues = self.kind == Expr::Kind::Insert;
        return made;
    }
    if (self.kind == Expr::Kind::Insert && !self.statement.rows.isEmpty())
        addEarlierValues(interpreter, self, made->isMany, rows);
    if (self.kind == Expr::Kind::Update) {
        setAssignments(interpreter, *made, withOnUpdates(interpreter, self, rows.front()));
    } else {
        setInsertRows(interpreter, *made, rows);
    }
    return made;
}

namespace {

/// A constraint object: by its name, or by its columns where it has none.
void takeConstraint(Interpreter &interpreter, StatementObject &made, const ConstraintObject &constraint)
{
    if (!constraint.name.text.isEmpty())
        made.statement.conflictConstraint = constraint.name.text;
    else
        made.statement.conflictColumns += constraint.columnNames(interpreter);
}

/// Assignments of an upsert: the table's columns in their order, then what it doesn't have.
void setUpserted(Interpreter &interpreter, StatementObject &made, const Value &set, bool keepsOrder)
{
    const auto *dict = set.as<Dict>();
    Dict pairs;
    if (!dict && (set.as<List>() || set.as<Tuple>()) && keepsOrder) {
        for (const Value &item : interpreter.items(set)) {
            const std::vector<Value> pair = interpreter.items(item);
            if (pair.size() == 2)
                pairs.insert(interpreter, pair[0], pair[1]);
        }
        dict = &pairs;
    }
    if (!dict || dict->size() == 0)
        interpreter.raise(u"ValueError"_s, u"set parameter dictionary must not be empty"_s);
    for (const auto &[name, value] : rowFrom(interpreter, made.target, *dict))
        made.statement.assignments.append({name, value});
    const bool isOrdered = dict == &pairs;
    const auto position = [&made](const std::pair<QString, ExprPtr> &cell) {
        const auto &columns = made.target->columns;
        return std::ranges::find_if(columns, [&](const auto *c) { return c->name == cell.first; })
               - columns.begin();
    };
    if (made.target && !isOrdered)
        std::ranges::stable_sort(made.statement.assignments, {}, position);
}

Value onConflict(Interpreter &interpreter, StatementObject &self, const CallArgs &args,
                 bool isUpdate)
{
    Arguments a(interpreter, args, u"on_conflict"_s);
    auto *made = self.copied(interpreter);
    made->statement.onConflict = isUpdate ? u"update"_s : u"nothing"_s;
    const Value constraint = a.optional(u"constraint"_s);
    if (isText(constraint))
        made->statement.conflictConstraint = interpreter.str(constraint);
    else if (const auto *object = constraint.as<ConstraintObject>())
        takeConstraint(interpreter, *made, *object);
    else if (!constraint.isNone())
        interpreter.unsupported(u"names the constraint of ON CONFLICT by something else than its name"_s);
    const Value elements = a.optional(u"index_elements"_s);
    if (!elements.isNone()) {
        for (const Value &element : interpreter.items(elements))
            made->statement.conflictColumns.append(columnKey(interpreter, element));
    }
    if (const Value where = a.optional(u"index_where"_s); !where.isNone())
        made->statement.conflictIndexWhere = clauseFrom(interpreter, where);
    const Value set = isUpdate ? a.optional(u"set_"_s) : Value();
    if (const Value where = isUpdate ? a.optional(u"where"_s) : Value(); !where.isNone())
        made->statement.conflictWhere = clauseFrom(interpreter, where);
    a.finish();
    if (isUpdate)
        setUpserted(interpreter, *made, set, false);
    return made;
}

} // namespace

Value onDuplicateKeyUpdate(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    made->statement.onConflict = u"duplicate"_s;
    if (!args.positional.empty() && !args.keywords.empty())
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Can't pass kwargs and positional arguments simultaneously"_s);
    Value given = args.positional.empty() ? interpreter.dict(args.keywords) : args.positional.front();
    setUpserted(interpreter, *made, given, true);
    return made;
}

Value onConflictDoNothing(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    return onConflict(interpreter, self, args, false);
}

Value onConflictDoUpdate(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    return onConflict(interpreter, self, args, true);
}

} // namespace tribikos::py::sa
