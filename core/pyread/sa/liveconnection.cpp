#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/liveunit.h"
#include "core/pyread/sa/names.h"

#include <QRegularExpression>

#include <algorithm>

/// op.get_bind() and sessions of a script that runs on its database while it is evaluated.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

Fetched liveFetch(Interpreter &interpreter, const Operation::Kind &operation)
{
    Host &host = hostOf(interpreter);
    auto fetched =
        host.live()->fetch({.kind = operation, .span = interpreter.scriptLocation().span});
    if (!fetched)
        host.failLive(interpreter, fetched.error());
    return fetched.take();
}

QStringList primaryKeyNames(Interpreter &interpreter, const TableObject &table)
{
    QStringList names;
    for (const ColumnClause *column : table.columns) {
        const auto *full = dynamic_cast<const ColumnObject *>(column);
        if (full && full->column.primaryKey)
            names.append(column->name);
    }
    for (const ConstraintObject *constraint : table.constraints)
        if (std::holds_alternative<PrimaryKey>(constraint->constraint))
            names += constraint->columnNames(interpreter);
    return names;
}

namespace {

constexpr size_t kRowsOfInsert = 500; // one statement's

bool isSeveral(const Value &parameters)
{
    return parameters.as<List>() || parameters.as<Tuple>();
}

/// The values that a row's INSERT has for the columns \a names; an absent one is None.
std::vector<Value> insertedValues(Interpreter &interpreter, const Expr::Statement &insert,
                                  const QStringList &names, const Fetched &fetched, bool isReturned)
{
    std::vector<Value> key;
    for (qsizetype i = 0; i < names.size(); ++i) {
        const qsizetype at = insert.insertColumns.indexOf(names.at(i));
        const ExprPtr given =
            at >= 0 && !insert.rows.isEmpty() ? insert.rows.first().value(at) : nullptr;
        const bool isPlain = given && given->kind == Expr::Kind::Value;
        if (isReturned && !fetched.rows.isEmpty())
            key.push_back(liveValue(interpreter, fetched.rows.first().value(i),
                                    fetched.columns.value(i), nullptr));
        else if (isPlain && given->value.kind == Literal::Kind::Integer)
            key.push_back(Value(given->value.text.toLongLong()));
        else if (isPlain && given->value.kind != Literal::Kind::Null)
            key.push_back(Value(given->value.text));
        else
            key.push_back(fetched.lastId > 0 ? Value(fetched.lastId) : Value());
    }
    return key;
}

/// An INSERT of one row whose key somebody may ask for.
Value insertOne(Interpreter &interpreter, const StatementObject &statement, Execute operation)
{
    const Expr::Statement &insert = *operation.statement->statement;
    const QStringList names = primaryKeyNames(interpreter, *statement.target);
    const bool isReturning = hostOf(interpreter).backend() == Backend::PostgreSql
                             && insert.returning.isEmpty() && !names.isEmpty()
                             && std::ranges::any_of(names, [&](const QString &name) {
                                    return !insert.insertColumns.contains(name);
                                });
    if (isReturning) { // as SQLAlchemy does by itself
        Expr::Statement whole = insert;
        for (const QString &name : names)
            whole.returning.append(statement.target->find(name)->expr(interpreter));
        Expr changed = *operation.statement;
        changed.statement = std::make_shared<const Expr::Statement>(std::move(whole));
        operation.statement = sharedExpr(std::move(changed));
    }
    Fetched fetched = liveFetch(interpreter, operation);
    const std::vector<Value> key =
        insertedValues(interpreter, *operation.statement->statement, names, fetched, isReturning);
    const ResultShape shape = shapeOf(operation.statement);
    if (isReturning)
        fetched = {.changed = fetched.changed, .lastId = fetched.lastId};
    return makeLiveResult(interpreter, std::move(fetched), shape, nullptr, key);
}

/// A statement for each set of parameters; rows of an INSERT go together.
Value executeMany(Interpreter &interpreter, UnitOfWork *unit, const Value &statement,
                  const Value &parameters)
{
    const auto *insert = statement.as<StatementObject>();
    const bool isInsert = insert && insert->kind == Expr::Kind::Insert;
    const std::vector<Value> sets = interpreter.items(parameters);
    Fetched whole{.changed = 0};
    for (size_t first = 0; first < sets.size();) {
        const size_t count = isInsert ? std::min(kRowsOfInsert, sets.size() - first) : 1;
        Value some = sets[first];
        if (isInsert)
            some = interpreter.list(
                {sets.begin() + qsizetype(first), sets.begin() + qsizetype(first + count)});
        Execute operation = executeOf(interpreter, statement, some, true);
        operation.throughBind = true;
        Fetched fetched = liveFetch(interpreter, operation);
        whole.changed += std::max<qint64>(fetched.changed, 0);
        whole.lastId = fetched.lastId;
        whole.hasRows = fetched.hasRows;
        whole.columns = fetched.columns;
        whole.rows += fetched.rows;
        whole.isRepeated |= fetched.isRepeated;
        first += count;
    }
    const bool isReturning = isInsert && !insert->statement.returning.isEmpty();
    return makeLiveResult(interpreter, std::move(whole),
                          isReturning
                              ? shapeOf(const_cast<StatementObject *>(insert)->expr(interpreter))
                              : ResultShape(),
                          unit);
}

} // namespace

