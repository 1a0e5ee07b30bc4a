#pragma once

#include "core/config/projectconfig.h"
#include "core/edit/filechange.h"
#include "core/graph/revisiongraph.h"

#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// What upgrade() and downgrade() say: for script.py.mako as its variables, for a SQL script as the text below its
/// headings.
struct RevisionBody
{
    QString upgrades{};
    QString downgrades{};
    QStringList imports{}; // lines
};

/// A revision that is to be made: the options of Alembic's `revision` and `merge`.
struct RevisionRequest
{
    std::optional<QString> message{};          // nullopt: "empty message"
    QStringList heads{QStringLiteral("head")}; // identifiers of what it revises; "base": nothing
    bool isSplice = false;                     // they needn't be heads
    QStringList labels{};
    QStringList dependsOn{};                   // identifiers
    QString versionPath{};                     // one of the version locations
    QString id{};                              // empty: a random one
    QStringList before{};  // ids, each revising one of heads, that are to revise the new one instead
    bool isMerge = false;  // of the `merge` command, to whose template env.py adds nothing
    std::optional<RevisionBody> body{}; // nullopt: nothing, to be written by hand
    qint64 now = 0;        // microseconds since 1970: the create date
    QString workingFolder{}; // what a relative versionPath is against
};

struct NewRevision
{
    Edit edit{};
    QString id{};
    QString file{};        // absolute
    QStringList folders{}; // that are made for it
    QStringList notes{};   // what is not as it would be with Alembic
};

/// Whether the project's new revisions are plain SQL scripts.
bool writesSqlRevisions(const ProjectConfig &config, const RevisionGraph &graph);

/*!
    A new file as Alembic 1.19 writes it: from the project's own script.py.mako and file_template, or a
    plain SQL script where the project is one of those. The checks and their words are Alembic's
    (alembic-semantics.md §4.1); unlike it we check everything before anything is written. Errors: Usage,
    NotFound, GraphInvalid, ProjectRefused, and the template's own.
*/
Result<NewRevision> newRevision(const ProjectConfig &config, const RevisionGraph &graph,
                                const RevisionRequest &request);

} // namespace tribikos
