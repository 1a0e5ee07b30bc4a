#include "core/edit/pythonsettings.h"

#include "core/pyread/tokenizer.h"

#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

using py::Tok;
using py::Token;

namespace {

const QStringList settingNames{u"revision"_s, u"down_revision"_s, u"branch_labels"_s,
                               u"depends_on"_s};

bool opens(Tok kind)
{
    return kind == Tok::LeftParen || kind == Tok::LeftBracket || kind == Tok::LeftBrace;
}

bool closes(Tok kind)
{
    return kind == Tok::RightParen || kind == Tok::RightBracket || kind == Tok::RightBrace;
}

bool endsStatement(Tok kind)
{
    return kind == Tok::Newline || kind == Tok::Semicolon || kind == Tok::End;
}

/// The characters of a literal without escapes; nullopt for every other.
std::optional<QString> plainText(QStringView literal)
{
    const py::StringPrefix prefix = py::stringPrefix(literal);
    if (prefix.format || prefix.bytes || literal.contains(u'\\'))
        return std::nullopt;
    const QStringView quoted = literal.sliced(prefix.length);
    const bool isTriple = quoted.size() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0];
    const qsizetype quotes = isTriple ? 3 : 1;
    return quoted.sliced(quotes, quoted.size() - 2 * quotes).toString();
}

} // namespace

Result<PythonSettings> PythonSettings::read(const QByteArray &bytes, const QString &file)
{
    auto source = py::decodeExactly(bytes, file);
    if (!source)
        return source.error();
    PythonSettings settings;
    settings.m_file = file;
    settings.m_source = source.take();
    settings.m_text = settings.m_source.text;
    settings.m_text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    try {
        py::Tokenizer tokenizer(settings.m_text);
        do
            settings.m_tokens.push_back(tokenizer.next());
        while (settings.m_tokens.back().kind != Tok::End);
    } catch (const py::SyntaxFailure &failure) {
        return py::syntaxError(failure, file);
    }
    settings.scan();
    return settings;
}

const Setting *PythonSettings::find(const QString &name) const
{
    const auto found = m_settings.constFind(name);
    return found == m_settings.constEnd() ? nullptr : &*found;
}

QString PythonSettings::word(size_t token) const
{
    return m_text.mid(m_tokens[token].begin, m_tokens[token].end - m_tokens[token].begin);
}

/// Walks over the statements at the margin.
void PythonSettings::scan()
{
    int depth = 0;
    bool atStart = true;
    bool isFirst = true;
    for (size_t i = 0; i < m_tokens.size(); ++i) {
        const Token &token = m_tokens[i];
        if (token.kind == Tok::Indent)
            ++depth;
        else if (token.kind == Tok::Dedent)
            --depth;
        else if (atStart && depth == 0 && !endsStatement(token.kind)) {
            if (isFirst) {
                m_firstStatement = m_docBegin = m_docEnd = token.begin;
                if (token.kind == Tok::String && endsStatement(m_tokens[i + 1].kind))
                    m_docEnd = token.end;
                isFirst = false;
            }
            if (token.kind == Tok::Name && settingNames.contains(word(i)))
                setting(i);
        }
        atStart = token.kind == Tok::Newline || token.kind == Tok::Semicolon
                  || token.kind == Tok::Indent || token.kind == Tok::Dedent
                  || (atStart && token.kind == Tok::Newline);
    }
    if (isFirst)
        m_firstStatement = m_docBegin = m_docEnd = int(m_text.size());
}

void PythonSettings::setting(size_t name)
{
    Setting found{.line = m_tokens[name].line};
    size_t at = name + 1;
    int depth = 0;
    if (m_tokens[at].kind == Tok::Colon) {
        while (!endsStatement(m_tokens[at].kind)
               && (depth > 0 || m_tokens[at].kind != Tok::Assign)) {
            depth += opens(m_tokens[at].kind) ? 1 : closes(m_tokens[at].kind) ? -1 : 0;
            ++at;
        }
    }
    if (m_tokens[at].kind != Tok::Assign)
        return; // an annotation alone, a call, `down_revision += …`: the verification speaks of it
    const size_t first = at + 1;
    size_t last = first;
    while (!endsStatement(m_tokens[last].kind))
        ++last;
    if (first == last)
        return;
    found.begin = m_tokens[first].begin;
    found.end = m_tokens[last - 1].end;
    const qsizetype lineEnd = m_text.indexOf(u'\n', found.end);
    found.statementEnd = lineEnd < 0 ? int(m_text.size()) : int(lineEnd) + 1;
    found.hasComments = commentBetween(first, last);
    value(found, first, last);
    const QString key = word(name);
    if (m_settings.contains(key))
        found.computed = u"is set twice"_s;
    if (found.computed.isEmpty() && !found.items.isEmpty()
        && (key == u"revision" || m_settings.isEmpty())) {
        const QString literal = m_text.mid(found.items[0].begin, 8);
        m_quote = literal[py::stringPrefix(literal).length];
    }
    m_settings.insert(key, found);
}

