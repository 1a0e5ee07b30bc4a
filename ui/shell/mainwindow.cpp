#include "ui/shell/mainwindow.h"

#include "core/base/text.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/diff/comparewindow.h"
#include "ui/diff/revisiondraft.h"
#include "ui/diff/writerevisiondialog.h"
#include "ui/edit/historyediting.h"
#include "ui/environments/environmentdialog.h"
#include "ui/git/gitcommands.h"
#include "ui/history/detailspanel.h"
#include "ui/history/historyfacts.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/log/logpage.h"
#include "ui/schema/schemapage.h"
#include "ui/shell/actions.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/projectdialog.h"
#include "ui/shell/settings.h"
#include "ui/shell/shortcutsdialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/statusline.h"
#include "ui/shell/theme.h"
#include "ui/shell/welcomepage.h"
#include "ui/shell/wording.h"
#include "ui/sql/previewwindow.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {
constexpr int typingPauseMs = 150; // between keystrokes nobody reads what a revision does
}

MainWindow::MainWindow(Settings *settings, QWidget *parent)
    : QMainWindow(parent)
    , m_settings(settings)
    , m_actions(std::make_unique<Actions>(this))
    , m_controller(new ProjectController(settings, this))
{
    setAcceptDrops(true);
    buildMenus();
    buildToolBar();
    buildWorkspace();
    m_facts = new HistoryFacts(m_controller, m_history->model(), this);
    m_editing = new HistoryEditing(m_controller, m_history, m_actions.get(), this);
    m_draft = new RevisionDraft(m_controller, m_changes, this);
    m_git = new GitCommands(m_controller, m_facts, m_editing, m_history, m_actions.get(), this);
    connectActions();
    connectController();
    connectPages();
    restoreLayout();
    showClosed();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, auto slot) {
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    on(m_actions->open, &MainWindow::chooseProject);
    on(m_actions->closeProject, &MainWindow::closeProject);
    on(m_actions->quit, &QWidget::close);
    // what these do is HistoryEditing's affair
    addActions({m_actions->undo, m_actions->redo, m_actions->newRevision, m_actions->mergeHeads,
                m_actions->properties, m_actions->openInEditor, m_actions->exportGraph,
                m_actions->editGraph, m_actions->reparent, m_actions->spliceOut,
                m_actions->pointElsewhere, m_actions->forecast, m_actions->findLost});
    m_history->view()->addAction(m_actions->deleteRevision);
    on(m_actions->find, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    on(m_actions->clearFind, [this] { m_search->clear(); });
    on(m_actions->showHistory, &MainWindow::goToHistory);
    on(m_actions->showChanges, [this] {
        showPage(m_changes);
        m_changes->view()->setFocus();
    });
    on(m_actions->showSchema, [this] {
        showPage(m_schema);
        m_schema->tree()->setFocus();
    });
    on(m_actions->showLog, [this] {
        showPage(m_log);
        m_log->setFocus();
    });
    on(m_actions->compareSelected, &MainWindow::openCompare);
    on(m_actions->compareAny, &MainWindow::openCompareAny);
    on(m_actions->foldRuns, [this](bool isOn) {
        m_settings->setFoldsHistory(m_controller->project()->path(), isOn);
        m_history->view()->setFolding(isOn);
    });
    on(m_actions->muteApplied, [this](bool isOn) {
        m_settings->setMutesApplied(m_controller->project()->path(), isOn);
        m_history->model()->setAppliedMuted(isOn);
    });
    on(m_actions->nextPane, [this] { stepPane(true); });
    on(m_actions->previousPane, [this] { stepPane(false); });
    on(m_actions->goToPosition, [this] {
        showPage(m_history);
        m_history->view()->selectCurrentPosition();
    });
    on(m_actions->nextProblem, &MainWindow::stepToNextProblem);
    on(m_actions->resetLayout, [this] {
        m_settings->resetLayouts();
        restoreLayout();
    });
    on(m_actions->refresh, [this] {
        m_controller->refresh();
        if (m_pages->currentWidget() == m_log)
            m_controller->requestRuns();
    });
    on(m_actions->addEnvironment, &MainWindow::addEnvironment);
    on(m_actions->editEnvironment, [this] { editEnvironment(m_controller->environment()->name); });
    on(m_actions->removeEnvironment,
       [this] { removeEnvironment(m_controller->environment()->name); });
    on(m_actions->upgradeToHead, [this] { openApply(Direction::Upgrade, u"heads"_s); });
    on(m_actions->upgradeToSelected,
       [this] { openApply(Direction::Upgrade, m_history->view()->selectedId()); });
    on(m_actions->downgradeOneStep, [this] { openApply(Direction::Downgrade, u"-1"_s); });
    on(m_actions->downgradeToSelected,
       [this] { openApply(Direction::Downgrade, m_history->view()->selectedId()); });
    on(m_actions->stampSelected,
       [this] { openApply(Direction::Stamp, m_history->view()->selectedId()); });
    on(m_actions->preview, [this] { openPreview(u"heads"_s); });
    on(m_actions->previewToSelected, [this] { openPreview(m_history->view()->selectedId()); });
    on(m_actions->shortcuts, &MainWindow::showShortcuts);
}

void MainWindow::connectController()
{
    connect(m_controller, &ProjectController::switched, this, &MainWindow::clearShown);
    connect(m_controller, &ProjectController::opened, this, &MainWindow::showOpened);
    connect(m_controller, &ProjectController::openFailed, this, &MainWindow::showOpenError);
    connect(m_controller, &ProjectController::environmentsChanged, this,
            &MainWindow::showEnvironments);
    connect(m_controller, &ProjectController::environmentChanged, this, [this] {
        showEnvironments();
        showPositions();
        showReading();
    });
    connect(m_controller, &ProjectController::readingChanged, this, [this](const QString &name) {
        showEnvironments();
        showPositions();
        const Environment *chosen = m_controller->environment();
        if (chosen && chosen->name == name)
            showReading();
    });
    connect(m_controller, &ProjectController::backendChanged, this, [this] {
        m_schema->setOutdated();
        m_history->details()->setBackend(m_controller->backend());
        m_controller->requestDetails(m_history->view()->selectedId());
    });
    connect(m_controller, &ProjectController::detailsReady, this, &MainWindow::showDetails);
    connect(m_controller, &ProjectController::schemaReady, m_sidebar, &Sidebar::setSchema);
    connect(m_controller, &ProjectController::schemaViewReady, m_schema, &SchemaPage::setView);
    connect(m_controller, &ProjectController::schemaViewFailed, m_schema, &SchemaPage::setError);
    connect(m_controller, &ProjectController::comparing, this,
            [this] { m_changes->setComparing(true); });
    connect(m_controller, &ProjectController::compared, this, &MainWindow::showComparison);
    connect(m_controller, &ProjectController::compareFailed, this, [this](const Error &error) {
        m_changes->setComparing(false);
        m_changes->setError(error);
        showChangesBadge(0);
    });
    connect(
        m_controller, &ProjectController::runsReady, this,
        [this](const QList<RunSummary> &runs) { m_log->setRuns(runs, m_controller->databases()); });
    connect(m_controller, &ProjectController::runReady, m_log, &LogPage::setRecord);
    connect(m_controller, &ProjectController::runFailed, m_log, &LogPage::setError);
    connect(m_controller, &ProjectController::busyChanged, this, &MainWindow::showBusy);
    connect(m_controller, &ProjectController::keychainFailed, this,
            [this](const QString &sentence) {
                m_history->notice()->showMessage(InlineBanner::Kind::Warning, {}, sentence);
            });
}

void MainWindow::connectPages()
{
    connect(m_history->view(), &HistoryView::selected, this, &MainWindow::selectRevision);
    connect(m_history->view(), &HistoryView::selectionGrew, this, &MainWindow::updateActions);
    connect(m_history->view(), &HistoryView::dropHinted, this,
            [this](const QString &text) { m_status->showMessage(text); });
    connect(m_editing, &HistoryEditing::busyChanged, this, &MainWindow::showBusy);
    connect(m_history->view(), &HistoryView::activatedRevision, this,
            [this] { m_history->details()->showScriptLine(1); });
    connect(m_history, &HistoryPage::clearFilterRequested, m_search, &QLineEdit::clear);
    connect(m_history, &HistoryPage::refreshRequested, m_controller, &ProjectController::refresh);
    connect(m_history->banner(), &InlineBanner::actionTriggered, this, &MainWindow::followBanner);
    connect(m_history->details(), &DetailsPanel::backendChosen, m_controller,
            &ProjectController::setBackend);
    connect(m_changes, &ChangesPage::compareRequested, m_controller, &ProjectController::refresh);
    m_changes->addBarAction(m_actions->compareAny);
    m_changes->allowIgnoring();
    connect(m_changes, &ChangesPage::ignoreWanted, this, [this] {
        if (const Difference *difference = m_changes->selected())
            m_editing->ignoreDialog(*difference, m_changes->model()->differences());
    });
    const auto goToRevision = [this](const QString &id) {
        showPage(m_history);
        m_history->view()->select(id);
    };
    connect(m_schema, &SchemaPage::viewRequested, m_controller,
            &ProjectController::requestSchemaView);
    connect(m_changes, &ChangesPage::revisionRequested, this, goToRevision);
    connect(m_changes, &ChangesPage::revisionWanted, this, &MainWindow::openWriteRevision);
    connect(m_draft, &RevisionDraft::busyChanged, this, &MainWindow::showBusy);
    connect(m_schema, &SchemaPage::revisionRequested, this, goToRevision);
    connect(m_schema, &SchemaPage::busyChanged, this, &MainWindow::showBusy);
    connect(m_log, &LogPage::runChosen, m_controller, &ProjectController::requestRun);
    connect(m_sidebar, &Sidebar::environmentChosen, m_controller,
            &ProjectController::setEnvironment);
    connect(m_sidebar, &Sidebar::environmentMenuRequested, this, &MainWindow::showEnvironmentMenu);
    connect(m_sidebar, &Sidebar::addEnvironmentRequested, this, &MainWindow::addEnvironment);
    connect(m_sidebar, &Sidebar::revisionChosen, this, goToRevision);
    connect(m_sidebar, &Sidebar::problemChosen, this, &MainWindow::showProblem);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::chooseProject);
    connect(m_welcome, &WelcomePage::projectChosen, this,
            [this](const QString &path) { openProject({.path = path}); });
    connect(m_welcome, &WelcomePage::forgetRequested, this, [this](const QString &path) {
        m_settings->forgetRecentProject(path);
        m_welcome->setRecent(m_settings->recentProjects());
    });
    connect(m_search, &QLineEdit::textChanged, this, &MainWindow::search);
    m_typed.setSingleShot(true);
    m_typed.setInterval(typingPauseMs);
    connect(&m_typed, &QTimer::timeout, this, &MainWindow::requestSelected);
    connect(m_search, &QLineEdit::returnPressed, this, &MainWindow::goToFirstMatch);
    m_search->installEventFilter(this);
    connect(m_facts, &HistoryFacts::indexed, this, &MainWindow::showMatches);
    connect(m_facts, &HistoryFacts::repositoryChanged, this, &MainWindow::showHistoryBanner);
    connect(m_git, &GitCommands::stampRequested, this, [this](const QStringList &targets) {
        openApply(Direction::Stamp, targets.join(u'\n'));
    });
    connect(m_facts, &HistoryFacts::busyChanged, this, &MainWindow::showBusy);
    connect(m_facts, &HistoryFacts::repositoryRefused, this, [this](const Error &error) {
        m_history->notice()->showMessage(InlineBanner::Kind::Info, {}, errorText(error));
    });
    connect(m_pages, &QTabWidget::currentChanged, this, [this] {
        if (m_pages->currentWidget() == m_log)
            m_controller->requestRuns();
        m_editGraph->setVisible(m_pages->currentWidget() == m_history);
        updateActions();
    });
    connect(m_environmentBox, &QComboBox::activated, this, &MainWindow::chooseEnvironmentAt);
}

