#include "app/cli/commandcontext.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "core/base/text.h"
#include "core/base/wholefile.h"
#include "core/config/databaseurl.h"
#include "core/project/revisioncache.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

const QString migrationLog = u"alembic.runtime.migration"_s;

/// Faults that RevisionGraph::refusal() speaks for, or that leave the history whole.
bool isOfGraph(const QString &code)
{
    static const QStringList codes{
        u"duplicate-revision"_s, u"missing-parent"_s, u"missing-dependency"_s, u"revision-cycle"_s,
        u"self-loop"_s,          u"illegal-id"_s,     u"duplicate-label"_s,    u"unreadable-url"_s};
    return codes.contains(code);
}

} // namespace

int exitCodeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::NotFound:
    case ErrorCode::GraphInvalid: return Misused;
    case ErrorCode::Unreadable:
    case ErrorCode::Syntax:
    case ErrorCode::ProjectRefused: return Refused;
    case ErrorCode::Unsupported:
    case ErrorCode::NeedsRebuild:
    case ErrorCode::NeedsConnection: return NeedsConnection;
    case ErrorCode::Connection: return Unconnected;
    case ErrorCode::Busy: return Busy;
    case ErrorCode::Statement:
    case ErrorCode::Conflict:
    case ErrorCode::Cancelled:
    case ErrorCode::Io: return Failed;
    }
    return Failed;
}

CommandContext::CommandContext(const Invocation &invocation, QTextStream &out, QTextStream &err,
                               const QString &workingFolder, const std::stop_token &stop,
                               Leftovers *leftovers)
    : m_invocation(invocation)
    , m_out(out)
    , m_err(err)
    , m_workingFolder(workingFolder.isEmpty() ? QDir::currentPath() : workingFolder)
    , m_stop(stop)
    , m_leftovers(leftovers)
{}

std::optional<int> CommandContext::open()
{
    OpenRequest request{.section = m_invocation.section,
                        .versionFolders = m_invocation.versionFolders,
                        .url = m_invocation.url,
                        .dialect = m_invocation.dialect,
                        .extraFiles = m_invocation.configFiles.mid(1),
                        .xArguments = m_invocation.xArguments,
                        .workingFolder = m_workingFolder,
                        .cacheFolder = RevisionCache::standardFolder(),
                        .laysOutHistory = false};
    request.path = m_invocation.configFiles.value(0);
    if (request.path.isEmpty()) // as Alembic: the environment may name the file
        request.path = qEnvironmentVariable("ALEMBIC_CONFIG");
    auto opened = Project::open(request, m_stop);
    if (!opened) {
        const ErrorCode code = opened.error().code;
        return fail(opened.error(), code == ErrorCode::Usage       ? Misused
                                    : code == ErrorCode::Cancelled ? Failed
                                                                   : Refused);
    }
    m_project = opened.take();
    if (m_leftovers)
        m_leftovers->push_back(m_project);
    m_log = std::make_unique<LogOutput>(m_project->config().logging, m_out, m_err,
                                        m_invocation.isQuiet);
    return refuseBrokenProject();
}

/// Whoever asks for the diagnostics by name gets the rest of the history beside them.
bool CommandContext::goesOnWhenBroken() const
{
    if (m_invocation.verb == u"rescue") // a parent that no file has is what it is called for
        return true;
    static const QStringList readers{u"history"_s, u"heads"_s, u"branches"_s, u"show"_s};
    return isJson() && !m_invocation.diagnosticsFile.isEmpty()
           && readers.contains(m_invocation.verb);
}

std::optional<int> CommandContext::refuseBrokenProject()
{
    sayDiagnostics();
    if (goesOnWhenBroken())
        return std::nullopt;
    for (const Diagnostic &diagnostic : m_project->diagnostics()) {
        if (diagnostic.severity == Severity::Error && !isOfGraph(diagnostic.code)) {
            return fail({.code = ErrorCode::ProjectRefused,
                         .message = diagnostic.message,
                         .file = diagnostic.file,
                         .line = diagnostic.span.line});
        }
    }
    if (const auto refusal = graph().refusal())
        return fail(*refusal);
    return std::nullopt;
}

