#include "core/pyread/envpyurl.h"

#include <QSet>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

constexpr int maxNameDepth = 10;

class UrlReader
{
public:
    UrlReader(const ast::Module &tree, const StaticPaths &constants,
              const std::function<std::optional<QString>(const QString &)> &imported);
    EnvUrl read();

private:
    void readCall(const ast::Call &call);
    void readAssignment(const ast::Assign &assign);
    void readDict(const ast::DictExpr &dict);
    /// The connection's URL is \a value: \a isOption when it stands in the configuration, whose %% is a %.
    void found(const ast::Expr *value, bool isOption);
    EnvUrl judged(const ast::Expr *value, int depth) const;
    std::optional<QString> variable(const ast::Expr *value, bool *isVariable) const;
    bool isConfiguration(const ast::Expr *value) const;
    bool isConditional(const SourceSpan &span) const;
    void readBackend();

    const ast::Module &m_tree;
    const StaticPaths &m_constants;
    const std::function<std::optional<QString>(const QString &)> &m_imported;
    QHash<QString, const ast::Expr *> m_assigned{}; // anywhere, the last one
    bool m_makesEngine = false;
    int m_connectionLine = 0; // of configure(connection=...)
    const ast::Expr *m_offlineUrl = nullptr; // configure(url=...)
    std::optional<Backend> m_dialect{};      // configure(dialect_name=...)
    EnvUrl m_url{};
};

bool isUrlOption(const ast::Expr *expression)
{
    const auto *constant = ast::as<ast::Constant>(expression);
    return constant && constant->value.isStr() && constant->value.str() == u"sqlalchemy.url";
}

UrlReader::UrlReader(const ast::Module &tree, const StaticPaths &constants,
                     const std::function<std::optional<QString>(const QString &)> &imported)
    : m_tree(tree)
    , m_constants(constants)
    , m_imported(imported)
{
    for (const auto &node : tree.nodes) {
        const auto *assign = dynamic_cast<const ast::Assign *>(node.get());
        for (const ast::Expr *target : assign ? assign->targets : ast::Exprs())
            if (const auto *name = ast::as<ast::Name>(target))
                m_assigned.insert(name->id, assign->value);
    }
}

EnvUrl UrlReader::read()
{
    for (const auto &node : m_tree.nodes) {
        if (const auto *call = dynamic_cast<const ast::Call *>(node.get()))
            readCall(*call);
        else if (const auto *assign = dynamic_cast<const ast::Assign *>(node.get()))
            readAssignment(*assign);
        else if (const auto *dict = dynamic_cast<const ast::DictExpr *>(node.get()))
            readDict(*dict);
    }
    if (m_url.origin == EnvUrl::Origin::Configuration && !m_makesEngine) {
        if (m_connectionLine > 0)
            m_url = {.origin = EnvUrl::Origin::Code, .line = m_connectionLine};
        else if (m_offlineUrl)
            found(m_offlineUrl, false);
    }
    readBackend();
    return m_url;
}

void UrlReader::readCall(const ast::Call &call)
{
    const QString name = StaticPaths::dotted(call.function).section(u'.', -1);
    const auto &arguments = call.arguments;
    const auto keyword = [&](const QString &wanted) -> const ast::Expr * {
        for (const ast::Argument &argument : arguments)
            if (argument.kind == ast::Argument::Kind::Keyword && argument.name == wanted)
                return argument.value;
        return nullptr;
    };
    if (name == u"set_main_option" && arguments.size() == 2 && isUrlOption(arguments[0].value)) {
        found(arguments[1].value, true);
    } else if (name == u"set_section_option" && arguments.size() == 3
               && isUrlOption(arguments[1].value)) {
        found(arguments[2].value, true);
    } else if (name == u"engine_from_config" || name == u"async_engine_from_config") {
        m_makesEngine = true;
        if (const ast::Expr *url = keyword(u"url"_s))
            found(url, false);
    } else if (name == u"create_engine" || name == u"create_async_engine") {
        m_makesEngine = true;
        const bool isFirst = !arguments.empty()
                             && arguments[0].kind == ast::Argument::Kind::Positional;
        if (const ast::Expr *url = isFirst ? arguments[0].value : keyword(u"url"_s))
            found(url, false);
    } else if (name == u"configure") {
        if (keyword(u"connection"_s))
            m_connectionLine = call.span.line;
        if (const ast::Expr *url = keyword(u"url"_s))
            m_offlineUrl = url;
        if (const auto dialect = m_constants.text(keyword(u"dialect_name"_s)))
            m_dialect = backendFromName(*dialect);
    }
}

/// configuration["sqlalchemy.url"] = x
void UrlReader::readAssignment(const ast::Assign &assign)
{
    for (const ast::Expr *target : assign.targets) {
        const auto *item = ast::as<ast::Subscript>(target);
        if (item && isUrlOption(item->index))
            found(assign.value, false);
    }
}

/// engine_from_config({"sqlalchemy.url": x})
void UrlReader::readDict(const ast::DictExpr &dict)
{
    for (size_t i = 0; i < dict.keys.size(); ++i)
        if (isUrlOption(dict.keys[i]))
            found(dict.values[i], false);
}

