#include "ui/shell/projectwatcher.h"

#include <QSet>
#include <chrono>

namespace tribikos {

using namespace std::chrono_literals;

namespace {

constexpr auto burstEnd = 150ms;
constexpr auto longestBurst = 3s;
constexpr auto pollInterval = 600ms;

QStringList without(const QStringList &all, const QStringList &taken)
{
    const QSet<QString> set(taken.cbegin(), taken.cend());
    QStringList rest;
    for (const QString &one : all) {
        if (!set.contains(one))
            rest.append(one);
    }
    return rest;
}

} // namespace

ProjectWatcher::ProjectWatcher(QObject *parent)
    : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(burstEnd);
    m_patience.setSingleShot(true);
    m_patience.setInterval(longestBurst);
    m_poll.setInterval(pollInterval);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &ProjectWatcher::hear);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &ProjectWatcher::hear);
    for (QTimer *timer : {&m_quiet, &m_patience}) {
        connect(timer, &QTimer::timeout, this, [this] {
            m_quiet.stop();
            m_patience.stop();
            emit mayHaveChanged();
        });
    }
    connect(&m_poll, &QTimer::timeout, this, &ProjectWatcher::mayHaveChanged);
}

void ProjectWatcher::hear()
{
    m_quiet.start();
    if (!m_patience.isActive())
        m_patience.start();
}

void ProjectWatcher::watch(const WatchedPaths &paths)
{
    const QStringList known = m_watcher.files() + m_watcher.directories();
    const QStringList wanted = paths.files + paths.folders;
    if (const QStringList gone = without(known, wanted); !gone.isEmpty())
        m_watcher.removePaths(gone);
    const QStringList added = without(wanted, known);
    const bool isComplete = added.isEmpty() || m_watcher.addPaths(added).isEmpty();
    if (paths.mustPoll || !isComplete) { // a limit of the system was met, or a file is gone again
        if (!m_poll.isActive())
            m_poll.start();
    } else {
        m_poll.stop();
    }
}

} // namespace tribikos
