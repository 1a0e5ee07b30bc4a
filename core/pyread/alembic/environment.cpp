#include "core/pyread/alembic/context.h"
#include "core/pyread/alembic/recorder.h"
#include "core/pyread/ast.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/connection.h"

/// What scripts see of their environment: the configuration file's main section, and the operations
/// and options that env.py sets up. Read, never run.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;
using namespace sa;

namespace {

/// Whether env.py writes the option \a name itself: then what the file says is not what counts.
bool isSetByCode(Interpreter &interpreter, const QString &name)
{
    const QString &file = hostOf(interpreter).environment().file;
    if (file.isEmpty())
        return false;
    const auto bytes = readSource(file);
    if (!bytes)
        return bytes.error().code != ErrorCode::NotFound;
    const QString text = QString::fromUtf8(*bytes);
    return text.contains(u"set_main_option"_s)
           && (text.contains(u'"' + name + u'"') || text.contains(u'\'' + name + u'\''));
}

Value mainOption(Interpreter &interpreter, const QString &name, const Value &otherwise)
{
    const auto &options = hostOf(interpreter).environment().options;
    if (!options)
        interpreter.unsupported(
            u"asks for the option %1 of the configuration, but the project was opened without one"_s
                .arg(name));
    if (isSetByCode(interpreter, name) && Recorder::of(interpreter))
        return interpreter.unknown(u"config.get_main_option(\"%1\")"_s.arg(name),
                                   u"env.py sets it in code"_s);
    if (isSetByCode(interpreter, name))
        interpreter.unsupported(u"asks for the option %1, which env.py sets in code"_s.arg(name));
    const auto found = options->constFind(name);
    return found == options->cend() ? otherwise : Value(*found);
}

Value getMainOption(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"get_main_option"_s);
    const QString name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    const Value otherwise = a.optional(u"default"_s);
    a.finish();
    return mainOption(interpreter, name, otherwise);
}

bool isMainSection(Interpreter &interpreter, const Value &name)
{
    return isText(name)
           && textOf(interpreter, name, u"name"_s) == hostOf(interpreter).environment().section;
}

Value getSection(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"get_section"_s);
    const Value name = a.required(u"name"_s);
    a.optional(u"default"_s);
    a.finish();
    if (!isMainSection(interpreter, name))
        interpreter.unsupported(
            u"reads the section %1 of the configuration"_s.arg(interpreter.repr(name)));
    return interpreter.make<EnvironmentSection>();
}

Value getSectionOption(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"get_section_option"_s);
    const Value section = a.required(u"section"_s);
    const QString name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    const Value otherwise = a.optional(u"default"_s);
    a.finish();
    if (!isMainSection(interpreter, section))
        interpreter.unsupported(
            u"reads the section %1 of the configuration"_s.arg(interpreter.repr(section)));
    return mainOption(interpreter, name, otherwise);
}

/// op.get_context().config
class ConfigObject final : public Object
{
public:
    QString typeName() const override { return u"Config"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        static const QHash<QString, NativeCall> methods{
            {u"get_main_option"_s, getMainOption},
            {u"get_section"_s, getSection},
            {u"get_section_option"_s, getSectionOption}};
        if (const auto found = methods.constFind(name); found != methods.cend())
            return interpreter.function(name, *found);
        if (name == u"config_ini_section")
            return Value(hostOf(interpreter).environment().section);
        return interpreter.unknown(u"op.get_context().config."_s + name,
                                   u"it comes from the environment's configuration"_s);
    }
};

constexpr QLatin1String environmentModule("__environment__");

/// env.py as a module whose top level was evaluated as far as that goes; null: there is none.
Module *environmentOf(Interpreter &interpreter)
{
    if (hostOf(interpreter).environment().file.isEmpty())
        return nullptr;
    const Recorder::Use use(interpreter); // what it would print is none of the script's
    return interpreter.importModule(environmentModule).as<Module>();
}

