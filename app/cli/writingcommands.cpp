// Commands that write files of the project: revision, merge, init; and what belongs to them.
#include "app/cli/commands.h"

#include "app/cli/cli.h"
#include "app/cli/completion.h"
#include "core/edit/newrevision.h"
#include "core/edit/projecttemplates.h"

#include <QJsonArray>
#include <QJsonObject>
#include <chrono>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

Error senseless(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

/// Microseconds since 1970. SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the clock.
qint64 now()
{
    bool isSet = false;
    const qint64 fixed = qEnvironmentVariable("SOURCE_DATE_EPOCH").toLongLong(&isSet);
    if (isSet)
        return fixed * 1'000'000;
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(sinceEpoch).count();
}

QJsonArray changesArray(const Edit &edit)
{
    QJsonArray list;
    for (const FileChange &change : edit.changes) {
        const QString action = change.isCreation()   ? u"created"_s
                               : change.isDeletion() ? u"deleted"_s
                                                     : u"changed"_s;
        list.append(QJsonObject{
            {u"path"_s, change.path}, {u"action"_s, action}, {u"is_folder"_s, change.isFolder}});
    }
    return list;
}

/// What Alembic says of each change while it makes it; \a doing belongs to edit.changes.
Status applyAloud(CommandContext &context, const Edit &edit, const QStringList &doing)
{
    const Status applied = apply(edit);
    if (!applied || context.isJson())
        return applied;
    for (const QString &line : doing)
        context.print(line + u" ...  done"_s);
    return applied;
}

int writeRevision(CommandContext &context, const RevisionRequest &request)
{
    const ProjectConfig &config = context.project().config();
    const auto made = newRevision(config, context.graph(), request);
    if (!made)
        return context.fail(made.error());
    QStringList doing;
    for (const QString &folder : made->folders)
        doing.append(u"Creating directory "_s + folder);
    doing.append(u"Generating "_s + made->file);
    for (const QString &note : made->notes)
        context.warn(note);
    if (const Status applied = applyAloud(context, made->edit, doing); !applied)
        return context.fail(applied.error());
    QStringList hooks;
    for (const PostWriteHook &hook : config.postWriteHooks)
        hooks.append(hook.commandFor(made->file));
    for (const QString &hook : std::as_const(hooks)) {
        if (!context.isJson())
            context.warn(u"The project wants a program run on the new revision, and Tribikos "
                         u"starts none; run it "
                         "yourself: "_s
                         + hook);
    }
    if (context.isJson())
        context.printJson(QJsonObject{{u"id"_s, made->id},
                                      {u"file"_s, made->file},
                                      {u"changes"_s, changesArray(made->edit)},
                                      {u"hooks"_s, QJsonArray::fromStringList(hooks)},
                                      {u"notes"_s, QJsonArray::fromStringList(made->notes)}});
    return Done;
}

RevisionRequest requestOf(const CommandContext &context)
{
    const Invocation &invocation = context.invocation();
    RevisionRequest request{.isSplice = invocation.has(u"splice"_s),
                            .versionPath = invocation.values.value(u"version-path"_s),
                            .id = invocation.values.value(u"rev-id"_s),
                            .now = now(),
                            .workingFolder = context.workingFolder()};
    if (invocation.values.contains(u"message"_s))
        request.message = invocation.values[u"message"_s];
    if (const QString label = invocation.values.value(u"branch-label"_s); !label.isEmpty())
        request.labels = {label};
    request.dependsOn = invocation.lists.value(u"depends-on"_s);
    return request;
}

} // namespace

int revision(CommandContext &context)
{
    const Invocation &invocation = context.invocation();
    if (invocation.has(u"autogenerate"_s) && invocation.has(u"sql"_s))
        return context.fail(
            senseless(u"Using --sql with --autogenerate does not make any sense"_s));
    if (invocation.has(u"autogenerate"_s))
        return context.fail(senseless(
            u"Tribikos can't write a revision's operations from the models yet; leave out "
            "--autogenerate and write them yourself, see 'diff' for what is missing."_s));
    if (invocation.has(u"sql"_s) && !context.project().config().usesRevisionEnvironment)
        return context.fail(
            senseless(u"Using --sql with the revision command when revision_environment is not "
                      "configured does not make any sense"_s));
    if (invocation.has(u"sql"_s))
        return context.fail(
            senseless(u"Tribikos doesn't run env.py for a new revision, so --sql has nothing to "
                      "print; leave it out."_s));
    RevisionRequest request = requestOf(context);
    if (invocation.values.contains(u"head"_s))
        request.heads = {invocation.values[u"head"_s]};
    return writeRevision(context, request);
}

int merge(CommandContext &context)
{
    RevisionRequest request = requestOf(context);
    request.heads = context.invocation().positionals;
    request.isMerge = true;
    return writeRevision(context, request);
}

int listTemplates(CommandContext &context)
{
    if (context.isJson()) {
        QJsonArray list;
        for (const ProjectTemplate &each : projectTemplates())
            list.append(QJsonObject{{u"name"_s, each.name}, {u"synopsis"_s, each.synopsis}});
        context.printJson(list);
        return Done;
    }
    context.print(u"Available templates:\n"_s);
    for (const ProjectTemplate &each : projectTemplates())
        context.print(each.name + u" - "_s + each.synopsis);
    context.print(u"\nTemplates are used via the 'init' command, e.g.:"_s);
    context.print(u"\n  tribikos-cli init --template generic ./scripts"_s);
    return Done;
}

int init(CommandContext &context)
{
    const Invocation &invocation = context.invocation();
    const QString usual = qEnvironmentVariable("ALEMBIC_CONFIG"); // as Alembic
    const auto made =
        newProject({.folder = invocation.positionals.constFirst(),
                    .templateName = invocation.values.value(u"template"_s, u"generic"_s),
                    .isPackage = invocation.has(u"package"_s),
                    .workingFolder = context.workingFolder(),
                    .configFile = invocation.configFiles.value(0, usual)});
    if (!made)
        return context.fail(made.error());
    if (const Status applied = applyAloud(context, made->edit, made->doing); !applied)
        return context.fail(applied.error());
    if (context.isJson()) {
        context.printJson(QJsonObject{{u"changes"_s, changesArray(made->edit)},
                                      {u"notes"_s, QJsonArray::fromStringList(made->notes)}});
        return Done;
    }
    for (const QString &note : made->notes)
        context.print(note);
    context.print(made->closing);
    return Done;
}

int completion(CommandContext &context)
{
    const QString form = context.invocation().positionals.constFirst();
    const QString text = completionText(form);
    if (text.isEmpty())
        return context.fail(senseless(u"There is no completion for '%1'; choose from %2."_s.arg(
            form, completionForms().join(u", "_s))));
    if (context.isJson())
        context.printJson(QJsonObject{{u"form"_s, form}, {u"text"_s, text}});
    else
        context.printRaw(text);
    return Done;
}

} // namespace tribikos::cli
