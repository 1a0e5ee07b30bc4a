#include "core/runtime/runlog.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 kLongestLine = 1024 * 1024;
constexpr qint64 kTail = 256 * 1024; // an "end" line is bounded far below
constexpr qint64 kLongestLog = 256 * 1024 * 1024;

QStringList stringList(const QJsonValue &value)
{
    QStringList texts;
    for (const QJsonValue &text : value.toArray())
        texts.append(text.toString());
    return texts;
}

QDateTime timeOf(const QJsonObject &line)
{
    return QDateTime::fromString(line.value("at"_L1).toString(), Qt::ISODateWithMs);
}

QJsonObject parsed(const QByteArray &line)
{
    return QJsonDocument::fromJson(line).object();
}

Direction directionOf(const QString &name)
{
    if (name == u"downgrade")
        return Direction::Downgrade;
    return name == u"stamp" ? Direction::Stamp : Direction::Upgrade;
}

bool readStart(const QJsonObject &line, RunSummary &summary)
{
    if (line.value("event"_L1) != u"run"_s)
        return false;
    summary.startedAt = timeOf(line);
    summary.database = line.value("database"_L1).toString();
    summary.direction = directionOf(line.value("direction"_L1).toString());
    summary.startRows = stringList(line.value("from"_L1));
    summary.endRows = stringList(line.value("to"_L1));
    summary.steps = line.value("steps"_L1).toInt();
    summary.statements = line.value("statements"_L1).toInt();
    return true;
}

void readEnd(const QJsonObject &line, RunSummary &summary)
{
    if (line.value("event"_L1) != u"end"_s)
        return;
    const bool isCancelled = line.value("cancelled"_L1).toBool();
    const auto notDone = isCancelled ? RunSummary::Outcome::Cancelled : RunSummary::Outcome::Failed;
    summary.outcome = line.value("ok"_L1).toBool() ? RunSummary::Outcome::Done : notDone;
    summary.finishedAt = timeOf(line);
    summary.positionKnown = line.value("known"_L1).toBool();
    summary.rowsAfter = stringList(line.value("rows"_L1));
    summary.stepsDone = line.value("stepsDone"_L1).toInt();
    summary.statementsDone = line.value("statementsDone"_L1).toInt();
    summary.error = line.value("error"_L1).toString();
    summary.backupFile = line.value("backup"_L1).toString();
    summary.notes = stringList(line.value("notes"_L1));
}

RunLogEntry entryOf(const QJsonObject &line)
{
    const QJsonValue sql = line.value("sql"_L1);
    return {.event = line.value("event"_L1).toString(),
            .at = timeOf(line),
            .revision = line.value("revision"_L1).toString(),
            .statement = line.value("statement"_L1).toInt(-1),
            .statements = line.value("statements"_L1).toInt(),
            .text = sql.isString() ? sql.toString() : line.value("text"_L1).toString(),
            .durationUs = line.value("us"_L1).toInteger(),
            .rows = line.value("rows"_L1).toInteger(-1),
            .isFailed = line.value("failed"_L1).toBool(),
            .notices = stringList(line.value("notices"_L1))};
}

bool isReadable(const QString &path)
{
    const QFileInfo file(path);
    return file.isFile()
           && file.size() <= kLongestLog; // a pipe would block, a giant fill the memory
}

QByteArray lastLine(QFile &file)
{
    file.seek(std::max<qint64>(0, file.size() - kTail));
    const QByteArray tail = file.readAll().trimmed();
    return tail.mid(tail.lastIndexOf('\n') + 1);
}

} // namespace

QString runLogFolder()
{
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    // The XDG rule: a relative path is to be ignored.
    const QString base =
        QDir::isAbsolutePath(state) ? state : QDir::homePath() + u"/.local/state"_s;
    return base + u"/tribikos/runs"_s;
}

QList<RunSummary> recentRuns(const QString &folder)
{
    const QDir runs(folder);
    QList<RunSummary> all;
    const QStringList names =
        runs.entryList({u"run-*.jsonl"_s}, QDir::Files, QDir::Name | QDir::Reversed);
    for (const QString &name : names) {
        QFile file(runs.filePath(name));
        RunSummary summary{.file = file.fileName()};
        if (!isReadable(file.fileName()) || !file.open(QIODevice::ReadOnly)
            || !readStart(parsed(file.readLine(kLongestLine)), summary))
            continue;
        readEnd(parsed(lastLine(file)), summary);
        all.append(summary);
    }
    return all;
}

Result<RunRecord> readRun(const QString &path)
{
    const auto refuse = [&](const QString &reason) {
        return Error{.code = ErrorCode::Unreadable,
                     .message = u"%1 is no log of a run: %2."_s.arg(path, reason),
                     .file = path};
    };
    QFile file(path);
    if (!isReadable(path))
        return refuse(u"it is not a regular file of a reasonable size"_s);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(file.errorString());
    RunRecord record;
    record.summary.file = path;
    if (!readStart(parsed(file.readLine(kLongestLine)), record.summary))
        return refuse(u"it does not begin with a \"run\" line"_s);
    while (!file.atEnd()) {
        const QByteArray text = file.readLine(kLongestLine);
        const QJsonObject line = parsed(text);
        if (line.isEmpty())
            ++record.unreadableLines;
        else if (line.value("event"_L1) == u"end"_s)
            readEnd(line, record.summary);
        else
            record.entries.append(entryOf(line));
    }
    return record;
}

} // namespace tribikos
