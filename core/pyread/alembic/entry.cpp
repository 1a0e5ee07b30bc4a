#include "core/pyread/alembic/context.h"

#include "core/pyread/function.h"

/// Calling upgrade() and downgrade(), which some environments give arguments.
namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;

namespace {

/// A helper that fills rows in when the project tests its migrations; outside of tests it is idle.
class IdleTester final : public Object
{
public:
    QString typeName() const override { return u"tester"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"is_testing")
            return interpreter.function(
                name, [](Interpreter &, const CallArgs &) { return Value(false); });
        return Value(this);
    }
    bool isCallable() const override { return true; }
    Value call(Interpreter &, const CallArgs &) override { return Value(this); }
    bool truth(Interpreter &) override { return false; }
};

/// The one database of a multidb script: `upgrade_engine1` beside `upgrade`.
Value engineName(Interpreter &interpreter, const Function &function, const QString &engine)
{
    QStringList known;
    for (const QString &name : function.globals ? function.globals->names() : QStringList())
        if (name.startsWith(function.name + u'_'))
            known.append(name.mid(function.name.size() + 1));
    if (!engine.isEmpty())
        return Value(engine);
    if (known.size() == 1)
        return Value(known.first());
    interpreter.unsupported(
        u"is written for several databases (%1): say which with -x engine=NAME"_s.arg(
            known.isEmpty() ? function.name : known.join(u", "_s)));
}

bool isEngine(QStringView parameter)
{
    return parameter == u"engine_name" || parameter == u"engine" || parameter == u"db_name";
}

Value argumentFor(Interpreter &interpreter, const Function &function, const QString &name,
                  const QString &engine)
{
    if (name == u"op")
        return interpreter.importModule(u"alembic.op"_s);
    if (name == u"tester")
        return interpreter.make<IdleTester>();
    if (isEngine(name))
        return engineName(interpreter, function, engine);
    return interpreter.unknown(name, u"the environment passes it to %1()"_s.arg(function.name));
}

} // namespace

CallArgs entryArguments(Interpreter &interpreter, const Value &entry, const QString &engine)
{
    CallArgs args;
    const auto *function = entry.as<Function>();
    if (!function || !function->parameters)
        return args;
    using Kind = ast::Parameter::Kind;
    const auto isOptional = [](const ast::Parameter &parameter) {
        return parameter.defaultValue || parameter.kind == Kind::DoubleStar;
    };
    std::vector<std::pair<QString, Value>> given;
    if (std::ranges::any_of(*function->parameters, isOptional))
        given = runArguments(interpreter);
    const auto passed = [&given](const QString &name) {
        return std::ranges::find_if(given, [&](const auto &one) { return one.first == name; });
    };
    bool takesAll = false;
    for (const ast::Parameter &parameter : *function->parameters) {
        takesAll = takesAll || parameter.kind == Kind::DoubleStar;
        if (parameter.kind == Kind::Star || parameter.kind == Kind::DoubleStar)
            continue;
        const auto known = passed(parameter.name);
        if (parameter.defaultValue) {
            if (known == given.end())
                continue;
            // Of several databases the default names the one that is meant where nobody says which.
            const bool isUnknown = known->second.as<Unknown>() != nullptr;
            if (!isUnknown || !isEngine(parameter.name) || !engine.isEmpty())
                args.keywords.emplace_back(parameter.name, isUnknown
                                                               ? argumentFor(interpreter, *function,
                                                                             parameter.name, engine)
                                                               : known->second);
            given.erase(known);
            continue;
        }
        const Value value = known != given.end() && !known->second.as<Unknown>()
                                ? known->second
                                : argumentFor(interpreter, *function, parameter.name, engine);
        if (known != given.end())
            given.erase(known);
        if (parameter.kind == Kind::KeywordOnly)
            args.keywords.push_back({parameter.name, value});
        else
            args.positional.push_back(value);
    }
    if (takesAll)
        args.keywords.insert(args.keywords.end(), given.begin(), given.end());
    return args;
}

} // namespace tribikos::py::alembic
