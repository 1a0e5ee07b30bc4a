#pragma once

#include "core/autogenerate/autogenerate.h"
#include "core/base/ignorerules.h"

namespace tribikos {

/// \a changes without what \a rules leave out; of a column's change only what they leave. Their number is added to \a left.
ModelChanges withoutIgnored(const ModelChanges &changes, const IgnoreRules &rules, int *left);

} // namespace tribikos
