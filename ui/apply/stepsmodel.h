#pragma once

#include "core/plan/plan.h"
#include "core/runtime/run.h"

#include <QAbstractListModel>
#include <QElapsedTimer>

namespace tribikos {

/// The steps of one plan and how far a run of it has come, told by the run's events. Values only:
/// it neither runs nor cancels anything.
class StepsModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum class State { Waiting, Running, Done, Failed, RolledBack };
    enum Role {
        StateRole = Qt::UserRole + 1, // int, a State
        RevisionRole,                 // QString
        DetailRole,                   // QString, the second line
        FractionRole,                 // double 0…1 of a running step, else -1
    };

    using QAbstractListModel::QAbstractListModel;

    void setPlan(const Plan &plan);
    const Plan &plan() const { return m_plan; }
    /// Takes one event of a run; \a now is when it happened, for the line under a finished step.
    void apply(const RunEvent &event);
    /// The run is over: what was running did not come to its end.
    void setEnded(const RunReport &report);
    int currentStep() const { return m_current; } // -1: none yet
    State stateAt(int row) const { return m_steps[row].state; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Progress
    {
        State state = State::Waiting;
        int done = 0;
        int statements = 0;
        qint64 microseconds = 0;
        QDateTime committed{};
        QString note{}; // what it waits for, why it failed
    };
    QString detail(int row) const;
    QString accessibleText(int row) const;
    void stepChanged(int row);

    Plan m_plan{};
    QList<Progress> m_steps{};
    int m_current = -1;
};

/// The line of the log for \a event.
QString logLine(const RunEvent &event, const Plan &plan);

} // namespace tribikos
