#pragma once

#include "core/ops/replay.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/state.h"

#include <QSet>
#include <optional>
#include <vector>

/// The `alembic` that scripts see: directives become operations.
namespace tribikos::py::alembic {

/// One evaluation of upgrade() or downgrade(): what it knows and what it has collected.
class Context final : public sa::Host
{
public:
    /// What other steps, files or settings of the project decide, not the script and what its operations are kept for
    /// (EvalResult::isSelfContained). It is reached by asked() alone, which takes note.
    struct Outside
    {
        const Schema *schemaBefore = nullptr;
        TableName versionTable{{}, QStringLiteral("alembic_version")};
        sa::Environment environment{};
    };
    Context(Backend backend, bool offline, const sa::Convention &convention, Outside outside,
            const RawSqlReader *sqlReader);

    std::optional<Backend> backend() const override { return m_backend; }
    void record(Interpreter &interpreter, Operation::Kind kind) override;
    qsizetype recorded() const override { return operations.size(); }
    void withdraw(qsizetype operation) override { m_withdrawn.insert(operation); }
    /// All but those that were withdrawn.
    Operations takeOperations();
    const Schema *currentSchema() override;
    bool startsEmpty() const override
    {
        const Schema *before = asked().schemaBefore;
        return !connection && before && (before->startsEmpty || !before->assumedEmpty.isEmpty());
    }
    bool isOffline() const override { return m_offline; }
    LiveConnection *live() const override { return connection; }
    void failLive(Interpreter &interpreter, const Error &error) override;
    sa::Convention namingConvention() const override { return m_convention; }
    TableName versionTable() const override { return asked().versionTable; }
    const sa::Environment &environment() const override { return asked().environment; }
    void markNondeterministic() override { nondeterministic = true; }
    /// The script looks for something else that lies outside of it: a module, the environment's variables.
    void noteAsked() const { m_isAsked = true; }
    bool isSelfContained() const { return !m_isAsked && !nondeterministic; }

    Result<QString> spelled(const ExprPtr &expression, Backend backend, bool isOwnDialect) override
    {
        return spell ? spell(expression, backend, isOwnDialect)
                     : Host::spelled(expression, backend, isOwnDialect);
    }

    std::function<Result<QString>(const ExprPtr &, Backend, bool)> spell{};
    Operations operations{};
    LiveConnection *connection = nullptr; // what runs on one is never kept
    std::optional<Error> databaseError{}; // what the database said last, and the script did not catch
    Error loadProblem{}; // a statement at the script's top level; no message: there is none
    bool nondeterministic = false;

private:
    const Outside &asked() const
    {
        noteAsked();
        return m_outside;
    }

    const Backend m_backend;
    const bool m_offline;
    const Outside m_outside;
    mutable bool m_isAsked = false;
    const RawSqlReader *const m_sqlReader;
    const sa::Convention m_convention;
    std::optional<Schema> m_schema{}; // the one before and the operations up to m_replayed
    qsizetype m_replayed = 0;
    QSet<qsizetype> m_withdrawn{};
};

/// batch_alter_table(): records until its block ends.
class Batch final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    bool hasEffects() const override { return true; }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return this; }
    bool exit(Interpreter &interpreter, const Value &exception) override;

    BatchAlterTable recorded{};
};

/// Where a directive puts what it makes: the script's list, or the batch it was called on.
struct Target
{
    Batch *batch = nullptr;

    /// The directive's table: an argument of its own, or the batch's. \a schema comes later.
    QString table(Interpreter &interpreter, Arguments &a,
                  const QString &name = QStringLiteral("table_name")) const;
    TableName qualified(Interpreter &interpreter, Arguments &a, const QString &table) const;
    void add(Interpreter &interpreter, Operation::Kind kind) const;
};

using Directive = Value (*)(Interpreter &, const Target &, const CallArgs &);
struct DirectiveSpec
{
    const char *name;
    Directive call;
    bool onOp;
    bool onBatch;
};
/// The directives by kind, one table a file.
using DirectiveTable = QList<DirectiveSpec>;
const DirectiveTable &tableDirectives();
const DirectiveTable &columnDirectives();
const DirectiveTable &constraintDirectives();
const DirectiveTable &dataDirectives();

/// The directive as a function of `op` (batch null) or of a batch; nullopt: it has none.
std::optional<Value> directive(Interpreter &interpreter, const QString &name, Batch *batch);

/// ops.AddColumnOp and its like, for op.invoke(); nullopt: not one of Alembic's.
std::optional<Value> pendingDirective(Interpreter &interpreter, const QString &className);

/// What op.execute() does with \a statement: a text, an expression or a DDL element.
Operation::Kind executedOperation(Interpreter &interpreter, const Value &statement);

/// op.get_context()
Value migrationContext(Interpreter &interpreter);

/// op.get_context().config and .opts, as far as the project's own files tell.
Value configuration(Interpreter &interpreter);
Value configureOptions(Interpreter &interpreter);
/// Evaluates env.py and what it imports, once an interpreter, for what it does to SQLAlchemy.
void importEnvironment(Interpreter &interpreter);
/// What env.py's context.run_migrations(…) hands to every upgrade() and downgrade().
std::vector<std::pair<QString, Value>> runArguments(Interpreter &interpreter);
/// An operation that env.py registers with Operations.register_operation(); nullopt: not one.
std::optional<Value> registeredOperation(Interpreter &interpreter, const QString &name);
/// `alembic.operations.Operations` and `MigrateOperation`, as env.py uses them to register.
std::optional<Value> operationsName(Interpreter &interpreter, const QString &name);

/// A server default as alter_column takes it: False is "not given", None is "none".
std::optional<DefaultChange> defaultChange(Interpreter &interpreter, const Value &value);

/// What upgrade(op, tables, tester) or upgrade(engine_name) is called with; \a engine is the one
/// that the user named, "" for none.
CallArgs entryArguments(Interpreter &interpreter, const Value &entry, const QString &engine);

/// Adds the modules `alembic`, `alembic.op`, `alembic.context`, `alembic.operations` …
void registerAlembic(ModuleRegistry &registry);
/// Everything a revision script and env.py can import; built once, immutable, shared by all threads.
const std::shared_ptr<const ModuleRegistry> &scriptModules();

} // namespace tribikos::py::alembic
