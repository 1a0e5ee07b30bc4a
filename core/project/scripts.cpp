#include "core/project/scripts.h"

#include "core/base/bytestream.h"
#include "core/dialects/dialect.h"
#include "core/project/cachefile.h"
#include "core/project/operationcache.h"
#include "core/pyread/scriptreader.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/sqlscript.h"

#include <QCache>
#include <QCryptographicHash>
#include <QMutex>
#include <map>
#include <mutex>
#include <tuple>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// How much source the parsed scripts that are kept may come from: enough for the revisions that one looks at in
/// turn. The trees of a whole long history cost more to keep and to free than to make again.
constexpr qsizetype mostParsedBytes = 64 * 1024;

Evaluation failed(const Error &error, const QString &file)
{
    return {.status = StepStatus::Error,
            .reason = error.message,
            .file = error.file.isEmpty() ? file : error.file,
            .line = error.line};
}

Evaluation evaluateSql(const RevisionFile &file, Direction direction, Backend backend)
{
    const QString &path = file.revision.file;
    const auto bytes = file.contents();
    if (!bytes)
        return failed(bytes.error(), path);
    const auto script = readSqlScript(*bytes, path);
    if (!script)
        return failed(script.error(), path);
    auto operations = script->operations(direction == Direction::Upgrade, backend);
    if (!operations)
        return failed(operations.error(), path);
    return {.operations = operations.take(),
            .warning = script->missingSection(direction == Direction::Upgrade, backend)};
}

/// An expression that the script itself turns into text. A dialect of the script's own has its driver's
/// parameters, for which percent signs are doubled where they mark them.
Result<QString> spelled(const ExprPtr &expression, Backend backend, bool isOwnDialect)
{
    const RenderContext context{.doublePercent = isOwnDialect && backend != Backend::Sqlite};
    const Dialect &dialect = dialectFor(backend);
    const Result<QString> sql = dialect.expression(expression, context);
    return sql ? Result<QString>(dialect.finished(*sql, context)) : sql;
}

QList<LossNote> printedNotes(const QList<EvalResult::Printed> &lines)
{
    QList<LossNote> notes;
    for (const EvalResult::Printed &line : lines)
        notes.append(
            {u"prints \"%1\": Alembic puts that into an offline script, where it is no SQL; "
             "it is left out."_s.arg(line.text),
             line.span});
    return notes;
}

void write(ByteWriter &out, const QMap<QString, QString> &texts)
{
    out.texts(texts.keys());
    out.texts(texts.values());
}

/// What else a self-contained evaluation depends on (EvalResult::isSelfContained), as one word.
QByteArray requestDigest(const Scripts::Options &options, const QMap<QString, QString> &convention)
{
    ByteWriter out;
    out.text(options.engine);
    write(out, convention);
    write(out, options.types);
    write(out, options.facts.values);
    write(out, options.facts.variables);
    write(out, options.facts.answers);
    return QCryptographicHash::hash(out.bytes, QCryptographicHash::Sha1).toHex();
}

QString cacheKind(Backend backend, Direction direction, bool offline)
{
    return u"%1-%2-%3"_s.arg(backendName(backend),
                             direction == Direction::Upgrade ? u"upgrade"_s : u"downgrade"_s,
                             offline ? u"offline"_s : u"online"_s);
}

StepStatus stepStatus(EvalResult::Status status)
{
    switch (status) {
    case EvalResult::Status::Ok: return StepStatus::Ok;
    case EvalResult::Status::NeedsConnection: return StepStatus::NeedsConnection;
    case EvalResult::Status::Unsupported: return StepStatus::Unsupported;
    case EvalResult::Status::Error: return StepStatus::Error;
    }
    return StepStatus::Error;
}

} // namespace

struct Scripts::Private
{
    QList<RevisionFile> files{};
    Options options{};
    QString urlText{}; // of the options' URL
    mutable std::once_flag environmentRead{};
    mutable QMap<QString, QString> convention{};
    mutable bool drawsClauses = false;
    mutable QMutex mutex{}; // guards what follows
    mutable QCache<int, std::shared_ptr<const Script>> parsed{mostParsedBytes};
    using CacheKey = std::tuple<Backend, Direction, bool>;
    mutable std::map<CacheKey, OperationCache> caches{};

    Result<std::shared_ptr<const Script>> script(int node) const
    {
        {
            const QMutexLocker lock(&mutex);
            if (const auto *known = parsed.object(node))
                return *known;
        }
        const auto bytes = files.at(node).contents();
        if (!bytes)
            return bytes.error();
        auto loaded = Script::load(*bytes, files.at(node).revision.file);
        if (loaded) {
            const QMutexLocker lock(&mutex);
            parsed.insert(node, new std::shared_ptr(*loaded), bytes->size());
        }
        return loaded;
    }

    /// Whether what \a file comes to may be kept: its state has been seen before, so that it was at rest by then.
    bool isKept(const RevisionFile &file) const
    {
        return !options.cacheFolder.isEmpty() && files.size() >= leastFilesForCache && !drawsClauses
               && !file.bytes;
    }

    /// Only with the mutex held.
    OperationCache &cache(const CacheKey &key) const
    {
        if (const auto known = caches.find(key); known != caches.end())
            return known->second;
        const auto &[backend, direction, offline] = key;
        const auto made = caches.try_emplace(key, options.cacheFolder, options.versionFolders,
                                             cacheKind(backend, direction, offline),
                                             requestDigest(options, convention));
        made.first->second.load();
        return made.first->second;
    }

    std::optional<Operations> known(const CacheKey &key, const RevisionFile &file) const
    {
        const QMutexLocker lock(&mutex);
        return cache(key).find(file.revision.file, file.stamp);
    }

