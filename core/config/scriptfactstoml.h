#pragma once

#include "core/base/scriptfacts.h"
#include "core/config/tomlfile.h"

#include <functional>
#include <optional>

namespace tribikos {

/// What is wrong with a section, and at which value.
struct FactProblem
{
    TomlValue where{};
    QString message{};
};

/// The sections [values], [environment-variables] and [offline] of tribikos.toml into \a facts; nullopt: all of it is
/// taken. Unknown keys are problems as well: a fact that is silently left out would be missed. \a expanded replaces
/// ${VAR} in a variable's value; nullopt: nobody has it. Inside of this room only.
std::optional<FactProblem> takeGivenValues(const TomlValue &table, ScriptFacts *facts);
std::optional<FactProblem>
takeVariables(const TomlValue &table, ScriptFacts *facts,
              const std::function<std::optional<QString>(const TomlValue &)> &expanded);
std::optional<FactProblem> takeOfflineFacts(const TomlValue &table, ScriptFacts *facts);

} // namespace tribikos
