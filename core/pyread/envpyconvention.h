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

/// The naming_convention of env.py's target_metadata, by evaluating env.py's top level and what it
/// imports of the project; empty for a MetaData without one, for None and, as Alembic has it, for a
/// list. nullopt: it can't be told. Thread-safe.
std::optional<QMap<QString, QString>> readTargetConvention(const ConventionRequest &request);

} // namespace tribikos
