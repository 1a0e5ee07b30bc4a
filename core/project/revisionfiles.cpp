#include "core/project/revisionfiles.h"

#include "core/config/versionfiles.h"
#include "core/project/cachefile.h"
#include "core/project/revisioncache.h"
#include "core/pyread/header.h"
#include "core/pyread/projectmodules.h"
#include "core/sqlread/sqlscript.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QtConcurrent>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A process that has never had a second thread allocates memory and counts references faster.
constexpr qsizetype leastFilesForThreads = 1500;
/// A SQL script above it is not held while the project is open.
constexpr qint64 largestKeptSqlBytes = 1 << 20;

/// One file's reading: a revision, or the reason why there is none, or both.
struct Reading
{
    std::optional<RevisionFile> file{};
    std::optional<Error> error{};
    bool needsOthers = false; // it says what other modules of the project say
};

QString diagnosticCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Syntax: return u"syntax-error"_s;
    case ErrorCode::Unreadable: return u"unreadable-file"_s;
    default: return u"unusable-script"_s;
    }
}

Diagnostic asDiagnostic(const Error &error, const QString &path)
{
    return {.severity = Severity::Error,
            .code = diagnosticCode(error.code),
            .message = error.message,
            .file = error.file.isEmpty() ? path : error.file,
            .span = {.line = error.line}};
}

Result<Revision> pythonRevision(const QByteArray &bytes, const QString &path, Error *problem,
                                const py::ModuleFinder &finder)
{
    const auto header = py::readHeader(bytes, path, finder);
    if (!header)
        return header.error();
    *problem = header->problem;
    return Revision{.id = header->revision,
                    .downRevisions = header->downRevisions,
                    .labels = header->labels,
                    .dependsOn = header->dependsOn,
                    .message = header->doc,
                    .longDoc = header->longDoc,
                    .createDate = header->createDate,
                    .file = path,
                    .line = header->revisionLine};
}

Result<Revision> sqlRevision(const Result<SqlScript> &script, const QString &path)
{
    if (!script)
        return script.error();
    return Revision{.id = script->revision,
                    .downRevisions = script->downRevisions,
                    .labels = script->labels,
                    .dependsOn = script->dependsOn,
                    .message = script->message,
                    .longDoc = script->message,
                    .createDate = script->created,
                    .file = path,
                    .line = script->revisionLine,
                    .isSql = true};
}

/// A graph of names that nobody could read is a mistake or an attack.
Result<Revision> checkedNames(const Result<Revision> &revision)
{
    constexpr qsizetype mostNames = 5'000;
    constexpr qsizetype longestName = 255;
    if (!revision)
        return revision;
    const auto refuse = [&revision](const QString &what) {
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"%1:%2: The revision %3."_s.arg(QFileInfo(revision->file).fileName())
                             .arg(revision->line)
                             .arg(what),
                     .file = revision->file,
                     .line = revision->line};
    };
    QStringList names = revision->downRevisions + revision->labels + revision->dependsOn;
    if (names.size() > mostNames)
        return refuse(
            u"names %1 others and labels, %2 is the most"_s.arg(names.size()).arg(mostNames));
    names.append(revision->id);
    for (const QString &name : std::as_const(names))
        if (name.size() > longestName)
            return refuse(u"has an id or label of %1 characters, %2 is the most"_s.arg(name.size())
                              .arg(longestName));
    return revision;
}

/// A seed of 100 MiB takes part in the history with its header; the rest is read when it is needed.
Reading readLargeSql(const VersionFile &file)
{
    FileStamp stamp;
    const auto head = readFileHead(file.path, largestSqlHeaderBytes, &stamp);
    const auto revision =
        checkedNames(head ? sqlRevision(readSqlHeader(*head, file.path), file.path)
                          : Result<Revision>(head.error()));
    if (!revision)
        return {.error = revision.error()};
    return {.file = RevisionFile{.revision = *revision, .stamp = stamp}};
}

Reading readOne(const VersionFile &file, const py::ModuleFinder &finder)
{
    if (file.isSql && file.stamp.size > largestKeptSqlBytes)
        return readLargeSql(file);
    FileStamp stamp;
    const auto bytes = readRegularFile(file.path, largestScriptBytes, &stamp);
    if (!bytes)
        return {.error = bytes.error()};
    Error problem;
    bool needsOthers = false;
    auto revision = revisionFrom(*bytes, file.path, &problem, [&](const QString &name) {
        needsOthers = true;
        return finder ? finder(name) : std::nullopt;
    });
    if (!revision)
        return {.error = revision.error()};
    Reading reading{.file = revision.take(), .needsOthers = needsOthers};
    reading.file->stamp = stamp;
    if (!problem.message.isEmpty())
        reading.error = problem;
    return reading;
}

