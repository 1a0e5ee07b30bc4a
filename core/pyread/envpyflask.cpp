#include "core/pyread/envpyflask.h"

#include "core/pyread/envpysettings.h"
#include "core/pyread/projectmodules.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace tribikos::py {

namespace {

/// current_app.extensions['migrate'].configure_args, whatever the application is called there.
bool isExtensionsOwn(const ast::Expr *value)
{
    const auto *attribute = ast::as<ast::Attribute>(value);
    const auto *item = attribute ? ast::as<ast::Subscript>(attribute->value) : nullptr;
    const auto *key = item ? ast::as<ast::Constant>(item->index) : nullptr;
    return attribute && attribute->name == u"configure_args" && key && key->value.isStr()
           && key->value.str() == u"migrate"
           && StaticPaths::dotted(item->value).endsWith(u"extensions");
}

QString stringOf(const ast::Expr *value)
{
    const auto *constant = value ? ast::as<ast::Constant>(value) : nullptr;
    return constant && constant->value.isStr() ? constant->value.str() : QString();
}

/// Follows a name that stands for configure_args through the function around the call.
class ArgsFollower
{
public:
    ArgsFollower(const ast::Module &tree, const ast::FunctionDef *function, QString name)
        : m_tree(tree)
        , m_function(function)
        , m_name(std::move(name))
    {}

    std::optional<ConfigureArgs> follow()
    {
        for (const auto &node : m_tree.nodes)
            if (isInside(*node))
                look(*node);
        return m_isMade && m_uses == m_understood ? std::optional(m_args) : std::nullopt;
    }

private:
    bool isInside(const ast::Node &node) const
    {
        return !m_function
               || (m_function->span.line <= node.span.line
                   && node.span.line <= m_function->span.endLine);
    }
    bool isName(const ast::Expr *value) const
    {
        const auto *name = value ? ast::as<ast::Name>(value) : nullptr;
        return name && name->id == m_name;
    }

    void look(const ast::Node &node)
    {
        if (const auto *name = dynamic_cast<const ast::Name *>(&node))
            m_uses += name->id == m_name;
        else if (const auto *item = dynamic_cast<const ast::Subscript *>(&node))
            m_understood += isName(item->value) && !stringOf(item->index).isEmpty();
        else if (const auto *assign = dynamic_cast<const ast::Assign *>(&node))
            lookAt(*assign);
        else if (const auto *call = dynamic_cast<const ast::Call *>(&node))
            lookAt(*call);
    }

    void lookAt(const ast::Assign &assign)
    {
        if (assign.targets.size() != 1)
            return;
        const ast::Expr *target = assign.targets.front();
        const auto *item = ast::as<ast::Subscript>(target);
        if (isName(target)) {
            m_isMade = !m_isMade && isExtensionsOwn(assign.value);
            ++m_understood;
        } else if (item && isName(item->value)) {
            const QString key = stringOf(item->index);
            if (!isSurelyRun(m_function ? m_function->body : m_tree.body, &assign))
                m_args.maybe.append(key);
            m_args.own.push_back({ast::Argument::Kind::Keyword, key, assign.value});
        }
    }

    /// .get("x") asks only; that of the template is its sign. The stars are where it ends.
    void lookAt(const ast::Call &call)
    {
        const auto *method = ast::as<ast::Attribute>(call.function);
        if (method && method->name == u"get" && isName(method->value)) {
            ++m_understood;
            m_args.isOfVersion4 =
                m_args.isOfVersion4
                || (!call.arguments.empty()
                    && stringOf(call.arguments.front().value) == u"process_revision_directives");
        }
        m_understood += int(std::ranges::count_if(call.arguments, [&](const ast::Argument &one) {
            return one.kind == ast::Argument::Kind::DoubleStar && isName(one.value);
        }));
    }

    static bool isSurelyRun(const ast::Body &body, const ast::Stmt *wanted)
    {
        return std::ranges::any_of(body, [&](const ast::Stmt *statement) {
            const auto *with = ast::as<ast::With>(statement);
            return statement == wanted || (with && isSurelyRun(with->body, wanted));
        });
    }

