#pragma once

#include "core/dialects/dialect.h"

#include <QStringList>

namespace tribikos {

/// One table to be made anew: what it is and what it shall be.
struct RebuildRequest
{
    const Dialect &dialect;
    RenderContext &context;
    const Schema &before; // holds the table as it is
    const Schema &after;  // holds it as it shall be
    TableName table{};
    Operations operations{}; // the changes in between, without batch blocks: they say where each
                             // column comes from
    /// The table is as a database has it: defaults are the catalogue's text, which Alembic puts in parentheses,
    /// and its named types are there. Not so for copy_from.
    bool isReflected = true;
};

/*!
    The table rebuild of SQLite's manual (lang_altertable.html, "Making Other Kinds Of Table Schema
    Changes"), spelled as Alembic spells its "move and copy": a new table, the rows copied, the old
    table dropped, the new one renamed, indexes made again; and, unlike Alembic's, triggers and
    views that name the table, AUTOINCREMENT's counter, and generated columns left out of the copy.
    Every row is copied or the INSERT fails: ON CONFLICT clauses that could drop rows are overruled.
    Foreign keys must be off while it runs, which is the runner's part.

    \return the statements in order. Errors: Unsupported, when rows or a trigger could not be kept.
*/
Result<QStringList> rebuildTable(const RebuildRequest &request);

/// "_alembic_tmp_<table>", cut to 50 characters.
QString rebuildTableName(const QString &table);

} // namespace tribikos
