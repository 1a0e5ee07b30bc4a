#pragma once

#include "core/project/project.h"

namespace tribikos {

/// What a trial connection to a database found out.
struct ConnectionReport
{
    QString server{};                       // "PostgreSQL 15.4"
    bool exists = true;                     // SQLite: the file is there
    int connectMilliseconds = 0;
    double answerMilliseconds = 0;          // of one small question
    QString user{};                         // as whom one is there; empty: SQLite
    QString encryption{};                   // "TLSv1.3"; empty: none
    bool isLocal = false;                   // nothing passes a wire
    std::optional<bool> canCreate{};        // tables; nullopt: can't be told without trying
    std::optional<bool> hasVersionTable{};  // nullopt: it can't be looked for
    bool rollsBackDdl = false;
    bool isPooled = false;                  // a pooler hands out its connections: locks of the session may be lost
    QStringList warnings{};                 // a sentence each
};

/// Connects to \a environment, looks and leaves; nothing is written. Errors as openServer()'s; Cancelled.
Result<ConnectionReport> testConnection(const Environment &environment, const TableName &versionTable,
                                        const std::stop_token &stop = {});

/// Whether \a grant, a line of MySQL's SHOW GRANTS, is the right to make tables anywhere in \a database.
bool grantsTables(const QString &grant, const QString &database);

} // namespace tribikos
