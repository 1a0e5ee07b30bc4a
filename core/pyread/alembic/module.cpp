#include "core/pyread/alembic/context.h"
#include "core/pyread/alembic/recorder.h"
#include "core/pyread/sa/connection.h"

/// The modules of `alembic`, and the migration context.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

/// with op.get_context().autocommit_block():
class AutocommitBlock final : public Object
{
public:
    QString typeName() const override { return u"autocommit_block"_s; }
    bool isContextManager() const override { return true; }
    bool hasEffects() const override { return true; }
    Value enter(Interpreter &interpreter) override
    {
        hostOf(interpreter).record(interpreter, AutocommitBegin{});
        return {};
    }
    bool exit(Interpreter &interpreter, const Value &) override
    {
        hostOf(interpreter).record(interpreter, AutocommitEnd{});
        return false;
    }
};

/// with context.begin_transaction(): inside a script it changes nothing.
class NoTransaction final : public Object
{
public:
    QString typeName() const override { return u"begin_transaction"_s; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return {}; }
    bool exit(Interpreter &, const Value &) override { return false; }
};

class MigrationContext final : public Object
{
public:
    QString typeName() const override { return u"MigrationContext"_s; }
    bool hasEffects() const override { return true; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        Host &host = hostOf(interpreter);
        if (name == u"dialect")
            return makeDialect(interpreter, *host.backend());
        if (name == u"as_sql")
            return Value(host.isOffline());
        if (name == u"bind" || name == u"connection")
            return makeConnection(interpreter);
        if (name == u"version_table")
            return Value(host.versionTable().name);
        if (name == u"version_table_schema")
            return host.versionTable().schema.isEmpty() ? Value()
                                                        : Value(host.versionTable().schema);
        if (name == u"autocommit_block")
            return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
                return Value(in.make<AutocommitBlock>());
            });
        if (name == u"begin_transaction")
            return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
                return Value(in.make<NoTransaction>());
            });
        if (name == u"execute")
            return directive(interpreter, name, nullptr);
        if (name == u"get_current_revision" || name == u"get_current_heads")
            interpreter.needsConnection(u"asks for the database's revision"_s);
        if (name == u"config")
            return configuration(interpreter);
        if (name == u"opts")
            return configureOptions(interpreter);
        if (name == u"environment_context" || name == u"script")
            return interpreter.unknown(u"op.get_context()."_s + name,
                                       u"it comes from the environment's configuration"_s);
        return std::nullopt;
    }
};

Value answer(Interpreter &interpreter, const QString &name, const Value &value)
{
    return interpreter.function(name, [value](Interpreter &, const CallArgs &) { return value; });
}

/// `alembic.context`, as far as a revision script may use it.
std::optional<Value> contextName(Interpreter &interpreter, const QString &name)
{
    if (Recorder *recorder = Recorder::of(interpreter))
        if (auto noted = recorder->contextName(interpreter, name))
            return noted;
    if (name == u"is_offline_mode")
        return interpreter.function(
            name, [](Interpreter &in, const CallArgs &) { return Value(hostOf(in).isOffline()); });
    if (name == u"get_context" || name == u"get_impl") // both have `bind` and `dialect`
        return interpreter.function(
            name, [](Interpreter &in, const CallArgs &) { return migrationContext(in); });
    if (name == u"get_bind" || name == u"execute")
        return directive(interpreter, name, nullptr);
    if (name == u"get_x_argument") // none was given: Tribikos has no -x
        return interpreter.function(name, [](Interpreter &in, const CallArgs &args) {
            const Value *asDictionary = args.keyword(u"as_dictionary"_s);
            const bool dict = asDictionary
                                  ? in.truth(*asDictionary)
                                  : !args.positional.empty() && in.truth(args.positional[0]);
            return dict ? in.dict({}) : in.list();
        });
    if (name == u"config")
        return configuration(interpreter);
    if (name == u"get_tag_argument")
        return answer(interpreter, name, Value());
    return interpreter.unknown(u"alembic.context."_s + name,
                               u"it comes from the environment's configuration"_s);
}

Module *opModule(Interpreter &interpreter, const QString &name)
{
    auto *module = interpreter.make<Module>(name, [](Interpreter &in, const QString &attribute) {
        return directive(in, attribute, nullptr);
    });
    module->effects = true;
    return module;
}

Module *contextModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(name, contextName);
}

Module *opsModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(
        name, [](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (auto pending = pendingDirective(in, attribute))
                return pending;
            return in.unknown(u"alembic.operations.ops."_s + attribute);
        });
}

Module *operationsModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(
        name, [name](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (attribute == u"ops")
                return in.importModule(u"alembic.operations.ops"_s);
            if (auto found = operationsName(in, attribute))
                return found;
            return in.unknown(name + u'.' + attribute,
                              u"it is a part of Alembic that scripts rarely need"_s);
        });
}

Module *emptyModule(Interpreter &interpreter, const QString &name)
{
    return interpreter.make<Module>(
        name, [name](Interpreter &in, const QString &attribute) -> std::optional<Value> {
            if (auto found = in.submodule(*in.make<Module>(name), attribute))
                return found;
            return in.unknown(name + u'.' + attribute,
                              u"it is a part of Alembic that scripts rarely need"_s);
        });
}

} // namespace

Value migrationContext(Interpreter &interpreter)
{
    return interpreter.make<MigrationContext>();
}

void registerAlembic(ModuleRegistry &registry)
{
    const auto add = [&registry](const QString &name,
                                 Module *(*make)(Interpreter &, const QString &)) {
        registry.add(name,
                     [name, make](Interpreter &interpreter) { return make(interpreter, name); });
    };
    add(u"alembic"_s, emptyModule);
    add(u"alembic.op"_s, opModule);
    add(u"alembic.context"_s, contextModule);
    add(u"alembic.operations"_s, operationsModule);
    add(u"alembic.operations.ops"_s, opsModule);
}

} // namespace tribikos::py::alembic
