#include "core/project/projectgit.h"

#include <QFileInfo>

namespace tribikos {

Result<GitRepository> repositoryOf(const ProjectConfig &config, const std::stop_token &stop)
{
    for (const QString &folder : config.versionLocations) {
        if (QFileInfo(folder).isDir())
            return GitRepository::find(folder, stop);
    }
    return GitRepository::find(config.root, stop);
}

Result<QHash<QString, Authorship>> authorsOf(const Project &project, const std::stop_token &stop)
{
    const auto repository = repositoryOf(project.config(), stop);
    if (!repository && repository.error().code == ErrorCode::NotFound)
        return QHash<QString, Authorship>();
    if (!repository)
        return repository.error();
    return readAuthorship(*repository, project.config().versionLocations, stop);
}

} // namespace tribikos