/// What env.py passes to context.configure() as \a option, where that is one name or constant in
/// every call that passes it; null: nothing, or not so plain.
const ast::Expr *configuredWith(const ast::Module &tree, const QString &option)
{
    const ast::Expr *found = nullptr;
    for (const auto &node : tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        const auto *callee = call ? ast::as<ast::Attribute>(call->function) : nullptr;
        if (!callee || callee->name != u"configure")
            continue;
        for (const ast::Argument &argument : call->arguments) {
            if (argument.name != option)
                continue;
            const auto *name = ast::as<ast::Name>(argument.value);
            const auto *before = ast::as<ast::Name>(found);
            if (found && (!name || !before || name->id != before->id))
                return nullptr;
            found = argument.value;
        }
    }
    return found;
}

/// The keywords of every context.run_migrations(…) in env.py, with their values where they are constants.
void addRunArguments(const ast::Module &tree, QHash<QString, const ast::Constant *> *found)
{
    for (const auto &node : tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        const auto *callee = call ? ast::as<ast::Attribute>(call->function) : nullptr;
        if (!callee || callee->name != u"run_migrations")
            continue;
        for (const ast::Argument &argument : call->arguments) {
            if (argument.kind != ast::Argument::Kind::Keyword)
                continue;
            const auto *constant = ast::as<ast::Constant>(argument.value);
            const bool isOther =
                found->contains(argument.name)
                && (!constant || !found->value(argument.name)
                    || !constant->value.isSame(found->value(argument.name)->value));
            found->insert(argument.name, isOther ? nullptr : constant);
        }
    }
}

std::optional<Value> configuredOption(Interpreter &interpreter, const QString &option)
{
    Module *module = environmentOf(interpreter);
    const auto bytes = readSource(hostOf(interpreter).environment().file);
    const auto source =
        bytes ? parse(*bytes, u"env.py"_s) : Result<std::shared_ptr<const Source>>(bytes.error());
    const ast::Expr *value = source && module ? configuredWith(*(*source)->tree, option) : nullptr;
    const auto *name = ast::as<ast::Name>(value);
    return name ? module->getAttr(interpreter, name->id) : std::nullopt;
}

/// op.get_context().opts["table_prefix"]
class OptionsObject final : public Object
{
public:
    QString typeName() const override { return u"dict"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name != u"get")
            return std::nullopt;
        return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
            Arguments a(in, args, u"get"_s);
            const Value key = a.required(u"key"_s);
            a.optional(u"default"_s);
            a.finish();
            return getItem(in, key);
        });
    }
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        const QString option = textOf(interpreter, key, u"an option"_s);
        if (const auto found = configuredOption(interpreter, option))
            return *found;
        return interpreter.unknown(u"op.get_context().opts[\"%1\"]"_s.arg(option),
                                   u"it comes from the environment's configuration"_s);
    }
};

/// What env.py has registered: the operations' classes by name, and who carries them out.
class Registered final : public Object
{
public:
    QString typeName() const override { return u"Operations"_s; }
    static Registered &of(Interpreter &interpreter)
    {
        auto *known = dynamic_cast<Registered *>(interpreter.state(u"alembic.operations"_s));
        if (!known) {
            known = interpreter.make<Registered>();
            interpreter.setState(u"alembic.operations"_s, known);
        }
        return *known;
    }

    struct Maker
    {
        Class *cls = nullptr;
        QString method{};
    };
    QHash<QString, Maker> makers{};
    std::vector<std::pair<Class *, Value>> implementations{};
};

/// @Operations.register_operation("create_view", "from_target")
Value registerOperation(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"register_operation"_s);
    const QString name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    const QString method = textOrEmpty(interpreter, a.optional(u"sourcename"_s), u"sourcename"_s);
    a.finish();
    return interpreter.function(
        u"register"_s, [name, method](Interpreter &in, const CallArgs &inner) {
            auto *cls = inner.positional.empty() ? nullptr : inner.positional.front().as<Class>();
            if (!cls)
                in.raise(u"TypeError"_s, u"register_operation() is for classes"_s);
            Registered::of(in).makers.insert(name, {cls, method.isEmpty() ? name : method});
            return Value(cls);
        });
}

