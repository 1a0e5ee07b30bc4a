#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "app/cli/rescuehint.h"
#include "core/config/databaseurl.h"

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

/// What autogenerate would write: the models' side against the database's.
bool concernsModels(const Difference &difference)
{
    return difference.inModels != difference.inDatabase
           || (difference.inModels && difference.models != difference.database);
}

QJsonObject differencesObject(const QList<Difference> &differences)
{
    QJsonArray list;
    for (const Difference &difference : differences)
        list.append(differenceObject(difference));
    return {{u"differences"_s, list}};
}

QString quoted(const Difference &difference)
{
    QString text = u"('%1', '%2'"_s.arg(directiveName(difference), difference.table.name);
    if (!difference.name.isEmpty())
        text += u", '%1'"_s.arg(difference.name);
    return text + u')';
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
        context.printJson(positionObject(context, at->environment, rows));
        return !graph.currentNodes(rows) ? Failed : misses ? Differs : Done;
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

int check(CommandContext &context)
{
    const auto environment = context.environment();
    if (!environment)
        return context.fail(environment.error());
    if (!context.project().hasModels())
        return context.fail({.code = ErrorCode::ProjectRefused,
                             .message =
                                 u"The project names no models to check against; set "
                                 "target_metadata in env.py or 'models' in tribikos.toml."_s});
    const auto state = readEnvironment(context.project(), *environment, context.stop());
    if (!state)
        return context.fail(state.error());
    if (!state->atHead && context.isJson()) {
        QJsonObject answer = differencesObject({});
        answer.insert(u"error"_s, u"Target database is not up to date."_s);
        context.printJson(answer);
        return Differs;
    }
    if (!state->atHead)
        return context.fail({.message = u"Target database is not up to date."_s}, Differs);
    auto comparison =
        compareProject(context.project(), environment->backend, &*state, context.stop());
    if (!comparison)
        return context.fail(comparison.error());
    QList<Difference> differences = comparison->differences;
    differences.removeIf([](const Difference &d) { return !concernsModels(d); });
    for (const QString &note : comparison->notes)
        context.warn(note);
    if (context.isJson()) {
        context.printJson(differencesObject(differences));
        return differences.isEmpty() ? Done : Differs;
    }
    if (differences.isEmpty()) {
        context.print(u"No new upgrade operations detected."_s);
        return Done;
    }
    QStringList texts;
    for (const Difference &difference : std::as_const(differences))
        texts.append(quoted(difference));
    return context.fail(
        {.message = u"New upgrade operations detected: [%1]"_s.arg(texts.join(u", "_s))}, Differs);
}

int diff(CommandContext &context)
{
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
    if (context.isJson())
        context.printJson(differencesObject(comparison->differences));
    else if (comparison->differences.isEmpty())
        context.print(comparison->isWhole
                          ? u"No differences."_s
                          : u"No differences in what could be read; the warnings name the rest."_s);
    else
        for (const Difference &difference : comparison->differences)
            context.print(differenceLine(difference));
    return comparison->differences.isEmpty() ? Done : Differs;
}

} // namespace tribikos::cli
