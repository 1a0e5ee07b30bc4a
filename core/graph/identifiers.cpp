#include "core/graph/identifiers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

Error Identifiers::error(const QString &message) const
{
    return {.code = ErrorCode::GraphInvalid, .message = message};
}

Error Identifiers::multipleHeads(const QString &argument) const
{
    const QString text = m_wording.destination.isEmpty() ? argument : m_wording.destination;
    return error(u"Multiple head revisions are present for given argument '%1'; please specify a "
                 "specific target revision, '<branchname>@%1' to narrow to a specific head, or "
                 "'heads' for all heads"_s.arg(text));
}

Error Identifiers::unknown(const QString &identifier) const
{
    return {.code = ErrorCode::NotFound,
            .message = u"Can't locate revision identified by '%1'"_s.arg(identifier)};
}

Result<QList<int>> Identifiers::rows(const QStringList &rows) const
{
    QList<int> found;
    for (const QString &row : rows) {
        const int node = m_graph.nodeOfKey.value(row, -1);
        if (node < 0 || at(node).revision.id != row) // a label is a key, too
            return unknown(row);
        found.append(node);
    }
    return found;
}

Result<Identifiers::Split> Identifiers::split(const QString &identifier) const
{
    Split result;
    QString id = identifier;
    if (const qsizetype at = identifier.indexOf(u'@'); at >= 0) {
        result.label = identifier.left(at);
        result.hasLabel = true;
        id = identifier.mid(at + 1);
    }
    const auto idsOf = [this](const QList<int> &found) {
        QStringList ids;
        for (const int node : found)
            ids.append(at(node).revision.id);
        return ids;
    };
    if (id == u"heads" && result.label.isEmpty()) {
        result.ids = idsOf(m_graph.realHeads);
    } else if (id == u"heads" || id == u"head") {
        QList<int> heads = m_graph.heads;
        if (!result.label.isEmpty()) {
            const auto filtered = inLineage(heads, result.label);
            if (!filtered)
                return filtered.error();
            heads = *filtered;
        }
        if (id == u"head" && heads.size() > 1)
            return multipleHeads(result.label.isEmpty() ? id : result.label + u"@head"_s);
        result.ids = idsOf(heads);
    } else if (id != u"base") {
        result.ids = {id};
    }
    return result;
}

Result<int> Identifiers::branch(const QString &label) const
{
    if (const auto known = m_graph.nodeOfKey.constFind(label);
        known != m_graph.nodeOfKey.constEnd())
        return *known;
    const auto found = lookUp(label);
    if (!found)
        return unknown(label);
    return found;
}

Result<int> Identifiers::byPrefix(const QString &id, const Split &split) const
{
    QList<int> matches;
    for (const QString &key : m_graph.keys) {
        if (!id.isEmpty() && key.size() > 3 && key.startsWith(id))
            matches.append(m_graph.nodeOfKey.value(key));
    }
    if (!split.label.isEmpty()) {
        const auto filtered = inLineage(matches, split.label);
        if (!filtered)
            return filtered.error();
        matches = *filtered;
    }
    if (matches.size() != 1) // none and several read the same to the user of Alembic
        return unknown(id);
    return matches.constFirst();
}

Result<int> Identifiers::lookUp(const QString &id, const Split &split) const
{
    int branchNode = -1;
    if (!split.label.isEmpty()) {
        const auto found = branch(split.label);
        if (!found)
            return found.error();
        branchNode = *found;
    }
    int node = m_graph.nodeOfKey.value(id, -1);
    if (node < 0) {
        const auto found = byPrefix(id, split);
        if (!found)
            return found.error();
        node = *found;
    }
    if (branchNode >= 0) {
        const bool related = closure(m_graph, {branchNode}, Along::Next).testBit(node)
                             || closure(m_graph, {branchNode}, Along::Down).testBit(node);
        if (!related)
            return unknown(id);
    }
    return node;
}

