#include "app/cli/logoutput.h"

#include "core/base/text.h"

#include <QDateTime>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

const QString templateFormat = u"%(levelname)-5.5s [%(name)s] %(message)s"_s;

LoggingConfig defaultConfig()
{
    return {.loggers = {{.level = LogLevel::Info, .handlers = {u"console"_s}}},
            .handlers = {{.name = u"console"_s, .format = {templateFormat, {}}}}};
}

QString levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::NotSet: return u"NOTSET"_s;
    case LogLevel::Debug: return u"DEBUG"_s;
    case LogLevel::Info: return u"INFO"_s;
    case LogLevel::Warning: return u"WARNING"_s;
    case LogLevel::Error: return u"ERROR"_s;
    case LogLevel::Critical: return u"CRITICAL"_s;
    }
    return {};
}

/// strftime's common letters; Qt has no strftime of its own.
QString dateText(const QString &format)
{
    const QDateTime now = QDateTime::currentDateTime();
    if (format.isEmpty())
        return now.toString(u"yyyy-MM-dd HH:mm:ss,zzz"_s);
    static const QHash<QChar, QString> letters{{u'Y', u"yyyy"_s}, {u'm', u"MM"_s}, {u'd', u"dd"_s},
                                               {u'H', u"HH"_s},   {u'M', u"mm"_s}, {u'S', u"ss"_s},
                                               {u'y', u"yy"_s},   {u'b', u"MMM"_s}};
    QString text;
    for (qsizetype i = 0; i < format.size(); ++i) {
        const bool isField = format[i] == u'%' && i + 1 < format.size();
        if (isField && letters.contains(format[i + 1]))
            text += now.toString(letters[format[i + 1]]);
        else if (isField && format[i + 1] == u'%')
            text += u'%';
        else
            text += format[i];
        i += isField ? 1 : 0;
    }
    return text;
}

QString padded(QString text, const QString &flags, int width, int precision)
{
    if (precision >= 0)
        text = text.left(precision);
    return flags.contains(u'-') ? text.leftJustified(width) : text.rightJustified(width);
}

QString formatted(const LogFormat &format, LogLevel level, const QString &category,
                  const QString &message)
{
    static const QRegularExpression field(u"%\\((\\w+)\\)([-0 ]*)(\\d*)(?:\\.(\\d+))?[sdr]|%%"_s);
    const QString pattern = format.format.isEmpty() ? u"%(message)s"_s : format.format;
    QString line;
    qsizetype from = 0;
    for (auto fields = field.globalMatch(pattern); fields.hasNext();) {
        const auto match = fields.next();
        line += QStringView(pattern).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        const QString name = match.captured(1);
        const QString value = name.isEmpty()         ? u"%"_s
                              : name == u"levelname" ? levelName(level)
                              : name == u"name"      ? category
                              : name == u"message"   ? message
                              : name == u"asctime"   ? dateText(format.dateFormat)
                                                     : QString();
        line += padded(value, match.captured(2), match.captured(3).toInt(),
                       match.capturedLength(4) > 0 ? match.captured(4).toInt() : -1);
    }
    line += QStringView(pattern).mid(from);
    return line;
}

bool covers(const QString &logger, const QString &category)
{
    return logger.isEmpty() || category == logger || category.startsWith(logger + u'.');
}

} // namespace

LogOutput::LogOutput(const LoggingConfig &config, QTextStream &out, QTextStream &err, bool isQuiet)
    : m_config(config.loggers.isEmpty() ? defaultConfig() : config)
    , m_out(out)
    , m_err(err)
    , m_isQuiet(isQuiet)
{}

LogLevel LogOutput::levelOf(const QString &category) const
{
    LogLevel level = LogLevel::Warning; // Python's root without a level of its own
    qsizetype closest = -1;
    for (const Logger &logger : m_config.loggers) {
        if (logger.level == LogLevel::NotSet || !covers(logger.category, category)
            || logger.category.size() <= closest)
            continue;
        closest = logger.category.size();
        level = logger.level;
    }
    return level;
}

QList<const LogHandler *> LogOutput::handlersOf(const QString &category) const
{
    QList<const Logger *> chain;
    for (const Logger &logger : m_config.loggers) {
        if (covers(logger.category, category))
            chain.append(&logger);
    }
    std::ranges::sort(chain, std::greater{}, [](const Logger *l) { return l->category.size(); });
    QList<const LogHandler *> handlers;
    for (const Logger *logger : std::as_const(chain)) {
        for (const LogHandler &handler : m_config.handlers) {
            if (logger->handlers.contains(handler.name))
                handlers.append(&handler);
        }
        if (!logger->propagates)
            break;
    }
    return handlers;
}

void LogOutput::write(const LogHandler &handler, LogLevel level, const QString &category,
                      const QString &message)
{
    const QString line = redactedText(formatted(handler.format, level, category, message));
    if (handler.kind != LogHandler::Kind::File) {
        if (!m_isQuiet)
            (handler.kind == LogHandler::Kind::StandardOutput ? m_out : m_err)
                << visibleText(line) << u'\n' << Qt::flush; // a run that waits is read along
        return;
    }
    std::unique_ptr<QFile> &file = m_files[handler.file];
    if (!file) {
        file = std::make_unique<QFile>(handler.file);
        const auto mode = handler.truncates ? QIODevice::Truncate : QIODevice::Append;
        if (!file->open(QIODevice::WriteOnly | QIODevice::Unbuffered | mode) && !m_isQuiet)
            m_err << u"warning: the log file %1 can't be written\n"_s.arg(handler.file);
    }
    if (file->isOpen())
        file->write(line.toUtf8() + '\n');
}

void LogOutput::write(LogLevel level, const QString &category, const QString &message)
{
    if (level < levelOf(category))
        return;
    for (const LogHandler *handler : handlersOf(category)) {
        if (level >= handler->level)
            write(*handler, level, category, message);
    }
}

} // namespace tribikos::cli
