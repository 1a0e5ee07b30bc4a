#include "ui/apply/applydialog.h"

#include "core/base/text.h"
#include "ui/apply/runeventqueue.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/wording.h"
#include "ui/sql/sqlpane.h"

#include <QApplication>
#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <utility>

/// The apply window while its plan runs, and after it.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLines =
    200; // of the log at once: more could not be read, and would hold up the window

/// All of them, or the first and the last.
QString someOf(const QStringList &lines)
{
    if (lines.size() <= mostLines)
        return lines.join(u'\n');
    const qsizetype half = mostLines / 2;
    return lines.first(half).join(u'\n') + u'\n'
           + ApplyDialog::tr("          … %1 more lines, which the Log page has")
                 .arg(lines.size() - 2 * half)
           + u'\n' + lines.last(half).join(u'\n');
}

QString capitalised(const QString &sentence)
{
    return sentence.left(1).toUpper() + sentence.mid(1);
}

} // namespace

void ApplyDialog::startRun()
{
    if (m_phase != Phase::Ready)
        return;
    m_notes->clear();
    m_result->clear();
    m_log->clear();
    m_tabs->setCurrentWidget(m_sql);
    m_events = std::make_shared<RunEventQueue>();
    RunOptions options;
    options.backup = m_backup->isChecked();
    options.transaction = m_request.transaction;
    options.unclear = std::exchange(m_unclear, RunOptions::Unclear::Ask);
    m_control = std::make_shared<RunControl>();
    options.control = m_control;
    m_hasFailed = false;
    m_wait.reset();
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
    QStringList lines;
    const int before = m_steps->currentStep();
    const int shown = m_list->currentIndex().row();
    bool isTold = false;
    m_steps->apply(events);
    for (const RunEvent &event : events) {
        followEvent(event);
        showWait(event);
        showTime(event);
        isTold = isTold
                 || (event.kind == RunEvent::Kind::StatementStarted && shown >= 0
                     && event.step == shown && m_steps->plan().steps[shown].live);
        lines << logLine(event, m_steps->plan());
    }
    if (!lines.isEmpty())
        m_log->appendPlainText(someOf(lines));
    const int current = m_steps->currentStep();
    if (current >= 0 && current != before) // once: after that one may look at other steps
        m_list->setCurrentIndex(m_steps->index(current));
    else if (isTold)
        showStep(shown);
    if (!events.isEmpty())
        markStatement();
    showClock();
}

/// Once a second: how long the step, and the statement that is under way, have been running.
void ApplyDialog::showClock()
{
    const int current = m_steps->currentStep();
    const QString before = current >= 0 ? m_steps->clockAt(current) : QString();
    m_steps->tick(QDateTime::currentDateTime());
    if (current < 0 || m_steps->clockAt(current) == before
        || m_markedStep != m_list->currentIndex().row())
        return;
    const ShownStep::Lines lines = m_shown.statements.value(m_markedStatement);
    m_sql->view()->setRemark(lines.first + lines.count - 1,
                             tr("◀ running %1").arg(m_steps->clockAt(current)));
}

/// Behind a statement of the step that is shown, how long it took.
void ApplyDialog::showTime(const RunEvent &event)
{
    if (event.kind != RunEvent::Kind::StatementDone || event.step != m_list->currentIndex().row()
        || m_shown.statements.size() > mostTimed)
        return;
    const ShownStep::Lines lines = m_shown.statements.value(event.statement);
    m_sql->view()->setRemark(lines.first + lines.count - 1, durationText(event.durationUs));
}

/// Who stands in the way, for as long as it does. What was done before the lock is done anew each time that the
/// transaction is tried again, so only what comes behind the lock ends the wait.
void ApplyDialog::showWait(const RunEvent &event)
{
    if (event.kind == RunEvent::Kind::Waiting) {
        const bool isKnown = m_wait && m_wait->blocker == event.blocker;
        m_wait = event;
        if (isKnown) // the keyboard may be on one of its buttons
            m_result->updateText(waitText());
        else
            showWaitAnew();
        return;
    }
    const bool isBehind =
        m_wait
        && (event.kind == RunEvent::Kind::StepDone
            || (event.kind == RunEvent::Kind::StatementDone
                && (event.step > m_wait->step || event.statement >= m_wait->statement)));
    if (isBehind)
        endWait();
}

QString ApplyDialog::waitText() const
{
    const QString text = capitalised(visibleText(m_wait->text));
    const Result<ConnectionSpec> spec = connectionFor(m_request.environment);
    const bool hasLimit = m_control && !m_control->waitsOn && spec;
    return hasLimit
               ? tr("%1. The run gives up after %2 s.").arg(text).arg(spec->lockTimeoutMs / 1000)
               : text;
}

void ApplyDialog::showWaitAnew()
{
    m_result->showMessage(InlineBanner::Kind::Warning, tr("Waiting"), waitText());
    m_result->setAction(m_control && !m_control->waitsOn ? tr("&Keep waiting") : QString());
    m_result->setSecondAction(m_wait->blocker != 0 ? tr("&End session %1…").arg(m_wait->blocker)
                                                   : QString());
}

void ApplyDialog::endWait()
{
    m_wait.reset();
    m_result->clear();
    if (m_question)
        m_question->reject(); // whoever it was about is out of the way
}

