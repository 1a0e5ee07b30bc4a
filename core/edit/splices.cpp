#include "core/edit/splices.h"

#include <algorithm>

namespace tribikos {

void Splices::replace(qsizetype begin, qsizetype end, const QString &with)
{
    m_parts.append({begin, end, with});
}

QString Splices::applied(const QString &text) const
{
    QList<Part> parts = m_parts;
    std::ranges::stable_sort(parts, {}, &Part::begin);
    QString result;
    qsizetype at = 0;
    for (const Part &part : std::as_const(parts)) {
        result += text.mid(at, part.begin - at) + part.with;
        at = part.end;
    }
    return result + text.mid(at);
}

} // namespace tribikos