    void keep(const CacheKey &key, const RevisionFile &file, const Operations &operations) const
    {
        const QMutexLocker lock(&mutex);
        cache(key).insert(file.revision.file, file.stamp, operations);
    }
};

QList<RevisionFile> inNodeOrder(const RevisionGraph &graph, const QList<RevisionFile> &files)
{
    const auto isAt = [&graph](const RevisionFile &file, int node) {
        return graph.revision(node).file == file.revision.file;
    };
    bool isOrdered = files.size() == graph.revisionCount(); // nearly always
    for (int node = 0; isOrdered && node < graph.revisionCount(); ++node)
        isOrdered = isAt(files.at(node), node);
    if (isOrdered)
        return files;
    QHash<QString, qsizetype> byPath;
    for (qsizetype i = 0; i < files.size(); ++i)
        byPath.insert(files.at(i).revision.file, i);
    QList<RevisionFile> ordered;
    ordered.reserve(files.size());
    for (int node = 0; node < graph.revisionCount(); ++node) {
        const auto file = byPath.constFind(graph.revision(node).file);
        ordered.append(file == byPath.cend() ? RevisionFile{.revision = graph.revision(node)}
                                             : files.at(*file));
        if (file != byPath.cend())
            byPath.erase(file);
    }
    for (qsizetype i = 0; i < files.size(); ++i)
        if (byPath.value(files.at(i).revision.file, -1) == i)
            ordered.append(files.at(i));
    return ordered;
}

Scripts::Scripts(QList<RevisionFile> files, Options options)
    : d(std::make_unique<Private>())
{
    d->files = std::move(files);
    d->options = std::move(options);
    if (d->options.url)
        d->urlText = d->options.url->displayText();
}

Scripts::~Scripts() = default;

const QList<RevisionFile> &Scripts::files() const
{
    return d->files;
}

std::unique_ptr<Scripts> Scripts::with(QList<RevisionFile> files) const
{
    return std::make_unique<Scripts>(std::move(files), d->options);
}

Evaluation Scripts::evaluate(int node, Direction direction, Backend backend, bool offline,
                             const Schema &before, const std::stop_token &stop,
                             LiveConnection *live) const
{
    const RevisionFile &file = d->files.at(node);
    if (file.revision.isSql)
        return evaluateSql(file, direction, backend);
    const auto &url = d->options.url;
    const bool hasUrl = offline && url && url->backend == backend; // a connection has its own
    const auto &convention = namingConvention();
    const Private::CacheKey key{backend, direction, offline};
    const bool isKept = !live && d->isKept(file);
    if (isKept)
        if (auto known = d->known(key, file))
            return {.operations = std::move(*known)};
    const auto script = d->script(node);
    if (!script)
        return failed(script.error(), file.revision.file);
    ScriptFacts facts = d->options.facts;
    facts.answers = ofRevision(facts.answers, file.revision.id);
    EvalResult result = (*script)->evaluate({.backend = backend,
                                             .direction = direction == Direction::Upgrade
                                                              ? EvalRequest::Direction::Up
                                                              : EvalRequest::Direction::Down,
                                             .offline = offline,
                                             .schemaBefore = &before,
                                             .sqlReader = &rawSqlReader(backend),
                                             .namingConvention = convention,
                                             .importsEnvironment = d->drawsClauses,
                                             .engine = d->options.engine,
                                             .versionTable = d->options.versionTable,
                                             .types = d->options.types,
                                             .facts = facts,
                                             .options = d->options.configuration,
                                             .section = d->options.section,
                                             .environmentFile = d->options.environmentFile,
                                             .url = hasUrl ? d->urlText : QString(),
                                             .database = hasUrl ? url->database : QString(),
                                             .searchPath = d->options.searchPath,
                                             .spell = spelled,
                                             .live = live,
                                             .stop = stop});
    if (isKept && result.isSelfContained && result.status == EvalResult::Status::Ok
        && result.printed.isEmpty())
        d->keep(key, file, result.operations);
    return {.status = stepStatus(result.status),
            .reason = std::move(result.reason),
            .file = std::move(result.file),
            .line = result.line,
            .operations = std::move(result.operations),
            .printed = printedNotes(result.printed),
            .databaseError = std::move(result.databaseError)};
}

void Scripts::keepEvaluations() const
{
    const QMutexLocker lock(&d->mutex);
    QList<VersionFile> files;
    for (auto &[key, cache] : d->caches) {
        if (!cache.hasNews())
            continue;
        if (files.isEmpty())
            for (const RevisionFile &file : d->files)
                files.append({.path = file.revision.file, .stamp = file.stamp});
        cache.save(files);
    }
}

const QMap<QString, QString> &Scripts::namingConvention() const
{
    std::call_once(d->environmentRead, [this] {
        const EnvTarget target = d->options.environment ? d->options.environment() : EnvTarget();
        d->convention = target.convention.value_or(QMap<QString, QString>());
        d->drawsClauses = target.drawsClauses;
    });
    return d->convention;
}

QString Scripts::text(int node) const
{
    constexpr qsizetype mostShown = 1 << 20;
    const auto bytes = d->files.at(node).contents();
    if (!bytes)
        return bytes.error().message;
    if (bytes->size() <= mostShown)
        return QString::fromUtf8(*bytes);
    const qsizetype end = bytes->lastIndexOf('\n', mostShown) + 1;
    return QString::fromUtf8(bytes->constData(), end > 0 ? end : mostShown)
           + u"\n-- %1 MiB in all; the rest is not shown.\n"_s.arg(bytes->size() >> 20);
}

} // namespace tribikos
