#pragma once

#include "core/pyread/sa/state.h"

namespace tribikos::py::sa {

/// op.get_bind(): statements through it are operations; what it would read is refused.
Value makeConnection(Interpreter &interpreter);
/// `dialect` of a connection or context.
Value makeDialect(Interpreter &interpreter, Backend backend);
/// Session(bind=op.get_bind()): its execute() is the bind's.
Value constructSession(Interpreter &interpreter, Class *cls, const CallArgs &args);
/// The statement of execute(): text is text() where \a textAllowed.
Execute executeOf(Interpreter &interpreter, const Value &statement, const Value &parameters,
                  bool textAllowed);
/// sa.inspect(bind), Inspector.from_engine(bind).
Value makeInspector(Interpreter &interpreter);
Value constructInspector(Interpreter &interpreter, Class *cls, const CallArgs &args);

/// The database of a dialect object, or of a connection; nullopt: \a value is neither. \a isOwn: whether
/// the script made it, as postgresql.dialect() does.
std::optional<Backend> backendOf(Interpreter &interpreter, const Value &value, bool *isOwn);
/// postgresql.dialect()
Value makeOwnDialect(Interpreter &interpreter, Backend backend);

} // namespace tribikos::py::sa
