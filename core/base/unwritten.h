#pragma once

#include <QString>

namespace tribikos {

/// Stands in a text where Python would write what only a run of it knows: where an object lies in memory, or the whole of
/// one that isn't followed. Such a text may go anywhere but into SQL. A noncharacter of Unicode's.
inline constexpr QChar unwrittenMark = QChar(0xFDD2);

inline QString unwritten(const QString &text)
{
    return unwrittenMark + text;
}

/// \a text for a message.
inline QString withoutMarks(QString text)
{
    return text.remove(unwrittenMark);
}

} // namespace tribikos