Value liveExecute(Interpreter &interpreter, UnitOfWork *unit, const Value &statement,
                  const Value &parameters)
{
    if (unit)
        unit->flush(interpreter);
    if (const auto *ddl = statement.as<DdlObject>()) {
        hostOf(interpreter).record(interpreter, ddl->operation);
        return makeLiveResult(interpreter, {}, {}, nullptr);
    }
    if (isSeveral(parameters))
        return executeMany(interpreter, unit, statement, parameters);
    Execute operation = executeOf(interpreter, statement, parameters, true);
    operation.throughBind = true;
    const auto *object = statement.as<StatementObject>();
    if (object && object->target && object->kind == Expr::Kind::Insert
        && operation.statement->statement->rows.size() <= 1
        && !operation.statement->statement->fromSelect)
        return insertOne(interpreter, *object, operation);
    Fetched fetched = liveFetch(interpreter, operation);
    const bool isSelect = object && object->kind == Expr::Kind::Select;
    ResultShape shape = unit && isSelect ? shapeOf(operation.statement, object->entities)
                                         : shapeOf(operation.statement);
    if (unit && !fetched.hasRows)
        unit->expire(false); // what was read before may be another now
    return makeLiveResult(interpreter, std::move(fetched), std::move(shape), unit);
}

namespace {

/// The driver's own placeholders: sqlite3's ? and :name, the others' %s and %(name)s.
Execute driverStatement(Interpreter &interpreter, const QString &sql, const Value &parameters)
{
    static const QRegularExpression formats(u"%%|%s|%\\((\\w+)\\)s"_s);
    static const QRegularExpression marks(
        u"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\\n]*|\\?|(?<![:\\w]):([A-Za-z_]\\w*)"_s);
    const bool isLite = hostOf(interpreter).backend() == Backend::Sqlite;
    const auto *dict = parameters.as<Dict>();
    const std::vector<Value> list =
        dict || parameters.isNone() ? std::vector<Value>() : interpreter.items(parameters);
    Expr text{.kind = Expr::Kind::Text};
    qsizetype from = 0;
    size_t used = 0;
    const auto plain = [&](qsizetype to) {
        text.text += QString(sql.mid(from, to - from)).replace(u':', u"\\:"_s);
    };
    auto it = parameters.isNone() ? QRegularExpressionMatchIterator()
                                  : (isLite ? marks : formats).globalMatch(sql);
    while (it.hasNext()) {
        const auto match = it.next();
        const QString mark = match.captured();
        const QString name = match.captured(1);
        if (mark != u"%%" && mark != u"%s" && mark != u"?" && name.isEmpty())
            continue; // quoted
        plain(match.capturedStart());
        from = match.capturedEnd();
        if (mark == u"%%") {
            text.text += u'%';
            continue;
        }
        Value value;
        if (!name.isEmpty()) {
            if (!dict)
                interpreter.raise(u"TypeError"_s, u"format requires a mapping"_s);
            value = interpreter.getItem(parameters, Value(name));
        } else if (used < list.size()) {
            value = list[used];
        } else {
            interpreter.raise(u"TypeError"_s, u"not enough arguments for format string"_s);
        }
        const QString bind = u"tribikos_%1"_s.arg(used++);
        text.text += u':' + bind;
        text.binds.insert(bind, boundExpr(interpreter, value));
    }
    plain(sql.size());
    return {.statement = sharedExpr(std::move(text)), .throughBind = true};
}

Value execDriverSql(Interpreter &interpreter, UnitOfWork *unit, const CallArgs &args)
{
    Arguments a(interpreter, args, u"exec_driver_sql"_s);
    const QString sql = textOf(interpreter, a.required(u"statement"_s), u"statement"_s);
    const Value parameters = a.optional(u"parameters"_s);
    a.keywordOnly(u"execution_options"_s);
    a.finish();
    if (unit)
        unit->flush(interpreter);
    const auto *list = parameters.as<List>();
    const bool isMany = list && !list->items.empty()
                        && (list->items.front().as<Tuple>() || list->items.front().as<Dict>()
                            || list->items.front().as<List>());
    if (!isMany)
        return makeLiveResult(interpreter,
                              liveFetch(interpreter, driverStatement(interpreter, sql, parameters)),
                              {}, unit);
    Fetched whole{.changed = 0};
    for (const Value &set : std::vector<Value>(list->items)) {
        const Fetched fetched = liveFetch(interpreter, driverStatement(interpreter, sql, set));
        whole.changed += std::max<qint64>(0, fetched.changed);
        whole.isRepeated |= fetched.isRepeated;
    }
    return makeLiveResult(interpreter, std::move(whole), {}, unit);
}

Value execute(Interpreter &interpreter, UnitOfWork *unit, const CallArgs &args)
{
    Arguments a(interpreter, args, u"execute"_s);
    const Value statement = a.required(u"statement"_s);
    Value parameters = a.optional(u"parameters"_s);
    if (parameters.isNone())
        parameters = a.keywordOnly(u"params"_s);
    a.keywordOnly(u"execution_options"_s);
    a.keywordOnly(u"bind_arguments"_s);
    a.finish();
    return liveExecute(interpreter, unit, statement, parameters);
}

/// with connection.begin_nested(): a savepoint. with session.begin(): what was changed is written at its end.
class LiveTransaction final : public Object
{
public:
    LiveTransaction(Object *connection, UnitOfWork *unit, QString savepoint)
        : m_connection(connection)
        , m_unit(unit)
        , m_savepoint(std::move(savepoint))
    {}
    QString typeName() const override { return u"Transaction"_s; }
    bool hasEffects() const override { return true; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return m_unit ? Value(m_connection) : Value(this); }
    bool exit(Interpreter &interpreter, const Value &exception) override
    {
        end(interpreter, exception.isNone());
        return false;
    }
    std::optional<Value> getAttr(Interpreter &, const QString &name) override;

private:
    void end(Interpreter &interpreter, bool isKept)
    {
        if (std::exchange(m_isEnded, true))
            return;
        if (m_unit && isKept)
            m_unit->flush(interpreter);
        if (m_savepoint.isEmpty())
            return;
        const QString sql = isKept ? u"RELEASE SAVEPOINT "_s : u"ROLLBACK TO SAVEPOINT "_s;
        liveFetch(interpreter, Execute{.statement = textExpr(sql + m_savepoint)});
        if (m_unit && !isKept)
            m_unit->expire(false);
    }

