#include "core/pyread/sa/statements.h"

#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/insertvalues.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// SELECT, INSERT, UPDATE and DELETE.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// An INSERT that brings no values: offline Alembic prints placeholders for all columns; a
/// connection that is given none inserts the defaults.
void takeNoValues(Interpreter &interpreter, Expr::Statement &insert, const TableObject *target)
{
    insert.defaultValues = insert.defaultValues || !hostOf(interpreter).isOffline() || !target
                           || target->columns.empty();
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
    copy->entities = entities;
    copy->isExists = isExists;
    copy->isMany = isMany;
    copy->isInline = isInline;
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

/// Whether \a dialect is the one that is written for, or all.
bool isFor(Interpreter &interpreter, const QString &dialect)
{
    const auto backend = hostOf(interpreter).backend();
    return dialect == u"*" || (backend && backendName(*backend) == dialect);
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

/// order_by(), group_by(): a text names a label or column, None takes back all that there are.
template<QList<ExprPtr> Expr::Statement::*member>
Value append(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const Value &value : args.positional) {
        if (value.isNone() && args.positional.size() == 1)
            (made->statement.*member).clear();
        else
            (made->statement.*member).append(labelOrColumn(interpreter, value));
    }
    return made;
}

Value addColumns(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    made->entities.insert(made->entities.end(), args.positional.begin(), args.positional.end());
    made->statement.columns +=
        makeSelect(interpreter, args.positional).as<StatementObject>()->statement.columns;
    return made;
}

/// with_only_columns(): what the others selected from isn't there any more.
Value withOnlyColumns(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"with_only_columns"_s);
    if (interpreter.truth(a.keywordOnly(u"maintain_column_froms"_s, Value(false))))
        interpreter.unsupported(
            u"uses with_only_columns(maintain_column_froms=True): use select_from()"_s);
    const std::vector<Value> columns = a.rest();
    a.finish();
    auto *made = self.copied(interpreter);
    made->entities = columns;
    made->statement.columns =
        makeSelect(interpreter, columns).as<StatementObject>()->statement.columns;
    return made;
}

/// with_hint(table, text, dialect), with_statement_hint(text, dialect)
template<bool isOfTable>
Value withHint(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"with_hint"_s);
    QString key;
    const bool isWrite = self.kind != Expr::Kind::Select;
    Value table;
    if (isOfTable && !isWrite)
        table = a.required(u"selectable"_s);
    const QString hint = textOf(interpreter, a.required(u"text"_s), u"text"_s);
    if (isOfTable && isWrite)
        table = a.optional(u"selectable"_s);
    const QString dialect =
        textOf(interpreter, a.optional(u"dialect_name"_s, Value(u"*"_s)), u"dialect_name"_s);
    a.finish();
    TableObject *target = table.isNone() ? self.target : tableFrom(interpreter, table);
    if (isOfTable && !target)
        interpreter.unsupported(
            u"gives a hint for something that is no table: write the statement with "
            "op.execute()"_s);
    if (isOfTable)
        key = target->alias.isEmpty() ? target->name.text() : target->alias;
    auto *made = self.copied(interpreter);
    if (isFor(interpreter, dialect)) {
        QString &text = made->statement.hints[key];
        text += isOfTable || text.isEmpty() ? hint : u' ' + hint;
    }
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
    const Value of = a.keywordOnly(u"of"_s);
    a.finish();
    const bool isSeveral = of.as<List>() || of.as<Tuple>();
    for (const Value &item : of.isNone() ? std::vector<Value>()
                             : isSeveral ? interpreter.items(of)
                                         : std::vector<Value>{of})
        made->statement.lockOf.append(tableFrom(interpreter, item)
                                          ? fromExpr(interpreter, item)
                                          : columnExprFrom(interpreter, item));
    return made;
}

template<QStringList Expr::Statement::*member>
Value textWith(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"prefix_with"_s);
    const Value dialect = a.keywordOnly(u"dialect"_s, Value(u"*"_s));
    const std::vector<Value> texts = a.rest();
    a.finish();
    auto *made = self.copied(interpreter);
    if (!dialect.isNone() && !isFor(interpreter, textOf(interpreter, dialect, u"dialect"_s)))
        return made;
    for (const Value &text : texts)
        (made->statement.*member).append(interpreter.str(text));
    return made;
}

/// with_dialect_options(mysql_limit=5)
Value withDialectOptions(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const auto &[name, value] : args.keywords) {
        const QString option = name.section(u'_', 1);
        if (option != u"limit")
            interpreter.unsupported(
                u"uses the option %1 of a statement: write the statement with op.execute()"_s.arg(
                    name));
        if (isFor(interpreter, name.section(u'_', 0, 0)))
            made->statement.rowLimit = int(optionalInt(interpreter, value, name).value_or(-1));
    }
    return made;
}

