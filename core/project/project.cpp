#include "core/project/project.h"

#include "core/config/databaseurl.h"
#include "core/project/environmentfile.h"
#include "core/project/projectdata.h"
#include "core/project/schemasource.h"
#include "core/pyread/envpyconvention.h"
#include "core/pyread/models.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The template's own text, which init leaves in a new alembic.ini: no database at all.
bool isTemplateUrl(const QString &url)
{
    return url.isEmpty() || url.startsWith(u"driver://"_s);
}

/// The files in the graph's node order: that of the revisions, files without one left out already.
RevisionGraph graphOf(const QList<RevisionFile> &files, Diagnostics *diagnostics)
{
    QList<Revision> revisions;
    revisions.reserve(files.size());
    for (const RevisionFile &file : files)
        revisions.append(file.revision);
    return RevisionGraph::build(std::move(revisions), diagnostics);
}

/// The main section as scripts may ask for it.
std::optional<QMap<QString, QString>> knownOptions(const ProjectConfig &config)
{
    const bool hasFile = !config.iniFile.isEmpty() || !config.pyprojectFile.isEmpty();
    return hasFile ? std::optional(config.mainOptions) : std::nullopt;
}

/// env.py; of a project of version folders alone the one that lies above them.
QString environmentFile(const ProjectConfig &config)
{
    const QString folder = config.scriptLocation.isEmpty() && !config.versionLocations.isEmpty()
                               ? config.versionLocations.constFirst() + u"/.."_s
                               : config.scriptLocation;
    const QString file = QDir::cleanPath(QDir(folder).filePath(u"env.py"_s));
    return !folder.isEmpty() && QFileInfo(file).isFile() ? file : QString();
}

/// target_metadata.naming_convention also names what hand-written migrations make. Where tribikos.toml
/// doesn't say it, env.py does; where that can't be worked out, its own dictionary or the models do.
/// They are read on first need, for most projects only list their history.
std::function<EnvTarget()> environmentTargetOf(const ProjectData &data)
{
    return [request = data.environment, said = data.config.options.namingConvention,
            written = data.options.namingConvention, files = data.modelFiles,
            folder = data.config.root] {
        EnvTarget target = readEnvTarget(request);
        if (said)
            target.convention = said;
        if (target.convention)
            return target;
        target.convention = written;
        if (written || files.isEmpty() || areSchemaTexts(files))
            return target;
        const auto models =
            readModels(files, {.searchPath = request.searchPath, .baseFolder = folder});
        if (models)
            target.convention = models->namingConvention;
        return target;
    };
}

ConventionRequest environmentOf(const ProjectData &data)
{
    const bool isOpenedByIt = !data.config.scriptLocation.isEmpty(); // not by version folders alone
    return {.environmentFile = isOpenedByIt ? environmentFile(data.config) : QString(),
            .searchPath = data.searchPath,
            .options = knownOptions(data.config),
            .section = data.config.section,
            .types = data.config.types,
            .facts = data.config.facts};
}

std::optional<DatabaseUrl> knownUrl(const QString &url)
{
    if (isTemplateUrl(url))
        return std::nullopt;
    const auto parsed = parseDatabaseUrl(url);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

QString databaseName(const DatabaseUrl &url)
{
    if (url.backend == Backend::Sqlite)
        return url.isMemory() ? u"in memory"_s : QFileInfo(url.database).fileName();
    return url.host.isEmpty() ? url.database : u"%1 at %2"_s.arg(url.database, url.host);
}

} // namespace

QString Environment::title() const
{
    const auto parsed = parseDatabaseUrl(url);
    return parsed ? u"%1 · %2"_s.arg(name, databaseName(*parsed)) : name;
}

Project::Project()
    : d(std::make_unique<ProjectData>())
{}
Project::~Project() = default;

