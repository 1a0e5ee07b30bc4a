#include "core/pyread/sa/connection.h"

#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/element.h"
#include "core/pyread/sa/live.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/results.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

/// Connections and sessions, which only write: what they would read is not known here.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

class ConnectionObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    bool hasEffects() const override { return true; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return this; }
    bool exit(Interpreter &, const Value &) override { return false; }
    Value call(Interpreter &, const CallArgs &) override { return this; } // sessionmaker(bind=…)()
    bool isCallable() const override { return true; }

    UnitOfWork *unit = nullptr; // of a session on a live database
    bool isSession = false;
    bool isApart = false; // a connection of its own: it may only ask
};

/// Takes a statement through the bind. A query whose rows are known has nothing left to do once
/// somebody has looked at them.
Value recorded(Interpreter &interpreter, const ConnectionObject &self, const Execute &operation,
               const ExprPtr &asRun = nullptr)
{
    const KnownRows rows = rowsOf(interpreter, asRun ? asRun : operation.statement);
    if (self.isApart && !rows.isQuery)
        interpreter.needsConnection(u"opens a connection of its own to the database"_s);
    const qsizetype query = rows.isQuery ? hostOf(interpreter).recorded() : -1;
    hostOf(interpreter).record(interpreter, operation);
    return makeResult(interpreter, rows, query, asRun ? asRun : operation.statement);
}

Value execute(Interpreter &interpreter, ConnectionObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"execute"_s);
    const Value statement = a.required(u"statement"_s);
    Value parameters = a.optional(u"parameters"_s);
    if (parameters.isNone())
        parameters = a.keywordOnly(u"params"_s);
    a.keywordOnly(u"execution_options"_s);
    a.keywordOnly(u"bind_arguments"_s);
    a.finish();
    // Offline it is Alembic's stand-in, which drops the parameters; what it then prints would break
    // or spoil something, so the plan says it (PlanStep::warnings). Plain text is read as SQLAlchemy 1
    // reads it, and Alembic's stand-in still: as text().
    const bool isStandIn = hostOf(interpreter).isOffline() && !self.isSession;
    if (const auto *ddl = self.isApart ? nullptr : statement.as<DdlObject>()) {
        hostOf(interpreter).record(interpreter, ddl->operation);
        return makeResult(interpreter, {});
    }
    Execute operation = executeOf(interpreter, statement, isStandIn ? Value() : parameters, true);
    operation.dropsParameters = isStandIn && !parameters.isNone();
    operation.throughBind = true;
    // What is answered is what a run would be: with its parameters.
    const bool isQuery = operation.dropsParameters && parameters.as<Dict>();
    return recorded(interpreter, self, operation,
                    isQuery ? executeOf(interpreter, statement, parameters, true).statement
                            : nullptr);
}

Value execDriverSql(Interpreter &interpreter, ConnectionObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"exec_driver_sql"_s);
    QString sql = textOf(interpreter, a.required(u"statement"_s), u"statement"_s);
    if (!a.optional(u"parameters"_s).isNone())
        interpreter.unsupported(
            u"passes parameters to exec_driver_sql(): use text() and bindparams()"_s);
    a.finish();
    sql.replace(u':', u"\\:"_s); // the driver knows no named parameters: a colon is a colon
    return recorded(interpreter, self, Execute{.statement = textExpr(sql), .throughBind = true});
}

KnownRows queriedRows(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty())
        return {};
    const KnownRows rows =
        rowsOf(interpreter, executeOf(interpreter, args.positional.front(), {}, true).statement);
    return rows.isQuery ? rows : KnownRows();
}

Value scalar(Interpreter &interpreter, ConnectionObject &, const CallArgs &args)
{
    const KnownRows rows = queriedRows(interpreter, args);
    if (!rows.isQuery)
        interpreter.needsConnection(u"reads a value from the database (.scalar)"_s);
    return scalarOf(interpreter, rows);
}

Value scalars(Interpreter &interpreter, ConnectionObject &, const CallArgs &args)
{
    const KnownRows rows = queriedRows(interpreter, args);
    if (!rows.isQuery)
        interpreter.needsConnection(u"reads a value from the database (.scalar)"_s);
    return interpreter.callMethod(makeResult(interpreter, rows), u"scalars"_s, {});
}

Value query(Interpreter &interpreter, ConnectionObject &, const CallArgs &args)
{
    return makeQuery(interpreter, args);
}

/// session.get(Model, key)
Value getByKey(Interpreter &interpreter, ConnectionObject &, const CallArgs &args)
{
    CallArgs entity;
    if (!args.positional.empty())
        entity.positional.push_back(args.positional.front());
    return interpreter.callMethod(makeQuery(interpreter, entity), u"get"_s, {});
}

Value itself(Interpreter &, ConnectionObject &self, const CallArgs &)
{
    return &self;
}

Value nothing(Interpreter &, ConnectionObject &, const CallArgs &)
{
    return {};
}

Value readsRows(Interpreter &interpreter, ConnectionObject &, const CallArgs &)
{
    interpreter.needsConnection(u"works with rows of the database through an ORM session"_s);
}

/// add_all([]) and its like do nothing.
Value readsAll(Interpreter &interpreter, ConnectionObject &self, const CallArgs &args)
{
    const auto *list = args.positional.empty() ? nullptr : args.positional.back().as<List>();
    return list && list->items.empty() ? Value() : readsRows(interpreter, self, args);
}

