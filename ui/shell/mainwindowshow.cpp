// The parts of MainWindow that show what the controller knows.
#include "core/base/text.h"
#include "ui/diff/changespage.h"
#include "ui/diff/revisiondraft.h"
#include "ui/edit/historyediting.h"
#include "ui/environments/environmentdialog.h"
#include "ui/environments/passworddialog.h"
#include "ui/git/gitcommands.h"
#include "ui/history/detailspanel.h"
#include "ui/history/historyfacts.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/schema/schemapage.h"
#include "ui/shell/actions.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/problems.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/settings.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/statusline.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

SidebarLine environmentLine(const Environment &environment, const EnvironmentReading &reading,
                            bool hasRevisions)
{
    SidebarLine line{.id = environment.name, .text = environment.name};
    if (environment.isProtected)
        line.chips << Chip{MainWindow::tr("protected"), Chip::Tone::Bad};
    if (reading.error) {
        line.tone = Chip::Tone::Bad;
        line.chips << Chip{MainWindow::tr("✖ unreachable"), Chip::Tone::Bad};
    } else if (reading.state) {
        line.tone = Chip::Tone::Ok;
        if (!reading.state->unknown.isEmpty())
            line.chips << Chip{MainWindow::tr("unknown revision"), Chip::Tone::Bad};
        else if (!hasRevisions)
            line.chips << Chip{MainWindow::tr("no revisions")};
        else if (reading.state->atHead)
            line.chips << Chip{MainWindow::tr("at head"), Chip::Tone::Ok};
        else
            line.chips << Chip{MainWindow::tr("%n behind", nullptr, reading.state->behind),
                               Chip::Tone::Warn};
    } else if (reading.isReading) {
        line.chips << Chip{MainWindow::tr("reading…")};
    }
    return line;
}

} // namespace

void MainWindow::showEnvironments()
{
    const Environment *chosen = m_controller->environment();
    const bool hasRevisions =
        m_controller->project() && m_controller->project()->graph().revisionCount() > 0;
    QList<SidebarLine> lines;
    const QSignalBlocker blocker(m_environmentBox);
    m_environmentBox->clear();
    for (const Environment &one : m_controller->environments()) {
        lines << environmentLine(one, m_controller->reading(one.name), hasRevisions);
        const QString title = visibleText(redactedText(one.title()), false);
        const bool hasChip = chosen && chosen->name == one.name; // the bar's own says it
        m_environmentBox->addItem(
            one.isProtected && !hasChip ? tr("%1 (protected)").arg(title) : title, one.name);
    }
    if (!chosen) {
        m_environmentBox->addItem(tr("No database"));
        m_environmentBox->setCurrentIndex(m_environmentBox->count() - 1);
    } else {
        m_environmentBox->setCurrentIndex(m_environmentBox->findData(chosen->name));
    }
    m_environmentBox->insertSeparator(m_environmentBox->count());
    m_environmentBox->addItem(tr("Add environment…"), u"\n"_s); // no name can be this
    m_sidebar->setEnvironments(lines, chosen ? chosen->name : QString());
    const bool isProtected = chosen && chosen->isProtected;
    m_protectedAction->setVisible(isProtected);
    setRole(m_bar, isProtected ? u"protected"_s : QString());
}

void MainWindow::chooseEnvironmentAt(int index)
{
    const QString name = m_environmentBox->itemData(index).toString();
    if (name == u"\n"_s) {
        showEnvironments(); // back to the one in use
        addEnvironment();
    } else if (!name.isEmpty()) {
        m_controller->setEnvironment(name);
    }
}

void MainWindow::addEnvironment()
{
    if (!m_controller->project())
        return;
    QStringList taken;
    for (const Environment &one : m_controller->environments())
        taken << one.name;
    auto *dialog = new EnvironmentDialog(taken, m_controller->project()->config().root, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setVersionTable(m_controller->project()->versionTable());
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_controller->addEnvironment(dialog->environment(), dialog->keepsPassword());
    });
    dialog->open();
}

