#include "ui/apply/stepsmodel.h"

#include "core/base/text.h"
#include "ui/shell/wording.h"

#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

QString clockText(qint64 seconds)
{
    const QString minutes = u"%1:%2"_s.arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
                                .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return seconds < 3600 ? minutes : QString::number(seconds / 3600) + u':' + minutes;
}

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

void StepsModel::setPlan(const Plan &plan, const TransactionMap &map)
{
    beginResetModel();
    m_plan = plan;
    m_map = map;
    m_current = -1;
    m_steps.clear();
    for (const PlanStep &step : plan.steps) {
        Progress progress;
        progress.statements = int(step.statements.size() + step.versionStatements.size());
        m_steps << progress;
    }
    endResetModel();
}

void StepsModel::apply(const QList<RunEvent> &events)
{
    int first = int(m_steps.size());
    int last = -1;
    for (const RunEvent &event : events) {
        if (!applyOne(event))
            continue;
        first = qMin(first, event.step);
        last = qMax(last, event.step);
    }
    if (last >= 0) // views are told once, however much happened
        emit dataChanged(index(first), index(last));
}

bool StepsModel::applyOne(const RunEvent &event)
{
    if (event.step < 0 || event.step >= m_steps.size())
        return false;
    Progress &step = m_steps[event.step];
    switch (event.kind) {
    case RunEvent::Kind::StepStarted:
        m_current = event.step;
        step.state = State::Running;
        step.started = event.at;
        m_now = event.at;
        if (event.statements > 0)
            step.statements = event.statements;
        break;
    case RunEvent::Kind::StatementStarted:
        step.note.clear();
        step.done = qMax(0, event.statement); // tried again: from the start
        step.begun = event.statement;
        if (m_plan.steps[event.step].live && event.statement >= 0) {
            step.told.resize(qMin<qsizetype>(step.told.size(), event.statement));
            step.told.append(event.text);
        }
        step.statements =
            qMax(step.statements, event.statement + 1); // a live step's are counted as they come
        break;
    case RunEvent::Kind::StatementDone:
        step.done = qMin(step.statements, event.statement + 1);
        step.microseconds += event.durationUs;
        if (event.statement >= 0) // the version table's creation has no number
            step.times.insert(event.statement, event.durationUs);
        break;
    case RunEvent::Kind::StepDone:
        step.state = State::Done;
        step.done = step.statements;
        step.committed = event.at;
        step.note.clear();
        if (event.durationUs >= 0)
            step.microseconds = event.durationUs;
        break;
    case RunEvent::Kind::Waiting:
        step.note =
            event.blocker != 0 ? tr("waiting for session %1").arg(event.blocker) : tr("waiting");
        break;
    case RunEvent::Kind::Failed:
        if (step.state == State::Done) // committed: what fails later is not its failure
            return false;
        step.state = State::Failed;
        step.note = event.text;
        break;
    case RunEvent::Kind::Connected:
    case RunEvent::Kind::BackupMade:
    case RunEvent::Kind::Done: return false;
    }
    return true;
}

void StepsModel::tick(const QDateTime &now)
{
    m_now = now;
    if (m_current >= 0 && m_steps[m_current].state == State::Running)
        stepChanged(m_current);
}

void StepsModel::setEnded(const RunReport &report)
{
    const bool wasCancelled = report.error && report.error->code == ErrorCode::Cancelled;
    for (int row = 0; row < m_steps.size(); ++row) {
        State &state = m_steps[row].state;
        if (state == State::Running || (state == State::Failed && wasCancelled)) {
            state = State::RolledBack;
            stepChanged(row);
        }
    }
    if (!report.error)
        return;
    for (int row = m_current; row > 0 && !m_map.steps[row].constFirst().begins; --row) {
        m_steps[row - 1].state = State::RolledBack; // its COMMIT would have been this step's
        stepChanged(row - 1);
    }
}

