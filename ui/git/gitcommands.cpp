#include "ui/git/gitcommands.h"

#include "core/base/text.h"
#include "ui/edit/historyediting.h"
#include "ui/git/forecastdialog.h"
#include "ui/git/rescuedialog.h"
#include "ui/history/historyfacts.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/actions.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/problems.h"
#include "ui/shell/projectcontroller.h"

#include <QAction>

namespace tribikos {

using namespace Qt::StringLiterals;

GitCommands::GitCommands(ProjectController *controller, HistoryFacts *facts,
                         HistoryEditing *editing, HistoryPage *page, Actions *actions,
                         QWidget *window)
    : QObject(window)
    , m_controller(controller)
    , m_facts(facts)
    , m_editing(editing)
    , m_page(page)
    , m_actions(actions)
    , m_window(window)
{
    connect(actions->forecast, &QAction::triggered, this, &GitCommands::openForecast);
    connect(actions->findLost, &QAction::triggered, this, [this] { openRescue(lostRevision()); });
    connect(facts, &HistoryFacts::repositoryChanged, this, &GitCommands::updateActions);
    connect(controller, &ProjectController::switched, this, [this] { m_afterMerge.reset(); });
    connect(controller, &ProjectController::opened, this, &GitCommands::offerWhatIsDue);
    connect(page->notice(), &InlineBanner::actionTriggered, this, &GitCommands::doWhatIsDue);
    updateActions();
}

void GitCommands::updateActions()
{
    const bool hasRepository = m_controller->project() && m_facts->hasRepository();
    for (QAction *action : {m_actions->forecast, m_actions->findLost}) {
        action->setVisible(hasRepository);
        action->setEnabled(hasRepository);
    }
    const bool hasLost = !lostRevision().isEmpty();
    Actions::setReason(m_actions->findLost, hasRepository && hasLost,
                       hasRepository && !hasLost ? tr("Every revision that is named has its file.")
                                                 : QString());
}

QString GitCommands::lostRevision() const
{
    if (!m_controller->project())
        return {};
    const RevisionGraph &graph = m_controller->project()->graph();
    const QString selected = m_page->view()->selectedId();
    const int node = graph.find(selected);
    if (node >= 0 && graph.isGhost(node))
        return selected;
    const auto state = m_controller->reading().state;
    return state ? state->unknown.value(0) : QString();
}

ForecastDialog *GitCommands::openForecast()
{
    if (!m_controller->project())
        return nullptr;
    auto *dialog = new ForecastDialog(m_controller, m_window);
    connect(dialog, &ForecastDialog::leftToDo, this, &GitCommands::remember);
    dialog->show(); // not modal: the branches may be merged beside it
    return dialog;
}

RescueDialog *GitCommands::openRescue(const QString &id)
{
    const ProjectPtr project = m_controller->project();
    if (!project || id.isEmpty() || !m_facts->hasRepository())
        return nullptr;
    const auto state = m_controller->reading().state;
    const bool isAtDatabase = state && state->unknown.contains(id);
    const QString shown = visibleText(id, false);
    const QString who = isAtDatabase
                            ? tr("%1 is at %2, and no file here has that revision.")
                                  .arg(visibleText(m_controller->environment()->name, false), shown)
                            : tr("Another revision names %1, and no file here has it.").arg(shown);
    auto *dialog = new RescueDialog(project, id, who, isAtDatabase, m_window);
    connect(dialog, &RescueDialog::stampRequested, this, &GitCommands::stampRequested);
    connect(dialog, &EditDialog::submitted, this, [this, dialog, project] {
        m_editing->workOut(
            [project, search = dialog->search(),
             choice = dialog->choice()]() -> Result<NewRevision> {
                const Result<Edit> edit = bringBack(*project, search, choice);
                if (!edit)
                    return edit.error();
                return NewRevision{.edit = *edit, .id = search.id};
            },
            dialog);
    });
    dialog->open();
    return dialog;
}

void GitCommands::remember(const AfterMerge &afterMerge)
{
    m_afterMerge = afterMerge;
    m_page->notice()->showMessage(
        InlineBanner::Kind::Info, {},
        tr("Once %1 is merged, it is offered here.").arg(visibleText(afterMerge.ref, false)));
    m_isOffered = false;
    offerWhatIsDue();
}

void GitCommands::offerWhatIsDue()
{
    if (!m_afterMerge || m_isOffered || !m_afterMerge->isDue(m_controller->project()->graph()))
        return;
    m_isOffered = true;
    const auto &other = m_afterMerge->reparenting;
    m_page->notice()->showMessage(InlineBanner::Kind::Info, {},
                                  tr("%1 is merged; the history has the heads %2.")
                                      .arg(visibleText(m_afterMerge->ref, false),
                                           visibleText(m_afterMerge->heads.join(u", "_s), false)));
    m_page->notice()->setAction(other ? tr("Put %1 on %2")
                                            .arg(visibleText(other->revision, false),
                                                 visibleText(other->parents.join(u", "_s), false))
                                      : tr("Merge revision…"));
}

void GitCommands::doWhatIsDue()
{
    if (!std::exchange(m_isOffered, false) || !m_afterMerge)
        return;
    const AfterMerge due = *std::exchange(m_afterMerge, std::nullopt);
    m_page->notice()->clear();
    if (!m_controller->project() || !due.isDue(m_controller->project()->graph()))
        return;
    if (due.reparenting)
        m_editing->reparentOnto(due.reparenting->revision, due.reparenting->parents);
    else
        m_editing->mergeDialog(due.heads);
}

} // namespace tribikos