Result<ProjectPtr> Project::open(const OpenRequest &request, const std::stop_token &stop)
{
    QElapsedTimer timer;
    timer.start();
    auto config = loadProjectConfig({.path = request.path,
                                     .extraFiles = request.extraFiles,
                                     .section = request.section,
                                     .versionFolders = request.versionFolders,
                                     .xArguments = request.xArguments,
                                     .workingFolder = request.workingFolder});
    if (!config)
        return config.error();

    std::shared_ptr<Project> project(new Project);
    ProjectData &d = *project->d;
    d.config = config.take();
    d.diagnostics = d.config.diagnostics;
    d.path = QFileInfo(request.path.isEmpty() ? d.config.root : request.path).absoluteFilePath();
    d.workingFolder = request.workingFolder.isEmpty() ? d.config.root : request.workingFolder;
    d.dialect = request.dialect;
    completeFromEnvironmentFile(request, &d);

    const QList<RevisionFile> files =
        readRevisionFiles(d.config, d.searchPath, request.cacheFolder, &d.diagnostics, stop);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled,
                     .message = u"Opening the project was cancelled."_s};
    d.graph = graphOf(files, &d.diagnostics);
    if (request.laysOutHistory)
        project->history();
    d.versionTable = {d.options.versionTableSchema.value_or(QString()),
                      d.options.versionTable.value_or(u"alembic_version"_s)};
    d.environment = environmentOf(d);
    d.scripts =
        std::make_unique<Scripts>(inNodeOrder(d.graph, files),
                                  Scripts::Options{.searchPath = d.searchPath,
                                                   .engine = d.config.xArguments.value(u"engine"_s),
                                                   .versionTable = d.versionTable,
                                                   .configuration = knownOptions(d.config),
                                                   .section = d.config.section,
                                                   .environmentFile = environmentFile(d.config),
                                                   .url = knownUrl(d.url),
                                                   .types = d.config.types,
                                                   .facts = d.config.facts,
                                                   .cacheFolder = request.cacheFolder,
                                                   .versionFolders = d.config.versionLocations,
                                                   .environment = environmentTargetOf(d)});
    d.readMilliseconds = timer.elapsed();
    return ProjectPtr(std::move(project));
}

const ProjectConfig &Project::config() const
{
    return d->config;
}

const RevisionGraph &Project::graph() const
{
    return d->graph;
}

const Diagnostics &Project::diagnostics() const
{
    return d->diagnostics;
}

QString Project::name() const
{
    return d->config.name;
}

QString Project::path() const
{
    return d->path;
}

const TableName &Project::versionTable() const
{
    return d->versionTable;
}

const MigrationOptions &Project::options() const
{
    return d->options;
}

qint64 Project::readMilliseconds() const
{
    return d->readMilliseconds;
}

const QList<HistoryRow> &Project::history() const
{
    std::call_once(d->historyLaidOut,
                   [this] { d->history = layoutHistory(d->graph, d->graph.historyOrder()); });
    return d->history;
}

bool Project::hasModels() const
{
    return !d->modelFiles.isEmpty();
}

const QStringList &Project::modelFiles() const
{
    return d->modelFiles;
}

QList<Environment> Project::environments() const
{
    QList<Environment> all;
    const auto add = [&all, this](const QString &name, const QString &url, bool isProtected,
                                  const QString &folder) {
        const auto parsed = parseDatabaseUrl(url);
        all.append({.name = name,
                    .url = url,
                    .backend = parsed ? parsed->backend : defaultBackend(),
                    .isProtected = isProtected,
                    .folder = folder});
    };
    if (d->urlIsOfRequest)
        add(u"command line"_s, d->url, false, d->workingFolder);
    for (const ConfiguredEnvironment &environment : d->config.environments)
        add(environment.name, environment.url, environment.isProtected, d->config.root);
    if (!d->urlIsOfRequest && !isTemplateUrl(d->url))
        add(all.isEmpty() ? u"local"_s : u"alembic.ini"_s, d->url, false, d->workingFolder);
    return all;
}

const QString &Project::urlProblem() const
{
    return d->urlProblem;
}

const QString &Project::versionTableProblem() const
{
    return d->versionTableProblem;
}

std::optional<Backend> Project::knownBackend() const
{
    if (d->dialect)
        return *d->dialect;
    if (const auto url = parseDatabaseUrl(d->url))
        return url->backend;
    for (const ConfiguredEnvironment &environment : d->config.environments)
        if (const auto url = parseDatabaseUrl(environment.url))
            return url->backend;
    return d->envBackend;
}

Result<Schema> Project::models(Backend backend, Diagnostics *notes,
                               const std::stop_token &stop) const
{
    if (!hasModels())
        return Error{.code = ErrorCode::NotFound,
                     .message =
                         u"The project names no models: set target_metadata in env.py, or models = "
                         u"[\"path/to/models.py\"] in tribikos.toml."_s};
    if (areSchemaTexts(d->modelFiles))
        return modelsOfTexts(d->modelFiles, backend, notes);
    return readModels(d->modelFiles,
                      {.searchPath = d->searchPath,
                       .baseFolder = d->config.root,
                       .backend = backend,
                       .types = d->config.types,
                       .facts = d->config.facts,
                       .stop = stop},
                      notes);
}

} // namespace tribikos
