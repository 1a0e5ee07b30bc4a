#include "core/pyread/envpydirectives.h"

#include "core/pyread/envpypaths.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::py {

namespace {

/// Understands a body statement by statement; whatever else stands there makes it another function.
class EmptyDropper
{
public:
    explicit EmptyDropper(const ast::FunctionDef &function)
        : m_function(function)
        , m_directives(function.parameters.size() == 3 ? function.parameters[2].name : QString())
    {}

    bool isOne()
    {
        const bool isPlain =
            !m_directives.isEmpty() && m_function.decorators.empty() && !m_function.isAsync;
        return isPlain && isHarmless(m_function.body, false) && m_dropsThem;
    }

private:
    bool isHarmless(const ast::Body &body, bool isEmpty)
    {
        return std::ranges::all_of(
            body, [&](const ast::Stmt *statement) { return isHarmless(statement, isEmpty); });
    }

    bool isHarmless(const ast::Stmt *statement, bool isEmpty)
    {
        if (const auto *branching = ast::as<ast::If>(statement))
            return isHarmless(*branching, isEmpty);
        if (const auto *assign = ast::as<ast::Assign>(statement))
            return assign->targets.size() == 1
                   && (takesScript(*assign) || (isEmpty && dropsAll(*assign)));
        const auto *expression = ast::as<ast::ExprStmt>(statement);
        return statement->kind == ast::StmtKind::Pass || statement->kind == ast::StmtKind::Assert
               || (expression
                   && (ast::as<ast::Constant>(expression->value) || isSaid(*expression)));
    }

    bool isHarmless(const ast::If &branching, bool isEmpty)
    {
        if (branching.branches.size() != 1 || !branching.orelse.empty())
            return false;
        const ast::If::Branch &branch = branching.branches.front();
        const bool asks = asksWhetherEmpty(branch.test);
        return (asks || asksForAutogenerate(branch.test))
               && isHarmless(branch.body, isEmpty || asks);
    }

    /// script.upgrade_ops.is_empty()
    bool asksWhetherEmpty(const ast::Expr *test) const
    {
        const auto *call = ast::as<ast::Call>(test);
        const auto *method = call ? ast::as<ast::Attribute>(call->function) : nullptr;
        const auto *ops = method ? ast::as<ast::Attribute>(method->value) : nullptr;
        if (!ops || !call->arguments.empty() || method->name != u"is_empty"
            || ops->name != u"upgrade_ops")
            return false;
        const auto *script = ast::as<ast::Name>(ops->value);
        return isFirst(ops->value) || (script && script->id == m_script);
    }

    /// getattr(config.cmd_opts, 'autogenerate', False), config.cmd_opts.autogenerate
    static bool asksForAutogenerate(const ast::Expr *test)
    {
        const auto *call = ast::as<ast::Call>(test);
        if (!call)
            return StaticPaths::dotted(test).endsWith(u"cmd_opts.autogenerate");
        const auto *name =
            call->arguments.size() < 2 ? nullptr : ast::as<ast::Constant>(call->arguments[1].value);
        return StaticPaths::dotted(call->function) == u"getattr" && name && name->value.isStr()
               && name->value.str() == u"autogenerate"
               && StaticPaths::dotted(call->arguments[0].value).endsWith(u"cmd_opts");
    }

    /// directives[0]
    bool isFirst(const ast::Expr *value) const
    {
        const auto *item = ast::as<ast::Subscript>(value);
        const auto *index = item ? ast::as<ast::Constant>(item->index) : nullptr;
        return index && index->value.isInt() && index->value.toInt() == 0
               && isDirectives(item->value);
    }
    bool isDirectives(const ast::Expr *value) const
    {
        const auto *name = ast::as<ast::Name>(value);
        return name && name->id == m_directives;
    }

    bool takesScript(const ast::Assign &assign)
    {
        const auto *name = ast::as<ast::Name>(assign.targets.front());
        if (!name || name->id == m_directives || !isFirst(assign.value))
            return false;
        m_script = name->id;
        return true;
    }

    /// directives[:] = []
    bool dropsAll(const ast::Assign &assign)
    {
        const auto *item = ast::as<ast::Subscript>(assign.targets.front());
        const auto *slice = item ? ast::as<ast::SliceExpr>(item->index) : nullptr;
        const auto *list = ast::as<ast::ListExpr>(assign.value);
        const bool isWhole = slice && !slice->lower && !slice->upper && !slice->step;
        const bool drops = isWhole && isDirectives(item->value) && list && list->items.empty();
        m_dropsThem = m_dropsThem || drops;
        return drops;
    }

    /// logger.info("…"), print("…"): of constants
    static bool isSaid(const ast::ExprStmt &statement)
    {
        const auto *call = ast::as<ast::Call>(statement.value);
        const QString name = call ? StaticPaths::dotted(call->function) : QString();
        const bool isTold = name == u"print" || name.endsWith(u".info")
                            || name.endsWith(u".warning") || name.endsWith(u".debug");
        return isTold && std::ranges::all_of(call->arguments, [](const ast::Argument &argument) {
                   return ast::as<ast::Constant>(argument.value) != nullptr;
               });
    }

    const ast::FunctionDef &m_function;
    const QString m_directives;
    QString m_script{};
    bool m_dropsThem = false;
};

} // namespace

bool dropsEmptyRevisions(const ast::Module &tree, const QString &name)
{
    const ast::FunctionDef *found = nullptr;
    for (const auto &node : tree.nodes) {
        const auto *function = dynamic_cast<const ast::FunctionDef *>(node.get());
        if (!function || function->name != name)
            continue;
        if (found)
            return false; // which of them counts?
        found = function;
    }
    return found && EmptyDropper(*found).isOne();
}

} // namespace tribikos::py
