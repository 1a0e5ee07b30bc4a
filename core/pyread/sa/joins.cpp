#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

/// FROM clauses: joins and subqueries.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// The name under which a selected expression is seen from outside.
QString outerName(const ExprPtr &column)
{
    return column->kind == Expr::Kind::Column || column->kind == Expr::Kind::Label ? column->text
                                                                                   : QString();
}

/// What `.c` calls a column that has no name.
QString proxyKey(const ExprPtr &column)
{
    if (column->kind == Expr::Kind::Function)
        return column->text.section(u'.', -1);
    if (column->kind == Expr::Kind::Cast && column->args.value(0))
        return outerName(column->args.first());
    return {};
}

/// The columns that the rows of \a query have.
QList<ExprPtr> queryColumns(const ExprPtr &query)
{
    if (query && query->kind == Expr::Kind::CompoundSelect)
        return queryColumns(query->args.value(0));
    if (query && query->kind == Expr::Kind::TableFunction)
        return query->args.value(1) ? query->args[1]->args : QList<ExprPtr>();
    if (!query || !query->statement)
        return {};
    return query->kind == Expr::Kind::Select ? query->statement->columns
                                             : query->statement->returning;
}

/// Whether \a column, or what it labels, is a Column to Python and not a mere column().
bool isFullColumn(Interpreter &interpreter, const ExprPtr &column)
{
    const ExprPtr inner = column->kind == Expr::Kind::Label ? column->args.value(0) : column;
    return inner && inner->kind == Expr::Kind::Column && inner->table
           && State::of(interpreter).fullColumns.contains({inner->table.get(), inner->text});
}

} // namespace

TableObject *SubqueryObject::columns(Interpreter &interpreter)
{
    if (m_columns)
        return m_columns;
    m_columns = interpreter.make<TableObject>(classOf(interpreter, u"TableClause"_s));
    m_columns->isLight = true;
    m_columns->name.name = m_expr->text;
    m_columns->source = m_expr;
    QStringList seen;
    const bool isFunction = m_expr->kind == Expr::Kind::TableFunction;
    for (const ExprPtr &column : queryColumns(isFunction ? m_expr : m_expr->args.value(0))) {
        if (!column)
            continue;
        const QString name = outerName(column);
        const bool isRepeated = seen.contains(name);
        QString key = name.isEmpty() ? proxyKey(column) : name;
        if (isRepeated) // SQLAlchemy tells it apart by a number
            key += u"_1"_s;
        auto *made = interpreter.make<ColumnClause>(classOf(interpreter, u"ColumnClause"_s), key,
                                                    column->type);
        made->isOfTable = isFullColumn(interpreter, column);
        if (name.isEmpty() || isRepeated)
            made->proxied = column;
        seen += name;
        m_columns->appendProxy(made);
    }
    return m_columns;
}

std::optional<Value> SubqueryObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"c" || name == u"columns")
        return interpreter.getAttr(columns(interpreter), u"c"_s);
    if (m_expr->kind == Expr::Kind::TableFunction)
        if (auto made = tableFunctionMethod(interpreter, m_expr, name))
            return made;
    const bool isJoin = m_expr->kind == Expr::Kind::Join;
    const bool isCte = m_expr->kind == Expr::Kind::Cte;
    if ((name == u"join" || name == u"outerjoin") && m_expr->kind != Expr::Kind::Cte)
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) {
            return makeJoin(in, this, args, name == u"outerjoin");
        });
    if (name == u"select" && !isJoin)
        return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
            Arguments(in, args, u"select"_s).finish();
            return makeSelect(in, {Value(this)});
        });
    if (isCte && (name == u"union" || name == u"union_all"))
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) {
            return united(in, name == u"union" ? u"UNION"_s : u"UNION ALL"_s, args);
        });
    if (isCte && name == u"prefix_with")
        return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
            return prefixed(in, args);
        });
    if (name == u"name" && !isJoin)
        return Value(m_expr->text);
    return Element::nativeAttr(interpreter, name);
}

/// cte(recursive=True).union_all(…): the same name for both.
Value SubqueryObject::united(Interpreter &interpreter, const QString &word, const CallArgs &args)
{
    Expr both{.kind = Expr::Kind::CompoundSelect, .text = word, .args = {m_expr->args.first()}};
    for (const Value &part : args.positional)
        both.args.append(columnExprFrom(interpreter, part));
    if (m_expr->text.isEmpty())
        interpreter.unsupported(u"unites a cte() that has no name with others: give it one"_s);
    Expr whole = *m_expr;
    whole.args[0] = sharedExpr(std::move(both));
    return interpreter.make<SubqueryObject>(cls, checkedExpr(interpreter, sharedExpr(std::move(whole))));
}

