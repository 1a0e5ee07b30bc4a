#include "core/edit/makoprogram.h"

#include "core/edit/makonodes.h"
#include "core/pyread/tokenizer.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::mako {

using py::Tok;

namespace {

/// Names that Mako supplies and we don't.
const QSet<QString> ofMako{
    u"UNDEFINED"_s, u"STOP_RENDERING"_s, u"loop"_s,   u"capture"_s,  u"caller"_s,
    u"self"_s,      u"local"_s,          u"parent"_s, u"pageargs"_s, u"next"_s};

QString filterFunction(const QString &name)
{
    static const QHash<QString, QString> own{
        {u"x"_s, u"__mako_x"_s},       {u"h"_s, u"__mako_h"_s},           {u"u"_s, u"__mako_u"_s},
        {u"trim"_s, u"__mako_trim"_s}, {u"entity"_s, u"__mako_entity"_s}, {u"unicode"_s, u"str"_s}};
    if (name.startsWith(u"decode."))
        return u"str"_s;
    return own.value(name, name);
}

class ProgramWriter
{
public:
    ProgramWriter(const QString &file, const QSet<QString> &known)
        : m_file(file)
        , m_known(known)
    {}
    Program write(const QList<Node> &nodes);

private:
    void node(const Node &node);
    void expression(const Node &node);
    void code(const Node &node);
    void line(const QString &text, int templateLine);
    void lines(const QString &text, int firstLine, int lastLine);
    QStringList parts(const QString &filters, int templateLine);
    std::vector<py::Token> tokens(const QString &python, int templateLine);
    void noteNames(const QString &python, int templateLine);
    void declareNames();

