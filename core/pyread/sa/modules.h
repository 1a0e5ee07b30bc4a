#pragma once

#include "core/pyread/interpreter.h"

namespace tribikos::py::sa {

/// Adds `sqlalchemy` and the modules below it.
void registerSqlAlchemy(ModuleRegistry &registry);

/// A name of `sqlalchemy` itself; nullopt: it has no such name.
std::optional<Value> sqlalchemyName(Interpreter &interpreter, const QString &name);

} // namespace tribikos::py::sa
