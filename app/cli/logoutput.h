#pragma once

#include "core/config/loggingconfig.h"

#include <QFile>
#include <QTextStream>
#include <map>
#include <memory>

namespace tribikos::cli {

/// Writes log lines where the ini's logging sections send them, in Python's format. Without such
/// sections, lines of level Info and up go to standard error in the templates' usual format.
/// Passwords in URLs are masked in every line.
class LogOutput
{
public:
    LogOutput(const LoggingConfig &config, QTextStream &out, QTextStream &err, bool isQuiet);
    void write(LogLevel level, const QString &category, const QString &message);
    /// False: nobody would see a line of \a level.
    bool writes(LogLevel level, const QString &category) const
    {
        return level >= levelOf(category);
    }

private:
    LogLevel levelOf(const QString &category) const;
    QList<const LogHandler *> handlersOf(const QString &category) const;
    void write(const LogHandler &handler, LogLevel level, const QString &category,
               const QString &message);

    LoggingConfig m_config;
    QTextStream &m_out;
    QTextStream &m_err;
    bool m_isQuiet;
    std::map<QString, std::unique_ptr<QFile>> m_files{};
};

} // namespace tribikos::cli
