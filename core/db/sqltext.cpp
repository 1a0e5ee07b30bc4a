#include "core/db/sqltext.h"

#include "core/base/fetched.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The position behind white space, comments and opening brackets.
qsizetype afterPadding(const QString &sql)
{
    qsizetype at = 0;
    while (at < sql.size()) {
        const QStringView rest = QStringView(sql).mid(at);
        const QChar next = rest.front();
        if (next.isSpace() || next == u'(' || next == u';' || next == QChar::ByteOrderMark) {
            ++at;
        } else if (rest.startsWith(u"--")) {
            const qsizetype end = sql.indexOf(u'\n', at);
            at = end < 0 ? sql.size() : end + 1;
        } else if (rest.startsWith(u"/*!")
                   || rest.startsWith(u"/*M!")) { // MySQL runs what stands in it
            at = sql.indexOf(u'!', at) + 1;
            while (at < sql.size() && sql.at(at).isDigit())
                ++at;
        } else if (rest.startsWith(u"*/")) {
            at += 2;
        } else if (rest.startsWith(u"/*")) {
            const qsizetype end = sql.indexOf(u"*/"_s, at + 2);
            at = end < 0 ? sql.size() : end + 2;
        } else {
            break;
        }
    }
    return at;
}

} // namespace

QString quotedIdentifier(const QString &name, Backend backend)
{
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    const QChar quote = isMySql ? u'`' : u'"';
    QString inner = name;
    inner.replace(quote, QString(2, quote));
    return quote + inner + quote;
}

QString withoutPadding(const QString &sql)
{
    return sql.mid(afterPadding(sql));
}

QString leadingKeyword(const QString &sql)
{
    const qsizetype start = afterPadding(sql);
    qsizetype end = start;
    while (end < sql.size() && (sql.at(end).isLetterOrNumber() || sql.at(end) == u'_'))
        ++end;
    if (end == start && start < sql.size())
        ++end; // an odd first character is still something to run, and to be refused by the server
    return sql.mid(start, end - start).toUpper();
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