/// ordered_values((column, value), …): SET keeps the order.
Value orderedValues(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    CallArgs whole;
    auto *ordered = self.copied(interpreter);
    ordered->statement.isOrdered = true;
    auto *dict = interpreter.make<Dict>();
    for (const Value &item : args.positional) {
        const std::vector<Value> pair = interpreter.items(item);
        if (pair.size() != 2)
            interpreter.raise(u"ValueError"_s,
                              u"ordered_values() takes pairs of column and value"_s);
        dict->insert(interpreter, Value(columnKey(interpreter, pair[0])), pair[1]);
    }
    whole.positional.push_back(Value(dict));
    return statementValues(interpreter, *ordered, whole);
}

/// The columns with a default= that from_select() leaves out: SQLAlchemy adds them to the SELECT.
void addSelectDefaults(Interpreter &interpreter, StatementObject &made)
{
    QList<ExprPtr> added;
    for (ColumnClause *column : made.target->columns) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        if (!full || full->clientDefault.isNone()
            || made.statement.insertColumns.contains(column->name))
            continue;
        made.statement.insertColumns.append(column->name);
        const ExprPtr value = clientDefaultExpr(interpreter, *full);
        const bool isNameless = value->kind == Expr::Kind::Null || value->kind == Expr::Kind::Value;
        added.append(isNameless ? sharedExpr({.kind = Expr::Kind::Label, .args = {value}}) : value);
    }
    if (added.isEmpty())
        return;
    const ExprPtr select = made.statement.fromSelect;
    if (select->kind != Expr::Kind::Select || !select->statement)
        interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                          u"Can't extend statement for INSERT..FROM SELECT to include additional "
                          "default-holding column(s): pass include_defaults=False"_s);
    Expr::Statement statement = *select->statement;
    statement.columns += added;
    Expr whole = *select;
    whole.statement = std::make_shared<const Expr::Statement>(std::move(statement));
    made.statement.fromSelect = checkedExpr(interpreter, sharedExpr(std::move(whole)));
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
    made->statement.fromSelect = columnExprFrom(interpreter, select);
    if (hasDefaults)
        addSelectDefaults(interpreter, *made);
    return made;
}

Value inlined(Interpreter &interpreter, StatementObject &self, const CallArgs &)
{
    auto *made = self.copied(interpreter);
    made->isInline = true;
    return made;
}

Value returning(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    made->statement.returning +=
        makeSelect(interpreter, args.positional).as<StatementObject>()->statement.columns;
    return made;
}

Value scalarSubquery(Interpreter &interpreter, StatementObject &self, const CallArgs &)
{
    const ExprPtr column = self.statement.columns.value(0);
    return makeElement(interpreter,
                       Expr{.kind = Expr::Kind::ScalarSubquery, .args = {self.expr(interpreter)}},
                       column ? column->type : nullptr);
}

/// slice(2, 7): LIMIT 5 OFFSET 2
Value slice(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"slice"_s);
    const auto start = optionalInt(interpreter, a.required(u"start"_s), u"start"_s);
    const auto stop = optionalInt(interpreter, a.required(u"stop"_s), u"stop"_s);
    a.finish();
    auto *made = self.copied(interpreter);
    if (stop)
        made->statement.limit = integerExpr(qMax<qint64>(*stop - start.value_or(0), 0));
    if (start && *start)
        made->statement.offset = integerExpr(*start);
    return made;
}

Value addCte(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    for (const Value &cte : args.positional) {
        const ExprPtr expression = fromExpr(interpreter, cte);
        if (expression->kind != Expr::Kind::Cte)
            interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                              u"add_cte() takes what cte() makes"_s);
        made->statement.ctes.append(expression);
    }
    return made;
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

/// correlate(t): of the tables around only these; correlate_except(t): all but these. None: none.
template<bool isExcept>
Value correlated(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    made->statement.correlates = false;
    made->statement.correlatesExcept = isExcept;
    auto &tables = isExcept ? made->statement.uncorrelated : made->statement.correlated;
    for (const Value &table : args.positional)
        if (table.isNone())
            tables.clear();
        else
            tables.append(fromExpr(interpreter, table));
    return made;
}

