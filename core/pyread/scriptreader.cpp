#include "core/pyread/scriptreader.h"

#include "core/base/unwritten.h"
#include "core/pyread/alembic/context.h"
#include "core/pyread/interpreter.h"
#include "core/pyread/packages.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/modules.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/state.h"

#include <QFileInfo>
#include <QProcessEnvironment>

#include <algorithm>
#include <limits>

namespace tribikos {

using namespace Qt::StringLiterals;

struct Script::Private
{
    QString file{};
    QString folder{};     // of the file, absolute
    QString moduleName{}; // as Alembic calls it
    std::shared_ptr<const py::Source> source{};
};

const std::shared_ptr<const py::ModuleRegistry> &py::alembic::scriptModules()
{
    static const std::shared_ptr<const py::ModuleRegistry> modules = [] {
        auto made = std::make_shared<py::ModuleRegistry>(py::ModuleRegistry::standard());
        py::sa::registerSqlAlchemy(*made);
        py::sa::registerOrmExtensions(*made);
        py::alembic::registerAlembic(*made);
        return made;
    }();
    return modules;
}

namespace {

EvalResult::Status statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NeedsConnection: return EvalResult::Status::NeedsConnection;
    case ErrorCode::Unsupported: return EvalResult::Status::Unsupported;
    default: return EvalResult::Status::Error;
    }
}

/// env.py under a name of its own: see alembic/environment.cpp.
py::ModuleFinder withEnvironment(py::ModuleFinder finder, const QString &file)
{
    return
        [finder = std::move(finder), file](const QString &name) -> std::optional<py::ModuleSource> {
            if (name != u"__environment__")
                return finder(name);
            const auto bytes = file.isEmpty() ? Result<QByteArray>(Error{}) : py::readSource(file);
            if (!bytes)
                return std::nullopt;
            const auto source = py::parse(*bytes, file);
            return source ? py::ModuleSource{.source = *source}
                          : py::ModuleSource{.error = source.error()};
        };
}

/// Rows of a real table come by the million, and whoever waits for a database is not stuck.
py::Limits liveLimits(py::Limits limits)
{
    limits.steps = std::max<qint64>(limits.steps, 500'000'000);
    limits.listLength = std::max<qsizetype>(limits.listLength, 20'000'000);
    limits.stringLength = std::max<qsizetype>(limits.stringLength, 64 << 20);
    limits.memory = std::max<qint64>(limits.memory, 2ll << 30);
    limits.wallMs = std::numeric_limits<int>::max() / 2;
    return limits;
}

py::alembic::Context::Outside outsideOf(const EvalRequest &request)
{
    const ScriptFacts &facts = request.facts; // of an offline script's database; a run asks its own
    const QString version = ofBackend(facts.serverVersion, request.backend).value(QString());
    return {.schemaBefore = request.schemaBefore,
            .versionTable = request.versionTable,
            .environment = {.options = request.options,
                            .section = request.section,
                            .file = request.environmentFile,
                            .url = request.url,
                            .database = request.database,
                            .defaultSchema = request.offline ? facts.defaultSchema : QString(),
                            .serverVersion = request.offline ? version : QString()}};
}

void notePrinted(EvalResult &result, const QString &line, const SourceSpan &span)
{
    constexpr qsizetype mostLines = 5;
    constexpr qsizetype longest = 80;
    const bool isKnown = std::ranges::any_of(
        result.printed, [&span](const auto &known) { return known.span.line == span.line; });
    if (isKnown || result.printed.size() >= mostLines)
        return;
    const QString text = withoutMarks(line).simplified();
    result.printed.append({text.size() > longest ? text.left(longest) + u'…' : text, span});
}

void fail(EvalResult &result, const Error &error, const QString &file)
{
    result.status = statusOf(error.code);
    result.reason = error.message;
    result.file = error.file.isEmpty() ? file : error.file;
    result.line = error.line;
}

} // namespace

Script::Script(std::unique_ptr<Private> data)
    : d(std::move(data))
{}

Script::~Script() = default; // here, where Private is complete

