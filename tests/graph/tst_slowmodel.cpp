#include "core/graph/versionrows.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>
#include <algorithm>
#include <functional>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// The graph's rules beside a model of sets that is as plain and as slow as can be, over random histories.
/// TRIBIKOS_GRAPHS says how many (4000 otherwise), TRIBIKOS_GRAPH_SEED the first one's seed.
class tst_SlowModel final : public QObject
{
    Q_OBJECT
private slots:
    void agreesOnRandomHistories();
};

namespace {

using Nodes = QSet<int>;

/// Only who revises whom and who depends on whom; everything else is found by looking at all of it.
struct SlowModel
{
    QList<QList<int>> parents{};
    QList<QList<int>> dependencies{};

    int count() const { return int(parents.size()); }
    static QString id(int node) { return u"rev%1x"_s.arg(node, 3, 10, QChar(u'0')); }
    bool isAbove(int upper, int lower) const
    {
        return parents[upper].contains(lower) || dependencies[upper].contains(lower);
    }
    Nodes where(const std::function<bool(int)> &is) const
    {
        Nodes found;
        for (int node = 0; node < count(); ++node)
            if (is(node))
                found.insert(node);
        return found;
    }
    bool isRevised(int node) const
    {
        return !where([&](int other) { return parents[other].contains(node); }).isEmpty();
    }
    /// \a nodes and whatever they stand on.
    Nodes withAncestors(Nodes nodes) const
    {
        for (qsizetype before = -1; before != nodes.size();) {
            before = nodes.size();
            for (int upper = 0; upper < count(); ++upper)
                for (int lower = 0; nodes.contains(upper) && lower < count(); ++lower)
                    if (isAbove(upper, lower))
                        nodes.insert(lower);
        }
        return nodes;
    }
    Nodes withDescendants(Nodes nodes) const
    {
        for (qsizetype before = -1; before != nodes.size();) {
            before = nodes.size();
            for (int lower = 0; lower < count(); ++lower)
                for (int upper = 0; nodes.contains(lower) && upper < count(); ++upper)
                    if (isAbove(upper, lower))
                        nodes.insert(upper);
        }
        return nodes;
    }
    /// Those of \a applied that nothing of it stands on: what the version table names.
    QStringList rows(const Nodes &applied) const
    {
        QStringList all;
        for (const int node : applied)
            if (std::none_of(applied.cbegin(), applied.cend(),
                             [&](int upper) { return isAbove(upper, node); }))
                all.append(id(node));
        all.sort();
        return all;
    }
};

/// No edge of a revision is implied by another one: Alembic takes what is implied by a dependency for a row that is
/// there, and dies of a KeyError (1.19.2, "upgrade heads").
void dropImpliedEdges(SlowModel *model)
{
    for (int node = 0; node < model->count(); ++node) {
        for (const int one : model->parents[node] + model->dependencies[node]) {
            const auto implies = [&](int other) {
                return other != one && model->withAncestors({other}).contains(one);
            };
            if (std::any_of(model->parents[node].cbegin(), model->parents[node].cend(), implies)) {
                model->parents[node].removeOne(one);
                model->dependencies[node].removeOne(one);
            }
            const QList<int> dependencies = model->dependencies[node];
            for (const int other : dependencies)
                if (implies(other))
                    model->dependencies[node].removeOne(other);
        }
    }
}

/// Files in a random order, so that load order says nothing about the history.
SlowModel randomModel(QRandomGenerator &random, QList<Revision> *files)
{
    const int count = 1 + int(random.bounded(14));
    QList<int> rank(count); // age: who may revise whom
    std::iota(rank.begin(), rank.end(), 0);
    std::shuffle(rank.begin(), rank.end(), random);
    SlowModel model{QList<QList<int>>(count), QList<QList<int>>(count)};
    for (int node = 0; node < count; ++node) {
        QList<int> older;
        for (int other = 0; other < count; ++other)
            if (rank[other] < rank[node])
                older.append(other);
        std::shuffle(older.begin(), older.end(), random);
        const int wanted = random.bounded(10) == 0 ? 0 : random.bounded(5) == 0 ? 2 : 1;
        model.parents[node] = older.mid(0, wanted);
        if (random.bounded(6) == 0)
            model.dependencies[node] = older.mid(wanted, 1 + int(random.bounded(2)));
    }
    dropImpliedEdges(&model);
    for (int node = 0; node < count; ++node) {
        Revision file{.id = SlowModel::id(node)};
        for (const int parent : std::as_const(model.parents[node]))
            file.downRevisions.append(SlowModel::id(parent));
        for (const int dependency : std::as_const(model.dependencies[node]))
            file.dependsOn.append(SlowModel::id(dependency));
        files->append(file);
    }
    return model;
}

Nodes asSet(const QList<int> &nodes)
{
    return {nodes.cbegin(), nodes.cend()};
}

QStringList sorted(QStringList texts)
{
    texts.sort();
    return texts;
}

/// What \a graph says of single nodes and of the whole, and the first thing that is not so; empty: all is.
QString wrongFacts(const SlowModel &model, const RevisionGraph &graph)
{
    const auto all = [&](auto is) { return model.where(is); };
    if (asSet(graph.heads()) != all([&](int node) { return !model.isRevised(node); }))
        return u"heads"_s;
    if (asSet(graph.bases()) != all([&](int node) { return model.parents[node].isEmpty(); }))
        return u"bases"_s;
    if (sorted(graph.ids(graph.realHeads())) != model.rows(all([](int) { return true; })))
        return u"real heads"_s;
    for (int node = 0; node < model.count(); ++node) {
        const auto children = all([&](int other) { return model.parents[other].contains(node); });
        if (asSet(graph.children(node)) != children
            || graph.isBranchPoint(node) != (children.size() > 1)
            || graph.isMergePoint(node) != (model.parents[node].size() > 1))
            return u"children of "_s + SlowModel::id(node);
        const auto resolved = graph.resolve(SlowModel::id(node).chopped(1)); // a unique beginning
        if (!resolved || *resolved != QList<int>{node})
            return u"prefix of "_s + SlowModel::id(node);
    }
    Nodes seen;
    for (const int node : graph.historyOrder()) { // newest first
        if (!std::all_of(model.parents[node].cbegin(), model.parents[node].cend(),
                         [&](int parent) { return !seen.contains(parent); }))
            return u"history order at "_s + SlowModel::id(node);
        seen.insert(node);
    }
    return seen.size() == model.count() ? QString() : u"history's length"_s;
}

/// Upwards the rows are just what nothing applied stands on. Downwards Alembic leaves what is implied by a dependency
/// alone a row as well (HeadMaintainer looks at ancestors without dependencies), which says no less.
bool areRows(const SlowModel &model, const QStringList &rows, const Nodes &applied, bool isUp)
{
    const QStringList least = model.rows(applied);
    if (isUp)
        return sorted(rows) == least;
    const auto isApplied = [&](const QString &row) {
        return std::any_of(applied.cbegin(), applied.cend(),
                           [&](int node) { return SlowModel::id(node) == row; });
    };
    return std::all_of(least.cbegin(), least.cend(),
                       [&](const QString &row) { return rows.contains(row); })
           && std::all_of(rows.cbegin(), rows.cend(), isApplied)
           && QSet<QString>(rows.cbegin(), rows.cend()).size() == rows.size();
}

/// Walks \a steps from \a applied: each runs once, on what it needs (or under nothing that needs it), and leaves the
/// rows that the model has. Ends with \a applied as it is then.
QString wrongSteps(const SlowModel &model, const RevisionGraph &graph,
                   const QList<GraphStep> &steps, Nodes *applied)
{
    QStringList rows = model.rows(*applied);
    for (const GraphStep &step : steps) {
        const QString at = SlowModel::id(step.node);
        const bool isUp = step.direction == Direction::Upgrade;
        if (applied->contains(step.node) == isUp)
            return u"a step twice: "_s + at;
        for (int other = 0; other < model.count(); ++other) {
            const bool isMissing =
                isUp && model.isAbove(step.node, other) && !applied->contains(other);
            const bool isNeeded =
                !isUp && model.isAbove(other, step.node) && applied->contains(other);
            if (isMissing || isNeeded)
                return u"the order at "_s + at;
        }
        const auto changed = versionRowChanges(graph, rows, step);
        if (!changed)
            return at + u": "_s + changed.error().message;
        isUp ? (void)applied->insert(step.node) : (void)applied->remove(step.node);
        rows = changed->rowsAfter;
        if (!areRows(model, rows, *applied, isUp))
            return u"rows after %1: %2 instead of %3"_s.arg(at, sorted(rows).join(u' '),
                                                            model.rows(*applied).join(u' '));
    }
    return {};
}

QString wrongPlans(const SlowModel &model, const RevisionGraph &graph, QRandomGenerator &random)
{
    const int target = int(random.bounded(model.count()));
    Nodes applied;
    const auto up = graph.upgradeSteps(SlowModel::id(target), {});
    if (!up)
        return u"upgrade: "_s + up.error().message;
    if (const QString wrong = wrongSteps(model, graph, *up, &applied); !wrong.isEmpty())
        return u"upgrade, "_s + wrong;
    if (applied != model.withAncestors({target}))
        return u"what an upgrade to %1 runs"_s.arg(SlowModel::id(target));
    const auto rest = graph.upgradeSteps(u"heads"_s, model.rows(applied));
    if (!rest)
        return u"upgrade heads: "_s + rest.error().message;
    if (const QString wrong = wrongSteps(model, graph, *rest, &applied); !wrong.isEmpty())
        return u"upgrade heads, "_s + wrong;
    if (applied.size() != model.count())
        return u"what an upgrade to heads runs"_s;
    const auto bits = graph.appliedNodes({SlowModel::id(target)});
    if (model.where([&](int node) { return bits.testBit(node); }) != model.withAncestors({target}))
        return u"applied nodes"_s;

    const int lower = int(random.bounded(model.count()));
    const auto children =
        model.where([&](int node) { return model.parents[node].contains(lower); });
    const auto down = graph.downgradeSteps(SlowModel::id(lower), model.rows(applied));
    if (down) { // refused where it would do nothing, or where two branches could be meant
        const Nodes kept = applied - model.withDescendants(children);
        if (const QString wrong = wrongSteps(model, graph, *down, &applied); !wrong.isEmpty())
            return u"downgrade, "_s + wrong;
        if (applied != kept)
            return u"what a downgrade to %1 undoes"_s.arg(SlowModel::id(lower));
    }
    const auto away = graph.downgradeSteps(u"base"_s, model.rows(applied));
    if (!away)
        return u"downgrade base: "_s + away.error().message;
    if (const QString wrong = wrongSteps(model, graph, *away, &applied); !wrong.isEmpty())
        return u"downgrade base, "_s + wrong;
    return applied.isEmpty() ? QString() : u"what a downgrade to base undoes"_s;
}

} // namespace

void tst_SlowModel::agreesOnRandomHistories()
{
    const int asked = qEnvironmentVariableIntValue("TRIBIKOS_GRAPHS");
    const int first = qEnvironmentVariableIntValue("TRIBIKOS_GRAPH_SEED");
    int refused = 0;
    for (int seed = first; seed < first + (asked > 0 ? asked : 4000); ++seed) {
        QRandomGenerator random{quint32(seed)};
        QList<Revision> files;
        const SlowModel model = randomModel(random, &files);
        const RevisionGraph graph = RevisionGraph::build(files);
        if (graph.refusal()) {
            ++refused;
            continue;
        }
        QString wrong = wrongFacts(model, graph);
        if (wrong.isEmpty())
            wrong = wrongPlans(model, graph, random);
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(wrong)));
    }
    QCOMPARE(refused, 0); // nothing is wrong with any of them
}

int runSlowModelTest(int argc, char **argv)
{
    tst_SlowModel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_slowmodel.moc"
