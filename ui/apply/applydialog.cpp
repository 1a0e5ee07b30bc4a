#include "ui/apply/applydialog.h"

#include "core/base/text.h"
#include "ui/apply/runeventqueue.h"
#include "ui/apply/stepsmodel.h"
#include "ui/environments/passworddialog.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"
#include "ui/sql/sqlpane.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int drainMs = 50; // twenty times a second is as much as eyes follow
constexpr qsizetype mostRemarks = 4;

/// What holds others off while the plan runs.
QString lockText(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return ApplyDialog::tr("locks the file revision by revision");
    case Backend::PostgreSql: return ApplyDialog::tr("advisory lock for the whole run");
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return ApplyDialog::tr("GET_LOCK for the whole run");
}

/// How long it waits for others, and they for it.
QStringList limitTexts(const Environment &environment)
{
    const Result<ConnectionSpec> spec = connectionFor(environment);
    if (!spec)
        return {};
    const int wait = spec->lockTimeoutMs / 1000;
    if (spec->backend == Backend::Sqlite)
        return {ApplyDialog::tr("waits %1 s for other programs’ locks").arg(wait)};
    return {ApplyDialog::tr("gives way to others’ locks after %1 s, tries for %2 s")
                .arg(qMin(5, wait))
                .arg(wait),
            spec->statementTimeoutMs > 0
                ? ApplyDialog::tr("a statement may take %1 s").arg(spec->statementTimeoutMs / 1000)
                : ApplyDialog::tr("statements may take any time")};
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
    resize(QSize(1080, 720).boundedTo(screen()->availableSize() - QSize(24, 48))); // less its frame
    m_drain.setInterval(drainMs);
    connect(&m_drain, &QTimer::timeout, this, &ApplyDialog::drainEvents);
    makePlan();
}

ApplyDialog::~ApplyDialog() = default;

QString ApplyDialog::verb() const
{
    if (m_request.isUndo)
        return tr("Take back on");
    switch (m_request.direction) {
    case Direction::Downgrade: return tr("Downgrade");
    case Direction::Stamp: return tr("Stamp");
    case Direction::Upgrade: break;
    }
    return tr("Upgrade");
}

QString ApplyDialog::environmentName() const
{
    return visibleText(m_request.environment.name, false);
}

void ApplyDialog::makePlan()
{
    m_refusal.reset();
    m_isAsked = false;
    m_result->clear();
    m_notes->clear();
    m_steps->setPlan({}, {});
    m_shown = {};
    m_markedStep = -1;
    m_typedName->clear();
    m_title->setText(tr("%1 %2").arg(verb(), environmentName()));
    setWindowTitle(m_title->text());
    m_facts->setText(tr("Making the plan…"));
    m_sql->setHint(tr("The SQL of the selected step stands here."));
    showChecks({});
    m_tabs->setCurrentWidget(m_sql);
    setPhase(Phase::Planning);
    m_job.start(m_request.plan, [this](const Result<Plan> &plan) { showPlan(plan); });
}

void ApplyDialog::showPlan(const Result<Plan> &plan)
{
    if (!plan)
        return showRefusal(plan.error());
    const TransactionMap map =
        transactionMap(*plan, m_request.transaction, versionNumberOf(m_request.serverVersion));
    m_steps->setPlan(*plan, map);
    m_title->setText(
        m_request.isUndo
            ? tr("%1 %2: what is in of %3")
                  .arg(verb(), environmentName(), visibleText(plan->steps.value(0).revision, false))
            : tr("%1 %2: %3 → %4")
                  .arg(verb(), environmentName(), shownPosition(plan->startRows),
                       shownPosition(plan->endRows)));
    setWindowTitle(m_title->text());
    showFacts(*plan);
    showNotes(*plan);
    showChecks(plan->steps.isEmpty() ? QList<ApplyCheck>()
                                     : checksOf(*plan, map, m_request.environment.name));
    if (m_steps->rowCount() > 0)
        m_list->setCurrentIndex(m_steps->index(0));
    if (plan->steps.isEmpty()) {
        m_sql->setHint({});
        m_result->showMessage(InlineBanner::Kind::Info, {},
                              tr("Nothing to do: %1 is there already.").arg(environmentName()));
    }
    setPhase(plan->steps.isEmpty() || !plan->isRunnable() ? Phase::Refused : Phase::Ready);
}

void ApplyDialog::showRefusal(const Error &error)
{
    m_refusal = error;
    m_facts->setText(tr("There is no plan; nothing was changed."));
    m_result->showError(error);
    const bool isConnection = error.code == ErrorCode::Connection;
    m_result->setAction(isConnection ? tr("&Try again") : tr("Plan a&gain"));
    if (isConnection && m_request.reconnect)
        m_result->setSecondAction(tr("&Password…"));
    setPhase(Phase::Refused);
}

void ApplyDialog::followBanner()
{
    if (m_phase == Phase::Running)
        keepWaiting();
    else if (m_isAsked)
        answer(RunOptions::Unclear::IsDone);
    else if (m_phase == Phase::Ended && m_isHalf)
        prepareUndo();
    else
        makePlan();
}

