// The parts of HistoryEditing that commands start: what is asked, and which edit comes of it.
#include "core/base/text.h"
#include "core/edit/ignoreedit.h"
#include "core/edit/revisionedits.h"
#include "ui/diff/ignoredialog.h"
#include "ui/edit/historyediting.h"
#include "ui/edit/historyexport.h"
#include "ui/edit/parentdialog.h"
#include "ui/edit/propertiesdialog.h"
#include "ui/edit/revisiondialog.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/actions.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/projectcontroller.h"

#include <QAction>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QUrl>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

template<typename Make>
EditSource sourceOf(const ProjectPtr &project, Make make)
{
    return [project, make]() -> Result<NewRevision> {
        const Result<Edit> edit = make(project->graph());
        if (!edit)
            return edit.error();
        return NewRevision{.edit = *edit};
    };
}

/// The ends of \a ids as one straight run; nullopt: they are none.
Result<Edit> movedOnto(const RevisionGraph &graph, const QStringList &ids,
                       const QStringList &parents)
{
    if (ids.size() == 1)
        return reparent(graph, ids.constFirst(), parents);
    return moveChain(graph, ids.constLast(), ids.constFirst(), parents); // newest first
}

} // namespace

void HistoryEditing::connectActions()
{
    const auto on = [this](QAction *action, auto slot) {
        connect(action, &QAction::triggered, this, slot);
    };
    on(m_actions->undo, [this] { stepThrough(m_steps.nextUndo(), &UndoSteps::undo); });
    on(m_actions->redo, [this] { stepThrough(m_steps.nextRedo(), &UndoSteps::redo); });
    on(m_actions->newRevision, &HistoryEditing::askForRevision);
    on(m_actions->mergeHeads, &HistoryEditing::askForMerge);
    on(m_actions->properties, &HistoryEditing::askForProperties);
    on(m_actions->reparent, &HistoryEditing::askForParent);
    on(m_actions->spliceOut, &HistoryEditing::spliceOutSelected);
    on(m_actions->pointElsewhere, &HistoryEditing::askForReplacement);
    on(m_actions->deleteRevision, &HistoryEditing::deleteSelected);
    on(m_actions->openInEditor, &HistoryEditing::openScript);
    on(m_actions->exportGraph, &HistoryEditing::exportGraph);
    connect(m_actions->editGraph, &QAction::toggled, this, [this](bool isOn) {
        m_page->view()->setDraggable(isOn);
        updateActions();
    });
}

void HistoryEditing::updateUndo()
{
    const auto name = [](QAction *action, const QString &plain, const QString &named,
                         const QString &step, bool enabled) {
        action->setEnabled(enabled && !step.isEmpty());
        const QString shown = QString(visibleText(step, false)).replace(u'&', u"&&"_s);
        action->setText(step.isEmpty() ? plain : named.arg(shown));
    };
    const bool isFree = graph() && !m_steps.isRunning();
    name(m_actions->undo, tr("&Undo"), tr("&Undo “%1”"), m_steps.stack().undoText(), isFree);
    name(m_actions->redo, tr("&Redo"), tr("&Redo “%1”"), m_steps.stack().redoText(), isFree);
}

void HistoryEditing::updateActions()
{
    const QStringList selected = m_page->view()->selectedIds();
    const int node = graph() && selected.size() == 1 ? graph()->find(selected.constFirst()) : -1;
    const bool isFile = node >= 0 && !graph()->isGhost(node);
    const QString one = selected.size() > 1 ? tr("Select one revision.") : QString();
    const bool isEmpty = graph() && graph()->revisionCount() == 0;
    Actions::setReason(m_actions->newRevision, isFile || isEmpty, isEmpty ? QString() : one);
    const qsizetype heads = graph() ? graph()->heads().size() : 0;
    Actions::setReason(m_actions->mergeHeads, heads > 1,
                       graph() && heads < 2 ? tr("The history has no second head.") : QString());
    Actions::setReason(m_actions->properties, isFile, one);
    Actions::setReason(m_actions->openInEditor, isFile, one);
    updateStructureActions(selected, node);
    updateUndo();
}

