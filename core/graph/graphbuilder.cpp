#include "core/graph/graphbuilder.h"

#include <QFileInfo>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString place(const Revision &revision)
{
    const QString name = QFileInfo(revision.file).fileName();
    if (name.isEmpty())
        return u"revision '%1'"_s.arg(revision.id);
    return revision.line > 0 ? name + u':' + QString::number(revision.line) : name;
}

QString commaList(const QStringList &texts)
{
    return texts.join(u", "_s);
}

QString illegalCharacters(const QString &id)
{
    QStringList found;
    for (const QChar c : {u'+', u'-', u':', u'@'}) { // sorted, as the message wants them
        if (id.contains(c))
            found.append(QString(c));
    }
    return commaList(found);
}

} // namespace

GraphData GraphBuilder::build(QList<Revision> inLoadOrder)
{
    for (const Revision &revision : std::as_const(inLoadOrder))
        checkFile(revision);
    addRevisions(std::move(inLoadOrder));
    addLabels();
    resolveDependencies();
    resolveParents();
    linkChildren();
    collectEnds();
    checkCycles();
    if (cutCycles()) {
        linkChildren();
        collectEnds();
    }
    computeDepth();
    normalizeDependencies();
    spreadLabels();
    return std::move(m_graph);
}

void GraphBuilder::refuse(const QString &message, const Revision &revision)
{
    if (m_graph.refusal)
        return;
    m_graph.refusal = Error{.code = ErrorCode::ProjectRefused,
                            .message = message,
                            .file = revision.file,
                            .line = revision.line};
}

void GraphBuilder::report(const QString &code, const QString &message, const Revision &revision)
{
    if (!m_diagnostics)
        return;
    m_diagnostics->append(Diagnostic{.severity = Severity::Error,
                                     .code = code,
                                     .message = message,
                                     .file = revision.file,
                                     .span = {.line = revision.line},
                                     .revision = revision.id});
}

void GraphBuilder::checkFile(const Revision &revision)
{
    if (revision.downRevisions.contains(revision.id)) {
        refuse(u"Self-loop is detected in revisions (%1)"_s.arg(revision.id), revision);
        report(u"self-loop"_s,
               u"%1: revision %2 revises itself; name its real parent in down_revision."_s.arg(
                   place(revision), revision.id),
               revision);
    } else if (revision.dependsOn.contains(revision.id)) {
        refuse(u"Dependency self-loop is detected in revisions (%1)"_s.arg(revision.id), revision);
        report(u"self-loop"_s,
               u"%1: revision %2 depends on itself; remove it from depends_on."_s.arg(
                   place(revision), revision.id),
               revision);
    }
    if (const QString illegal = illegalCharacters(revision.id); !illegal.isEmpty()) {
        refuse(u"Character(s) '%1' not allowed in revision identifier '%2'"_s.arg(illegal,
                                                                                  revision.id),
               revision);
        report(
            u"illegal-id"_s,
            u"%1: the id '%2' holds %3, which Alembic does not allow; rename the revision."_s.arg(
                place(revision), revision.id, illegal),
            revision);
    }
}

void GraphBuilder::addRevisions(QList<Revision> inLoadOrder)
{
    m_graph.nodes.reserve(size_t(inLoadOrder.size()));
    for (Revision &revision : inLoadOrder) {
        const auto known = m_graph.nodeOfKey.constFind(revision.id);
        if (known != m_graph.nodeOfKey.constEnd()) { // the later file wins, as in Alembic
            const Revision &earlier = at(*known).revision;
            report(u"duplicate-revision"_s,
                   u"%1: revision %2 is present more than once, %3 has it too; give one of them "
                   "another id."_s.arg(place(revision), revision.id, place(earlier)),
                   revision);
            m_repeatedHeads.append(*known);
            at(*known).revision = std::move(revision);
            continue;
        }
        const int node = int(m_graph.nodes.size());
        m_graph.nodeOfKey.insert(revision.id, node);
        m_graph.keys.append(revision.id);
        m_graph.nodes.push_back(GraphNode{.revision = std::move(revision)});
    }
    m_graph.revisionCount = int(m_graph.nodes.size());
}

void GraphBuilder::addLabels()
{
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        const Revision &revision = at(node).revision;
        for (const QString &label : revision.labels) {
            const auto taken = m_graph.nodeOfKey.constFind(label);
            if (taken == m_graph.nodeOfKey.constEnd()) {
                m_graph.nodeOfKey.insert(label, node);
                m_graph.keys.append(label);
                continue;
            }
            const Revision &other = at(*taken).revision;
            refuse(u"Branch name '%1' in revision %2 already used by revision %3"_s.arg(
                       label, revision.id, other.id),
                   revision);
            report(u"duplicate-label"_s,
                   u"%1: the branch label '%2' is already taken by revision %3 (%4); rename one."_s
                       .arg(place(revision), label, other.id, place(other)),
                   revision);
        }
    }
}

