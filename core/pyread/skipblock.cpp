// A function's body passed by without its tokens, for those who only want to know where it ends.
#include "core/pyread/chartraits.h"
#include "core/pyread/tokenizer.h"

namespace tribikos::py {

namespace {

/// Characters that mean nothing to the tokens around them, and are well-formed in any order as far as tokens go.
constexpr auto isPassedOver = [] {
    std::array<bool, 128> all{};
    for (size_t c = 0; c < all.size(); ++c) {
        const CharUse use = charTraits[c].use;
        all[c] = use == CharUse::Letter || use == CharUse::Prefix || use == CharUse::Single;
    }
    for (const char c :
         {' ', '\t', '\f', '=', '.', ':', '+', '-', '*', '/', '%', '<', '>', '&', '|', '^', '@'})
        all[size_t(c)] = true;
    return all;
}();

} // namespace

bool Tokenizer::skipBlock()
{
    Q_ASSERT(m_brackets.empty() && m_pendingDedents == 0 && !m_fresh);
    const qsizetype pos = m_pos;
    const qsizetype lineStart = m_lineStart;
    const int line = m_line;
    const size_t blocks = m_indents.size();
    bool isFine = true;
    while (isFine && m_pos < m_text.size()) {
        if (m_text.utf16()[m_pos] != u'\n') {
            isFine = skipPiece(pos);
            continue;
        }
        newLine(++m_pos);
        if (!m_brackets.empty())
            continue;
        m_ended = !atLineStart();
        if (m_ended || m_indents.size() < blocks)
            break;
        m_pendingDedents = 0;
    }
    isFine = isFine && m_brackets.empty();
    if (isFine) {
        m_pendingDedents = int(blocks) - int(std::min(blocks, m_indents.size()));
    } else {
        m_pos = pos;
        m_lineStart = lineStart;
        m_line = line;
        m_brackets.clear();
    }
    m_indents.resize(std::min(blocks, m_indents.size())); // the inner blocks' ends aren't told
    return isFine;
}

/// What stands next inside a line, up to something that matters; false for whatever may be an error. \a begin: of the
/// block.
bool Tokenizer::skipPiece(qsizetype begin)
{
    const char16_t *at = m_text.utf16() + m_pos;
    const char16_t *end = m_text.utf16() + m_text.size();
    while (at < end && *at < isPassedOver.size() && isPassedOver[*at])
        ++at;
    m_pos = at - m_text.utf16();
    if (at == end || *at == u'\n')
        return true;
    const CharTraits traits = traitsOf(*at);
    switch (traits.use) {
    case CharUse::Digit: return skipDigits(begin);
    case CharUse::Quote: return skipQuoted(begin);
    case CharUse::Opening:
        if (m_brackets.size() >= size_t(maxNesting))
            return false;
        m_brackets.push_back(*at);
        ++m_pos;
        return true;
    case CharUse::Closing:
        if (m_brackets.empty() || m_brackets.back() != partnerOf(traits.kind))
            return false;
        m_brackets.pop_back();
        ++m_pos;
        return true;
    default: return skipSign(*at);
    }
}

/// A string, the letters of whose prefix have been passed.
bool Tokenizer::skipQuoted(qsizetype begin)
{
    qsizetype first = m_pos;
    while (first > begin && isIdentifierPart(m_text[first - 1].unicode()))
        --first;
    StringPrefix prefix;
    if (first < m_pos) {
        prefix = stringPrefix(m_text.sliced(first, qMin(3, m_text.size() - first)));
        if (prefix.length != m_pos - first)
            return false; // `x"…"`: next() says what that is
    }
    skipString(prefix, 0);
    return true;
}

/// Digits inside a name, or a decimal number as most are; other numbers are for number().
bool Tokenizer::skipDigits(qsizetype begin)
{
    const QChar before = m_pos > begin ? m_text[m_pos - 1] : QChar(u' ');
    const bool inName = isIdentifierPart(before.unicode());
    const bool isOctal = m_text[m_pos] == u'0' && isDigit(at(m_pos + 1)) && before != u'.';
    while (isDigit(at(m_pos)))
        ++m_pos;
    const char16_t next = at(m_pos).unicode();
    return inName || (!isOctal && next < charTraits.size() && !isNamePart(next));
}

bool Tokenizer::skipSign(char16_t c)
{
    if (c == u'#') {
        skipComment();
    } else if (c == u'\\' && at(m_pos + 1) == u'\n') {
        m_pos += 2;
        newLine(m_pos);
    } else if (c == u'!' && at(m_pos + 1) == u'=') {
        m_pos += 2;
    } else {
        return false;
    }
    return true;
}

} // namespace tribikos::py
