#include "core/config/projectconfig.h"

#include "core/config/mainoptions.h"
#include "core/config/postwritehooks.h"
#include "core/config/tribikostoml.h"
#include "core/config/versionfiles.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestIni = 1024 * 1024;

Error refused(const QString &message, const QString &file = {}, int line = 0)
{
    return {.code = ErrorCode::ProjectRefused, .message = message, .file = file, .line = line};
}

/// Whether the env.py in \a folder is one of Flask-Migrate's, whose commands know the folder without a script_location.
bool isOfFlask(const QString &folder)
{
    constexpr qint64 largest = 1024 * 1024;
    const auto text = readRegularFile(QDir(folder).filePath(u"env.py"_s), largest);
    return text && text->contains("current_app") && text->contains("extensions");
}

/// Finds and reads the configuration files, and fills a ProjectConfig from them.
class ConfigLoader
{
public:
    explicit ConfigLoader(const ConfigRequest &request);
    Result<ProjectConfig> load();

private:
    Status findFiles();
    Status nameFile(const QString &path);
    Status readFiles();
    Status readIni(const QString &path);
    Status readPyproject(const QString &path);
    Status readTribikos();
    Status takeMainOptions();
    Status takeLocations();
    Status takeFlags();
    Status takeText(const QString &key, QString *into);
    Result<QStringList> splitList(const QString &key, bool isForLocations);
    Result<QRegularExpression> separator(const QString &key, bool isForLocations);
    void takeEveryKey();
    QString resolved(const QString &path, const QString &key);
    QString packageFile(const QString &resource) const;
    QString absolute(const QString &path) const;
    bool hasAnyFile() const;
    bool takeFlaskFolder();

    ConfigRequest m_request;
    QDir m_working;
    bool m_isNamed = false; // a file was asked for by name: it must be there
    TomlValue m_tribikos{};
    MainOptions m_main{};
    ProjectConfig m_config{};
};

ConfigLoader::ConfigLoader(const ConfigRequest &request)
    : m_request(request)
    , m_working(request.workingFolder.isEmpty() ? QDir::currentPath() : request.workingFolder)
{
    if (!m_request.section.isEmpty())
        m_config.section = m_request.section;
}

QString ConfigLoader::absolute(const QString &path) const
{
    return QDir::cleanPath(m_working.absoluteFilePath(path));
}

bool ConfigLoader::hasAnyFile() const
{
    return !m_config.iniFile.isEmpty() || !m_config.pyprojectFile.isEmpty()
           || !m_config.tribikosFile.isEmpty();
}

// --- which files -----------------------------------------------------------------------------

Status ConfigLoader::nameFile(const QString &path)
{
    const QString file = absolute(path);
    const QString name = QFileInfo(file).fileName();
    QString &place = name == u"pyproject.toml"  ? m_config.pyprojectFile
                     : name == u"tribikos.toml" ? m_config.tribikosFile
                                                : m_config.iniFile;
    if (!place.isEmpty()) {
        return Error{.code = ErrorCode::Usage,
                     .message = &place == &m_config.iniFile
                                    ? u"only one ini file may be indicated"_s
                                    : u"%1 indicated more than once"_s.arg(name)};
    }
    if (!QFileInfo::exists(file)) {
        return Error{.code = ErrorCode::NotFound,
                     .message = u"There is no configuration file %1; check the path."_s.arg(file),
                     .file = file};
    }
    place = file;
    m_isNamed = true;
    return done();
}

Status ConfigLoader::findFiles()
{
    QString folder = m_working.absolutePath();
    if (!m_request.path.isEmpty() && QFileInfo(absolute(m_request.path)).isDir()) {
        folder = absolute(m_request.path);
        m_working.setPath(folder);
    } else if (!m_request.path.isEmpty()) {
        if (const Status named = nameFile(m_request.path); !named)
            return named.error();
        folder = QFileInfo(absolute(m_request.path)).absolutePath();
    }
    for (const QString &file : m_request.extraFiles) {
        if (const Status named = nameFile(file); !named)
            return named.error();
    }
    m_config.root = folder;
    if (!m_isNamed && !m_request.versionFolders.isEmpty())
        return done();
    const auto standard = [](const QDir &dir, const QString &name, QString *place) {
        if (place->isEmpty() && QFileInfo::exists(dir.filePath(name)))
            *place = dir.filePath(name);
    };
    standard(QDir(folder), u"tribikos.toml"_s, &m_config.tribikosFile);
    if (!m_config.tribikosFile.isEmpty()) {
        if (const Status read = readTribikos(); !read)
            return read.error();
    }
    const TomlValue &versions = m_tribikos[u"project"_s][u"versions"_s];
    if (versions.isNone() || m_isNamed)
        standard(QDir(folder), u"pyproject.toml"_s, &m_config.pyprojectFile);
    if (versions.isNone())
        standard(QDir(folder), u"alembic.ini"_s, &m_config.iniFile);
    if (versions.isNone() && m_config.pyprojectFile.isEmpty())
        takeFlaskFolder();
    return done();
}

