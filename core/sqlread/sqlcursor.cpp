#include "core/sqlread/sqlcursor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

const SqlToken &SqlCursor::peek(qsizetype ahead) const
{
    return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
}

SqlToken SqlCursor::take()
{
    const SqlToken token = peek();
    if (!atEnd())
        ++m_at;
    return token;
}

bool SqlCursor::acceptSymbol(QStringView symbol)
{
    if (!isSymbol(symbol))
        return false;
    ++m_at;
    return true;
}

bool SqlCursor::accept(std::initializer_list<QStringView> words)
{
    qsizetype ahead = 0;
    for (const QStringView word : words)
        if (!isWord(word, ahead++))
            return false;
    m_at += ahead;
    return true;
}

bool SqlCursor::isName() const
{
    const bool isText = peek().kind == SqlToken::Kind::String && m_backend == Backend::Sqlite;
    return peek().isName() || isText;
}

QString SqlCursor::takeName()
{
    if (!isName())
        return {};
    const SqlToken token = take();
    const bool isFolded = m_backend == Backend::PostgreSql && token.kind == SqlToken::Kind::Word;
    return isFolded ? token.text.toLower() : token.text;
}

TableName SqlCursor::takeTableName()
{
    const QString first = takeName();
    if (first.isEmpty() || !isSymbol(u"."))
        return {{}, first};
    take();
    const bool isUsual =
        (m_backend == Backend::Sqlite && first.compare(u"main", Qt::CaseInsensitive) == 0)
        || (m_backend == Backend::PostgreSql && first == u"public");
    return {isUsual ? QString() : first, takeName()};
}

std::optional<QString> SqlCursor::takeGroup()
{
    if (!isSymbol(u"("))
        return std::nullopt;
    const qsizetype first = m_at + 1;
    qsizetype depth = 0;
    for (qsizetype i = m_at; i < m_tokens.size(); ++i) {
        if (m_tokens[i].isSymbol(u"("))
            ++depth;
        else if (m_tokens[i].isSymbol(u")") && --depth == 0) {
            m_at = i + 1;
            return sqlBetween(m_sql, m_tokens, first, i);
        }
    }
    return std::nullopt;
}

QString SqlCursor::takeRest()
{
    const QString rest = sqlBetween(m_sql, m_tokens, m_at, m_tokens.size() - 1);
    m_at = m_tokens.size() - 1;
    return rest;
}

void SqlCursor::moveToOffset(qsizetype offset)
{
    const auto found = std::ranges::lower_bound(m_tokens, offset, {}, &SqlToken::start);
    m_at = std::min<qsizetype>(found - m_tokens.cbegin(), m_tokens.size() - 1);
}

void SqlCursor::skipItem(qsizetype end)
{
    qsizetype depth = 0;
    while (!atEnd()) {
        const SqlToken &next = peek();
        const bool closes = next.isSymbol(u")") || next.isSymbol(u"]");
        if (depth == 0 && (closes || next.isSymbol(u",") || next.start >= end))
            return;
        depth += next.isSymbol(u"(") || next.isSymbol(u"[") ? 1 : closes ? -1 : 0;
        ++m_at;
    }
}

QString SqlCursor::takeItem(qsizetype end)
{
    const qsizetype from = m_at;
    skipItem(end);
    return textSince(from);
}

} // namespace tribikos
