#include "core/project/projectstamp.h"

#include "core/project/projectdata.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QStorageInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Listening costs the system memory for each file; looking at so many once a second costs less.
constexpr qsizetype mostWatchedFiles = 4000;

/// Configuration and code that say what the project is; they needn't exist.
QStringList otherFiles(const Project &project)
{
    const ProjectConfig &config = project.config();
    QStringList files{config.iniFile, config.pyprojectFile, config.tribikosFile,
                      QDir(config.root).filePath(u"tribikos.toml"_s)};
    if (!config.scriptLocation.isEmpty())
        files.append(QDir(config.scriptLocation).filePath(u"env.py"_s));
    files += project.modelFiles() + project.data().optionFiles;
    files.removeAll(QString());
    files.removeDuplicates();
    return files;
}

/// Others write to these without our kernel knowing.
bool isRemote(const QString &folder)
{
    const QByteArray type = QStorageInfo(folder).fileSystemType().toLower();
    static const QByteArrayList remote{"nfs", "nfs4", "cifs",   "smb3",       "smbfs",   "9p",
                                       "afs", "ceph", "vboxsf", "fuse.sshfs", "fuseblk", "fuse"};
    return remote.contains(type);
}

} // namespace

bool ProjectStamp::isNewerThan(qint64 moment) const
{
    const auto isNewer = [moment](const FileStamp &stamp) { return stamp.changedNs > moment; };
    return std::ranges::any_of(revisions, isNewer, &VersionFile::stamp)
           || std::ranges::any_of(others, isNewer);
}

ProjectStamp projectStamp(const Project &project)
{
    const ProjectConfig &config = project.config();
    Diagnostics ignored;
    ProjectStamp stamp{.revisions = findVersionFiles({.folders = config.versionLocations,
                                                      .isRecursive = config.isRecursive,
                                                      .isSourceless = config.isSourceless},
                                                     &ignored)};
    for (const QString &file : otherFiles(project)) {
        FileStamp one;
        (void)readFileHead(file, 1, &one); // its stamp alone is wanted
        stamp.others.insert(file, one);
    }
    return stamp;
}

WatchedPaths watchedPaths(const Project &project, const ProjectStamp &stamp)
{
    const ProjectConfig &config = project.config();
    WatchedPaths paths;
    QStringList folders{config.root, config.scriptLocation};
    for (const QString &location : config.versionLocations) {
        folders.append(location);
        if (!QFileInfo(location).isDir()) // it will be heard of when it appears
            folders.append(QFileInfo(location).path());
        if (!config.isRecursive)
            continue;
        QDirIterator walk(location, QDir::Dirs | QDir::NoDotAndDotDot,
                          QDirIterator::Subdirectories);
        while (walk.hasNext() && folders.size() < mostWatchedFiles)
            folders.append(walk.next());
    }
    folders.removeDuplicates();
    for (const QString &folder : std::as_const(folders)) {
        if (!folder.isEmpty() && QFileInfo(folder).isDir())
            paths.folders.append(folder);
    }
    paths.mustPoll = stamp.revisions.size() > mostWatchedFiles
                     || std::ranges::any_of(config.versionLocations, isRemote);
    if (paths.mustPoll)
        return paths;
    for (const VersionFile &file : stamp.revisions)
        paths.files.append(file.path);
    for (auto it = stamp.others.cbegin(); it != stamp.others.cend(); ++it) {
        if (it.value() != FileStamp())
            paths.files.append(it.key());
    }
    return paths;
}

} // namespace tribikos
