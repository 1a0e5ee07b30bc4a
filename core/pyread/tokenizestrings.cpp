// Where string literals end, those with replacement fields among them.
#include "core/pyread/tokenizer.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

StringPrefix stringPrefix(QStringView text)
{
    StringPrefix prefix;
    bool unicode = false;
    for (; prefix.length < 3 && prefix.length < text.size(); ++prefix.length) {
        const char16_t c = text[prefix.length].toLower().unicode();
        if (c == u'\'' || c == u'"') {
            const bool clash = (prefix.bytes && prefix.format) || (unicode && prefix.length > 1);
            return clash ? StringPrefix{.length = -1} : prefix;
        }
        bool *flag = c == u'r'   ? &prefix.raw
                     : c == u'b' ? &prefix.bytes
                     : c == u'f' ? &prefix.format
                     : c == u'u' ? &unicode
                                 : nullptr;
        if (!flag || *flag)
            break;
        *flag = true;
    }
    prefix.length = -1;
    return prefix;
}

Token Tokenizer::stringToken(qsizetype begin, const StringPrefix &prefix)
{
    m_pos = begin + prefix.length;
    m_sawEscape = false;
    skipString(prefix, 0);
    Token result = token(Tok::String, begin);
    result.isPlain = !m_sawEscape;
    return result;
}

/// Passes the characters of a string that mean nothing special.
void Tokenizer::skipPlain(char16_t quote)
{
    const char16_t *at = m_text.utf16() + m_pos;
    const char16_t *end = m_text.utf16() + m_text.size();
    while (at < end && *at != quote && *at != u'\\' && *at != u'\n' && *at != u'{')
        ++at;
    m_pos = at - m_text.utf16();
}

/// From the opening quote to behind the closing one.
void Tokenizer::skipString(const StringPrefix &prefix, int depth)
{
    const int line = m_line;
    const int column = int(m_pos - m_lineStart) + 1;
    const QChar quote = m_text[m_pos];
    const bool triple = at(m_pos + 1) == quote && at(m_pos + 2) == quote;
    m_pos += triple ? 3 : 1;
    for (skipPlain(quote.unicode()); m_pos < m_text.size(); skipPlain(quote.unicode())) {
        const QChar c = m_text[m_pos];
        if (c == quote && (!triple || (at(m_pos + 1) == quote && at(m_pos + 2) == quote))) {
            m_pos += triple ? 3 : 1;
            return;
        }
        if (c == u'\n') {
            if (!triple)
                break;
            newLine(++m_pos);
        } else if (c == u'\\') {
            m_sawEscape = true;
            // \N{NAME} in a format string isn't a field
            if (prefix.format && !prefix.raw && at(m_pos + 1) == u'N' && at(m_pos + 2) == u'{') {
                while (m_pos < m_text.size() && m_text[m_pos] != u'}' && m_text[m_pos] != u'\n')
                    ++m_pos;
                continue;
            }
            ++m_pos;
            if (at(m_pos) == u'\n')
                newLine(m_pos + 1);
            if (!(prefix.format && (at(m_pos) == u'{' || at(m_pos) == u'}')))
                ++m_pos;
        } else if (prefix.format && c == u'{') {
            ++m_pos;
            if (at(m_pos) == u'{')
                ++m_pos;
            else
                skipField(depth + 1);
        } else {
            ++m_pos;
        }
    }
    failAt(triple ? u"unterminated triple-quoted string literal"_s
                  : u"unterminated string literal"_s,
           line, column);
}

bool Tokenizer::trySkipNestedString(int depth)
{
    const QChar c = m_text[m_pos];
    StringPrefix prefix;
    if (c != u'\'' && c != u'"') {
        const bool inWord = m_pos > 0 && isIdentifierPart(m_text[m_pos - 1].unicode());
        if (inWord)
            return false;
        prefix = stringPrefix(m_text.sliced(m_pos, qMin(3, m_text.size() - m_pos)));
        if (prefix.length <= 0)
            return false;
    }
    m_pos += prefix.length;
    skipString(prefix, depth);
    return true;
}

/// From behind the '{' of a replacement field to behind its '}'.
void Tokenizer::skipField(int depth)
{
    if (depth > maxNesting / 4)
        fail(u"f-string: expressions nested too deeply"_s);
    int brackets = 0;
    while (m_pos < m_text.size()) {
        const QChar c = m_text[m_pos];
        if (trySkipNestedString(depth))
            continue;
        ++m_pos;
        if (c == u'(' || c == u'[' || c == u'{') {
            ++brackets;
        } else if (c == u')' || c == u']' || (c == u'}' && brackets > 0)) {
            --brackets;
        } else if (c == u'}') {
            return;
        } else if (c == u'\n') {
            newLine(m_pos);
        } else if (c == u'#') {
            skipComment();
        } else if (c == u':' && brackets == 0) {
            skipFormatSpec(depth);
            return;
        }
    }
    fail(u"f-string: expecting '}'"_s);
}

void Tokenizer::skipFormatSpec(int depth)
{
    while (m_pos < m_text.size()) {
        const QChar c = m_text[m_pos++];
        if (c == u'}')
            return;
        if (c == u'{')
            skipField(depth + 1);
        else if (c == u'\n')
            newLine(m_pos);
    }
    fail(u"f-string: expecting '}'"_s);
}

} // namespace tribikos::py
