// Generator functions. For next() they run to their end at once, which is the same as long as they do nothing but compute.
#include "core/pyread/ast.h"
#include "core/pyread/function.h"

#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// More is an endless one, or one that nobody meant to take item by item.
constexpr size_t mostFetched = 10'000;

bool isInside(const Function &function, const ast::Node &node)
{
    const SourceSpan &first = function.body->front()->span;
    const SourceSpan &last = function.body->back()->span;
    const auto begin = std::pair(node.span.line, node.span.column);
    return std::pair(first.line, first.column) <= begin
           && begin <= std::pair(last.endLine, last.endColumn);
}

/// The name that an expression starts with: `rows` of rows[0].append; empty: none.
QString baseName(const ast::Expr *expression)
{
    while (expression) {
        if (const auto *name = ast::as<ast::Name>(expression))
            return name->id;
        if (const auto *attribute = ast::as<ast::Attribute>(expression))
            expression = attribute->value;
        else if (const auto *item = ast::as<ast::Subscript>(expression))
            expression = item->value;
        else
            break;
    }
    return {};
}

/// Whether a statement of \a function's body may be seen outside of it before the generator has ended, or asks its
/// consumer for something.
class Reach
{
public:
    explicit Reach(const Function &function)
        : m_function(function)
    {}
    bool isBeyond() const
    {
        const ast::ScopeNames &scope = *m_function.scope;
        return !scope.globals.isEmpty() || !scope.nonlocals.isEmpty()
               || std::ranges::any_of(m_function.source->tree->nodes, [this](const auto &node) {
                      return isInside(m_function, *node) && reaches(*node);
                  });
    }

private:
    bool isOwn(const ast::Expr *expression) const
    {
        const QString name = baseName(expression);
        const bool isParameter =
            std::ranges::any_of(*m_function.parameters,
                                [&name](const ast::Parameter &one) { return one.name == name; });
        return !isParameter && m_function.scope->locals.contains(name);
    }
    bool changes(const ast::Expr *target) const
    {
        return (ast::as<ast::Attribute>(target) || ast::as<ast::Subscript>(target))
               && !isOwn(target);
    }
    bool reaches(const ast::Node &node) const
    {
        if (const auto *assign = dynamic_cast<const ast::Assign *>(&node))
            return ast::as<ast::Yield>(assign->value)
                   || std::ranges::any_of(assign->targets,
                                          [this](const ast::Expr *one) { return changes(one); });
        if (const auto *augmented = dynamic_cast<const ast::AugAssign *>(&node))
            return changes(augmented->target) || !isOwn(augmented->target);
        if (const auto *deleted = dynamic_cast<const ast::Delete *>(&node))
            return std::ranges::any_of(deleted->targets,
                                       [this](const ast::Expr *one) { return changes(one); });
        const auto *statement = dynamic_cast<const ast::ExprStmt *>(&node);
        const auto *call = statement ? ast::as<ast::Call>(statement->value) : nullptr;
        return call && !isOwn(call->function);
    }

    const Function &m_function;
};

} // namespace

Value Generator::run(Interpreter &interpreter, const YieldHandler &atYield)
{
    if (started && !isDone)
        refuseSuspending(interpreter); // some consumer has left it half-way
    if (started)
        return {}; // exhausted
    started = true;
    try {
        const Value returned = interpreter.evaluate(*function, *env, &atYield);
        isDone = true;
        return returned;
    } catch (const Raised &) {
        isDone = true;
        throw;
    }
}

void Generator::iterate(Interpreter &interpreter, const Visitor &visit)
{
    if (isSuspended) {
        while (const std::optional<Value> value = next(interpreter))
            if (!visit(*value))
                return;
        return;
    }
    bool stopped = false;
    const YieldHandler handler = [&](const Value &value) {
        if (!visit(value)) {
            stopped = true;
            throw GeneratorStopped{};
        }
        return Value();
    };
    try {
        run(interpreter, handler);
    } catch (const GeneratorStopped &) {
        if (!stopped)
            throw; // of a generator further out
    }
}

void Generator::refuseSuspending(Interpreter &interpreter) const
{
    interpreter.unsupported(
        u"suspends the generator function %1() half-way, which Tribikos doesn't evaluate"_s.arg(
            function->name));
}

std::optional<Value> Generator::next(Interpreter &interpreter)
{
    if (!isSuspended && isDone)
        return std::nullopt;
    if (!isSuspended) {
        if (!function->body || !function->source || Reach(*function).isBeyond())
            refuseSuspending(interpreter);
        const qint64 effects = interpreter.effects();
        run(interpreter, [&](const Value &value) {
            if (m_fetched.size() >= mostFetched)
                refuseSuspending(interpreter);
            m_fetched.push_back(value);
            return Value();
        });
        isSuspended = true;
        if (interpreter.effects() != effects)
            refuseSuspending(interpreter);
    }
    if (m_position >= m_fetched.size())
        return std::nullopt;
    return m_fetched[m_position++];
}

} // namespace tribikos::py