void ApplyDialog::followSecondAction()
{
    if (m_phase == Phase::Running)
        askToEndBlocker();
    else if (m_isAsked)
        answer(RunOptions::Unclear::RunAgain);
    else
        askPassword();
}

void ApplyDialog::askPassword()
{
    if (!m_refusal || !m_request.reconnect)
        return;
    auto *dialog = new PasswordDialog(m_request.environment, *m_refusal, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const auto reconnect = m_request.reconnect; // lives on while the request is replaced
        m_request = reconnect(dialog->password(), dialog->keepsPassword());
        makePlan();
    });
    dialog->open();
}

void ApplyDialog::showFacts(const Plan &plan)
{
    const bool isStamp = m_request.direction == Direction::Stamp;
    QStringList facts{
        isStamp            ? tr("no revision is run, only the version table changes")
        : m_request.isUndo ? tr("what a run that broke off has left of revision %1")
                                 .arg(visibleText(plan.steps.value(0).revision, false))
                           : revisionsText(int(plan.steps.size())),
        statementsText(plan.statementCount()),
        m_request.serverVersion.isEmpty() ? backendTitle(plan.backend) : m_request.serverVersion,
        visibleText(redactedUrl(m_request.environment.url), false)};
    if (!plan.steps.isEmpty())
        facts << transactionSummary(m_steps->map()) << lockText(plan.backend)
              << limitTexts(m_request.environment);
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
    const QStringList lasting = lastingNotes(plan, m_steps->map());
    const QStringList remarks = stepRemarks(plan.steps) + lasting;
    QStringList shown =
        remarks.mid(0, remarks.size() > mostRemarks ? mostRemarks - 1 : mostRemarks);
    if (shown.size() < remarks.size())
        shown << tr("… and %1 more: see Checks.").arg(remarks.size() - shown.size());
    if (!shown.isEmpty())
        m_notes->showMessage(m_isLossy || !lasting.isEmpty() ? InlineBanner::Kind::Warning
                                                             : InlineBanner::Kind::Info,
                             tr("Before you apply"), visibleText(shown.join(u'\n')));
    setRole(m_apply, m_isLossy ? u"danger"_s : u"primary"_s);
    m_apply->setText(applyText(plan));
}

void ApplyDialog::showChecks(const QList<ApplyCheck> &checks)
{
    m_checks->setChecks(checks);
    const int warnings = warningCount(checks);
    m_tabs->setTabText(m_tabs->indexOf(m_checks),
                       warnings > 0 ? tr("C&hecks (%1)").arg(warnings) : tr("C&hecks"));
}

/// What the button does, its loss included: a colour alone is no warning.
QString ApplyDialog::applyText(const Plan &plan) const
{
    if (m_request.direction == Direction::Stamp)
        return tr("&Stamp");
    const int count = int(plan.steps.size());
    const QString text =
        m_request.isUndo ? tr("&Take back what is in")
        : m_request.direction == Direction::Downgrade
            ? (count == 1 ? tr("&Downgrade 1 revision")
                          : tr("&Downgrade %n revisions", nullptr, count))
            : (count == 1 ? tr("&Apply 1 revision") : tr("&Apply %n revisions", nullptr, count));
    return m_isLossy ? tr("%1 and lose data").arg(text) : text;
}

void ApplyDialog::tryPlan()
{
    if (m_phase != Phase::Ready || !m_request.trial)
        return;
    m_facts->setText(tr("Trying it: everything is taken back…"));
    setPhase(Phase::Trying);
    RunOptions options;
    options.transaction = m_request.transaction;
    m_job.start([trial = m_request.trial, plan = m_steps->plan(),
                 options](const std::stop_token &stop) { return trial(plan, options, stop); },
                [this](const TrialOutcome &outcome) { showTrial(outcome); });
}

void ApplyDialog::showTrial(const TrialOutcome &outcome)
{
    const Plan &plan = m_steps->plan();
    showFacts(plan);
    const bool wasStopped =
        outcome.trial.report.error && outcome.trial.report.error->code == ErrorCode::Cancelled;
    if (!wasStopped) {
        const QList<ApplyCheck> found = checksOf(outcome);
        showChecks(found + checksOf(plan, m_steps->map(), m_request.environment.name));
        m_tabs->setCurrentWidget(m_checks);
        if (outcome.trial.report.error)
            m_result->showError(*outcome.trial.report.error);
        else
            m_result->showMessage(InlineBanner::Kind::Success, {}, found.constFirst().text);
    }
    setPhase(Phase::Ready);
}