int GraphBuilder::ghost(const QString &id)
{
    if (const auto known = m_graph.ghosts.constFind(id); known != m_graph.ghosts.constEnd())
        return *known;
    const int node = int(m_graph.nodes.size());
    m_graph.ghosts.insert(id, node);
    m_graph.nodes.push_back(GraphNode{.revision = {.id = id}, .isGhost = true});
    return node;
}

void GraphBuilder::resolveDependencies()
{
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        const Revision revision = at(node).revision; // a ghost may move the nodes
        for (const QString &name : revision.dependsOn) {
            int dependency = m_graph.nodeOfKey.value(name, -1);
            if (dependency == node)
                continue;
            if (dependency < 0) {
                dependency = ghost(name);
                refuse(
                    u"Revision %1 depends on '%2', which is not present"_s.arg(revision.id, name),
                    revision);
                report(
                    u"missing-dependency"_s,
                    u"%1: revision %2 depends on '%3', but no file has that id or label; add the "
                    "file or correct depends_on."_s.arg(place(revision), revision.id, name),
                    revision);
            }
            if (!at(node).dependencies.contains(dependency))
                at(node).dependencies.append(dependency);
        }
    }
}

void GraphBuilder::resolveParents()
{
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        const Revision revision = at(node).revision;
        for (const QString &id : revision.downRevisions) {
            int parent = m_graph.nodeOfKey.value(id, -1);
            if (parent == node)
                continue;
            // A label is a key of the map too, yet only ids name a parent.
            if (parent < 0 || at(parent).revision.id != id) {
                parent = ghost(id);
                refuse(u"Revision %1 referenced from %2 is not present"_s.arg(id, revision.id),
                       revision);
                report(u"missing-parent"_s,
                       u"%1: revision %2 revises %3, but no file has that id; add the missing file "
                       "or correct down_revision."_s.arg(place(revision), revision.id, id),
                       revision);
            }
            if (!at(node).down.contains(parent))
                at(node).down.append(parent);
        }
    }
}

void GraphBuilder::linkChildren()
{
    for (GraphNode &node : m_graph.nodes) {
        node.next.clear();
        node.allNext.clear();
        node.allDown = node.down;
        for (const int dependency : std::as_const(node.dependencies)) {
            if (!node.down.contains(dependency))
                node.allDown.append(dependency);
        }
    }
    for (int node = 0; node < int(m_graph.nodes.size()); ++node) {
        for (const int parent : std::as_const(at(node).down))
            at(parent).next.append(node);
        for (const int parent : std::as_const(at(node).allDown))
            at(parent).allNext.append(node);
    }
}

void GraphBuilder::collectEnds()
{
    m_graph.heads.clear();
    m_graph.realHeads.clear();
    m_graph.bases.clear();
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        // The earlier file of a repeated id is never taken off Alembic's list of heads.
        for (qsizetype i = m_repeatedHeads.count(node); i > 0; --i) {
            m_graph.heads.append(node);
            m_graph.realHeads.append(node);
        }
        if (at(node).next.isEmpty())
            m_graph.heads.append(node);
        if (at(node).allNext.isEmpty())
            m_graph.realHeads.append(node);
        if (at(node).down.isEmpty())
            m_graph.bases.append(node);
    }
}

bool GraphBuilder::checkCycles(Along down, Along up, const QList<int> &heads,
                               const QList<int> &bases, const QString &kind)
{
    const QString message = u"%1 is detected in revisions (%2)"_s;
    QStringList lost;
    if (heads.isEmpty() || bases.isEmpty()) {
        for (int node = 0; node < m_graph.revisionCount; ++node)
            lost.append(at(node).revision.id);
    } else {
        const QBitArray sound = closure(m_graph, heads, down) & closure(m_graph, bases, up);
        for (int node = 0; node < m_graph.revisionCount; ++node) {
            if (!sound.testBit(node))
                lost.append(at(node).revision.id);
        }
        lost.sort();
    }
    if (lost.isEmpty())
        return true;
    const Revision &first = at(m_graph.nodeOfKey.value(lost.constFirst())).revision;
    refuse(message.arg(kind, commaList(lost)), first);
    return false;
}

void GraphBuilder::checkCycles()
{
    if (m_graph.revisionCount == 0 || m_graph.refusal)
        return;
    QList<int> realBases;
    for (const int base : std::as_const(m_graph.bases)) {
        if (at(base).dependencies.isEmpty())
            realBases.append(base);
    }
    if (checkCycles(Along::Down, Along::Next, m_graph.heads, m_graph.bases, u"Cycle"_s))
        checkCycles(Along::AllDown, Along::AllNext, m_graph.realHeads, realBases,
                    u"Dependency cycle"_s);
}

