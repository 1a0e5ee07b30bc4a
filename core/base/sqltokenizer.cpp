#include "core/base/sqltokenizer.h"

#include "core/base/sqlscanner.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = SqlToken::Kind;

/// What stands between the marks of a string or quoted name, doubled and escaped marks undone.
QString unquoted(QStringView inner, QChar close, bool hasEscapes)
{
    QString text;
    text.reserve(inner.size());
    for (qsizetype i = 0; i < inner.size(); ++i) {
        const bool isEscape = hasEscapes && inner[i] == u'\\' && i + 1 < inner.size();
        const bool isDoubled = close != u']' && inner[i] == close;
        if (isEscape || (isDoubled && i + 1 < inner.size()))
            ++i;
        text += inner[i];
    }
    return text;
}

QString textOf(QStringView source, const SqlSpan &span, Backend backend)
{
    if (span.kind != Kind::String && span.kind != Kind::Quoted)
        return source.toString();
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    if (source.startsWith(u'$')) { // $tag$ ... $tag$
        const qsizetype tag = source.indexOf(u'$', 1) + 1;
        return source.mid(tag, source.size() - (span.isComplete ? 2 : 1) * tag).toString();
    }
    const bool isEscapeString = !source.startsWith(u'\'') && source.mid(1).startsWith(u'\'')
                                && backend == Backend::PostgreSql && source[0] != u'"';
    const qsizetype start = isEscapeString ? 1 : 0;
    const QChar open = source[start];
    const QStringView inner = source.mid(start + 1, source.size() - start - (span.isComplete ? 2 : 1));
    return unquoted(inner, open == u'[' ? QChar(u']') : open,
                    isEscapeString || (isMySql && span.kind == Kind::String));
}

} // namespace

QList<SqlToken> sqlTokens(const QString &sql, Backend backend)
{
    SqlScanner<char16_t> scanner({reinterpret_cast<const char16_t *>(sql.utf16()), size_t(sql.size())},
                                 backend);
    QList<SqlToken> tokens;
    do {
        const SqlSpan span = scanner.next();
        const QStringView source = QStringView(sql).mid(span.start, span.end - span.start);
        tokens.append({span.kind, textOf(source, span, backend), span.start, span.end, span.line,
                       span.isComplete});
    } while (tokens.constLast().kind != Kind::End);
    return tokens;
}

QString sqlBetween(const QString &sql, const QList<SqlToken> &tokens, qsizetype first,
                   qsizetype last)
{
    QString text;
    for (qsizetype i = first; i < last && i < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        if (i > first) {
            const QStringView gap =
                QStringView(sql).mid(tokens[i - 1].end, token.start - tokens[i - 1].end);
            const bool isBlank = std::ranges::all_of(gap, [](QChar c) { return c.isSpace(); });
            text += isBlank ? gap : QStringView(u" ");
        }
        text += QStringView(sql).mid(token.start, token.end - token.start);
    }
    return text;
}

} // namespace tribikos
