#pragma once

#include "core/ops/operation.h"

namespace tribikos {

/// MySQL keeps no foreign key without an index that begins with its columns, and drops no index that is the only one.
/// The key that \a operation would leave without any in \a schema; null: there is none.
const ForeignKey *keyThatHolds(const DropIndex &operation, const Schema &schema);

} // namespace tribikos
