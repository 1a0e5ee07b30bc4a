#pragma once

#include <QString>
#include <QStringList>
#include <QTextStream>
#include <memory>
#include <stop_token>
#include <vector>

namespace tribikos::cli {

/// Exit codes: part of the interface, see docs and --help.
enum ExitCode {
    Done = 0,
    Differs = 1,         // differences, not up to date, or a merge that leaves work to do
    Misused = 2,         // the command line makes no sense for this project
    Failed = 3,          // a statement or file failed; where the database stands is said
    Busy = 4,            // another run held the lock past the wait limit
    Unconnected = 5,     // no connection, or lost
    Refused = 6,         // the project's files can't be used as they are
    NeedsConnection = 7, // an offline script can't be whole
};

/// What is better left to the end of the process, which takes it away at once, than freed piece by piece.
using Leftovers = std::vector<std::shared_ptr<const void>>;

/// Runs one command line (arguments[0] is the program) and returns its exit code. Answers go to
/// \a out, Alembic's "FAILED: ..." too; log lines and warnings go to \a err. Relative paths are
/// against \a workingFolder, which is the process's when empty. A stop request ends an online run
/// between statements, with the database at the last committed revision. \a leftovers, when given, receives the project
/// and its plan.
int run(const QStringList &arguments, QTextStream &out, QTextStream &err,
        const QString &workingFolder = {}, const std::stop_token &stop = {},
        Leftovers *leftovers = nullptr);

} // namespace tribikos::cli
