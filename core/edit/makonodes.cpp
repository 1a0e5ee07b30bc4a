#include "core/edit/makonodes.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace tribikos::mako {

namespace {

constexpr auto atPlace = QRegularExpression::AnchorAtOffsetMatchOption;
constexpr auto verbatim = QRegularExpression::DotMatchesEverythingOption;

const QStringList primaries{u"if"_s, u"for"_s, u"while"_s, u"try"_s, u"with"_s};

bool belongsTo(const QString &keyword, const QString &primary)
{
    if (primary == u"if")
        return keyword == u"else" || keyword == u"elif";
    if (primary == u"try")
        return keyword == u"except" || keyword == u"finally" || keyword == u"else";
    return (primary == u"for" || primary == u"while") && keyword == u"else";
}

struct Failure
{
    Error error{};
};

class Reader
{
public:
    Reader(const QString &text, const QString &file)
        : m_text(text)
        , m_file(file)
    {}
    QList<Node> read();

private:
    bool expression();
    bool controlLine();
    bool doubledPercent();
    bool comment();
    bool tag();
    bool code();
    void plainText();
    void control(const QString &text);
    QString untilClosed(bool watchesNesting, const QString &ends, QChar *end);
    QRegularExpressionMatch take(const QRegularExpression &pattern);
    void append(Node node) { m_nodes.append(std::move(node)); }
    [[noreturn]] void fail(ErrorCode code, int line, const QString &what) const
    {
        throw Failure{templateError(code, m_file, line, what)};
    }

