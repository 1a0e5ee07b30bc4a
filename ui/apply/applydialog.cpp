#include "ui/apply/applydialog.h"

#include "core/base/text.h"
#include "ui/apply/runeventqueue.h"
#include "ui/apply/stepdelegate.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"
#include "ui/sql/sqlpane.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int drainMs = 50; // twenty times a second is as much as eyes follow

bool commitsDdl(Backend backend)
{
    return backend == Backend::MySql || backend == Backend::MariaDb;
}

QString transactionsText(const Plan &plan, TransactionMode mode)
{
    if (commitsDdl(plan.backend))
        return ApplyDialog::tr("each change of a table commits by itself; a journal keeps what is in");
    if (mode == TransactionMode::None)
        return ApplyDialog::tr("each statement commits by itself");
    if (mode == TransactionMode::All && plan.backend == Backend::PostgreSql && !hasStatementsOutside(plan))
        return ApplyDialog::tr("one transaction for all");
    return hasStatementsOutside(plan)
               ? ApplyDialog::tr("one transaction per revision, but for statements that run "
                                 "outside of any")
               : ApplyDialog::tr("one transaction per revision");
}

} // namespace

ApplyDialog::ApplyDialog(ApplyRequest request, QWidget *parent)
    : QDialog(parent)
    , m_request(std::move(request))
    , m_steps(new StepsModel(this))
    , m_events(std::make_shared<RunEventQueue>())
{
    setObjectName(u"applyDialog"_s);
    setModal(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    layout->addWidget(buildBody(), 1);
    layout->addWidget(buildFooter());
    resize(QSize(1080, 720).boundedTo(screen()->availableSize()));
    m_drain.setInterval(drainMs);
    connect(&m_drain, &QTimer::timeout, this, &ApplyDialog::drainEvents);
    makePlan();
}

ApplyDialog::~ApplyDialog() = default;

QString ApplyDialog::verb() const
{
    switch (m_request.direction) {
    case Direction::Downgrade: return tr("Downgrade");
    case Direction::Stamp: return tr("Stamp");
    case Direction::Upgrade: break;
    }
    return tr("Upgrade");
}

QWidget *ApplyDialog::buildHeader()
{
    auto *header = new QWidget(this);
    header->setProperty("role",
                        m_request.environment.isProtected ? u"header-protected"_s : u"header"_s);
    header->setAttribute(Qt::WA_StyledBackground);
    m_facts = new QLabel(header);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setProperty("role", u"dim"_s);
    m_facts->setWordWrap(true);
    m_busy = new QProgressBar(header);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Making the plan"));
    m_notes = new InlineBanner(header);
    m_result = new InlineBanner(header);
    m_result->setObjectName(u"result"_s);
    m_result->setDismissable(false);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(20, 16, 20, 12);
    layout->setSpacing(8);
    layout->addLayout(buildTitleRow(header));
    layout->addWidget(m_facts);
    layout->addWidget(m_busy);
    layout->addWidget(m_notes);
    layout->addWidget(m_result);
    connect(m_result, &InlineBanner::actionTriggered, this,
            [this] { m_phase == Phase::Running ? askToEndBlocker() : makePlan(); });
    return header;
}

QHBoxLayout *ApplyDialog::buildTitleRow(QWidget *header)
{
    m_title = new QLabel(header);
    m_title->setTextFormat(Qt::PlainText);
    QFont titleFont = font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.3);
    titleFont.setWeight(QFont::DemiBold);
    m_title->setFont(titleFont);
    m_title->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->addWidget(m_title, 1);
    if (m_request.environment.isProtected) {
        auto *chip = new QLabel(tr("protected"), header);
        chip->setProperty("role", u"chip-bad"_s);
        row->addWidget(chip, 0, Qt::AlignTop);
    }
    return row;
}

QWidget *ApplyDialog::buildBody()
{
    auto *splitter = new QSplitter(this);
    buildSteps(splitter);
    buildTabs(splitter);
    splitter->addWidget(m_list);
    splitter->addWidget(m_tabs);
    splitter->setSizes({440, 640});
    splitter->setChildrenCollapsible(false);
    return splitter;
}

