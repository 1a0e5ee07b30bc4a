#include "core/pyread/tokenizer.h"
#include "core/pyread/chartraits.h"

#include <array>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

struct Keyword
{
    QStringView word;
    Tok kind;
};

constexpr std::array keywords{
    Keyword{u"False", Tok::KwFalse},
    Keyword{u"None", Tok::KwNone},
    Keyword{u"True", Tok::KwTrue},
    Keyword{u"and", Tok::KwAnd},
    Keyword{u"as", Tok::KwAs},
    Keyword{u"assert", Tok::KwAssert},
    Keyword{u"async", Tok::KwAsync},
    Keyword{u"await", Tok::KwAwait},
    Keyword{u"break", Tok::KwBreak},
    Keyword{u"class", Tok::KwClass},
    Keyword{u"continue", Tok::KwContinue},
    Keyword{u"def", Tok::KwDef},
    Keyword{u"del", Tok::KwDel},
    Keyword{u"elif", Tok::KwElif},
    Keyword{u"else", Tok::KwElse},
    Keyword{u"except", Tok::KwExcept},
    Keyword{u"finally", Tok::KwFinally},
    Keyword{u"for", Tok::KwFor},
    Keyword{u"from", Tok::KwFrom},
    Keyword{u"global", Tok::KwGlobal},
    Keyword{u"if", Tok::KwIf},
    Keyword{u"import", Tok::KwImport},
    Keyword{u"in", Tok::KwIn},
    Keyword{u"is", Tok::KwIs},
    Keyword{u"lambda", Tok::KwLambda},
    Keyword{u"nonlocal", Tok::KwNonlocal},
    Keyword{u"not", Tok::KwNot},
    Keyword{u"or", Tok::KwOr},
    Keyword{u"pass", Tok::KwPass},
    Keyword{u"raise", Tok::KwRaise},
    Keyword{u"return", Tok::KwReturn},
    Keyword{u"try", Tok::KwTry},
    Keyword{u"while", Tok::KwWhile},
    Keyword{u"with", Tok::KwWith},
    Keyword{u"yield", Tok::KwYield},
};

/// The keywords that begin with a character: where they begin, and a bit for each length that they have.
struct KeywordsAt
{
    quint16 lengths = 0;
    quint8 first = 0;
};
constexpr auto keywordsAt = [] {
    std::array<KeywordsAt, 128> all{};
    for (size_t i = keywords.size(); i-- > 0;) {
        KeywordsAt &at = all[keywords[i].word.utf16()[0]];
        at.first = quint8(i);
        at.lengths |= quint16(1u << keywords[i].word.size());
    }
    return all;
}();

struct Operator
{
    QStringView text;
    Tok kind;
};

// Longest first, so that the first match is the right one.
constexpr std::array operators{
    Operator{u"**=", Tok::DoubleStarAssign},
    Operator{u"//=", Tok::DoubleSlashAssign},
    Operator{u"<<=", Tok::LeftShiftAssign},
    Operator{u">>=", Tok::RightShiftAssign},
    Operator{u"...", Tok::Ellipsis},
    Operator{u"**", Tok::DoubleStar},
    Operator{u"//", Tok::DoubleSlash},
    Operator{u"<<", Tok::LeftShift},
    Operator{u">>", Tok::RightShift},
    Operator{u"<=", Tok::LessEqual},
    Operator{u">=", Tok::GreaterEqual},
    Operator{u"==", Tok::Equal},
    Operator{u"!=", Tok::NotEqual},
    Operator{u"->", Tok::Arrow},
    Operator{u":=", Tok::Walrus},
    Operator{u"+=", Tok::PlusAssign},
    Operator{u"-=", Tok::MinusAssign},
    Operator{u"*=", Tok::StarAssign},
    Operator{u"/=", Tok::SlashAssign},
    Operator{u"%=", Tok::PercentAssign},
    Operator{u"&=", Tok::AmpersandAssign},
    Operator{u"|=", Tok::BarAssign},
    Operator{u"^=", Tok::CaretAssign},
    Operator{u"@=", Tok::AtAssign},
    Operator{u"+", Tok::Plus},
    Operator{u"-", Tok::Minus},
    Operator{u"*", Tok::Star},
    Operator{u"/", Tok::Slash},
    Operator{u"%", Tok::Percent},
    Operator{u"&", Tok::Ampersand},
    Operator{u"|", Tok::Bar},
    Operator{u"^", Tok::Caret},
    Operator{u"<", Tok::Less},
    Operator{u">", Tok::Greater},
    Operator{u"@", Tok::At},
    Operator{u"!", Tok::Exclamation},
};

