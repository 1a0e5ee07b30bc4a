#include "core/pyread/function.h"

#include "core/base/unwritten.h"
#include "core/pyread/evaluator.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

// --- Env -----------------------------------------------------------------------------------------

Value *Env::find(const QString &name)
{
    if (!m_index.isEmpty()) {
        const auto at = m_index.constFind(name);
        return at == m_index.constEnd() ? nullptr : &values[size_t(*at)].second;
    }
    for (auto &[key, value] : values) {
        if (key == name)
            return &value;
    }
    return nullptr;
}

void Env::set(const QString &name, const Value &value)
{
    if (Value *known = find(name)) {
        *known = value;
        return;
    }
    values.emplace_back(name, value);
    if (!m_index.isEmpty()) {
        m_index.insert(name, qsizetype(values.size()) - 1);
    } else if (values.size() > 12) {
        for (size_t i = 0; i < values.size(); ++i)
            m_index.insert(values[i].first, qsizetype(i));
    }
}

bool Env::remove(const QString &name)
{
    const auto at = std::find_if(values.begin(), values.end(),
                                 [&](const auto &entry) { return entry.first == name; });
    if (at == values.end())
        return false;
    values.erase(at);
    if (!m_index.isEmpty()) {
        m_index.clear();
        for (size_t i = 0; i < values.size(); ++i)
            m_index.insert(values[i].first, qsizetype(i));
    }
    return true;
}

Env *Env::function()
{
    Env *env = this;
    while (env && env->kind != Kind::Function)
        env = env->parent;
    return env;
}

// --- Function ------------------------------------------------------------------------------------

std::optional<Value> Function::getAttr(Interpreter &interpreter, const QString &attribute)
{
    const auto own = attrs.constFind(attribute);
    if (own != attrs.constEnd())
        return *own;
    if (attribute == u"__name__" || attribute == u"__qualname__")
        return Value(name);
    if (attribute == u"__module__")
        return Value(globals->name);
    if (attribute == u"__doc__") {
        const auto *first =
            body && !body->empty() ? ast::as<ast::ExprStmt>(body->front()) : nullptr;
        const auto *text = ast::as<ast::Constant>(first ? first->value : nullptr);
        return text && text->value.isStr() ? text->value : Value();
    }
    if (attribute == u"__wrapped__" || attribute == u"__annotations__")
        return std::nullopt;
    return Object::getAttr(interpreter, attribute);
}

bool Function::setAttr(Interpreter &, const QString &attribute, const Value &value)
{
    attrs.insert(attribute, value);
    return true;
}

QString Function::repr(Interpreter &)
{
    return unwritten(u"<function %1>"_s.arg(name));
}

namespace {

/// The parameters of one call while they are filled.
class Binding
{
public:
    using Kind = ast::Parameter::Kind;

    Binding(Interpreter &interpreter, const Function &function)
        : m_interpreter(interpreter)
        , m_function(function)
        , m_parameters(*function.parameters)
        , m_values(m_parameters.size())
        , m_filled(m_parameters.size(), false)
    {}

    void positional(const std::vector<Value> &given)
    {
        size_t next = 0;
        size_t plain = 0;
        std::optional<size_t> star;
        for (size_t i = 0; i < m_parameters.size(); ++i) {
            const Kind kind = m_parameters[i].kind;
            if (kind == Kind::Star)
                star = i;
            if (kind != Kind::Plain && kind != Kind::PositionalOnly)
                continue;
            ++plain;
            if (next < given.size())
                fill(i, given[next++]);
        }
        if (star) {
            fill(*star, m_interpreter.tuple({given.begin() + std::ptrdiff_t(next), given.end()}));
        } else if (next < given.size()) {
            m_interpreter.raise(
                u"TypeError"_s,
                u"%1() takes %2 positional argument%3 but %4 %5 given"_s.arg(m_function.name)
                    .arg(plain)
                    .arg(plain == 1 ? u""_s : u"s"_s)
                    .arg(given.size())
                    .arg(given.size() == 1 ? u"was"_s : u"were"_s));
        }
    }

    void keywords(const std::vector<std::pair<QString, Value>> &given)
    {
        Dict *extra = nullptr;
        if (!m_parameters.empty() && m_parameters.back().kind == Kind::DoubleStar) {
            extra = m_interpreter.make<Dict>();
            fill(m_parameters.size() - 1, Value(extra));
        }
        for (const auto &[name, value] : given) {
            const size_t at = indexOf(name);
            if (at < m_parameters.size() && m_filled[at]) {
                m_interpreter.raise(
                    u"TypeError"_s,
                    u"%1() got multiple values for argument '%2'"_s.arg(m_function.name, name));
            }
            if (at < m_parameters.size())
                fill(at, value);
            else if (extra)
                extra->insert(m_interpreter, Value(name), value);
            else
                m_interpreter.raise(
                    u"TypeError"_s,
                    u"%1() got an unexpected keyword argument '%2'"_s.arg(m_function.name, name));
        }
    }

