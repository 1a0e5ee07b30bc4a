#include "core/runtime/runnarrator.h"

#include "core/base/text.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

const Statement *statementAt(const PlanStep &step, int statement)
{
    if (statement < 0)
        return nullptr;
    if (statement < step.statements.size())
        return &step.statements.at(statement);
    const qsizetype version = statement - step.statements.size();
    return version < step.versionStatements.size() ? &step.versionStatements.at(version) : nullptr;
}

} // namespace

RunNarrator::RunNarrator(const Plan &plan, const RunProgress &progress, RunReport &report)
    : m_plan(plan)
    , m_progress(progress)
    , m_report(report)
{}

void RunNarrator::emitEvent(RunEvent event)
{
    event.step = m_step;
    if (m_step >= 0)
        event.statements = std::max(statementCount(m_plan.steps.at(m_step)), event.statement + 1);
    event.at = QDateTime::currentDateTimeUtc();
    if (m_progress)
        m_progress(event);
}

void RunNarrator::say(RunEvent::Kind kind, const QString &text)
{
    emitEvent({.kind = kind, .text = text});
}

void RunNarrator::stepStarted(int step)
{
    m_step = step;
    m_statement = -1;
    m_stepTime.start();
    emitEvent({.kind = RunEvent::Kind::StepStarted, .text = m_plan.steps.at(step).revision});
}

void RunNarrator::stepDone(const QString &text, qint64 durationUs)
{
    emitEvent({.kind = RunEvent::Kind::StepDone,
               .text = text,
               .durationUs = durationUs >= 0 ? durationUs : m_stepTime.nsecsElapsed() / 1000});
    m_step = -1; // what happens next is none of this step's
    m_statement = -1;
}

void RunNarrator::statementStarted(int statement, const QString &sql)
{
    m_statement = statement;
    m_sql = sql;
    m_statementTime.start();
    emitEvent({.kind = RunEvent::Kind::StatementStarted, .statement = statement, .text = sql});
}

void RunNarrator::statementDone(qint64 rows, int count, const QStringList &notices)
{
    m_report.statementsDone += count;
    emitEvent({.kind = RunEvent::Kind::StatementDone,
               .statement = m_statement,
               .text = m_sql,
               .durationUs = m_statementTime.nsecsElapsed() / 1000,
               .rows = rows,
               .notices = notices});
}

void RunNarrator::waiting(qint64 waitedMs, const QString &what, qint64 blocker)
{
    emitEvent({.kind = RunEvent::Kind::Waiting,
               .statement = m_statement,
               .text = u"%1; waited %2 s so far"_s.arg(
                   what, QString::number(double(waitedMs) / 1000, 'f', 1)),
               .durationUs = waitedMs * 1000,
               .blocker = blocker});
}

int statementCount(const PlanStep &step)
{
    return int(step.statements.size() + step.versionStatements.size());
}

QString stepPlace(const PlanStep &step, int line)
{
    const QString revision = visibleText(step.revision, false);
    if (step.file.isEmpty())
        return revision;
    const QString file = visibleText(QFileInfo(step.file).fileName(), false);
    return line > 0 ? u"%1 (%2:%3)"_s.arg(revision, file, QString::number(line))
                    : u"%1 (%2)"_s.arg(revision, file);
}

Error statementError(const PlanStep &step, int statement, const Error &cause)
{
    const Statement *failed = statementAt(step, statement);
    const int line = failed && failed->span.line > 0 ? failed->span.line : step.line;
    const QString number =
        statement < 0 ? u"the creation of the version table"_s
        : step.live   ? u"statement %1"_s.arg(statement + 1)
                      : u"statement %1 of %2"_s.arg(statement + 1).arg(statementCount(step));
    const QString sql = failed ? failed->shown() : QString();
    const bool isCancel = cause.code == ErrorCode::Cancelled;
    const QString what =
        isCancel ? u"Revision %1 was cancelled at %2"_s.arg(stepPlace(step, line), number)
                 : u"Revision %1 failed at %2: %3"_s.arg(
                     stepPlace(step, line), number,
                     visibleText(redactedText(cause.message, sql), false));
    QString detail = redactedText(cause.detail.isEmpty() ? cause.message : cause.detail, sql);
    if (failed)
        detail += u"\n\n"_s + redactedText(sql);
    return {.code = cause.code, .message = what, .detail = detail, .file = step.file, .line = line};
}

} // namespace tribikos
