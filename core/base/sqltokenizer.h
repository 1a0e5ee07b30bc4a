#pragma once

#include "core/base/backend.h"

#include <QList>
#include <QString>
#include <QStringView>

namespace tribikos {

/// One token of SQL text; comments and blanks are none.
struct SqlToken
{
    enum class Kind {
        Word,   // keyword or bare name, as written
        Quoted, // "a", `a`, [a]: text is the name itself
        String, // 'a', E'a', $$a$$, on MySQL "a" too: text is the value
        Number,
        Parameter, // :name, ?, ?1, @name, $1, %s is three tokens
        Symbol,    // operator or punctuation, the longest that fits: "||", "<=", "::", "("
        End
    };
    Kind kind = Kind::End;
    QString text{};
    qsizetype start = 0; // offsets into the source, quotes included
    qsizetype end = 0;
    int line = 1;
    bool isComplete = true; // false: the source ends inside of it

    bool is(Kind k, QStringView t) const { return kind == k && text == t; }
    bool isSymbol(QStringView t) const { return is(Kind::Symbol, t); }
    /// A bare word, compared without case.
    bool isWord(QStringView word) const
    {
        return kind == Kind::Word && word.compare(text, Qt::CaseInsensitive) == 0;
    }
    bool isName() const { return kind == Kind::Word || kind == Kind::Quoted; }
};

/*!
    Cuts \a sql into tokens, the last one being End. Tolerant: whatever the text is, every character
    belongs to a token, a blank or a comment, and the time is linear. \a backend decides what quotes
    names, whether a backslash escapes, and whether $tag$ and # mean something. Thread-safe.
*/
QList<SqlToken> sqlTokens(const QString &sql, Backend backend = Backend::Sqlite);

/// The source from token \a first up to and without token \a last, comments replaced by a blank,
/// trimmed: text that can stand on one line with something after it.
QString sqlBetween(const QString &sql, const QList<SqlToken> &tokens, qsizetype first,
                   qsizetype last);

} // namespace tribikos
