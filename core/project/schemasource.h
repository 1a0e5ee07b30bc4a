#pragma once

#include "core/base/diagnostic.h"
#include "core/diff/renames.h"
#include "core/project/project.h"

#include <functional>

/*!
    Any two schemas side by side: what a person may name as one of them, and what lies between.
*/
namespace tribikos {

/// One side, read.
struct SourceSchema
{
    QString title{}; // "models", "revision a1b2", "environment local", "old.sql"
    Schema schema{};
    std::optional<Backend> backend{}; // the database's that it is of; nullopt: of any
    bool isCatalogue = false;         // read from a database's catalogue: types are the server's
    bool isRevision = false;
    QStringList revisions{};          // of a revision: its id
    QStringList notes{};              // what could not be read, a sentence each
    bool hasGaps = false; // a table that it lacks may stand in what could not be read
    bool hidesColumns = false; // a column, too
    QList<Rename> renames{};   // that were asked for; \c schema has the new names
    Schema beforeRenames{};    // empty where there are none
};

/// What \a word names: "models"; an environment or a URL; a SQLite file, a .sql script, a snapshot (.json); a revision
/// (id, head, heads, base …). "env:", "file:" and "revision:" in front say which it is. Errors: NotFound, and those of reading it.
struct SourceRequest
{
    QString word{};
    Backend backend = Backend::Sqlite; // for what is of no database in particular
    QString workingFolder{};           // what file names are against
    /// The environment of a name or URL, with the password that was given apart.
    std::function<Result<Environment>(const QString &)> environment{};
};
Result<SourceSchema> readSource(const Project &project, const SourceRequest &request,
                                const std::stop_token &stop = {});
/// The database that \a word is of, without reading it; nullopt: of none in particular.
std::optional<Backend> sourceBackend(const Project &project, const SourceRequest &request);

/// Whether \a files are SQL scripts (.sql) or snapshots (.json) and not Python.
bool areSchemaTexts(const QStringList &files);
/// The models of a project that are such files, one after the other; \a notes as readModels().
Result<Schema> modelsOfTexts(const QStringList &files, Backend backend, Diagnostics *notes);

/// From one to the other.
struct SourceComparison
{
    Backend backend = Backend::Sqlite;
    QList<Difference> differences{}; // the first's is the migrations' side, the second's the database's
    QList<Rename> renames{}; // what may be but another name
    QStringList notes{};
    bool isWhole = true; // false: a side could be read in part only
    int ignored = 0;     // differences that [ignore] in tribikos.toml leaves out
};
/// Differences that only seem to be: what \a side lacks, because it can't be read whole, is uncertain there.
void doubtMissing(QList<Difference> &differences, bool Difference::*side, bool hidesColumns);
SourceComparison compareSources(const Project &project, const SourceSchema &from, const SourceSchema &to,
                                Backend backend, const std::stop_token &stop = {});

/// SQLite's columns without a type, each with one that its CREATE TABLE leaves out.
Schema withUntypedSaid(Schema schema);

/// The statements that make \a to of \a from, and in \a missing a sentence with the reason for each difference that none of
/// them settles.
QStringList statementsBetween(const SourceComparison &comparison, const SourceSchema &from,
                                      const SourceSchema &to, QStringList *missing);

/*!
    A schema in a file of ours, to be compared with later: JSON with a version, the database that it is of, and the
    statements that make it; what they leave out, and what could not be read, is named there and a note when it is read.
    Errors: Unsupported, where a table can't be said in the dialect; Syntax, ProjectRefused for
    a file that is no snapshot or one of a later version.
*/
Result<QByteArray> snapshotOf(const SourceSchema &source, Backend backend);
Result<SourceSchema> readSnapshot(const QByteArray &bytes, const QString &file);

/// What the statements of a script make: run in a private database in memory for SQLite, where nothing but CREATE, ALTER
/// and DROP is run; followed by their text for the others.
Result<Schema> schemaOfScript(const QString &script, Backend backend, QStringList *notes);

} // namespace tribikos
