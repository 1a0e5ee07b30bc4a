#pragma once

#include "core/base/backend.h"
#include "core/base/sqltokenizer.h"
#include "core/schema/schema.h"

namespace tribikos {

/// What is certain of a query's rows without asking a database.
struct KnownRows
{
    enum class Kind {
        Unknown, // may give anything
        None,    // gives, changes or deletes no row
        Some     // those of rows: aggregates over nothing, constants, what is known of the catalogue
    };
    struct Cell
    {
        QString name{};
        Literal value{}; // Null, Bool, Integer or String
        bool isKnown = true;
    };
    using Row = QList<Cell>;
    Kind kind = Kind::Unknown;
    bool isQuery = false; // it reads and does nothing else
    QList<Row> rows{};    // of Some
};

/*!
    What \a statement gives where \a schema is what it meets, from the tables that are known to be
    empty (Table::isEmpty): a SELECT out of one, joined from its left side, has no rows; count(*)
    over no rows is 0; an UPDATE or DELETE of one touches nothing. Whatever is not plain is Unknown:
    a function that could be an aggregate, UNION and HAVING in a text, a table that isn't known.
    Plain queries of the catalogue are answered from the tables (catalogueRows()).
*/
KnownRows knownRows(const ExprPtr &statement, const Schema &schema, Backend backend);
/// The same for the tokens from \a first up to and without \a last of a text.
KnownRows knownRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                    const Schema &schema, Backend backend);

/// Whether the table that \a name can mean is certainly empty, or is so by the user's word; names are compared
/// without case, and of several that it could mean all have to be.
bool isKnownEmpty(const TableName &name, const Schema &schema);
/// Whether \a name is the table's own without its schema's, whatever the case.
bool isCalled(const Table &table, const QString &name);

/// The table's name at token \a at, which moves behind it; an empty one where there is none.
TableName takeTableName(const QList<SqlToken> &tokens, qsizetype &at);
/// The first token from \a first that is \a word outside of parentheses; \a last: there is none.
qsizetype findWord(const QList<SqlToken> &tokens, qsizetype first, qsizetype last, QStringView word);
/// The token behind the group that the parenthesis at \a open begins.
qsizetype behindGroup(const QList<SqlToken> &tokens, qsizetype open, qsizetype last);

/// The functions that are called between two tokens, in lower case; subqueries' only with \a inside.
QStringList calledFunctions(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                            bool inside);

} // namespace tribikos
