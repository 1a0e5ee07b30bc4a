#include "core/sqlread/splitter.h"

#include "core/base/sqltokenizer.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Follows one statement token by token and knows whether a semicolon can end it.
class StatementEnd
{
public:
    explicit StatementEnd(Backend backend)
        : m_isSqlite(backend == Backend::Sqlite)
    {}

    void read(const SqlToken &token);
    /// Asked before a semicolon is read.
    bool isOpen() const;

private:
    void readHead(const SqlToken &token);
    void readBody(const SqlToken &token);

    bool m_isSqlite;
    bool m_isHead = true;      // still in CREATE [OR REPLACE] [TEMP] ... before the object's kind
    bool m_isCompound = false; // may have a body between BEGIN and END
    bool m_hasBody = false;
    bool m_endsBody = false; // SQLite: the last tokens were "; END"
    bool m_afterEnd = false;
    bool m_afterSemicolon = false;
    int m_depth = 0;
    int m_count = 0;
};

void StatementEnd::readHead(const SqlToken &token)
{
    if (m_count == 0) {
        m_isHead = token.isWord(u"CREATE");
        return;
    }
    const bool isBodyKind =
        token.isWord(u"TRIGGER")
        || (!m_isSqlite
            && (token.isWord(u"PROCEDURE") || token.isWord(u"EVENT") || token.isWord(u"FUNCTION")));
    const bool isOther = token.isWord(u"TABLE") || token.isWord(u"VIEW") || token.isWord(u"INDEX");
    m_isCompound = isBodyKind;
    m_isHead = !isBodyKind && !isOther && m_count < 16; // DEFINER=`a`@`b` stands before the kind
}

void StatementEnd::readBody(const SqlToken &token)
{
    const bool isEnd = token.isWord(u"END");
    if (m_isSqlite) { // as SQLite's own shell: a trigger ends with "; END ;", whatever CASE does
        m_hasBody = m_hasBody || token.isWord(u"BEGIN");
        m_endsBody = isEnd && m_afterSemicolon;
        return;
    }
    const bool isClosedBlock = token.isWord(u"IF") || token.isWord(u"LOOP")
                               || token.isWord(u"WHILE") || token.isWord(u"REPEAT")
                               || token.isWord(u"CASE");
    if (m_afterEnd && isClosedBlock) { // END IF closes what did not count as opened; CASE did
        m_depth += token.isWord(u"CASE") ? 0 : 1;
    } else if (token.isWord(u"BEGIN") || token.isWord(u"CASE")) {
        ++m_depth;
    } else if (isEnd && m_depth > 0) {
        --m_depth;
    }
    m_afterEnd = isEnd;
}

void StatementEnd::read(const SqlToken &token)
{
    if (m_isCompound)
        readBody(token);
    else if (m_isHead)
        readHead(token);
    m_afterSemicolon = token.isSymbol(u";");
    ++m_count;
}

bool StatementEnd::isOpen() const
{
    if (!m_isCompound)
        return false;
    return m_isSqlite ? m_hasBody && !m_endsBody : m_depth > 0;
}

} // namespace

QList<SqlStatement> splitStatements(const QString &script, Backend backend)
{
    const QList<SqlToken> tokens = sqlTokens(script, backend);
    QList<SqlStatement> statements;
    StatementEnd end(backend);
    qsizetype first = 0;
    const auto finish = [&](qsizetype past, bool isComplete) {
        if (past > first) {
            const qsizetype start = tokens[first].start;
            statements.append({script.mid(start, tokens[past - 1].end - start), start,
                               tokens[first].line, isComplete && tokens[past - 1].isComplete});
        }
        first = past + 1;
        end = StatementEnd(backend);
    };
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        if (token.kind == SqlToken::Kind::End)
            finish(i, !end.isOpen());
        else if (token.isSymbol(u";") && !end.isOpen())
            finish(i, true);
        else
            end.read(token);
    }
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
        return refuse(u"The statement is not finished: a quote or a trigger's END is missing."_s);
    return done();
}

} // namespace tribikos
