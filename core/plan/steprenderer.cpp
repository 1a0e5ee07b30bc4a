#include "core/plan/steprenderer.h"

#include "core/base/unwritten.h"
#include "core/ops/tableedit.h"
#include "core/plan/rebuildrules.h"
#include "core/plan/tablerebuild.h"
#include "core/sqlread/splitter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isData(const Operation &operation)
{
    return operation.as<Execute>() || operation.as<ExecuteMany>() || operation.as<BulkInsert>();
}

Error unsupported(const QString &message)
{
    return {.code = ErrorCode::Unsupported, .message = message};
}

/// Columns into which an INSERT writes NULL for a default= that an offline script loses.
QStringList lostDefaults(const Operation &operation)
{
    QStringList columns;
    const auto look = [&columns](const ExprPtr &value) {
        if (value && value->kind == Expr::Kind::Null && value->flag
            && !columns.contains(value->text))
            columns.append(value->text);
    };
    const auto *execute = operation.as<Execute>();
    if (execute && execute->statement && execute->statement->kind == Expr::Kind::Insert)
        for (const QList<ExprPtr> &row : execute->statement->statement->rows)
            std::ranges::for_each(row, look);
    const ExprPtr select = execute && execute->statement && execute->statement->statement
                               ? execute->statement->statement->fromSelect
                               : nullptr;
    if (select && select->statement)
        for (const ExprPtr &column : select->statement->columns)
            look(column && column->kind == Expr::Kind::Label ? column->args.value(0) : column);
    if (const auto *bulk = operation.as<BulkInsert>())
        for (const QMap<QString, ExprPtr> &row : bulk->rows)
            std::ranges::for_each(row, look);
    return columns;
}

/// What execute() was given, which PostgreSQL's drivers take though it be several statements, each alone.
QStringList eachAlone(const QStringList &texts)
{
    QStringList alone;
    for (const QString &text : texts) {
        const QList<SqlStatement> statements = splitStatements(text, Backend::PostgreSql);
        if (statements.size() < 2)
            alone.append(text);
        else
            std::ranges::transform(statements, std::back_inserter(alone), &SqlStatement::text);
    }
    return alone;
}

bool isUnnamed(const Constraint &constraint)
{
    const auto *check = std::get_if<CheckConstraint>(&constraint);
    return constraintName(constraint).isEmpty() && !(check && check->isTypeBound);
}

} // namespace

void StepRenderer::put(const QStringList &sql, Statement::Kind kind)
{
    // Half a rebuild has dropped the table: it stays in a transaction whatever the script asks for.
    const bool isOutside = m_isOutside && kind != Statement::Kind::Rebuild;
    for (const QString &statement : sql)
        m_statements += Statement{.sql = statement,
                                  .kind = kind,
                                  .span = m_span,
                                  .operation = m_index,
                                  .outsideTransaction = isOutside,
                                  .isVerbatim = m_isVerbatim && kind == Statement::Kind::Script};
}

bool StepRenderer::isKnown(const TableName &table) const
{
    const Table *known = m_schema.table(table);
    return known && !known->isOpaque && m_schema.opaqueReasons.isEmpty();
}

std::optional<Error> StepRenderer::unknownTable(const TableName &table) const
{
    const QString name = table.text();
    if (!m_context.offline && m_schema.opaqueReasons.isEmpty() && !m_schema.table(table))
        return Error{.code = ErrorCode::NotFound,
                     .message = u"There is no table %1 to change"_s.arg(name)};
    QString why = u"no revision creates it"_s;
    if (!m_schema.opaqueReasons.isEmpty())
        why = u"it may have been changed by what can't be read (%1)"_s.arg(
            m_schema.opaqueReasons.first());
    else if (m_schema.table(table))
        why = u"it was changed in a way that can't be followed"_s;
    return Error{
        .code = ErrorCode::NeedsConnection,
        .message =
            u"This change rebuilds table %1, whose columns are not known from the scripts: %2; "
            "connect to the database"_s.arg(name, why)};
}

std::optional<Error> StepRenderer::add(const Operation &operation, int index)
{
    std::optional<Error> error;
    if (!joinsRebuild(operation))
        error = flush();
    if (!error) {
        m_index = index;
        m_span = operation.span;
        error = render(operation, index);
    }
    if (!error)
        return std::nullopt;
    if (error->line == 0)
        error->line = operation.span.line;
    replay(std::exchange(m_waiting, {}), m_schema, m_sqlReader);
    replay(operation, m_schema, m_sqlReader);
    return error;
}

/// Whether \a operation can be made by the rebuild that waits.
bool StepRenderer::joinsRebuild(const Operation &operation) const
{
    if (m_waiting.isEmpty())
        return false;
    const TableName *table = changedTable(operation);
    const Table *pending = table ? m_pending.table(*table) : nullptr;
    return pending && *table == *changedTable(m_waiting.first())
           && needsRebuild(operation, *pending, m_dialect);
}

