#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

/// Files in the user's cache folder that a later start reads again, each checked by a digest: damaged, cut, foreign
/// or another build's, one is as good as none.
namespace tribikos {

/// A program may stand still for so long between two writes of a file that leave it with the same times.
inline constexpr qint64 settledNs = 2'000'000'000;
/// Smaller projects are read and evaluated faster than a cache.
inline constexpr qsizetype leastFilesForCache = 50;

/// The file in \a folder for what \a of names: a project's versions folders and more; \a kind is its suffix.
QString cachePath(const QString &folder, const QStringList &of, const QString &kind);

/// What writeCacheFile() wrote behind the same \a head; empty where it can't be trusted whole.
QByteArray readCacheFile(const QString &path, const QByteArray &head);

/// Replaces the file. Best effort: a disk that is full or read-only is no error. The oldest of many files of its kind
/// go, so that projects that are gone don't leave theirs for ever.
void writeCacheFile(const QString &path, const QByteArray &head, const QByteArray &payload);

/// Against damage, not against malice: who may write caches may write the programs' settings as well.
QByteArray fastDigest(QByteArrayView payload);

} // namespace tribikos