QList<Reading> readAll(const QList<VersionFile> &files, const RevisionCache &cache,
                       const py::ModuleFinder &finder, const std::stop_token &stop)
{
    QList<Reading> readings(files.size());
    Reading *const all = readings.data(); // detached here, not by the threads
    QList<qsizetype> unknown;
    for (qsizetype i = 0; i < files.size(); ++i) {
        if (const Revision *known = cache.find(files[i]))
            all[i].file = RevisionFile{.revision = *known, .stamp = files[i].stamp};
        else
            unknown.append(i);
    }
    const auto read = [&files, &finder, &stop, all](qsizetype i) {
        if (!stop.stop_requested())
            all[i] = readOne(files[i], finder);
    };
    if (unknown.size() < leastFilesForThreads)
        std::ranges::for_each(unknown, read);
    else
        QtConcurrent::blockingMap(unknown, read);
    return readings;
}

/// Keeps what was read without a fault, unless that is what the cache holds already.
void updateCache(const RevisionCache &cache, const QList<Reading> &readings, qint64 startedNs)
{
    QList<RevisionCache::Entry> entries;
    bool isNews = false;
    for (const Reading &reading : readings) {
        if (!reading.file || reading.error || reading.needsOthers
            || !RevisionCache::isSettled(reading.file->stamp, startedNs))
            continue;
        isNews = isNews || reading.file->bytes;
        entries.append({reading.file->stamp, reading.file->revision});
    }
    if (isNews)
        cache.save(entries);
}

QString noRevisions(const QStringList &folders)
{
    QStringList missing = folders;
    missing.removeIf([](const QString &folder) { return QFileInfo(folder).isDir(); });
    if (!missing.isEmpty())
        return u"The versions folder %1 does not exist, so there are no revisions to read."_s.arg(
            missing.join(u", "_s));
    return u"There are no revisions in %1."_s.arg(folders.join(u", "_s));
}

} // namespace

Result<QByteArray> RevisionFile::contents() const
{
    if (bytes)
        return *bytes;
    return readUnchanged(revision.file, revision.isSql ? largestSqlScriptBytes : largestScriptBytes,
                         stamp);
}

Result<RevisionFile> revisionFrom(const QByteArray &bytes, const QString &path, Error *problem,
                                  const py::ModuleFinder &finder)
{
    const bool isSql = versionFileKind(path) == VersionFileKind::Sql;
    const auto revision = checkedNames(isSql ? sqlRevision(readSqlScript(bytes, path), path)
                                             : pythonRevision(bytes, path, problem, finder));
    if (!revision)
        return revision.error();
    return RevisionFile{.revision = *revision, .bytes = bytes};
}

QList<RevisionFile> readRevisionFiles(const ProjectConfig &config, const QStringList &searchPath,
                                      const QString &cacheFolder, Diagnostics *diagnostics,
                                      const std::stop_token &stop)
{
    const QList<VersionFile> paths = findVersionFiles({.folders = config.versionLocations,
                                                       .isRecursive = config.isRecursive,
                                                       .isSourceless = config.isSourceless},
                                                      diagnostics);
    if (paths.isEmpty())
        diagnostics->append({.severity = Severity::Warning,
                             .code = u"no-revisions"_s,
                             .message = noRevisions(config.versionLocations)});
    const qint64 startedNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    RevisionCache cache(paths.size() < leastFilesForCache ? QString() : cacheFolder,
                        config.versionLocations);
    cache.load();
    const QList<Reading> readings = readAll(paths, cache, py::projectFinder(searchPath), stop);
    if (!stop.stop_requested())
        updateCache(cache, readings, startedNs);

    QList<RevisionFile> files;
    files.reserve(readings.size());
    for (qsizetype i = 0; i < readings.size(); ++i) {
        if (readings[i].error) {
            Diagnostic diagnostic = asDiagnostic(*readings[i].error, paths[i].path);
            if (readings[i].file) // the revision has its place; its steps can't be made
                diagnostic.severity = Severity::Warning;
            diagnostics->append(diagnostic);
        }
        if (readings[i].file)
            files.append(*readings[i].file);
    }
    return files;
}

} // namespace tribikos