void CommandContext::sayDiagnostics()
{
    QJsonArray list;
    const bool makesTheFirst = m_invocation.verb == u"revision";
    for (const Diagnostic &diagnostic : m_project->diagnostics()) {
        list.append(diagnosticObject(diagnostic));
        if (makesTheFirst && diagnostic.code == u"no-revisions")
            continue;
        if (diagnostic.severity != Severity::Info && m_invocation.diagnosticsFile.isEmpty())
            warn(diagnostic.message);
    }
    const QString path = m_invocation.diagnosticsFile;
    if (path.isEmpty())
        return;
    const QByteArray json = QJsonDocument(list).toJson(QJsonDocument::Compact) + '\n';
    if (path == u"-") {
        m_out << QString::fromUtf8(json);
        return;
    }
    if (!writeWholeFile(QDir(m_workingFolder).absoluteFilePath(path), json))
        warn(u"the diagnostics can't be written to %1"_s.arg(path));
}

Result<std::optional<QString>> CommandContext::givenPassword() const
{
    if (const QString &name = m_invocation.passwordVariable; !name.isEmpty()) {
        if (!qEnvironmentVariableIsSet(name.toLocal8Bit().constData()))
            return Error{
                .code = ErrorCode::Usage,
                .message =
                    u"--password-env names the environment variable '%1', which is not set"_s.arg(
                        name)};
        return std::optional(qEnvironmentVariable(name.toLocal8Bit().constData()));
    }
    if (!m_invocation.readsPassword || m_password)
        return m_password;
    QString line;
    if (!QTextStream(stdin).readLineInto(&line))
        return Error{
            .code = ErrorCode::Usage,
            .message = u"--password-stdin wants the password on standard input, which is empty"_s};
    m_password = line;
    return m_password;
}

Result<Environment> CommandContext::environment() const
{
    return withPassword(chosenEnvironment(m_invocation.environment));
}

Result<Environment> CommandContext::environment(const QString &nameOrUrl) const
{
    if (!nameOrUrl.contains(u"://"_s))
        return withPassword(chosenEnvironment(nameOrUrl));
    const auto url = parseDatabaseUrl(nameOrUrl);
    if (!url)
        return url.error();
    return withPassword(Environment{.name = url->displayText(),
                                    .url = nameOrUrl,
                                    .backend = url->backend,
                                    .folder = m_workingFolder});
}

Result<Environment> CommandContext::withPassword(Result<Environment> chosen) const
{
    if (!chosen || chosen->backend == Backend::Sqlite)
        return chosen;
    const auto password = givenPassword();
    if (!password)
        return password.error();
    chosen->password = *password;
    return chosen;
}

Result<Environment> CommandContext::chosenEnvironment(const QString &wanted) const
{
    const QList<Environment> all = m_project->environments();
    if (wanted.isEmpty() && !all.isEmpty())
        return all.constFirst();
    QStringList names;
    for (const Environment &environment : all) {
        if (environment.name == wanted)
            return environment;
        names.append(environment.name);
    }
    if (wanted.isEmpty())
        return Error{.code = ErrorCode::Connection,
                     .message =
                         m_project->urlProblem().isEmpty()
                             ? u"The project names no database; give --url, or sqlalchemy.url "
                               "in alembic.ini."_s
                             : m_project->urlProblem()
                                   + u"; give --url, or name the database under [environments] in "
                                     "tribikos.toml."_s};
    return Error{.code = ErrorCode::Usage,
                 .message = u"There is no environment '%1'; the project has: %2."_s.arg(
                     wanted, names.join(u", "_s))};
}

