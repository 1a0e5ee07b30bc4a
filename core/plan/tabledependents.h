#pragma once

#include "core/schema/schema.h"

namespace tribikos {

/// The views and triggers that a rebuild of one table must take down and put up again.
struct TableDependents
{
    /// SQLite refuses the rename at the end while any of these names the table: views (those that
    /// read such views too) and triggers elsewhere that use it. In the order in which they can be
    /// made again.
    QList<NamedObject> dropped{};
    /// The table's own triggers, which go with it by themselves.
    QList<NamedObject> ownTriggers{};
};

TableDependents dependentsOf(const Schema &schema, const TableName &table);

} // namespace tribikos