void ApplyDialog::buildSteps(QWidget *parent)
{
    m_list = new QListView(parent);
    m_list->setModel(m_steps);
    m_list->setItemDelegate(new StepDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Steps of the plan"));
    m_listHint = new QLabel(tr("The steps stand here once the plan is made."), m_list->viewport());
    m_listHint->setProperty("role", u"dim"_s);
    m_listHint->setAlignment(Qt::AlignCenter);
    m_listHint->setWordWrap(true);
    (new QVBoxLayout(m_list->viewport()))->addWidget(m_listHint);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showStep(index.row()); });
    connect(m_steps, &QAbstractItemModel::modelReset, m_listHint,
            [this] { m_listHint->setVisible(m_steps->rowCount() == 0); });
}

void ApplyDialog::buildTabs(QWidget *parent)
{
    m_tabs = new QTabWidget(parent);
    m_tabs->tabBar()->setDrawBase(false);
    m_sql = new SqlPane(tr("SQL of the selected step"), m_tabs);
    m_log = new QPlainTextEdit(m_tabs);
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(20000);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->document()->setDocumentMargin(10);
    m_log->setAccessibleName(tr("Log of the run"));
    m_log->setPlaceholderText(tr("What the run does is written here, statement by statement."));
    m_tabs->addTab(m_sql, tr("SQL"));
    m_tabs->addTab(m_log, tr("Log"));
    auto *corner = new QWidget(m_tabs);
    m_copy = new QToolButton(corner);
    m_copy->setText(tr("Copy"));
    m_save = new QToolButton(corner);
    m_save->setText(tr("Save as…"));
    for (QToolButton *button : {m_copy, m_save}) {
        button->setFocusPolicy(Qt::StrongFocus);
        button->setEnabled(false);
    }
    auto *row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 3, 10, 3);
    row->addWidget(m_copy);
    row->addWidget(m_save);
    m_tabs->setCornerWidget(corner);
    connect(m_tabs, &QTabWidget::currentChanged, corner,
            [this, corner] { corner->setVisible(m_tabs->currentWidget() == m_sql); });
    connect(m_sql, &SqlPane::textChanged, this, [this] {
        m_copy->setEnabled(m_sql->hasText());
        m_save->setEnabled(m_sql->hasText());
    });
    connect(m_copy, &QToolButton::clicked, m_sql, &SqlPane::copy);
    connect(m_save, &QToolButton::clicked, this, [this] {
        m_sql->saveAs(m_list->currentIndex().data(StepsModel::RevisionRole).toString() + u".sql"_s);
    });
}

QWidget *ApplyDialog::buildFooter()
{
    auto *footer = new QWidget(this);
    footer->setProperty("role", u"footer"_s);
    footer->setAttribute(Qt::WA_StyledBackground);
    m_hint = new QLabel(footer);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setProperty("role", u"dim"_s);
    m_hint->setWordWrap(true);
    m_backup = new QCheckBox(tr("&Keep a copy of the file first"), footer);
    m_backup->setChecked(true);
    m_typedName = new QLineEdit(footer);
    m_typedName->setPlaceholderText(tr("Type “%1” to unlock").arg(m_request.environment.name));
    m_typedName->setAccessibleName(
        tr("Protected: type the name %1 to unlock").arg(m_request.environment.name));
    m_typedName->setMinimumWidth(fontMetrics().horizontalAdvance(m_typedName->placeholderText())
                                 + 32);
    m_typedName->setVisible(m_request.environment.isProtected);
    m_stop = new QPushButton(tr("&Stop after this step"), footer);
    m_cancel = new QPushButton(tr("Cancel &now"), footer);
    m_cancel->setProperty("role", u"danger"_s);
    m_close = new QPushButton(tr("Cancel"), footer);
    m_apply = new QPushButton(footer);
    m_apply->setObjectName(u"apply"_s);
    m_close->setObjectName(u"close"_s);
    m_apply->setProperty("role", u"primary"_s);
    m_close->setAutoDefault(true);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(20, 12, 20, 12);
    row->setSpacing(10);
    row->addWidget(m_hint, 1);
    for (QWidget *widget : QWidgetList{m_backup, m_typedName, m_stop, m_cancel, m_close, m_apply})
        row->addWidget(widget);
    connect(m_typedName, &QLineEdit::textChanged, this, &ApplyDialog::updateApplyButton);
    connect(m_apply, &QPushButton::clicked, this, &ApplyDialog::startRun);
    connect(m_stop, &QPushButton::clicked, this, &ApplyDialog::stopAfterStep);
    connect(m_cancel, &QPushButton::clicked, this, &ApplyDialog::cancelRun);
    connect(m_close, &QPushButton::clicked, this, &ApplyDialog::reject);
    return footer;
}

