#include "core/pyread/givenvalues.h"

#include "core/pyread/ast.h"
#include "core/pyread/evaluator.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// "('a', k=1)"; nullopt: an argument that no text could name.
std::optional<QString> argumentsText(Interpreter &interpreter, const CallArgs &args)
{
    const auto spelled = [&](const Value &value) -> std::optional<QString> {
        if (value.isObject() && !value.as<List>() && !value.as<Tuple>() && !value.as<Dict>())
            return std::nullopt;
        if (value.as<Unknown>())
            return std::nullopt;
        return interpreter.repr(value);
    };
    QStringList parts;
    for (const Value &value : args.positional) {
        const auto text = spelled(value);
        if (!text)
            return std::nullopt;
        parts.append(*text);
    }
    for (const auto &[name, value] : args.keywords) {
        const auto text = spelled(value);
        if (!text)
            return std::nullopt;
        parts.append(name + u'=' + *text);
    }
    return u'(' + parts.join(u", "_s) + u')';
}

/// Where the first name of \a rest ends, which stands behind a path and its dot.
QString firstName(QStringView rest)
{
    qsizetype end = 0;
    while (end < rest.size() && (rest[end].isLetterOrNumber() || rest[end] == u'_'))
        ++end;
    return rest.left(end).toString();
}

} // namespace

GivenValues::GivenValues(QMap<QString, QString> texts)
    : m_texts(std::move(texts))
{}

GivenValues::~GivenValues() = default;

const ast::Expr &GivenValues::parsed(Interpreter &interpreter, const QString &text,
                                     const QString &path)
{
    const auto source = parse(text.toUtf8(), u"<tribikos.toml>"_s);
    const auto *only = source && (*source)->tree->body.size() == 1
                           ? ast::as<ast::ExprStmt>((*source)->tree->body.front())
                           : nullptr;
    if (!only)
        interpreter.unsupported(
            u"needs %1, for which [values] of tribikos.toml says what is no Python expression: %2"_s
                .arg(path, text));
    m_sources.push_back(*source);
    return *only->value;
}

QString GivenValues::pathOf(Interpreter &interpreter, const ast::Expr &expression)
{
    const auto constant = [&](const ast::Expr &value) {
        Module names(u"tribikos.toml"_s);
        return interpreter.repr(
            Evaluator(interpreter, m_sources.back().get(), &names, nullptr).eval(value));
    };
    if (const auto *name = ast::as<ast::Name>(&expression))
        return name->id;
    if (const auto *attribute = ast::as<ast::Attribute>(&expression))
        return pathOf(interpreter, *attribute->value) + u'.' + attribute->name;
    if (const auto *item = ast::as<ast::Subscript>(&expression))
        return pathOf(interpreter, *item->value) + u'[' + constant(*item->index) + u']';
    const auto *call = ast::as<ast::Call>(&expression);
    if (!call)
        interpreter.unsupported(u"can't read a name in [values] of tribikos.toml"_s);
    QStringList parts;
    for (const ast::Argument &argument : call->arguments)
        parts.append(
            (argument.kind == ast::Argument::Kind::Keyword ? argument.name + u'=' : QString())
            + constant(*argument.value));
    return pathOf(interpreter, *call->function) + u'(' + parts.join(u", "_s) + u')';
}

void GivenValues::read(Interpreter &interpreter)
{
    if (m_isRead)
        return;
    m_isRead = true;
    for (auto it = m_texts.cbegin(); it != m_texts.cend(); ++it) {
        if (it.key().startsWith(u'\n')) { // the answer to a query
            m_given.insert(it.key(), {it.value(), {}, false});
            continue;
        }
        // "d[]" is no Python, and means any key.
        QString text = it.key();
        text.replace(u"[]"_s, u"[...]"_s);
        QString path = pathOf(interpreter, parsed(interpreter, text, it.key()));
        path.replace(u"[Ellipsis]"_s, u"[]"_s);
        m_given.insert(path, {it.value(), {}, false});
    }
}

Value GivenValues::evaluated(Interpreter &interpreter, const QString &path, Given &given)
{
    if (given.value)
        return *given.value;
    if (given.isBeingRead)
        interpreter.unsupported(u"needs %1, whose value in tribikos.toml needs itself"_s.arg(path));
    given.isBeingRead = true;
    const ast::Expr &expression = parsed(interpreter, given.text, path);
    const Source *source = m_sources.back().get();
    auto *names = interpreter.make<Module>(u"tribikos.toml"_s);
    for (const auto &module : {u"datetime"_s, u"decimal"_s, u"uuid"_s})
        if (given.text.contains(module))
            names->set(module, interpreter.importModule(module));
    given.value = Evaluator(interpreter, source, names, nullptr).eval(expression);
    return *given.value;
}

