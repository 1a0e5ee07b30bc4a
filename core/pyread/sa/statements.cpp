#include "core/pyread/sa/statements.h"

#include "core/pyread/sa/insertvalues.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/tables.h"

/// SELECT, INSERT, UPDATE and DELETE.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// An INSERT that brings no values: offline Alembic prints placeholders for all columns; a
/// connection that is given none inserts the defaults.
void takeNoValues(Interpreter &interpreter, Expr::Statement &insert, const TableObject *target)
{
    insert.defaultValues = !hostOf(interpreter).isOffline() || !target || target->columns.empty();
    if (insert.defaultValues)
        return;
    for (const ColumnClause *column : target->columns)
        insert.insertColumns.append(column->name);
    insert.rows.append(QList<ExprPtr>(insert.insertColumns.size()));
}

} // namespace

ExprPtr StatementObject::expr(Interpreter &interpreter)
{
    if (!m_expr) {
        Expr::Statement whole = statement;
        if (target)
            whole.table = target->ref(interpreter);
        if (kind == Expr::Kind::Insert && whole.rows.isEmpty() && !whole.fromSelect)
            takeNoValues(interpreter, whole, target);
        m_expr = checkedExpr(
            interpreter,
            sharedExpr({.kind = kind,
                        .text = compound,
                        .args = parts,
                        .statement = std::make_shared<const Expr::Statement>(std::move(whole))}));
        if (isExists)
            m_expr = sharedExpr({.kind = Expr::Kind::Exists, .args = {m_expr}});
    }
    return m_expr;
}

StatementObject *StatementObject::copied(Interpreter &interpreter) const
{
    auto *copy = interpreter.make<StatementObject>(cls, kind);
    copy->statement = statement;
    copy->target = target;
    copy->leftSide = leftSide;
    copy->compound = compound;
    copy->parts = parts;
    copy->isExists = isExists;
    return copy;
}

TableObject *tableFrom(Interpreter &interpreter, const Value &value)
{
    if (auto *table = value.as<TableObject>())
        return table;
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    if (value.as<Class>()) {
        if (const auto table = interpreter.findAttr(value, u"__table__"_s))
            return table->as<TableObject>();
    }
    return nullptr;
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

/// A method that takes no keywords: SQLAlchemy may, what they mean must not be lost.
template<Value (*method)(Interpreter &, StatementObject &, const CallArgs &)>
Value plain(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    if (!args.keywords.empty())
        interpreter.unsupported(
            u"passes %1= to a method of an SQL statement, which Tribikos doesn't know: write the "
            "statement with op.execute()"_s.arg(args.keywords.front().first));
    return method(interpreter, self, args);
}

Value where(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    QList<ExprPtr> conditions;
    if (made->statement.where)
        conditions.append(made->statement.where);
    for (const Value &condition : args.positional)
        conditions.append(clauseFrom(interpreter, condition));
    if (!conditions.isEmpty())
        made->statement.where = joined(Expr::Kind::And, conditions);
    return made;
}

/// filter_by(a=1): columns of the statement's table.
Value filterBy(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    CallArgs conditions;
    for (const auto &[name, value] : args.keywords) {
        TableObject *table = self.target ? self.target : self.leftSide;
        Element *column = table ? table->find(name) : nullptr;
        if (!column)
            interpreter.unsupported(
                u"uses filter_by(%1=…), whose table isn't clear: write where()"_s.arg(name));
        conditions.positional.push_back(compareElements(interpreter, u"="_s, *column, value));
    }
    return where(interpreter, self, conditions);
}

template<QList<ExprPtr> Expr::Statement::*member>
Value append(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const Value &value : args.positional)
        (made->statement.*member).append(columnExprFrom(interpreter, value));
    return made;
}

Value selectFrom(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const Value &value : args.positional)
        made->statement.from.append(fromExpr(interpreter, value));
    return made;
}

template<ExprPtr Expr::Statement::*member>
Value setNumber(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"limit() and offset() take a number"_s);
    made->statement.*member = args.positional.front().isNone()
                                  ? nullptr
                                  : boundExpr(interpreter, args.positional.front());
    return made;
}

Value having(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    QList<ExprPtr> conditions;
    if (made->statement.having)
        conditions.append(made->statement.having);
    for (const Value &condition : args.positional)
        conditions.append(clauseFrom(interpreter, condition));
    made->statement.having = joined(Expr::Kind::And, conditions);
    return made;
}

Value distinctRows(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    made->statement.distinct = true;
    for (const Value &column : args.positional)
        made->statement.distinctOn.append(columnExprFrom(interpreter, column));
    return made;
}

