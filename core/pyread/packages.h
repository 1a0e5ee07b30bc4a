#pragma once

#include "core/pyread/interpreter.h"

namespace tribikos::py {

/// Packages that add operations to Alembic and that many projects use: what scripts need of them,
/// rewritten as small modules, for the packages themselves aren't there to be read. \a finder is
/// asked first, so that a project's own copy wins.
ModuleFinder withKnownPackages(ModuleFinder finder);

/// The module and function behind `op.NAME` of such a package ("alembic_utils", "create_entity");
/// empty when none registers it.
QString packageOfOperation(const QString &name);

} // namespace tribikos::py
