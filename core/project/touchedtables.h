#pragma once

#include "core/base/backend.h"
#include "core/ops/operation.h"

#include <QMap>
#include <QSet>
#include <QStringList>

namespace tribikos {

/// The columns that an operation names, those of a whole new table included.
QStringList columnNames(const Operation &operation);

/// The names in an operation's raw SQL, whatever they are of; of a large one those at its beginning.
QStringList namesInSql(const Operation &operation, Backend backend);

/// Tables ("schema.name") and those of their columns that are named; none: the table as a whole.
using TouchedTables = QMap<QString, QSet<QString>>;

/// What \a operations touch in \a before. In raw SQL every table that is named counts, for what a statement does to it
/// isn't always plain.
TouchedTables touchedTables(const Operations &operations, const Schema &before, Backend backend);

} // namespace tribikos
