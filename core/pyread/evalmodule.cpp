// Statements that make modules' names: imports, functions, classes; and match.
#include "core/pyread/evaluator.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

bool Evaluator::isLazy() const
{
    return !m_env && m_interpreter.m_lazyImports;
}

Value Evaluator::imported(const QString &module, const QString &attribute)
{
    const QString top = module.left(module.indexOf(u'.'));
    const bool ours = m_interpreter.m_registry && m_interpreter.m_registry->find(top);
    if (isLazy() && !ours) {
        auto *lazy = m_interpreter.make<LazyImport>();
        lazy->modules = {module};
        lazy->attribute = attribute;
        lazy->where = m_interpreter.location();
        return lazy;
    }
    const Value loaded = m_interpreter.importModule(module);
    return attribute.isEmpty() ? loaded
                               : m_interpreter.importedAttribute(loaded, module, attribute);
}

void Evaluator::execImport(const ast::Import &statement)
{
    for (const ast::ImportName &name : statement.names) {
        if (!name.asName.isEmpty()) {
            store(name.asName, imported(name.name, {}));
            continue;
        }
        const QString top = name.name.left(name.name.indexOf(u'.'));
        const Value value = imported(name.name, {});
        if (auto *lazy = value.as<LazyImport>()) {
            lazy->bindsTop = true;
            const Value *before = m_env ? nullptr : m_globals->find(top);
            if (auto *earlier = before ? before->as<LazyImport>() : nullptr;
                earlier && earlier->bindsTop) {
                earlier->modules.append(name.name);
                continue;
            }
            store(top, value);
            continue;
        }
        store(top, top == name.name ? value : m_interpreter.importModule(top));
    }
}

QString Evaluator::absoluteName(const ast::ImportFrom &statement)
{
    if (statement.level == 0)
        return statement.module;
    QString package = m_interpreter.m_packages.value(m_globals->name);
    for (int i = 1; i < statement.level && !package.isEmpty(); ++i)
        package = package.contains(u'.') ? package.section(u'.', 0, -2) : QString();
    if (package.isEmpty()) {
        return u"."_s.repeated(statement.level) + statement.module;
    }
    return statement.module.isEmpty() ? package : package + u'.' + statement.module;
}

void Evaluator::importAll(const Value &module, const QString &name)
{
    const auto *known = module.as<Module>();
    if (!known) {
        m_interpreter.unsupported(u"imports everything from %1, which is not part of the project and "
                                  "not known to Tribikos"_s.arg(name));
    }
    std::vector<QString> names;
    if (const Value *all = known->find(u"__all__"_s)) {
        for (const Value &item : m_interpreter.items(*all))
            names.push_back(m_interpreter.str(item));
    } else if (std::optional<Value> listed = known->file.isEmpty()
                   ? m_interpreter.findAttr(module, u"__all__"_s) : std::nullopt) {
        for (const Value &item : m_interpreter.items(*listed))
            names.push_back(m_interpreter.str(item));
    } else {
        for (const QString &each : known->names()) {
            if (!each.startsWith(u'_'))
                names.push_back(each);
        }
    }
    for (const QString &each : names)
        store(each, m_interpreter.importedAttribute(module, name, each));
}

void Evaluator::execImportFrom(const ast::ImportFrom &statement)
{
    const QString module = absoluteName(statement);
    if (statement.names.empty())
        return importAll(m_interpreter.importModule(module), module);
    for (const ast::ImportName &name : statement.names) {
        const QString &as = name.asName.isEmpty() ? name.name : name.asName;
        store(as, imported(module, name.name));
    }
}

// --- Functions and classes -----------------------------------------------------------------------

Value Evaluator::decorated(const ast::Exprs &decorators, Value value)
{
    std::vector<Value> callables;
    for (const ast::Expr *decorator : decorators)
        callables.push_back(eval(*decorator));
    for (size_t i = callables.size(); i-- > 0;) {
        mark(*decorators[i]);
        value = m_interpreter.call(callables[i], {value});
    }
    return value;
}

