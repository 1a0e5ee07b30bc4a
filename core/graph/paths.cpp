#include "core/graph/graphdata.h"
#include "core/graph/identifiers.h"
#include "core/graph/revisiongraph.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// "label@symbol+2" taken apart; steps is clamped, digits keep the number as written.
struct Relative
{
    QString label{};
    QString symbol{};
    bool hasSymbol = false;
    qint64 steps = 0;
    QString text{}; // sign and digits
};

std::optional<Relative> relativeTarget(const QString &target)
{
    static const QRegularExpression form(uR"((?:(.+?)@)?(\w+)?((?:\+|-)\d+))"_s,
                                         QRegularExpression::UseUnicodePropertiesOption);
    const auto match = form.match(target, 0, QRegularExpression::NormalMatch,
                                  QRegularExpression::AnchorAtOffsetMatchOption);
    if (!match.hasMatch())
        return std::nullopt;
    Relative relative{.label = match.captured(1),
                      .symbol = match.captured(2),
                      .hasSymbol = match.capturedLength(2) > 0,
                      .text = match.captured(3)};
    bool fits = false;
    relative.steps = relative.text.toLongLong(&fits);
    if (!fits) // beyond any history either way
        relative.steps = (relative.text.startsWith(u'-') ? -1 : 1) * qint64(1'000'000'000);
    return relative;
}

/// Plans over one graph: the two ends, the set of revisions between them, its order.
class Planner
{
public:
    Planner(const GraphData &graph, Wording wording)
        : m_graph(graph)
        , m_ids(graph, wording)
    {}

    Result<QList<int>> upgrade(const QString &target, const QStringList &rows) const;
    Result<QList<int>> downgrade(const QString &target, const QStringList &rows,
                                 QStringList *warnings) const;
    Result<QList<int>> range(const QStringList &lower, bool isLowerText, const QStringList &upper,
                             bool isUpperText) const;

private:
    struct DowngradeTarget
    {
        int node = atBase;
        QString label{};
    };
    Result<QList<int>> upgradeTargets(const QString &target, const QStringList &rows,
                                      bool isStrict) const;
    Result<QList<int>> stepsUp(const Relative &relative, const QStringList &rows,
                               bool isStrict) const;
    Result<QStringList> startsOnBranch(const QStringList &rows, const QString &label) const;
    Result<DowngradeTarget> downgradeTarget(const QString &target, const QStringList &rows,
                                            bool isStrict, QStringList *warnings) const;
    Result<DowngradeTarget> stepsDown(const Relative &relative, const QStringList &rows,
                                      bool isStrict, QStringList *warnings) const;
    Result<QString> rowOnBranch(const QStringList &rows, const QString &label) const;
    Result<QList<int>> rootsToDrop(const DowngradeTarget &target) const;
    Result<QList<int>> lowerEnd(const QStringList &lower, const QStringList &upper, bool isText,
                                const QBitArray &required) const;
    Status checkOverlap(const QList<int> &targets, Along along) const;
    Error unproduced(const Relative &relative) const;
    const GraphNode &at(int node) const { return m_graph.nodes[size_t(node)]; }
    QBitArray bits(const QList<int> &nodes) const;

    const GraphData &m_graph;
    Identifiers m_ids;
};

QBitArray Planner::bits(const QList<int> &nodes) const
{
    QBitArray set(qsizetype(m_graph.nodes.size()));
    for (const int node : nodes)
        set.setBit(node);
    return set;
}

Error Planner::unproduced(const Relative &relative) const
{
    return m_ids.error(u"Relative revision %1 didn't produce %2 migrations"_s.arg(
        relative.text, relative.text.mid(1)));
}

Status Planner::checkOverlap(const QList<int> &targets, Along along) const
{
    if (targets.size() < 2)
        return done();
    for (const int target : targets) {
        const QBitArray reached = closure(m_graph, {target}, along);
        QStringList overlaps;
        for (const int other : targets) {
            const QString &id = at(other).revision.id;
            if (other != target && reached.testBit(other) && !overlaps.contains(id))
                overlaps.append(id);
        }
        if (!overlaps.isEmpty())
            return m_ids.error(
                u"Requested revision %1 overlaps with other requested revisions %2"_s.arg(
                    at(target).revision.id, overlaps.join(u", "_s)));
    }
    return done();
}

// --- upwards ---------------------------------------------------------------------------------

Result<QStringList> Planner::startsOnBranch(const QStringList &rows, const QString &label) const
{
    const auto current = m_ids.nodes(rows);
    if (!current)
        return current.error();
    const auto onBranch = m_ids.inLineage(*current, label);
    if (!onBranch)
        return onBranch.error();
    QStringList starts;
    for (const int node : *onBranch)
        starts.append(at(node).revision.id);
    if (!starts.isEmpty())
        return starts;
    // No row is on the branch: the tips of what is applied of it through other branches.
    const QBitArray applied = closure(m_graph, *current, Along::NormalizedDown);
    QList<int> active;
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        if (applied.testBit(node))
            active.append(node);
    }
    const auto related = m_ids.inLineage(active, label);
    if (!related)
        return related.error();
    QBitArray isDown(qsizetype(m_graph.nodes.size()));
    for (const int node : *related) {
        for (const int down : at(node).normalizedDown)
            isDown.setBit(down);
    }
    for (const int node : *related) {
        if (!isDown.testBit(node))
            starts.append(at(node).revision.id);
    }
    return starts;
}

