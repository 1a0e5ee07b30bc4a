#include "ui/environments/keychain.h"
#include "ui/shell/projectcontroller.h"

#include "core/base/text.h"
#include "core/project/revisioncache.h"
#include "ui/shell/problems.h"
#include "ui/shell/projectwatcher.h"
#include "ui/shell/settings.h"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 clockTickNs = 20'000'000; // file times lag behind by as much

struct Reading
{
    Result<EnvironmentState> state;
    QMap<QString, RevisionState> states{};
};

/// The file or URL, as the log of runs has it; empty when the URL makes no sense.
QString databaseOf(const Environment &environment)
{
    const Result<ConnectionSpec> spec = connectionFor(environment);
    if (!spec)
        return {};
    return redactedText(spec->backend == Backend::Sqlite ? spec->database : spec->url);
}

Reading readOne(const ProjectPtr &project, const Environment &environment,
                const std::stop_token &stop)
{
    Reading reading{readEnvironment(*project, environment, stop)};
    if (reading.state)
        reading.states = revisionStates(*project, *reading.state);
    return reading;
}

/// What a server's password is held under; empty where the URL has it, or no password could be used.
QString passwordEntry(const Environment &environment)
{
    const Result<DatabaseUrl> url = parseDatabaseUrl(environment.url);
    return url && url->backend != Backend::Sqlite && !url->hasPassword ? Keychain::entryOf(*url)
                                                                       : QString();
}

} // namespace

