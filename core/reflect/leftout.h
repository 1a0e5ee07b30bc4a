#pragma once

#include "core/schema/schema.h"

namespace tribikos {

/// The table in which a run on MySQL notes its statements; beside the version table.
inline constexpr QLatin1String journalTable{"tribikos_journal"};

/// The one in which it says that it is at work, where the server refuses locks.
inline constexpr QLatin1String leaseTable{"tribikos_lease"};

/// What a table of ours is called beside \a versionTable: several version tables may share a schema.
inline QString ownTable(QLatin1String name, const TableName &versionTable)
{
    using namespace Qt::StringLiterals;
    return versionTable.name == "alembic_version"_L1
               ? QString(name)
               : (name + QChar(u'_') + versionTable.name).left(60); // of MySQL's 64 characters
}

/// The version table and our own are no part of what a project describes. Both names with an empty schema for
/// the database's usual one.
inline bool isLeftOut(const TableName &table, const TableName &versionTable, Qt::CaseSensitivity how)
{
    const auto isCalled = [&](const QString &name) { return table.name.compare(name, how) == 0; };
    return table.schema.compare(versionTable.schema, how) == 0
           && (isCalled(versionTable.name) || isCalled(ownTable(journalTable, versionTable))
               || isCalled(ownTable(leaseTable, versionTable)));
}

} // namespace tribikos