void MainWindow::editEnvironment(const QString &name)
{
    QStringList taken;
    const Environment *edited = nullptr;
    for (const Environment &one : m_controller->environments()) {
        taken << one.name;
        if (one.name == name)
            edited = &one;
    }
    if (!edited || !m_controller->isOwnEnvironment(name))
        return;
    auto *dialog = new EnvironmentDialog(taken, m_controller->project()->config().root, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setVersionTable(m_controller->project()->versionTable());
    dialog->setEnvironment(*edited);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name] {
        m_controller->changeEnvironment(name, dialog->environment(), dialog->keepsPassword());
    });
    dialog->open();
}

/// Only the entry goes; the database is not touched, which the question says.
void MainWindow::removeEnvironment(const QString &name)
{
    if (!m_controller->isOwnEnvironment(name))
        return;
    auto *question = new QMessageBox(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Remove environment"));
    question->setTextFormat(Qt::PlainText);
    question->setText(tr("Remove %1 from the list?").arg(visibleText(name, false)));
    question->setInformativeText(tr("The database itself is not touched."));
    const QPushButton *remove = question->addButton(tr("&Remove"), QMessageBox::AcceptRole);
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    connect(remove, &QPushButton::clicked, this,
            [this, name] { m_controller->removeEnvironment(name); });
    question->open();
}

void MainWindow::showEnvironmentMenu(const QString &name, const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Choose"), this, [this, name] { m_controller->setEnvironment(name); });
    QAction *edit = menu->addAction(tr("&Edit…"), this, [this, name] { editEnvironment(name); });
    QAction *remove =
        menu->addAction(tr("&Remove…"), this, [this, name] { removeEnvironment(name); });
    edit->setEnabled(m_controller->isOwnEnvironment(name));
    remove->setEnabled(m_controller->isOwnEnvironment(name));
    menu->popup(at);
}

void MainWindow::showReading()
{
    const Environment *chosen = m_controller->environment();
    const EnvironmentReading reading = m_controller->reading();
    if (!reading.isReading || !m_history->model()->rowCount())
        m_history->model()->setStates(chosen ? chosen->name : QString(), reading.states);
    m_status->setDatabase(chosen, reading.state ? &*reading.state : nullptr);
    const int behind =
        reading.state && reading.state->unknown.isEmpty() ? reading.state->behind : 0;
    m_actions->upgradeToHead->setIconText(behind > 0 ? tr("▲ Upgrade to head (%1)").arg(behind)
                                                     : tr("▲ Upgrade to head"));
    showHistoryBanner();
    showSchemaSources();
    if (!reading.isReading && m_schema->source().kind == SchemaSource::Kind::Database)
        m_schema->setOutdated();
    updateActions();
}

void MainWindow::showSchemaSources()
{
    const Environment *chosen = m_controller->environment();
    const auto state = m_controller->reading().state;
    const ProjectPtr &project = m_controller->project();
    m_schema->setSources(m_history->view()->selectedId(), project && project->hasModels(),
                         chosen && state && state->schema ? chosen->name : QString());
}

/// What stands between the history and its database, in one banner.
void MainWindow::showHistoryBanner()
{
    InlineBanner *banner = m_history->banner();
    const EnvironmentReading reading = m_controller->reading();
    const Environment *chosen = m_controller->environment();
    banner->clear();
    m_bannerAction = BannerAction::None;
    if (!m_controller->project())
        return;
    if (const auto note = problemsNote(*m_controller->project())) {
        banner->showMessage(note->isError ? InlineBanner::Kind::Error : InlineBanner::Kind::Warning,
                            note->title, note->text);
        if (m_history->model()->rowCount() > 0) {
            m_bannerAction = BannerAction::ShowProblem;
            banner->setAction(tr("Show"));
        }
    } else if (!chosen) {
        banner->showMessage(
            InlineBanner::Kind::Info, {},
            tr("This project names no database: history, SQL and comparison work without "
               "one; add one to see what is applied."));
        m_bannerAction = BannerAction::AddEnvironment;
        banner->setAction(tr("Add database…"));
    } else if (reading.error) {
        banner->showError(*reading.error);
        if (chosen->backend != Backend::Sqlite && reading.error->code == ErrorCode::Connection) {
            m_bannerAction = BannerAction::Connect;
            banner->setAction(tr("Connect…"));
        }
    } else if (reading.state && !reading.state->unknown.isEmpty()) {
        banner->showMessage(InlineBanner::Kind::Error, {},
                            unknownRowsText(*chosen, reading.state->unknown));
        if (m_facts->hasRepository()) {
            m_bannerAction = BannerAction::FindLost;
            banner->setAction(tr("Look in the repository…"));
        }
    } else if (reading.state && !reading.state->interrupted.isEmpty()) {
        banner->showMessage(InlineBanner::Kind::Warning, {},
                            visibleText(reading.state->interrupted));
        if (reading.state->half) {
            m_bannerAction = BannerAction::TakeBack;
            banner->setAction(tr("Take back…"));
        }
    } else if (reading.state && !reading.state->exists && m_history->model()->rowCount() > 0) {
        banner->showMessage(InlineBanner::Kind::Info, {},
                            tr("The file of %1 does not exist yet: the first upgrade creates it.")
                                .arg(visibleText(chosen->name, false)));
    }
}

void MainWindow::followBanner()
{
    switch (m_bannerAction) {
    case BannerAction::None: break;
    case BannerAction::AddEnvironment: addEnvironment(); break;
    case BannerAction::Connect: askPassword(); break;
    case BannerAction::FindLost: m_git->openRescue(m_git->lostRevision()); break;
    case BannerAction::TakeBack: openApply(m_controller->undoRequest()); break;
    case BannerAction::ShowProblem: m_problemAt = -1; stepToNextProblem();
    }
}

void MainWindow::askPassword()
{
    const Environment *chosen = m_controller->environment();
    const auto error = m_controller->reading().error;
    if (!chosen || !error)
        return;
    auto *dialog = new PasswordDialog(*chosen, *error, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name = chosen->name] {
        m_controller->connectAgain(name, dialog->password(), dialog->keepsPassword());
    });
    dialog->open();
}

