#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/base/sqlscanner.h"

#include <QList>
#include <QString>
#include <optional>

namespace tribikos {

/// One statement of a script: without its terminator, blanks and comments around it.
struct SqlStatement
{
    QString text{};
    qsizetype start = 0;    // offset into the script
    int line = 1;           // 1-based line of its first token
    bool isComplete = true; // false: a string, quoted name or trigger body is still open at the end
    friend bool operator==(const SqlStatement &, const SqlStatement &) = default;
};

/// Where a statement stands; the same without its text.
struct SqlSlice
{
    qsizetype start = 0;
    qsizetype end = 0;
    int line = 1;
    int lastLine = 1;
    bool isComplete = true;
    bool hasOwnDelimiter = false; // DELIMITER was in force
    bool hasClientCommand = false; // a "\" outside of quotes: psql and mysql would obey it
    SqlSpan first{};               // its first token
};

/*!
    Cuts a script into statements one at a time, at the semicolons between them. The body of a
    trigger, and on MySQL, MariaDB and PostgreSQL of a routine or event, belongs to its statement;
    MySQL's client command DELIMITER is obeyed and left out. Statements without a token are left
    out. Linear in time, constant in memory, never fails. The text must outlive the splitter.
*/
template<typename Unit>
class SqlSplitter
{
public:
    using Text = typename SqlScanner<Unit>::Text;
    SqlSplitter(Text script, Backend backend, qsizetype start = 0, int line = 1)
        : m_scanner(script, backend, start, line)
        , m_backend(backend)
    {}
    /// See SqlScanner::EndsText.
    void setEnd(typename SqlScanner<Unit>::EndsText endsText) { m_scanner.setEnd(std::move(endsText)); }

    std::optional<SqlSlice> next();
    /// Where it stands, and the line of that: behind the last token that was read.
    qsizetype position() const { return m_scanner.position(); }
    int line() const { return m_scanner.line(); }
    /// At the end: whether no comment was left open.
    bool isComplete() const { return m_isComplete; }

private:
    bool takeDelimiterCommand(const SqlSpan &token);

    SqlScanner<Unit> m_scanner;
    const Backend m_backend;
    bool m_isComplete = true;
};
extern template class SqlSplitter<char>;
extern template class SqlSplitter<char16_t>;

/// All statements of \a script at once. Thread-safe.
QList<SqlStatement> splitStatements(const QString &script, Backend backend = Backend::Sqlite);

/// Refuses what a driver must not get as one statement: none, more than one, an unfinished one, or
/// a text with a NUL in it (ErrorCode::Syntax).
Status checkSingleStatement(const QString &sql, Backend backend = Backend::Sqlite);

} // namespace tribikos