/// Flask-Migrate keeps everything in the folder "migrations", unless it is told another.
bool ConfigLoader::takeFlaskFolder()
{
    const QDir folder(QDir(m_config.root).filePath(u"migrations"_s));
    const bool isFlask = !m_isNamed && m_config.iniFile.isEmpty() && folder.exists(u"alembic.ini"_s)
                         && isOfFlask(folder.path());
    if (isFlask)
        m_config.iniFile = folder.filePath(u"alembic.ini"_s);
    return isFlask;
}

Status ConfigLoader::readTribikos()
{
    const auto toml = readToml(m_config.tribikosFile);
    if (!toml)
        return toml.error();
    m_tribikos = *toml;
    const TomlValue &alembic = m_tribikos[u"project"_s][u"alembic"_s];
    if (alembic.kind != TomlValue::Kind::Text || !m_config.iniFile.isEmpty())
        return done();
    const QString file = QDir::cleanPath(
        QFileInfo(m_config.tribikosFile).absoluteDir().absoluteFilePath(alembic.text));
    if (!QFileInfo::exists(file)) {
        return refused(u"tribikos.toml:%1: there is no file %2; correct 'alembic'."_s.arg(
                           QString::number(alembic.line), file),
                       m_config.tribikosFile, alembic.line);
    }
    (QFileInfo(file).fileName() == u"pyproject.toml" ? m_config.pyprojectFile : m_config.iniFile) =
        file;
    return done();
}

Status ConfigLoader::readIni(const QString &path)
{
    const auto bytes = readRegularFile(path, largestIni);
    if (!bytes)
        return bytes.error();
    const QString here = QFileInfo(path).absolutePath();
    const auto ini = IniFile::parse(QString::fromUtf8(*bytes), path, {{u"here"_s, here}});
    if (!ini)
        return ini.error();
    m_main.setIni(*ini, m_config.section);
    m_config.logging = readLogging(*ini, &m_config.diagnostics);
    return done();
}

Status ConfigLoader::readPyproject(const QString &path)
{
    const auto toml = readToml(path);
    if (!toml)
        return toml.error();
    const TomlValue &table = (*toml)[u"tool"_s][u"alembic"_s];
    if (table.kind == TomlValue::Kind::Table)
        m_main.setToml(table, path);
    else if (m_config.iniFile.isEmpty() && !takeFlaskFolder() && m_config.tribikosFile.isEmpty())
        return refused(
            u"%1 has no [tool.alembic] section; open the project's alembic.ini."_s.arg(path), path);
    else
        m_config.pyprojectFile.clear(); // another tool's file
    return done();
}

Status ConfigLoader::readFiles()
{
    const bool hasIni = !m_config.iniFile.isEmpty();
    if (hasIni) {
        if (const Status read = readIni(m_config.iniFile); !read)
            return read.error();
    }
    if (!m_config.pyprojectFile.isEmpty()) {
        if (const Status read = readPyproject(m_config.pyprojectFile); !read)
            return read.error();
    }
    const bool isFound = !hasIni && !m_config.iniFile.isEmpty(); // Flask-Migrate's
    return isFound ? readIni(m_config.iniFile) : done();
}

// --- what they say ---------------------------------------------------------------------------

QString ConfigLoader::packageFile(const QString &resource) const
{
    const QStringList parts = resource.split(u':');
    QString inside = parts.constFirst();
    inside.replace(u'.', u'/');
    inside += u'/' + parts.mid(1).join(u'/');
    const QStringList folders = m_config.sysPath + QStringList{m_working.absolutePath()};
    for (const QString &folder : folders) {
        if (QFileInfo::exists(QDir(folder).filePath(inside)))
            return QDir::cleanPath(QDir(folder).filePath(inside));
    }
    return QDir::cleanPath(m_working.absoluteFilePath(inside));
}

