#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <stop_token>

namespace tribikos {

/// What one call of git may use up before it is ended.
struct GitLimits
{
    int milliseconds = 20'000;
    qint64 outputBytes = 256LL << 20;
};

/*!
    The `git` program, called for reading only and without a shell: what a repository's own configuration
    could start (hooks, pager, fsmonitor, external diffs, text conversions, signature checks, transports)
    is off, no lock is taken, no missing object is fetched, no question is asked. The caller's GIT_* variables
    count only where they say which configuration files are read, for safe.directory stands in those.
*/
class GitProgram
{
public:
    /// The program in an absolute folder of PATH; Error: NotFound.
    static Result<GitProgram> find();

    /// What \a arguments print in \a folder when they read \a input. Errors: NotFound, git refused or found
    /// nothing (detail: its words); Unreadable, past a limit; Cancelled.
    Result<QByteArray> run(const QString &folder, const QStringList &arguments,
                           const std::stop_token &stop = {}, const QByteArray &input = {},
                           const GitLimits &limits = {}) const;

private:
    explicit GitProgram(const QString &path)
        : m_path(path)
    {}
    QString m_path;
};

} // namespace tribikos
