#pragma once

#include "core/config/projectconfig.h"
#include "core/graph/revisiongraph.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QTemporaryDir>

namespace tribikos {

/// A folder with revision scripts, and the graph that they make.
class ProjectFolder
{
public:
    ProjectFolder();
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const;
    QByteArray read(const QString &name) const;
    /// versions/ID.py with Alembic's header.
    void revision(const QString &id, const QString &downRevision, const QString &more = {}) const;
    /// Every file below versions/, by name.
    QMap<QString, QByteArray> files() const;
    RevisionGraph graph() const;
    ProjectConfig config() const;

private:
    QTemporaryDir m_folder;
};

} // namespace tribikos
