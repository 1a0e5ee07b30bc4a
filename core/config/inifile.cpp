#include "core/config/inifile.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int deepestInterpolation = 10;        // as Python's
constexpr qsizetype longestValue = 1024 * 1024; // UTF-16 units; nested references can grow fast

QStringList linesOf(QString text)
{
    text.remove(QChar::ByteOrderMark);
    text.replace(u"\r\n"_s, u"\n"_s);
    text.replace(u'\r', u'\n');
    return text.split(u'\n');
}

} // namespace

/// One pass over the lines, with ConfigParser's notion of where a value ends.
class IniParser
{
public:
    explicit IniParser(IniFile *ini)
        : m_ini(ini)
    {}
    Status parse(const QString &text);

private:
    Status statement(const QString &value);
    Status section(const QString &name);
    Status option(const QString &key, const QString &value);
    Error syntax(const QString &message) const;
    void finish();

    IniFile *m_ini;
    IniFile::Section *m_section = nullptr;
    QString m_sectionName{};
    QString m_key{};
    QSet<QString> m_seen{};
    qsizetype m_indent = 0;
    int m_line = 0;
};

Error IniParser::syntax(const QString &message) const
{
    const QString name = QFileInfo(m_ini->m_file).fileName();
    return {.code = ErrorCode::Syntax,
            .message = u"%1:%2: %3"_s.arg(name, QString::number(m_line), message),
            .file = m_ini->m_file,
            .line = m_line};
}

Status IniParser::section(const QString &name)
{
    m_key.clear();
    m_sectionName = name;
    if (name == u"DEFAULT") {
        m_section = &m_ini->m_default;
        return done();
    }
    if (m_ini->m_sections.contains(name)) {
        return syntax(
            u"section [%1] stands here a second time, it began in line %2; join the two."_s.arg(
                name, QString::number(m_ini->m_sections[name].line)));
    }
    m_ini->m_order.append(name);
    m_section = &m_ini->m_sections[name];
    m_section->line = m_line;
    return done();
}

Status IniParser::option(const QString &key, const QString &value)
{
    m_key = key.toLower();
    const QString seen = m_sectionName + u'\n' + m_key;
    if (m_seen.contains(seen)) {
        return syntax(
            u"'%1' stands a second time in [%2], first in line %3; keep one of them."_s.arg(
                m_key, m_sectionName, QString::number(m_section->entries[m_key].line)));
    }
    m_seen.insert(seen);
    if (!m_section->entries.contains(m_key))
        m_section->order.append(m_key);
    m_section->entries[m_key] = {value, m_line};
    return done();
}

Status IniParser::statement(const QString &value)
{
    static const QRegularExpression header(u"^\\[(.+)\\]"_s);
    if (const auto match = header.match(value); match.hasMatch())
        return section(match.captured(1));
    if (!m_section)
        return syntax(u"a [section] line is expected before anything else."_s);
    const qsizetype sign = std::ranges::find_if(value, [](QChar c) { return c == u'=' || c == u':'; })
                           - value.cbegin();
    const QString key = value.left(sign).trimmed();
    if (sign == value.size() || key.isEmpty())
        return syntax(
            u"neither a section, nor 'key = value', nor a comment: %1"_s.arg(value.left(60)));
    return option(key, value.mid(sign + 1).trimmed());
}

void IniParser::finish()
{
    const auto trimEnds = [](IniFile::Section &section) {
        for (IniFile::Entry &entry : section.entries) {
            while (!entry.text.isEmpty() && entry.text.back().isSpace())
                entry.text.chop(1);
        }
    };
    trimEnds(m_ini->m_default);
    for (IniFile::Section &section : m_ini->m_sections)
        trimEnds(section);
}

Status IniParser::parse(const QString &text)
{
    for (const QString &line : linesOf(text)) {
        ++m_line;
        const QString value = line.trimmed();
        if (value.startsWith(u'#') || value.startsWith(u';'))
            continue;
        const bool isInValue = m_section && !m_key.isEmpty();
        if (value.isEmpty()) {
            if (isInValue)
                m_section->entries[m_key].text += u'\n';
            continue;
        }
        qsizetype indent = 0;
        while (line[indent].isSpace())
            ++indent;
        if (isInValue && indent > m_indent) {
            m_section->entries[m_key].text += u'\n' + value;
            continue;
        }
        m_indent = indent;
        if (const Status taken = statement(value); !taken)
            return taken.error();
    }
    finish();
    return done();
}

