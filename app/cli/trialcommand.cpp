#include "app/cli/onlinerun.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

/// upgrade --dry-run
namespace tribikos::cli {

namespace {

QJsonObject statementObject(const TriedStatement &tried)
{
    return {{u"revision"_s, tried.revision},
            {u"statement"_s, redactedText(tried.sql)},
            {u"tried"_s, tried.isTried},
            {u"milliseconds"_s, double(tried.durationUs) / 1000.0},
            {u"rows"_s, tried.rows},
            {u"locks"_s, QJsonArray::fromStringList(tried.locks)},
            {u"rewritten"_s, QJsonArray::fromStringList(tried.rewritten)},
            {u"remark"_s, redactedText(tried.remark, tried.sql)}};
}

QJsonObject trialObject(const TrialOutcome &outcome, int exitCode)
{
    const RunReport &report = outcome.trial.report;
    QJsonArray statements;
    for (const TriedStatement &tried : outcome.trial.statements)
        statements.append(statementObject(tried));
    QJsonArray changes;
    for (const Difference &difference : outcome.changes)
        changes.append(QJsonObject{
            {u"kind"_s, differenceKindName(difference.kind)},
            {u"table"_s, difference.table.text()},
            {u"name"_s, difference.name},
            {u"aspect"_s, difference.aspect},
            {u"before"_s,
             difference.inMigrations ? QJsonValue(difference.migrations) : QJsonValue()},
            {u"after"_s, difference.inDatabase ? QJsonValue(difference.database) : QJsonValue()}});
    QJsonObject object{{u"event"_s, u"dry-run"_s},
                       {u"statements"_s, statements},
                       {u"changes"_s, changes},
                       {u"notes"_s, QJsonArray::fromStringList(outcome.trial.notes + report.notes)},
                       {u"revisions"_s, QJsonArray::fromStringList(report.rowsAfter)},
                       {u"position_known"_s, report.positionKnown},
                       {u"exit"_s, exitCode}};
    if (report.error) {
        object.insert(u"error"_s, redactedText(report.error->message));
        object.insert(u"file"_s, report.error->file);
        object.insert(u"line"_s, report.error->line);
    }
    return object;
}

void printStatement(CommandContext &context, const TriedStatement &tried)
{
    const QString time =
        tried.isTried ? u"%1 ms"_s.arg(QString::number(double(tried.durationUs) / 1000, 'f', 1))
                      : u"-"_s;
    const QString rows = tried.rows >= 0 ? u"  (%1 rows)"_s.arg(tried.rows) : QString();
    context.print(
        u"%1  %2%3"_s.arg(time.rightJustified(12), redactedText(tried.sql).simplified(), rows));
    const QString margin(14, u' ');
    if (!tried.locks.isEmpty())
        context.print(margin + u"locks: "_s + tried.locks.join(u", "_s));
    if (!tried.rewritten.isEmpty())
        context.print(margin + u"writes anew: "_s + tried.rewritten.join(u", "_s));
    if (!tried.remark.isEmpty())
        context.print(margin + redactedText(tried.remark, tried.sql));
}

QString changeLine(const Difference &difference)
{
    QStringList names{difference.table.text(), difference.name};
    names.removeAll({}); // a view stands in no table
    const QString what = differenceKindName(difference.kind) + u' ' + names.join(u'.');
    if (!difference.inMigrations)
        return u"  + %1 %2"_s.arg(what, difference.database).trimmed().prepend(u"  "_s);
    if (!difference.inDatabase)
        return u"  - %1"_s.arg(what);
    const QString aspect = difference.aspect.isEmpty() ? QString() : u' ' + difference.aspect;
    return u"  ~ %1%2: %3 -> %4"_s.arg(what, aspect, difference.migrations, difference.database);
}

} // namespace

int runTrial(CommandContext &context, const Plan &plan, const Environment &environment,
             const RunOptions &options)
{
    const TrialOutcome outcome = tryOn(plan, environment, options, {}, context.stop());
    const RunReport &report = outcome.trial.report;
    const int exitCode = report.error ? exitCodeOf(report.error->code) : Done;
    if (context.isJson()) {
        context.printJson(trialObject(outcome, exitCode));
        return exitCode;
    }
    QString revision;
    for (const TriedStatement &tried : outcome.trial.statements) {
        if (tried.revision != revision)
            context.print(u"Revision "_s + tried.revision);
        revision = tried.revision;
        printStatement(context, tried);
    }
    if (!outcome.changes.isEmpty())
        context.print(u"What would change:"_s);
    for (const Difference &difference : outcome.changes)
        context.print(changeLine(difference));
    for (const QString &note : outcome.trial.notes + report.notes)
        context.print(note);
    if (!report.error)
        context.print(u"The database is as it was, at %1."_s.arg(
            report.rowsAfter.isEmpty() ? u"base"_s : report.rowsAfter.join(u", "_s)));
    return report.error ? context.fail(*report.error, exitCode) : Done;
}

} // namespace tribikos::cli
