// What the project's git repository adds: heads --with, rescue, and where a lost revision is.
#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "app/cli/rescuehint.h"
#include "core/project/lostrevision.h"
#include "core/project/mergeforecast.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

constexpr int shortCommit = 10;

QString sideName(RevisionSide side)
{
    switch (side) {
    case RevisionSide::Both: return u"both"_s;
    case RevisionSide::Here: return u"here"_s;
    case RevisionSide::There: return u"there"_s;
    }
    return {};
}

QJsonArray texts(const QStringList &list)
{
    return QJsonArray::fromStringList(list);
}

QJsonArray headsArray(const MergeForecast &forecast)
{
    QJsonArray list;
    for (const int node : forecast.graph.heads()) {
        QJsonObject head = revisionObject(forecast.graph, node);
        const QString id = forecast.graph.revision(node).id;
        head.insert(u"side"_s, sideName(forecast.sides.value(id)));
        list.append(head);
    }
    return list;
}

QJsonValue reparentingValue(const MergeForecast &forecast)
{
    if (!forecast.reparenting)
        return QJsonValue::Null;
    return QJsonObject{{u"revision"_s, forecast.reparenting->revision},
                       {u"down"_s, texts(forecast.reparenting->parents)},
                       {u"file"_s, forecast.reparenting->file}};
}

QJsonObject forecastObject(const MergeForecast &forecast, int exitCode)
{
    QJsonArray overlaps;
    for (const TableOverlap &overlap : forecast.overlaps)
        overlaps.append(QJsonObject{{u"table"_s, overlap.table},
                                    {u"columns"_s, texts(overlap.columns)},
                                    {u"here"_s, texts(overlap.here)},
                                    {u"there"_s, texts(overlap.there)}});
    QJsonArray problems;
    for (const Diagnostic &problem : forecast.problems)
        problems.append(diagnosticObject(problem));
    return {{u"ref"_s, forecast.ref},
            {u"commit"_s, forecast.commit},
            {u"merge_base"_s, forecast.base},
            {u"heads"_s, headsArray(forecast)},
            {u"only_here"_s, texts(forecast.onlyHere)},
            {u"only_there"_s, texts(forecast.onlyThere)},
            {u"changed_here"_s, texts(forecast.changedHere)},
            {u"changed_there"_s, texts(forecast.changedThere)},
            {u"removed_here"_s, texts(forecast.removedHere)},
            {u"removed_there"_s, texts(forecast.removedThere)},
            {u"needs_merge"_s, forecast.needsMerge()},
            {u"split"_s, texts(forecast.split)},
            {u"merge_command"_s, forecast.mergeCommand()},
            {u"reparent"_s, reparentingValue(forecast)},
            {u"overlaps"_s, overlaps},
            {u"notes"_s, texts(forecast.notes)},
            {u"problems"_s, problems},
            {u"exit"_s, exitCode}};
}

QString countText(qsizetype count, const QString &where)
{
    return u"%1 revision%2 only %3"_s.arg(count).arg(count == 1 ? QString() : u"s"_s, where);
}

void printOverlap(CommandContext &context, const TableOverlap &overlap)
{
    const QString columns =
        overlap.columns.isEmpty() ? QString() : u" (%1)"_s.arg(overlap.columns.join(u", "_s));
    context.print(u"Both sides touch %1%2: %3 here, %4 there"_s.arg(
        overlap.table, columns, overlap.here.join(u", "_s), overlap.there.join(u", "_s)));
}

void printWayOut(CommandContext &context, const MergeForecast &forecast)
{
    if (!forecast.needsMerge())
        return;
    context.print(u"After merging the branches, join the heads: "_s + forecast.mergeCommand());
    if (const auto &other = forecast.reparenting)
        context.print(u"Or let %1 revise %2: change down_revision in %3"_s.arg(
            other->revision, other->parents.join(u", "_s), other->file));
}

void printForecast(CommandContext &context, const MergeForecast &forecast)
{
    const RevisionGraph &graph = forecast.graph;
    for (const int node : graph.heads()) {
        const RevisionSide side = forecast.sides.value(graph.revision(node).id);
        const QString where = side == RevisionSide::Here    ? u", only here"_s
                              : side == RevisionSide::There ? u", only on "_s + forecast.ref
                                                            : QString();
        context.print(revisionLine(graph, node, {.hasLabels = true, .hasTreeMarks = false})
                      + where);
    }
    context.print(u"%1, %2"_s.arg(countText(forecast.onlyHere.size(), u"here"_s),
                                  countText(forecast.onlyThere.size(), u"on "_s + forecast.ref)));
    for (const TableOverlap &overlap : forecast.overlaps)
        printOverlap(context, overlap);
    for (const QString &note : forecast.notes)
        context.warn(note);
    for (const Diagnostic &problem : forecast.problems)
        context.warn(problem.message);
    printWayOut(context, forecast);
}

QString sourceText(const LostRevision &lost)
{
    return lost.refs.isEmpty() ? u"on no branch any more, only in the reflog"_s
                               : u"on "_s + lost.refs.join(u", "_s);
}

