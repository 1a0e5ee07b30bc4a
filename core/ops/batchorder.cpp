#include "core/ops/batchorder.h"

#include <QHash>
#include <QSet>
#include <algorithm>

namespace tribikos {

namespace {

using Pair = std::pair<QString, QString>; // the first stands before the second

/// A column keeps the name that it had at first until all is sorted, as in Alembic.
class BatchOrder
{
public:
    BatchOrder(const QStringList &existing, const BatchAlterTable &batch)
        : m_isPartial(!batch.partialReordering.isEmpty())
        , m_existing(existing)
        , m_columns(existing)
    {
        for (const Operation &operation : batch.operations) {
            if (const auto *added = operation.as<AddColumn>())
                add(*added);
            else if (const auto *dropped = operation.as<DropColumn>())
                drop(keyOf(dropped->column));
            else if (const auto *alter = operation.as<AlterColumn>();
                     alter && alter->newName && *alter->newName != alter->column)
                m_names.insert(keyOf(alter->column), *alter->newName);
        }
        for (const QStringList &chain : batch.partialReordering)
            for (qsizetype i = 1; i < chain.size(); ++i)
                m_pairs.append({chain[i - 1], chain[i]});
        if (!m_isPartial)
            for (qsizetype i = 1; i < m_existing.size(); ++i)
                m_pairs.append({m_columns.value(i - 1), m_existing[i]});
    }

    QStringList order() const
    {
        QStringList names;
        const bool isAsked = m_isPartial || !m_added.isEmpty();
        for (const QString &key : isAsked ? sorted() : m_columns)
            names.append(m_names.value(key, key));
        return names;
    }

private:
    QString keyOf(const QString &name) const
    {
        return m_columns.contains(name) ? name : m_names.key(name, name);
    }

    void add(const AddColumn &added)
    {
        const QString &name = added.column.name;
        QString before = keyOf(added.insertBefore);
        QString after = keyOf(added.insertAfter);
        if (!m_isPartial)
            complete(before, after);
        if (!before.isEmpty())
            m_added.append({name, before});
        if (!after.isEmpty())
            m_added.append({after, name});
        if (!m_isPartial && before.isEmpty() && after.isEmpty() && !m_existing.isEmpty())
            m_added.append({m_existing.last(), name});
        if (!m_columns.contains(name))
            m_columns.append(name);
    }

    /// One neighbour that is said tells the other one: by the old columns, or by those that were added.
    void complete(QString &before, QString &after) const
    {
        if (!after.isEmpty() && before.isEmpty()) {
            const qsizetype at = m_existing.indexOf(after);
            const auto known =
                std::ranges::find(m_added.crbegin(), m_added.crend(), after, &Pair::first);
            if (at >= 0)
                before = m_existing.value(at + 1);
            else if (known != m_added.crend())
                before = known->second;
        }
        if (!before.isEmpty() && after.isEmpty()) {
            const qsizetype at = m_existing.indexOf(before);
            const auto known =
                std::ranges::find(m_added.crbegin(), m_added.crend(), before, &Pair::second);
            if (at >= 0)
                after = m_existing.value(at - 1);
            else if (known != m_added.crend())
                after = known->first;
        }
    }

    void drop(const QString &key)
    {
        m_columns.removeAll(key);
        m_existing.removeAll(key);
        m_names.remove(key);
    }

    /// Layer by layer, each in the order of the columns; a circle leaves them as they are.
    QStringList sorted() const
    {
        QHash<QString, QStringList> needed;
        for (const auto &[first, second] : m_pairs + m_added)
            if (first != second)
                needed[second].append(first);
        QStringList all;
        QStringList waiting = m_columns;
        while (!waiting.isEmpty()) {
            const QSet<QString> open(waiting.cbegin(), waiting.cend());
            QStringList rest;
            for (const QString &column : std::as_const(waiting)) {
                const QStringList before = needed.value(column);
                const bool isFree = std::ranges::none_of(
                    before, [&open](const QString &one) { return open.contains(one); });
                (isFree ? all : rest).append(column);
            }
            if (rest.size() == waiting.size())
                return m_columns;
            waiting = rest;
        }
        return all;
    }

    const bool m_isPartial;
    QStringList m_existing;            // of the old columns, those that stay
    QStringList m_columns;             // all of them, added ones last
    QHash<QString, QString> m_names{}; // the old name to the new one
    QList<Pair> m_pairs{};
    QList<Pair> m_added{};
};

} // namespace

QStringList batchColumnOrder(const QStringList &existing, const BatchAlterTable &batch)
{
    return BatchOrder(existing, batch).order();
}

} // namespace tribikos