/// Others' locks have a limit, after which the run ends; somebody who watches may do without.
void ApplyDialog::keepWaiting()
{
    if (!m_control || !m_wait)
        return;
    m_control->waitsOn = true;
    m_result->setAction({});
    m_result->updateText(waitText());
    m_hint->setText(tr("Waits for as long as it takes."));
}

/// Asks a first time, saying who it is, and then whether it is really meant: it is not our work that is lost.
void ApplyDialog::askToEndBlocker()
{
    if (!m_wait || m_wait->blocker == 0 || m_phase != Phase::Running
        || (m_question && m_question->isVisible()))
        return;
    const qint64 session = m_wait->blocker;
    const QString who = capitalised(visibleText(m_wait->text, false)) + u'.';
    m_question = endBox(tr("End session %1 of the server?").arg(session), who,
                        tr("&End session %1…").arg(session));
    connect(m_question, &QMessageBox::finished, this,
            [this, session, who, box = m_question.data()] {
                if (box->buttonRole(box->clickedButton()) == QMessageBox::DestructiveRole)
                    askAgainToEnd(session, who);
            });
    m_question->open();
}

void ApplyDialog::askAgainToEnd(qint64 session, const QString &who)
{
    if (!m_wait || m_phase != Phase::Running)
        return;
    m_question = endBox(
        tr("Really end session %1?").arg(session),
        tr("%1\n\nWhat it has not committed is rolled back, and its program loses the connection.")
            .arg(who),
        tr("&End it and lose its work"));
    connect(m_question, &QMessageBox::finished, this, [this, session, box = m_question.data()] {
        if (box->buttonRole(box->clickedButton()) == QMessageBox::DestructiveRole && m_control
            && m_phase == Phase::Running)
            m_control->endsSession = session;
    });
    m_question->open();
}

QMessageBox *ApplyDialog::endBox(const QString &text, const QString &detail, const QString &button)
{
    auto *box =
        new QMessageBox(QMessageBox::Warning, tr("End a session"), text, QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(detail);
    box->addButton(button, QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setEscapeButton(QMessageBox::Cancel);
    return box;
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
        m_sql->view()->unmark();
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
    if (m_question)
        m_question->reject();
    m_wait.reset();
    m_hasFailed = report.error && report.error->code != ErrorCode::Cancelled;
    if (m_hasFailed && m_markedStep >= 0) {
        m_list->setCurrentIndex(m_steps->index(m_markedStep));
        const ShownStep::Lines lines = m_shown.statements.value(m_markedStatement);
        m_sql->view()->setRemark(lines.first + lines.count - 1, tr("failed"));
    }
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
    offerWaysOn(report);
    QApplication::alert(this); // whoever looks at another window meanwhile
    emit ran(report);
}

/// Back to where it began, on from where it stopped, or out.
void ApplyDialog::offerWaysOn(const RunReport &report)
{
    m_rowsBefore = report.rowsBefore;
    const auto sorted = [](QStringList rows) {
        rows.sort();
        return rows;
    };
    const bool hasMoved =
        report.positionKnown && sorted(report.rowsBefore) != sorted(report.rowsAfter);
    m_back->setVisible(hasMoved && m_request.wayBack);
    m_again->setVisible(report.error.has_value());
    m_again->setText(report.error && report.error->code == ErrorCode::Connection
                         ? tr("&Try again")
                         : tr("Plan a&gain"));
    m_isAsked = report.isUnclear;
    m_isHalf = report.isHalf && m_request.undo;
    if (m_isHalf && !m_isAsked)
        m_result->setAction(tr("Take &back what is in…"));
    if (m_isAsked) {
        m_result->setAction(tr("It &is done"));
        m_result->setSecondAction(m_request.direction == Direction::Stamp ? QString()
                                                                          : tr("&Run it again"));
    }
    QPushButton *next =
        report.error && report.error->code != ErrorCode::Cancelled ? m_again : m_close;
    next->setDefault(true);
    next->setFocus();
}

/// About the statement of a broken run that nobody saw the end of. The plan is made anew, and is run by its button.
void ApplyDialog::answer(RunOptions::Unclear unclear)
{
    m_unclear = unclear;
    makePlan();
}

void ApplyDialog::prepareUndo()
{
    const auto undo = m_request.undo; // lives on while the request is replaced
    m_request = undo();
    makePlan();
}

void ApplyDialog::prepareWayBack()
{
    const auto wayBack = m_request.wayBack; // lives on while the request is replaced
    m_request = wayBack(m_rowsBefore);
    makePlan();
}

/// Where the database stands; empty when the error has said so already.
QString ApplyDialog::positionText(const RunReport &report) const
{
    const QString name = environmentName();
    const QString position = shownPosition(report.rowsAfter);
    const int count = report.stepsDone;
    if (!report.positionKnown)
        return tr("The position of %1 could not be read back: refresh before anything else.")
            .arg(name);
    if (!report.error && m_request.isUndo)
        return tr("Done: %1 stands at %2, and nothing of the revision that broke off is in.")
            .arg(name, position);
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
    m_hint->setText(m_phase == Phase::Trying ? tr("Stopping: everything is taken back.")
                                             : tr("Stopping: the running step is rolled back."));
    m_job.requestStop();
}

} // namespace tribikos