void Evaluator::execFunction(const ast::FunctionDef &statement)
{
    Function *function = makeFunction(statement.name, statement.parameters, statement.scope);
    function->body = &statement.body;
    function->returns = statement.returns;
    function->isAsync = statement.isAsync;
    store(statement.name, decorated(statement.decorators, Value(function)));
}

void Evaluator::execClass(const ast::ClassDef &statement)
{
    const CallArgs header = evalArguments(statement.arguments);
    auto *body = m_interpreter.make<Env>(Env::Kind::ClassBody, m_env);
    Env *outer = std::exchange(m_env, body);
    std::vector<Class::Annotation> annotations = std::exchange(m_annotations, {});
    struct Restore
    {
        Env *&env;
        Env *outer;
        ~Restore() { env = outer; }
    };
    {
        const Restore restore{m_env, outer};
        run(statement.body);
    }
    std::swap(annotations, m_annotations);
    mark(statement);
    Class *cls = makeClass(statement, header, body, std::move(annotations));
    store(statement.name, decorated(statement.decorators, Value(cls)));
}

/// Tells the methods defined in \a body whose they are, for super().
void Evaluator::adoptMethods(Class *cls, Env *body)
{
    const auto adopt = [&](const Value &value) {
        auto *function = value.as<Function>();
        if (function && function->definedIn == body && !function->owner)
            function->owner = cls;
    };
    for (const auto &[name, value] : body->values) {
        adopt(value);
        if (const auto *wrapper = value.as<MethodWrapper>())
            adopt(wrapper->function);
        if (const auto *property = value.as<Property>()) {
            adopt(property->getter);
            adopt(property->setter);
        }
    }
}

namespace {

/// \a meta where it adds methods to its classes; one that has a hand in making them, or in their attributes, is refused.
Class *adoptable(Interpreter &interpreter, Class *meta)
{
    for (const QString &name : {u"__new__"_s, u"__init__"_s, u"__call__"_s, u"__prepare__"_s,
                                u"__getattr__"_s, u"__getattribute__"_s, u"__setattr__"_s,
                                u"__instancecheck__"_s, u"__subclasscheck__"_s, u"__eq__"_s,
                                u"__hash__"_s, u"__bool__"_s, u"__or__"_s, u"__add__"_s})
        if (const Value *own = meta->lookup(name); own && !own->as<NativeFunction>())
            interpreter.unsupported(u"uses the metaclass %1 with a %2 of its own"_s.arg(meta->name, name));
    return meta;
}

} // namespace

Class *Evaluator::makeClass(const ast::ClassDef &statement, const CallArgs &header, Env *body,
                            std::vector<Class::Annotation> annotations)
{
    std::vector<Class *> bases;
    std::vector<Unknown *> unknownBases;
    for (const Value &base : header.positional) {
        if (auto *cls = base.as<Class>())
            bases.push_back(cls);
        else if (auto *unknown = base.as<Unknown>())
            unknownBases.push_back(unknown);
        else if (base.isObject() && base.object()->typeName() == u"typing")
            continue; // Generic[T], Protocol: they add nothing
        else
            m_interpreter.raise(u"TypeError"_s, u"class %1 can't derive from a '%2'"_s.arg(
                                    statement.name, m_interpreter.typeName(base)));
    }
    CallArgs keywords;
    Class *metaclass = nullptr;
    for (const auto &[name, value] : header.keywords) {
        if (name != u"metaclass") {
            keywords.keywords.emplace_back(name, value);
            continue;
        }
        const auto *meta = value.as<Class>();
        if (auto *unknown = value.as<Unknown>())
            unknownBases.push_back(unknown);
        else if (meta && meta->globals)
            metaclass = adoptable(m_interpreter, value.as<Class>());
        else if (!meta)
            m_interpreter.unsupported(u"uses a metaclass that is no class"_s);
    }
    for (const Class *base : bases)
        if (!metaclass)
            metaclass = base->meta;
    Class *cls = m_interpreter.makeClass(statement.name, std::move(bases));
    cls->unknownBases.insert(cls->unknownBases.end(), unknownBases.begin(), unknownBases.end());
    cls->meta = metaclass;
    cls->module = m_globals->name;
    cls->globals = m_globals;
    QString qualified = statement.name; // as repr() of a dataclass shows it
    for (const Env *env = m_env; env; env = env->parent)
        if (env->kind == Env::Kind::Function && env->owner)
            qualified.prepend(env->owner->name + u".<locals>."_s);
    cls->set(u"__qualname__"_s, Value(qualified));
    cls->where = m_interpreter.location();
    cls->annotations = std::move(annotations);
    if (!statement.body.empty()) {
        const auto *first = ast::as<ast::ExprStmt>(statement.body.front());
        const auto *text = ast::as<ast::Constant>(first ? first->value : nullptr);
        if (text && text->value.isStr())
            cls->set(u"__doc__"_s, text->value);
    }
    for (const auto &[name, value] : body->values)
        cls->set(name, value);
    adoptMethods(cls, body);
    cls->tellBases(m_interpreter, keywords);
    return cls;
}

