#pragma once

#include "core/db/session.h"

#include <QMap>

namespace tribikos {

/// The broken references of a SQLite database: how many rows of each table (every table is there,
/// most with 0) point at nothing.
using BrokenReferences = QMap<QString, qint64>;

/// Reads the whole database's references; ErrorCode::Statement when a foreign key itself makes no
/// sense.
Result<BrokenReferences> brokenReferences(Session &session);
/// What \a after has and \a before had not, as a sentence; empty: nothing new. A table that only
/// changed its name brings its old broken rows along.
QString newlyBroken(const BrokenReferences &before, const BrokenReferences &after);

} // namespace tribikos
