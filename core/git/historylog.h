#pragma once

#include "core/git/repository.h"

namespace tribikos {

/// Who made a commit, and when.
struct Authorship
{
    QString name{};    // U+FFFD where it is not UTF-8
    QString email{};
    QDateTime date{};  // the author's, with his offset from UTC
    QString commit{};
    QString summary{}; // the first line of the commit's message
    friend bool operator==(const Authorship &, const Authorship &) = default;
};

/// What one commit did to one file.
struct GitFileChange
{
    char kind = 'M';       // git's letter: A added, M, D deleted, R renamed, T
    QString path{};        // inside of the repository
    QString from{};        // of a renamed one
    QByteArray blob{};     // that it has now; zeros: deleted
    bool isLink = false;
};

struct GitCommit
{
    Authorship author{};
    QList<GitFileChange> changes{}; // of a merge: only what no side has like that
};

/// Which commits to look at.
struct GitLogRequest
{
    QStringList from{QStringLiteral("HEAD")}; // commits, or "--all" and "--reflog"
    QStringList paths{};                      // inside of the repository; empty: all of it
    bool isFullHistory = false;               // also what a merge threw away
    GitLimits limits{.milliseconds = 60'000, .outputBytes = 128LL << 20};
};

/// Commits that touch the paths, children before parents. Errors as GitProgram::run().
Result<QList<GitCommit>> readGitLog(const GitRepository &repository, const GitLogRequest &request,
                                    const std::stop_token &stop = {});

/// \a text of `git log -z --raw -c` with its header of six fields, taken apart; what is no such text ends it.
QList<GitCommit> parseGitLog(const QByteArray &text);

/// What stands for git's own arguments of that format.
QStringList gitLogFormat();

} // namespace tribikos
