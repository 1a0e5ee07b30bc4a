#include "core/project/lostrevision.h"

#include "core/project/projectdata.h"
#include "core/project/projectgit.h"

#include <QFileInfo>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype blobsAtOnce = 1000;
constexpr qsizetype mostBlobs = 200'000;
constexpr qint64 mostBytesAtOnce = 256LL << 20;
constexpr qint64 largestLostBytes = 4LL << 20;
constexpr qsizetype mostTexts = 10; // of one id
constexpr qsizetype mostAncestors = 1000;

/// A text that some commit has in a versions folder.
struct OldText
{
    QByteArray blob{};
    QString path{}; // where it would go
    QString inRepository{};
    Authorship author{};
};

/// Where \a path of the repository belongs in the project; empty: nowhere, or it isn't a revision's name.
QString placeOf(const QString &path, const QList<GitFolder> &folders, bool isRecursive)
{
    const QStringList parts = path.split(u'/');
    const bool isOdd = std::ranges::any_of(parts, [](const QString &part) {
        return part.isEmpty() || part == u"." || part == u".."
               || part.compare(u".git"_s, Qt::CaseInsensitive) == 0;
    });
    if (isOdd || versionFileKind(parts.last()) == VersionFileKind::None)
        return {};
    for (const GitFolder &folder : folders) {
        const QString prefix =
            folder.inRepository.isEmpty() ? QString() : folder.inRepository + u'/';
        if (path.startsWith(prefix))
            return folder.path + u'/' + (isRecursive ? path.mid(prefix.size()) : parts.last());
    }
    return {};
}

class LostFinder
{
public:
    LostFinder(const Project &project, const GitRepository &repository, const std::stop_token &stop)
        : m_project(project)
        , m_repository(repository)
        , m_stop(stop)
        , m_folders(repository.folders(project.config().versionLocations))
    {}
    Result<LostSearch> find(const QString &id);

private:
    Status listTexts(bool *isWhole);
    Status readTexts();
    void take(const OldText &text, const QByteArray &bytes);
    void addAncestors(LostSearch *search) const;

    const Project &m_project;
    const GitRepository &m_repository;
    const std::stop_token &m_stop;
    QList<GitFolder> m_folders;
    QList<OldText> m_texts{}; // newest first
    QHash<QString, QList<LostRevision>> m_byId{};
};

/// Every text that a versions folder ever had, each with the last commit that brought it.
Status LostFinder::listTexts(bool *isWhole)
{
    QStringList paths;
    for (const GitFolder &folder : std::as_const(m_folders))
        paths.append(folder.inRepository.isEmpty() ? u"."_s : folder.inRepository);
    if (paths.isEmpty())
        return done();
    const auto commits = readGitLog(
        m_repository, {.from = {u"--all"_s, u"--reflog"_s}, .paths = paths, .isFullHistory = true},
        m_stop);
    if (!commits)
        return commits.error().code == ErrorCode::NotFound ? done() : commits.error();
    QSet<QByteArray> seen;
    for (const GitCommit &commit : *commits) {
        for (const GitFileChange &change : commit.changes) {
            if (change.kind == 'D' || change.isLink || seen.contains(change.blob))
                continue;
            const QString place = placeOf(change.path, m_folders, m_project.config().isRecursive);
            if (place.isEmpty())
                continue;
            if (m_texts.size() >= mostBlobs) {
                *isWhole = false;
                return done();
            }
            seen.insert(change.blob);
            m_texts.append({change.blob, place, change.path, commit.author});
        }
    }
    return done();
}

void LostFinder::take(const OldText &text, const QByteArray &bytes)
{
    if (versionFileKind(text.path) == VersionFileKind::Sql && !isSqlRevision(bytes))
        return;
    Error problem;
    auto made = revisionFrom(bytes, text.path, &problem);
    if (!made)
        return;
    const Revision &revision = made->revision;
    const int known = m_project.graph().find(revision.id);
    if (known >= 0 && !m_project.graph().isGhost(known))
        return;
    QList<LostRevision> &texts = m_byId[revision.id];
    if (texts.size() < mostTexts)
        texts.append({.revision = revision,
                      .author = text.author,
                      .inRepository = text.inRepository,
                      .bytes = bytes});
}

Status LostFinder::readTexts()
{
    for (qsizetype first = 0; first < m_texts.size(); first += blobsAtOnce) {
        QList<QByteArray> blobs;
        for (const OldText &text : m_texts.mid(first, blobsAtOnce))
            blobs.append(text.blob);
        const auto contents =
            m_repository.contents(blobs, largestLostBytes, mostBytesAtOnce, m_stop);
        if (!contents)
            return contents.error();
        for (const OldText &text : m_texts.mid(first, blobsAtOnce)) {
            if (const auto bytes = contents->constFind(text.blob); bytes != contents->cend())
                take(text, *bytes);
        }
    }
    return done();
}