void ApplyDialog::showStep(int row)
{
    const Plan &plan = m_steps->plan();
    if (row < 0 || row >= plan.steps.size())
        return;
    const PlanStep &step = plan.steps[row];
    const bool isTold = step.live && !m_steps->toldAt(row).isEmpty();
    m_shown = isTold ? shownSoFar(plan, m_steps->map(), row, m_steps->toldAt(row))
                     : shownStep(plan, m_steps->map(), row);
    if (isTold)
        m_sql->setText(m_shown.text);
    else
        m_sql->setStep(plan, step, m_shown.text);
    if (!m_sql->hasText())
        return;
    m_sql->view()->dimLines(m_shown.frameLines);
    m_sql->view()->setBrackets(m_shown.brackets);
    showTimes(row);
    markStatement();
}

/// Behind each statement of \a row how long it took.
void ApplyDialog::showTimes(int row)
{
    if (m_shown.statements.size() > mostTimed)
        return;
    const QHash<int, qint64> &times = m_steps->timesAt(row);
    for (auto time = times.cbegin(); time != times.cend(); ++time) {
        const ShownStep::Lines lines = m_shown.statements.value(time.key());
        m_sql->view()->setRemark(lines.first + lines.count - 1, durationText(time.value()));
    }
}

QString ApplyDialog::hintText() const
{
    if (m_phase == Phase::Trying)
        return tr("Trying: whatever happens, it is taken back.");
    if (m_phase != Phase::Ready && m_phase != Phase::Running)
        return {};
    if (!lastingNotes(m_steps->plan(), m_steps->map()).isEmpty())
        return tr("If a statement fails, what is in stays in; the next run goes on from there.");
    const TransactionRules &rules = m_steps->map().rules;
    if (rules.backend == Backend::PostgreSql && rules.mode == TransactionMode::All)
        return tr("If a statement fails, all of it is rolled back and %1 stays as it is.")
            .arg(environmentName());
    return tr("If a statement fails, its revision is rolled back and %1 stays at the last "
              "committed one.")
        .arg(environmentName());
}

void ApplyDialog::setPhase(Phase phase)
{
    m_phase = phase;
    m_busy->setVisible(phase == Phase::Planning || phase == Phase::Trying);
    m_busy->setAccessibleName(phase == Phase::Trying ? tr("Trying the plan")
                                                     : tr("Making the plan"));
    showButtons();
    m_hint->setText(hintText());
    updateApplyButton();
    focusForPhase();
    emit phaseChanged();
}

void ApplyDialog::showButtons()
{
    const bool isReady = m_phase == Phase::Ready;
    const bool isRunning = m_phase == Phase::Running;
    const bool isTrying = m_phase == Phase::Trying;
    m_apply->setVisible(isReady);
    m_try->setVisible(isReady && m_request.trial && m_request.direction != Direction::Stamp);
    m_backup->setVisible(isReady && m_request.environment.backend == Backend::Sqlite
                         && m_request.databaseExists);
    m_typedName->setVisible(isReady && m_request.environment.isProtected);
    m_stop->setVisible(isRunning);
    m_stop->setEnabled(isRunning);
    m_cancel->setVisible(isRunning || isTrying);
    m_cancel->setEnabled(isRunning || isTrying);
    m_cancel->setText(isTrying ? tr("S&top trying") : tr("Cancel &now"));
    m_back->hide();
    m_again->hide();
    m_close->setVisible(!isRunning && !isTrying);
    m_close->setText(isReady || m_phase == Phase::Planning ? tr("Cancel") : tr("Close"));
}

/// What can lose something, or is protected, never runs by one press of Enter.
void ApplyDialog::focusForPhase()
{
    if (m_phase == Phase::Running) {
        m_list->setFocus();
    } else if (m_phase == Phase::Trying) {
        m_cancel->setFocus();
    } else if (m_phase == Phase::Ready) {
        const bool isHarmless = !m_isLossy && !m_request.environment.isProtected;
        (isHarmless ? m_apply : m_close)->setDefault(true);
        if (m_request.environment.isProtected)
            m_typedName->setFocus();
        else
            (isHarmless ? m_apply : m_close)->setFocus();
    } else if (m_phase == Phase::Refused) {
        m_close->setDefault(true);
        m_close->setFocus();
        m_result->focusAction(); // another try, where one helps
    }
}

/// A protected environment is not even tried on before its name stands there: what is tried takes locks.
void ApplyDialog::updateApplyButton()
{
    const bool isUnlocked = m_phase == Phase::Ready
                            && (!m_request.environment.isProtected
                                || m_typedName->text() == m_request.environment.name);
    m_apply->setEnabled(isUnlocked);
    m_try->setEnabled(isUnlocked);
}

void ApplyDialog::reject()
{
    if (m_phase == Phase::Trying) {
        cancelRun();
        return;
    }
    if (m_phase == Phase::Running) {
        m_hint->setText(tr("The run is still going: stop it, or wait for its end."));
        m_cancel->setFocus();
        return;
    }
    QDialog::reject();
}

void ApplyDialog::closeEvent(QCloseEvent *event)
{
    if (m_phase == Phase::Running || m_phase == Phase::Trying) {
        event->ignore();
        reject();
        return;
    }
    QDialog::closeEvent(event);
}

} // namespace tribikos