    void defaults()
    {
        QStringList missing;
        QStringList missingKeywords;
        for (size_t i = 0; i < m_parameters.size(); ++i) {
            const ast::Parameter &parameter = m_parameters[i];
            if (m_filled[i])
                continue;
            if (parameter.defaultValue)
                fill(i, m_function.defaults[i]);
            else
                (parameter.kind == Kind::KeywordOnly ? missingKeywords : missing)
                    .append(u'\'' + parameter.name + u'\'');
        }
        const bool isPositional = !missing.isEmpty();
        const QStringList &names = isPositional ? missing : missingKeywords;
        if (names.isEmpty())
            return;
        m_interpreter.raise(u"TypeError"_s,
                            u"%1() missing %2 required %3 argument%4: %5"_s.arg(m_function.name)
                                .arg(names.size())
                                .arg(isPositional ? u"positional"_s : u"keyword-only"_s,
                                     names.size() == 1 ? u""_s : u"s"_s, names.join(u" and "_s)));
    }

    void store(Env &env) const
    {
        for (size_t i = 0; i < m_parameters.size(); ++i)
            env.set(m_parameters[i].name, m_values[i]);
    }

private:
    void fill(size_t at, const Value &value)
    {
        m_values[at] = value;
        m_filled[at] = true;
    }
    /// The parameter that may be passed as \a name; their number when there is none.
    size_t indexOf(const QString &name) const
    {
        size_t at = 0;
        while (at < m_parameters.size()
               && (m_parameters[at].name != name
                   || (m_parameters[at].kind != Kind::Plain
                       && m_parameters[at].kind != Kind::KeywordOnly)))
            ++at;
        return at;
    }

    Interpreter &m_interpreter;
    const Function &m_function;
    const std::vector<ast::Parameter> &m_parameters;
    std::vector<Value> m_values;
    std::vector<bool> m_filled;
};

} // namespace

Env *Function::bind(Interpreter &interpreter, const CallArgs &args)
{
    auto *env = interpreter.make<Env>(Env::Kind::Function, closure);
    env->scope = scope;
    env->owner = this;
    Binding binding(interpreter, *this);
    binding.positional(args.positional);
    binding.keywords(args.keywords);
    binding.defaults();
    binding.store(*env);
    return env;
}

Value Function::call(Interpreter &interpreter, const CallArgs &args)
{
    Env *env = bind(interpreter, args);
    if (isAsync)
        return interpreter.unknown(name + u"()"_s,
                                   u"it is a coroutine, which Tribikos doesn't run"_s);
    if (scope->isGenerator)
        return interpreter.make<Generator>(this, env);
    return interpreter.evaluate(*this, *env, nullptr);
}

// --- BoundMethod, Property, MethodWrapper, Super -------------------------------------------------

std::optional<Value> BoundMethod::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"__self__")
        return self;
    if (name == u"__func__")
        return function;
    return interpreter.findAttr(function, name);
}

Value BoundMethod::call(Interpreter &interpreter, const CallArgs &args)
{
    CallArgs all;
    all.span = args.span;
    all.positional.reserve(args.positional.size() + 1);
    all.positional.push_back(self);
    all.positional.insert(all.positional.end(), args.positional.begin(), args.positional.end());
    all.keywords = args.keywords;
    return interpreter.call(function, all);
}

std::optional<Value> BoundMethod::compare(Interpreter &, CompareOp op, const Value &other)
{
    const auto *right = other.as<BoundMethod>();
    if (!right || (op != CompareOp::Eq && op != CompareOp::Ne))
        return std::nullopt;
    const bool same = self.isSame(right->self) && function.isSame(right->function);
    return Value(same == (op == CompareOp::Eq));
}

std::optional<Value> Property::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"setter" || name == u"getter" || name == u"deleter") {
        return interpreter.function(name, [this, name](Interpreter &i, const CallArgs &args) {
            auto *changed = i.make<Property>();
            changed->getter = getter;
            changed->setter = setter;
            Value given = args.positional.empty() ? Value() : args.positional.front();
            if (name == u"setter")
                changed->setter = given;
            else if (name == u"getter")
                changed->getter = given;
            return Value(changed);
        });
    }
    if (name == u"fget")
        return getter;
    if (name == u"fset")
        return setter;
    return Object::getAttr(interpreter, name);
}

std::optional<Value> MethodWrapper::getAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"__func__")
        return function;
    return interpreter.findAttr(function, name);
}