/// cte(…).prefix_with("MATERIALIZED", dialect="postgresql")
Value SubqueryObject::prefixed(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"prefix_with"_s);
    const Value dialect = a.keywordOnly(u"dialect"_s, Value(u"*"_s));
    const std::vector<Value> texts = a.rest();
    a.finish();
    const auto backend = hostOf(interpreter).backend();
    const QString wanted = textOrEmpty(interpreter, dialect, u"dialect"_s);
    if (wanted != u"*" && !wanted.isEmpty() && (!backend || backendName(*backend) != wanted))
        return this;
    Expr whole = *m_expr;
    for (const Value &text : texts)
        whole.schema += (whole.schema.isEmpty() ? QString() : u" "_s) + interpreter.str(text);
    return interpreter.make<SubqueryObject>(cls, sharedExpr(std::move(whole)));
}

QList<ExprPtr> SubqueryObject::columnExprs(Interpreter &interpreter)
{
    if (m_expr->kind == Expr::Kind::Join)
        interpreter.unsupported(u"selects all columns of a join: name the columns"_s);
    QList<ExprPtr> all;
    for (ColumnClause *column : columns(interpreter)->columns)
        all.append(column->expr(interpreter));
    return all;
}

ExprPtr fromExpr(Interpreter &interpreter, const Value &value)
{
    if (TableObject *table = tableFrom(interpreter, value))
        return table->sourceExpr(interpreter);
    if (auto *element = value.as<Element>())
        return element->expr(interpreter);
    interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                      u"FROM expression, such as a Table or alias() object expected, got %1."_s.arg(
                          interpreter.repr(value)));
}

namespace {

/// The condition that foreign keys imply, where exactly one leads from one table to the other.
ExprPtr impliedCondition(Interpreter &interpreter, const Value &left, const Value &right)
{
    TableObject *a = tableFrom(interpreter, left);
    TableObject *b = tableFrom(interpreter, right);
    QList<ExprPtr> found;
    for (auto [from, to] : {std::pair(a, b), std::pair(b, a)}) {
        if (!from || !to)
            continue;
        for (ColumnClause *column : from->columns) {
            auto *full = dynamic_cast<ColumnObject *>(column);
            if (!full)
                continue;
            for (const ForeignKeyObject *key : full->foreignKeys) {
                const QString target =
                    key->targetColumn ? key->targetColumn->str(interpreter) : key->target;
                for (ColumnClause *other : to->columns) {
                    if (target == to->name.text() + u'.' + other->name)
                        found.append(binaryExpr(u"="_s, other->expr(interpreter),
                                                column->expr(interpreter)));
                }
            }
        }
    }
    if (found.size() != 1)
        interpreter.unsupported(
            u"joins two tables without saying how: give join() the condition"_s);
    return found.first();
}

} // namespace

QList<ExprPtr> sourcesOf(const QList<ExprPtr> &expressions)
{
    QList<ExprPtr> found;
    QStringList keys;
    const auto take = [&](const TableRefPtr &table) {
        const QString key = table->schema + u'.' + table->name + u'.' + table->alias;
        if (keys.contains(key))
            return;
        keys += key;
        found += table->source ? table->source
                               : sharedExpr({.kind = Expr::Kind::TableSource, .table = table});
    };
    std::function<void(const ExprPtr &)> walk = [&](const ExprPtr &expression) {
        if (!expression || expression->statement || expression->kind == Expr::Kind::ScalarSubquery)
            return;
        if (expression->table)
            take(expression->table);
        for (const ExprPtr &part : expression->args)
            walk(part);
    };
    for (const ExprPtr &expression : expressions)
        walk(expression);
    return found;
}

Value makeJoin(Interpreter &interpreter, const Value &left, const CallArgs &args, bool isOuter)
{
    Arguments a(interpreter, args, u"join"_s);
    const Value right = a.required(u"right"_s);
    const Value on = a.optional(u"onclause"_s);
    const bool outer = isOuter || interpreter.truth(a.optional(u"isouter"_s, Value(false)));
    const bool full = interpreter.truth(a.optional(u"full"_s, Value(false)));
    a.finish();
    const ExprPtr condition =
        on.isNone() ? impliedCondition(interpreter, left, right) : clauseFrom(interpreter, on);
    return interpreter.make<SubqueryObject>(
        classOf(interpreter, u"Join"_s),
        sharedExpr(
            {.kind = Expr::Kind::Join,
             .text = full    ? u"FULL OUTER JOIN"_s
                     : outer ? u"LEFT OUTER JOIN"_s
                             : u"JOIN"_s,
             .args = {fromExpr(interpreter, left), fromExpr(interpreter, right), condition}}));
}

} // namespace tribikos::py::sa
