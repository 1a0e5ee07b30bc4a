#pragma once

#include "core/pyread/sa/state.h"

namespace tribikos::py::sa {

/// config.get_section(config.config_ini_section): where the database is, whatever it says.
class EnvironmentSection final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("dict"); }
};

/// engine_from_config(section): the same database through a connection of its own, which may read
/// but, as it has its own transaction, not write.
Value engineFromConfig(Interpreter &interpreter, const CallArgs &args);
/// A method of sa.inspect(bind) as a dialect has it, with the connection as its first argument;
/// nullopt: it has none.
std::optional<Value> inspectorMethod(Interpreter &interpreter, const QString &name);
/// bind.engine.url
Value makeUrl(Interpreter &interpreter);

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
/// The same of a dialect object alone.
std::optional<Backend> dialectBackend(const Value &value, bool *isOwn);
/// postgresql.dialect()
Value makeOwnDialect(Interpreter &interpreter, Backend backend);

} // namespace tribikos::py::sa