// Takes off whatever has no neighbour left on one side, until only rings (and what hangs between
// two of them) are stuck.
void GraphBuilder::peel(bool fromBelow, QBitArray *stuck) const
{
    const auto before = [&](int node) { return fromBelow ? at(node).allDown : at(node).allNext; };
    const auto after = [&](int node) { return fromBelow ? at(node).allNext : at(node).allDown; };
    std::vector<int> waiting(m_graph.nodes.size(), 0);
    QList<int> ready;
    for (int node = 0; node < int(m_graph.nodes.size()); ++node) {
        for (const int other : before(node))
            waiting[size_t(node)] += stuck->testBit(other) ? 1 : 0;
        if (stuck->testBit(node) && waiting[size_t(node)] == 0)
            ready.append(node);
    }
    while (!ready.isEmpty()) {
        const int node = ready.takeLast();
        stuck->clearBit(node);
        for (const int other : after(node)) {
            if (stuck->testBit(other) && --waiting[size_t(other)] == 0)
                ready.append(other);
        }
    }
}

bool GraphBuilder::cutCycles()
{
    QBitArray stuck(qsizetype(m_graph.nodes.size()), true);
    peel(true, &stuck);
    if (stuck.count(true) == 0)
        return false;
    peel(false, &stuck);
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        if (!stuck.testBit(node))
            continue;
        GraphNode &member = at(node);
        const auto isStuck = [&](int other) { return stuck.testBit(other); };
        member.isInCycle = true;
        member.down.removeIf(isStuck);
        member.dependencies.removeIf(isStuck);
        report(u"revision-cycle"_s,
               u"%1: revision %2 is its own ancestor; correct down_revision or depends_on of one "
               "revision in the ring."_s.arg(place(member.revision), member.revision.id),
               member.revision);
    }
    return true;
}

void GraphBuilder::computeDepth()
{
    std::vector<qsizetype> waiting(m_graph.nodes.size(), 0);
    QList<int> ready;
    for (int node = 0; node < int(m_graph.nodes.size()); ++node) {
        waiting[size_t(node)] = at(node).allDown.size();
        if (at(node).allDown.isEmpty())
            ready.append(node);
    }
    while (!ready.isEmpty()) {
        const int node = ready.takeLast();
        for (const int child : std::as_const(at(node).allNext)) {
            at(child).depth = std::max(at(child).depth, at(node).depth + 1);
            if (--waiting[size_t(child)] == 0)
                ready.append(child);
        }
    }
}

bool GraphBuilder::hasAncestorThatDependsOn(int node, int dependency, int floor) const
{
    QSet<int> seen;
    QList<int> todo = at(node).down;
    while (!todo.isEmpty()) {
        const int ancestor = todo.takeLast();
        if (at(ancestor).depth < floor || seen.contains(ancestor))
            continue;
        seen.insert(ancestor);
        if (at(ancestor).dependencies.contains(dependency))
            return true;
        todo.append(at(ancestor).down);
    }
    return false;
}

void GraphBuilder::normalizeDependencies()
{
    // Only ancestors at least as deep as the shallowest dependant can declare the same dependency.
    std::vector<int> floor(m_graph.nodes.size(), int(m_graph.nodes.size()));
    for (const GraphNode &node : m_graph.nodes) {
        for (const int dependency : node.dependencies)
            floor[size_t(dependency)] = std::min(floor[size_t(dependency)], node.depth);
    }
    for (int node = 0; node < int(m_graph.nodes.size()); ++node) {
        GraphNode &n = at(node);
        n.normalizedDown = n.down;
        for (const int dependency : std::as_const(n.dependencies)) {
            if (!n.down.contains(dependency)
                && !hasAncestorThatDependsOn(node, dependency, floor[size_t(dependency)]))
                n.normalizedDown.append(dependency);
        }
    }
}

void GraphBuilder::spreadLabels()
{
    for (int node = 0; node < m_graph.revisionCount; ++node) {
        if (!at(node).revision.labels.isEmpty())
            spreadLabels(node);
    }
    for (GraphNode &node : m_graph.nodes) {
        QStringList others = node.labels;
        others.removeDuplicates();
        others.sort();
        node.labels = node.revision.labels;
        for (const QString &label : std::as_const(others)) {
            if (!node.revision.labels.contains(label))
                node.labels.append(label);
        }
    }
}

void GraphBuilder::spreadLabels(int origin)
{
    const QStringList labels = at(origin).revision.labels;
    QBitArray seen(qsizetype(m_graph.nodes.size()));
    QList<int> todo{origin};
    int last = origin;
    while (!todo.isEmpty()) { // down_revision's children only; dependencies are not followed
        const int node = todo.takeLast();
        if (seen.testBit(node))
            continue;
        last = node;
        seen.setBit(node);
        at(node).labels += labels;
        todo.append(at(node).next);
    }
    // From the last one visited upwards, as Alembic does it: labels colour a straight line whole.
    for (int node = last; at(node).allNext.size() < 2 && at(node).down.size() < 2;) {
        if (!seen.testBit(node))
            at(node).labels += labels;
        if (at(node).down.isEmpty())
            break;
        node = at(node).down.constFirst();
    }
}

} // namespace tribikos
