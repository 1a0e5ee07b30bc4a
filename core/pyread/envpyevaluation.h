#pragma once

#include "core/pyread/alembic/context.h"
#include "core/pyread/alembic/recorder.h"
#include "core/pyread/envpyconvention.h"

namespace tribikos::py {

/// One evaluation of env.py as an offline script for \a backend meets it, with what the project's files and
/// the user say of its surroundings. What it would do to a database is noted by its recorder.
class EnvEvaluation
{
public:
    EnvEvaluation(const ConventionRequest &request, Backend backend);

    alembic::Context context;
    Interpreter interpreter;
    const alembic::Recorder::Use use;
};

} // namespace tribikos::py
