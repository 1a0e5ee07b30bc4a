#include "ui/shell/actions.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeySequence>

namespace tribikos {

namespace {

constexpr auto hintProperty = "hint"; // the tooltip while nothing stands against the action

QString text(const char *source)
{
    return QCoreApplication::translate("Actions", source);
}

QAction *make(QObject *parent, const QString &title, const QList<QKeySequence> &keys = {},
              const QString &tip = {})
{
    auto *action = new QAction(title, parent);
    action->setShortcuts(keys);
    QString hint = tip.isEmpty() ? QString(title).remove(u'&') : tip;
    if (!keys.isEmpty())
        hint += QLatin1String(" (%1)").arg(keys.first().toString(QKeySequence::NativeText));
    action->setToolTip(hint);
    action->setProperty(hintProperty, hint);
    return action;
}

} // namespace

Actions::Actions(QObject *parent)
{
    open = make(parent, text("&Open project…"), {QKeySequence::Open});
    closeProject = make(parent, text("&Close project"), {QKeySequence::Close});
    quit = make(parent, text("&Quit"), {QKeySequence(Qt::CTRL | Qt::Key_Q)});
    undo = make(parent, text("&Undo"), {QKeySequence::Undo});
    redo = make(parent, text("&Redo"), {QKeySequence::Redo});
    newRevision = make(parent, text("&New revision…"), {QKeySequence::New},
                       text("A new revision after the selected one"));
    mergeHeads = make(parent, text("&Merge heads…"), {Qt::CTRL | Qt::Key_M},
                      text("A revision that several heads lead to: the selected ones, or all"));
    properties = make(parent, text("&Properties…"), {Qt::ALT | Qt::Key_Return},
                      text("Change message, labels and dependencies of the selected revision"));
    openInEditor = make(parent, text("&Open script in editor"), {Qt::CTRL | Qt::Key_E});
    exportGraph = make(parent, text("E&xport graph…"), {}, text("Save the graph as SVG or PNG"));
    editGraph = make(parent, text("Edit &graph"), {Qt::CTRL | Qt::SHIFT | Qt::Key_G},
                     text("Allow to move, splice out and delete revisions, by drag as well"));
    editGraph->setCheckable(true);
    reparent = make(parent, text("&Re-parent…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_R},
                    text("Put the selected revision, or straight run of revisions, on another one"));
    spliceOut = make(parent, text("&Splice out…"), {},
                     text("What revises the selected revision revises its parents instead"));
    pointElsewhere = make(parent, text("Point &elsewhere…"), {},
                          text("What names this missing revision names another one instead"));
    deleteRevision = make(parent, text("&Delete revision…"), {QKeySequence::Delete},
                          text("Delete the selected revision’s file"));
    deleteRevision->setShortcutContext(Qt::WidgetShortcut); // of the history alone
    find = make(parent, text("&Find revision"), {QKeySequence::Find});
    clearFind = make(parent, text("C&lear filter"));
    showHistory = make(parent, text("&History"), {Qt::CTRL | Qt::Key_1});
    showChanges = make(parent, text("&Changes"), {Qt::CTRL | Qt::Key_2});
    showSchema = make(parent, text("&Schema"), {Qt::CTRL | Qt::Key_3});
    showLog = make(parent, text("&Log"), {Qt::CTRL | Qt::Key_4});
    forecast = make(parent, text("Merge &forecast…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_M},
                    text("What merging another branch would make of the history"));
    findLost = make(parent, text("Find &lost revision…"), {},
                    text("Look through the repository for a revision that no file has"));
    compareSelected = make(parent, text("&Compare two revisions"), {Qt::CTRL | Qt::Key_D},
                           text("The schemas at the two selected revisions, side by side"));
    compareAny = make(parent, text("Compare &any two schemas…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_D},
                      text("Models, databases, revisions and files, any two side by side"));
    compareAny->setIconText(text("Compare any two…"));
    foldRuns = make(parent, text("&Fold straight runs"), {Qt::CTRL | Qt::SHIFT | Qt::Key_F},
                    text("One line for many revisions that only follow one another"));
    foldRuns->setCheckable(true);
    muteApplied = make(parent, text("M&ute what is applied"), {},
                       text("Draw back what the chosen database has, rather than what it lacks"));
    muteApplied->setCheckable(true);
    goToPosition = make(parent, text("&Go to the database’s position"),
                        {Qt::CTRL | Qt::Key_0, Qt::CTRL | Qt::Key_H});
    nextPane = make(parent, text("Next pa&ne"), {Qt::Key_F6});
    previousPane = make(parent, text("Pre&vious pane"), {Qt::SHIFT | Qt::Key_F6});
    nextProblem = make(parent, text("Next &problem"), {Qt::Key_F2});
    resetLayout = make(parent, text("&Reset layout"));
    refresh = make(parent, text("&Refresh"), {QKeySequence(Qt::Key_F5)},
                   text("Read files and databases again"));
    addEnvironment = make(parent, text("&Add environment…"));
    editEnvironment = make(parent, text("&Edit environment…"));
    removeEnvironment = make(parent, text("Re&move environment…"));
    upgradeToHead = make(parent, text("&Upgrade to head…"),
                         {Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter},
                         text("Show the plan, then apply it"));
    upgradeToSelected = make(parent, text("Upgrade to &selected…"));
    downgradeOneStep = make(parent, text("&Downgrade one step…"));
    downgradeToSelected = make(parent, text("Downgrade to s&elected…"));
    stampSelected = make(parent, text("S&tamp at selected…"), {},
                         text("Write down that the database is there; no revision is run"));
    preview = make(parent, text("&Preview SQL"), {Qt::CTRL | Qt::ALT | Qt::Key_G},
                   text("The whole script from the database’s position to head"));
    previewToSelected = make(parent, text("Pre&view SQL to selected"));
    shortcuts = make(parent, text("&Keyboard shortcuts and version"), {QKeySequence::HelpContents});
    quit->setMenuRole(QAction::QuitRole);
}

void Actions::setReason(QAction *action, bool enabled, const QString &reason)
{
    action->setEnabled(enabled && reason.isEmpty());
    action->setToolTip(reason.isEmpty() ? action->property(hintProperty).toString()
                                        : reason.toHtmlEscaped());
}

void Actions::setHint(QAction *action, const QString &hint)
{
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setProperty(hintProperty, keys.isEmpty() ? hint : QLatin1String("%1 (%2)").arg(hint, keys));
    action->setToolTip(action->property(hintProperty).toString().toHtmlEscaped());
}

QList<QAction *> Actions::forProject() const
{
    return {foldRuns,     muteApplied,
            editGraph,    exportGraph, closeProject, find,    clearFind,      showHistory, showChanges,      showSchema,  showLog,
            nextPane,     previousPane, nextProblem,  refresh, addEnvironment, preview,     previewToSelected};
}

QList<QAction *> Actions::forDatabase() const
{
    return {goToPosition, upgradeToHead, upgradeToSelected, downgradeOneStep, downgradeToSelected};
}

} // namespace tribikos
