#pragma once

#include "core/base/backend.h"
#include "core/base/direction.h"
#include "core/graph/revisiongraph.h"
#include "core/config/databaseurl.h"
#include "core/ops/operation.h"
#include "core/plan/plan.h"
#include "core/project/revisionfiles.h"
#include "core/pyread/envpyconvention.h"

#include <QList>
#include <QMap>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>

namespace tribikos {

/// \a files so that the one of a node stands at its number: of two with one id the graph has the later one alone.
/// Those that it doesn't have come last.
QList<RevisionFile> inNodeOrder(const RevisionGraph &graph, const QList<RevisionFile> &files);

/// What evaluating one script in one direction gave.
struct Evaluation
{
    StepStatus status = StepStatus::Ok;
    QString reason{};
    QString file{};
    int line = 0;
    Operations operations{};
    QString warning{}; // about operations that were meant to be there
    QList<LossNote> printed{}; // what the script prints, which no script of SQL has
    std::optional<Error> databaseError{}; // of a live evaluation: what the database said, and nobody caught
};

class LiveConnection;

/*!
    The bodies of a project's revisions, parsed on first use, kept for a while and evaluated on demand; of unchanged
    files that were read before, what they came to then. Thread-safe.
    Whatever the file says now, what is evaluated is what was read when the project was opened.
*/
class Scripts
{
public:
    struct Options
    {
        QStringList searchPath{}; // where project imports are looked for
        QString engine{}; // of a multidb project: -x engine=NAME
        TableName versionTable{{}, QStringLiteral("alembic_version")};
        std::optional<QMap<QString, QString>> configuration{}; // the main section, where there is one
        QString section = QStringLiteral("alembic");
        QString environmentFile{}; // env.py
        std::optional<DatabaseUrl> url{}; // of the project's database, for offline scripts
        QMap<QString, QString> types{}; // the user's own column types: class name to SQL type
        ScriptFacts facts{};            // what the user says of the scripts' surroundings
        QString cacheFolder{};          // where evaluations are kept, see OperationCache; empty: nowhere
        QStringList versionFolders{};   // of the project, for the cache
        /// Asked once, on first need; its convention counts as empty where it isn't known.
        std::function<EnvTarget()> environment{};
    };
    /// \a files as inNodeOrder() gives them.
    Scripts(QList<RevisionFile> files, Options options);
    ~Scripts();

    const QList<RevisionFile> &files() const;
    /// Other files, evaluated with the same options.
    std::unique_ptr<Scripts> with(QList<RevisionFile> files) const;

    /// \a live: the database that the script runs on while it is evaluated; its operations go there.
    Evaluation evaluate(int node, Direction direction, Backend backend, bool offline,
                        const Schema &before, const std::stop_token &stop,
                        LiveConnection *live = nullptr) const;
    /// Keeps on disk what evaluate() has found of unchanged files, for the next start; best effort.
    void keepEvaluations() const;
    /// "ix", "uq" ... of target_metadata, as evaluate() uses it.
    const QMap<QString, QString> &namingConvention() const;
    /// The file's text, for reading; of a large one the beginning.
    QString text(int node) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace tribikos