Value MethodWrapper::call(Interpreter &interpreter, const CallArgs &args)
{
    return ofClass ? Object::call(interpreter, args) : interpreter.call(function, args);
}

std::optional<Value> Super::getAttr(Interpreter &interpreter, const QString &name)
{
    auto *asClass = self.as<Class>();
    if (asClass && asClass->meta && asClass->meta->isSubclassOf(start))
        asClass = nullptr; // in a metaclass, whose instances are classes
    Class *cls = asClass ? asClass : interpreter.type(self);
    auto at = std::find(cls->mro.begin(), cls->mro.end(), start);
    if (at == cls->mro.end())
        interpreter.raise(u"TypeError"_s, u"super(type, obj): obj must be an instance of type"_s);
    const bool isAttributeMethod =
        name == u"__setattr__" || name == u"__delattr__" || name == u"__getattribute__";
    for (++at; at != cls->mro.end(); ++at) {
        Class *behind = *at;
        const auto found = behind->attrs.constFind(name);
        // What object's own methods do is below.
        if (found != behind->attrs.constEnd() && !(isAttributeMethod && found->as<NativeFunction>()))
            return bindAttribute(interpreter, *found, asClass ? Value() : self, cls);
        if (name == u"__init__" && (behind->initialize || behind->construct)) {
            return interpreter.function(name, [behind, self = self](Interpreter &i,
                                                                    const CallArgs &args) {
                if (!behind->initialize) {
                    i.unsupported(u"calls super().__init__() of %1, whose construction Tribikos "
                                  "doesn't follow"_s.arg(behind->name));
                }
                behind->initialize(i, self.object(), args);
                return Value();
            });
        }
        if (name == u"__new__" && behind->construct)
            return behind->getAttr(interpreter, name);
    }
    if (name == u"__init_subclass__" || name == u"__post_init__")
        return interpreter.function(name, [asClass](Interpreter &i, const CallArgs &) {
            if (const auto due = asClass ? std::exchange(asClass->announce, {}) : nullptr)
                due(i);
            return Value();
        });
    if (auto *instance = self.as<Instance>()) {
        if (isAttributeMethod)
            return interpreter.function(name, [instance, name](Interpreter &i, const CallArgs &args) {
                CallArgs whole = args;
                whole.positional.insert(whole.positional.begin(), Value(instance));
                return attributeOf(i, name, whole);
            });
        if (std::optional<Value> native = instance->nativeAttr(interpreter, name))
            return native;
        if (instance->hasPayload)
            return interpreter.findAttr(instance->payload, name);
    }
    for (Class *candidate : cls->mro) {
        if (candidate->resolve) {
            if (std::optional<Value> resolved = candidate->resolve(interpreter, cls, name))
                return bindAttribute(interpreter, *resolved, asClass ? Value() : self, cls);
        }
    }
    if (!cls->unknownBases.empty()) {
        if (name == u"__init__")
            return interpreter.function(name,
                                        [](Interpreter &, const CallArgs &) { return Value(); });
        return cls->unknownBases.front()->getAttr(interpreter, name);
    }
    return std::nullopt;
}

Value bindAttribute(Interpreter &interpreter, const Value &attribute, const Value &self, Class *cls)
{
    if (const auto *descriptor = attribute.as<Instance>();
        descriptor && descriptor->cls->globals && descriptor->cls->lookup(u"__get__"_s))
        return interpreter.callMethod(attribute, u"__get__"_s, {self, Value(cls)});
    Object *object = attribute.object();
    if (!object)
        return attribute;
    if (dynamic_cast<Function *>(object) || dynamic_cast<Descriptor *>(object))
        return self.isNone() ? attribute : Value(interpreter.make<BoundMethod>(self, attribute));
    if (const auto *wrapper = dynamic_cast<MethodWrapper *>(object)) {
        if (!wrapper->ofClass)
            return wrapper->function;
        if (const auto *property = wrapper->function.as<Property>()) // @classmethod @property
            return interpreter.call(property->getter, {Value(cls)});
        return interpreter.make<BoundMethod>(Value(cls), wrapper->function);
    }
    if (const auto *property = dynamic_cast<Property *>(object)) {
        if (self.isNone())
            return attribute;
        return interpreter.call(property->getter, {self});
    }
    if (const auto *instance = dynamic_cast<Instance *>(object)) {
        if (const Value *get = instance->cls->lookup(u"__get__"_s))
            return interpreter.call(*get, {attribute, self, Value(cls)});
    }
    return attribute;
}

// --- Iterators -----------------------------------------------------------------------------------

Iterator::Iterator(QString name, std::vector<Value> values)
    : m_name(std::move(name))
{
    m_producer = [values = std::move(values), next = size_t(0)]() mutable -> std::optional<Value> {
        if (next >= values.size())
            return std::nullopt;
        return values[next++];
    };
}

