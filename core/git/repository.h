#pragma once

#include "core/git/gitprogram.h"

#include <QDateTime>
#include <QHash>
#include <QList>
#include <optional>

namespace tribikos {

/// A branch, tag or remote branch.
struct GitRef
{
    QString name{};      // "feature", "origin/feature", as it is shown and may be asked for
    QString fullName{};  // "refs/heads/feature"
    QString commit{};
    QDateTime date{};    // of its commit
    bool isCurrent = false;
    friend bool operator==(const GitRef &, const GitRef &) = default;
};

/// A file of a commit.
struct GitFile
{
    QString path{};     // absolute: where it stands, or would, in the work tree
    QByteArray blob{};  // object id, hexadecimal
    bool isLink = false;
    friend bool operator==(const GitFile &, const GitFile &) = default;
};

/// A folder whose files are asked for; what git knows of it goes by its name inside of the repository.
struct GitFolder
{
    QString path{};        // absolute, as the project names it
    QString inRepository{}; // "migrations/versions"; empty: the repository's own
    friend bool operator==(const GitFolder &, const GitFolder &) = default;
};

/*!
    The repository that a folder lies in, for reading (gitprogram.h). A value: cheap to copy, free to share
    between threads; every question is one or a few calls of git on the calling thread.
*/
class GitRepository
{
public:
    /// Errors: NotFound, there is no git or no repository, of which nothing needs to be said; ProjectRefused, git
    /// won't read this one (a foreign owner, a damaged one): to be said once.
    static Result<GitRepository> find(const QString &folder, const std::stop_token &stop = {});

    const QString &topLevel() const { return m_topLevel; }

    /// The commit that \a ref names. Errors: Usage, it can't be a ref; NotFound.
    Result<QString> commitOf(const QString &ref, const std::stop_token &stop = {}) const;
    /// The best common ancestor; empty: there is none, or it is not here (a shallow clone).
    QString mergeBase(const QString &one, const QString &other, const std::stop_token &stop = {}) const;
    /// Branches, remote branches and tags, the newest first.
    Result<QList<GitRef>> refs(const std::stop_token &stop = {}) const;
    /// Names of those that have \a commit in their past, a stash's ("stash@{1}") included.
    QStringList refsWith(const QString &commit, const std::stop_token &stop = {}) const;

    /// Those of \a folders that lie in the repository, by their real places.
    QList<GitFolder> folders(const QStringList &folders) const;
    /// \a commit's files in \a folders, in their order and in the byte order of names.
    Result<QList<GitFile>> files(const QString &commit, const QList<GitFolder> &folders, bool isRecursive,
                                 const std::stop_token &stop = {}) const;
    /// The contents of \a blobs; those above \a largest bytes, and what isn't here, are left out. Error: Unreadable,
    /// more than \a most bytes in all.
    Result<QHash<QByteArray, QByteArray>> contents(const QList<QByteArray> &blobs, qint64 largest,
                                                   qint64 most, const std::stop_token &stop = {}) const;
    /// The id that git gives \a bytes, of the same kind as \a like.
    static QByteArray blobId(const QByteArray &bytes, const QByteArray &like);

    Result<QByteArray> run(const QStringList &arguments, const std::stop_token &stop = {},
                           const QByteArray &input = {}, const GitLimits &limits = {}) const;

private:
    GitRepository(const GitProgram &program, const QString &topLevel)
        : m_program(program)
        , m_topLevel(topLevel)
    {}
    QString stashWith(const QString &commit, const std::stop_token &stop) const;

    GitProgram m_program;
    QString m_topLevel; // absolute, without links
};

} // namespace tribikos
