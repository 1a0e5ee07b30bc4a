#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/results.h"
#include "core/pyread/sa/statements.h"

/// session.query(): answered where the tables that it asks are known to hold no rows.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using Kind = KnownRows::Kind;

[[noreturn]] void refuseQuery(Interpreter &interpreter)
{
    interpreter.needsConnection(u"works with rows of the database through an ORM session"_s);
}

KnownRows entityRows(Interpreter &interpreter, const std::vector<Value> &entities)
{
    for (const Value &entity : entities) {
        if (entity.as<InertObject>() || entity.as<Unknown>())
            return {};
    }
    if (entities.empty())
        return {};
    return rowsOf(interpreter,
                  makeSelect(interpreter, entities).as<StatementObject>()->expr(interpreter),
                  false); // what narrows it comes later
}

/// A query whose rows are known already. What narrows it further leaves none where there are none.
class QueryObject final : public Object
{
public:
    explicit QueryObject(KnownRows rows)
        : m_rows(std::move(rows))
    {}
    QString typeName() const override { return u"Query"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) {
            if (const auto next = narrowed(in, name, args))
                return *next;
            if (const auto found = answer(in, name))
                return *found;
            refuseQuery(in);
        });
    }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        if (m_rows.kind == Kind::Some)
            visit(firstRow(interpreter, m_rows));
    }
    bool truth(Interpreter &) override { return true; } // has no __bool__
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        if (!key.as<Slice>() || m_rows.kind != Kind::None)
            refuseQuery(interpreter);
        return interpreter.list({});
    }

private:
    std::optional<Value> narrowed(Interpreter &interpreter, const QString &name,
                                  const CallArgs &args);
    std::optional<Value> answer(Interpreter &interpreter, const QString &name) const;

    const KnownRows m_rows;
};

/// The query that a method makes of this one; nullopt: not one of those.
std::optional<Value> QueryObject::narrowed(Interpreter &interpreter, const QString &name,
                                           const CallArgs &args)
{
    static const QStringList always{u"filter"_s,
                                    u"filter_by"_s,
                                    u"where"_s,
                                    u"order_by"_s,
                                    u"options"_s,
                                    u"execution_options"_s,
                                    u"with_for_update"_s,
                                    u"populate_existing"_s,
                                    u"autoflush"_s,
                                    u"yield_per"_s,
                                    u"params"_s,
                                    u"correlate"_s,
                                    u"enable_eagerloads"_s,
                                    u"enable_assertions"_s};
    static const QStringList ofNone{u"distinct"_s, u"limit"_s, u"offset"_s, u"slice"_s};
    if (always.contains(name) || (ofNone.contains(name) && m_rows.kind == Kind::None))
        return Value(this);
    if (name == u"group_by" && !args.positional.empty())
        return interpreter.make<QueryObject>(KnownRows{.kind = Kind::None, .isQuery = true});
    if (name == u"join" || name == u"outerjoin") {
        const Value *full = args.keyword(u"full"_s);
        return full && interpreter.truth(*full) ? std::nullopt : std::optional<Value>(this);
    }
    if (name == u"select_from") // what is selected is joined to it, on whichever side
        return entityRows(interpreter, args.positional).kind == Kind::None
                   ? std::optional<Value>(this)
                   : std::nullopt;
    return std::nullopt;
}

std::optional<Value> QueryObject::answer(Interpreter &interpreter, const QString &name) const
{
    const bool isNone = m_rows.kind == Kind::None;
    if (name == u"all")
        return interpreter.list(isNone ? std::vector<Value>()
                                       : std::vector<Value>{firstRow(interpreter, m_rows)});
    if (name == u"first" || name == u"one_or_none")
        return firstRow(interpreter, m_rows);
    if (name == u"scalar")
        return scalarOf(interpreter, m_rows);
    if (name == u"count")
        return Value(isNone ? 0 : 1);
    if (name == u"one") {
        if (isNone)
            raiseNoResult(interpreter);
        return firstRow(interpreter, m_rows);
    }
    if (!isNone)
        return std::nullopt;
    if (name == u"get")
        return Value();
    if (name == u"update" || name == u"delete")
        return Value(0);
    if (name == u"exists") // over no rows
        return makeElement(interpreter, Expr{.kind = Expr::Kind::False});
    return std::nullopt;
}

} // namespace

Value makeQuery(Interpreter &interpreter, const CallArgs &args)
{
    if (!hostOf(interpreter).startsEmpty())
        refuseQuery(interpreter);
    const KnownRows rows = entityRows(interpreter, args.positional);
    if (rows.kind == Kind::Unknown)
        refuseQuery(interpreter);
    return interpreter.make<QueryObject>(rows);
}

} // namespace tribikos::py::sa
