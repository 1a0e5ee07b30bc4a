#include "core/project/revisioncache.h"

#include "core/base/bytestream.h"
#include "core/project/cachefile.h"

#include <QStandardPaths>
#include <algorithm>
#include <readerdigest.h> // made by the build

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr char magic[] = "tribikos revisions ";

/// readerDigest is that of the sources that make a Revision of a file; see CMakeLists.txt.
QByteArray readerLine()
{
    return QByteArray(magic) + readerDigest + "\n";
}

qsizetype commonLength(QStringView a, QStringView b)
{
    const auto [at, other] = std::ranges::mismatch(a, b);
    return at - a.begin();
}

/// \a before is the entry before: its path shares the folder.
void write(ByteWriter &out, const RevisionCache::Entry &entry, const QString &before)
{
    const FileStamp &stamp = entry.stamp;
    const Revision &revision = entry.revision;
    const qsizetype shared = commonLength(revision.file, before);
    out.number(quint32(shared));
    out.text(QStringView(revision.file).sliced(shared));
    out.number(stamp.size);
    out.number(stamp.modifiedNs);
    out.number(stamp.changedNs);
    out.number(stamp.inode);
    out.number(stamp.device);
    out.text(revision.id);
    out.texts(revision.downRevisions);
    out.texts(revision.labels);
    out.texts(revision.dependsOn);
    out.text(revision.message);
    const bool isWhole = revision.longDoc == revision.message;
    out.number(isWhole);
    if (!isWhole)
        out.text(revision.longDoc);
    out.text(revision.createDate);
    out.number(qint32(revision.line));
    out.number(revision.isSql);
}

RevisionCache::Entry read(ByteReader &in, const QString &before)
{
    RevisionCache::Entry entry;
    FileStamp &stamp = entry.stamp;
    Revision &revision = entry.revision;
    const qsizetype shared = in.number<quint32>();
    revision.file = before.left(shared) + in.text();
    stamp.size = in.number<qint64>();
    stamp.modifiedNs = in.number<qint64>();
    stamp.changedNs = in.number<qint64>();
    stamp.inode = in.number<quint64>();
    stamp.device = in.number<quint64>();
    revision.id = in.text();
    revision.downRevisions = in.texts();
    revision.labels = in.texts();
    revision.dependsOn = in.texts();
    revision.message = in.text();
    const bool isWhole = in.number<quint8>() != 0;
    revision.longDoc = isWhole ? revision.message : in.text();
    revision.createDate = in.text();
    revision.line = in.number<qint32>();
    revision.isSql = in.number<quint8>() != 0;
    return entry;
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
    m_path = cachePath(folder, versionFolders, u"revisions"_s);
}

void RevisionCache::load()
{
    if (m_path.isEmpty())
        return;
    const QByteArray payload = readCacheFile(m_path, readerLine());
    if (payload.isEmpty())
        return;
    ByteReader in(payload);
    const auto count = in.number<quint32>();
    m_entries.reserve(qMin<qsizetype>(count, payload.size() / 64));
    QString path;
    for (quint32 i = 0; i < count && in.isWhole; ++i) {
        Entry entry = read(in, path);
        path = entry.revision.file;
        m_entries.insert(path, std::move(entry));
    }
    if (!in.isWhole)
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
    ByteWriter out;
    out.number(quint32(entries.size()));
    QString path;
    for (const Entry &entry : entries) {
        write(out, entry, path);
        path = entry.revision.file;
    }
    writeCacheFile(m_path, readerLine(), out.bytes);
}

} // namespace tribikos