Value withForUpdate(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"with_for_update"_s);
    auto *made = self.copied(interpreter);
    made->statement.forUpdate = true;
    for (const QString &option : {u"nowait"_s, u"read"_s, u"skip_locked"_s, u"key_share"_s})
        if (interpreter.truth(a.keywordOnly(option, Value(false))))
            made->statement.lockOptions.append(option);
    if (!a.keywordOnly(u"of"_s).isNone())
        interpreter.unsupported(
            u"uses with_for_update(of=…): write the statement with op.execute()"_s);
    a.finish();
    return made;
}

Value prefixWith(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const auto &[name, value] : args.keywords)
        if (name != u"dialect")
            interpreter.raise(u"TypeError"_s,
                              u"prefix_with() got an unexpected keyword argument '%1'"_s.arg(name));
    if (const Value *dialect = args.keyword(u"dialect"_s)) {
        const auto backend = hostOf(interpreter).backend();
        if (!backend || backendName(*backend) != textOf(interpreter, *dialect, u"dialect"_s))
            return made;
    }
    for (const Value &prefix : args.positional)
        made->statement.prefixes.append(interpreter.str(prefix));
    return made;
}

Value fromSelect(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"from_select"_s);
    const Value names = a.required(u"names"_s);
    const Value select = a.required(u"select"_s);
    const bool hasDefaults =
        interpreter.truth(a.optional(u"include_defaults"_s, Value(true))) && self.target;
    a.finish();
    auto *made = self.copied(interpreter);
    for (const Value &name : interpreter.items(names))
        made->statement.insertColumns.append(columnKey(interpreter, name));
    for (ColumnClause *column :
         hasDefaults ? self.target->columns : std::vector<ColumnClause *>()) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        if (full && !full->clientDefault.isNone()
            && !made->statement.insertColumns.contains(column->name))
            interpreter.unsupported(
                u"leaves the column %1 with a default= out of from_select(): name it there, or "
                "pass include_defaults=False"_s.arg(column->name));
    }
    made->statement.fromSelect = columnExprFrom(interpreter, select);
    return made;
}

Value returning(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    return append<&Expr::Statement::returning>(interpreter, self, args);
}

Value scalarSubquery(Interpreter &interpreter, StatementObject &self, const CallArgs &)
{
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::ScalarSubquery, .args = {self.expr(interpreter)}});
}

Value existsMethod(Interpreter &interpreter, StatementObject &self, const CallArgs &)
{
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::Exists, .args = {self.expr(interpreter)}});
}

/// What says nothing about the text.
Value unchanged(Interpreter &, StatementObject &self, const CallArgs &)
{
    return &self;
}

/// correlate(table) asks for what happens by itself.
Value correlated(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    for (const Value &table : args.positional)
        if (!table.as<Element>() && !tableFrom(interpreter, table))
            interpreter.unsupported(
                u"uses correlate() without a table: write the statement with op.execute()"_s);
    return &self;
}

template<bool isOuter>
Value joinMethod(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    if (made->statement.from.isEmpty() && !made->leftSide)
        interpreter.unsupported(
            u"joins to a select() whose left side isn't clear: use select_from()"_s);
    const ExprPtr left = made->statement.from.isEmpty() ? made->leftSide->sourceExpr(interpreter)
                                                        : made->statement.from.takeLast();
    const Value join = makeJoin(interpreter, makeElement(interpreter, left), args, isOuter);
    made->statement.from.append(join.as<Element>()->expr(interpreter));
    return made;
}

/// join_from(left, right, on)
Value joinFrom(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    if (args.positional.size() < 2)
        interpreter.raise(u"TypeError"_s, u"join_from() takes two tables"_s);
    auto *made = self.copied(interpreter);
    CallArgs rest = args;
    rest.positional.erase(rest.positional.begin());
    const Value join = makeJoin(interpreter, args.positional.front(), rest, false); // names its keywords
    made->statement.from.append(join.as<Element>()->expr(interpreter));
    return made;
}

template<bool isCte>
Value subquery(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"subquery"_s);
    const QString name = textOrEmpty(interpreter, a.optional(u"name"_s), u"name"_s);
    if (interpreter.truth(a.keywordOnly(u"recursive"_s, Value(false))))
        interpreter.unsupported(u"uses a recursive cte(): write the statement with op.execute()"_s);
    for (const QString &option : {u"nesting"_s, u"flat"_s})
        if (interpreter.truth(a.keywordOnly(option, Value(false))))
            interpreter.unsupported(
                u"uses %1=True in a subquery: write the statement with op.execute()"_s.arg(option));
    a.finish();
    auto *made = interpreter.make<SubqueryObject>(
        classOf(interpreter, u"Subquery"_s),
        sharedExpr({.kind = isCte ? Expr::Kind::Cte : Expr::Kind::Subquery,
                    .text = name,
                    .args = {self.expr(interpreter)}}));
    return made;
}

