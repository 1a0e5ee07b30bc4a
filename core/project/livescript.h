#pragma once

#include "core/plan/planner.h"
#include "core/project/scripts.h"

namespace tribikos {

/// The step of a script that reads rows: evaluated while it runs. It keeps what it needs of the project alive.
class LiveScript final : public LiveStep
{
public:
    /// \a request as for a plan of this step, without its schema.
    LiveScript(std::shared_ptr<const Scripts> scripts, int node, Direction direction,
               PlanRequest request);

    Status run(LiveDatabase &database, const std::stop_token &stop) const override;
    QByteArray digest() const override;

private:
    const std::shared_ptr<const Scripts> m_scripts;
    const int m_node;
    const Direction m_direction;
    const PlanRequest m_request;
};

} // namespace tribikos
