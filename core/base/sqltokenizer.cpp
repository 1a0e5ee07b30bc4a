#include "core/base/sqltokenizer.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isWordStart(QChar c)
{
    return c.isLetter() || c == u'_' || c.unicode() >= 0x80;
}

bool isWordPart(QChar c)
{
    return isWordStart(c) || c.isDigit() || c == u'$';
}

class Tokenizer
{
public:
    Tokenizer(const QString &sql, Backend backend)
        : m_sql(sql)
        , m_isMySql(backend == Backend::MySql || backend == Backend::MariaDb)
        , m_isPostgreSql(backend == Backend::PostgreSql)
        , m_isSqlite(backend == Backend::Sqlite)
    {}

    QList<SqlToken> run();

private:
    using Kind = SqlToken::Kind;

    QChar at(qsizetype i) const { return i < m_sql.size() ? m_sql[i] : QChar(); }
    bool startsWith(QStringView text) const
    {
        return QStringView(m_sql).mid(m_at).startsWith(text);
    }
    void skipBlanks();
    bool skipComment();
    SqlToken next();
    SqlToken token(Kind kind, qsizetype end, const QString &text, bool isComplete = true) const;
    SqlToken plain(Kind kind, qsizetype end) const;
    SqlToken quoted(Kind kind, qsizetype start, QChar close, bool hasEscapes) const;
    SqlToken dollarQuoted() const;
    SqlToken number() const;
    SqlToken symbol() const;
    qsizetype pastWord(qsizetype i) const;
    qsizetype dollarTagEnd() const;

    const QString &m_sql;
    const bool m_isMySql;
    const bool m_isPostgreSql;
    const bool m_isSqlite;
    qsizetype m_at = 0;
    int m_line = 1;
};

SqlToken Tokenizer::token(Kind kind, qsizetype end, const QString &text, bool isComplete) const
{
    return {kind, text, m_at, end, m_line, isComplete};
}

SqlToken Tokenizer::plain(Kind kind, qsizetype end) const
{
    return token(kind, end, m_sql.mid(m_at, end - m_at));
}

qsizetype Tokenizer::pastWord(qsizetype i) const
{
    while (i < m_sql.size() && isWordPart(m_sql[i]))
        ++i;
    return i;
}

bool Tokenizer::skipComment()
{
    qsizetype end = m_at;
    if (startsWith(u"--") || (m_isMySql && at(m_at) == u'#')) {
        end = m_sql.indexOf(u'\n', m_at);
    } else if (startsWith(u"/*")) {
        end = m_sql.indexOf(u"*/"_s, m_at + 2);
        end = end < 0 ? end : end + 2;
    } else {
        return false;
    }
    end = end < 0 ? m_sql.size() : end;
    m_line += int(std::count(m_sql.cbegin() + m_at, m_sql.cbegin() + end, u'\n'));
    m_at = end;
    return true;
}

void Tokenizer::skipBlanks()
{
    while (m_at < m_sql.size()) {
        const QChar c = m_sql[m_at];
        const bool isBlank = c.unicode() < 0x80 && c.isSpace();
        if (isBlank || c.isNull() || c == QChar::ByteOrderMark) {
            m_line += c == u'\n' ? 1 : 0;
            ++m_at;
        } else if (!skipComment()) {
            return;
        }
    }
}

/// From the opening mark at \a start to \a close; a doubled \a close stands for itself.
SqlToken Tokenizer::quoted(Kind kind, qsizetype start, QChar close, bool hasEscapes) const
{
    QString text;
    for (qsizetype i = start + 1; i < m_sql.size(); ++i) {
        const QChar c = m_sql[i];
        if (hasEscapes && c == u'\\' && i + 1 < m_sql.size()) {
            text += m_sql[++i];
        } else if (c != close) {
            text += c;
        } else if (close != u']' && at(i + 1) == close) {
            text += c;
            ++i;
        } else {
            return token(kind, i + 1, text);
        }
    }
    return token(kind, m_sql.size(), text, false);
}

