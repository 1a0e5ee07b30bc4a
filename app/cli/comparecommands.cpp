#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/modelrevisions.h"
#include "app/cli/onlinerun.h"
#include "app/cli/printers.h"
#include "app/cli/rescuehint.h"
#include "core/config/databaseurl.h"
#include "core/diff/ignored.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

QString shownUrl(const Environment &environment)
{
    const auto url = parseDatabaseUrl(environment.url);
    return url ? url->displayText() : environment.name;
}

QSet<QString> setOf(const QStringList &texts)
{
    return {texts.cbegin(), texts.cend()};
}

QJsonObject positionObject(const CommandContext &context, const Environment &environment,
                           const QStringList &rows)
{
    const RevisionGraph &graph = context.graph();
    QStringList unknown;
    const QBitArray applied = graph.appliedNodes(rows, &unknown);
    bool isAtHead = unknown.isEmpty();
    for (const int head : graph.heads())
        isAtHead = isAtHead && applied.testBit(head);
    return {{u"database"_s, shownUrl(environment)},
            {u"revisions"_s, QJsonArray::fromStringList(rows)},
            {u"heads"_s, QJsonArray::fromStringList(graph.ids(graph.heads()))},
            {u"at_head"_s, isAtHead},
            {u"unknown"_s, QJsonArray::fromStringList(unknown)}};
}

QJsonObject differencesObject(const QList<Difference> &differences,
                              const QList<Rename> &renames = {})
{
    QJsonArray list;
    for (const Difference &difference : differences)
        list.append(differenceObject(difference));
    return {{u"differences"_s, list}, {u"renames"_s, renamesArray(renames)}};
}

/// ('add_column', 't', 'c')
QStringList quoted(const ModelChange &change)
{
    QStringList all;
    for (const QString &name : changeNames(change)) {
        QString text = u"('%1', '%2'"_s.arg(name, change.table.name);
        if (!change.name.isEmpty())
            text += u", '%1'"_s.arg(change.name);
        all.append(text + u')');
    }
    return all;
}

/// Alembic's log of a comparison, its logger in front of each line.
void logDetected(CommandContext &context, const ModelChanges &changes)
{
    for (const TableChanges &table : changes.tables)
        for (const ModelChange &change : table.changes)
            for (const QString &line : change.detected)
                if (!line.isEmpty())
                    context.log(LogLevel::Info,
                                u"alembic.autogenerate.compare."_s + line.section(u": "_s, 0, 0),
                                line.section(u": "_s, 1));
}

int notUpToDate(CommandContext &context, const Error &error)
{
    if (!context.isJson())
        return context.fail(error, Differs);
    QJsonObject answer = differencesObject({});
    answer.insert(u"error"_s, error.message);
    context.printJson(answer);
    return Differs;
}

/// The differences among all three, those that autogenerate would settle.
int checkAsJson(CommandContext &context, const ModelRevision &revision)
{
    const ModelChanges &changes = revision.changes;
    const auto environment = context.environment();
    const auto state = environment
                           ? readEnvironment(context.project(), *environment, context.stop())
                           : Result<EnvironmentState>(environment.error());
    if (!state)
        return context.fail(state.error());
    const auto comparison =
        compareProject(context.project(), environment->backend, &*state, context.stop());
    if (!comparison)
        return context.fail(comparison.error());
    QJsonObject answer =
        differencesObject(differencesOf(changes, comparison->differences), comparison->renames);
    answer.insert(u"is_whole"_s, revision.areModelsWhole);
    context.printJson(answer);
    return !changes.isEmpty() ? Differs : revision.areModelsWhole ? Done : Refused;
}

} // namespace

int current(CommandContext &context)
{
    const RevisionGraph &graph = context.graph();
    const auto at = context.position();
    if (!at)
        return context.fail(at.error());
    const QStringList &rows = at->rows;
    const bool misses = context.invocation().has(u"check-heads"_s)
                        && setOf(rows) != setOf(graph.ids(graph.heads()));
    if (context.isJson()) {
        QJsonObject object = positionObject(context, at->environment, rows);
        object.insert(u"interrupted"_s, at->interrupted);
        object.insert(u"overlap"_s, overlapText(context.project(), rows));
        context.printJson(object);
        return !graph.currentNodes(rows) ? Failed : misses ? Differs : Done;
    }
    for (const QString &text : {at->interrupted, overlapText(context.project(), rows)}) {
        if (!text.isEmpty())
            context.warn(text);
    }
    const bool isVerbose = context.invocation().has(u"verbose"_s);
    if (isVerbose)
        context.print(u"Current revision(s) for %1:"_s.arg(shownUrl(at->environment)));
    if (misses)
        return context.fail({.message = u"Database is not on all head revisions"_s}, Differs);
    const auto nodes = graph.currentNodes(rows);
    if (!nodes) {
        QStringList unknown;
        (void)graph.appliedNodes(rows, &unknown);
        const QString hint = rescueHint(context, unknown.value(0));
        if (!hint.isEmpty())
            context.warn(hint + u'.');
        return context.fail(nodes.error(), Failed);
    }
    for (const int node : *nodes)
        context.print(isVerbose ? revisionEntry(graph, node) : revisionLine(graph, node, {}));
    return Done;
}