QJsonObject lostObject(const LostRevision &lost)
{
    return {{u"id"_s, lost.revision.id},
            {u"down"_s, texts(lost.revision.downRevisions)},
            {u"message"_s, lost.revision.message},
            {u"commit"_s, lost.author.commit},
            {u"author"_s, lost.author.name},
            {u"email"_s, lost.author.email},
            {u"date"_s, lost.author.date.toString(Qt::ISODate)},
            {u"summary"_s, lost.author.summary},
            {u"refs"_s, texts(lost.refs)},
            {u"path"_s, lost.inRepository},
            {u"file"_s, lost.revision.file},
            {u"text"_s, QString::fromUtf8(lost.bytes)}};
}

QJsonObject searchObject(const LostSearch &search, const QStringList &restored)
{
    QJsonArray found;
    for (const LostRevision &lost : search.found)
        found.append(lostObject(lost));
    QJsonArray ancestors;
    for (const LostRevision &lost : search.ancestors)
        ancestors.append(lostObject(lost));
    return {{u"id"_s, search.id},
            {u"found"_s, found},
            {u"ancestors"_s, ancestors},
            {u"missing"_s, texts(search.missing)},
            {u"is_whole"_s, search.isWhole},
            {u"restored"_s, texts(restored)}};
}

void printLost(CommandContext &context, const LostRevision &lost)
{
    context.print(u"Rev: %1, %2"_s.arg(lost.revision.id, lost.revision.message));
    context.print(u"Commit: %1 by %2 <%3>, %4, %5"_s.arg(
        lost.author.commit.left(shortCommit), lost.author.name, lost.author.email,
        lost.author.date.toString(Qt::ISODate), sourceText(lost)));
    context.print(u"Path: "_s + lost.revision.file);
}

void printSearch(CommandContext &context, const LostSearch &search)
{
    const LostRevision &lost = search.found.constFirst();
    printLost(context, lost);
    context.print(u"\n"_s + QString::fromUtf8(lost.bytes));
    for (const LostRevision &ancestor : search.ancestors) {
        context.print(u"It needs, and no file has:"_s);
        printLost(context, ancestor);
    }
    if (search.found.size() > 1)
        context.print(
            u"The repository has %1 texts of it; this is the newest."_s.arg(search.found.size()));
    context.print(u"Bring it back: tribikos-cli rescue %1 --restore"_s.arg(search.id));
    context.print(u"Or say where the database really is: tribikos-cli stamp --purge REVISION"_s);
}

Error nowhere(const LostSearch &search)
{
    const QString more = search.isWhole ? QString() : u" that were looked through"_s;
    return {.code = ErrorCode::NotFound,
            .message =
                u"No branch, stash or reflog entry%1 has a revision %2. Fetch the branch that made "
                u"it, or "
                "say where the database really is: tribikos-cli stamp --purge REVISION."_s.arg(
                    more, search.id)};
}

} // namespace

int headsWith(CommandContext &context)
{
    const QString ref = context.invocation().values[u"with"_s];
    const auto forecast = forecastMerge(context.project(), ref, context.stop());
    if (!forecast)
        return context.fail(forecast.error());
    const int exitCode = forecast->isClean() ? Done : Differs;
    if (context.isJson())
        context.printJson(forecastObject(*forecast, exitCode));
    else
        printForecast(context, *forecast);
    return exitCode;
}

int rescue(CommandContext &context)
{
    const QString id = context.invocation().positionals.constFirst();
    const auto search = findLostRevision(context.project(), id, context.stop());
    if (!search)
        return context.fail(search.error());
    if (search->found.isEmpty())
        return context.fail(nowhere(*search));
    for (const QString &missing : search->missing)
        context.warn(
            u"%1 builds on %2, which the repository does not have either."_s.arg(id, missing));
    QStringList restored;
    if (context.invocation().has(u"restore"_s)) {
        const auto edit = bringBack(context.project(), *search);
        if (!edit)
            return context.fail(edit.error());
        if (const Status applied = apply(*edit); !applied)
            return context.fail(applied.error());
        for (const FileChange &change : edit->changes) {
            if (!change.isFolder)
                restored.append(change.path);
        }
    }
    if (context.isJson())
        context.printJson(searchObject(*search, restored));
    else if (restored.isEmpty())
        printSearch(context, *search);
    for (const QString &file : std::as_const(restored)) {
        if (!context.isJson())
            context.print(u"Restoring %1 ...  done"_s.arg(file));
    }
    return Done;
}

QString rescueHint(const CommandContext &context, const QString &id)
{
    const auto search = findLostRevision(context.project(), id, context.stop());
    if (!search || search->found.isEmpty())
        return {};
    const LostRevision &lost = search->found.constFirst();
    return u"Revision %1 is in commit %2 by %3, %4; look at it with 'tribikos-cli rescue %1', "
           u"bring it back with "
           "--restore"_s.arg(id, lost.author.commit.left(shortCommit), lost.author.name,
                             sourceText(lost));
}

} // namespace tribikos::cli
