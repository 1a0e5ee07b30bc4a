#include "core/pyread/evaluator.h"
#include "core/pyread/methods.h"

#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;
using ast::ExprKind;

void Evaluator::mark(const ast::Node &node)
{
    m_interpreter.m_frames.back().span = node.span;
}

Value Evaluator::eval(const ast::Expr &expression)
{
    m_interpreter.step();
    switch (expression.kind) {
    case ExprKind::Constant: return static_cast<const ast::Constant &>(expression).value;
    case ExprKind::Bytes:
        return m_interpreter.bytes(static_cast<const ast::BytesConstant &>(expression).data);
    case ExprKind::Ellipsis: return *m_interpreter.builtin(u"Ellipsis"_s);
    case ExprKind::Refused:
        mark(expression);
        m_interpreter.unsupported(static_cast<const ast::RefusedExpr &>(expression).reason);
    case ExprKind::JoinedStr: return evalJoined(static_cast<const ast::JoinedStr &>(expression));
    case ExprKind::Name: return evalName(static_cast<const ast::Name &>(expression));
    case ExprKind::Attribute: {
        const auto &attribute = static_cast<const ast::Attribute &>(expression);
        const Value value = eval(*attribute.value);
        mark(expression);
        return m_interpreter.getAttr(value, attribute.name);
    }
    case ExprKind::Subscript: {
        const auto &subscript = static_cast<const ast::Subscript &>(expression);
        const Value value = eval(*subscript.value);
        const Value index = eval(*subscript.index);
        mark(expression);
        return m_interpreter.getItem(value, index);
    }
    case ExprKind::Slice: return evalSlice(static_cast<const ast::SliceExpr &>(expression));
    case ExprKind::Call: return evalCall(static_cast<const ast::Call &>(expression));
    case ExprKind::Binary: return evalBinary(static_cast<const ast::Binary &>(expression));
    case ExprKind::Unary: {
        const auto &unary = static_cast<const ast::Unary &>(expression);
        return m_interpreter.unary(unary.op, eval(*unary.operand));
    }
    case ExprKind::Not:
        return Value(
            !m_interpreter.truth(eval(*static_cast<const ast::Not &>(expression).operand)));
    case ExprKind::BoolOp: return evalBool(static_cast<const ast::BoolOp &>(expression));
    case ExprKind::Compare: return evalCompare(static_cast<const ast::Compare &>(expression));
    case ExprKind::Lambda: return evalLambda(static_cast<const ast::Lambda &>(expression));
    case ExprKind::IfExp: {
        const auto &choice = static_cast<const ast::IfExp &>(expression);
        return eval(m_interpreter.truth(eval(*choice.test)) ? *choice.body : *choice.orelse);
    }
    case ExprKind::Tuple:
        return m_interpreter.tuple(
            evalItems(static_cast<const ast::TupleExpr &>(expression).items));
    case ExprKind::List:
        return m_interpreter.list(evalItems(static_cast<const ast::ListExpr &>(expression).items));
    case ExprKind::Set: {
        auto *set = m_interpreter.make<Set>();
        for (const Value &item : evalItems(static_cast<const ast::SetExpr &>(expression).items))
            set->insert(m_interpreter, item);
        return set;
    }
    case ExprKind::Dict: return evalDict(static_cast<const ast::DictExpr &>(expression));
    case ExprKind::Comprehension:
        return evalComprehension(static_cast<const ast::Comprehension &>(expression));
    case ExprKind::NamedExpr: {
        const auto &named = static_cast<const ast::NamedExpr &>(expression);
        const Value value = eval(*named.value);
        Env *inner = m_env; // a comprehension's walrus belongs to the function around it
        while (m_env && m_env->kind == Env::Kind::Comprehension)
            m_env = m_env->parent;
        store(named.name, value);
        m_env = inner;
        return value;
    }
    case ExprKind::Yield: return evalYield(static_cast<const ast::Yield &>(expression));
    case ExprKind::YieldFrom: return evalYieldFrom(static_cast<const ast::YieldFrom &>(expression));
    case ExprKind::Await: mark(expression); m_interpreter.unsupported(u"awaits a coroutine"_s);
    case ExprKind::Starred:
    case ExprKind::FormattedValue: break;
    }
    mark(expression);
    m_interpreter.raise(u"SyntaxError"_s, u"can't use starred expression here"_s);
}