void MainWindow::openProject(const OpenRequest &request)
{
    m_welcome->banner()->clear();
    m_controller->open(request);
}

void MainWindow::chooseProject()
{
    auto *dialog = new ProjectDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ProjectDialog::projectChosen, this,
            [this](const QString &path) { openProject({.path = path}); });
    dialog->open();
}

void MainWindow::fillRecent()
{
    m_recentMenu->clear();
    for (const QString &path : m_settings->recentProjects()) {
        const QString text = visibleText(QDir::toNativeSeparators(path), false);
        m_recentMenu->addAction(QString(text).replace(u'&', u"&&"_s), this,
                                [this, path] { openProject({.path = path}); });
    }
    m_recentMenu->setEnabled(!m_recentMenu->isEmpty());
}

void MainWindow::closeProject()
{
    m_controller->close();
    showClosed();
}

/// Of another project: nothing of it may be taken for this one's.
void MainWindow::clearShown()
{
    for (PreviewWindow *window : findChildren<PreviewWindow *>())
        window->close();
    m_isFresh = true;
    m_evaluation.clear();
    m_search->clear();
    m_history->model()->setStates({}, {});
    m_history->details()->clear();
    m_changes->clear();
    m_draft->forget();
    m_schema->clear();
    m_schema->setOutdated();
    showChangesBadge(0);
    m_actions->upgradeToHead->setIconText(tr("▲ Upgrade to head"));
    showPage(m_history);
}

