#include "core/sqlread/psqlscript.h"

#include "core/base/sqlscanner.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Scanner = SqlScanner<char16_t>;

/// Goes through a script token by token and blanks what isn't the server's.
class PsqlReader
{
public:
    PsqlReader(const QString &script, QList<Error> *unknown)
        : m_script(script)
        , m_text(script)
        , m_unknown(unknown)
    {}
    QString read();

private:
    Scanner scannerAt(qsizetype place, int line) const
    {
        const std::u16string_view text(reinterpret_cast<const char16_t *>(m_script.utf16()),
                                       size_t(m_script.size()));
        return Scanner(text, Backend::PostgreSql, place, line);
    }
    qsizetype lineEnd(qsizetype from) const
    {
        const qsizetype end = m_script.indexOf(u'\n', from);
        return end < 0 ? m_script.size() : end;
    }
    void blank(qsizetype from, qsizetype to);
    qsizetype afterCommand(const SqlSpan &backslash);
    qsizetype afterRows(qsizetype from) const;
    void follow(const SqlSpan &token, QStringView text);

    const QString m_script;
    QString m_text;
    QList<Error> *const m_unknown;
    int m_words = 0; // of the statement so far
    bool m_isCopy = false;
    bool m_isFromStdin = false;
    bool m_afterFrom = false;
    int m_depth = 0;
    int m_connections = 0;
};

void PsqlReader::blank(qsizetype from, qsizetype to)
{
    for (qsizetype i = from; i < to; ++i)
        if (m_script[i] != u'\n')
            m_text[i] = u' ';
}

/// Blanks the command that begins here; where the script goes on.
qsizetype PsqlReader::afterCommand(const SqlSpan &backslash)
{
    const qsizetype from = backslash.start;
    if (m_script.mid(from + 1, 1) == u";") { // parts two statements that are sent as one
        blank(from, from + 1);
        return from + 1;
    }
    const qsizetype end = lineEnd(from);
    const QString word = m_script.mid(from + 1, std::min<qsizetype>(end - from - 1, 40))
                             .section(u' ', 0, 0)
                             .trimmed();
    blank(from, end);
    if (word.startsWith(u'g') || word == u"crosstabview" || word == u"watch")
        m_text[from] = u';';
    static constexpr QStringView open[] = {
        u"i", u"ir", u"include", u"include_relative", u"gexec", u"if", u"elif", u"else", u"gset"};
    const bool isConnect = word == u"c" || word == u"connect";
    m_connections += isConnect ? 1 : 0;
    if (std::ranges::find(open, QStringView(word)) != std::end(open)
        || (isConnect && m_connections > 1))
        m_unknown->append({.code = ErrorCode::Syntax,
                           .message = u"What psql's command \\%1 does can't be told."_s.arg(word),
                           .line = backslash.line});
    return end;
}

/// The rows begin on the next line and end behind the line "\.".
qsizetype PsqlReader::afterRows(qsizetype from) const
{
    qsizetype begin = lineEnd(from);
    while (begin < m_script.size()) {
        const qsizetype end = lineEnd(begin + 1);
        const QStringView line = QStringView(m_script).mid(begin + 1, end - begin - 1);
        if (line == u"\\." || line == u"\\.\r")
            return end;
        begin = end;
    }
    return begin;
}

/// COPY t (a, b) FROM stdin …
void PsqlReader::follow(const SqlSpan &token, QStringView text)
{
    const auto isWord = [&](QStringView word) {
        return token.kind == SqlToken::Kind::Word && word.compare(text, Qt::CaseInsensitive) == 0;
    };
    if (m_words++ == 0)
        m_isCopy = isWord(u"COPY");
    m_depth += text == u"(" ? 1 : text == u")" ? -1 : 0;
    m_isFromStdin = m_isFromStdin || (m_afterFrom && isWord(u"STDIN"));
    m_afterFrom = m_isCopy && m_depth == 0 && isWord(u"FROM");
}

QString PsqlReader::read()
{
    std::optional<Scanner> scanner(scannerAt(0, 1));
    for (SqlSpan token = scanner->next(); token.kind != SqlToken::Kind::End;
         token = scanner->next()) {
        const QStringView text =
            QStringView(m_script).mid(token.start, std::min<qsizetype>(token.end - token.start, 8));
        if (token.kind == SqlToken::Kind::Symbol && text.startsWith(u'\\')) {
            const qsizetype next = afterCommand(token);
            if (m_text[token.start] == u';')
                m_words = 0;
            scanner.emplace(scannerAt(next, token.line));
            continue;
        }
        if (!token.isDelimiter) {
            follow(token, text);
            continue;
        }
        if (m_isCopy && m_isFromStdin) {
            const qsizetype next = afterRows(token.end);
            const qsizetype begin = std::min(lineEnd(token.end), next);
            const auto lines = QStringView(m_script).mid(token.end, next - token.end).count(u'\n');
            blank(begin, next);
            scanner.emplace(scannerAt(next, token.line + int(lines)));
        }
        m_words = m_depth = 0;
        m_isCopy = m_isFromStdin = m_afterFrom = false;
    }
    return m_text;
}

} // namespace

QString withoutPsqlCommands(const QString &script, QList<Error> *unknown)
{
    return PsqlReader(script, unknown).read();
}

} // namespace tribikos
