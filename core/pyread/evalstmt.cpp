#include "core/pyread/evaluator.h"

#include <QScopeGuard>
#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;
using ast::StmtKind;

Evaluator::Flow Evaluator::run(const ast::Body &body)
{
    for (const ast::Stmt *statement : body) {
        const Flow flow = exec(*statement);
        if (flow != Flow::Normal)
            return flow;
    }
    return Flow::Normal;
}

Evaluator::Flow Evaluator::exec(const ast::Stmt &statement)
{
    m_interpreter.step();
    mark(statement);
    switch (statement.kind) {
    case StmtKind::Expression: execExpression(static_cast<const ast::ExprStmt &>(statement)); break;
    case StmtKind::Assign: {
        const auto &node = static_cast<const ast::Assign &>(statement);
        const Value value = eval(*node.value);
        for (const ast::Expr *target : node.targets)
            assign(*target, value);
        break;
    }
    case StmtKind::AugAssign: execAugAssign(static_cast<const ast::AugAssign &>(statement)); break;
    case StmtKind::AnnAssign: execAnnAssign(static_cast<const ast::AnnAssign &>(statement)); break;
    case StmtKind::Return: {
        const auto &node = static_cast<const ast::Return &>(statement);
        m_returned = node.value ? eval(*node.value) : Value();
        return Flow::Return;
    }
    case StmtKind::Raise: execRaise(static_cast<const ast::Raise &>(statement)); break;
    case StmtKind::Assert: execAssert(static_cast<const ast::Assert &>(statement)); break;
    case StmtKind::Delete:
        for (const ast::Expr *target : static_cast<const ast::Delete &>(statement).targets)
            remove(*target);
        break;
    case StmtKind::Break: return Flow::Break;
    case StmtKind::Continue: return Flow::Continue;
    case StmtKind::Pass:
    case StmtKind::Global:
    case StmtKind::Nonlocal: break;
    case StmtKind::Import: execImport(static_cast<const ast::Import &>(statement)); break;
    case StmtKind::ImportFrom:
        execImportFrom(static_cast<const ast::ImportFrom &>(statement));
        break;
    case StmtKind::If: return execIf(static_cast<const ast::If &>(statement));
    case StmtKind::For: return execFor(static_cast<const ast::For &>(statement));
    case StmtKind::While: return execWhile(static_cast<const ast::While &>(statement));
    case StmtKind::Try: return execTry(static_cast<const ast::Try &>(statement));
    case StmtKind::With: return execWith(static_cast<const ast::With &>(statement), 0);
    case StmtKind::FunctionDef: execFunction(static_cast<const ast::FunctionDef &>(statement)); break;
    case StmtKind::ClassDef: execClass(static_cast<const ast::ClassDef &>(statement)); break;
    case StmtKind::Match: return execMatch(static_cast<const ast::Match &>(statement));
    case StmtKind::TypeAlias: {
        const QString &name = static_cast<const ast::TypeAlias &>(statement).name;
        store(name, m_interpreter.unknown(name, u"it is a type alias"_s));
        break;
    }
    }
    return Flow::Normal;
}

void Evaluator::execExpression(const ast::ExprStmt &statement)
{
    if (statement.value->kind == ast::ExprKind::Constant)
        return;
    const Value value = eval(*statement.value);
    const auto *unknown = value.as<Unknown>();
    // calling what isn't known and dropping the answer: it was called for its effect
    if (unknown && unknown->isCall && !m_interpreter.isTopLevel()) {
        mark(statement);
        unknown->refuse(m_interpreter);
    }
}

// --- Assignment ----------------------------------------------------------------------------------

