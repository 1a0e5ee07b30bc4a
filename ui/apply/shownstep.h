#pragma once

#include "core/plan/transactionmap.h"
#include "ui/sql/sqlview.h"

namespace tribikos {

/// The SQL of one step as its run does it, with the transactions that are around it.
struct ShownStep
{
    struct Lines
    {
        int first = 0; // 1-based; 0: not in the text
        int count = 0;
    };
    QString text{};
    QList<Lines> statements{}; // by the number that a RunEvent has
    QList<int> frameLines{};   // 1-based: BEGIN, COMMIT and what is said about them
    QList<SqlView::Bracket> brackets{};
};

/// What \a plan runs in its step \a step, statement by statement, \a map saying where transactions begin and end.
ShownStep shownStep(const Plan &plan, const TransactionMap &map, int step);
/// The same of a step that reads rows, with the statements that it has come to.
ShownStep shownSoFar(const Plan &plan, const TransactionMap &map, int step, const QStringList &statements);

} // namespace tribikos
