#pragma once

#include "core/autogenerate/autogenerate.h"

#include <QString>
#include <QStringList>

namespace tribikos {

/// What env.py's context.configure() says about the text of new revisions.
struct PythonStyle
{
    Backend backend = Backend::Sqlite; // of the database that was compared
    bool rendersAsBatch = false;
    QString sqlalchemyPrefix = QStringLiteral("sa.");
    QString alembicPrefix = QStringLiteral("op.");
    std::optional<QString> userModulePrefix{}; // nullopt: a type's own module
};

/// The variables of script.py.mako.
struct PythonBody
{
    QString upgrades{};   // the first line without its indentation, as the template expects it
    QString downgrades{};
    QStringList imports{}; // sorted
    QStringList remarks{}; // what a person has to complete
};

/// \a changes as Alembic's renderer prints them, to the blank (alembic-semantics 9.7).
PythonBody pythonBody(const ModelChanges &changes, const PythonStyle &style);

} // namespace tribikos
