#include "core/edit/ignoreedit.h"

#include "core/base/ignorerules.h"
#include "core/config/tomlfile.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString quoted(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + escaped + u'"';
}

/// Where a section of a TOML text ends and one of its lists stands. Offsets into the text; -1: there is none.
class SectionScan
{
public:
    SectionScan(const QString &text, const QString &section, const QString &key)
        : m_text(text)
        , m_section(section)
        , m_key(key)
    {
        while (m_at < m_text.size())
            readLine();
    }

    qsizetype sectionEnd = -1; // behind its last line that says something
    qsizetype listStart = -1;  // behind the "[" of the key's list
    qsizetype listEnd = -1;    // its "]"
    qsizetype lastItem = -1;   // behind the last thing in it that is neither blank nor a comment
    bool hasOddValue = false;  // the key has a value that is no list

private:
    void readLine();
    void readValue(bool isWanted);
    void skipString();
    void skipComment();
    QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }

    const QString &m_text;
    const QString m_section;
    const QString m_key;
    qsizetype m_at = 0;
    bool m_isInside = false;
};

void SectionScan::skipComment()
{
    while (m_at < m_text.size() && peek() != u'\n')
        ++m_at;
}

void SectionScan::skipString()
{
    const QChar quote = peek();
    const bool isLong = peek(1) == quote && peek(2) == quote;
    m_at += isLong ? 3 : 1;
    while (m_at < m_text.size()) {
        if (quote == u'"' && peek() == u'\\')
            ++m_at;
        else if (peek() == quote && (!isLong || (peek(1) == quote && peek(2) == quote)))
            break;
        ++m_at;
    }
    m_at = std::min(m_at + (isLong ? 3 : 1), m_text.size());
}

/// Up to the end of the line on which the value ends.
void SectionScan::readValue(bool isWanted)
{
    int depth = 0;
    bool isFirst = true;
    while (m_at < m_text.size()) {
        const QChar c = peek();
        if (c == u'\n' && depth == 0)
            return;
        if (c == u'#') {
            skipComment();
            continue;
        }
        if (c.isSpace()) {
            ++m_at;
            continue;
        }
        const bool opens = c == u'[' || c == u'{';
        const bool closes = c == u']' || c == u'}';
        if (isWanted && isFirst && c != u'[')
            hasOddValue = true;
        if (closes && --depth == 0 && isWanted && listEnd < 0)
            listEnd = m_at;
        if (opens && ++depth == 1 && isWanted && isFirst)
            listStart = lastItem = m_at + 1;
        isFirst = false;
        if (c == u'"' || c == u'\'')
            skipString();
        else
            ++m_at;
        if (isWanted && listEnd < 0)
            lastItem = m_at;
    }
}

void SectionScan::readLine()
{
    while (m_at < m_text.size() && peek().isSpace())
        ++m_at;
    if (peek() == u'#')
        return skipComment();
    const qsizetype start = m_at;
    if (peek() == u'[') {
        skipComment();
        const QString line = m_text.mid(start, m_at - start).section(u'#', 0, 0).simplified();
        m_isInside = QString(line).remove(u' ') == u'[' + m_section + u']';
    } else {
        while (m_at < m_text.size() && peek() != u'=' && peek() != u'\n') {
            if (peek() == u'"' || peek() == u'\'')
                skipString();
            else
                ++m_at;
        }
        const QString key = m_text.mid(start, m_at - start).trimmed();
        if (peek() == u'=')
            ++m_at;
        readValue(m_isInside && (key == m_key || key == quoted(m_key)));
    }
    if (m_isInside && m_at > start)
        sectionEnd = m_at;
}

