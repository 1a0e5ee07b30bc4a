#include "ui/diff/revisiondraft.h"

#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/shell/projectcontroller.h"

#include <QDateTime>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int waitMs = 120;

int changeCount(const ModelChanges &changes)
{
    qsizetype count = 0;
    for (const TableChanges &table : changes.tables)
        count += table.changes.size();
    return int(count);
}

DraftTexts draftTexts(const Project &project, const ModelRevision &revision)
{
    DraftTexts texts{.changes = changeCount(revision.changes), .notes = revision.notes};
    if (revision.changes.isEmpty())
        return texts;
    RevisionRequest request{.message = QString(),
                            .now = QDateTime::currentMSecsSinceEpoch() * 1000};
    const Result<NewRevision> made = revisionFor(project, revision, request);
    if (!made) {
        texts.reason = made.error().message;
    } else {
        texts.script =
            QString::fromUtf8(made->edit.changes.constLast().after.value_or(QByteArray()));
        texts.language = made->file.endsWith(u".py"_s) ? u"python"_s : u"sql"_s;
        texts.notes += made->notes;
    }
    const Result<QStringList> statements =
        statementsFor(revision.changes, revision.backend, revision.from, Direction::Upgrade);
    texts.statements = statements ? statements->join(u";\n\n"_s) + u";\n"_s
                                  : u"-- "_s + statements.error().message + u'\n';
    return texts;
}

} // namespace

RevisionDraft::RevisionDraft(ProjectController *controller, ChangesPage *page, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
    , m_page(page)
{
    m_wait.setSingleShot(true);
    m_wait.setInterval(waitMs);
    connect(&m_wait, &QTimer::timeout, this, &RevisionDraft::draw);
    connect(page->model(), &ChangesModel::tickedChanged, this, [this] { m_wait.start(); });
    connect(page, &ChangesPage::renamesChanged, this, &RevisionDraft::forget);
    connect(&m_job, &JobSlot::runningChanged, this, &RevisionDraft::busyChanged);
}

void RevisionDraft::forget()
{
    m_all.reset();
    m_chosen.reset();
    m_job.cancel();
    m_wait.start();
}

void RevisionDraft::draw()
{
    const ProjectPtr project = m_controller->project();
    if (!project || !project->hasModels() || m_page->model()->differenceCount() == 0) {
        m_chosen.reset();
        m_page->setDraft({});
        return;
    }
    const Environment *environment = m_controller->environment();
    const auto state = m_controller->reading().state;
    const bool isAtHead = environment && state && state->exists && state->atHead;
    const auto at = isAtHead ? std::optional(*environment) : std::nullopt;
    m_job.start(
        [project, at, all = m_all,
         backend = environment ? environment->backend : m_controller->backend(),
         renames = m_page->chosenRenames(),
         chosen = m_page->chosenForRevision()](const std::stop_token &stop) -> Result<Drawn> {
            Drawn drawn{.all = all};
            if (!drawn.all) {
                auto found = at ? modelRevision(*project, *at, stop, renames)
                                : modelRevision(*project, backend, stop, renames);
                if (!found)
                    return found.error();
                drawn.all = std::make_shared<const ModelRevision>(found.take());
            }
            ModelRevision part = *drawn.all;
            part.changes = changesFor(part.changes, chosen);
            drawn.texts = draftTexts(*project, part);
            drawn.chosen = std::make_shared<const ModelRevision>(std::move(part));
            return drawn;
        },
        [this](const Result<Drawn> &drawn) { show(drawn); });
}

void RevisionDraft::show(const Result<Drawn> &drawn)
{
    m_chosen.reset();
    if (!drawn)
        return m_page->setDraft({.reason = drawn.error().message});
    m_all = drawn->all;
    if (!drawn->chosen->changes.isEmpty())
        m_chosen = drawn->chosen;
    m_page->setDraft(drawn->texts);
}

} // namespace tribikos
