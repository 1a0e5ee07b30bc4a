#pragma once

#include "core/base/backend.h"

#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// What only the user of a project can say of the surroundings that its scripts ask for: [values],
/// [environment-variables] and [offline] of tribikos.toml (docs/TRIBIKOS-TOML.md). A key may begin with a
/// database's name: "mysql:package.NAME" is of that one only.
struct ScriptFacts
{
    QMap<QString, QString> values{};    // "package.NAME", "package.f()", "f('a')", "d['k']" -> a Python expression
    QMap<QString, QString> variables{}; // what os.environ holds
    // Of the database that an offline script is for; a run asks its own.
    QStringList emptyTables{};          // "t", "schema.t", "*": without rows but for those that the script inserts
    QMap<QString, QString> answers{};   // "REVISION\nSQL" (REVISION may be empty) -> its rows, a Python list
    QString defaultSchema{};            // empty: not said
    QMap<QString, QString> serverVersion{}; // "" or "mysql:" -> "8.0.36"
    friend bool operator==(const ScriptFacts &, const ScriptFacts &) = default;
};

/// Of \a answers those for \a revision, over those for every one, as "\nSQL".
QMap<QString, QString> ofRevision(const QMap<QString, QString> &answers, const QString &revision);
/// \a sql as it stands in a key: one line, without a semicolon at its end.
QString answerKey(const QString &sql);
/// Of \a texts the entries for every database, and over them those for \a backend, without its name.
QMap<QString, QString> ofBackend(const QMap<QString, QString> &texts, std::optional<Backend> backend);

} // namespace tribikos
