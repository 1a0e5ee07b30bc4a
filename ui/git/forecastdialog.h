#pragma once

#include "core/git/repository.h"
#include "core/project/mergeforecast.h"
#include "ui/shell/jobslot.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeWidget;

namespace tribikos {

class EmptyState;
class HistoryModel;
class HistoryView;
class InlineBanner;
class ProjectController;

/*!
    What merging another branch would make of the history: the graph of both, its heads, the tables that both sides
    touch. Reads the repository and changes nothing; what is to be done once the branches are merged can be left with
    the window. Follows the files while it is open.
*/
class ForecastDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ForecastDialog(ProjectController *controller, QWidget *window);

    bool isBusy() const { return m_refsJob.isRunning() || m_job.isRunning(); }
    /// Asks for the merge with \a ref.
    void choose(const QString &ref);
    const std::optional<MergeForecast> &forecast() const { return m_forecast; }

signals:
    void leftToDo(const tribikos::AfterMerge &afterMerge);

private:
    QWidget *buildBar();
    QWidget *buildBody();
    QWidget *buildFooter();
    void listRefs();
    void showRefs(const QList<GitRef> &refs);
    void load();
    void showForecast(const Result<MergeForecast> &forecast);
    void showOverlaps();
    void showWaysOut();
    void leave(bool reparents);

    ProjectController *m_controller = nullptr;
    std::optional<MergeForecast> m_forecast{};
    QComboBox *m_ref = nullptr;
    InlineBanner *m_verdict = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    HistoryModel *m_model = nullptr;
    HistoryView *m_view = nullptr;
    QLabel *m_overlapTitle = nullptr;
    QTreeWidget *m_overlaps = nullptr;
    QLabel *m_notes = nullptr;
    QLabel *m_hint = nullptr;
    QToolButton *m_copy = nullptr;
    QPushButton *m_merge = nullptr;
    QPushButton *m_reparent = nullptr;
    JobSlot m_refsJob{};
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
