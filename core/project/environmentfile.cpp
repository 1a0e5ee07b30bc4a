#include "core/project/environmentfile.h"

#include "core/pyread/envpy.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// What is said already stays; else \a weaker counts.
template<typename T>
void complete(std::optional<T> *option, const std::optional<T> &weaker)
{
    if (!*option)
        *option = weaker;
}

void completeOptions(const EnvOptions &said, MigrationOptions *options)
{
    complete(&options->versionTable, said.versionTable);
    complete(&options->versionTableSchema, said.versionTableSchema);
    complete(&options->versionTablePk, said.versionTablePk);
    complete(&options->transactionalDdl, said.transactionalDdl);
    complete(&options->transactionPerMigration, said.transactionPerMigration);
    complete(&options->renderAsBatch, said.renderAsBatch);
    complete(&options->compareType, said.compareType);
    complete(&options->compareServerDefault, said.compareServerDefault);
    complete(&options->includeSchemas, said.includeSchemas);
    complete(&options->literalBinds, said.literalBinds);
    complete(&options->startingRev, said.startingRev);
    complete(&options->userModulePrefix, said.userModulePrefix);
    complete(&options->sqlalchemyModulePrefix, said.sqlalchemyModulePrefix);
    complete(&options->alembicModulePrefix, said.alembicModulePrefix);
}

/// dialect_opts matters offline only: without paramstyle "named" Alembic doubles every %. Options that
/// can't be seen count as the template's, which has it.
void completeParamstyle(const EnvOptions &offline, MigrationOptions *options)
{
    const bool isSeen = offline.isFound && !offline.hasUnreadOptions
                        && (!offline.hasDialectOpts || !offline.paramStyle.isEmpty());
    if (!options->namedParamstyle && isSeen)
        options->namedParamstyle = offline.paramStyle == u"named";
}

/// Without literal_binds in its call Alembic writes placeholders.
void completeLiterals(const EnvOptions &offline, MigrationOptions *options)
{
    const bool isSeen = offline.isFound && !offline.hasUnreadOptions
                        && !offline.unread.contains(u"literal_binds"_s);
    if (!options->literalBinds && isSeen)
        options->literalBinds = offline.literalBinds.value_or(false);
}

void addUnique(const QStringList &folders, QStringList *path)
{
    for (const QString &folder : folders)
        if (!path->contains(folder))
            path->append(folder);
}

/// env.py has the last word on where it connects to; what it says in code nobody can know.
void takeUrl(const EnvPy &env, const QString &file, ProjectData *data)
{
    data->envBackend = env.backend;
    if (data->urlIsOfRequest)
        return;
    if (!env.url.isEmpty())
        data->url = env.url;
    if (!env.hasComputedUrl)
        return;
    data->url.clear();
    data->urlProblem =
        u"%1:%2 puts the database's URL together with code, which is not run"_s.arg(file).arg(
            env.urlLine);
}

/// Where the options of a context.configure() in \a file stand that can't be read.
QString placeOf(const EnvOptions &options, const QString &file)
{
    const QString call = u"%1:%2"_s.arg(file).arg(options.line);
    return options.argumentsFrom.isEmpty()
               ? call
               : u"%1 (by way of %2)"_s.arg(call, options.argumentsFrom);
}

/// A wrong version table would make an up-to-date database look empty.
void takeVersionTable(const EnvPy &env, const QString &file, ProjectData *data)
{
    if (data->options.versionTable)
        return;
    for (const EnvOptions *options : {&env.online, &env.offline}) {
        const bool isUnread = options->hasUnreadOptions
                              || options->unread.contains(u"version_table"_s)
                              || options->unread.contains(u"version_table_schema"_s);
        if (isUnread && data->versionTableProblem.isEmpty())
            data->versionTableProblem =
                u"%1 says in code which version table it uses, so the database's position can't be "
                "known; write version_table = \"alembic_version\", or what it is called, under "
                "[options] in tribikos.toml."_s.arg(placeOf(*options, file));
    }
}