bool PythonSettings::commentBetween(size_t first, size_t last) const
{
    for (size_t i = first; i + 1 < last; ++i) {
        if (QStringView(m_text)
                .sliced(m_tokens[i].end, m_tokens[i + 1].begin - m_tokens[i].end)
                .contains(u'#'))
            return true;
    }
    return false;
}

bool PythonSettings::isTexts(size_t first, size_t last) const
{
    for (size_t i = first; i < last; ++i) {
        if (m_tokens[i].kind != Tok::String || !plainText(word(i)))
            return false;
    }
    return first < last;
}

/// The value in the tokens [first, last).
void PythonSettings::value(Setting &setting, size_t first, size_t last)
{
    if (last == first + 1 && m_tokens[first].kind == Tok::KwNone)
        return;
    if (isTexts(first, last)) {
        setting.shape = Setting::Shape::Text;
        return items(setting, first, last);
    }
    const Tok open = m_tokens[first].kind;
    setting.shape = open == Tok::LeftBracket ? Setting::Shape::List
                    : open == Tok::LeftBrace ? Setting::Shape::Set
                                             : Setting::Shape::Tuple;
    if (!opens(open))
        return items(setting, first, last); // a tuple without brackets
    int depth = 0;
    for (size_t i = first; i < last; ++i) {
        depth += opens(m_tokens[i].kind) ? 1 : closes(m_tokens[i].kind) ? -1 : 0;
        if (depth == 0 && i + 1 < last) {
            setting.computed = u"is computed"_s;
            return;
        }
    }
    setting.closing = m_tokens[last - 1].begin;
    items(setting, first + 1, last - 1);
    const bool isPlainText =
        open == Tok::LeftParen && setting.items.size() == 1 && !setting.endsWithComma;
    if (isPlainText)
        setting.shape = Setting::Shape::Text;
    if (open == Tok::LeftBrace && setting.items.isEmpty())
        setting.computed = u"is computed"_s;
}

void PythonSettings::items(Setting &setting, size_t first, size_t last)
{
    for (size_t i = first; i < last;) {
        size_t end = i;
        while (end < last && m_tokens[end].kind != Tok::Comma)
            ++end;
        if (!isTexts(i, end)) {
            setting.computed = u"is computed"_s;
            return;
        }
        WrittenText text{.begin = m_tokens[i].begin, .end = m_tokens[end - 1].end};
        for (size_t piece = i; piece < end; ++piece)
            text.value += *plainText(word(piece));
        setting.items.append(text);
        setting.endsWithComma = end < last;
        i = end + 1;
    }
}

Result<QByteArray> PythonSettings::applied(const Splices &splices) const
{
    const QString &raw = m_source.text;
    QList<int> joined; // where, in text(), two characters of the file have become one line end
    for (qsizetype at = raw.indexOf(u"\r\n"); at >= 0; at = raw.indexOf(u"\r\n", at + 2))
        joined.append(int(at - joined.size()));
    const auto inFile = [&joined](qsizetype offset) {
        return offset
               + (std::lower_bound(joined.cbegin(), joined.cend(), int(offset)) - joined.cbegin());
    };
    const QString lineEnd = !joined.isEmpty() ? u"\r\n"_s : raw.contains(u'\r') ? u"\r"_s : u"\n"_s;
    Splices exact;
    for (const Splices::Part &part : splices.parts()) {
        for (const QChar c : part.with) {
            if (m_source.isLatin1 && c.unicode() > 127)
                return Error{
                    .code = ErrorCode::Unsupported,
                    .message =
                        u"%1 is not written in UTF-8, so '%2' can't be put into it; save it as "
                        "UTF-8 first."_s.arg(QFileInfo(m_file).fileName(), c),
                    .file = m_file};
        }
        exact.replace(inFile(part.begin), inFile(part.end),
                      QString(part.with).replace(u"\n"_s, lineEnd));
    }
    const QString text = exact.applied(raw);
    if (m_source.isLatin1)
        return text.toLatin1();
    return (m_source.hasMark ? QByteArray("\xEF\xBB\xBF") : QByteArray()) + text.toUtf8();
}

} // namespace tribikos
