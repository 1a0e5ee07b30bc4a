#include "core/project/operationcache.h"

#include "core/base/bytestream.h"
#include "core/ops/operationarchive.h"
#include "core/project/cachefile.h"

#include <evaluatordigest.h> // made by the build

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The rest of a history that is larger is evaluated each time.
constexpr qsizetype mostBytes = 32 << 20;

void write(ByteWriter &out, const QString &path, const FileStamp &stamp, const QByteArray &bytes)
{
    out.text(path);
    out.number(stamp.size);
    out.number(stamp.modifiedNs);
    out.number(stamp.changedNs);
    out.number(stamp.inode);
    out.number(stamp.device);
    out.small(quint64(bytes.size()));
    out.bytes.append(bytes);
}

/// evaluatorDigest is that of the sources that make operations of a script; see CMakeLists.txt.
QByteArray headLine()
{
    return QByteArray("tribikos operations ") + evaluatorDigest + '\n';
}

FileStamp stampOf(ByteReader &in)
{
    FileStamp stamp;
    stamp.size = in.number<qint64>();
    stamp.modifiedNs = in.number<qint64>();
    stamp.changedNs = in.number<qint64>();
    stamp.inode = in.number<quint64>();
    stamp.device = in.number<quint64>();
    return stamp;
}

} // namespace

OperationCache::OperationCache(const QString &folder, const QStringList &versionFolders,
                               const QString &kind, const QByteArray &request)
    : m_path(folder.isEmpty()
                 ? QString()
                 : cachePath(folder, versionFolders + QStringList{QString::fromLatin1(request)},
                             kind + u".operations"_s))
{}

OperationCache::~OperationCache() = default;

void OperationCache::load()
{
    if (m_path.isEmpty())
        return;
    m_known.clear();
    m_payload = readCacheFile(m_path, headLine());
    if (m_payload.isEmpty())
        return;
    ByteReader in(m_payload);
    m_reader = std::make_unique<OperationReader>(in.take(in.small()));
    const qsizetype count = in.count();
    m_known.reserve(count);
    for (qsizetype i = 0; i < count && in.isWhole; ++i) {
        const QString path = in.text();
        const FileStamp stamp = stampOf(in);
        const QByteArrayView bytes = in.take(in.small());
        m_known.insert(path, {stamp, QByteArray::fromRawData(bytes.data(), bytes.size())});
    }
    if (!in.isWhole || !in.isAtEnd())
        m_known.clear();
}

std::optional<Operations> OperationCache::find(const QString &path, const FileStamp &stamp) const
{
    if (const auto news = m_news.constFind(path); news != m_news.cend() && news->stamp == stamp)
        return news->operations;
    const auto known = m_known.constFind(path);
    return known != m_known.cend() && known->stamp == stamp ? m_reader->operations(known->bytes)
                                                            : std::nullopt;
}

void OperationCache::insert(const QString &path, const FileStamp &stamp,
                            const Operations &operations)
{
    const auto known = m_known.constFind(path);
    if (!m_path.isEmpty() && (known == m_known.cend() || known->stamp != stamp))
        m_news.insert(path, {stamp, operations});
}

void OperationCache::save(const QList<VersionFile> &files)
{
    if (m_news.isEmpty())
        return;
    OperationWriter writer;
    ByteWriter entries;
    qsizetype count = 0;
    for (const VersionFile &file : files) {
        const auto known = m_known.constFind(file.path);
        const bool isKnown = known != m_known.cend() && known->stamp == file.stamp;
        const auto operations = find(file.path, file.stamp);
        if (!operations && !isKnown)
            continue;
        const bool hasRoom = entries.bytes.size() + writer.sharedSize() < mostBytes;
        const auto bytes = operations && hasRoom ? writer.add(*operations) : std::nullopt;
        write(entries, file.path, file.stamp, bytes.value_or(QByteArray()));
        ++count;
    }
    ByteWriter out;
    const QByteArray shared = writer.shared();
    out.small(quint64(shared.size()));
    out.bytes.append(shared);
    out.small(quint64(count));
    out.bytes.append(entries.bytes);
    writeCacheFile(m_path, headLine(), out.bytes);
    m_news.clear();
    load();
}

} // namespace tribikos
