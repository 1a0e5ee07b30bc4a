// Commands over any two schemas: diff FROM TO, snapshot.
#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "core/diff/ignored.h"
#include "core/project/sourcecomparison.h"

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

SourceRequest sourceRequest(const CommandContext &context, const QString &word)
{
    return {.word = word,
            .backend = context.project().defaultBackend(),
            .workingFolder = context.workingFolder(),
            .environment = [&context](const QString &name) { return context.environment(name); }};
}

QString objectName(const Difference &difference)
{
    QString name = differenceKindName(difference.kind) + u' ' + difference.table.text();
    if (!difference.name.isEmpty())
        name += u'.' + difference.name;
    return difference.aspect.isEmpty() ? name : name + u' ' + difference.aspect;
}

QString shownSide(bool isThere, const QString &text)
{
    return isThere ? (text.isEmpty() ? u"there"_s : text) : u"-"_s;
}

/// "+ column t.a: INTEGER", "- …", "~ column t.b type: TEXT -> VARCHAR(9)"
QString line(const Difference &difference)
{
    const bool inFrom = difference.inMigrations;
    const bool inTo = difference.inDatabase;
    const QString name = objectName(difference);
    QString text;
    if (inFrom && inTo)
        text = u"~ %1: %2 -> %3"_s.arg(name, difference.migrations, difference.database);
    else
        text = (inTo ? u"+ "_s : u"- "_s) + name;
    const QString definition = inFrom ? difference.migrations : difference.database;
    if (inFrom != inTo && !definition.isEmpty())
        text += u": "_s + definition;
    if (!difference.explanation.isEmpty())
        text += u" ("_s + difference.explanation + u')';
    return difference.uncertain ? text + u" [uncertain]"_s : text;
}

void printLines(CommandContext &context, const ComparedSources &both)
{
    for (const Rename &rename : both.from.renames)
        context.print(u"~ %1 renamed: %2"_s.arg(rename.column.isEmpty() ? u"table"_s : u"column"_s,
                                                rename.text().replace(u'=', u" -> "_s)));
    for (const Difference &difference : both.comparison.differences)
        context.print(line(difference));
}

QString cell(QString text)
{
    text.replace(u'\n', u' ').replace(u'\\', u"\\\\"_s).replace(u'|', u"\\|"_s);
    return text.isEmpty() ? u" "_s : text;
}

void printMarkdown(CommandContext &context, const ComparedSources &both)
{
    context.print(u"| | %1 | %2 | |"_s.arg(cell(both.from.title), cell(both.to.title)));
    context.print(u"|---|---|---|---|"_s);
    for (const Rename &rename : both.from.renames)
        context.print(u"| renamed | %1 | %2 | |"_s.arg(cell(rename.text().section(u'=', 0, 0)),
                                                       cell(rename.text().section(u'=', 1))));
    for (const Difference &difference : both.comparison.differences)
        context.print(u"| %1 | %2 | %3 | %4 |"_s.arg(
            cell(objectName(difference)),
            cell(shownSide(difference.inMigrations, difference.migrations)),
            cell(shownSide(difference.inDatabase, difference.database)),
            cell(difference.explanation)));
}

void printAsJson(CommandContext &context, const ComparedSources &both)
{
    QJsonArray rows;
    for (const Difference &difference : both.comparison.differences)
        rows.append(QJsonObject{{u"kind"_s, differenceKindName(difference.kind)},
                                {u"table"_s, difference.table.text()},
                                {u"name"_s, difference.name},
                                {u"aspect"_s, difference.aspect},
                                {u"in_from"_s, difference.inMigrations},
                                {u"in_to"_s, difference.inDatabase},
                                {u"from"_s, difference.migrations},
                                {u"to"_s, difference.database},
                                {u"revision"_s, difference.revision},
                                {u"uncertain"_s, difference.uncertain}});
    context.printJson(QJsonObject{{u"from"_s, both.from.title},
                                  {u"to"_s, both.to.title},
                                  {u"differences"_s, rows},
                                  {u"renamed"_s, renamesArray(both.from.renames)},
                                  {u"renames"_s, renamesArray(both.comparison.renames)},
                                  {u"is_whole"_s, both.comparison.isWhole},
                                  {u"ignored"_s, both.comparison.ignored},
                                  {u"notes"_s, QJsonArray::fromStringList(both.comparison.notes)}});
}

/// A rename that was asked for is a difference, too.
bool isSame(const ComparedSources &both)
{
    return both.comparison.differences.isEmpty() && both.from.renames.isEmpty();
}

int printSql(CommandContext &context, const ComparedSources &both)
{
    QStringList missing;
    const QStringList statements = statementsBetween(both.comparison, both.from, both.to, &missing);
    if (context.isJson()) {
        context.printJson(QJsonObject{{u"statements"_s, QJsonArray::fromStringList(statements)},
                                      {u"missing"_s, QJsonArray::fromStringList(missing)}});
    } else {
        for (const QString &statement : statements)
            context.printRaw(statement + u";\n\n"_s);
        for (const QString &sentence : std::as_const(missing))
            context.printRaw(u"-- "_s + QString(sentence).replace(u'\n', u' ') + u'\n');
    }
    return isSame(both) ? Done : Differs;
}

} // namespace

int diffOfTwo(CommandContext &context)
{
    const QStringList &words = context.invocation().positionals;
    const auto both = compareNamed(context.project(), sourceRequest(context, words[0]),
                                   sourceRequest(context, words[1]), context.invocation().dialect,
                                   context.stop(), context.invocation().lists.value(u"rename"_s));
    if (!both)
        return context.fail(both.error());
    if (!context.isJson())
        for (const QString &note : both->comparison.notes)
            context.warn(note);
    if (!context.isJson() && both->comparison.ignored > 0)
        context.warn(ignoredNote(both->comparison.ignored));
    if (context.invocation().has(u"sql"_s))
        return printSql(context, *both);
    if (context.isJson())
        printAsJson(context, *both);
    else if (isSame(*both))
        context.print(both->comparison.isWhole
                          ? u"No differences."_s
                          : u"No differences in what could be read; the warnings name the rest."_s);
    else if (context.invocation().has(u"markdown"_s))
        printMarkdown(context, *both);
    else
        printLines(context, *both);
    return isSame(*both) ? Done : Differs;
}

int snapshot(CommandContext &context)
{
    SourceRequest request = sourceRequest(context, context.invocation().positionals.constFirst());
    const auto backend = commonBackend(context.project(), {request}, context.invocation().dialect);
    if (!backend)
        return context.fail(backend.error());
    request.backend = *backend;
    const auto source = readSource(context.project(), request, context.stop());
    if (!source)
        return context.fail(source.error());
    for (const QString &note : source->notes + source->schema.opaqueReasons)
        context.warn(note);
    const auto bytes = snapshotOf(*source, *backend);
    if (!bytes)
        return context.fail(bytes.error());
    context.printRaw(QString::fromUtf8(*bytes));
    return Done;
}

} // namespace tribikos::cli
