#include "core/pyread/alembic/recorder.h"

#include "core/pyread/alembic/context.h"

namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1String recorderState("alembic.recorder");

/// with context.begin_transaction():
class NotedTransaction final : public Object
{
public:
    QString typeName() const override { return u"begin_transaction"_s; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &interpreter) override
    {
        if (Recorder *recorder = Recorder::of(interpreter))
            recorder->add({.kind = EnvScript::Piece::Kind::Begin});
        return {};
    }
    bool exit(Interpreter &interpreter, const Value &) override
    {
        if (Recorder *recorder = Recorder::of(interpreter))
            recorder->add({.kind = EnvScript::Piece::Kind::Commit});
        return false;
    }
};

Value noteExecute(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"execute"_s);
    const Value statement = a.required(u"sql"_s);
    a.optional(u"execution_options"_s);
    a.finish();
    Recorder::of(interpreter)
        ->add({.operation = {.kind = executedOperation(interpreter, statement),
                             .span = interpreter.scriptLocation().span}});
    return {};
}

} // namespace

Recorder::Use::Use(Interpreter &interpreter)
    : m_interpreter(interpreter)
    , m_recorder(interpreter.make<Recorder>())
{
    interpreter.setState(recorderState, m_recorder);
}

Recorder::Use::~Use()
{
    m_interpreter.setState(recorderState, nullptr);
}

Recorder *Recorder::of(const Interpreter &interpreter)
{
    return dynamic_cast<Recorder *>(interpreter.state(recorderState));
}

void Recorder::add(EnvScript::Piece piece)
{
    (runs > 0 ? script.closing : script.opening).append(std::move(piece));
}

std::optional<Value> Recorder::contextName(Interpreter &interpreter, const QString &name)
{
    if (name == u"configure")
        return interpreter.function(name, [](Interpreter &, const CallArgs &) { return Value(); });
    if (name == u"begin_transaction")
        return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
            return Value(in.make<NotedTransaction>());
        });
    if (name == u"run_migrations")
        return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
            ++of(in)->runs;
            return Value();
        });
    if (name == u"execute")
        return interpreter.function(name, noteExecute);
    return std::nullopt;
}

} // namespace tribikos::py::alembic
