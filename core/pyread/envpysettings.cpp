#include "core/pyread/envpysettings.h"

#include <algorithm>

namespace tribikos::py {

namespace {

using Settings = std::vector<ast::Argument>;

void put(Settings &settings, const QString &name, ast::Expr *value)
{
    const auto known =
        std::ranges::find_if(settings, [&](const ast::Argument &one) { return one.name == name; });
    if (known != settings.end())
        known->value = value;
    else
        settings.push_back({ast::Argument::Kind::Keyword, name, value});
}

QString keyOf(const ast::Expr *key)
{
    const auto *constant = key ? ast::as<ast::Constant>(key) : nullptr;
    return constant && constant->value.isStr() ? constant->value.str() : QString();
}

bool takeKeywords(Settings &settings, const ast::Call &call)
{
    for (const ast::Argument &argument : call.arguments) {
        if (argument.kind != ast::Argument::Kind::Keyword)
            return false;
        put(settings, argument.name, argument.value);
    }
    return true;
}

/// {…} or dict(…); false when something in it isn't literal.
bool takeLiteral(Settings &settings, const ast::Expr *value)
{
    if (const auto *call = ast::as<ast::Call>(value)) {
        const auto *name = ast::as<ast::Name>(call->function);
        return name && name->id == u"dict" && takeKeywords(settings, *call);
    }
    const auto *dict = ast::as<ast::DictExpr>(value);
    for (size_t i = 0; dict && i < dict->keys.size(); ++i) {
        const QString key = keyOf(dict->keys[i]);
        if (key.isEmpty())
            return false;
        put(settings, key, dict->values[i]);
    }
    return dict != nullptr;
}

/// Follows one name through the statements of one body.
class Follower
{
public:
    Follower(const ast::Module &tree, QString name)
        : m_tree(tree)
        , m_name(std::move(name))
    {}

    void follow(const ast::Body &body)
    {
        for (const ast::Stmt *statement : body) {
            if (const auto *with = dynamic_cast<const ast::With *>(statement))
                follow(with->body);
            else
                take(statement);
        }
    }

    /// Every place that names it inside \a around (null: the whole file) has been understood.
    bool isWhole(const ast::Node *around) const
    {
        int uses = 0;
        for (const auto &node : m_tree.nodes) {
            const bool isInside = !around
                                  || (around->span.line <= node->span.line
                                      && node->span.line <= around->span.endLine);
            if (!isInside)
                continue;
            const auto *name = dynamic_cast<const ast::Name *>(node.get());
            uses += name && name->id == m_name;
            if (const auto *call = dynamic_cast<const ast::Call *>(node.get()))
                uses -= int(std::ranges::count_if(call->arguments, [&](const ast::Argument &one) {
                    return one.kind == ast::Argument::Kind::DoubleStar && isName(one.value);
                }));
        }
        return m_isMade && m_isLiteral && uses == m_understood;
    }
    const Settings &settings() const { return m_settings; }

private:
    bool isName(const ast::Expr *value) const
    {
        const auto *name = value ? ast::as<ast::Name>(value) : nullptr;
        return name && name->id == m_name;
    }

    void take(const ast::Stmt *statement)
    {
        if (const auto *assign = dynamic_cast<const ast::Assign *>(statement)) {
            if (assign->targets.size() == 1)
                takeAssigned(assign->targets.front(), assign->value);
        } else if (const auto *typed = dynamic_cast<const ast::AnnAssign *>(statement)) {
            if (typed->value)
                takeAssigned(typed->target, typed->value);
        } else if (const auto *expression = dynamic_cast<const ast::ExprStmt *>(statement)) {
            takeUpdate(expression->value);
        }
    }

    void takeAssigned(const ast::Expr *target, ast::Expr *value)
    {
        const auto *item = ast::as<ast::Subscript>(target);
        if (isName(target)) {
            m_settings.clear();
            m_isMade = true;
            m_isLiteral = takeLiteral(m_settings, value);
            ++m_understood;
        } else if (item && isName(item->value) && !keyOf(item->index).isEmpty()) {
            put(m_settings, keyOf(item->index), value);
            ++m_understood;
        }
    }

    void takeUpdate(const ast::Expr *value)
    {
        const auto *call = ast::as<ast::Call>(value);
        const auto *method = call ? ast::as<ast::Attribute>(call->function) : nullptr;
        if (!method || method->name != u"update" || !isName(method->value))
            return;
        const bool isPositional = call->arguments.size() == 1
                                  && call->arguments[0].kind == ast::Argument::Kind::Positional;
        const bool isTaken = isPositional ? takeLiteral(m_settings, call->arguments[0].value)
                                          : takeKeywords(m_settings, *call);
        m_understood += isTaken;
    }

    const ast::Module &m_tree;
    const QString m_name;
    Settings m_settings{};
    int m_understood = 0;
    bool m_isMade = false;
    bool m_isLiteral = false;
};

} // namespace

const ast::FunctionDef *functionAround(const ast::Module &tree, const SourceSpan &span)
{
    const ast::FunctionDef *best = nullptr;
    for (const auto &node : tree.nodes) {
        const auto *function = dynamic_cast<const ast::FunctionDef *>(node.get());
        if (function && function->span.line <= span.line && span.line <= function->span.endLine
            && (!best || best->span.line <= function->span.line))
            best = function;
    }
    return best;
}

std::optional<Settings> starredSettings(const ast::Module &tree, const ast::FunctionDef *function,
                                        ast::Expr *value)
{
    Settings direct;
    if (!ast::as<ast::Name>(value))
        return takeLiteral(direct, value) ? std::optional(direct) : std::nullopt;
    const QString name = ast::as<ast::Name>(value)->id;
    if (function) {
        Follower own(tree, name);
        own.follow(function->body);
        if (own.isWhole(function))
            return own.settings();
    }
    Follower shared(tree, name);
    shared.follow(tree.body);
    return shared.isWhole(nullptr) ? std::optional(shared.settings()) : std::nullopt;
}

} // namespace tribikos::py
