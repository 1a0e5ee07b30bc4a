// "edit": the user's own editor on revision files, found as Alembic finds it.
#include "app/cli/commands.h"

#include "app/cli/cli.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <csignal>
#include <pthread.h>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

/// $EDITOR, $VISUAL, or the first of the usual ones; empty: there is none.
QString editorProgram()
{
    QStringList candidates{u"sensible-editor"_s, u"editor"_s, u"nano"_s, u"vim"_s, u"code"_s};
    qsizetype place = 0;
    for (const char *variable : {"EDITOR", "VISUAL"}) {
        const QString choice = qEnvironmentVariable(variable);
        if (choice.contains(u'/') && QFileInfo::exists(choice))
            return choice;
        if (!choice.isEmpty() && !choice.contains(u'/'))
            candidates.insert(place++, choice);
    }
    const QStringList folders = qEnvironmentVariable("PATH").split(u':', Qt::SkipEmptyParts);
    for (const QString &candidate : std::as_const(candidates)) {
        for (const QString &folder : folders) {
            if (QFileInfo::exists(folder + u'/' + candidate))
                return folder + u'/' + candidate;
        }
    }
    return {};
}

Status openInEditor(const QString &program, const QString &file)
{
    const auto failed = [](const QString &why) {
        return Error{.code = ErrorCode::Io, .message = u"Error executing editor (%1)"_s.arg(why)};
    };
    if (program.isEmpty())
        return failed(
            u"No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment variables"_s);
    QProcess editor;
    editor.setProcessChannelMode(QProcess::ForwardedChannels);
    editor.setInputChannelMode(QProcess::ForwardedInputChannel);
    editor.setChildProcessModifier(
        [] { // our signals are kept from every thread; not so from the editor
            sigset_t none;
            sigemptyset(&none);
            pthread_sigmask(SIG_SETMASK, &none, nullptr);
        });
    editor.start(program, {file});
    if (!editor.waitForFinished(-1))
        return failed(editor.errorString());
    if (editor.exitStatus() != QProcess::NormalExit || editor.exitCode() != 0)
        return failed(u"%1 ended with exit code %2"_s.arg(program).arg(editor.exitCode()));
    return done();
}

Result<QStringList> filesOf(CommandContext &context, const QString &wanted)
{
    const RevisionGraph &graph = context.graph();
    const bool isCurrent = wanted == u"current";
    const auto nodes = isCurrent ? context.currentRevisions() : graph.resolve(wanted);
    if (!nodes)
        return nodes.error();
    QStringList files;
    for (const int node : *nodes)
        files.append(graph.revision(node).file);
    if (files.isEmpty())
        return Error{.code = ErrorCode::Usage,
                     .message = isCurrent
                                    ? u"No current revisions"_s
                                    : u"No revision files indicated by symbol '%1'"_s.arg(wanted)};
    return files;
}

} // namespace

int edit(CommandContext &context)
{
    const auto files = filesOf(context, context.invocation().positionals.constFirst());
    if (!files)
        return context.fail(files.error());
    if (context.isJson()) { // a program asks which files those are; it has no terminal to edit in
        context.printJson(QJsonObject{{u"files"_s, QJsonArray::fromStringList(*files)}});
        return Done;
    }
    const QString program = editorProgram();
    for (const QString &file : *files) {
        if (const Status opened = openInEditor(program, file); !opened)
            return context.fail(opened.error());
    }
    return Done;
}

} // namespace tribikos::cli
