#pragma once

#include "core/dialects/dialect.h"
#include "core/ops/replay.h"
#include "core/plan/plan.h"

namespace tribikos {

/// Turns the operations of one step into statements and replays them onto the schema, in order. On
/// SQLite neighbouring changes of one table that need a rebuild share it.
class StepRenderer
{
public:
    StepRenderer(const Dialect &dialect, RenderContext &context, Schema &schema,
                 const RawSqlReader *sqlReader)
        : m_dialect(dialect)
        , m_context(context)
        , m_schema(schema)
        , m_sqlReader(sqlReader)
    {
        m_context.schema = &m_schema;
    }

    /// Renders \a operation, the \a index th of the step; what can't be rendered is replayed and
    /// its Error returned, with the line of the script.
    std::optional<Error> add(const Operation &operation, int index);
    /// Renders what still waits for a neighbour.
    std::optional<Error> flush();

    QList<Statement> takeStatements() { return std::move(m_statements); }
    const QStringList &rebuiltTables() const { return m_rebuiltTables; }
    QList<LossNote> takeWarnings() { return std::move(m_warnings); }

private:
    std::optional<Error> render(const Operation &operation, int index);
    std::optional<Error> batch(const Operation &operation);
    std::optional<Error> batchRebuild(const BatchAlterTable &batch, const Operation &operation);
    std::optional<Error> batchPlain(const BatchAlterTable &batch);
    std::optional<Error> checkBatch(const BatchAlterTable &batch, Schema scratch) const;
    std::optional<Error> rebuild(const TableName &table, Operations operations,
                                 const Operation *whole, bool isReflected);
    std::optional<Error> native(const Operation &operation);
    std::optional<Error> unknownTable(const TableName &table) const;
    bool isKnown(const TableName &table) const;
    /// Whether Alembic's script has a statement for \a operation, one that SQLite runs or not.
    bool isPrinted(const Operation &operation) const;
    void warn(const QString &message);
    bool joinsRebuild(const Operation &operation) const;
    void put(const QStringList &sql, Statement::Kind kind);

    const Dialect &m_dialect;
    RenderContext &m_context;
    Schema &m_schema;
    const RawSqlReader *m_sqlReader;
    QList<Statement> m_statements{};
    QStringList m_rebuiltTables{};
    QList<LossNote> m_warnings{};
    Operations m_waiting{}; // changes of one table that one rebuild will make
    Schema m_pending{};     // the schema after them
    int m_waitingIndex = -1;
    int m_index = -1;
    SourceSpan m_span{};
    bool m_isOutside = false;  // in an autocommit block
    bool m_isVerbatim = false; // the text of a plain SQL script
};

} // namespace tribikos
