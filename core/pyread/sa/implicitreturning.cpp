#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

#include <algorithm>

/// What SQLAlchemy adds to an INSERT of one row by itself: RETURNING with the parts of the primary
/// key that the statement doesn't give as plain values (sql/crud.py, _get_returning_modifiers).
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

SqlTypePtr variantFor(const SqlTypePtr &type, Backend backend)
{
    if (!type)
        return type;
    for (const auto &[dialect, variant] : type->variants)
        if (dialect == backendName(backend))
            return variant;
    return type;
}

/// SQLAlchemy's Table._autoincrement_column (alembic-semantics 8.2).
QString countingColumn(const Table &table, Backend backend)
{
    const PrimaryKey *key = table.primaryKey();
    const auto counts = [backend](const Column &column) {
        const SqlTypePtr shown = variantFor(column.type, backend);
        const TypeAffinity kind = shown ? affinityOfClass(shown->name) : TypeAffinity::None;
        return kind == TypeAffinity::Integer || kind == TypeAffinity::Numeric;
    };
    for (const QString &name : key ? key->columns : QStringList())
        if (const Column *column = table.column(name);
            column && column->autoincrement == AutoIncrement::Yes)
            return name;
    if (!key || key->columns.size() != 1)
        return {};
    const Column *column = table.column(key->columns.first());
    const bool isPlain = column && column->autoincrement != AutoIncrement::No && counts(*column)
                         && !column->hasClientDefault && !column->serverDefault
                         && !column->serverDefaultOpaque;
    const bool isForeign =
        isPlain && column->autoincrement != AutoIncrement::IgnoreForeignKey
        && std::ranges::any_of(table.constraints, [&](const Constraint &constraint) {
               const auto *foreign = std::get_if<ForeignKey>(&constraint);
               return foreign && foreign->columns.contains(column->name);
           });
    return isPlain && !isForeign ? column->name : QString();
}

/// Whether the database is to tell what \a column of the key became.
bool isReturned(const Column &column, const ExprPtr &given, bool counts)
{
    if (given)
        return given->kind != Expr::Kind::Value && given->kind != Expr::Kind::Bind
               && given->kind != Expr::Kind::True && given->kind != Expr::Kind::False;
    return counts || column.serverDefault || column.serverDefaultOpaque || column.identity
           || !column.sequence.isEmpty();
}

} // namespace

ExprPtr withKeyReturned(Interpreter &interpreter, const StatementObject &insert,
                        const ExprPtr &statement)
{
    const Host &host = hostOf(interpreter);
    const auto backend = host.backend();
    const Expr::Statement *own = statement ? statement->statement.get() : nullptr;
    const bool isOneRow = own && insert.kind == Expr::Kind::Insert && !insert.isMany
                          && !insert.isInline && !insert.statement.rows.isEmpty()
                          && !own->fromSelect && own->rows.size() == 1 && own->returning.isEmpty();
    const bool hasReturning =
        backend && (*backend == Backend::PostgreSql || *backend == Backend::Sqlite);
    if (!isOneRow || !hasReturning || !host.isOffline() || !insert.target || insert.target->isLight)
        return statement;
    const Table table = buildTable(interpreter, *insert.target, defaultConvention());
    const PrimaryKey *key = table.primaryKey();
    const QString counting = countingColumn(table, *backend);
    const bool prefersLastRow =
        *backend == Backend::Sqlite && (!counting.isEmpty() || !own->onConflict.isEmpty());
    if (!key || prefersLastRow)
        return statement;
    QList<ExprPtr> returned;
    for (const Column &column : table.columns) {
        if (!key->columns.contains(column.name))
            continue;
        const qsizetype at = own->insertColumns.indexOf(column.name);
        if (at < 0 && !column.sequence.isEmpty() && *backend == Backend::PostgreSql)
            interpreter.unsupported(u"leaves the column %1 of an INSERT to its Sequence: give the "
                                    "value"_s.arg(column.name));
        const ExprPtr given = at < 0 ? nullptr : own->rows.first().value(at);
        if (isReturned(column, given, column.name == counting))
            returned.append(insert.target->find(column.name)->expr(interpreter));
    }
    if (returned.isEmpty())
        return statement;
    Expr::Statement whole = *own;
    whole.returning = returned;
    Expr made = *statement;
    made.statement = std::make_shared<const Expr::Statement>(std::move(whole));
    return sharedExpr(std::move(made));
}

} // namespace tribikos::py::sa
