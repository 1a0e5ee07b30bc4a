#include "core/config/loggingconfig.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <optional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

class LoggingReader
{
public:
    LoggingReader(const IniFile &ini, Diagnostics *diagnostics)
        : m_ini(ini)
        , m_diagnostics(diagnostics)
    {}
    LoggingConfig read();

private:
    QStringList names(const QString &section);
    QString value(const QString &section, const QString &key);
    LogLevel level(const QString &section);
    LogFormat format(const QString &handlerSection);
    std::optional<LogHandler> handler(const QString &name);
    bool readFile(const QString &section, LogHandler *handler);
    void warn(const QString &section, const QString &key, const QString &message);

    const IniFile &m_ini;
    Diagnostics *m_diagnostics;
};

void LoggingReader::warn(const QString &section, const QString &key, const QString &message)
{
    if (!m_diagnostics)
        return;
    const int line = m_ini.line(section, key);
    m_diagnostics->append({.severity = Severity::Warning,
                           .code = u"logging-config"_s,
                           .message = u"%1:%2: %3"_s.arg(QFileInfo(m_ini.file()).fileName(),
                                                         QString::number(line), message),
                           .file = m_ini.file(),
                           .span = {.line = line}});
}

QString LoggingReader::value(const QString &section, const QString &key)
{
    // fileConfig() reads format strings raw, everything else interpolated.
    if (key == u"format" || key == u"datefmt")
        return m_ini.rawValue(section, key).value_or(QString());
    const auto read = m_ini.value(section, key);
    if (!read) {
        warn(section, key,
             u"logging leaves [%1] %2 out, its value can't be read."_s.arg(section, key));
        return {};
    }
    return read->value_or(QString());
}

QStringList LoggingReader::names(const QString &section)
{
    QStringList list;
    for (const QString &name : value(section, u"keys"_s).split(u',')) {
        if (!name.trimmed().isEmpty())
            list.append(name.trimmed());
    }
    return list;
}

LogLevel LoggingReader::level(const QString &section)
{
    static const QHash<QString, LogLevel> levels{
        {u""_s, LogLevel::NotSet},       {u"NOTSET"_s, LogLevel::NotSet},
        {u"DEBUG"_s, LogLevel::Debug},   {u"INFO"_s, LogLevel::Info},
        {u"WARN"_s, LogLevel::Warning},  {u"WARNING"_s, LogLevel::Warning},
        {u"ERROR"_s, LogLevel::Error},   {u"CRITICAL"_s, LogLevel::Critical},
        {u"FATAL"_s, LogLevel::Critical}};
    const QString text = value(section, u"level"_s).trimmed();
    if (!levels.contains(text))
        warn(section, u"level"_s, u"'%1' is no level of logging; NOTSET is taken."_s.arg(text));
    return levels.value(text, LogLevel::NotSet);
}

LogFormat LoggingReader::format(const QString &handlerSection)
{
    const QString name = value(handlerSection, u"formatter"_s).trimmed();
    const QString section = u"formatter_"_s + name;
    if (name.isEmpty() || !m_ini.hasSection(section))
        return {};
    return {value(section, u"format"_s), value(section, u"datefmt"_s)};
}

bool LoggingReader::readFile(const QString &section, LogHandler *handler)
{
    static const QRegularExpression literal(uR"(^\(\s*r?(['"])(.*?)\1\s*(?:,\s*(['"])(\w+)\3)?)"_s);
    const auto match = literal.match(value(section, u"args"_s));
    if (!match.hasMatch()) {
        warn(section, u"args"_s,
             u"the file name of this handler is no plain text; it is left out."_s);
        return false;
    }
    const QDir folder = QFileInfo(m_ini.file()).absoluteDir();
    handler->kind = LogHandler::Kind::File;
    handler->file = QDir::cleanPath(folder.absoluteFilePath(match.captured(2)));
    handler->truncates = match.captured(4).startsWith(u'w');
    return true;
}

std::optional<LogHandler> LoggingReader::handler(const QString &name)
{
    const QString section = u"handler_"_s + name;
    if (!m_ini.hasSection(section)) {
        warn(u"handlers"_s, u"keys"_s, u"there is no section [%1]."_s.arg(section));
        return std::nullopt;
    }
    LogHandler handler{.name = name, .level = level(section), .format = format(section)};
    const QString kind = value(section, u"class"_s).trimmed().section(u'.', -1);
    if (kind == u"StreamHandler") {
        handler.kind = value(section, u"args"_s).contains(u"stdout")
                           ? LogHandler::Kind::StandardOutput
                           : LogHandler::Kind::StandardError;
        return handler;
    }
    static const QStringList fileKinds{u"FileHandler"_s, u"RotatingFileHandler"_s,
                                       u"TimedRotatingFileHandler"_s, u"WatchedFileHandler"_s};
    if (fileKinds.contains(kind))
        return readFile(section, &handler) ? std::optional(handler) : std::nullopt;
    warn(section, u"class"_s, u"handlers of class '%1' are not known; it is left out."_s.arg(kind));
    return std::nullopt;
}

LoggingConfig LoggingReader::read()
{
    LoggingConfig config;
    if (!m_ini.hasSection(u"loggers"_s))
        return config;
    for (const QString &name : names(u"handlers"_s)) {
        if (const auto found = handler(name))
            config.handlers.append(*found);
    }
    for (const QString &name : names(u"loggers"_s)) {
        const QString section = u"logger_"_s + name;
        if (!m_ini.hasSection(section)) {
            warn(u"loggers"_s, u"keys"_s, u"there is no section [%1]."_s.arg(section));
            continue;
        }
        Logger logger{.level = level(section), .handlers = {}};
        if (name != u"root")
            logger.category = value(section, u"qualname"_s).trimmed();
        logger.propagates = value(section, u"propagate"_s).trimmed() != u"0";
        for (const QString &one : value(section, u"handlers"_s).split(u',')) {
            if (!one.trimmed().isEmpty())
                logger.handlers.append(one.trimmed());
        }
        config.loggers.append(logger);
    }
    return config;
}

} // namespace

LoggingConfig readLogging(const IniFile &ini, Diagnostics *diagnostics)
{
    return LoggingReader(ini, diagnostics).read();
}

} // namespace tribikos