std::optional<Value> GivenValues::find(Interpreter &interpreter, const QString &path)
{
    read(interpreter);
    const auto found = m_given.find(path);
    return found == m_given.end() ? std::nullopt
                                  : std::optional(evaluated(interpreter, path, *found));
}

std::optional<Value> GivenValues::findCall(Interpreter &interpreter, const QString &path,
                                           const CallArgs &args, QString *next)
{
    read(interpreter);
    const auto behind = m_given.lowerBound(path + u'(');
    if (behind == m_given.end() || !behind.key().startsWith(path + u'('))
        return std::nullopt;
    if (const auto exact = argumentsText(interpreter, args)) {
        if (const auto value = find(interpreter, path + *exact))
            return value;
        const auto more = m_given.lowerBound(path + *exact);
        if (more != m_given.end() && more.key().startsWith(path + *exact)) {
            *next = path + *exact;
            return std::nullopt;
        }
    }
    return find(interpreter, path + u"()"_s);
}

std::optional<Value> GivenValues::findItem(Interpreter &interpreter, const QString &path,
                                           const Value &key, QString *next)
{
    const bool isPlain = !key.as<Unknown>() && !key.as<Slice>();
    const QString exact = isPlain ? path + u'[' + interpreter.repr(key) + u']' : QString();
    if (isPlain) {
        if (const auto value = find(interpreter, exact))
            return value;
        const auto more = m_given.lowerBound(exact);
        if (more != m_given.end() && more.key().startsWith(exact)) {
            *next = exact;
            return std::nullopt;
        }
    }
    return find(interpreter, path + u"[]"_s);
}

/// The names that stand behind \a path and a dot.
QStringList GivenValues::namesBehind(const QString &path) const
{
    QStringList names;
    const QString prefix = path + u'.';
    for (auto it = m_given.lowerBound(prefix); it != m_given.cend() && it.key().startsWith(prefix);
         ++it) {
        const QString name = firstName(QStringView(it.key()).mid(prefix.size()));
        if (!names.contains(name))
            names.append(name);
    }
    return names;
}

bool GivenValues::concerns(Interpreter &interpreter, const QString &module)
{
    read(interpreter);
    const auto at = m_given.lowerBound(module + u'.');
    return at != m_given.end() && at.key().startsWith(module + u'.');
}

void GivenValues::placeAt(Interpreter &interpreter, const Value &owner, const QString &path,
                          const QStringList &names)
{
    auto *module = owner.as<Module>();
    const auto put = [&](const QString &name, const Value &value) {
        if (module)
            module->set(name, value);
        else
            interpreter.setAttr(owner, name, value);
    };
    for (const QString &name : names) {
        const QString own = path + u'.' + name;
        if (const auto value = find(interpreter, own)) {
            put(name, *value);
            continue;
        }
        const Value *known = module ? module->find(name) : nullptr;
        if (known && (known->as<LazyImport>() || known->as<Module>()))
            continue; // of another module, which is where it is named
        const std::optional<Value> now =
            known
                ? std::optional(*known)
                : (module && module->isPackage ? std::nullopt : interpreter.findAttr(owner, name));
        if (!now || now->as<Module>())
            continue;
        if (const auto *unknown = now->as<Unknown>()) { // which asks by itself, by this name too
            auto *named =
                interpreter.make<Unknown>(unknown->origin, unknown->reason, unknown->where);
            named->isClass = unknown->isClass;
            named->path = own;
            put(name, Value(named));
            continue;
        }
        const auto called = m_given.lowerBound(own + u'(');
        if (called != m_given.end() && called.key().startsWith(own + u'('))
            put(name, interpreter.function(name, [this, own, original = *now](
                                                     Interpreter &in, const CallArgs &args) {
                QString next = own + u"()"_s;
                if (const auto value = findCall(in, own, args, &next))
                    return *value;
                return in.call(original, args);
            }));
        else if (now->isObject())
            placeAt(interpreter, *now, own, namesBehind(own));
    }
}

void GivenValues::place(Interpreter &interpreter, Module &module, const QStringList *only)
{
    QStringList names = namesBehind(module.name);
    if (only)
        names.removeIf([only](const QString &name) { return !only->contains(name); });
    if (!names.isEmpty())
        placeAt(interpreter, Value(&module), module.name, names);
}

} // namespace tribikos::py