void Evaluator::assign(const ast::Expr &target, const Value &value)
{
    switch (target.kind) {
    case ast::ExprKind::Name: return store(static_cast<const ast::Name &>(target).id, value);
    case ast::ExprKind::Attribute: {
        const auto &attribute = static_cast<const ast::Attribute &>(target);
        const Value object = eval(*attribute.value);
        mark(target);
        return m_interpreter.setAttr(object, attribute.name, value);
    }
    case ast::ExprKind::Subscript: {
        const auto &subscript = static_cast<const ast::Subscript &>(target);
        const Value object = eval(*subscript.value);
        const Value key = eval(*subscript.index);
        mark(target);
        return m_interpreter.setItem(object, key, value);
    }
    case ast::ExprKind::Tuple: return unpack(static_cast<const ast::TupleExpr &>(target).items, value);
    case ast::ExprKind::List: return unpack(static_cast<const ast::ListExpr &>(target).items, value);
    default: m_interpreter.raise(u"SyntaxError"_s, u"cannot assign to this expression"_s);
    }
}

void Evaluator::unpack(const ast::Exprs &targets, const Value &value)
{
    if (value.as<Unknown>()) { // its parts are as unknown as the whole
        for (const ast::Expr *target : targets) {
            const auto *starred = ast::as<ast::Starred>(target);
            assign(starred ? *starred->value : *target, m_interpreter.getItem(value, Value(0)));
        }
        return;
    }
    if (!m_interpreter.isIterable(value)) {
        m_interpreter.raise(u"TypeError"_s, u"cannot unpack non-iterable %1 object"_s.arg(
                                                m_interpreter.typeName(value)));
    }
    const std::vector<Value> values = m_interpreter.items(value);
    size_t star = targets.size();
    for (size_t i = 0; i < targets.size(); ++i) {
        if (targets[i]->kind == ast::ExprKind::Starred)
            star = i;
    }
    const bool hasStar = star < targets.size();
    const size_t needed = targets.size() - hasStar;
    if (values.size() < needed) {
        m_interpreter.raise(u"ValueError"_s, u"not enough values to unpack (expected %1%2, got %3)"_s
                                                 .arg(hasStar ? u"at least "_s : QString())
                                                 .arg(needed).arg(values.size()));
    }
    if (!hasStar && values.size() > needed) {
        m_interpreter.raise(u"ValueError"_s,
                            u"too many values to unpack (expected %1)"_s.arg(needed));
    }
    const size_t extra = values.size() - needed;
    for (size_t i = 0; i < targets.size(); ++i) {
        if (i == star) {
            const auto from = values.begin() + std::ptrdiff_t(i);
            assign(*static_cast<const ast::Starred *>(targets[i])->value,
                   m_interpreter.list({from, from + std::ptrdiff_t(extra)}));
        } else {
            assign(*targets[i], values[i < star ? i : i + extra - 1]);
        }
    }
}

void Evaluator::remove(const ast::Expr &target)
{
    switch (target.kind) {
    case ast::ExprKind::Name: {
        const QString &name = static_cast<const ast::Name &>(target).id;
        const bool isGlobal = !m_env || (m_env->scope && m_env->scope->globals.contains(name));
        if (!(isGlobal ? m_globals->remove(name) : m_env->remove(name)))
            m_interpreter.raise(u"NameError"_s, u"name '%1' is not defined"_s.arg(name));
        return;
    }
    case ast::ExprKind::Attribute: {
        const auto &attribute = static_cast<const ast::Attribute &>(target);
        const Value object = eval(*attribute.value);
        if (!object.isObject() || !object.object()->delAttr(m_interpreter, attribute.name)) {
            m_interpreter.raise(u"AttributeError"_s, u"'%1' object has no attribute '%2'"_s.arg(
                                    m_interpreter.typeName(object), attribute.name));
        }
        return;
    }
    case ast::ExprKind::Subscript: {
        const auto &subscript = static_cast<const ast::Subscript &>(target);
        const Value object = eval(*subscript.value);
        return m_interpreter.delItem(object, eval(*subscript.index));
    }
    case ast::ExprKind::Tuple:
        for (const ast::Expr *item : static_cast<const ast::TupleExpr &>(target).items)
            remove(*item);
        return;
    default: m_interpreter.raise(u"SyntaxError"_s, u"cannot delete this expression"_s);
    }
}

