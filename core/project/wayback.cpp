#include "core/project/wayback.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QStringList sorted(QStringList rows)
{
    rows.sort();
    return rows;
}

} // namespace

Result<Plan> planWayBack(const Project &project, Backend backend, const PlanStart &start,
                         Direction ran, const QStringList &rows, const std::stop_token &stop)
{
    if (ran == Direction::Stamp)
        return project.planStamp(backend, start, rows.isEmpty() ? QStringList{u"base"_s} : rows,
                                 true);
    const bool isDown = ran == Direction::Upgrade;
    const QStringList targets = rows.isEmpty() ? QStringList{u"base"_s} : rows;
    std::optional<Error> failed;
    for (const QString &target : targets) {
        Result<Plan> plan = isDown ? project.planDowngrade(backend, start, target, stop)
                                   : project.planUpgrade(backend, start, target, stop);
        if (plan && sorted(plan->endRows) == sorted(rows))
            return plan;
        if (!plan && !failed)
            failed = plan.error();
    }
    if (failed)
        return *failed;
    return Error{
        .code = ErrorCode::Conflict,
        .message =
            u"No single %1 leads back to %2: take one branch after the other from the history."_s
                .arg(isDown ? u"downgrade"_s : u"upgrade"_s, rows.join(u", "_s))};
}

} // namespace tribikos