// --- Names ---------------------------------------------------------------------------------------

Value Evaluator::evalName(const ast::Name &name)
{
    const Env *start = m_env;
    for (Env *env = m_env; env; env = env->parent) {
        if (env->kind == Env::Kind::ClassBody && env != start)
            continue;
        if (env->scope && env->scope->globals.contains(name.id))
            break;
        if (const Value *value = env->find(name.id))
            return *value;
        if (env->kind == Env::Kind::Function && env->scope && env->scope->locals.contains(name.id)
            && !env->scope->nonlocals.contains(name.id)) {
            mark(name);
            m_interpreter.raise(
                env == start ? u"UnboundLocalError"_s : u"NameError"_s,
                u"cannot access local variable '%1' where it is not associated with a value"_s.arg(
                    name.id));
        }
    }
    if (const Value *value = m_globals->find(name.id)) {
        if (!value->as<LazyImport>())
            return *value;
        mark(name);
        if (auto loaded = m_globals->getAttr(m_interpreter, name.id))
            return *loaded;
    }
    if (std::optional<Value> value = m_interpreter.builtin(name.id))
        return *value;
    mark(name);
    if (isBuiltinName(name.id))
        m_interpreter.unsupported(u"uses Python's %1, which Tribikos doesn't know"_s.arg(name.id));
    m_interpreter.raise(u"NameError"_s, u"name '%1' is not defined"_s.arg(name.id));
}

Value Evaluator::load(const QString &name)
{
    ast::Name node;
    node.id = name;
    node.span = m_interpreter.location().span;
    return evalName(node);
}

void Evaluator::store(const QString &name, const Value &value)
{
    if (!m_env) {
        m_globals->set(name, value);
        return;
    }
    if (const ast::ScopeNames *scope = m_env->scope) {
        if (scope->globals.contains(name)) {
            m_globals->set(name, value);
            return;
        }
        if (scope->nonlocals.contains(name)) {
            for (Env *env = m_env->parent; env; env = env->parent) {
                if (env->kind == Env::Kind::Function && env->find(name)) {
                    env->set(name, value);
                    return;
                }
            }
        }
    }
    m_env->set(name, value);
}

// --- Text ----------------------------------------------------------------------------------------

Value Evaluator::evalJoined(const ast::JoinedStr &joined)
{
    QString text;
    for (const ast::Expr *part : joined.parts) {
        if (const auto *constant = ast::as<ast::Constant>(part)) {
            text += constant->value.str();
            continue;
        }
        const auto *field = static_cast<const ast::FormattedValue *>(part);
        Value value = eval(*field->value);
        const QString spec = field->spec ? evalJoined(*field->spec).str() : QString();
        mark(*field->value);
        if (field->conversion == u'r')
            value = Value(m_interpreter.repr(value));
        else if (field->conversion == u'a')
            value = Value(asciiText(m_interpreter.repr(value)));
        else if (field->conversion == u's')
            value = Value(m_interpreter.str(value));
        text += m_interpreter.format(value, spec);
        if (text.size() > m_interpreter.limits().stringLength)
            break; // said below
    }
    return Value(m_interpreter.checkedText(text));
}

// --- Displays ------------------------------------------------------------------------------------

std::vector<Value> Evaluator::evalItems(const ast::Exprs &items)
{
    std::vector<Value> values;
    values.reserve(items.size());
    for (const ast::Expr *item : items) {
        if (const auto *starred = ast::as<ast::Starred>(item)) {
            for (Value &value : m_interpreter.items(eval(*starred->value)))
                values.push_back(std::move(value));
        } else {
            values.push_back(eval(*item));
        }
        m_interpreter.checkLength(qsizetype(values.size()));
    }
    m_interpreter.charge(qint64(values.size() * sizeof(Value)));
    return values;
}

