#pragma once

#include "core/git/authorship.h"
#include "core/project/project.h"

namespace tribikos {

/// The repository that the project's revisions lie in. Errors: those of GitRepository::find().
Result<GitRepository> repositoryOf(const ProjectConfig &config, const std::stop_token &stop = {});

/// Who added each revision's file, by its absolute path; a job for the background. Empty where there is no git or no
/// repository; an Error (ProjectRefused, Unreadable) is for saying once.
Result<QHash<QString, Authorship>> authorsOf(const Project &project, const std::stop_token &stop = {});

} // namespace tribikos