/// What the found revision revises or depends on, down to what the project has.
void LostFinder::addAncestors(LostSearch *search) const
{
    QSet<QString> seen{search->id};
    QStringList waiting = search->found.constFirst().revision.downRevisions
                          + search->found.constFirst().revision.dependsOn;
    while (!waiting.isEmpty() && search->ancestors.size() < mostAncestors) {
        const QString id = waiting.takeFirst();
        const int known = m_project.graph().find(id);
        const bool isLabel = known < 0 && m_project.graph().resolveOne(id);
        if (seen.contains(id) || (known >= 0 && !m_project.graph().isGhost(known)) || isLabel)
            continue;
        seen.insert(id);
        const auto found = m_byId.constFind(id);
        if (found == m_byId.cend()) {
            search->missing.append(id);
            continue;
        }
        search->ancestors.prepend(found->constFirst());
        waiting +=
            found->constFirst().revision.downRevisions + found->constFirst().revision.dependsOn;
    }
}

Result<LostSearch> LostFinder::find(const QString &id)
{
    LostSearch search{.id = id};
    if (const Status listed = listTexts(&search.isWhole); !listed)
        return listed.error();
    if (const Status read = readTexts(); !read)
        return read.error();
    for (QList<LostRevision> &texts : m_byId)
        std::ranges::stable_sort(texts, std::ranges::greater(),
                                 [](const LostRevision &text) { return text.author.date; });
    search.found = m_byId.value(id);
    if (search.found.isEmpty())
        return search;
    addAncestors(&search);
    for (QList<LostRevision> *list : {&search.found, &search.ancestors}) {
        for (LostRevision &revision : *list)
            revision.refs = m_repository.refsWith(revision.author.commit, m_stop);
    }
    return search;
}

} // namespace

Result<LostSearch> findLostRevision(const Project &project, const QString &id,
                                    const std::stop_token &stop)
{
    const int known = project.graph().find(id);
    if (known >= 0 && !project.graph().isGhost(known))
        return Error{.code = ErrorCode::Usage,
                     .message = u"Revision %1 is not lost: %2 has it."_s.arg(
                         id, project.graph().revision(known).file)};
    const auto repository = repositoryOf(project.config(), stop);
    if (!repository)
        return repository.error();
    return LostFinder(project, *repository, stop).find(id);
}

QStringList standsOn(const Project &project, const LostSearch &search, qsizetype choice)
{
    if (choice < 0 || choice >= search.found.size() || !search.missing.isEmpty())
        return {};
    const RevisionGraph &graph = project.graph();
    QSet<QString> lost;
    for (const LostRevision &one : search.ancestors + QList{search.found[choice]})
        lost.insert(one.revision.id);
    QStringList below;
    for (const LostRevision &one : search.ancestors + QList{search.found[choice]}) {
        for (const QString &parent : one.revision.downRevisions) {
            const int node = graph.find(parent);
            if (lost.contains(parent))
                continue;
            if (node < 0 || graph.isGhost(node))
                return {};
            below.append(parent);
        }
    }
    below.removeDuplicates();
    return below.isEmpty() ? QStringList{u"base"_s} : below;
}

Result<Edit> bringBack(const Project &project, const LostSearch &search, qsizetype choice)
{
    if (choice < 0 || choice >= search.found.size())
        return Error{.code = ErrorCode::NotFound,
                     .message =
                         u"The repository has no revision %1 to bring back."_s.arg(search.id)};
    Edit edit{.title = u"Bring back %1"_s.arg(search.id)};
    QList<Revision> revisions;
    for (const RevisionFile &file : project.data().scripts->files())
        revisions.append(file.revision);
    QSet<QString> folders;
    for (const LostRevision &lost : search.ancestors + QList{search.found[choice]}) {
        const QString folder = QFileInfo(lost.revision.file).path();
        if (!QFileInfo(folder).isDir() && !folders.contains(folder))
            edit.changes.append(FileChange::newFolder(folder));
        folders.insert(folder);
        edit.changes.append({.path = lost.revision.file, .after = lost.bytes});
        revisions.append(lost.revision);
    }
    const auto refusal = RevisionGraph::build(revisions).refusal();
    if (refusal && !project.graph().refusal())
        return Error{.code = ErrorCode::GraphInvalid,
                     .message = u"Bringing back %1 would break the history: %2"_s.arg(
                         search.id, refusal->message)};
    return edit;
}

} // namespace tribikos
