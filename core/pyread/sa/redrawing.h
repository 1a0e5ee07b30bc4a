#pragma once

#include "core/ops/operation.h"
#include "core/pyread/sa/state.h"

namespace tribikos::py::sa {

/// @compiles(Type, "mysql"): a function that draws the type or clause instead of SQLAlchemy's.
Value compilesCall(Interpreter &interpreter, const CallArgs &args);
/// Why an operation isn't certain any more, since a clause of SQLAlchemy's own that it prints is drawn with
/// @compiles; empty: it is.
QString redrawnBy(const State &state, const Operation::Kind &kind, Backend backend);
/// Refuses an expression whose operator a function of @compiles draws in its own way.
void checkRedrawn(Interpreter &interpreter, const Expr &expression);
/// `sqlalchemy.sql.operators` and `sqlalchemy.dialects.postgresql.operators`: operators to compare with.
std::optional<Value> operatorObject(Interpreter &interpreter, const QString &name);

} // namespace tribikos::py::sa
