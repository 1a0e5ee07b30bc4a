#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/schema/schema.h"

/*!
    CREATE TABLE and CREATE INDEX as text, read into metadata. SQLite's grammar is read whole; of
    MySQL's and MariaDB's what their common definitions use, and anything else is an Error (Syntax),
    never left out silently; PostgreSQL's own parser reads its own (pgdefinition.h). Linear in time, no recursion, thread-safe.

    What the text says is kept as it says it: types are SqlType{module "reflected", name the text};
    defaults are Value for a quoted string and Text for the rest; checks of a column stand with the
    column, its keys with the table. Column::nullable is always given. SQLite's own clauses are
    Table::options sqlite_autoincrement, sqlite_with_rowid and sqlite_strict; the key of an index
    constraint that is more than names (COLLATE, DESC) is option sqlite_columns, a list of texts.
*/
namespace tribikos {

struct CreateTableText
{
    Table table{}; // opaque and empty when the columns come from a query or a module
    bool ifNotExists = false;
    bool isTemporary = false;
    QString module{}; // CREATE VIRTUAL TABLE ... USING module
};
Result<CreateTableText> parseCreateTable(const QString &sql, Backend backend = Backend::Sqlite);

struct CreateIndexText
{
    TableName table{};
    Index index{}; // index.sql is the text
    bool ifNotExists = false;
};
/// The index's condition is option sqlite_where, a Text.
Result<CreateIndexText> parseCreateIndex(const QString &sql, Backend backend = Backend::Sqlite);

} // namespace tribikos
