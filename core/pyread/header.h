#pragma once

#include "core/base/result.h"
#include "core/pyread/interpreter.h"

#include <QByteArray>
#include <QStringList>

namespace tribikos::py {

/// What the graph needs of a revision script, read without evaluating a function body and whatever
/// else the module's top level does (alembic-semantics.md §2.2-2.4).
struct ScriptHeader
{
    QString revision{};
    QStringList downRevisions{}; // empty: a base
    QStringList labels{};
    QStringList dependsOn{};
    QString doc{};        // the message: longDoc up to its first empty line
    QString longDoc{};    // the docstring, stripped
    QString createDate{}; // what follows "Create Date:" in the docstring, as written
    bool hasUpgrade = false;
    bool hasDowngrade = false;
    Error problem{}; // the text ends in a syntax error further down; no message: it doesn't
    int revisionLine = 0; // 1-based line of `revision = …`; 0: the id comes from the file's name
    friend bool operator==(const ScriptHeader &, const ScriptHeader &) = default;
};

/// Reads the header of the script \a bytes; \a file gives the legacy id and goes into messages.
/// Errors: Syntax (not Python), Unreadable (encoding, size), ProjectRefused (no revision, no
/// down_revision, values that can't be read); the line is set. \a finder serves the few scripts whose
/// labels are constants imported from the project. Thread-safe as far as \a finder is.
/// Scripts of the usual shape are read from their tokens alone, so that errors of grammar in a
/// function's body come to light only when it is parsed.
Result<ScriptHeader> readHeader(const QByteArray &bytes, const QString &file,
                                const ModuleFinder &finder = {});

} // namespace tribikos::py
