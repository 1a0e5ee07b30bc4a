#include "core/runtime/runlog.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype kLongestText = 32 * 1024;
constexpr int kMostListed = 100;

/// What may stand in a log: no password, no control character, of bounded length.
QString safe(const QString &text)
{
    QString shown = visibleText(redactedText(text.left(kLongestText)));
    if (text.size() > kLongestText)
        shown += u" … (%1 characters in all)"_s.arg(text.size());
    return shown;
}

QJsonArray safeList(const QStringList &texts)
{
    QJsonArray list;
    for (const QString &text : texts.first(std::min<qsizetype>(texts.size(), kMostListed)))
        list.append(safe(text.left(1000)));
    return list;
}

QString directionName(Direction direction)
{
    switch (direction) {
    case Direction::Upgrade: return u"upgrade"_s;
    case Direction::Downgrade: return u"downgrade"_s;
    case Direction::Stamp: return u"stamp"_s;
    }
    return {};
}

void removeOldest(const QDir &folder)
{
    // Names begin with the time: the order of names is the order of runs.
    const QStringList runs = folder.entryList({u"run-*.jsonl"_s}, QDir::Files, QDir::Name);
    for (qsizetype i = 0; i + RunLog::kKeptRuns < runs.size(); ++i)
        QFile::remove(folder.filePath(runs.at(i)));
}

QString newName()
{
    return u"run-%1-%2-%3.jsonl"_s.arg(
        QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmsszzz"_s),
        QString::number(QCoreApplication::applicationPid()),
        QString::number(QRandomGenerator::global()->bounded(0x10000), 16));
}

} // namespace

RunLog::RunLog(const Plan &plan)
{
    for (const PlanStep &step : plan.steps)
        m_revisions.append(step.revision);
}

Result<std::unique_ptr<RunLog>> RunLog::create(const QString &folder, const Plan &plan,
                                               const ConnectionSpec &spec)
{
    const auto refuse = [&](const QString &reason) {
        return Error{.code = ErrorCode::Io,
                     .message = u"No log of this run is kept: %1 (%2)."_s.arg(folder, reason)};
    };
    if (!QDir().mkpath(folder))
        return refuse(u"the folder can't be created"_s);
    const QDir runs(folder);
    std::unique_ptr<RunLog> log(new RunLog(plan));
    constexpr int mostNames = 20; // another run may take the same one in the same millisecond
    for (int tried = 0; tried < mostNames && !log->m_file.isOpen(); ++tried) {
        log->m_file.setFileName(runs.filePath(newName()));
        const bool isOpen =
            log->m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered,
                             QFile::ReadOwner | QFile::WriteOwner);
        if (!isOpen && !QFile::exists(log->m_file.fileName()))
            break;
    }
    if (!log->m_file.isOpen())
        return refuse(log->m_file.errorString());
    removeOldest(runs);
    const Direction direction =
        plan.steps.isEmpty() ? Direction::Upgrade : plan.steps.first().direction;
    const QString database = spec.backend == Backend::Sqlite ? spec.database : spec.url;
    log->write({{u"event"_s, u"run"_s},
                {u"program"_s, QStringLiteral("tribikos " TRIBIKOS_VERSION)},
                {u"pid"_s, QCoreApplication::applicationPid()},
                {u"backend"_s, backendName(spec.backend)},
                {u"database"_s, safe(database)},
                {u"direction"_s, directionName(direction)},
                {u"from"_s, safeList(plan.startRows)},
                {u"to"_s, safeList(plan.endRows)},
                {u"steps"_s, int(plan.steps.size())},
                {u"statements"_s, plan.statementCount()}},
               QDateTime::currentDateTimeUtc());
    return log;
}

void RunLog::write(QJsonObject line, const QDateTime &at)
{
    line.insert(u"at"_s, at.toString(Qt::ISODateWithMs));
    m_file.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

QJsonObject RunLog::statementLine(const RunEvent &event) const
{
    QJsonObject line{{u"event"_s, u"statement"_s},
                     {u"revision"_s, safe(m_revisions.value(event.step))},
                     {u"statement"_s, event.statement},
                     {u"statements"_s, event.statements},
                     {u"sql"_s, safe(event.text)}};
    return line;
}

void RunLog::record(const RunEvent &event)
{
    const QString revision = safe(m_revisions.value(event.step));
    switch (event.kind) {
    case RunEvent::Kind::Connected:
        write({{u"event"_s, u"connected"_s}, {u"text"_s, safe(event.text)}}, event.at);
        break;
    case RunEvent::Kind::BackupMade:
        write({{u"event"_s, u"backup"_s}, {u"text"_s, safe(event.text)}}, event.at);
        break;
    case RunEvent::Kind::StepStarted:
        write({{u"event"_s, u"step"_s},
               {u"revision"_s, revision},
               {u"statements"_s, event.statements}},
              event.at);
        break;
    case RunEvent::Kind::StatementStarted: m_running = event; break;
    case RunEvent::Kind::StatementDone: {
        m_running.reset();
        QJsonObject line = statementLine(event);
        line.insert(u"us"_s, event.durationUs);
        line.insert(u"rows"_s, event.rows);
        if (!event.notices.isEmpty())
            line.insert(u"notices"_s, safeList(event.notices));
        write(line, event.at);
        break;
    }
    case RunEvent::Kind::StepDone:
        write({{u"event"_s, u"step-done"_s},
               {u"revision"_s, revision},
               {u"us"_s, event.durationUs},
               {u"text"_s, safe(event.text)}},
              event.at);
        break;
    case RunEvent::Kind::Waiting:
        write({{u"event"_s, u"waiting"_s},
               {u"revision"_s, revision},
               {u"us"_s, event.durationUs},
               {u"text"_s, safe(event.text)}},
              event.at);
        break;
    case RunEvent::Kind::Failed:
        if (m_running) { // the statement that did not come back
            QJsonObject line = statementLine(*m_running);
            line.insert(u"us"_s, m_running->at.msecsTo(event.at) * 1000);
            line.insert(u"failed"_s, true);
            write(line, event.at);
            m_running.reset();
        }
        break;
    case RunEvent::Kind::Done: break;
    }
}

void RunLog::close(const RunReport &report)
{
    QJsonObject end{{u"event"_s, u"end"_s},
                    {u"ok"_s, !report.error},
                    {u"cancelled"_s, report.error && report.error->code == ErrorCode::Cancelled},
                    {u"known"_s, report.positionKnown},
                    {u"rows"_s, safeList(report.rowsAfter)},
                    {u"stepsDone"_s, report.stepsDone},
                    {u"statementsDone"_s, report.statementsDone},
                    {u"backup"_s, safe(report.backupFile)},
                    {u"notes"_s, safeList(report.notes)}};
    if (report.error)
        end.insert(u"error"_s, safe(report.error->message.left(4000)));
    write(end, QDateTime::currentDateTimeUtc());
    m_file.close();
}

} // namespace tribikos
