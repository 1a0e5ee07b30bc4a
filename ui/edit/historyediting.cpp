#include "ui/edit/historyediting.h"

#include "core/base/text.h"
#include "core/edit/revisionedits.h"
#include "ui/edit/editdialog.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/actions.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/projectcontroller.h"

#include <QAction>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// "local has a1 and b2 applied", one line for each database.
QString appliedText(const EditReach &reach)
{
    QStringList lines;
    for (const EditReach::Applied &one : reach.applied)
        lines << HistoryEditing::tr("%1 has %2 applied.")
                     .arg(visibleText(one.environment, false),
                          visibleText(one.revisions.join(u", "_s), false));
    return lines.join(u'\n');
}

QString unknownText(const EditReach &reach)
{
    return HistoryEditing::tr("Where %1 stands is not known; it may have what changes.")
        .arg(visibleText(reach.unknown.join(u", "_s), false));
}

/// What the project would have had done, and what the new file lacks.
QString afterwardsText(const NewRevision &made, const ProjectConfig &config)
{
    QStringList lines = made.notes;
    for (const PostWriteHook &hook :
         made.file.isEmpty() ? QList<PostWriteHook>() : config.postWriteHooks)
        lines << HistoryEditing::tr("The project wants a program run on the new revision, and "
                                    "Tribikos starts none; run it yourself: %1")
                     .arg(hook.commandFor(made.file));
    return visibleText(lines.join(u'\n'));
}

} // namespace

HistoryEditing::HistoryEditing(ProjectController *controller, HistoryPage *page, Actions *actions,
                               QWidget *window)
    : QObject(window)
    , m_controller(controller)
    , m_page(page)
    , m_actions(actions)
    , m_window(window)
{
    connectActions();
    connect(&m_steps, &UndoSteps::changed, this, &HistoryEditing::updateUndo);
    connect(&m_steps, &UndoSteps::changed, this, &HistoryEditing::busyChanged);
    connect(&m_workOut, &JobSlot::runningChanged, this, &HistoryEditing::busyChanged);
    connect(&m_steps, &UndoSteps::done, this, &HistoryEditing::finish);
    connect(&m_steps, &UndoSteps::failed, this,
            [this](const Error &error) { showRefusal(error, m_dialog); });
    connect(page->model(), &HistoryModel::dropped, this, &HistoryEditing::drop);
    connect(page->view(), &HistoryView::selectionGrew, this, &HistoryEditing::updateActions);
    connect(controller, &ProjectController::switched, this, [this] {
        m_workOut.cancel();
        m_export.cancel();
        closeDialogs();
        m_steps.clear();
        m_toSelect.clear();
        m_page->notice()->clear();
        m_actions->editGraph->setChecked(false);
    });
    connect(page->model(), &QAbstractItemModel::modelReset, this, [this] {
        if (!m_toSelect.isEmpty() && m_page->model()->rowOf(m_toSelect) >= 0)
            m_page->view()->select(std::exchange(m_toSelect, {}));
    });
    updateActions();
}

const RevisionGraph *HistoryEditing::graph() const
{
    return m_controller->project() ? &m_controller->project()->graph() : nullptr;
}

QString HistoryEditing::selected() const
{
    return m_page->view()->selectedId();
}

EditReach HistoryEditing::reachOf(const Edit &edit) const
{
    return editReach(touchedRevisions(*graph(), edit), m_controller->knownStates());
}

std::optional<Error> HistoryEditing::refusalOf(const Edit &edit) const
{
    const EditReach lost = editReach(deletedRevisions(*graph(), edit), m_controller->knownStates());
    if (lost.applied.isEmpty())
        return std::nullopt;
    return Error{.code = ErrorCode::Conflict,
                 .message = tr("%1 Its file has to stay, or that database could not be "
                               "downgraded; downgrade it first.")
                                .arg(appliedText(lost))};
}

/// They are about files of a project that is shown no more.
void HistoryEditing::closeDialogs()
{
    for (QDialog *dialog : m_window->findChildren<QDialog *>()) {
        if (dialog->objectName() == u"editDialog"_s || dialog->objectName() == u"editQuestion"_s)
            dialog->reject();
    }
}

