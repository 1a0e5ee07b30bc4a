#include "core/pyread/sa/liveunit.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/results.h"

/// session.query() on a live database.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

class LiveQuery final : public Object
{
public:
    LiveQuery(UnitOfWork &unit, std::vector<Value> entities, StatementObject &select)
        : m_unit(unit)
        , m_entities(std::move(entities))
        , m_select(select)
    {}
    QString typeName() const override { return u"Query"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        for (const Value &row : rows(interpreter, m_select)) {
            if (!visit(row))
                return;
        }
    }
    bool truth(Interpreter &) override { return true; } // has no __bool__
    Value getItem(Interpreter &interpreter, const Value &key) override;

private:
    Value narrowed(Interpreter &interpreter, const QString &method, const CallArgs &args);
    std::optional<Value> answer(Interpreter &interpreter, const QString &name,
                                const CallArgs &args);
    std::vector<Value> rows(Interpreter &interpreter, StatementObject &select) const;
    std::vector<Value> firstRows(Interpreter &interpreter, int most) const;
    Value count(Interpreter &interpreter) const;
    Value byKey(Interpreter &interpreter, const CallArgs &args) const;
    Value written(Interpreter &interpreter, const QString &name, const CallArgs &args) const;
    bool isOneEntity() const
    {
        return m_entities.size() == 1 && m_entities.front().as<Class>()
               && mappedTable(m_entities.front().as<Class>());
    }

    UnitOfWork &m_unit;
    const std::vector<Value> m_entities;
    StatementObject &m_select;
};

std::vector<Value> LiveQuery::rows(Interpreter &interpreter, StatementObject &select) const
{
    m_unit.flush(interpreter);
    const ExprPtr statement = select.expr(interpreter);
    Fetched fetched = liveFetch(interpreter, Execute{.statement = statement, .throughBind = true});
    const Value result =
        makeLiveResult(interpreter, std::move(fetched), shapeOf(statement, m_entities), &m_unit);
    if (!isOneEntity())
        return interpreter.items(result);
    return interpreter.items(
        interpreter.callMethod(interpreter.callMethod(result, u"scalars"_s), u"unique"_s));
}

std::vector<Value> LiveQuery::firstRows(Interpreter &interpreter, int most) const
{
    if (m_select.statement.limit)
        return rows(interpreter, m_select);
    const Value limited = interpreter.callMethod(&m_select, u"limit"_s, {Value(most)});
    return rows(interpreter, *limited.as<StatementObject>());
}

/// SELECT count(*) FROM (SELECT …)
Value LiveQuery::count(Interpreter &interpreter) const
{
    m_unit.flush(interpreter);
    const Value inner = interpreter.callMethod(&m_select, u"subquery"_s);
    const Value select =
        makeSelect(interpreter, {interpreter.callMethod(makeFunc(interpreter), u"count"_s)});
    const Value whole = interpreter.callMethod(select, u"select_from"_s, {inner});
    return interpreter.callMethod(liveExecute(interpreter, nullptr, whole, {}), u"scalar"_s);
}

Value LiveQuery::byKey(Interpreter &interpreter, const CallArgs &args) const
{
    if (!isOneEntity() || args.positional.empty())
        interpreter.unsupported(u"calls get() of a query that is not for one mapped class"_s);
    const Mapping &map = m_unit.mapping(interpreter, m_entities.front().as<Class>());
    const Value &given = args.positional.front();
    const std::vector<Value> keys = given.as<Tuple>() || given.as<List>()
                                        ? interpreter.items(given)
                                        : std::vector<Value>{given};
    if (keys.size() != map.keys.size())
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"Incorrect number of values in identifier"_s);
    const Value found = interpreter.callMethod(&m_select, u"where"_s,
                                               {m_unit.keyCondition(interpreter, map, keys)});
    const std::vector<Value> objects = rows(interpreter, *found.as<StatementObject>());
    return objects.empty() ? Value() : objects.front();
}

