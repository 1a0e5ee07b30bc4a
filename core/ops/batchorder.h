#pragma once

#include "core/ops/operation.h"

#include <QStringList>

namespace tribikos {

/// The columns of a table that batch_alter_table copies, in the order that Alembic's own sorting gives them
/// (ApplyBatchImpl): where insert_before, insert_after and partial_reordering have a say, and where not.
/// insert_before and insert_after of alter_column, which Alembic takes and forgets, have none.
QStringList batchColumnOrder(const QStringList &existing, const BatchAlterTable &batch);

} // namespace tribikos