Result<QList<int>> Identifiers::inLineage(const QList<int> &targets, const QString &check,
                                          bool withDependencies) const
{
    if (targets.isEmpty())
        return targets;
    const auto resolved = split(check);
    if (!resolved)
        return resolved.error();
    QStringList tests = resolved->ids;
    if (!resolved->label.isEmpty())
        tests.prepend(resolved->label);
    if (tests.isEmpty())
        return targets;
    QList<int> relatives;
    for (const QString &test : std::as_const(tests)) {
        const auto found = lookUp(test);
        if (!found)
            return found.error();
        relatives.append(*found);
    }
    // Lineage is mutual, so one walk from the tested revisions answers for all targets.
    const QBitArray lineage =
        closure(m_graph, relatives, withDependencies ? Along::AllNext : Along::Next)
        | closure(m_graph, relatives, withDependencies ? Along::NormalizedDown : Along::Down);
    QList<int> kept = targets;
    kept.removeIf([&](int target) { return !lineage.testBit(target); });
    return kept;
}

Result<QList<int>> Identifiers::walkFromHeads(const Split &split, qint64 steps) const
{
    QList<int> reached;
    for (const int head : m_graph.realHeads) {
        if (split.hasLabel && !at(head).labels.contains(split.label))
            continue;
        const auto node = walk(head, steps, {}, true);
        if (!node)
            return node.error();
        reached.append(*node);
    }
    return reached;
}

Result<QList<int>> Identifiers::nodes(const QString &identifier) const
{
    const auto resolved = split(identifier);
    if (!resolved)
        return resolved.error();
    if (resolved->ids.size() == 1) {
        bool isNumber = false;
        const qint64 steps = resolved->ids.constFirst().toLongLong(&isNumber);
        if (isNumber && steps < 0) // "-2", "label@-2": down from each head
            return walkFromHeads(*resolved, steps);
    }
    QList<int> found;
    for (const QString &id : resolved->ids) {
        const auto node = lookUp(id, *resolved);
        if (!node)
            return node.error();
        found.append(*node);
    }
    return found;
}

Result<QList<int>> Identifiers::nodes(const QStringList &identifiers) const
{
    QList<int> found;
    for (const QString &identifier : identifiers) {
        const auto some = nodes(identifier);
        if (!some)
            return some.error();
        found += *some;
    }
    return found;
}

Result<int> Identifiers::node(const QString &identifier) const
{
    const auto resolved = split(identifier);
    if (!resolved)
        return resolved.error();
    if (resolved->ids.size() > 1)
        return multipleHeads(identifier);
    if (!resolved->ids.isEmpty())
        return lookUp(resolved->ids.constFirst(), *resolved);
    if (resolved->label.isEmpty())
        return atBase;
    const auto known = branch(resolved->label);
    if (!known)
        return known.error();
    return atBase;
}

Result<int> Identifiers::walk(int start, qint64 steps, const QString &label, bool isStrict) const
{
    int place = start;
    for (qint64 i = 0; i != steps; i += steps > 0 ? 1 : -1) {
        QList<int> candidates;
        if (steps > 0) {
            candidates = place == atBase ? m_graph.bases : at(place).next;
            if (!label.isEmpty()) {
                const auto filtered = inLineage(candidates, label);
                if (!filtered)
                    return filtered.error();
                candidates = *filtered;
            }
        } else if (place != belowBase) {
            candidates = place == atBase ? m_graph.heads : at(place).down;
            if (candidates.isEmpty())
                candidates = {belowBase};
        }
        if (candidates.isEmpty())
            return isStrict ? beyondEnd : place;
        if (candidates.size() > 1)
            return error(u"Ambiguous walk"_s);
        place = candidates.constFirst();
        if (place >= 0 && at(place).isGhost)
            return unknown(at(place).revision.id);
    }
    return place;
}

} // namespace tribikos
