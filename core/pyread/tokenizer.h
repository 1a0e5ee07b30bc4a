#pragma once

#include "core/pyread/token.h"

#include <vector>

namespace tribikos::py {

/// Cuts Python text into tokens, one at a time. The text has '\n' line ends only and outlives the
/// tokenizer. Throws SyntaxFailure.
class Tokenizer
{
public:
    explicit Tokenizer(QStringView text);
    /// Inside an f-string's braces: starts at \a begin, where newlines don't count.
    Tokenizer(QStringView text, const Token &begin);

    Token next();
    /// Appends tokens, \a most at most and none behind the End; how many. Those before a failure are kept.
    size_t read(std::vector<Token> &into, size_t most);
    /// Right behind an Indent: passes the rest of its block without making tokens, about ten times faster; what next()
    /// gives then ends the block. False, and nothing passed, where something in it may be no Python: next() tells.
    bool skipBlock();
    bool isInline() const { return m_inline; }

    static constexpr int maxNesting = 200; // brackets, indentation, f-strings

private:
    bool atLineStart();
    bool skipPiece(qsizetype begin);
    bool skipQuoted(qsizetype begin);
    bool skipDigits(qsizetype begin);
    bool skipSign(char16_t c);
    void skipComment();
    void skipBlanks()
    {
        if (at(m_pos) == u' ') // nearly always one at most, and something plain behind it
            ++m_pos;
        const char16_t c = at(m_pos).unicode();
        if (c <= u' ' || c == u'#' || c == u'\\')
            skipMoreBlanks();
    }
    void skipMoreBlanks();
    Token blockToken();
    Token endToken();
    Token stringOrName();
    Token name();
    Token number();
    Token stringToken(qsizetype begin, const StringPrefix &prefix);
    Token operatorToken();
    Token single(Tok kind)
    {
        ++m_pos;
        return token(kind, m_pos - 1);
    }
    Token opened(Tok kind);
    Token closed(Tok kind, QChar partner);
    Token token(Tok kind, qsizetype begin) const
    {
        return {.kind = kind,
                .isPlain = true,
                .begin = int(begin),
                .end = int(m_pos),
                .line = m_startLine,
                .column = m_startColumn,
                .endLine = m_line,
                .endColumn = int(m_pos - m_lineStart) + 1};
    }
    void skipPlain(char16_t quote);
    void skipString(const StringPrefix &prefix, int depth);
    void skipField(int depth);
    void skipFormatSpec(int depth);
    bool trySkipNestedString(int depth);
    void newLine(qsizetype lineStart)
    {
        ++m_line;
        m_lineStart = lineStart;
    }
    QChar at(qsizetype offset) const { return offset < m_text.size() ? m_text[offset] : QChar(); }
    [[noreturn]] void fail(const QString &message) const;
    [[noreturn]] void failAt(const QString &message, int line, int column) const;

    QStringView m_text;
    qsizetype m_pos = 0;
    qsizetype m_lineStart = 0;
    int m_line = 1;
    int m_startLine = 1;
    int m_startColumn = 1;
    bool m_fresh = true; // at the start of a logical line
    bool m_inline = false; // inside an f-string's braces
    bool m_ended = false;
    bool m_sawEscape = false; // in the string that is being read
    int m_pendingDedents = 0;
    struct Indent
    {
        int columns = 0; // with tabs to multiples of 8
        int alternate = 0; // with tabs counted as one: both must agree, as in Python
    };
    std::vector<Indent> m_indents{Indent{}};
    std::vector<QChar> m_brackets{};
};

/// Whether \a c may stand in a name, be it behind its beginning only.
bool isIdentifierPart(char32_t c);
/// The keyword that \a word is, or Tok::Name.
Tok keywordOf(QStringView word);

} // namespace tribikos::py
