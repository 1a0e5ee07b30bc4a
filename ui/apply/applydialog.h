#pragma once

#include "core/project/project.h"
#include "core/runtime/run.h"
#include "ui/apply/shownstep.h"
#include "ui/shell/jobslot.h"

#include <QDialog>
#include <QTimer>
#include <functional>
#include <memory>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
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

/// What an apply window is opened for. Both functions are called on a worker thread.
struct ApplyRequest
{
    Direction direction = Direction::Upgrade;
    Environment environment{};
    QString serverVersion{};
    bool databaseExists = true; // SQLite: there is a file that a copy can be kept of
    std::function<Result<Plan>(const std::stop_token &)> plan{};
    std::function<RunReport(const Plan &, const RunOptions &, const RunProgress &,
                            const std::stop_token &)>
        run{};
};

/*!
    Shows the plan first, runs it only when its button is pressed, then shows each statement's
    progress and where the database stands in the end. Protected environments ask for their name to
    be typed.
*/
class ApplyDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ApplyDialog(ApplyRequest request, QWidget *parent = nullptr);
    ~ApplyDialog() override;

    enum class Phase { Planning, Refused, Ready, Running, Ended };
    Phase phase() const { return m_phase; }
    const StepsModel *steps() const { return m_steps; }

    void reject() override;

signals:
    void phaseChanged();
    /// A run came to its end, good or bad.
    void ran(const tribikos::RunReport &report);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *buildHeader();
    QHBoxLayout *buildTitleRow(QWidget *header);
    QWidget *buildBody();
    void buildSteps(QWidget *parent);
    void buildTabs(QWidget *parent);
    QWidget *buildFooter();
    void makePlan();
    void showPlan(const Result<Plan> &plan);
    void showFacts(const Plan &plan);
    void showNotes(const Plan &plan);
    QString applyText(const Plan &plan) const;
    void startRun();
    void drainEvents();
    void followEvent(const RunEvent &event);
    void showWait(const RunEvent &event);
    void askToEndBlocker();
    void markStatement();
    void endRun(const RunReport &report);
    QString positionText(const RunReport &report) const;
    QString endText(const RunReport &report) const;
    void stopAfterStep();
    void cancelRun();
    void showStep(int row);
    void setPhase(Phase phase);
    void updateApplyButton();
    void focusForPhase();
    QString verb() const;

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
    QPlainTextEdit *m_log = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
    QLabel *m_hint = nullptr;
    QCheckBox *m_backup = nullptr;
    QLineEdit *m_typedName = nullptr;
    QPushButton *m_apply = nullptr;
    QPushButton *m_stop = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_close = nullptr;
    bool m_isLossy = false;
    ShownStep m_shown{};      // of the selected step
    int m_markedStep = -1;    // where the run is, or where it failed; -1: nowhere
    int m_markedStatement = -1;
    bool m_hasFailed = false;
    QTimer m_drain{};
    std::shared_ptr<RunEventQueue> m_events;
    std::shared_ptr<RunControl> m_control;
    qint64 m_blocker = 0; // the session that the run waits for
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
