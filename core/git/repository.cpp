#include "core/git/repository.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Of a listing, about a million names: a tree can hold itself many times over.
constexpr qint64 mostTreeBytes = 64LL << 20;

/// The real place of \a path, which need not exist whole.
QString realPath(const QString &path)
{
    const QString clean = QDir::cleanPath(path);
    QString there = clean;
    while (!QFileInfo::exists(there) && there.contains(u'/') && there.size() > 1)
        there = QFileInfo(there).path();
    const QString real = QFileInfo(there).canonicalFilePath();
    return QDir::cleanPath(real + u'/' + clean.mid(there.size()));
}

/// git's own way of saying that there is none; everything else is a refusal.
bool saysNoRepository(const QString &words)
{
    return words.contains(u"not a git repository (")
           || words.contains(u"must be run in a work tree")
           || words.contains(u"cannot use bare repository");
}

Error noSuchRef(const QString &ref)
{
    return {
        .code = ErrorCode::NotFound,
        .message =
            u"The repository has no branch, tag or commit '%1'; fetch it, or check its name."_s.arg(
                ref)};
}

/// "100644 blob OID\tNAME" of ls-tree; nullopt for what is no file.
std::optional<GitFile> treeEntry(const QByteArray &entry, const GitFolder &folder)
{
    const qsizetype tab = entry.indexOf('\t');
    const QList<QByteArray> facts = entry.left(tab).split(' ');
    if (tab < 0 || facts.size() != 3 || facts[1] != "blob")
        return {};
    const QString prefix = folder.inRepository.isEmpty() ? QString() : folder.inRepository + u'/';
    const QString path = QFile::decodeName(entry.mid(tab + 1));
    if (!path.startsWith(prefix))
        return {};
    return GitFile{.path = folder.path + u'/' + path.mid(prefix.size()),
                   .blob = facts[2],
                   .isLink = facts[0] == "120000"};
}

/// Takes "OID blob SIZE\n" from the front of \a bytes; nullopt at the end and for anything else.
struct ObjectHead
{
    QByteArray id{};
    bool isBlob = false;
    qint64 size = 0;
};
std::optional<ObjectHead> takeHead(const QByteArray &bytes, qsizetype *at)
{
    const qsizetype end = bytes.indexOf('\n', *at);
    if (end < 0)
        return {};
    const QList<QByteArray> words = bytes.mid(*at, end - *at).split(' ');
    *at = end + 1;
    const bool isBlob = words.size() == 3 && words[1] == "blob";
    return ObjectHead{words.value(0), isBlob, isBlob ? words[2].toLongLong() : 0};
}

} // namespace

Result<GitRepository> GitRepository::find(const QString &folder, const std::stop_token &stop)
{
    const auto program = GitProgram::find();
    if (!program)
        return program.error();
    QString start = QDir::cleanPath(folder);
    while (!QFileInfo(start).isDir() && start.contains(u'/') && start.size() > 1)
        start = QFileInfo(start).path();
    const auto top = program->run(start, {u"rev-parse"_s, u"--show-toplevel"_s}, stop, {},
                                  {.milliseconds = 5000});
    if (!top && top.error().code != ErrorCode::NotFound)
        return top.error();
    if (!top && saysNoRepository(top.error().detail))
        return Error{.code = ErrorCode::NotFound,
                     .message = u"%1 lies in no git repository."_s.arg(folder)};
    if (!top)
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"git won't read the repository of %1, so there are no authors and "
                         u"branches: %2"_s.arg(folder, top.error().detail.section(u'\n', 0, 0)),
                     .detail = top.error().detail};
    return GitRepository(*program, QFile::decodeName(top->chopped(top->endsWith('\n') ? 1 : 0)));
}

Result<QByteArray> GitRepository::run(const QStringList &arguments, const std::stop_token &stop,
                                      const QByteArray &input, const GitLimits &limits) const
{
    return m_program.run(m_topLevel, arguments, stop, input, limits);
}

Result<QString> GitRepository::commitOf(const QString &ref, const std::stop_token &stop) const
{
    const bool isOdd =
        std::ranges::any_of(ref, [](QChar c) { return c < u' ' || c == QChar(0x7f); });
    if (ref.isEmpty() || ref.startsWith(u'-') || isOdd)
        return Error{.code = ErrorCode::Usage,
                     .message = u"'%1' can't name a branch, tag or commit."_s.arg(ref)};
    const auto found =
        run({u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, ref + u"^{commit}"_s}, stop);
    if (!found)
        return found.error().code == ErrorCode::NotFound ? noSuchRef(ref) : found.error();
    return QString::fromLatin1(found->trimmed());
}

QString GitRepository::mergeBase(const QString &one, const QString &other,
                                 const std::stop_token &stop) const
{
    const auto found = run({u"merge-base"_s, one, other}, stop);
    return found ? QString::fromLatin1(found->trimmed()).section(u'\n', 0, 0) : QString();
}

