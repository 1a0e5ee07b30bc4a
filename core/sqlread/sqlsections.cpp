#include "core/sqlread/sqlsections.h"

#include "core/sqlread/splitter.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype bulkBytes = 1 << 20;         // a section above it keeps its data as stretches
constexpr int leastInStretch = 100;              // statements; fewer are shown one by one
constexpr qsizetype leastStretchBytes = 1 << 16; // unless they are large
constexpr qsizetype mostStatements = 100'000;    // beside those in stretches
constexpr qsizetype largestStatement = 4 << 20;  // bytes, of one that is not in a stretch
constexpr size_t longestSectionLine = 200;

std::string_view viewOf(const QByteArray &bytes, qsizetype end)
{
    return {bytes.constData(), size_t(end)};
}

std::optional<QRegularExpressionMatch> sectionMatch(std::string_view line)
{
    static const QRegularExpression section(
        u"^\\s*--\\s*(upgrade|downgrade)\\s*(?::\\s*(\\S+))?\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    const size_t word = line.find_first_not_of(" \t", std::min(line.find("--"), line.size() - 2) + 2);
    if (line.size() > longestSectionLine || word == std::string_view::npos
        || std::string_view("uUdD").find(line[word]) == std::string_view::npos)
        return std::nullopt;
    const auto match = section.match(QString::fromUtf8(line.data(), qsizetype(line.size())));
    return match.hasMatch() ? std::optional(match) : std::nullopt;
}

Error unfinished(const QString &file, int line)
{
    return scriptError(
        ErrorCode::Syntax, file, line,
        u"The statement is not finished: a quote, a comment's end or a trigger's END is missing."_s);
}

/// The sections one after another.
class SectionReader
{
public:
    SectionReader(const QByteArray &script, Backend backend, const QString &file)
        : m_script(script)
        , m_backend(backend)
        , m_file(file)
    {}
    Result<QList<SqlSection>> read(qsizetype at, int line);

private:
    Status readHead(std::string_view text, int line);
    Status readBody(qsizetype start, int line);

    const QByteArray &m_script;
    const Backend m_backend;
    const QString &m_file;
    QList<SqlSection> m_sections{};
    int m_line = 0; // of the next section's head
};

Status SectionReader::readHead(std::string_view text, int line)
{
    const auto match = sectionMatch(text);
    const auto refuse = [&](const QString &message) {
        return scriptError(ErrorCode::ProjectRefused, m_file, line, message);
    };
    if (!match)
        return refuse(u"This line is no section's."_s);
    const QString dialect = match->captured(2);
    SqlSection section{.isUpgrade = match->captured(1).startsWith(u'u', Qt::CaseInsensitive),
                       .line = line};
    section.backend = dialect.isEmpty() ? std::nullopt : backendFromName(dialect);
    if (!dialect.isEmpty() && !section.backend)
        return refuse(u"\"%1\" is no dialect that is known here; write sqlite, postgresql, mysql or "
                      "mariadb."_s.arg(dialect));
    for (const SqlSection &other : std::as_const(m_sections))
        if (other.isUpgrade == section.isUpgrade && other.backend == section.backend)
            return refuse(
                u"This section stands in line %1 already; put the two together."_s.arg(other.line));
    m_sections.append(section);
    return done();
}

/// Token by token to the next section's line: one in a string or comment is none.
Status SectionReader::readBody(qsizetype start, int line)
{
    SqlSection &section = m_sections.last();
    SqlSplitter<char> splitter(viewOf(m_script, m_script.size()),
                               section.backend.value_or(m_backend), start, line);
    splitter.setEnd(isSectionLine);
    while (const std::optional<SqlSlice> slice = splitter.next())
        if (!slice->isComplete)
            return unfinished(m_file, slice->line);
    if (!splitter.isComplete())
        return unfinished(m_file, section.line);
    section.start = start;
    section.end = splitter.position();
    m_line = splitter.line();
    return done();
}

Result<QList<SqlSection>> SectionReader::read(qsizetype at, int line)
{
    m_line = line;
    while (at < m_script.size()) {
        qsizetype end = m_script.indexOf('\n', at);
        end = end < 0 ? m_script.size() : end;
        const std::string_view head(m_script.constData() + at, size_t(end - at));
        Status status = readHead(head, m_line);
        if (status)
            status = readBody(end, m_line);
        if (!status)
            return status.error();
        at = m_sections.constLast().end;
    }
    return m_sections;
}

/// The statements of one section.
class OperationReader
{
public:
    OperationReader(const QByteArray &script, const SqlSection &section, Backend backend,
                    const QString &file)
        : m_script(script)
        , m_text(viewOf(script, section.end))
        , m_section(section)
        , m_backend(backend)
        , m_file(file)
    {}
    Result<Operations> read();

private:
    Error refuse(const SqlSlice &slice, const QString &message) const
    {
        return scriptError(ErrorCode::ProjectRefused, m_file, slice.line, message);
    }
    std::string_view textOf(const SqlSlice &slice) const
    {
        return m_text.substr(size_t(slice.start), size_t(slice.end - slice.start));
    }
    Status check(const SqlSlice &slice) const;
    bool isCopyFromClient(const SqlSlice &slice) const;
    bool isData(const SqlSlice &slice) const;
    void extend(const SqlSlice &slice);
    Status append(const SqlSlice &slice);
    Status flush();

    const QByteArray &m_script;
    const std::string_view m_text;
    const SqlSection &m_section;
    const Backend m_backend;
    const QString &m_file;
    SqlStretch m_stretch{};
    Operations m_operations{};
};

bool OperationReader::isCopyFromClient(const SqlSlice &slice) const
{
    if (m_backend != Backend::PostgreSql || !isSqlWord(m_text.substr(size_t(slice.first.start), 4), "COPY"))
        return false;
    SqlScanner<char> scanner(m_text.substr(0, size_t(slice.end)), m_backend, slice.start);
    for (SqlSpan token = scanner.next(); token.kind != SqlToken::Kind::End; token = scanner.next())
        if (token.kind == SqlToken::Kind::Word && isSqlWord(scanner.text(token), "STDIN"))
            return true;
    return false;
}

/// What a database's own client would obey has no place in a script that such a client is to run.
Status OperationReader::check(const SqlSlice &slice) const
{
    if (!slice.isComplete)
        return unfinished(m_file, slice.line);
    if ((slice.hasClientCommand && m_backend != Backend::Sqlite) || m_text[size_t(slice.start)] == '.')
        return refuse(slice, u"A command of the database's own client stands here; write it as SQL, or leave it out."_s);
    if (isCopyFromClient(slice))
        return refuse(slice, u"COPY … FROM STDIN needs psql; write the rows as INSERT (pg_dump --inserts)."_s);
    return done();
}

/// A statement on rows that no schema can hang on.
bool OperationReader::isData(const SqlSlice &slice) const
{
    if (slice.hasOwnDelimiter || slice.first.comment >= 0)
        return false;
    const std::string_view text = textOf(slice);
    const std::string_view word = text.substr(0, size_t(slice.first.end - slice.first.start));
    if (!isSqlWord(word, "INSERT") && !isSqlWord(word, "REPLACE") && !isSqlWord(word, "UPDATE")
        && !isSqlWord(word, "DELETE"))
        return false;
    if (m_backend != Backend::Sqlite)
        return true;
    // SQLite's catalogue can be written to as a table.
    static constexpr std::string_view catalogue = "sqlite_";
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20) && (a == '_') == (b == '_'); };
    return std::search(text.begin(), text.end(), catalogue.begin(), catalogue.end(), same) == text.end();
}

