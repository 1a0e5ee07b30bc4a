#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/*!
    An ini file as Python's configparser.ConfigParser reads it with its default settings: keys are
    folded to lower case, sections are not; "=" or ":" separates; "#" and ";" begin comment lines;
    deeper indented lines continue a value; [DEFAULT] is seen by every section; %(name)s and %% are
    interpolated when a value is read. Immutable value; what can go wrong at parse() is a Syntax
    error with its line, what can go wrong at value() too.
*/
class IniFile
{
public:
    /// An empty file. \a defaults are lowest in rank; Alembic gives "here".
    IniFile() = default;
    static Result<IniFile> parse(const QString &text, const QString &file,
                                 const QHash<QString, QString> &defaults = {});

    QString file() const { return m_file; }
    QStringList sections() const { return m_order; }
    bool hasSection(const QString &section) const { return m_sections.contains(section); }
    /// The section's own keys and those of [DEFAULT], own first, each once.
    QStringList keys(const QString &section) const;
    /// The line of a key (0: it is a default), or of the section when \a key is empty.
    int line(const QString &section, const QString &key = {}) const;
    /// The interpolated value; nullopt when neither the section nor [DEFAULT] has the key.
    Result<std::optional<QString>> value(const QString &section, const QString &key) const;
    /// As written, without interpolation.
    std::optional<QString> rawValue(const QString &section, const QString &key) const;

private:
    struct Entry
    {
        QString text{};
        int line = 0;
    };
    struct Section
    {
        int line = 0;
        QHash<QString, Entry> entries{};
        QStringList order{};
    };
    friend class IniParser;

    const Entry *entry(const QString &section, const QString &key) const;
    Status interpolate(const QString &section, const QString &key, const QString &text, int depth,
                       QString *result) const;
    Error failure(const QString &section, const QString &key, const QString &message) const;

    QString m_file{};
    QStringList m_order{};
    QHash<QString, Section> m_sections{};
    Section m_default{};
};

} // namespace tribikos