void MainWindow::showComparison(const Comparison &comparison)
{
    const Environment *chosen = m_controller->environment();
    m_changes->setComparing(false);
    m_changes->setComparison(comparison, chosen ? chosen->name : QString());
    m_draft->forget();
    showChangesBadge(int(comparison.differences.size()));
    const Diagnostics found = evaluationProblems(*m_controller->project(), comparison.notes);
    if (found == m_evaluation)
        return;
    m_evaluation = found;
    showDiagnostics();
}

void MainWindow::showDiagnostics()
{
    const ProjectPtr &project = m_controller->project();
    const Diagnostics all = project->diagnostics() + m_evaluation;
    m_history->model()->setDiagnostics(all);
    m_sidebar->setProblems(all);
    const auto note = problemsNote(*project);
    m_history->setProblem(note ? note->text : QString());
}

void MainWindow::showHeads()
{
    const RevisionGraph &graph = m_controller->project()->graph();
    QList<SidebarLine> lines;
    for (const int head : graph.heads()) {
        SidebarLine line{.id = graph.revision(head).id, .text = graph.revision(head).id};
        line.chips << Chip{tr("head")};
        for (const QString &label : graph.labels(head))
            line.chips << Chip{visibleText(label, false)};
        lines << line;
    }
    for (int node = 0; node < graph.revisionCount(); ++node) {
        const Revision &revision = graph.revision(node);
        if (revision.labels.isEmpty() || graph.isHead(node))
            continue;
        SidebarLine line{.id = revision.id, .text = revision.id};
        for (const QString &label : revision.labels)
            line.chips << Chip{visibleText(label, false)};
        lines << line;
    }
    m_sidebar->setHeads(lines);
}

