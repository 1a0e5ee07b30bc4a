#pragma once

#include <QList>
#include <QString>

namespace tribikos {

/// A stretch of a source file; lines and columns are 1-based, 0 is "unknown". Columns count UTF-16 units.
struct SourceSpan
{
    int line = 0;
    int column = 0;
    int endLine = 0;
    int endColumn = 0;
    friend bool operator==(const SourceSpan &, const SourceSpan &) = default;
};

enum class Severity { Info, Warning, Error };

/// One thing that is wrong with the project, beside a result that stays usable.
struct Diagnostic
{
    Severity severity = Severity::Error;
    QString code{};    // stable, kebab-case: "duplicate-revision", "missing-parent", "syntax-error"
    QString message{}; // one sentence: what, where, what to do
    QString file{};    // absolute path, or empty
    SourceSpan span{};
    QString revision{}; // the revision it belongs to, or empty
    friend bool operator==(const Diagnostic &, const Diagnostic &) = default;
};

using Diagnostics = QList<Diagnostic>;

} // namespace tribikos
