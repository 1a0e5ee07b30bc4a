#pragma once

#include "core/base/result.h"

#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// A TOML value as plain data: what the two configuration readers need of the library.
struct TomlValue
{
    enum class Kind { None, Text, Integer, Real, Boolean, List, Table, Other };
    Kind kind = Kind::None;
    QString text{};
    qint64 integer = 0;
    double real = 0;
    bool boolean = false;
    QList<TomlValue> items{};                      // List
    QList<QPair<QString, TomlValue>> entries{};    // Table, in the file's order
    int line = 0;

    /// The entry of a table; a value of Kind::None when there is none.
    const TomlValue &operator[](const QString &key) const;
    bool isNone() const { return kind == Kind::None; }
    /// A text, or a list of texts alone; nullopt for anything else.
    std::optional<QStringList> texts() const;
};

/// Reads and parses the file at \a path. NotFound, Unreadable, or Syntax with the line.
Result<TomlValue> readToml(const QString &path);
Result<TomlValue> parseToml(const QByteArray &bytes, const QString &path);

} // namespace tribikos