/// What select(…).join(right, on) joins to: the only FROM, or the one that \a on speaks of.
ExprPtr leftOfJoin(Interpreter &interpreter, const StatementObject &self, const CallArgs &args)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"join() needs a right side"_s);
    const auto keyOf = [](const ExprPtr &item) {
        const TableRef *table = item->table.get();
        return table ? table->schema + u'.' + table->name + u'.' + table->alias : item->text;
    };
    const ExprPtr right = fromExpr(interpreter, args.positional.front());
    QList<ExprPtr> candidates = sourcesOf(self.statement.columns);
    candidates.removeIf([&](const ExprPtr &item) { return keyOf(item) == keyOf(right); });
    const Value *on =
        args.positional.size() > 1 ? &args.positional[1] : args.keyword(u"onclause"_s);
    auto *condition = on ? on->as<Element>() : nullptr;
    if (candidates.size() > 1 && condition) {
        QStringList named;
        for (const ExprPtr &item : sourcesOf({condition->expr(interpreter)}))
            named += keyOf(item);
        candidates.removeIf([&](const ExprPtr &item) { return !named.contains(keyOf(item)); });
    }
    return candidates.size() == 1 ? candidates.first() : nullptr;
}

template<bool isOuter>
Value joinMethod(Interpreter &interpreter, StatementObject &self, const CallArgs &args)
{
    auto *made = self.copied(interpreter);
    const bool isFirst = made->statement.from.isEmpty();
    const ExprPtr left =
        isFirst ? leftOfJoin(interpreter, self, args) : made->statement.from.takeLast();
    if (!left)
        interpreter.unsupported(
            u"joins to a select() whose left side isn't clear: use select_from()"_s);
    TableObject *table = left->table && self.leftSide
                                 && self.leftSide->name.name == left->table->name
                                 && self.leftSide->alias == left->table->alias
                             ? self.leftSide
                             : nullptr;
    const Value join =
        makeJoin(interpreter, table ? Value(table) : makeElement(interpreter, left), args, isOuter);
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
    const Value join =
        makeJoin(interpreter, args.positional.front(), rest, false); // names its keywords
    made->statement.from.append(join.as<Element>()->expr(interpreter));
    return made;
}

const MethodTable<StatementObject> &statementMethods()
{
    static const MethodTable<StatementObject> own{
        {u"where"_s, plain<where>},
        {u"filter"_s, plain<where>},
        {u"filter_by"_s, filterBy},
        {u"values"_s, statementValues},
        {u"order_by"_s, plain<append<&Expr::Statement::orderBy>>},
        {u"group_by"_s, plain<append<&Expr::Statement::groupBy>>},
        {u"add_columns"_s, plain<addColumns>},
        {u"with_only_columns"_s, withOnlyColumns},
        {u"with_hint"_s, withHint<true>},
        {u"with_statement_hint"_s, withHint<false>},
        {u"with_dialect_options"_s, withDialectOptions},
        {u"ordered_values"_s, plain<orderedValues>},
        {u"slice"_s, slice},
        {u"add_cte"_s, plain<addCte>},
        {u"reduce_columns"_s, unchanged},
        {u"having"_s, plain<having>},
        {u"limit"_s, plain<setNumber<&Expr::Statement::limit>>},
        {u"offset"_s, plain<setNumber<&Expr::Statement::offset>>},
        {u"distinct"_s, plain<distinctRows>},
        {u"select_from"_s, plain<selectFrom>},
        {u"join"_s, joinMethod<false>},
        {u"outerjoin"_s, joinMethod<true>},
        {u"with_for_update"_s, withForUpdate},
        {u"prefix_with"_s, textWith<&Expr::Statement::prefixes>},
        {u"suffix_with"_s, textWith<&Expr::Statement::suffixes>},
        {u"from_select"_s, fromSelect},
        {u"returning"_s, plain<returning>},
        {u"on_conflict_do_nothing"_s, onConflictDoNothing},
        {u"on_conflict_do_update"_s, onConflictDoUpdate},
        {u"on_duplicate_key_update"_s, onDuplicateKeyUpdate},
        {u"scalar_subquery"_s, plain<scalarSubquery>},
        {u"as_scalar"_s, plain<scalarSubquery>},
        {u"exists"_s, plain<existsMethod>},
        {u"join_from"_s, joinFrom},
        {u"correlate"_s, plain<correlated<false>>},
        {u"correlate_except"_s, plain<correlated<true>>},
        {u"execution_options"_s, unchanged},
        {u"options"_s, unchanged},
        {u"inline"_s, inlined},
    };
    static const MethodTable<StatementObject> table = [] {
        MethodTable<StatementObject> all = own;
        all.insert(compoundMethods());
        return all;
    }();
    return table;
}

} // namespace

std::optional<Value> StatementObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, *this, statementMethods(), name))
        return method;
    if ((name == u"excluded" || name == u"inserted") && kind == Expr::Kind::Insert && target) {
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

} // namespace tribikos::py::sa
