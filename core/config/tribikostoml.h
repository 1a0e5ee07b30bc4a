#pragma once

#include "core/config/projectconfig.h"
#include "core/config/tomlfile.h"

namespace tribikos {

/// Takes what tribikos.toml says into \a config: names, models, options, environments, types, facts. Odd
/// and unknown keys become diagnostics; a value of the wrong kind is an Error with its line.
/// Inside of this room only.
Status applyTribikosToml(const TomlValue &toml, const QString &file, ProjectConfig *config);

} // namespace tribikos