void MainWindow::showClosed()
{
    m_welcome->setRecent(m_settings->recentProjects());
    m_stack->setCurrentWidget(m_welcome);
    m_projectButton->setText(tr("Open project"));
    m_projectButton->setToolTip({});
    m_environmentAction->setVisible(false);
    setWindowTitle(tr("Tribikos"));
    setWindowFilePath({});
    m_status->setVisible(false);
    updateActions();
}

void MainWindow::showOpened()
{
    const ProjectPtr &project = m_controller->project();
    const QString name = visibleText(project->name(), false);
    setWindowTitle(tr("%1 — Tribikos").arg(name));
    setWindowFilePath(project->path());
    m_projectButton->setText(QString(name).replace(u'&', u"&&"_s));
    m_projectButton->setToolTip(visibleText(project->path(), false).toHtmlEscaped());
    if (m_isFresh)
        showLook();
    m_history->model()->setHistory({project->graph(), project->history()});
    m_history->details()->setBackend(m_controller->backend());
    m_evaluation.clear();
    showDiagnostics();
    m_status->setProject(project.get());
    m_status->setVisible(true);
    m_environmentAction->setVisible(true);
    showHeads();
    showEnvironments();
    showPositions();
    showReading();
    m_schema->setOutdated();
    m_stack->setCurrentWidget(m_workspace);
    if (m_history->view()->selectedId().isEmpty())
        m_history->view()->select(m_history->model()->idAt(0));
    else
        m_controller->requestDetails(m_history->view()->selectedId());
    if (std::exchange(m_isFresh, false))
        m_history->view()->setFocus();
    m_problemAt = -1;
    updateActions();
}

