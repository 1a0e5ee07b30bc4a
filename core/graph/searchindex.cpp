#include "core/graph/searchindex.h"

#include <QStringMatcher>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

void SearchIndex::add(const QString &id, const QStringList &texts)
{
    m_ids.append(id.toCaseFolded());
    for (const QString &text : texts)
        m_text += text.toCaseFolded() + u'\n';
    m_text += u'\n';
    m_ends.append(m_text.size());
}

void SearchIndex::findInIds(const QString &word, QBitArray *found) const
{
    for (qsizetype row = 0; row < m_ids.size(); ++row) {
        if (m_ids[row].startsWith(word))
            found->setBit(row);
    }
}

void SearchIndex::findInTexts(const QString &word, QBitArray *found) const
{
    const QStringMatcher matcher(word);
    qsizetype at = matcher.indexIn(m_text, 0);
    while (at >= 0) {
        const auto end = std::ranges::upper_bound(m_ends, at);
        found->setBit(end - m_ends.begin());
        at = *end < m_text.size() ? matcher.indexIn(m_text, *end) : -1;
    }
}

QBitArray SearchIndex::matching(const QString &query) const
{
    QBitArray all(count(), true);
    for (const QString &word : query.toCaseFolded().simplified().split(u' ', Qt::SkipEmptyParts)) {
        QBitArray found(count());
        findInIds(word, &found);
        findInTexts(word, &found);
        all &= found;
    }
    return all;
}

SearchIndex historyIndex(const RevisionGraph &graph, const QList<HistoryRow> &rows,
                         const QHash<QString, QStringList> &more)
{
    SearchIndex index;
    for (const HistoryRow &row : rows) {
        const Revision &revision = graph.revision(row.node);
        index.add(revision.id, QStringList{revision.message, revision.longDoc}
                                   + graph.labels(row.node) + more.value(revision.id));
    }
    return index;
}

} // namespace tribikos
