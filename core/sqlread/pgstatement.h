#pragma once

#include "core/ops/replay.h"
#include "core/sqlread/pgdefinition.h"

namespace tribikos {

/// One statement of PostgreSQL that is being followed. Inside of this room only, as everything here.
struct PgContext
{
    PgText text;
    Schema &schema;
    QString defaultSchema{}; // of CREATE SCHEMA s CREATE TABLE t …

    TableName table(const PgNode &rangeVar) const
    {
        TableName name = pgTableName(rangeVar);
        if (name.schema.isEmpty() && !rangeVar.has(u"schemaname"))
            name.schema = defaultSchema;
        return name;
    }
    void run(Operation::Kind operation);
    /// Nothing is certain of the table any more; \a keepsColumns: of its keys and indexes.
    void markOpaque(const TableName &name, bool keepsColumns = false);
    NamedObject *object(NamedObject::Kind kind, const TableName &name);
    /// The sequence, view or materialized view of this name; null: there is none. ALTER TABLE takes their names too.
    NamedObject *relationLike(const TableName &name);
};

/*!
    What one statement does to \a schema, by its tree; data and settings are told by their first
    word and never parsed, however long they are. False: it may have changed anything. What the
    grammar refuses marks the tables that it names.

    \a why gets the reason with its line in \a sql, when something was not followed, be it known of
    which table or not.
*/
bool applyPostgres(const QString &sql, Schema &schema, Error *why);

// By what a statement is about; nullopt: it is of another kind.
std::optional<bool> pgCreate(const PgNode &statement, PgContext &context);
std::optional<bool> pgDrop(const PgNode &statement, PgContext &context);
std::optional<bool> pgAlterTable(const PgNode &statement, PgContext &context);
std::optional<bool> pgAlterObject(const PgNode &statement, PgContext &context);

/// The table of a sequence's OWNED BY t.c; empty: NONE. nullopt: not said.
std::optional<QString> pgSequenceOwner(const PgNode &statement);

} // namespace tribikos
