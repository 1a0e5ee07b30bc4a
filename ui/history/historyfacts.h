#pragma once

#include "core/graph/searchindex.h"
#include "core/project/projectgit.h"
#include "ui/shell/jobslot.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace tribikos {

class HistoryModel;
class ProjectController;

/*!
    What is found out about the shown revisions behind the history's back: who added their files, as the repository
    knows it, and which tables and columns they touch, for the search. Lives on the window's thread; all reading is done
    in jobs.
*/
class HistoryFacts final : public QObject
{
    Q_OBJECT
public:
    HistoryFacts(ProjectController *controller, HistoryModel *model, QObject *parent = nullptr);

    /// While something is searched for, tables and columns are wanted.
    void setSearching(bool isSearching);
    /// The project lies in a repository, and there is a git to read it with.
    bool hasRepository() const { return m_authors.hasRepository; }
    bool isBusy() const { return m_authorsJob.isRunning() || m_indexJob.isRunning(); }

signals:
    void repositoryChanged();
    /// git won't read the repository; said once a project.
    void repositoryRefused(const tribikos::Error &error);
    void indexed();
    void busyChanged();

private:
    struct Index
    {
        QHash<QString, QStringList> names{};
        SearchIndex rows{};
    };
    struct Found
    {
        Result<ProjectAuthors> authors;
        SearchIndex rows{}; // without tables and columns
    };
    void takeProject();
    void readAuthors();
    void watchHead();
    void take(const ProjectPtr &project, const Found &found);
    void requestIndex();
    void takeAuthors(const ProjectAuthors &authors);
    void forget();

    ProjectController *m_controller = nullptr;
    HistoryModel *m_model = nullptr;
    ProjectAuthors m_authors{};
    QFileSystemWatcher m_head{}; // another commit: other authors, though no script has changed
    QTimer m_headSettles{};
    bool m_isRefusalSaid = false;
    bool m_isSearching = false;
    ProjectPtr m_named{};                  // whose names these are
    QHash<QString, QStringList> m_names{}; // tables and columns by revision id
    JobSlot m_authorsJob{};
    JobSlot m_indexJob{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
