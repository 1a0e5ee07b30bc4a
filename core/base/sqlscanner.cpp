#include "core/base/sqlscanner.h"

#include <algorithm>
#include <type_traits>

namespace tribikos {

namespace {

template<typename Unit>
constexpr unsigned code(Unit unit)
{
    if constexpr (sizeof(Unit) == 1)
        return static_cast<unsigned char>(unit);
    else
        return unit;
}

template<typename Unit>
constexpr bool isDigit(Unit c)
{
    return c >= Unit('0') && c <= Unit('9');
}

template<typename Unit>
constexpr bool isWordStart(Unit c)
{
    const unsigned lower = code(c) | 0x20;
    return (lower >= 'a' && lower <= 'z') || c == Unit('_') || code(c) >= 0x80;
}

template<typename Unit>
constexpr bool isWordPart(Unit c)
{
    return isWordStart(c) || isDigit(c) || c == Unit('$');
}

template<typename Unit>
constexpr bool isBlank(Unit c)
{
    return c == Unit(' ') || (code(c) >= 9 && code(c) <= 13) || c == Unit();
}

} // namespace

template<typename Unit>
bool isSqlWord(std::basic_string_view<Unit> text, std::string_view upper)
{
    return std::equal(text.begin(), text.end(), upper.begin(), upper.end(), [](Unit a, char b) {
        return code(a) == code(b) || (b >= 'A' && b <= 'Z' && code(a) == (code(b) | 0x20));
    });
}

template<typename Unit>
SqlScanner<Unit>::SqlScanner(Text sql, Backend backend, qsizetype start, int line)
    : m_sql(sql)
    , m_backend(backend)
    , m_isMySql(backend == Backend::MySql || backend == Backend::MariaDb)
    , m_isPostgreSql(backend == Backend::PostgreSql)
    , m_isSqlite(backend == Backend::Sqlite)
    , m_at(start)
    , m_line(line)
{}

template<typename Unit>
bool SqlScanner<Unit>::startsWith(const char *ascii, qsizetype where) const
{
    for (; *ascii; ++ascii, ++where)
        if (at(where) != Unit(*ascii))
            return false;
    return true;
}

template<typename Unit>
qsizetype SqlScanner<Unit>::find(const char *ascii, qsizetype from) const
{
    for (size_t i = size_t(from); (i = m_sql.find(Unit(*ascii), i)) != Text::npos; ++i)
        if (startsWith(ascii, qsizetype(i)))
            return qsizetype(i);
    return -1;
}

template<typename Unit>
qsizetype SqlScanner<Unit>::lineEnd(qsizetype from) const
{
    const size_t end = m_sql.find(Unit('\n'), size_t(from));
    return end == Text::npos ? size() : qsizetype(end);
}

template<typename Unit>
void SqlScanner<Unit>::moveTo(qsizetype end)
{
    m_line += int(std::count(m_sql.begin() + m_at, m_sql.begin() + end, Unit('\n')));
    m_at = end;
}

template<typename Unit>
std::basic_string_view<Unit> SqlScanner<Unit>::takeLine()
{
    Text line = m_sql.substr(size_t(m_at), size_t(lineEnd(m_at) - m_at));
    moveTo(lineEnd(m_at));
    while (!line.empty() && isBlank(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && isBlank(line.back()))
        line.remove_suffix(1);
    return line;
}

/// The length of a byte order mark at \a i, or 0.
template<typename Unit>
qsizetype SqlScanner<Unit>::markAt(qsizetype i) const
{
    if constexpr (sizeof(Unit) == 1)
        return startsWith("\xef\xbb\xbf", i) ? 3 : 0;
    else
        return at(i) == Unit(0xfeff) ? 1 : 0;
}

template<typename Unit>
bool SqlScanner<Unit>::beginsLine() const
{
    qsizetype i = m_at;
    while (i > 0 && isBlank(m_sql[size_t(i - 1)])) {
        if (m_sql[size_t(--i)] == Unit('\n'))
            return true;
    }
    return i == 0 || (i <= 3 && markAt(0) == i);
}

/// PostgreSQL's comments hold comments. The end of the one that begins here, -1 when it has none.
template<typename Unit>
qsizetype SqlScanner<Unit>::nestedCommentEnd() const
{
    int depth = 0;
    for (qsizetype i = m_at; i < size(); ++i) {
        if (startsWith("/*", i)) {
            ++depth;
            ++i;
        } else if (startsWith("*/", i)) {
            ++i;
            if (--depth == 0)
                return i + 1;
        }
    }
    return -1;
}

/// MySQL runs what stands in /*! ... */ (MariaDB in /*M! ... */ too): its marks are blanks to us.
template<typename Unit>
bool SqlScanner<Unit>::skipExecutedComment()
{
    if (m_comment >= 0 && startsWith("*/", m_at)) {
        m_comment = -1;
        m_commentEnd = m_at += 2;
        return true;
    }
    const bool isMariaDbs = m_backend == Backend::MariaDb && startsWith("/*M!", m_at);
    if (m_comment >= 0 || !(isMariaDbs || startsWith("/*!", m_at)))
        return false;
    m_comment = m_at;
    m_at += isMariaDbs ? 4 : 3;
    for (int digits = 0; digits < 6 && isDigit(at(m_at)); ++digits)
        ++m_at;
    return true;
}

template<typename Unit>
bool SqlScanner<Unit>::skipComment()
{
    if (m_isMySql && skipExecutedComment())
        return true;
    if (startsWith("--", m_at)) {
        if (m_endsText && beginsLine()
            && m_endsText(m_sql.substr(size_t(m_at), size_t(lineEnd(m_at) - m_at)))) {
            m_sql = m_sql.substr(0, size_t(m_at));
            return false;
        }
        const Unit after = at(m_at + 2); // to MySQL 1--1 is a sum
        if (m_isMySql && m_at + 2 < size() && !isBlank(after))
            return false;
        moveTo(lineEnd(m_at));
    } else if (m_isMySql && at(m_at) == Unit('#')) {
        moveTo(lineEnd(m_at));
    } else if (startsWith("/*", m_at)) {
        const qsizetype mark = m_isPostgreSql ? -1 : find("*/", m_at + 2);
        const qsizetype end = m_isPostgreSql ? nestedCommentEnd() : mark < 0 ? -1 : mark + 2;
        m_isOpen = end < 0;
        moveTo(end < 0 ? size() : end);
    } else {
        return false;
    }
    return true;
}

template<typename Unit>
void SqlScanner<Unit>::skipBlanks()
{
    while (m_at < size()) {
        const Unit c = m_sql[size_t(m_at)];
        if (isBlank(c)) {
            m_line += c == Unit('\n') ? 1 : 0;
            ++m_at;
        } else if (const qsizetype mark = code(c) >= 0x80 ? markAt(m_at) : 0) {
            m_at += mark;
        } else if (hasOwnDelimiter() && atDelimiter(m_at)) {
            return;
        } else if (!skipComment()) {
            return;
        }
    }
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::span(Kind kind, qsizetype end, bool isComplete) const
{
    return {.kind = kind,
            .start = m_at,
            .end = end,
            .line = m_line,
            .isComplete = isComplete,
            .comment = m_comment};
}

template<typename Unit>
qsizetype SqlScanner<Unit>::pastWord(qsizetype i) const
{
    while (i < size() && isWordPart(m_sql[size_t(i)]) && !(hasOwnDelimiter() && atDelimiter(i)))
        ++i;
    return i;
}

/// From the opening mark at \a start to \a close; a doubled \a close stands for itself.
template<typename Unit>
SqlSpan SqlScanner<Unit>::quoted(Kind kind, qsizetype start, Unit close, bool hasEscapes) const
{
    for (qsizetype i = start + 1; i < size(); ++i) {
        const Unit c = m_sql[size_t(i)];
        if (hasEscapes && c == Unit('\\'))
            ++i;
        else if (c == close && close != Unit(']') && at(i + 1) == close)
            ++i;
        else if (c == close)
            return span(kind, i + 1);
    }
    return span(kind, size(), false);
}

/// The end of the $tag$ that starts here, or -1.
template<typename Unit>
qsizetype SqlScanner<Unit>::dollarTagEnd() const
{
    qsizetype i = m_at + 1;
    while (i < size() && isWordPart(m_sql[size_t(i)]) && m_sql[size_t(i)] != Unit('$'))
        ++i;
    return at(i) == Unit('$') && !isDigit(at(m_at + 1)) ? i + 1 : -1;
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::dollarQuoted(qsizetype tagEnd) const
{
    const Text tag = m_sql.substr(size_t(m_at), size_t(tagEnd - m_at));
    const size_t end = m_sql.find(tag, size_t(tagEnd));
    if (end == Text::npos)
        return span(Kind::String, size(), false);
    return span(Kind::String, qsizetype(end + tag.size()));
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::number() const
{
    const bool isHex = startsWith("0x", m_at) || startsWith("0X", m_at);
    qsizetype i = m_at;
    while (i < size() && (isWordPart(m_sql[size_t(i)]) || m_sql[size_t(i)] == Unit('.'))
           && !(hasOwnDelimiter() && atDelimiter(i))) {
        const bool isExponent = (code(m_sql[size_t(i)]) | 0x20) == 'e' && !isHex;
        ++i;
        if (isExponent && (at(i) == Unit('+') || at(i) == Unit('-')) && isDigit(at(i + 1)))
            ++i;
    }
    return span(Kind::Number, i);
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::symbol() const
{
    static const char *const pairs[] = {"->>", "||", "<=", ">=", "<>", "!=", "==", "::",
                                        "->",  "<<", ">>", ":=", "&&", "@>", "<@", "!~"};
    const bool mayPair = std::string_view("->|=:<&@~").find(char(code(at(m_at + 1)) & 0x7f)) != std::string_view::npos;
    for (const char *pair : pairs)
        if (mayPair && startsWith(pair, m_at))
            return span(Kind::Symbol, m_at + qsizetype(std::char_traits<char>::length(pair)));
    return span(Kind::Symbol, m_at + 1);
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::read()
{
    const Unit c = at(m_at);
    const Unit after = at(m_at + 1);
    if (c == Unit('\''))
        return quoted(Kind::String, m_at, c, m_isMySql);
    if (after == Unit('\'') && m_isPostgreSql && (c == Unit('E') || c == Unit('e')))
        return quoted(Kind::String, m_at + 1, after, true);
    if (c == Unit('"'))
        return quoted(m_isMySql ? Kind::String : Kind::Quoted, m_at, c, m_isMySql);
    if (c == Unit('`') && !m_isPostgreSql)
        return quoted(Kind::Quoted, m_at, c, false);
    if (c == Unit('[') && m_isSqlite)
        return quoted(Kind::Quoted, m_at, Unit(']'), false);
    if (c == Unit('$') && m_isPostgreSql) {
        if (const qsizetype tagEnd = dollarTagEnd(); tagEnd > 0)
            return dollarQuoted(tagEnd);
    }
    if (isDigit(c) || (c == Unit('.') && isDigit(after)))
        return number();
    if (isWordStart(c))
        return span(Kind::Word, pastWord(m_at));
    const bool isMark = c == Unit('?') && !m_isPostgreSql;
    const bool mayName = isMark || c == Unit(':') || c == Unit('@') || c == Unit('$');
    if (mayName && isWordPart(after))
        return span(Kind::Parameter, pastWord(m_at + 1));
    return isMark ? span(Kind::Parameter, m_at + 1) : symbol();
}

template<typename Unit>
SqlSpan SqlScanner<Unit>::next()
{
    skipBlanks();
    if (m_at >= size())
        return span(Kind::End, m_at, m_comment < 0 && !m_isOpen);
    SqlSpan token;
    if (hasOwnDelimiter() && atDelimiter(m_at)) {
        token = span(Kind::Symbol, m_at + qsizetype(m_delimiter.size()));
        token.isDelimiter = true;
    } else {
        token = read();
        token.isDelimiter = token.kind == Kind::Symbol && at(m_at) == semicolon
                            && !hasOwnDelimiter() && m_comment < 0;
    }
    moveTo(token.end);
    return token;
}

template class SqlScanner<char>;
template class SqlScanner<char16_t>;
template bool isSqlWord(std::string_view text, std::string_view upper);
template bool isSqlWord(std::u16string_view text, std::string_view upper);

} // namespace tribikos
