#pragma once

#include "core/graph/lanelayout.h"

#include <QHash>

namespace tribikos {

/*!
    What a history's rows can be found by, made ready for a search with every keystroke: a row matches when each word
    of the query begins its id or stands anywhere in its texts, whatever the case. Immutable once built, cheap to copy;
    10 000 rows with 1 000 letters each are searched in some milliseconds.
*/
class SearchIndex
{
public:
    /// Row after row: its id and all else that it is found by.
    void add(const QString &id, const QStringList &texts);
    qsizetype count() const { return m_ends.size(); }
    /// One bit a row; an empty query matches all.
    QBitArray matching(const QString &query) const;

private:
    void findInIds(const QString &word, QBitArray *found) const;
    void findInTexts(const QString &word, QBitArray *found) const;

    QStringList m_ids{};
    QString m_text{};           // of all rows, without case, each ended by a line feed
    QList<qsizetype> m_ends{}; // where each row's text ends
};

/// The index of \a rows: message, labels, and what \a more has by revision id (tables, columns, authors).
SearchIndex historyIndex(const RevisionGraph &graph, const QList<HistoryRow> &rows,
                         const QHash<QString, QStringList> &more = {});

} // namespace tribikos
