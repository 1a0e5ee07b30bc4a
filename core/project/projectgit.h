#pragma once

#include "core/git/authorship.h"
#include "core/project/project.h"

namespace tribikos {

/// The repository that the project's revisions lie in. Errors: those of GitRepository::find().
Result<GitRepository> repositoryOf(const ProjectConfig &config, const std::stop_token &stop = {});

/// Branches, remote branches and tags other than the one that is checked out, the newest first.
Result<QList<GitRef>> otherRefs(const Project &project, const std::stop_token &stop = {});

/// Who added each revision's file, by its absolute path: a value to keep, and what it holds for.
struct ProjectAuthors
{
    bool hasRepository = false; // and a git to read it with
    QString commit{};           // that is checked out; empty: none yet
    QString headFile{};         // a file of git's that changes when another commit is
    QStringList folders{};
    QHash<QString, Authorship> byFile{};
};

/// \a known again while the same commit is checked out, else read anew; a job for the background. Empty where there is
/// no git or no repository; an Error (ProjectRefused, Unreadable) is for saying once.
Result<ProjectAuthors> authorsSince(const Project &project, const ProjectAuthors &known,
                                    const std::stop_token &stop = {});

} // namespace tribikos