std::optional<Value> Iterator::next(Interpreter &interpreter)
{
    interpreter.step();
    if (m_done)
        return std::nullopt;
    std::optional<Value> value = m_producer();
    m_done = !value;
    return value;
}

void Iterator::iterate(Interpreter &interpreter, const Visitor &visit)
{
    while (const std::optional<Value> value = next(interpreter)) {
        if (!visit(*value))
            return;
    }
}

void LazyItems::iterate(Interpreter &interpreter, const Visitor &visit)
{
    if (m_started) {
        while (const std::optional<Value> value = next(interpreter)) {
            if (!visit(*value))
                return;
        }
        return;
    }
    m_started = true;
    m_source(visit);
}

std::optional<Value> LazyItems::next(Interpreter &interpreter)
{
    if (!m_started) {
        m_started = true;
        m_source([&](const Value &value) {
            m_fetched.push_back(value);
            interpreter.checkLength(qsizetype(m_fetched.size()));
            return true;
        });
    }
    if (m_position >= m_fetched.size())
        return std::nullopt;
    return m_fetched[m_position++];
}

std::function<std::optional<Value>()> puller(Interpreter &interpreter, const Value &iterable)
{
    Interpreter *i = &interpreter;
    if (auto *iterator = iterable.as<Iterator>())
        return [i, iterator] { return iterator->next(*i); };
    if (auto *lazy = iterable.as<LazyItems>())
        return [i, lazy] { return lazy->next(*i); };
    if (auto *generator = iterable.as<Generator>())
        return [i, generator] { return generator->next(*i); };
    if (const auto *range = iterable.as<Range>()) {
        return [range, next = qint64(0)]() mutable -> std::optional<Value> {
            if (next >= range->count())
                return std::nullopt;
            return Value(range->start + next++ * range->step);
        };
    }
    if (auto *instance = iterable.as<Instance>()) {
        if (const Value *method = instance->cls->lookup(u"__next__"_s)) {
            return [i, self = iterable, method = *method]() -> std::optional<Value> {
                try {
                    return i->call(method, {self});
                } catch (const Raised &raised) {
                    if (i->isInstance(raised.exception, u"StopIteration"_s))
                        return std::nullopt;
                    throw;
                }
            };
        }
    }
    if (auto *list = iterable.as<List>()) {
        return [list, next = size_t(0)]() mutable -> std::optional<Value> {
            if (next >= list->items.size())
                return std::nullopt;
            return list->items[next++];
        };
    }
    std::vector<Value> values = interpreter.items(iterable);
    return [values = std::move(values), next = size_t(0)]() mutable -> std::optional<Value> {
        if (next >= values.size())
            return std::nullopt;
        return values[next++];
    };
}

Value GeneratorContext::enter(Interpreter &interpreter)
{
    interpreter.unsupported(u"enters a @contextmanager outside a 'with' statement"_s);
}

void GeneratorContext::runAround(Interpreter &interpreter,
                                 const std::function<void(const Value &)> &body)
{
    bool yielded = false;
    const YieldHandler handler = [&](const Value &value) {
        if (yielded)
            interpreter.raise(u"RuntimeError"_s, u"generator didn't stop"_s);
        yielded = true;
        body(value);
        return Value();
    };
    generator->run(interpreter, handler);
    if (!yielded)
        interpreter.raise(u"RuntimeError"_s, u"generator didn't yield"_s);
}

// --- Exceptions ----------------------------------------------------------------------------------

std::optional<Value> ExceptionInstance::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (name == u"args")
        return interpreter.tuple(arguments);
    if (name == u"__cause__" || name == u"__context__")
        return cause;
    if (name == u"__traceback__")
        return Value();
    if (name == u"with_traceback" || name == u"add_note")
        return interpreter.function(
            name, [this](Interpreter &, const CallArgs &) { return Value(this); });
    return std::nullopt;
}

QString ExceptionInstance::repr(Interpreter &interpreter)
{
    if (cls->lookup(u"__repr__"_s))
        return Instance::repr(interpreter);
    QString text;
    for (const Value &argument : arguments)
        text += (text.isEmpty() ? u""_s : u", "_s) + interpreter.repr(argument);
    return u"%1(%2)"_s.arg(cls->name, text);
}

QString ExceptionInstance::str(Interpreter &interpreter)
{
    if (cls->lookup(u"__str__"_s))
        return Instance::str(interpreter);
    if (arguments.empty())
        return {};
    if (arguments.size() > 1)
        return interpreter.repr(interpreter.tuple(arguments));
    return interpreter.isInstance(Value(this), u"KeyError"_s) && !rawText
               ? interpreter.repr(arguments.front())
               : interpreter.str(arguments.front());
}

} // namespace tribikos::py