ProjectController::ProjectController(Settings *settings, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_watcher(new ProjectWatcher(this))
    , m_lookJob(new JobSlot(this))
    , m_openJob(newSlot())
    , m_detailsJob(newSlot())
    , m_schemaJob(newSlot())
    , m_viewJob(newSlot())
    , m_compareJob(newSlot())
    , m_runsJob(newSlot())
    , m_runJob(newSlot())
{
    connect(m_watcher, &ProjectWatcher::mayHaveChanged, this, &ProjectController::rereadIfChanged);
}

ProjectController::~ProjectController() = default;

JobSlot *ProjectController::newSlot()
{
    auto *slot = new JobSlot(this);
    connect(slot, &JobSlot::runningChanged, this, &ProjectController::busyChanged);
    return slot;
}

bool ProjectController::isBusy() const
{
    const auto isRunning = [](const JobSlot *slot) { return slot->isRunning(); };
    const QList<JobSlot *> fixed{m_openJob,   m_detailsJob, m_schemaJob, m_viewJob, m_compareJob,
                                 m_runsJob,   m_runJob};
    return std::ranges::any_of(fixed, isRunning)
           || std::ranges::any_of(m_readJobs,
                                  [&](const auto &job) { return isRunning(job.second); });
}

void ProjectController::open(const OpenRequest &request)
{
    emit opening(request.path);
    m_isOpening = true;
    read(request);
}

void ProjectController::read(const OpenRequest &request)
{
    const qint64 startedNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    m_openJob->start(
        [request](const std::stop_token &stop) {
            OpenRequest cached = request;
            cached.cacheFolder = RevisionCache::standardFolder();
            return Project::open(cached, stop);
        },
        [this, request, startedNs](const Result<ProjectPtr> &result) {
            const bool isOpened = std::exchange(m_isOpening, false);
            if (!result) {
                emit openFailed(result.error());
                rereadIfChanged(); // the one that stays: changes were left alone meanwhile
                return;
            }
            if (isOpened)
                m_stamp.reset();
            m_openedNs = startedNs;
            m_request = request;
            setProject(*result);
        });
}

void ProjectController::refresh()
{
    if (m_project)
        open(m_request);
}

void ProjectController::rereadIfChanged()
{
    if (!m_project)
        return;
    m_lookAgain = m_lookJob->isRunning(); // what it has looked at already may change behind it
    if (m_lookAgain)
        return;
    m_lookJob->start(
        [project = m_project](const std::stop_token &) {
            const ProjectStamp stamp = projectStamp(*project);
            return Look{stamp, watchedPaths(*project, stamp)};
        },
        [this](const Look &look) { takeLook(look); });
}

/// The stamp is older than the reading that it leads to, so nothing that changes meanwhile is missed.
void ProjectController::takeLook(const Look &look)
{
    m_watcher->watch(look.paths);
    if (m_isOpening) // which reads this project anew, or leaves it
        return;
    const bool isChanged =
        m_stamp ? *m_stamp != look.stamp : look.stamp.isNewerThan(m_openedNs - clockTickNs);
    m_stamp = look.stamp;
    if (isChanged)
        read(m_request);
    if (std::exchange(m_lookAgain, false))
        rereadIfChanged();
}

void ProjectController::stopWatching()
{
    m_lookJob->cancel();
    m_lookAgain = false;
    m_watcher->watch({});
}

void ProjectController::close()
{
    for (JobSlot *job : {m_openJob, m_detailsJob, m_schemaJob, m_viewJob, m_compareJob, m_runsJob, m_runJob})
        job->cancel();
    m_isOpening = false;
    cancelReading();
    stopWatching();
    m_project.reset();
    m_environments.clear();
    emit switched();
}

void ProjectController::cancelReading()
{
    for (const auto &[name, job] : m_readJobs)
        job->cancel();
    m_readings.clear();
    m_environment.clear();
}

void ProjectController::setProject(const ProjectPtr &project)
{
    const bool isSame = m_project && m_project->path() == project->path();
    for (JobSlot *job : {m_detailsJob, m_schemaJob, m_viewJob, m_compareJob})
        job->cancel();
    m_project = project;
    if (!isSame) {
        cancelReading();
        stopWatching();
        emit switched();
        m_backend = project->defaultBackend();
        m_settings->addRecentProject(project->path());
    }
    collectEnvironments();
    if (!environment())
        chooseFirstEnvironment();
    emit opened();
    readEnvironments();
    if (!environment())
        requestComparison();
    rereadIfChanged(); // and starts to listen
}

void ProjectController::collectEnvironments()
{
    m_environments.clear();
    for (const Environment &one : m_project->environments()) {
        const bool isKnown = std::ranges::any_of(m_environments, [&one](const Environment &other) {
            return other.name != one.name && !databaseOf(one).isEmpty()
                   && databaseOf(other) == databaseOf(one);
        });
        if (!isKnown) // the same database under a second name says nothing new
            m_environments << one;
    }
    for (Environment own : m_settings->environments(m_project->path())) {
        own.folder = m_project->config().root; // as a project's own: never the folder we were started in
        const bool isKnown = std::ranges::any_of(
            m_environments, [&own](const Environment &other) { return other.name == own.name; });
        if (!isKnown)
            m_environments << own;
    }
    givePasswords();
}

void ProjectController::givePasswords()
{
    for (Environment &one : m_environments) {
        const auto held = m_passwords.constFind(passwordEntry(one));
        if (held != m_passwords.cend())
            one.password = *held;
    }
}

void ProjectController::holdPassword(const Environment &environment, const QString &password,
                                     bool keepsPassword)
{
    const QString entry = passwordEntry(environment);
    if (entry.isEmpty() || password.isEmpty())
        return;
    m_passwords.insert(entry, password);
    if (keepsPassword)
        Keychain::write(entry, password, this, [this](const QString &problem) {
            if (!problem.isEmpty())
                emit keychainFailed(problem);
        });
}

/// Unless another environment of the project is the same database.
void ProjectController::forgetPassword(const QString &entry)
{
    if (entry.isEmpty() || std::ranges::any_of(m_environments, [&entry](const Environment &one) {
            return passwordEntry(one) == entry;
        }))
        return;
    m_passwords.remove(entry);
    Keychain::remove(entry);
}

bool ProjectController::takesPassword(const Environment &environment)
{
    return !passwordEntry(environment).isEmpty();
}

void ProjectController::connectAgain(const QString &name, const QString &password, bool keepsPassword)
{
    const auto found = std::ranges::find(m_environments, name, &Environment::name);
    if (found == m_environments.cend())
        return;
    holdPassword(*found, password, keepsPassword);
    givePasswords();
    readEnvironmentNow(name);
}

void ProjectController::chooseFirstEnvironment()
{
    m_environment = m_settings->lastEnvironment(m_project->path());
    if (!environment()) {
        const auto harmless = std::ranges::find_if(
            m_environments, [](const Environment &one) { return !one.isProtected; });
        m_environment = harmless != m_environments.cend() ? harmless->name
                        : m_environments.isEmpty()        ? QString()
                                                          : m_environments.first().name;
    }
    if (const Environment *chosen = environment())
        m_backend = chosen->backend;
}

const Environment *ProjectController::environment() const
{
    const auto found = std::ranges::find(m_environments, m_environment, &Environment::name);
    return found == m_environments.cend() ? nullptr : &*found;
}

void ProjectController::setEnvironment(const QString &name)
{
    if (name == m_environment)
        return;
    m_environment = name;
    const Environment *chosen = environment();
    if (!chosen)
        return;
    m_settings->setLastEnvironment(m_project->path(), name);
    emit environmentChanged();
    setBackend(chosen->backend);
    readEnvironmentNow(name);
}

void ProjectController::addEnvironment(const Environment &environment, bool keepsPassword)
{
    holdPassword(environment, environment.password.value_or(QString()), keepsPassword);
    QList<Environment> own = m_settings->environments(m_project->path());
    own.removeIf([&](const Environment &other) { return other.name == environment.name; });
    own << environment;
    m_settings->setEnvironments(m_project->path(), own);
    collectEnvironments();
    emit environmentsChanged();
    setEnvironment(environment.name);
}

bool ProjectController::isOwnEnvironment(const QString &name) const
{
    if (!m_project)
        return false;
    const QList<Environment> ofProject = m_project->environments();
    const QList<Environment> own = m_settings->environments(m_project->path());
    return std::ranges::find(ofProject, name, &Environment::name) == ofProject.cend()
           && std::ranges::find(own, name, &Environment::name) != own.cend();
}

void ProjectController::forgetEnvironment(const QString &name)
{
    QList<Environment> own = m_settings->environments(m_project->path());
    own.removeIf([&name](const Environment &other) { return other.name == name; });
    m_settings->setEnvironments(m_project->path(), own);
    if (const auto job = m_readJobs.find(name); job != m_readJobs.end())
        job->second->cancel();
    m_readings.remove(name);
    if (m_environment == name)
        m_environment.clear();
}

void ProjectController::changeEnvironment(const QString &name, const Environment &environment,
                                          bool keepsPassword)
{
    if (!isOwnEnvironment(name))
        return;
    forgetEnvironment(name);
    addEnvironment(environment, keepsPassword);
}

void ProjectController::removeEnvironment(const QString &name)
{
    if (!isOwnEnvironment(name))
        return;
    const bool wasChosen = m_environment == name;
    const auto removed = std::ranges::find(m_environments, name, &Environment::name);
    const QString entry = removed == m_environments.cend() ? QString() : passwordEntry(*removed);
    forgetEnvironment(name);
    collectEnvironments();
    forgetPassword(entry);
    if (wasChosen)
        chooseFirstEnvironment();
    emit environmentsChanged();
    if (!wasChosen)
        return;
    emit environmentChanged();
    if (environment())
        readEnvironmentNow(m_environment);
    else
        requestComparison();
}

QStringList ProjectController::databases() const
{
    QStringList all;
    for (const Environment &one : m_environments)
        all << databaseOf(one);
    all.removeAll({});
    return all;
}

EnvironmentReading ProjectController::reading(const QString &name) const
{
    return m_readings.value(name);
}

EnvironmentReading ProjectController::reading() const
{
    return m_readings.value(m_environment);
}

QList<KnownStates> ProjectController::knownStates() const
{
    QList<KnownStates> all;
    for (const Environment &one : m_environments) {
        const EnvironmentReading known = m_readings.value(one.name);
        all.append({.environment = one.name,
                    .isKnown = known.state && known.state->unknown.isEmpty(),
                    .states = known.states});
    }
    return all;
}

/// Files are looked at unasked; a server only when it is the chosen one.
void ProjectController::readEnvironments()
{
    for (const Environment &one : std::as_const(m_environments)) {
        if (one.backend == Backend::Sqlite || one.name == m_environment)
            readEnvironmentNow(one.name);
    }
}

void ProjectController::readEnvironmentNow(const QString &name)
{
    const auto found = std::ranges::find(m_environments, name, &Environment::name);
    if (found == m_environments.cend())
        return;
    m_readings[name].isReading = true;
    emit readingChanged(name);
    if (!asksKeychain(*found))
        startReading(*found);
}

/// Whether the keychain has to be waited for: it is asked once for each server whose password isn't known.
bool ProjectController::asksKeychain(const Environment &environment)
{
    const QString entry = passwordEntry(environment);
    if (entry.isEmpty() || m_passwords.contains(entry) || m_asked.contains(entry))
        return false;
    m_asked.insert(entry);
    Keychain::read(entry, this, [this, entry, name = environment.name](const auto &password) {
        if (password)
            m_passwords.insert(entry, *password);
        givePasswords();
        const auto found = std::ranges::find(m_environments, name, &Environment::name);
        if (found != m_environments.cend() && passwordEntry(*found) == entry) // else another project is open by now
            startReading(*found);
    });
    return true;
}

void ProjectController::startReading(const Environment &environment)
{
    const QString name = environment.name;
    JobSlot *&job = m_readJobs[name];
    if (!job)
        job = newSlot();
    job->start([project = m_project, environment](
                   const std::stop_token &stop) { return readOne(project, environment, stop); },
               [this, name](const Reading &result) {
                   EnvironmentReading &reading = m_readings[name];
                   reading = {};
                   if (result.state)
                       reading.state = *result.state;
                   else
                       reading.error = result.state.error();
                   reading.states = result.states;
                   emit readingChanged(name);
                   if (name == m_environment)
                       requestComparison();
               });
}

void ProjectController::setBackend(Backend backend)
{
    if (backend == m_backend)
        return;
    m_backend = backend;
    emit backendChanged();
}

void ProjectController::requestDetails(const QString &revision)
{
    if (!m_project)
        return;
    m_detailsJob->start(
        [project = m_project, backend = m_backend, revision](const std::stop_token &stop) {
            RevisionDetails details = project->details(backend, revision, stop);
            if (details.script.isEmpty())
                details.script = unreadableScript(*project, revision);
            return details;
        },
        [this](const RevisionDetails &details) { emit detailsReady(details); });
}

void ProjectController::requestSchema(const QString &revision)
{
    if (!m_project)
        return;
    m_schemaJob->start(
        [project = m_project, backend = m_backend, revision](const std::stop_token &stop) {
            return project->schemaAt(backend, {revision}, stop);
        },
        [this, revision](const Schema &schema) { emit schemaReady(revision, schema); });
}

void ProjectController::requestSchemaView(const SchemaSource &source)
{
    if (!m_project)
        return;
    const Environment *chosen = environment();
    const bool isDatabase = chosen && source.kind == SchemaSource::Kind::Database;
    const Backend backend = isDatabase ? chosen->backend : m_backend;
    const auto state = std::make_shared<std::optional<EnvironmentState>>(reading().state);
    m_viewJob->start(
        [project = m_project, backend, source, state](const std::stop_token &stop) {
            return readSchemaView(*project, backend, source, *state ? &**state : nullptr, stop);
        },
        [this, backend](const Result<SchemaView> &view) {
            if (view)
                emit schemaViewReady(*view, backend);
            else
                emit schemaViewFailed(view.error());
        });
}

void ProjectController::requestComparison()
{
    if (!m_project)
        return;
    const Environment *chosen = environment();
    const Backend backend = chosen ? chosen->backend : m_backend;
    const auto state = std::make_shared<std::optional<EnvironmentState>>(reading().state);
    emit comparing();
    m_compareJob->start(
        [project = m_project, backend, state](const std::stop_token &stop) {
            return compareProject(*project, backend, *state ? &**state : nullptr, stop);
        },
        [this](const Result<Comparison> &result) {
            if (result)
                emit compared(*result);
            else
                emit compareFailed(result.error());
        });
}

void ProjectController::requestRuns()
{
    m_runsJob->start([](const std::stop_token &) { return recentRuns(runLogFolder()); },
                     [this](const QList<RunSummary> &runs) { emit runsReady(runs); });
}

void ProjectController::requestRun(const QString &file)
{
    m_runJob->start([file](const std::stop_token &) { return readRun(file); },
                    [this](const Result<RunRecord> &record) {
                        if (record)
                            emit runReady(*record);
                        else
                            emit runFailed(record.error());
                    });
}

} // namespace tribikos
