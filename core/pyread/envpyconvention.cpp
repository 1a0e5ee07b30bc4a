#include "core/pyread/envpyconvention.h"

#include "core/pyread/ast.h"
#include "core/pyread/envpyevaluation.h"
#include "core/pyread/envpypaths.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/tables.h"

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

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

EnvTarget readEnvTarget(const ConventionRequest &request)
{
    const auto bytes = request.environmentFile.isEmpty() ? Result<QByteArray>(Error{})
                                                         : py::readSource(request.environmentFile);
    const auto source = bytes ? py::parse(*bytes, request.environmentFile)
                              : Result<std::shared_ptr<const py::Source>>(bytes.error());
    if (!source)
        return {};
    py::EnvEvaluation evaluation(request, Backend::Sqlite);
    py::Interpreter &interpreter = evaluation.interpreter;
    const auto module = interpreter.runModule(*source, {.name = u"env"_s, .lazyImports = false});
    EnvTarget read{.drawsClauses = py::sa::State::of(interpreter).drawsNative};
    const auto name = targetName(*(*source)->tree);
    if (!module || !name)
        return read;
    const auto target = interpreter.guarded([&] {
        py::Value value = *module;
        for (const QString &part : name->split(u'.'))
            value = interpreter.getAttr(value, part);
        return value;
    });
    if (target)
        read.convention = conventionOf(*target);
    return read;
}

} // namespace tribikos
