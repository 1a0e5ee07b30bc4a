#pragma once

#include "core/schema/schema.h"

namespace tribikos {

/// A table or column that is called otherwise from now on.
struct Rename
{
    TableName table{};  // by its old name
    QString column{};   // empty: the table itself
    QString newName{};

    /// "users.name=users.full_name", "users=people".
    QString text() const
    {
        const TableName renamed{table.schema, newName};
        return column.isEmpty() ? table.text() + u'=' + renamed.text()
                                : table.text() + u'.' + column + u'=' + table.text() + u'.' + newName;
    }
    friend bool operator==(const Rename &, const Rename &) = default;
};

} // namespace tribikos