/// Where the other databases stand, as far as it is known.
void MainWindow::showPositions()
{
    QHash<QString, QStringList> positions;
    const Environment *chosen = m_controller->environment();
    for (const Environment &one : m_controller->environments()) {
        const EnvironmentReading reading = m_controller->reading(one.name);
        if ((chosen && chosen->name == one.name) || !reading.state)
            continue;
        for (const QString &id : reading.state->rows)
            positions[id] << one.name;
    }
    m_history->model()->setPositions(positions);
}

/// As the person left it with this project; long histories begin folded.
void MainWindow::showLook()
{
    const QString path = m_controller->project()->path();
    const bool isLong = m_controller->project()->history().size() >= HistoryFolds::longHistory;
    m_actions->foldRuns->setChecked(m_settings->foldsHistory(path).value_or(isLong));
    m_actions->muteApplied->setChecked(m_settings->mutesApplied(path));
    m_history->view()->setFolding(m_actions->foldRuns->isChecked());
    m_history->model()->setAppliedMuted(m_actions->muteApplied->isChecked());
}

void MainWindow::showBusy()
{
    const bool isBusy = m_controller->isBusy() || m_editing->isBusy() || m_facts->isBusy()
                        || m_schema->isBusy() || m_draft->isBusy();
    m_status->setBusy(isBusy ? tr("Working…") : QString());
}

void MainWindow::showChangesBadge(int count)
{
    const int tab = m_pages->indexOf(m_changes);
    auto *badge = qobject_cast<QLabel *>(m_pages->tabBar()->tabButton(tab, QTabBar::RightSide));
    if (!badge) {
        badge = new QLabel(m_pages->tabBar());
        badge->setProperty("role", u"chip"_s);
        m_pages->tabBar()->setTabButton(tab, QTabBar::RightSide, badge);
    }
    badge->setText(QString::number(count));
    badge->setAccessibleName(
        (count == 1 ? tr("1 difference") : tr("%n differences", nullptr, count)));
    badge->setVisible(count > 0);
    badge->adjustSize();
    m_pages->tabBar()->setTabText(tab, tr("Changes")); // makes the bar lay itself out anew
}

void MainWindow::selectRevision(const QString &id)
{
    updateActions();
    showSchemaSources();
    if (id.isEmpty()) {
        const qsizetype folded = m_history->view()->selectedIds().size();
        m_history->details()->clear(
            folded > 0 ? tr("%1 are folded here; Enter shows them.").arg(revisionsText(int(folded)))
                       : QString());
        m_sidebar->setSchema({}, {});
        return;
    }
    m_history->details()->setLoading(id);
    if (m_isTyping)
        m_typed.start();
    else
        requestSelected();
}

void MainWindow::requestSelected()
{
    m_typed.stop();
    const QString id = m_history->view()->selectedId();
    if (id.isEmpty())
        return;
    m_controller->requestDetails(id);
    m_controller->requestSchema(id);
}

void MainWindow::showDetails(const RevisionDetails &details)
{
    if (details.revision != m_history->view()->selectedId())
        return; // a fold is selected by now, which no job supersedes
    m_history->details()->setDetails(details, m_history->model()->diagnosticsOf(details.revision));
}

void MainWindow::showProblem(const Diagnostic &problem)
{
    showPage(m_history);
    m_search->clear();
    const HistoryModel *model = m_history->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        if (!isProblemOf(problem, model->idAt(row)))
            continue;
        m_history->view()->select(model->idAt(row));
        m_history->details()->showScriptLine(problem.span.line);
        return;
    }
    Error error{.code = ErrorCode::ProjectRefused,
                .message = problem.message,
                .file = problem.file,
                .line = problem.span.line};
    if (problem.severity == Severity::Error)
        m_history->banner()->showError(error);
    else
        m_history->banner()->showMessage(InlineBanner::Kind::Warning, {}, errorText(error));
}

