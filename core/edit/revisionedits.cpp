#include "core/edit/revisionedits.h"

#include "core/edit/historychange.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error senseless(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

/// The node of a revision that a file has.
Result<int> nodeOf(const RevisionGraph &graph, const QString &id)
{
    const int node = graph.find(id);
    if (node >= 0 && !graph.isGhost(node))
        return node;
    return Error{.code = ErrorCode::NotFound, .message = u"No file has the revision %1."_s.arg(id)};
}

QStringList unique(QStringList ids)
{
    ids.removeDuplicates();
    return ids;
}

Status checkParents(const RevisionGraph &graph, const QString &id, const QStringList &parents)
{
    for (const QString &parent : parents) {
        if (parent == id)
            return senseless(u"%1 can't revise itself."_s.arg(id));
        if (const auto node = nodeOf(graph, parent); !node)
            return node.error();
    }
    return done();
}

/// \a ids with \a id replaced by \a others.
QStringList exchanged(const QStringList &ids, const QString &id, const QStringList &others)
{
    QStringList result;
    for (const QString &each : ids) {
        if (each == id)
            result += others;
        else
            result.append(each);
    }
    return unique(result);
}

/// The nodes that name \a id as their parent, as files have it (a ghost's children too).
QList<int> revisers(const RevisionGraph &graph, const QString &id)
{
    QList<int> nodes;
    for (int node = 0; node < graph.revisionCount(); ++node) {
        if (graph.revision(node).downRevisions.contains(id))
            nodes.append(node);
    }
    return nodes;
}

void passOn(HistoryChange *change, const RevisionGraph &graph, const QString &id,
            const QStringList &parents)
{
    for (const int child : revisers(graph, id))
        change->of(child).downRevisions = exchanged(change->parentsOf(child), id, parents);
}

QString listed(const QStringList &ids)
{
    return ids.isEmpty() ? u"base"_s : ids.join(u", "_s);
}

Status checkMessage(const QString &message)
{
    if (message.trimmed().isEmpty())
        return senseless(u"A revision's message can't be empty."_s);
    if (message.contains(u"\n\n"))
        return senseless(
            u"A revision's message ends at its first empty line; write it as one paragraph."_s);
    return done();
}

template<typename Accepts>
QStringList revisionsOf(const RevisionGraph &graph, const Edit &edit, Accepts accepts)
{
    QSet<QString> files;
    for (const FileChange &change : edit.changes) {
        if (!change.isFolder && accepts(change))
            files.insert(change.path);
    }
    QStringList ids;
    for (int node = 0; node < graph.revisionCount(); ++node) {
        if (files.contains(graph.revision(node).file))
            ids.append(graph.revision(node).id);
    }
    return ids;
}

/// Sets one part of \a id's header.
template<typename Set>
Result<Edit> changed(const RevisionGraph &graph, const QString &id, const QString &title, Set set)
{
    const auto node = nodeOf(graph, id);
    if (!node)
        return node.error();
    HistoryChange change(graph);
    set(change.of(*node));
    return change.edit(title);
}

} // namespace

Result<Edit> reparent(const RevisionGraph &graph, const QString &id, const QStringList &parents)
{
    if (const Status checked = checkParents(graph, id, parents); !checked)
        return checked.error();
    return changed(graph, id, u"Put %1 on %2"_s.arg(id, listed(parents)),
                   [&](HeaderChange &header) { header.downRevisions = unique(parents); });
}

Result<Edit> moveChain(const RevisionGraph &graph, const QString &first, const QString &last,
                       const QStringList &parents)
{
    const auto top = nodeOf(graph, last);
    const auto bottom = nodeOf(graph, first);
    if (!top || !bottom)
        return (top ? bottom : top).error();
    QStringList chain{last};
    for (int node = *top; node != *bottom;) {
        if (graph.parents(node).size() != 1)
            return senseless(u"%1 and %2 are not the ends of one straight run."_s.arg(first, last));
        node = graph.parents(node).constFirst();
        chain.append(graph.revision(node).id);
    }
    for (const QString &parent : parents) {
        if (chain.contains(parent))
            return senseless(u"%1 is part of what is to be moved."_s.arg(parent));
    }
    if (const Status checked = checkParents(graph, first, parents); !checked)
        return checked.error();
    HistoryChange change(graph);
    passOn(&change, graph, last, graph.revision(*bottom).downRevisions);
    change.of(*bottom).downRevisions = unique(parents);
    return change.edit(
        u"Move %1 onto %2"_s.arg(first == last ? first : first + u" … "_s + last, listed(parents)));
}

