#include "core/project/mergesides.h"

#include <QFileInfo>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Of all revisions that have to be read from one commit.
constexpr qint64 mostBlobBytes = 256LL << 20;

/// A side's revisions, by id, with the blob of each one's text.
struct Side
{
    QHash<QString, RevisionFile> files{};
    QHash<QString, QByteArray> blobs{};
    QSet<QByteArray> allBlobs{};
};

class Merger
{
public:
    Merger(const ProjectData &project, const GitRepository &repository, const std::stop_token &stop)
        : m_project(project)
        , m_repository(repository)
        , m_stop(stop)
        , m_folders(repository.folders(project.config.versionLocations))
    {}
    Result<MergedFiles> merge(const QString &theirs, const QString &base);

private:
    Status readHere(const QByteArray &anyBlob);
    Result<Side> read(const QString &commit, bool isShown);
    void addFile(const GitFile &file, const QByteArray &bytes, bool isShown, Side *side);
    void mergeShared(const QString &id);
    void mergeOne(const QString &id, const Side &side, RevisionSide name);
    void keep(const RevisionFile &file, RevisionSide side);
    void sayFilesInTheWay();
    void sortFiles();
    void report(Severity severity, const QString &code, const QString &message,
                const RevisionFile &file);

    const ProjectData &m_project;
    const GitRepository &m_repository;
    const std::stop_token &m_stop;
    QList<GitFolder> m_folders;
    Side m_here{};
    Side m_there{};
    Side m_base{};
    QHash<QByteArray, RevisionFile> m_known{};  // by blob: what need not be read twice
    QHash<QByteArray, QByteArray> m_sameText{}; // a blob of ours -> that with git's line ends
    MergedFiles m_merged{};
};

void Merger::report(Severity severity, const QString &code, const QString &message,
                    const RevisionFile &file)
{
    m_merged.problems.append({.severity = severity,
                              .code = code,
                              .message = message,
                              .file = file.revision.file,
                              .revision = file.revision.id});
}

/// The project's own files, under the ids that git would give them: as they are and with git's line ends.
Status Merger::readHere(const QByteArray &anyBlob)
{
    for (const RevisionFile &file : m_project.scripts->files()) {
        if (m_stop.stop_requested())
            return Error{.code = ErrorCode::Cancelled, .message = u"The forecast was cancelled."_s};
        auto bytes = file.contents();
        if (!bytes)
            return bytes.error();
        QByteArray text = bytes.take();
        const QByteArray asItIs = GitRepository::blobId(text, anyBlob);
        if (text.contains("\r\n"))
            text.replace("\r\n", "\n");
        const QByteArray blob = GitRepository::blobId(text, anyBlob);
        m_sameText.insert(asItIs, blob);
        m_known.insert(asItIs, file);
        m_known.insert(blob, file);
        if (m_here.files.contains(file.revision.id))
            continue; // a duplicate is a problem of the project already
        m_here.files.insert(file.revision.id, file);
        m_here.blobs.insert(file.revision.id, blob);
        m_here.allBlobs.insert(blob);
    }
    return done();
}

void Merger::addFile(const GitFile &file, const QByteArray &bytes, bool isShown, Side *side)
{
    const auto known = m_known.constFind(file.blob);
    RevisionFile revision;
    if (known != m_known.cend()) {
        revision = *known;
        revision.revision.file = file.path;
    } else {
        Error problem;
        auto made = revisionFrom(bytes, file.path, &problem);
        if (!made && isShown)
            report(Severity::Error, u"unusable-script"_s, made.error().message,
                   {.revision = {.file = file.path}});
        if (!made)
            return;
        revision = made.take();
        m_known.insert(file.blob, revision);
    }
    const QByteArray blob = m_sameText.value(file.blob, file.blob);
    const QString id = revision.revision.id;
    side->allBlobs.insert(blob);
    if (side->files.contains(id)) {
        if (isShown)
            report(Severity::Error, u"duplicate-revision"_s,
                   u"Two files of the other branch are revision %1: %2 and %3."_s.arg(
                       id, side->files[id].revision.file, file.path),
                   revision);
        return;
    }
    side->files.insert(id, revision);
    side->blobs.insert(id, blob);
}

Result<Side> Merger::read(const QString &commit, bool isShown)
{
    Side side;
    auto files = m_repository.files(commit, m_folders, m_project.config.isRecursive, m_stop);
    if (!files)
        return files.error();
    QList<GitFile> revisions = files.take();
    revisions.removeIf([](const GitFile &file) {
        return versionFileKind(QFileInfo(file.path).fileName()) == VersionFileKind::None;
    });
    if (m_here.files.isEmpty() && !revisions.isEmpty()) {
        if (const Status own = readHere(revisions.constFirst().blob); !own)
            return own.error();
    }
    QList<QByteArray> unknown;
    for (const GitFile &file : std::as_const(revisions)) {
        if (!m_known.contains(file.blob))
            unknown.append(file.blob);
    }
    const auto contents = m_repository.contents(unknown, largestScriptBytes, mostBlobBytes, m_stop);
    if (!contents)
        return contents.error();
    for (const GitFile &file : std::as_const(revisions)) {
        const bool isRead = contents->contains(file.blob) || m_known.contains(file.blob);
        const QByteArray bytes = contents->value(file.blob);
        const bool isSql = versionFileKind(file.path) == VersionFileKind::Sql;
        if (file.isLink && isShown)
            report(Severity::Warning, u"link-not-followed"_s,
                   u"%1 of the other branch is a link, which the forecast does not follow."_s.arg(
                       file.path),
                   {.revision = {.file = file.path}});
        else if (!isRead && isShown)
            report(Severity::Error, u"unreadable-file"_s,
                   u"%1 of the other branch can't be read: it is too large, or not in this clone."_s
                       .arg(file.path),
                   {.revision = {.file = file.path}});
        else if (isRead && !file.isLink
                 && (!isSql || m_known.contains(file.blob) || isSqlRevision(bytes)))
            addFile(file, bytes, isShown, &side);
    }
    return side;
}