Value Evaluator::evalDict(const ast::DictExpr &dict)
{
    auto *made = m_interpreter.make<Dict>();
    for (size_t i = 0; i < dict.values.size(); ++i) {
        if (dict.keys[i]) {
            const Value key = eval(*dict.keys[i]);
            made->insert(m_interpreter, key, eval(*dict.values[i]));
            continue;
        }
        const Value source = eval(*dict.values[i]);
        mark(*dict.values[i]);
        const Value plain = m_interpreter.plain(source);
        if (const auto *unknown = plain.as<Unknown>())
            unknown->refuse(m_interpreter);
        const auto *other = plain.as<Dict>();
        if (!other) {
            m_interpreter.raise(u"TypeError"_s, u"'%1' object is not a mapping"_s.arg(
                                                    m_interpreter.typeName(source)));
        }
        for (const auto &[key, value] : other->entries())
            made->insert(m_interpreter, key, value);
    }
    return made;
}

Value Evaluator::evalSlice(const ast::SliceExpr &slice)
{
    const auto part = [this](const ast::Expr *expression) {
        return expression ? eval(*expression) : Value();
    };
    const Value lower = part(slice.lower);
    const Value upper = part(slice.upper);
    return m_interpreter.make<Slice>(lower, upper, part(slice.step));
}

// --- Operators -----------------------------------------------------------------------------------

/// `a + b + c …` leans to the left as deep as it is long: walked down in a loop.
Value Evaluator::evalBinary(const ast::Binary &binary)
{
    std::vector<const ast::Binary *> chain{&binary};
    while (const auto *inner = ast::as<ast::Binary>(chain.back()->left))
        chain.push_back(inner);
    Value value = eval(*chain.back()->left);
    for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
        const Value right = eval(*(*at)->right);
        mark(**at);
        value = m_interpreter.binary((*at)->op, value, right);
    }
    return value;
}

Value Evaluator::evalBool(const ast::BoolOp &op)
{
    Value value;
    for (const ast::Expr *operand : op.values) {
        value = eval(*operand);
        if (operand != op.values.back() && m_interpreter.truth(value) != op.isAnd)
            return value;
    }
    return value;
}

Value Evaluator::compareOne(ast::Comparison op, const Value &left, const Value &right)
{
    using ast::Comparison;
    switch (op) {
    case Comparison::In: return Value(m_interpreter.contains(right, left));
    case Comparison::NotIn: return Value(!m_interpreter.contains(right, left));
    case Comparison::Is:
    case Comparison::IsNot: {
        const bool same = left.isSame(right);
        const auto *unknown = left.as<Unknown>() ? left.as<Unknown>() : right.as<Unknown>();
        if (!same && unknown) // it may be what it is compared with
            unknown->refuse(m_interpreter);
        return Value(same == (op == Comparison::Is));
    }
    default: return m_interpreter.compare(CompareOp(int(op)), left, right);
    }
}

Value Evaluator::evalCompare(const ast::Compare &compare)
{
    Value left = eval(*compare.left);
    Value result;
    for (size_t i = 0; i < compare.ops.size(); ++i) {
        const Value right = eval(*compare.rights[i]);
        mark(compare);
        result = compareOne(compare.ops[i], left, right);
        if (i + 1 < compare.ops.size() && !m_interpreter.truth(result))
            return result;
        left = right;
    }
    return result;
}

// --- Comprehensions ------------------------------------------------------------------------------

/// Runs clause \a index and those behind it, calling \a each for what passes; \a more turns false
/// when somebody has had enough.
void Evaluator::clauses(const ast::Comprehension &comprehension, size_t index, Env *scope,
                        const Value *first, const std::function<bool()> &each, bool &more)
{
    if (index == comprehension.clauses.size()) {
        more = each();
        return;
    }
    const ast::Clause &clause = comprehension.clauses[index];
    const Value iterable = first ? *first : eval(*clause.iterable);
    mark(comprehension);
    m_interpreter.iterate(iterable, [&](const Value &item) {
        Env *outer = std::exchange(m_env, scope);
        struct Restore
        {
            Env *&env;
            Env *outer;
            ~Restore() { env = outer; }
        } const restore{m_env, outer};
        assign(*clause.target, item);
        for (const ast::Expr *condition : clause.conditions) {
            if (!m_interpreter.truth(eval(*condition)))
                return true;
        }
        clauses(comprehension, index + 1, scope, nullptr, each, more);
        return more;
    });
}

