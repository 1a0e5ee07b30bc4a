#include "core/project/mergeforecast.h"

#include "core/project/mergesides.h"
#include "core/project/projectgit.h"
#include "core/project/touchedtables.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString shellQuoted(const QString &word)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_./:@+-]+$"_s);
    if (plain.match(word).hasMatch() && !word.startsWith(u'-'))
        return word;
    return u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

/// \a node and everything that it revises, directly or not; dependencies tie no branches together.
QBitArray lineage(const RevisionGraph &graph, int node)
{
    QBitArray seen(graph.nodeCount());
    QList<int> waiting{node};
    while (!waiting.isEmpty()) {
        const int next = waiting.takeLast();
        if (seen.testBit(next))
            continue;
        seen.setBit(next);
        waiting += graph.parents(next);
    }
    return seen;
}

class Forecaster
{
public:
    explicit Forecaster(MergeForecast *forecast)
        : m_forecast(*forecast)
        , m_graph(forecast->graph)
    {}
    void listSides();
    void findSplit();
    void findReparenting();
    void findOverlaps(const ProjectData &project, const QList<RevisionFile> &files, Backend backend,
                      const std::stop_token &stop);

private:
    RevisionSide side(int node) const
    {
        return m_forecast.sides.value(m_graph.revision(node).id, RevisionSide::Both);
    }
    bool hasGrownApart(int here, int there) const;
    void overlap(const QHash<QString, TouchedTables> &touched);

    MergeForecast &m_forecast;
    const RevisionGraph &m_graph;
};

void Forecaster::listSides()
{
    for (const int node : m_graph.historyOrder()) {
        if (m_graph.isGhost(node))
            continue;
        const QString id = m_graph.revision(node).id;
        if (side(node) == RevisionSide::Here)
            m_forecast.onlyHere.append(id);
        else if (side(node) == RevisionSide::There)
            m_forecast.onlyThere.append(id);
    }
}

/// Two heads that a merge revision would have to join: both went on from a place that they share, or both began
/// a history where there was none, without naming it a branch of its own.
bool Forecaster::hasGrownApart(int here, int there) const
{
    const QBitArray mine = lineage(m_graph, here);
    const QBitArray other = lineage(m_graph, there);
    if ((mine & other).count(true) > 0)
        return true;
    const auto isNew = [this](const QBitArray &nodes, RevisionSide name) {
        for (int node = 0; node < m_graph.nodeCount(); ++node) {
            if (nodes.testBit(node) && side(node) != name)
                return false;
        }
        return true;
    };
    const bool areNamed = !m_graph.labels(here).isEmpty() && !m_graph.labels(there).isEmpty();
    return !areNamed && isNew(mine, RevisionSide::Here) && isNew(other, RevisionSide::There);
}

void Forecaster::findSplit()
{
    const QList<int> heads = m_graph.heads();
    m_forecast.heads = m_graph.ids(heads);
    QSet<int> apart;
    for (const int here : heads) {
        for (const int there : heads) {
            if (side(here) == RevisionSide::Here && side(there) == RevisionSide::There
                && hasGrownApart(here, there))
                apart += {here, there};
        }
    }
    for (const int head : heads) {
        if (apart.contains(head))
            m_forecast.split.append(m_graph.revision(head).id);
    }
}

void Forecaster::findReparenting()
{
    if (m_forecast.split.size() != 2)
        return;
    int mine = m_graph.find(m_forecast.split[0]);
    int other = m_graph.find(m_forecast.split[1]);
    if (side(mine) != RevisionSide::Here)
        std::swap(mine, other);
    QList<int> roots;
    const QBitArray nodes = lineage(m_graph, mine);
    for (int node = 0; node < m_graph.revisionCount(); ++node) {
        const auto &parents = m_graph.parents(node);
        const bool isRoot = std::ranges::none_of(
            parents, [this](int parent) { return side(parent) == RevisionSide::Here; });
        if (nodes.testBit(node) && side(node) == RevisionSide::Here && isRoot)
            roots.append(node);
    }
    if (roots.size() != 1 || m_graph.parents(roots[0]).size() > 1)
        return;
    const Revision &first = m_graph.revision(roots[0]);
    m_forecast.reparenting = Reparenting{
        .revision = first.id, .parents = {m_graph.revision(other).id}, .file = first.file};
}

