#include "core/config/connectiontext.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error unreadable(const QString &what)
{
    return {.code = ErrorCode::Syntax, .message = what};
}

/// Takes user and password, which JDBC has among its parameters, to their places.
void takeCredentials(DatabaseUrl &url)
{
    const auto take = [&url](const QString &name) {
        const QString value = url.parameter(name);
        setParameter(url, name, {});
        return value;
    };
    if (const QString user = take(u"user"_s); !user.isEmpty())
        url.user = user;
    if (const QString password = take(u"password"_s); !password.isEmpty()) {
        url.password = password;
        url.hasPassword = true;
    }
}

/// PostgreSQL's and MySQL's JDBC drivers name their parameters in their own way; those that mean nothing here go.
void translateParameters(DatabaseUrl &url)
{
    const bool usesTls =
        url.parameter(u"ssl"_s) == u"true" || url.parameter(u"useSSL"_s) == u"true";
    const QString mode = url.parameter(u"sslMode"_s);
    for (const QString &name : {u"ssl"_s, u"useSSL"_s, u"sslMode"_s})
        setParameter(url, name, {});
    const bool isPostgres = url.backend == Backend::PostgreSql;
    const QString ours = isPostgres ? u"sslmode"_s : u"ssl_mode"_s;
    if (!mode.isEmpty())
        setParameter(url, ours,
                     isPostgres ? QString(mode).replace(u'_', u'-').toLower() : mode.toUpper());
    else if (usesTls)
        setParameter(url, ours,
                     isPostgres ? u"verify-full"_s : u"VERIFY_IDENTITY"_s); // as JDBC means it
    if (const QString schema = url.parameter(u"currentSchema"_s); !schema.isEmpty()) {
        setParameter(url, u"currentSchema"_s, {});
        setSessionSetting(url, u"search_path"_s, schema);
    }
}

Result<DatabaseUrl> readJdbc(const QString &rest)
{
    if (rest.startsWith(u"sqlite:"))
        return DatabaseUrl{.database = rest.mid(7)};
    const QString scheme = rest.section(u':', 0, 0);
    if (scheme != u"postgresql" && scheme != u"mysql" && scheme != u"mariadb")
        return Error{
            .code = ErrorCode::Unsupported,
            .message =
                u"The JDBC URL names '%1'; Tribikos speaks sqlite, postgresql, mysql and mariadb."_s
                    .arg(scheme)};
    QString text = rest;
    if (!text.mid(scheme.size()).startsWith(u"://")) // jdbc:postgresql:database
        text = scheme + u":///"_s + rest.mid(scheme.size() + 1);
    Result<DatabaseUrl> url = parseDatabaseUrl(text);
    if (!url)
        return url;
    DatabaseUrl read = url.take();
    takeCredentials(read);
    translateParameters(read);
    return read;
}

/// The value that stands at \a at of \a text, bare or in quotes; \a at is moved behind it.
QString keywordValue(const QString &text, qsizetype &at)
{
    QString value;
    const bool isQuoted = at < text.size() && text[at] == u'\'';
    at += isQuoted ? 1 : 0;
    for (; at < text.size(); ++at) {
        if (isQuoted ? text[at] == u'\'' : text[at].isSpace())
            break;
        if (text[at] == u'\\' && at + 1 < text.size())
            ++at;
        value += text[at];
    }
    at += isQuoted ? 1 : 0;
    return value;
}

/// libpq's connection string: the manual's 34.1.1.1.
Result<DatabaseUrl> readKeywords(const QString &text)
{
    DatabaseUrl url{.backend = Backend::PostgreSql};
    static const QRegularExpression keyword(uR"(\s*(\w+)\s*=\s*)"_s);
    for (qsizetype at = 0; at < text.size();) {
        const auto match = keyword.match(text, at, QRegularExpression::NormalMatch,
                                         QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return unreadable(
                u"The connection string can't be read; write host=… dbname=… user=…."_s);
        at = match.capturedEnd();
        const QString name = match.captured(1);
        const QString value = keywordValue(text, at);
        if (name == u"host")
            url.host = value.startsWith(u'/') ? QString() : value;
        if (name == u"host" && value.startsWith(u'/'))
            setParameter(url, u"host"_s, value);
        else if (name == u"port")
            url.port = value.toInt();
        else if (name == u"dbname")
            url.database = value;
        else if (name == u"user")
            url.user = value;
        else if (name == u"password")
            url.password = value;
        else if (name != u"host")
            setParameter(url, name, value);
        while (at < text.size() && text[at].isSpace())
            ++at;
    }
    url.hasPassword = !url.password.isEmpty();
    return url;
}

QStringList optionWords(const DatabaseUrl &url)
{
    return url.parameter(u"options"_s).split(u' ', Qt::SkipEmptyParts);
}

/// "role=app" of a "-c role=app", "-crole=app" or "--role=app" at \a i; \a words is how many words it takes.
QString settingAt(const QStringList &options, qsizetype i, int *words)
{
    *words = 1;
    if (options[i] == u"-c") {
        *words = 2;
        return options.value(i + 1);
    }
    if (options[i].startsWith(u"-c") || options[i].startsWith(u"--"))
        return options[i].mid(2);
    return {};
}

} // namespace

Result<DatabaseUrl> readConnectionText(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.startsWith(u"jdbc:"))
        return readJdbc(trimmed.mid(5));
    if (trimmed.startsWith(u"postgres://"))
        return parseDatabaseUrl(u"postgresql"_s + trimmed.mid(8));
    if (trimmed.contains(u"://"))
        return parseDatabaseUrl(trimmed);
    static const QRegularExpression keywords(
        uR"(^(?:host|hostaddr|port|dbname|user|service|password)\s*=)"_s);
    if (keywords.match(trimmed).hasMatch())
        return readKeywords(trimmed);
    static const QRegularExpression file(uR"(\.(?:sqlite3?|db3?|s3db)$)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    if (file.match(trimmed).hasMatch())
        return DatabaseUrl{.database = trimmed};
    return parseDatabaseUrl(trimmed);
}

void setParameter(DatabaseUrl &url, const QString &name, const QString &value)
{
    const auto place = std::ranges::find(url.query, name, &QPair<QString, QString>::first);
    if (value.isEmpty())
        url.query.removeIf(
            [&name](const QPair<QString, QString> &one) { return one.first == name; });
    else if (place != url.query.end())
        place->second = value;
    else
        url.query.append({name, value});
}

QString sessionSetting(const DatabaseUrl &url, const QString &name)
{
    const QStringList options = optionWords(url);
    int words = 1;
    for (qsizetype i = 0; i < options.size(); i += words) {
        const QString setting = settingAt(options, i, &words);
        if (setting.section(u'=', 0, 0) == name)
            return setting.section(u'=', 1);
    }
    return {};
}

void setSessionSetting(DatabaseUrl &url, const QString &name, const QString &value)
{
    const QStringList options = optionWords(url);
    QStringList kept;
    int words = 1;
    for (qsizetype i = 0; i < options.size(); i += words) {
        if (settingAt(options, i, &words).section(u'=', 0, 0) != name)
            kept += options.mid(i, words);
    }
    if (!value.isEmpty())
        kept += {u"-c"_s, name + u'=' + QString(value).remove(u' ')};
    setParameter(url, u"options"_s, kept.join(u' '));
}

} // namespace tribikos
