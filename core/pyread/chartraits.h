#pragma once

#include "core/pyread/token.h"

#include <array>

/// What the tokenizer knows of single characters.
namespace tribikos::py {

/// What an ASCII character is at a token's beginning. A prefix is a letter that may as well say what kind of string
/// follows; a single is a token by itself whatever follows.
enum class CharUse : quint8 { Other, Digit, Letter, Prefix, Quote, Opening, Closing, Single };
struct CharTraits
{
    CharUse use = CharUse::Other;
    Tok kind = Tok::End; // of Opening, Closing and Single
};
inline constexpr auto charTraits = [] {
    std::array<CharTraits, 128> all{};
    for (char c = '0'; c <= '9'; ++c)
        all[size_t(c)].use = CharUse::Digit;
    for (char c = 'a'; c <= 'z'; ++c)
        all[size_t(c)].use = all[size_t(c - 'a' + 'A')].use = CharUse::Letter;
    all['_'].use = CharUse::Letter;
    for (const char c : {'b', 'f', 'r', 'u', 'B', 'F', 'R', 'U'})
        all[size_t(c)].use = CharUse::Prefix;
    all['"'].use = all['\''].use = CharUse::Quote;
    all['('] = {CharUse::Opening, Tok::LeftParen};
    all['['] = {CharUse::Opening, Tok::LeftBracket};
    all['{'] = {CharUse::Opening, Tok::LeftBrace};
    all[')'] = {CharUse::Closing, Tok::RightParen};
    all[']'] = {CharUse::Closing, Tok::RightBracket};
    all['}'] = {CharUse::Closing, Tok::RightBrace};
    all[','] = {CharUse::Single, Tok::Comma};
    all[';'] = {CharUse::Single, Tok::Semicolon};
    all['~'] = {CharUse::Single, Tok::Tilde};
    return all;
}();

/// For what is no ASCII it says nothing.
inline CharTraits traitsOf(char16_t c)
{
    return c < charTraits.size() ? charTraits[c] : CharTraits{};
}

inline bool isNamePart(char16_t ascii)
{
    const CharUse use = charTraits[ascii].use;
    return use >= CharUse::Digit && use <= CharUse::Prefix;
}

inline bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

inline bool mayBePrefix(QChar c)
{
    return traitsOf(c.unicode()).use == CharUse::Prefix;
}

inline bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'';
}

/// What closes ends where \a kind, its partner, began.
inline QChar partnerOf(Tok kind)
{
    return kind == Tok::RightParen ? u'(' : kind == Tok::RightBracket ? u'[' : u'{';
}

} // namespace tribikos::py
