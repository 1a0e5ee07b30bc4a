#include "core/pyread/envpyevaluation.h"

#include "core/pyread/packages.h"
#include "core/pyread/projectmodules.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// env.py imports the project's models, which may be many.
Limits environmentLimits()
{
    Limits limits;
    limits.steps = 5'000'000;
    limits.memory = 128ll << 20;
    return limits;
}

} // namespace

EnvEvaluation::EnvEvaluation(const ConventionRequest &request, Backend backend)
    : context(backend, true, {},
              {.environment = {.options = request.options,
                               .section = request.section,
                               .file = request.environmentFile}},
              nullptr)
    , interpreter(alembic::scriptModules(), environmentLimits())
    , use(interpreter)
{
    sa::State::of(interpreter).host = &context;
    sa::State::of(interpreter).userTypes = request.types;
    interpreter.setState(u"offline"_s, interpreter.make<List>());
    interpreter.setGiven(ofBackend(request.facts.values, backend), request.facts.variables);
    interpreter.setLazyImports(false);
    interpreter.setModuleFinder(withKnownPackages(projectFinder(request.searchPath)));
}

} // namespace tribikos::py
