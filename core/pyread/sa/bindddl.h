#pragma once

#include "core/pyread/sa/tables.h"

/// What Table.create(), MetaData.create_all() and those that drop send to the bind: tables with
/// their types, sequences and the keys that come later (SQLAlchemy's SchemaGenerator, SchemaDropper).
/// Offline there is no database to look into: checkfirst counts for nothing, as it does to Alembic.
namespace tribikos::py::sa {

void createThroughBind(Interpreter &interpreter, TableObject &table, const CallArgs &args);
void dropThroughBind(Interpreter &interpreter, TableObject &table, const CallArgs &args);
void createAllThroughBind(Interpreter &interpreter, MetaDataObject &metadata, const CallArgs &args);
void dropAllThroughBind(Interpreter &interpreter, MetaDataObject &metadata, const CallArgs &args);

} // namespace tribikos::py::sa