/// Files are read for it, so not on this thread. A dialog that is closed meanwhile has been thought better of.
void HistoryEditing::workOut(const EditSource &source, EditDialog *dialog)
{
    const bool hasDialog = dialog;
    m_workOut.start([source](const std::stop_token &) { return source(); },
                    [this, hasDialog, dialog = QPointer(dialog)](const Result<NewRevision> &made) {
                        const bool isGone = hasDialog && (!dialog || !dialog->isVisible());
                        if (!graph() || isGone)
                            return;
                        if (made)
                            guard(*made, dialog);
                        else
                            showRefusal(made.error(), dialog);
                    });
}

/// What a database has must not go; what it has and changes is asked about, unless the dialog has said it.
void HistoryEditing::guard(const NewRevision &made, EditDialog *dialog)
{
    if (const auto refusal = refusalOf(made.edit))
        return showRefusal(*refusal, dialog);
    const auto accepted = [this, made, dialog = QPointer(dialog)] { perform(made, dialog); };
    const EditReach reach = reachOf(made.edit);
    const bool isTold = dialog && dialog->hasWarning();
    if (!reach.applied.isEmpty() && !isTold)
        return ask(
            tr("Change what a database has applied?"),
            appliedText(reach) + u"\n\n"_s
                + tr("The databases stay as they are; whoever upgrades from these files gets "
                     "the history as it will be."),
            tr("&Change it"), accepted, dialog);
    const QStringList deleted = deletedRevisions(*graph(), made.edit);
    if (deleted.isEmpty())
        return accepted();
    m_deleted = deleted.constFirst();
    const EditReach lost = editReach(deleted, m_controller->knownStates());
    QStringList rewritten;
    for (const FileChange &change : made.edit.changes)
        if (change.before && change.after)
            rewritten.append(QFileInfo(change.path).fileName());
    const QString undo = rewritten.isEmpty()
                             ? tr("Undo in the Edit menu brings the file back.")
                             : tr("What revised it will revise what it revised: %1 will be "
                                  "changed. Undo in the Edit menu brings "
                                  "everything back.")
                                   .arg(visibleText(rewritten.join(u", "_s), false));
    ask(tr("Delete %1?").arg(visibleText(deleted.join(u", "_s), false)),
        lost.unknown.isEmpty() ? undo : unknownText(lost) + u"\n\n"_s + undo, tr("&Delete"),
        accepted);
}

void HistoryEditing::ask(const QString &text, const QString &details, const QString &verb,
                         const std::function<void()> &accepted, EditDialog *dialog)
{
    auto *question = new QMessageBox(dialog ? dialog : m_window);
    question->setObjectName(u"editQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Edit history"));
    question->setTextFormat(Qt::PlainText);
    question->setText(text);
    question->setInformativeText(details);
    const QPushButton *accept = question->addButton(verb, QMessageBox::AcceptRole);
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    connect(accept, &QPushButton::clicked, this, accepted);
    if (dialog)
        connect(question, &QDialog::rejected, dialog, &EditDialog::resume);
    question->open();
}

void HistoryEditing::perform(const NewRevision &made, EditDialog *dialog)
{
    m_made = made;
    m_dialog = dialog;
    m_steps.perform(made.edit);
}

void HistoryEditing::showRefusal(const Error &error, EditDialog *dialog)
{
    if (dialog)
        dialog->showProblem(error);
    else
        m_page->notice()->showError(error);
}

void HistoryEditing::finish(const Edit &edit)
{
    if (m_dialog)
        m_dialog->accept();
    m_dialog.clear();
    m_page->notice()->clear();
    const NewRevision made = std::exchange(m_made, {});
    m_toSelect = made.id;
    if (made.id.isEmpty() && std::ranges::any_of(edit.changes, &FileChange::isCreation))
        m_toSelect = std::exchange(m_deleted, {});
    if (!m_controller->project())
        return;
    const QString text = afterwardsText(made, m_controller->project()->config());
    if (!text.isEmpty())
        m_page->notice()->showMessage(InlineBanner::Kind::Info, {}, text);
    m_controller->rereadIfChanged();
}

/// Undoing and doing again are changes like others.
void HistoryEditing::stepThrough(const std::optional<Edit> &edit, void (UndoSteps::*step)())
{
    if (!edit || !graph() || isBusy())
        return;
    const auto accepted = [this, step] {
        m_made = {};
        m_dialog.clear();
        (m_steps.*step)();
    };
    const EditReach reach = reachOf(*edit);
    if (const auto refusal = refusalOf(*edit))
        showRefusal(*refusal, nullptr);
    else if (!reach.applied.isEmpty())
        ask(tr("Change what a database has applied?"), appliedText(reach), tr("&Change it"),
            accepted);
    else
        accepted();
}

} // namespace tribikos
