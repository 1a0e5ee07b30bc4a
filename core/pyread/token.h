#pragma once

#include "core/base/diagnostic.h"

#include <QString>
#include <QStringView>

namespace tribikos::py {

enum class Tok : quint8 {
    End, Newline, Indent, Dedent, Name, Number, String,
    // punctuation
    LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Comma, Colon, Dot,
    Semicolon, At, Assign, Arrow, Ellipsis, Walrus, Exclamation,
    // operators
    Plus, Minus, Star, Slash, DoubleSlash, Percent, DoubleStar, Ampersand, Bar, Caret, Tilde,
    LeftShift, RightShift, Less, Greater, LessEqual, GreaterEqual, Equal, NotEqual,
    // augmented assignment; in the order of the operators they stand for
    PlusAssign, MinusAssign, StarAssign, SlashAssign, DoubleSlashAssign, PercentAssign,
    DoubleStarAssign, AmpersandAssign, BarAssign, CaretAssign, LeftShiftAssign, RightShiftAssign,
    AtAssign,
    // keywords
    KwFalse, KwNone, KwTrue, KwAnd, KwAs, KwAssert, KwAsync, KwAwait, KwBreak, KwClass, KwContinue,
    KwDef, KwDel, KwElif, KwElse, KwExcept, KwFinally, KwFor, KwFrom, KwGlobal, KwIf, KwImport,
    KwIn, KwIs, KwLambda, KwNonlocal, KwNot, KwOr, KwPass, KwRaise, KwReturn, KwTry, KwWhile,
    KwWith, KwYield
};

struct alignas(16) Token // 32 bytes: quickly copied and counted
{
    Tok kind = Tok::End;
    bool isPlain = true; // a name in ASCII (others are to be normalised), a string without escapes
    int begin = 0; // offsets into the text, which is far below 2 GiB
    int end = 0;
    int line = 1;   // of begin
    int column = 1;
    int endLine = 1;
    int endColumn = 1;
};

/// Thrown inside the reader for what isn't Python; parse() turns it into an Error.
struct SyntaxFailure
{
    QString message{};
    int line = 0;
    int column = 0;
};

/// What stands before a string's quote: r, b, u, f and their mixtures.
struct StringPrefix
{
    bool raw = false;
    bool bytes = false;
    bool format = false;
    int length = 0; // of the prefix
};
StringPrefix stringPrefix(QStringView text);

} // namespace tribikos::py