/// `text += more` on a local name, without copying what is already there: scripts build long
/// statements that way. False when it isn't that.
bool Evaluator::appendText(const ast::AugAssign &statement)
{
    const auto *name = ast::as<ast::Name>(statement.target);
    if (!name || statement.op != BinaryOp::Add || !m_env || m_env->kind != Env::Kind::Function
        || m_env->scope->globals.contains(name->id))
        return false;
    const Value *before = m_env->find(name->id);
    if (!before || !before->isStr() || before->str().isEmpty())
        return false;
    const QChar *data = before->str().constData();
    const Value more = eval(*statement.value);
    mark(statement);
    Value *slot = m_env->find(name->id); // evaluating may have moved it
    if (!slot || !slot->isStr() || slot->str().constData() != data)
        m_interpreter.unsupported(u"changes '%1' while adding to it"_s.arg(name->id));
    if (more.isStr() && slot->str().size() + more.str().size() <= m_interpreter.limits().stringLength
        && slot->appendInPlace(more.str())) {
        m_interpreter.charge(more.str().size() * 2);
        m_interpreter.step(1 + (more.str().size() >> 10));
        return true;
    }
    store(name->id, m_interpreter.binary(BinaryOp::Add, Value(*slot), more));
    return true;
}

void Evaluator::execAugAssign(const ast::AugAssign &statement)
{
    if (appendText(statement))
        return;
    const auto combined = [&](const Value &old) {
        const Value operand = eval(*statement.value);
        mark(statement);
        auto *list = old.as<List>();
        if (list && statement.op == BinaryOp::Add) { // in place, as Python does
            for (Value &item : m_interpreter.items(operand))
                list->items.push_back(std::move(item));
            m_interpreter.checkLength(qsizetype(list->items.size()));
            return old;
        }
        if (auto *dict = old.as<Dict>(); dict && statement.op == BinaryOp::Or && operand.as<Dict>()) {
            for (const auto &[key, value] : operand.as<Dict>()->entries())
                dict->insert(m_interpreter, key, value);
            return old;
        }
        if (auto *instance = old.as<Instance>(); instance && statement.op == BinaryOp::Add) {
            if (const Value *method = instance->cls->lookup(u"__iadd__"_s))
                return m_interpreter.call(*method, {old, operand});
        }
        return m_interpreter.binary(statement.op, old, operand);
    };
    if (const auto *attribute = ast::as<ast::Attribute>(statement.target)) {
        const Value object = eval(*attribute->value);
        m_interpreter.setAttr(object, attribute->name,
                              combined(m_interpreter.getAttr(object, attribute->name)));
    } else if (const auto *subscript = ast::as<ast::Subscript>(statement.target)) {
        const Value object = eval(*subscript->value);
        const Value key = eval(*subscript->index);
        m_interpreter.setItem(object, key, combined(m_interpreter.getItem(object, key)));
    } else {
        assign(*statement.target, combined(eval(*statement.target)));
    }
}

void Evaluator::execAnnAssign(const ast::AnnAssign &statement)
{
    if (m_env && m_env->kind == Env::Kind::ClassBody) {
        if (const auto *name = ast::as<ast::Name>(statement.target)) {
            m_annotations.push_back({name->id, statement.annotation, statement.span,
                                     statement.value != nullptr});
        }
    }
    if (statement.value)
        assign(*statement.target, eval(*statement.value));
}

// --- Branches and loops --------------------------------------------------------------------------

Evaluator::Flow Evaluator::execIf(const ast::If &statement)
{
    for (const ast::If::Branch &branch : statement.branches) {
        const Value test = eval(*branch.test);
        mark(*branch.test);
        if (m_interpreter.truth(test))
            return run(branch.body);
    }
    return run(statement.orelse);
}