void ApplyDialog::makePlan()
{
    m_result->clear();
    m_title->setText(tr("%1 %2").arg(verb(), visibleText(m_request.environment.name, false)));
    setWindowTitle(m_title->text());
    m_facts->setText(tr("Making the plan…"));
    m_sql->setHint(tr("The SQL of the selected step stands here."));
    setPhase(Phase::Planning);
    m_job.start(m_request.plan, [this](const Result<Plan> &plan) { showPlan(plan); });
}

void ApplyDialog::showPlan(const Result<Plan> &plan)
{
    if (!plan) {
        m_facts->setText(tr("There is no plan; nothing was changed."));
        m_result->showError(plan.error());
        m_result->setAction(tr("Plan again"));
        setPhase(Phase::Refused);
        return;
    }
    m_steps->setPlan(*plan);
    m_title->setText(tr("%1 %2: %3 → %4")
                         .arg(verb(), visibleText(m_request.environment.name, false),
                              shownPosition(plan->startRows), shownPosition(plan->endRows)));
    setWindowTitle(m_title->text());
    showFacts(*plan);
    showNotes(*plan);
    if (m_steps->rowCount() > 0)
        m_list->setCurrentIndex(m_steps->index(0));
    if (plan->steps.isEmpty()) {
        m_sql->setHint({});
        m_result->showMessage(InlineBanner::Kind::Info, {},
                              tr("Nothing to do: %1 is there already.")
                                  .arg(visibleText(m_request.environment.name, false)));
    }
    setPhase(plan->steps.isEmpty() || !plan->isRunnable() ? Phase::Refused : Phase::Ready);
}

void ApplyDialog::showFacts(const Plan &plan)
{
    const bool isStamp = m_request.direction == Direction::Stamp;
    QStringList facts{
        isStamp ? tr("no revision is run, only the version table changes")
                : revisionsText(int(plan.steps.size())),
        statementsText(plan.statementCount()),
        m_request.serverVersion.isEmpty() ? backendTitle(plan.backend) : m_request.serverVersion,
        visibleText(redactedUrl(m_request.environment.url), false), transactionsText(plan, m_request.transaction)};
    m_facts->setText(facts.join(u" · "_s));
}

void ApplyDialog::showNotes(const Plan &plan)
{
    m_isLossy = false;
    for (const PlanStep &step : plan.steps) {
        m_isLossy = m_isLossy || !step.losses.isEmpty();
        if (step.isRunnable())
            continue;
        m_result->showError(
            {.code = ErrorCode::Unsupported,
             .message = tr("Revision %1 can't be run: %2").arg(step.revision, step.reason),
             .file = step.file,
             .line = step.line});
        break;
    }
    const QStringList remarks = stepRemarks(plan.steps);
    if (!remarks.isEmpty())
        m_notes->showMessage(m_isLossy ? InlineBanner::Kind::Warning : InlineBanner::Kind::Info,
                             tr("Before you apply"), visibleText(remarks.join(u'\n')));
    setRole(m_apply, m_isLossy ? u"danger"_s : u"primary"_s);
    m_apply->setText(applyText(plan));
}

/// What the button does, its loss included: a colour alone is no warning.
QString ApplyDialog::applyText(const Plan &plan) const
{
    if (m_request.direction == Direction::Stamp)
        return tr("&Stamp");
    const int count = int(plan.steps.size());
    const QString text =
        m_request.direction == Direction::Downgrade
            ? (count == 1 ? tr("&Downgrade 1 revision")
                          : tr("&Downgrade %n revisions", nullptr, count))
            : (count == 1 ? tr("&Apply 1 revision") : tr("&Apply %n revisions", nullptr, count));
    return m_isLossy ? tr("%1 and lose data").arg(text) : text;
}

void ApplyDialog::startRun()
{
    if (m_phase != Phase::Ready)
        return;
    m_notes->clear();
    m_log->clear();
    m_events = std::make_shared<RunEventQueue>();
    RunOptions options;
    options.backup = m_backup->isChecked();
    options.transaction = m_request.transaction;
    m_control = std::make_shared<RunControl>();
    options.control = m_control;
    m_hasFailed = false;
    setPhase(Phase::Running);
    m_drain.start();
    const auto work = [run = m_request.run, plan = m_steps->plan(), options,
                       events = m_events](const std::stop_token &stop) {
        std::stop_source source; // a step's end can stop the run, and so can the window
        const std::stop_callback forward(stop, [&source] { source.request_stop(); });
        const RunProgress progress = [&source, events](const RunEvent &event) {
            events->push(event);
            if (event.kind == RunEvent::Kind::StepDone && events->stopAfterStep)
                source.request_stop();
        };
        return run(plan, options, progress, source.get_token());
    };
    m_job.start(work, [this](const RunReport &report) { endRun(report); });
}

