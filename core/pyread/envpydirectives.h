#pragma once

#include "core/pyread/ast.h"

namespace tribikos::py {

/// Whether the function \a name of \a tree, a process_revision_directives of env.py, is the well-known one of Alembic's
/// cookbook and Flask-Migrate's templates: it writes no revision when nothing changed, says so, and does nothing else.
bool dropsEmptyRevisions(const ast::Module &tree, const QString &name);

} // namespace tribikos::py