/// update({…}) and delete() of what the query would give.
Value LiveQuery::written(Interpreter &interpreter, const QString &name, const CallArgs &args) const
{
    const Expr::Statement &select = m_select.statement;
    if (!isOneEntity() || select.limit || select.offset || !select.from.isEmpty()
        || !select.groupBy.isEmpty() || select.distinct)
        interpreter.unsupported(
            u"calls %1() of a query that is not a plain one for a mapped class: use op.execute()"_s
                .arg(name));
    m_unit.flush(interpreter);
    TableObject *table = mappedTable(m_entities.front().as<Class>());
    const bool isUpdate = name == u"update";
    Value statement = isUpdate ? makeUpdate(interpreter, table) : makeDelete(interpreter, table);
    statement.as<StatementObject>()->statement.where = select.where;
    if (isUpdate) {
        Arguments a(interpreter, args, name);
        const Value values = a.required(u"values"_s);
        statement = interpreter.callMethod(statement, u"values"_s, {values});
    }
    const Value result = liveExecute(interpreter, nullptr, statement, {});
    m_unit.expire(false); // what was read before may be another now
    return interpreter.getAttr(result, u"rowcount"_s);
}

std::optional<Value> LiveQuery::answer(Interpreter &interpreter, const QString &name,
                                       const CallArgs &args)
{
    if (name == u"all")
        return interpreter.list(rows(interpreter, m_select));
    if (name == u"first") {
        const std::vector<Value> found = firstRows(interpreter, 1);
        return found.empty() ? Value() : found.front();
    }
    if (name == u"one" || name == u"one_or_none" || name == u"scalar") {
        const std::vector<Value> found = rows(interpreter, m_select);
        if (found.size() > 1)
            interpreter.raise(classOf(interpreter, u"exc.MultipleResultsFound"_s),
                              u"Multiple rows were found when exactly one was required"_s);
        if (found.empty() && name == u"one")
            raiseNoResult(interpreter);
        if (found.empty())
            return Value();
        return name == u"scalar" && !isOneEntity() ? interpreter.getItem(found.front(), Value(0))
                                                   : found.front();
    }
    if (name == u"count")
        return count(interpreter);
    if (name == u"get")
        return byKey(interpreter, args);
    if (name == u"update" || name == u"delete")
        return written(interpreter, name, args);
    if (name == u"exists" || name == u"subquery" || name == u"scalar_subquery"
        || name == u"as_scalar" || name == u"cte")
        return interpreter.call(interpreter.getAttr(&m_select, name), args);
    return std::nullopt;
}

Value LiveQuery::narrowed(Interpreter &interpreter, const QString &method, const CallArgs &args)
{
    const Value made = interpreter.call(interpreter.getAttr(&m_select, method), args);
    std::vector<Value> entities = m_entities;
    if (method == u"add_columns")
        entities.insert(entities.end(), args.positional.begin(), args.positional.end());
    return interpreter.make<LiveQuery>(m_unit, std::move(entities), *made.as<StatementObject>());
}

Value LiveQuery::getItem(Interpreter &interpreter, const Value &key)
{
    const Value list = interpreter.list(rows(interpreter, m_select));
    return interpreter.getItem(list, key);
}

std::optional<Value> LiveQuery::getAttr(Interpreter &interpreter, const QString &name)
{
    static const QStringList narrowing{
        u"filter"_s,   u"where"_s,     u"filter_by"_s, u"order_by"_s,    u"group_by"_s,
        u"having"_s,   u"limit"_s,     u"offset"_s,    u"distinct"_s,    u"select_from"_s,
        u"join"_s,     u"outerjoin"_s, u"slice"_s,     u"add_columns"_s, u"with_for_update"_s,
        u"correlate"_s};
    static const QStringList passing{
        u"options"_s,   u"execution_options"_s, u"yield_per"_s,        u"populate_existing"_s,
        u"autoflush"_s, u"enable_eagerloads"_s, u"enable_assertions"_s};
    if (name.startsWith(u"__"))
        return std::nullopt;
    return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) -> Value {
        if (narrowing.contains(name))
            return narrowed(in, name, args);
        if (passing.contains(name))
            return Value(this);
        if (name == u"with_entities")
            return narrowed(in, u"with_only_columns"_s, args);
        if (const auto found = answer(in, name, args))
            return *found;
        in.unsupported(
            u"calls %1() of a session's query, which Tribikos doesn't follow: use select()"_s.arg(
                name));
    });
}

} // namespace

Value makeLiveQuery(Interpreter &interpreter, UnitOfWork &unit, const std::vector<Value> &entities)
{
    for (const Value &entity : entities)
        if (const auto *unknown = entity.as<Unknown>())
            unknown->refuse(interpreter);
    auto *select = makeSelect(interpreter, entities).as<StatementObject>();
    return interpreter.make<LiveQuery>(unit, entities, *select);
}

} // namespace tribikos::py::sa
