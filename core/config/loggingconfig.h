#pragma once

#include "core/base/diagnostic.h"
#include "core/config/inifile.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace tribikos {

/// Python's levels; NotSet takes the parent's.
enum class LogLevel { NotSet, Debug, Info, Warning, Error, Critical };

struct LogFormat
{
    QString format{};     // Python's %(levelname)s notation, interpolation done
    QString dateFormat{}; // strftime's notation; empty: ISO 8601 with milliseconds
    friend bool operator==(const LogFormat &, const LogFormat &) = default;
};

/// Where lines go. Handlers of other kinds are left out, with a diagnostic.
struct LogHandler
{
    enum class Kind { StandardError, StandardOutput, File };
    QString name{};
    Kind kind = Kind::StandardError;
    LogLevel level = LogLevel::NotSet;
    QString file{}; // absolute
    bool truncates = false;
    LogFormat format{};
    friend bool operator==(const LogHandler &, const LogHandler &) = default;
};

struct Logger
{
    QString category{}; // dotted Python name; empty: the root
    LogLevel level = LogLevel::NotSet;
    QStringList handlers{}; // names of LogHandlers
    bool propagates = true;
    friend bool operator==(const Logger &, const Logger &) = default;
};

/// What logging.config.fileConfig() would set up from the ini's sections, as values. Applying them
/// is the program's job. Empty when the ini has no [loggers].
struct LoggingConfig
{
    QList<Logger> loggers{};
    QList<LogHandler> handlers{};
    friend bool operator==(const LoggingConfig &, const LoggingConfig &) = default;
};

/// Nothing is evaluated: args are read as the literals and sys.stderr / sys.stdout that they are in
/// practice. What can't be read is left out and said in \a diagnostics.
LoggingConfig readLogging(const IniFile &ini, Diagnostics *diagnostics);

} // namespace tribikos
