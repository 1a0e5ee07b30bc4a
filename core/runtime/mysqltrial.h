#pragma once

#include "core/runtime/trial.h"

namespace tribikos {

/// tryPlan() on MySQL and MariaDB: nothing of the plan runs. An ALTER TABLE is asked on an empty clone of its table,
/// made beside it and dropped again, which ALGORITHM and LOCK the server would do it with.
Trial tryMySql(const Plan &plan, const ConnectionSpec &spec, const std::stop_token &stop);

/// An ALTER TABLE, CREATE INDEX or DROP INDEX taken apart; an empty table: it is none.
struct TableChange
{
    QString table{};  // as written, quotes and schema included
    QString before{}; // what stands before the table, and behind it
    QString after{};
};
TableChange tableChange(const QString &sql);
/// Whether every one of an ALTER TABLE's \a clauses, TableChange::after, touches columns, keys and plain options only:
/// no other table, no partition, and not the table's name.
bool changesTableAlone(const QString &clauses);

} // namespace tribikos