    Object *const m_connection;
    UnitOfWork *const m_unit;
    const QString m_savepoint; // empty: the run's own transaction
    bool m_isEnded = false;
};

std::optional<Value> LiveTransaction::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"commit" || (name == u"rollback" && !m_savepoint.isEmpty()))
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &) {
            end(in, name == u"commit");
            return Value();
        });
    if (name == u"rollback")
        return interpreter.function(name, [](Interpreter &in, const CallArgs &) -> Value {
            in.unsupported(u"rolls back the transaction of the whole revision"_s);
        });
    if (name == u"is_active")
        return Value(!m_isEnded);
    return std::nullopt;
}

Value begin(Interpreter &interpreter, Object *connection, UnitOfWork *unit, bool isNested)
{
    QString savepoint;
    if (isNested) {
        savepoint = u"sa_savepoint_%1"_s.arg(++State::of(interpreter).savepoints);
        if (unit)
            unit->flush(interpreter);
        liveFetch(interpreter, Execute{.statement = textExpr(u"SAVEPOINT "_s + savepoint)});
    }
    return interpreter.make<LiveTransaction>(connection, unit, savepoint);
}

/// add_all(), bulk_save_objects() …: \a each of what is given.
Value forEach(Interpreter &interpreter, const CallArgs &args,
              const std::function<void(const Value &)> &each)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"a list of objects is expected"_s);
    for (const Value &item : interpreter.items(args.positional.back()))
        each(item);
    return {};
}

