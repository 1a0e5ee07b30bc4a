#pragma once

#include "core/pyread/sa/statements.h"

namespace tribikos::py::sa {

/// The column's name in a key of values(): a string, a Column, a mapped attribute.
QString columnKey(Interpreter &interpreter, const Value &key);

/// .values(…) of INSERT and UPDATE.
Value statementValues(Interpreter &interpreter, StatementObject &self, const CallArgs &args);
/// .on_conflict_do_nothing(…), .on_conflict_do_update(…)
Value onConflictDoNothing(Interpreter &interpreter, StatementObject &self, const CallArgs &args);
Value onConflictDoUpdate(Interpreter &interpreter, StatementObject &self, const CallArgs &args);

/// .on_duplicate_key_update(…) of MySQL
Value onDuplicateKeyUpdate(Interpreter &interpreter, StatementObject &self, const CallArgs &args);

} // namespace tribikos::py::sa
