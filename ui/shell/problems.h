#pragma once

#include "core/project/project.h"

#include <optional>

/// What the window says of a project's diagnostics; no widget is needed for it.
namespace tribikos {

/// The message without the place that it may begin with: that stands on a line of its own.
QString problemText(const Diagnostic &problem);
/// Whether \a problem is about revision \a id: it says so, or its file has the id in its name.
bool isProblemOf(const Diagnostic &problem, const QString &id);

/// The first thing that is wrong, for the banner over the history.
struct ProblemsNote
{
    QString title{}; // "3 problems"; empty when there is one
    QString text{};
    bool isError = true;
};
std::optional<ProblemsNote> problemsNote(const Project &project);

/// The text of a script that could not be read as a revision: of the file that \a id's problem names.
QString unreadableScript(const Project &project, const QString &id);

/// What a comparison found about revisions that can't be evaluated: \a notes are Comparison::notes.
Diagnostics evaluationProblems(const Project &project, const QStringList &notes);

/// Why nothing can be upgraded or downgraded; empty when it can.
QString refusalText(const Project &project, const Environment &environment,
                    const EnvironmentState *state);
/// "local is at a revision that no file here has: …"
QString unknownRowsText(const Environment &environment, const QStringList &rows);

} // namespace tribikos