Value Evaluator::evalComprehension(const ast::Comprehension &comprehension)
{
    using Makes = ast::Comprehension::Makes;
    auto *scope = m_interpreter.make<Env>(Env::Kind::Comprehension, m_env);
    // the first iterable belongs to the scope around
    const Value first = eval(*comprehension.clauses.front().iterable);
    if (comprehension.makes == Makes::Generator) {
        const ast::Comprehension *node = &comprehension;
        return m_interpreter.make<LazyItems>(
            u"generator"_s, [interpreter = &m_interpreter, source = m_source, globals = m_globals,
                             env = m_env, scope, first, node](const Visitor &visit) {
                Evaluator inner(*interpreter, source, globals, env);
                bool more = true;
                inner.clauses(
                    *node, 0, scope, &first, [&] { return visit(inner.eval(*node->element)); },
                    more);
            });
    }
    bool more = true;
    if (comprehension.makes == Makes::List) {
        auto *list = m_interpreter.make<List>();
        clauses(
            comprehension, 0, scope, &first,
            [&] {
                list->items.push_back(eval(*comprehension.element));
                m_interpreter.charge(sizeof(Value));
                m_interpreter.checkLength(qsizetype(list->items.size()));
                return true;
            },
            more);
        return list;
    }
    if (comprehension.makes == Makes::Set) {
        auto *set = m_interpreter.make<Set>();
        clauses(
            comprehension, 0, scope, &first,
            [&] {
                set->insert(m_interpreter, eval(*comprehension.element));
                return true;
            },
            more);
        return set;
    }
    auto *dict = m_interpreter.make<Dict>();
    clauses(
        comprehension, 0, scope, &first,
        [&] {
            const Value key = eval(*comprehension.element);
            dict->insert(m_interpreter, key, eval(*comprehension.value));
            return true;
        },
        more);
    return dict;
}

// --- Functions and calls -------------------------------------------------------------------------

Function *Evaluator::makeFunction(const QString &name,
                                  const std::vector<ast::Parameter> &parameters,
                                  const ast::ScopeNames &scope)
{
    auto *function = m_interpreter.make<Function>();
    function->name = name;
    function->parameters = &parameters;
    function->scope = &scope;
    function->globals = m_globals;
    function->source = m_source;
    function->defaults.resize(parameters.size());
    for (size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].defaultValue)
            function->defaults[i] = eval(*parameters[i].defaultValue);
    }
    function->closure = m_env;
    if (m_env && m_env->kind == Env::Kind::ClassBody)
        function->definedIn = m_env;
    return function;
}

Value Evaluator::evalLambda(const ast::Lambda &lambda)
{
    Function *function = makeFunction(u"<lambda>"_s, lambda.parameters, lambda.scope);
    function->expression = lambda.body;
    return function;
}

CallArgs Evaluator::evalArguments(const std::vector<ast::Argument> &arguments)
{
    using Kind = ast::Argument::Kind;
    CallArgs args;
    const auto add = [&](const QString &name, Value value) {
        if (args.keyword(name)) {
            m_interpreter.raise(u"TypeError"_s,
                                u"got multiple values for keyword argument '%1'"_s.arg(name));
        }
        args.keywords.emplace_back(name, std::move(value));
    };
    const auto keywords = size_t(std::ranges::count(arguments, Kind::Keyword, &ast::Argument::kind));
    args.positional.reserve(arguments.size() - keywords);
    args.keywords.reserve(keywords);
    for (const ast::Argument &argument : arguments) {
        Value value = eval(*argument.value);
        switch (argument.kind) {
        case Kind::Positional: args.positional.push_back(std::move(value)); break;
        case Kind::Keyword: add(argument.name, std::move(value)); break;
        case Kind::Star:
            mark(*argument.value);
            for (Value &item : m_interpreter.items(value))
                args.positional.push_back(std::move(item));
            m_interpreter.checkLength(qsizetype(args.positional.size()));
            break;
        case Kind::DoubleStar: {
            mark(*argument.value);
            const Value plain = m_interpreter.plain(value);
            if (const auto *unknown = plain.as<Unknown>())
                unknown->refuse(m_interpreter);
            const auto *dict = plain.as<Dict>();
            if (!dict) {
                m_interpreter.raise(u"TypeError"_s,
                                    u"argument after ** must be a mapping, not %1"_s.arg(
                                        m_interpreter.typeName(value)));
            }
            for (const auto &[key, item] : dict->entries()) {
                if (!key.isStr())
                    m_interpreter.raise(u"TypeError"_s, u"keywords must be strings"_s);
                add(key.str(), item);
            }
            break;
        }
        }
    }
    return args;
}