void HistoryEditing::updateStructureActions(const QStringList &selected, int node)
{
    const bool isGhost = node >= 0 && graph()->isGhost(node);
    const bool isFile = node >= 0 && !isGhost;
    QString locked;
    if (!m_actions->editGraph->isChecked())
        locked = tr("The graph is locked; turn on “Edit graph” first.");
    Actions::setReason(m_actions->reparent, isFile || selected.size() > 1, locked);
    const bool hasChildren = isFile && !graph()->children(node).isEmpty();
    Actions::setReason(m_actions->spliceOut, hasChildren,
                       locked.isEmpty() && isFile && !hasChildren
                           ? tr("Nothing revises it, so it stands in nobody’s way.")
                           : locked);
    Actions::setReason(
        m_actions->pointElsewhere, isGhost,
        locked.isEmpty() && isFile ? tr("Its file is there; this is for missing ones.") : locked);
    Actions::setReason(m_actions->deleteRevision, isFile, locked);
}

void HistoryEditing::askForRevision()
{
    if (!graph())
        return;
    const ProjectPtr &project = m_controller->project();
    const QString parent = graph()->revisionCount() == 0 ? QString() : selected();
    auto *dialog = new RevisionDialog(project->config(), *graph(), parent, m_window);
    submitRevision(dialog);
}

void HistoryEditing::askForMerge()
{
    if (!graph())
        return;
    const QStringList heads = graph()->ids(graph()->heads());
    QStringList chosen = m_page->view()->selectedIds();
    chosen.removeIf([&](const QString &id) { return !heads.contains(id); });
    mergeDialog(chosen.size() > 1 ? chosen : heads);
}

void HistoryEditing::mergeDialog(const QStringList &chosen)
{
    submitRevision(new RevisionDialog(m_controller->project()->config(), *graph(),
                                      graph()->ids(graph()->heads()), chosen, m_window));
}

void HistoryEditing::reparentOnto(const QString &revision, const QStringList &parents)
{
    if (!graph())
        return;
    workOut(sourceOf(m_controller->project(), [revision, parents](const RevisionGraph &graph) {
        return reparent(graph, revision, parents);
    }));
}

void HistoryEditing::ignoreDialog(const Difference &one, const QList<Difference> &all)
{
    if (!graph())
        return;
    const ProjectConfig &config = m_controller->project()->config();
    const QString file = config.tribikosFile.isEmpty()
                             ? QDir(config.root).filePath(u"tribikos.toml"_s)
                             : config.tribikosFile;
    auto *dialog = new IgnoreDialog(one, all, m_window);
    connect(dialog, &EditDialog::submitted, this, [this, dialog, file] {
        workOut(
            [file, key = dialog->key(), pattern = dialog->pattern()]() -> Result<NewRevision> {
                auto edit = addIgnoreRule(file, key, pattern);
                if (!edit)
                    return edit.error();
                return NewRevision{.edit = edit.take()};
            },
            dialog);
    });
    dialog->open();
}

void HistoryEditing::submitRevision(RevisionDialog *dialog)
{
    connect(dialog, &EditDialog::submitted, this, [this, dialog] {
        RevisionRequest request = dialog->request();
        request.now = QDateTime::currentMSecsSinceEpoch() * 1000;
        workOut([project = m_controller->project(),
                 request] { return newRevision(project->config(), project->graph(), request); },
                dialog);
    });
    dialog->open();
}

void HistoryEditing::askForProperties()
{
    const int node = graph() ? graph()->find(selected()) : -1;
    if (node < 0 || graph()->isGhost(node))
        return;
    const QString id = selected();
    auto *dialog = new PropertiesDialog(graph()->revision(node), m_window);
    const EditReach reach = editReach({id}, m_controller->knownStates());
    QStringList names;
    for (const EditReach::Applied &one : reach.applied)
        names << visibleText(one.environment, false);
    if (!names.isEmpty())
        dialog->setWarning(
            tr("It is applied in %1; that database stays as it is.").arg(names.join(u", "_s)));
    connect(dialog, &EditDialog::submitted, this, [this, dialog, id] {
        workOut(sourceOf(m_controller->project(),
                         [id, change = dialog->change()](const RevisionGraph &graph) {
                             return changeProperties(graph, id, change);
                         }),
                dialog);
    });
    dialog->open();
}

