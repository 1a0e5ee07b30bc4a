#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

namespace tribikos {

/// What a comparison is asked about.
struct ComparedObject
{
    QString schema{}; // of the table; empty: the usual one
    QString table{};  // empty: it is of no table
    QString name{};   // of the column, constraint, index or object
};

/*!
    What comparisons leave out, by pattern: [ignore] in tribikos.toml. A pattern is "table", "schema.table",
    "table.name" or "schema.table.name", "*" for any letters and "?" for one, without case; a name alone is of any
    table, a table without a schema of any schema.
*/
struct IgnoreRules
{
    QMap<QString, QStringList> patterns{}; // by key
    /// "tables", "columns", "indexes", "constraints" and its four kinds, "views" …, "types", "nullable", "defaults",
    /// "comments"; and "only": the tables that alone are compared.
    static const QStringList &keys();

    bool isEmpty() const { return patterns.isEmpty(); }
    /// No word is lost on the table or on anything of it.
    bool ignoresTable(const QString &schema, const QString &table) const;
    /// One of \a among has a pattern that fits, or the whole table is left out.
    bool ignores(const QStringList &among, const ComparedObject &object) const;
    friend bool operator==(const IgnoreRules &, const IgnoreRules &) = default;
};

/// Why \a pattern can't be one of \a key's, as a sentence; empty: it can.
QString patternProblem(const QString &key, const QString &pattern);

} // namespace tribikos
