#pragma once

#include "core/dialects/basedialect.h"

#include <functional>

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
    /// How strongly SQLAlchemy's operators bind; what is not one is an atom.
    enum Precedence { Atom = 1000, Always = 100, Logical = -10, Comma = -1, Loosest = -100 };
    /// A name that is written as it is, or one that the printer makes of \c base: base_1, base_2 …,
    /// the same one each time for the same \c identity.
    struct ColumnName
    {
        QString base{};
        QString identity{}; // empty: base is the name
        bool isEmpty() const { return base.isEmpty(); }
        QString key() const { return identity + u' ' + base; }
    };
    /// The tables of one statement while it is being written.
    struct Frame
    {
        QStringList own{};  // what its FROM has
        QStringList seen{}; // and those of all statements around
        const Expr::Statement *statement = nullptr;
        QStringList labels{}; // of a compound: what ORDER BY may name
    };
    enum class ListStyle { Select, FromSelect, Scalar, Returning };

    QString printKind(const ExprPtr &expr);
    QString text(const Expr &expr);
    QString value(const Expr &expr);
    QString marker(const SqlTypePtr &type);
    QString bind(const Expr &bind);
    QString namedBind(const QString &name, const ExprPtr &value);
    QString column(const Expr &expr);
    QString function(const Expr &expr);
    QString list(const QList<ExprPtr> &items, int against = Loosest - 1);
    QString operand(const ExprPtr &expr, const QString &op, int against);
    QString subquery(const ExprPtr &expr);
    QString condition(const ExprPtr &expr);
    QString truthOf(const ExprPtr &expr, bool isNegated);
    bool isTruth(const ExprPtr &expr) const;
    SqlTypePtr typeOf(const ExprPtr &expr) const;
    TypeAffinity affinityOf(const ExprPtr &expr) const;
    int precedenceOf(const Expr &expr) const;
    QString joined(const Expr &expr, const QString &op, int precedence);
    QString caseText(const Expr &expr);
    QString cast(const Expr &expr);
    QString over(const Expr &expr);
    QString extract(const Expr &expr);
    QString array(const Expr &expr);
    QString labelReference(const Expr &label);
    QString numbered(const QString &base);
    QString nameText(const ColumnName &name);

    QString binary(const Expr &expr);
    QString binaryText(const Expr &expr);
    QString generic(const Expr &expr, const QString &sign, bool isEager = false);
    QString ownOperator(const Expr &expr);
    QString concatenation(const Expr &expr);
    QString like(const Expr &expr);
    QString distinction(const Expr &expr);
    QString membership(const Expr &expr);
    QString regexp(const Expr &expr);
    QString replacement(const Expr &expr);
    QString match(const Expr &expr);
    QString jsonItem(const Expr &expr);
    QString jsonKey(const ExprPtr &key);
    QString typedJsonItem(const Expr &expr, const QString &item);
    QString unary(const Expr &expr);
    QString between(const Expr &expr);

    QString select(const Expr &expr, const Expr::Statement &select);
    QString selectList(const QList<ExprPtr> &columns, ListStyle style);
    QString labelled(const ExprPtr &column, const ColumnName &required, const ColumnName &fallback,
                     ListStyle style);
    bool hasLabel(const Expr &column, ListStyle style) const;
    ColumnName plainName(const Expr &column) const;
    ColumnName madeName(const ExprPtr &column) const;
    ColumnName repeatedName(const ExprPtr &column, int index) const;
    QString identityOf(const ExprPtr &column) const;
    QString fromItem(const ExprPtr &item);
    QString tableFunction(const Expr &item, const QString &name);
    QString aliasIdent(const TableRef &table);
    QString tableSource(const TableRef &table);
    QString join(const Expr &join);
    QString cte(const ExprPtr &item);
    QString sourceName(const ExprPtr &source);
    QList<ExprPtr> displayedSources(const Expr::Statement &select, bool isFrom);
    QList<ExprPtr> withoutCorrelated(QList<ExprPtr> items, const Expr::Statement &select,
                                     bool isFrom);
    void enter(const QList<ExprPtr> &sources, const Expr::Statement *statement);
    QString compound(const Expr &expr);
    QString lock(const Expr::Statement &select);
    QString rowLimit(const Expr::Statement &select);
    QString orderList(const QList<ExprPtr> &items, const QList<ExprPtr> &columns);
    QString statement(const ExprPtr &expr);
    QString statementText(const Expr &expr);
    QString withCtes(const QString &sql);

    QString insert(const Expr::Statement &insert);
    QString insertRows(const Expr::Statement &insert);
    QString placeholder(const Expr::Statement &insert, const QString &column);
    QString update(const Expr::Statement &update);
    QString remove(const Expr::Statement &remove);
    QString assignments(const Expr::Statement &statement, const QString &equals,
                        const QString &owner = {});
    QString assigned(const ExprPtr &value);
    QString conflict(const Expr::Statement &insert);
    QString duplicates(const Expr::Statement &insert);
    QString returning(const Expr::Statement &statement);
    QList<ExprPtr> extraTables(const Expr::Statement &statement);
    bool isMySql() const;

    const BaseDialect &m_dialect;
    Rendering &m_rendering;
    bool m_showTables;
    bool m_showSchemas = true;
    bool m_inConflict = false;
    bool m_isFrom = false;       // the SELECT to print stands in a FROM: its columns get labels
    bool m_isScalar = false;     // or is one value: its columns are not told apart
    bool m_isOperand = false;    // of an operator: some others then stand in parentheses
    bool m_inColumns = false;    // of a SELECT: texts there name columns of its tables only
    bool m_isRecursive = false;  // one of the m_ctes is
    int m_depth = 0;
    int m_statements = 0; // how deep in statements
    QString m_bindName{};
    bool m_isBindNumbered = false;
    const Expr *m_shownLabel = nullptr; // a label that is written by its name here
    QMap<QString, int> m_labels{};
    QHash<QString, QString> m_madeNames{};
    QSet<QString> m_knownCtes{};
    QStringList m_ctes{}; // "w AS (SELECT …)", for the WITH of the outermost statement
    QList<Frame> m_frames{};
};

/// What tells one FROM from another.
QString sourceKey(const TableRef &table);
QString sourceKey(const ExprPtr &item);
/// What \a expr takes from tables, each as a FROM item; nested statements have their own.
void eachSource(const ExprPtr &expr, const std::function<void(const ExprPtr &)> &visit);

} // namespace tribikos