Value Evaluator::evalCall(const ast::Call &call)
{
    const auto *name = ast::as<ast::Name>(call.function);
    if (name && call.arguments.empty()) {
        if (name->id == u"super")
            return evalSuper();
        if (name->id == u"locals" || name->id == u"globals") {
            if (name->id == u"globals" || !m_env)
                return *m_globals->getAttr(m_interpreter, u"__dict__"_s);
            return m_interpreter.dict(m_env->values);
        }
    }
    const Value callee = eval(*call.function);
    CallArgs args = evalArguments(call.arguments);
    args.span = call.span;
    mark(call);
    if (isGetter(callee, args))
        return got(*callee.as<Function>(), args);
    return m_interpreter.call(callee, args);
}

/// get_settings() of another module of the project: made to be asked, not to do something.
bool Evaluator::isGetter(const Value &callee, const CallArgs &args) const
{
    const auto *function = args.isEmpty() ? callee.as<Function>() : nullptr;
    return function && function->name.startsWith(u"get_") && function->globals
           && function->globals != m_globals && !m_interpreter.isTopLevel();
}

/// Where it can't be evaluated its answer is unknown, as that of a package which isn't there: it may
/// be carried around, but not used.
Value Evaluator::got(Function &getter, const CallArgs &args)
{
    const qint64 before = m_interpreter.effects();
    try {
        return m_interpreter.call(Value(&getter), args);
    } catch (const Refused &refused) {
        if (refused.isFinal || refused.error.code != ErrorCode::Unsupported
            || m_interpreter.effects() != before)
            throw;
        auto *answer = m_interpreter.make<Unknown>(getter.name + QLatin1String("()"),
                                                   refused.error.message, m_interpreter.location());
        answer->isCall = true;
        return answer;
    }
}

Value Evaluator::evalSuper()
{
    Env *env = m_env ? m_env->function() : nullptr;
    while (env && !env->owner->owner) // a function inside the method
        env = env->parent ? env->parent->function() : nullptr;
    if (!env || env->owner->parameters->empty())
        m_interpreter.raise(u"RuntimeError"_s, u"super(): no arguments"_s);
    return m_interpreter.make<Super>(env->owner->owner, env->values.front().second);
}

Value Evaluator::evalYield(const ast::Yield &yield)
{
    const Value value = yield.value ? eval(*yield.value) : Value();
    mark(yield);
    if (!m_yield)
        m_interpreter.unsupported(u"yields inside a lambda or comprehension"_s);
    const size_t frames = m_interpreter.m_frames.size();
    const auto own = m_interpreter.m_frames.back();
    m_interpreter.m_frames.pop_back(); // the consumer's lines are told, not ours
    struct Restore
    {
        std::vector<Interpreter::Frame> &frames_;
        size_t count;
        Interpreter::Frame frame;
        ~Restore()
        {
            frames_.resize(count - 1);
            frames_.push_back(frame);
        }
    } const restore{m_interpreter.m_frames, frames, own};
    return (*m_yield)(value);
}

Value Evaluator::evalYieldFrom(const ast::YieldFrom &yield)
{
    const Value source = eval(*yield.value);
    mark(yield);
    if (!m_yield)
        m_interpreter.unsupported(u"yields inside a lambda or comprehension"_s);
    if (auto *generator = source.as<Generator>()) // whose return is what the expression is
        return generator->run(m_interpreter, [&](const Value &item) { return (*m_yield)(item); });
    m_interpreter.iterate(source, [&](const Value &item) {
        (*m_yield)(item);
        return true;
    });
    return {};
}

} // namespace tribikos::py
