#include "core/db/serversession.h"
#include "core/db/sqlitesession.h"
#include "core/reflect/reflect.h"
#include "core/runtime/run.h"
#include "core/runtime/structurestamp.h"
#include "core/runtime/versiontable.h"

#include <QElapsedTimer>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kReadWaitMs =
    5000; // a reader waits only while another program is in the middle of a commit
constexpr int kServerReadMs = 60000; // a catalogue of thousands of tables takes seconds

Result<std::unique_ptr<Session>> openForReading(const ConnectionSpec &spec)
{
    if (spec.backend == Backend::Sqlite) {
        auto session = SqliteSession::open(spec, Access::Read,
                                           {.limitMs = std::min(spec.lockTimeoutMs, kReadWaitMs)});
        return session ? Result<std::unique_ptr<Session>>(std::unique_ptr<Session>(session.take()))
                       : Result<std::unique_ptr<Session>>(session.error());
    }
    QElapsedTimer timer;
    timer.start();
    auto session =
        openServer(spec, Access::Read, [timer] { return !timer.hasExpired(kServerReadMs); });
    return session ? Result<std::unique_ptr<Session>>(std::unique_ptr<Session>(session.take()))
                   : Result<std::unique_ptr<Session>>(session.error());
}

/// The catalogue, where it can be read.
Result<std::optional<Schema>> schemaOf(Session &session, const TableName &versionTable)
{
    Result<Schema> schema = reflect(session, versionTable);
    if (!schema && schema.error().code == ErrorCode::Unsupported)
        return std::optional<Schema>();
    if (!schema)
        return schema.error();
    return std::optional<Schema>(schema.take());
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
        return DatabaseState{
            .exists = false, .schema = Schema(), .structure = u"0"_s}; // what an empty file says
    if (!session)
        return session.error();
    const Result<QString> structure =
        structureStamp(**session); // first: what changes later differs from it
    if (!structure)
        return structure.error();
    const Result<VersionTable> table = readVersionTable(**session, versionTable);
    if (!table)
        return table.error();
    Result<std::optional<Schema>> schema = schemaOf(**session, versionTable);
    if (!schema)
        return schema.error();
    return DatabaseState{.serverVersion = (*session)->serverVersion(),
                         .rows = table->rows,
                         .schema = schema.take(),
                         .structure = *structure};
}

} // namespace tribikos