Result<QList<int>> Planner::stepsUp(const Relative &relative, const QStringList &rows,
                                    bool isStrict) const
{
    QStringList starts = rows;
    if (!relative.label.isEmpty()) {
        const auto onBranch = startsOnBranch(rows, relative.label);
        if (!onBranch)
            return onBranch.error();
        starts = *onBranch;
    }
    if (starts.size() > 1)
        return m_ids.error(u"Ambiguous upgrade from multiple current revisions"_s);
    int start = atBase;
    if (!starts.isEmpty()) {
        const auto found = m_ids.node(starts.constFirst());
        if (!found)
            return found.error();
        start = *found;
    }
    const auto reached = m_ids.walk(start, relative.steps, relative.label, isStrict);
    if (!reached)
        return reached.error();
    if (*reached < 0)
        return unproduced(relative);
    return QList<int>{*reached};
}

Result<QList<int>> Planner::upgradeTargets(const QString &target, const QStringList &rows,
                                           bool isStrict) const
{
    const auto relative = relativeTarget(target);
    if (!relative)
        return m_ids.nodes(target);
    if (!relative->hasSymbol)
        return relative->steps > 0 ? stepsUp(*relative, rows, isStrict) : unproduced(*relative);
    const bool isDown = relative->steps <= 0;
    const bool isOnBranch = isDown && !relative->label.isEmpty();
    const auto start =
        m_ids.node(isOnBranch ? relative->label + u'@' + relative->symbol : relative->symbol);
    if (!start)
        return start.error();
    const auto reached =
        m_ids.walk(*start, relative->steps, isDown ? QString() : relative->label, isStrict);
    if (!reached)
        return reached.error();
    if (*reached < 0) // Alembic stops at an assertion here
        return m_ids.error(u"Walked too far"_s);
    return QList<int>{*reached};
}

Result<QList<int>> Planner::upgrade(const QString &target, const QStringList &rows) const
{
    const auto targets = upgradeTargets(target, rows, true);
    if (!targets)
        return targets.error();
    if (std::ranges::any_of(*targets, [](int node) { return node < 0; }))
        return m_ids.error(u"Walked too far"_s);
    if (const Status apart = checkOverlap(*targets, Along::NormalizedDown); !apart)
        return apart.error();
    const auto current = m_ids.nodes(rows);
    if (!current)
        return current.error();
    if (const Status apart = checkOverlap(*current, Along::NormalizedDown); !apart)
        return apart.error();
    const QBitArray needs = closure(m_graph, *targets, Along::NormalizedDown)
                            & ~closure(m_graph, *current, Along::NormalizedDown);
    QList<int> order = topologicalOrder(m_graph, needs, *targets);
    std::reverse(order.begin(), order.end());
    return order;
}

// --- downwards -------------------------------------------------------------------------------

Result<QString> Planner::rowOnBranch(const QStringList &rows, const QString &label) const
{
    const auto current = m_ids.nodes(rows);
    if (!current)
        return current.error();
    auto onBranch = m_ids.inLineage(*current, label);
    if (!onBranch)
        return onBranch.error();
    if (onBranch->isEmpty()) { // implied by a row of another branch, without a row of its own
        const QBitArray applied = closure(m_graph, *current, Along::NormalizedDown);
        QList<int> tips;
        for (int node = 0; node < m_graph.revisionCount; ++node) {
            const bool isRevised = std::ranges::any_of(
                at(node).next, [&](int child) { return applied.testBit(child); });
            if (applied.testBit(node) && !isRevised)
                tips.append(node);
        }
        onBranch = m_ids.inLineage(tips, label);
        if (!onBranch)
            return onBranch.error();
    }
    if (onBranch->size() != 1)
        return m_ids.error(
            u"%1 of the current revisions are on branch '%2'; name the revision to "
            "go down to"_s.arg(onBranch->isEmpty() ? u"None"_s : u"Several"_s, label));
    return at(onBranch->constFirst()).revision.id;
}

