#include "core/project/cachefile.h"

#include "core/config/versionfiles.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <cstring>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestCacheBytes = 64LL * 1024 * 1024;
constexpr int mostCaches = 64;
constexpr qint64 mostBytesOfCaches = 256LL * 1024 * 1024; // of a kind

void removeOldCaches(const QFileInfo &written)
{
    const QString pattern = u"*."_s + written.suffix();
    const QFileInfoList all = written.dir().entryInfoList({pattern}, QDir::Files, QDir::Time);
    qint64 bytes = 0;
    int count = 0;
    for (const QFileInfo &info : all) { // the newest first
        bytes += info.size();
        if (++count > mostCaches || bytes > mostBytesOfCaches)
            QFile::remove(info.filePath());
    }
}

} // namespace

/// Every step is one to one, so that a difference in a single word is always seen.
QByteArray fastDigest(QByteArrayView payload)
{
    constexpr quint64 odd = 0x9e37'79b9'7f4a'7c15;
    quint64 digest = quint64(payload.size());
    for (; !payload.isEmpty();
         payload = payload.sliced(qMin<qsizetype>(sizeof(quint64), payload.size()))) {
        quint64 word = 0;
        memcpy(&word, payload.data(), size_t(qMin<qsizetype>(sizeof word, payload.size())));
        digest = (digest ^ word) * odd;
        digest ^= digest >> 32;
    }
    return QByteArray::number(digest, 16).rightJustified(16, '0');
}

QString cachePath(const QString &folder, const QStringList &of, const QString &kind)
{
    const QByteArray key =
        QCryptographicHash::hash(of.join(QChar(u'\0')).toUtf8(), QCryptographicHash::Sha1);
    return u"%1/%2.%3"_s.arg(folder, QString::fromLatin1(key.toHex()), kind);
}

QByteArray readCacheFile(const QString &path, const QByteArray &head)
{
    const auto bytes = readRegularFile(path, largestCacheBytes);
    if (!bytes || !bytes->startsWith(head))
        return {};
    const QByteArray payload = bytes->mid(head.size() + fastDigest({}).size());
    return bytes->mid(head.size(), bytes->size() - head.size() - payload.size())
                   == fastDigest(payload)
               ? payload
               : QByteArray();
}

void writeCacheFile(const QString &path, const QByteArray &head, const QByteArray &payload)
{
    const QFileInfo info(path);
    if (head.size() + payload.size() > largestCacheBytes || !info.dir().mkpath(u"."_s))
        return;
    if (info.isSymLink() && !QFile::remove(path)) // whatever it points to is none of ours
        return;
    QSaveFile file(path); // two programs may write at once: each replaces the whole
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        file.write(head);
        file.write(fastDigest(payload));
        file.write(payload);
        file.commit();
        removeOldCaches(info);
    }
}

} // namespace tribikos