void Forecaster::overlap(const QHash<QString, TouchedTables> &touched)
{
    QMap<QString, TableOverlap> here;
    QMap<QString, TableOverlap> there;
    QHash<QString, QSet<QString>> columnsHere;
    QHash<QString, QSet<QString>> columnsThere;
    const auto collect = [&touched](const QStringList &ids, bool isHere, auto *tables,
                                    auto *columns) {
        for (const QString &id : ids) {
            const TouchedTables &known = touched[id];
            for (auto table = known.cbegin(); table != known.cend(); ++table) {
                TableOverlap &entry = (*tables)[table.key()];
                (isHere ? entry.here : entry.there).append(id);
                (*columns)[table.key()].unite(table.value());
            }
        }
    };
    collect(m_forecast.onlyHere + m_forecast.changedHere, true, &here, &columnsHere);
    collect(m_forecast.onlyThere + m_forecast.changedThere, false, &there, &columnsThere);
    for (auto table = here.cbegin(); table != here.cend(); ++table) {
        if (!there.contains(table.key()))
            continue;
        QStringList both = (columnsHere[table.key()] & columnsThere[table.key()]).values();
        both.sort();
        m_forecast.overlaps.append({.table = table.key(),
                                    .columns = both,
                                    .here = table->here,
                                    .there = there[table.key()].there});
    }
}

void Forecaster::findOverlaps(const ProjectData &project, const QList<RevisionFile> &files,
                              Backend backend, const std::stop_token &stop)
{
    const QStringList here = m_forecast.onlyHere + m_forecast.changedHere;
    const QStringList there = m_forecast.onlyThere + m_forecast.changedThere;
    if (here.isEmpty() || there.isEmpty())
        return;
    if (m_graph.refusal()) {
        m_forecast.notes.append(
            u"The merged history is broken, so the tables that its revisions touch aren't compared."_s);
        return;
    }
    const QSet<QString> wanted = [&] {
        const QStringList all = here + there;
        return QSet<QString>(all.cbegin(), all.cend());
    }();
    const auto scripts = project.scripts->with(inNodeOrder(m_graph, files));
    QHash<QString, TouchedTables> touched;
    const auto look = [&](int node, const Evaluation &evaluation, const Schema &before) {
        const QString id = m_graph.revision(node).id;
        if (!wanted.contains(id))
            return;
        touched.insert(id, touchedTables(evaluation.operations, before, backend));
        if (evaluation.status != StepStatus::Ok)
            m_forecast.notes.append(u"The tables that %1 touches are known in part only: %2"_s.arg(
                id, evaluation.reason));
    };
    (void)replayRevisions(m_graph, *scripts, backend, m_graph.ids(m_graph.realHeads()), look, stop);
    overlap(touched);
}

} // namespace

bool MergeForecast::isClean() const
{
    return split.isEmpty() && std::ranges::none_of(problems, [](const Diagnostic &problem) {
               return problem.severity == Severity::Error;
           });
}

QString MergeForecast::mergeCommand() const
{
    if (split.isEmpty())
        return {};
    QStringList words{u"tribikos-cli"_s, u"merge"_s};
    for (const QString &head : split)
        words.append(shellQuoted(head));
    words << u"-m"_s << shellQuoted(u"merge "_s + ref);
    return words.join(u' ');
}

bool AfterMerge::isDue(const RevisionGraph &graph) const
{
    return !heads.isEmpty() && std::ranges::all_of(heads, [&graph](const QString &id) {
        const int node = graph.find(id);
        return node >= 0 && !graph.isGhost(node) && graph.isHead(node);
    });
}

Result<MergeForecast> forecastMerge(const Project &project, const QString &ref,
                                    const std::stop_token &stop)
{
    const ProjectData &data = project.data();
    const auto repository = repositoryOf(data.config, stop);
    if (!repository)
        return repository.error();
    const auto commit = repository->commitOf(ref, stop);
    if (!commit)
        return commit.error();
    MergeForecast forecast{.ref = ref, .commit = *commit};
    forecast.base = repository->mergeBase(u"HEAD"_s, *commit, stop);
    auto merged = mergeFiles(data, *repository, *commit, forecast.base, stop);
    if (!merged)
        return merged.error();
    forecast.sides = merged->sides;
    forecast.changedHere = merged->changedHere;
    forecast.changedThere = merged->changedThere;
    forecast.removedHere = merged->removedHere;
    forecast.removedThere = merged->removedThere;
    forecast.problems = merged->problems;
    QList<Revision> revisions;
    for (const RevisionFile &file : merged->files)
        revisions.append(file.revision);
    forecast.graph = RevisionGraph::build(revisions, &forecast.problems);
    forecast.history = layoutHistory(forecast.graph, forecast.graph.historyOrder());
    Forecaster forecaster(&forecast);
    forecaster.listSides();
    forecaster.findSplit();
    forecaster.findReparenting();
    forecaster.findOverlaps(data, merged->files, project.defaultBackend(), stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = u"The forecast was cancelled."_s};
    return forecast;
}

} // namespace tribikos
