#include "projectfolder.h"

#include "core/pyread/header.h"
#include "core/sqlread/sqlscript.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

ProjectFolder::ProjectFolder()
{
    QDir(m_folder.path()).mkpath(u"versions"_s);
}

void ProjectFolder::write(const QString &name, const QByteArray &bytes) const
{
    QDir().mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write");
}

QByteArray ProjectFolder::read(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

void ProjectFolder::revision(const QString &id, const QString &downRevision,
                             const QString &more) const
{
    const QString text =
        u"\"\"\"make %1\n\nRevision ID: %1\nRevises: %2\n\n\"\"\"\nrevision = '%1'\n"
        "down_revision = %3\n%4\n\ndef upgrade():\n    pass\n"_s.arg(
            id,
            QString(downRevision)
                .remove(u'\'')
                .remove(u'(')
                .remove(u')')
                .replace(u"None"_s, QString()),
            downRevision, more);
    write(u"versions/%1.py"_s.arg(id), text.toUtf8());
}

QMap<QString, QByteArray> ProjectFolder::files() const
{
    QMap<QString, QByteArray> all;
    for (const QString &name : QDir(path(u"versions"_s)).entryList(QDir::Files | QDir::Hidden))
        all.insert(name, read(u"versions/"_s + name));
    return all;
}

RevisionGraph ProjectFolder::graph() const
{
    QList<Revision> revisions;
    const QMap<QString, QByteArray> all = files();
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        const QString file = path(u"versions/"_s + it.key());
        if (it.key().endsWith(u".sql")) {
            const auto script = readSqlScript(it.value(), file);
            revisions.append({.id = script->revision,
                              .downRevisions = script->downRevisions,
                              .labels = script->labels,
                              .dependsOn = script->dependsOn,
                              .message = script->message,
                              .file = file,
                              .isSql = true});
            continue;
        }
        const auto header = py::readHeader(it.value(), file);
        revisions.append({.id = header->revision,
                          .downRevisions = header->downRevisions,
                          .labels = header->labels,
                          .dependsOn = header->dependsOn,
                          .message = header->doc,
                          .file = file});
    }
    return RevisionGraph::build(revisions);
}

ProjectConfig ProjectFolder::config() const
{
    ProjectConfig config;
    config.root = m_folder.path();
    config.versionLocations = {path(u"versions"_s)};
    return config;
}

} // namespace tribikos
