#include "core/edit/projecttemplates.h"

#include "core/config/tomlfile.h"
#include "core/config/versionfiles.h"
#include "core/edit/templatetexts.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestPyproject = 1024 * 1024;

class ProjectMaker
{
public:
    ProjectMaker(const InitRequest &request, const ProjectTemplate &chosen)
        : m_request(request)
        , m_template(chosen)
        , m_working(request.workingFolder.isEmpty() ? QDir::currentPath() : request.workingFolder)
        , m_folder(QDir::cleanPath(m_working.absoluteFilePath(request.folder)))
    {}
    Result<NewProject> make();

private:
    void addFolder(const QString &path);
    void addFile(const QString &path, const QByteArray &text,
                 const QString &doing = QStringLiteral("Generating"));
    QByteArray located(QByteArray text, const QString &beside, bool isInScripts) const;
    void addConfiguration();
    Status addPyproject();
    QString configFile() const;

    const InitRequest &m_request;
    const ProjectTemplate &m_template;
    QDir m_working;
    QString m_folder;
    NewProject m_made{};
};

void ProjectMaker::addFolder(const QString &path)
{
    m_made.edit.changes.append(FileChange::newFolder(path));
    m_made.doing.append(u"Creating directory "_s + path);
}

void ProjectMaker::addFile(const QString &path, const QByteArray &text, const QString &doing)
{
    m_made.edit.changes.append({.path = path, .after = text});
    m_made.doing.append(doing + u' ' + path);
}

QString ProjectMaker::configFile() const
{
    const QString usual = m_template.isSql ? u"tribikos.toml"_s : u"alembic.ini"_s;
    const QString named = QFileInfo(m_request.configFile).fileName();
    const bool fits = !named.isEmpty() && named.endsWith(u".toml") == m_template.isSql;
    return QDir::cleanPath(m_working.absoluteFilePath(fits ? m_request.configFile : usual));
}

/// \a text with ${script_location}: relative to the configuration \a beside, as the folder was given.
QByteArray ProjectMaker::located(QByteArray text, const QString &beside, bool isInScripts) const
{
    const QString inside = isInScripts ? QString() : u"/versions"_s;
    QString location = m_folder + inside;
    if (QDir::isRelativePath(m_request.folder)) {
        location = QDir(QFileInfo(beside).path()).relativeFilePath(location);
        if (isInScripts)
            location.prepend(u"%(here)s/"_s);
    }
    return text.replace("${script_location}", location.toUtf8());
}

void ProjectMaker::addConfiguration()
{
    const QString path = configFile();
    if (QFileInfo::exists(path)) {
        m_made.notes.append(u"File %1 already exists, skipping"_s.arg(path));
        return;
    }
    if (m_template.isSql) {
        addFile(path, located(templatetexts::tribikosToml, path, false));
        return;
    }
    const QByteArray main =
        m_template.usesPyproject ? templatetexts::iniShort : templatetexts::iniMain;
    addFile(path, located(main + templatetexts::iniLogging, path, true));
}

Status ProjectMaker::addPyproject()
{
    const QString path = m_working.absoluteFilePath(u"pyproject.toml"_s);
    const QByteArray text = located(templatetexts::pyproject, path, true);
    if (!QFileInfo::exists(path)) {
        addFile(path, text);
        return done();
    }
    const auto toml = readToml(path);
    const auto before = readRegularFile(path, largestPyproject);
    if (!toml || !before)
        return toml ? before.error() : toml.error();
    if (!(*toml)[u"tool"_s][u"alembic"_s].isNone()) {
        m_made.notes.append(
            u"File %1 already exists and already has a [tool.alembic] section, skipping"_s.arg(
                path));
        return done();
    }
    m_made.edit.changes.append({.path = path, .before = *before, .after = *before + "\n\n" + text});
    m_made.doing.append(u"Appending to existing "_s + path);
    return done();
}

Result<NewProject> ProjectMaker::make()
{
    const QDir folder(m_folder);
    if (folder.exists() && !folder.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
        return Error{.code = ErrorCode::Usage,
                     .message =
                         u"Directory %1 already exists and is not empty"_s.arg(m_request.folder)};
    m_made.edit.title = u"New project in %1"_s.arg(m_request.folder);
    if (!folder.exists())
        addFolder(m_folder);
    addFolder(m_folder + u"/versions"_s);
    addConfiguration();
    if (m_template.usesPyproject) {
        if (const Status added = addPyproject(); !added)
            return added.error();
    }
    for (const QString &file : {u"README"_s, u"env.py"_s, u"script.py.mako"_s}) {
        if (const QByteArray text = templateFile(m_template.name, file); !text.isEmpty())
            addFile(m_folder + u'/' + file, text);
    }
    if (m_request.isPackage) {
        addFile(m_folder + u"/__init__.py"_s, QByteArray(""), u"Adding"_s);
        addFile(m_folder + u"/versions/__init__.py"_s, QByteArray(""), u"Adding"_s);
    }
    const QString pyproject = m_working.absoluteFilePath(u"pyproject.toml"_s);
    m_made.closing =
        m_template.usesPyproject
            ? u"Please edit configuration settings in %1 and configuration/connection/logging "
              u"settings in %2 "
              "before proceeding."_s.arg(pyproject, configFile())
            : u"Please edit configuration/connection/logging settings in %1 before proceeding."_s
                  .arg(configFile());
    return m_made;
}

} // namespace

const QList<ProjectTemplate> &projectTemplates()
{
    static const QList<ProjectTemplate> all{
        {.name = u"async"_s,
         .synopsis = u"One database, through an asynchronous driver."_s,
         .isAsync = true},
        {.name = u"generic"_s, .synopsis = u"One database, configured in alembic.ini."_s},
        {.name = u"pyproject"_s,
         .synopsis = u"As generic, with the settings in pyproject.toml."_s,
         .usesPyproject = true},
        {.name = u"pyproject_async"_s,
         .synopsis = u"As async, with the settings in pyproject.toml."_s,
         .usesPyproject = true,
         .isAsync = true},
        {.name = u"sql"_s,
         .synopsis = u"Plain SQL scripts, without Python; Alembic can't use it."_s,
         .isSql = true}};
    return all;
}

QByteArray templateFile(const QString &templateName, const QString &file)
{
    const auto &all = projectTemplates();
    const auto found = std::ranges::find(all, templateName, &ProjectTemplate::name);
    if (found == all.cend())
        return {};
    if (file == u"README")
        return found->synopsis.toUtf8() + '\n';
    if (file == u"script.py.mako" && !found->isSql)
        return templatetexts::scriptTemplate;
    if (file == u"env.py" && found->isAsync)
        return QByteArray(templatetexts::asyncImports) + templatetexts::environmentOffline
               + templatetexts::asyncOnline;
    if (file == u"env.py" && !found->isSql)
        return QByteArray(templatetexts::genericImports) + templatetexts::environmentOffline
               + templatetexts::genericOnline;
    return {};
}

Result<NewProject> newProject(const InitRequest &request)
{
    for (const ProjectTemplate &each : projectTemplates()) {
        if (each.name == request.templateName)
            return ProjectMaker(request, each).make();
    }
    return Error{.code = ErrorCode::Usage,
                 .message = u"No such template %1; 'list_templates' names them."_s.arg(
                     request.templateName)};
}

} // namespace tribikos
