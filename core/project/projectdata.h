#pragma once

#include "core/project/project.h"
#include "core/project/scripts.h"
#include "core/pyread/envpyconvention.h"

#include <mutex>

namespace tribikos {

/// What of autogenerate env.py decides by functions of its own that can be asked (envpyhooks.h).
struct EnvHooks
{
    QString file{}; // env.py
    int line = 0;   // of its context.configure()
    QString includeObject{}; // the function's name; empty: there is none
    QString includeName{};
};

/// What Project holds; for the files of this room.
struct ProjectData
{
    QString path{};
    QString workingFolder{};
    ProjectConfig config{};
    MigrationOptions options{}; // the configuration's, completed by env.py's
    QStringList modelFiles{};
    QStringList optionFiles{}; // that env.py's options were read from, beside itself
    QStringList searchPath{};
    QString url{}; // of the request, or else of env.py, or else of the configuration; empty: not known
    QString urlProblem{};             // why it is not known, one sentence
    QString versionTableProblem{};    // why the version table's name is not known
    EnvHooks hooks{};
    bool dropsEmptyRevisions = false; // env.py wants no new revision where nothing changed
    QStringList autogenerateGaps{};   // what env.py would do to a new revision, a sentence each
    std::optional<Backend> envBackend{}; // what env.py writes offline scripts for
    bool urlIsOfRequest = false;
    std::optional<Backend> dialect{};
    Diagnostics diagnostics{};
    RevisionGraph graph{};
    mutable std::once_flag historyLaidOut{};
    mutable QList<HistoryRow> history{}; // see Project::history()
    TableName versionTable{};
    ConventionRequest environment{}; // env.py and what it may know; no file: it has no say
    std::shared_ptr<const Scripts> scripts{}; // live steps of plans keep it
    qint64 readMilliseconds = 0;
};

/// Called with each revision's node and upgrade, and the schema before it.
using ReplayVisitor = std::function<void(int, const Evaluation &, const Schema &)>;
/// The schema that \a revisions and what is below them make, in the order in which they run.
Schema replayRevisions(const RevisionGraph &graph, const Scripts &scripts, Backend backend,
                       const QStringList &revisions, const ReplayVisitor &visit,
                       const std::stop_token &stop);

} // namespace tribikos
