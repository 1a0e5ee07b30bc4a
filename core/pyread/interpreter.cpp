#include "core/pyread/interpreter.h"

#include "core/base/unwritten.h"
#include "core/pyread/evaluator.h"
#include "core/pyread/givenvalues.h"

#include <QFileInfo>
#include <algorithm>
#include <pthread.h>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// Takes a frame (and a count of calls) away again, however the block is left.
template<typename Action>
class OnExit
{
public:
    explicit OnExit(Action action) : m_action(std::move(action)) {}
    ~OnExit() { m_action(); }
    OnExit(const OnExit &) = delete;
    OnExit &operator=(const OnExit &) = delete;

private:
    Action m_action;
};

/// Where this thread's stack ends, below every frame. Asked once a thread: for the first one libc reads a file. Its
/// size is not for us to assume: without a limit (ulimit -s unlimited) threads get 2 MiB, under a small one less.
const char *lowestOfStack()
{
    static thread_local const char *const lowest = []() -> const char * {
        constexpr size_t usual = 1 << 20;
        pthread_attr_t attributes;
        void *start = nullptr;
        size_t size = 0;
        const auto *here = static_cast<const char *>(__builtin_frame_address(0));
        if (pthread_getattr_np(pthread_self(), &attributes) != 0)
            return here - usual;
        const bool isKnown = pthread_attr_getstack(&attributes, &start, &size) == 0;
        pthread_attr_destroy(&attributes);
        return isKnown ? static_cast<const char *>(start) : here - usual;
    }();
    return lowest;
}

QString fileName(const QString &path)
{
    return path.sliced(path.lastIndexOf(u'/') + 1);
}

} // namespace

const ModuleRegistry::Factory *ModuleRegistry::find(const QString &name) const
{
    const auto at = m_factories.constFind(name);
    return at == m_factories.constEnd() ? nullptr : &*at;
}

Interpreter::Interpreter(std::shared_ptr<const ModuleRegistry> registry, Limits limits)
    : m_registry(std::move(registry)), m_limits(std::move(limits))
{
}

Interpreter::~Interpreter() = default;

void Interpreter::setGiven(const QMap<QString, QString> &values,
                           const QMap<QString, QString> &variables)
{
    m_given = values.isEmpty() ? nullptr : std::make_unique<GivenValues>(values);
    m_variables = variables;
}

void Interpreter::keep(Object *object, size_t size)
{
    m_heap.emplace_back(object);
    charge(qint64(size) + 16);
}

// --- Limits --------------------------------------------------------------------------------------

void Interpreter::exhausted(const QString &what)
{
    const SourceLocation at = location();
    throw Refused{{.code = ErrorCode::Unsupported,
                   .message = place() + u' ' + what,
                   .file = at.file,
                   .line = at.span.line},
                  true};
}

void Interpreter::step(qint64 count)
{
    const qint64 before = m_steps;
    m_steps += count;
    if (m_steps > m_limits.steps)
        exhausted(u"takes more than %1 steps to evaluate: Tribikos gives up; let the database do it in "
                  "one statement, or shorten the loops"_s.arg(m_limits.steps));
    const auto *here = static_cast<const char *>(__builtin_frame_address(0));
    if (m_stackBase && m_stackBase - here > m_stackBytes)
        exhausted(u"nests its calls or expressions too deeply: Tribikos gives up"_s);
    if ((before >> 12) == (m_steps >> 12))
        return;
    if (m_limits.stop.stop_requested()) {
        throw Refused{{.code = ErrorCode::Cancelled, .message = u"Reading the scripts was cancelled"_s},
                      true};
    }
    if (m_clock.isValid() && m_clock.hasExpired(m_limits.wallMs)) {
        exhausted(u"takes longer than %1 s to evaluate: Tribikos gives up"_s.arg(
            m_limits.wallMs / 1000));
    }
}

void Interpreter::charge(qint64 bytes)
{
    m_bytes += bytes;
    if (m_bytes > m_limits.memory) {
        exhausted(u"makes more than %1 MiB of values: Tribikos gives up"_s.arg(
            m_limits.memory >> 20));
    }
}

QString Interpreter::checkedText(QString text)
{
    if (text.size() > m_limits.stringLength) {
        exhausted(u"makes a text of more than %1 characters: Tribikos gives up"_s.arg(
            m_limits.stringLength));
    }
    if (text.size() > 64)
        charge(text.size() * 2);
    step(text.size() >> 10);
    return text;
}

void Interpreter::checkLength(qsizetype count)
{
    if (count > m_limits.listLength) {
        exhausted(u"makes a collection of more than %1 items: Tribikos gives up"_s.arg(
            m_limits.listLength));
    }
}