Result<IniFile> IniFile::parse(const QString &text, const QString &file,
                               const QHash<QString, QString> &defaults)
{
    IniFile ini;
    ini.m_file = file;
    for (auto it = defaults.cbegin(); it != defaults.cend(); ++it) {
        QString value = it.value();
        ini.m_default.entries[it.key()] = {value.replace(u'%', u"%%"_s), 0};
        ini.m_default.order.append(it.key());
    }
    if (const Status parsed = IniParser(&ini).parse(text); !parsed)
        return parsed.error();
    return ini;
}

const IniFile::Entry *IniFile::entry(const QString &section, const QString &key) const
{
    const QString folded = key.toLower();
    if (const auto own = m_sections.constFind(section); own != m_sections.constEnd()) {
        if (const auto found = own->entries.constFind(folded); found != own->entries.constEnd())
            return &*found;
    } else if (section != u"DEFAULT") {
        return nullptr;
    }
    const auto found = m_default.entries.constFind(folded);
    return found == m_default.entries.constEnd() ? nullptr : &*found;
}

QStringList IniFile::keys(const QString &section) const
{
    QStringList list;
    if (const auto own = m_sections.constFind(section); own != m_sections.constEnd())
        list = own->order;
    for (const QString &key : m_default.order) {
        if (!list.contains(key))
            list.append(key);
    }
    return list;
}

int IniFile::line(const QString &section, const QString &key) const
{
    if (key.isEmpty())
        return m_sections.value(section).line;
    const Entry *found = entry(section, key);
    return found ? found->line : 0;
}

std::optional<QString> IniFile::rawValue(const QString &section, const QString &key) const
{
    const Entry *found = entry(section, key);
    return found ? std::optional(found->text) : std::nullopt;
}

Error IniFile::failure(const QString &section, const QString &key, const QString &message) const
{
    const int at = line(section, key);
    const QString name = QFileInfo(m_file).fileName();
    return {.code = ErrorCode::Syntax,
            .message =
                u"%1:%2: '%3' in [%4] %5"_s.arg(name, QString::number(at), key, section, message),
            .file = m_file,
            .line = at};
}

Status IniFile::interpolate(const QString &section, const QString &key, const QString &text,
                            int depth, QString *result) const
{
    static const QRegularExpression reference(u"%\\(([^)]+)\\)s"_s);
    if (depth > deepestInterpolation)
        return failure(section, key, u"refers to other keys in a ring or too deeply."_s);
    for (qsizetype from = 0; from < text.size();) {
        const qsizetype percent = text.indexOf(u'%', from);
        result->append(QStringView(text).mid(from, percent < 0 ? -1 : percent - from));
        if (result->size() > longestValue)
            return failure(section, key, u"grows beyond 1 MiB."_s);
        if (percent < 0)
            return done();
        const QChar next = percent + 1 < text.size() ? text[percent + 1] : QChar();
        if (next == u'%') {
            result->append(u'%');
            from = percent + 2;
            continue;
        }
        const auto match = reference.match(text, percent, QRegularExpression::NormalMatch,
                                           QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return failure(section, key,
                           u"has a lone %; write %% for the sign or %(name)s for a key's value."_s);
        const Entry *other = entry(section, match.captured(1));
        if (!other)
            return failure(section, key,
                           u"refers to %(%1)s, which is not a key of [%2] or [DEFAULT]."_s.arg(
                               match.captured(1), section));
        if (const Status inner = interpolate(section, key, other->text, depth + 1, result); !inner)
            return inner.error();
        from = match.capturedEnd();
    }
    return done();
}

Result<std::optional<QString>> IniFile::value(const QString &section, const QString &key) const
{
    const Entry *found = entry(section, key);
    if (!found)
        return std::optional<QString>();
    QString text;
    if (const Status read = interpolate(section, key, found->text, 1, &text); !read)
        return read.error();
    return std::optional(text);
}

} // namespace tribikos
