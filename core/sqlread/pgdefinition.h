#pragma once

#include "core/schema/schema.h"
#include "core/sqlread/pgtree.h"
#include "core/sqlread/sqlcursor.h"

#include <limits>
#include <optional>

namespace tribikos {

/*!
    A statement's text beside its tree. The tree says where a default, a condition or a type begins,
    and what follows it; they are kept as they are written. Inside of this room only, as everything
    here.
*/
class PgText
{
public:
    /// \a path: the schemas where a name without one is looked for in \a schema; empty: public.
    explicit PgText(const QString &sql, const Schema *schema = nullptr, const QStringList &path = {})
        : m_sql(sql)
        , m_schema(schema)
        , m_path(path)
    {}

    const QString &sql() const { return m_sql; }
    /// A cursor at the token that begins at \a place (as the tree counts) or next after it.
    SqlCursor &at(int place);
    SqlCursor &atStart() { return at(0); }
    /// Where in sql() \a place is.
    qsizetype offset(int place);

    /// The name of something that the statement makes, and of something that is there.
    TableName made(const TableName &written) const
    {
        return written.schema.isEmpty() ? TableName{usual(m_path.value(0)), written.name} : withoutPublic(written);
    }
    TableName found(const TableName &written) const;
    TableName made(const PgNode &rangeVar) const;
    TableName found(const PgNode &rangeVar) const;
    TableName made(const QStringList &names) const;
    TableName found(const QStringList &names) const;
    /// Whether there is a table, type or another object of the name.
    bool hasName(const TableName &name) const;
    /// CREATE SCHEMA s CREATE TABLE t …: gives the path that was.
    QStringList lookFirstIn(const QString &schema);
    void setPath(const QStringList &path) { m_path = path; }
    const QStringList &path() const { return m_path; }

private:
    static QString usual(const QString &schema) { return schema == u"public" ? QString() : schema; }
    static TableName withoutPublic(const TableName &name) { return {usual(name.schema), name.name}; }

    const QString m_sql;
    const Schema *const m_schema;
    QStringList m_path;
    std::optional<SqlCursor> m_cursor{};
    QList<qsizetype> m_offsets{}; // of each UTF-8 byte; empty: the text is ASCII
};

/// The name that a RangeVar or a list of names (x, s.x) says, as it is written.
TableName pgTableName(const PgNode &rangeVar);
TableName pgTableName(const QStringList &names);
/// The collation of a COLLATE clause, without its schema.
QString pgCollation(const PgNode &clause);
/// CREATE TEMPORARY …, or in a schema of that kind.
bool isPgTemporary(const PgNode &rangeVar);

/// The columns and constraints of CREATE TABLE. False: there is something that can't be told from the text, such as
/// LIKE, or a type's columns.
bool readPgTable(const PgNode &created, PgText &text, Table &table);
bool readPgColumn(const PgNode &definition, PgText &text, Table &table);
bool readPgConstraint(const PgNode &constraint, PgText &text, Table &table);
/// The options of GENERATED … AS IDENTITY.
std::optional<Identity> pgIdentity(const PgNode &constraint, PgText &text);
/// A type as it is written, from \a place up to where another clause begins at the latest.
SqlTypePtr pgType(const PgNode &typeName, PgText &text,
                  qsizetype end = std::numeric_limits<qsizetype>::max());
/// A default: a plain string as its value, anything else as it is written, which is \a written.
ExprPtr pgDefault(const PgNode &expression, const QString &written);
/// CREATE INDEX. False: as for readPgTable().
bool readPgIndex(const PgNode &created, PgText &text, Index &index);
/// The name of one that the statement gives none, on \a table, beside what \a schema has; empty: it can't be told.
QString pgIndexName(const PgNode &created, const TableName &table, const Schema &schema);
/// What an EXCLUDE constraint says; no elements: it can't be told.
ExcludeConstraint pgExclude(const PgNode &constraint, PgText &text);

} // namespace tribikos