Result<QList<GitRef>> GitRepository::refs(const std::stop_token &stop) const
{
    const auto listed = run({u"for-each-ref"_s, u"--sort=-committerdate"_s,
                             u"--format=%(HEAD)%00%(refname)%00%(refname:short)%00%(objectname)%00"
                             "%(*objectname)%00%(committerdate:unix)%(taggerdate:unix)"_s,
                             u"refs/heads"_s, u"refs/remotes"_s, u"refs/tags"_s},
                            stop);
    if (!listed)
        return listed.error();
    QList<GitRef> all;
    for (const QByteArray &line : listed->split('\n')) {
        const QList<QByteArray> facts = line.split('\0');
        if (facts.size() != 6 || facts[1].endsWith("/HEAD"))
            continue;
        all.append({.name = QString::fromUtf8(facts[2]),
                    .fullName = QString::fromUtf8(facts[1]),
                    .commit = QString::fromLatin1(facts[4].isEmpty() ? facts[3] : facts[4]),
                    .date = QDateTime::fromSecsSinceEpoch(facts[5].toLongLong()),
                    .isCurrent = facts[0] == "*"});
    }
    return all;
}

QString GitRepository::stashWith(const QString &commit, const std::stop_token &stop) const
{
    const auto stashes =
        run({u"log"_s, u"-g"_s, u"--format=%H %P"_s, u"refs/stash"_s, u"--"_s}, stop);
    if (!stashes)
        return {};
    const QList<QByteArray> lines = stashes->split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QList<QByteArray> parts = lines[i].split(' ');
        if (parts.size() > 1)
            parts.removeAt(1); // the commit that was worked on belongs to a branch
        if (parts.contains(commit.toLatin1()))
            return u"stash@{%1}"_s.arg(i);
    }
    return {};
}

QStringList GitRepository::refsWith(const QString &commit, const std::stop_token &stop) const
{
    QStringList names;
    if (const QString stash = stashWith(commit, stop); !stash.isEmpty())
        names.append(stash);
    const auto listed =
        run({u"for-each-ref"_s, u"--contains"_s, commit, u"--format=%(refname:short)"_s,
             u"refs/heads"_s, u"refs/remotes"_s, u"refs/tags"_s},
            stop);
    if (!listed)
        return names;
    for (const QByteArray &name : listed->split('\n')) {
        if (!name.isEmpty())
            names.append(QString::fromUtf8(name));
    }
    return names;
}

QList<GitFolder> GitRepository::folders(const QStringList &folders) const
{
    QList<GitFolder> inside;
    for (const QString &named : folders) {
        const QString folder = QDir::cleanPath(named);
        const QString real = realPath(folder);
        if (real == m_topLevel)
            inside.append({folder, {}});
        else if (real.startsWith(m_topLevel.endsWith(u'/') ? m_topLevel : m_topLevel + u'/'))
            inside.append({folder, QDir(m_topLevel).relativeFilePath(real)});
    }
    return inside;
}

Result<QList<GitFile>> GitRepository::files(const QString &commit, const QList<GitFolder> &folders,
                                            bool isRecursive, const std::stop_token &stop) const
{
    QList<GitFile> all;
    for (const GitFolder &folder : folders) {
        QStringList arguments{u"ls-tree"_s, u"-z"_s, u"--full-tree"_s};
        if (isRecursive)
            arguments.append(u"-r"_s);
        arguments << commit << u"--"_s;
        if (!folder.inRepository.isEmpty())
            arguments.append(folder.inRepository + u'/');
        const auto listed = run(arguments, stop, {}, {.outputBytes = mostTreeBytes});
        if (!listed)
            return listed.error();
        for (const QByteArray &entry : listed->split('\0')) {
            if (const auto file = treeEntry(entry, folder))
                all.append(*file);
        }
    }
    return all;
}

Result<QHash<QByteArray, QByteArray>> GitRepository::contents(const QList<QByteArray> &blobs,
                                                              qint64 largest, qint64 most,
                                                              const std::stop_token &stop) const
{
    QHash<QByteArray, QByteArray> texts;
    if (blobs.isEmpty())
        return texts;
    const auto sizes =
        run({u"cat-file"_s, u"--batch-check"_s, u"--buffer"_s}, stop, blobs.join('\n') + '\n');
    if (!sizes)
        return sizes.error();
    QByteArray wanted;
    qint64 total = 0;
    for (qsizetype at = 0; const auto head = takeHead(*sizes, &at);) {
        if (!head->isBlob || head->size > largest)
            continue;
        wanted += head->id + '\n';
        total += head->size;
    }
    if (total > most)
        return Error{.code = ErrorCode::Unreadable,
                     .message =
                         u"The revisions in the repository have %1 MiB, which is not read."_s.arg(
                             total >> 20)};
    if (wanted.isEmpty())
        return texts;
    const auto read = run({u"cat-file"_s, u"--batch"_s, u"--buffer"_s}, stop, wanted,
                          {.outputBytes = total + wanted.size() * 2 + (1 << 20)});
    if (!read)
        return read.error();
    for (qsizetype at = 0; const auto head = takeHead(*read, &at);) {
        if (!head->isBlob)
            continue;
        texts.insert(head->id, read->mid(at, head->size));
        at += head->size + 1;
    }
    return texts;
}

QByteArray GitRepository::blobId(const QByteArray &bytes, const QByteArray &like)
{
    constexpr qsizetype sha1Digits = 40;
    QCryptographicHash hash(like.size() == sha1Digits ? QCryptographicHash::Sha1
                                                      : QCryptographicHash::Sha256);
    hash.addData("blob " + QByteArray::number(bytes.size()) + '\0');
    hash.addData(bytes);
    return hash.result().toHex();
}

} // namespace tribikos
