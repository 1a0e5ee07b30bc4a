#pragma once

#include <QList>
#include <QStringList>

namespace tribikos {

/// A stretch of a text, in UTF-16 units.
struct TextStretch
{
    qsizetype at = 0;
    qsizetype length = 0;
    friend bool operator==(const TextStretch &, const TextStretch &) = default;
};

/// The words of \a text that have no partner in \a other, read from left to right (a longest common subsequence); neighbours are
/// one stretch. Where two texts have little in common, or are longer than a person compares word by word, all between
/// their common beginning and end.
QList<TextStretch> changedWords(QStringView text, QStringView other);

/// For each of \a texts the words that some other of them lacks. An empty text takes no part.
QList<QList<TextStretch>> changedWords(const QStringList &texts);

} // namespace tribikos
