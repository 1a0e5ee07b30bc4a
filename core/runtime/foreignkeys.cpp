#include "core/runtime/foreignkeys.h"

#include "core/base/text.h"

#include <numeric>

using namespace Qt::StringLiterals;

namespace tribikos {

Result<BrokenReferences> brokenReferences(Session &session)
{
    const auto tables = session.query(u"SELECT name FROM sqlite_master WHERE type = 'table'"_s);
    if (!tables)
        return tables.error();
    BrokenReferences broken;
    for (const Row &row : *tables)
        broken.insert(row.value(0).toString(), 0);
    const auto counts =
        session.query(u"SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1"_s);
    if (!counts)
        return counts.error();
    for (const Row &row : *counts)
        broken.insert(row.value(0).toString(), row.value(1).toLongLong());
    return broken;
}

QString newlyBroken(const BrokenReferences &before, const BrokenReferences &after)
{
    const auto total = [](const BrokenReferences &broken) {
        return std::accumulate(broken.cbegin(), broken.cend(), qint64(0));
    };
    const bool isMore = total(after) > total(before);
    QStringList tables;
    for (auto it = after.cbegin(); it != after.cend(); ++it) {
        const qint64 added = it.value() - before.value(it.key(), 0);
        if (added > 0 && (isMore || before.contains(it.key())))
            tables.append(
                u"%1 rows of %2"_s.arg(QString::number(added), visibleText(it.key(), false)));
    }
    return tables.isEmpty() ? QString() : tables.join(u", "_s) + u" would point at nothing"_s;
}

} // namespace tribikos
