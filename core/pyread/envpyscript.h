#pragma once

#include "core/base/result.h"
#include "core/ops/operation.h"
#include "core/pyread/envpyconvention.h"

#include <QList>

namespace tribikos {

/// What env.py itself says of an offline script: statements of its own before and after the revisions'
/// steps, and where it has a transaction begin and end.
struct EnvScript
{
    struct Piece
    {
        enum class Kind { Statement, Begin, Commit };
        Kind kind = Kind::Statement;
        Operation operation{}; // of a Statement; its span lies in env.py
    };
    QList<Piece> opening{};
    QList<Piece> closing{};
};

/// The script's frame, by evaluating the env.py of \a request with a context that takes notes. nullopt: as
/// the templates have it, `with context.begin_transaction(): context.run_migrations()` and nothing
/// else, for which the text is looked at alone. The Error says what can't be told, with file and line.
/// Thread-safe.
Result<std::optional<EnvScript>> readEnvScript(const ConventionRequest &request, Backend backend);

} // namespace tribikos