Result<Backend> CommandContext::offlineBackend() const
{
    if (m_invocation.dialect || m_invocation.environment.isEmpty()) {
        if (const auto known = m_project->knownBackend())
            return *known;
        const QString why = m_project->urlProblem().isEmpty() ? u"The project names no database"_s
                                                              : m_project->urlProblem();
        return Error{.code = ErrorCode::ProjectRefused,
                     .message = why + u"; give --dialect sqlite, postgresql, mysql or mariadb."_s};
    }
    const auto chosen = environment();
    if (!chosen)
        return chosen.error();
    return chosen->backend;
}

Result<CommandContext::Position> CommandContext::position() const
{
    const auto chosen = environment();
    if (!chosen)
        return chosen.error();
    QString interrupted;
    const auto rows = readPosition(*m_project, *chosen, &interrupted, stop());
    if (!rows)
        return rows.error();
    return Position{*chosen, *rows, interrupted};
}

Result<QList<int>> CommandContext::currentRevisions() const
{
    const auto at = position();
    if (!at)
        return at.error();
    QList<int> nodes;
    for (const QString &row : at->rows) {
        const int node = graph().find(row);
        if (node < 0 || graph().isGhost(node))
            return Error{.code = ErrorCode::Conflict,
                         .message =
                             u"Can't locate revision identified by '%1', where the database is: no "
                             "file in %2 has it; get the missing script back, or say where the "
                             "database really is: stamp --purge REVISION."_s.arg(
                                 row, m_project->config().versionLocations.join(u", "_s))};
        nodes.append(node);
    }
    return nodes;
}

void CommandContext::print(const QString &line)
{
    if (!m_invocation.isQuiet)
        m_out << visibleText(line) << u'\n';
}

void CommandContext::printRaw(const QString &text)
{
    m_out << text; // -q silences messages, never the script that was asked for
}

void CommandContext::printJson(const QJsonValue &value)
{
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    m_out << QString::fromUtf8(document.toJson(QJsonDocument::Compact)) << u'\n';
    m_out.flush(); // a run's events are read as they happen
}

void CommandContext::warn(const QString &message)
{
    if (!m_invocation.isQuiet)
        m_err << u"warning: "_s << visibleText(redactedText(message), false) << u'\n' << Qt::flush;
}

void CommandContext::log(LogLevel level, const QString &message)
{
    log(level, migrationLog, message);
}

void CommandContext::log(LogLevel level, const QString &logger, const QString &message)
{
    m_log->write(level, logger, message);
}

bool CommandContext::logs(LogLevel level) const
{
    return m_log->writes(level, migrationLog);
}

int CommandContext::fail(const Error &error)
{
    return fail(error, exitCodeOf(error.code));
}

/// Without the password of a URL that was mistyped, wherever one was looked for.
Error CommandContext::withoutTypedSecrets(Error error) const
{
    QStringList typed = m_invocation.positionals + m_invocation.configFiles
                        + m_invocation.versionFolders + m_invocation.values.values();
    typed.append({m_invocation.environment, m_invocation.url});
    for (const QStringList &several : m_invocation.lists)
        typed += several;
    for (const QString &word : typed)
        for (QString *text : {&error.message, &error.detail, &error.file})
            *text = redactedText(*text, MistypedUrl{word});
    return error;
}

int CommandContext::fail(const Error &typedError, int exitCode)
{
    const Error error = withoutTypedSecrets(typedError);
    if (m_log)
        m_log->write(LogLevel::Error, u"alembic.util.messaging"_s, error.message);
    if (isJson()) {
        printJson(QJsonObject{{u"error"_s, redactedText(error.message)},
                              {u"detail"_s, redactedText(error.detail)},
                              {u"file"_s, error.file},
                              {u"line"_s, error.line},
                              {u"exit"_s, exitCode}});
        return exitCode;
    }
    QString text = u"FAILED: "_s + error.message;
    if (m_invocation.raisesErrors && !error.detail.isEmpty())
        text += u'\n' + error.detail;
    if (m_invocation.isQuiet) // an error is said all the same, beside the answer
        m_err << visibleText(redactedText(text)) << u'\n';
    else
        print(redactedText(text));
    return exitCode;
}

} // namespace tribikos::cli