// --- Where we are --------------------------------------------------------------------------------

SourceLocation Interpreter::location() const
{
    if (m_frames.empty())
        return {};
    for (auto frame = m_frames.rbegin(); frame != m_frames.rend(); ++frame) {
        if (!frame->source->file.startsWith(u'<')) // a known package: its caller is to blame
            return {frame->source->file, frame->span};
    }
    return {m_frames.back().source->file, m_frames.back().span};
}

SourceLocation Interpreter::scriptLocation() const
{
    for (auto frame = m_frames.rbegin(); frame != m_frames.rend(); ++frame) {
        if (frame->source == m_script)
            return {frame->source->file, frame->span};
    }
    return location();
}

QString Interpreter::place() const
{
    const SourceLocation at = location();
    if (at.file.isEmpty())
        return u"The script"_s;
    return u"%1:%2"_s.arg(fileName(at.file)).arg(at.span.line);
}

// --- Entry points --------------------------------------------------------------------------------

Result<Value> Interpreter::guarded(const std::function<Value()> &body)
{
    const size_t frames = m_frames.size();
    if (m_entries++ == 0) {
        m_clock.start();
        m_stackBase = static_cast<const char *>(__builtin_frame_address(0));
        m_stackBytes = std::min<qsizetype>(m_limits.stackBytes, (m_stackBase - lowestOfStack()) / 2);
    }
    const OnExit leave([this, frames] {
        --m_entries;
        m_frames.resize(frames);
    });
    try {
        return body();
    } catch (const Raised &raised) {
        return errorOf(raised);
    } catch (const Refused &refused) {
        return refused.error;
    } catch (const GeneratorStopped &) {
        return Error{.code = ErrorCode::Unsupported,
                     .message = place() + u" leaves a generator half-way"_s};
    } catch (const std::bad_alloc &) {
        return Error{.code = ErrorCode::Unsupported, .message = place() + u" needs too much memory"_s};
    }
}

Error Interpreter::errorOf(const Raised &raised)
{
    Error error{.code = ErrorCode::ProjectRefused,
                .file = raised.where.file,
                .line = raised.where.span.line};
    const auto *exception = raised.exception.as<Instance>();
    QString text;
    try { // the script's own __str__ may fail in its turn
        text = str(raised.exception);
    } catch (const Raised &) {
    } catch (const Refused &) {
    }
    text = withoutMarks(text);
    if (text.size() > 500)
        text = text.left(500) + u" …"_s;
    error.detail = exception ? exception->cls->name + (text.isEmpty() ? u""_s : u": "_s + text) : text;
    error.message = u"%1:%2 raises %3"_s.arg(fileName(error.file)).arg(error.line).arg(
        error.detail.simplified());
    if (!m_missingVariable.isEmpty() && text == u'\'' + m_missingVariable + u'\'')
        error.message +=
            u": say in tribikos.toml what it is, under [environment-variables]: %1 = \"…\", or \"${%1}\" "
            "for what the real environment has, of which scripts see nothing else"_s.arg(
                m_missingVariable);
    return error;
}

Result<Module *> Interpreter::runModule(const std::shared_ptr<const Source> &source,
                                        const ModuleOptions &options)
{
    Module *module = nullptr;
    m_script = source.get();
    m_sources.push_back(source);
    m_lazyImports = options.lazyImports;
    const Result<Value> outcome = guarded([&] {
        module = make<Module>(options.name);
        module->file = source->file;
        m_modules.insert(options.name, module);
        m_packages.insert(options.name, options.package);
        for (auto at = options.globals.begin(); at != options.globals.end(); ++at)
            module->set(at.key(), at.value());
        runTopLevel(module, source, options.tolerant);
        return Value();
    });
    if (!outcome)
        return outcome.error();
    return module;
}

Result<Module *> Interpreter::importByName(const QString &name)
{
    const Result<Value> outcome = guarded([&] { return importModule(name); });
    if (!outcome)
        return outcome.error();
    if (auto *module = outcome->as<Module>())
        return module;
    const auto *unknown = outcome->as<Unknown>();
    return Error{.code = ErrorCode::NotFound,
                 .message = u"The module %1 can't be read%2"_s.arg(
                     name, unknown && !unknown->reason.isEmpty() ? u": "_s + unknown->reason : u""_s)};
}

Result<Value> Interpreter::run(const Value &callee, const CallArgs &args)
{
    return guarded([&] { return call(callee, args); });
}