    const QString &m_text;
    const QString &m_file;
    qsizetype m_at = 0;
    int m_line = 1;
    QList<Node> m_nodes{};
    struct Open
    {
        QString keyword{};
        int line = 0;
    };
    QList<Open> m_open{};
};

QRegularExpressionMatch Reader::take(const QRegularExpression &pattern)
{
    const QRegularExpressionMatch match =
        pattern.match(m_text, m_at, QRegularExpression::NormalMatch, atPlace);
    if (match.hasMatch()) {
        m_line += int(match.capturedView(0).count(u'\n'));
        m_at = match.capturedEnd(0);
    }
    return match;
}

/// Python up to one of the characters \a ends, which may stand in texts, comments and brackets.
QString Reader::untilClosed(bool watchesNesting, const QString &ends, QChar *end)
{
    static const QRegularExpression text(u"(\"\"\"|'''|\"|')[^\\\\]*?(\\\\.[^\\\\]*?)*\\1"_s,
                                         verbatim);
    static const QRegularExpression remark(u"#[^\\n]*\\n"_s);
    const qsizetype begin = m_at;
    const int line = m_line;
    int depth = 0;
    while (m_at < m_text.size()) {
        if (take(remark).hasMatch() || take(text).hasMatch())
            continue;
        const QChar c = m_text[m_at];
        const bool isBlockEnd =
            !watchesNesting && QStringView(m_text).sliced(m_at).startsWith(u"%>");
        if (isBlockEnd || (watchesNesting && depth <= 0 && ends.contains(c))) {
            const QString inside = m_text.mid(begin, m_at - begin);
            *end = c;
            m_at += isBlockEnd ? 2 : 1;
            return inside;
        }
        depth += QStringView(u"([{").contains(c) ? 1 : QStringView(u")]}").contains(c) ? -1 : 0;
        m_line += c == u'\n' ? 1 : 0;
        ++m_at;
    }
    fail(ErrorCode::Syntax, line,
         u"opens a %1 that is never closed"_s.arg(watchesNesting ? u"${"_s : u"<%"_s));
}

bool Reader::expression()
{
    if (!QStringView(m_text).sliced(m_at).startsWith(u"${"))
        return false;
    m_at += 2;
    Node node{.kind = Node::Kind::Expression, .line = m_line};
    QChar end;
    node.text = untilClosed(true, u"|}"_s, &end).replace(u"\r\n"_s, u"\n"_s);
    if (end == u'|')
        node.filters = untilClosed(true, u"}"_s, &end).trimmed();
    append(node);
    return true;
}

void Reader::control(const QString &text)
{
    static const QRegularExpression words(u"^(end)?(\\w+)\\s*"_s);
    static const QRegularExpression whole(u"^\\w+(?:\\s+.*?)?:\\s*(#.*)?$"_s, verbatim);
    const int line = m_line;
    const QRegularExpressionMatch match = words.match(text);
    if (!match.hasMatch())
        fail(ErrorCode::Syntax, line, u"is no control line: '% %1'"_s.arg(text));
    const QString keyword = match.captured(2);
    if (match.hasCaptured(1) && !match.captured(1).isEmpty()) {
        if (m_open.isEmpty() || m_open.last().keyword != keyword)
            fail(ErrorCode::Syntax, line, u"ends '%1', which is not open here"_s.arg(keyword));
        m_open.removeLast();
        append({.kind = Node::Kind::ControlEnd, .keyword = keyword, .line = line});
        return;
    }
    if (!whole.match(text.trimmed()).hasMatch())
        fail(ErrorCode::Syntax, line,
             u"is no control line that ends in a colon: '% %1'"_s.arg(text));
    if (primaries.contains(keyword))
        m_open.append({keyword, line});
    else if (m_open.isEmpty() || !belongsTo(keyword, m_open.last().keyword))
        fail(ErrorCode::Syntax, line,
             u"has '%1' where nothing that it belongs to is open"_s.arg(keyword));
    append({.kind = Node::Kind::Control, .text = text.trimmed(), .keyword = keyword, .line = line});
}

bool Reader::controlLine()
{
    static const QRegularExpression pattern(
        u"[\\t ]*(%(?!%)|##)[\\t ]*((?:(?:\\\\\\r?\\n)|[^\\r\\n])*)(?:\\r?\\n|\\z)"_s);
    if (m_at > 0 && m_text[m_at - 1] != u'\n')
        return false;
    const QRegularExpressionMatch match =
        pattern.match(m_text, m_at, QRegularExpression::NormalMatch, atPlace);
    if (!match.hasMatch())
        return false;
    if (match.captured(1) == u"%")
        control(match.captured(2).replace(u"\r\n"_s, u"\n"_s));
    m_line += int(match.capturedView(0).count(u'\n'));
    m_at = match.capturedEnd(0);
    return true;
}

bool Reader::doubledPercent()
{
    static const QRegularExpression pattern(u"([\\t ]*)%%(%*)"_s);
    if (m_at > 0 && m_text[m_at - 1] != u'\n')
        return false;
    const int line = m_line;
    const QRegularExpressionMatch match = take(pattern);
    if (match.hasMatch())
        append({.text = match.captured(1) + u'%' + match.captured(2), .line = line});
    return match.hasMatch();
}

bool Reader::comment()
{
    static const QRegularExpression pattern(u"<%doc>.*?</%doc>"_s, verbatim);
    return take(pattern).hasMatch();
}

bool Reader::tag()
{
    static const QRegularExpression text(u"<%text\\s*>(.*?)</%[\\t ]*text[\\t ]*>"_s, verbatim);
    static const QRegularExpression other(u"</?%[\\t ]*([\\w.:]+)[^>]*>"_s);
    const int line = m_line;
    if (const QRegularExpressionMatch match = take(text); match.hasMatch()) {
        append({.text = match.captured(1), .line = line});
        return true;
    }
    const QRegularExpressionMatch match =
        other.match(m_text, m_at, QRegularExpression::NormalMatch, atPlace);
    static const QRegularExpression named(u"</?%[\\w.:]"_s);
    if (match.hasMatch()
        && named.match(m_text, m_at, QRegularExpression::NormalMatch, atPlace).hasMatch())
        fail(ErrorCode::Unsupported, line,
             u"uses the tag <%%1>, which Tribikos doesn't know; write the script's text out"_s.arg(
                 match.captured(1)));
    return false;
}

bool Reader::code()
{
    const QStringView rest = QStringView(m_text).sliced(m_at);
    if (!rest.startsWith(u"<%"))
        return false;
    const bool isModule = rest.startsWith(u"<%!");
    m_at += isModule ? 3 : 2;
    Node node{.kind = isModule ? Node::Kind::ModuleCode : Node::Kind::Code, .line = m_line};
    QChar end;
    node.text = untilClosed(false, {}, &end).replace(u"\r\n"_s, u"\n"_s);
    append(node);
    return true;
}

void Reader::plainText()
{
    static const QRegularExpression pattern(
        u"(.*?)((?<=\\n)(?=[ \\t]*(?:%|##))|(?=\\$\\{)|(?=</?[%&])|(\\\\\\r?\\n)|\\z)"_s, verbatim);
    const int line = m_line;
    const qsizetype begin = m_at;
    const QRegularExpressionMatch match = take(pattern);
    if (!match.captured(1).isEmpty())
        append({.text = match.captured(1), .line = line});
    if (m_at == begin)
        fail(
            ErrorCode::Unsupported, line,
            u"has '%1', which Mako reads as the beginning of a tag; Tribikos doesn't know it"_s.arg(
                m_text.mid(m_at, 10).section(u'\n', 0, 0)));
}

QList<Node> Reader::read()
{
    // A coding line at the top is for Mako alone.
    static const QRegularExpression coding(u"#[^\\n]*coding[:=]\\s*[-\\w.]+[^\\n]*\\r?\\n"_s);
    take(coding);
    while (m_at < m_text.size()) {
        if (!(expression() || controlLine() || doubledPercent() || comment() || tag() || code()))
            plainText();
    }
    if (!m_open.isEmpty())
        fail(ErrorCode::Syntax, m_open.last().line,
             u"opens '% %1', which no '% end%1' closes"_s.arg(m_open.last().keyword));
    return m_nodes;
}

} // namespace

Error templateError(ErrorCode code, const QString &file, int line, const QString &what)
{
    return {.code = code,
            .message = u"%1:%2 %3."_s.arg(QFileInfo(file).fileName()).arg(line).arg(what),
            .file = file,
            .line = line};
}

Result<QList<Node>> readNodes(const QString &text, const QString &file)
{
    try {
        return Reader(text, file).read();
    } catch (const Failure &failure) {
        return failure.error;
    }
}

} // namespace tribikos::mako
