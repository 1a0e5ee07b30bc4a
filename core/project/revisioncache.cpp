#include "core/project/revisioncache.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDir>
#include <QFileInfo>
#include <QIODevice>
#include <QSaveFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr char magic[] = "tribikos revisions ";
constexpr qint64 largestCacheBytes = 64LL * 1024 * 1024;
constexpr int mostCaches = 64;
constexpr qint64 settledNs = 2'000'000'000;

/// TRIBIKOS_READER is a digest of the sources that make a Revision of a file; see CMakeLists.txt.
QByteArray readerLine()
{
    return QByteArray(magic) + TRIBIKOS_READER + "\n";
}

QByteArray digestOf(const QByteArray &payload)
{
    return QCryptographicHash::hash(payload, QCryptographicHash::Sha1);
}

void configure(QDataStream &stream)
{
    stream.setVersion(QDataStream::Qt_6_4);
    stream.setByteOrder(QDataStream::LittleEndian);
}

QDataStream &operator<<(QDataStream &out, const RevisionCache::Entry &entry)
{
    const FileStamp &stamp = entry.stamp;
    const Revision &revision = entry.revision;
    const bool isWhole = revision.longDoc == revision.message;
    return out << revision.file << stamp.size << stamp.modifiedNs << stamp.changedNs << stamp.inode
               << revision.id << revision.downRevisions << revision.labels << revision.dependsOn
               << revision.message << (isWhole ? QString() : revision.longDoc)
               << revision.createDate << qint32(revision.line) << revision.isSql << isWhole;
}

QDataStream &operator>>(QDataStream &in, RevisionCache::Entry &entry)
{
    FileStamp &stamp = entry.stamp;
    Revision &revision = entry.revision;
    qint32 line = 0;
    bool isWhole = false;
    in >> revision.file >> stamp.size >> stamp.modifiedNs >> stamp.changedNs >> stamp.inode
        >> revision.id >> revision.downRevisions >> revision.labels >> revision.dependsOn
        >> revision.message >> revision.longDoc >> revision.createDate >> line >> revision.isSql
        >> isWhole;
    if (isWhole)
        revision.longDoc = revision.message;
    revision.line = line;
    return in;
}

/// The payload of the cache at \a path; empty where it can't be trusted whole.
QByteArray payloadOf(const QString &path)
{
    const auto bytes = readRegularFile(path, largestCacheBytes);
    const QByteArray head = readerLine();
    if (!bytes || !bytes->startsWith(head))
        return {};
    const qsizetype digestLength = QCryptographicHash::hashLength(QCryptographicHash::Sha1);
    const QByteArray payload = bytes->mid(head.size() + digestLength);
    return bytes->mid(head.size(), digestLength) == digestOf(payload) ? payload : QByteArray();
}

/// The oldest go, so that projects that are gone don't leave theirs for ever.
void removeOldCaches(const QDir &folder)
{
    const QFileInfoList all = folder.entryInfoList({u"*.revisions"_s}, QDir::Files, QDir::Time);
    for (const QFileInfo &info : all.mid(mostCaches))
        QFile::remove(info.filePath());
}

} // namespace

QString RevisionCache::standardFolder()
{
    const QString base = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    return base.isEmpty() ? QString() : base + u"/tribikos"_s;
}

RevisionCache::RevisionCache(const QString &folder, const QStringList &versionFolders)
{
    if (folder.isEmpty())
        return;
    const QByteArray key = QCryptographicHash::hash(versionFolders.join(QChar(u'\0')).toUtf8(),
                                                    QCryptographicHash::Sha1);
    m_path = u"%1/%2.revisions"_s.arg(folder, QString::fromLatin1(key.toHex()));
}

void RevisionCache::load()
{
    if (m_path.isEmpty())
        return;
    const QByteArray payload = payloadOf(m_path);
    QDataStream in(payload);
    configure(in);
    quint32 count = 0;
    in >> count;
    m_entries.reserve(qMin<qsizetype>(count, payload.size() / 64));
    for (quint32 i = 0; i < count && in.status() == QDataStream::Ok; ++i) {
        Entry entry;
        in >> entry;
        m_entries.insert(entry.revision.file, entry);
    }
    if (in.status() != QDataStream::Ok)
        m_entries.clear();
}

const Revision *RevisionCache::find(const VersionFile &file) const
{
    const auto known = m_entries.constFind(file.path);
    if (known == m_entries.cend() || known->stamp != file.stamp
        || known->revision.isSql != file.isSql)
        return nullptr;
    return &known->revision;
}

bool RevisionCache::isSettled(const FileStamp &stamp, qint64 startNs)
{
    return qMax(stamp.modifiedNs, stamp.changedNs) + settledNs < startNs;
}

void RevisionCache::save(const QList<Entry> &entries) const
{
    if (m_path.isEmpty())
        return;
    QByteArray payload;
    QDataStream out(&payload, QIODevice::WriteOnly);
    configure(out);
    out << quint32(entries.size());
    for (const Entry &entry : entries)
        out << entry;

    const QDir folder = QFileInfo(m_path).dir();
    if (!folder.mkpath(u"."_s))
        return;
    QSaveFile file(m_path); // two programs may write at once: each replaces the whole
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        file.write(readerLine());
        file.write(digestOf(payload));
        file.write(payload);
        file.commit();
        removeOldCaches(folder);
    }
}

} // namespace tribikos