Result<Edit> spliceOut(const RevisionGraph &graph, const QString &id)
{
    const auto node = nodeOf(graph, id);
    if (!node)
        return node.error();
    if (graph.children(*node).isEmpty())
        return senseless(u"Nothing revises %1, so it stands in nobody's way."_s.arg(id));
    HistoryChange change(graph);
    passOn(&change, graph, id, graph.revision(*node).downRevisions);
    return change.edit(u"Take %1 out of the line"_s.arg(id));
}

Result<Edit> deleteRevision(const RevisionGraph &graph, const QString &id)
{
    const auto node = nodeOf(graph, id);
    if (!node)
        return node.error();
    for (int other = 0; other < graph.revisionCount(); ++other) {
        const QStringList &dependsOn = graph.revision(other).dependsOn;
        if (other != *node && graph.dependencies(other).contains(*node))
            return senseless(
                u"%1 depends on %2 (%3), so that can't be deleted; change its depends_on first."_s
                    .arg(graph.revision(other).id, id, dependsOn.join(u", "_s)));
    }
    HistoryChange change(graph);
    passOn(&change, graph, id, graph.revision(*node).downRevisions);
    change.remove(*node);
    return change.edit(u"Delete %1"_s.arg(id));
}

Result<Edit> replaceMissing(const RevisionGraph &graph, const QString &missing,
                            const QString &replacement)
{
    if (nodeOf(graph, missing))
        return senseless(u"%1 is not missing; a file has it."_s.arg(missing));
    const QStringList others = replacement.isEmpty() ? QStringList() : QStringList{replacement};
    if (const Status checked = checkParents(graph, missing, others); !checked)
        return checked.error();
    HistoryChange change(graph);
    passOn(&change, graph, missing, others);
    bool isNamed = !revisers(graph, missing).isEmpty();
    for (int node = 0; node < graph.revisionCount(); ++node) {
        const QStringList &dependsOn = graph.revision(node).dependsOn;
        if (!dependsOn.contains(missing))
            continue;
        change.of(node).dependsOn = exchanged(dependsOn, missing, others);
        isNamed = true;
    }
    if (!isNamed)
        return senseless(u"No revision names %1."_s.arg(missing));
    return change.edit(u"Point %1 at %2"_s.arg(missing, listed(others)));
}

Result<Edit> changeMessage(const RevisionGraph &graph, const QString &id, const QString &message)
{
    if (const Status checked = checkMessage(message); !checked)
        return checked.error();
    return changed(graph, id, u"Change the message of %1"_s.arg(id),
                   [&](HeaderChange &header) { header.message = message.trimmed(); });
}

Result<Edit> changeLabels(const RevisionGraph &graph, const QString &id, const QStringList &labels)
{
    return changed(graph, id, u"Change the labels of %1"_s.arg(id),
                   [&](HeaderChange &header) { header.labels = unique(labels); });
}

Result<Edit> changeDependencies(const RevisionGraph &graph, const QString &id,
                                const QStringList &dependsOn)
{
    return changed(graph, id, u"Change what %1 depends on"_s.arg(id),
                   [&](HeaderChange &header) { header.dependsOn = unique(dependsOn); });
}

Result<Edit> changeProperties(const RevisionGraph &graph, const QString &id,
                              const HeaderChange &change)
{
    if (const Status checked = change.message ? checkMessage(*change.message) : done(); !checked)
        return checked.error();
    if (change.message && !change.labels && !change.dependsOn)
        return changeMessage(graph, id, *change.message);
    if (change.labels && !change.message && !change.dependsOn)
        return changeLabels(graph, id, *change.labels);
    if (change.dependsOn && !change.message && !change.labels)
        return changeDependencies(graph, id, *change.dependsOn);
    return changed(graph, id, u"Change the properties of %1"_s.arg(id), [&](HeaderChange &header) {
        if (change.message)
            header.message = change.message->trimmed();
        if (change.labels)
            header.labels = unique(*change.labels);
        if (change.dependsOn)
            header.dependsOn = unique(*change.dependsOn);
    });
}

QStringList touchedRevisions(const RevisionGraph &graph, const Edit &edit)
{
    return unique(edit.revisions
                  + revisionsOf(graph, edit, [](const FileChange &) { return true; }));
}

QStringList deletedRevisions(const RevisionGraph &graph, const Edit &edit)
{
    return revisionsOf(graph, edit, [](const FileChange &change) { return change.isDeletion(); });
}

} // namespace tribikos
