#pragma once

#include "core/schema/sqltype.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <utility>

namespace tribikos {

/// A constant as Python had it; \c text is its canonical spelling ("2024-02-29 13:05:07.123456",
/// "12.30", "True" is Kind::Bool with text "1"; Bytes in hex; Json as JSON text).
struct Literal
{
    enum class Kind { Null, Bool, Integer, Real, Decimal, String, Bytes, Date, Time, DateTime, Interval, Uuid, Json, Enum };
    Kind kind = Kind::Null;
    QString text{};
    friend bool operator==(const Literal &, const Literal &) = default;
};

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

/// Begins an alias that has no name: the printer makes one. A Unicode noncharacter.
inline constexpr QChar anonymousAliasMark{0xfdd1};

/// A table or alias that an expression selects from or writes to.
struct TableRef
{
    QString name{};
    QString schema{};
    QString alias{};
    ExprPtr source{}; // the Subquery or Cte that it stands for; its own name may be empty then
    QList<std::pair<QString, SqlTypePtr>> columns{}; // in table order, where known: for typing of literals
    friend bool operator==(const TableRef &, const TableRef &);
};
using TableRefPtr = std::shared_ptr<const TableRef>;

/*!
    SQLAlchemy Core's expression language as a tree of values; the dialects print it
    (core/dialects), nothing here knows SQL text but Text nodes.

    Which members a kind uses:
    - Text: \c text verbatim; \c binds holds values given by bindparams(); unset :names stay unset
    - Value: \c value, \c type (the type that renders it; null: by the literal's kind)
    - Bind: \c text is the name, \c value its value when it has one
    - Column: \c text is the name, \c table its owner (may be null), \c flag: literal_column (text verbatim)
    - Null, True, False, Default, Star (\c table optional); a Null with \c flag stands for the default= of the column \c text, which Alembic's scripts lose
    - Function: \c text is the name (case kept; "count", "pg_catalog.setval"), \c args
    - Binary: \c schema is "op": the operator of .op(), written as it is, \c value its precedence; else \c text is the SQL operator ("=", "!=", "<", "LIKE", "IS", "IS NOT", "IN", "NOT IN", "||", "+", "->>" ...), args[0], args[1], args[2] the ESCAPE of a LIKE or the flags of a REGEXP; \c flag: startswith() and its like, whose pattern has no parentheses; "JSON[]" and "JSON{}" are an item of a JSON value by one key or by a path, "[]" one of an array, "MATCH" a search for words, "REGEXP REPLACE" has args: text, pattern, replacement, flags or null
    - Unary: \c text is "NOT", "-", "~", "ANY", "ALL", or a postfix such as "DESC", "ASC", "NULLS FIRST", "IS NULL"; \c flag: postfix
    - And, Or: \c args
    - Between: x, low, high; \c flag: negated; \c text "SYMMETRIC" or empty
    - Cast: args[0] to \c type; \c flag: postgresql "::" is never used, CAST(x AS t) always
    - Case: args = [value-or-null-pointer, when1, then1, ..., else-or-null-pointer]
    - Label: args[0] AS \c text; no text: a name that the printer makes; no args: what ORDER BY and GROUP BY name by a text
    - List: (a, b, c), as right side of IN, or tuple_(); \c flag: IN (VALUES (…)) of tuples
    - Array: ARRAY[a, b] of \c type; Slice: a:b, inside of "[]"
    - Extract: EXTRACT(\c text FROM args[0]); Filter: args[0] FILTER (WHERE args[1]); WithinGroup: args[0] WITHIN GROUP (ORDER BY args[1] List); \c flag: args[0] ORDER BY args[1], an aggregate's argument
    - Exists, ScalarSubquery, Distinct: args[0]
    - Collate: args[0] COLLATE \c text
    - Sequence: nextval of \c text (schema in \c schema)
    - TableSource: \c table in a FROM; Join: args = [left, right, on-or-null], \c text "JOIN", "LEFT OUTER JOIN", "FULL OUTER JOIN"
    - Subquery: args[0] AS \c text (alias), \c flag: LATERAL; Cte likewise, \c flag: RECURSIVE
    - Values: (VALUES …) AS \c text (columns), args are the rows as Lists, \c table has the columns
    - TableFunction: args[0] AS \c text (none: a name beginning with \c schema), args[1] List of its columns, args[2] of those to be written, \c flag with types; \c value "WITH ORDINALITY"; \c flag: LATERAL
    - Over: args[0], then partition_by as args[1] List (may be empty), order_by as args[2] List; \c text: the frame, "ROWS BETWEEN …"
    - Select, Insert, Update, Delete, CompoundSelect (\c text "UNION", "UNION ALL" ..., args; ORDER BY and LIMIT): \c statement
*/
struct Expr
{
    enum class Kind {
        Text, Value, Bind, Column, Null, True, False, Default, Star, Function, Binary, Unary, And, Or,
        Between, Cast, Case, Label, List, Exists, ScalarSubquery, Distinct, Collate, Sequence,
        TableSource, Join, Subquery, Cte, Over, Select, Insert, Update, Delete, CompoundSelect,
        Extract, Filter, WithinGroup, Array, Slice, Values, TableFunction
    };