// Alembic takes a relative path against the working folder. Where that leads nowhere, the folder of
// the file that says so is what its author meant.
QString ConfigLoader::resolved(const QString &path, const QString &key)
{
    if (QDir::isRelativePath(path) && path.contains(u':'))
        return packageFile(path);
    const QString asAlembic = absolute(path);
    const QString said = m_main.file(key);
    if (!QDir::isRelativePath(path) || QFileInfo::exists(asAlembic) || said.isEmpty())
        return asAlembic;
    const QString beside = QDir::cleanPath(QFileInfo(said).absoluteDir().absoluteFilePath(path));
    if (beside == asAlembic || !QFileInfo::exists(beside))
        return asAlembic;
    m_config.diagnostics.append(
        {.severity = Severity::Info,
         .code = u"relative-location"_s,
         .message = u"%1:%2: '%3' is relative to the working folder for Alembic; it was found "
                    "beside the file instead, write %(here)s/%4 to be sure."_s.arg(
                        QFileInfo(said).fileName(), QString::number(m_main.line(key)), key, path),
         .file = said,
         .span = {.line = m_main.line(key)}});
    return beside;
}

Result<QRegularExpression> ConfigLoader::separator(const QString &key, bool isForLocations)
{
    QString name = u"path_separator"_s;
    auto chosen = m_main.text(name);
    if (chosen && !*chosen && isForLocations) {
        name = u"version_path_separator"_s;
        chosen = m_main.text(name);
    }
    if (!chosen)
        return chosen.error();
    if (!*chosen)
        return QRegularExpression(isForLocations ? u", *|(?: +)"_s : u", *|(?: +)|:"_s);
    const QString value = **chosen;
    if (value == u"os" || value == u":")
        return QRegularExpression(u":"_s);
    if (value == u";")
        return QRegularExpression(u";"_s);
    if (value == u"space")
        return QRegularExpression(u" "_s);
    if (value == u"newline")
        return QRegularExpression(u"\n"_s);
    return m_main.error(key,
                        u"'%1' is not a valid value for %2; expected 'space', 'newline', 'os', "
                        "':', ';'"_s.arg(value, name));
}

Result<QStringList> ConfigLoader::splitList(const QString &key, bool isForLocations)
{
    const auto list = m_main.list(key);
    if (!list)
        return list.error();
    if (*list)
        return **list;
    const auto text = m_main.text(key);
    if (!text)
        return text.error();
    if (!*text)
        return QStringList();
    const auto split = separator(key, isForLocations);
    if (!split)
        return split.error();
    QStringList parts;
    for (const QString &part : (*text)->split(*split)) {
        if (!part.trimmed().isEmpty())
            parts.append(part.trimmed());
    }
    return parts;
}

Status ConfigLoader::takeText(const QString &key, QString *into)
{
    const auto text = m_main.text(key);
    if (!text)
        return text.error();
    if (*text)
        *into = **text;
    return done();
}

Status ConfigLoader::takeLocations()
{
    const auto sysPath = splitList(u"prepend_sys_path"_s, false);
    if (!sysPath)
        return sysPath.error();
    for (const QString &path : *sysPath)
        m_config.sysPath.append(resolved(path, u"prepend_sys_path"_s));
    QString location;
    if (const Status taken = takeText(u"script_location"_s, &location); !taken)
        return taken.error();
    const QString besideIni = QFileInfo(m_config.iniFile).absolutePath();
    if (!m_config.iniFile.isEmpty() && isOfFlask(besideIni)
        && (location.isEmpty() || !QFileInfo::exists(absolute(location) + u"/env.py"_s)))
        location = besideIni; // as `flask db` has it, whatever the file says
    if (location.isEmpty() && m_tribikos[u"project"_s][u"versions"_s].isNone())
        return refused(
            u"No 'script_location' key found in configuration; add it, or name the folder with "
            "the scripts by --versions DIR and the database by --dialect or --url."_s,
            m_main.file(u"script_location"_s));
    if (location.isEmpty())
        return done();
    m_config.scriptLocation = resolved(location, u"script_location"_s);
    if (!QFileInfo(m_config.scriptLocation).isDir()) {
        return refused(
            u"Path doesn't exist: %1; correct script_location, or name the folder with the "
            "scripts by --versions DIR."_s.arg(m_config.scriptLocation),
            m_main.file(u"script_location"_s), m_main.line(u"script_location"_s));
    }
    const auto versions = splitList(u"version_locations"_s, true);
    if (!versions)
        return versions.error();
    for (const QString &path : *versions)
        m_config.versionLocations.append(resolved(path, u"version_locations"_s));
    if (versions->isEmpty())
        m_config.versionLocations = {m_config.scriptLocation + u"/versions"_s};
    return done();
}

