#include "core/edit/projecttemplates.h"

#include "core/config/inifile.h"
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

/// Where the scripts are, as a configuration file says it.
struct Location
{
    QString value{};   // with Alembic's %(here)s and %%, not yet quoted for the file's format
    QString meaning{}; // what a reader makes of it
};

/// \a text as the inside of a TOML basic string.
QString tomlQuoted(const QString &text)
{
    QString quoted;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\';
        if (c < u' ' || c == QChar(0x7f))
            quoted += u"\\u%1"_s.arg(int(c.unicode()), 4, 16, QLatin1Char('0'));
        else
            quoted += c;
    }
    return quoted;
}

QByteArray withLocation(QByteArray text, const QString &location)
{
    return text.replace("${script_location}", location.toUtf8());
}

/// What was made is read back: a folder's name may be anything, a configuration's value may not.
Status checkRead(const std::optional<QString> &read, const QString &expected, const QString &path)
{
    if (read == expected)
        return done();
    return Error{.code = ErrorCode::Usage,
                 .message =
                     u"%1 can't name the folder '%2' so that it would be found again; choose "
                     "another name for it."_s.arg(path, expected),
                 .file = path};
}

Status checkIni(const QByteArray &text, const QString &path, const Location &location)
{
    const QString here = QFileInfo(path).absolutePath();
    const auto ini = IniFile::parse(QString::fromUtf8(text), path, {{u"here"_s, here}});
    const auto read = ini ? ini->value(u"alembic"_s, u"script_location"_s)
                          : Result<std::optional<QString>>(ini.error());
    return checkRead(read ? *read : std::nullopt, location.meaning, path);
}

Status checkToml(const QByteArray &text, const QString &path, const QString &table,
                 const QString &key, const QString &expected)
{
    const auto toml = parseToml(text, path);
    if (!toml)
        return checkRead({}, expected, path);
    const TomlValue &top = (*toml)[table];
    const TomlValue &value = table == u"tool" ? top[u"alembic"_s][key] : top[key];
    const auto read = value.texts();
    return checkRead(read ? read->join(u'\n') : std::optional<QString>(), expected, path);
}

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
    Location locationFrom(const QString &configuration, bool isOfScripts) const;
    Status addConfiguration();
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

/// Relative to the folder of \a configuration, if the folder was given so; else absolute.
Location ProjectMaker::locationFrom(const QString &configuration, bool isOfScripts) const
{
    const QDir here(QFileInfo(configuration).absolutePath());
    QString path = isOfScripts ? m_folder : m_folder + u"/versions"_s;
    const bool isRelative = QDir::isRelativePath(m_request.folder);
    if (isRelative)
        path = here.relativeFilePath(path);
    if (!isOfScripts) // tribikos.toml: no signs of Alembic's
        return {.value = path, .meaning = path};
    const QString value = QString(path).replace(u"%"_s, u"%%"_s);
    if (!isRelative)
        return {.value = value, .meaning = path};
    return {.value = u"%(here)s/"_s + value, .meaning = here.path() + u'/' + path};
}

Status ProjectMaker::addConfiguration()
{
    const QString path = configFile();
    if (QFileInfo::exists(path)) {
        m_made.notes.append(u"File %1 already exists, skipping"_s.arg(path));
        return done();
    }
    const Location location = locationFrom(path, !m_template.isSql);
    if (m_template.isSql) {
        const QByteArray text =
            withLocation(templatetexts::tribikosToml, tomlQuoted(location.value));
        addFile(path, text);
        return checkToml(text, path, u"project"_s, u"versions"_s, location.value);
    }
    const QByteArray database =
        m_template.isMulti ? templatetexts::iniDatabases : templatetexts::iniDatabase;
    const QByteArray main = m_template.usesPyproject ? QByteArray(templatetexts::iniShort)
                                                     : templatetexts::iniMain + database;
    const QByteArray text = withLocation(main + templatetexts::iniLogging, location.value);
    addFile(path, text);
    return m_template.usesPyproject ? done() : checkIni(text, path, location);
}

Status ProjectMaker::addPyproject()
{
    const QString path = m_working.absoluteFilePath(u"pyproject.toml"_s);
    const Location location = locationFrom(path, true);
    const QByteArray section = withLocation(templatetexts::pyproject, tomlQuoted(location.value));
    if (!QFileInfo::exists(path)) {
        addFile(path, section);
        return checkToml(section, path, u"tool"_s, u"script_location"_s, location.value);
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
    const QByteArray after = *before + "\n\n" + section;
    m_made.edit.changes.append({.path = path, .before = *before, .after = after});
    m_made.doing.append(u"Appending to existing "_s + path);
    return checkToml(after, path, u"tool"_s, u"script_location"_s, location.value);
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
    if (const Status added = addConfiguration(); !added)
        return added.error();
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
        {.name = u"multidb"_s,
         .synopsis = u"Several databases, each with functions of its own in every revision."_s,
         .isMulti = true},
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
    if (file == u"script.py.mako" && found->isMulti)
        return templatetexts::multidbScriptTemplate;
    if (file == u"env.py" && found->isMulti)
        return templatetexts::multidbEnvironment;
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
