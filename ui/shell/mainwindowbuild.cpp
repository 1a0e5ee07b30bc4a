// The parts of MainWindow that put its widgets together.
#include "ui/diff/changespage.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/log/logpage.h"
#include "ui/schema/schemapage.h"
#include "ui/shell/actions.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/settings.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/statusline.h"
#include "ui/shell/theme.h"
#include "ui/shell/welcomepage.h"

#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_actions->open);
    m_recentMenu = file->addMenu(tr("Open &recent"));
    connect(file, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    file->addAction(m_actions->closeProject);
    file->addSeparator();
    file->addAction(m_actions->quit);
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_actions->undo, m_actions->redo});
    edit->addSeparator();
    edit->addActions({m_actions->find, m_actions->clearFind});
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_actions->showHistory, m_actions->showChanges, m_actions->showSchema,
                      m_actions->showLog});
    view->addSeparator();
    view->addActions({m_actions->foldRuns, m_actions->muteApplied});
    view->addSeparator();
    view->addActions({m_actions->goToPosition, m_actions->nextProblem, m_actions->nextPane,
                      m_actions->previousPane});
    view->addSeparator();
    buildThemeMenu(view->addMenu(tr("&Theme")));
    view->addAction(m_actions->resetLayout);
    buildRevisionMenu();
    QMenu *database = menuBar()->addMenu(tr("&Database"));
    database->addAction(m_actions->refresh);
    database->addSeparator();
    database->addActions(
        {m_actions->addEnvironment, m_actions->editEnvironment, m_actions->removeEnvironment});
    database->addSeparator();
    database->addActions({m_actions->upgradeToHead, m_actions->upgradeToSelected});
    database->addSeparator();
    database->addActions({m_actions->downgradeOneStep, m_actions->downgradeToSelected});
    database->addSeparator();
    database->addAction(m_actions->stampSelected);
    database->addSeparator();
    database->addActions({m_actions->preview, m_actions->previewToSelected});
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(m_actions->shortcuts);
}

void MainWindow::buildRevisionMenu()
{
    QMenu *revision = menuBar()->addMenu(tr("&Revision"));
    revision->setToolTipsVisible(true); // they say why an action can't be had
    revision->addActions({m_actions->newRevision, m_actions->mergeHeads});
    revision->addSeparator();
    revision->addActions({m_actions->properties, m_actions->compareSelected,
                          m_actions->compareAny, m_actions->openInEditor, m_actions->exportGraph});
    revision->addSeparator();
    revision->addActions({m_actions->forecast, m_actions->findLost});
    revision->addSeparator();
    revision->addActions({m_actions->editGraph, m_actions->reparent, m_actions->spliceOut,
                          m_actions->pointElsewhere, m_actions->deleteRevision});
}

void MainWindow::buildThemeMenu(QMenu *menu)
{
    auto *group = new QActionGroup(this);
    const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::Auto, tr("&As the desktop")},
                                                       {ThemeChoice::Light, tr("&Light")},
                                                       {ThemeChoice::Dark, tr("&Dark")}};
    for (const auto &[choice, text] : choices) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_settings->theme() == choice);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = choice] {
            m_settings->setTheme(choice);
            m_isThemeChanging = true;
            applyTheme(*qApp, choice);
            m_isThemeChanging = false;
        });
    }
}