void Merger::keep(const RevisionFile &file, RevisionSide side)
{
    m_merged.files.append(file);
    m_merged.sides.insert(file.revision.id, side);
}

/// Both sides have \a id.
void Merger::mergeShared(const QString &id)
{
    const RevisionFile &here = m_here.files[id];
    const RevisionFile &there = m_there.files[id];
    if (here.revision.file != there.revision.file && !m_base.files.contains(id))
        report(
            Severity::Error, u"duplicate-revision"_s,
            u"Both sides made revision %1, under two names: %2 and %3; one of the files has to go."_s
                .arg(id, here.revision.file, there.revision.file),
            here);
    if (m_here.blobs[id] == m_there.blobs[id])
        return keep(here, RevisionSide::Both);
    if (m_base.allBlobs.contains(m_there.blobs[id])) {
        m_merged.changedHere.append(id);
        return keep(here, RevisionSide::Both);
    }
    m_merged.changedThere.append(id);
    if (m_base.allBlobs.contains(m_here.blobs[id]))
        return keep(there, RevisionSide::Both);
    m_merged.changedHere.append(id);
    report(Severity::Warning, u"revision-differs"_s,
           u"Revision %1 says one thing in %2 and another on the other branch; the forecast takes "
           u"the file "
           "here, so look at it after the merge."_s.arg(id, here.revision.file),
           here);
    keep(here, RevisionSide::Both);
}

/// Only \a side has \a id: it is new there, or the other side took it out.
void Merger::mergeOne(const QString &id, const Side &side, RevisionSide name)
{
    const RevisionFile &file = side.files[id];
    if (!m_base.files.contains(id))
        return keep(file, name);
    const bool isHere = name == RevisionSide::Here;
    if (m_base.blobs[id] == side.blobs[id]) {
        (isHere ? m_merged.removedThere : m_merged.removedHere).append(id);
        return;
    }
    report(
        Severity::Warning, u"revision-removed"_s,
        u"Revision %1 was changed on one side and taken out on the other; git will ask which it is to be."_s
            .arg(id),
        file);
    keep(file, name);
}

/// One file name for two revisions.
void Merger::sayFilesInTheWay()
{
    QHash<QString, QString> idOfFile;
    for (const RevisionFile &file : std::as_const(m_merged.files)) {
        const QString other = idOfFile.value(file.revision.file);
        if (!other.isEmpty())
            report(
                Severity::Error, u"file-conflict"_s,
                u"%1 is revision %2 on one side and %3 on the other; give one of them another name."_s
                    .arg(file.revision.file, other, file.revision.id),
                file);
        idOfFile.insert(file.revision.file, file.revision.id);
    }
}

/// Alembic's load order: by folder, then by name.
void Merger::sortFiles()
{
    const auto place = [this](const RevisionFile &file) {
        qsizetype folder = 0;
        const QStringList &all = m_project.config.versionLocations;
        while (folder < all.size() && !file.revision.file.startsWith(all[folder] + u'/'))
            ++folder;
        return std::pair(folder, file.revision.file.toUtf8());
    };
    std::ranges::stable_sort(m_merged.files, {}, place);
}

Result<MergedFiles> Merger::merge(const QString &theirs, const QString &base)
{
    auto there = read(theirs, true);
    if (!there)
        return there.error();
    m_there = there.take();
    if (m_there.files.isEmpty())
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"The other branch has no revisions in %1; does the project lie elsewhere "
                         "there?"_s.arg(m_project.config.versionLocations.join(u", "_s))};
    if (!base.isEmpty()) {
        auto common = read(base, false);
        if (!common)
            return common.error();
        m_base = common.take();
    }
    for (const RevisionFile &file : m_project.scripts->files()) {
        const QString id = file.revision.id;
        if (m_merged.sides.contains(id) || m_merged.removedThere.contains(id))
            continue;
        if (m_there.files.contains(id))
            mergeShared(id);
        else
            mergeOne(id, m_here, RevisionSide::Here);
    }
    QStringList more = m_there.files.keys();
    more.removeIf([this](const QString &id) { return m_here.files.contains(id); });
    more.sort();
    for (const QString &id : std::as_const(more))
        mergeOne(id, m_there, RevisionSide::There);
    sayFilesInTheWay();
    sortFiles();
    return m_merged;
}

} // namespace

Result<MergedFiles> mergeFiles(const ProjectData &project, const GitRepository &repository,
                               const QString &theirs, const QString &base,
                               const std::stop_token &stop)
{
    return Merger(project, repository, stop).merge(theirs, base);
}

} // namespace tribikos
