#pragma once

#include "app/cli/arguments.h"
#include "app/cli/cli.h"
#include "core/project/usecases.h"
#include "app/cli/logoutput.h"

#include <QJsonDocument>
#include <QTextStream>
#include <memory>
#include <stop_token>

namespace tribikos::cli {

/// What every command has at hand: the command line, the open project, the three ways to speak.
class CommandContext
{
public:
    CommandContext(const Invocation &invocation, QTextStream &out, QTextStream &err,
                   const QString &workingFolder, const std::stop_token &stop,
                   Leftovers *leftovers = nullptr);

    /// Opens the project and says its problems; nullopt, or the exit code of the refusal.
    std::optional<int> open();

    const Invocation &invocation() const { return m_invocation; }
    const Project &project() const { return *m_project; }
    const RevisionGraph &graph() const { return m_project->graph(); }
    const QString &workingFolder() const { return m_workingFolder; }
    const std::stop_token &stop() const { return m_stop; }
    bool isJson() const { return m_invocation.isJson; }

    /// The database of --env, --url or the configuration, with the password that was given apart.
    Result<Environment> environment() const;
    /// The one of that name, or at that URL.
    Result<Environment> environment(const QString &nameOrUrl) const;
    /// The dialect of offline SQL: --dialect, else the environment's.
    Result<Backend> offlineBackend() const;
    /// The environment's database and the rows in its version table.
    struct Position
    {
        Environment environment{};
        QStringList rows{};
        QString interrupted{}; // what a run that broke off has left of a revision
    };
    Result<Position> position() const;
    /// The revisions that the rows name, as exact ids: "base" or "r1-1" in a table is no revision.
    /// Conflict: a row that no file has.
    Result<QList<int>> currentRevisions() const;

    /// \a value, freed with the process if run() was told that it ends.
    template<typename T>
    std::shared_ptr<const T> kept(T value)
    {
        auto held = std::make_shared<const T>(std::move(value));
        if (m_leftovers)
            m_leftovers->push_back(held);
        return held;
    }

    /// A line of the answer; control characters in it are shown, not sent.
    void print(const QString &line);
    /// Text of our own making, such as a SQL script, as it stands.
    void printRaw(const QString &text);
    void printJson(const QJsonValue &value);
    void warn(const QString &message);
    void log(LogLevel level, const QString &message);
    void log(LogLevel level, const QString &logger, const QString &message);
    bool logs(LogLevel level) const; // false: log() would drop it

    /// "FAILED: ..." (or its JSON) and the exit code to return.
    int fail(const Error &error);
    int fail(const Error &error, int exitCode);

private:
    Error withoutTypedSecrets(Error error) const;
    Result<Environment> chosenEnvironment(const QString &wanted) const;
    Result<Environment> withPassword(Result<Environment> chosen) const;
    Result<std::optional<QString>> givenPassword() const;
    std::optional<int> refuseBrokenProject();
    void sayDiagnostics();
    bool goesOnWhenBroken() const;

    const Invocation &m_invocation;
    QTextStream &m_out;
    QTextStream &m_err;
    QString m_workingFolder;
    std::stop_token m_stop;
    Leftovers *const m_leftovers;
    ProjectPtr m_project{};
    mutable std::optional<QString> m_password{}; // as read from standard input, which can be read once
    std::unique_ptr<LogOutput> m_log{};
};

/// The exit code of a command that failed with \a code.
int exitCodeOf(ErrorCode code);

} // namespace tribikos::cli