    const ast::Module &m_tree;
    const ast::FunctionDef *m_function;
    const QString m_name;
    ConfigureArgs m_args{};
    int m_uses = 0;
    int m_understood = 0;
    bool m_isMade = false;
};

/// One Migrate(…) or ….init_app(…).
struct MigrateCall
{
    QString place{};
    std::shared_ptr<const StaticPaths> paths{};
    bool isInit = false; // its arguments come over those of Migrate(…)
    std::vector<ast::Argument> settings{};
};

/// The parameters of both before those that are handed on by name alone. Since version 4 the last two are handed on.
const std::array<QString, 6> parameters{u"app"_s,     u"db"_s,           u"directory"_s,
                                        u"command"_s, u"compare_type"_s, u"render_as_batch"_s};
constexpr size_t firstHandedOn = 4;

/// What \a call hands on; nullopt: stars that can't be followed.
std::optional<std::vector<ast::Argument>> handedOn(const ast::Module &tree, const ast::Call &call)
{
    std::vector<ast::Argument> settings;
    const auto take = [&settings](const ast::Argument &one) {
        const auto at = std::ranges::find(parameters, one.name) - parameters.begin();
        const bool isOwn = at < qptrdiff(firstHandedOn);
        if (!isOwn)
            settings.push_back(one);
    };
    size_t position = 0;
    for (const ast::Argument &argument : call.arguments) {
        switch (argument.kind) {
        case ast::Argument::Kind::Keyword: take(argument); break;
        case ast::Argument::Kind::Star: return std::nullopt;
        case ast::Argument::Kind::Positional:
            if (position < parameters.size())
                take({ast::Argument::Kind::Keyword, parameters[position], argument.value});
            ++position;
            break;
        case ast::Argument::Kind::DoubleStar: {
            const auto starred =
                starredSettings(tree, functionAround(tree, call.span), argument.value);
            if (!starred)
                return std::nullopt;
            std::ranges::for_each(*starred, take);
        }
        }
    }
    return settings;
}

/// The folder above that of env.py, or above the outermost package around it.
QString projectFolder(const QString &environmentFile)
{
    QDir folder(QFileInfo(environmentFile).absolutePath());
    while (folder.cdUp() && folder.exists(u"__init__.py"_s)) {
    }
    return folder.path();
}

/// Looks through files for calls of Flask-Migrate.
class MigrateSearch
{
public:
    explicit MigrateSearch(const QString &environmentFile)
        : m_environmentFile(QFileInfo(environmentFile).absoluteFilePath())
        , m_root(projectFolder(environmentFile))
    {}
    MigrateCalls search();

private:
    void collect(const QString &folder, int depth);
    void readMakers(const QString &file, const QByteArray &bytes);
    void readInits(const QString &file);
    void readClasses(const ast::Module &tree, const QSet<QString> &makers, const QString &file);
    void take(const ast::Module &tree, const ast::Call &call,
              const std::shared_ptr<const StaticPaths> &paths, const QString &file, bool isInit);
    std::shared_ptr<const Source> parsed(const QString &file, const QByteArray &bytes);
    void unread(const QString &file, int line, const QString &why);
    void merge(bool isInit);
    std::optional<int> pinnedVersion() const;