Result<Planner::DowngradeTarget> Planner::stepsDown(const Relative &relative,
                                                    const QStringList &rows, bool isStrict,
                                                    QStringList *warnings) const
{
    QString symbol = relative.symbol;
    QString label = relative.label;
    if (!relative.hasSymbol && !label.isEmpty()) {
        const auto row = rowOnBranch(rows, label);
        if (!row)
            return row.error();
        symbol = *row;
    } else if (!relative.hasSymbol) {
        if (rows.isEmpty())
            return unproduced(relative);
        if (warnings && std::ranges::any_of(rows, [&](const QString &r) { return r != rows[0]; }))
            warnings->append(u"downgrade -1 from multiple heads is ambiguous; this usage will be "
                             "disallowed in a future release."_s);
        symbol = rows.constFirst();
        label = symbol; // keeps the steps on that row's own branch
    }
    const auto start = m_ids.node(label.isEmpty() ? symbol : label + u'@' + symbol);
    if (!start)
        return start.error();
    const auto reached = m_ids.walk(*start, relative.steps, {}, isStrict);
    if (!reached)
        return reached.error();
    if (*reached == beyondEnd)
        return relative.hasSymbol ? m_ids.error(u"Walked too far"_s) : unproduced(relative);
    return DowngradeTarget{*reached == belowBase ? atBase : *reached, label};
}

Result<Planner::DowngradeTarget> Planner::downgradeTarget(const QString &target,
                                                          const QStringList &rows, bool isStrict,
                                                          QStringList *warnings) const
{
    const auto relative = relativeTarget(target);
    if (relative && relative->text.startsWith(u'-') && relative->steps < 0)
        return stepsDown(*relative, rows, isStrict, warnings);
    if (relative && !relative->hasSymbol)
        return unproduced(*relative);
    if (relative) {
        const auto start = m_ids.node(relative->symbol);
        if (!start)
            return start.error();
        const auto reached = m_ids.walk(*start, relative->steps, relative->label, isStrict);
        if (!reached)
            return reached.error();
        if (*reached == beyondEnd)
            return m_ids.error(u"Walked too far"_s);
        return DowngradeTarget{*reached, relative->label};
    }
    const qsizetype split = target.lastIndexOf(u'@');
    const auto node = m_ids.node(target.mid(split + 1));
    if (!node)
        return node.error();
    return DowngradeTarget{*node, split > 0 ? target.left(split) : QString()};
}

Result<QList<int>> Planner::rootsToDrop(const DowngradeTarget &target) const
{
    QList<int> roots;
    if (target.node != atBase) {
        roots = at(target.node).next;
    } else {
        for (int node = 0; node < m_graph.revisionCount; ++node) {
            if (at(node).down.isEmpty())
                roots.append(node);
        }
    }
    if (target.label.isEmpty() || roots.size() < 2)
        return roots;
    const auto branch = m_ids.branch(target.label);
    if (!branch)
        return branch.error();
    const QBitArray ancestors = closure(m_graph, {*branch}, Along::Down);
    roots.removeIf([&](int root) { return !ancestors.testBit(root); });
    if (roots.isEmpty())
        return m_ids.error(u"Not a valid downgrade target from current heads"_s);
    return roots;
}

Result<QList<int>> Planner::downgrade(const QString &target, const QStringList &rows,
                                      QStringList *warnings) const
{
    const auto goal = downgradeTarget(target, rows, true, warnings);
    if (!goal)
        return goal.error();
    const auto roots = rootsToDrop(*goal);
    if (!roots)
        return roots.error();
    const auto current = m_ids.nodes(rows);
    if (!current)
        return current.error();
    const QBitArray drop = closure(m_graph, *roots, Along::AllNext)
                           & closure(m_graph, *current, Along::NormalizedDown);
    if (goal->node != atBase && drop.count(true) == 0 && !current->contains(goal->node))
        return m_ids.rangeError();
    return topologicalOrder(m_graph, drop, *current);
}

// --- listing ---------------------------------------------------------------------------------

Result<QList<int>> Planner::lowerEnd(const QStringList &lower, const QStringList &upper,
                                     bool isText, const QBitArray &required) const
{
    const auto found = m_ids.nodes(lower);
    if (!found)
        return found.error();
    const bool fits = std::ranges::all_of(*found, [&](int node) {
        return node == beyondEnd || (node >= 0 && required.testBit(node));
    });
    if (!fits)
        return m_ids.rangeError();
    if (!isText || found->isEmpty() || found->constFirst() != beyondEnd)
        return found;
    const auto goal = downgradeTarget(lower.constFirst(), upper, false, nullptr);
    if (!goal)
        return goal.error();
    return goal->node == atBase ? QList<int>() : QList<int>{goal->node};
}

