#include "core/graph/versionrows.h"

#include "core/graph/graphdata.h"
#include "core/graph/identifiers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The rows while a step changes them.
class Rows
{
public:
    explicit Rows(const QStringList &before)
    {
        m_changes.rowsAfter = before;
        m_changes.rowsAfter.removeDuplicates();
    }

    const QStringList &ids() const { return m_changes.rowsAfter; }
    bool has(const QString &id) const { return m_changes.rowsAfter.contains(id); }
    bool hasAll(const QStringList &ids) const
    {
        return std::ranges::all_of(ids, [this](const QString &id) { return has(id); });
    }
    void insert(const QString &id)
    {
        if (has(id))
            fail(u"The version table already has a row %1"_s.arg(id));
        m_changes.rowsAfter.append(id);
        m_changes.changes.append({VersionChange::Kind::Insert, {}, id});
    }
    void remove(const QString &id)
    {
        if (m_changes.rowsAfter.removeAll(id) == 0)
            fail(u"The version table has no row %1 to delete"_s.arg(id));
        m_changes.changes.append({VersionChange::Kind::Delete, id, {}});
    }
    void update(const QString &from, const QString &to)
    {
        if (has(to))
            fail(u"The version table already has a row %1"_s.arg(to));
        const qsizetype row = m_changes.rowsAfter.indexOf(from);
        if (row >= 0)
            m_changes.rowsAfter[row] = to;
        else
            fail(u"The version table has no row %1 to update to %2"_s.arg(from, to));
        m_changes.changes.append({VersionChange::Kind::Update, from, to});
    }
    void fail(const QString &message)
    {
        if (m_failure.isEmpty())
            m_failure = message + u"; stamp the database where it really is."_s;
    }
    Result<RowChanges> result() const
    {
        if (!m_failure.isEmpty())
            return Error{.code = ErrorCode::GraphInvalid, .message = m_failure};
        return m_changes;
    }

private:
    RowChanges m_changes{};
    QString m_failure{};
};

/// \a nodes without the ancestors-or-selves of \a rows.
QList<int> notImpliedBy(const RevisionGraph &graph, QList<int> nodes, const QStringList &rows)
{
    const QBitArray implied = graph.appliedNodes(rows);
    nodes.removeIf([&](int node) { return implied.testBit(node); });
    return nodes;
}

/// \a nodes without those that are ancestors of another of them.
QList<int> topmost(const RevisionGraph &graph, QList<int> nodes)
{
    QBitArray below(graph.nodeCount());
    for (const int node : std::as_const(nodes))
        below |= closure(graph.data(), graph.normalizedParents(node), Along::NormalizedDown);
    nodes.removeIf([&](int node) { return below.testBit(node); });
    return nodes;
}

QList<int> rowsLeftByDowngrade(const RevisionGraph &graph, int node, const QStringList &rows)
{
    QStringList others = rows;
    others.removeAll(graph.revision(node).id);
    const QList<int> down = graph.normalizedParents(node);
    return others.isEmpty() ? topmost(graph, down) : notImpliedBy(graph, down, others);
}

void downgradeRows(const RevisionGraph &graph, int node, Rows *rows)
{
    const QString id = graph.revision(node).id;
    const QList<int> down = graph.normalizedParents(node);
    if (rows->has(id)) {
        QStringList left = graph.ids(rowsLeftByDowngrade(graph, node, rows->ids()));
        if (left.isEmpty()) {
            rows->remove(id);
            return;
        }
        const QString last = down.size() > 1 ? left.takeLast() : graph.revision(down[0]).id;
        if (down.size() > 1)
            std::ranges::for_each(left, [&](const QString &other) { rows->insert(other); });
        rows->update(id, last);
        return;
    }
    rows->update(id, down.isEmpty() ? QString() : graph.revision(down[0]).id);
}

void upgradeRows(const RevisionGraph &graph, int node, Rows *rows)
{
    const QString id = graph.revision(node).id;
    const QList<int> down = graph.normalizedParents(node);
    QStringList present;
    QStringList others = rows->ids();
    for (const int parent : down) {
        const QString parentId = graph.revision(parent).id;
        if (others.removeAll(parentId) > 0)
            present.append(parentId);
    }
    if (present.isEmpty()) {
        rows->insert(id);
    } else if (present.size() == 1) {
        rows->update(present.constFirst(), id);
    } else {
        QStringList from = graph.ids(others.isEmpty() ? down : notImpliedBy(graph, down, others));
        if (from.isEmpty()) {
            rows->fail(u"Every parent of %1 is already implied by another row"_s.arg(id));
            return;
        }
        const QString last = from.takeLast();
        std::ranges::for_each(from, [&](const QString &other) { rows->remove(other); });
        rows->update(last, id);
    }
}