QString StepsModel::clockAt(int row) const
{
    const QDateTime started = m_steps[row].started;
    return started.isValid() && m_now.isValid() ? clockText(qMax<qint64>(0, started.secsTo(m_now)))
                                                : QString();
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
            return step.to.isEmpty()
                       ? tr("Take the rows out")
                       : tr("Write down %1").arg(visibleText(step.to.join(u", "_s), false));
        const QString message = visibleText(step.message.simplified(), false);
        return message.isEmpty() ? tr("(no message)") : message;
    }
    case StateRole: return int(progress.state);
    case RevisionRole: return visibleText(m_plan.steps[row].revision, false);
    case DetailRole: return detail(row);
    case FractionRole:
        return progress.state == State::Running && progress.statements > 0
                       && !m_plan.steps[row].live
                   ? double(progress.done) / progress.statements
                   : -1.0;
    case Qt::AccessibleTextRole: return accessibleText(row);
    case Qt::ToolTipRole: return detail(row).toHtmlEscaped();
    default: return {};
    }
}

QString StepsModel::waitingDetail(int row) const
{
    const PlanStep &step = m_plan.steps[row];
    const QString dot = u" · "_s;
    if (step.live)
        return tr("reads rows: its statements follow from them");
    if (step.status != StepStatus::Ok)
        return visibleText(step.reason, false);
    QString text = statementsText(m_steps[row].statements);
    if (!step.rebuiltTables.isEmpty())
        text += dot + tr("rebuilds %1").arg(visibleText(step.rebuiltTables.join(u", "_s), false));
    if (!step.losses.isEmpty())
        text += dot + tr("loses data");
    const QList<TransactionSegment> &segments = m_map.steps[row];
    const auto isKind = [](TransactionSegment::Kind kind) {
        return [kind](const TransactionSegment &segment) {
            return segment.kind == kind && segment.last > segment.first;
        };
    };
    if (std::ranges::any_of(segments, isKind(TransactionSegment::Kind::Outside)))
        text += dot + tr("partly outside of any transaction");
    else if (std::ranges::any_of(segments, isKind(TransactionSegment::Kind::Committing)))
        text += dot + tr("commits as it goes");
    return text;
}

/// How many of its first statements stay in although it has not come to its end.
int StepsModel::lasting(int row) const
{
    int stays = 0;
    for (const TransactionSegment &segment : m_map.steps[row]) {
        // What a COMMIT ends is in when something behind that has begun.
        const bool isCommitted = segment.kind == TransactionSegment::Kind::Transaction
                                     ? segment.last <= m_steps[row].begun
                                     : segment.last <= m_steps[row].done;
        if (!segment.isLast && isCommitted)
            stays = segment.last;
    }
    return stays;
}

QString StepsModel::stoppedDetail(int row) const
{
    const Progress &progress = m_steps[row];
    const int stays = lasting(row);
    const QString what = stays == 0   ? tr("rolled back")
                         : stays == 1 ? tr("its first statement stays in")
                                      : tr("its first %1 statements stay in").arg(stays);
    if (progress.state == State::Failed)
        return tr("failed, %1: %2").arg(what, visibleText(redactedText(progress.note), false));
    return tr("stopped at statement %1 of %2, %3")
        .arg(qMin(progress.done + 1, progress.statements))
        .arg(progress.statements)
        .arg(what);
}

QString StepsModel::detail(int row) const
{
    const Progress &progress = m_steps[row];
    const PlanStep &step = m_plan.steps[row];
    const QString dot = u" · "_s;
    switch (progress.state) {
    case State::Waiting: return waitingDetail(row);
    case State::Running: {
        const int at = qMin(progress.done + 1, progress.statements);
        const QString clock = clockAt(row);
        return (step.live ? tr("statement %1").arg(at)
                          : tr("statement %1 of %2").arg(at).arg(progress.statements))
               + (clock.isEmpty() ? QString() : dot + clock)
               + (progress.note.isEmpty() ? QString() : dot + progress.note);
    }
    case State::Done: {
        const bool isCommitted = m_map.steps[row].constLast().commits;
        return tr("%1 of %2 statements").arg(progress.done).arg(progress.statements) + dot
               + durationText(progress.microseconds)
               + (!isCommitted ? dot + tr("committed with the rest")
                  : progress.committed.isValid()
                      ? dot + tr("committed %1").arg(progress.committed.toString(u"HH:mm:ss"_s))
                      : QString());
    }
    case State::Failed:
    case State::RolledBack: return stoppedDetail(row);
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