void HistoryEditing::askForParent()
{
    const QStringList ids = m_page->view()->selectedIds();
    const int node = graph() && !ids.isEmpty() ? graph()->find(ids.constLast()) : -1;
    if (node < 0)
        return;
    const QString shown =
        ids.size() == 1 ? ids.constFirst() : tr("%1 … %2").arg(ids.constLast(), ids.constFirst());
    auto *dialog = new ParentDialog(
        {.title = tr("Re-parent"),
         .question =
             tr("What %1 is to revise; several make it a merge").arg(visibleText(shown, false)),
         .verb = tr("&Put it there"),
         .nothing = tr("&Nothing: it becomes a base"),
         .isMany = true},
        m_page->model(), m_window);
    dialog->choose(graph()->ids(graph()->parents(node)));
    connect(dialog, &EditDialog::submitted, this, [this, dialog, ids] {
        workOut(sourceOf(m_controller->project(),
                         [ids, parents = dialog->chosen()](const RevisionGraph &graph) {
                             return movedOnto(graph, ids, parents);
                         }),
                dialog);
    });
    dialog->open();
}

void HistoryEditing::askForReplacement()
{
    const QString missing = selected();
    if (!graph() || missing.isEmpty())
        return;
    auto *dialog =
        new ParentDialog({.title = tr("Point elsewhere"),
                          .question = tr("What is to stand wherever the missing %1 is named")
                                          .arg(visibleText(missing, false)),
                          .verb = tr("&Point there"),
                          .nothing = tr("&Nothing: the name is taken out")},
                         m_page->model(), m_window);
    connect(dialog, &EditDialog::submitted, this, [this, dialog, missing] {
        workOut(sourceOf(m_controller->project(),
                         [missing, ids = dialog->chosen()](const RevisionGraph &graph) {
                             return replaceMissing(graph, missing, ids.value(0));
                         }),
                dialog);
    });
    dialog->open();
}

void HistoryEditing::spliceOutSelected()
{
    workOut(sourceOf(m_controller->project(), [id = selected()](const RevisionGraph &graph) {
        return tribikos::spliceOut(graph, id);
    }));
}

void HistoryEditing::deleteSelected()
{
    workOut(sourceOf(m_controller->project(), [id = selected()](const RevisionGraph &graph) {
        return tribikos::deleteRevision(graph, id);
    }));
}

void HistoryEditing::drop(const HistoryDrop &drop)
{
    if (!graph() || !m_actions->editGraph->isChecked())
        return;
    if (drop.kind == HistoryDrop::Kind::Merge)
        return mergeDialog({drop.first, drop.target});
    workOut(sourceOf(m_controller->project(),
                     [drop](const RevisionGraph &graph) { return movedBy(graph, drop); }));
}

/// With the program that the desktop has for such files.
void HistoryEditing::openScript()
{
    const int node = graph() ? graph()->find(selected()) : -1;
    if (node < 0 || graph()->isGhost(node))
        return;
    const QString file = graph()->revision(node).file;
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(file)))
        showRefusal({.code = ErrorCode::NotFound,
                     .message = tr("The desktop has no program for %1.").arg(file)},
                    nullptr);
}

void HistoryEditing::exportGraph()
{
    if (!graph())
        return;
    const QString file =
        QFileDialog::getSaveFileName(m_window, tr("Export graph"), u"history.svg"_s,
                                     tr("SVG picture (*.svg);;PNG picture (*.png)"));
    if (!file.isEmpty())
        exportTo(file);
}

void HistoryEditing::exportTo(const QString &file)
{
    m_export.start(
        [model = m_page->model()->copy(), font = m_page->view()->font(),
         file](const std::stop_token &stop) { return exportHistory(*model, file, font, stop); },
        [this, file](const Status &saved) {
            if (saved)
                m_page->notice()->showMessage(
                    InlineBanner::Kind::Success, {},
                    tr("The graph is in %1.").arg(visibleText(file, false)));
            else
                showRefusal(saved.error(), nullptr);
        });
}

} // namespace tribikos
