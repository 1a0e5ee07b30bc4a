#include "ui/apply/stepsmodel.h"

#include "core/base/text.h"
#include "ui/shell/wording.h"

namespace tribikos {

using namespace Qt::StringLiterals;

QString logLine(const RunEvent &event, const Plan &plan)
{
    const QString time = event.at.isValid() ? event.at.toString(u"HH:mm:ss.zzz"_s) : QString();
    const QString step = event.step >= 0 && event.step < plan.steps.size()
                             ? plan.steps[event.step].revision
                             : QString();
    const QString text = visibleText(redactedText(event.text)).trimmed();
    const QString at = u"%1/%2"_s.arg(event.statement + 1).arg(event.statements);
    QString what;
    switch (event.kind) {
    case RunEvent::Kind::Connected: what = StepsModel::tr("connected  %1").arg(text); break;
    case RunEvent::Kind::BackupMade: what = StepsModel::tr("copy kept  %1").arg(text); break;
    case RunEvent::Kind::StepStarted:
        what = StepsModel::tr("step       %1  %2").arg(step, text);
        break;
    case RunEvent::Kind::StatementStarted: what = u"  %1  %2"_s.arg(at, text); break;
    case RunEvent::Kind::StatementDone: {
        const QString rows =
            event.rows >= 0
                ? u"  "_s
                      + (int(event.rows) == 1 ? StepsModel::tr("1 row")
                                              : StepsModel::tr("%n rows", nullptr, int(event.rows)))
                : QString();
        what = u"  %1  "_s.arg(at)
               + StepsModel::tr("done in %1").arg(durationText(event.durationUs)) + rows;
        break;
    }
    case RunEvent::Kind::StepDone:
        what = StepsModel::tr("committed  %1  %2").arg(step, durationText(event.durationUs));
        break;
    case RunEvent::Kind::Waiting: what = StepsModel::tr("waiting    %1").arg(text); break;
    case RunEvent::Kind::Done: what = StepsModel::tr("done       %1").arg(text); break;
    case RunEvent::Kind::Failed: what = StepsModel::tr("failed     %1").arg(text); break;
    }
    return (time + u"  "_s + what).trimmed();
}

void StepsModel::setPlan(const Plan &plan)
{
    beginResetModel();
    m_plan = plan;
    m_current = -1;
    m_steps.clear();
    for (const PlanStep &step : plan.steps) {
        Progress progress;
        progress.statements = int(step.statements.size() + step.versionStatements.size());
        m_steps << progress;
    }
    endResetModel();
}

void StepsModel::apply(const RunEvent &event)
{
    if (event.step < 0 || event.step >= m_steps.size())
        return;
    Progress &step = m_steps[event.step];
    switch (event.kind) {
    case RunEvent::Kind::StepStarted:
        m_current = event.step;
        step.state = State::Running;
        if (event.statements > 0)
            step.statements = event.statements;
        break;
    case RunEvent::Kind::StatementStarted:
        step.note.clear();
        step.statements = qMax(step.statements, event.statement + 1); // a live step's are counted as they come
        break;
    case RunEvent::Kind::StatementDone:
        step.done = qMin(step.statements, event.statement + 1);
        step.microseconds += event.durationUs;
        break;
    case RunEvent::Kind::StepDone:
        step.state = State::Done;
        step.done = step.statements;
        step.committed = event.at;
        step.note.clear();
        if (event.durationUs >= 0)
            step.microseconds = event.durationUs;
        break;
    case RunEvent::Kind::Waiting: step.note = event.text; break;
    case RunEvent::Kind::Failed:
        if (step.state == State::Done) // committed: what fails later is not its failure
            return;
        step.state = State::Failed;
        step.note = event.text;
        break;
    case RunEvent::Kind::Connected:
    case RunEvent::Kind::BackupMade:
    case RunEvent::Kind::Done: return;
    }
    stepChanged(event.step);
}

void StepsModel::setEnded(const RunReport &report)
{
    for (int row = 0; row < m_steps.size(); ++row) {
        const bool wasCancelled = report.error && report.error->code == ErrorCode::Cancelled;
        State &state = m_steps[row].state;
        if (state == State::Running || (state == State::Failed && wasCancelled)) {
            state = State::RolledBack;
            stepChanged(row);
        }
    }
}

void StepsModel::stepChanged(int row)
{
    emit dataChanged(index(row), index(row));
}

int StepsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

QVariant StepsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = index.row();
    const Progress &progress = m_steps[row];
    switch (role) {
    case Qt::DisplayRole: {
        const PlanStep &step = m_plan.steps[row];
        if (step.direction == Direction::Stamp)
            return step.to.isEmpty() ? tr("Take the rows out")
                                     : tr("Write down %1").arg(visibleText(step.to.join(u", "_s), false));
        const QString message = visibleText(step.message.simplified(), false);
        return message.isEmpty() ? tr("(no message)") : message;
    }
    case StateRole: return int(progress.state);
    case RevisionRole: return visibleText(m_plan.steps[row].revision, false);
    case DetailRole: return detail(row);
    case FractionRole:
        return progress.state == State::Running && progress.statements > 0 && !m_plan.steps[row].live
                   ? double(progress.done) / progress.statements
                   : -1.0;
    case Qt::AccessibleTextRole: return accessibleText(row);
    case Qt::ToolTipRole: return detail(row).toHtmlEscaped();
    default: return {};
    }
}

QString StepsModel::detail(int row) const
{
    const Progress &progress = m_steps[row];
    const PlanStep &step = m_plan.steps[row];
    const QString dot = u" · "_s;
    const QString note = visibleText(redactedText(progress.note), false);
    switch (progress.state) {
    case State::Waiting: {
        if (step.live)
            return tr("reads rows: its statements follow from them");
        if (step.status != StepStatus::Ok)
            return visibleText(step.reason, false);
        QString text = statementsText(progress.statements);
        if (!step.rebuiltTables.isEmpty())
            text +=
                dot + tr("rebuilds %1").arg(visibleText(step.rebuiltTables.join(u", "_s), false));
        if (!step.losses.isEmpty())
            text += dot + tr("loses data");
        return text;
    }
    case State::Running: {
        const int at = qMin(progress.done + 1, progress.statements);
        return (step.live ? tr("statement %1").arg(at)
                          : tr("statement %1 of %2").arg(at).arg(progress.statements))
               + (note.isEmpty() ? QString() : dot + note);
    }
    case State::Done:
        return tr("%1 of %2 statements").arg(progress.done).arg(progress.statements) + dot
               + durationText(progress.microseconds)
               + (progress.committed.isValid()
                      ? dot + tr("committed %1").arg(progress.committed.toString(u"HH:mm:ss"_s))
                      : QString());
    case State::Failed: return tr("failed, rolled back: %1").arg(note);
    case State::RolledBack:
        return tr("stopped at statement %1 of %2, rolled back")
            .arg(qMin(progress.done + 1, progress.statements))
            .arg(progress.statements);
    }
    return {};
}

QString StepsModel::accessibleText(int row) const
{
    const QString state = [this, row] {
        switch (m_steps[row].state) {
        case State::Waiting: return tr("waiting");
        case State::Running: return tr("running");
        case State::Done: return tr("done");
        case State::Failed: return tr("failed");
        case State::RolledBack: return tr("rolled back");
        }
        return QString();
    }();
    const PlanStep &step = m_plan.steps[row];
    return QStringList{tr("step %1").arg(row + 1), visibleText(step.message, false), step.revision,
                       state, detail(row)}
        .join(u", "_s);
}

} // namespace tribikos
