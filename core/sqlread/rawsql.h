#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/ops/replay.h"

namespace tribikos {

/*!
    What raw SQL does to metadata, read from its text; never run.

    PostgreSQL's statements are parsed by its own parser (libpg_query), the others' by ours. CREATE, ALTER and DROP of tables, indexes, views, triggers, types and sequences are applied as
    far as they are understood. Data, queries, transactions and settings change nothing. A statement
    whose object is plain but whose change is not marks that table opaque (and counts as
    understood); any other makes apply() return false. Several statements in one text are applied
    one after another.

    \return the reader for \a backend's SQL; lives for ever, thread-safe
*/
const RawSqlReader &rawSqlReader(Backend backend);

/// The same as apply() of that reader; with \a reasons the text is a whole script, whose transactions are followed and
/// whose statements that PostgreSQL would refuse change nothing. \a reasons gets those, and for each statement that was not followed why, with the
/// line in \a sql, and whether its tables are known (apply() counts it as understood) or not.
bool followRawSql(const QString &sql, Backend backend, Schema &schema, QList<Error> *reasons = nullptr);

} // namespace tribikos
