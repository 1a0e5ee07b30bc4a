#pragma once

#include "core/autogenerate/autogenerate.h"
#include "core/diff/diff.h"
#include "core/edit/newrevision.h"
#include "core/project/project.h"

/*!
    The revision that the models ask for: what has to change (modelChanges), which of it is wanted (changesFor), and the
    file that says so (revisionFor). Nothing is written here; the Edit of the NewRevision is applied like any other.
    Synchronous; callable from any thread.
*/
namespace tribikos {

/// What would make a database, or what the migrations make, what the models say.
struct ModelRevision
{
    Backend backend = Backend::Sqlite;
    ModelChanges changes{};
    Schema from{};        // what they start from
    QStringList notes{};  // what could not be read or is not done as Alembic would, a sentence each
    bool areModelsWhole = true; // false: a note says what could not be read of them
    int ignored = 0;      // changes that [ignore] in tribikos.toml leaves out
    QList<Rename> renames{}; // what among the changes may be but another name: to be offered
    bool dropsEmpty = false; // env.py wants no file where there are no changes
};

/// Against the database of \a environment, as `revision --autogenerate` and `check` compare. Errors: Conflict with
/// Alembic's "Target database is not up to date."; ProjectRefused without models, or with models that can't be read;
/// those of reading the database; Cancelled. \a renames, as "users.name=users.full_name" or "users=people", are carried out
/// in place of what would be dropped and made; Usage: one is of nothing that is there, or of nothing that the models have.
Result<ModelRevision> modelRevision(const Project &project, const Environment &environment,
                                    const std::stop_token &stop = {},
                                    const QStringList &renames = {});
/// Against the schema that the migrations make at the heads: no database is needed.
Result<ModelRevision> modelRevision(const Project &project, Backend backend,
                                    const std::stop_token &stop = {},
                                    const QStringList &renames = {});

/// Those of \a differences that \a changes settle.
QList<Difference> differencesOf(const ModelChanges &changes, const QList<Difference> &differences);

/// The changes that settle \a ticked, differences of compareProject() or any of compare().
ModelChanges changesFor(const ModelChanges &changes, const QList<Difference> &ticked);

/// The new revision with \a changes, as Alembic writes it into the project's script.py.mako; for a project of SQL
/// scripts the statements of each database that it names. \a request says everything but the body. Errors: those of
/// newRevision(); Unsupported where a change can't be said as SQL.
Result<NewRevision> revisionFor(const Project &project, const ModelRevision &revision,
                                const RevisionRequest &request);

/// The statements that carry \a changes out, forwards or backwards.
Result<QStringList> statementsFor(const ModelChanges &changes, Backend backend, const Schema &from,
                                  Direction direction);

} // namespace tribikos
