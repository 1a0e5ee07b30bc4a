#pragma once

#include "core/project/modelrevision.h"
#include "ui/shell/jobslot.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace tribikos {

class ChangesPage;
class ProjectController;

/// What a revision with the chosen differences would say.
struct DraftTexts
{
    int changes = 0;         // how many directives there are
    QString script{};        // the whole file; empty: there is nothing to write
    QString language{};      // "python" or "sql"
    QString statements{};    // of the upgrade
    QString reason{};        // why there is no script
    QStringList notes{};
};

/*!
    Keeps the Changes page's draft of a revision in step with what is ticked there: of all that needs a revision where
    nothing is. The models are compared once per comparison, with the chosen database where it is at its head, else with
    what the migrations make; all of it on a worker thread.
*/
class RevisionDraft final : public QObject
{
    Q_OBJECT
public:
    RevisionDraft(ProjectController *controller, ChangesPage *page, QObject *parent = nullptr);

    /// What was compared is no longer true.
    void forget();
    bool isBusy() const { return m_wait.isActive() || m_job.isRunning(); }
    /// The models' changes that settle what is chosen; null while there are none. For the dialog that writes them.
    std::shared_ptr<const ModelRevision> chosen() const { return m_chosen; }

signals:
    void busyChanged();

private:
    using Known = std::shared_ptr<const ModelRevision>;
    struct Drawn
    {
        Known all{};
        Known chosen{};
        DraftTexts texts{};
    };
    void draw();
    void show(const Result<Drawn> &drawn);

    ProjectController *m_controller = nullptr;
    ChangesPage *m_page = nullptr;
    Known m_all{};
    Known m_chosen{};
    QTimer m_wait{}; // several ticks in a row are one change
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
