#include "core/config/variables.h"

#include "core/config/versionfiles.h"

#include <QFile>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestEnvironmentFile = 1024 * 1024;

QString unquoted(const QString &text)
{
    if (text.startsWith(u'\'') || text.startsWith(u'"')) {
        const qsizetype end = text.indexOf(text[0], 1);
        return end < 0 ? text.mid(1) : text.mid(1, end - 1);
    }
    static const QRegularExpression comment(u"\\s+#.*$"_s);
    return QString(text).remove(comment);
}

} // namespace

QHash<QString, QString> parseEnvironmentFile(const QString &text)
{
    static const QRegularExpression assignment(
        u"^\\s*(?:export\\s+)?([A-Za-z_]\\w*)\\s*=\\s*(.*)$"_s);
    QHash<QString, QString> values;
    for (const QString &line : text.split(u'\n')) {
        if (const auto match = assignment.match(line.trimmed()); match.hasMatch())
            values.insert(match.captured(1), unquoted(match.captured(2)));
    }
    return values;
}

Variables::Variables(const QString &folder)
{
    const QString path = folder + u"/.env"_s;
    if (!QFile::exists(path))
        return;
    if (const auto bytes = readRegularFile(path, largestEnvironmentFile))
        m_file = parseEnvironmentFile(QString::fromUtf8(*bytes));
}

bool Variables::has(const QString &name) const
{
    return qEnvironmentVariableIsSet(name.toUtf8().constData()) || m_file.contains(name);
}

QString Variables::value(const QString &name) const
{
    const QByteArray key = name.toUtf8();
    return qEnvironmentVariableIsSet(key.constData()) ? qEnvironmentVariable(key.constData())
                                                      : m_file.value(name);
}

QString Variables::expand(const QString &text, QStringList *missing) const
{
    static const QRegularExpression reference(u"\\$\\{([A-Za-z_]\\w*)\\}"_s);
    QString expanded;
    qsizetype from = 0;
    for (auto matches = reference.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        expanded += QStringView(text).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        const QString name = match.captured(1);
        expanded += has(name) ? value(name) : match.captured();
        if (!has(name) && missing)
            missing->append(name);
    }
    expanded += QStringView(text).mid(from);
    return expanded;
}

} // namespace tribikos