void OperationReader::extend(const SqlSlice &slice)
{
    if (m_stretch.count == 0) {
        m_stretch.backend = m_backend;
        m_stretch.start = slice.start;
        m_stretch.line = slice.line;
    }
    m_stretch.end = slice.end;
    m_stretch.lastLine = slice.lastLine;
    ++m_stretch.count;
    m_stretch.deletions += isSqlWord(textOf(slice).substr(0, 6), "DELETE") ? 1 : 0;
}

Status OperationReader::append(const SqlSlice &slice)
{
    if (slice.end - slice.start > largestStatement)
        return refuse(slice, u"This statement has %1 MiB; 4 MiB is the most for one that does not insert, update or delete rows."_s.arg(
                                 (slice.end - slice.start) >> 20));
    if (m_operations.size() >= mostStatements)
        return refuse(slice, u"More than %1 statements stand in this section, beside those that insert, update or delete rows; split the revision."_s.arg(
                                 mostStatements));
    const std::string_view text = textOf(slice);
    m_operations.append(
        {.kind = Execute{.statement = textExpr(QString::fromUtf8(text.data(), qsizetype(text.size()))),
                         .isScriptText = true},
         .span = {.line = slice.line, .column = 1, .endLine = slice.lastLine}});
    return done();
}

/// Ends the stretch; a short one is what its statements are.
Status OperationReader::flush()
{
    const SqlStretch stretch = std::exchange(m_stretch, {});
    if (stretch.count == 0)
        return done();
    if (stretch.count >= leastInStretch || stretch.end - stretch.start >= leastStretchBytes) {
        auto kept = std::make_shared<SqlStretch>(stretch);
        kept->source = m_script;
        m_operations.append({.kind = ExecuteMany{.stretch = kept},
                             .span = {.line = kept->line, .column = 1, .endLine = kept->lastLine}});
        return done();
    }
    SqlSplitter<char> splitter(m_text.substr(0, size_t(stretch.end)), m_backend, stretch.start,
                               stretch.line);
    while (const std::optional<SqlSlice> slice = splitter.next())
        if (const Status status = append(*slice); !status)
            return status;
    return done();
}

Result<Operations> OperationReader::read()
{
    const bool isBulk = m_section.end - m_section.start > bulkBytes;
    SqlSplitter<char> splitter(m_text, m_backend, m_section.start, m_section.line);
    while (const std::optional<SqlSlice> slice = splitter.next()) {
        Status status = check(*slice);
        if (status && isBulk && isData(*slice)) {
            extend(*slice);
            continue;
        }
        if (status)
            status = flush();
        if (status)
            status = append(*slice);
        if (!status)
            return status.error();
    }
    if (const Status status = flush(); !status)
        return status.error();
    return m_operations;
}

} // namespace

bool isSectionLine(std::string_view line)
{
    return sectionMatch(line).has_value();
}

Result<QList<SqlSection>> sqlSections(const QByteArray &script, qsizetype from, int line,
                                      Backend backend, const QString &file)
{
    return SectionReader(script, backend, file).read(from, line);
}

Result<Operations> sectionOperations(const QByteArray &script, const SqlSection &section,
                                     Backend backend, const QString &file)
{
    return OperationReader(script, section, backend, file).read();
}

Error scriptError(ErrorCode code, const QString &file, int line, const QString &message)
{
    const QString place = line > 0 ? u"%1:%2"_s.arg(file).arg(line) : file;
    return {.code = code, .message = u"%1: %2"_s.arg(place, message), .file = file, .line = line};
}

} // namespace tribikos
