#include "core/project/sourcecomparison.h"

#include "core/project/renamerequest.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isBelow(const RevisionGraph &graph, const QString &lower, const QString &upper)
{
    return graph.appliedNodes({upper}).testBit(graph.find(lower));
}

bool areBranches(const RevisionGraph &graph, const SourceSchema &from, const SourceSchema &to)
{
    if (from.revisions.size() != 1 || to.revisions.size() != 1)
        return false;
    const QString one = from.revisions.constFirst();
    const QString other = to.revisions.constFirst();
    return !isBelow(graph, one, other) && !isBelow(graph, other, one);
}

} // namespace

Result<Backend> commonBackend(const Project &project, const QList<SourceRequest> &sources,
                              std::optional<Backend> wanted)
{
    for (const SourceRequest &source : sources) {
        const auto own = sourceBackend(project, source);
        if (own && wanted && *own != *wanted)
            return Error{.code = ErrorCode::Usage,
                         .message = u"%1 is of %2 and can't be compared with a schema of %3."_s.arg(
                             source.word, backendTitle(*own), backendTitle(*wanted))};
        if (own)
            wanted = own;
    }
    return wanted.value_or(sources.constFirst().backend);
}

Result<ComparedSources> compareNamed(const Project &project, const SourceRequest &from,
                                     const SourceRequest &to, std::optional<Backend> wanted,
                                     const std::stop_token &stop, const QStringList &renames)
{
    QElapsedTimer timer;
    timer.start();
    const auto backend = commonBackend(project, {from, to}, wanted);
    if (!backend)
        return backend.error();
    ComparedSources both;
    for (const auto &[request, side] : {std::pair(&from, &both.from), std::pair(&to, &both.to)}) {
        SourceRequest one = *request;
        one.backend = *backend;
        auto source = readSource(project, one, stop);
        if (!source)
            return source.error();
        *side = source.take();
    }
    if (!renames.isEmpty()) {
        const auto asked =
            renamesIn(both.from.schema, both.to.schema, both.to.title + u" has"_s, renames);
        if (!asked)
            return asked.error();
        both.from.renames = *asked;
        both.from.beforeRenames = both.from.schema;
        both.from.schema = renamed(both.from.schema, *asked);
    }
    both.comparison = compareSources(project, both.from, both.to, *backend, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"The comparison was cancelled."_s};
    both.areBranches = areBranches(project.graph(), both.from, both.to);
    both.milliseconds = timer.elapsed();
    return both;
}

std::pair<QString, QString> olderFirst(const RevisionGraph &graph, const QString &one,
                                       const QString &other)
{
    if (graph.find(one) < 0 || graph.find(other) < 0 || isBelow(graph, one, other))
        return {one, other};
    if (isBelow(graph, other, one))
        return {other, one};
    const QList<int> order = graph.historyOrder(); // newest first
    const bool isOneNewer = order.indexOf(graph.find(one)) < order.indexOf(graph.find(other));
    return isOneNewer ? std::pair(other, one) : std::pair(one, other);
}

} // namespace tribikos
