#include "core/pyread/sa/modules.h"

#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/redrawing.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// Which name lives in which module. `sqlalchemy`, `.sql`, `.schema` and `.types` overlap so much
/// that one resolver serves them all.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value inspect(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"inspect"_s);
    const Value subject = a.required(u"subject"_s);
    a.optional(u"raiseerr"_s);
    a.finish();
    if (subject.as<Class>())
        interpreter.unsupported(u"inspects a mapped class"_s);
    return makeInspector(interpreter);
}

Value quotedName(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"quoted_name"_s);
    const QString text = textOf(interpreter, a.required(u"value"_s), u"value"_s);
    const std::optional<bool> quote = optionalBool(interpreter, a.optional(u"quote"_s));
    a.finish();
    return interpreter.make<MarkedString>(classOf(interpreter, u"quoted_name"_s),
                                          NameArg{.text = text, .isGiven = true, .quoted = quote});
}

NativeCall declined(const QString &what)
{
    return [what](Interpreter &in, const CallArgs &) -> Value {
        in.needsConnection(u"calls %1()"_s.arg(what));
    };
}

/// `__all__`: what `import *` binds.
Value allNames(Interpreter &interpreter, const QStringList &names)
{
    std::vector<Value> items;
    for (const QString &name : names)
        items.emplace_back(name);
    return interpreter.list(std::move(items));
}

} // namespace

namespace {

/// The functions of `sqlalchemy`, which go before classes of the same name.
const QHash<QString, NativeCall> &functions()
{
    static const QHash<QString, NativeCall> known = [] {
        QHash<QString, NativeCall> table = ddlFunctions();
        table.insert(expressionFunctions());
        table.insert(statementFunctions());
        table.insert(u"inspect"_s, inspect);
        table.insert(u"conv"_s, makeConv);
        table.insert(u"quoted_name"_s, quotedName);
        table.insert(u"engine_from_config"_s, engineFromConfig);
        for (const QString &name : {u"create_engine"_s, u"create_mock_engine"_s,
                                    u"create_async_engine"_s, u"async_engine_from_config"_s})
            table.insert(name, declined(name));
        return table;
    }();
    return known;
}

} // namespace

std::optional<Value> sqlalchemyName(Interpreter &interpreter, const QString &name)
{
    if (const auto found = functions().constFind(name); found != functions().cend())
        return interpreter.function(name, *found);
    if (Class *cls = name.contains(u'.') ? nullptr : classOf(interpreter, name))
        return Value(cls);
    if (name == u"__all__")
        return allNames(interpreter, typeNames({}) + classNames() + statementFunctions().keys()
                                         + expressionFunctions().keys()
                                         + QStringList{u"func"_s, u"inspect"_s});
    if (name == u"func")
        return makeFunc(interpreter);
    if (name == u"__version__")
        return Value(u"2.0.52"_s);
    return std::nullopt;
}

namespace {

Module *plainModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(name, [](Interpreter &in, const QString &attribute) {
        return sqlalchemyName(in, attribute);
    });
}

Module *dialectModule(Interpreter &interpreter, const QString &name)
{
    const QString dialect = name.section(u'.', 2, 2);
    return interpreter.make<Module>(
        name, [dialect](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (attribute == u"__all__")
                return allNames(in, typeNames(dialect));
            const QString key = typeKey(dialect, attribute);
            if (!key.isEmpty())
                return Value(classOf(in, key));
            if (attribute == u"insert")
                return in.function(attribute, statementFunctions().value(attribute));
            if (const auto backend = backendFromName(dialect); backend && attribute == u"dialect")
                return in.function(attribute, [backend](Interpreter &inner, const CallArgs &args) {
                    if (!args.isEmpty())
                        inner.unsupported(u"makes a dialect with options of its own"_s);
                    return makeOwnDialect(inner, *backend);
                });
            if (dialect == u"postgresql" && attribute == u"ExcludeConstraint")
                return Value(classOf(in, attribute));
            if (dialect == u"postgresql" && attribute == u"array")
                return in.function(attribute, postgresArray);
            if (dialect == u"postgresql" && attribute == u"aggregate_order_by")
                return in.function(attribute, aggregateOrderBy);
            return std::nullopt;
        });
}

Module *exceptionModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(
        name, [](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            Class *cls = classOf(in, u"exc."_s + attribute);
            return cls ? std::optional<Value>(cls) : std::nullopt;
        });
}

