#pragma once

#include "core/pyread/envpypaths.h"
#include "core/pyread/source.h"

#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

namespace tribikos::py {

/// What env.py itself puts into Flask-Migrate's configure_args before it passes them on.
struct ConfigureArgs
{
    std::vector<ast::Argument> own{}; // conf_args["x"] = …, in order
    QStringList maybe{};              // set under a condition
    bool isOfVersion4 = false;        // the template of Flask-Migrate 4 asks whether a hook is there
    bool isSet(const QString &name) const; // whatever anybody else says
};

/// `**current_app.extensions['migrate'].configure_args`, or a name that stands for it, as the templates of Flask-Migrate
/// have it. \a value is what follows the stars, \a function the one around the call. nullopt: it is something else, or
/// changed by code.
std::optional<ConfigureArgs> configureArgs(const ast::Module &tree,
                                           const ast::FunctionDef *function,
                                           const ast::Expr *value);

/// One argument that a project's Migrate(app, db, …) or migrate.init_app(app, db, …) leaves in configure_args.
struct MigrateSetting
{
    ast::Argument argument{};
    std::shared_ptr<const StaticPaths> paths{}; // of the file that it stands in
    bool isSure = true; // false: calls that may run do not agree on it
};

/// What a project's calls of Flask-Migrate hand to env.py, found in its text; nothing is run.
struct MigrateCalls
{
    std::vector<MigrateSetting> settings{};
    QStringList places{};       // "FILE:LINE" of the calls; empty: none is found
    QStringList files{};        // that they stand in
    QString unread{};           // "FILE:LINE passes …": why they can't be known; empty: they are
    std::optional<int> version{}; // major version of Flask-Migrate that the project pins
    std::vector<std::shared_ptr<const Source>> sources{}; // own the arguments
};

/// Looks through the Python files of the project that \a environmentFile belongs to: from the folder above its own, or
/// above the package around that, without tests, virtual environments and hidden folders. Thread-safe.
MigrateCalls findMigrateCalls(const QString &environmentFile);

} // namespace tribikos::py