/// What env.py has a say in when Alembic writes a revision, and nobody can know without running it.
void takeAutogenerateGaps(const EnvPy &env, const QString &file, ProjectData *data)
{
    static const QStringList deciders{u"include_object"_s, u"include_name"_s, u"render_item"_s,
                                      u"process_revision_directives"_s, u"autogenerate_plugins"_s};
    const MigrationOptions &said = data->config.options;
    const QList<std::pair<QString, bool>> values{
        {u"render_as_batch"_s, said.renderAsBatch.has_value()},
        {u"compare_type"_s, said.compareType.has_value()},
        {u"compare_server_default"_s, said.compareServerDefault.has_value()},
        {u"include_schemas"_s, said.includeSchemas.has_value()},
        {u"user_module_prefix"_s, said.userModulePrefix.has_value()}};
    const QString place = placeOf(env.online, file);
    data->dropsEmptyRevisions = env.online.dropsEmptyRevisions;
    data->hooks = {.file = file,
                   .line = env.online.line,
                   .includeObject = env.online.hooks.value(u"include_object"_s),
                   .includeName = env.online.hooks.value(u"include_name"_s)};
    for (const QString &name : deciders)
        if (env.online.otherArguments.contains(name) && !env.online.hooks.contains(name)
            && (name != u"process_revision_directives" || !env.online.dropsEmptyRevisions))
            data->autogenerateGaps.append(
                u"%1 gives %2, which is code and not run: what it would change is not in the new "
                "revision."_s.arg(place, name));
    for (const auto &[name, isSaid] : values)
        if (env.online.unread.contains(name) && !isSaid)
            data->autogenerateGaps.append(
                u"%1 gives %2 as code, so Alembic's default is taken; write it under [options] in "
                "tribikos.toml."_s.arg(place, name));
    if (env.online.hasUnreadOptions)
        data->autogenerateGaps.append(
            u"%1 passes options that can't be read, so Alembic's defaults are taken; write them "
            "under [options] in tribikos.toml."_s.arg(place));
}

/// Where a script's `import app.types` may start when nobody says it: above the outermost package
/// around \a folder, and in the folder that looks like the project's own.
QStringList importRoots(const QString &folder)
{
    static const QStringList ends{u"pyproject.toml"_s, u"setup.py"_s, u"setup.cfg"_s};
    static const QStringList marks{u"alembic.ini"_s, u"requirements.txt"_s, u"manage.py"_s};
    const auto hasAny = [](const QDir &dir, const QStringList &names) {
        return std::ranges::any_of(names, [&](const QString &name) { return dir.exists(name); });
    };
    constexpr int maxLevels = 8;
    QStringList roots;
    QDir dir(folder);
    bool wasPackage = false;
    for (int level = 0; level < maxLevels && !dir.isRoot(); ++level) {
        const bool isPackage = dir.exists(u"__init__.py"_s);
        const bool isEnd = hasAny(dir, ends);
        if (!isPackage && (wasPackage || isEnd || hasAny(dir, marks)))
            roots.append(dir.path());
        if (isEnd)
            break;
        wasPackage = isPackage;
        dir.setPath(QDir::cleanPath(dir.absoluteFilePath(u".."_s)));
    }
    return roots;
}

void takeEnvPy(const EnvPy &env, const QString &file, ProjectData *data)
{
    addUnique(env.sysPath, &data->searchPath);
    completeLiterals(env.offline, &data->options);
    completeOptions(env.offline, &data->options);
    completeOptions(env.online, &data->options);
    completeParamstyle(env.offline, &data->options);
    if (!data->options.namingConvention && !env.namingConvention.isEmpty())
        data->options.namingConvention = env.namingConvention;
    if (data->modelFiles.isEmpty())
        data->modelFiles = env.modelFiles;
    takeUrl(env, file, data);
    takeVersionTable(env, file, data);
    takeAutogenerateGaps(env, file, data);
    data->optionFiles = env.optionFiles;
    data->diagnostics += env.notes;
}

} // namespace

void completeFromEnvironmentFile(const OpenRequest &request, ProjectData *data)
{
    const ProjectConfig &config = data->config;
    data->options = config.options;
    data->urlIsOfRequest = !request.url.isEmpty();
    data->url = data->urlIsOfRequest ? request.url : config.sqlalchemyUrl;
    for (const QString &file : config.models)
        if (QFileInfo::exists(file))
            data->modelFiles.append(file);
    addUnique(config.sysPath, &data->searchPath);

    const QString file = QDir(config.scriptLocation).filePath(u"env.py"_s);
    if (!config.scriptLocation.isEmpty() && QFileInfo::exists(file)) {
        // Where nobody says it, people start Alembic where its configuration lies, or have installed the project.
        QStringList places = data->searchPath;
        addUnique({config.root}, &places);
        addUnique(importRoots(config.scriptLocation), &places);
        const auto env = readEnvPy(file, places);
        if (env)
            takeEnvPy(*env, file, data);
        else
            data->diagnostics.append({.severity = Severity::Warning,
                                      .code = u"env-unreadable"_s,
                                      .message = env.error().message,
                                      .file = file,
                                      .span = {.line = env.error().line}});
    }
    addUnique({config.root}, &data->searchPath);
    for (const QString &folder : config.versionLocations)
        addUnique(importRoots(folder), &data->searchPath);
}

} // namespace tribikos
