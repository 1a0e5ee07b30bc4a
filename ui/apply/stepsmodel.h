#pragma once

#include "core/plan/transactionmap.h"
#include "core/runtime/run.h"

#include <QAbstractListModel>
#include <QDateTime>
#include <QHash>

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

    void setPlan(const Plan &plan, const TransactionMap &map);
    const Plan &plan() const { return m_plan; }
    const TransactionMap &map() const { return m_map; }
    /// Takes one event of a run, or all that happened in the meantime.
    void apply(const RunEvent &event) { apply(QList<RunEvent>{event}); }
    void apply(const QList<RunEvent> &events);
    /// The clock of what runs has moved on to \a now.
    void tick(const QDateTime &now);
    /// The run is over: what was running did not come to its end.
    void setEnded(const RunReport &report);
    int currentStep() const { return m_current; } // -1: none yet
    State stateAt(int row) const { return m_steps[row].state; }
    /// By statement, how long each of a step's took, in microseconds.
    const QHash<int, qint64> &timesAt(int row) const { return m_steps[row].times; }
    /// What a step that reads rows has come to say.
    const QStringList &toldAt(int row) const { return m_steps[row].told; }
    /// How long the step has been running.
    QString clockAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Progress
    {
        State state = State::Waiting;
        int done = 0;
        int begun = -1; // the statement that was started last
        int statements = 0;
        qint64 microseconds = 0;
        QDateTime started{};
        QDateTime committed{};
        QString note{}; // what it waits for, why it failed
        QHash<int, qint64> times{};
        QStringList told{};
    };
    bool applyOne(const RunEvent &event);
    QString detail(int row) const;
    QString waitingDetail(int row) const;
    QString stoppedDetail(int row) const;
    int lasting(int row) const;
    QString accessibleText(int row) const;
    void stepChanged(int row);

    Plan m_plan{};
    TransactionMap m_map{};
    QDateTime m_now{};
    QList<Progress> m_steps{};
    int m_current = -1;
};

/// "00:12", "1:02:07".
QString clockText(qint64 seconds);

/// The line of the log for \a event.
QString logLine(const RunEvent &event, const Plan &plan);

} // namespace tribikos
