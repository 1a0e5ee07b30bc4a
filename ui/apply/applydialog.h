#pragma once

#include "core/project/usecases.h"
#include "ui/apply/applychecks.h"
#include "ui/apply/shownstep.h"
#include "ui/shell/jobslot.h"

#include <QDialog>
#include <QPointer>
#include <QTimer>
#include <functional>
#include <memory>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QMessageBox;
class QProgressBar;
class QListView;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;
class QToolButton;

namespace tribikos {

class InlineBanner;
class RunEventQueue;
class SqlPane;
class StepsModel;

/// What an apply window is opened for. plan, run and trial are called on a worker thread, the others on the window's.
struct ApplyRequest
{
    Direction direction = Direction::Upgrade;
    bool isUndo = false; // takes back what a broken run has left of a revision
    Environment environment{};
    QString serverVersion{};
    TransactionMode transaction = TransactionMode::PerRevision;
    bool databaseExists = true; // SQLite: there is a file that a copy can be kept of
    std::function<Result<Plan>(const std::stop_token &)> plan{};
    std::function<RunReport(const Plan &, const RunOptions &, const RunProgress &,
                            const std::stop_token &)>
        run{};
    /// Tries the plan and takes it back; null: it can't be tried.
    std::function<TrialOutcome(const Plan &, const RunOptions &, const std::stop_token &)> trial{};
    /// The request that leads back to these version rows; null: there is none.
    std::function<ApplyRequest(const QStringList &rows)> wayBack{};
    /// The request that takes back what a broken run has left of a revision; null: there is none.
    std::function<ApplyRequest()> undo{};
    /// The same request with another password, which is kept where told; null: no password helps.
    std::function<ApplyRequest(const QString &password, bool keeps)> reconnect{};
};

/*!
    Shows the plan first, runs it only when its button is pressed, then shows each statement's
    progress and where the database stands in the end, with the way back made ready. Protected
    environments ask for their name to be typed.
*/
class ApplyDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ApplyDialog(ApplyRequest request, QWidget *parent = nullptr);
    ~ApplyDialog() override;

    enum class Phase { Planning, Refused, Ready, Trying, Running, Ended };
    Phase phase() const { return m_phase; }
    const StepsModel *steps() const { return m_steps; }
    const ChecksView *checks() const { return m_checks; }

    void reject() override;

signals:
    void phaseChanged();
    /// A run came to its end, good or bad.
    void ran(const tribikos::RunReport &report);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    // applydialogbuild.cpp: what it is made of
    QWidget *buildHeader();
    QHBoxLayout *buildTitleRow(QWidget *header);
    QWidget *buildBody();
    void buildSteps(QWidget *parent);
    void buildTabs(QWidget *parent);
    QWidget *buildTabButtons();
    QWidget *buildFooter();
    void buildButtons(QWidget *footer);

    // applydialog.cpp: the plan
    void makePlan();
    void showPlan(const Result<Plan> &plan);
    void showRefusal(const Error &error);
    void showFacts(const Plan &plan);
    void showNotes(const Plan &plan);
    void showChecks(const QList<ApplyCheck> &checks);
    QString applyText(const Plan &plan) const;
    void tryPlan();
    void showTrial(const TrialOutcome &outcome);
    void followBanner();
    void followSecondAction();
    void askPassword();
    void showStep(int row);
    void showTimes(int row);
    void setPhase(Phase phase);
    void showButtons();
    QString hintText() const;
    void updateApplyButton();
    void focusForPhase();
    QString verb() const;
    QString environmentName() const;

    // applydialogrun.cpp: the run
    void startRun();
    void drainEvents();
    void followEvent(const RunEvent &event);
    void showWait(const RunEvent &event);
    void showWaitAnew();
    QString waitText() const;
    void endWait();
    void keepWaiting();
    void askToEndBlocker();
    void askAgainToEnd(qint64 session, const QString &who);
    QMessageBox *endBox(const QString &text, const QString &detail, const QString &button);
    void markStatement();
    void showTime(const RunEvent &event);
    void showClock();
    void endRun(const RunReport &report);
    void offerWaysOn(const RunReport &report);
    void answer(RunOptions::Unclear unclear);
    void prepareWayBack();
    void prepareUndo();
    QString positionText(const RunReport &report) const;
    QString endText(const RunReport &report) const;
    void stopAfterStep();
    void cancelRun();

    static constexpr qsizetype mostTimed = 400; // statements of a step that get their times behind them

    ApplyRequest m_request;
    Phase m_phase = Phase::Planning;
    StepsModel *m_steps = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_facts = nullptr;
    QProgressBar *m_busy = nullptr;
    InlineBanner *m_notes = nullptr;
    InlineBanner *m_result = nullptr;
    QListView *m_list = nullptr;
    QLabel *m_listHint = nullptr;
    QTabWidget *m_tabs = nullptr;
    SqlPane *m_sql = nullptr;
    ChecksView *m_checks = nullptr;
    QPlainTextEdit *m_log = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
    QLabel *m_hint = nullptr;
    QCheckBox *m_backup = nullptr;
    QLineEdit *m_typedName = nullptr;
    QPushButton *m_try = nullptr;
    QPushButton *m_apply = nullptr;
    QPushButton *m_stop = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_back = nullptr;
    QPushButton *m_again = nullptr;
    QPushButton *m_close = nullptr;
    bool m_isLossy = false;
    ShownStep m_shown{};      // of the selected step
    int m_markedStep = -1;    // where the run is, or where it failed; -1: nowhere
    int m_markedStatement = -1;
    bool m_hasFailed = false;
    QTimer m_drain{};
    std::shared_ptr<RunEventQueue> m_events;
    std::shared_ptr<RunControl> m_control;
    std::optional<RunEvent> m_wait{}; // what the run waits for
    QPointer<QMessageBox> m_question{};
    QStringList m_rowsBefore{};   // of the run that has ended
    std::optional<Error> m_refusal{}; // why there is no plan
    bool m_isHalf = false;  // it has left a part of a revision
    bool m_isAsked = false; // the run has ended with a question about a broken one
    RunOptions::Unclear m_unclear = RunOptions::Unclear::Ask; // the answer, for one run
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
