#pragma once

#include "core/pyread/sa/tables.h"

namespace tribikos::py::sa {

/// \a name as the schema so far knows it: PostgreSQL's "public" is where most scripts name none.
TableName knownName(Interpreter &interpreter, const TableName &name);
/// What the database calls a constraint of \a table: its name, the one that the server gave it, None
/// on SQLite; an Unknown where nobody can tell.
Value databaseName(Interpreter &interpreter, const Table &table, const Constraint &constraint);
/// `foreign_keys`, `foreign_key_constraints`, `constraints`, `primary_key` or `indexes` of a reflected
/// table.
Value reflectedKeys(Interpreter &interpreter, TableObject &table, const QString &attribute);

} // namespace tribikos::py::sa
