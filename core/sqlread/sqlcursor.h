#pragma once

#include "core/base/sqltokenizer.h"
#include "core/schema/schema.h"

#include <QStringList>
#include <initializer_list>
#include <limits>
#include <optional>

namespace tribikos {

/*!
    A place in tokenized SQL, for parsers that go on from left to right. Asking never moves; accept…
    moves when it fits; take… moves in any case. It never leaves the text: at its end every question
    is answered with no and every taken text is empty. Inside of this room only.
*/
class SqlCursor
{
public:
    SqlCursor(const QString &sql, Backend backend)
        : m_sql(sql)
        , m_backend(backend)
        , m_tokens(sqlTokens(sql, backend))
    {}

    Backend backend() const { return m_backend; }
    bool isMySql() const { return m_backend == Backend::MySql || m_backend == Backend::MariaDb; }
    qsizetype position() const { return m_at; }
    void moveTo(qsizetype position) { m_at = position; }
    /// To the first token that begins at \a offset of the text or behind it.
    void moveToOffset(qsizetype offset);
    const SqlToken &peek(qsizetype ahead = 0) const;
    SqlToken take();
    bool atEnd() const { return peek().kind == SqlToken::Kind::End; }

    bool isWord(QStringView word, qsizetype ahead = 0) const { return peek(ahead).isWord(word); }
    bool isSymbol(QStringView symbol, qsizetype ahead = 0) const
    {
        return peek(ahead).isSymbol(symbol);
    }
    bool acceptSymbol(QStringView symbol);
    /// All of the words in a row, or none.
    bool accept(std::initializer_list<QStringView> words);
    /// IF NOT EXISTS, IF EXISTS.
    bool acceptIfNotExists() { return accept({u"IF", u"NOT", u"EXISTS"}); }
    bool acceptIfExists() { return accept({u"IF", u"EXISTS"}); }

    bool isName() const; // SQLite takes a string for a name too
    /// The name as the database keeps it: PostgreSQL folds bare words to lower case.
    QString takeName();
    /// name or schema.name; the schemas that mean "the usual one" are left out.
    TableName takeTableName();
    /// Past a balanced group whose opening parenthesis is next; the text between, blanks trimmed.
    /// nullopt when there is no parenthesis, or it never closes.
    std::optional<QString> takeGroup();
    /// Text from \a from up to the current place.
    QString textSince(qsizetype from) const { return sqlBetween(m_sql, m_tokens, from, m_at); }
    /// Text from the current place to the end; moves there.
    QString takeRest();
    /// Moves to the next "," or ")" outside of parentheses and brackets, to the first token at offset \a end of the text,
    /// or to the end.
    void skipItem(qsizetype end = std::numeric_limits<qsizetype>::max());
    /// The same; gives the text.
    QString takeItem(qsizetype end = std::numeric_limits<qsizetype>::max());

private:
    const QString m_sql;
    const Backend m_backend;
    const QList<SqlToken> m_tokens;
    qsizetype m_at = 0;
};

} // namespace tribikos
