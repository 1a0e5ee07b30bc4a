#include "core/config/tribikostoml.h"

#include "core/config/scriptfactstoml.h"
#include "core/config/variables.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

class TribikosReader
{
public:
    TribikosReader(const QString &file, ProjectConfig *config)
        : m_file(file)
        , m_folder(QFileInfo(file).absolutePath())
        , m_config(config)
        , m_variables(m_folder)
    {}
    Status read(const TomlValue &toml);

private:
    Status project(const QString &key, const TomlValue &value);
    Status option(const QString &key, const TomlValue &value);
    Status options(const TomlValue &table);
    Status transaction(const TomlValue &value);
    Status namingConvention(const TomlValue &value);
    Status environment(const QString &name, const TomlValue &table);
    Status types(const TomlValue &table);
    Status ignore(const TomlValue &table);
    Status facts(const QString &section, const TomlValue &table);
    Status take(const QString &key, const TomlValue &value, std::optional<bool> *into);
    Status take(const QString &key, const TomlValue &value, std::optional<QString> *into);
    QString expanded(const QString &what, const TomlValue &value);
    Error wrong(const TomlValue &value, const QString &message) const;
    void warn(const TomlValue &value, const QString &code, const QString &message);

    QString m_file;
    QString m_folder;
    ProjectConfig *m_config;
    Variables m_variables;
};

Error TribikosReader::wrong(const TomlValue &value, const QString &message) const
{
    return {.code = ErrorCode::ProjectRefused,
            .message = u"%1:%2: %3"_s.arg(QFileInfo(m_file).fileName(), QString::number(value.line),
                                          message),
            .file = m_file,
            .line = value.line};
}

void TribikosReader::warn(const TomlValue &value, const QString &code, const QString &message)
{
    const Error text = wrong(value, message);
    m_config->diagnostics.append({.severity = Severity::Warning,
                                  .code = code,
                                  .message = text.message,
                                  .file = m_file,
                                  .span = {.line = value.line}});
}

QString TribikosReader::expanded(const QString &what, const TomlValue &value)
{
    QStringList missing;
    const QString text = m_variables.expand(value.text, &missing);
    for (const QString &name : std::as_const(missing)) {
        warn(value, u"missing-variable"_s,
             u"%1 needs ${%2}, which neither the environment nor %3/.env has; set it there."_s.arg(
                 what, name, m_folder));
    }
    return text;
}

Status TribikosReader::take(const QString &key, const TomlValue &value, std::optional<bool> *into)
{
    if (value.kind != TomlValue::Kind::Boolean)
        return wrong(value, u"'%1' takes true or false."_s.arg(key));
    *into = value.boolean;
    return done();
}

Status TribikosReader::take(const QString &key, const TomlValue &value,
                            std::optional<QString> *into)
{
    if (value.kind != TomlValue::Kind::Text)
        return wrong(value, u"'%1' takes a text in quotes."_s.arg(key));
    *into = value.text;
    return done();
}

Status TribikosReader::transaction(const TomlValue &value)
{
    MigrationOptions &options = m_config->options;
    if (value.text == u"per-revision")
        options.transactionPerMigration = true;
    else if (value.text == u"all")
        options.transactionPerMigration = false;
    else if (value.text == u"none")
        options.runsWithoutTransaction = true;
    else
        return wrong(value, u"'transaction' is \"per-revision\", \"all\" or \"none\"."_s);
    return done();
}

Status TribikosReader::namingConvention(const TomlValue &value)
{
    QMap<QString, QString> convention;
    for (const auto &[key, text] : value.entries) {
        if (text.kind != TomlValue::Kind::Text)
            return wrong(text, u"'naming_convention.%1' takes a text in quotes."_s.arg(key));
        convention.insert(key, text.text);
    }
    if (value.kind != TomlValue::Kind::Table)
        return wrong(value, u"'naming_convention' takes a table such as { ix = \"…\" }."_s);
    m_config->options.namingConvention = convention;
    return done();
}

Status TribikosReader::option(const QString &key, const TomlValue &value)
{
    MigrationOptions &o = m_config->options;
    const QHash<QString, std::optional<bool> *> flags{
        {u"version_table_pk"_s, &o.versionTablePk},
        {u"transactional_ddl"_s, &o.transactionalDdl},
        {u"transaction_per_migration"_s, &o.transactionPerMigration},
        {u"render_as_batch"_s, &o.renderAsBatch},
        {u"compare_type"_s, &o.compareType},
        {u"compare_server_default"_s, &o.compareServerDefault},
        {u"include_schemas"_s, &o.includeSchemas},
        {u"literal_binds"_s, &o.literalBinds}};
    const QHash<QString, std::optional<QString> *> texts{
        {u"version_table"_s, &o.versionTable},
        {u"version_table_schema"_s, &o.versionTableSchema},
        {u"starting_rev"_s, &o.startingRev},
        {u"user_module_prefix"_s, &o.userModulePrefix},
        {u"sqlalchemy_module_prefix"_s, &o.sqlalchemyModulePrefix},
        {u"alembic_module_prefix"_s, &o.alembicModulePrefix}};
    if (flags.contains(key))
        return take(key, value, flags[key]);
    if (texts.contains(key))
        return take(key, value, texts[key]);
    if (key == u"transaction")
        return transaction(value);
    if (key == u"naming_convention")
        return namingConvention(value);
    if (key == u"dialect_opts") {
        o.namedParamstyle = value[u"paramstyle"_s].text == u"named";
        return done();
    }
    warn(value, u"unknown-option"_s, u"the option '%1' is not known and has no effect."_s.arg(key));
    return done();
}

