#pragma once

#include "core/pyread/envpyscript.h"
#include "core/pyread/interpreter.h"

namespace tribikos::py::alembic {

/// What env.py asks `alembic.context` to do while it is evaluated: noted, not done.
class Recorder final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("EnvironmentContext"); }
    /// Puts one before env.py is imported or run, and takes it away again.
    class Use
    {
    public:
        explicit Use(Interpreter &interpreter);
        ~Use();
        Use(const Use &) = delete;
        Use &operator=(const Use &) = delete;
        Recorder &recorder() const { return *m_recorder; }

    private:
        Interpreter &m_interpreter;
        Recorder *m_recorder;
    };
    /// The one that is in use; null: a script is evaluated, not env.py.
    static Recorder *of(const Interpreter &interpreter);
    /// configure, begin_transaction, run_migrations, execute; nullopt: nothing that is noted.
    std::optional<Value> contextName(Interpreter &interpreter, const QString &name);
    void add(EnvScript::Piece piece);

    EnvScript script{};
    int runs = 0; // of run_migrations()
};

} // namespace tribikos::py::alembic
