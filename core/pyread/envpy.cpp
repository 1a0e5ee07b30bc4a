#include "core/pyread/envpy.h"

#include "core/pyread/envpydirectives.h"
#include "core/pyread/envpyflask.h"
#include "core/pyread/envpypaths.h"
#include "core/pyread/envpysettings.h"
#include "core/pyread/envpyurl.h"
#include "core/pyread/projectmodules.h"

#include <QDir>
#include <QFileInfo>

namespace tribikos {

using namespace Qt::StringLiterals;
namespace ast = py::ast;

namespace {

/// One reading of one env.py, over its syntax tree.
class EnvReader
{
public:
    EnvReader(const ast::Module &tree, const QString &path, const QStringList &searchPath)
        : m_tree(tree)
        , m_path(path)
        , m_paths(tree, path, searchPath.value(0, QFileInfo(path).path()))
        , m_searchPath(searchPath)
    {}
    EnvPy read();

private:
    void readSysPath();
    void readImports();
    void addImport(const QString &name, const QString &module);
    void readConfigure(const ast::Call &call);
    static bool configuresOffline(const ast::Call &call, const ast::FunctionDef *function);
    void unread(EnvOptions &options, const ast::Argument &argument);
    void readArgument(EnvOptions &options, const ast::Argument &argument,
                      const py::StaticPaths &paths);
    bool readConfigureArgs(EnvOptions &options, const ast::FunctionDef *function,
                           const ast::Expr *value);
    void readMigrateCalls(EnvOptions &options, const py::ConfigureArgs &own, int line);
    void tellDefault(int line);
    void readDialectOpts(EnvOptions &options, const ast::Expr *value);
    void readUrl();
    std::optional<QString> importedConstant(const QString &name) const;
    void readTargetMetadata(const ast::Expr *value, int depth = 0);
    void readConvention(const ast::Call &call);
    std::optional<QString> moduleFile(const QString &dottedName) const;
    void note(const QString &what, const SourceSpan &span);