constexpr const char *sqlUnion = "UNION";
constexpr const char *sqlUnionAll = "UNION ALL";

template<const char *const *sql>
Value compoundMethod(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = interpreter.make<StatementObject>(classOf(interpreter, u"CompoundSelect"_s),
                                                   Expr::Kind::CompoundSelect);
    made->compound = QString::fromLatin1(*sql);
    made->parts.append(self.expr(interpreter));
    for (const Value &part : args.positional)
        made->parts.append(columnExprFrom(interpreter, part));
    if (!args.keywords.empty())
        interpreter.raise(u"TypeError"_s, u"union() got an unexpected keyword argument '%1'"_s.arg(
                                              args.keywords.front().first));
    return made;
}

const MethodTable<StatementObject> &statementMethods()
{
    static const MethodTable<StatementObject> table{
        {u"where"_s, plain<where>},
        {u"filter"_s, plain<where>},
        {u"filter_by"_s, filterBy},
        {u"values"_s, statementValues},
        {u"order_by"_s, plain<append<&Expr::Statement::orderBy>>},
        {u"group_by"_s, plain<append<&Expr::Statement::groupBy>>},
        {u"add_columns"_s, plain<append<&Expr::Statement::columns>>},
        {u"having"_s, plain<having>},
        {u"limit"_s, plain<setNumber<&Expr::Statement::limit>>},
        {u"offset"_s, plain<setNumber<&Expr::Statement::offset>>},
        {u"distinct"_s, plain<distinctRows>},
        {u"select_from"_s, plain<selectFrom>},
        {u"join"_s, joinMethod<false>},
        {u"outerjoin"_s, joinMethod<true>},
        {u"with_for_update"_s, withForUpdate},
        {u"prefix_with"_s, prefixWith},
        {u"from_select"_s, fromSelect},
        {u"returning"_s, plain<returning>},
        {u"on_conflict_do_nothing"_s, onConflictDoNothing},
        {u"on_conflict_do_update"_s, onConflictDoUpdate},
        {u"scalar_subquery"_s, plain<scalarSubquery>},
        {u"as_scalar"_s, plain<scalarSubquery>},
        {u"subquery"_s, subquery<false>},
        {u"alias"_s, subquery<false>},
        {u"cte"_s, subquery<true>},
        {u"union"_s, compoundMethod<&sqlUnion>},
        {u"union_all"_s, compoundMethod<&sqlUnionAll>},
        {u"exists"_s, plain<existsMethod>},
        {u"join_from"_s, joinFrom},
        {u"correlate"_s, plain<correlated>},
        {u"execution_options"_s, unchanged},
        {u"options"_s, unchanged},
        {u"inline"_s, unchanged},
    };
    return table;
}

template<const char *const *sql>
Value compound(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty() || !args.positional.front().as<StatementObject>())
        interpreter.raise(u"TypeError"_s, u"union() takes select() objects"_s);
    CallArgs others = args;
    others.positional.assign(args.positional.begin() + 1, args.positional.end());
    return compoundMethod<sql>(interpreter, *args.positional.front().as<StatementObject>(), others);
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

std::optional<Value> StatementObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, *this, statementMethods(), name))
        return method;
    if (name == u"excluded" && kind == Expr::Kind::Insert && target) {
        auto *excluded = interpreter.make<TableObject>(classOf(interpreter, u"TableClause"_s));
        excluded->isLight = true;
        excluded->name.name = u"excluded"_s;
        for (ColumnClause *column : target->columns)
            excluded->append(interpreter, interpreter.make<ColumnClause>(
                                              classOf(interpreter, u"ColumnClause"_s), column->name,
                                              column->sqlType(interpreter)));
        return interpreter.getAttr(excluded, u"c"_s);
    }
    return Element::nativeAttr(interpreter, name);
}

Value makeSelect(Interpreter &interpreter, const std::vector<Value> &columns)
{
    auto *made =
        interpreter.make<StatementObject>(classOf(interpreter, u"Select"_s), Expr::Kind::Select);
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
        if (auto *clause = column.as<ColumnClause>(); clause && clause->table)
            made->leftSide = clause->table;
        made->statement.columns.append(columnExprFrom(interpreter, column));
    }
    return made;
}

namespace {

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
    static const QHash<QString, NativeCall> table{
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
        {u"union"_s, compound<&sqlUnion>},
        {u"union_all"_s, compound<&sqlUnionAll>},
        {u"join"_s, joinFunction<false>},
        {u"outerjoin"_s, joinFunction<true>},
        {u"table"_s, lightTable},
    };
    return table;
}

} // namespace tribikos::py::sa
