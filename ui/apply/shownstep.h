#pragma once

#include "core/plan/plan.h"

namespace tribikos {

/// The SQL of one step as its run does it, with the transaction that is around it.
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
};

/// What \a step of \a plan runs, statement by statement; where nothing is run from here (servers),
/// the script's own text.
ShownStep shownStep(const Plan &plan, const PlanStep &step);

/// Whether some statement of \a plan runs outside of its step's transaction.
bool hasStatementsOutside(const Plan &plan);

} // namespace tribikos
