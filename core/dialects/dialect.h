#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/ops/operation.h"

#include <QSet>
#include <QString>
#include <QStringList>

namespace tribikos {

/// What the rendering of one run remembers and may choose; the planner owns it.
struct RenderContext
{
    bool offline = true; // MySQL puts function defaults in parentheses only online; PostgreSQL
                         // doubles backslashes only offline
    bool doublePercent = false; // env.py passed no dialect_opts paramstyle=named: % is doubled
                                // (alembic-semantics 6.5)
    bool literalBinds = true;
    QSet<QString> createdTypes{};   // PostgreSQL: tables bring CREATE TYPE once per run ("schema.name")
    QSet<QString> madeTypes{};      // those that Enum.create() made: Alembic forgets them
    QStringList remarks{};          // what the last operation's statements do that nobody can mean
    const Schema *schema = nullptr; // the replayed metadata before the operation; null: not known
};

/*!
    One database's spelling of the operations.

    A Dialect is stateless: every member is const, needs no connection and may be called from any
    thread. Rendering an operation yields the statements to run, in order, without terminators,
    spelled as Alembic's --sql spells them; parameters are already literals.

    What the database cannot do in place is ErrorCode::NeedsRebuild, on which the planner rebuilds
    the table (core/plan/tablerebuild); what no statement can say is ErrorCode::Unsupported with the
    reason. No other code may test backend() to choose SQL: add a virtual here instead.
*/
class Dialect
{
public:
    virtual ~Dialect() = default;

    virtual Backend backend() const = 0;
    virtual bool hasTransactionalDdl() const = 0; // Alembic's view: false for SQLite
    virtual int maxIdentifierLength() const = 0;
    /// True where ALTER TABLE lacks most forms, so that the planner rebuilds tables (SQLite).
    virtual bool rebuildsTables() const { return false; }
    /// True where a rebuild must free the constraints' names first; as Alembic does it: PostgreSQL.
    virtual bool freesNamesBeforeRebuild() const { return false; }

    /// Appends the statements for \a operation (batch blocks are the planner's) to \a statements.
    /// On an error those that come before it stay appended: Alembic's --sql has printed them by
    /// then.
    virtual Status renderInto(const Operation &operation, RenderContext &context,
                              QStringList &statements) const = 0;
    /// The same, all or nothing.
    Result<QStringList> render(const Operation &operation, RenderContext &context) const;
    /// \a name as it must appear in SQL: bare where legal, quoted (and escaped) where not.
    virtual QString ident(const QString &name) const = 0;
    QString tableIdent(const TableName &name) const;
    /// The same for the ALTER statements that Alembic writes itself: a dotted schema is quoted part
    /// by part.
    QString alterTableIdent(const TableName &name) const;
    /// \a name as the database will have it: one that a convention made is cut to its limit, with a digest that keeps
    /// it apart (alembic-semantics 8.7).
    QString finalName(const Name &name) const;
    /// SQLAlchemy's Table._autoincrement_column: the one that counts by itself; null: none does.
    virtual const Column *countingColumn(const Table &table) const = 0;
    /// The column type's text; \a column names it in the error.
    virtual Result<QString> typeText(const SqlTypePtr &type) const = 0;
    /// A SQL expression or statement as text, values as literals.
    virtual Result<QString> expression(const ExprPtr &expr, const RenderContext &context) const = 0;
    /// "CREATE TABLE ..." alone, as used by create_table and by the rebuild.
    virtual Result<QString> createTable(const Table &table, const RenderContext &context) const = 0;
    /// The class of values of \a type after with_variant(): a copy between classes needs a CAST.
    virtual TypeAffinity affinity(const SqlTypePtr &type) const = 0;
    /// \a statement as the run wants it: with percent signs doubled where RenderContext asks for
    /// it. What render() yields is finished; what the other members yield is not.
    virtual QString finished(const QString &statement, const RenderContext &context) const = 0;
    /// The CHECKs that Boolean(create_constraint=True) or Enum(..., create_constraint=True) bring
    /// to \a column here.
    virtual QList<CheckConstraint> typeChecks(const Column &column) const = 0;
    /// The clause that follows INSERT INTO the version table, or nothing (alembic-semantics 5.2).
    virtual QString versionInsertSuffix(const TableName &versionTable, bool offline) const = 0;
};

/// The dialect of \a backend; lives for ever.
const Dialect &dialectFor(Backend backend);

} // namespace tribikos
