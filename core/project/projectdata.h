#pragma once

#include "core/project/project.h"
#include "core/project/scripts.h"

namespace tribikos {

/// What Project holds; for the files of this room.
struct ProjectData
{
    QString path{};
    QString workingFolder{};
    ProjectConfig config{};
    MigrationOptions options{}; // the configuration's, completed by env.py's
    QStringList modelFiles{};
    QStringList searchPath{};
    QString url{}; // of the request, or else of the configuration, or else of env.py
    bool urlIsOfRequest = false;
    std::optional<Backend> dialect{};
    Diagnostics diagnostics{};
    RevisionGraph graph{};
    QList<HistoryRow> history{};
    TableName versionTable{};
    std::unique_ptr<Scripts> scripts{};
    qint64 readMilliseconds = 0;
};

} // namespace tribikos
