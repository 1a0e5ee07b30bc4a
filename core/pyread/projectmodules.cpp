#include "core/pyread/projectmodules.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QMutex>
#include <QRegularExpression>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

Error unreadable(const QString &path, const QString &why)
{
    return {.code = ErrorCode::Unreadable,
            .message = u"%1 can't be read: %2"_s.arg(path, why),
            .file = path};
}

/// Parsed modules by path. Bounded: a project has hundreds of modules, not thousands in use.
class SourceCache
{
public:
    std::shared_ptr<const ModuleSource> find(const QString &path)
    {
        const QFileInfo info(path);
        const Stamp stamp{info.size(), info.lastModified().toMSecsSinceEpoch()};
        {
            const QMutexLocker lock(&m_mutex);
            const auto known = m_entries.constFind(path);
            if (known != m_entries.cend() && known->stamp == stamp)
                return known->module;
        }
        auto module = std::make_shared<ModuleSource>();
        if (const auto bytes = readSource(path); !bytes)
            module->error = bytes.error();
        else if (auto source = parse(*bytes, path); !source)
            module->error = source.error();
        else
            module->source = *source;
        const QMutexLocker lock(&m_mutex);
        if (m_entries.size() >= maxEntries)
            m_entries.clear();
        m_entries.insert(path, {stamp, module});
        return module;
    }

private:
    static constexpr qsizetype maxEntries = 2000;
    using Stamp = std::pair<qint64, qint64>;
    struct Entry
    {
        Stamp stamp{};
        std::shared_ptr<const ModuleSource> module{};
    };
    QMutex m_mutex{};
    QHash<QString, Entry> m_entries{};
};

} // namespace

Result<QByteArray> readSource(const QString &path)
{
    // O_NONBLOCK: opening a pipe must not wait for its writer.
    const int handle =
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (handle < 0)
        return Error{.code = ErrorCode::NotFound,
                     .message = u"%1 can't be opened."_s.arg(path),
                     .file = path};
    struct stat info = {};
    const bool isRegular = ::fstat(handle, &info) == 0 && S_ISREG(info.st_mode);
    QFile file;
    if (!isRegular || info.st_size > maxSourceBytes
        || !file.open(handle, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        ::close(handle);
        return unreadable(path, isRegular ? u"it is larger than %1 MiB."_s.arg(maxSourceBytes >> 20)
                                          : u"it is not a regular file."_s);
    }
    // Not more than the file has: read() reserves what it is asked for.
    QByteArray bytes = file.read(info.st_size + 1);
    bytes.squeeze();
    if (bytes.size() > maxSourceBytes)
        return unreadable(path, u"it is larger than %1 MiB."_s.arg(maxSourceBytes >> 20));
    return bytes;
}

ModuleFinder projectFinder(const QStringList &searchPath)
{
    static SourceCache cache; // immutable trees, shared by every evaluation in the process
    return [searchPath](const QString &dottedName) -> std::optional<ModuleSource> {
        static const QRegularExpression form(uR"(^\w+(\.\w+)*$)"_s);
        if (!form.match(dottedName).hasMatch())
            return std::nullopt;
        QString relative = dottedName;
        relative.replace(u'.', u'/');
        bool isNamespace = false;
        for (const QString &folder : searchPath) {
            const QString base = folder + u'/' + relative;
            if (QFileInfo(base + u"/__init__.py"_s).isFile()) {
                ModuleSource found = *cache.find(base + u"/__init__.py"_s);
                found.isPackage = true;
                return found;
            }
            if (QFileInfo(base + u".py"_s).isFile())
                return *cache.find(base + u".py"_s);
            isNamespace = isNamespace || QFileInfo(base).isDir();
        }
        if (isNamespace)
            return ModuleSource{.isPackage = true};
        return std::nullopt;
    };
}

} // namespace tribikos::py
