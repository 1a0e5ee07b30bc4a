#pragma once

#include "core/config/inifile.h"
#include "core/config/tomlfile.h"

namespace tribikos {

/*!
    Alembic's options by name: the ini's section first, then [tool.alembic] of pyproject.toml, whose
    texts go through Python's % formatting with "here" alone. Inside of this room only.
*/
class MainOptions
{
public:
    void setIni(IniFile ini, const QString &section);
    void setToml(TomlValue table, const QString &file);

    bool hasIni() const { return m_hasIni; }
    const IniFile &ini() const { return m_ini; }
    QString iniSection() const { return m_section; }

    Result<std::optional<QString>> text(const QString &key) const;
    /// A TOML list as it stands; nullopt when the value is a text or missing.
    Result<std::optional<QStringList>> list(const QString &key) const;
    /// Alembic's two notions of true: only "true" as it stands, or yes, on, 1 ... too.
    Result<bool> exactFlag(const QString &key) const;
    Result<bool> flag(const QString &key) const;
    QStringList keys() const;
    /// A TOML value as it stands.
    const TomlValue &toml(const QString &key) const { return m_toml[key]; }
    QString tomlFile() const { return m_tomlFile; }
    /// Where \a key is said, for messages.
    QString file(const QString &key) const;
    int line(const QString &key) const;
    Error error(const QString &key, const QString &message) const;

private:
    bool isInIni(const QString &key) const;
    Result<QString> formatted(const QString &key, const TomlValue &value) const;

    IniFile m_ini{};
    QString m_section{};
    bool m_hasIni = false;
    TomlValue m_toml{};
    QString m_tomlFile{};
};

} // namespace tribikos
