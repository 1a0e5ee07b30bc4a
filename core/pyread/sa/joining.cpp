#include "core/pyread/sa/tables.h"

#include <algorithm>

/// Constraints and indexes that are made of columns join their columns' table by themselves, at
/// once or when the last of the columns gets one (SQLAlchemy's ColumnCollectionMixin).
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

ExprPtr ColumnObject::expr(Interpreter &interpreter)
{
    if (table || !name.isEmpty())
        return ColumnClause::expr(interpreter);
    if (!m_nameless) { // in a class' body: the attribute's name is not known yet
        m_nameless = std::make_shared<TableRef>();
        State::of(interpreter).nameless.insert(m_nameless.get(), this);
    }
    return sharedExpr({.kind = Expr::Kind::Column,
                       .type = sqlType(interpreter),
                       .table = m_nameless});
}

namespace {

QString settledName(Interpreter &interpreter, const ColumnObject &column)
{
    if (column.name.isEmpty())
        interpreter.unsupported(
            u"names a column that belongs to no table: name it by a string"_s);
    return column.name;
}

/// What the elements of a constraint or an index are made of.
struct Parts
{
    std::vector<ColumnObject *> columns{};
    bool hasText = false;
    bool isUncertain = false; // something may stand for a column that can't be seen
};

ColumnObject *columnOf(Interpreter &interpreter, const Expr &node)
{
    const State &state = State::of(interpreter);
    if (ColumnObject *nameless = state.nameless.value(node.table.get()))
        return nameless;
    for (const MetaDataObject *metadata : state.metadatas) {
        for (TableObject *table : metadata->tables) {
            if (table->ref(interpreter) == node.table)
                return dynamic_cast<ColumnObject *>(table->find(node.text));
        }
    }
    return nullptr;
}

void addParts(Interpreter &interpreter, const ExprPtr &expression, Parts &parts)
{
    if (!expression)
        return;
    if (expression->kind == Expr::Kind::Column) {
        ColumnObject *column = expression->table ? columnOf(interpreter, *expression) : nullptr;
        if (column)
            parts.columns.push_back(column);
        else if (!expression->table && !expression->flag)
            parts.isUncertain = true;
    }
    for (const ExprPtr &argument : expression->args)
        addParts(interpreter, argument, parts);
}

void addParts(Interpreter &interpreter, const Value &element, Parts &parts)
{
    if (element.as<ColumnClause>()) {
        if (auto *column = dynamic_cast<ColumnObject *>(element.as<ColumnClause>()))
            parts.columns.push_back(column);
    } else if (auto *expression = element.as<Element>()) {
        Parts inner;
        addParts(interpreter, expression->expr(interpreter), inner);
        parts.isUncertain = parts.isUncertain || (inner.columns.empty() && inner.isUncertain);
        if (!inner.columns.empty()) // SQLAlchemy takes an expression's first column
            parts.columns.push_back(inner.columns.front());
    } else if (isText(element)) {
        parts.hasText = true;
    } else if (element.as<Unknown>()) {
        parts.isUncertain = true;
    } else if (const auto clause = interpreter.findAttr(element, u"__clause_element__"_s)) {
        const Value inner = interpreter.call(*clause, std::vector<Value>{});
        parts.isUncertain = parts.isUncertain || inner.as<Unknown>();
        if (inner.as<Element>())
            addParts(interpreter, inner, parts);
    }
}

Parts partsOf(Interpreter &interpreter, const Value &item)
{
    Parts parts;
    const auto *constraint = item.as<ConstraintObject>();
    for (const Value &element :
         constraint ? constraint->columns : item.as<IndexObject>()->elements)
        addParts(interpreter, element, parts);
    if (!constraint)
        return parts;
    if (const auto *check = std::get_if<CheckConstraint>(&constraint->constraint))
        addParts(interpreter, check->condition, parts);
    if (const auto *exclude = std::get_if<ExcludeConstraint>(&constraint->constraint)) {
        for (const auto &element : exclude->elements)
            addParts(interpreter, element.first, parts);
    }
    return parts;
}

bool isOfTable(const ColumnObject &column)
{
    const TableObject *table = column.table;
    return table && !table->isLight && table->alias.isEmpty() && !table->source;
}

} // namespace

ExprPtr settled(Interpreter &interpreter, const ExprPtr &expression)
{
    if (!expression)
        return expression;
    const bool isColumn = expression->kind == Expr::Kind::Column && expression->table;
    QList<ExprPtr> args;
    bool isSame = !isColumn;
    for (const ExprPtr &argument : expression->args) {
        args.append(settled(interpreter, argument));
        isSame = isSame && args.last() == argument;
    }
    if (isSame)
        return expression;
    Expr copy = *expression;
    copy.args = args;
    if (isColumn) {
        if (ColumnObject *nameless = State::of(interpreter).nameless.value(copy.table.get()))
            copy.text = settledName(interpreter, *nameless);
        copy.table = nullptr;
    }
    return sharedExpr(std::move(copy));
}

QString columnNameOf(Interpreter &interpreter, const ColumnClause &column)
{
    const auto *full = dynamic_cast<const ColumnObject *>(&column);
    return full ? settledName(interpreter, *full) : column.name;
}

void joinTable(Interpreter &interpreter, const Value &item)
{
    const Parts parts = partsOf(interpreter, item);
    std::vector<ColumnObject *> loose;
    std::vector<TableObject *> tables;
    for (ColumnObject *column : parts.columns) {
        if (!isOfTable(*column))
            loose.push_back(column);
        else if (std::ranges::find(tables, column->table) == tables.end())
            tables.push_back(column->table);
    }
    if (!loose.empty() && !parts.hasText) {
        for (ColumnObject *column : loose)
            column->waiting.push_back(item);
        return;
    }
    const auto *constraint = item.as<ConstraintObject>();
    if (tables.empty()) {
        if (parts.isUncertain)
            State::of(interpreter).unplaced.push_back({item, interpreter.location()});
    } else if (tables.size() == 1) {
        tables.front()->take(interpreter, item);
    } else if (!constraint || !std::holds_alternative<CheckConstraint>(constraint->constraint)) {
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Column(s) are not part of table '%1'."_s.arg(tables.front()->name.name));
    }
}

} // namespace tribikos::py::sa