Value Interpreter::annotation(const Class &cls, const Class::Annotation &annotation)
{
    const auto *expression = static_cast<const ast::Expr *>(annotation.expression);
    if (!expression || !cls.globals)
        return unknown(annotation.name);
    const size_t frames = m_frames.size();
    const Source *source = nullptr;
    for (const auto &known : m_sources) {
        if (known->file == cls.globals->file)
            source = known.get();
    }
    if (!source)
        return unknown(annotation.name);
    m_frames.push_back({source, annotation.span, cls.name});
    Value value;
    try {
        Evaluator evaluator(*this, source, cls.globals, nullptr);
        value = evaluator.eval(*expression);
    } catch (const Raised &raised) {
        value = unknown(annotation.name, errorOf(raised).message);
    } catch (const Refused &refused) {
        if (refused.isFinal)
            throw;
        value = unknown(annotation.name, refused.error.message);
    }
    m_frames.resize(frames);
    return value;
}

// --- match ---------------------------------------------------------------------------------------

Evaluator::Flow Evaluator::execMatch(const ast::Match &statement)
{
    const Value subject = eval(*statement.subject);
    mark(statement);
    if (const auto *unknown = subject.as<Unknown>())
        unknown->refuse(m_interpreter);
    for (const ast::Case &one : statement.cases) {
        mark(*one.pattern);
        if (matches(*one.pattern, subject)
            && (!one.guard || m_interpreter.truth(eval(*one.guard))))
            return run(one.body);
    }
    return Flow::Normal;
}

bool Evaluator::matches(const ast::Pattern &pattern, const Value &value)
{
    using Kind = ast::Pattern::Kind;
    m_interpreter.step();
    switch (pattern.kind) {
    case Kind::Wildcard: return true;
    case Kind::Capture:
    case Kind::Star: store(pattern.name, value); return true;
    case Kind::Value: {
        const auto *constant = ast::as<ast::Constant>(pattern.value);
        const Value wanted = eval(*pattern.value);
        if (constant && (wanted.isNone() || wanted.isBool()))
            return value.isSame(wanted);
        return m_interpreter.equals(value, wanted);
    }
    case Kind::Or:
        for (const ast::Pattern *alternative : pattern.patterns) {
            if (matches(*alternative, value)) {
                if (!pattern.name.isEmpty())
                    store(pattern.name, value);
                return true;
            }
        }
        return false;
    case Kind::Sequence: return matchesSequence(pattern, value);
    case Kind::Mapping: return matchesMapping(pattern, value);
    case Kind::Class: return matchesClass(pattern, value);
    }
    return false;
}

