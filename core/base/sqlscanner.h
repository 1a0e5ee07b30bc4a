#pragma once

#include "core/base/sqltokenizer.h"

#include <functional>
#include <string_view>

namespace tribikos {

/// Where one token of SQL text stands: a SqlToken without its text.
struct SqlSpan
{
    SqlToken::Kind kind = SqlToken::Kind::End;
    qsizetype start = 0; // offsets into the source, quotes included
    qsizetype end = 0;
    int line = 1;
    bool isComplete = true;   // false: the source ends inside of it
    bool isDelimiter = false; // what ends a statement: ";", or what DELIMITER has put in its place
    qsizetype comment = -1;   // MySQL: where the executed comment around it begins, /*!40101 ... */
};

/*!
    Cuts SQL into tokens one at a time, keeping none: memory does not grow with the text. Unit is
    char16_t (the text of a QString) or char (UTF-8); the tokens are the same, for all that SQL's
    grammar knows is ASCII. Rules as for sqlTokens(). The text must outlive the scanner.
*/
template<typename Unit>
class SqlScanner
{
public:
    using Text = std::basic_string_view<Unit>;
    /// Asked about each comment that begins a line, with that line; true ends the text before it.
    using EndsText = std::function<bool(Text line)>;

    SqlScanner(Text sql, Backend backend, qsizetype start = 0, int line = 1);
    void setEnd(EndsText endsText) { m_endsText = std::move(endsText); }
    /// What ends a statement from here on; empty: the semicolon.
    void setDelimiter(Text delimiter) { m_delimiter = delimiter == Text(&semicolon, 1) ? Text() : delimiter; }
    bool hasOwnDelimiter() const { return !m_delimiter.empty(); }

    /// The next token; behind the last one Kind::End again and again.
    SqlSpan next();
    /// The rest of the line, without blanks around it; goes behind it.
    Text takeLine();
    Text text(const SqlSpan &span) const { return m_sql.substr(size_t(span.start), size_t(span.end - span.start)); }
    Text text() const { return m_sql; } // up to where it ends
    qsizetype position() const { return m_at; }
    int line() const { return m_line; }
    /// Behind the last executed comment that was closed, or 0.
    qsizetype commentEnd() const { return m_commentEnd; }

private:
    using Kind = SqlToken::Kind;
    static constexpr Unit semicolon = ';';

    qsizetype size() const { return qsizetype(m_sql.size()); }
    Unit at(qsizetype i) const { return i < size() ? m_sql[size_t(i)] : Unit(); }
    bool startsWith(const char *ascii, qsizetype where) const;
    bool atDelimiter(qsizetype where) const { return m_sql.substr(size_t(where)).starts_with(m_delimiter); }
    qsizetype find(const char *ascii, qsizetype from) const;
    qsizetype lineEnd(qsizetype from) const;
    void moveTo(qsizetype end);
    qsizetype markAt(qsizetype i) const;
    bool beginsLine() const;
    void skipBlanks();
    bool skipComment();
    bool skipExecutedComment();
    qsizetype nestedCommentEnd() const;
    SqlSpan read();
    SqlSpan span(Kind kind, qsizetype end, bool isComplete = true) const;
    SqlSpan quoted(Kind kind, qsizetype start, Unit close, bool hasEscapes) const;
    SqlSpan dollarQuoted(qsizetype tagEnd) const;
    SqlSpan number() const;
    SqlSpan symbol() const;
    qsizetype pastWord(qsizetype i) const;
    qsizetype dollarTagEnd() const;

    Text m_sql;
    Text m_delimiter{};
    EndsText m_endsText{};
    const Backend m_backend;
    const bool m_isMySql;
    const bool m_isPostgreSql;
    const bool m_isSqlite;
    qsizetype m_at;
    int m_line;
    qsizetype m_comment = -1;
    qsizetype m_commentEnd = 0;
    bool m_isOpen = false; // a plain comment that never ends
};

/// Whether \a text is the keyword \a upper (ASCII, upper case), compared without case.
template<typename Unit>
bool isSqlWord(std::basic_string_view<Unit> text, std::string_view upper);

extern template class SqlScanner<char>;
extern template class SqlScanner<char16_t>;

} // namespace tribikos
