#include "core/runtime/runlog.h"

#include "core/base/text.h"
#include "core/runtime/jsonline.h"

#include <QCoreApplication>
#include <QDir>
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

QStringList safeList(const QStringList &texts)
{
    QStringList list;
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
        m_revisions.append(safe(step.revision));
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
    JsonLine line("run");
    line.text("program", u"tribikos " TRIBIKOS_VERSION)
        .number("pid", QCoreApplication::applicationPid())
        .text("backend", backendName(spec.backend))
        .text("database", safe(database))
        .text("direction", directionName(direction))
        .texts("from", safeList(plan.startRows))
        .texts("to", safeList(plan.endRows))
        .number("steps", plan.steps.size())
        .number("statements", plan.statementCount());
    log->write(line, QDateTime::currentDateTimeUtc());
    return log;
}

void RunLog::write(JsonLine &line, const QDateTime &at)
{
    m_file.write(line.ended(at.toMSecsSinceEpoch()));
}

JsonLine RunLog::statementLine(const RunEvent &event) const
{
    JsonLine line("statement");
    line.text("revision", m_revisions.value(event.step))
        .number("statement", event.statement)
        .number("statements", event.statements)
        .text("sql", safe(event.text));
    return line;
}

void RunLog::record(const RunEvent &event)
{
    const auto timed = [&](QByteArrayView name) {
        JsonLine line(name);
        line.text("revision", m_revisions.value(event.step))
            .number("us", event.durationUs)
            .text("text", safe(event.text));
        write(line, event.at);
    };
    switch (event.kind) {
    case RunEvent::Kind::Connected:
    case RunEvent::Kind::BackupMade: {
        JsonLine line(event.kind == RunEvent::Kind::Connected ? "connected" : "backup");
        write(line.text("text", safe(event.text)), event.at);
        break;
    }
    case RunEvent::Kind::StepStarted: {
        JsonLine line("step");
        line.text("revision", m_revisions.value(event.step)).number("statements", event.statements);
        write(line, event.at);
        break;
    }
    case RunEvent::Kind::StatementStarted: m_running = event; break;
    case RunEvent::Kind::StatementDone: {
        m_running.reset();
        JsonLine line = statementLine(event);
        line.number("us", event.durationUs).number("rows", event.rows);
        if (!event.notices.isEmpty())
            line.texts("notices", safeList(event.notices));
        write(line, event.at);
        break;
    }
    case RunEvent::Kind::StepDone: timed("step-done"); break;
    case RunEvent::Kind::Waiting: timed("waiting"); break;
    case RunEvent::Kind::Failed:
        if (m_running) { // the statement that did not come back
            JsonLine line = statementLine(*m_running);
            line.number("us", m_running->at.msecsTo(event.at) * 1000).flag("failed", true);
            write(line, event.at);
            m_running.reset();
        }
        break;
    case RunEvent::Kind::Done: break;
    }
}

void RunLog::close(const RunReport &report)
{
    JsonLine end("end");
    end.flag("ok", !report.error)
        .flag("cancelled", report.error && report.error->code == ErrorCode::Cancelled)
        .flag("known", report.positionKnown)
        .texts("rows", safeList(report.rowsAfter))
        .number("stepsDone", report.stepsDone)
        .number("statementsDone", report.statementsDone)
        .text("backup", safe(report.backupFile))
        .texts("notes", safeList(report.notes));
    if (report.error)
        end.text("error", safe(report.error->message.left(4000)));
    write(end, QDateTime::currentDateTimeUtc());
    m_file.close();
}

} // namespace tribikos