/// bulk_insert_mappings(Model, [{…}]), bulk_update_mappings()
Value bulkMappings(Interpreter &interpreter, UnitOfWork &unit, const CallArgs &args, bool isInsert)
{
    auto *cls = args.positional.empty() ? nullptr : args.positional.front().as<Class>();
    if (!cls || args.positional.size() < 2)
        interpreter.raise(u"TypeError"_s, u"a mapped class and a list of mappings are expected"_s);
    const Mapping &map = unit.mapping(interpreter, cls);
    return forEach(interpreter, args, [&](const Value &item) {
        const auto *dict = item.as<Dict>();
        if (!dict)
            interpreter.raise(u"TypeError"_s, u"a dictionary is expected"_s);
        auto *values = interpreter.make<Dict>();
        std::vector<Value> keys(map.keys.size());
        for (const auto &[name, value] : dict->entries())
            for (size_t i = 0; i < map.attributes.size(); ++i) {
                if (!name.isStr() || map.attributes[i].first != name.str())
                    continue;
                const auto key = std::ranges::find(map.keys, qsizetype(i));
                if (!isInsert && key != map.keys.end())
                    keys[size_t(key - map.keys.begin())] = value;
                else
                    values->insert(interpreter, Value(map.attributes[i].second->name), value);
            }
        Value statement =
            isInsert ? makeInsert(interpreter, map.table)
                     : interpreter.callMethod(makeUpdate(interpreter, map.table), u"where"_s,
                                              {unit.keyCondition(interpreter, map, keys)});
        if (values->size() > 0 || isInsert)
            liveExecute(interpreter, nullptr,
                        interpreter.callMethod(statement, u"values"_s, {Value(values)}), {});
    });
}

/// session.get(Model, key)
Value getByKey(Interpreter &interpreter, UnitOfWork &unit, const CallArgs &args)
{
    if (args.positional.size() < 2)
        interpreter.raise(u"TypeError"_s, u"get() takes a mapped class and a key"_s);
    return interpreter.callMethod(makeLiveQuery(interpreter, unit, {args.positional[0]}), u"get"_s,
                                  {args.positional[1]});
}

using SessionMethod = Value (*)(Interpreter &, UnitOfWork &, const CallArgs &);

template<bool isAdd>
Value addOrDelete(Interpreter &interpreter, UnitOfWork &unit, const CallArgs &args)
{
    if (args.positional.empty())
        interpreter.raise(u"TypeError"_s, u"an object is expected"_s);
    isAdd ? unit.add(interpreter, args.positional.front())
          : unit.remove(interpreter, args.positional.front());
    return {};
}

