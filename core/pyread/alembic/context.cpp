#include "core/pyread/alembic/context.h"

#include "core/ops/tableedit.h"
#include "core/pyread/live.h"
#include "core/pyread/packages.h"
#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/live.h"
#include "core/pyread/sa/redrawing.h"

#include <algorithm>

namespace tribikos::py::alembic {

using namespace Qt::StringLiterals;

namespace {

/// One statement is one list entry whatever it holds, so their number is bounded on its own.
constexpr qsizetype maxOperations = 100'000;

} // namespace

Context::Context(Backend backend, bool offline, const sa::Convention &convention, Outside outside,
                 const RawSqlReader *sqlReader)
    : m_backend(backend)
    , m_offline(offline)
    , m_outside(std::move(outside))
    , m_sqlReader(sqlReader)
    , m_convention(convention.isEmpty() ? sa::defaultConvention() : convention)
{}

void Context::record(Interpreter &interpreter, Operation::Kind kind)
{
    if (const QString why = sa::redrawnBy(sa::State::of(interpreter), kind, m_backend);
        !why.isEmpty())
        interpreter.unsupported(why);
    if (operations.size() >= maxOperations)
        interpreter.refuse(ErrorCode::Unsupported,
                           u"emits more than %1 operations"_s.arg(maxOperations));
    if (interpreter.isTopLevel()) { // Alembic has no database to give it then
        if (!loadProblem.message.isEmpty())
            return;
        loadProblem = {.code = ErrorCode::Unsupported,
                       .message = interpreter.place()
                                  + u" changes the database while the script is being loaded: move "
                                    "it into upgrade() or downgrade()"_s,
                       .file = interpreter.location().file,
                       .line = interpreter.location().span.line};
        return;
    }
    if (connection) {
        const Status performed = connection->perform(
            {.kind = std::move(kind), .span = interpreter.scriptLocation().span});
        return performed ? void() : failLive(interpreter, performed.error());
    }
    interpreter.charge(qint64(sizeof(Operation)));
    operations.append({.kind = std::move(kind), .span = interpreter.scriptLocation().span});
}

void Context::failLive(Interpreter &interpreter, const Error &error)
{
    const Value exception = sa::databaseException(interpreter, error);
    if (error.code == ErrorCode::Statement && interpreter.isCaught(exception))
        interpreter.raise(exception);
    databaseError = error;
    interpreter.refuse(error.code, error.message);
}

const Schema *Context::currentSchema()
{
    const Schema *before = asked().schemaBefore;
    if (connection) {
        const Schema *schema = connection->schema();
        if (!schema)
            databaseError = connection->lastError();
        return schema;
    }
    if (!before)
        return nullptr;
    if (!m_schema)
        m_schema = *before;
    for (; m_replayed < operations.size(); ++m_replayed)
        replay(operations.at(m_replayed), *m_schema, m_sqlReader);
    return &*m_schema;
}

Operations Context::takeOperations()
{
    Operations kept;
    kept.reserve(operations.size());
    for (qsizetype i = 0; i < operations.size(); ++i)
        if (!m_withdrawn.contains(i))
            kept.append(std::move(operations[i]));
    return kept;
}

namespace {

bool isUnsupportedAlter(const Constraint &constraint)
{
    const auto *check = std::get_if<CheckConstraint>(&constraint);
    return !check || !check->isTypeBound;
}

/// SQLite can't alter constraints: Alembic raises, Tribikos rebuilds the table. A script that
/// catches it goes on without the change, with either of them.
void raiseWhereCaught(Interpreter &interpreter, const Operation::Kind &kind)
{
    const auto *added = std::get_if<AddColumn>(&kind);
    const bool isKey = added && added->inlineReferences && added->constraints.size() == 1;
    const bool refuses =
        std::holds_alternative<AddConstraint>(kind) || std::holds_alternative<DropConstraint>(kind)
        || (added && !isKey && std::ranges::any_of(added->constraints, isUnsupportedAlter));
    if (!refuses)
        return;
    const Value exception = interpreter.call(
        interpreter.builtinClass(u"NotImplementedError"_s),
        {Value(
            u"No support for ALTER of constraints in SQLite dialect. Please refer to the batch "
            "mode feature which allows for SQLite migrations using a copy-and-move strategy."_s)});
    if (!interpreter.isCaught(exception))
        return;
    if (added) { // the column itself is added before the constraint is refused
        AddColumn column = *added;
        column.constraints.clear();
        column.indexes.clear();
        sa::hostOf(interpreter).record(interpreter, std::move(column));
    }
    interpreter.raise(exception);
}

} // namespace

QString Target::table(Interpreter &interpreter, Arguments &a, const QString &name) const
{
    return batch ? batch->recorded.table.name : sa::textOf(interpreter, a.required(name), name);
}

TableName Target::qualified(Interpreter &interpreter, Arguments &a, const QString &table) const
{
    if (batch)
        return batch->recorded.table;
    return {.schema = sa::textOrEmpty(interpreter, a.keywordOnly(u"schema"_s), u"schema"_s),
            .name = table};
}

void Target::add(Interpreter &interpreter, Operation::Kind kind) const
{
    if (!batch && sa::hostOf(interpreter).backend() == Backend::Sqlite)
        raiseWhereCaught(interpreter, kind);
    if (!batch) {
        sa::hostOf(interpreter).record(interpreter, std::move(kind));
        return;
    }
    interpreter.charge(qint64(sizeof(Operation)));
    batch->recorded.operations.append(
        {.kind = std::move(kind), .span = interpreter.scriptLocation().span});
}

std::optional<Value> Batch::nativeAttr(Interpreter &interpreter, const QString &name)
{
    return directive(interpreter, name, this);
}

namespace {

void raiseInBatch(Interpreter &interpreter, const QString &type, const QString &message)
{
    const Value exception = interpreter.call(interpreter.builtinClass(type), {Value(message)});
    if (interpreter.isCaught(exception))
        interpreter.raise(exception);
}

bool isUnnamed(const Constraint &constraint)
{
    const auto *check = std::get_if<CheckConstraint>(&constraint);
    return !(check && check->isTypeBound)
           && std::visit([](const auto &kind) { return kind.name.isEmpty(); }, constraint);
}

/// What Alembic raises where it makes a table anew, for scripts that catch it: nothing of the batch
/// is done then. The others hear of it when the step is rendered.
void raiseRefused(Interpreter &interpreter, const BatchAlterTable &batch)
{
    if (sa::hostOf(interpreter).backend() != Backend::Sqlite || !isRebuild(batch))
        return;
    const Schema *schema = sa::hostOf(interpreter).currentSchema();
    const Table *known = schema ? schema->table(batch.table) : nullptr;
    if (!known || known->isOpaque || !schema->opaqueReasons.isEmpty())
        return;
    Schema scratch;
    Table &table = *scratch.tables.insert(batch.table, *known);
    nameConstraints(table, batch.namingConvention);
    for (const Operation &operation : rebuildOrder(batch.operations, *known)) {
        const auto *constraint = operation.as<AddConstraint>();
        const auto *added = operation.as<AddColumn>();
        const auto *dropped = operation.as<DropColumn>();
        if ((constraint && isUnnamed(constraint->constraint))
            || (added && std::ranges::any_of(added->constraints, isUnnamed)))
            raiseInBatch(interpreter, u"ValueError"_s, u"Constraint must have a name"_s);
        if (dropped && !scratch.table(batch.table)->column(dropped->column))
            raiseInBatch(interpreter, u"KeyError"_s, dropped->column);
        replay(operation, scratch);
        const Table *after = scratch.table(batch.table);
        if (!after)
            return;
        if (after->isOpaque)
            raiseInBatch(interpreter, u"ValueError"_s,
                         u"No such constraint or index: "_s + operationSummary(operation));
    }
}

} // namespace

bool Batch::exit(Interpreter &interpreter, const Value &exception)
{
    if (exception.isNone())
        raiseRefused(interpreter, recorded);
    if (exception.isNone())
        sa::hostOf(interpreter).record(interpreter, recorded);
    return false;
}

std::optional<Value> directive(Interpreter &interpreter, const QString &name, Batch *batch)
{
    for (const DirectiveTable *table :
         {&tableDirectives(), &columnDirectives(), &constraintDirectives(), &dataDirectives()}) {
        for (const DirectiveSpec &spec : *table) {
            if (name != QLatin1String(spec.name) || !(batch ? spec.onBatch : spec.onOp))
                continue;
            return interpreter.function(
                name, [call = spec.call, batch](Interpreter &in, const CallArgs &args) {
                    return call(in, Target{batch}, args);
                });
        }
    }
    if (const QString package = batch ? QString() : packageOfOperation(name); !package.isEmpty())
        return interpreter.importedAttribute(interpreter.importModule(package), package, name);
    return batch ? std::nullopt : registeredOperation(interpreter, name);
}

} // namespace tribikos::py::alembic
