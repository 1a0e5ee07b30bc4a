#include "core/git/gitprogram.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <csignal>
#include <optional>
#include <pthread.h>
#include <sys/resource.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 mostErrorBytes = 16 * 1024;
/// Of memory that git asks for itself; the packs that it maps don't count.
constexpr rlim_t mostMemory = 2ULL << 30;

/// What a repository's own configuration may say and is not to; an old git ignores names that it doesn't know.
QStringList quietOptions()
{
    static const QStringList settings{u"core.hooksPath=/dev/null"_s,
                                      u"core.fsmonitor=false"_s,
                                      u"core.pager=cat"_s,
                                      u"core.untrackedCache=false"_s,
                                      u"core.sshCommand=false"_s,
                                      u"core.askPass=false"_s,
                                      u"core.alternateRefsCommand=false"_s,
                                      u"core.quotePath=false"_s,
                                      u"diff.orderFile=/dev/null"_s,
                                      u"log.showSignature=false"_s,
                                      u"log.mailmap=false"_s,
                                      u"log.showRoot=true"_s,
                                      u"gpg.program=false"_s,
                                      u"gpg.ssh.program=false"_s,
                                      u"gpg.x509.program=false"_s,
                                      u"credential.helper="_s,
                                      u"protocol.allow=never"_s,
                                      u"maintenance.auto=false"_s,
                                      u"gc.auto=0"_s,
                                      u"safe.bareRepository=explicit"_s};
    QStringList options{u"--no-pager"_s, u"--no-optional-locks"_s, u"--no-replace-objects"_s,
                        u"--literal-pathspecs"_s};
    for (const QString &setting : settings)
        options << u"-c"_s << setting;
    return options;
}

QProcessEnvironment quietEnvironment()
{
    static const QStringList kept{u"GIT_CONFIG_GLOBAL"_s, u"GIT_CONFIG_SYSTEM"_s,
                                  u"GIT_CONFIG_NOSYSTEM"_s, u"GIT_CEILING_DIRECTORIES"_s,
                                  u"GIT_EXEC_PATH"_s};
    // Nothing else of ours: passwords may stand in it.
    static const QStringList common{u"HOME"_s,
                                    u"PATH"_s,
                                    u"USER"_s,
                                    u"LOGNAME"_s,
                                    u"TMPDIR"_s,
                                    u"TZ"_s,
                                    u"XDG_CONFIG_HOME"_s,
                                    u"LD_LIBRARY_PATH"_s};
    const QProcessEnvironment ours = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment environment;
    for (const QString &name : kept + common) {
        if (ours.contains(name))
            environment.insert(name, ours.value(name));
    }
    environment.insert(u"GIT_TERMINAL_PROMPT"_s, u"0"_s);
    environment.insert(u"GIT_OPTIONAL_LOCKS"_s, u"0"_s);
    environment.insert(u"GIT_NO_LAZY_FETCH"_s, u"1"_s);
    environment.insert(u"GIT_ALLOW_PROTOCOL"_s,
                       QString()); // none: where git knows no GIT_NO_LAZY_FETCH
    environment.insert(u"GIT_NO_REPLACE_OBJECTS"_s, u"1"_s);
    environment.insert(u"GIT_GRAFT_FILE"_s, u"/dev/null"_s);
    environment.insert(u"LC_ALL"_s, u"C"_s);
    return environment;
}

void prepareChild()
{
    sigset_t none; // whoever watches for signals keeps them from every thread; not so from git
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    const rlimit memory{mostMemory, mostMemory};
    setrlimit(RLIMIT_DATA, &memory);
    const rlimit noFile{0, 0};
    setrlimit(RLIMIT_CORE, &noFile);
}

QString callOf(const QStringList &arguments)
{
    return u"git "_s + arguments.value(0);
}

Error pastLimit(const QStringList &arguments, const QString &what)
{
    return {.code = ErrorCode::Unreadable,
            .message = u"%1 %2, so what git knows is left out."_s.arg(callOf(arguments), what)};
}

/// Reads until the program ends or is past a limit; then it is killed.
std::optional<Error> follow(QProcess &process, const QStringList &arguments,
                            const GitLimits &limits, const std::stop_token &stop,
                            QByteArray *output, QByteArray *errors)
{
    QElapsedTimer timer;
    timer.start();
    constexpr int lookMs = 20; // how late a stop request is seen
    while (process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(lookMs);
        output->append(process.readAllStandardOutput());
        errors->append(process.readAllStandardError().left(mostErrorBytes - errors->size()));
        if (stop.stop_requested())
            return Error{.code = ErrorCode::Cancelled, .message = u"Reading git was cancelled."_s};
        if (timer.elapsed() > limits.milliseconds)
            return pastLimit(arguments,
                             u"took longer than %1 seconds"_s.arg(limits.milliseconds / 1000));
        if (output->size() > limits.outputBytes)
            return pastLimit(arguments,
                             u"printed more than %1 MiB"_s.arg(limits.outputBytes >> 20));
    }
    output->append(process.readAllStandardOutput());
    errors->append(process.readAllStandardError().left(mostErrorBytes - errors->size()));
    return std::nullopt;
}

} // namespace

Result<GitProgram> GitProgram::find()
{
    // A relative entry of PATH would find a program of the project's.
    QStringList folders = qEnvironmentVariable("PATH").split(u':', Qt::SkipEmptyParts);
    folders.removeIf([](const QString &folder) { return !QDir::isAbsolutePath(folder); });
    const QString path =
        folders.isEmpty() ? QString() : QStandardPaths::findExecutable(u"git"_s, folders);
    if (path.isEmpty())
        return Error{.code = ErrorCode::NotFound,
                     .message = u"There is no git on this machine; install it to see branches."_s};
    return GitProgram(path);
}

Result<QByteArray> GitProgram::run(const QString &folder, const QStringList &arguments,
                                   const std::stop_token &stop, const QByteArray &input,
                                   const GitLimits &limits) const
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessEnvironment(quietEnvironment());
    process.setChildProcessModifier(prepareChild);
    if (input.isEmpty())
        process.setStandardInputFile(QProcess::nullDevice());
    process.start(m_path, quietOptions() + arguments);
    if (!process.waitForStarted())
        return Error{.code = ErrorCode::NotFound,
                     .message = u"git can't be started in %1."_s.arg(folder),
                     .detail = process.errorString()};
    if (!input.isEmpty()) {
        process.write(input);
        process.closeWriteChannel();
    }
    QByteArray output;
    QByteArray errors;
    if (const auto ended = follow(process, arguments, limits, stop, &output, &errors)) {
        process.kill();
        process.waitForFinished();
        return *ended;
    }
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return Error{.code = ErrorCode::NotFound,
                     .message = u"%1 found nothing in %2."_s.arg(callOf(arguments), folder),
                     .detail = QString::fromUtf8(errors).trimmed()};
    return output;
}

} // namespace tribikos
