#pragma once

#include "core/edit/filechange.h"
#include "core/git/historylog.h"
#include "core/project/project.h"

namespace tribikos {

/// A revision that no file of the project has, as the repository remembers it.
struct LostRevision
{
    Revision revision{};  // its file: where it would go
    Authorship author{};  // of the last commit that had this text
    QStringList refs{};   // branches, tags and stashes that have the commit; none: only the reflog does
    QString inRepository{}; // the path that it had
    QByteArray bytes{};   // as git keeps them: no filter, and no line end, is applied
};

/// What was found of one id.
struct LostSearch
{
    QString id{};
    QList<LostRevision> found{};     // its texts, the newest first
    QList<LostRevision> ancestors{}; // that found[0] needs and no file has either, the lowest first
    QStringList missing{};           // of these, what is nowhere
    bool isWhole = true;             // false: the repository was too large to look through
};

/*!
    Looks for \a id, which a database or a revision names and no file of the project has, through every branch, tag,
    stash and reflog entry: the versions folders of all commits. Nothing is written. Errors: Usage,
    a file has it; NotFound, no git or no repository; those of git; Cancelled.
*/
Result<LostSearch> findLostRevision(const Project &project, const QString &id,
                                    const std::stop_token &stop = {});

/// Where the database is without found[\a choice] and the ancestors that it needs: revisions that files have, or "base".
/// Empty: it can't be known.
QStringList standsOn(const Project &project, const LostSearch &search, qsizetype choice = 0);

/// Writes found[\a choice] and the ancestors back. Errors: NotFound, nothing was found; GraphInvalid, the history would
/// be broken where it wasn't before.
Result<Edit> bringBack(const Project &project, const LostSearch &search, qsizetype choice = 0);

} // namespace tribikos
