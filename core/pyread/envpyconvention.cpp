#include "core/pyread/envpyconvention.h"

#include "core/pyread/alembic/context.h"
#include "core/pyread/ast.h"
#include "core/pyread/envpypaths.h"
#include "core/pyread/packages.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/tables.h"

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// env.py imports the project's models, which may be many.
py::Limits environmentLimits()
{
    py::Limits limits;
    limits.steps = 5'000'000;
    limits.memory = 128ll << 20;
    return limits;
}

/// What context.configure() is given as target_metadata ("Base.metadata"), the same in every call;
/// nullopt: not one name.
std::optional<QString> targetName(const py::ast::Module &tree)
{
    std::optional<QString> found;
    for (const auto &node : tree.nodes) {
        const auto *call = dynamic_cast<const py::ast::Call *>(node.get());
        if (!call || !py::StaticPaths::dotted(call->function).endsWith(u"configure"_s))
            continue;
        for (const py::ast::Argument &argument : call->arguments) {
            if (argument.name != u"target_metadata")
                continue;
            const QString name = py::StaticPaths::dotted(argument.value);
            if (name.isEmpty() || (found && *found != name))
                return std::nullopt;
            found = name;
        }
    }
    return found ? found : u"target_metadata"_s;
}

std::optional<QMap<QString, QString>> conventionOf(const py::Value &target)
{
    if (target.isNone() || target.as<py::List>() || target.as<py::Tuple>())
        return QMap<QString, QString>();
    const auto *metadata = target.as<py::sa::MetaDataObject>();
    if (!metadata)
        return std::nullopt;
    return metadata->convention.value_or(QMap<QString, QString>());
}

} // namespace

std::optional<QMap<QString, QString>> readTargetConvention(const ConventionRequest &request)
{
    const auto bytes = request.environmentFile.isEmpty() ? Result<QByteArray>(Error{})
                                                         : py::readSource(request.environmentFile);
    const auto source = bytes ? py::parse(*bytes, request.environmentFile)
                              : Result<std::shared_ptr<const py::Source>>(bytes.error());
    const auto name = source ? targetName(*(*source)->tree) : std::nullopt;
    if (!name)
        return std::nullopt;
    py::alembic::Context context(Backend::Sqlite, true, nullptr, nullptr, {});
    context.surroundings = {
        .options = request.options, .section = request.section, .file = request.environmentFile};
    py::Interpreter interpreter(py::alembic::scriptModules(), environmentLimits());
    py::sa::State::of(interpreter).host = &context;
    py::sa::State::of(interpreter).userTypes = request.types;
    interpreter.setState(u"offline"_s, interpreter.make<py::List>());
    interpreter.setGiven(ofBackend(request.facts.values, Backend::Sqlite), request.facts.variables);
    interpreter.setLazyImports(false);
    interpreter.setModuleFinder(py::withKnownPackages(py::projectFinder(request.searchPath)));
    const auto module = interpreter.runModule(*source, {.name = u"env"_s, .lazyImports = false});
    if (!module)
        return std::nullopt;
    const auto target = interpreter.guarded([&] {
        py::Value value = *module;
        for (const QString &part : name->split(u'.'))
            value = interpreter.getAttr(value, part);
        return value;
    });
    return target ? conventionOf(*target) : std::nullopt;
}

} // namespace tribikos