    const ast::Module &m_tree;
    const QString m_path;
    const py::StaticPaths m_paths;
    QStringList m_searchPath;
    QHash<QString, QString> m_origins{}; // name in env.py -> the module that it comes from
    EnvPy m_env{};
    std::optional<py::MigrateCalls> m_migrate{}; // looked for once
};

void EnvReader::note(const QString &what, const SourceSpan &span)
{
    m_env.notes.append({.severity = Severity::Info,
                        .code = u"env-note"_s,
                        .message = u"%1:%2 %3"_s.arg(m_path).arg(span.line).arg(what),
                        .file = m_path,
                        .span = span});
}

/// sys.path.append(x), sys.path.insert(0, x), sys.path.extend([x]), sys.path = [x] + sys.path
void EnvReader::readSysPath()
{
    const auto add = [this](const ast::Expr *value) {
        if (const auto folder = m_paths.text(value))
            m_env.sysPath.append(
                QDir::cleanPath(QDir(m_searchPath.value(0)).absoluteFilePath(*folder)));
        else if (value->kind != ast::ExprKind::Starred && value->kind != ast::ExprKind::Subscript)
            note(u"puts a folder on sys.path that can't be worked out."_s, value->span);
    };
    for (const auto &node : m_tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        if (!call || call->arguments.empty())
            continue;
        const QString name = py::StaticPaths::dotted(call->function);
        const ast::Expr *last = call->arguments.back().value;
        if (name == u"sys.path.append" || name == u"sys.path.insert") {
            add(last);
        } else if (name == u"sys.path.extend") {
            if (const auto *list = ast::as<ast::ListExpr>(last)) {
                for (const ast::Expr *item : list->items)
                    add(item);
            }
        }
    }
    m_searchPath = m_env.sysPath + m_searchPath;
}

std::optional<QString> EnvReader::moduleFile(const QString &dottedName) const
{
    QString relative = dottedName;
    relative.replace(u'.', u'/');
    for (const QString &folder : m_searchPath) {
        for (const QString &tail : {u".py"_s, u"/__init__.py"_s}) {
            const QString path = QDir::cleanPath(folder + u'/' + relative + tail);
            if (QFileInfo(path).isFile())
                return path;
        }
    }
    return std::nullopt;
}

void EnvReader::addImport(const QString &name, const QString &module)
{
    m_origins.insert(name, module);
    const auto file = moduleFile(module);
    if (!file || m_env.projectModules.contains(module))
        return;
    m_env.projectModules.append(module);
    m_env.modelFiles.append(*file);
}

/// Imports wherever they stand: many projects import their models inside a function.
void EnvReader::readImports()
{
    for (const auto &node : m_tree.nodes) {
        if (const auto *import = dynamic_cast<const ast::Import *>(node.get())) {
            for (const ast::ImportName &one : import->names)
                addImport(one.asName.isEmpty() ? one.name.section(u'.', 0, 0) : one.asName,
                          one.name);
        } else if (const auto *from = dynamic_cast<const ast::ImportFrom *>(node.get());
                   from && from->level == 0) {
            addImport(QString(), from->module);
            for (const ast::ImportName &one : from->names) {
                const QString below = from->module + u'.' + one.name;
                const QString name = one.asName.isEmpty() ? one.name : one.asName;
                addImport(name, moduleFile(below) ? below : from->module);
            }
        }
    }
    m_origins.remove(QString());
}

void EnvReader::readDialectOpts(EnvOptions &options, const ast::Expr *value)
{
    if (const auto *constant = ast::as<ast::Constant>(value); constant && constant->value.isNone())
        return;
    options.hasDialectOpts = true;
    const auto *dict = ast::as<ast::DictExpr>(value);
    for (size_t i = 0; dict && i < dict->keys.size(); ++i) {
        if (m_paths.text(dict->keys[i]) == u"paramstyle"_s)
            options.paramStyle = m_paths.text(dict->values[i]).value_or(QString());
    }
}

void EnvReader::unread(EnvOptions &options, const ast::Argument &argument)
{
    options.unread.append(argument.name);
    note(u"passes %1 as code, so its value is not known."_s.arg(argument.name),
         argument.value->span);
}

void EnvReader::readArgument(EnvOptions &options, const ast::Argument &argument,
                             const py::StaticPaths &paths)
{
    static const QHash<QString, std::optional<bool> EnvOptions::*> flags{
        {u"version_table_pk"_s, &EnvOptions::versionTablePk},
        {u"transactional_ddl"_s, &EnvOptions::transactionalDdl},
        {u"transaction_per_migration"_s, &EnvOptions::transactionPerMigration},
        {u"render_as_batch"_s, &EnvOptions::renderAsBatch},
        {u"compare_type"_s, &EnvOptions::compareType},
        {u"compare_server_default"_s, &EnvOptions::compareServerDefault},
        {u"include_schemas"_s, &EnvOptions::includeSchemas},
        {u"literal_binds"_s, &EnvOptions::literalBinds}};
    static const QHash<QString, std::optional<QString> EnvOptions::*> texts{
        {u"version_table"_s, &EnvOptions::versionTable},
        {u"version_table_schema"_s, &EnvOptions::versionTableSchema},
        {u"starting_rev"_s, &EnvOptions::startingRev},
        {u"user_module_prefix"_s, &EnvOptions::userModulePrefix},
        {u"sqlalchemy_module_prefix"_s, &EnvOptions::sqlalchemyModulePrefix},
        {u"alembic_module_prefix"_s, &EnvOptions::alembicModulePrefix}};
    const QString &name = argument.name;
    const auto *constant = ast::as<ast::Constant>(argument.value);
    if (const auto flag = flags.constFind(name); flag != flags.cend()) {
        options.*(*flag) = paths.truth(argument.value);
        if (!(options.*(*flag)) && !(constant && constant->value.isNone()))
            unread(options, argument);
    } else if (const auto text = texts.constFind(name); text != texts.cend()) {
        options.*(*text) = paths.text(argument.value);
        if (!(options.*(*text)) && !(constant && constant->value.isNone()))
            unread(options, argument);
    } else if (name == u"dialect_opts") {
        readDialectOpts(options, argument.value);
    } else if (name == u"target_metadata") {
        options.hasTargetMetadata = true;
        if (m_env.metadata.isEmpty())
            readTargetMetadata(argument.value);
    } else if (name != u"connection" && name != u"dialect_name" && name != u"url") {
        options.otherArguments.append(name);
        const auto *function = ast::as<ast::Name>(argument.value);
        if (function && &paths == &m_paths
            && (name == u"include_object" || name == u"include_name"))
            options.hooks.insert(name, function->id);
        if (name == u"process_revision_directives")
            options.dropsEmptyRevisions =
                function && &paths == &m_paths && py::dropsEmptyRevisions(m_tree, function->id);
    }
}

/// `from app.settings import URL`: the constant that the project's module gives that name.
std::optional<QString> EnvReader::importedConstant(const QString &name) const
{
    QString original = name;
    for (const auto &node : m_tree.nodes) {
        const auto *from = dynamic_cast<const ast::ImportFrom *>(node.get());
        for (const ast::ImportName &one : from ? from->names : std::vector<ast::ImportName>())
            if (one.asName == name)
                original = one.name;
    }
    const auto file = moduleFile(m_origins.value(name));
    const auto bytes = file ? py::readSource(*file) : Result<QByteArray>(Error{});
    const auto source =
        bytes ? py::parse(*bytes, *file) : Result<std::shared_ptr<const py::Source>>(Error{});
    if (!source)
        return std::nullopt;
    const py::StaticPaths constants(*(*source)->tree, *file, m_searchPath.value(0));
    return constants.text(constants.assigned(original));
}

void EnvReader::readUrl()
{
    const py::EnvUrl url = py::readEnvUrl(m_tree, m_paths, [this](const QString &name) {
        return m_origins.contains(name) ? importedConstant(name) : std::nullopt;
    });
    m_env.url = url.url;
    m_env.urlLine = url.line;
    m_env.backend = url.backend;
    m_env.hasComputedUrl = url.origin == py::EnvUrl::Origin::Code;
    if (m_env.hasComputedUrl)
        note(
            u"puts the database's URL together with code: give it to Tribikos as an environment."_s,
            {.line = url.line});
}

/// Whether the call is for `--sql`: by its function's name, or because it has no connection to pass.
bool EnvReader::configuresOffline(const ast::Call &call, const ast::FunctionDef *function)
{
    if (function && (function->name.contains(u"offline"_s) || function->name.contains(u"online"_s)))
        return function->name.contains(u"offline"_s);
    const auto has = [&call](const QString &name) {
        return std::ranges::any_of(
            call.arguments, [&](const ast::Argument &argument) { return argument.name == name; });
    };
    return !has(u"connection"_s) && (has(u"url"_s) || has(u"dialect_name"_s));
}

/// What the project's own Migrate(app, db, …) hands on comes first, env.py's changes of it over it.
void EnvReader::readMigrateCalls(EnvOptions &options, const py::ConfigureArgs &own, int line)
{
    if (!m_migrate)
        m_migrate = py::findMigrateCalls(m_path);
    options.argumentsFrom = m_migrate->unread;
    options.hasUnreadOptions = options.hasUnreadOptions || !m_migrate->unread.isEmpty();
    for (const py::MigrateSetting &setting : m_migrate->settings) {
        if (own.isSet(setting.argument.name))
            continue;
        const qsizetype before = options.unread.size();
        if (setting.isSure)
            readArgument(options, setting.argument, *setting.paths);
        else {
            options.unread.append(setting.argument.name);
            options.otherArguments.append(setting.argument.name); // it may be one of those
        }
        if (options.unread.size() > before)
            options.argumentsFrom = m_migrate->places.join(u" and "_s);
    }
    const QString hook = u"process_revision_directives"_s; // the template's, where nobody gives one
    for (const ast::Argument &argument : own.own) {
        const bool isMaybe = own.maybe.contains(argument.name);
        if (isMaybe && argument.name != hook)
            options.unread.append(argument.name);
        else if (!isMaybe || !options.otherArguments.contains(hook))
            readArgument(options, argument, m_paths);
    }
    const bool isOfVersion4 = own.isOfVersion4 || m_migrate->version.value_or(0) >= 4;
    for (const auto member : {&EnvOptions::compareType, &EnvOptions::renderAsBatch}) {
        const QString name =
            member == &EnvOptions::compareType ? u"compare_type"_s : u"render_as_batch"_s;
        if (isOfVersion4 && !(options.*member) && !options.unread.contains(name))
            options.*member = true;
    }
    m_env.optionFiles = m_migrate->files;
    const bool isDefault = m_migrate->unread.isEmpty() && !options.versionTable
                           && !options.unread.contains(u"version_table"_s);
    if (isDefault)
        tellDefault(line);
}

/// Where Flask-Migrate is not told another version table, or nobody is seen to tell it anything.
void EnvReader::tellDefault(int line)
{
    const QString code = u"env-flask"_s;
    if (std::ranges::find(m_env.notes, code, &Diagnostic::code) != m_env.notes.end())
        return;
    const QStringList &places = m_migrate->places;
    const QString message =
        places.isEmpty()
            ? u"%1:%2 takes its options from Flask-Migrate, and no Migrate(app, db, …) is found in "
              "the project, so its version table counts as alembic_version; write version_table "
              "under [options] in tribikos.toml."_s
            : u"%1:%2 takes its options from Flask-Migrate, whose set-up names no version table "
              "(%3): it is alembic_version."_s;
    m_env.notes.append({.severity = places.isEmpty() ? Severity::Warning : Severity::Info,
                        .code = code,
                        .message = places.isEmpty()
                                       ? message.arg(m_path).arg(line)
                                       : message.arg(m_path).arg(line).arg(places.join(u", "_s)),
                        .file = m_path,
                        .span = {.line = line}});
}

/// `**current_app.extensions['migrate'].configure_args`
bool EnvReader::readConfigureArgs(EnvOptions &options, const ast::FunctionDef *function,
                                  const ast::Expr *value)
{
    const auto own = py::configureArgs(m_tree, function, value);
    if (own)
        readMigrateCalls(options, *own, value->span.line);
    return own.has_value();
}

void EnvReader::readConfigure(const ast::Call &call)
{
    const ast::FunctionDef *function = py::functionAround(m_tree, call.span);
    const bool isOffline = configuresOffline(call, function);
    EnvOptions options{.isFound = true, .line = call.span.line};
    for (const ast::Argument &argument : call.arguments) {
        if (argument.kind == ast::Argument::Kind::Keyword)
            readArgument(options, argument, m_paths);
        else if (argument.kind == ast::Argument::Kind::DoubleStar) {
            if (const auto settings = py::starredSettings(m_tree, function, argument.value)) {
                for (const ast::Argument &setting : *settings)
                    readArgument(options, setting, m_paths);
                continue;
            }
            if (readConfigureArgs(options, function, argument.value))
                continue;
            options.hasUnreadOptions = true;
            note(u"passes options to context.configure() as a dictionary, which is not read."_s,
                 argument.value->span);
        }
    }
    if (isOffline)
        m_env.offline = options;
    else
        m_env.online = options;
}

void EnvReader::readConvention(const ast::Call &call)
{
    for (const ast::Argument &argument : call.arguments) {
        const ast::Expr *value = argument.value;
        if (const auto *name = ast::as<ast::Name>(value))
            value = m_paths.assigned(name->id);
        const auto *dict =
            argument.name == u"naming_convention" ? ast::as<ast::DictExpr>(value) : nullptr;
        for (size_t i = 0; dict && i < dict->keys.size(); ++i) {
            const auto key = dict->keys[i] ? m_paths.text(dict->keys[i]) : std::nullopt;
            const auto text = m_paths.text(dict->values[i]);
            if (key && text)
                m_env.namingConvention.insert(*key, *text);
        }
    }
}

void EnvReader::readTargetMetadata(const ast::Expr *value, int depth)
{
    if (depth > 20) // names that stand for each other
        return;
    if (const auto *list = ast::as<ast::ListExpr>(value)) {
        for (const ast::Expr *item : list->items)
            readTargetMetadata(item, depth + 1);
        return;
    }
    const auto *constant = ast::as<ast::Constant>(value);
    if (constant && constant->value.isNone())
        return;
    const QString expression = py::StaticPaths::dotted(value);
    const QString first = expression.section(u'.', 0, 0);
    const ast::Expr *assigned = m_paths.assigned(first);
    if (expression == u"target_metadata"
        || (assigned && !m_origins.contains(first) && assigned != value)) {
        if (expression == u"target_metadata" && !assigned)
            return;
        if (const auto *call = ast::as<ast::Call>(assigned)) {
            readConvention(*call);
            m_env.metadata.append({.expression = expression, .line = value->span.line});
        } else {
            readTargetMetadata(assigned, depth + 1);
        }
        return;
    }
    if (const auto *call = ast::as<ast::Call>(value))
        readConvention(*call);
    if (expression.isEmpty())
        note(u"makes target_metadata with code: name the files with the models in tribikos.toml."_s,
             value->span);
    m_env.metadata.append(
        {.expression = expression, .module = m_origins.value(first), .line = value->span.line});
}

EnvPy EnvReader::read()
{
    readSysPath();
    readImports();
    if (const ast::Expr *target = m_paths.assigned(u"target_metadata"_s))
        readTargetMetadata(target);
    for (const auto &node : m_tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        if (!call)
            continue;
        const QString name = py::StaticPaths::dotted(call->function);
        if (name == u"context.configure" || name.endsWith(u".context.configure"))
            readConfigure(*call);
    }
    readUrl();
    if (!m_env.offline.isFound && !m_env.online.isFound)
        note(u"has no context.configure() that can be read."_s, {.line = 1});
    return m_env;
}

} // namespace

Result<EnvPy> readEnvPy(const QString &path, const QStringList &searchPath)
{
    const auto bytes = py::readSource(path);
    if (!bytes)
        return bytes.error();
    const auto source = py::parse(*bytes, path);
    if (!source)
        return source.error();
    return EnvReader(*(*source)->tree, path, searchPath).read();
}

} // namespace tribikos
