#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "core/runtime/runlog.h"
#include "core/runtime/sqlitebackup.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

/// The logs of past runs.
namespace tribikos::cli {

namespace {

QString positionOf(const QStringList &rows)
{
    return rows.isEmpty() ? u"base"_s : rows.join(u", "_s);
}

QJsonObject summaryObject(int number, const RunSummary &run)
{
    return {{u"number"_s, number},
            {u"file"_s, run.file},
            {u"started"_s, run.startedAt.toString(Qt::ISODateWithMs)},
            {u"finished"_s, run.finishedAt.toString(Qt::ISODateWithMs)},
            {u"database"_s, run.database},
            {u"from"_s, QJsonArray::fromStringList(run.startRows)},
            {u"to"_s, QJsonArray::fromStringList(run.endRows)},
            {u"revisions"_s, QJsonArray::fromStringList(run.rowsAfter)},
            {u"position_known"_s, run.positionKnown},
            {u"outcome"_s, outcomeName(run.outcome)},
            {u"steps"_s, run.stepsDone},
            {u"statements"_s, run.statementsDone},
            {u"error"_s, run.error},
            {u"backup"_s, run.backupFile},
            {u"notes"_s, QJsonArray::fromStringList(run.notes)}};
}

QString summaryLine(int number, const RunSummary &run)
{
    return u"%1  %2  %3  %4 -> %5  %6"_s.arg(
        QString::number(number).rightJustified(3),
        run.startedAt.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s),
        outcomeName(run.outcome).leftJustified(10), positionOf(run.startRows),
        positionOf(run.endRows), run.database);
}

int list(CommandContext &context, const QList<RunSummary> &runs)
{
    if (context.isJson()) {
        QJsonArray all;
        for (int i = 0; i < runs.size(); ++i)
            all.append(summaryObject(i + 1, runs.at(i)));
        context.printJson(all);
        return Done;
    }
    for (int i = 0; i < runs.size(); ++i)
        context.print(summaryLine(i + 1, runs.at(i)));
    return Done;
}

QJsonObject entryObject(const RunLogEntry &entry)
{
    return {{u"event"_s, entry.event},
            {u"at"_s, entry.at.toString(Qt::ISODateWithMs)},
            {u"revision"_s, entry.revision},
            {u"statement"_s, entry.statement},
            {u"text"_s, entry.text},
            {u"milliseconds"_s, double(entry.durationUs) / 1000.0},
            {u"rows"_s, entry.rows},
            {u"failed"_s, entry.isFailed},
            {u"notices"_s, QJsonArray::fromStringList(entry.notices)}};
}

int showRun(CommandContext &context, int number, const RunRecord &record)
{
    if (context.isJson()) {
        QJsonObject whole = summaryObject(number, record.summary);
        QJsonArray entries;
        for (const RunLogEntry &entry : record.entries)
            entries.append(entryObject(entry));
        whole.insert(u"entries"_s, entries);
        context.printJson(whole);
        return Done;
    }
    context.print(summaryLine(number, record.summary));
    for (const RunLogEntry &entry : record.entries) {
        if (entry.event == u"step-done")
            continue;
        const QString time =
            entry.event == u"statement"
                ? u"%1 ms"_s.arg(QString::number(double(entry.durationUs) / 1000, 'f', 1))
                : entry.event;
        context.print(u"  %1  %2%3"_s.arg(time.rightJustified(10),
                                          entry.isFailed ? u"FAILED: "_s : QString(),
                                          entry.text.isEmpty() ? entry.revision : entry.text));
        for (const QString &notice : entry.notices)
            context.print(u"              notice: "_s + notice);
    }
    for (const QString &note : record.summary.notes)
        context.print(u"note: "_s + note);
    if (!record.summary.error.isEmpty())
        context.print(record.summary.error);
    return Done;
}

} // namespace

int runs(CommandContext &context)
{
    const QStringList &words = context.invocation().positionals;
    const QString what = words.value(0, u"list"_s);
    const QList<RunSummary> all = recentRuns(runLogFolder());
    const bool isShown = what == u"show" || what == u"diagnostics";
    if ((what != u"list" && !isShown) || words.size() > 2 || (what == u"list" && words.size() > 1))
        return context.fail(
            {.code = ErrorCode::Usage,
             .message = u"runs takes list, show N or diagnostics N, where 1 is the newest run"_s});
    if (!isShown)
        return list(context, all);
    bool isNumber = true;
    const int number = words.size() > 1 ? words.at(1).toInt(&isNumber) : 1;
    if (!isNumber || number < 1 || number > all.size())
        return context.fail({.code = ErrorCode::Usage,
                             .message = u"There is no run %1: the log has %2."_s.arg(
                                 words.value(1, u"1"_s), QString::number(all.size()))});
    const auto record = readRun(all.at(number - 1).file);
    if (!record)
        return context.fail(record.error());
    if (what == u"show")
        return showRun(context, number, *record);
    context.printRaw(runDiagnostics(*record));
    return Done;
}

int restore(CommandContext &context)
{
    const QStringList &words = context.invocation().positionals;
    const QDir here(context.workingFolder());
    const QString copy = here.absoluteFilePath(words.value(0));
    const QString database =
        words.size() > 1 ? here.absoluteFilePath(words.at(1)) : originalOf(copy);
    if (words.isEmpty() || words.size() > 2 || database.isEmpty())
        return context.fail(
            {.code = ErrorCode::Usage,
             .message =
                 u"restore takes a copy that a run has made (NAME.DATE-TIME.backup), or any and "
                 "the database's file"_s});
    const auto aside = restoreSqlite(copy, database);
    if (!aside)
        return context.fail(aside.error());
    if (context.isJson())
        context.printJson(QJsonObject{{u"database"_s, database},
                                      {u"copy"_s, copy},
                                      {u"replaced"_s, *aside},
                                      {u"exit"_s, int(Done)}});
    else
        context.print(
            aside->isEmpty()
                ? u"%1 is as in the copy."_s.arg(database)
                : u"%1 is as in the copy; what was there is kept as %2."_s.arg(database, *aside));
    return Done;
}

} // namespace tribikos::cli
