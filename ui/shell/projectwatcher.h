#pragma once

#include "core/project/projectstamp.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace tribikos {

/*!
    Says that something may have changed in a project's folders: once after a burst of changes, however
    many files a checkout writes. Where the system can't tell, it says so every now and then, and whoever
    listens compares stamps (core/project/projectstamp.h). Lives on the window's thread.
*/
class ProjectWatcher final : public QObject
{
    Q_OBJECT
public:
    explicit ProjectWatcher(QObject *parent = nullptr);

    /// Listens to these and to nothing else; empty: to nothing.
    void watch(const WatchedPaths &paths);
    bool isPolling() const { return m_poll.isActive(); }

signals:
    void mayHaveChanged();

private:
    void hear();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet;    // runs out when a burst has ended
    QTimer m_patience; // a burst that doesn't end is looked into all the same
    QTimer m_poll;
};

} // namespace tribikos
