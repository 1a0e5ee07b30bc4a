#pragma once

#include "core/pyread/sa/tables.h"

#include <functional>

/// The order in which tables can be created (SQLAlchemy's sort_tables_and_constraints()).
namespace tribikos::py::sa {

/// A table with everything, and those of its foreign keys that can't be made along with it.
struct OrderedTable
{
    TableObject *object = nullptr;
    Table table{};             // with all keys
    QList<ForeignKey> apart{}; // use_alter, or on a circle
};

struct TableOrder
{
    std::vector<OrderedTable> tables{}; // those that others refer to first
    QStringList circle{}; // tables that refer to each other by keys that must stay; \c tables are as given then
};

/// \a staysWithTable: the keys that a circle can't be broken by.
TableOrder orderTables(Interpreter &interpreter, const std::vector<TableObject *> &tables,
                       const std::function<bool(const ForeignKey &)> &staysWithTable);

} // namespace tribikos::py::sa