Status ConfigLoader::takeFlags()
{
    const auto recursive = m_main.exactFlag(u"recursive_version_locations"_s);
    const auto sourceless = m_main.exactFlag(u"sourceless"_s);
    const auto revisionEnvironment = m_main.flag(u"revision_environment"_s);
    for (const auto *flag : {&recursive, &sourceless, &revisionEnvironment}) {
        if (!*flag)
            return flag->error();
    }
    m_config.isRecursive = *recursive;
    m_config.isSourceless = *sourceless;
    m_config.usesRevisionEnvironment = *revisionEnvironment;
    QString length;
    if (const Status taken = takeText(u"truncate_slug_length"_s, &length); !taken)
        return taken.error();
    bool isNumber = length.isEmpty();
    if (!length.isEmpty())
        m_config.truncateSlugLength = length.toInt(&isNumber);
    if (!isNumber || m_config.truncateSlugLength < 0)
        return m_main.error(u"truncate_slug_length"_s,
                            u"'truncate_slug_length' is no number: %1"_s.arg(length));
    return done();
}

/// Every value that can be read. Alembic complains about the others when it needs them, and so do
/// we, but the URL is needed by everybody.
void ConfigLoader::takeEveryKey()
{
    for (const QString &key : m_main.keys()) {
        const auto text = m_main.text(key);
        if (text && *text)
            m_config.mainOptions.insert(key, **text);
        if (!text && key == u"sqlalchemy.url") {
            m_config.diagnostics.append({.severity = Severity::Error,
                                         .code = u"unreadable-url"_s,
                                         .message = text.error().message,
                                         .file = text.error().file,
                                         .span = {.line = text.error().line}});
        }
    }
    m_config.sqlalchemyUrl = m_config.mainOptions.value(u"sqlalchemy.url"_s);
    m_config.sqlalchemyUrlLine = m_main.line(u"sqlalchemy.url"_s);
}

Status ConfigLoader::takeMainOptions()
{
    if (const Status located = takeLocations(); !located)
        return located.error();
    if (const Status flags = takeFlags(); !flags)
        return flags.error();
    const QList<QPair<QString, QString *>> texts{{u"file_template"_s, &m_config.fileTemplate},
                                                 {u"timezone"_s, &m_config.timezone},
                                                 {u"output_encoding"_s, &m_config.outputEncoding}};
    for (const auto &[key, into] : texts) {
        if (const Status taken = takeText(key, into); !taken)
            return taken.error();
    }
    takeEveryKey();
    m_config.postWriteHooks = readPostWriteHooks(m_main, &m_config.diagnostics);
    return done();
}

Result<ProjectConfig> ConfigLoader::load()
{
    if (const Status found = findFiles(); !found)
        return found.error();
    if (!hasAnyFile() && m_request.versionFolders.isEmpty()) {
        return Error{.code = ErrorCode::NotFound,
                     .message = u"No alembic.ini, pyproject.toml or tribikos.toml in %1; name the "
                                "project's folder or configuration file."_s.arg(m_config.root),
                     .file = m_config.root};
    }
    if (const Status read = readFiles(); !read)
        return read.error();
    const bool isBare = m_config.iniFile.isEmpty() && m_config.pyprojectFile.isEmpty()
                        && (!m_request.versionFolders.isEmpty()
                            || !m_tribikos[u"project"_s][u"versions"_s].isNone());
    if (!isBare) {
        if (const Status taken = takeMainOptions(); !taken)
            return taken.error();
    }
    if (!m_config.tribikosFile.isEmpty()) {
        if (const Status applied = applyTribikosToml(m_tribikos, m_config.tribikosFile, &m_config);
            !applied)
            return applied.error();
    }
    if (!m_request.versionFolders.isEmpty()) {
        m_config.versionLocations.clear();
        for (const QString &folder : m_request.versionFolders)
            m_config.versionLocations.append(absolute(folder));
        if (!hasAnyFile())
            m_config.root = m_config.versionLocations.constFirst();
    }
    for (const QString &argument : m_request.xArguments)
        m_config.xArguments.insert(argument.section(u'=', 0, 0), argument.section(u'=', 1));
    if (m_config.name.isEmpty())
        m_config.name = QFileInfo(m_config.root).fileName();
    return m_config;
}

} // namespace

Result<ProjectConfig> loadProjectConfig(const ConfigRequest &request)
{
    return ConfigLoader(request).load();
}

} // namespace tribikos