std::optional<Error> StepRenderer::render(const Operation &operation, int index)
{
    if (operation.as<AutocommitBegin>() || operation.as<AutocommitEnd>()) {
        m_isOutside = operation.as<AutocommitBegin>() != nullptr;
        return std::nullopt;
    }
    if (operation.as<BatchAlterTable>())
        return batch(operation);
    const TableName *table = m_dialect.rebuildsTables() ? changedTable(operation) : nullptr;
    const Schema &now = m_waiting.isEmpty() ? m_schema : m_pending;
    if (!table || !isKnown(*table) || !needsRebuild(operation, *now.table(*table), m_dialect))
        return native(operation);
    // Where Alembic's script has a statement, be it one that SQLite refuses, ours has the same one.
    if (m_context.offline && m_waiting.isEmpty() && isPrinted(operation)) {
        warn(u"SQLite can't run this change of %1 as it stands: write it with "
             "batch_alter_table(), or apply it with a connection"_s.arg(table->text()));
        return native(operation);
    }
    if (m_waiting.isEmpty()) {
        m_pending = m_schema;
        m_waitingIndex = index;
    }
    m_waiting += operation;
    replay(operation, m_pending, m_sqlReader);
    const Table *changed = m_pending.table(*table);
    if (changed && !changed->isOpaque)
        return std::nullopt;
    m_waiting.removeLast();
    return unsupported(u"Table %1 does not have what the script changes: %2"_s.arg(
        table->text(), operationSummary(operation)));
}

bool StepRenderer::isPrinted(const Operation &operation) const
{
    QStringList statements;
    RenderContext scratch = m_context;
    return bool(m_dialect.renderInto(operation, scratch, statements));
}

void StepRenderer::warn(const QString &message)
{
    m_warnings += LossNote{message, m_span};
}

std::optional<Error> StepRenderer::flush()
{
    if (m_waiting.isEmpty())
        return std::nullopt;
    const Operations operations = std::exchange(m_waiting, {});
    const int index = std::exchange(m_index, m_waitingIndex);
    const SourceSpan span = std::exchange(m_span, operations.first().span);
    std::optional<Error> error =
        rebuild(*changedTable(operations.first()), operations, nullptr, true);
    m_index = index;
    m_span = span;
    if (error && error->line == 0)
        error->line = operations.first().span.line;
    return error;
}

std::optional<Error> StepRenderer::native(const Operation &operation)
{
    if (const auto *many = operation.as<ExecuteMany>()) {
        m_statements += Statement{.span = m_span,
                                  .operation = m_index,
                                  .outsideTransaction = m_isOutside,
                                  .stretch = many->stretch};
        return std::nullopt;
    }
    const auto *execute = operation.as<Execute>();
    m_isVerbatim = execute && execute->isScriptText;
    QStringList statements;
    if (execute && execute->dropsParameters)
        warn(u"Like Alembic's, this script leaves out the values that execute() is given and has "
             "NULL or a placeholder there: write text(…).bindparams(…)"_s);
    if (const QStringList columns = lostDefaults(operation); !columns.isEmpty())
        warn(u"Like Alembic's, this script writes NULL into %1, whose default= is known to Python "
             u"alone: put the value "
             "into the row"_s.arg(columns.join(u", "_s)));
    const Status status = m_dialect.renderInto(operation, m_context, statements);
    if (std::ranges::any_of(statements,
                            [](const QString &sql) { return sql.contains(unwrittenMark); }))
        return unsupported(u"writes an object of Python's into SQL, of which nobody but Python knows "
                           "the text: write what you mean of it"_s);
    if (!std::ranges::all_of(statements, &QString::isValidUtf16))
        return unsupported(u"writes half a character into SQL (a surrogate such as \\ud83d), which no "
                           "database takes: write the whole character"_s);
    for (const QString &remark : std::exchange(m_context.remarks, {}))
        warn(remark);
    const bool isSeveral =
        execute && !m_context.offline && m_dialect.backend() == Backend::PostgreSql;
    put(isSeveral ? eachAlone(statements) : statements, Statement::Kind::Script);
    if (!status) {
        const TableName *table = changedTable(operation);
        if (status.error().code == ErrorCode::NeedsRebuild && table)
            return unknownTable(*table);
        return status.error();
    }
    replay(operation, m_schema, m_sqlReader);
    return std::nullopt;
}

