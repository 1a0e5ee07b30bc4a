#include "core/project/projectgit.h"

#include <QDir>
#include <QFile>
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

Result<QList<GitRef>> otherRefs(const Project &project, const std::stop_token &stop)
{
    const auto repository = repositoryOf(project.config(), stop);
    if (!repository)
        return repository.error();
    auto refs = repository->refs(stop);
    if (!refs)
        return refs.error();
    QList<GitRef> others = refs.take();
    others.removeIf([](const GitRef &ref) { return ref.isCurrent; });
    return others;
}

namespace {

/// The log of HEAD, which grows with every commit and checkout, or HEAD itself where no log is kept.
QString headFileOf(const GitRepository &repository, const std::stop_token &stop)
{
    for (const QString &name : {QStringLiteral("logs/HEAD"), QStringLiteral("HEAD")}) {
        const auto path =
            repository.run({QStringLiteral("rev-parse"), QStringLiteral("--git-path"), name}, stop);
        const QString file =
            path ? QDir(repository.topLevel()).absoluteFilePath(QFile::decodeName(path->trimmed()))
                 : QString();
        if (QFileInfo(file).isFile())
            return file;
    }
    return {};
}

} // namespace

Result<ProjectAuthors> authorsSince(const Project &project, const ProjectAuthors &known,
                                    const std::stop_token &stop)
{
    const auto repository = repositoryOf(project.config(), stop);
    if (!repository && repository.error().code == ErrorCode::NotFound)
        return ProjectAuthors();
    if (!repository)
        return repository.error();
    ProjectAuthors authors{.hasRepository = true, .folders = project.config().versionLocations};
    if (const auto commit = repository->commitOf(QStringLiteral("HEAD"), stop))
        authors.commit = *commit;
    authors.headFile = headFileOf(*repository, stop);
    if (known.hasRepository && known.commit == authors.commit && known.folders == authors.folders)
        return known;
    if (authors.commit.isEmpty())
        return authors;
    auto byFile = readAuthorship(*repository, authors.folders, stop);
    if (!byFile)
        return byFile.error();
    authors.byFile = byFile.take();
    return authors;
}

} // namespace tribikos