    /// The clauses of a statement; which ones apply follows from the kind.
    struct Statement
    {
        TableRefPtr table{};            // INSERT INTO / UPDATE / DELETE FROM
        QList<ExprPtr> columns{};       // SELECT list
        QList<ExprPtr> from{};          // explicit FROM (select_from, joins); what columns imply is added by the renderer
        ExprPtr where{};
        QList<ExprPtr> groupBy{};
        ExprPtr having{};
        QList<ExprPtr> orderBy{};
        ExprPtr limit{};
        ExprPtr offset{};
        bool distinct = false;
        QList<ExprPtr> distinctOn{};    // DISTINCT ON (…), where the database has it
        QStringList insertColumns{};    // in the order to be written
        QList<QList<ExprPtr>> rows{};   // one list per VALUES row
        ExprPtr fromSelect{};           // INSERT ... SELECT
        bool defaultValues = false;
        QList<std::pair<QString, ExprPtr>> assignments{}; // UPDATE ... SET, in order
        QList<ExprPtr> returning{};
        QString onConflict{};           // "", "nothing", "update", "duplicate": MySQL's ON DUPLICATE KEY
        QStringList conflictColumns{};
        QString conflictConstraint{};
        ExprPtr conflictIndexWhere{};   // of the index that conflictColumns are to be those of
        ExprPtr conflictWhere{};        // which rows to update
        QStringList prefixes{};         // INSERT OR IGNORE, SELECT ... prefix_with
        QStringList suffixes{};
        QMap<QString, QString> hints{}; // "schema.table" -> what follows it; "": at the very end
        QList<ExprPtr> ctes{};          // of add_cte()
        int rowLimit = -1;              // MySQL: UPDATE … LIMIT n
        bool isOrdered = false;         // ordered_values(): assignments stay as they are
        bool correlates = true;         // with the statement around, by itself
        QList<ExprPtr> correlated{};    // TableSources of correlate(): only these
        QList<ExprPtr> uncorrelated{};  // of correlate_except(): all but these
        bool correlatesExcept = false;
        bool forUpdate = false;
        QStringList lockOptions{};      // of forUpdate: "read", "key_share", "nowait", "skip_locked"
        QList<ExprPtr> lockOf{};        // of forUpdate: columns or TableSources
        friend bool operator==(const Statement &, const Statement &);
    };

    Kind kind = Kind::Null;
    QString text{};
    QString schema{};
    QList<ExprPtr> args{};
    Literal value{};
    SqlTypePtr type{};
    TableRefPtr table{};
    bool flag = false;
    QMap<QString, ExprPtr> binds{};
    std::shared_ptr<const Statement> statement{};
    /// What a reader of foreign text has counted: how many expressions the tree is made of, one that is shared as
    /// often as it is met. It takes that long to print.
    qint64 weight = 1;
    friend bool operator==(const Expr &, const Expr &);
};

/// The weight of \a expression by those of its parts, at most 2^40.
qint64 weightOf(const Expr &expression);

/// Deep comparison of the pointees; two null pointers are equal.
bool sameExpr(const ExprPtr &a, const ExprPtr &b);

ExprPtr textExpr(const QString &sql);
ExprPtr stringExpr(const QString &value);
ExprPtr integerExpr(qint64 value);
ExprPtr columnExpr(const QString &name);

} // namespace tribikos