/// \a text with the rule, in the way that the section is written in.
QString withRule(const QString &text, const QString &key, const QString &pattern)
{
    const SectionScan scan(text, u"ignore"_s, key);
    QString changed = text;
    const QString line = key + u" = ["_s + quoted(pattern) + u"]"_s;
    if (scan.listEnd >= 0) {
        const bool isEmpty = scan.lastItem <= scan.listStart;
        const QString before = text.mid(scan.listStart, scan.listEnd - scan.listStart);
        const bool hasComma = !isEmpty && text[scan.lastItem - 1] == u',';
        const qsizetype lineStart = text.lastIndexOf(u'\n', scan.lastItem - 1) + 1;
        qsizetype indented = lineStart;
        while (indented < text.size() && (text[indented] == u' ' || text[indented] == u'\t'))
            ++indented;
        const bool isLong = before.contains(u'\n') && !isEmpty && lineStart > scan.listStart;
        const QString gap = isLong ? u'\n' + text.mid(lineStart, indented - lineStart)
                                   : (isEmpty ? QString() : u" "_s);
        QString added = gap + quoted(pattern) + (hasComma ? u","_s : QString());
        if (isLong) { // behind a comment on the last item's line
            const qsizetype lineEnd = text.indexOf(u'\n', scan.lastItem);
            changed.insert(std::min(lineEnd, scan.listEnd), added);
            if (!hasComma)
                changed.insert(scan.lastItem, u',');
            return changed;
        }
        return changed.insert(scan.lastItem, (isEmpty || hasComma ? QString() : u","_s) + added);
    }
    if (scan.sectionEnd >= 0)
        return changed.insert(scan.sectionEnd, u'\n' + line);
    if (!changed.isEmpty() && !changed.endsWith(u'\n'))
        changed += u'\n';
    return changed + (changed.isEmpty() ? QString() : u"\n"_s) + u"[ignore]\n"_s + line + u'\n';
}

Error usage(const QString &message, const QString &file)
{
    return {.code = ErrorCode::Usage, .message = message, .file = file};
}

} // namespace

Result<Edit> addIgnoreRule(const QString &file, const QString &key, const QString &pattern)
{
    if (!IgnoreRules::keys().contains(key))
        return usage(
            u"There is no rule '%1'; there are %2."_s.arg(key, IgnoreRules::keys().join(u", "_s)),
            file);
    if (const QString problem = patternProblem(key, pattern); !problem.isEmpty())
        return usage(problem, file);
    std::optional<QByteArray> before;
    if (QFile there(file); QFileInfo::exists(file)) {
        if (!there.open(QIODevice::ReadOnly))
            return Error{.code = ErrorCode::Unreadable,
                         .message = u"%1 can't be read: %2."_s.arg(file, there.errorString()),
                         .file = file};
        before = there.readAll();
    }
    const auto toml = parseToml(before.value_or(QByteArray()), file);
    if (!toml)
        return toml.error();
    const QStringList had = (*toml)[u"ignore"_s][key].texts().value_or(QStringList());
    if (had.contains(pattern))
        return usage(u"%1 has this rule already."_s.arg(QFileInfo(file).fileName()), file);

    const QByteArray after =
        withRule(QString::fromUtf8(before.value_or(QByteArray())), key, pattern).toUtf8();
    const auto again = parseToml(after, file);
    const bool isRight =
        again && (*again)[u"ignore"_s][key].texts() == std::optional(had + QStringList{pattern})
        && (*again)[u"ignore"_s].entries.size() - (*toml)[u"ignore"_s].entries.size()
               == ((*toml)[u"ignore"_s][key].isNone() ? 1 : 0);
    if (!isRight)
        return Error{
            .code = ErrorCode::Unsupported,
            .message =
                u"The section [ignore] of %1 is written in a way that isn't edited; add "
                "%2 = [%3] to it yourself."_s.arg(QFileInfo(file).fileName(), key, quoted(pattern)),
            .file = file};
    return Edit{.title = u"Ignore %1 %2"_s.arg(key, pattern),
                .changes = {{.path = file, .before = before, .after = after}}};
}

} // namespace tribikos
