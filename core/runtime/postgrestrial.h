#pragma once

#include "core/runtime/trial.h"

namespace tribikos {

/// tryPlan() on PostgreSQL: a run whose one transaction is rolled back at its end.
Trial tryPostgres(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                  const RunProgress &progress, const std::stop_token &stop);

} // namespace tribikos
