#pragma once

#include "core/project/mergeforecast.h"

#include <QObject>

namespace tribikos {

struct Actions;
class ForecastDialog;
class HistoryEditing;
class HistoryFacts;
class HistoryPage;
class ProjectController;
class RescueDialog;

/*!
    What the window offers where the project lies in a repository, and nothing where it doesn't: the forecast of a merge,
    with what it left to be done once the branches are one, and the search for revisions that no file has. Lives on the
    window's thread.
*/
class GitCommands final : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this; \a window is the dialogs' parent.
    GitCommands(ProjectController *controller, HistoryFacts *facts, HistoryEditing *editing,
                HistoryPage *page, Actions *actions, QWidget *window);

    void updateActions();
    ForecastDialog *openForecast();
    /// Looks for \a id; null when there is nothing to look in.
    RescueDialog *openRescue(const QString &id);
    /// What the chosen database is at and no file has, or else the selected missing parent; empty: neither.
    QString lostRevision() const;

signals:
    /// The chosen database is to be stamped at the revisions.
    void stampRequested(const QStringList &targets);

private:
    void remember(const AfterMerge &afterMerge);
    void offerWhatIsDue();
    void doWhatIsDue();

    ProjectController *m_controller = nullptr;
    HistoryFacts *m_facts = nullptr;
    HistoryEditing *m_editing = nullptr;
    HistoryPage *m_page = nullptr;
    Actions *m_actions = nullptr;
    QWidget *m_window = nullptr;
    std::optional<AfterMerge> m_afterMerge{};
    bool m_isOffered = false; // the notice speaks of it
};

} // namespace tribikos
