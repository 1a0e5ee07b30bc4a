#pragma once

#include "core/diff/diff.h"

namespace tribikos {

/// A column, key, constraint or index as the dialect writes it.
struct TablePart
{
    Difference::Kind kind = Difference::Kind::Column;
    QString name{}; // empty: unnamed
    QString type{}; // columns: their type alone
    QString text{}; // "VARCHAR(20) NOT NULL", "(user_id) → users (id)"
    friend bool operator==(const TablePart &, const TablePart &) = default;
};

/// What \a table of \a schema consists of, in the words that a comparison uses: columns in their order, then the primary
/// key, unique constraints, foreign keys, checks and indexes.
QList<TablePart> tableParts(const Schema &schema, const Table &table, Backend backend);

} // namespace tribikos