Status TribikosReader::options(const TomlValue &table)
{
    for (const auto &[key, value] : table.entries) {
        if (const Status taken = option(key, value); !taken)
            return taken.error();
    }
    return done();
}

Status TribikosReader::project(const QString &key, const TomlValue &value)
{
    if (key == u"alembic")
        return done(); // taken before, it decides which ini is read
    if (key == u"name") {
        m_config->name = value.text;
        return done();
    }
    const auto list = value.texts();
    if ((key == u"models" || key == u"versions") && !list)
        return wrong(value, u"'%1' takes a list of texts."_s.arg(key));
    if (key == u"versions") {
        m_config->versionLocations.clear();
        for (const QString &folder : *list)
            m_config->versionLocations.append(
                QDir::cleanPath(QDir(m_folder).absoluteFilePath(folder)));
    } else if (key == u"models") {
        m_config->models = *list;
    } else {
        warn(value, u"unknown-option"_s,
             u"the key '%1' of [project] is not known and has no effect."_s.arg(key));
    }
    return done();
}

Status TribikosReader::environment(const QString &name, const TomlValue &table)
{
    const TomlValue &url = table[u"url"_s];
    if (url.kind != TomlValue::Kind::Text)
        return wrong(table, u"the environment '%1' needs url = \"…\"."_s.arg(name));
    std::optional<bool> isProtected = false;
    if (const TomlValue &flag = table[u"protected"_s]; !flag.isNone()) {
        if (const Status taken = take(u"protected"_s, flag, &isProtected); !taken)
            return taken.error();
    }
    m_config->environments.append({.name = name,
                                   .url = expanded(u"the environment '%1'"_s.arg(name), url),
                                   .isProtected = *isProtected,
                                   .file = m_file,
                                   .line = url.line});
    return done();
}

Status TribikosReader::types(const TomlValue &table)
{
    const auto take = [&](const QString &prefix, const QString &name,
                          const TomlValue &type) -> Status {
        if (type.kind != TomlValue::Kind::Text)
            return wrong(type, u"the type '%1' takes a text in quotes."_s.arg(name));
        m_config->types.insert(prefix + name, type.text);
        return done();
    };
    for (const auto &[name, type] : table.entries) {
        const bool isDialect = type.kind == TomlValue::Kind::Table && backendFromName(name);
        if (!isDialect) {
            if (const Status taken = take({}, name, type); !taken)
                return taken.error();
            continue;
        }
        for (const auto &[own, sql] : type.entries) // [types.postgresql]
            if (const Status taken = take(name + u':', own, sql); !taken)
                return taken.error();
    }
    return done();
}

Status TribikosReader::ignore(const TomlValue &table)
{
    for (const auto &[key, value] : table.entries) {
        if (!IgnoreRules::keys().contains(key))
            return wrong(value, u"[ignore] has no key '%1'; there are %2."_s.arg(
                                    key, IgnoreRules::keys().join(u", "_s)));
        const auto list = value.texts();
        if (!list)
            return wrong(value, u"'%1' takes a list of texts."_s.arg(key));
        for (const QString &pattern : *list)
            if (const QString problem = patternProblem(key, pattern); !problem.isEmpty())
                return wrong(value, problem);
        m_config->ignore.patterns.insert(key, *list);
    }
    return done();
}

/// [values], [environment-variables], [offline]
Status TribikosReader::facts(const QString &section, const TomlValue &table)
{
    const auto problem =
        section == u"values" ? takeGivenValues(table, &m_config->facts)
        : section == u"offline"
            ? takeOfflineFacts(table, &m_config->facts)
            : takeVariables(
                table, &m_config->facts, [this](const TomlValue &value) -> std::optional<QString> {
                    QStringList missing;
                    const QString text = m_variables.expand(value.text, &missing);
                    return missing.isEmpty() ? std::optional(text) : std::nullopt;
                });
    return problem ? Status(wrong(problem->where, problem->message)) : done();
}

Status TribikosReader::read(const TomlValue &toml)
{
    for (const auto &[section, table] : toml.entries) {
        static const QStringList known{u"project"_s, u"options"_s, u"environments"_s,
                                       u"types"_s,   u"values"_s,  u"environment-variables"_s,
                                       u"offline"_s, u"ignore"_s};
        if (!known.contains(section)) {
            warn(table, u"unknown-option"_s,
                 u"the section [%1] is not known and has no effect."_s.arg(section));
            continue;
        }
        if (table.kind != TomlValue::Kind::Table)
            return wrong(table, u"'%1' is a section: write [%1]."_s.arg(section));
        if (section == u"options" || section == u"types" || known.indexOf(section) > 3) {
            const Status taken = section == u"types"     ? types(table)
                                 : section == u"ignore"  ? ignore(table)
                                 : section == u"options" ? options(table)
                                                         : facts(section, table);
            if (!taken)
                return taken.error();
            continue;
        }
        for (const auto &[key, value] : table.entries) {
            const Status taken =
                section == u"project" ? project(key, value) : environment(key, value);
            if (!taken)
                return taken.error();
        }
    }
    // Files of the project; what is no file may be an environment's name.
    for (QString &model : m_config->models) {
        const QString path = QDir(m_folder).absoluteFilePath(model);
        if (QFileInfo::exists(path) || model.contains(u'/') || model.contains(u'.'))
            model = QDir::cleanPath(path);
    }
    return done();
}

} // namespace

Status applyTribikosToml(const TomlValue &toml, const QString &file, ProjectConfig *config)
{
    return TribikosReader(file, config).read(toml);
}

} // namespace tribikos