void MainWindow::showOpenError(const Error &error)
{
    if (m_stack->currentWidget() == m_workspace)
        m_history->banner()->showError(error);
    else
        m_welcome->banner()->showError(error);
}

void MainWindow::showPage(QWidget *page)
{
    m_pages->setCurrentWidget(page);
}

/// The second press goes to where the database is.
void MainWindow::goToHistory()
{
    if (m_pages->currentWidget() == m_history && m_history->view()->hasFocus())
        m_history->view()->selectCurrentPosition();
    showPage(m_history);
    m_history->view()->setFocus();
}

ApplyDialog *MainWindow::openApply(Direction direction, const QString &target)
{
    if (!m_controller->environment() || target.isEmpty())
        return nullptr;
    return openApply(m_controller->applyRequest(direction, target));
}

ApplyDialog *MainWindow::openApply(const ApplyRequest &request)
{
    auto *dialog = new ApplyDialog(request, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QString environment = m_controller->environment()->name;
    connect(dialog, &ApplyDialog::ran, this, [this, environment] {
        m_controller->readEnvironmentNow(environment);
        if (m_pages->currentWidget() == m_log)
            m_controller->requestRuns();
    });
    dialog->open();
    return dialog;
}

PreviewWindow *MainWindow::openPreview(const QString &target)
{
    if (!m_controller->project() || target.isEmpty())
        return nullptr;
    const bool isBelow = m_controller->reading().states.value(target) == RevisionState::Applied;
    const Direction direction = isBelow ? Direction::Downgrade : Direction::Upgrade;
    auto *window = new PreviewWindow(direction, m_controller->previewSource(direction, target),
                                     m_controller->backend(), this);
    window->show();
    return window;
}

CompareWindow *MainWindow::openCompare()
{
    const QStringList ids = m_history->view()->selectedIds();
    if (!m_controller->project() || ids.size() != 2)
        return nullptr;
    const auto [older, newer] =
        olderFirst(m_controller->project()->graph(), ids.constFirst(), ids.constLast());
    return openComparison(u"revision:"_s + older, u"revision:"_s + newer);
}

/// From the chosen database, or what the migrations make, to what the models want.
CompareWindow *MainWindow::openCompareAny()
{
    const ProjectPtr &project = m_controller->project();
    if (!project)
        return nullptr;
    const Environment *environment = m_controller->environment();
    const auto state = m_controller->reading().state;
    const QString made = u"revision:heads"_s;
    const QString there =
        environment && state && state->exists ? u"env:"_s + environment->name : QString();
    if (project->hasModels())
        return openComparison(there.isEmpty() ? made : there, u"models"_s);
    return openComparison(there.isEmpty() ? u"revision:base"_s : there, made);
}

CompareWindow *MainWindow::openComparison(const QString &from, const QString &to)
{
    auto *window = new CompareWindow(m_controller, from, to, this);
    connect(window, &CompareWindow::revisionRequested, this, [this](const QString &id) {
        showPage(m_history);
        m_history->view()->select(id);
    });
    window->show();
    return window;
}

WriteRevisionDialog *MainWindow::openWriteRevision()
{
    if (!m_controller->project() || !m_draft->chosen())
        return nullptr;
    auto *dialog = new WriteRevisionDialog(m_controller->project(), m_draft->chosen(), this);
    connect(dialog, &EditDialog::submitted, this, [this, dialog] {
        m_editing->workOut([made = dialog->made()] { return made; }, dialog);
    });
    dialog->open();
    return dialog;
}

void MainWindow::showShortcuts()
{
    auto *dialog = new ShortcutsDialog(actions() + m_history->view()->actions(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() != 1 || !urls.first().isLocalFile())
        return;
    event->acceptProposedAction();
    openProject({.path = urls.first().toLocalFile()});
}

/// In the search field Escape clears and Down goes to what was found.
bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down)
            goToFirstMatch();
        else if (key == Qt::Key_Escape && m_search->text().isEmpty())
            m_history->view()->setFocus();
        else if (key == Qt::Key_Escape)
            m_search->clear();
        if (key == Qt::Key_Down || key == Qt::Key_Escape)
            return true;
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::goToFirstMatch()
{
    showPage(m_history);
    if (!m_search->text().isEmpty())
        m_history->view()->selectFirst();
    m_history->view()->setFocus();
}

/// F6: search, navigator, page, details, and round again.
void MainWindow::stepPane(bool forward)
{
    QWidgetList panes{m_search, m_sidebar};
    if (m_pages->currentWidget() == m_history)
        panes << m_history->view() << m_history->details()->firstFocus();
    else if (m_pages->currentWidget() == m_changes)
        panes << m_changes->view();
    else
        panes << m_log;
    const QWidget *focus = focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; focus && i < panes.size(); ++i) {
        if (panes[i] == focus || panes[i]->isAncestorOf(focus))
            at = i;
    }
    const qsizetype count = panes.size();
    panes[(at + (forward ? 1 : count - 1) + (at < 0 && !forward ? 1 : 0)) % count]->setFocus(
        Qt::ShortcutFocusReason);
}

/// The desktop went dark or light: our palette follows, unless the person chose one.
bool MainWindow::event(QEvent *event)
{
    const bool isThemeEvent =
        event->type() == QEvent::ThemeChange || event->type() == QEvent::ApplicationPaletteChange;
    if (isThemeEvent && !m_isThemeChanging && m_settings->theme() == ThemeChoice::Auto) {
        m_isThemeChanging = true; // our own palette arrives as the same event
        applyTheme(*qApp, ThemeChoice::Auto);
        m_isThemeChanging = false;
    }
    return QMainWindow::event(event);
}

} // namespace tribikos