Evaluator::Flow Evaluator::execFor(const ast::For &statement)
{
    if (statement.isAsync)
        m_interpreter.unsupported(u"loops over something asynchronous"_s);
    const Value iterable = eval(*statement.iterable);
    mark(statement);
    Flow flow = Flow::Normal;
    m_interpreter.iterate(iterable, [&](const Value &item) {
        assign(*statement.target, item);
        flow = run(statement.body);
        return flow == Flow::Normal || flow == Flow::Continue;
    });
    if (flow == Flow::Return)
        return flow;
    return flow == Flow::Break ? Flow::Normal : run(statement.orelse);
}

Evaluator::Flow Evaluator::execWhile(const ast::While &statement)
{
    for (;;) {
        const Value test = eval(*statement.test);
        mark(*statement.test);
        if (!m_interpreter.truth(test))
            return run(statement.orelse);
        const Flow flow = run(statement.body);
        if (flow == Flow::Return)
            return flow;
        if (flow == Flow::Break)
            return Flow::Normal;
        m_interpreter.step();
    }
}

// --- Exceptions ----------------------------------------------------------------------------------

void Evaluator::execRaise(const ast::Raise &statement)
{
    if (!statement.exception) {
        if (m_handled.empty())
            m_interpreter.raise(u"RuntimeError"_s, u"No active exception to reraise"_s);
        m_interpreter.raise(m_handled.back());
    }
    Value exception = eval(*statement.exception);
    mark(statement);
    if (exception.as<Class>())
        exception = m_interpreter.call(exception, CallArgs{});
    if (const auto *unknown = exception.as<Unknown>()) {
        throw Raised{m_interpreter.call(Value(m_interpreter.builtinClass(u"Exception"_s)),
                                        {Value(unknown->origin)}),
                     m_interpreter.location()};
    }
    if (!m_interpreter.isInstance(exception, u"BaseException"_s))
        m_interpreter.raise(u"TypeError"_s, u"exceptions must derive from BaseException"_s);
    if (statement.cause) {
        if (auto *instance = exception.as<ExceptionInstance>())
            instance->cause = eval(*statement.cause);
    }
    mark(statement);
    m_interpreter.raise(exception);
}

void Evaluator::execAssert(const ast::Assert &statement)
{
    if (m_interpreter.truth(eval(*statement.test)))
        return;
    CallArgs args;
    if (statement.message)
        args.positional.push_back(eval(*statement.message));
    mark(statement);
    m_interpreter.raise(
        m_interpreter.call(Value(m_interpreter.builtinClass(u"AssertionError"_s)), args));
}

bool Evaluator::handles(const ast::Handler &handler, const Value &exception)
{
    if (!handler.type)
        return true;
    const Value type = eval(*handler.type);
    m_interpreter.m_frames.back().span = handler.span;
    const auto *tuple = type.as<Tuple>();
    const std::vector<Value> types = tuple ? tuple->items : std::vector<Value>{type};
    const Unknown *unknown = nullptr;
    for (const Value &one : types) {
        if (const auto *cls = one.as<Class>()) {
            if (m_interpreter.isInstance(exception, cls))
                return true;
        } else if (one.as<Unknown>()) {
            unknown = one.as<Unknown>();
        } else {
            m_interpreter.raise(u"TypeError"_s, u"catching classes that do not inherit from "
                                                "BaseException is not allowed"_s);
        }
    }
    if (!unknown)
        return false;
    // what we or Python raise ourselves can't be of a class from outside
    const Class *raised = m_interpreter.type(exception);
    if (raised->globals || !raised->unknownBases.empty())
        unknown->refuse(m_interpreter);
    return false;
}

Evaluator::Flow Evaluator::execTry(const ast::Try &statement)
{
    if (statement.finally.empty())
        return execHandled(statement);
    Flow flow = Flow::Normal;
    const size_t frames = m_interpreter.m_frames.size();
    // a refusal ends the evaluation: it passes by `finally`
    const auto finish = [&] {
        m_interpreter.m_frames.resize(frames);
        const Value returned = m_returned;
        const Flow last = run(statement.finally);
        if (last == Flow::Normal)
            m_returned = returned;
        return last;
    };
    try {
        flow = execHandled(statement);
    } catch (const Raised &) {
        const Flow last = finish();
        if (last != Flow::Normal)
            return last;
        throw;
    } catch (const GeneratorStopped &) {
        finish();
        throw;
    }
    const Flow last = finish();
    return last == Flow::Normal ? flow : last;
}

