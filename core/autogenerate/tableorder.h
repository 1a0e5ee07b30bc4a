#pragma once

#include "core/schema/schema.h"

#include <QList>
#include <QStringList>

namespace tribikos {

/// Tables in the order in which SQLAlchemy makes them, MetaData.sorted_tables: by name, in layers of those whose foreign
/// keys (use_alter apart) are satisfied. Where there are cycles, their tables' keys don't count, and \a remarks (may be
/// null) says so in SQLAlchemy's words.
QList<const Table *> sortedTables(const QList<const Table *> &tables, QStringList *remarks);

} // namespace tribikos