Value inTransaction(Interpreter &, ConnectionObject &, const CallArgs &)
{
    return Value(true);
}

const MethodTable<ConnectionObject> &connectionMethods()
{
    static const MethodTable<ConnectionObject> table{
        {u"execute"_s, execute},
        {u"exec_driver_sql"_s, execDriverSql},
        {u"scalar"_s, scalar},
        {u"scalars"_s, scalars},
        {u"begin"_s, itself},
        {u"begin_nested"_s, itself},
        {u"connect"_s, itself},
        {u"connection"_s, itself},
        {u"get_bind"_s, itself},
        {u"execution_options"_s, itself},
        {u"close"_s, nothing},
        {u"commit"_s, nothing},
        {u"rollback"_s, readsRows},
        {u"flush"_s, nothing},
        {u"expunge_all"_s, nothing},
        {u"in_transaction"_s, inTransaction},
        {u"query"_s, query},
        {u"add"_s, readsRows},
        {u"add_all"_s, readsAll},
        {u"get"_s, getByKey},
        {u"merge"_s, readsRows},
        {u"delete"_s, readsRows},
        {u"refresh"_s, readsRows},
        {u"bulk_save_objects"_s, readsAll},
        {u"bulk_insert_mappings"_s, readsAll},
        {u"bulk_update_mappings"_s, readsAll},
        {u"run_sync"_s, readsRows},
    };
    return table;
}

std::optional<Value> ConnectionObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (hostOf(interpreter).live()) {
        if (isApart) // it would not see what this transaction has done, and might wait for it for ever
            interpreter.unsupported(
                u"opens a connection of its own to the database: use op.get_bind()"_s);
        if (isSession && !unit)
            unit = makeUnitOfWork(interpreter);
        if (auto method = liveMethod(interpreter, this, unit, name))
            return method;
    }
    if (auto method = boundMethod(interpreter, *this, connectionMethods(), name))
        return method;
    const auto backend = hostOf(interpreter).backend();
    if (name == u"dialect" && backend)
        return makeDialect(interpreter, *backend);
    if (name == u"engine" || name == u"bind" || name == u"connection")
        return Value(this);
    if (name == u"name" && backend)
        return Value(backendName(*backend));
    if (name == u"info")
        return interpreter.dict({});
    if (name == u"url")
        return makeUrl(interpreter);
    return std::nullopt;
}

/// Parameters of one statement become values in it.
ExprPtr withParameters(Interpreter &interpreter, const ExprPtr &statement, const Dict &parameters)
{
    Expr copy = *statement;
    for (const auto &[key, value] : parameters.entries()) {
        const QString name = textOf(interpreter, key, u"a parameter's name"_s);
        const ExprPtr earlier = copy.binds.value(name);
        copy.binds.insert(name, boundExpr(interpreter, value, earlier ? earlier->type : nullptr));
    }
    return sharedExpr(std::move(copy));
}

} // namespace

Execute executeOf(Interpreter &interpreter, const Value &statement, const Value &parameters,
                  bool textAllowed)
{
    Execute operation;
    if (auto *element = statement.as<Element>()) {
        operation.statement = element->expr(interpreter);
        if (const auto *insert = statement.as<StatementObject>())
            operation.statement = withKeyReturned(interpreter, *insert, operation.statement);
        operation.isDdlText = element->cls->name == u"DDL";
    } else if (isText(statement) && textAllowed) {
        operation.statement = textExpr(textOf(interpreter, statement, u"sqltext"_s));
    } else if (const auto *unknown = statement.as<Unknown>()) {
        unknown->refuse(interpreter);
    } else {
        interpreter.raise(classOf(interpreter, u"exc.ObjectNotExecutableError"_s),
                          u"Not an executable object: %1"_s.arg(interpreter.repr(statement)));
    }
    if (parameters.isNone())
        return operation;
    const auto *dict = parameters.as<Dict>();
    auto *insert = statement.as<StatementObject>();
    if (insert && insert->kind == Expr::Kind::Insert) { // execute(insert(t), {…} or [{…}, {…}])
        const Value values = interpreter.callMethod(insert, u"values"_s, {parameters});
        operation.statement = values.as<Element>()->expr(interpreter);
        return operation;
    }
    if (!dict)
        interpreter.unsupported(u"executes one statement with several sets of parameters"_s);
    operation.statement = withParameters(interpreter, operation.statement, *dict);
    return operation;
}

Value makeConnection(Interpreter &interpreter)
{
    return interpreter.make<ConnectionObject>(classOf(interpreter, u"Connection"_s));
}

Value engineFromConfig(Interpreter &interpreter, const CallArgs &args)
{
    if (args.positional.empty() || !args.positional.front().as<EnvironmentSection>())
        interpreter.needsConnection(u"calls engine_from_config()"_s);
    auto *made = interpreter.make<ConnectionObject>(classOf(interpreter, u"Connection"_s));
    made->isApart = true;
    return made;
}

Value constructSession(Interpreter &interpreter, Class *cls, const CallArgs &)
{
    auto *made = interpreter.make<ConnectionObject>(cls);
    made->isSession = true;
    return made;
}

std::optional<Backend> backendOf(Interpreter &interpreter, const Value &value, bool *isOwn)
{
    if (const auto dialect = dialectBackend(value, isOwn))
        return dialect;
    return value.as<ConnectionObject>() ? hostOf(interpreter).backend() : std::nullopt;
}

} // namespace tribikos::py::sa