Result<QList<int>> Planner::range(const QStringList &lower, bool isLowerText,
                                  const QStringList &upper, bool isUpperText) const
{
    auto targets =
        isUpperText ? upgradeTargets(upper.constFirst(), lower, false) : m_ids.nodes(upper);
    if (!targets)
        return targets.error();
    QList<int> wanted = *targets;
    if (wanted.removeIf([](int node) { return node < 0; }) > 0)
        return m_ids.error(u"Walked too far"_s);
    if (const qsizetype split = isLowerText ? lower.constFirst().indexOf(u'@') : -1; split >= 0) {
        QString label = lower.constFirst().left(split);
        const auto branch = m_ids.node(label);
        if (!branch)
            return branch.error();
        if (*branch >= 0 && at(*branch).revision.id == label) {
            const QStringList labels = at(*branch).labels;
            if (labels.size() != 1)
                return m_ids.error(
                    u"Revision %1 carries %2 branch labels; name the branch itself"_s.arg(
                        label, QString::number(labels.size())));
            label = labels.constFirst();
        }
        wanted.removeIf([&](int node) { return !at(node).labels.contains(label); });
    }
    if (const Status apart = checkOverlap(wanted, Along::NormalizedDown); !apart)
        return apart.error();
    const QBitArray required = closure(m_graph, wanted, Along::NormalizedDown);
    const auto low = lowerEnd(lower, upper, isLowerText, required);
    if (!low)
        return low.error();
    if (const Status apart = checkOverlap(*low, Along::NormalizedDown); !apart)
        return apart.error();
    QBitArray listed = (required & ~closure(m_graph, *low, Along::NormalizedDown)) | bits(*low);
    if (!low->isEmpty()) // what b needs of other branches is left out
        listed &= closure(m_graph, *low, Along::Next);
    return topologicalOrder(m_graph, listed, wanted);
}

Wording planWording(const QString &target, const QString &verb)
{
    return {.rangeError =
                u"Destination %1 is not a valid %2 target from current head(s)"_s.arg(target, verb),
            .destination = target};
}

Wording rangeWording(const QString &lower, const QString &upper)
{
    return {.rangeError = u"Requested range %1:%2 does not refer to ancestor/descendant revisions "
                          "along the same branch"_s.arg(lower, upper),
            .destination = upper};
}

QList<GraphStep> steps(const QList<int> &nodes, Direction direction)
{
    QList<GraphStep> list;
    list.reserve(nodes.size());
    for (const int node : nodes)
        list.append({node, direction});
    return list;
}

} // namespace

Result<QList<GraphStep>> RevisionGraph::upgradeSteps(const QString &target,
                                                     const QStringList &rows) const
{
    const auto nodes = Planner(*m_data, planWording(target, u"upgrade"_s)).upgrade(target, rows);
    if (!nodes)
        return nodes.error();
    return steps(*nodes, Direction::Upgrade);
}

Result<QList<GraphStep>> RevisionGraph::downgradeSteps(const QString &target,
                                                       const QStringList &rows,
                                                       QStringList *warnings) const
{
    const auto nodes =
        Planner(*m_data, planWording(target, u"downgrade"_s)).downgrade(target, rows, warnings);
    if (!nodes)
        return nodes.error();
    return steps(*nodes, Direction::Downgrade);
}

Result<QList<int>> RevisionGraph::historyRange(const QString &lower, const QString &upper) const
{
    const QString from = lower.isEmpty() ? u"base"_s : lower;
    const QString to = upper.isEmpty() ? u"heads"_s : upper;
    return Planner(*m_data, rangeWording(from, to)).range({from}, true, {to}, true);
}

Result<QList<int>> RevisionGraph::historyRange(const QStringList &lowerRows,
                                               const QString &upper) const
{
    if (const auto known = Identifiers(*m_data, {}).rows(lowerRows); !known)
        return known.error();
    const QString to = upper.isEmpty() ? u"heads"_s : upper;
    return Planner(*m_data, rangeWording(lowerRows.join(u", "_s), to))
        .range(lowerRows, false, {to}, true);
}

Result<QList<int>> RevisionGraph::historyRange(const QString &lower,
                                               const QStringList &upperRows) const
{
    if (const auto known = Identifiers(*m_data, {}).rows(upperRows); !known)
        return known.error();
    const QString from = lower.isEmpty() ? u"base"_s : lower;
    return Planner(*m_data, rangeWording(from, upperRows.join(u", "_s)))
        .range({from}, true, upperRows, false);
}

} // namespace tribikos
