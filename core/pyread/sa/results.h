#pragma once

#include "core/ops/knownrows.h"
#include "core/pyread/sa/state.h"

namespace tribikos::py::sa {

/// What is certain of \a statement's rows as the schema stands; Unknown unless the script is for a
/// new database.
KnownRows rowsOf(Interpreter &interpreter, const ExprPtr &statement);
/// What execute() answers: inert until somebody wants rows that aren't known.
Value makeResult(Interpreter &interpreter, const KnownRows &rows);
/// What scalar() gives; \a rows are known.
Value scalarOf(Interpreter &interpreter, const KnownRows &rows);
/// The row of One; None of None.
Value firstRow(Interpreter &interpreter, const KnownRows &rows);
[[noreturn]] void raiseNoResult(Interpreter &interpreter);

/// session.query(…); refused where its rows aren't known.
Value makeQuery(Interpreter &interpreter, const CallArgs &args);

} // namespace tribikos::py::sa
