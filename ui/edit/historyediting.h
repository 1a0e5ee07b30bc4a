#pragma once

#include "core/diff/diff.h"
#include "core/edit/historydrop.h"
#include "core/edit/newrevision.h"
#include "core/project/editreach.h"
#include "ui/edit/undosteps.h"

#include <QObject>
#include <QPointer>
#include <functional>

class QAction;

namespace tribikos {

struct Actions;
class EditDialog;
class HistoryPage;
class ProjectController;

/// Works a change out from the files as they are; called on a worker thread.
using EditSource = std::function<Result<NewRevision>()>;

/*!
    Changes of the open project's history, from the command to the file and back: asks what is to be
    asked, warns of databases that have what changes, keeps the steps for undoing, and has the project
    read again. What a change is, core/edit knows. Lives on the window's thread.
*/
class HistoryEditing final : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this; \a window is the dialogs' parent.
    HistoryEditing(ProjectController *controller, HistoryPage *page, Actions *actions,
                   QWidget *window);

    /// Enables what can be done with the selection, and says of the rest why not.
    void updateActions();
    const UndoSteps &steps() const { return m_steps; }
    bool isBusy() const { return m_steps.isRunning() || m_workOut.isRunning(); }

    /// Does what \a source makes, undoably, after the usual questions; \a dialog is accepted, or told why not.
    void workOut(const EditSource &source, EditDialog *dialog = nullptr);
    /// Asks for a revision that joins \a heads.
    void mergeDialog(const QStringList &heads);
    /// The graph as a picture, SVG or PNG by the file's name; the notice says what became of it.
    void exportTo(const QString &file);
    /// Asks for a rule of tribikos.toml that leaves \a one out of comparisons; \a all are listed.
    void ignoreDialog(const Difference &one, const QList<Difference> &all);
    void reparentOnto(const QString &revision, const QStringList &parents);

signals:
    void busyChanged();

private:
    void connectActions();
    void updateStructureActions(const QStringList &selected, int node);
    void updateUndo();

    void askForRevision();
    void askForMerge();
    void askForProperties();
    void askForParent();
    void askForReplacement();
    void spliceOutSelected();
    void deleteSelected();
    void drop(const HistoryDrop &drop);
    void openScript();
    void exportGraph();
    void submitRevision(class RevisionDialog *dialog);

    void guard(const NewRevision &made, EditDialog *dialog);
    void stepThrough(const std::optional<Edit> &edit, void (UndoSteps::*step)());
    void ask(const QString &text, const QString &details, const QString &verb,
             const std::function<void()> &accepted, EditDialog *dialog = nullptr);
    void perform(const NewRevision &made, EditDialog *dialog);
    void showRefusal(const Error &error, EditDialog *dialog);
    void finish(const Edit &edit);

    const RevisionGraph *graph() const; // null: no project is open
    QString selected() const;
    EditReach reachOf(const Edit &edit) const;
    /// Why \a edit must not be: a database has what it deletes.
    std::optional<Error> refusalOf(const Edit &edit) const;
    void closeDialogs();

    ProjectController *m_controller = nullptr;
    HistoryPage *m_page = nullptr;
    Actions *m_actions = nullptr;
    QWidget *m_window = nullptr;
    UndoSteps m_steps;
    JobSlot m_workOut;
    JobSlot m_export;
    NewRevision m_made{}; // what the step that runs makes
    QPointer<EditDialog> m_dialog{};
    QString m_toSelect{}; // once it has been read
    QString m_deleted{};  // the last one, which an undo brings back
};

} // namespace tribikos