bool isIdentifierStart(char32_t c)
{
    if (c < 128)
        return charTraits[c].use == CharUse::Letter || charTraits[c].use == CharUse::Prefix;
    return QChar::isLetter(c) || QChar::category(c) == QChar::Number_Letter;
}

char32_t codePointAt(QStringView text, qsizetype offset)
{
    if (offset >= text.size())
        return 0;
    const QChar c = text[offset];
    if (c.isHighSurrogate() && offset + 1 < text.size() && text[offset + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(c, text[offset + 1]);
    return c.unicode();
}

} // namespace

bool isIdentifierPart(char32_t c)
{
    if (c < 128)
        return isNamePart(char16_t(c));
    if (isIdentifierStart(c))
        return true;
    const auto category = QChar::category(c);
    return category == QChar::Number_DecimalDigit || category == QChar::Mark_NonSpacing
           || category == QChar::Mark_SpacingCombining || category == QChar::Punctuation_Connector
           || c == 0xb7;
}

Tok keywordOf(QStringView word)
{
    if (word.isEmpty() || word.size() > 8 || word[0].unicode() >= keywordsAt.size())
        return Tok::Name;
    const KeywordsAt &at = keywordsAt[word[0].unicode()];
    if ((at.lengths >> word.size() & 1) == 0) // nearly always
        return Tok::Name;
    for (size_t i = at.first; i < keywords.size() && keywords[i].word[0] == word[0]; ++i) {
        if (keywords[i].word[1] == word[1] && keywords[i].word == word)
            return keywords[i].kind;
    }
    return Tok::Name;
}

Tokenizer::Tokenizer(QStringView text)
    : m_text(text)
{}

Tokenizer::Tokenizer(QStringView text, const Token &begin)
    : m_text(text)
    , m_pos(begin.begin)
    , m_lineStart(begin.begin - begin.column + 1)
    , m_line(begin.line)
    , m_fresh(false)
    , m_inline(true)
{}

void Tokenizer::failAt(const QString &message, int line, int column) const
{
    throw SyntaxFailure{message, line, column};
}

void Tokenizer::fail(const QString &message) const
{
    failAt(message, m_line, int(m_pos - m_lineStart) + 1);
}

/// Reads the blanks and empty lines before a logical line; false at the end of the text.
bool Tokenizer::atLineStart()
{
    for (;;) {
        Indent indent;
        for (;; ++m_pos) {
            const QChar c = at(m_pos);
            if (c == u' ') {
                ++indent.columns;
                ++indent.alternate;
            } else if (c == u'\t') {
                indent.columns = (indent.columns / 8 + 1) * 8;
                ++indent.alternate;
            } else if (c == u'\f') {
                indent = {};
            } else {
                break;
            }
        }
        if (at(m_pos) == u'#')
            skipComment();
        if (m_pos >= m_text.size())
            return false;
        if (m_text[m_pos] == u'\n') {
            newLine(++m_pos);
            continue;
        }
        if (m_text[m_pos] == u'\\' && at(m_pos + 1) == u'\n') { // joined with the next line
            m_pos += 2;
            newLine(m_pos);
            continue;
        }
        Indent &current = m_indents.back();
        if (indent.columns == current.columns) {
            if (indent.alternate != current.alternate)
                fail(u"inconsistent use of tabs and spaces in indentation"_s);
            return true;
        }
        if (indent.columns > current.columns) {
            if (indent.alternate <= current.alternate)
                fail(u"inconsistent use of tabs and spaces in indentation"_s);
            if (m_indents.size() > 100)
                fail(u"too many levels of indentation"_s);
            m_indents.push_back(indent);
            m_pendingDedents = -1;
            return true;
        }
        while (m_indents.back().columns > indent.columns) {
            m_indents.pop_back();
            ++m_pendingDedents;
        }
        if (m_indents.back().columns != indent.columns)
            fail(u"unindent does not match any outer indentation level"_s);
        if (m_indents.back().alternate != indent.alternate)
            fail(u"inconsistent use of tabs and spaces in indentation"_s);
        return true;
    }
}

void Tokenizer::skipComment()
{
    while (m_pos < m_text.size() && m_text[m_pos] != u'\n')
        ++m_pos;
}

void Tokenizer::skipMoreBlanks()
{
    while (m_pos < m_text.size()) {
        switch (m_text[m_pos].unicode()) {
        case u' ':
        case u'\t':
        case u'\f': ++m_pos; break;
        case u'\n':
            if (!m_inline && m_brackets.empty())
                return;
            newLine(++m_pos);
            break;
        case u'#': skipComment(); break;
        case u'\\':
            if (at(m_pos + 1) != u'\n')
                fail(u"unexpected character after line continuation character"_s);
            m_pos += 2;
            newLine(m_pos);
            break;
        default: return;
        }
    }
}

/// An indentation's begin or end, as many as atLineStart() has counted.
Token Tokenizer::blockToken()
{
    m_startLine = m_line;
    m_startColumn = int(m_pos - m_lineStart) + 1;
    const Tok kind = m_pendingDedents < 0 ? Tok::Indent : Tok::Dedent;
    m_pendingDedents = qMax(0, m_pendingDedents - 1);
    return token(kind, m_pos);
}

Token Tokenizer::next()
{
    if (m_fresh) {
        m_fresh = false;
        if (!atLineStart())
            m_ended = true;
    }
    if (m_pendingDedents != 0) [[unlikely]]
        return blockToken();
    if (!m_ended)
        skipBlanks();
    m_startLine = m_line;
    m_startColumn = int(m_pos - m_lineStart) + 1;
    if (m_ended || m_pos >= m_text.size()) [[unlikely]]
        return endToken();
    const char16_t c = m_text.utf16()[m_pos];
    const CharTraits traits = traitsOf(c);
    switch (traits.use) {
    case CharUse::Letter: return name();
    case CharUse::Prefix: return stringOrName();
    case CharUse::Digit: return number();
    case CharUse::Quote: return stringToken(m_pos, {});
    case CharUse::Opening: return opened(traits.kind);
    case CharUse::Closing: return closed(traits.kind, partnerOf(traits.kind));
    case CharUse::Single: return single(traits.kind);
    case CharUse::Other: break;
    }
    if (c == u'\n') {
        const Token result = token(Tok::Newline, m_pos);
        newLine(++m_pos);
        m_fresh = true;
        return result;
    }
    if (c == u'.' && isDigit(at(m_pos + 1)))
        return number();
    if (c >= charTraits.size() && isIdentifierStart(codePointAt(m_text, m_pos)))
        return name();
    return operatorToken();
}

size_t Tokenizer::read(std::vector<Token> &into, size_t most)
{
    for (size_t count = 0; count < most; ++count) {
        into.push_back(next());
        if (into.back().kind == Tok::End) [[unlikely]]
            return count + 1;
    }
    return most;
}

/// What comes behind the last character: the end of a line that has none of its own, and of every block.
Token Tokenizer::endToken()
{
    if (!m_ended) {
        m_ended = true;
        if (!m_brackets.empty())
            fail(u"'%1' was never closed"_s.arg(m_brackets.back()));
        if (!m_inline)
            return token(Tok::Newline, m_pos);
    }
    if (m_indents.size() > 1) {
        m_indents.pop_back();
        return token(Tok::Dedent, m_pos);
    }
    return token(Tok::End, m_pos);
}

/// At a letter that may be a string's prefix.
Token Tokenizer::stringOrName()
{
    if (isQuote(at(m_pos + 1)) || (isQuote(at(m_pos + 2)) && mayBePrefix(at(m_pos + 1)))) {
        const StringPrefix prefix =
            stringPrefix(m_text.sliced(m_pos, qMin(3, m_text.size() - m_pos)));
        if (prefix.length > 0)
            return stringToken(m_pos, prefix);
    }
    return name();
}

Token Tokenizer::name()
{
    const qsizetype begin = m_pos;
    const char16_t *at = m_text.utf16() + begin;
    const char16_t *end = m_text.utf16() + m_text.size();
    while (at < end && *at < charTraits.size() && isNamePart(*at))
        ++at;
    m_pos = at - m_text.utf16();
    const bool isAscii = at == end || *at < charTraits.size();
    if (!isAscii) { // Python's names may be in any script
        for (char32_t c = codePointAt(m_text, m_pos); isIdentifierPart(c);
             c = codePointAt(m_text, m_pos))
            m_pos += c > 0xffff ? 2 : 1;
    }
    Token result = token(keywordOf(m_text.sliced(begin, m_pos - begin)), begin);
    result.isPlain = isAscii;
    return result;
}

Token Tokenizer::number()
{
    const qsizetype begin = m_pos;
    const auto digits = [this](auto &&accepted) {
        bool any = false;
        while (accepted(at(m_pos)) || (at(m_pos) == u'_' && accepted(at(m_pos + 1)))) {
            ++m_pos;
            any = true;
        }
        return any;
    };
    const char16_t base = at(m_pos + 1).toLower().unicode();
    if (m_text[m_pos] == u'0' && (base == u'x' || base == u'o' || base == u'b')) {
        m_pos += 2;
        const auto accepted = [base](QChar c) {
            const char16_t u = c.toLower().unicode();
            return base == u'x' ? isDigit(c) || (u >= u'a' && u <= u'f')
                                : u >= u'0' && u < (base == u'o' ? u'8' : u'2');
        };
        if (!digits(accepted))
            fail(u"invalid number"_s);
    } else {
        const bool leadingZero = m_text[m_pos] == u'0';
        digits(isDigit);
        const qsizetype wholeEnd = m_pos;
        bool isFloat = false;
        if (at(m_pos) == u'.') {
            isFloat = true;
            ++m_pos;
            if (isDigit(at(m_pos)))
                digits(isDigit);
        }
        if (at(m_pos).toLower() == u'e') {
            const bool sign = at(m_pos + 1) == u'+' || at(m_pos + 1) == u'-';
            if (isDigit(at(m_pos + (sign ? 2 : 1)))) {
                isFloat = true;
                m_pos += sign ? 2 : 1;
                digits(isDigit);
            }
        }
        if (at(m_pos).toLower() == u'j') {
            isFloat = true;
            ++m_pos;
        }
        if (leadingZero && !isFloat) {
            for (qsizetype i = begin; i < wholeEnd; ++i) {
                if (m_text[i] != u'0' && m_text[i] != u'_')
                    fail(u"leading zeros in decimal integer literals are not permitted"_s);
            }
        }
    }
    // "1if x else y" is legal, "1abc" isn't
    if (isIdentifierStart(codePointAt(m_text, m_pos))) {
        qsizetype end = m_pos;
        while (isIdentifierPart(codePointAt(m_text, end)))
            ++end;
        const Tok word = keywordOf(m_text.sliced(m_pos, end - m_pos));
        if (word != Tok::KwAnd && word != Tok::KwElse && word != Tok::KwFor && word != Tok::KwIf
            && word != Tok::KwIn && word != Tok::KwIs && word != Tok::KwOr && word != Tok::KwNot)
            fail(u"invalid decimal literal"_s);
    }
    return token(Tok::Number, begin);
}

Token Tokenizer::opened(Tok kind)
{
    if (m_brackets.size() >= size_t(maxNesting))
        fail(u"too many nested parentheses"_s);
    m_brackets.push_back(m_text[m_pos]);
    return single(kind);
}

Token Tokenizer::closed(Tok kind, QChar partner)
{
    if (!m_brackets.empty()) {
        if (m_brackets.back() != partner)
            fail(u"closing parenthesis '%1' does not match opening parenthesis '%2'"_s.arg(
                m_text[m_pos], m_brackets.back()));
        m_brackets.pop_back();
    } else if (!m_inline) { // there it is the '}' that ends a replacement field
        fail(u"unmatched '%1'"_s.arg(m_text[m_pos]));
    }
    return single(kind);
}

Token Tokenizer::operatorToken()
{
    const qsizetype begin = m_pos;
    const QChar c = m_text[m_pos];
    switch (c.unicode()) { // the frequent ones
    case u':':
        if (at(m_pos + 1) != u'=')
            return single(Tok::Colon);
        break;
    case u'.':
        if (at(m_pos + 1) != u'.' || at(m_pos + 2) != u'.')
            return single(Tok::Dot);
        break;
    case u'=':
        if (at(m_pos + 1) != u'=')
            return single(Tok::Assign);
        break;
    default: break;
    }
    const QStringView rest = m_text.sliced(m_pos, qMin(3, m_text.size() - m_pos));
    for (const Operator &candidate : operators) {
        if (rest.startsWith(candidate.text)) {
            if (candidate.kind == Tok::Exclamation && !m_inline)
                break;
            m_pos += candidate.text.size();
            return token(candidate.kind, begin);
        }
    }
    fail(u"invalid character '%1' (U+%2)"_s.arg(
        QString(c), QString::number(c.unicode(), 16).toUpper().rightJustified(4, u'0')));
}

} // namespace tribikos::py