void ApplyDialog::drainEvents()
{
    const QList<RunEvent> events = m_events->take();
    if (events.isEmpty())
        return;
    QStringList lines;
    const int before = m_steps->currentStep();
    for (const RunEvent &event : events) {
        m_steps->apply(event);
        followEvent(event);
        showWait(event);
        lines << logLine(event, m_steps->plan());
    }
    m_log->appendPlainText(lines.join(u'\n'));
    const int current = m_steps->currentStep();
    if (current >= 0 && current != before) // once: after that one may look at other steps
        m_list->setCurrentIndex(m_steps->index(current));
    markStatement();
}

/// Who stands in the way, for as long as it does; a session of the server can be ended from here.
void ApplyDialog::showWait(const RunEvent &event)
{
    if (event.kind == RunEvent::Kind::Waiting) {
        m_blocker = event.blocker;
        m_result->showMessage(InlineBanner::Kind::Warning, tr("Waiting"), visibleText(event.text));
        m_result->setAction(m_blocker != 0 ? tr("&End session %1…").arg(m_blocker) : QString());
    } else if (event.kind == RunEvent::Kind::StatementDone
               || event.kind == RunEvent::Kind::StepDone) {
        m_blocker = 0;
        m_result->setAction({});
        m_result->clear();
    }
}

