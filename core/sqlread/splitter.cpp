#include "core/sqlread/splitter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Follows one statement token by token and knows whether a semicolon can end it.
template<typename Unit>
class StatementEnd
{
public:
    using Text = std::basic_string_view<Unit>;
    explicit StatementEnd(Backend backend)
        : m_isSqlite(backend == Backend::Sqlite)
        , m_isPostgreSql(backend == Backend::PostgreSql)
    {}

    void read(const SqlSpan &token, Text text);
    /// Asked before a semicolon is read.
    bool isOpen() const;

private:
    void readHead();
    void readBody();
    bool isWord(std::string_view word) const { return m_isWord && isSqlWord(m_text, word); }

    const bool m_isSqlite;
    const bool m_isPostgreSql;
    Text m_text{};
    bool m_isWord = false;
    bool m_isHead = true;      // still in CREATE [OR REPLACE] [TEMP] ... before the object's kind
    bool m_isCompound = false; // may have a body between BEGIN and END
    bool m_hasBody = false;
    bool m_endsBody = false; // SQLite: the last tokens were "; END"
    bool m_afterEnd = false;
    bool m_afterSemicolon = false;
    int m_depth = 0;
    int m_parentheses = 0; // PostgreSQL: as psql counts them, for DO ALSO (INSERT …; INSERT …)
    int m_count = 0;
};

template<typename Unit>
void StatementEnd<Unit>::readHead()
{
    if (m_count == 0) {
        m_isHead = isWord("CREATE");
        return;
    }
    const bool isBodyKind =
        isWord("TRIGGER")
        || (!m_isSqlite && (isWord("PROCEDURE") || isWord("EVENT") || isWord("FUNCTION")));
    const bool isOther = isWord("TABLE") || isWord("VIEW") || isWord("INDEX");
    m_isCompound = isBodyKind;
    m_isHead = !isBodyKind && !isOther && m_count < 16; // DEFINER=`a`@`b` stands before the kind
}

template<typename Unit>
void StatementEnd<Unit>::readBody()
{
    const bool isEnd = isWord("END");
    if (m_isSqlite) { // as SQLite's own shell: a trigger ends with "; END ;", whatever CASE does
        m_hasBody = m_hasBody || isWord("BEGIN");
        m_endsBody = isEnd && m_afterSemicolon;
        return;
    }
    const bool isClosedBlock =
        isWord("IF") || isWord("LOOP") || isWord("WHILE") || isWord("REPEAT") || isWord("CASE");
    if (m_afterEnd && isClosedBlock) { // END IF closes what did not count as opened; CASE did
        m_depth += isWord("CASE") ? 0 : 1;
    } else if (isWord("BEGIN") || isWord("CASE")) {
        ++m_depth;
    } else if (isEnd && m_depth > 0) {
        --m_depth;
    }
    m_afterEnd = isEnd;
}

template<typename Unit>
void StatementEnd<Unit>::read(const SqlSpan &token, Text text)
{
    m_isWord = token.kind == SqlToken::Kind::Word;
    m_text = text;
    if (m_isCompound)
        readBody();
    else if (m_isHead)
        readHead();
    if (m_isPostgreSql && text.size() == 1) {
        if (text.front() == Unit('('))
            ++m_parentheses;
        else if (text.front() == Unit(')') && m_parentheses > 0)
            --m_parentheses;
    }
    m_afterSemicolon = text.size() == 1 && text.front() == Unit(';');
    ++m_count;
}

template<typename Unit>
bool StatementEnd<Unit>::isOpen() const
{
    if (m_parentheses > 0)
        return true;
    if (!m_isCompound)
        return false;
    return m_isSqlite ? m_hasBody && !m_endsBody : m_depth > 0;
}

} // namespace

/// "DELIMITER //" of MySQL's clients, on a line of its own before a statement.
template<typename Unit>
bool SqlSplitter<Unit>::takeDelimiterCommand(const SqlSpan &token)
{
    const bool isMySql = m_backend == Backend::MySql || m_backend == Backend::MariaDb;
    if (!isMySql || token.kind != SqlToken::Kind::Word
        || !isSqlWord(m_scanner.text(token), "DELIMITER"))
        return false;
    const Text rest = m_scanner.takeLine();
    size_t size = 0;
    while (size < rest.size() && rest[size] != Unit(' ') && rest[size] != Unit('\t'))
        ++size;
    m_scanner.setDelimiter(rest.substr(0, size));
    return true;
}

template<typename Unit>
std::optional<SqlSlice> SqlSplitter<Unit>::next()
{
    StatementEnd<Unit> end(m_backend);
    SqlSlice slice;
    bool isEmpty = true;
    for (;;) {
        const SqlSpan token = m_scanner.next();
        const bool isEnd = token.kind == SqlToken::Kind::End;
        const bool isOpen = end.isOpen() && !slice.hasOwnDelimiter;
        if (isEnd || (token.isDelimiter && !isOpen)) {
            m_isComplete = m_isComplete && token.isComplete;
            if (isEmpty && isEnd)
                return std::nullopt;
            if (isEmpty)
                continue;
            slice.end = std::max(slice.end, m_scanner.commentEnd());
            slice.isComplete = slice.isComplete && token.isComplete && !(isEnd && isOpen);
            return slice;
        }
        if (isEmpty && takeDelimiterCommand(token))
            continue;
        if (isEmpty) {
            slice.start = token.comment >= 0 ? token.comment : token.start;
            slice.line = token.line;
            slice.hasOwnDelimiter = m_scanner.hasOwnDelimiter();
            slice.first = token;
            isEmpty = false;
        }
        const Text text = m_scanner.text(token);
        slice.end = token.end;
        slice.lastLine = m_scanner.line();
        slice.isComplete = token.isComplete;
        slice.hasClientCommand = slice.hasClientCommand
                                 || (token.kind == SqlToken::Kind::Symbol && text[0] == Unit('\\'));
        end.read(token, text);
    }
}

template class SqlSplitter<char>;
template class SqlSplitter<char16_t>;

QList<SqlStatement> splitStatements(const QString &script, Backend backend)
{
    SqlSplitter<char16_t> splitter(
        {reinterpret_cast<const char16_t *>(script.utf16()), size_t(script.size())}, backend);
    QList<SqlStatement> statements;
    while (const std::optional<SqlSlice> slice = splitter.next())
        statements.append({script.mid(slice->start, slice->end - slice->start), slice->start,
                           slice->line, slice->isComplete});
    return statements;
}

Status checkSingleStatement(const QString &sql, Backend backend)
{
    const auto refuse = [&](const QString &message) {
        return Error{.code = ErrorCode::Syntax, .message = message, .detail = sql.left(200)};
    };
    if (sql.contains(QChar::Null))
        return refuse(u"The statement has a NUL character in it; remove it from the script."_s);
    const QList<SqlStatement> statements = splitStatements(sql, backend);
    if (statements.isEmpty())
        return refuse(u"There is no statement to run, only blanks or comments."_s);
    if (statements.size() > 1)
        return refuse(u"%1 statements stand where one is expected; the second begins in line %2."_s
                          .arg(statements.size())
                          .arg(statements[1].line));
    if (!statements[0].isComplete)
        return refuse(
            u"The statement is not finished: a quote, a parenthesis or a trigger's END is missing."_s);
    return done();
}

} // namespace tribikos