    static constexpr int mostFiles = 20'000;
    static constexpr qint64 mostBytes = 128ll << 20;
    const QString m_environmentFile;
    const QString m_root;
    QStringList m_files{};
    QStringList m_initFiles{}; // where .init_app( stands
    QSet<QString> m_names{};   // of the Migrate objects
    qint64 m_bytes = 0;
    bool m_isWhole = true;
    QList<MigrateCall> m_calls{};
    MigrateCalls m_found{};
};

void MigrateSearch::collect(const QString &folder, int depth)
{
    static const QSet<QString> others{u"node_modules"_s, u"site-packages"_s, u"__pycache__"_s,
                                      u"venv"_s,         u"env"_s,           u"test"_s,
                                      u"tests"_s};
    constexpr int mostDepth = 12;
    const QDir here(folder);
    if (depth > mostDepth || (depth > 0 && here.exists(u"pyvenv.cfg"_s)))
        return;
    const auto entries = here.entryInfoList(
        QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name);
    for (const QFileInfo &entry : entries) {
        if (m_files.size() >= mostFiles) {
            m_isWhole = false;
            return;
        }
        const QString name = entry.fileName();
        if (entry.isDir() && !others.contains(name) && !name.startsWith(u'.'))
            collect(entry.filePath(), depth + 1);
        else if (entry.isFile() && name.endsWith(u".py") && name != u"conftest.py"
                 && !name.startsWith(u"test_") && entry.filePath() != m_environmentFile)
            m_files.append(entry.filePath());
    }
}

void MigrateSearch::unread(const QString &file, int line, const QString &why)
{
    if (m_found.unread.isEmpty())
        m_found.unread = u"%1:%2 %3"_s.arg(file).arg(line).arg(why);
}

std::shared_ptr<const Source> MigrateSearch::parsed(const QString &file, const QByteArray &bytes)
{
    auto source = parse(bytes, file);
    if (!source) {
        unread(file, source.error().line, u"can't be read as Python"_s);
        return nullptr;
    }
    m_found.sources.push_back(*source);
    return *source;
}

void MigrateSearch::take(const ast::Module &tree, const ast::Call &call,
                         const std::shared_ptr<const StaticPaths> &paths, const QString &file,
                         bool isInit)
{
    auto settings = handedOn(tree, call);
    if (!settings)
        unread(file, call.span.line, u"passes options to Flask-Migrate that can't be read"_s);
    const QString place = u"%1:%2"_s.arg(file).arg(call.span.line);
    m_found.places.append(place);
    if (!m_found.files.contains(file))
        m_found.files.append(file);
    m_calls.append(
        {place, paths, isInit, settings ? std::move(*settings) : std::vector<ast::Argument>()});
}

/// The names under which \a tree knows Flask-Migrate's class.
QSet<QString> makersIn(const ast::Module &tree)
{
    QSet<QString> makers;
    for (const auto &node : tree.nodes) {
        if (const auto *from = dynamic_cast<const ast::ImportFrom *>(node.get())) {
            for (const ast::ImportName &one : from->names)
                if (from->module == u"flask_migrate" && one.name == u"Migrate")
                    makers.insert(one.asName.isEmpty() ? one.name : one.asName);
        } else if (const auto *import = dynamic_cast<const ast::Import *>(node.get())) {
            for (const ast::ImportName &one : import->names)
                if (one.name == u"flask_migrate")
                    makers.insert((one.asName.isEmpty() ? one.name : one.asName) + u".Migrate"_s);
        }
    }
    return makers;
}

/// A class of the project's own may do anything with its arguments.
void MigrateSearch::readClasses(const ast::Module &tree, const QSet<QString> &makers,
                                const QString &file)
{
    for (const auto &node : tree.nodes) {
        if (const auto *made = dynamic_cast<const ast::ClassDef *>(node.get())) {
            for (const ast::Argument &base : made->arguments)
                if (makers.contains(StaticPaths::dotted(base.value)))
                    unread(file, made->span.line, u"makes a class of its own of Flask-Migrate's"_s);
        } else if (const auto *use = dynamic_cast<const ast::Attribute *>(node.get());
                   use && QFileInfo(file).fileName() != u"env.py") {
            if (use->name == u"configure_args" || use->name == u"alembic_ctx_kwargs")
                unread(file, use->span.line, u"changes Flask-Migrate's options with code"_s);
        }
    }
}

void MigrateSearch::readMakers(const QString &file, const QByteArray &bytes)
{
    const auto source = parsed(file, bytes);
    if (!source)
        return;
    const ast::Module &tree = *source->tree;
    const QSet<QString> makers = makersIn(tree);
    readClasses(tree, makers, file);
    const auto paths = std::make_shared<const StaticPaths>(tree, file, m_root);
    QSet<const ast::Expr *> made;
    for (const auto &node : tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        if (!call || !makers.contains(StaticPaths::dotted(call->function)))
            continue;
        made.insert(call);
        take(tree, *call, paths, file, false);
    }
    const auto name = [this](const ast::Expr *target) {
        m_names.insert(StaticPaths::dotted(target).section(u'.', -1));
    };
    for (const auto &node : tree.nodes) {
        if (const auto *assign = dynamic_cast<const ast::Assign *>(node.get())) {
            if (made.contains(assign->value))
                std::ranges::for_each(assign->targets, name);
        } else if (const auto *typed = dynamic_cast<const ast::AnnAssign *>(node.get())) {
            if (made.contains(typed->value))
                name(typed->target);
        } else if (const auto *call = dynamic_cast<const ast::Call *>(node.get())) {
            const auto *method = ast::as<ast::Attribute>(call->function);
            if (method && method->name == u"init_app" && made.contains(method->value))
                take(tree, *call, paths, file, true); // Migrate().init_app(app, db)
        }
    }
}

void MigrateSearch::readInits(const QString &file)
{
    const auto bytes = readSource(file);
    const bool isNamed = bytes && std::ranges::any_of(m_names, [&](const QString &name) {
                             return bytes->contains(name.toUtf8() + ".init_app");
                         });
    const auto source = isNamed ? parsed(file, *bytes) : nullptr;
    if (!source)
        return;
    const auto paths = std::make_shared<const StaticPaths>(*source->tree, file, m_root);
    for (const auto &node : source->tree->nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        const QString name = call ? StaticPaths::dotted(call->function) : QString();
        if (name.endsWith(u".init_app") && m_names.contains(name.section(u'.', -2, -2)))
            take(*source->tree, *call, paths, file, true);
    }
}

const ast::Argument *settingOf(const MigrateCall &call, const QString &name)
{
    const auto found = std::ranges::find(call.settings, name, &ast::Argument::name);
    return found == call.settings.end() ? nullptr : &*found;
}

/// Whether both certainly say the same of \a name: the same constant, or nothing.
bool agree(const MigrateCall &one, const MigrateCall &other, const QString &name)
{
    const ast::Argument *mine = settingOf(one, name);
    const ast::Argument *theirs = settingOf(other, name);
    if (!mine || !theirs)
        return mine == theirs;
    const auto text = one.paths->text(mine->value);
    const auto truth = one.paths->truth(mine->value);
    return (text || truth) && text == other.paths->text(theirs->value)
           && truth == other.paths->truth(theirs->value);
}

/// The calls of one kind: nobody can tell which of several runs, so they have to agree.
void MigrateSearch::merge(bool isInit)
{
    QList<MigrateCall> calls;
    std::ranges::copy_if(m_calls, std::back_inserter(calls),
                         [isInit](const MigrateCall &call) { return call.isInit == isInit; });
    QSet<QString> seen;
    for (const MigrateCall &call : std::as_const(calls))
        for (const ast::Argument &setting : call.settings) {
            if (seen.contains(setting.name))
                continue;
            seen.insert(setting.name);
            std::erase_if(m_found.settings, [&](const MigrateSetting &weaker) {
                return weaker.argument.name == setting.name;
            });
            const bool isSure = std::ranges::all_of(calls, [&](const MigrateCall &other) {
                return &other == &call || agree(call, other, setting.name);
            });
            m_found.settings.push_back({setting, call.paths, isSure});
        }
}

/// "Flask-Migrate==4.0.5" and its kin in requirements, lock files and the project's own description.
std::optional<int> MigrateSearch::pinnedVersion() const
{
    static const QRegularExpression pin(
        uR"(\bflask[-_]migrate\b["']?\s*(?:[:=]\s*["']?\s*)?(?:==|~=|>=|\^|version\s*=\s*)\s*["']?\s*[v=~^>]*(\d+))"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression locked(
        uR"(["']flask[-_]migrate["']\s*[:\n]\s*\{?[^}\[]{0,4000}?\bversion["']?\s*[=:]\s*["'][=v]*(\d+))"_s,
        QRegularExpression::CaseInsensitiveOption);
    const QDir root(m_root);
    QStringList files =
        root.entryList({u"requirements*.txt"_s, u"requirements*.in"_s}, QDir::Files);
    for (const QString &name :
         QDir(root.filePath(u"requirements"_s)).entryList({u"*.txt"_s}, QDir::Files))
        files.append(u"requirements/"_s + name);
    files += {u"uv.lock"_s, u"poetry.lock"_s, u"Pipfile.lock"_s, u"pyproject.toml"_s,
              u"Pipfile"_s, u"setup.cfg"_s,   u"setup.py"_s};
    for (const QString &name : std::as_const(files)) {
        const auto bytes = readSource(root.filePath(name));
        const QString text = bytes ? QString::fromUtf8(*bytes) : QString();
        for (const QRegularExpression *each : {&pin, &locked})
            if (const auto match = each->match(text); match.hasMatch())
                return match.captured(1).toInt();
    }
    return std::nullopt;
}

MigrateCalls MigrateSearch::search()
{
    if (QDir(m_root).isRoot() || m_root == QDir::homePath())
        return m_found; // it is nobody's project
    collect(m_root, 0);
    for (const QString &file : std::as_const(m_files)) {
        const auto bytes = readSource(file);
        if (!bytes)
            continue;
        m_bytes += bytes->size();
        m_isWhole = m_isWhole && m_bytes <= mostBytes;
        if (!m_isWhole)
            break;
        if (bytes->contains("flask_migrate") || bytes->contains("alembic_ctx_kwargs")
            || bytes->contains("configure_args"))
            readMakers(file, *bytes);
        if (bytes->contains(".init_app"))
            m_initFiles.append(file);
    }
    for (const QString &file : std::as_const(m_initFiles))
        readInits(file);
    if (!m_isWhole)
        unread(m_root, 1, u"has more files than are looked through for Flask-Migrate's options"_s);
    merge(false);
    merge(true);
    m_found.version = pinnedVersion();
    return m_found;
}

} // namespace

bool ConfigureArgs::isSet(const QString &name) const
{
    return !maybe.contains(name) && std::ranges::find(own, name, &ast::Argument::name) != own.end();
}

std::optional<ConfigureArgs> configureArgs(const ast::Module &tree,
                                           const ast::FunctionDef *function, const ast::Expr *value)
{
    if (isExtensionsOwn(value))
        return ConfigureArgs{};
    const auto *name = ast::as<ast::Name>(value);
    if (!name)
        return std::nullopt;
    if (function)
        if (auto own = ArgsFollower(tree, function, name->id).follow())
            return own;
    return ArgsFollower(tree, nullptr, name->id).follow();
}

MigrateCalls findMigrateCalls(const QString &environmentFile)
{
    return MigrateSearch(environmentFile).search();
}

} // namespace tribikos::py
