#pragma once

#include "core/ops/knownrows.h"

namespace tribikos {

/*!
    What a plain query of the catalogue gives where the tables are as \a schema has them: PRAGMA
    table_info(t) on SQLite, and SELECT … FROM information_schema.tables or .columns, or
    sqlite_master, whose WHERE compares columns with texts. The tokens from \a first up to and
    without \a last. Unknown for whatever is not that plain, and where anything may have been
    changed unseen.
*/
KnownRows catalogueRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                        const Schema &schema, Backend backend);

} // namespace tribikos
