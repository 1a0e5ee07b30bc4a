#pragma once

#include "core/plan/transactionmap.h"
#include "core/project/usecases.h"

#include <QListWidget>

namespace tribikos {

/// One thing that was looked at before a plan runs.
struct ApplyCheck
{
    enum class Kind { Fine, Info, Warning, Error };
    Kind kind = Kind::Fine;
    QString text{};
    int step = -1; // index into Plan::steps; -1: about all of it
    friend bool operator==(const ApplyCheck &, const ApplyCheck &) = default;
};

/// What can be said of \a plan before it runs on \a environment: where it begins, what it can lose, what can't be
/// rolled back. What concerns one step stands behind what concerns all.
QList<ApplyCheck> checksOf(const Plan &plan, const TransactionMap &map, const QString &environment);
/// What came out when the plan was tried: a line a statement, what would change, what the database said.
QList<ApplyCheck> checksOf(const TrialOutcome &outcome);
int warningCount(const QList<ApplyCheck> &checks);

/// A list of checks, each with its glyph; choosing one that concerns a step says so.
class ChecksView final : public QListWidget
{
    Q_OBJECT
public:
    explicit ChecksView(QWidget *parent = nullptr);
    void setChecks(const QList<ApplyCheck> &checks);
    void append(const QList<ApplyCheck> &checks);

signals:
    void stepChosen(int step);

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour(QListWidgetItem *item) const;
};

} // namespace tribikos