/// Rebuilds \a table by \a operations; \a whole is the batch block that they come from, or null.
std::optional<Error> StepRenderer::rebuild(const TableName &table, Operations operations,
                                           const Operation *whole, bool isReflected)
{
    Operations renames;
    if (m_dialect.rebuildsTables())
        renames = takeDependentRenames(operations, m_schema, table);
    if (const Table *known = m_schema.table(table))
        operations = withTypeCheckDrops(operations, *known, m_dialect);
    Schema after = m_schema;
    if (whole) {
        Operation reduced = *whole;
        std::get<BatchAlterTable>(reduced.kind).operations = operations;
        replay(reduced, after, m_sqlReader);
    } else {
        replay(operations, after, m_sqlReader);
    }
    const auto statements = rebuildTable({.dialect = m_dialect,
                                          .context = m_context,
                                          .before = m_schema,
                                          .after = after,
                                          .table = table,
                                          .operations = operations,
                                          .isReflected = isReflected});
    if (!statements) {
        m_schema = after;
        return statements.error();
    }
    put(*statements, Statement::Kind::Rebuild);
    if (!m_rebuiltTables.contains(table.text()))
        m_rebuiltTables += table.text();
    m_schema = after;
    // The new table's indexes were made from their elements or by their old text, which still
    // stands.
    for (const Operation &rename : renames)
        if (const std::optional<Error> error = native(rename))
            return error;
    return std::nullopt;
}

std::optional<Error> StepRenderer::batch(const Operation &operation)
{
    const auto &batch = std::get<BatchAlterTable>(operation.kind);
    // op.execute inside of the block runs at once, before the recorded changes.
    for (const Operation &inner : batch.operations)
        if (isData(inner))
            if (const std::optional<Error> error = native(inner))
                return error;
    BatchAlterTable changes = batch;
    changes.operations.removeIf(isData);
    if (changes.operations.isEmpty() && batch.recreate != BatchAlterTable::Recreate::Always)
        return std::nullopt;
    if (!rebuildsInBatch(changes, m_dialect))
        return batchPlain(changes);
    return batchRebuild(changes, Operation{.kind = changes, .span = operation.span});
}

std::optional<Error> StepRenderer::batchPlain(const BatchAlterTable &batch)
{
    for (const Operation &inner : batch.operations) {
        const auto *add = inner.as<AddColumn>();
        const auto *alter = inner.as<AlterColumn>();
        const bool isPlaced = (add && !(add->insertBefore + add->insertAfter).isEmpty())
                              || (alter && !(alter->insertBefore + alter->insertAfter).isEmpty());
        if (isPlaced)
            return unsupported(
                u"ALTER TABLE can't place a column of %1 with insert_before or insert_after; use "
                "recreate='always'"_s.arg(batch.table.text()));
    }
    for (const Operation &inner : batch.operations) {
        if (inner.span.line > 0)
            m_span = inner.span;
        if (std::optional<Error> error = native(inner)) {
            if (error->code == ErrorCode::NeedsConnection
                && batch.recreate == BatchAlterTable::Recreate::Never)
                error->code = ErrorCode::Unsupported;
            return error;
        }
    }
    return std::nullopt;
}

/// What Alembic refuses inside of a rebuild, checked change by change.
std::optional<Error> StepRenderer::checkBatch(const BatchAlterTable &batch, Schema scratch) const
{
    const QString name = batch.table.text();
    const auto hasUnnamed = [](const QList<Constraint> &constraints) {
        return std::ranges::any_of(constraints, isUnnamed);
    };
    const Table *before = scratch.table(batch.table);
    for (const Operation &inner :
         before ? rebuildOrder(batch.operations, *before) : batch.operations) {
        const auto *constraint = inner.as<AddConstraint>();
        const auto *added = inner.as<AddColumn>();
        std::optional<Error> error;
        if ((constraint && isUnnamed(constraint->constraint))
            || (added && hasUnnamed(added->constraints)))
            error = unsupported(
                u"A constraint that batch_alter_table adds to %1 needs a name; give it one"_s.arg(
                    name));
        const auto *drop = inner.as<DropColumn>();
        const Table *now = scratch.table(batch.table);
        if (drop && now && !now->column(drop->column))
            error = unsupported(u"Table %1 has no column %2 to drop"_s.arg(name, drop->column));
        replay(inner, scratch);
        const Table *after = scratch.table(batch.table);
        if (!error && (!after || after->isOpaque))
            error = unsupported(u"Table %1 does not have what the script changes: %2"_s.arg(
                name, operationSummary(inner)));
        if (error) {
            error->line = inner.span.line;
            return error;
        }
    }
    return std::nullopt;
}

std::optional<Error> StepRenderer::batchRebuild(const BatchAlterTable &batch,
                                                const Operation &operation)
{
    if (batch.copyFrom) {
        Table existing = *batch.copyFrom;
        existing.name = batch.table;
        m_schema.tables.insert(batch.table, existing);
    } else if (!isKnown(batch.table)) {
        return unknownTable(batch.table);
    }
    Schema named = m_schema;
    replay(Operation{.kind = BatchAlterTable{.table = batch.table,
                                             .recreate = BatchAlterTable::Recreate::Always,
                                             .reflectColumns = batch.reflectColumns,
                                             .namingConvention = batch.namingConvention}},
           named, m_sqlReader);
    if (std::optional<Error> error = checkBatch(batch, named))
        return error;
    return rebuild(batch.table, batch.operations, &operation, !batch.copyFrom);
}

} // namespace tribikos