void UrlReader::found(const ast::Expr *value, bool isOption)
{
    bool isVariable = false;
    if (!variable(value, &isVariable) && isVariable && isConditional(value->span))
        return; // "if the variable is set": it isn't
    EnvUrl url = judged(value, 0);
    if (isOption)
        url.url.replace(u"%%"_s, u"%"_s);
    if (url.origin == EnvUrl::Origin::Configuration || m_url.origin == EnvUrl::Origin::Code)
        return;
    m_url = url;
    m_url.line = value->span.line;
}

EnvUrl UrlReader::judged(const ast::Expr *value, int depth) const
{
    if (const auto text = m_constants.text(value))
        return {.origin = EnvUrl::Origin::Known, .url = *text};
    if (isConfiguration(value))
        return {.origin = EnvUrl::Origin::Configuration};
    bool isVariable = false;
    if (const auto text = variable(value, &isVariable))
        return {.origin = EnvUrl::Origin::Known, .url = *text};
    if (const auto *name = ast::as<ast::Name>(value); name && depth < maxNameDepth) {
        if (const auto text = m_imported(name->id))
            return {.origin = EnvUrl::Origin::Known, .url = *text};
        if (const ast::Expr *assigned = m_assigned.value(name->id))
            return judged(assigned, depth + 1);
    }
    const auto *call = ast::as<ast::Call>(value); // str(url)
    if (call && StaticPaths::dotted(call->function) == u"str" && call->arguments.size() == 1
        && depth < maxNameDepth)
        return judged(call->arguments[0].value, depth + 1);
    return {.origin = EnvUrl::Origin::Code};
}

/// os.environ["X"], os.environ.get("X", default), os.getenv("X"): a whole URL from the environment is
/// what its user has said, as with ${X} in tribikos.toml.
std::optional<QString> UrlReader::variable(const ast::Expr *value, bool *isVariable) const
{
    const ast::Expr *key = nullptr;
    const ast::Expr *otherwise = nullptr;
    if (const auto *item = ast::as<ast::Subscript>(value);
        item && StaticPaths::dotted(item->value).endsWith(u"environ"))
        key = item->index;
    if (const auto *call = ast::as<ast::Call>(value); call && !call->arguments.empty()) {
        const QString name = StaticPaths::dotted(call->function);
        if (name.endsWith(u"environ.get") || name.endsWith(u"getenv")) {
            key = call->arguments[0].value;
            otherwise = call->arguments.size() > 1 ? call->arguments[1].value : nullptr;
        }
    }
    const auto name = key ? m_constants.text(key) : std::nullopt;
    *isVariable = name.has_value();
    if (!name)
        return std::nullopt;
    if (qEnvironmentVariableIsSet(name->toLocal8Bit().constData()))
        return qEnvironmentVariable(name->toLocal8Bit().constData());
    return otherwise ? m_constants.text(otherwise) : std::nullopt;
}

/// config.get_main_option("sqlalchemy.url"), config.get_section(...)["sqlalchemy.url"]
bool UrlReader::isConfiguration(const ast::Expr *value) const
{
    if (const auto *item = ast::as<ast::Subscript>(value))
        return isUrlOption(item->index);
    const auto *call = ast::as<ast::Call>(value);
    const QString name = call ? StaticPaths::dotted(call->function).section(u'.', -1) : QString();
    static const QStringList readers{u"get_main_option"_s, u"get_section_option"_s, u"get"_s};
    if (!readers.contains(name))
        return false;
    for (const ast::Argument &argument : call->arguments)
        if (isUrlOption(argument.value))
            return true;
    return false;
}

bool UrlReader::isConditional(const SourceSpan &span) const
{
    for (const auto &node : m_tree.nodes) {
        const auto *branch = dynamic_cast<const ast::If *>(node.get());
        if (branch && branch->span.line < span.line && span.line <= branch->span.endLine)
            return true;
    }
    return false;
}

void UrlReader::readBackend()
{
    const EnvUrl offline = m_offlineUrl ? judged(m_offlineUrl, 0) : EnvUrl{};
    m_url.backend = m_dialect ? m_dialect : backendFromName(offline.url.section(u':', 0, 0));
    if (m_url.backend)
        return;
    QSet<Backend> backends;
    for (const auto &node : m_tree.nodes) {
        const auto *constant = dynamic_cast<const ast::Constant *>(node.get());
        const QString text = constant && constant->value.isStr() ? constant->value.str() : QString();
        const qsizetype end = text.indexOf(u"://"_s);
        if (const auto backend = end > 0 ? backendFromName(text.left(end).section(u'+', 0, 0))
                                         : std::nullopt)
            backends.insert(*backend);
    }
    if (backends.size() == 1)
        m_url.backend = *backends.cbegin();
}

} // namespace

EnvUrl readEnvUrl(const ast::Module &tree, const StaticPaths &constants,
                  const std::function<std::optional<QString>(const QString &)> &imported)
{
    return UrlReader(tree, constants, imported).read();
}

} // namespace tribikos::py
