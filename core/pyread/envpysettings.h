#pragma once

#include "core/pyread/ast.h"

#include <optional>
#include <vector>

namespace tribikos::py {

/// The innermost function that \a span lies in; null: the module's top level.
const ast::FunctionDef *functionAround(const ast::Module &tree, const SourceSpan &span);

/// What `configure(**settings)` passes, where the dictionary is made of literals in reach of the
/// call: `settings = {…}` or `dict(…)`, `.update({…})` and `settings["x"] = …`, none of them under
/// an if or in a loop, and the name is used for nothing else. \a value is what follows the stars,
/// \a function the one around the call (null: the module's top level). nullopt: it can't be told.
std::optional<std::vector<ast::Argument>> starredSettings(const ast::Module &tree,
                                                          const ast::FunctionDef *function,
                                                          ast::Expr *value);

} // namespace tribikos::py
