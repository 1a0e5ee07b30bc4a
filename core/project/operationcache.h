#pragma once

#include "core/config/versionfiles.h"
#include "core/ops/operation.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>

namespace tribikos {

class OperationReader;

/*!
    What unchanged scripts came to the last time, so that a long history needn't be parsed and evaluated again.

    It holds operations of scripts that depend on nothing but their own text and the request
    (EvalResult::isSelfContained), for one database, direction and manner of running, and counts for one request, one
    state of each file (see RevisionCache) and one build of the core alone. The file is the user's own to read: it says
    what the scripts say, their data included.
*/
class OperationCache
{
public:
    /// For \a kind, such as "postgresql-upgrade-offline", of the project with \a versionFolders. \a request stands for
    /// all else that the operations depend on. An empty folder: nothing is known and save() does nothing.
    OperationCache(const QString &folder, const QStringList &versionFolders, const QString &kind,
                   const QByteArray &request);
    ~OperationCache();

    void load();
    /// What the script at \a path came to when it had \a stamp; nullopt: not known.
    std::optional<Operations> find(const QString &path, const FileStamp &stamp) const;
    /// No news where it is known already that they can't be kept.
    void insert(const QString &path, const FileStamp &stamp, const Operations &operations);
    bool hasNews() const { return !m_news.isEmpty(); }
    /// Stores what is known of \a files when there is news. Best effort.
    void save(const QList<VersionFile> &files);

private:
    struct Known
    {
        FileStamp stamp{};
        QByteArray bytes{}; // of m_payload, for m_reader; empty: they can't be kept
    };
    struct News
    {
        FileStamp stamp{};
        Operations operations{};
    };
    QString m_path{}; // empty: no cache
    QByteArray m_payload{}; // holds the bytes of what is known
    std::unique_ptr<OperationReader> m_reader{};
    QHash<QString, Known> m_known{};
    QHash<QString, News> m_news{};
};

} // namespace tribikos
