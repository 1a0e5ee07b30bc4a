#include "core/git/authorship.h"

#include <QDir>
#include <QFile>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// How often files may have been moved here from elsewhere.
constexpr int mostMoves = 4;

/// The commits that a shallow clone ends at: to git they seem to have added everything.
QSet<QString> shallowEnds(const GitRepository &repository, const std::stop_token &stop)
{
    const auto path = repository.run({u"rev-parse"_s, u"--git-path"_s, u"shallow"_s}, stop);
    if (!path)
        return {};
    QFile file(QDir(repository.topLevel()).absoluteFilePath(QFile::decodeName(path->trimmed())));
    constexpr qint64 mostBytes = 1 << 20;
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QSet<QString> ends;
    for (const QByteArray &line : file.read(mostBytes).split('\n'))
        ends.insert(QString::fromLatin1(line));
    return ends;
}

/// Follows files from what they are called now back to the commit that added them.
class Authors
{
public:
    Authors(const GitRepository &repository, const std::stop_token &stop)
        : m_repository(repository)
        , m_stop(stop)
        , m_ends(shallowEnds(repository, stop))
    {}

    void want(const QString &path) { m_current.insert(path, path); }
    /// Walks \a commits, children first.
    void walk(const QList<GitCommit> &commits);
    /// Files whose adding was a move from outside of what was looked at go on under their old names; returns these.
    Result<QStringList> followMoves();
    const QHash<QString, Authorship> &found() const { return m_found; }

private:
    const GitRepository &m_repository;
    const std::stop_token &m_stop;
    QSet<QString> m_ends;
    QHash<QString, QString> m_current{};  // the name at that time -> the name now
    QHash<QString, Authorship> m_found{}; // by the name now
    QHash<QString, QString> m_added{};    // of the last walk: the name then -> the name now
};

void Authors::walk(const QList<GitCommit> &commits)
{
    m_added.clear();
    for (const GitCommit &commit : commits) {
        for (const GitFileChange &change : commit.changes) {
            const auto known = m_current.constFind(change.path);
            if (known == m_current.cend() || (change.kind != 'A' && change.kind != 'R'))
                continue;
            const QString now = *known;
            m_current.erase(known);
            if (change.kind == 'R') {
                m_current.insert(change.from, now);
            } else if (!m_ends.contains(commit.author.commit)) {
                m_found.insert(now, commit.author);
                m_added.insert(change.path, now);
            }
        }
    }
}

Result<QStringList> Authors::followMoves()
{
    QSet<QString> commits;
    for (const QString &now : std::as_const(m_added))
        commits.insert(m_found[now].commit);
    if (commits.isEmpty())
        return QStringList();
    QByteArray input;
    for (const QString &commit : std::as_const(commits))
        input += commit.toLatin1() + '\n';
    const auto printed = m_repository.run(QStringList{u"diff-tree"_s, u"--stdin"_s, u"-r"_s,
                                                      u"-M"_s, u"-l1000"_s, u"--diff-filter=R"_s}
                                              + gitLogFormat(),
                                          m_stop, input);
    if (!printed)
        return printed.error();
    QStringList older;
    for (const GitCommit &commit : parseGitLog(*printed)) {
        for (const GitFileChange &change : commit.changes) {
            const auto moved = m_added.constFind(change.path);
            if (moved == m_added.cend() || m_found[*moved].commit != commit.author.commit)
                continue;
            m_current.insert(change.from, *moved);
            m_found.remove(*moved); // who moved it isn't who made it
            older.append(change.from);
        }
    }
    return older;
}

} // namespace

Result<QHash<QString, Authorship>> readAuthorship(const GitRepository &repository,
                                                  const QStringList &folders,
                                                  const std::stop_token &stop)
{
    const QList<GitFolder> inside = repository.folders(folders);
    QHash<QString, Authorship> byFile;
    if (inside.isEmpty() || !repository.commitOf(u"HEAD"_s, stop)) // nothing is committed yet
        return byFile;
    const auto files = repository.files(u"HEAD"_s, inside, true, stop);
    if (!files)
        return files.error();
    Authors authors(repository, stop);
    QHash<QString, QString> inRepository; // absolute -> inside
    QStringList paths;
    for (const GitFolder &folder : inside)
        paths.append(folder.inRepository.isEmpty() ? u"."_s : folder.inRepository);
    for (const GitFile &file : *files) {
        for (const GitFolder &folder : inside) {
            if (!file.path.startsWith(folder.path + u'/'))
                continue;
            const QString rest = file.path.mid(folder.path.size() + 1);
            inRepository[file.path] =
                folder.inRepository.isEmpty() ? rest : folder.inRepository + u'/' + rest;
            authors.want(inRepository[file.path]);
        }
    }
    for (int moves = 0; !paths.isEmpty() && moves <= mostMoves; ++moves) {
        const auto commits = readGitLog(repository, {.paths = paths}, stop);
        if (!commits)
            return commits.error();
        authors.walk(*commits);
        auto older = authors.followMoves();
        if (!older)
            return older.error();
        paths = older.take();
    }
    for (auto it = inRepository.cbegin(); it != inRepository.cend(); ++it) {
        const auto author = authors.found().constFind(it.value());
        if (author != authors.found().cend())
            byFile.insert(it.key(), *author);
    }
    return byFile;
}

} // namespace tribikos
