#pragma once

#include "core/base/backend.h"
#include "core/ops/replay.h"

namespace tribikos {

/*!
    What raw SQL does to metadata, read from its text; never run.

    CREATE, ALTER and DROP of tables, indexes, views, triggers, types and sequences are applied as
    far as they are understood. Data, queries, transactions and settings change nothing. A statement
    whose object is plain but whose change is not marks that table opaque (and counts as
    understood); any other makes apply() return false. Several statements in one text are applied
    one after another.

    \return the reader for \a backend's SQL; lives for ever, thread-safe
*/
const RawSqlReader &rawSqlReader(Backend backend);

} // namespace tribikos
