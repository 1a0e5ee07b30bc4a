#include "ui/shell/problems.h"

#include "core/base/text.h"
#include "core/config/versionfiles.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/wording.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct Problems
{
    Q_DECLARE_TR_FUNCTIONS(Problems)
};

constexpr qint64 shownScriptBytes = 1 << 20;

} // namespace

QString problemText(const Diagnostic &problem)
{
    QString text = problem.message.simplified();
    const QString name = QFileInfo(problem.file).fileName();
    if (!name.isEmpty() && text.startsWith(name)) {
        static const QRegularExpression place(u"^(:\\d+)*:?\\s+"_s);
        text = text.mid(name.size());
        text.remove(place);
    }
    return visibleText(text.isEmpty() ? problem.message.simplified() : text, false);
}

bool isProblemOf(const Diagnostic &problem, const QString &id)
{
    if (!problem.revision.isEmpty() || problem.file.isEmpty() || id.isEmpty())
        return problem.revision == id;
    static const QRegularExpression gaps(u"[_\\-. ]+"_s);
    return QFileInfo(problem.file).completeBaseName().split(gaps).contains(id);
}

std::optional<ProblemsNote> problemsNote(const Project &project)
{
    const Diagnostics &problems = project.diagnostics();
    auto first = std::ranges::find(problems, Severity::Error, &Diagnostic::severity);
    const bool isError = first != problems.cend();
    if (!isError && project.graph().revisionCount() == 0) // why there is nothing
        first = problems.cbegin();
    if (first == problems.cend()) {
        if (const auto refusal = project.graph().refusal())
            return ProblemsNote{{}, errorText(*refusal), true};
        return {};
    }
    const auto count = isError ? std::ranges::count(problems, Severity::Error, &Diagnostic::severity)
                               : problems.size();
    const QString place = placeText(first->file, first->span.line);
    const QString text = visibleText(first->message.simplified(), false);
    return ProblemsNote{
        count > 1 ? Problems::tr("%n problems", nullptr, int(count)) : QString(),
        place.isEmpty() || text.contains(place) ? text : text + u'\n' + place, isError};
}

QString unreadableScript(const Project &project, const QString &id)
{
    for (const Diagnostic &problem : project.diagnostics()) {
        if (!problem.revision.isEmpty() || !isProblemOf(problem, id))
            continue;
        if (const auto bytes = readRegularFile(problem.file, shownScriptBytes))
            return QString::fromUtf8(*bytes);
    }
    return {};
}

Diagnostics evaluationProblems(const Project &project, const QStringList &notes)
{
    const RevisionGraph &graph = project.graph();
    QHash<QString, int> nodes;
    for (int node = 0; node < graph.revisionCount(); ++node)
        nodes.insert(QFileInfo(graph.revision(node).file).fileName(), node);
    Diagnostics problems;
    static const QRegularExpression leading(u"^migrations: ([^:]+\\.\\w+):(\\d+)"_s);
    for (const QString &note : notes) {
        const QRegularExpressionMatch match = leading.match(note);
        const int node = match.hasMatch() ? nodes.value(match.captured(1), -1) : -1;
        if (node < 0)
            continue;
        const Revision &revision = graph.revision(node);
        problems.append({.severity = Severity::Warning,
                         .code = u"not-evaluated"_s,
                         .message = note.section(u": "_s, 1),
                         .file = revision.file,
                         .span = {.line = match.captured(2).toInt()},
                         .revision = revision.id});
    }
    return problems;
}

QString unknownRowsText(const Environment &environment, const QStringList &rows)
{
    return Problems::tr("%1 is at a revision that no file here has: %2. Bring its file back, or "
                        "stamp the database at the revision that it really is at.")
        .arg(visibleText(environment.name, false), shownPosition(rows));
}

QString refusalText(const Project &project, const Environment &environment,
                    const EnvironmentState *state)
{
    if (project.graph().revisionCount() == 0)
        return Problems::tr("There is no revision to run.");
    if (const auto refusal = project.graph().refusal())
        return visibleText(refusal->message, false);
    if (state && !state->unknown.isEmpty())
        return unknownRowsText(environment, state->unknown);
    return {};
}

} // namespace tribikos