    const QString &m_file;
    const QSet<QString> &m_known;
    Program m_program{};
    QString m_body{};
    QList<int> m_bodyLines{};
    QStringList m_names{};
    int m_depth = 0;
};

struct Failed
{
    Error error{};
};

void ProgramWriter::line(const QString &text, int templateLine)
{
    m_body += QString(m_depth * 4, u' ') + text + u'\n';
    m_bodyLines.append(templateLine);
}

/// Lines that must stay as they are, apart from the first one's indentation: inside brackets.
void ProgramWriter::lines(const QString &text, int firstLine, int lastLine)
{
    const qsizetype count = text.count(u'\n');
    m_body += QString(m_depth * 4, u' ') + text + u'\n';
    for (qsizetype i = 0; i <= count; ++i)
        m_bodyLines.append(std::min(firstLine + int(i), lastLine));
}

std::vector<py::Token> ProgramWriter::tokens(const QString &python, int templateLine)
{
    std::vector<py::Token> found;
    try {
        py::Tokenizer tokenizer(python);
        do
            found.push_back(tokenizer.next());
        while (found.back().kind != Tok::End);
    } catch (const py::SyntaxFailure &failure) {
        throw Failed{templateError(ErrorCode::Syntax, m_file, templateLine + failure.line - 1,
                                   u"has Python that can't be read: "_s + failure.message)};
    }
    return found;
}

void ProgramWriter::noteNames(const QString &python, int templateLine)
{
    const std::vector<py::Token> found = tokens(python, templateLine);
    for (size_t i = 0; i < found.size(); ++i) {
        if (found[i].kind == Tok::String) {
            // An f-string names variables too; what stands in its braces is looked at roughly.
            static const QRegularExpression word(u"[A-Za-z_]\\w*"_s);
            const QString literal = python.mid(found[i].begin, found[i].end - found[i].begin);
            if (!py::stringPrefix(literal).format)
                continue;
            for (auto match = word.globalMatch(literal); match.hasNext();)
                m_names.append(match.next().captured(0));
            continue;
        }
        if (found[i].kind != Tok::Name || (i > 0 && found[i - 1].kind == Tok::Dot))
            continue;
        const QString name = python.mid(found[i].begin, found[i].end - found[i].begin);
        const bool isCalled = i + 1 < found.size() && found[i + 1].kind == Tok::LeftParen;
        if (ofMako.contains(name) && !m_known.contains(name) && !(name == u"next" && isCalled)) {
            throw Failed{
                templateError(ErrorCode::Unsupported, m_file, templateLine + found[i].line - 1,
                              u"uses Mako's '%1', which Tribikos doesn't know"_s.arg(name))};
        }
        m_names.append(name);
    }
}

/// The filters of an expression, parted at the commas outside of brackets.
QStringList ProgramWriter::parts(const QString &filters, int templateLine)
{
    QStringList list;
    int depth = 0;
    int begin = 0;
    for (const py::Token &token : tokens(filters, templateLine)) {
        if (token.kind == Tok::LeftParen || token.kind == Tok::LeftBracket
            || token.kind == Tok::LeftBrace)
            ++depth;
        if (token.kind == Tok::RightParen || token.kind == Tok::RightBracket
            || token.kind == Tok::RightBrace)
            --depth;
        if ((token.kind == Tok::Comma && depth == 0) || token.kind == Tok::End) {
            const QString part = filters.mid(begin, token.begin - begin).trimmed();
            if (!part.isEmpty())
                list.append(part);
            begin = token.end;
        }
    }
    return list;
}

void ProgramWriter::expression(const Node &node)
{
    noteNames(u'(' + node.text + u"\n)"_s, node.line);
    noteNames(node.filters, node.line);
    QStringList filters = parts(node.filters, node.line);
    if (!filters.removeAll(u"n"_s))
        filters.prepend(u"str"_s);
    static const QRegularExpression call(u"^([^(]+)(\\(.*\\))$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    QString before = u"__mako_write("_s;
    QString after = u")"_s;
    for (qsizetype i = filters.size(); i-- > 0;) {
        const QRegularExpressionMatch match = call.match(filters[i]);
        before += match.hasMatch() ? filterFunction(match.captured(1)) + match.captured(2)
                                   : filterFunction(filters[i]);
        before += u'(';
        after += u')';
    }
    lines(before + node.text + u'\n' + after, node.line, node.line + int(node.text.count(u'\n')));
}

/// A block of code, moved to our indentation; lines inside of a text stay where they are.
void ProgramWriter::code(const Node &node)
{
    QStringList source = (node.text + u'\n').split(u'\n');
    QString indent;
    for (const QString &text : source) {
        static const QRegularExpression blanks(u"^[ \\t]*"_s);
        if (!text.trimmed().isEmpty()) {
            indent = blanks.match(text).captured(0);
            break;
        }
    }
    QSet<int> insideText; // lines, 1-based
    QString moved;
    for (const QString &text : std::as_const(source))
        moved += (text.startsWith(indent) ? text.mid(indent.size()) : text) + u'\n';
    for (const py::Token &token : tokens(moved, node.line)) {
        for (int at = token.line + 1; token.kind == Tok::String && at <= token.endLine; ++at)
            insideText.insert(at);
    }
    noteNames(moved, node.line);
    for (int i = 0; i < source.size(); ++i) {
        if (insideText.contains(i + 1)) {
            m_body += source[i] + u'\n';
            m_bodyLines.append(node.line + i);
        } else {
            line(source[i].startsWith(indent) ? source[i].mid(indent.size()) : source[i],
                 node.line + i);
        }
    }
}

void ProgramWriter::node(const Node &node)
{
    switch (node.kind) {
    case Node::Kind::Text:
        line(u"__mako_write(__mako_text(%1))"_s.arg(m_program.texts.size()), node.line);
        m_program.texts.append(node.text);
        return;
    case Node::Kind::Expression: expression(node); return;
    case Node::Kind::Code:
    case Node::Kind::ModuleCode: code(node); return;
    case Node::Kind::ControlEnd: --m_depth; return;
    case Node::Kind::Control:
        noteNames(node.text, node.line);
        const bool isPrimary = node.keyword != u"else" && node.keyword != u"elif"
                               && node.keyword != u"except" && node.keyword != u"finally";
        m_depth -= isPrimary ? 0 : 1;
        lines(node.text, node.line, node.line + int(node.text.count(u'\n')));
        ++m_depth;
        line(u"pass"_s, node.line);
        return;
    }
}

void ProgramWriter::declareNames()
{
    m_names.removeDuplicates();
    for (const QString &name : std::as_const(m_names)) {
        if (m_known.contains(name) || name.startsWith(u"__mako_")
            || py::keywordOf(name) != Tok::Name)
            continue;
        m_program.python +=
            u"try:\n    %1\nexcept NameError:\n    %1 = __mako_missing('%1')\n"_s.arg(name);
        m_program.lineOf += {1, 1, 1, 1};
    }
}

Program ProgramWriter::write(const QList<Node> &nodes)
{
    for (const Node &each : nodes) {
        if (each.kind == Node::Kind::ModuleCode)
            node(each);
    }
    for (const Node &each : nodes) {
        if (each.kind != Node::Kind::ModuleCode)
            node(each);
    }
    declareNames();
    m_program.python += m_body;
    m_program.lineOf += m_bodyLines;
    return m_program;
}

} // namespace

Result<Program> programOf(const QString &text, const QString &file, const QSet<QString> &known)
{
    const auto nodes = readNodes(text, file);
    if (!nodes)
        return nodes.error();
    try {
        return ProgramWriter(file, known).write(*nodes);
    } catch (const Failed &failed) {
        return failed.error;
    }
}

} // namespace tribikos::mako