bool Evaluator::matchesSequence(const ast::Pattern &pattern, const Value &value)
{
    if (!value.as<List>() && !value.as<Tuple>())
        return false;
    const std::vector<Value> items = m_interpreter.items(value);
    size_t star = pattern.patterns.size();
    for (size_t i = 0; i < pattern.patterns.size(); ++i) {
        if (pattern.patterns[i]->kind == ast::Pattern::Kind::Star)
            star = i;
    }
    const bool hasStar = star < pattern.patterns.size();
    const size_t needed = pattern.patterns.size() - hasStar;
    if (items.size() < needed || (!hasStar && items.size() > needed))
        return false;
    const size_t extra = items.size() - needed;
    for (size_t i = 0; i < pattern.patterns.size(); ++i) {
        if (i == star) {
            if (pattern.patterns[i]->name != u"_") {
                const auto from = items.begin() + std::ptrdiff_t(i);
                store(pattern.patterns[i]->name,
                      m_interpreter.list({from, from + std::ptrdiff_t(extra)}));
            }
        } else if (!matches(*pattern.patterns[i], items[i < star ? i : i + extra - 1])) {
            return false;
        }
    }
    return true;
}

bool Evaluator::matchesMapping(const ast::Pattern &pattern, const Value &value)
{
    const auto *dict = m_interpreter.plain(value).as<Dict>();
    if (!dict)
        return false;
    auto *rest = m_interpreter.make<Dict>();
    for (const auto &[key, item] : dict->entries())
        rest->insert(m_interpreter, key, item);
    for (size_t i = 0; i < pattern.keys.size(); ++i) {
        const Value key = eval(*pattern.keys[i]);
        const Value *item = dict->find(m_interpreter, key);
        if (!item || !matches(*pattern.patterns[i], *item))
            return false;
        rest->remove(m_interpreter, key);
    }
    if (!pattern.name.isEmpty())
        store(pattern.name, Value(rest));
    return true;
}

/// By the names in __match_args__; str, int and their like match the value itself.
bool Evaluator::matchesPositions(const ast::Pattern &pattern, const Class &cls, const Value &value)
{
    static const QSet<QString> whole{u"bool"_s,  u"bytes"_s, u"dict"_s, u"float"_s, u"frozenset"_s,
                                     u"int"_s,   u"list"_s,  u"set"_s,  u"str"_s,   u"tuple"_s};
    const Value *named = cls.lookup(u"__match_args__"_s);
    const std::vector<Value> names = named ? m_interpreter.items(*named) : std::vector<Value>();
    const bool isWhole = !named && std::ranges::any_of(cls.mro, [](const Class *one) {
        return !one->globals && whole.contains(one->name);
    });
    if (!named && !isWhole && !cls.globals)
        m_interpreter.unsupported(u"matches the positions of the class pattern %1"_s.arg(cls.name));
    const size_t most = isWhole ? 1 : names.size();
    if (pattern.patterns.size() > most)
        m_interpreter.raise(u"TypeError"_s,
                            u"%1() accepts %2 positional sub-pattern%3 (%4 given)"_s.arg(
                                cls.name, QString::number(most), most == 1 ? QString() : u"s"_s,
                                QString::number(pattern.patterns.size())));
    for (size_t i = 0; i < pattern.patterns.size(); ++i) {
        const auto part = isWhole ? std::optional<Value>(value)
                                  : m_interpreter.findAttr(value, m_interpreter.str(names[i]));
        if (!part || !matches(*pattern.patterns[i], *part))
            return false;
    }
    return true;
}

bool Evaluator::matchesClass(const ast::Pattern &pattern, const Value &value)
{
    const Value type = eval(*pattern.value);
    const auto *cls = type.as<Class>();
    if (!cls)
        m_interpreter.unsupported(u"matches a class pattern that Tribikos doesn't evaluate"_s);
    if (!m_interpreter.isInstance(value, cls))
        return false;
    if (!pattern.patterns.empty() && !matchesPositions(pattern, *cls, value))
        return false;
    for (const auto &[name, inner] : pattern.keywords) {
        const std::optional<Value> attribute = m_interpreter.findAttr(value, name);
        if (!attribute || !matches(*inner, *attribute))
            return false;
    }
    return true;
}

} // namespace tribikos::py