Result<ModelRevision> comparedModels(CommandContext &context)
{
    const auto environment = context.environment();
    if (!environment)
        return environment.error();
    context.log(LogLevel::Info, u"Context impl %1."_s.arg(implName(environment->backend)));
    const bool isTransactional = environment->backend == Backend::PostgreSql;
    context.log(LogLevel::Info, isTransactional ? u"Will assume transactional DDL."_s
                                                : u"Will assume non-transactional DDL."_s);
    auto found = modelRevision(context.project(), *environment, context.stop(),
                               context.invocation().lists.value(u"rename"_s));
    if (!found)
        return found;
    logDetected(context, found->changes);
    for (const QString &note : found->notes)
        context.warn(note);
    if (found->ignored > 0)
        context.warn(ignoredNote(found->ignored));
    for (const Rename &rename : found->renames)
        context.warn(renameOffer(rename));
    return found;
}

int check(CommandContext &context)
{
    const auto found = comparedModels(context);
    if (!found && found.error().code == ErrorCode::Conflict)
        return notUpToDate(context, found.error());
    if (!found)
        return context.fail(found.error());
    ModelRevision revision = found.value();
    revision.changes =
        revision.changes.only([](const ModelChange &change) { return !change.isDoubtful; });
    if (context.isJson())
        return checkAsJson(context, revision);
    if (revision.changes.isEmpty() && !revision.areModelsWhole) // nobody may take it for an answer
        return context.fail(
            {.message = u"No new upgrade operations detected in what could be read, but the models "
                        "can't be read whole: mend what the warnings name, then check again."_s},
            Refused);
    if (revision.changes.isEmpty()) {
        context.print(u"No new upgrade operations detected."_s);
        return Done;
    }
    QStringList texts;
    for (const TableChanges &table : std::as_const(revision.changes.tables))
        for (const ModelChange &change : table.changes)
            texts += quoted(change);
    return context.fail(
        {.message = u"New upgrade operations detected: [%1]"_s.arg(texts.join(u", "_s))}, Differs);
}

int diff(CommandContext &context)
{
    const Invocation &invocation = context.invocation();
    if (!invocation.positionals.isEmpty())
        return diffOfTwo(context);
    if (invocation.has(u"sql"_s) || invocation.has(u"markdown"_s)
        || invocation.lists.contains(u"rename"_s))
        return context.fail({.code = ErrorCode::Usage,
                             .message = u"--sql, --markdown and --rename are for two schemas: "
                                        "'diff head models --sql', for one."_s});
    std::optional<EnvironmentState> state;
    Backend backend = context.project().defaultBackend();
    if (const auto environment = context.environment()) {
        const auto read = readEnvironment(context.project(), *environment, context.stop());
        if (!read)
            return context.fail(read.error());
        state = *read;
        backend = environment->backend;
    } else if (!context.invocation().environment.isEmpty()) {
        return context.fail(environment.error());
    }
    const auto comparison =
        compareProject(context.project(), backend, state ? &*state : nullptr, context.stop());
    if (!comparison)
        return context.fail(comparison.error());
    for (const QString &note : comparison->notes)
        context.warn(note);
    if (comparison->ignored > 0)
        context.warn(ignoredNote(comparison->ignored));
    if (context.isJson())
        context.printJson(differencesObject(comparison->differences, comparison->renames));
    else if (comparison->differences.isEmpty())
        context.print(comparison->isWhole
                          ? u"No differences."_s
                          : u"No differences in what could be read; the warnings name the rest."_s);
    else
        for (const Difference &difference : comparison->differences)
            context.print(differenceLine(difference));
    if (!context.isJson())
        for (const Rename &rename : comparison->renames)
            context.warn(renameOffer(rename));
    return comparison->differences.isEmpty() ? Done : Differs;
}

} // namespace tribikos::cli
