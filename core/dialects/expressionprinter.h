#pragma once

#include "core/dialects/basedialect.h"

namespace tribikos {

/*!
    Spells one SQL expression or statement as SQLAlchemy Core's compiler does: its parentheses, line
    breaks, labels and FROM lists (alembic-semantics 6.5). Used for one text, then thrown away.
*/
class ExpressionPrinter
{
public:
    /// \a showTables: columns as table.column, as in statements; DDL shows the bare names.
    ExpressionPrinter(const BaseDialect &dialect, Rendering &rendering, bool showTables)
        : m_dialect(dialect)
        , m_rendering(rendering)
        , m_showTables(showTables)
    {}

    QString print(const ExprPtr &expr);
    /// The same in parentheses when it is an operation and so would not stand alone in a list of
    /// DDL expressions.
    QString printGrouped(const ExprPtr &expr);

private:
    QString text(const Expr &expr);
    QString value(const Expr &expr);
    QString bind(const QString &name, const ExprPtr &value);
    QString column(const Expr &expr);
    QString function(const Expr &expr);
    QString binary(const Expr &expr);
    QString binaryText(const QString &op, const Expr &expr);
    QString membership(const Expr &expr);
    QString unary(const Expr &expr);
    QString condition(const ExprPtr &expr);
    QString truthOf(const ExprPtr &expr, bool isNegated);
    QString joined(const Expr &expr, const QString &op, int precedence);
    QString caseText(const Expr &expr);
    QString cast(const Expr &expr);
    QString over(const Expr &expr);
    QString compound(const Expr &expr);
    QString statement(const Expr &expr);
    QString list(const QList<ExprPtr> &items);
    QString operand(const ExprPtr &expr, const QString &op, int against);
    QString subquery(const ExprPtr &expr);

    QString select(const Expr::Statement &select);
    QString selectList(const QList<ExprPtr> &columns, bool isFrom = false);
    QString labelOf(const Expr &expr);
    QString fromList(const Expr::Statement &select);
    QString fromItem(const ExprPtr &item);
    QString subqueryName(const ExprPtr &subquery);
    QString tableSource(const TableRef &table);
    QString insert(const Expr::Statement &insert);
    QString insertRows(const Expr::Statement &insert);
    QString update(const Expr::Statement &update);
    QString remove(const Expr::Statement &remove);
    QString assignments(const Expr::Statement &statement, const QString &equals,
                        const QString &owner = {});
    QString conflict(const Expr::Statement &insert);
    QString returning(const Expr::Statement &statement);
    QString statementText(const Expr &expr);
    QString withCtes(const QString &sql);
    QString floorDivision(const QString &left, const QString &right, bool isByInteger) const;
    QString lock(const Expr::Statement &select) const;
    QString extraTables(const Expr::Statement &statement, QStringList &keys);

    const BaseDialect &m_dialect;
    Rendering &m_rendering;
    bool m_showTables;
    bool m_inConflict = false;
    int m_depth = 0;
    QString m_bindName{};
    bool m_isFrom = false; // the SELECT to print stands in a FROM: its columns get labels
    QMap<QString, int> m_labels{};
    QHash<const Expr *, QString> m_anonymous{}; // names of subqueries that have none
    QSet<const Expr *> m_knownCtes{};
    QStringList m_ctes{}; // "w AS (SELECT …)", for the WITH of the outermost statement
    int m_statements = 0; // how deep in statements
    QList<QStringList> m_enclosing{}; // the tables of the statements around, for correlation
};

} // namespace tribikos
