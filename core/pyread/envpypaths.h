#pragma once

#include "core/pyread/ast.h"

#include <QHash>
#include <optional>

namespace tribikos::py {

/// Works out paths and other constants in the text of env.py: strings, os.path and pathlib calls on
/// __file__ or the working directory, and names assigned from those. Nothing is called.
class StaticPaths
{
public:
    /// \a file is the module's own path; os.getcwd() counts as \a workingFolder.
    StaticPaths(const ast::Module &tree, QString file, QString workingFolder);

    /// The string that \a expression certainly is.
    std::optional<QString> text(const ast::Expr *expression, int depth = 0) const;
    std::optional<bool> truth(const ast::Expr *expression) const;
    /// What \a name was assigned at the top level last; null: never, or by something else.
    const ast::Expr *assigned(const QString &name) const { return m_assigned.value(name); }

    /// "os.path.join" of a chain of names, "" of anything else.
    static QString dotted(const ast::Expr *expression);

private:
    std::optional<QString> call(const ast::Call &node, int depth) const;
    std::optional<QString> attribute(const ast::Attribute &node, int depth) const;
    std::optional<QString> parents(const ast::Subscript &node, int depth) const;

    const QString m_file;
    const QString m_workingFolder;
    QHash<QString, const ast::Expr *> m_assigned{};
    mutable int m_steps = 0; // used up so far
};

} // namespace tribikos::py