const QHash<QString, SessionMethod> &sessionMethods()
{
    using In = Interpreter;
    using Args = const CallArgs &;
    static const QHash<QString, SessionMethod> table{
        {u"query"_s, [](In &in, UnitOfWork &unit,
                        Args args) { return makeLiveQuery(in, unit, args.positional); }},
        {u"add"_s, addOrDelete<true>},
        {u"delete"_s, addOrDelete<false>},
        {u"get"_s, getByKey},
        {u"add_all"_s,
         [](In &in, UnitOfWork &unit, Args args) {
             return forEach(in, args, [&](const Value &item) { unit.add(in, item); });
         }},
        {u"bulk_save_objects"_s,
         [](In &in, UnitOfWork &unit, Args args) {
             const Value done = forEach(in, args, [&](const Value &item) { unit.add(in, item); });
             unit.flush(in);
             return done;
         }},
        {u"bulk_insert_mappings"_s,
         [](In &in, UnitOfWork &unit, Args args) { return bulkMappings(in, unit, args, true); }},
        {u"bulk_update_mappings"_s,
         [](In &in, UnitOfWork &unit, Args args) { return bulkMappings(in, unit, args, false); }},
        {u"flush"_s, [](In &in, UnitOfWork &unit, Args) { return unit.flush(in), Value(); }},
        {u"commit"_s, [](In &in, UnitOfWork &unit,
                         Args) { return unit.flush(in), unit.expire(false), Value(); }},
        {u"close"_s, [](In &, UnitOfWork &unit, Args) { return unit.expire(true), Value(); }},
        {u"expunge_all"_s, [](In &, UnitOfWork &unit, Args) { return unit.expire(true), Value(); }},
        {u"expire_all"_s, [](In &, UnitOfWork &unit, Args) { return unit.expire(false), Value(); }},
        {u"refresh"_s,
         [](In &in, UnitOfWork &unit, Args args) {
             auto *object =
                 args.positional.empty() ? nullptr : args.positional.front().as<EntityObject>();
             if (!object)
                 in.raise(u"TypeError"_s, u"refresh() takes an object"_s);
             unit.flush(in);
             object->isExpired = true;
             unit.refresh(in, *object);
             return Value();
         }},
    };
    return table;
}

std::optional<Value> sessionMethod(Interpreter &interpreter, UnitOfWork &unit, const QString &name)
{
    const auto found = sessionMethods().constFind(name);
    if (found == sessionMethods().cend())
        return std::nullopt;
    return interpreter.function(name,
                                [&unit, method = *found](Interpreter &in, const CallArgs &args) {
                                    return method(in, unit, args);
                                });
}

} // namespace

std::optional<Value> liveMethod(Interpreter &interpreter, Object *connection, UnitOfWork *unit,
                                const QString &name)
{
    if (name == u"execute" || name == u"scalar" || name == u"scalars")
        return interpreter.function(name, [unit, name](Interpreter &in, const CallArgs &args) {
            const Value result = execute(in, unit, args);
            return name == u"execute" ? result : in.callMethod(result, name);
        });
    if (name == u"exec_driver_sql")
        return interpreter.function(name, [unit](Interpreter &in, const CallArgs &args) {
            return execDriverSql(in, unit, args);
        });
    if (name == u"begin_nested" || (name == u"begin" && unit))
        return interpreter.function(name, [connection, unit, isNested = name == u"begin_nested"](
                                              Interpreter &in, const CallArgs &) {
            return begin(in, connection, unit, isNested);
        });
    if (name == u"rollback" || name == u"merge" || name == u"run_sync")
        return interpreter.function(name, [name](Interpreter &in, const CallArgs &) -> Value {
            in.unsupported(u"calls %1(), which Tribikos doesn't follow on a database"_s.arg(name));
        });
    return unit ? sessionMethod(interpreter, *unit, name) : std::nullopt;
}

} // namespace tribikos::py::sa