void ApplyDialog::askToEndBlocker()
{
    if (m_blocker == 0 || m_phase != Phase::Running)
        return;
    const qint64 session = m_blocker;
    QMessageBox box(QMessageBox::Warning, tr("End a session"),
                    tr("End session %1 of the server? It loses what it has not committed.").arg(session),
                    QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    QPushButton *end = box.addButton(tr("&End session"), QMessageBox::DestructiveRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    if (box.clickedButton() == end && m_control && m_phase == Phase::Running)
        m_control->endsSession = session;
}

/// Remembers which statement is under way; of a batch only the last one is marked.
void ApplyDialog::followEvent(const RunEvent &event)
{
    if (event.kind == RunEvent::Kind::StatementStarted) {
        m_markedStep = event.step;
        m_markedStatement = event.statement;
    } else if (event.kind == RunEvent::Kind::StepStarted
               || event.kind == RunEvent::Kind::StepDone) {
        m_markedStep = -1;
    }
}

void ApplyDialog::markStatement()
{
    if (m_markedStep < 0 || m_list->currentIndex().row() != m_markedStep)
        return;
    const ShownStep::Lines lines = m_shown.statements.value(m_markedStatement);
    m_sql->view()->markLines(lines.first, lines.count, m_hasFailed);
}

void ApplyDialog::endRun(const RunReport &report)
{
    m_drain.stop();
    drainEvents();
    m_steps->setEnded(report);
    m_hasFailed = report.error && report.error->code != ErrorCode::Cancelled;
    if (m_hasFailed && m_markedStep >= 0)
        m_list->setCurrentIndex(m_steps->index(m_markedStep));
    markStatement();
    if (!report.error)
        m_result->showMessage(InlineBanner::Kind::Success, {}, endText(report));
    else if (report.error->code == ErrorCode::Cancelled)
        m_result->showMessage(InlineBanner::Kind::Warning, {}, endText(report));
    else
        m_result->showMessage(
            InlineBanner::Kind::Error, visibleText(redactedText(report.error->message)),
            QStringList{errorDetail(*report.error), endText(report)}.join(u'\n').trimmed());
    setPhase(Phase::Ended);
    m_close->setFocus();
    emit ran(report);
}

/// Where the database stands; empty when the error has said so already.
QString ApplyDialog::positionText(const RunReport &report) const
{
    const QString name = visibleText(m_request.environment.name, false);
    const QString position = shownPosition(report.rowsAfter);
    const int count = report.stepsDone;
    if (!report.positionKnown)
        return tr("The position of %1 could not be read back: refresh before anything else.")
            .arg(name);
    if (!report.error)
        return (count == 1 ? tr("Done: %1 stands at %2, 1 revision ran.")
                           : tr("Done: %1 stands at %2, %n revisions ran.", nullptr, count))
            .arg(name, position);
    if (report.error->code == ErrorCode::Cancelled)
        return (count == 1 ? tr("Stopped: %1 stands at %2, 1 revision ran.")
                           : tr("Stopped: %1 stands at %2, %n revisions ran.", nullptr, count))
            .arg(name, position);
    if (report.rowsAfter.isEmpty() || !report.error->message.contains(position))
        return (count == 1 ? tr("%1 stands at %2, 1 revision ran before that.")
                           : tr("%1 stands at %2, %n revisions ran before that.", nullptr, count))
            .arg(name, position);
    return count == 0 ? QString()
                      : (count == 1 ? tr("1 revision ran before that.")
                                    : tr("%n revisions ran before that.", nullptr, count));
}

QString ApplyDialog::endText(const RunReport &report) const
{
    QStringList lines{positionText(report)};
    lines.removeAll({});
    if (!report.backupFile.isEmpty())
        lines << tr("The file as it was before: %1")
                     .arg(visibleText(QFileInfo(report.backupFile).fileName(), false));
    for (const QString &note : report.notes)
        lines << visibleText(redactedText(note));
    return lines.join(u'\n');
}

void ApplyDialog::stopAfterStep()
{
    m_events->stopAfterStep = true;
    m_stop->setEnabled(false);
    m_hint->setText(tr("Stops when the running step is committed."));
}

void ApplyDialog::cancelRun()
{
    m_cancel->setEnabled(false);
    m_stop->setEnabled(false);
    m_hint->setText(tr("Stopping: the running step is rolled back."));
    m_job.requestStop();
}

void ApplyDialog::showStep(int row)
{
    const Plan &plan = m_steps->plan();
    if (row < 0 || row >= plan.steps.size())
        return;
    m_shown = shownStep(plan, plan.steps[row]);
    m_sql->setStep(plan, plan.steps[row], m_shown.text);
    m_sql->view()->dimLines(m_shown.frameLines);
    markStatement();
}

void ApplyDialog::setPhase(Phase phase)
{
    m_phase = phase;
    const bool isReady = phase == Phase::Ready;
    const bool isRunning = phase == Phase::Running;
    m_apply->setVisible(isReady);
    m_busy->setVisible(phase == Phase::Planning);
    m_backup->setVisible(isReady && m_request.environment.backend == Backend::Sqlite
                         && m_request.databaseExists);
    m_typedName->setVisible(isReady && m_request.environment.isProtected);
    m_stop->setVisible(isRunning);
    m_stop->setEnabled(isRunning);
    m_cancel->setVisible(isRunning);
    m_cancel->setEnabled(isRunning);
    m_close->setVisible(!isRunning);
    m_close->setText(isReady || phase == Phase::Planning ? tr("Cancel") : tr("Close"));
    const QString name = visibleText(m_request.environment.name, false);
    if ((isReady || isRunning) && commitsDdl(m_request.environment.backend))
        m_hint->setText(tr("If a statement fails, what is in stays in; the next run goes on from there."));
    else if (isReady || isRunning)
        m_hint->setText(
            tr("If a statement fails, its revision is rolled back and %1 stays at the last "
               "committed one.")
                .arg(name));
    else
        m_hint->clear();
    updateApplyButton();
    focusForPhase();
    emit phaseChanged();
}

/// What can lose something, or is protected, never runs by one press of Enter.
void ApplyDialog::focusForPhase()
{
    if (m_phase == Phase::Running) {
        m_list->setFocus();
    } else if (m_phase == Phase::Ready) {
        const bool isHarmless = !m_isLossy && !m_request.environment.isProtected;
        (isHarmless ? m_apply : m_close)->setDefault(true);
        if (m_request.environment.isProtected)
            m_typedName->setFocus();
        else
            (isHarmless ? m_apply : m_close)->setFocus();
    }
}

void ApplyDialog::updateApplyButton()
{
    m_apply->setEnabled(m_phase == Phase::Ready
                        && (!m_request.environment.isProtected
                            || m_typedName->text() == m_request.environment.name));
}

void ApplyDialog::reject()
{
    if (m_phase == Phase::Running) {
        m_result->showMessage(InlineBanner::Kind::Info, {},
                              tr("The run is still going: stop it, or wait for its end."));
        m_cancel->setFocus();
        return;
    }
    QDialog::reject();
}

void ApplyDialog::closeEvent(QCloseEvent *event)
{
    if (m_phase == Phase::Running) {
        event->ignore();
        reject();
        return;
    }
    QDialog::closeEvent(event);
}

} // namespace tribikos