Value Interpreter::evaluate(Function &function, Env &env, const YieldHandler *atYield)
{
    if (m_depth >= m_limits.callDepth)
        exhausted(u"nests more than %1 calls: Tribikos gives up"_s.arg(m_limits.callDepth));
    ++m_depth;
    const size_t frames = m_frames.size();
    m_frames.push_back({function.source, {}, function.name});
    const OnExit leave([this, frames] {
        --m_depth;
        m_frames.resize(frames);
    });
    Evaluator evaluator(*this, function.source, function.globals, &env);
    evaluator.setYieldHandler(atYield);
    if (function.expression) {
        m_frames.back().span = function.expression->span;
        return evaluator.eval(*function.expression);
    }
    evaluator.run(*function.body);
    return evaluator.returned();
}

// --- Failing -------------------------------------------------------------------------------------

void Interpreter::raise(const Value &exception)
{
    throw Raised{exception, location()};
}

void Interpreter::raise(Class *type, const QString &message)
{
    auto *exception = make<ExceptionInstance>(type);
    exception->arguments.emplace_back(message);
    exception->rawText = true;
    raise(Value(exception));
}

void Interpreter::raise(const QString &type, const QString &message)
{
    raise(builtinClass(type), message);
}

void Interpreter::raiseKeyError(const Value &key)
{
    raise(call(Value(builtinClass(u"KeyError"_s)), {key}));
}

void Interpreter::refuse(ErrorCode code, const QString &reason)
{
    const SourceLocation at = location();
    Error error{.code = code,
                .message = place() + u' ' + reason,
                .file = at.file,
                .line = at.span.line};
    const SourceLocation script = scriptLocation();
    if (script.file != at.file)
        error.detail = u"called from %1:%2"_s.arg(fileName(script.file)).arg(script.span.line);
    throw Refused{error};
}

void Interpreter::unsupported(const QString &reason)
{
    refuse(ErrorCode::Unsupported, reason);
}

void Interpreter::needsConnection(const QString &reason)
{
    refuse(ErrorCode::NeedsConnection, reason);
}

void Interpreter::checkUnknownCall(const Unknown &callee, const CallArgs &args)
{
    if (isTopLevel())
        return;
    const auto check = [&](const Value &value) {
        if (value.isObject() && value.object()->hasEffects()) {
            unsupported(u"hands the database to %1, whose effect Tribikos can't know"_s.arg(
                callee.origin));
        }
    };
    for (const Value &value : args.positional)
        check(value);
    for (const auto &[name, value] : args.keywords)
        check(value);
}

void Interpreter::print(const QString &line)
{
    if (m_printer)
        m_printer(line);
}

// --- Making --------------------------------------------------------------------------------------

Value Interpreter::list(std::vector<Value> items)
{
    charge(qint64(items.size() * sizeof(Value)));
    return make<List>(std::move(items));
}

Value Interpreter::tuple(std::vector<Value> items)
{
    charge(qint64(items.size() * sizeof(Value)));
    return make<Tuple>(std::move(items));
}

Value Interpreter::dict(const std::vector<std::pair<QString, Value>> &items)
{
    auto *made = make<Dict>();
    for (const auto &[key, value] : items)
        made->insert(*this, Value(key), value);
    return made;
}

Value Interpreter::function(const QString &name, NativeCall body)
{
    return make<NativeFunction>(name, std::move(body));
}

Value Interpreter::unknown(const QString &origin, const QString &reason)
{
    auto *made = make<Unknown>(origin, reason, location());
    if (reason.isEmpty()) // of a package that isn't there
        made->path = origin;
    return made;
}

bool Interpreter::isCaught(const Value &exception) const
{
    return std::ranges::any_of(m_catchers, [&](const auto &catches) { return catches(exception); });
}

Value Interpreter::fresh(const QString &origin, const std::function<Value()> &make)
{
    if (!m_freshValues)
        return unknown(origin, u"it differs from run to run"_s);
    m_freshValues();
    return make();
}

Class *Interpreter::makeClass(const QString &name, std::vector<Class *> bases,
                              Class::Constructor construct)
{
    if (bases.empty())
        bases.push_back(builtinClass(u"object"_s));
    Class *made = make<Class>(name, std::move(bases));
    if (made->mro.empty()) {
        raise(u"TypeError"_s, u"Cannot create a consistent method resolution order (MRO) for %1"_s
                                  .arg(name));
    }
    if (made->mro.size() > 200)
        exhausted(u"derives a class over more than 200 others: Tribikos gives up"_s);
    charge(qint64(made->mro.size() * sizeof(Class *)));
    made->construct = std::move(construct);
    return made;
}

Class *Interpreter::makeException(const QString &name, const QString &base)
{
    return makeClass(name, {builtinClass(base)});
}

} // namespace tribikos::py
