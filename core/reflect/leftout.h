#pragma once

#include "core/schema/schema.h"

namespace tribikos {

/// The table in which a run on MySQL notes its statements; beside the version table.
inline constexpr QLatin1String journalTable{"tribikos_journal"};

/// The version table and our journal are no part of what a project describes. Both names with an empty schema for
/// the database's usual one.
inline bool isLeftOut(const TableName &table, const TableName &versionTable, Qt::CaseSensitivity how)
{
    return table.schema.compare(versionTable.schema, how) == 0
           && (table.name.compare(versionTable.name, how) == 0
               || table.name.compare(journalTable, how) == 0);
}

} // namespace tribikos
