#pragma once

#include <QList>

class QAction;
class QObject;
class QString;

namespace tribikos {

/// The window's commands: text, tooltip, shortcut. What they do is connected by MainWindow.
struct Actions
{
    explicit Actions(QObject *parent);

    QAction *open = nullptr;
    QAction *closeProject = nullptr;
    QAction *quit = nullptr;
    QAction *undo = nullptr;
    QAction *redo = nullptr;
    QAction *newRevision = nullptr;
    QAction *mergeHeads = nullptr;
    QAction *properties = nullptr;
    QAction *openInEditor = nullptr;
    QAction *exportGraph = nullptr;
    QAction *editGraph = nullptr; // checkable: the ones below wait for it
    QAction *reparent = nullptr;
    QAction *spliceOut = nullptr;
    QAction *pointElsewhere = nullptr;
    QAction *deleteRevision = nullptr;
    QAction *find = nullptr;
    QAction *clearFind = nullptr;
    QAction *showHistory = nullptr;
    QAction *showChanges = nullptr;
    QAction *showSchema = nullptr;
    QAction *showLog = nullptr;
    QAction *forecast = nullptr; // these two only where there is a repository
    QAction *findLost = nullptr;
    QAction *compareSelected = nullptr;
    QAction *compareAny = nullptr;
    QAction *foldRuns = nullptr;    // checkable
    QAction *muteApplied = nullptr; // checkable
    QAction *goToPosition = nullptr;
    QAction *nextPane = nullptr;
    QAction *previousPane = nullptr;
    QAction *nextProblem = nullptr;
    QAction *resetLayout = nullptr;
    QAction *refresh = nullptr;
    QAction *addEnvironment = nullptr;
    QAction *editEnvironment = nullptr;
    QAction *removeEnvironment = nullptr;
    QAction *upgradeToHead = nullptr;
    QAction *upgradeToSelected = nullptr;
    QAction *downgradeOneStep = nullptr;
    QAction *downgradeToSelected = nullptr;
    QAction *stampSelected = nullptr;
    QAction *preview = nullptr;
    QAction *previewToSelected = nullptr;
    QAction *shortcuts = nullptr;

    /// Enables \a action unless there is a \a reason against it, which its tooltip then says.
    static void setReason(QAction *action, bool enabled, const QString &reason);

    /// Changes \a action's tooltip while nothing stands against it.
    static void setHint(QAction *action, const QString &hint);

    /// Those that need an open project.
    QList<QAction *> forProject() const;
    /// Those that need a database of the project as well.
    QList<QAction *> forDatabase() const;
};

} // namespace tribikos