/// The end of the $tag$ that starts here, or -1.
qsizetype Tokenizer::dollarTagEnd() const
{
    qsizetype i = m_at + 1;
    while (i < m_sql.size() && isWordPart(m_sql[i]) && m_sql[i] != u'$')
        ++i;
    return at(i) == u'$' && !at(m_at + 1).isDigit() ? i + 1 : -1;
}

SqlToken Tokenizer::dollarQuoted() const
{
    const qsizetype start = dollarTagEnd();
    const QString tag = m_sql.mid(m_at, start - m_at);
    const qsizetype end = m_sql.indexOf(tag, start);
    if (end < 0)
        return token(Kind::String, m_sql.size(), m_sql.mid(start), false);
    return token(Kind::String, end + tag.size(), m_sql.mid(start, end - start));
}

SqlToken Tokenizer::number() const
{
    qsizetype i = m_at;
    while (i < m_sql.size() && (isWordPart(m_sql[i]) || m_sql[i] == u'.')) {
        const bool isExponent =
            m_sql[i].toLower() == u'e' && !startsWith(u"0x") && !startsWith(u"0X");
        ++i;
        if (isExponent && (at(i) == u'+' || at(i) == u'-') && at(i + 1).isDigit())
            ++i;
    }
    return plain(Kind::Number, i);
}

SqlToken Tokenizer::symbol() const
{
    static const QStringView pairs[] = {u"->>", u"||", u"<=", u">=", u"<>", u"!=", u"==", u"::",
                                        u"->",  u"<<", u">>", u":=", u"&&", u"@>", u"<@", u"!~"};
    for (const QStringView pair : pairs)
        if (startsWith(pair))
            return plain(Kind::Symbol, m_at + pair.size());
    return plain(Kind::Symbol, m_at + 1);
}

SqlToken Tokenizer::next()
{
    const QChar c = at(m_at);
    const QChar after = at(m_at + 1);
    if (c == u'\'')
        return quoted(Kind::String, m_at, c, m_isMySql);
    if (after == u'\'' && m_isPostgreSql && (c == u'E' || c == u'e'))
        return quoted(Kind::String, m_at + 1, after, true);
    if (c == u'"')
        return quoted(m_isMySql ? Kind::String : Kind::Quoted, m_at, c, m_isMySql);
    if (c == u'`' && !m_isPostgreSql)
        return quoted(Kind::Quoted, m_at, c, false);
    if (c == u'[' && m_isSqlite)
        return quoted(Kind::Quoted, m_at, u']', false);
    if (c == u'$' && m_isPostgreSql && dollarTagEnd() > 0)
        return dollarQuoted();
    if (c.isDigit() || (c == u'.' && after.isDigit()))
        return number();
    if (isWordStart(c))
        return plain(Kind::Word, pastWord(m_at));
    const bool mayName = c == u':' || c == u'@' || c == u'$' || (c == u'?' && !m_isPostgreSql);
    if (mayName && isWordPart(after))
        return plain(Kind::Parameter, pastWord(m_at + 1));
    if (c == u'?' && !m_isPostgreSql)
        return plain(Kind::Parameter, m_at + 1);
    return symbol();
}

QList<SqlToken> Tokenizer::run()
{
    QList<SqlToken> tokens;
    for (skipBlanks(); m_at < m_sql.size(); skipBlanks()) {
        tokens.append(next());
        const qsizetype end = tokens.constLast().end;
        m_line += int(std::count(m_sql.cbegin() + m_at, m_sql.cbegin() + end, u'\n'));
        m_at = end;
    }
    tokens.append(token(Kind::End, m_at, {}));
    return tokens;
}

} // namespace

QList<SqlToken> sqlTokens(const QString &sql, Backend backend)
{
    return Tokenizer(sql, backend).run();
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
