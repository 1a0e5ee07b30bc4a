#include "ui/history/historyfacts.h"

#include "ui/history/historymodel.h"
#include "ui/shell/projectcontroller.h"

namespace tribikos {

namespace {

constexpr int headSettlesMs = 200; // a rebase moves it many times

SearchIndex indexOf(const Project &project, QHash<QString, QStringList> more,
                    const QHash<QString, Authorship> &authors)
{
    const RevisionGraph &graph = project.graph();
    for (int node = 0; node < graph.revisionCount() && !authors.isEmpty(); ++node) {
        const Revision &revision = graph.revision(node);
        if (const auto author = authors.constFind(revision.file); author != authors.cend())
            more[revision.id] << author->name << author->email;
    }
    return historyIndex(graph, project.history(), more);
}

} // namespace

HistoryFacts::HistoryFacts(ProjectController *controller, HistoryModel *model, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
    , m_model(model)
{
    connect(controller, &ProjectController::switched, this, &HistoryFacts::forget);
    connect(controller, &ProjectController::opened, this, &HistoryFacts::takeProject);
    m_headSettles.setSingleShot(true);
    m_headSettles.setInterval(headSettlesMs);
    connect(&m_head, &QFileSystemWatcher::fileChanged, &m_headSettles, qOverload<>(&QTimer::start));
    connect(&m_headSettles, &QTimer::timeout, this, &HistoryFacts::readAuthors);
    for (const JobSlot *job : {&m_authorsJob, &m_indexJob})
        connect(job, &JobSlot::runningChanged, this, &HistoryFacts::busyChanged);
}

void HistoryFacts::forget()
{
    m_authorsJob.cancel();
    m_indexJob.cancel();
    m_isRefusalSaid = false;
    m_isSearching = false;
    m_named.reset();
    m_names.clear();
    takeAuthors({});
}

void HistoryFacts::takeProject()
{
    if (m_isSearching)
        requestIndex();
    readAuthors();
}

void HistoryFacts::readAuthors()
{
    const ProjectPtr project = m_controller->project();
    if (!project)
        return;
    m_authorsJob.start(
        [project, known = m_authors](const std::stop_token &stop) {
            Found found{authorsSince(*project, known, stop)};
            const auto authors = found.authors ? found.authors->byFile : known.byFile;
            found.rows = indexOf(*project, {}, authors);
            return found;
        },
        [this, project](const Found &found) { take(project, found); });
}

void HistoryFacts::take(const ProjectPtr &project, const Found &found)
{
    if (!m_isSearching && m_named != project && project == m_controller->project())
        m_model->setSearchIndex(found.rows); // the first keystroke finds it made
    if (found.authors)
        return takeAuthors(*found.authors);
    const Error &error = found.authors.error();
    if (error.code == ErrorCode::ProjectRefused && !std::exchange(m_isRefusalSaid, true))
        emit repositoryRefused(error);
}

void HistoryFacts::takeAuthors(const ProjectAuthors &authors)
{
    const bool isOther = authors.hasRepository != m_authors.hasRepository;
    m_authors = authors;
    watchHead();
    m_model->setAuthors(authors.byFile);
    if (m_isSearching)
        requestIndex();
    if (isOther)
        emit repositoryChanged();
}

void HistoryFacts::watchHead()
{
    const QString wanted = m_authors.headFile;
    if (m_head.files() == (wanted.isEmpty() ? QStringList() : QStringList{wanted}))
        return; // as it is: taking a path out and in again would lose what has just happened
    if (!m_head.files().isEmpty())
        m_head.removePaths(m_head.files());
    if (!wanted.isEmpty() && m_head.addPath(wanted))
        m_headSettles.start(); // it may have changed between the reading and now
}

void HistoryFacts::setSearching(bool isSearching)
{
    const bool begins = isSearching && !m_isSearching;
    m_isSearching = isSearching;
    if (begins)
        requestIndex();
}

void HistoryFacts::requestIndex()
{
    const ProjectPtr project = m_controller->project();
    if (!project)
        return;
    const bool isNamed = m_named == project;
    m_indexJob.start(
        [project, isNamed, known = m_names, authors = m_authors.byFile,
         backend = m_controller->backend()](const std::stop_token &stop) {
            Index index{.names = isNamed ? known : project->namesByRevision(backend, stop)};
            index.rows = indexOf(*project, index.names, authors);
            return index;
        },
        [this, project](const Index &index) {
            if (project != m_controller->project())
                return;
            m_named = project;
            m_names = index.names;
            m_model->setSearchIndex(index.rows);
            emit indexed();
        });
}

} // namespace tribikos
