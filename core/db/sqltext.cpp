#include "core/db/sqltext.h"

#include "core/base/fetched.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QString quotedIdentifier(const QString &name, Backend backend)
{
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    const QChar quote = isMySql ? u'`' : u'"';
    QString inner = name;
    inner.replace(quote, QString(2, quote));
    return quote + inner + quote;
}

qsizetype nextMark(const QString &sql, qsizetype from)
{
    QChar quote;
    for (qsizetype at = from; at < sql.size(); ++at) {
        const QChar c = sql.at(at);
        if (!quote.isNull())
            quote = c == quote ? QChar() : quote; // a doubled one opens again at once
        else if (c == u'\'' || c == u'"' || c == u'`')
            quote = c;
        else if (c == u'?')
            return at;
    }
    return -1;
}

Status checkStatementText(const QString &sql)
{
    if (sql.contains(QChar(u'\0')))
        return Error{
            .code = ErrorCode::Statement,
            .message = u"The statement holds a NUL character, behind which a driver reads nothing; "
                       "remove it from the script."_s};
    if (leadingKeyword(sql).isEmpty())
        return Error{.code = ErrorCode::Statement,
                     .message =
                         u"The statement is empty or only a comment; remove it from the script."_s};
    return done();
}

Status countFetched(const QList<QVariant> &row, qint64 *bytes)
{
    for (const QVariant &value : row) {
        *bytes += 32;
        if (value.typeId() == QMetaType::QString)
            *bytes += 2 * value.toString().size();
        else if (value.typeId() == QMetaType::QByteArray)
            *bytes += value.toByteArray().size();
    }
    if (*bytes <= kMostFetched)
        return done();
    return Error{.code = ErrorCode::Statement,
                 .message =
                     u"it reads more than %1 MiB, which is more than a script may hold"_s.arg(
                         kMostFetched >> 20)};
}

} // namespace tribikos