Error stampError(const Error &error)
{
    if (!error.message.startsWith(u"Multiple head revisions"))
        return error;
    Error worded = error;
    worded.message = u"Multiple heads are present; please specify a single target revision"_s;
    return worded;
}

/// The move of the candidate rows to one destination, by where they stand to it.
struct Move
{
    QStringList from{};
    QString to{};
    bool isUpwards = false;
};

StampStep stampStep(const Move &move, Rows *rows)
{
    StampStep step{.from = move.from};
    if (!move.to.isEmpty())
        step.to.append(move.to);
    const qsizetype before = rows->result() ? rows->result()->changes.size() : 0;
    if (move.to.isEmpty()) {
        rows->remove(move.from.constFirst());
    } else if (move.isUpwards && !rows->has(move.to) && !rows->hasAll(move.from)) {
        rows->insert(move.to); // an earlier destination has moved the rows already
    } else if (move.from.isEmpty()) {
        rows->insert(move.to);
    } else {
        for (qsizetype i = 0; i + 1 < move.from.size(); ++i)
            rows->remove(move.from[i]);
        rows->update(move.from.constLast(), move.to);
    }
    if (const auto result = rows->result()) {
        step.rows = *result;
        step.rows.changes.remove(0, before);
    }
    return step;
}

} // namespace

QString StampStep::title() const
{
    return u"stamp_revision %1 -> %2"_s.arg(from.join(u", "_s), to.join(u", "_s));
}

Result<RowChanges> versionRowChanges(const RevisionGraph &graph, const QStringList &rowsBefore,
                                     const GraphStep &step)
{
    Rows rows(rowsBefore);
    if (step.direction == Direction::Upgrade)
        upgradeRows(graph, step.node, &rows);
    else
        downgradeRows(graph, step.node, &rows);
    return rows.result();
}

QStringList rowsOnOneLine(const RevisionGraph &graph, const QStringList &rows)
{
    if (rows.size() < 2)
        return {};
    for (const QString &row : rows) {
        const int node = graph.find(row);
        if (node < 0)
            continue;
        const QBitArray below = closure(graph.data(), {node}, Along::Down);
        for (const QString &other : rows) {
            const int place = graph.find(other);
            if (place >= 0 && place != node && below.testBit(place))
                return {other, row};
        }
    }
    return {};
}

Result<QList<StampStep>> stampSteps(const RevisionGraph &graph, const QStringList &destinations,
                                    const QStringList &rowsBefore)
{
    const GraphData &data = graph.data();
    const Identifiers identifiers(data, {});
    const auto current = identifiers.nodes(rowsBefore);
    if (!current)
        return stampError(current.error());
    QList<int> candidates;
    const QStringList names = destinations.isEmpty() ? QStringList{u"base"_s} : destinations;
    for (const QString &name : names) {
        const auto related = identifiers.inLineage(*current, name, true);
        if (!related)
            return stampError(related.error());
        for (const int node : *related) {
            if (!candidates.contains(node))
                candidates.append(node);
        }
    }
    const auto goals = identifiers.nodes(names);
    if (!goals)
        return stampError(goals.error());

    QList<Move> moves;
    if (goals->isEmpty()) {
        for (const int node : std::as_const(candidates))
            moves.append({.from = {graph.revision(node).id}});
    }
    for (const int goal : *goals) {
        if (goal < 0)
            return identifiers.error(u"Walked too far"_s);
        if (candidates.contains(goal))
            continue;
        const auto meets = [&](Along along) {
            const QBitArray relatives = closure(data, {goal}, along);
            return std::ranges::any_of(candidates,
                                       [&](int node) { return relatives.testBit(node); });
        };
        const bool isDownwards = meets(Along::AllNext);
        const bool isMove = isDownwards || meets(Along::NormalizedDown);
        moves.append({.from = isMove ? graph.ids(candidates) : QStringList(),
                      .to = graph.revision(goal).id,
                      .isUpwards = !isDownwards});
    }
    Rows rows(rowsBefore);
    QList<StampStep> steps;
    for (const Move &move : std::as_const(moves)) {
        steps.append(stampStep(move, &rows));
        if (const auto sound = rows.result(); !sound)
            return sound.error();
    }
    return steps;
}

} // namespace tribikos
