#pragma once

#include "core/project/editreach.h"
#include "core/project/projectstamp.h"
#include "core/project/schemaview.h"
#include "core/project/usecases.h"
#include "core/runtime/runlog.h"
#include "ui/apply/applydialog.h"
#include "ui/shell/jobslot.h"

#include <QHash>
#include <QMap>
#include <QObject>
#include <QSet>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace tribikos {

class ProjectWatcher;
class Settings;

/// What is known of one environment's database.
struct EnvironmentReading
{
    bool isReading = false;
    std::optional<EnvironmentState> state{};
    std::optional<Error> error{};
    QMap<QString, RevisionState> states{}; // by revision id
};

/// Makes the plan of a preview for a dialect, from where the database is or from base; called on a worker thread.
using PlanSource = std::function<Result<Plan>(Backend, bool fromBase, const std::stop_token &)>;

/*!
    Owns the open project, the chosen environment and every job that reads them; the only part of
    the window that talks to the facade. Results of what was superseded are dropped. Lives on the
    window's thread.
*/
class ProjectController final : public QObject
{
    Q_OBJECT
public:
    explicit ProjectController(Settings *settings, QObject *parent = nullptr);
    ~ProjectController() override;

    void open(const OpenRequest &request);
    /// Forgets the project and everything that runs for it.
    void close();
    /// Reads files and databases again.
    void refresh();
    /// Looks whether files have changed, and reads them again if so; as it does by itself within a second.
    void rereadIfChanged();
    bool isBusy() const;

    const ProjectPtr &project() const { return m_project; }
    const QList<Environment> &environments() const { return m_environments; }
    const Environment *environment() const; // the chosen one; null: none
    void setEnvironment(const QString &name);
    /// Its password is held in memory, and by the keychain where it \a keepsPassword.
    void addEnvironment(const Environment &environment, bool keepsPassword = false);
    /// Whether the person added it, so that it can be changed and removed here.
    bool isOwnEnvironment(const QString &name) const;
    void changeEnvironment(const QString &name, const Environment &environment,
                           bool keepsPassword = false);
    /// Holds \a password for the database of \a name, as addEnvironment() does, and connects again; empty: connects with
    /// what is known.
    void connectAgain(const QString &name, const QString &password, bool keepsPassword);
    void removeEnvironment(const QString &name);
    /// The databases that runs of this project are about, as the log of runs names them.
    QStringList databases() const;
    EnvironmentReading reading(const QString &name) const;
    /// The chosen environment's; empty when there is none.
    EnvironmentReading reading() const;
    void readEnvironmentNow(const QString &name);
    /// Every environment's, as far as it is known.
    QList<KnownStates> knownStates() const;

    /// The dialect in which SQL is shown.
    Backend backend() const { return m_backend; }
    void setBackend(Backend backend);

    void requestDetails(const QString &revision);
    void requestSchema(const QString &revision);
    void requestSchemaView(const SchemaSource &source);
    void requestComparison();
    void requestRuns();
    void requestRun(const QString &file);

    /// For the chosen environment; \a target as on the command line ("heads", an id, "-1").
    ApplyRequest applyRequest(Direction direction, const QString &target);
    /// What takes back what a broken run has left of a revision.
    ApplyRequest undoRequest();
    /// From the chosen database's position, or from base without one.
    PlanSource previewSource(Direction direction, const QString &target) const;

signals:
    void opening(const QString &path);
    void switched(); // another project than before, or none: nothing shown is true any more
    void opened();
    void openFailed(const tribikos::Error &error);
    void environmentsChanged();
    void environmentChanged(); // another one was chosen
    void readingChanged(const QString &name);
    void backendChanged();
    void detailsReady(const tribikos::RevisionDetails &details);
    void schemaReady(const QString &revision, const tribikos::Schema &schema);
    void schemaViewReady(const tribikos::SchemaView &view, tribikos::Backend backend);
    void schemaViewFailed(const tribikos::Error &error);
    void comparing();
    void compared(const tribikos::Comparison &comparison);
    void compareFailed(const tribikos::Error &error);
    void runsReady(const QList<tribikos::RunSummary> &runs);
    void runReady(const tribikos::RunRecord &record);
    void runFailed(const tribikos::Error &error);
    void busyChanged();
    void keychainFailed(const QString &sentence);

private:
    struct Look
    {
        ProjectStamp stamp{};
        WatchedPaths paths{};
    };
    /// Not where the URL has it, or the database is a file.
    static bool takesPassword(const Environment &environment);
    ApplyRequest emptyRequest(Direction direction);
    ApplyRequest wayBack(Direction ran, const QStringList &rows);
    void read(const OpenRequest &request);
    void takeLook(const Look &look);
    void stopWatching();
    void forgetEnvironment(const QString &name);
    void cancelReading();
    void setProject(const ProjectPtr &project);
    void collectEnvironments();
    void holdPassword(const Environment &environment, const QString &password, bool keepsPassword);
    void givePasswords();
    void forgetPassword(const QString &entry);
    bool asksKeychain(const Environment &environment);
    void startReading(const Environment &environment);
    void chooseFirstEnvironment();
    void readEnvironments();
    JobSlot *newSlot();

    Settings *m_settings = nullptr;
    OpenRequest m_request{};
    ProjectPtr m_project{};
    QList<Environment> m_environments{};
    QString m_environment{};
    QMap<QString, EnvironmentReading> m_readings{};
    QHash<QString, QString> m_passwords{}; // by Keychain::entryOf(), for as long as the program runs
    QSet<QString> m_asked{};               // of the keychain
    Backend m_backend = Backend::Sqlite;
    ProjectWatcher *m_watcher = nullptr;
    JobSlot *m_lookJob = nullptr;
    bool m_lookAgain = false;
    std::optional<ProjectStamp> m_stamp{}; // of the files that were read; nullopt: not looked at yet
    qint64 m_openedNs = 0;                 // when reading began, since 1970
    bool m_isOpening = false; // by open(): what changes of the project meanwhile is no reason to read it
    JobSlot *m_openJob = nullptr;
    JobSlot *m_detailsJob = nullptr;
    JobSlot *m_schemaJob = nullptr;
    JobSlot *m_viewJob = nullptr;
    JobSlot *m_compareJob = nullptr;
    JobSlot *m_runsJob = nullptr;
    JobSlot *m_runJob = nullptr;
    std::map<QString, JobSlot *> m_readJobs{};
};

} // namespace tribikos
