#include "core/config/mainoptions.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

void MainOptions::setIni(IniFile ini, const QString &section)
{
    m_ini = std::move(ini);
    m_section = section;
    m_hasIni = true;
}

void MainOptions::setToml(TomlValue table, const QString &file)
{
    m_toml = std::move(table);
    m_tomlFile = file;
}

bool MainOptions::isInIni(const QString &key) const
{
    return m_hasIni && m_ini.hasSection(m_section) && m_ini.rawValue(m_section, key).has_value();
}

QString MainOptions::file(const QString &key) const
{
    return isInIni(key) || m_tomlFile.isEmpty() ? m_ini.file() : m_tomlFile;
}

int MainOptions::line(const QString &key) const
{
    return isInIni(key) ? m_ini.line(m_section, key) : m_toml[key].line;
}

Error MainOptions::error(const QString &key, const QString &message) const
{
    const QString name = QFileInfo(file(key)).fileName();
    return {.code = ErrorCode::ProjectRefused,
            .message = u"%1:%2: %3"_s.arg(name, QString::number(line(key)), message),
            .file = file(key),
            .line = line(key)};
}

Result<QString> MainOptions::formatted(const QString &key, const TomlValue &value) const
{
    QString result;
    const QString &text = value.text;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != u'%') {
            result += text[i];
        } else if (text.mid(i, 2) == u"%%") {
            result += u'%';
            ++i;
        } else if (text.mid(i, 8) == u"%(here)s") {
            result += QFileInfo(m_tomlFile).absolutePath();
            i += 7;
        } else {
            return error(key, u"'%1' has a lone %; write %% for the sign or %(here)s for the "
                              "folder."_s.arg(key));
        }
    }
    return result;
}

Result<std::optional<QString>> MainOptions::text(const QString &key) const
{
    if (isInIni(key))
        return m_ini.value(m_section, key);
    const TomlValue &value = m_toml[key];
    switch (value.kind) {
    case TomlValue::Kind::None:
    case TomlValue::Kind::List:
    case TomlValue::Kind::Table: return std::optional<QString>();
    case TomlValue::Kind::Integer: return std::optional(QString::number(value.integer));
    case TomlValue::Kind::Boolean: return std::optional(value.boolean ? u"true"_s : u"false"_s);
    case TomlValue::Kind::Real:
    case TomlValue::Kind::Other:
        return error(key, u"unsupported TOML value type for key: '%1'"_s.arg(key));
    case TomlValue::Kind::Text: break;
    }
    const auto made = formatted(key, value);
    if (!made)
        return made.error();
    return std::optional(*made);
}

Result<std::optional<QStringList>> MainOptions::list(const QString &key) const
{
    const TomlValue &value = m_toml[key];
    if (isInIni(key) || value.kind != TomlValue::Kind::List)
        return std::optional<QStringList>();
    QStringList texts;
    for (const TomlValue &item : value.items) {
        if (item.kind != TomlValue::Kind::Text)
            return error(key, u"unsupported TOML value type for key: '%1'"_s.arg(key));
        const auto made = formatted(key, item);
        if (!made)
            return made.error();
        texts.append(*made);
    }
    return std::optional(texts);
}

Result<bool> MainOptions::exactFlag(const QString &key) const
{
    const TomlValue &value = m_toml[key];
    if (!isInIni(key) && !value.isNone() && value.kind != TomlValue::Kind::Boolean)
        return error(key, u"boolean value expected for TOML parameter '%1'"_s.arg(key));
    const auto found = text(key);
    if (!found)
        return found.error();
    return found->value_or(QString()) == u"true";
}

Result<bool> MainOptions::flag(const QString &key) const
{
    static const QStringList yes{u"true"_s, u"yes"_s, u"on"_s, u"y"_s, u"t"_s, u"1"_s};
    static const QStringList no{u"false"_s, u"no"_s, u"off"_s, u"n"_s, u"f"_s, u"0"_s, u""_s};
    const auto found = text(key);
    if (!found)
        return found.error();
    const QString value = found->value_or(QString()).trimmed().toLower();
    if (!yes.contains(value) && !no.contains(value))
        return error(key, u"'%1' is neither true nor false: %2"_s.arg(key, value));
    return yes.contains(value);
}

QStringList MainOptions::keys() const
{
    QStringList all;
    if (m_hasIni && m_ini.hasSection(m_section))
        all = m_ini.keys(m_section);
    for (const auto &entry : m_toml.entries) {
        if (!all.contains(entry.first))
            all.append(entry.first);
    }
    return all;
}

} // namespace tribikos
