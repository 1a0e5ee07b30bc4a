#pragma once

#include "core/ops/knownrows.h"
#include "core/pyread/sa/state.h"

namespace tribikos::py::sa {

/// What is certain of \a statement's rows as the schema stands; \a asAnswered: or as the user says.
KnownRows rowsOf(Interpreter &interpreter, const ExprPtr &statement, bool asAnswered = true);
/// What execute() answers: inert until somebody wants rows that aren't known. \a query is the
/// operation that is withdrawn as soon as the rows are used, < 0 for none; \a statement what was asked.
Value makeResult(Interpreter &interpreter, const KnownRows &rows, qsizetype query = -1,
                 const ExprPtr &statement = nullptr);
/// What scalar() gives; \a rows are known.
Value scalarOf(Interpreter &interpreter, const KnownRows &rows);
/// The first of all rows; None where there are none.
Value firstRow(Interpreter &interpreter, const KnownRows &rows);
[[noreturn]] void raiseNoResult(Interpreter &interpreter);

/// session.query(…); refused where its rows aren't known.
Value makeQuery(Interpreter &interpreter, const CallArgs &args);

} // namespace tribikos::py::sa