Result<std::shared_ptr<const Script>> Script::load(const QByteArray &bytes, const QString &path)
{
    const auto source = py::parse(bytes, path);
    if (!source)
        return source.error();
    auto data = std::make_unique<Private>();
    const qsizetype slash = path.lastIndexOf(u'/');
    const QString name = path.sliced(slash + 1);
    data->file = path;
    data->folder = path.startsWith(u'/') ? path.left(slash) : QFileInfo(path).absolutePath();
    data->moduleName = name.left(name.lastIndexOf(u'.')).replace(u'-', u'_') + u"_py"_s;
    data->source = *source;
    return std::shared_ptr<const Script>(new Script(std::move(data)));
}

const QString &Script::file() const
{
    return d->file;
}

EvalResult Script::evaluate(const EvalRequest &request) const
{
    EvalResult result;
    const bool isUp = request.direction == EvalRequest::Direction::Up;
    const QString entry = isUp ? u"upgrade"_s : u"downgrade"_s;
    py::alembic::Context context(request.backend, request.offline, request.namingConvention,
                                 outsideOf(request), request.sqlReader);
    context.spell = request.spell;
    context.connection = request.live;
    py::Limits limits = request.live ? liveLimits(request.limits) : request.limits;
    limits.stop = request.stop;
    py::ModuleFinder finder; // made when it is needed first
    py::Interpreter interpreter(py::alembic::scriptModules(), limits);
    py::sa::State::of(interpreter).host = &context;
    interpreter.setEffectCounter([&context] { return context.operations.size(); });
    interpreter.setFreshValues([&context] { context.markNondeterministic(); });
    py::sa::State::of(interpreter).userTypes = request.types;
    QMap<QString, QString> given = ofBackend(request.facts.values, request.backend);
    if (request.offline) {
        given.insert(request.facts.answers);
        interpreter.setState(u"offline"_s, interpreter.make<py::List>());
    }
    interpreter.setGiven(given, request.facts.variables);
    interpreter.hiddenVariables = [&context] {
        context.noteAsked();
        return QProcessEnvironment::systemEnvironment().keys();
    };
    interpreter.setModuleFinder([&](const QString &name) {
        context.noteAsked();
        if (!finder)
            finder = withEnvironment(py::withKnownPackages(py::projectFinder(
                                         request.searchPath + QStringList{d->folder})),
                                     request.environmentFile);
        return finder(name);
    });

    interpreter.setPrinter([&](const QString &line) {
        if (request.offline)
            notePrinted(result, line, interpreter.scriptLocation().span);
    });
    if (request.importsEnvironment) // a statement that fails there is one that it does without
        (void)interpreter.guarded([&] {
            interpreter.setLazyImports(false);
            py::alembic::importEnvironment(interpreter);
            interpreter.setLazyImports(true);
            return py::Value();
        });

    const auto module = interpreter.runModule(d->source, {.name = d->moduleName});
    Error error;
    if (!module) {
        error = module.error();
    } else if (!context.loadProblem.message.isEmpty()) {
        error = context.loadProblem;
    } else if (const auto function = interpreter.guarded([&]() -> py::Value {
                   if (const auto found = (*module)->getAttr(interpreter, entry))
                       return *found;
                   return {};
               });
               !function) {
        error = function.error();
    } else if (function->isNone()) {
        error = {.code = ErrorCode::ProjectRefused,
                 .message =
                     u"%1 has no %2() function, so this step can't be made."_s.arg(d->file, entry),
                 .file = d->file};
    } else if (const auto done = interpreter.guarded([&] {
                   return interpreter.call(*function, py::alembic::entryArguments(
                                                          interpreter, *function, request.engine));
               });
               !done) {
        error = done.error();
    }
    if (context.databaseError) // whatever the script made of it
        error = *context.databaseError;
    if (!error.message.isEmpty())
        fail(result, error, d->file);
    result.databaseError = context.databaseError;
    result.operations = context.takeOperations();
    result.nondeterministic = context.nondeterministic;
    result.isSelfContained = context.isSelfContained();
    return result;
}

} // namespace tribikos