Evaluator::Flow Evaluator::execHandled(const ast::Try &statement)
{
    const size_t frames = m_interpreter.m_frames.size();
    std::optional<Raised> caught;
    auto &catchers = m_interpreter.m_catchers;
    const auto catcher = catchers.insert(catchers.end(), [&](const Value &exception) {
        return std::ranges::any_of(statement.handlers, [&](const ast::Handler &handler) {
            return handles(handler, exception);
        });
    });
    auto leave = qScopeGuard([&] { catchers.erase(catcher); });
    try {
        const Flow flow = run(statement.body);
        if (flow != Flow::Normal)
            return flow;
    } catch (const Raised &raised) {
        caught = raised;
    }
    leave.dismiss();
    catchers.erase(catcher);
    if (!caught)
        return run(statement.orelse);
    m_interpreter.m_frames.resize(frames);
    if (statement.isStar)
        m_interpreter.unsupported(u"catches with except*"_s);
    for (const ast::Handler &handler : statement.handlers) {
        if (handles(handler, caught->exception))
            return handle(handler, caught->exception);
    }
    throw *caught;
}

Evaluator::Flow Evaluator::handle(const ast::Handler &handler, const Value &exception)
{
    if (!handler.name.isEmpty())
        store(handler.name, exception);
    m_handled.push_back(exception);
    struct Leave
    {
        std::vector<Value> &handled;
        ~Leave() { handled.pop_back(); }
    } const leave{m_handled};
    const Flow flow = run(handler.body);
    if (!handler.name.isEmpty()) { // Python unbinds it
        if (m_env)
            m_env->remove(handler.name);
        else
            m_globals->remove(handler.name);
    }
    return flow;
}

// --- With ----------------------------------------------------------------------------------------

Evaluator::Flow Evaluator::execWith(const ast::With &statement, size_t item)
{
    if (statement.isAsync)
        m_interpreter.unsupported(u"enters an asynchronous context"_s);
    if (item == statement.items.size())
        return run(statement.body);
    const Value context = eval(*statement.items[item].context);
    mark(*statement.items[item].context);
    if (!context.isObject() || !context.object()->isContextManager()) {
        m_interpreter.raise(u"TypeError"_s, u"'%1' object does not support the context manager "
                                            "protocol"_s.arg(m_interpreter.typeName(context)));
    }
    if (context.as<GeneratorContext>())
        return execAround(statement, item, context);
    const ast::Expr *target = statement.items[item].target;
    const Value entered = context.object()->enter(m_interpreter);
    const size_t frames = m_interpreter.m_frames.size();
    Flow flow = Flow::Normal;
    try {
        if (target)
            assign(*target, entered);
        flow = execWith(statement, item + 1);
    } catch (const Raised &raised) {
        m_interpreter.m_frames.resize(frames);
        if (!context.object()->exit(m_interpreter, raised.exception))
            throw;
        return Flow::Normal;
    } catch (const GeneratorStopped &) {
        m_interpreter.m_frames.resize(frames);
        context.object()->exit(m_interpreter, Value());
        throw;
    }
    mark(*statement.items[item].context);
    context.object()->exit(m_interpreter, Value());
    return flow;
}

/// `with` over a @contextmanager: its generator runs, and our body inside its `yield`.
Evaluator::Flow Evaluator::execAround(const ast::With &statement, size_t item, const Value &context)
{
    Flow flow = Flow::Normal;
    context.as<GeneratorContext>()->runAround(m_interpreter, [&](const Value &entered) {
        if (statement.items[item].target)
            assign(*statement.items[item].target, entered);
        flow = execWith(statement, item + 1);
    });
    return flow;
}

} // namespace tribikos::py
