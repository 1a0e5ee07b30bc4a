#pragma once

#include "core/base/scriptfacts.h"

#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// An env.py and what it may know.
struct ConventionRequest
{
    QString environmentFile{};
    QStringList searchPath{}; // folders that the project imports from, first one first
    std::optional<QMap<QString, QString>> options{}; // of the configuration's main section
    QString section{};
    QMap<QString, QString> types{}; // the user's own column types
    ScriptFacts facts{};
};

/// What env.py and the modules that it imports change of every revision's script.
struct EnvTarget
{
    /// The naming_convention of target_metadata; empty for a MetaData without one, for None and, as
    /// Alembic has it, for a list. nullopt: it can't be told.
    std::optional<QMap<QString, QString>> convention{};
    /// They draw types or clauses of SQLAlchemy's own with @compiles: scripts must be read after them.
    bool drawsClauses = false;
};

/// By evaluating env.py's top level and what it imports of the project. Thread-safe.
EnvTarget readEnvTarget(const ConventionRequest &request);

} // namespace tribikos
