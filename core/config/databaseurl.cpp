#include "core/config/databaseurl.h"

#include <QDir>
#include <QRegularExpression>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

// Python's urllib: unquote() for user, password and host names, unquote_plus() in the query.
QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

QString encoded(const QString &text, const char *alsoPlain)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text, alsoPlain));
}

bool isSecret(const QString &parameter)
{
    static const QStringList names{u"password"_s, u"passwd"_s, u"pwd"_s, u"sslpassword"_s};
    return names.contains(parameter, Qt::CaseInsensitive);
}

Error malformed(const QString &what)
{
    return {.code = ErrorCode::Syntax,
            .message =
                u"The database URL %1; write dialect://user:password@host/database."_s.arg(what)};
}

QList<QPair<QString, QString>> readQuery(const QString &text)
{
    QList<QPair<QString, QString>> query;
    for (QString pair : text.split(u'&', Qt::SkipEmptyParts)) {
        pair.replace(u'+', u' ');
        const qsizetype equals = pair.indexOf(u'=');
        if (equals < 0)
            query.append({decoded(pair), {}});
        else
            query.append({decoded(pair.left(equals)), decoded(pair.mid(equals + 1))});
    }
    return query;
}

enum class Secrets { Masked, LeftOut };

QString urlText(const DatabaseUrl &url, Secrets secrets)
{
    const bool isMasked = secrets == Secrets::Masked;
    QString text = backendName(url.backend);
    if (!url.driver.isEmpty())
        text += u'+' + url.driver;
    text += u"://"_s;
    if (!url.user.isEmpty() || (url.hasPassword && isMasked)) {
        text += encoded(url.user, " +");
        if (url.hasPassword && isMasked)
            text += u":***"_s;
        text += u'@';
    }
    text += url.host.contains(u':') ? u'[' + url.host + u']' : url.host;
    if (url.port > 0)
        text += u':' + QString::number(url.port);
    if (!url.database.isEmpty())
        text += u'/' + url.database;
    QChar separator = u'?';
    for (const auto &[name, value] : url.query) {
        if (isSecret(name) && !isMasked)
            continue;
        text += separator + encoded(name, "") + u'='
                + (isSecret(name) ? u"***"_s : encoded(value, "/"));
        separator = u'&';
    }
    return text;
}

Result<std::monostate> readPort(const QString &text, DatabaseUrl *url)
{
    if (text.isEmpty())
        return done();
    bool isNumber = false;
    url->port = text.toInt(&isNumber);
    if (!isNumber || url->port < 1 || url->port > 65535)
        return malformed(u"has a port that is no number from 1 to 65535"_s);
    return done();
}

} // namespace

bool DatabaseUrl::isMemory() const
{
    const bool namesNothing = database.isEmpty() || database == u":memory:";
    return backend == Backend::Sqlite
           && (namesNothing || database.startsWith(u"file::memory:")
               || parameter(u"mode"_s) == u"memory");
}

QString DatabaseUrl::parameter(const QString &name) const
{
    for (const auto &[key, value] : query) {
        if (key == name)
            return value;
    }
    return {};
}

QString DatabaseUrl::displayText() const
{
    return urlText(*this, Secrets::Masked);
}

QString DatabaseUrl::withoutSecrets() const
{
    return urlText(*this, Secrets::LeftOut);
}

Result<DatabaseUrl> parseDatabaseUrl(const QString &text)
{
    // SQLAlchemy's own grammar: the password may hold anything but a slash before the last @.
    static const QRegularExpression form(
        uR"(^([\w+]+)://(?:([^:/]*)(?::([^@]*))?@)?(?:(?:\[([^/?]+)\]|([^/:?]+))?(?::([^/?]*))?)?(?:/([^?]*))?(?:\?(.*))?$)"_s,
        QRegularExpression::DotMatchesEverythingOption);
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return malformed(u"is empty"_s);
    const auto match = form.match(trimmed);
    if (!match.hasMatch())
        return malformed(u"can't be read"_s);
    const QString scheme = match.captured(1);
    const auto backend = backendFromName(scheme);
    if (!backend) {
        return Error{.code = ErrorCode::Unsupported,
                     .message = u"The database URL names '%1'; Tribikos speaks sqlite, postgresql, "
                                "mysql and mariadb."_s.arg(scheme.section(u'+', 0, 0))};
    }
    DatabaseUrl url{.backend = *backend, .driver = scheme.section(u'+', 1)};
    url.user = decoded(match.captured(2));
    url.hasPassword = match.capturedStart(3) >= 0;
    url.password = decoded(match.captured(3));
    url.host = match.capturedStart(4) >= 0 ? match.captured(4) : match.captured(5);
    url.database = match.captured(7);
    if (url.hasPassword && (url.host.contains(u'@') || url.database.contains(u'@')))
        return malformed(u"has more than one @; write one that belongs to the password or to a "
                         u"name as %40, and a / there "
                         "as %2F"_s);
    url.query = readQuery(match.captured(8));
    if (const Status port = readPort(match.captured(6), &url); !port)
        return port.error();
    if (url.backend == Backend::Sqlite && !url.host.isEmpty()) {
        return Error{.code = ErrorCode::Syntax,
                     .message = u"The SQLite URL names a host; write sqlite:///relative/path or "
                                "sqlite:////absolute/path."_s};
    }
    if (url.backend == Backend::Sqlite && (!url.user.isEmpty() || url.hasPassword || url.port)) {
        return Error{.code = ErrorCode::Syntax,
                     .message =
                         u"The SQLite URL has a user, a password or a port, which a file has not; "
                         "write sqlite:///relative/path or sqlite:////absolute/path."_s};
    }
    return url;
}

QString sqliteFile(const DatabaseUrl &url, const QString &folder)
{
    if (url.backend != Backend::Sqlite || url.isMemory())
        return {};
    QString path = url.database;
    if (path.startsWith(u"file:")) { // SQLite's own URI form
        path = decoded(path.mid(5));
        if (path.startsWith(u"//"))
            path = path.mid(path.startsWith(u"//localhost/") ? 11 : 2);
    }
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

} // namespace tribikos