Module *ormModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(
        name, [](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (attribute == u"__all__")
                return allNames(in, ormNames());
            if (auto found = ormName(in, attribute))
                return found;
            if (Class *cls = attribute == u"Session" || attribute == u"sessionmaker"
                                 ? classOf(in, attribute)
                                 : nullptr)
                return Value(cls);
            return sqlalchemyName(in, attribute);
        });
}

Module *operatorsModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(name, operatorObject);
}

/// sqlalchemy.sql.functions: what `func` makes of these names.
Module *functionsModule(Interpreter &interpreter, const QString &name)
{
    static const QSet<QString> generic{u"now"_s,
                                       u"max"_s,
                                       u"min"_s,
                                       u"sum"_s,
                                       u"count"_s,
                                       u"coalesce"_s,
                                       u"concat"_s,
                                       u"char_length"_s,
                                       u"random"_s,
                                       u"current_date"_s,
                                       u"current_time"_s,
                                       u"current_timestamp"_s,
                                       u"localtime"_s,
                                       u"user"_s,
                                       u"localtimestamp"_s,
                                       u"session_user"_s,
                                       u"current_user"_s,
                                       u"sysdate"_s,
                                       u"array_agg"_s,
                                       u"aggregate_strings"_s,
                                       u"rank"_s,
                                       u"dense_rank"_s,
                                       u"percent_rank"_s,
                                       u"cume_dist"_s};
    return interpreter.make<Module>(
        name, [](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (generic.contains(attribute))
                return in.getAttr(makeFunc(in), attribute);
            return sqlalchemyName(in, attribute);
        });
}

constexpr const char *plainModules[] = {
    "sqlalchemy",
    "sqlalchemy.sql",
    "sqlalchemy.sql.elements",
    "sqlalchemy.sql.expression",
    "sqlalchemy.sql.schema",
    "sqlalchemy.sql.selectable",
    "sqlalchemy.sql.sqltypes",
    "sqlalchemy.sql.type_api",
    "sqlalchemy.sql.ddl",
    "sqlalchemy.sql.base",
    "sqlalchemy.sql.naming",
    "sqlalchemy.sql.util",
    "sqlalchemy.schema",
    "sqlalchemy.types",
    "sqlalchemy.engine",
    "sqlalchemy.engine.base",
    "sqlalchemy.engine.reflection",
    "sqlalchemy.inspection",
    "sqlalchemy.dialects",
    "sqlalchemy.util",
    "sqlalchemy.pool",
    "sqlalchemy.ext",
    "sqlalchemy.ext.asyncio",
};

constexpr const char *ormModules[] = {
    "sqlalchemy.orm",
    "sqlalchemy.event",
    "sqlalchemy.orm.session",
    "sqlalchemy.orm.decl_api",
    "sqlalchemy.orm.attributes",
    "sqlalchemy.ext.compiler",
    "sqlalchemy.ext.declarative",
    "sqlalchemy.ext.hybrid",
    "sqlalchemy.ext.mutable",
    "sqlalchemy.ext.associationproxy",
    "sqlalchemy.ext.orderinglist",
    "sqlalchemy.ext.automap",
};

constexpr const char *dialectModules[] = {"postgresql", "mysql", "mariadb",
                                          "sqlite",     "mssql", "oracle"};
constexpr const char *dialectParts[] = {"",       ".base", ".types",      ".json",        ".ranges",
                                        ".array", ".dml",  ".enumerated", ".named_types", ".hstore",
                                        ".ext"};

} // namespace

void registerSqlAlchemy(ModuleRegistry &registry)
{
    const auto add = [&registry](const QString &name,
                                 Module *(*make)(Interpreter &, const QString &)) {
        registry.add(name,
                     [name, make](Interpreter &interpreter) { return make(interpreter, name); });
    };
    for (const char *name : plainModules)
        add(QString::fromLatin1(name), plainModule);
    for (const char *name : ormModules)
        add(QString::fromLatin1(name), ormModule);
    add(u"sqlalchemy.sql.functions"_s, functionsModule);
    add(u"sqlalchemy.sql.operators"_s, operatorsModule);
    add(u"sqlalchemy.dialects.postgresql.operators"_s, operatorsModule);
    add(u"sqlalchemy.exc"_s, exceptionModule);
    add(u"sqlalchemy.orm.exc"_s, exceptionModule);
    for (const char *dialect : dialectModules) {
        for (const char *part : dialectParts)
            add(u"sqlalchemy.dialects."_s + QLatin1String(dialect) + QLatin1String(part),
                dialectModule);
    }
}

} // namespace tribikos::py::sa
