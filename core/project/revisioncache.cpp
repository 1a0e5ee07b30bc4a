#include "core/project/revisioncache.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <cstring>
#include <readerdigest.h> // made by the build
#include <type_traits>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr char magic[] = "tribikos revisions ";
constexpr qint64 largestCacheBytes = 64LL * 1024 * 1024;
constexpr int mostCaches = 64;
constexpr qint64 settledNs = 2'000'000'000;

/// readerDigest is that of the sources that make a Revision of a file; see CMakeLists.txt.
QByteArray readerLine()
{
    return QByteArray(magic) + readerDigest + "\n";
}

/// Against damage, not against malice: who may write here may write the programs' settings as well. Every step is
/// one to one, so that a difference in a single word is always seen.
QByteArray digestOf(QByteArrayView payload)
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

/// Numbers as they lie in memory, texts as UTF-8 behind their length: ten thousand entries in a few milliseconds.
class Writer
{
public:
    template<typename T>
    requires std::is_arithmetic_v<T>
    void number(T value) { bytes.append(reinterpret_cast<const char *>(&value), sizeof value); }
    void text(QStringView value)
    {
        const QByteArray utf8 = value.toUtf8();
        number(quint32(utf8.size()));
        bytes.append(utf8);
    }
    void texts(const QStringList &values)
    {
        number(quint32(values.size()));
        for (const QString &value : values)
            text(value);
    }
    QByteArray bytes{};
};

/// Reads what Writer wrote; everything is empty from where the bytes end too early.
class Reader
{
public:
    explicit Reader(QByteArrayView bytes)
        : m_rest(bytes)
    {}
    template<typename T>
    requires std::is_arithmetic_v<T> T number()
    {
        T value{};
        const QByteArrayView raw = take(sizeof value);
        if (!raw.isEmpty())
            memcpy(&value, raw.data(), sizeof value);
        return value;
    }
    QString text() { return QString::fromUtf8(take(number<quint32>())); }
    QStringList texts()
    {
        QStringList values;
        for (quint32 count = number<quint32>(); count > 0 && isWhole; --count)
            values.append(text());
        return values;
    }
    bool isWhole = true;

private:
    QByteArrayView take(qsizetype length)
    {
        isWhole = isWhole && length <= m_rest.size();
        const QByteArrayView taken = m_rest.first(isWhole ? length : 0);
        m_rest = m_rest.sliced(taken.size());
        return taken;
    }
    QByteArrayView m_rest;
};

qsizetype commonLength(QStringView a, QStringView b)
{
    const auto [at, other] = std::ranges::mismatch(a, b);
    return at - a.begin();
}

/// \a before is the entry before: its path shares the folder.
void write(Writer &out, const RevisionCache::Entry &entry, const QString &before)
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

RevisionCache::Entry read(Reader &in, const QString &before)
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

/// The payload of the cache at \a path; empty where it can't be trusted whole.
QByteArray payloadOf(const QString &path)
{
    const auto bytes = readRegularFile(path, largestCacheBytes);
    const QByteArray head = readerLine();
    if (!bytes || !bytes->startsWith(head))
        return {};
    const QByteArray payload = bytes->mid(head.size() + digestOf({}).size());
    return bytes->mid(head.size(), bytes->size() - head.size() - payload.size())
                   == digestOf(payload)
               ? payload
               : QByteArray();
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
    if (payload.isEmpty())
        return;
    Reader in(payload);
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
    Writer out;
    out.number(quint32(entries.size()));
    QString path;
    for (const Entry &entry : entries) {
        write(out, entry, path);
        path = entry.revision.file;
    }

    const QDir folder = QFileInfo(m_path).dir();
    if (!folder.mkpath(u"."_s))
        return;
    QSaveFile file(m_path); // two programs may write at once: each replaces the whole
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        file.write(readerLine());
        file.write(digestOf(out.bytes));
        file.write(out.bytes);
        file.commit();
        removeOldCaches(folder);
    }
}

} // namespace tribikos
