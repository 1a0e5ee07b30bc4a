#include "core/base/sqlhead.h"

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

} // namespace tribikos