void MainWindow::buildToolBar()
{
    QToolBar *bar = addToolBar(tr("Main"));
    bar->setObjectName(u"mainToolBar"_s);
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->toggleViewAction()->setEnabled(false);
    m_projectButton = new QToolButton(bar);
    m_projectButton->setPopupMode(QToolButton::InstantPopup);
    m_projectButton->setAccessibleName(tr("Project"));
    auto *menu = new QMenu(m_projectButton);
    menu->addAction(m_actions->open);
    menu->addMenu(m_recentMenu);
    menu->addAction(m_actions->closeProject);
    connect(menu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    m_projectButton->setMenu(menu);
    bar->addWidget(m_projectButton);
    m_environmentBox = new QComboBox(bar);
    m_environmentBox->setObjectName(u"environment"_s);
    m_environmentBox->setAccessibleName(tr("Environment"));
    m_environmentBox->setToolTip(
        tr("The database that states, upgrades and comparisons are about"));
    m_environmentBox->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_environmentBox->setMaximumWidth(fontMetrics().horizontalAdvance(u'm') * 16);
    m_environmentAction = bar->addWidget(m_environmentBox);
    m_bar = bar;
    auto *holder = new QWidget(bar); // a bar would stretch the chip to its own height
    auto *chip = new QLabel(tr("protected"), holder);
    chip->setProperty("role", u"chip-bad"_s);
    auto *middle = new QHBoxLayout(holder);
    middle->setContentsMargins(0, 0, 0, 0);
    middle->addWidget(chip, 0, Qt::AlignVCenter);
    m_protectedAction = bar->addWidget(holder);
    m_protectedAction->setVisible(false);
    bar->addSeparator();
    buildTransferButtons(bar);
    auto *space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_search = new QLineEdit(bar);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Find id, author, table…"));
    m_search->setAccessibleName(tr("Find revisions by id, message, label, author, table or column"));
    m_search->setClearButtonEnabled(true);
    const int em = fontMetrics().horizontalAdvance(u'm');
    m_search->setMaximumWidth(19 * em);
    bar->addWidget(m_search);
}

void MainWindow::buildTransferButtons(QToolBar *bar)
{
    const auto button = [bar](QAction *action, const QString &text, const QList<QAction *> &menu) {
        auto *made = new QToolButton(bar);
        action->setIconText(text); // the action's own text is the menu's: longer
        made->setDefaultAction(action);
        made->setToolButtonStyle(Qt::ToolButtonTextOnly);
        made->setFocusPolicy(Qt::StrongFocus);
        if (!menu.isEmpty()) {
            auto *more = new QMenu(made);
            more->addActions(menu);
            made->setMenu(more);
            made->setPopupMode(QToolButton::MenuButtonPopup);
        }
        bar->addWidget(made);
        return made;
    };
    button(m_actions->refresh, tr("↻ Refresh"), {});
    bar->addSeparator();
    m_upgrade = button(m_actions->upgradeToHead, tr("▲ Upgrade to head"),
                       {m_actions->upgradeToHead, m_actions->upgradeToSelected});
    m_upgrade->setProperty("role", u"primary"_s);
    m_downgrade = button(m_actions->downgradeOneStep, tr("▼ Downgrade"),
                         {m_actions->downgradeOneStep, m_actions->downgradeToSelected});
    button(m_actions->preview, tr("⟨⟩ Preview SQL"), {});
    bar->addSeparator();
    button(m_actions->newRevision, tr("+ New revision"), {})
        ->setAccessibleName(tr("New revision"));
    button(m_actions->mergeHeads, tr("⋎ Merge heads"), {})->setAccessibleName(tr("Merge heads"));
}

/// Signs in place of words before the search field is crowded out.
void MainWindow::fitToolBar()
{
    const int em = fontMetrics().horizontalAdvance(u'm');
    const bool isNarrow = width() < 116 * em;
    const bool isVeryNarrow = width() < 92 * em;
    m_actions->refresh->setIconText(isNarrow ? u"↻"_s : tr("↻ Refresh"));
    m_actions->newRevision->setIconText(isNarrow ? u"+"_s : tr("+ New revision"));
    m_actions->mergeHeads->setIconText(isNarrow ? u"⋎"_s : tr("⋎ Merge heads"));
    m_actions->downgradeOneStep->setIconText(isVeryNarrow ? u"▼"_s : tr("▼ Downgrade"));
    m_search->setMinimumWidth((isNarrow ? 10 : 16) * em);
    m_actions->preview->setIconText(isVeryNarrow ? u"⟨⟩"_s : tr("⟨⟩ Preview SQL"));
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    fitToolBar();
}

void MainWindow::buildWorkspace()
{
    m_welcome = new WelcomePage(this);
    m_sidebar = new Sidebar(this);
    m_pages = new QTabWidget(this);
    m_history = new HistoryPage(m_pages);
    m_changes = new ChangesPage(m_pages);
    m_schema = new SchemaPage(m_pages);
    m_log = new LogPage(m_pages);
    m_pages->tabBar()->setDrawBase(false);
    m_pages->tabBar()->setAccessibleName(tr("Pages"));
    m_pages->addTab(m_history, tr("History"));
    m_pages->addTab(m_changes, tr("Changes"));
    m_pages->addTab(m_schema, tr("Schema"));
    m_pages->addTab(m_log, tr("Log"));
    const auto separator = [this] {
        auto *line = new QAction(this);
        line->setSeparator(true);
        return line;
    };
    m_history->view()->setMenuActions(
        {m_actions->upgradeToSelected, m_actions->downgradeToSelected, m_actions->previewToSelected,
         m_actions->compareSelected, separator(), m_actions->newRevision, m_actions->mergeHeads,
         m_actions->properties,
         separator(), m_actions->reparent, m_actions->spliceOut, m_actions->pointElsewhere,
         m_actions->deleteRevision, m_actions->editGraph, separator(), m_actions->findLost, m_actions->openInEditor});
    m_editGraph = new QWidget(m_pages);
    auto *lock = new QToolButton(m_editGraph);
    lock->setDefaultAction(m_actions->editGraph);
    lock->setFocusPolicy(Qt::StrongFocus);
    auto *corner = new QHBoxLayout(m_editGraph);
    corner->setContentsMargins(0, 3, 10, 3);
    corner->addWidget(lock);
    m_pages->setCornerWidget(m_editGraph);
    m_workspace = new QSplitter(this);
    m_workspace->addWidget(m_sidebar);
    m_workspace->addWidget(m_pages);
    m_workspace->setStretchFactor(0, 0);
    m_workspace->setStretchFactor(1, 1);
    m_workspace->setChildrenCollapsible(false);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_workspace);
    setCentralWidget(m_stack);
    m_status = new StatusLine(this);
    setStatusBar(m_status);
}

void MainWindow::restoreLayout()
{
    const QByteArray geometry = m_settings->layout(u"geometry"_s);
    if (geometry.isEmpty() || !restoreGeometry(geometry))
        resize(QSize(1440, 900).boundedTo(screen()->availableSize()));
    if (!m_workspace->restoreState(m_settings->layout(u"sidebar"_s)))
        m_workspace->setSizes({m_sidebar->sizeHint().width(), 1200});
    if (!m_history->splitter()->restoreState(m_settings->layout(u"history"_s)))
        m_history->splitter()->setSizes({480, 320});
    if (!m_schema->splitter()->restoreState(m_settings->layout(u"schema"_s)))
        m_schema->splitter()->setSizes({480, 720});
}

void MainWindow::saveLayout()
{
    m_settings->setLayout(u"geometry"_s, saveGeometry());
    m_settings->setLayout(u"sidebar"_s, m_workspace->saveState());
    m_settings->setLayout(u"history"_s, m_history->splitter()->saveState());
    m_settings->setLayout(u"schema"_s, m_schema->splitter()->saveState());
}

} // namespace tribikos