void MainWindow::stepToNextProblem()
{
    if (!m_controller->project())
        return;
    const Diagnostics problems = m_controller->project()->diagnostics() + m_evaluation;
    if (problems.isEmpty())
        return;
    m_problemAt = (m_problemAt + 1) % problems.size();
    showProblem(problems[m_problemAt]);
}

void MainWindow::search(const QString &text)
{
    m_facts->setSearching(!text.isEmpty());
    showPage(m_history);
    m_isTyping = true;
    m_history->setFilter(text);
    m_isTyping = false;
    showMatches();
}

void MainWindow::showMatches()
{
    m_status->setMatches(m_search->text().isEmpty() ? QString()
                                                    : tr("%1 of %2 match")
                                                          .arg(m_history->view()->shownRows())
                                                          .arg(m_history->model()->rowCount()));
}

void MainWindow::updateActions()
{
    const bool hasProject = m_controller->project() && m_stack->currentWidget() == m_workspace;
    const bool hasDatabase = hasProject && m_controller->environment();
    const auto state = m_controller->reading().state;
    for (QAction *action : m_actions->forProject())
        action->setEnabled(hasProject);
    for (QAction *action : m_actions->forDatabase())
        action->setEnabled(hasDatabase);
    const bool isOwn =
        hasDatabase && m_controller->isOwnEnvironment(m_controller->environment()->name);
    const QString notOwn =
        hasDatabase && !isOwn ? tr("It stands in the project’s own configuration: change it there.")
                              : QString();
    Actions::setReason(m_actions->editEnvironment, isOwn, notOwn);
    Actions::setReason(m_actions->removeEnvironment, isOwn, notOwn);
    m_search->setEnabled(hasProject);
    const QString refusal =
        hasDatabase ? refusalText(*m_controller->project(), *m_controller->environment(),
                                  state ? &*state : nullptr)
                    : QString();
    const QString selected = m_history->view()->selectedId();
    const RevisionState selectedState =
        m_controller->reading().states.value(selected, RevisionState::Unknown);
    Actions::setReason(m_actions->upgradeToHead, hasDatabase && !(state && state->atHead), refusal);
    Actions::setReason(m_actions->upgradeToSelected,
                       hasDatabase && selectedState == RevisionState::Pending, refusal);
    Actions::setReason(m_actions->downgradeOneStep, hasDatabase && state && !state->rows.isEmpty(),
                       refusal);
    Actions::setReason(m_actions->downgradeToSelected,
                       hasDatabase && selectedState == RevisionState::Applied, refusal);
    const qsizetype many = m_history->view()->selectedIds().size();
    m_actions->compareAny->setEnabled(hasProject);
    Actions::setReason(m_actions->compareSelected, hasProject && many == 2,
                       hasProject && many != 2 ? tr("Select two revisions, the second with Ctrl.")
                                               : QString());
    m_actions->previewToSelected->setEnabled(hasProject && !selected.isEmpty());
    const int node = hasDatabase ? m_controller->project()->graph().find(selected) : -1;
    const bool canStamp = node >= 0 && !m_controller->project()->graph().isGhost(node) && state
                          && selectedState != RevisionState::Current;
    Actions::setReason(m_actions->stampSelected, canStamp,
                       refusal.isEmpty() || (state && !state->unknown.isEmpty()) ? QString()
                                                                                 : refusal);
    m_editing->updateActions();
    m_git->updateActions();
    m_upgrade->setEnabled(m_actions->upgradeToHead->isEnabled());
    m_downgrade->setEnabled(m_actions->downgradeOneStep->isEnabled());
}

} // namespace tribikos
