#pragma once

#include "core/project/usecases.h"
#include "ui/apply/applydialog.h"

#include <QMainWindow>
#include <QTimer>
#include <memory>

class QAction;
class QComboBox;
class QToolBar;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace tribikos {

struct Actions;
class ChangesPage;
class CompareWindow;
class GitCommands;
class HistoryEditing;
class HistoryFacts;
class HistoryPage;
class InlineBanner;
class LogPage;
class PreviewWindow;
class ProjectController;
class RevisionDraft;
class SchemaPage;
class Settings;
class Sidebar;
class StatusLine;
class WelcomePage;
class WriteRevisionDialog;

/// The one window of a project: menus, bars, navigator and pages, and the wires between them and
/// the controller.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// \a settings outlives the window.
    explicit MainWindow(Settings *settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openProject(const OpenRequest &request);
    ProjectController *controller() const { return m_controller; }
    HistoryPage *historyPage() const { return m_history; }
    ChangesPage *changesPage() const { return m_changes; }
    SchemaPage *schemaPage() const { return m_schema; }
    LogPage *logPage() const { return m_log; }
    HistoryEditing *editing() const { return m_editing; }
    HistoryFacts *facts() const { return m_facts; }
    GitCommands *git() const { return m_git; }
    void showPage(QWidget *page);

    /// Opens the apply window for the chosen database; null when there is none.
    ApplyDialog *openApply(Direction direction, const QString &target);
    ApplyDialog *openApply(const ApplyRequest &request);
    PreviewWindow *openPreview(const QString &target);
    /// The schemas at the two selected revisions; null when there aren't two.
    CompareWindow *openCompare();
    CompareWindow *openCompareAny();
    CompareWindow *openComparison(const QString &from, const QString &to);
    /// Asks for the message of a revision from what is chosen on the Changes page; null when nothing is to be written.
    WriteRevisionDialog *openWriteRevision();
    RevisionDraft *draft() const { return m_draft; }

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildMenus();
    void buildRevisionMenu();
    void buildThemeMenu(QMenu *menu);
    void buildToolBar();
    void buildTransferButtons(class QToolBar *bar);
    void buildWorkspace();
    void connectActions();
    void connectController();
    void connectPages();
    void fitToolBar();
    void restoreLayout();
    void saveLayout();

    void chooseProject();
    void fillRecent();
    void chooseEnvironmentAt(int index);
    void addEnvironment();
    void editEnvironment(const QString &name);
    void removeEnvironment(const QString &name);
    void showEnvironmentMenu(const QString &name, const QPoint &at);
    void stepPane(bool forward);
    void goToFirstMatch();
    void showMatches();
    void closeProject();
    void clearShown();
    void followBanner();
    void askPassword();
    void showComparison(const Comparison &comparison);
    void showDiagnostics();
    void showOpened();
    void showClosed();
    void showOpenError(const Error &error);
    void showEnvironments();
    void showReading();
    void showSchemaSources();
    void showHeads();
    void showPositions();
    void showLook();
    void showHistoryBanner();
    void showBusy();
    void showChangesBadge(int count);
    void showDetails(const RevisionDetails &details);
    void selectRevision(const QString &id);
    void requestSelected();
    void showProblem(const Diagnostic &problem);
    void stepToNextProblem();
    void search(const QString &text);
    void updateActions();
    void goToHistory();
    void showShortcuts();

    Settings *m_settings = nullptr;
    std::unique_ptr<Actions> m_actions;
    ProjectController *m_controller = nullptr;
    QStackedWidget *m_stack = nullptr;
    WelcomePage *m_welcome = nullptr;
    QSplitter *m_workspace = nullptr;
    Sidebar *m_sidebar = nullptr;
    QTabWidget *m_pages = nullptr;
    HistoryPage *m_history = nullptr;
    HistoryEditing *m_editing = nullptr;
    HistoryFacts *m_facts = nullptr;
    GitCommands *m_git = nullptr;
    ChangesPage *m_changes = nullptr;
    RevisionDraft *m_draft = nullptr;
    SchemaPage *m_schema = nullptr;
    LogPage *m_log = nullptr;
    StatusLine *m_status = nullptr;
    QMenu *m_recentMenu = nullptr;
    QToolButton *m_projectButton = nullptr;
    QComboBox *m_environmentBox = nullptr;
    QToolBar *m_bar = nullptr;
    QAction *m_protectedAction = nullptr;   // the chip beside the chooser
    QAction *m_environmentAction = nullptr; // the chooser's place in the bar
    QToolButton *m_upgrade = nullptr;
    QToolButton *m_downgrade = nullptr;
    QWidget *m_editGraph = nullptr; // the lock beside the tabs
    QLineEdit *m_search = nullptr;
    Diagnostics m_evaluation{}; // found while comparing: revisions that can't be evaluated
    enum class BannerAction { None, AddEnvironment, Connect, ShowProblem, FindLost, TakeBack };
    BannerAction m_bannerAction = BannerAction::None;
    qsizetype m_problemAt = -1;
    bool m_isTyping = false; // in the search field: what is selected meanwhile is passed over
    QTimer m_typed{};
    bool m_isThemeChanging = false;
    bool m_isFresh = true; // what is shown next wasn't shown before: the keyboard goes there
};

} // namespace tribikos