/// @Operations.implementation_for(CreateViewOp)
Value implementationFor(Interpreter &interpreter, const CallArgs &args)
{
    auto *cls = args.positional.empty() ? nullptr : args.positional.front().as<Class>();
    return interpreter.function(u"decorate"_s, [cls](Interpreter &in, const CallArgs &inner) {
        const Value function = inner.positional.empty() ? Value() : inner.positional.front();
        if (cls)
            Registered::of(in).implementations.emplace_back(cls, function);
        return function;
    });
}

/// operations.invoke(operation)
Value invoke(Interpreter &interpreter, const Value &operation)
{
    Class *cls = interpreter.type(operation);
    for (const auto &[known, function] : Registered::of(interpreter).implementations) {
        if (interpreter.isInstance(operation, known))
            return interpreter.call(function,
                                    {interpreter.importModule(u"alembic.op"_s), operation});
    }
    interpreter.unsupported(u"invokes %1, which nothing here implements"_s.arg(cls->name));
}

} // namespace

std::vector<std::pair<QString, Value>> runArguments(Interpreter &interpreter)
{
    std::vector<std::pair<QString, Value>> result;
    const QString &file = hostOf(interpreter).environment().file;
    const auto bytes = file.isEmpty() ? Result<QByteArray>(Error{}) : readSource(file);
    const auto source =
        bytes ? parse(*bytes, u"env.py"_s) : Result<std::shared_ptr<const Source>>(bytes.error());
    QHash<QString, const ast::Constant *> found;
    if (source)
        addRunArguments(*(*source)->tree, &found);
    for (auto i = found.cbegin(); i != found.cend(); ++i)
        result.emplace_back(i.key(),
                            *i ? (*i)->value
                               : interpreter.unknown(i.key(), u"env.py passes it to the script"_s));
    return result;
}

void importEnvironment(Interpreter &interpreter)
{
    environmentOf(interpreter);
}

Value configuration(Interpreter &interpreter)
{
    return interpreter.make<ConfigObject>();
}

Value configureOptions(Interpreter &interpreter)
{
    return interpreter.make<OptionsObject>();
}

std::optional<Value> registeredOperation(Interpreter &interpreter, const QString &name)
{
    environmentOf(interpreter);
    if (!Registered::of(interpreter).makers.contains(name))
        return std::nullopt;
    return interpreter.function(name, [name](Interpreter &in, const CallArgs &args) {
        const Registered::Maker maker = Registered::of(in).makers.value(name);
        const Value factory = in.getAttr(Value(maker.cls), maker.method);
        // The factory asks its first argument to invoke what it has made.
        Class *operations = in.makeClass(u"Operations"_s);
        operations->set(u"invoke"_s,
                        in.function(u"invoke"_s, [](Interpreter &i, const CallArgs &a) {
                            return a.positional.empty() ? Value() : invoke(i, a.positional.back());
                        }));
        CallArgs own = args;
        own.positional.insert(own.positional.begin(), in.call(Value(operations)));
        return in.call(factory, own);
    });
}

std::optional<Value> operationsName(Interpreter &interpreter, const QString &name)
{
    if (name == u"MigrateOperation")
        return Value(interpreter.makeClass(name));
    if (name != u"Operations")
        return std::nullopt;
    Class *operations = interpreter.makeClass(name);
    operations->set(u"register_operation"_s,
                    interpreter.function(u"register_operation"_s, registerOperation));
    operations->set(u"implementation_for"_s,
                    interpreter.function(u"implementation_for"_s, implementationFor));
    return Value(operations);
}

} // namespace tribikos::py::alembic
