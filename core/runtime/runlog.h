#pragma once

#include "core/runtime/run.h"

#include <QFile>
#include <memory>

namespace tribikos {

class JsonLine;

/*!
    The record of a run: one file of JSON lines under the user's state folder, written through as
    things happen, so that a killed run leaves what it had done. Passwords in URLs are masked and
    control characters shown as escapes before anything is written. Lines: "run", "backup", "step",
    "statement" (one each, when it has ended), "step-done", "waiting", "end".
*/
class RunLog
{
public:
    /// Starts a new file in \a folder, which is created, and removes the oldest beyond \c
    /// kKeptRuns.
    static Result<std::unique_ptr<RunLog>> create(const QString &folder, const Plan &plan,
                                                  const ConnectionSpec &spec);
    static constexpr int kKeptRuns = 200;

    QString file() const { return m_file.fileName(); }
    void record(const RunEvent &event);
    void close(const RunReport &report);

private:
    explicit RunLog(const Plan &plan);
    void write(JsonLine &line, const QDateTime &at);
    JsonLine statementLine(const RunEvent &event) const;

    QFile m_file{};
    QStringList m_revisions{}; // by step, as they are written
    std::optional<RunEvent> m_running{};
};

/// $XDG_STATE_HOME/tribikos/runs, or ~/.local/state/tribikos/runs.
QString runLogFolder();

/// A run as the list of runs shows it.
struct RunSummary
{
    enum class Outcome {
        Done,
        Failed,
        Cancelled,
        Unfinished
    }; // Unfinished: it runs still, or was killed
    QString file{};
    QDateTime startedAt{};
    QDateTime finishedAt{}; // invalid when Unfinished
    QString database{};     // path or URL without password
    Direction direction = Direction::Upgrade;
    QStringList startRows{}; // what the plan was made for, and where it leads
    QStringList endRows{};
    QStringList rowsAfter{}; // where the run left the database, when positionKnown
    bool positionKnown = false;
    int steps = 0;
    int stepsDone = 0;
    int statements = 0;
    int statementsDone = 0;
    Outcome outcome = Outcome::Unfinished;
    QString error{};
    QString backupFile{};
    QStringList notes{};
};

struct RunLogEntry
{
    QString event{}; // "step", "statement", "step-done", "backup", "waiting"
    QDateTime at{};
    QString revision{};
    int statement = -1; // 0-based
    int statements = 0;
    QString text{}; // SQL, path or reason
    qint64 durationUs = 0;
    qint64 rows = -1;
    bool isFailed = false;
    QStringList notices{}; // what the server remarked
};

struct RunRecord
{
    RunSummary summary{};
    QList<RunLogEntry> entries{};
    int unreadableLines = 0; // a killed run may leave half a line
};

/// The runs of \a folder, newest first; files that are no run logs are left out. Empty when there
/// is no folder.
QList<RunSummary> recentRuns(const QString &folder);
Result<RunRecord> readRun(const QString &file);
/// "done", "failed", "cancelled", "unfinished"
QString outcomeName(RunSummary::Outcome outcome);
/// A run as a text to pass on: versions, positions, times, the failed statement without its values, no password.
QString runDiagnostics(const RunRecord &record);

} // namespace tribikos
