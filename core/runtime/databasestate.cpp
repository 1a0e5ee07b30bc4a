#include "core/runtime/run.h"
#include "core/runtime/sqlsession.h"
#include "core/runtime/structurestamp.h"
#include "core/runtime/versiontable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kReadWaitMs =
    5000; // a reader waits only while another program is in the middle of a commit

Result<std::unique_ptr<SqlSession>> openForReading(const ConnectionSpec &spec)
{
    return SqlSession::open(spec, SqlSession::Access::Read,
                            {.limitMs = std::min(spec.lockTimeoutMs, kReadWaitMs)});
}

} // namespace

Result<QStringList> currentRows(const ConnectionSpec &spec, const TableName &versionTable)
{
    const auto session = openForReading(spec);
    if (!session && session.error().code == ErrorCode::NotFound)
        return QStringList();
    if (!session)
        return session.error();
    const Result<VersionTable> table = readVersionTable(**session, versionTable);
    if (!table)
        return table.error();
    return table->rows;
}

Result<DatabaseState> readDatabase(const ConnectionSpec &spec, const TableName &versionTable)
{
    const auto session = openForReading(spec);
    if (!session && session.error().code == ErrorCode::NotFound)
        return DatabaseState{.exists = false, .structure = u"0"_s}; // what an empty file says
    if (!session)
        return session.error();
    const Result<QString> structure =
        structureStamp(**session); // first: what changes later differs from it
    if (!structure)
        return structure.error();
    const Result<VersionTable> table = readVersionTable(**session, versionTable);
    if (!table)
        return table.error();
    Result<Schema> schema = reflect(**session, versionTable);
    if (!schema)
        return schema.error();
    return DatabaseState{.serverVersion = (*session)->serverVersion(),
                         .rows = table->rows,
                         .schema = schema.take(),
                         .structure = *structure};
}

} // namespace tribikos
