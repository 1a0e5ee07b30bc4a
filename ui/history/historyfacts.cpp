#include "ui/history/historyfacts.h"

#include "ui/history/historymodel.h"
#include "ui/shell/projectcontroller.h"

namespace tribikos {

HistoryFacts::HistoryFacts(ProjectController *controller, HistoryModel *model, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
    , m_model(model)
{
    connect(controller, &ProjectController::switched, this, &HistoryFacts::forget);
    connect(controller, &ProjectController::opened, this, &HistoryFacts::takeProject);
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
    m_authorsJob.start(
        [project = m_controller->project(), known = m_authors](const std::stop_token &stop) {
            return authorsSince(*project, known, stop);
        },
        [this](const Result<ProjectAuthors> &authors) {
            if (authors)
                return takeAuthors(*authors);
            const bool isRefused = authors.error().code == ErrorCode::ProjectRefused;
            if (isRefused && !std::exchange(m_isRefusalSaid, true))
                emit repositoryRefused(authors.error());
        });
}

void HistoryFacts::takeAuthors(const ProjectAuthors &authors)
{
    const bool isOther = authors.hasRepository != m_authors.hasRepository;
    m_authors = authors;
    m_model->setAuthors(authors.byFile);
    if (m_isSearching)
        requestIndex();
    if (isOther)
        emit repositoryChanged();
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
            QHash<QString, QStringList> more = index.names;
            const RevisionGraph &graph = project->graph();
            for (int node = 0; node < graph.revisionCount(); ++node) {
                const Revision &revision = graph.revision(node);
                if (const auto author = authors.constFind(revision.file); author != authors.cend())
                    more[revision.id] << author->name << author->email;
            }
            index.rows = historyIndex(graph, project->history(), more);
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
